"""From the fleet and the scenario's content of cars to masses by cohort and material class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.fleet import EXITS, over_vehicles, regional_shares, solve_fleet
from cesim.balance.inputs import Cars
from cesim.errors import Fault, NoAnswer, Place
from cesim.ledger.substances import ALLOYS, COMPONENTS, ITEMS, ORIGINS, PAIRS, POLYMERS
from cesim.run.compile_fleet import POWERTRAINS, SEGMENTS, fleet_inputs, vehicle_mix
from cesim.run.periods import balance_years, fleet_years
from cesim.run.places import by_region, spread_over, weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.balance.fleet import Fleet
    from cesim.run.limits import AlloyMiddle
    from cesim.run.sampler import Sampler
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counted:
    """Vehicles beside the masses: by region and year, (lane, year, region); stock by vehicle too."""

    scrapped: Floats
    exported: Floats
    stock: Floats


def compile_cars(
    scenario: Scenario, sampler: Sampler, middle: AlloyMiddle, *, with_stock: bool = True
) -> tuple[Cars, Counted]:
    """Solve the fleet of Japan and turn it into masses; where cars in use are not asked for, their arrays are empty."""
    mix = vehicle_mix(scenario, sampler)
    fleet = solve_fleet(fleet_inputs(scenario, sampler, mix), keep_from=scenario.years.start - 1)
    regions = tuple(scenario.regions)
    registration = weights(sampler, scenario, "vehicles")
    move = spread_over(1.0 - by_region(sampler, scenario, "moves_out"), registration)
    ages = scenario.years.end - scenario.years.fleet_from + 2
    age_share = regional_shares(registration, move, ages)
    content = Content(scenario, sampler, mix)
    if not with_stock:
        fleet = replace(fleet, stock=fleet.stock[:, :0])
    counted = _counts(scenario, fleet, age_share)
    return _masses(scenario, sampler, fleet, content, regions, age_share, move, middle), counted


class Content:
    """Mass of each class in each vehicle of each cohort: a factor times the class mass of the average car."""

    def __init__(self, scenario: Scenario, sampler: Sampler, mix: Floats) -> None:
        held = scenario.content
        self.classes = tuple(held.mass)
        years = fleet_years(scenario)
        replaced = held.component_model if scenario.variants.wrought_share == "component_model" else {}
        self.mass = np.stack(
            [
                sampler.path(f"content.component_model.{c}", replaced[c], years) if c in replaced
                else sampler.path(f"content.mass.{c}", held.mass[c], years)
                for c in self.classes
            ],
            axis=2,
        )  # fmt: skip
        self.factor = np.stack([self._factor(scenario, sampler, c) for c in self.classes], axis=2)
        self.average = np.matmul(mix, self.factor)

    def _factor(self, scenario: Scenario, sampler: Sampler, name: str) -> Floats:
        """(lane, vehicle) relative mass of a class."""
        held = scenario.content
        group = name if name in held.size else ("aluminium" if name.startswith("al_") else "other")
        size = sampler.each(f"content.size.{group}", held.size[group], SEGMENTS)
        powertrain = held.powertrain.get(name)
        if powertrain is None:
            return np.repeat(size, len(POWERTRAINS), axis=1)
        drive = sampler.each(f"content.powertrain.{name}", powertrain, POWERTRAINS)
        return (size[:, :, None] * drive[:, None, :]).reshape(size.shape[0], -1)

    def per_car(self) -> Floats:
        """Kilograms of each class in a car (lane, cohort, vehicle, class)."""
        share = np.where(self.average > 0, self.mass / np.where(self.average > 0, self.average, 1.0), 0.0)
        kilograms: Floats = self.factor[:, None] * share[:, :, None]
        return kilograms

    def tonnes(self, vehicles: Floats) -> Floats:
        """Vehicles (lane, [year,] cohort, vehicle) to t by class."""
        share = np.where(self.average > 0, self.mass / np.where(self.average > 0, self.average, 1.0), 0.0)
        # in place: with the years these are the largest arrays of a block
        mass: Floats = np.matmul(vehicles, self.factor if vehicles.ndim == 3 else self.factor[:, None])
        mass *= share if vehicles.ndim == 3 else share[:, None]
        mass *= 1e-3
        return mass


def _masses(
    scenario: Scenario,
    sampler: Sampler,
    fleet: Fleet,
    content: Content,
    regions: Sequence[str],
    age_share: Floats,
    move: Floats,
    middle: AlloyMiddle,
) -> Cars:
    years = balance_years(scenario)
    first = scenario.years.fleet_from
    at = years - first
    # taken out one by one: vehicles and masses of all exits together would be the peak of a block's memory
    left = {name: content.tonnes(late_exits(fleet.exits.pop(name), fleet.years, first)) for name in EXITS}
    stock = content.tonnes(_held(fleet, first))
    registered = fleet.sales[:, at]
    total = registered.sum(axis=2)
    built = sampler.path("market.production", scenario.market.production, years)
    imported = total * sampler.path("market.imported", scenario.market.imported, years)
    shipped = built - (total - imported)
    if (shipped < 0).any():
        year = int(np.argwhere(shipped < 0)[0][1])
        told = {"year": int(years[year]), "found": f"{-shipped[:, year].min():,.0f}"}
        raise NoAnswer([Fault("fewer_built_than_stay", Place(model="market.production"), told)])
    per_car = content.mass[:, at] * 1e-3
    in_cars = content.tonnes(fleet.sales)[:, at]
    item_class, split = _split(scenario, sampler, content.classes)
    return Cars(
        years=years, first_cohort=first, regions=tuple(regions), item_class=item_class, split=split,
        stock=stock, scrapped=left["scrap"], exported=left["export"], other=left["other"],
        registered=in_cars, built=built[..., None] * per_car,
        imported=in_cars * (imported / total)[..., None],
        shipped=built[..., None] * per_car - in_cars * (1 - imported / total)[..., None],
        age_share=age_share, move=move, assembly=weights(sampler, scenario, "assembly"),
        nominal=compile_nominal(scenario, sampler, middle), nominal_origin=_nominal_origin(scenario, sampler),
    )  # fmt: skip


def _held(fleet: Fleet, first: int) -> Floats:
    """Stock as booked: a cohort's own first year counts whole, its early losses are booked in the next year."""
    stock = fleet.stock.copy()
    for n, year in enumerate(fleet.years[: stock.shape[1]]):
        stock[:, n, year - first] = fleet.sales[:, year - first]
    return stock


