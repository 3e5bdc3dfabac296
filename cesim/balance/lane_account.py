"""What the indicators ask of the aluminium of one year, compiled lane by lane.

The twin of `MetalFlows` followed by the sums of `cesim.indicators`: each mass is worked out as it would be written, and
added up in the order of its cells in the table, to the same bits. Nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.balance.compiled import compiled, compiled_into
from cesim.balance.inputs import ELV_GRADES, MARKET_GRADES, PART_GRADES, YARD
from cesim.balance.lane_sums import short_sum
from cesim.balance.metal import ADMITTED, METALS
from cesim.ledger.substances import ALLOYS, CAST, ELEMENTS, ORIGINS, POST_CONSUMER, PRE_CONSUMER, SIX_THOUSAND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.lane_metal import Melted, Works

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_ALLOYS, _METALS, _ORIGINS, _YARD, _WIDTH = len(ALLOYS), len(METALS), len(ORIGINS), len(YARD), len(ELEMENTS)
_GRADES, _PARTS, _MARKET, _NEW = len(ELV_GRADES), len(PART_GRADES), len(MARKET_GRADES), YARD.index("new-mixed")
_SIX, _HELD, _FIRST_CAST = len(SIX_THOUSAND), len(ALLOYS) + 2, ALLOYS.index(CAST[0])
_POST_ELV = ORIGINS.index("post_elv")
_KINDS = ("part-", "wheels", "sorted-", "shred-")

SUMS = (
    "returned", "any_returned", "cascaded", "finished", "post", "pre", "primary", "additions", "scrap", "surplus",
    "left_use",
)  # fmt: skip
"""What is summed by region, in this order."""
(
    _RETURNED, _ANY, _CASCADED, _FINISHED, _POST, _PRE, _PRIMARY, _ADDITIONS, _SCRAP, _SURPLUS, _LEFT_USE,
) = range(len(SUMS))  # fmt: skip

assert ALLOYS[_FIRST_CAST:] == CAST


class Chart(NamedTuple):
    """Orders in which cells stand in the table, and which there are."""

    admitted: Bools
    """(YARD, alloy) whether a grade may go into an alloy."""
    by_name: Ints
    """(grade,) the ELV grades in the order of their names."""
    kind: Ints
    """(grade,) parts, wheels, sorted or shredded: the groups in which surplus is summed."""
    post: Bools
    pre: Bools
    """(origin,) what counts as post- and pre-consumer."""


def new_chart() -> Chart:
    """The orders of the table."""
    return Chart(
        np.array([[g in ADMITTED[alloy] for alloy in ALLOYS] for g in range(_YARD)]),
        np.array(sorted(range(_GRADES), key=ELV_GRADES.__getitem__)),
        np.array([next(k for k, start in enumerate(_KINDS) if g.startswith(start)) for g in ELV_GRADES]),
        np.array([o in POST_CONSUMER for o in ORIGINS]), np.array([o in PRE_CONSUMER for o in ORIGINS]),
    )  # fmt: skip


class Slate(NamedTuple):
    """Memory for one lane."""

    share: Floats
    """(M, grade) of what a yard holds that is charged."""
    metal: Floats
    """(grade, held item) at a site, without paint."""
    whole: Floats
    """(grade, held item) at a site, with paint."""
    part: Floats
    """(grade, alloy) share of that metal that goes into each alloy."""
    entered: Floats
    """(alloy,) ELV metal that enters a melt."""
    ratio: Floats
    by_yard: Floats
    """(2, alloy of the old car, grade, region): ELV metal in 6000-series parts, and melted into castings."""
    by_car: Floats
    """(2, alloy of the old car, region of dismantling)"""
    at_shredder: Floats
    kinds: Floats
    moved: Floats
    """(M,)"""
    moved_items: Floats
    """(grade, held item, R) at a site"""


def new_slate(regions: int, sites: int) -> Slate:
    """Memory for one lane."""
    return Slate(
        np.empty((sites, _GRADES)), np.empty((_GRADES, _HELD)), np.empty((_GRADES, _HELD)),
        np.empty((_GRADES, _ALLOYS)), np.empty(_ALLOYS), np.empty(_ALLOYS),
        np.empty((2, _ALLOYS, _GRADES, regions)), np.empty((2, _ALLOYS, regions)), np.empty(regions),
        np.empty((len(_KINDS), regions)), np.empty(sites),
        np.empty((_GRADES, _HELD, regions)),
    )  # fmt: skip


@compiled
def account(
    works: Works,
    year: int,
    chart: Chart,
    route: Floats,
    assembly: Floats,
    melters: Ints,
    items: Floats,
    coating: Floats,
    hulks: Floats,
    waiting_items: Floats,
    waiting_elements: Floats,
    melted: Melted,
    slate: Slate,
    sums: Floats,
) -> None:
    """Sum what the indicators ask of a year (index) into `sums` (D, SUMS, R), except what left use.

    Parameters
    ----------
    route : (D, R, M), assembly : (D, R), melters : (M,)
    items : (D, R, grade, held item), coating : (D, R, grade)
        scrap grades where they arose
    hulks : (D, alloy, dismantled, shredded)
    waiting_items : (D, M, A), waiting_elements : (D, M, METALS)
        mixed new scrap that waited in the yard
    """  # fmt: skip
    for lane in range(sums.shape[0]):
        out = sums[lane]
        out[:_LEFT_USE] = 0.0
        slate.by_yard[:] = 0.0
        for m in range(melters.size):
            region = melters[m]
            for g in range(_GRADES):
                stock = melted.stock[lane, m, g]
                used = short_sum(melted.used[lane, m, g], 0, _ALLOYS)
                slate.share[m, g] = used / (stock if stock > 0.0 else 1.0)
            _melt_down(works, lane, year, m, route[lane], items[lane], coating[lane], melted, slate)
            out[_SCRAP, region] = _into_melts(
                works, chart, lane, year, m, waiting_items[lane, m], waiting_elements[lane, m], melted, slate
            )
            _products(lane, m, region, chart, assembly[lane], melted, slate, out)
            _back_to_yards(slate)
        _surplus(chart, route[lane], items[lane], slate, out)
        _back_to_cars(chart, hulks[lane], slate)
        for r in range(out.shape[1]):
            for alloy in range(_ALLOYS):
                out[_ANY, r] += slate.by_car[0, alloy, r]
                out[_CASCADED, r] += slate.by_car[1, alloy, r]
                if alloy < _SIX:
                    out[_RETURNED, r] += slate.by_car[0, alloy, r]


@compiled
def left_use(scrapped: Floats, exported: Floats, other: Floats, sums: Floats) -> None:
    """Sum the 6000 series in cars that leave use, (D, R, pairs) each, of which the 6000 series come first."""
    for lane in range(sums.shape[0]):
        for r in range(sums.shape[2]):
            first = second = third = 0.0
            for alloy in range(_SIX):
                for p in range(alloy * _WIDTH, alloy * _WIDTH + _WIDTH - 1):
                    first += scrapped[lane, r, p]
                    second += exported[lane, r, p]
                    third += other[lane, r, p]
            sums[lane, _LEFT_USE, r] = first + second + third


@compiled_into
def _melt_down(
    works: Works,
    lane: int,
    year: int,
    m: int,
    route: Floats,
    items: Floats,
    coating: Floats,
    melted: Melted,
    slate: Slate,
) -> None:
    """What of each grade is melted down at a site, with and without its paint (`_melt_down_elv`)."""
    regions = route.shape[0]
    for g in range(_GRADES):
        whole, metal = slate.whole[g], slate.metal[g]
        whole[:] = 0.0
        paint = 0.0
        for r in range(regions):
            moved = route[r, m] * slate.share[m, g]
            paint += moved * coating[r, g]
            for i in range(_HELD):
                mass = moved * items[r, g, i]
                slate.moved_items[g, i, r] = mass
                whole[i] += mass
        total = short_sum(whole, 0, _HELD)
        bare = 1.0 - paint / (total if total > 0.0 else 1.0)
        for i in range(_HELD):
            metal[i] = whole[i] * bare
        amount = melted.used[lane, m, g]
        charged = short_sum(amount, 0, _ALLOYS)
        kept = 1.0 - works.loss[lane, year, g]
        for alloy in range(_ALLOYS):
            slate.part[g, alloy] = amount[alloy] / (charged if charged > 0.0 else 1.0) * kept


@compiled_into
def _into_melts(
    works: Works,
    chart: Chart,
    lane: int,
    year: int,
    m: int,
    waiting_items: Floats,
    waiting_elements: Floats,
    melted: Melted,
    slate: Slate,
) -> float:
    """All scrap that enters the melts of a site, t; by alloy what of it was in a car is left in `entered`."""
    slate.entered[:] = 0.0
    total = 0.0
    for g in range(_GRADES):
        for alloy in range(_ALLOYS):
            part = slate.part[g, alloy]
            if part == 0.0:
                continue
            entered = slate.entered[alloy]
            for i in range(_HELD):
                mass = slate.metal[g, i] * part
                total += mass
                entered += mass
            slate.entered[alloy] = entered
    total = _new_mixed(works, chart, lane, year, waiting_items, waiting_elements, melted.used[lane, m, _NEW], total)
    for alloy in range(_ALLOYS):
        for k in range(_MARKET):
            amount = melted.used[lane, m, _NEW + 1 + k, alloy]
            if amount == 0.0:
                continue
            loss = works.loss[lane, year, _NEW + 1 + k]
            bought = amount / (1.0 - loss)
            for o in range(_ORIGINS):
                total += bought * works.market_origin[lane, k, o] * (1.0 - loss)
        loss = works.new_loss[lane]
        total += melted.returned[lane, m, alloy] / (1.0 - loss) * (1.0 - loss)
    return total


@compiled_into
def _new_mixed(
    works: Works, chart: Chart, lane: int, year: int, items: Floats, elements: Floats, amount: Floats, total: float
) -> float:
    """Add last year's mixed new scrap that is charged (`MetalFlows.new_mixed`)."""
    loss = works.loss[lane, year, _NEW]
    recoverable = short_sum(elements, 0, _METALS) * (1.0 - loss)
    whole = short_sum(amount, 0, _ALLOYS)
    share = min(max(whole / (recoverable if recoverable > 0.0 else 1.0), 0.0), 1.0)
    for alloy in range(_ALLOYS):
        part = amount[alloy] / (whole if whole > 0.0 else 1.0) * (1.0 - loss)
        if chart.admitted[_NEW, alloy] and part != 0.0:
            for i in range(_ALLOYS):
                total += items[i] * share * part
    return total


