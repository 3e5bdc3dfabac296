"""Which measure carries how much: the games of a plan, played in its futures.

Players are measures, or bundles of them (all of a pillar, say). Up to twelve players every coalition is solved; beyond,
orders of joining are sampled and the standard error of that is told too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.errors import Fault, InputError
from cesim.plan.futures import chosen
from cesim.plan.games import Players, Target, attribute, attribute_sampled, coalitions, pairs
from cesim.run.accumulate import sample
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.plan.futures import Futures
    from cesim.plan.games import Attributed, Pair
    from cesim.run.goals import Goal

    Floats = NDArray[np.float64]
    Progress = Callable[[int, int], None]

MOST_EXACT = 12
"""Players whose coalitions are all solved."""
BUDGET = 600
"""Sets that are solved where orders are sampled, unless asked otherwise."""

Bundle = Literal["pillar", "horizon", "material", "actor"]


@dataclass(frozen=True)
class Divided:
    """A plan's effect on one target, divided among its players."""

    goal: Goal
    attributed: Attributed
    pairs: tuple[Pair, ...]
    """Every two players; empty where orders were sampled."""
    best: tuple[float, float]
    """Best estimate without any of the players and with all."""


@dataclass(frozen=True)
class PlanAttribution:
    """Who carries what of a plan."""

    divided: tuple[Divided, ...]
    players: Mapping[str, tuple[str, ...]]
    """Player -> its measures."""
    held: tuple[str, ...]
    """Measures in effect all the while, which carry nothing here."""
    waiting: tuple[str, ...]
    """Adopted measures that do nothing, for want of what they need."""
    is_exact: bool
    sets: int
    """Distinct sets of measures that were solved."""
    draws: int
    bundle: Bundle | None


def attribute_plan(
    futures: Futures,
    goals: Sequence[Goal],
    *,
    measures: Iterable[str] | None = None,
    bundle: Bundle | None = None,
    budget: int = BUDGET,
    seed: int = 0,
    progress: Progress | None = None,
) -> PlanAttribution:
    """Divide the effect of what a plan has adopted on several targets.

    Parameters
    ----------
    goals
        at least one; for the mean only its series counts
    measures
        those to divide among, by default all adopted; the other adopted ones are in effect all the while
    bundle
        makes one player of all measures that have it in common
    budget
        distinct sets that may be solved where players are too many for every coalition

    Raises
    ------
    InputError
        for a measure that does not exist or is not adopted, or where nothing is adopted
    NoAnswer
        where an indicator has no value in a future
    """
    asked, held, waiting = _divided_measures(futures, measures)
    players = _players(futures, asked, bundle)
    game = _game(futures, players, bundle)
    lanes = _Lanes(futures, goals, players, held, progress)
    is_exact = len(players) <= MOST_EXACT
    told = _exact(game, lanes) if is_exact else _sampled(game, lanes, budget, seed)
    return PlanAttribution(told, players, held, waiting, is_exact, len(lanes.known), futures.draws, bundle)


def _divided_measures(
    futures: Futures, measures: Iterable[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the measures to divide among, those held in effect, and those that wait."""
    plan = futures.plan
    active = plan.active(plan.adopted)
    adopted = tuple(name for name in plan.adopted if name in active)
    if not adopted:
        raise InputError([Fault("plan_adopts_nothing", arguments={"allowed": tuple(plan.measures)})])
    asked = adopted if measures is None else tuple(dict.fromkeys(measures))
    if faults := [
        Fault("plan_not_adopted", arguments={"found": name, "allowed": adopted, "nearest": nearest(name, adopted)})
        for name in asked if name not in adopted
    ]:  # fmt: skip
        raise InputError(faults)
    waiting = tuple(name for name in plan.adopted if name not in active)
    return asked, tuple(name for name in adopted if name not in asked), waiting


def _players(futures: Futures, asked: Sequence[str], bundle: Bundle | None) -> dict[str, tuple[str, ...]]:
    if bundle is None:
        return {name: (name,) for name in asked}
    out: dict[str, tuple[str, ...]] = {}
    for name in asked:
        common = str(getattr(futures.plan.measures[name], bundle))
        out[common] = (*out.get(common, ()), name)
    return out


def _game(futures: Futures, players: Mapping[str, tuple[str, ...]], bundle: Bundle | None) -> Players:
    """The game of the players; bundles need nothing of each other, what is inactive in them counts for nothing."""
    if bundle is not None:
        return Players(tuple(players))
    needs = {name: futures.plan.builds_on(name) & players.keys() for name in players}
    return Players(tuple(players), needs)


class _Lanes:
    """Values of sets of players, each solved once for all targets."""

    def __init__(
        self, futures: Futures, goals: Sequence[Goal], players: Mapping[str, tuple[str, ...]], held: tuple[str, ...],
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.futures, self.goals, self.players, self.held, self.progress = futures, goals, players, held, progress
        self.known: dict[frozenset[str], Floats] = {}

    def of(self, sets: Sequence[frozenset[str]]) -> Floats:
        """Values (set, goal, lane)."""
        new = [one for one in dict.fromkeys(sets) if one not in self.known]
        if new:
            choices = [chosen([*self.held, *(name for player in one for name in self.players[player])]) for one in new]
            lanes = self.futures.lanes(choices, [goal.series for goal in self.goals], self.progress)
            self.known.update(zip(new, lanes, strict=True))
        return np.stack([self.known[one] for one in sets])

    def drawn(self, sets: Sequence[frozenset[str]], at: int) -> Floats:
        """Draws (set, draw) of one target; the best estimate alone where nothing is drawn."""
        return sample(self.of(sets)[:, at], axis=1)


def _target(goal: Goal) -> Target:
    return Target(goal.value, "at_most" if goal.at_most else "at_least")


def _exact(game: Players, lanes: _Lanes) -> tuple[Divided, ...]:
    sets = coalitions(game)
    values = lanes.of(sets.sets)
    out = []
    for at, goal in enumerate(lanes.goals):
        target, own = _target(goal), lanes.drawn(sets.sets, at)
        both = pairs(sets, own, target.direction) if len(sets.players) > 1 else ()
        ends = float(values[sets.which[0], at, 0]), float(values[sets.which[-1], at, 0])
        out.append(Divided(goal, attribute(sets, own, target), both, ends))
    return tuple(out)


def _sampled(game: Players, lanes: _Lanes, budget: int, seed: int) -> tuple[Divided, ...]:
    """The same orders for every target, so that each set is solved once."""
    out = []
    nobody, everybody = frozenset[str](), frozenset(game.names)
    for at, goal in enumerate(lanes.goals):
        told = attribute_sampled(game, partial(lanes.drawn, at=at), target=_target(goal), budget=budget, seed=seed).told
        ends = lanes.of([nobody, everybody])[:, at, 0]
        out.append(Divided(goal, told, (), (float(ends[0]), float(ends[1]))))
    return tuple(out)
