"""From the scenario's works, trucks and knowledge to what the simulation lot by lot is given, for one lane and year.

Capacities of the whole country are shared by the same drawn weights of the regions that route cars and scrap in the
balance, so both engines see the same works. A region without works of a kind has the capacity zero; nothing is sent
there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.balance.inputs import ELV_GRADES, MARKET_GRADES, YARD
from cesim.errors import Fault, InputError, Place
from cesim.events.chain.material import METALS
from cesim.events.chain.plan import Capacities, KnowledgePlan, Practice
from cesim.run.places import weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.quantities import Quantity, TimePath
    from cesim.run.sampler import Sampler
    from cesim.scenario.facilities import BaleKind, Facilities
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


class FacilitiesPlan(NamedTuple):
    """What works can do and what is known, in one year of one lane; fields as in `ChainPlan`."""

    capacities: tuple[Capacities, ...]
    practice: Practice
    knowledge: KnowledgePlan
    distance_km: Floats


def compile_facilities(scenario: Scenario, sampler: Sampler, year: int, lane: int = 0) -> FacilitiesPlan:
    """Return what works can do in a year, in one of the lanes of the sampler.

    Raises
    ------
    InputError
        for a scenario without `facilities`
    """
    held = facilities_of(scenario)
    lanes = _Lane(sampler.under("facilities"), year, lane)
    return FacilitiesPlan(
        _capacities(scenario, held, sampler, lanes),
        _practice(scenario, held, lanes),
        _knowledge(held, lanes),
        _distances(scenario, held, lanes),
    )


def facilities_of(scenario: Scenario) -> Facilities:
    """Return the works of a scenario; raises `InputError` where it says nothing of them."""
    if scenario.facilities is not None:
        return scenario.facilities
    loaded = scenario.loaded
    place = Place(loaded.tree.place.file) if loaded is not None else Place(model="facilities")
    told = {"missing": "facilities", "regions": list(scenario.regions)}
    raise InputError([Fault("no_facilities", place, told)])


class _Lane:
    """Numbers of one lane in one year; names are paths below `facilities`."""

    def __init__(self, drawn: Sampler, year: int, lane: int) -> None:
        self._drawn, self._year, self._lane = drawn, year, lane

    def value(self, name: str, quantity: Quantity) -> float:
        return float(self._drawn.value(name, quantity)[self._lane])

    def whole(self, name: str, quantity: Quantity) -> int:
        """The whole number nearest to a value, one at least."""
        return max(1, round(self.value(name, quantity)))

    def path(self, name: str, path: TimePath) -> float:
        return float(self._drawn.path(name, path, [self._year])[self._lane, 0])

    def share(self, sampler: Sampler, scenario: Scenario, what: str) -> Floats:
        """(R,) part of the country's works in each region."""
        own: Floats = weights(sampler, scenario, what)[self._lane]
        return own


def _capacities(scenario: Scenario, held: Facilities, sampler: Sampler, lanes: _Lane) -> tuple[Capacities, ...]:
    share = {
        what: lanes.share(sampler, scenario, what)
        for what in ("dismantling", "shredding", "sheet", "extrusion", "casting", "compounding")
    }
    workers = lanes.path("dismantling.workers", held.dismantling.workers) * share["dismantling"]
    waiting = lanes.value("dismantling.waiting", held.dismantling.waiting)
    minutes = lanes.value("dismantling.minutes", held.dismantling.minutes)
    shredder = lanes.path("shredding.capacity", held.shredding.capacity) * share["shredding"]
    sorter = lanes.path("sorting.capacity", held.sorting.capacity) * share["shredding"]
    residue = lanes.path("residue.capacity", held.residue.capacity) * share["shredding"]
    melting = np.sum(
        [
            lanes.path(f"casthouses.melting.{what}", path) * share[what]
            for what, path in held.casthouses.melting.items()
        ],
        axis=0,
    )
    # as scrap is routed among the regions
    yard = lanes.value("casthouses.yard", held.casthouses.yard) * np.mean(
        [share[what] for what in ("sheet", "extrusion", "casting")], axis=0
    )
    compounding = lanes.path("compounding.capacity", held.compounding.capacity) * share["compounding"]
    out = []
    for n in range(len(scenario.regions)):
        people = max(1, round(float(workers[n]))) if share["dismantling"][n] > 0 else 0
        out.append(
            Capacities(
                workers=people,
                base_minutes=minutes,
                car_places=round(people * waiting),
                shredder_t_per_h=float(shredder[n]),
                sorter_t_per_h=float(sorter[n]),
                residue_t_per_h=float(residue[n]),
                yard_t=float(yard[n]),
                melting_t_per_day=float(melting[n]),
                compounding_t_per_day=float(compounding[n]),
            )
        )
    return tuple(out)


