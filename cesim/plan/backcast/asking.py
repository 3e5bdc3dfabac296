"""The plan of a scenario as a backcast needs it: what its measures may be, cost and bring about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.plan.money import ACTORS, costs
from cesim.run.accumulate import sample
from cesim.scenario.effects import Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cesim.plan.backcast.questions import Choice
    from cesim.plan.futures import Futures
    from cesim.run.goals import Goal
    from cesim.scenario.plan import Measure

    Floats = NDArray[np.float64]

_BEST: Final = 0
"""Lane of the best estimate."""


@dataclass(frozen=True)
class Leeway:
    """How far measures may be carried out otherwise than the plan says: all combinations are options."""

    levels: tuple[float, ...] = ()
    """Shares of a measure that may be carried out, above 0 and up to 1; as written where there are none."""
    delays: tuple[int, ...] = (0,)
    """Years after the start written in the plan; those that lead out of the plan's years are left out."""
    earliest: int | None = None
    """Year in which every measure may start at the earliest, as one more option where the plan says later."""


AS_PLANNED: Final = Leeway()
"""Each measure as it is written, or not at all."""


class PlanAnswers:
    """The plan of a scenario, seen by the search: see `cesim.plan.backcast.Answers`.

    Levels and starts are always written out. A measure starts no earlier than what it needs, except by as much as the
    plan itself lets it. Money is the present value of the best estimate, by who pays; what is received counts against.
    """

    def __init__(
        self, futures: Futures, leeway: Leeway = AS_PLANNED, progress: Callable[[int], None] | None = None
    ) -> None:
        """Take the futures of a plan; `progress` is called with the number of choices worked out so far.

        Raises
        ------
        InputError
            ``backcast_level``, ``backcast_start`` for a leeway that cannot be given
        """
        self.futures, self._progress, self._done = futures, progress, 0
        self._first, self._last = futures.scenario.years.start + 1, futures.scenario.years.end
        _check(leeway, self._first, self._last)
        measures = futures.plan.measures
        self.options: Mapping[str, Sequence[Decision]] = {
            name: tuple(dict.fromkeys(self._decisions(measure, leeway))) for name, measure in measures.items()
        }
        self.needs = {name: frozenset(measure.needs) for name, measure in measures.items()}
        self.payers: Sequence[str] = ACTORS

    def _decisions(self, measure: Measure, leeway: Leeway) -> Iterator[Decision]:
        starts = [measure.start + delay for delay in leeway.delays]
        if leeway.earliest is not None and leeway.earliest < measure.start:
            starts.append(leeway.earliest)
        within = [start for start in starts if start == measure.start or self._first <= start <= self._last]
        for level in leeway.levels or (measure.level.value,):
            for start in within or [measure.start]:
                yield Decision(level, start)

    @cached_property
    def rivals(self) -> Mapping[str, frozenset[str]]:
        """Measures that cannot stand beside each."""
        return {name: self.futures.plan.rivals(name) for name in self.options}

    def fits(self, measure: str, decision: Decision, need: str, held: Decision) -> bool:
        """Whether a measure starts no earlier than what it needs, or no more so than in the plan as written."""
        assert decision.start is not None
        assert held.start is not None
        measures = self.futures.plan.measures
        ahead = max(0, measures[need].start - measures[measure].start)
        return decision.start >= held.start - ahead

    def cost(self, choice: Choice) -> Mapping[str, float]:
        """JPY of present value (best estimate) by payer."""
        told = costs(self.futures.scenario, choice)
        out = dict.fromkeys(self.payers, 0.0)
        for _, actor, _, money in told.entries():
            out[actor] += float((money * told.discounting).sum(axis=0)[_BEST])
        return out

    def reached(self, choices: Sequence[Choice], goals: Sequence[Goal]) -> Floats:
        """Values of the goals' indicators, (choice, goal, draw); the best estimate where nothing is drawn."""
        lanes = self.futures.lanes(choices, [goal.series for goal in goals])
        self._done += len(choices)
        if self._progress is not None:
            self._progress(self._done)
        return sample(lanes, axis=2)


def _check(leeway: Leeway, first: int, last: int) -> None:
    faults = [
        Fault("backcast_level", Place(model="backcast.levels"), {"found": level})
        for level in leeway.levels
        if not 0.0 < level <= 1.0
    ]
    if leeway.earliest is not None and not first <= leeway.earliest <= last:
        told = {"found": leeway.earliest, "allowed": f"{first} – {last}"}
        faults.append(Fault("backcast_start", Place(model="backcast.earliest"), told))
    if faults:
        raise InputError(faults)
