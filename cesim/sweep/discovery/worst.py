"""The runs to look at one by one: the worst, and those in which a choice is regretted most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.discovery.pareto import accepted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.sweep.discovery.boxes import Floats
    from cesim.sweep.discovery.pareto import Best

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Worst:
    """The worst runs.

    Attributes
    ----------
    runs : (count,)
        rows of what was asked, the worst first; of equals the first
    values : (count,)
    """

    runs: Ints
    values: Floats


@dataclass(frozen=True)
class Regret:
    """What each alternative falls short of the best alternative in the same future.

    Attributes
    ----------
    regret : (point, alternative)
        0 where the alternative is the best; in the unit of the indicator
    best : (point,)
        the alternative that is best, of equals the first
    most : (alternative,)
        the largest regret of each
    where : (alternative,)
        in which point it is that large, of equals the first
    least : int
        the alternative whose largest regret is least (minimax regret, Savage 1951)
    """

    regret: Floats
    best: Ints
    most: Floats
    where: Ints
    least: int


def worst(values: ArrayLike, best: Best, count: int = 10, name: str = "values") -> Worst:
    """Return the runs that are worst by an indicator.

    Parameters
    ----------
    values : (run,)
    best
        whether ``high`` or ``low`` values are better
    count
        how many, at most as many as there are runs
    name
        by which a fault names the indicator

    Raises
    ------
    InputError
        ``discovery_shape``, ``discovery_best_unknown``, ``discovery_not_finite``, ``discovery_count``.
    """
    held = accepted(np.asarray(values, dtype=np.float64).reshape(-1, 1), [best], [name])[:, 0]
    if not 1 <= count <= held.size:
        raise InputError([Fault("discovery_count", arguments={"found": count, "most": held.size})])
    runs = np.argsort(held if best == "high" else -held, kind="stable")[:count]
    return Worst(runs, held[runs])


def regret(values: ArrayLike, best: Best, names: Sequence[str] | None = None) -> Regret:
    """Return the regret of each alternative in each point.

    Parameters
    ----------
    values : (point, alternative)
    best
        whether ``high`` or ``low`` values are better
    names : (alternative,)
        by which a fault names an alternative

    Raises
    ------
    InputError
        ``discovery_shape``, ``discovery_best_unknown``, ``discovery_not_finite``.
    """
    held = np.asarray(values, dtype=np.float64)
    held = accepted(held, [best] * (held.shape[1] if held.ndim == 2 else 0), names)
    if not len(held):
        raise InputError([Fault("discovery_shape", arguments={"found": str(held.shape), "other": "(1, 1)"})])
    good = held if best == "high" else -held
    short = good.max(axis=1, keepdims=True) - good
    most = short.max(axis=0)
    return Regret(short, good.argmax(axis=1), most, short.argmax(axis=0), int(most.argmin()))
