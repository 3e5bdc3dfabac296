"""What RMP carries of a ledger: cars from hand to hand until they are shredded, process batches, waste.

Cars go through `Rmp` one by one, in the order of what happened: a report that is written before the one it follows on
waits for it. What the ledger calls the rest of a car after each step of dismantling is the same car.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import InputError
from cesim.trace.platforms.batches import ProcessBatch
from cesim.trace.platforms.cmp import Cmp
from cesim.trace.platforms.rmp import SECRET_BYTES, Rmp
from cesim.trace.platforms.sent import held_by
from cesim.trace.selecting import any_of
from cesim.trace.steps import HANDOVERS, STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from cesim.trace.platforms.sent import Sent

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]

BATCHES: Final = ("dismantling", "shredding", "sorting", "baling", "melting")
"""Steps whose batches go to RMP; what pelletisers and compounders do goes to PLA-NET."""
WASTE: Final = ("disposal",)
_TAKE_BACK, _DISMANTLING, _SHREDDING = (STEPS.index(step) for step in ("take_back", "dismantling", "shredding"))
_SHIPPING, _RECEIVING = HANDOVERS


def rmp_traffic(sent: Sent) -> Counter[str]:
    """Count what is sent to RMP.

    ``take_back``, ``hand_over``, ``take_over``: reports of cars that it takes; ``car_refused``: those it does not, of
    a car taken back twice, one that was never handed over to whoever has it, or one that is no more.
    ``process_batch``; ``batch_corrected``: those of which more came out than went in as weighed, which it takes with
    as much on both sides; ``composition``: look-ups that it passes on to CMP; ``waste_detail``;
    ``cars_ended``: cars whose identity ends at the shredder; ``cars_not_arrived``: those whose remains are in a batch
    of a shredder at which they never arrived on record.
    """
    told = _Cars(sent).gone_through()
    batches = sent.of_step(*BATCHES)
    entries = sent.entries
    told["process_batch"] = len(batches)
    told["batch_corrected"] = int(_grew(sent)[batches].sum())
    told["composition"] = sum(
        len(held_by(side, sent.of_step(step)).lot)
        for side, step in ((entries.inputs, "dismantling"), (entries.outputs, "baling"))
    )
    told["waste_detail"] = len(held_by(entries.inputs, sent.of_step(*WASTE)).lot)
    return told


def _grew(sent: Sent) -> Truths:
    """Return of which records more came out than went in, lots and other matter, where all masses are told."""
    entries = sent.entries
    total = np.concatenate([[0], np.cumsum(entries.sources.mass_mg)])
    gained = total[entries.sources.start[1:]] - total[entries.sources.start[:-1]]
    sides = (entries.inputs, entries.outputs, entries.sources)
    untold = np.any([any_of(side, side.mass_mg < 0) for side in sides], axis=0)
    return np.asarray((entries.outputs.sums() > entries.inputs.sums() + gained) & ~untold)


class _Cars:
    """Cars on their way through the platform; the number of a record stands for its second."""

    def __init__(self, sent: Sent) -> None:
        self.sent, self.entries = sent, sent.entries
        self.rmp = Rmp(Cmp(1), {}, bytes(SECRET_BYTES))
        self.names = [actor.name for actor in self.entries.names.actors]
        self.car: dict[int, str] = {}
        """Under which pseudonym a lot goes: of a car, and of what is left of it after each step."""
        self.feed: dict[int, list[int]] = defaultdict(list)
        """Remains that went into a lot of feed inside the works, where nobody is told."""
        self.arrived: dict[str, int] = {}
        """Actor at which each car last arrived on record."""
        self.told: Counter[str] = Counter()

    def gone_through(self) -> Counter[str]:
        """Let everything happen; return what was counted."""
        steps: dict[int, Callable[[int, list[int]], None]] = {
            _TAKE_BACK: self._take_back, _SHIPPING: self._hand_over, _RECEIVING: self._take_over,
            _DISMANTLING: self._dismantle, _SHREDDING: self._shred,
        }  # fmt: skip
        outgoing, ingoing = self.entries.outputs, self.entries.inputs
        for n, step in self._concerned():
            side = outgoing if step == _TAKE_BACK else ingoing
            steps[step](n, side.lot[side.start[n] : side.start[n + 1]].tolist())
        traffic = self.rmp.traffic
        for name in ("take_back", "hand_over", "take_over"):
            self.told[name] = traffic[name]
        self.told["cars_ended"] = traffic["vehicles ended"]
        return self.told

    def _concerned(self) -> Iterable[tuple[int, int]]:
        """Records that speak of cars or what is left of them, in the order of what happened, with their steps."""
        entries = self.entries
        cars = self._remains()
        speaks = any_of(entries.inputs, cars[entries.inputs.lot]) & np.isin(
            entries.step, (_SHIPPING, _RECEIVING, _DISMANTLING, _SHREDDING)
        )
        own = np.isin(entries.step, (_DISMANTLING, _SHREDDING))
        speaks |= entries.step == _TAKE_BACK
        rows = np.flatnonzero(speaks & (entries.actor >= 0) & (own | ~entries.inside))
        return zip(rows.tolist(), entries.step[rows].tolist(), strict=True)

    def _remains(self) -> Truths:
        """Lots that are cars, or what is left of them on the way to the shredder, or feed made of these."""
        entries = self.entries
        made = np.isin(entries.step, (_DISMANTLING, _SHREDDING))
        into, out = (side.entry() for side in (entries.inputs, entries.outputs))
        cars = np.zeros(len(entries.lots), dtype=bool)
        cars[entries.outputs.lot[entries.step[out] == _TAKE_BACK]] = True
        edges_in, edges_out = np.flatnonzero(made[into]), np.flatnonzero(made[out])
        count = -1
        while count != (count := int(cars.sum())):
            speaks = np.zeros(len(entries), dtype=bool)
            speaks[into[edges_in[cars[entries.inputs.lot[edges_in]]]]] = True
            cars[entries.outputs.lot[edges_out[speaks[out[edges_out]]]]] = True
        return cars

    # what happens to a car

    def _take_back(self, n: int, lots: list[int]) -> None:
        for lot in lots:
            try:
                self.car[lot] = self.rmp.take_back(str(lot), "", self._at(n), n)
            except InputError:
                self.told["car_refused"] += 1

    def _hand_over(self, n: int, lots: list[int]) -> None:
        partner = int(self.entries.partner[n])
        for car in self._cars(lots):
            try:
                self.rmp.hand_over(car, self._at(n), self.names[partner] if partner >= 0 else "", n)
                self.arrived.pop(car, None)
            except InputError:
                self.told["car_refused"] += 1

    def _take_over(self, n: int, lots: list[int]) -> None:
        for car in self._cars(lots):
            try:
                self.rmp.take_over(car, self._at(n), n)
                self.arrived[car] = int(self.entries.actor[n])
            except InputError:
                self.told["car_refused"] += 1

    def _dismantle(self, n: int, lots: list[int]) -> None:
        """Call all that comes of one car by its name, parts too, which nobody shreds; of several nobody can tell."""
        cars = list(self._cars(lots))
        if len(cars) == 1:
            out = self.entries.outputs
            for lot in out.lot[out.start[n] : out.start[n + 1]].tolist():
                self.car[lot] = cars[0]

    def _shred(self, n: int, lots: list[int]) -> None:
        """End the cars at the first batch that is reported; own books only gather them."""
        hulks = [lot for one in lots for lot in (self.feed.pop(one, []) or [one])]
        if self.entries.inside[n]:
            out = self.entries.outputs
            for lot in out.lot[out.start[n] : out.start[n] + 1].tolist():
                self.feed[lot] += hulks
            return
        here, name = int(self.entries.actor[n]), self._at(n)
        cars = list(dict.fromkeys(self._cars(hulks)))
        ended = [car for car in cars if self.arrived.get(car) == here]
        self.told["cars_not_arrived"] += len(cars) - len(ended)
        if ended:
            self.rmp.shred(ProcessBatch(str(n), "shredding", name, "shredder", name, "shredder", n, n, 0, 0, ""), ended)
            for car in ended:
                del self.arrived[car]

    def _cars(self, lots: list[int]) -> Iterable[str]:
        return (self.car[lot] for lot in lots if lot in self.car)

    def _at(self, n: int) -> str:
        return self.names[int(self.entries.actor[n])]
