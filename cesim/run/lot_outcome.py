"""What a lot-by-lot run came to: where the 6000-series metal went, indicators beside the balance, works, trucks."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.balance.inputs import ELV_GRADES
from cesim.events.chain.material import COLUMNS, SIX_PAIRS
from cesim.indicators.formulas import Year, compute
from cesim.ledger.flows import FlowView, Layouts
from cesim.ledger.lot_reader import SavedRows
from cesim.ledger.lot_tables import SIDES
from cesim.ledger.substances import ALLOYS, SIX_THOUSAND
from cesim.run.lot_flows import year_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.events.chain.build import Chain
    from cesim.events.chain.plan import MetalPlan
    from cesim.indicators.formulas import Factors
    from cesim.ledger.flows import Table
    from cesim.run.lot_flows import LotFlows
    from cesim.run.lot_plan import BalanceYear
    from cesim.run.lot_task import LotTask

    Floats = NDArray[np.float64]

_MG: Final = 1e9
RETURNED: Final = "returned_at_works"
"""t of metal that was of the 6000 series in a scrapped car, in finished 6000-series parts made in the regions."""
SHARED: Final = (
    "elv_6xxx", "recycled_content_6xxx_post", "recycled_content_6xxx_pre", "primary_demand", "import_dependence",
    "surplus_scrap", "plastics_returned", "recycled_plastics_fleet_average", "recycled_plastics_post_average",
    "energy_recovery_rate", "landfill_rate", "elv_recycling_rate", "elv_count",
)  # fmt: skip
"""Indicators that say the same of works in both engines: those of cars count where they are dismantled, those of metal
and plastics where they are melted and compounded."""
RESIDUE: Final = ("energy_recovery", "landfill", "other_recycling", "ferrous_recycling", "copper_recycling")
"""Sinks of what treatment loses."""


def outcome_of(
    task: LotTask, chain: Chain, balance: tuple[BalanceYear, ...], flows: LotFlows, folder: Path, factors: Factors
) -> dict[str, Any]:
    """Return what a run came to, as it is written beside its tables."""
    names = tuple(chain.plan.names.regions[n] for n in task.regions)
    indicators = [row for year in balance for row in _indicators(chain, year, flows, names, factors)]
    metal = chain.metal()
    return {
        "lane": task.lane,
        "off": list(task.off),
        "first": task.first,
        "last": task.last,
        "regions": list(names),
        "batch": task.batch,
        "cars": {
            site.gate.place: {"came": site.gate.cars, "done": site.dismantler.cars, "hurried": site.dismantler.hurried}
            for site in chain.sites
        },
        "lots": chain.simulation.lots.count,
        "events": chain.simulation.lots.events,
        "heats": [
            {"alloy": alloy, "outcome": what, "heats": count} for (alloy, what), count in sorted(metal.heats.items())
        ],
        "family_t": {name: mass / _MG for name, mass in sorted(metal.family_mg.items())},
        "six_t": _six(SavedRows(folder), flows, metal.family_mg["finished"] / _MG),
        "returned_t": metal.family_mg["finished"] / _MG,
        "indicators": indicators,
        "works": [
            asdict(one) | {"kind": facility.kind, "place": facility.place, "utilisation": one.utilisation}
            for facility in chain.simulation.facilities
            for one in (facility.statistics(),)
        ],
        "turned_away": {line.name: line.turned_away for line in (*chain.sorters.values(), *chain.residues.values())},
        "transport": transport_of(SavedRows(folder), chain),
    }


def _six(tables: SavedRows, flows: LotFlows, finished: float) -> dict[str, float]:
    """6000-series metal of scrapped cars by where it came from and went, t; what is left over is on the way."""
    side, account = tables.column("account", "side"), tables.column("account", "account")
    names, columns = list(tables.names["account"]), list(tables.names["column"])
    six = [columns.index(COLUMNS.substances[pair]) for pair in SIX_PAIRS.tolist()]
    mine = np.isin(tables.column("account", "column"), six)
    mass = tables.column("account", "mass_mg")

    def of(where: str, *accounts: str) -> float:
        codes = [names.index(name) for name in accounts if name in names]
        return float(mass[mine & (side == SIDES.index(where)) & np.isin(account, codes)].sum() / _MG)

    yards = {f"scrap_yard.{grade}" for grade in ELV_GRADES}

    def moved(begin: set[str], to: str) -> float:
        wanted = [
            n for n, key in enumerate(flows.keys) if key.process_from in begin and key.process_to.split(".")[0] == to
        ]
        return float(flows.rows[wanted][:, SIX_PAIRS].sum() / _MG)

    came = {"in_cars": of("source", "taken_back"), "from_elsewhere": of("source", "from_elsewhere")}
    gone = {
        "to_elsewhere": of("sink", "elsewhere"),
        "reused": of("sink", "part_reuse"),
        "residue": of("sink", *RESIDUE),
        "exported": moved(yards, "scrap_export"),
        "charged": moved(yards, "melt_down"),
    }
    # a heat that is downgraded is charged or sold once more, and was counted when it was charged first
    gone["charged"] -= moved({f"melting.{alloy}" for alloy in ALLOYS}, "scrap_yard")
    melted = {"dross": moved({f"melt_down.{grade}" for grade in ELV_GRADES}, "dross"), "finished": finished}
    return {**came, **gone, "on_the_way": sum(came.values()) - sum(gone.values()), **melted}


def _indicators(
    chain: Chain, balance: BalanceYear, flows: LotFlows, names: tuple[str, ...], factors: Factors
) -> list[dict[str, Any]]:
    """Indicators of a year in both engines, all regions together."""
    year = balance.plan.year
    cars = np.array([[float(site.gate.cars_in[year])] for site in chain.sites])
    expected = balance.plan.arrivals.counts.sum(axis=(0, 2, 3))[list(chain.plan.inside)][:, None].astype(float)
    here = _values(year_table(flows, year), names, cars, factors)
    there = _values(balance.flows.flow_table(Layouts()), names, expected, factors)
    return [
        {"year": year, "indicator": name, "lots": here[name], "balance": there[name]}
        for name in SHARED
        if here[name] is not None and there[name] is not None
    ] + [{"year": year, "indicator": RETURNED, "lots": None, "balance": _returned(chain, balance.plan.metal)}]


def _values(table: Table, names: tuple[str, ...], cars: Floats, factors: Factors) -> dict[str, float | None]:
    vehicles = {"scrapped": cars, "exported": np.zeros_like(cars)}
    parts = compute(Year(FlowView(), table, names, vehicles, factors))
    out: dict[str, float | None] = {}
    for name in SHARED:
        numerator, denominator = parts[name]
        whole = 1.0 if denominator is None else float(denominator.sum())
        out[name] = float(numerator.sum()) / whole if whole > 0.0 else None
    return out


def _returned(chain: Chain, metal: MetalPlan) -> float:
    """6000-series metal that the balance has in finished 6000-series parts made in the regions, t."""
    assert metal.recipe is not None
    inside = [m for m, region in enumerate(metal.melters) if region in chain.plan.inside]
    elv = len(ELV_GRADES)
    total = 0.0
    for n in (ALLOYS.index(alloy) for alloy in SIX_THOUSAND):
        liquid = metal.recipe.need[inside, n] + metal.recipe.returned[inside, n]
        used = (metal.recipe.used[inside, :elv, n] * metal.wanted[inside, :elv]).sum(axis=1)
        total += float((used * metal.finished[inside, n] / np.where(liquid > 0, liquid, 1.0)).sum())
    return total


def transport_of(tables: SavedRows, chain: Chain, number: int | None = None) -> dict[str, float]:
    """Return loads, kilometres there and back, t km, cost and CO2 of all trucks; of all years, or of one by number."""
    event, metres = tables.column("shipment", "event"), tables.column("shipment", "distance_m")
    if number is not None:
        own = tables.column("event", "period")[event] // 12 == number
        event, metres = event[own], metres[own]
    if not len(event):
        return {"loads": 0, "km": 0.0, "t_km": 0.0, "cost_jpy": 0.0, "co2_kg": 0.0}
    of_event, mass = tables.column("event_out", "event"), tables.column("event_out", "mass_mg")
    begin, end = (np.searchsorted(of_event, event, side) for side in ("left", "right"))
    sums = np.concatenate([[0], np.cumsum(mass)])
    carried = (sums[end] - sums[begin]) / _MG
    km = metres / 1000.0
    practice = chain.plan.practice
    trips = np.maximum(1, np.rint(carried / practice.load_t)).astype(np.int64)  # a lot of many cars fills many trucks
    t_km, both_ways = float(carried @ km), float(2.0 * (trips @ km))
    return {
        "loads": int(trips.sum()), "km": both_ways, "t_km": t_km, "cost_jpy": both_ways * practice.cost_jpy_per_km,
        "co2_kg": t_km * practice.co2_kg_per_tkm,
    }  # fmt: skip
