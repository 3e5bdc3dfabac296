"""Which box is told, and whether it is one at all.

The rule: in every box of the trajectory the limits whose quasi-p-value is above 0.05 are dropped, the least significant
first. Of what is left the harmonic mean of coverage and density is taken; of the boxes within 0.02 of the best the one
with the fewest inputs is told, of those the best. Last, its limits are moved one by one to where that mean is largest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from cesim.sweep.discovery.boxes import Explanation
from cesim.sweep.discovery.doubting import held_out, stability
from cesim.sweep.discovery.limits import Cut, Limits, told
from cesim.sweep.discovery.peeling import Rule
from cesim.sweep.discovery.polishing import polished
from cesim.sweep.discovery.prim import checked, trajectory
from cesim.sweep.discovery.space import FEWEST, space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.sweep.discovery.boxes import Box, Kind, Objective, Trajectory, Verdict
    from cesim.sweep.discovery.space import Space

SIGNIFICANT: Final = 0.05
"""Limits with a larger quasi-p-value are dropped."""
NEAR: Final = 0.02
"""Boxes so much worse than the best are as good, where they restrict fewer inputs."""
CHANCE: Final = 0.01
"""Boxes that runs they were not found in bear out less surely are chance."""
FEWEST_OF_A_KIND: Final = 5
"""So many runs of interest, and so many others, are the least to look for a box."""


class Chosen(NamedTuple):
    """A box made of one on a trajectory."""

    box: Box
    position: int


def explain(
    inputs: ArrayLike,
    of_interest: ArrayLike,
    kinds: Sequence[Kind] | None = None,
    *,
    names: Sequence[str] | None = None,
    groups: ArrayLike | None = None,
    objective: Objective = "lenient",
    boxes: int = 1,
    folds: int = 5,
    resamples: int = 10,
    seed: int = 0,
) -> tuple[Explanation, ...]:
    """Say in which part of the space of inputs the runs of interest lie.

    Parameters
    ----------
    inputs, of_interest, kinds, names, objective
        as for `prim`
    groups : (run,)
        runs of one number are never parted when a box is tested, and count as one: replicates of a point
    boxes
        how many at most; each explains what those before leave over, and the last may be the verdict that none does
    folds, resamples, seed
        how boxes are tested; see `held_out` and `stability`

    Returns
    -------
    tuple
        At least one explanation, each of the runs that the boxes before left over.

    Raises
    ------
    InputError
        as `prim`, but for runs with nothing to find: these have a verdict.
    """
    checked(Rule(objective), boxes)
    left = space(inputs, of_interest, kinds, names)
    parted = np.arange(left.runs) if groups is None else np.asarray(groups)
    out: list[Explanation] = []
    while len(out) < boxes:
        one = _explained(left, parted, Rule(objective), folds, resamples, seed)
        out.append(one)
        if one.verdict != "explained" or one.box is None:
            break
        outside = ~one.box.contains(left.columns.T)
        left, parted = left.only(outside), parted[outside]
    return tuple(out)


def _explained(
    held: Space, groups: NDArray[np.int64], rule: Rule, folds: int, resamples: int, seed: int
) -> Explanation:
    runs, of_interest = held.runs, int(held.of_interest.sum())
    nothing = Explanation("too_few", None, None, None, None, None, runs, of_interest)
    if hopeless := _hopeless(runs, of_interest):
        return replace(nothing, verdict=hopeless)
    rule = rule._replace(least_mass=least_mass(runs, of_interest))
    way = trajectory(held, rule, runs, of_interest)
    chosen = choose(held, way)
    if chosen is None:
        return replace(nothing, verdict="no_box", trajectory=way)
    tested = held_out(held, groups, rule, choose, folds, seed)
    verdict: Verdict = "explained" if tested.p <= CHANCE else "no_box"
    often = stability(held, groups, rule, choose, resamples, seed)
    return Explanation(verdict, chosen.box, chosen.position, way, tested, often, runs, of_interest)


def _hopeless(runs: int, of_interest: int) -> Verdict | None:
    if not of_interest:
        return "nobody"
    if of_interest == runs:
        return "everybody"
    if runs < FEWEST or min(of_interest, runs - of_interest) < FEWEST_OF_A_KIND:
        return "too_few"
    return None


def least_mass(runs: int, of_interest: int) -> float:
    """Return the least mass of a box: half of the runs of interest, at least ten runs, at most 5 % of all."""
    return min(0.05, max(0.5 * of_interest, 10.0) / runs)


def choose(held: Space, way: Trajectory) -> Chosen | None:
    """Return the box to tell of a trajectory by the rule above; nothing where no limit is significant."""
    total = way.boxes[0].runs, way.boxes[0].of_interest
    seen: dict[frozenset[tuple[object, object]], Chosen] = {}
    for position, box in enumerate(way.boxes):
        limits, cut = significant(held, Limits.of(box))
        key = frozenset(limits.held.items())
        if limits.held and key not in seen:
            seen[key] = Chosen(told(held, limits, *total, cut), position)
    if not seen:
        return None
    best = max(chosen.box.harmonic for chosen in seen.values())
    near = [chosen for chosen in seen.values() if chosen.box.harmonic >= best - NEAR]
    one = min(near, key=lambda chosen: (len(chosen.box.restrictions), -chosen.box.harmonic, chosen.position))
    limits = polished(held, Limits.of(one.box), total[1])
    return Chosen(told(held, limits, *total), one.position) if limits.held else None


def significant(held: Space, limits: Limits) -> tuple[Limits, Cut]:
    """Return limits without those that are not significant, dropped one by one, the worst and then the last first."""
    cut = Cut.of(held, limits)
    while p := cut.quasi_p(held.of_interest):
        worst = max(p, key=lambda face: (p[face], face))
        if p[worst] <= SIGNIFICANT:
            break
        limits, cut = limits.without(worst), cut.without(worst)
    return limits, cut
