"""Passing shares along a genealogy: forward, what every lot is made of; backward, where the weight of lots comes from.

One pass each, by compiled loops (`passes`) where numba is installed. Without it the same linear equations are solved
event by event as a sparse triangular system: an event has the shares ``s_e = sum_i m_i s_birth(i) / T_e + c_e``.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    from cesim.trace.genealogy.graph import Genealogy

    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]


@cache
def _loops() -> ModuleType:
    """The loops; numba is imported here, at the first pass."""
    from cesim.trace.genealogy import passes

    return passes


def _is_compiled() -> bool:
    return find_spec("numba") is not None


def shares(genealogy: Genealogy, *, greatest_loss: float | Floats = 0.0) -> Floats:
    """Return the mass share of each origin class in each lot, (lot, K).

    For the truth the rows of lots that something made add up to one. For records they are what can be proved: the rest
    is of unknown origin.

    Parameters
    ----------
    greatest_loss : number or (event,)
        Share of what goes into an event that may be lost without being declared (`Genealogy.total`). 0 where every
        loss is on record, as in simulated runs. With inputs missing *and* losses undeclared the shares are proved only
        if it is not too small.
    """
    total = genealogy.total(greatest_loss)
    share = np.zeros((genealogy.lots, genealogy.classes))
    if not _is_compiled():
        return _solved_shares(genealogy, total, share)
    _loops().forward(
        genealogy.in_start, genealogy.in_lot, genealogy.in_mass, genealogy.out_start, genealogy.out_lot,
        genealogy.source_start, genealogy.source_class, genealogy.source_mass, total, genealogy.relabel,
        np.empty(genealogy.classes), share,
    )  # fmt: skip
    return share


def handed_back(
    genealogy: Genealogy,
    weight: Floats,
    *,
    stops: Truths | None = None,
    cut: float = 0.0,
    greatest_loss: float | Floats = 0.0,
    last: int | None = None,
) -> tuple[Floats, Floats]:
    """Return how much of the weight of lots went through each lot, (lot,), and each event, (event,).

    Parameters
    ----------
    weight : (lot,)
        At least 0.
    stops : (event,)
        Events behind which the weight is not followed; nowhere by default.
    cut
        Weight below which an event is not followed further.
    last
        Last event that matters, where the caller knows it.
    """
    total = genealogy.total(greatest_loss)
    stop = np.zeros(len(genealogy), dtype=bool) if stops is None else stops
    end = len(genealogy) - 1 if last is None else last
    weight, through = np.array(weight, dtype=np.float64), np.zeros(len(genealogy))
    if not _is_compiled() and cut == 0.0:
        return _solved_back(genealogy, total, stop, weight)
    _loops().backward(  # with a cut few events are followed: the loop serves as it stands
        end, genealogy.in_start, genealogy.in_lot, genealogy.in_mass, genealogy.out_start, genealogy.out_lot,
        total, stop, float(cut), weight, through,
    )  # fmt: skip
    return weight, through


def carried_on(
    genealogy: Genealogy, share: Floats, given: Floats | None = None, *, first: int = 0, cut: float = 0.0
) -> Floats:
    """Return what share of each lot is matter that is looked for, (lot,).

    Parameters
    ----------
    share : (lot,)
        Where it is known; 0 for lots that hold what they are made of.
    given : (event,)
        mg of it that enters with an event beside the lots; none by default.
    first
        Event before which there is none of it.
    cut
        Share below which what is made counts as free of it.
    """
    total, share = genealogy.total(), np.array(share, dtype=np.float64)
    beside = np.zeros(len(genealogy)) if given is None else given
    if not _is_compiled() and cut == 0.0:
        return _solved_onward(genealogy, total, share, beside, first)
    _loops().onward(
        first, genealogy.in_start, genealogy.in_lot, genealogy.in_mass, genealogy.out_start, genealogy.out_lot,
        beside, total, float(cut), share,
    )  # fmt: skip
    return share


def _matrix(genealogy: Genealogy, total: Floats, stops: Truths, but: Truths | None = None) -> Any:
    """Return the share of each event that comes from each earlier one, without some edges, sparse, (event, event)."""
    from scipy.sparse import csr_array

    size = len(genealogy)
    event = np.repeat(np.arange(size), np.diff(genealogy.in_start))
    birth = np.concatenate([genealogy.birth, [-1]])[genealogy.in_lot]  # lot -1 is the last
    kept = (birth >= 0) & ~stops[event] & (total[event] > 0)
    if but is not None:
        kept &= ~but
    share = genealogy.in_mass[kept] / total[event[kept]]
    return csr_array((share, (event[kept], birth[kept])), shape=(size, size))


def _one_less(matrix: Any) -> Any:
    """Return the unit matrix less this one."""
    from scipy.sparse import eye_array

    return (eye_array(matrix.shape[0], format="csr") - matrix).tocsr()


def _solved_shares(genealogy: Genealogy, total: Floats, share: Floats) -> Floats:
    from scipy.sparse.linalg import spsolve_triangular

    size = len(genealogy)
    if not size:
        return share
    entering = np.zeros((size, genealogy.classes))
    event = np.repeat(np.arange(size), np.diff(genealogy.source_start))
    new = genealogy.relabel >= 0
    told = (genealogy.source_class >= 0) & ~new[event] & (total[event] > 0)
    part = genealogy.source_mass[told] / total[event[told]]
    np.add.at(entering, (event[told], genealogy.source_class[told]), part)
    filled = new & (total > 0)
    entering[filled, genealogy.relabel[filled]] = 1.0
    solved = spsolve_triangular(_one_less(_matrix(genealogy, total, new)), entering, lower=True, unit_diagonal=True)
    made = genealogy.birth >= 0
    share[made] = solved[genealogy.birth[made]]
    return share


def _solved_back(genealogy: Genealogy, total: Floats, stops: Truths, weight: Floats) -> tuple[Floats, Floats]:
    from scipy.sparse.linalg import spsolve_triangular

    size = len(genealogy)
    if not size:
        return weight, np.zeros(0)
    made = genealogy.birth >= 0
    own = np.bincount(genealogy.birth[made], weight[made], minlength=size)
    turned = _one_less(_matrix(genealogy, total, stops)).T.tocsr()
    through = spsolve_triangular(turned, own, lower=False, unit_diagonal=True)
    event = np.repeat(np.arange(size), np.diff(genealogy.in_start))
    followed = (genealogy.in_lot >= 0) & ~stops[event] & (total[event] > 0)
    lot, part = genealogy.in_lot[followed], genealogy.in_mass[followed] / total[event[followed]]
    return weight + np.bincount(lot, through[event[followed]] * part, minlength=genealogy.lots), through


def _solved_onward(genealogy: Genealogy, total: Floats, share: Floats, given: Floats, first: int) -> Floats:
    from scipy.sparse.linalg import spsolve_triangular

    size = len(genealogy)
    if not size:
        return share
    event = np.repeat(np.arange(size), np.diff(genealogy.in_start))
    known = (genealogy.in_lot >= 0) & (event >= first)
    known[known] = share[genealogy.in_lot[known]] > 0
    part = genealogy.in_mass[known] * share[genealogy.in_lot[known]]
    pooled = np.bincount(event[known], part, minlength=size) + np.where(np.arange(size) >= first, given, 0.0)
    own = np.divide(pooled, total, out=np.zeros(size), where=total > 0)
    matrix = _one_less(_matrix(genealogy, total, np.arange(size) < first, known))
    solved = spsolve_triangular(matrix, own, lower=True, unit_diagonal=True)
    return np.where((share > 0) | (genealogy.birth < 0), share, solved[genealogy.birth])
