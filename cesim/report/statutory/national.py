"""The plastics in all cars built in a run: by origin, to the kilogram, for a calendar or a fiscal year."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError
from cesim.orders.maker import Period
from cesim.report.read import COUNTRY
from cesim.report.statutory.counting import STREAMS, Account, account, together
from cesim.report.statutory.kilograms import shared_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cesim.run import Run

HEADLINES: Final = (
    "recycled_plastics_supply", "recycled_plastics_fleet_average", "recycled_plastics_post_average",
    "recycled_plastics_eu_new_types", "recycled_plastics_eu_closed_loop",
)  # fmt: skip
"""Indicators that a statement shows with their ranges."""
FROM: Final = 2027
"""First year of the plan: the first plans are due in June 2027."""


@dataclass(frozen=True)
class Range:
    """One indicator of the whole country in a calendar year."""

    indicator: str
    unit: str
    year: int
    median: float
    low: float
    high: float
    mean: float


@dataclass(frozen=True)
class National:
    """What a run says of the whole country in a period. Masses are means of the draws, since only means add up."""

    about: Mapping[str, Any]
    period: Period
    account: Account
    polymers: Mapping[str, Account]
    """By polymer; together they are the account."""
    outside_kg: int
    """Pellets of end-of-life vehicles that were sold outside cars."""
    years: Mapping[int, Account]
    """The account of other years of the same kind, for the plan."""
    ranges: tuple[Range, ...]

    @property
    def draws(self) -> int:
        """Draws of the run; of one there are no ranges."""
        return int(self.about["draws"])


def national(run: Run, period: Period) -> National:
    """Return what a run says of a period.

    Raises
    ------
    InputError
        ``statutory_year_outside``, ``statutory_no_plastics``
    """
    flows = _into_cars(run.flows)
    _check(run, period)
    masses = _by_polymer(flows, period)
    if not any(masses.values()):
        raise InputError([Fault("statutory_no_plastics", arguments={"found": str(period)})])
    whole = account({origin: sum((of.get(origin, Fraction(0)) for of in masses.values()), Fraction(0))
                     for origin in STREAMS})  # fmt: skip
    return National(
        run.about, period, whole, _divided(whole, masses),
        round(sum(_masses(_sold(run.flows), period, "origin").values(), Fraction(0))),
        {year: account(_masses(flows, Period(year, period.is_fiscal), "origin")) for year in _plan_years(run, period)},
        tuple(_ranges(run.indicators, period.year)),
    )  # fmt: skip


def _into_cars(flows: pd.DataFrame) -> pd.DataFrame:
    """Finished plastic parts on their way to the assembly plants."""
    made = flows["process_from"].str.startswith("part_making.") & (flows["process_to"] == "assembly")
    return flows[made & (flows["material"] == "plastics")]


def _sold(flows: pd.DataFrame) -> pd.DataFrame:
    return flows[(flows["process_to"] == "recyclate_export") & (flows["material"] == "plastics")]


def _masses(flows: pd.DataFrame, period: Period, by: str) -> dict[str, Fraction]:
    """Return key -> kg, exactly as the table has them; a fiscal year is 3/4 of its year and 1/4 of the next (C1)."""
    parts = [(period.year, Fraction(1))]
    if period.is_fiscal:
        parts = [(period.year, Fraction(3, 4)), (period.year + 1, Fraction(1, 4))]
    found: dict[str, Fraction] = {}
    for year, part in parts:
        rows = flows[flows["year"] == year]
        for key, mass in zip(rows[by], rows["mean"], strict=True):
            found[str(key)] = found.get(str(key), Fraction(0)) + part * 1000 * Fraction(float(mass))
    return found


def _by_polymer(flows: pd.DataFrame, period: Period) -> dict[str, dict[str, Fraction]]:
    """Return polymer -> origin -> kg."""
    return {
        str(polymer): _masses(rows, period, "origin") for polymer, rows in flows.groupby("alloy", sort=False)
    }  # fmt: skip


def _divided(whole: Account, masses: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Account]:
    """Share the account out over the polymers, origin by origin, so that both add up."""
    cells = {
        origin: shared_out(kg, {polymer: of.get(origin, Fraction(0)) for polymer, of in masses.items()})
        if kg else dict.fromkeys(masses, 0)
        for origin, kg in whole.kg.items()
    }  # fmt: skip
    divided = {polymer: Account({origin: cells[origin][polymer] for origin in STREAMS}) for polymer in masses}
    assert together(divided.values()) == whole
    return divided


def _check(run: Run, period: Period) -> None:
    first, last = (int(year) for year in run.about["years"])
    if not first <= period.year <= last - period.is_fiscal:
        told = {"found": str(period), "first": first, "last": last}
        raise InputError([Fault("statutory_year_outside", arguments=told)])


def _plan_years(run: Run, period: Period) -> list[int]:
    last = int(run.about["years"][1]) - period.is_fiscal
    years = {period.year, *(int(year) for year in run.about["report_years"])}
    first = int(run.about["years"][0])
    return sorted(year for year in {FROM, *years} if max(first, min(FROM, period.year)) <= year <= last)


def _ranges(indicators: pd.DataFrame, year: int) -> list[Range]:
    rows = indicators[(indicators["region"] == COUNTRY) & (indicators["year"] == year) & indicators["p50"].notna()]
    held = {str(row["indicator"]): row for row in rows.to_dict("records")}
    return [
        Range(
            name, str(row["unit"]), year, float(row["p50"]), float(row["p05"]), float(row["p95"]), float(row["mean"])
        )
        for name in HEADLINES if (row := held.get(name)) is not None
    ]  # fmt: skip
