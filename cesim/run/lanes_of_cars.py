"""Cars of a block of lanes, a few lanes at a time: their cohorts never stand in memory all at once.

A cohort of every year, of every vehicle, in every year of the balance is some 3 MB a lane, of which lanes need 0.2 MB.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from cesim.balance.inputs import along_axes
from cesim.balance.lane_cars import car_lanes
from cesim.run.compile_cars import compile_cars
from cesim.run.remembered import Few

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from cesim.balance.inputs import Cars
    from cesim.balance.lane_cars import CarLanes
    from cesim.run.limits import AlloyMiddle
    from cesim.run.remembered import Remembering
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

Room = TypeVar("Room")

TOGETHER = 16
"""Lanes whose cohorts are worked out together: few enough to stay near the processor."""

_YEAR_FIRST: Final = frozenset({"rest", "finished", "paint", "kept", "imported", "plastics"})
"""Fields of `CarLanes` whose second axis is the lane."""
_NO_LANES: Final = frozenset({"years", "first_cohort", "regions", "item_class", "place"})
"""Fields that are the same in every lane."""


@dataclass(frozen=True)
class HeldCars:
    """Cars without their cohorts, those cohorts as lanes need them, and vehicles counted (lane, year, region)."""

    cars: Cars
    lanes: CarLanes
    counted: tuple[Floats, Floats]
    """Scrapped, exported."""


def lane_cars_of(scenario: Scenario, sampler: Remembering, alloys: AlloyMiddle) -> HeldCars:
    """Solve the fleet; keep of the cohorts what lanes need."""
    whole = sampler.beside()
    starts = range(0, sampler.count, TOGETHER)
    parts = [_some(scenario, Few(whole, slice(at, min(at + TOGETHER, sampler.count))), alloys) for at in starts]
    if len(parts) == 1:
        return parts[0]
    scrapped, exported = (np.concatenate(own) for own in zip(*(part.counted for part in parts), strict=True))
    cars = _joined([part.cars for part in parts])
    lanes = _joined([part.lanes for part in parts], _YEAR_FIRST)
    return HeldCars(cars, lanes, (scrapped, exported))


def _some(scenario: Scenario, few: Few, alloys: AlloyMiddle) -> HeldCars:
    cars, counted = compile_cars(scenario, few, alloys, with_stock=False)
    cars = along_axes(cars)
    nothing = np.empty((few.count, 0, 0, 0))
    slim = replace(cars, stock=nothing, scrapped=nothing, exported=nothing, other=nothing)
    return HeldCars(slim, car_lanes(cars), (counted.scrapped, counted.exported))


def _joined(parts: Sequence[Room], second: Collection[str] = ()) -> Room:
    """One room of all lanes from rooms of a few each; the lane is the first axis, in some fields the second."""
    held: dict[str, Any] = {}
    for field in fields(parts[0]):  # type: ignore[arg-type]
        own = [getattr(part, field.name) for part in parts]
        if field.name in _NO_LANES:
            held[field.name] = own[0]
        elif is_dataclass(own[0]):
            held[field.name] = _joined(own)
        else:
            held[field.name] = np.concatenate(own, axis=1 if field.name in second else 0)
    return replace(parts[0], **held)  # type: ignore[type-var]
