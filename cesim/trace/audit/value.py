"""What each actor's records are worth: how much narrower they make what can be proved.

Widths are found by asking again and again with other actors on board; each question is one pass along the genealogy, so
they are counted, and none is asked twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from cesim.quantities.streams import uniforms
from cesim.trace.audit.weighing import wrong_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class ActorValue:
    """What one actor's records are worth.

    The widths come from `values`; points of recycled content come from running the lots again with these records off,
    and stand beside them in the same table. None is what was not asked.
    """

    actor: int
    joins: float | None = None
    """How much narrower the interval gets when it joins those who are on board."""
    leaves: float | None = None
    """How much wider it gets when, of all, it alone leaves."""
    shapley: float | None = None
    """Mean of what it adds over all orders of joining."""
    shapley_se: float | None = None
    """Standard error of that, from the sampled orders; 0 where all were asked."""
    points: float | None = None
    """Points of recycled content that are lost without its records, with other metal flowing for it."""
    points_se: float | None = None


@dataclass(frozen=True)
class Onboarding:
    """Whom to bring on board first, each time whoever narrows the interval most.

    Attributes
    ----------
    order
        Actors.
    width
        Width at the beginning and after each of them has joined.
    """

    order: tuple[int, ...]
    width: tuple[float, ...]


class Widths:
    """The width of a claim by who is on board, remembered.

    Parameters
    ----------
    width
        Takes (actor,) whether each one's records are there; returns the width.
    """

    def __init__(self, width: Callable[[Bools], float]) -> None:
        self._width = width
        self._known: dict[bytes, float] = {}

    @property
    def asked(self) -> int:
        """How many passes were needed so far."""
        return len(self._known)

    def __call__(self, mask: Bools) -> float:
        """Return the width with these on board."""
        key = np.packbits(mask).tobytes()
        if key not in self._known:
            self._known[key] = float(self._width(mask.copy()))
        return self._known[key]


def values(
    widths: Widths, actors: Iterable[int], present: Bools, *, orders: int = 0, seed: int = 0
) -> list[ActorValue]:
    """Return the value of actors, most narrowing first (by Shapley value where asked for, else by `joins`).

    Parameters
    ----------
    widths
        Of the claim.
    actors
        Whom to value: those who can join or leave.
    present : (actor,)
        Who is on board now; `joins` starts from there without the one in question. `leaves` starts from all of
        `actors` and whoever else is present.
    orders
        Pairs of orders of joining (each with its reverse) that are sampled for the Shapley value; none for 0.
    seed
        Of these orders.
    """
    whom = list(actors)
    nobody = present.copy()
    nobody[whom] = False
    everybody = nobody.copy()
    everybody[whom] = True
    mean, se = shapley(widths, whom, nobody, orders, seed) if orders else (None, None)
    table = []
    for place, actor in enumerate(whom):
        base = _with(present, actor, False)
        table.append(
            ActorValue(
                actor,
                joins=widths(base) - widths(_with(base, actor, True)),
                leaves=widths(_with(everybody, actor, False)) - widths(everybody),
                shapley=None if mean is None else float(mean[place]),
                shapley_se=None if se is None else float(se[place]),
            )
        )
    return sorted(table, key=lambda row: (-(row.joins or 0.0) if row.shapley is None else -row.shapley, row.actor))


def _with(mask: Bools, actor: int, there: bool) -> Bools:
    changed = mask.copy()
    changed[actor] = there
    return changed


def shapley(widths: Widths, actors: list[int], nobody: Bools, orders: int, seed: int) -> tuple[Floats, Floats]:
    """Return Shapley values of actors and their standard errors, (actor asked for,).

    Orders of joining come in pairs, each with its reverse, which cancels much of the luck (Mitchell et al. 2022, JMLR
    23). Where all orders are no more than those asked for, all are taken and the error is 0. The values add up to what
    all of them narrow together, whatever the luck.
    """
    if orders < 2:
        raise wrong_number("orders", orders, ">= 2")
    many = len(actors)
    if many <= 8 and 2 * orders >= factorial(many):
        return _exact(widths, actors, nobody), np.zeros(many)
    found = np.zeros((orders, many))
    for pair in range(orders):
        order = np.argsort(uniforms(seed, f"order of joining {pair}", 0, many), kind="stable")
        for one in (order, order[::-1]):
            found[pair, one] += _added(widths, [actors[place] for place in one], nobody) / 2
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(orders)


def _added(widths: Widths, order: list[int], nobody: Bools) -> Floats:
    """What each one adds when they join in an order."""
    return np.array([before - after for before, after in pairwise(_in_order(widths, order, nobody).width)])


def _exact(widths: Widths, actors: list[int], nobody: Bools) -> Floats:
    """Shapley values from all groups (Shapley 1953)."""
    many, result = len(actors), np.zeros(len(actors))
    for group in range(2**many):
        members = [place for place in range(many) if group >> place & 1]
        mask = nobody.copy()
        mask[[actors[place] for place in members]] = True
        for place in range(many):
            if not group >> place & 1:
                weight = factorial(len(members)) * factorial(many - len(members) - 1) / factorial(many)
                result[place] += weight * (widths(mask) - widths(_with(mask, actors[place], True)))
    return result


def onboarding(
    widths: Widths, actors: Iterable[int], present: Bools, most: int | None = None, *, both_ends: bool = False
) -> Onboarding:
    """Bring actors on board one after the other, each time whoever narrows the interval most.

    Records of a chain are worth most together, so the first steps may narrow nothing: of those who narrow alike, the
    one whose leaving would widen the interval of all most comes first, then the lower number. It is a good order, and
    not proven to be the best.

    Parameters
    ----------
    widths
        Of the claim.
    actors
        Who may join.
    present : (actor,)
        Who is on board already.
    most
        After how many to stop; all unless given.
    both_ends
        Look also for the order in which, from all on board, whoever is missed least leaves first, and take its reverse
        where the widths on the way are narrower in the mean: so those who are worth something together come together.
        It takes twice as many questions.
    """
    left = [actor for actor in actors if not present[actor]]
    steps = len(left) if most is None else min(most, len(left))
    found = [_joining(widths, left, present, steps)]
    if both_ends:
        found.append(_in_order(widths, _leaving(widths, left, present)[:steps], present))
    return min(found, key=lambda one: sum(one.width))


def _joining(widths: Widths, actors: list[int], present: Bools, steps: int) -> Onboarding:
    """The order that is best step by step."""
    left, mask, seen = list(actors), present.copy(), [widths(present)]
    order: list[int] = []
    everybody = present.copy()
    everybody[left] = True
    missed = {actor: widths(_with(everybody, actor, False)) for actor in left}
    while len(order) < steps:
        after = {actor: widths(_with(mask, actor, True)) for actor in left}
        best = min(left, key=lambda actor: (after[actor], -missed[actor], actor))
        mask[best] = True
        left.remove(best)
        order.append(best)
        seen.append(after[best])
    return Onboarding(tuple(order), tuple(seen))


def _leaving(widths: Widths, actors: list[int], present: Bools) -> list[int]:
    """The order whose reverse loses least step by step."""
    left, mask = list(actors), present.copy()
    mask[left] = True
    gone: list[int] = []
    while left:
        without = {actor: widths(_with(mask, actor, False)) for actor in left}
        least = min(left, key=lambda actor: (without[actor], -actor))
        mask[least] = False
        left.remove(least)
        gone.append(least)
    return gone[::-1]


def _in_order(widths: Widths, order: list[int], present: Bools) -> Onboarding:
    mask, seen = present.copy(), [widths(present)]
    for actor in order:
        mask[actor] = True
        seen.append(widths(mask))
    return Onboarding(tuple(order), tuple(seen))
