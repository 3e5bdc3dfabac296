"""Cars as lanes need them: what does not change with the metal, worked out once, and the loops for what does.

The masses of cars that leave use are linear in the composition of their cohorts. How much of each alloy leaves, by
cohort and region, follows from the fleet alone; the composition is what the model made of it (`masses.Memory`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.compiled import compiled, compiled_into
from cesim.balance.lane_sums import long_sum, short_sum
from cesim.balance.masses import PAIR_ITEM
from cesim.ledger.substances import ALLOYS, ELEMENTS, PAIRS, POLYMERS, SIX_THOUSAND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.inputs import Cars

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_ALLOYS, _WIDTH, _METAL = len(ALLOYS), len(ELEMENTS), len(ALLOYS) * len(ELEMENTS)
_SIX = len(SIX_THOUSAND)
_PLASTIC = slice(_ALLOYS, _ALLOYS + len(POLYMERS))


@dataclass(frozen=True)
class Leaving:
    """One way out of use, of the material classes that hold aluminium (C of them).

    `past` (D, Y, R, C) t of cohorts older than the balance by region; `recent` (D, Y, Y, C) t by cohort of the balance.
    """

    past: Floats
    recent: Floats


@dataclass(frozen=True)
class CarLanes:
    """Everything of `inputs.Cars` that a re-evaluation needs, D draws, Y years."""

    scrapped: Leaving
    exported: Leaving
    other: Leaving
    rest: Floats
    """(Y, D, R, pair) t scrapped of what is neither aluminium nor its paint."""
    age_share: Floats
    """(D, age, R)"""
    place: Ints
    """(A,) which of the classes an alloy belongs to."""
    split: Floats
    """(D, A)"""
    composition: Floats
    """(D, A, element) of cars older than the balance."""
    finished: Floats
    """(Y, D, A) t of metal in the parts of new cars."""
    paint: Floats
    """(Y, D, A)"""
    kept: Floats
    """(Y, D, A) share of the cars built that stays in the country."""
    imported: Floats
    """(Y, D, A, element) t in new cars from abroad."""
    plastics: Floats
    """(Y, D, polymer) t of plastics in the cars built."""
    recipe: Floats
    """(D, polymer, component)"""
    assembly: Floats
    """(D, R)"""

    @property
    def years(self) -> int:
        """Years of the balance."""
        return int(self.finished.shape[0])


def car_lanes(cars: Cars) -> CarLanes:
    """Work out what follows from the fleet alone."""
    classes, place = np.unique(cars.item_class[:_ALLOYS], return_inverse=True)
    kept, imported, finished, paint, plastics = _made(cars)
    draws, ways, placed = cars.split.shape[0], (cars.scrapped, cars.exported, cars.other), _past(cars)
    past = [_by_region(cars, placed, way) for way in ways]
    scrapped, exported, other = (_leaving(cars, *own, classes) for own in zip(past, ways, strict=True))
    return CarLanes(
        scrapped, exported, other, _rest(cars, past[0]), cars.age_share, place.astype(np.int64),
        np.ascontiguousarray(cars.split[:, :_ALLOYS]),
        np.ascontiguousarray(cars.nominal[:, :_METAL]).reshape(draws, _ALLOYS, _WIDTH),
        finished, paint, kept, imported, plastics, _recipe(cars.nominal), cars.assembly,
    )  # fmt: skip


def with_nominal(lanes: CarLanes, cars: Cars) -> CarLanes:
    """The same cars with other alloys in them: `cars` may hold new compositions, and no cohorts."""
    kept, imported, finished, paint, plastics = _made(cars)
    composition = np.ascontiguousarray(cars.nominal[:, :_METAL]).reshape(lanes.composition.shape)
    return replace(
        lanes, composition=composition, finished=finished, paint=paint, kept=kept, imported=imported, plastics=plastics
    )


def _recipe(nominal: Floats) -> Floats:
    plastic = nominal[:, _METAL : _METAL + 3 * len(POLYMERS)]
    return np.ascontiguousarray(plastic).reshape(-1, len(POLYMERS), 3)


def _past(cars: Cars) -> list[Floats]:
    """Where each of the cohorts older than the balance is in every year, [Y] (D, region, cohort)."""
    old = _old(cars)
    age = int(cars.years[0]) - cars.first_cohort - np.arange(old)
    last = cars.age_share.shape[1] - 1
    placed = (np.take(cars.age_share, np.clip(age + year, 0, last), axis=1) for year in range(cars.years.size))
    return [by_age.transpose(0, 2, 1) for by_age in placed]


def _old(cars: Cars) -> int:
    """Number of cohorts older than the balance."""
    return int(cars.years[0]) - cars.first_cohort


def _by_region(cars: Cars, placed: list[Floats], weight: Floats) -> Floats:
    """All classes of one way out, of the old cohorts, (D, Y, R, Q): the product that `masses.Memory` takes."""
    draws, years, _, classes = weight.shape
    out = np.empty((draws, years, cars.age_share.shape[2], classes))
    for year, by_region in enumerate(placed):
        out[:, year] = np.matmul(by_region, weight[:, year, : _old(cars)])
    return out


def _leaving(cars: Cars, past: Floats, weight: Floats, classes: Ints) -> Leaving:
    """Classes of one way out, by region for the old cohorts."""
    draws, years = weight.shape[:2]
    old, recent = _old(cars), np.zeros((draws, years, years, classes.size))
    for year in range(years):
        recent[:, year, :year] = weight[:, year, old : old + year][..., classes]
    return Leaving(np.take(past, classes, axis=3), recent)


def _rest(cars: Cars, past: Floats) -> Floats:
    """Scrapped pairs that do not depend on what the metal of a cohort was (`Memory._items`)."""
    years, draws, regions = cars.years.size, cars.split.shape[0], cars.age_share.shape[2]
    out = np.empty((years, draws, regions, len(PAIRS) - _METAL))
    terms, pair_item = np.empty(years), PAIR_ITEM.astype(np.int64)
    for year in range(years):
        known = cars.scrapped[:, year, _old(cars) : _old(cars) + year]
        scrapped_rest(
            past[:, year], known, cars.age_share, cars.item_class.astype(np.int64), cars.split, cars.nominal, pair_item,
            terms, out[year],
        )  # fmt: skip
    return out


@compiled
def scrapped_rest(
    past: Floats,
    known: Floats,
    age_share: Floats,
    item_class: Ints,
    split: Floats,
    nominal: Floats,
    pair_item: Ints,
    terms: Floats,
    out: Floats,
) -> None:
    """Write the t scrapped in a year (index) of what is neither aluminium nor its paint: `out` (D, R, pair).

    Parameters
    ----------
    past : (D, R, Q), known : (D, year, Q)
        t of classes, of the cohorts older than the balance by region, and of each of those since
    pair_item : (all pairs,)
    terms
        working memory, as long as there are years
    """
    lanes, year = known.shape[:2]
    for lane in range(lanes):
        for r in range(out.shape[1]):
            item, total = -1, 0.0
            for p in range(out.shape[2]):
                if pair_item[_METAL + p] != item:
                    item = pair_item[_METAL + p]
                    c, part = item_class[item], split[lane, item]
                    terms[0] = past[lane, r, c] * part
                    for g in range(year):
                        age = min(year - g, age_share.shape[1] - 1)
                        terms[g + 1] = age_share[lane, age, r] * known[lane, g, c] * part
                    total = _added(terms, year + 1, out.shape[1])
                out[lane, r, p] = total * nominal[lane, _METAL + p]


@compiled_into
def _added(terms: Floats, count: int, regions: int) -> float:
    """Sum of cohorts in the order of numpy, which adds them one by one where there are regions beside them."""
    if regions == 1:
        return long_sum(terms, count)
    total = terms[0]
    for n in range(1, count):
        total += terms[n]
    return float(total)


def _made(cars: Cars) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """New cars of every year: kept at home, imported, metal and paint of parts, plastics (`Chain`, `CarFlows`)."""
    paint_share = cars.nominal[:, _WIDTH - 1 : _METAL : _WIDTH]
    nominal = cars.nominal[:, :_METAL]
    kept, imported, finished, paint, plastics = [], [], [], [], []
    for year in range(cars.years.size):
        demand = np.take(cars.built[:, year], cars.item_class, axis=1) * cars.split
        finished.append(demand[:, :_ALLOYS] * (1.0 - paint_share))
        paint.append(demand[:, :_ALLOYS] * paint_share)
        plastics.append(demand[:, _PLASTIC])
        built = np.maximum(cars.built[:, year], 1e-300)
        kept.append(1.0 - np.take(cars.shipped[:, year] / built, cars.item_class[:_ALLOYS], axis=1))
        abroad = (np.take(cars.imported[:, year], cars.item_class, axis=1) * cars.split)[:, :_ALLOYS]
        imported.append((np.repeat(abroad, _WIDTH, axis=1) * nominal).reshape(-1, _ALLOYS, _WIDTH))
    return np.stack(kept), np.stack(imported), np.stack(finished), np.stack(paint), np.stack(plastics)


@compiled
def alloys_leaving(
    past: Floats, recent: Floats, age_share: Floats, place: Ints, split: Floats, year: int, mass: Floats
) -> None:
    """Write the t of each alloy that leave in a year (index): `mass` (D, alloy, cohort group, R), group 0 the past."""
    lanes, alloys, groups, regions = mass.shape
    for lane in range(lanes):
        for alloy in range(alloys):
            share, c = split[lane, alloy], place[alloy]
            for r in range(regions):
                mass[lane, alloy, 0, r] = past[lane, year, r, c] * share
            for g in range(1, groups):
                weight, age = recent[lane, year, g - 1, c], year - g + 1
                for r in range(regions):
                    mass[lane, alloy, g, r] = age_share[lane, age, r] * weight * share


@compiled
def remember(
    year: int,
    finished: Floats,
    composition: Floats,
    paint: Floats,
    kept: Floats,
    imported: Floats,
    memory: Floats,
) -> None:
    """Write what the cohort of a year (index) is made of into `memory` (D, cohort, alloy, element).

    `finished` (D, M, A) and `composition` (D, M, A, METALS) are those of the products, the others of this year
    (`Chain._built`, `CarFlows.sell`).
    """
    lanes, sites = finished.shape[:2]
    for lane in range(lanes):
        for alloy in range(_ALLOYS):
            own = memory[lane, year + 1, alloy]
            for e in range(_WIDTH):
                made = 0.0
                if e == _WIDTH - 1:
                    made = paint[lane, alloy]
                else:
                    for m in range(sites):
                        made += finished[lane, m, alloy] * composition[lane, m, alloy, e]
                own[e] = made * kept[lane, alloy] + imported[lane, alloy, e]
            total = short_sum(own, 0, _WIDTH)
            for e in range(_WIDTH):
                own[e] = own[e] / total if total > 0.0 else memory[lane, 0, alloy, e]
