"""Treatment of the scrapped cars of one year, compiled lane by lane: the twin of `TreatmentFlows`, to the same bits.

Flows are not written. What later stages and the indicators need is kept: scrap grades as the yard holds them, pellets,
hulks by alloy, and sums by region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.balance.compiled import compiled, compiled_into
from cesim.balance.inputs import ELV_GRADES, PART_GRADES, REMOVED_TO, SHRED_GRADES
from cesim.balance.lane_sums import long_sum, short_sum
from cesim.balance.masses import PAIR_ITEM
from cesim.ledger.substances import ALLOYS, ELEMENTS, ITEMS, OTHERS, PAIRS, POLYMERS, SIX_THOUSAND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.inputs import Treatment

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_ALLOYS, _WIDTH, _POLYMERS, _OTHERS = len(ALLOYS), len(ELEMENTS), len(POLYMERS), len(OTHERS)
_PAIRS, _ITEMS, _METAL = len(PAIRS), len(ITEMS), len(ALLOYS) * len(ELEMENTS)
_PLASTIC_END = _METAL + 3 * len(POLYMERS)
_PARTS, _SHRED, _GRADES = len(PART_GRADES), len(SHRED_GRADES), len(ELV_GRADES)
_STEEL, _COPPER = PAIRS.index(("steel", "Fe")), PAIRS.index(("copper", "Cu"))
_STEEL_ITEM, _COPPER_ITEM = ITEMS.index("steel"), ITEMS.index("copper")
_FE, _CU = ELEMENTS.index("Fe"), ELEMENTS.index("Cu")
_SIX = len(SIX_THOUSAND)
"""The 6000 series are the first alloys of all."""
_OUTLETS = len(REMOVED_TO)
_WROUGHT, _CAST, _WHEELS, _EXCHANGER, _PP, _FERROUS = (
    REMOVED_TO.index(name) for name in ("wrought", "cast", "wheels", "heat-exchanger", "pp", "ferrous_recycling")
)
_HEAT = REMOVED_TO.index("energy_recovery")
_PART_3XXX, _PART_CAST, _PART_WHEELS = (PART_GRADES.index(name) for name in ("part-3xxx", "part-cast", "wheels"))
_ABS = POLYMERS.index("ABS")

SUMS = (
    "six_in_elvs", "aluminium_in_elvs", "treated", "plastics_in_elvs", "burnt_dismantling", "burnt_residue",
    "burnt_sorting", "burnt_pelletising", "buried_residue", "buried_sorting",
)  # fmt: skip
"""What is summed by region, in this order; then what is burnt of each polymer."""
_BURNT = len(SUMS)
SUM_COUNT = len(SUMS) + len(POLYMERS)
(
    _SIX_IN, _ALL_IN, _TREATED, _PLASTICS_IN, _B_DISMANTLING,
    _B_RESIDUE, _B_SORTING, _B_PELLETS, _L_RESIDUE, _L_SORTING,
) = range(_BURNT)  # fmt: skip

assert ALLOYS[:_SIX] == SIX_THOUSAND


class Plant(NamedTuple):
    """`inputs.Treatment` as a compiled loop reads it, with the same axes."""

    elv_route: Floats
    hulk_route: Floats
    part_share: Floats
    removed_to: Ints
    reused: Floats
    taken: Floats
    identified: Floats
    part_steel: Floats
    to_metal: Floats
    shred_steel: Floats
    shred_copper: Floats
    sorted_to: Floats
    asr_sorted: Floats
    asr_recovered: Floats
    asr_to: Floats
    pellet_yield: Floats


class Yield(NamedTuple):
    """What a year of treatment leaves, lane first.

    `items` (D, R, grade, held item), `elements` (D, R, grade, METALS), `coating` (D, R, grade): scrap grades in t;
    `pellets` (D, R, ELV recyclate, polymer x component); `hulks` (D, alloy, dismantled, shredded);
    `sums` (D, SUM_COUNT, R).
    """

    items: Floats
    elements: Floats
    coating: Floats
    pellets: Floats
    hulks: Floats
    sums: Floats


def plant_of(treatment: Treatment) -> Plant:
    """The arrays of treatment, for a compiled loop."""
    return Plant(*(getattr(treatment, name) for name in Plant._fields))


def new_yield(lanes: int, regions: int) -> Yield:
    """Memory for a year."""
    return Yield(
        np.zeros((lanes, regions, _GRADES, _ALLOYS + 2)), np.zeros((lanes, regions, _GRADES, _WIDTH - 1)),
        np.zeros((lanes, regions, _GRADES)), np.zeros((lanes, regions, 4, 3 * _POLYMERS)),
        np.zeros((lanes, _ALLOYS, regions, regions)), np.zeros((lanes, SUM_COUNT, regions)),
    )  # fmt: skip


class Floor(NamedTuple):
    """Memory for one lane of treatment."""

    item_of: Ints
    moved: Floats
    arrived: Floats
    left: Floats
    shredded: Floats
    reused: Floats
    to: Floats
    gone: Floats
    row: Floats
    grade: Floats
    wanted: Floats
    plastic: Floats
    terms: Floats


def new_floor(regions: int) -> Floor:
    """Memory for one lane of treatment."""
    by_region = (np.empty((regions, _PAIRS)) for _ in range(4))
    return Floor._make([
        PAIR_ITEM.astype(np.int64), *by_region, np.empty(_ITEMS), np.empty((_OUTLETS, _ITEMS)),
        np.zeros((_OUTLETS, _PAIRS)), np.zeros(_PAIRS), np.zeros((_PARTS, _PAIRS)), np.empty(_PARTS),
        np.empty((4, 3 * _POLYMERS)), np.empty(_WIDTH),
    ])  # fmt: skip


@compiled
def treat(plant: Plant, year: int, scrapped: Floats, floor: Floor, out: Yield) -> None:
    """Treat the cars scrapped (D, R, pairs) of a year (index) in every lane."""
    lanes, regions = scrapped.shape[:2]
    item_of, moved, arrived, left, shredded, reused, to, gone, row, grade, wanted, plastic, terms = floor
    for lane in range(lanes):
        sums = out.sums[lane]
        sums[:] = 0.0
        _take_back(plant.elv_route[lane], scrapped[lane], moved, arrived, sums)
        _taken_off(plant, lane, year, reused, to)
        gone[:] = 0.0
        for r in range(regions):
            _dismantle(plant, lane, year, r, arrived[r], item_of, reused, to, gone, grade, wanted, left[r], out)
            for n in range(2):
                for p in range(3 * _POLYMERS):
                    plastic[n, p] = gone[_PP + n, _METAL + p]
            _pelletise(plastic[:2], plant.pellet_yield[lane, year, 0], sums, r, out.pellets[lane, r, :2])
        _hulks(plant.hulk_route[lane], left, moved, shredded, out.hulks[lane])
        for r in range(regions):
            _shred(plant, lane, year, r, shredded[r], item_of, row, left[r], out)
            _residue(plant, lane, year, r, left[r], row, terms, plastic[2:], sums, out.pellets[lane, r, 2:])


@compiled_into
def first_pair(item: int) -> int:
    """Where the pairs of an item begin."""
    if item < _ALLOYS:
        return item * _WIDTH
    if item < _ALLOYS + _POLYMERS:
        return _METAL + 3 * (item - _ALLOYS)
    return _PLASTIC_END + item - _ALLOYS - _POLYMERS


@compiled_into
def item_total(pairs: Floats, item: int) -> float:
    """Mass of an item (`masses.item_totals`)."""
    if item < _ALLOYS:
        return short_sum(pairs, item * _WIDTH, _WIDTH)
    if item < _ALLOYS + _POLYMERS:
        p = _METAL + 3 * (item - _ALLOYS)
        return float(pairs[p] + pairs[p + 1] + pairs[p + 2])
    return float(pairs[_PLASTIC_END + item - _ALLOYS - _POLYMERS])


@compiled_into
def _take_back(route: Floats, scrapped: Floats, moved: Floats, arrived: Floats, sums: Floats) -> None:
    """Cars to the dismantlers, and what is in them by region of dismantling."""
    regions = scrapped.shape[0]
    arrived[:] = 0.0
    for source in range(regions):
        for r in range(regions):
            share = route[source, r]
            for p in range(_PAIRS):
                moved[r, p] = scrapped[source, p] * share
                arrived[r, p] += moved[r, p]
        for item in range(_ALLOYS):
            for e in range(_WIDTH - 1):
                for r in range(regions):
                    mass = moved[r, item * _WIDTH + e]
                    sums[_ALL_IN, r] += mass
                    if item < _SIX:
                        sums[_SIX_IN, r] += mass
        for item in range(_ITEMS):
            for r in range(regions):
                mass = item_total(moved[r], item)
                sums[_TREATED, r] += mass
                if _ALLOYS <= item < _ALLOYS + _POLYMERS:
                    sums[_PLASTICS_IN, r] += mass


@compiled_into
def _taken_off(plant: Plant, lane: int, year: int, reused: Floats, to: Floats) -> None:
    """Share of each item that leaves in parts, for reuse and by outlet."""
    reused[:] = 0.0
    to[:] = 0.0
    for part in range(plant.part_share.shape[1]):
        again = plant.reused[lane, year, part]
        material = (1.0 - again) * plant.taken[lane, year, part]
        for item in range(_ITEMS):
            share = plant.part_share[lane, part, item]
            reused[item] += again * share
            to[plant.removed_to[part, item], item] += material * share


@compiled_into
def _dismantle(
    plant: Plant,
    lane: int,
    year: int,
    r: int,
    arrived: Floats,
    item_of: Ints,
    reused: Floats,
    to: Floats,
    gone: Floats,
    grade: Floats,
    wanted: Floats,
    left: Floats,
    out: Yield,
) -> None:
    """Parts for reuse, parts for their material, and the hulk that is left."""
    for n in range(_OUTLETS):
        for item in range(_ITEMS):
            share = to[n, item]
            if share != 0.0:  # most parts go to one outlet: the others stay empty
                for p in range(first_pair(item), first_pair(item + 1)):
                    gone[n, p] = arrived[p] * share
    attached = _part_grades(plant, lane, year, r, gone, grade, wanted, out)
    for p in range(_PAIRS):
        left[p] = 0.0
    for n in range(_OUTLETS):
        for item in range(_ITEMS):
            if to[n, item] != 0.0:
                for p in range(first_pair(item), first_pair(item + 1)):
                    left[p] += gone[n, p]
    for p in range(_PAIRS):
        left[p] = arrived[p] - arrived[p] * reused[item_of[p]] - left[p]
    left[_STEEL] -= attached
    for p in range(_PAIRS):
        left[p] = max(left[p], 0.0)
    sums = out.sums[lane]
    for item in range(_ITEMS):
        if to[_HEAT, item] != 0.0:
            sums[_B_DISMANTLING, r] += item_total(gone[_HEAT], item)
    for k in range(_POLYMERS):
        sums[_BURNT + k, r] += gone[_HEAT, _METAL + 3 * k]


@compiled_into
def _part_grades(
    plant: Plant, lane: int, year: int, r: int, gone: Floats, grade: Floats, wanted: Floats, out: Yield
) -> float:
    """Wrought parts as far as their alloy is known, the rest by what they are; returns the steel left on them."""
    for g in range(_PARTS):
        for alloy in range(_ALLOYS):
            share = plant.identified[lane, year, alloy, g]
            start = alloy * _WIDTH
            for e in range(_WIDTH):
                grade[g, start + e] = gone[_WROUGHT, start + e] * share
    for p in range(_METAL):
        grade[_PART_3XXX, p] += gone[_EXCHANGER, p]
        grade[_PART_CAST, p] += gone[_CAST, p]
        grade[_PART_WHEELS, p] += gone[_WHEELS, p]
    for g in range(_PARTS):
        wanted[g] = long_sum(grade[g], _PAIRS) * plant.part_steel[lane]
    total = short_sum(wanted, 0, _PARTS)
    fits = min(1.0, gone[_FERROUS, _STEEL] / (total if total > 0.0 else 1.0))
    for g in range(_PARTS):
        wanted[g] = wanted[g] * fits
        _into_yard(grade[g], wanted[g], 0.0, r, g, lane, out)
    attached = short_sum(wanted, 0, _PARTS)
    gone[_FERROUS, _STEEL] -= attached
    return attached


@compiled_into
def _into_yard(metal: Floats, steel: float, copper: float, r: int, g: int, lane: int, out: Yield) -> None:
    """A grade as the yard holds it (`metal.grade_stock`)."""
    items, elements = out.items[lane, r, g], out.elements[lane, r, g]
    elements[:] = 0.0
    coating = 0.0
    for alloy in range(_ALLOYS):
        if metal[alloy * _WIDTH] == 0.0:  # without aluminium there is none of the alloy
            items[alloy] = 0.0
        else:
            items[alloy] = short_sum(metal, alloy * _WIDTH, _WIDTH)
            for e in range(_WIDTH - 1):
                elements[e] += metal[alloy * _WIDTH + e]
            coating += metal[alloy * _WIDTH + _WIDTH - 1]
    items[_ALLOYS], items[_ALLOYS + 1] = steel, copper
    elements[_FE] += steel
    elements[_CU] += copper
    out.coating[lane, r, g] = coating


@compiled_into
def _hulks(route: Floats, left: Floats, moved: Floats, shredded: Floats, hulks: Floats) -> None:
    """Hulks to the shredders, and the aluminium in them from everywhere to everywhere."""
    regions = left.shape[0]
    shredded[:] = 0.0
    for source in range(regions):
        for r in range(regions):
            share = route[source, r]
            for p in range(_PAIRS):
                moved[r, p] = left[source, p] * share
                shredded[r, p] += moved[r, p]
            for alloy in range(_ALLOYS):
                hulks[alloy, source, r] = short_sum(moved[r], alloy * _WIDTH, _WIDTH)


@compiled_into
def _shred(
    plant: Plant,
    lane: int,
    year: int,
    r: int,
    shredded: Floats,
    item_of: Ints,
    row: Floats,
    residue: Floats,
    out: Yield,
) -> None:
    """Magnet and eddy current, then cast/wrought and alloy sorting; the residue is left."""
    to_metal = plant.to_metal[lane]
    metal = residue  # its place serves twice
    for p in range(_METAL):
        metal[p] = shredded[p] * to_metal[item_of[p]]
    for p in range(_METAL, _PAIRS):
        metal[p] = 0.0
    total = long_sum(metal, _PAIRS)
    steel, copper = shredded[_STEEL] * to_metal[_STEEL_ITEM], shredded[_COPPER] * to_metal[_COPPER_ITEM]
    kept_steel = min(total * plant.shred_steel[lane, year], steel)
    kept_copper = min(total * plant.shred_copper[lane, year], copper)
    row[:] = 0.0
    for g in range(_SHRED):
        for alloy in range(_ALLOYS):
            share = plant.sorted_to[lane, year, alloy, g]
            start = alloy * _WIDTH
            for e in range(_WIDTH):
                row[start + e] = metal[start + e] * share
        share = long_sum(row, _PAIRS) / (total if total > 0.0 else 1.0)
        _into_yard(row, kept_steel * share, kept_copper * share, r, _PARTS + g, lane, out)
    metal[_STEEL], metal[_COPPER] = kept_steel, kept_copper
    for p in range(_PAIRS):
        residue[p] = shredded[p] - metal[p]
    residue[_STEEL] -= steel - kept_steel
    residue[_COPPER] -= copper - kept_copper


@compiled_into
def _residue(
    plant: Plant,
    lane: int,
    year: int,
    r: int,
    residue: Floats,
    row: Floats,
    terms: Floats,
    plastic: Floats,
    sums: Floats,
    pellets: Floats,
) -> None:
    """Plastics sorting of a share of the residue; the rest to heat, slag and landfill."""
    share = plant.asr_sorted[lane, year]
    asr_to = plant.asr_to[lane]
    for p in range(3 * _POLYMERS):
        k = p // 3
        caught = residue[_METAL + p] * share * plant.asr_recovered[lane, year, k]
        olefins = 0.0 if k == _ABS else caught
        plastic[0, p] = olefins
        plastic[1, p] = caught - olefins
    _pelletise(plastic, plant.pellet_yield[lane, year, 1], sums, r, pellets)
    for way in range(2):
        for p in range(_PAIRS):
            into = residue[p] * share
            if way == 0:
                row[p] = residue[p] - into
            elif _METAL <= p < _PLASTIC_END:
                row[p] = into - into * plant.asr_recovered[lane, year, (p - _METAL) // 3]
            else:
                row[p] = into
        for end in range(2):
            place = _B_RESIDUE + way if end == 0 else _L_RESIDUE + way
            sums[place, r] = _sent(row, asr_to, end, terms)
        for k in range(_POLYMERS):
            sums[_BURNT + k, r] += row[_METAL + 3 * k] * asr_to[_ALLOYS + k, 0]


@compiled_into
def _sent(row: Floats, asr_to: Floats, end: int, terms: Floats) -> float:
    """Mass of the residue sent to one end, item by item."""
    total = 0.0
    for item in range(_ITEMS):
        share = asr_to[item, end]
        if item < _ALLOYS:
            for e in range(_WIDTH):
                terms[e] = row[item * _WIDTH + e] * share
            total += short_sum(terms, 0, _WIDTH)
        elif item < _ALLOYS + _POLYMERS:
            p = _METAL + 3 * (item - _ALLOYS)
            total += row[p] * share + row[p + 1] * share + row[p + 2] * share
        else:
            total += row[_PLASTIC_END + item - _ALLOYS - _POLYMERS] * share
    return total


@compiled_into
def _pelletise(plastic: Floats, made: float, sums: Floats, r: int, pellets: Floats) -> None:
    """Plastics (n, polymer x component) to pellet; what is lost is burnt."""
    for n in range(2):
        for k in range(_POLYMERS):
            p = 3 * k
            lost = 0.0
            for c in range(3):
                pellet = plastic[n, p + c] * made
                pellets[n, p + c] = pellet
                rest = plastic[n, p + c] - pellet
                lost = rest if c == 0 else lost + rest
                if c == 0:
                    sums[_BURNT + k, r] += rest
            sums[_B_PELLETS, r] += lost
