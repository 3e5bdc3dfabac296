"""How a lot is divided: into which lots and which sinks, and how much of each substance goes where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.events.faults import refuse
from cesim.events.names import known
from cesim.events.sharing import FINEST, weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from cesim.events.columns import Columns

    Whole = NDArray[np.int64]
    Share = Fraction | float | str


class Mark(NamedTuple):
    """What a lot is called: its kind, its grade, its owner. Marks are entered once, in `Lots.mark`."""

    code: int
    kind: str
    grade: str
    owner: str


@dataclass(frozen=True, eq=False, slots=True)
class Rule:
    """A rule of division, made once and used for many lots; two rules are the same only where they are one object."""

    marks: tuple[Mark, ...]
    """Of the lots that come out, in their order."""
    sinks: tuple[int, ...]
    """Numbers of the sinks that take the parts after the lots."""
    weights: Whole
    """Whole numbers, (part, substance); the parts are the lots, then the sinks."""
    carrier: int = 0
    """Which of the lots carries the count of vehicles on."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of lots and of sinks."""
        return len(self.marks), len(self.sinks)

    def check(self, rows: Whole, columns: Columns) -> None:
        """Refuse to divide compositions (row, column) of which nobody takes some substance.

        Raises
        ------
        InputError
            ``weights_leave_out``
        """
        nobody = np.flatnonzero(self.weights.sum(axis=0) == 0)
        if nobody.size and rows[:, nobody].any():
            row, place = np.argwhere(rows[:, nobody] > 0)[0]
            name, found = columns.substances[nobody[place]], int(rows[row, nobody[place]])
            raise refuse("weights_leave_out", " + ".join(m.kind for m in self.marks), column=name, found=found)


def split_weights(given: Sequence[object], parts: int, substances: tuple[str, ...], where: str) -> Whole:
    """Return weights (part, substance) from one weight a part, or from one a part and substance.

    Raises
    ------
    InputError
        ``weights_not_whole``, ``weights_shape``, ``weights_negative``, ``shares_too_fine``.
    """
    array, wanted = np.array(given), ((parts,), (parts, len(substances)))
    if array.shape not in wanted or not parts:
        raise refuse("weights_shape", where, found=array.shape, allowed=wanted)
    if array.dtype.kind not in "iu":
        raise refuse("weights_not_whole", where, found=str(array.dtype))
    wide = array.astype(np.int64) if array.ndim > 1 else np.repeat(array.astype(np.int64)[:, None], len(substances), 1)
    if wide.min() < 0:
        raise refuse("weights_negative", where, found=int(wide.min()))
    if float(wide.max()) * parts >= FINEST and (wide.sum(axis=0, dtype=np.float64) >= FINEST).any():
        raise refuse("shares_too_fine", where, found=int(wide.max()))
    wide.setflags(write=False)
    return wide


def loss_weights(losses: Mapping[str, Mapping[str, Share]], substances: tuple[str, ...], where: str) -> Whole:
    """Return weights (1 + sink, substance): what is kept, then what each sink takes, from shares by substance.

    Raises
    ------
    InputError
        ``name_unknown``; ``shares_negative`` where a share is below zero, or more is lost than there is.
    """
    from fractions import Fraction

    shares = [[Fraction(0)] * len(substances) for _ in losses]
    for row, by_substance in zip(shares, losses.values(), strict=True):
        for name, share in by_substance.items():
            column = known(name, substances, where)
            row[column] = Fraction(repr(share)) if isinstance(share, float) else Fraction(share)
    columns = zip(*shares, strict=True) if shares else ((),) * len(substances)
    array = np.array([weights((1 - sum(lost), *lost), where) for lost in columns], dtype=np.int64).T
    array.setflags(write=False)
    return array
