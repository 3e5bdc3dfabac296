"""Scenarios side by side: what differs in them, and what the difference comes to.

All are drawn with the same luck, so a difference is taken future by future: its range is that of the difference and not
of the two figures, which is far narrower.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.errors import Fault, InputError
from cesim.indicators import INDICATORS
from cesim.run.accumulate import sample
from cesim.run.goals import goals_of
from cesim.run.prepared import prepare
from cesim.run.series import ALL, headline_names
from cesim.run.solve import loaded_scenario
from cesim.scenario import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.run.goals import Goal
    from cesim.run.prepared import Evaluated
    from cesim.scenario.load import Loaded
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

ENDS = (0.05, 0.5, 0.95)
"""Quantiles that are told."""
UNSAID = ("name", "summary", "extends", "report", "cesim")
"""Parts of a scenario whose difference changes no figure."""


@dataclass(frozen=True)
class Comparison:
    """Scenarios with the same luck, the first of which the others are compared with."""

    loaded: tuple[Loaded[Scenario], ...]
    answers: tuple[Evaluated, ...]
    regions: tuple[str, ...]
    """Region or group the headlines speak of, and the country; both in all of them."""
    years: tuple[int, ...]
    draws: int
    seed: int

    @property
    def scenarios(self) -> list[Scenario]:
        """The scenarios."""
        return [one.scenario for one in self.loaded]

    def names(self, lang: str) -> list[str]:
        """What the scenarios are called; with their number where two are called alike."""
        told = [getattr(one.name, lang) for one in self.scenarios]
        return [name if told.count(name) == 1 else f"{name} ({at})" for at, name in enumerate(told, start=1)]

    def headlines(self) -> tuple[str, ...]:
        """Indicators that a headline of any of them speaks of."""
        return tuple(dict.fromkeys(name for one in self.scenarios for name in headline_names(one)))

    def drawn(self, at: int, indicator: str, region: str, year: int) -> Floats:
        """Draws (draw,) of a scenario; the best estimate alone where there are none."""
        return self.answers[at].draws(indicator, region, year)

    def figures(self) -> pd.DataFrame:
        """Every indicator in each report year: by scenario, and its difference from the first, future by future."""
        import pandas as pd

        rows = [
            row
            for indicator in self.answers[0].names
            for region in self.regions
            for year in self.years
            for row in self._rows(indicator, region, year)
        ]
        columns = ["indicator", "region", "year", "unit", "scenario", "best", "p05", "p50", "p95", "difference_best",
                   "difference_p05", "difference_p50", "difference_p95", "higher", "lower"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def _rows(self, indicator: str, region: str, year: int) -> Iterator[tuple[Any, ...]]:
        unit, first = INDICATORS[indicator].unit, self.answers[0].lanes(indicator, region, year)
        for at, answer in enumerate(self.answers):
            lanes = answer.lanes(indicator, region, year)
            if not (np.isfinite(lanes).all() and np.isfinite(first).all()):
                continue  # a share of nothing
            drawn, gap = sample(lanes), sample(lanes - first)
            told = (lanes[0], *np.quantile(drawn, ENDS), lanes[0] - first[0], *np.quantile(gap, ENDS))
            yield (
                indicator,
                region,
                year,
                unit,
                at,
                *map(float, told),
                float((gap > 0).mean()),
                float((gap < 0).mean()),
            )

    def targets(self) -> pd.DataFrame:
        """Targets that several of them have: share of futures that meet each, and the difference with its error."""
        import pandas as pd

        rows = []
        for goal in self._shared_goals():
            met = [sample(goal.is_met(answer.lanes(*goal.series)).astype(float)) for answer in self.answers]
            for at, one in enumerate(met):
                gap = one - met[0]
                error = float(gap.std(ddof=1) / np.sqrt(gap.size)) if gap.size > 1 else float("nan")
                rows.append((goal.id, goal.indicator, goal.region, goal.year, goal.value, at,
                             float(one.mean()), float(gap.mean()), error))  # fmt: skip
        columns = ["target", "indicator", "region", "year", "value", "scenario", "met", "difference", "standard_error"]
        return pd.DataFrame(rows, columns=columns)

    def _shared_goals(self) -> list[Goal]:
        """Targets that read the same in all of them."""
        first, *others = [goals_of(one) for one in self.scenarios]
        return [goal for key, goal in first.items() if all(other.get(key) == goal for other in others)]

    def inputs(self) -> pd.DataFrame:
        """Every entry that is not the same in all of them, as it is written; empty where one has none."""
        import pandas as pd

        told = [dict(_leaves(plain(one.tree))) for one in self.loaded]
        paths = dict.fromkeys(path for one in told for path in one)
        rows = [
            (path, *(one.get(path, "") for one in told)) for path in paths if len({one.get(path) for one in told}) > 1
        ]
        return pd.DataFrame(rows, columns=["path", *map(str, range(len(told)))])

    def adopted(self) -> list[frozenset[str]]:
        """Measures in effect in each."""
        plans = [one.plan for one in self.scenarios]
        return [frozenset() if plan is None else plan.active(plan.adopted) for plan in plans]


def compare(
    scenarios: Sequence[Loaded[Scenario] | str | Path],
    draws: int = 200,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Solve several scenarios with the same luck.

    Raises
    ------
    InputError
        for fewer than two scenarios, a wrong one, or ones that have no region or no year in common
    NoAnswer
        when one has no answer
    """
    loaded = [loaded_scenario(one, None) for one in scenarios]
    if len(loaded) < 2:
        raise InputError([Fault("compare_needs_two", arguments={"found": len(loaded)})])
    regions, years = _common_regions(loaded), _common_years(loaded)
    with prepare(loaded[0], draws, seed, workers) as prepared:
        answers = [prepared.base]
        for done, other in enumerate(loaded[1:], start=1):
            if progress is not None:
                progress(done, len(loaded))
            answers.append(prepared.solve(other.scenario))
    return Comparison(tuple(loaded), tuple(answers), regions, years, draws, seed)


