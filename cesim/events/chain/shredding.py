"""Shredders, alloy sorters and the sorting of shredder residue."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.shares import per_pair, reaction, splitting
from cesim.events.furnace import Furnace
from cesim.ledger.substances import ALLOYS, ITEMS, POLYMERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.events.chain.plan import Names, TreatmentPlan
    from cesim.events.facility import Facility
    from cesim.events.simulation import Simulation

SINKS: Final = ("ferrous_recycling", "copper_recycling", "energy_recovery", "landfill", "other_recycling")
FLOWS: Final = {
    "shredded": ("shredding", "alloy_sorting"),
    "residue": ("shredding", "asr_treatment"),
    "to_sort": ("asr_treatment", "asr_sorting"),
    "residue_gone": ("asr_treatment", "other_recycling"),
}
LOSSES: Final = {
    **{("feed", name): ("shredding", name) for name in ("ferrous_recycling", "copper_recycling")},
    **{("residue_gone", name): ("asr_treatment", name) for name in ("energy_recovery", "landfill")},
    **{("plastics", name): ("asr_sorting", name) for name in ("energy_recovery", "landfill", "other_recycling")},
}
_STEEL, _COPPER = ITEMS.index("steel"), ITEMS.index("copper")
SORTED: Final = ("asr-abs", "asr-pp")
"""Plastics that come out of the residue."""


class Shredder(Furnace):
    """A shredder with magnet and eddy current: hulks by the batch, light metal and residue out.

    Parameters
    ----------
    simulation, name, place
        See `Facility`.
    region
        Its number.
    hulks
        In a batch.
    patience_s
        After which a batch is shredded though it is not full.
    hulks_of
        Lots of more than one hulk, and how many; shared with whoever brings them.

    Attributes
    ----------
    seconds_a_hulk
        That one of them takes.
    sorter, residue
        Where its products go. Set before the run begins.
    """

    kind: ClassVar[str] = "shredding"

    def __init__(
        self, simulation: Simulation, name: str, place: str, region: int, hulks: int, patience_s: int | None,
        hulks_of: dict[int, int],
    ) -> None:  # fmt: skip
        super().__init__(simulation, name, place, capacity=hulks, patience_s=patience_s)
        self.region, self.seconds_a_hulk = region, 0.0
        self.sorter: Facility
        self.residue: Facility
        self.hulks_of = hulks_of
        self._batch = self.lots.mark("batch_of_hulks")
        self._feed = self.lots.mark("feed")

    def open_year(self, plan: TreatmentPlan) -> None:
        """Work by the coefficients of a year from now on."""
        steel, copper = plan.metal_steel[self.region], plan.metal_copper[self.region]
        ferrous, cupric, metal = np.zeros((3, len(ITEMS)))
        ferrous[_STEEL] = plan.to_metal[_STEEL] * (1.0 - steel)
        cupric[_COPPER] = plan.to_metal[_COPPER] * (1.0 - copper)
        metal[: len(ALLOYS)] = plan.to_metal[: len(ALLOYS)]
        metal[_STEEL], metal[_COPPER] = plan.to_metal[_STEEL] * steel, plan.to_metal[_COPPER] * copper
        straight = per_pair(np.stack([ferrous, cupric]))
        self._lost = reaction(self.lots, self._feed, ("ferrous_recycling", "copper_recycling"), straight)
        left = np.maximum(1.0 - straight.sum(axis=0), 1e-300)
        marks = [self.lots.mark("shredded", owner=self.place), self.lots.mark("residue", owner=self.place)]
        self._parts = splitting(self.lots, marks, np.stack([per_pair(metal) / left, np.zeros_like(left)]))

    def size(self, lot: int) -> int:
        """Hulks of a lot."""
        return self.hulks_of.get(lot, 1)

    def seconds(self, batch: list[int]) -> int:
        """Seconds of a batch."""
        return round(self.seconds_a_hulk * sum(self.hulks_of.get(lot, 1) for lot in batch))

    def done(self, batch: list[int]) -> None:
        """Shred a batch."""
        lots = self.lots
        for lot in batch:
            self.hulks_of.pop(lot, None)
        feed = lots.react(lots.merge(batch, self._batch, self.code), self._lost, self.code)
        metal, residue = lots.split(feed, self._parts, self.code)
        self.send(metal, self.sorter)
        self.send(residue, self.residue)


class Line(Furnace):
    """A sorting line to which a share of the lots is sent; where too many wait for it, a lot passes it by.

    Parameters
    ----------
    simulation, name, place
        See `Facility`.
    instant
        The shares of the balance act on whole masses, so every lot is for the line.

    Attributes
    ----------
    seconds_a_lot
        On the line.
    waiting_room
        Lots that may wait for the line; None: any number.
    share
        Of the lots, meant for the line.
    turned_away
        Lots that were meant for the line and found no room.
    """

    def __init__(self, simulation: Simulation, name: str, place: str, instant: bool = False) -> None:
        super().__init__(simulation, name, place)
        self.instant = instant
        self.seconds_a_lot = self.share = 0.0
        self.waiting_room: int | None = None
        self.turned_away = self._seen = 0

    def receive(self, lot: int) -> None:
        """Take in a lot; one that is not meant for the line, or finds no room there, is dealt with at once."""
        meant = self.instant or self.draws("line").at(self._seen) < self.share
        self._seen += 1
        if meant and (self.waiting_room is None or self.waiting < self.waiting_room):
            super().receive(lot)
            return
        self.turned_away += int(meant)
        self._tally()  # it comes and goes in the same second, and waits for nothing
        now = self.clock._now
        self.came += 1
        self.left += 1
        self._came_sum += now
        self._left_sum += now
        self._waited += now
        self.unsorted(lot)

    def seconds(self, batch: list[int]) -> int:
        """Seconds on the line."""
        return round(self.seconds_a_lot * len(batch))

    def unsorted(self, lot: int) -> None:
        """Do with a lot what is done with one that is not sorted."""
        raise NotImplementedError


class AlloySorter(Line):
    """Cast/wrought and alloy sorting of shredded aluminium; what passes it by is one mixed grade.

    Parameters
    ----------
    simulation, name, place, instant
        See `Line`.
    region
        Its number.
    names
        Along the axes.

    Attributes
    ----------
    send_piece
        Who takes what is sorted: called with grade and lot. Set before the run begins.
    """

    kind: ClassVar[str] = "alloy_sorting"

    def __init__(
        self, simulation: Simulation, name: str, place: str, region: int, names: Names, instant: bool = False
    ) -> None:
        super().__init__(simulation, name, place, instant)
        self.region, self.names = region, names
        self.send_piece: Callable[[str, int], object]

    def open_year(self, plan: TreatmentPlan) -> None:
        """Work by the coefficients of a year from now on."""
        mixed = self.names.shred_grades.index("shred-mixed")
        self.share = 1.0 - float(plan.sorted_to[0, mixed])
        to, free = plan.sorted_to.copy(), plan.free_to[self.region].copy()
        if not self.instant:  # what the line does with a lot that is on it
            to[:, mixed], free[mixed] = 0.0, 0.0
            to /= max(self.share, 1e-300)
            free /= max(free.sum(), 1e-300)
        items = np.zeros((len(self.names.shred_grades), len(ITEMS)))
        items[:, : len(ALLOYS)] = to.T
        items[:, _STEEL] = items[:, _COPPER] = free
        used = items.sum(axis=1) > 0.0
        self._grades = tuple(g for g, wanted in zip(self.names.shred_grades, used, strict=True) if wanted)
        marks = [self.lots.mark("piece", grade, self.place) for grade in self._grades]
        self._rule = splitting(self.lots, marks, per_pair(items[used])) if marks else None
        self._mixed = self.lots.mark("piece", "shred-mixed", self.place)

    def unsorted(self, lot: int) -> None:
        """Put it with the mixed grade."""
        self.send_piece("shred-mixed", self.lots.reclassify(lot, self._mixed, self.code))

    def done(self, batch: list[int]) -> None:
        """Sort a lot."""
        for lot in batch:
            if self._rule is None:
                self.unsorted(lot)
                continue
            for grade, piece in zip(self._grades, self.lots.split(lot, self._rule, self.code), strict=True):
                self.send_piece(grade, piece)


class ResiduePlant(Line):
    """Where shredder residue goes: a share through plastics sorting, the rest to heat, slag and landfill.

    Attributes
    ----------
    send_plastic
        Who takes plastics: called with grade and lot. Set before the run begins.
    """

    kind: ClassVar[str] = "asr_treatment"
    send_plastic: Callable[[str, int], object]

    def open_year(self, plan: TreatmentPlan) -> None:
        """Work by the coefficients of a year from now on."""
        lots, sinks = self.lots, ("energy_recovery", "landfill", "other_recycling")
        self.share = plan.asr_sorted
        to = per_pair(plan.asr_to.T)
        self._all_gone = reaction(lots, lots.mark("residue_gone"), sinks[:2], to[:2])
        caught = np.zeros(len(ITEMS))
        caught[len(ALLOYS) : len(ALLOYS) + len(POLYMERS)] = plan.asr_recovered
        self._sort = reaction(lots, lots.mark("plastics"), sinks, to * (1.0 - per_pair(caught)))
        styrenic = np.zeros(len(ITEMS))
        styrenic[ITEMS.index("ABS")] = 1.0
        marks = [lots.mark("plastic_piece", name, self.place) for name in SORTED]
        self._by_polymer = splitting(lots, marks, np.stack([per_pair(styrenic), np.zeros(to.shape[1])]))
        shares = np.stack([np.full(to.shape[1], self.share), np.zeros(to.shape[1])])
        self._divide = splitting(lots, [lots.mark("to_sort"), lots.mark("residue_rest")], shares)

    def unsorted(self, lot: int) -> None:
        """To heat and landfill; what is left of it is metal and slag for other recycling."""
        rest = self.lots.react(lot, self._all_gone, self.code)
        self.lots.ship(rest, "other_recycling", self.code)

    def done(self, batch: list[int]) -> None:
        """Sort a lot; in the balance, a share of it."""
        for lot in batch:
            meant = lot
            if self.instant:
                meant, rest = self.lots.split(lot, self._divide, self.code)
                self.unsorted(rest)
            else:
                meant = self.lots.reclassify(lot, self.lots.mark("to_sort"), self.code)
            plastics = self.lots.react(meant, self._sort, self.code)
            for name, part in zip(SORTED, self.lots.split(plastics, self._by_polymer, self.code), strict=True):
                self.send_plastic(name, part)
