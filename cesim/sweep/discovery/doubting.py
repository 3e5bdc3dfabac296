"""Would the box be found again? Runs it was not found in bear it out or not, and halves of the runs find it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from cesim.quantities.streams import uniforms
from cesim.sweep.discovery.boxes import HeldOut, Stability
from cesim.sweep.discovery.prim import trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.sweep.discovery.boxes import Bools, Box, Trajectory
    from cesim.sweep.discovery.peeling import Rule
    from cesim.sweep.discovery.space import Space

    Ints = NDArray[np.int64]


class _Chosen(Protocol):
    @property
    def box(self) -> Box: ...


class Choose(Protocol):
    """A rule that takes a box from a trajectory."""

    def __call__(self, held: Space, way: Trajectory, /) -> _Chosen | None:
        """Return the box, or nothing."""
        ...


def held_out(held: Space, groups: Ints, rule: Rule, choose: Choose, folds: int, seed: int) -> HeldOut:
    """Test boxes on runs that they were not found in.

    The runs are dealt into folds, those of interest evenly; the box found in the other folds is laid over each fold,
    and what it holds there is counted over all folds.

    Parameters
    ----------
    groups : (run,)
        runs of one number come into the same fold, and count as one when chance is judged
    choose
        the rule that takes the box from a trajectory
    folds
        at least 2
    seed
        of the dealing
    """
    fold = _dealt(held, groups, folds, uniforms(seed, "discovery|folds", 0, _count(groups)))
    inside = np.zeros(held.runs, dtype=np.bool_)
    for one in range(folds):
        out = fold == one
        box = _found(held, ~out, rule, choose)
        if box is not None:
            inside[out] = box.contains(held.columns[:, out].T)
    hit = inside & held.of_interest
    p = _chance(inside, held.of_interest, groups)
    return HeldOut(folds, int(inside.sum()), int(hit.sum()), held.runs, int(held.of_interest.sum()), p)


def _chance(inside: Bools, of_interest: Bools, groups: Ints) -> float:
    """Return how likely so many of interest would be inside by chance; a group counts as one run, however large.

    Replicates of a point share its luck: counted one by one they would make chance look sure.
    """
    from scipy.stats import hypergeom  # here, since scipy is slow to import

    _, group, size = np.unique(groups, return_inverse=True, return_counts=True)
    weight = 1.0 / size[group]
    n, interesting = (round(float(weight[marks].sum())) for marks in (inside, of_interest))
    k = int(weight[inside & of_interest].sum() + 1e-9)  # a part of a group is none
    return float(hypergeom.sf(k - 1, size.size, interesting, n)) if n else 1.0


def stability(held: Space, groups: Ints, rule: Rule, choose: Choose, resamples: int, seed: int) -> Stability:
    """Count how often the box found in half of the runs restricts each input.

    Parameters
    ----------
    groups : (run,)
        runs of one number come into the same half
    resamples
        how many halves are drawn
    """
    hits = np.zeros(len(held.kinds))
    for one in range(resamples):
        half = _dealt(held, groups, 2, uniforms(seed, f"discovery|half|{one}", 0, _count(groups))) == 0
        box = _found(held, half, rule, choose)
        if box is not None:
            hits[list(box.columns)] += 1.0
    return Stability(resamples, hits / max(resamples, 1))


def _found(held: Space, kept: Bools, rule: Rule, choose: Choose) -> Box | None:
    """Return the box of some of the runs."""
    some = held.only(kept)
    interesting = int(some.of_interest.sum())
    if not 0 < interesting < some.runs:
        return None
    chosen = choose(some, trajectory(some, rule, some.runs, interesting))
    return None if chosen is None else chosen.box


def _dealt(held: Space, groups: Ints, folds: int, u: NDArray[np.float64]) -> Ints:
    """Deal groups into folds at random, those with the same share of interest evenly: fold (run,)."""
    _, group = np.unique(groups, return_inverse=True)
    share = np.bincount(group, weights=held.of_interest) / np.bincount(group)
    order = np.lexsort((u, share))
    fold = np.empty(order.size, dtype=np.int64)
    fold[order] = np.arange(order.size) % folds
    dealt: Ints = fold[group]
    return dealt


def _count(groups: Ints) -> int:
    return int(np.unique(groups).size)
