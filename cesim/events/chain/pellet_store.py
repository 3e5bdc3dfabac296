"""A store of pellets: loads come in, wait in bunkers by grade, are drawn off from the front, and sold if they lie."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.bunkers import Bunker
from cesim.events.chain.material import COLUMNS
from cesim.events.facility import Facility, whole
from cesim.events.names import known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.events.rules import Mark
    from cesim.events.simulation import Simulation

    Whole = NDArray[np.int64]
    Taken = dict[tuple[int, int], list[int]]

USED: Final = "recyclate"
"""Kind of pellets, or the part of a load, that go into a compound; owner is the region where they arose."""
SOLD: Final = "recyclate_left"
"""Kind of pellets that are exported."""


class PelletStore(Facility):
    """Bunkers, one a grade; what came first is used first.

    Parameters
    ----------
    simulation, name, place
        See `Facility`.
    grades
        Recyclates that are taken in.
    room_mg
        Pellets that find room when it is looked (`sell`); what came last is exported. None: any.
    patience_s
        Seconds after which pellets are exported when it is looked. None: they lie until they are used.

    Raises
    ------
    InputError
        What `Facility` raises; ``facility_number`` for room or patience below zero; ``name_unknown`` for a load of
        another grade.
    """

    kind: ClassVar[str] = "pellet_store"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        place: str,
        grades: Sequence[str],
        room_mg: int | None = None,
        patience_s: int | None = None,
    ) -> None:
        super().__init__(simulation, name, place)
        self.grades = tuple(grades)
        self.room_mg = None if room_mg is None else whole(name, "room_mg", room_mg, 0)
        self.patience_s = None if patience_s is None else whole(name, "patience_s", patience_s, 0)
        self.lying: tuple[deque[tuple[int, int]], ...] = tuple(deque() for _ in grades)
        """Lot and second at which it came, by grade."""
        self.exported: list[tuple[int, str, int]] = []
        """Second, recyclate and mg of pellets that were sold."""

    def receive(self, lot: int) -> None:
        """Take in a load of pellets."""
        number = known(self.lots.mark_of[lot].grade, self.grades, self.name)
        self._tally()
        self.inside += 1
        self.came += 1
        self._came_sum += self.clock._now
        self.lying[number].append((lot, self.clock._now))

    def _gone(self, count: int = 1) -> None:
        """Count loads that are used up or sold; they waited until now, and nobody worked on them."""
        self._tally()
        self.inside -= count
        self.left += count
        self._left_sum += self.clock._now * count
        self._begun_sum += self.clock._now * count

    def look(self) -> dict[int, Bunker]:
        """Return what lies there, by number of the grade."""
        lots = [[lot for lot, _ in line] for line in self.lying]
        everything = [lot for line in lots for lot in line]
        rows = self.lots.rows(everything) if everything else np.zeros((0, COLUMNS.width), dtype=np.int64)
        parts = np.split(rows, np.cumsum([len(line) for line in lots])[:-1])
        return {n: Bunker(line, part) for n, (line, part) in enumerate(zip(lots, parts, strict=True)) if line}

    # what is used

    def draw_off(self, bunkers: Mapping[int, Bunker]) -> Taken:
        """Take what was drawn: whole lots, the last in part; return the lots by grade and taker."""
        taken: Taken = {}
        values: dict[int, int] = {}
        for number, bunker in bunkers.items():
            for place in range(bunker.touched()):
                lot, came = self.lying[number].popleft()
                who, rows = bunker.cuts(place)
                values[lot] = int(rows[[one >= 0 for one in who]].sum())
                for taker, part in zip(who, self._cut(lot, who, rows), strict=True):
                    if taker >= 0:
                        taken.setdefault((number, taker), []).append(part)
                    else:
                        self.lying[number].appendleft((part, came))
                if who[-1] >= 0:
                    self._gone()
        lots = [lot for bunker in bunkers.values() for lot in bunker.lots]
        if lots:
            worth = [values.get(lot, 0) for lot in lots]
            self.simulation.decided("compound", self.code, lots, list(values), "composition", worth)
        return taken

    def _cut(self, lot: int, who: list[int], rows: Whole) -> Sequence[int]:
        """Divide a lot between takers, and what is left of it (-1)."""
        mark = self.lots.mark_of[lot]
        if len(who) == 1:
            return [self.lots.reclassify(lot, self._used(mark), self.code)]
        marks = [self._used(mark) if taker >= 0 else mark for taker in who]
        return self.lots.split(lot, self.lots.splitting(marks, rows.tolist()), self.code)

    def share_out(self, bunkers: Mapping[int, Bunker], amounts: Whole) -> Taken:
        """Divide every lot in the shares in which all of its grade is divided: mg, (grade, taker), and what is left."""
        taken: Taken = {}
        for number, bunker in bunkers.items():
            takers = np.flatnonzero(amounts[number]).tolist()
            left = max(bunker.left - int(amounts[number].sum()), 0)
            weights = amounts[number, takers].tolist() + ([left] if left else [])
            for _ in bunker.lots if takers else ():
                lot, came = self.lying[number].popleft()
                mark = self.lots.mark_of[lot]
                marks = [self._used(mark)] * len(takers) + ([mark] if left else [])
                parts = self.lots.split(lot, self.lots.splitting(marks, weights), self.code)
                for taker, part in zip(takers, parts, strict=False):
                    taken.setdefault((number, taker), []).append(part)
                if left:
                    self.lying[number].append((parts[-1], came))
                else:
                    self._gone()
        return taken

    def _used(self, mark: Mark) -> Mark:
        return self.lots.mark(USED, mark.grade, mark.owner)

    # what is not

    def sell(self, everything: bool = False) -> None:
        """Export pellets that have lain too long, and those that came last where there is no room; or everything."""
        now = self.clock._now
        waiting = [(came, number, lot) for number, line in enumerate(self.lying) for lot, came in line]
        if self.patience_s is None and self.room_mg is None and not everything:
            return
        too_old = [
            one for one in waiting if everything or (self.patience_s is not None and one[0] + self.patience_s <= now)
        ]
        staying = sorted(set(waiting).difference(too_old), reverse=True)
        leaving = too_old + self._above_room(staying)
        if not leaving:
            return
        gone = {lot for _, _, lot in leaving}
        for line in self.lying:
            kept = [entry for entry in line if entry[0] not in gone]
            line.clear()
            line.extend(kept)
        masses = self.lots.masses([lot for _, _, lot in leaving]).tolist()
        for (_, number, lot), mass in zip(leaving, masses, strict=True):
            mark = self.lots.mark_of[lot]
            sold = self.lots.reclassify(lot, self.lots.mark(SOLD, mark.grade, mark.owner), self.code)
            self.ship(sold, "recyclate_export")
            self.exported.append((now, self.grades[number], mass))
        self._gone(len(leaving))

    def _above_room(self, newest_first: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
        """Return the loads that came last, so many that the others find room."""
        if self.room_mg is None or not newest_first:
            return []
        masses = self.lots.masses([lot for _, _, lot in newest_first])
        left = masses[::-1].cumsum()[::-1]
        return [one for one, lying in zip(newest_first, left.tolist(), strict=True) if lying > self.room_mg]