def _practice(scenario: Scenario, held: Facilities, lanes: _Lane) -> Practice:
    hours, heats, trucks = held.hours, held.heats, held.transport
    mass = {works: lanes.value(f"heats.mass.{works}", quantity) for works, quantity in heats.mass.items()}
    return Practice(
        hours=(lanes.value("hours.opens", hours.opens), lanes.value("hours.closes", hours.closes)),
        days_a_week=lanes.whole("hours.days", hours.days),
        hulks_a_load=lanes.whole("transport.hulks", trucks.hulks),
        load_t=lanes.value("transport.load", trucks.load),
        speed_km_h=lanes.value("transport.speed", trucks.speed),
        cost_jpy_per_km=lanes.value("transport.cost", trucks.cost),
        co2_kg_per_tkm=lanes.value("transport.co2", trucks.co2),
        clearing_days=lanes.whole("heats.clearing", heats.clearing),
        heat_t={alloy: mass[spec.works] for alloy, spec in scenario.remelting.alloys.items()},
        correction=lanes.value("heats.correction", heats.correction),
        risk=lanes.value("heats.risk", heats.risk),
        approval_months=lanes.value("heats.approval", heats.approval),
        patience_days=lanes.value("transport.patience", trucks.patience),
    )


def _knowledge(held: Facilities, lanes: _Lane) -> KnowledgePlan:
    known = held.knowledge
    by_kind = {
        kind: [
            lanes.value(f"knowledge.spread.{kind}.{element}", row[element]) if element in row else 0.0
            for element in METALS  # aluminium is the rest, and `other` is not known apart
        ]
        for kind, row in known.spread.items()
    }
    return KnowledgePlan(
        records=known.records,
        coverage=lanes.path("knowledge.coverage", known.coverage),
        delay_days=lanes.value("knowledge.delay", known.delay),
        reliability=lanes.value("knowledge.reliability", known.reliability),
        assayed=lanes.path("knowledge.assayed", known.assayed),
        assay_cv=lanes.value("knowledge.assay_error", known.assay_error),
        spread=np.array([by_kind[bale_kind(grade)] for grade in YARD]),
    )


def bale_kind(grade: str) -> BaleKind:
    """Return the kind of bales of a grade of the yard."""
    if grade in MARKET_GRADES:
        return "bought"
    if grade not in ELV_GRADES:
        return "new"
    if grade in ("part-cast", "wheels"):
        return "castings"
    by_name: dict[str, BaleKind] = {"part": "dismantled", "sorted": "sorted", "shred": "shredded"}
    return by_name[grade.partition("-")[0]]


def _distances(scenario: Scenario, held: Facilities, lanes: _Lane) -> Floats:
    """(R, R) ways by road, km: great circles times the detour; inside a region its own mean way."""
    spots, common = held.places, lanes.value("transport.within", held.transport.within)
    within = []
    for name in scenario.regions:
        own = spots[name].within
        within.append(common if own is None else lanes.value(f"places.{name}.within", own))
    degrees = [
        [lanes.value(f"places.{name}.{what}", getattr(spots[name], what)) for name in scenario.regions]
        for what in ("latitude", "longitude")
    ]
    ways = great_circle_km(*np.array(degrees)) * lanes.value("transport.detour", held.transport.detour)
    np.fill_diagonal(ways, within)
    return ways


def great_circle_km(latitude: Floats, longitude: Floats) -> Floats:
    """Return the distances (place, place) on a sphere, km, of places (place,) in degrees; haversine formula."""
    phi, theta = np.radians(latitude), np.radians(longitude)
    a = np.sin((phi[:, None] - phi) / 2) ** 2
    b = np.cos(phi)[:, None] * np.cos(phi) * np.sin((theta[:, None] - theta) / 2) ** 2
    out: Floats = 2.0 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(a + b, 1.0)))
    return out
