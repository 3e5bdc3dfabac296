"""Cohorts carry what they were built with.

The composition and the origin of the metal of year c, as the model made it, come back as scrap when cohort c is
scrapped, so tramp elements build up over generations. Cars older than the first year of the balance share one nominal
composition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.substances import ALLOYS, ELEMENTS, ITEMS, ORIGINS, OTHERS, PAIRS, POLYMERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.inputs import Cars

    Floats = NDArray[np.float64]

PAIR_ITEM = np.array([ITEMS.index(item) for item, _ in PAIRS])
"""(pairs,) the item of each (item, substance) pair."""

_METAL_PAIRS = len(ALLOYS) * len(ELEMENTS)
_RECYCLABLE = len(ALLOYS) + len(POLYMERS)


@dataclass(frozen=True)
class ItemMass:
    """Masses of items: ``pairs`` (draw, region, item-and-substance) and ``origin`` (draw, region, item, origin), t."""

    pairs: Floats
    origin: Floats


class Memory:
    """What each cohort was built with: composition of its alloys, origin of its metals and plastics."""

    def __init__(self, cars: Cars) -> None:
        draws, years = cars.registered.shape[:2]
        self.cars = cars
        metal = cars.nominal[:, :_METAL_PAIRS].reshape(draws, len(ALLOYS), len(ELEMENTS))
        self.composition = np.empty((draws, years + 1, len(ALLOYS), len(ELEMENTS)))
        self.composition[:, 0] = metal
        self.origin = np.empty((draws, years + 1, _RECYCLABLE, len(ORIGINS)))
        self.origin[:, 0] = cars.nominal_origin[:, :_RECYCLABLE]

    def remember(self, year: int, composition: Floats, origin: Floats) -> None:
        """Store what the cohort registered in this year (index) is made of: (D, A, S) and (D, A + polymers, O)."""
        self.composition[:, year + 1] = composition
        self.origin[:, year + 1] = origin

    def masses(self, weight: Floats, year: int, newest: int, share: Floats) -> ItemMass:
        """Turn class masses by cohort into items by region.

        Parameters
        ----------
        weight : (D, T, Q)
            t of each material class by cohort
        year : index of the calendar year at which ages are counted (-1: the year before the first)
        newest : index of the newest cohort that counts; later ones have no weight yet
        share : (D, age, R)
            regional distribution by age
        """
        cars = self.cars
        age = int(cars.years[0]) + year - (cars.first_cohort + np.arange(weight.shape[1]))
        old = int(cars.years[0]) - cars.first_cohort
        known = slice(old, old + newest + 1)
        by_age = np.take(share, np.clip(age, 0, share.shape[1] - 1), axis=1)
        past = np.matmul(by_age[:, :old].transpose(0, 2, 1), weight[:, :old])
        recent = by_age[:, known, :, None] * weight[:, known, None, :]
        spread = np.concatenate([past[:, None], recent], axis=1)
        return self._items(spread)

    def _items(self, spread: Floats) -> ItemMass:
        """(D, cohort group, R, Q) -> items; group 0 is everything older than the balance."""
        draws, groups, regions, _ = spread.shape
        pairs = np.empty((draws, regions, len(PAIRS)))
        origin = np.zeros((draws, regions, len(ITEMS), len(ORIGINS)))
        split, item_class = self.cars.split, self.cars.item_class
        width = len(ELEMENTS)
        for item in range(len(ITEMS)):
            mass = spread[..., item_class[item]] * split[:, None, None, item]
            across = mass.transpose(0, 2, 1)
            if item < len(ALLOYS):
                pairs[..., item * width : (item + 1) * width] = np.matmul(across, self.composition[:, :groups, item])
                origin[:, :, item] = np.matmul(across, self.origin[:, :groups, item])
            else:
                total = mass.sum(axis=1)
                own = np.flatnonzero(item == PAIR_ITEM)
                pairs[..., own] = total[..., None] * np.take(self.cars.nominal, own, axis=1)[:, None]
                if item < _RECYCLABLE:
                    origin[:, :, item] = np.matmul(across, self.origin[:, :groups, item])
                else:
                    origin[:, :, item, 0] = total
        return ItemMass(pairs, origin)


def per_pair(share: Floats) -> Floats:
    """Repeat (..., items) to (..., pairs): what holds for an item holds for all it is made of."""
    repeated: Floats = np.take(share, PAIR_ITEM, axis=-1)
    return repeated


def added_up(components: Floats) -> Floats:
    """Sum (..., 3) over the components of plastics: numpy adds so few neighbours five times as slowly."""
    total: Floats = components[..., 0] + components[..., 1]
    total += components[..., 2]
    return total


def item_totals(pairs: Floats) -> Floats:
    """Sum (..., pairs) over substances to (..., items).

    In the layout of the axes: numpy adds in another order where an array lies otherwise in memory, and how it lies can
    depend on how many draws there are.
    """
    pairs = np.ascontiguousarray(pairs)
    metal = pairs[..., :_METAL_PAIRS].reshape(*pairs.shape[:-1], len(ALLOYS), len(ELEMENTS)).sum(axis=-1)
    plastic = pairs[..., _METAL_PAIRS : _METAL_PAIRS + 3 * len(POLYMERS)]
    plastic = added_up(plastic.reshape(*pairs.shape[:-1], len(POLYMERS), 3))
    return np.concatenate([metal, plastic, pairs[..., -len(OTHERS) :]], axis=-1)