def _common_regions(loaded: Sequence[Loaded[Scenario]]) -> tuple[str, ...]:
    """The focus, where all mean the same by it, and the country, where all are made of the same regions."""
    one = loaded[0].scenario
    reports = [other.scenario.report for other in loaded]
    out = []
    if all(other.focus_id == one.report.focus_id and set(other.focus) == set(one.report.focus) for other in reports):
        out.append(one.report.focus_id)
    if all(set(other.scenario.regions) == set(one.regions) for other in loaded):
        out.append(ALL)
    if not out:
        told = [f"{other.scenario.name.en}: {', '.join(other.scenario.regions)}" for other in loaded]
        raise InputError([Fault("compare_no_region", arguments={"found": told})])
    return tuple(dict.fromkeys(out))


def _common_years(loaded: Sequence[Loaded[Scenario]]) -> tuple[int, ...]:
    """Report years of any of them that all of them reach."""
    first = max(one.scenario.years.start for one in loaded)
    last = min(one.scenario.years.end for one in loaded)
    asked = sorted({year for one in loaded for year in one.scenario.report.years})
    years = tuple(year for year in asked if first <= year <= last)
    if not years:
        raise InputError([Fault("compare_no_year", arguments={"found": asked, "allowed": f"{first} – {last}"})])
    return years


def _leaves(held: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value with its path; a number with its range is one value."""
    if isinstance(held, dict):
        if "value" in held or "data" in held or "data_series" in held:
            yield path, _number(held)
            return
        for key, value in held.items():
            if path or key not in UNSAID:
                yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(held, list):
        yield path, ", ".join(map(str, held))
    else:
        yield path, "" if held is None else str(held)


def _number(held: Mapping[str, Any]) -> str:
    """Write a number as one reads it: value, range, unit, or the key of the table it is from."""
    if "value" not in held:
        rest = ", ".join(f"{key}: {value}" for key, value in held.items() if key not in ("data", "data_series"))
        return f"{held.get('data', held.get('data_series'))}{f' ({rest})' if rest else ''}"
    told = f"{held['value']}"
    if "low" in held and "high" in held:
        told += f" ({held['low']} – {held['high']})"
    return f"{told} {held['unit']}" if "unit" in held else told
