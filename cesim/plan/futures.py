"""What choices of measures come to, future by future.

All choices share their luck: future `i` draws the same numbers whatever is chosen, so that a difference is due to the
measures alone. A choice and its active closure are one; each is solved once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.run.prepared import prepare
from cesim.scenario.effects import AS_WRITTEN, Decision, decided, in_effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.run.goals import SeriesKey
    from cesim.run.prepared import Evaluated, Prepared
    from cesim.scenario.load import Loaded
    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan

    Floats = NDArray[np.float64]

Choice = dict[str, Decision]
"""Measure -> how it is carried out."""
ADOPTED: Final = "adopted"
NOTHING: Final = "nothing"
"""Names of two choices wherever several are compared: all that the plan adopts, and no measure at all."""
Key = tuple[tuple[str, float, int], ...]
"""A choice as it acts: active measures with level and start, in order of name."""


def plan_of(scenario: Scenario) -> ActionPlan:
    """Return the plan of a scenario; raises `InputError` where it has none, or no measures."""
    if scenario.plan is None or not scenario.plan.measures:
        raise InputError([Fault("no_plan", Place(model="plan"))])
    return scenario.plan


def chosen(names: Iterable[str]) -> Choice:
    """Return measures as they are written in the plan."""
    return dict.fromkeys(names, AS_WRITTEN)


class Futures:
    """The futures of a plan, ready for any choice of its measures; ends with `close` or a `with` block."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.scenario: Scenario = prepared.plan.scenario.unsteered
        """The scenario as written, without any measure."""
        self.plan = plan_of(self.scenario)

    def __enter__(self) -> Futures:
        return self

    def __exit__(self, *_: object) -> None:
        self.prepared.close()

    @property
    def draws(self) -> int:
        """Number of futures; 1 is the best estimate alone."""
        lanes = self.prepared.plan.lanes
        return lanes if lanes == 1 else lanes - 1

    @property
    def adopted(self) -> Choice:
        """What the plan has adopted, as written."""
        return chosen(self.plan.adopted)

    def key(self, choice: Mapping[str, Decision]) -> Key:
        """Return a choice as it acts; two choices of one key have the same futures."""
        carried = decided(self.plan, choice).measures
        active = sorted(self.plan.active(choice))
        told = ((name, carried[name].level.value, carried[name].start) for name in active)
        return tuple(one for one in told if one[1] > 0.0)

    def of(self, choice: Mapping[str, Decision]) -> Evaluated:
        """Return all indicators with a choice in effect."""
        return self.prepared.solve(in_effect(self.scenario, choice))

    def _by_metal(self, key: Key) -> tuple[Key, Key]:
        """Sort choices so that those with the same metal follow each other: it is kept for the next ones."""
        plastics = [self.plan.measures[name].material == "plastics" for name, _, _ in key]
        metal = tuple(one for one, is_plastics in zip(key, plastics, strict=True) if not is_plastics)
        return metal, tuple(one for one in key if one not in metal)

    def lanes(
        self,
        choices: Sequence[Mapping[str, Decision]],
        wanted: Sequence[SeriesKey],
        progress: Callable[[int, int], None] | None = None,
    ) -> Floats:
        """Return series (choice, series, lane); lane 0 is the best estimate where there are draws.

        Parameters
        ----------
        choices
            those that act alike are solved once
        wanted
            indicator, region, year
        progress
            called with (solved, to be solved)
        """
        keys = [self.key(choice) for choice in choices]
        distinct = dict(sorted(zip(keys, choices, strict=True), key=lambda one: self._by_metal(one[0])))
        told: dict[Key, Floats] = {}
        scenarios = (in_effect(self.scenario, choice) for choice in distinct.values())
        for done, (key, found) in enumerate(zip(distinct, self.prepared.solve_all(scenarios), strict=True), start=1):
            told[key] = np.stack([found.lanes(*series) for series in wanted])
            if progress is not None:
                progress(done, len(distinct))
        return np.stack([told[key] for key in keys])


def open_futures(
    scenario: Loaded[Scenario] | str | Path, draws: int = 200, seed: int = 0, workers: int | None = None
) -> Futures:
    """Prepare a scenario with a plan; raises `InputError` where it has none or is wrong, `NoAnswer` as `prepare`."""
    from cesim.run.solve import loaded_scenario

    loaded = loaded_scenario(scenario, None)
    plan_of(loaded.scenario)
    return Futures(prepare(loaded, draws, seed, workers))
