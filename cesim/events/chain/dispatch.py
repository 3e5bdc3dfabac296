"""What is shipped where: pieces are piled to loads, a load draws its way by the routes of the balance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.material import COUNT
from cesim.events.chain.piling import Piles
from cesim.events.chain.shares import splitting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.events.facility import Facility
    from cesim.events.haulage import Haulage
    from cesim.events.rules import Mark

    Floats = NDArray[np.float64]

ELSEWHERE: Final = "elsewhere"
"""Account of regions that are not simulated lot by lot."""
SINKS: Final = (ELSEWHERE,)


class Ways:
    """The ways out of a region for one kind of load: which facility, with what share.

    Parameters
    ----------
    facility
        Where loads begin; its draws choose.
    purpose
        Of the draws.
    share : (way,)
        Adds to one.
    to
        The facility of each way; None leads elsewhere.
    haulage
        Who carries it; None: it is there at once.
    whole
        Every load is divided over all ways by their shares, as the balance does, into lots of this kind; None: the way
        of each is drawn.
    """

    def __init__(
        self, facility: Facility, purpose: str, share: Floats, to: Sequence[Facility | None],
        haulage: Haulage | None, whole: str | None = None,
    ) -> None:  # fmt: skip
        self.facility, self.to, self.haulage, self.whole = facility, tuple(to), haulage, whole
        self._draws = facility.draws(purpose)
        self.redirect(share)

    def redirect(self, share: Floats) -> None:
        """Choose by other shares from now on."""
        self._share = share
        self._reach = np.cumsum(share).tolist()
        self._reach[-1] = 1.0

    def go(self, lot: int, identity: int) -> None:
        """Send a load its way, which is drawn by an identity of its own."""
        if self.whole is not None:
            lots = self.facility.lots
            mark = lots.mark(self.whole, *lots.mark_of[lot][2:])
            used = np.flatnonzero(self._share)
            shares = np.repeat(self._share[used, None], COUNT, axis=1)
            rule = splitting(lots, [mark] * len(used), shares)
            for way, part in zip(used.tolist(), lots.split(lot, rule, self.facility.code), strict=True):
                self._send(part, self.to[way])
            return
        draw = self._draws.at(identity)
        self._send(lot, next(way for way, reach in zip(self.to, self._reach, strict=True) if draw < reach))

    def _send(self, lot: int, to: Facility | None) -> None:
        if to is None:
            self.facility.lots.ship(lot, ELSEWHERE, self.facility.code)
        elif self.haulage is None or to is self.facility:
            self.facility.send(lot, to)
        else:
            self.haulage.carry(lot, self.facility, to)


class Loads:
    """The piles of a facility by grade; each full one becomes a load of that grade and goes its way.

    Parameters
    ----------
    facility
        Where the pieces lie.
    pieces
        In a load, by grade; may be changed for those to come.
    mark_of
        What a load is called, by grade.
    ways
        Of the loads.
    patience_s
        See `Piles`.
    """

    def __init__(
        self,
        facility: Facility,
        pieces: dict[str, int],
        mark_of: Mapping[str, Mark],
        ways: Ways,
        patience_s: int | None,
    ) -> None:
        self.pieces, self.marks, self.ways = pieces, mark_of, ways
        self._sent = 0
        self.piles = Piles[str](facility, pieces, mark_of, self._full, patience_s)

    def add(self, grade: str, lot: int) -> None:
        """Put a piece with its grade."""
        self.piles.add(grade, lot)

    def _full(self, lot: int) -> None:
        self._sent += 1
        self.ways.go(lot, self._sent)


def pieces_in(load_t: float, piece_t: float) -> int:
    """Return how many pieces make a load, 1 to 4096."""
    return int(np.clip(np.ceil(load_t / piece_t), 1, 4096)) if piece_t > 0.0 else 4096
