"""Piles: pieces of a sort are thrown together until they make a load, a bale or a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from cesim.events.faults import refuse
from cesim.events.notes import MOST_LOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from cesim.events.facility import Facility
    from cesim.events.rules import Mark

K = TypeVar("K", bound="Hashable")


class Piles(Generic[K]):
    """The heaps in a facility's yard, one a sort: a full one leaves as one lot, and so does one that has lain too long.

    A pile can be saved with its run, so `mark_of` and `done` are methods or mappings, and no closures.

    Parameters
    ----------
    facility
        Where the lots lie.
    count_of
        Lots that make a full pile, by sort or for all.
    mark_of
        What the lot of a pile is called, by sort: a mapping, or a method that is asked.
    done
        Takes the lot of a pile that leaves; it is at the facility.
    patience_s
        Seconds after its first lot at which a pile leaves though it is not full; with 0, at the end of the same second.
        None: it waits until it is full or `flush` is called.

    Raises
    ------
    InputError
        ``facility_number`` for a count outside 1 ... 4096, or patience below zero.
    """

    def __init__(
        self,
        facility: Facility,
        count_of: Mapping[K, int] | int,
        mark_of: Mapping[K, Mark] | Callable[[K], Mark],
        done: Callable[[int], object],
        patience_s: int | None = None,
    ) -> None:
        self.facility, self.count_of, self.mark_of, self.done = facility, count_of, mark_of, done
        self.patience_s = patience_s
        for count in count_of.values() if isinstance(count_of, Mapping) else (count_of,):
            if type(count) is not int or not 1 <= count <= MOST_LOTS:
                raise refuse("facility_number", facility.name, field="count", found=count, limits=f"1 ... {MOST_LOTS}")
        if patience_s is not None and (type(patience_s) is not int or patience_s < 0):
            raise refuse("facility_number", facility.name, field="patience_s", found=patience_s, limits=">= 0")
        self._piles: dict[K, list[int]] = {}
        self._began: dict[K, int] = {}
        self._begun = 0

    def add(self, key: K, lot: int) -> None:
        """Throw a lot, which is at the facility, on the pile of its sort."""
        pile = self._piles.get(key)
        if pile is None:
            pile = self._piles[key] = []
            if self.patience_s is not None:
                self._began[key] = self._begun
                self.facility.clock.call_in(self.patience_s, self._overdue, (key, self._begun))
                self._begun += 1
        pile.append(lot)
        if len(pile) >= (self.count_of[key] if isinstance(self.count_of, Mapping) else self.count_of):
            self._leave(key)

    def flush(self, _: object = None) -> None:
        """Let all piles leave as they are, in the order in which they were begun."""
        for key in tuple(self._piles):
            self._leave(key)

    def __iter__(self) -> Iterator[int]:
        """Every lot that lies on a pile."""
        for pile in self._piles.values():
            yield from pile

    def __len__(self) -> int:
        return sum(len(pile) for pile in self._piles.values())

    def _overdue(self, whose: tuple[K, int]) -> None:
        key, number = whose
        if self._began.get(key) == number:  # otherwise that pile has left, and another may lie in its place
            self._leave(key)

    def _leave(self, key: K) -> None:
        lots = self._piles.pop(key)
        self._began.pop(key, None)
        mark = self.mark_of(key) if callable(self.mark_of) else self.mark_of[key]
        self.done(self.facility.lots.merge(lots, mark, self.facility.code))
