"""From the last owner to scrap grades, pellets and residue.

Everything here is linear: a share of what comes in goes to each outlet and one outlet takes the rest, so no mass can
appear or vanish. What was in use becomes `post_elv` at take-back, and stays it up to the melt or the compound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.inputs import ASR_TO, PART_GRADES, REMOVED_TO, SHRED_GRADES
from cesim.balance.masses import PAIR_ITEM, item_totals, per_pair
from cesim.ledger.flows import cells, paired_cells
from cesim.ledger.substances import ALLOYS, ITEMS, PAIRS, POLYMERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.balance.inputs import Treatment
    from cesim.ledger.flows import Edges, YearFlows

    Floats = NDArray[np.float64]

_STEEL, _COPPER = ITEMS.index("steel"), ITEMS.index("copper")
_METALS = slice(0, len(ALLOYS))
_ELV = ("post_elv",)


@dataclass(frozen=True)
class Recovered:
    """What treatment hands over: scrap by grade and recyclate by grade, (D, R, grade, pairs) in t.

    Recyclate is written here; scrap grades are written by the yard that takes them in. Beside them stands what it was
    recovered from: cars and hulks where they are dismantled, hulks where they are shredded, (D, R, pairs) in t.
    """

    grades: Floats
    recyclates: Floats
    arrived: Floats
    hulks: Floats
    shredded: Floats


class TreatmentFlows:
    """Take-back, dismantling, shredding, alloy sorting and residue sorting."""

    def __init__(self, treatment: Treatment, regions: Sequence[str], edges: Edges) -> None:
        self.treatment, self.regions, self.edges = treatment, tuple(regions), edges
        self._held_cache: dict[tuple[str, ...], _Held] = {}
        self._outlet_items = {
            name: _occurring(treatment, n, always=("steel",) if name == "ferrous_recycling" else ())
            for n, name in enumerate(REMOVED_TO)
        }
        self._routed = (
            cells(self.regions, ITEMS, _ELV, self.regions), paired_cells(self.regions, PAIRS, self.regions),
        )  # fmt: skip

    def treat(self, flows: YearFlows, year: int, scrapped: Floats) -> Recovered:
        """Write the year's treatment of the cars scrapped (D, R, pairs) and return what was recovered."""
        arrived = self._route(flows, "take_back", "dismantling", scrapped, self.treatment.elv_route)
        hulks, part_grades, pellets = self._dismantle(flows, year, arrived)
        shredded = self._route(flows, "dismantling", "shredding", hulks, self.treatment.hulk_route)
        shred_grades, residue = self._shred(flows, year, shredded)
        asr_pellets = self._residue(flows, year, residue)
        return Recovered(
            np.concatenate([part_grades, shred_grades], axis=2), np.concatenate([pellets, asr_pellets], axis=2),
            arrived, hulks, shredded,
        )  # fmt: skip

    def _write(
        self, flows: YearFlows, process_from: str, process_to: str, pairs: Floats, items: Sequence[str] = ITEMS
    ) -> None:
        """Write a flow within the regions; ``items`` are those that can occur in it."""
        held = self._held(tuple(items))
        edge = self.edges.edge(
            process_from, process_to, cells(self.regions, held.names, _ELV), paired_cells(self.regions, held.pairs)
        )
        flows.add(edge, item_totals(pairs)[..., held.items], pairs[..., held.positions])

    def _held(self, items: tuple[str, ...]) -> _Held:
        if items not in self._held_cache:
            self._held_cache[items] = _Held.of(items)
        return self._held_cache[items]

    def _route(self, flows: YearFlows, process_from: str, process_to: str, pairs: Floats, route: Floats) -> Floats:
        """Move mass between regions (D, R, R) and write it; returns what arrives (D, R, pairs)."""
        moved = pairs[:, :, None, :] * route[..., None]
        edge = self.edges.edge(process_from, process_to, *self._routed)
        flows.add(edge, item_totals(moved), moved)
        arrived: Floats = moved.sum(axis=1)
        return arrived

    def _dismantle(self, flows: YearFlows, year: int, arrived: Floats) -> tuple[Floats, Floats, Floats]:
        """Parts for reuse, parts for their material, and the hulk that is left."""
        t = self.treatment
        reused = _taken_off(t.reused[:, year], t.part_share)
        rest = (1.0 - t.reused[:, year]) * t.taken[:, year]
        to = np.zeros((arrived.shape[0], len(REMOVED_TO), len(ITEMS)))
        for outlet in range(len(REMOVED_TO)):
            to[:, outlet] = _taken_off(rest, t.part_share * (t.removed_to == outlet))
        gone = {name: arrived * per_pair(to[:, n])[:, None] for n, name in enumerate(REMOVED_TO)}
        reuse = arrived * per_pair(reused)[:, None]
        self._write(flows, "dismantling", "part_reuse", reuse)
        grades = self._part_grades(year, gone)
        attached = self._attach(gone["ferrous_recycling"], grades)
        for name in REMOVED_TO[6:]:
            self._write(flows, "dismantling", name, gone[name], self._outlet_items[name])
        pellets = self._pelletise(
            flows, "dismantling", [gone["pp"], gone["pe"]], ("part-pp", "part-pe"), t.pellet_yield[:, year, 0]
        )
        left = arrived - reuse - sum(gone.values()) - attached
        return np.maximum(left, 0.0), grades, pellets

    def _part_grades(self, year: int, gone: dict[str, Floats]) -> Floats:
        """(D, R, part grade, pairs): wrought parts as far as their alloy is known, the rest by what they are."""
        wrought = gone["wrought"]
        identified = np.zeros((wrought.shape[0], len(PART_GRADES), len(ITEMS)))
        identified[:, :, _METALS] = self.treatment.identified[:, year].transpose(0, 2, 1)
        grades = wrought[:, :, None, :] * per_pair(identified)[:, None]
        for outlet, grade in (("heat-exchanger", "part-3xxx"), ("cast", "part-cast"), ("wheels", "wheels")):
            grades[:, :, PART_GRADES.index(grade)] += gone[outlet]
        return grades

    def _attach(self, steel_removed: Floats, grades: Floats) -> Floats:
        """Steel left on aluminium parts goes with them: first from the steel of the parts, never more than there is."""
        pair = PAIRS.index(("steel", "Fe"))
        metal = grades.sum(axis=3)
        wanted = metal * self.treatment.part_steel[:, None, None]
        there = steel_removed[:, :, pair]
        total = wanted.sum(axis=2)
        fits = np.minimum(1.0, there / np.where(total > 0, total, 1.0))
        attached = wanted * fits[..., None]
        grades[..., pair] += attached
        steel_removed[:, :, pair] -= attached.sum(axis=2)
        return np.zeros_like(steel_removed) + _only(pair, attached.sum(axis=2), steel_removed.shape)

    def _pelletise(
        self, flows: YearFlows, process_from: str, incoming: list[Floats], names: tuple[str, ...], kept: Floats
    ) -> Floats:
        """Plastics to pellet, of which a share (D,) is kept; what is washed off and filtered out is burnt."""
        share = kept[:, None, None]
        made = []
        for name, plastic in zip(names, incoming, strict=True):
            self._write(flows, process_from, f"pelletising.{name}", plastic, POLYMERS)
            made.append(plastic * share)
            self._write(flows, f"pelletising.{name}", "energy_recovery", plastic - made[-1], POLYMERS)
        return np.stack(made, axis=2)

    def _shred(self, flows: YearFlows, year: int, shredded: Floats) -> tuple[Floats, Floats]:
        """Magnet and eddy current, then cast/wrought and alloy sorting; returns grades and residue."""
        t = self.treatment
        delivered = shredded * per_pair(t.to_metal)[:, None]
        metal = np.where(len(ALLOYS) > PAIR_ITEM, delivered, 0.0)
        total = metal.sum(axis=2)
        steel, copper = PAIRS.index(("steel", "Fe")), PAIRS.index(("copper", "Cu"))
        for pair, share in ((steel, t.shred_steel), (copper, t.shred_copper)):
            metal[:, :, pair] = np.minimum(total * share[:, year, None], delivered[:, :, pair])
        self._write(flows, "shredding", "alloy_sorting", metal, (*ALLOYS, "steel", "copper"))
        ferrous, cupric = np.zeros_like(metal), np.zeros_like(metal)
        ferrous[:, :, steel] = delivered[:, :, steel] - metal[:, :, steel]
        cupric[:, :, copper] = delivered[:, :, copper] - metal[:, :, copper]
        self._write(flows, "shredding", "ferrous_recycling", ferrous, ("steel",))
        self._write(flows, "shredding", "copper_recycling", cupric, ("copper",))
        residue = shredded - metal - ferrous - cupric
        self._write(flows, "shredding", "asr_treatment", residue)
        return self._sort(year, metal, total), residue

    def _sort(self, year: int, metal: Floats, total: Floats) -> Floats:
        """Alloys to grades by the confusion matrix; free iron and copper follow the mass."""
        to = np.zeros((metal.shape[0], len(SHRED_GRADES), len(ITEMS)))
        to[:, :, _METALS] = self.treatment.sorted_to[:, year].transpose(0, 2, 1)
        grades = metal[:, :, None, :] * per_pair(to)[:, None]
        share = grades.sum(axis=3) / np.where(total > 0, total, 1.0)[..., None]
        for item in (_STEEL, _COPPER):
            pair = int(np.flatnonzero(item == PAIR_ITEM)[0])
            grades[..., pair] = metal[:, :, None, pair] * share
        return grades

    def _residue(self, flows: YearFlows, year: int, residue: Floats) -> Floats:
        """Plastics sorting of a share of the residue; the rest and what it leaves to heat, slag and landfill."""
        t = self.treatment
        into = residue * t.asr_sorted[:, year, None, None]
        self._write(flows, "asr_treatment", "asr_sorting", into)
        caught = np.zeros((residue.shape[0], len(ITEMS)))
        caught[:, len(ALLOYS) : len(ALLOYS) + len(POLYMERS)] = t.asr_recovered[:, year]
        plastic = into * per_pair(caught)[:, None]
        styrenics = ITEMS.index("ABS") == PAIR_ITEM
        olefins = np.where(styrenics, 0.0, plastic)
        pellets = self._pelletise(
            flows, "asr_sorting", [olefins, plastic - olefins], ("asr-pp", "asr-abs"), t.pellet_yield[:, year, 1]
        )
        for process, mass in (("asr_treatment", residue - into), ("asr_sorting", into - plastic)):
            for n, name in enumerate(ASR_TO):
                self._write(flows, process, name, mass * per_pair(t.asr_to[:, :, n])[:, None])
        return pellets


