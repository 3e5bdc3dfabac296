"""From a study to what answers its runs: the engine that it names, and what is kept of every run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError
from cesim.indicators import INDICATORS
from cesim.run.evaluated import NAMES
from cesim.run.periods import balance_years
from cesim.run.series import groups
from cesim.sweep.alternatives import choices_of
from cesim.sweep.engines.balance import BalanceRecipe, Choice
from cesim.sweep.engines.both import BothRecipe
from cesim.sweep.engines.lot_figures import LOT_FIGURES
from cesim.sweep.engines.lots import LotsRecipe, focus_names
from cesim.text import nearest

if TYPE_CHECKING:
    from cesim.scenario.model import Scenario
    from cesim.sweep.alternatives import Alternative
    from cesim.sweep.designing import Designed
    from cesim.sweep.solving import Recipe
    from cesim.sweep.study import Study

KNOWN = {"balance": NAMES, "events": tuple(LOT_FIGURES), "both": (*NAMES, *LOT_FIGURES)}
"""Engine -> indicators that may be kept."""


def recipe_of(study: Study, alternatives: tuple[Alternative, ...], made: Designed) -> Recipe:
    """Return what answers the runs of a study.

    Raises
    ------
    InputError
        ``sweep_indicator_unknown``, ``sweep_region_unknown``, ``sweep_lots_region``, ``sweep_year_outside``,
        ``year_outside_balance``, ``years_turned_round``
    """
    first = alternatives[0].scenario
    streams = {stream for factor in made.factors for stream in factor.streams}
    everything = study.vary == ("*",) and not study.keep and made.design is None
    kept = _kept(study.indicators, KNOWN[study.engine], "sweep_indicator_unknown")
    shared: dict[str, Any] = {
        "alternatives": {one.name: tuple(way.scenario for way in one.ways) for one in alternatives},
        "regions": _regions(study, first),
        "years": _years(study, first),
        "seed": study.seed,
        "design": made.design,
        "columns": {stream: at for at, stream in enumerate(made.columns)},
        "varied": frozenset() if made.design is not None else frozenset(streams),
        "others": "drawn" if everything else study.others,
        "choices": tuple(Choice(choice.stream, len(choice.values)) for choice in choices_of(study)),
    }
    if study.engine == "balance":
        return BalanceRecipe(indicators=kept, replicates=study.replicates, proofs=study.proofs, **shared)
    assert study.lots is not None
    years = lots_years(study, first)
    lots = LotsRecipe(
        indicators=tuple(name for name in kept if name in LOT_FIGURES), first=years[0], last=years[-1],
        batch=study.lots.batch, traced=study.lots.traced, replicates=study.replicates, **shared,
    )  # fmt: skip
    if study.engine == "events":
        return lots
    balance = tuple(name for name in kept if name not in LOT_FIGURES)
    return BothRecipe(BalanceRecipe(indicators=balance, proofs=study.proofs, **shared), lots)


def unit_of(indicator: str) -> str:
    """Return the unit of an indicator of either engine."""
    return LOT_FIGURES[indicator].unit if indicator in LOT_FIGURES else INDICATORS[indicator].unit


def lots_years(study: Study, scenario: Scenario) -> range:
    """Return the years that are simulated lot by lot; none where the balance is alone.

    Raises
    ------
    InputError
        ``year_outside_balance``, ``years_turned_round``
    """
    if study.engine == "balance" or study.lots is None:
        return range(0)
    there = tuple(int(year) for year in balance_years(scenario))
    first = study.lots.first
    last = first if study.lots.last is None else study.lots.last
    told = {"least": there[0], "most": there[-1]}
    faults = [
        Fault("year_outside_balance", arguments={"found": year, **told})
        for year in dict.fromkeys((first, last))
        if year not in there
    ]
    if not faults and last < first:
        faults = [Fault("years_turned_round", arguments={"first": first, "last": last})]
    if faults:
        raise InputError(faults)
    return range(first, last + 1)


def _regions(study: Study, scenario: Scenario) -> tuple[str, ...]:
    """Return the regions and groups that are kept; lots are told of the focus alone."""
    focus = scenario.report.focus_id
    asked = _kept(study.regions, tuple(groups(scenario)), "sweep_region_unknown", (focus,))
    other = [name for name in asked if name not in focus_names(scenario)]
    if study.engine == "events" and other:
        raise InputError([Fault("sweep_lots_region", arguments={"found": name, "focus": focus}) for name in other])
    return asked


def _kept(
    asked: tuple[str, ...], known: tuple[str, ...], code: str, unless: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """Return what was asked for, in the order of what there is."""
    faults = [
        Fault(code, arguments={"found": name, "nearest": nearest(name, known), "allowed": known})
        for name in asked
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    if not asked:
        return known if unless is None else unless
    return tuple(name for name in known if name in asked)


def _years(study: Study, scenario: Scenario) -> tuple[int, ...]:
    """Return the years that are kept, ascending: of those of the balance, or of those that are simulated."""
    there = tuple(int(year) for year in balance_years(scenario))
    if study.engine == "events":
        there = tuple(lots_years(study, scenario))
    if study.years == "all":
        return there
    asked = scenario.report.years if study.years == "report" else study.years
    if study.engine == "events" and study.years == "report":  # of those reported, the years that there are
        asked = tuple(year for year in asked if year in there) or asked
    outside = [year for year in asked if year not in there]
    if outside:
        code = "sweep_year_not_simulated" if study.engine == "events" else "sweep_year_outside"
        told = {"first": there[0], "last": there[-1]}
        raise InputError([Fault(code, arguments={"found": year, **told}) for year in outside])
    return tuple(sorted({int(year) for year in asked}))
