"""Those who keep records, as far as the engine brings them along: nobody, somebody perfect, somebody who errs.

They hear of bales as they come into a yard: rows of the table ``lot`` with the columns ``lot``, ``time_s``,
``identity`` (which stays the same whatever else there is, for draws), ``grade`` and ``region`` (places in the lists of
the yard; those who come with the engine do not ask who sold it) and one a fact, whose name ends in ``_mg``.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from cesim.events.facility import whole
from cesim.events.faults import refuse
from cesim.ledger.informant import Claim

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cesim.events.draws import Draws

    Rows = Mapping[str, NDArray[np.int64]]

_FACT: Final = "_mg"


class NoRecords:
    """Nobody keeps records."""

    def tell(self, rows: Mapping[str, Rows]) -> None:
        """Hear nothing."""

    def ask(self, lot: int, viewer: str, now: int) -> Sequence[Claim]:  # noqa: ARG002 -- the port
        """Know nothing."""
        return ()

    def next_wake(self) -> int | None:
        """Never learn anything."""
        return None


class PerfectRecords:
    """Somebody who remembers everything at once and rightly, and tells everybody."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[int, dict[str, int]]] = {}

    def tell(self, rows: Mapping[str, Rows]) -> None:
        """Remember the facts of new lots."""
        for lot, second, _, facts in _told(rows):
            self._held[lot] = second, facts

    def ask(self, lot: int, viewer: str, now: int) -> Sequence[Claim]:  # noqa: ARG002 -- the port
        """Return all facts of a lot."""
        if lot not in self._held:
            return ()
        second, facts = self._held[lot]
        return [Claim(lot, name, value, 1.0, second) for name, value in facts.items()]

    def next_wake(self) -> int | None:
        """Answers never change by themselves."""
        return None


class SimpleRecords:
    """Somebody who records some of the lots, after a while, and now and then takes one for another.

    A wrong record is that of the lot recorded before it that differs from it: labels are exchanged, not invented.

    Parameters
    ----------
    draws
        Of the run; a lot's luck goes by its identity.
    coverage
        Share of lots of which there is a record.
    delay_s
        Seconds until it can be read.
    reliability
        Chance that a record is right; told with every claim.

    Raises
    ------
    InputError
        ``facility_number`` for a delay below 0, ``share_out_of_range`` for a chance that is none.
    """

    def __init__(self, draws: Draws, coverage: float = 1.0, delay_s: int = 0, reliability: float = 1.0) -> None:
        for name, share in (("coverage", coverage), ("reliability", reliability)):
            if not 0.0 <= share <= 1.0:
                raise refuse("share_out_of_range", name, found=share)
        self.coverage, self.reliability = coverage, reliability
        self.delay_s = whole("records", "delay_s", delay_s, 0)
        self._has, self._right = draws.stream("records.coverage"), draws.stream("records.right")
        self._held: dict[int, tuple[int, dict[str, int]]] = {}
        self._last: list[dict[str, int]] = []
        """Facts of the last two lots that differ."""
        self._wakes: list[int] = []

    def tell(self, rows: Mapping[str, Rows]) -> None:
        """Record new lots, as luck has it."""
        for lot, second, identity, facts in _told(rows):
            other = next((held for held in reversed(self._last) if held != facts), facts)
            if facts not in self._last:
                self._last = [*self._last[-1:], facts]
            if self._has.at(identity) >= self.coverage:
                continue
            right = self._right.at(identity) < self.reliability
            self._held[lot] = second + self.delay_s, facts if right else other
            heappush(self._wakes, second + self.delay_s)

    def ask(self, lot: int, viewer: str, now: int) -> Sequence[Claim]:  # noqa: ARG002 -- the port
        """Return what is recorded of a lot, once it can be read."""
        while self._wakes and self._wakes[0] <= now:
            heappop(self._wakes)
        second, facts = self._held.get(lot, (now + 1, {}))
        if second > now:
            return ()
        return [Claim(lot, name, value, self.reliability, second) for name, value in facts.items()]

    def next_wake(self) -> int | None:
        """Return when the next record can be read."""
        return self._wakes[0] if self._wakes else None


def _told(rows: Mapping[str, Rows]) -> list[tuple[int, int, int, dict[str, int]]]:
    """Lot, second, identity and facts of the new lots."""
    told = rows.get("lot")
    if told is None or "identity" not in told:
        return []
    names = [name for name in told if name.endswith(_FACT)]
    values = zip(*(told[name].tolist() for name in names), strict=True)
    beside = zip(*(told[name].tolist() for name in ("lot", "time_s", "identity")), strict=True)
    return [(*one, dict(zip(names, facts, strict=True))) for one, facts in zip(beside, values, strict=True)]