@dataclass(frozen=True)
class _Held:
    """The part of the item and pair axes that a flow can hold."""

    names: tuple[str, ...]
    items: list[int]
    pairs: tuple[tuple[str, str], ...]
    positions: list[int]

    @classmethod
    def of(cls, names: tuple[str, ...]) -> _Held:
        positions = [n for n, (item, _) in enumerate(PAIRS) if item in names]
        ordered = tuple(item for item in ITEMS if item in names)
        return cls(ordered, [ITEMS.index(i) for i in ordered], tuple(PAIRS[n] for n in positions), positions)


def _occurring(treatment: Treatment, outlet: int, always: tuple[str, ...]) -> tuple[str, ...]:
    """Items that some part sends to this outlet of the dismantler."""
    sent = ((treatment.removed_to == outlet) & (treatment.part_share > 0)).any(axis=(0, 1))
    return tuple(item for n, item in enumerate(ITEMS) if sent[n] or item in always)


def _taken_off(share: Floats, part_share: Floats) -> Floats:
    """(D, I) share of each item that leaves in parts, of which a share (D, P) is taken off."""
    taken: Floats = (share[:, :, None] * part_share).sum(axis=1)
    return taken


def _only(pair: int, values: Floats, shape: tuple[int, ...]) -> Floats:
    """Zero everywhere but in one pair."""
    array = np.zeros(shape)
    array[:, :, pair] = values
    return array
