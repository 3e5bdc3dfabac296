"""What counts as recycled plastic, by the two rules: one set of streams, two books.

The Resource Act of Japan counts pre- and post-consumer plastics. The EU rule counts post-consumer plastics only, and of
them apart those from end-of-life vehicles or parts removed in use (closed loop). Both count chemical recycling by mass
balance; neither counts bio-based plastics. The definitions are those of the indicators (`COUNTED_PLASTICS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from cesim.ledger.substances import COUNTED_PLASTICS, POST_CONSUMER, PRE_CONSUMER
from cesim.report.statutory.kilograms import shared_out, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Book = Literal["japan", "eu", "closed", "bio"]
COUNTED: Final[Mapping[Book, frozenset[str]]] = {
    "japan": frozenset(COUNTED_PLASTICS["recycled"]),
    "eu": frozenset(COUNTED_PLASTICS["post"]),
    "closed": frozenset(COUNTED_PLASTICS["closed"]),
    "bio": frozenset(COUNTED_PLASTICS["bio"]),
}
"""Origins that each book counts."""
REST: Final = "primary"
"""Virgin plastics, fillers and additives: whatever is none of the others."""
STREAMS: Final = (*POST_CONSUMER, *PRE_CONSUMER, "chemical", "bio", REST)
"""Origins in the order of the tables: post-consumer first."""


@dataclass(frozen=True)
class Account:
    """The plastics in some cars by origin, in whole kg; every origin of `STREAMS` is there."""

    kg: Mapping[str, int]

    @property
    def total(self) -> int:
        """All plastics."""
        return sum(self.kg.values())

    def counted(self, book: Book) -> int:
        """Return what a book counts, kg."""
        return sum(kg for origin, kg in self.kg.items() if origin in COUNTED[book])

    def share(self, book: Book) -> Fraction:
        """Return what a book counts, of all plastics; 0 of nothing."""
        return Fraction(self.counted(book), self.total) if self.total else Fraction(0)


def account(masses: Mapping[str, Fraction]) -> Account:
    """Return the account of masses by origin, kg; its rows add up to the sum, rounded once."""
    lost = {origin for origin, mass in masses.items() if mass} - set(STREAMS)
    if lost:
        raise ValueError(f"plastics of an origin that no book knows: {sorted(lost)}")
    return Account(whole({origin: masses.get(origin, Fraction(0)) for origin in STREAMS}))


def together(accounts: Iterable[Account]) -> Account:
    """Return the account of several groups of cars."""
    held = list(accounts)
    return Account({origin: sum(one.kg[origin] for one in held) for origin in STREAMS})


def by_group(masses: Sequence[Fraction], held: Sequence[Mapping[str, Fraction]]) -> list[Account]:
    """Return an account for each group of cars; rows and columns add up.

    Parameters
    ----------
    masses
        plastics of each group, kg
    held
        by group, the recycled plastics by origin, kg; never more than the plastics
    """
    totals = whole(dict(enumerate(masses)))
    recycled = [origin for origin in STREAMS if origin != REST]
    sums = whole({origin: sum((one.get(origin, Fraction(0)) for one in held), Fraction(0)) for origin in recycled})
    cells = {
        origin: shared_out(sums[origin], {at: one.get(origin, Fraction(0)) for at, one in enumerate(held)})
        if sums[origin] else dict.fromkeys(totals, 0)
        for origin in recycled
    }  # fmt: skip
    _make_room(cells, totals)
    return [
        Account({**{origin: cells[origin][at] for origin in recycled}, REST: _left(cells, totals, at)}) for at in totals
    ]


def _left(cells: Mapping[str, Mapping[int, int]], totals: Mapping[int, int], at: int) -> int:
    return totals[at] - sum(of[at] for of in cells.values())


def _make_room(cells: dict[str, dict[int, int]], totals: Mapping[int, int]) -> None:
    """Move single kg to groups that have room where rounding left a group below nothing."""
    for at in totals:
        while _left(cells, totals, at) < 0:
            origin = max(cells, key=lambda name: cells[name][at])
            other = max(totals, key=lambda one: (cells[origin][one] > 0, _left(cells, totals, one)))
            if _left(cells, totals, other) <= 0:
                other = max(totals, key=lambda one: _left(cells, totals, one))
            cells[origin][at] -= 1
            cells[origin][other] += 1