@compiled_into
def _products(
    lane: int, m: int, region: int, chart: Chart, assembly: Floats, melted: Melted, slate: Slate, out: Floats
) -> None:
    """Primary, additions and finished parts of a site, and what of the ELV metal in a melt ends in parts."""
    for alloy in range(_ALLOYS):
        out[_PRIMARY, region] += melted.primary[lane, m, alloy]
        out[_ADDITIONS, region] += short_sum(melted.additions[lane, m, alloy], 0, _METALS)
        slate.ratio[alloy] = 0.0
        if alloy >= _SIX:
            continue
        finished = post = pre = elv = 0.0
        origin = melted.origin[lane, m, alloy]
        for r in range(assembly.size):
            spread = melted.finished[lane, m, alloy] * assembly[r]
            for o in range(_ORIGINS):
                mass = spread * origin[o]
                finished += mass
                if chart.post[o]:
                    post += mass
                if chart.pre[o]:
                    pre += mass
            elv += spread * origin[_POST_ELV]
        out[_FINISHED, region] += finished
        out[_POST, region] += post
        out[_PRE, region] += pre
        entered = slate.entered[alloy]
        slate.ratio[alloy] = elv / entered if entered > 0.0 else 0.0


@compiled_into
def _back_to_yards(slate: Slate) -> None:
    """Give ELV metal in 6000-series parts and in castings back to the yards it came from (`Trace._brought`)."""
    regions = slate.moved_items.shape[2]
    for g in range(_GRADES):
        for alloy in range(_ALLOYS):
            metal = slate.metal[g, alloy]
            if metal == 0.0:
                continue
            in_parts = cast = 0.0
            for product in range(_SIX):
                in_parts += metal * slate.part[g, product] * slate.ratio[product]
            for product in range(_FIRST_CAST, _ALLOYS):
                cast += metal * slate.part[g, product]
            whole = slate.whole[g, alloy]
            for r in range(regions):
                brought = slate.moved_items[g, alloy, r] / whole
                slate.by_yard[0, alloy, g, r] += brought * in_parts
                slate.by_yard[1, alloy, g, r] += brought * cast