def late_exits(exits: Floats, years: NDArray[np.int64], first: int) -> Floats:
    """Exits as booked: what leaves in the year of registration is booked a year later.

    The exits of the first year kept cannot be completed; it serves for its stock only and is left out.
    """
    out = exits[:, 1:].copy()
    for n, year in enumerate(years[1:]):
        own = year - first
        out[:, n, own] = 0.0
        out[:, n, own - 1] += exits[:, n, own - 1]
    return out


def _split(scenario: Scenario, sampler: Sampler, classes: Sequence[str]) -> tuple[NDArray[np.intp], Floats]:
    """The class of each item and its share of it."""
    item_class = np.zeros(len(ITEMS), dtype=np.intp)
    split = np.zeros((sampler.count, len(ITEMS)))
    for name, shares in scenario.content.split.items():
        for item, share in sampler.simplex(f"content.split.{name}", shares).items():
            item_class[ITEMS.index(item)] = classes.index(name)
            split[:, ITEMS.index(item)] = share
    return item_class, split


def compile_nominal(scenario: Scenario, sampler: Sampler, middle: AlloyMiddle) -> Floats:
    """Composition (lane, pair) of items in cars older than the balance, and the recipe of plastics throughout."""
    held = scenario.content
    none = np.zeros(sampler.count)
    paint = {item: sampler.value(f"content.paint.{item}", share) for item, share in held.paint.items()}
    filler = {item: sampler.value(f"content.filler.{item}", share) for item, share in held.filler.items()}
    additive = sampler.value("content.additive", held.additive)
    out = np.ones((sampler.count, len(PAIRS)))
    for n, (item, what) in enumerate(PAIRS):
        if item in ALLOYS:
            painted = paint.get(item, none)
            out[:, n] = painted if what == "coating" else middle.of(item, what) * (1.0 - painted)
        elif item in POLYMERS:
            filled = filler.get(item, none)
            recipe = dict(zip(COMPONENTS, (1.0 - filled - additive, filled, additive), strict=True))
            out[:, n] = recipe[what]
    return out


def _nominal_origin(scenario: Scenario, sampler: Sampler) -> Floats:
    """Origin (lane, item, origin) of cars older than the balance: all primary but for secondary metal in castings."""
    out = np.zeros((sampler.count, len(ITEMS), len(ORIGINS)))
    out[..., ORIGINS.index("primary")] = 1.0
    for alloy, quantity in scenario.content.secondary_share.items():
        share = sampler.value(f"content.secondary_share.{alloy}", quantity)
        row = out[:, ITEMS.index(alloy)]
        row[:, ORIGINS.index("primary")] = 1.0 - share
        row[:, ORIGINS.index("post_other")] = share / 2
        row[:, ORIGINS.index("pre_other")] = share / 2
    return out


def _counts(scenario: Scenario, fleet: Fleet, age_share: Floats) -> Counted:
    """Vehicles by region."""
    age = fleet.years[1:, None] - scenario.years.fleet_from - np.arange(fleet.cohorts.size)
    shares = np.take(age_share, np.clip(age, 0, age_share.shape[1] - 1), axis=1)
    scrapped, exported, stock = (
        np.einsum("dyc,dycr->dyr", total, shares[:, : total.shape[1]])
        for total in (over_vehicles(held[:, 1:]) for held in (fleet.exits["scrap"], fleet.exits["export"], fleet.stock))
    )
    return Counted(scrapped, exported, stock)
