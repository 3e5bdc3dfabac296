"""Cars as lanes need them: what does not change with the metal, worked out once, and the loops for what does.

The masses of cars that leave use are linear in the composition of their cohorts. How much of each alloy leaves, by
cohort and region, follows from the fleet alone; the composition is what the model made of it (`masses.Memory`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.compiled import compiled
from cesim.balance.lane_sums import short_sum
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
    draws = cars.split.shape[0]
    return CarLanes(
        _leaving(cars, cars.scrapped, classes), _leaving(cars, cars.exported, classes),
        _leaving(cars, cars.other, classes), _rest(cars), cars.age_share, place.astype(np.int64),
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


def _known(cars: Cars, year: int) -> tuple[int, NDArray[np.int64]]:
    """Number of cohorts older than the balance, and the age of every cohort."""
    first = int(cars.years[0])
    return first - cars.first_cohort, first + year - (cars.first_cohort + np.arange(cars.scrapped.shape[2]))


def _leaving(cars: Cars, weight: Floats, classes: Ints) -> Leaving:
    """Classes of one way out, by region for the old cohorts (the product `masses.Memory` takes)."""
    draws, years = weight.shape[:2]
    past = np.empty((draws, years, cars.age_share.shape[2], classes.size))
    recent = np.zeros((draws, years, years, classes.size))
    for year in range(years):
        old, age = _known(cars, year)
        by_age = np.take(cars.age_share, np.clip(age[:old], 0, cars.age_share.shape[1] - 1), axis=1)
        past[:, year] = np.matmul(by_age.transpose(0, 2, 1), weight[:, year, :old])[..., classes]
        recent[:, year, :year] = weight[:, year, old : old + year][..., classes]
    return Leaving(past, recent)


def _rest(cars: Cars) -> Floats:
    """Scrapped pairs that do not depend on what the metal of a cohort was (`Memory._items`)."""
    years, draws, regions = cars.years.size, cars.split.shape[0], cars.age_share.shape[2]
    out = np.empty((years, draws, regions, len(PAIRS) - _METAL))
    for year in range(years):
        old, age = _known(cars, year)
        weight = cars.scrapped[:, year]
        by_age = np.take(cars.age_share, np.clip(age, 0, cars.age_share.shape[1] - 1), axis=1)
        past = np.matmul(by_age[:, :old].transpose(0, 2, 1), weight[:, :old])
        known = slice(old, old + year)
        spread = np.concatenate([past[:, None], by_age[:, known, :, None] * weight[:, known, None, :]], axis=1)
        for item in range(_ALLOYS, cars.split.shape[1]):
            total = (spread[..., cars.item_class[item]] * cars.split[:, None, None, item]).sum(axis=1)
            own = np.flatnonzero(item == PAIR_ITEM)
            out[year][..., own - _METAL] = total[..., None] * np.take(cars.nominal, own, axis=1)[:, None]
    return out


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