@compiled_into
def _surplus(chart: Chart, route: Floats, items: Floats, slate: Slate, out: Floats) -> None:
    """ELV scrap that nobody charges."""
    regions, sites = route.shape
    slate.kinds[:] = 0.0
    for g in range(_GRADES):
        for r in range(regions):
            for m in range(sites):
                slate.moved[m] = route[r, m] * slate.share[m, g]
            left = max(1.0 - short_sum(slate.moved, 0, sites), 0.0)
            total = slate.kinds[chart.kind[g], r]
            for i in range(_HELD):
                total += items[r, g, i] * left
            slate.kinds[chart.kind[g], r] = total
    for r in range(regions):
        out[_SURPLUS, r] = slate.kinds[0, r] + slate.kinds[1, r] + slate.kinds[2, r] + slate.kinds[3, r]


@compiled_into
def _back_to_cars(chart: Chart, hulks: Floats, slate: Slate) -> None:
    """Give what the yards hold back to the regions where the cars were dismantled (`Trace._by_region_of_car`)."""
    regions = hulks.shape[1]
    for end in range(2):
        for alloy in range(_ALLOYS):
            by_car, shredder = slate.by_car[end, alloy], slate.at_shredder
            by_car[:] = 0.0
            shredder[:] = 0.0
            for n in range(_GRADES):
                g = chart.by_name[n]
                for r in range(regions):
                    if g < _PARTS:
                        by_car[r] += slate.by_yard[end, alloy, g, r]
                    else:
                        shredder[r] += slate.by_yard[end, alloy, g, r]
            for s in range(regions):
                whole = 0.0
                for r in range(regions):
                    whole += hulks[alloy, r, s]
                slate.kinds[0, s] = whole
            for r in range(regions):
                through = 0.0
                for s in range(regions):
                    whole = slate.kinds[0, s]
                    if whole > 0.0:
                        through += hulks[alloy, r, s] / whole * shredder[s]
                by_car[r] += through
