"""Checks across the entries of a scenario; each says where, what was found and what is allowed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from cesim.balance.inputs import MARKET_GRADES, RECYCLATES, YARD
from cesim.ledger.substances import ALLOYS, CAST, ELEMENTS, ITEMS, POLYMERS
from cesim.scenario.refusal import ModelFault, raise_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cesim.quantities import Quantity
    from cesim.scenario.model import Period, Scenario

ADDS_UP = 1e-6
"""How far shares written in a file may miss one."""


def check_period(period: Period) -> None:
    """Years in order: fleet_from < base_year < start <= end, with 2010 inside the cohorts."""
    faults = []
    if not period.fleet_from < period.base_year:
        faults.append(_order("base_year", period.base_year, f"> {period.fleet_from}", "fleet_from"))
    if not period.base_year < period.start:
        faults.append(_order("start", period.start, f"> {period.base_year}", "base_year"))
    if not period.start <= period.end:
        faults.append(_order("end", period.end, f">= {period.start}", "start"))
    if period.fleet_from > 2010:
        faults.append(_order("fleet_from", period.fleet_from, "<= 2010"))
    if period.end < 2010:
        faults.append(_order("end", period.end, ">= 2010"))
    raise_all(faults)


def _order(key: str, found: int, allowed: str, other: str = "") -> ModelFault:
    because = ((other,),) if other else ()
    return ModelFault("years_out_of_order", (key,), {"found": f"{key}: {found}", "allowed": allowed}, because)


def check_items(mapping: Mapping[str, Any], path: tuple[str, ...], within: Iterable[str] | None = None) -> None:
    """Keys must be items of a car (or keys of another mapping)."""
    allowed = tuple(within) if within is not None else ITEMS
    raise_all(unknown(mapping, allowed, path))


def unknown(names: Iterable[str], allowed: Iterable[str], path: tuple[str, ...]) -> list[ModelFault]:
    """Return one fault for each name that is not allowed."""
    choice = tuple(allowed)
    return [
        ModelFault(
            "unknown_name", (*path, name),
            {"found": name, "allowed": choice, "nearest": get_close_matches(str(name), choice, 1)},
        )
        for name in names if name not in choice
    ]  # fmt: skip


def check_mapping_sums(groups: Mapping[str, Mapping[str, Quantity]], path: tuple[str, ...]) -> None:
    """The shares of every group must add to one."""
    raise_all(fault for key, shares in groups.items() for fault in _sum_fault(shares, (*path, key)))


def check_rows(rows: Mapping[str, Mapping[str, Quantity]], path: tuple[str, ...]) -> None:
    """A confusion matrix: square, rows adding to one."""
    faults: list[ModelFault] = []
    for key, row in rows.items():
        faults += unknown(row, rows, (*path, key))
        faults += _sum_fault(row, (*path, key))
    raise_all(faults)


def _sum_fault(shares: Mapping[str, Quantity], path: tuple[str, ...]) -> list[ModelFault]:
    total = sum(share.value for share in shares.values())
    if abs(total - 1.0) <= ADDS_UP:
        return []
    return [ModelFault("shares_must_add_to_one", path, {"found": round(total, 6), "allowed": 1})]


def check_focus(scenario: Scenario) -> None:
    """Regions, report years, alloys and targets name things that exist."""
    faults = unknown(scenario.report.focus, scenario.regions, ("report", "focus"))
    faults += _outside(scenario)
    faults += _missing(ALLOYS, scenario.remelting.alloys, ("remelting", "alloys"))
    faults += unknown(scenario.remelting.alloys, ALLOYS, ("remelting", "alloys"))
    for key, recyclate in scenario.compounding.recyclates.items():
        faults += unknown(recyclate.into, POLYMERS, ("compounding", "recyclates", key, "into"))
    faults += unknown(scenario.compounding.cap, POLYMERS, ("compounding", "cap"))
    faults += _no_elements(scenario)
    raise_all(faults)


def _no_elements(scenario: Scenario) -> Iterator[ModelFault]:
    """Yield a fault for every name that stands for an element and is none."""
    held = scenario.remelting
    named: list[tuple[tuple[str, ...], Iterable[str]]] = [
        (("primary",), held.primary),
        (("addition_price",), held.addition_price),
        *((("market", grade), shares) for grade, shares in held.market.items()),
        *((("alloys", alloy, "widen"), spec.widen) for alloy, spec in held.alloys.items()),
    ]
    for path, names in named:
        yield from unknown(names, ELEMENTS[:-1], ("remelting", *path))


def _outside(scenario: Scenario) -> Iterator[ModelFault]:
    """Yield a fault for the report years before the first year, and one for those after the last."""
    first, last = scenario.years.start, scenario.years.end
    asked = scenario.report.years
    for end, outside in (("start", [y for y in asked if y < first]), ("end", [y for y in asked if y > last])):
        if outside:
            arguments = {"found": outside, "allowed": f"{first} – {last}"}
            yield ModelFault("year_outside_run", ("report", "years"), arguments, [("years", end)])


def check_production(scenario: Scenario) -> None:
    """Where sales are given, enough cars are built for those that stay; where the stock decides, only a run knows."""
    first, last = scenario.years.start, scenario.years.end
    if scenario.fleet.driven_by == "stock":
        last = min(last, scenario.fleet.driven_from - 1)
    years, market = range(first, last + 1), scenario.market
    stay = market.sales.best(years) * (1.0 - market.imported.best(years))
    for year, built, staying in zip(years, market.production.best(years), stay, strict=True):
        if built < staying:
            told = {"found": f"{built:,.0f}", "allowed": f"≥ {staying:,.0f}", "year": year}
            because = [("market", name) for name in ("production", "sales", "imported")]
            raise ModelFault("too_few_built", ("market", "production"), told, because)


def adds_to_one(scenario: Scenario) -> None:
    """No item may sit in its parts by more than its whole mass; every item belongs to a class."""
    faults: list[ModelFault] = []
    for item in ITEMS:
        held = {key: part.holds[item].value for key, part in scenario.parts.items() if item in part.holds}
        total = sum(held.values())
        if total > 1 + ADDS_UP:
            largest = max(held, key=lambda key: held[key])
            faults.append(
                ModelFault(
                    "more_than_whole",
                    ("parts", largest, "holds", item),
                    {"found": round(total, 6), "allowed": "<= 1"},
                    [("parts", key, "holds", item) for key in held],
                )
            )
    known = {item for shares in scenario.content.split.values() for item in shares}
    faults += _missing(ITEMS, known, ("content", "split"))
    faults += _missing(scenario.content.split, scenario.content.mass, ("content", "mass"))
    raise_all(faults)


def check_complete(scenario: Scenario) -> None:
    """Where a mapping must have an entry for every name of a list, every name is there."""
    from cesim.scenario.model import Powertrain, Segment

    segments, powertrains, residue = get_args(Segment), get_args(Powertrain), ("combustible", "inert")
    needs: list[tuple[tuple[str, ...], Iterable[str]]] = [
        (("market", "powertrains"), ("passenger", "kei", "commercial")),
        (("fleet", "scrap", "shape"), segments),
        (("fleet", "scrap", "factor"), segments),
        (("fleet", "export", "factor"), ("kei", "commercial", "hev", "phev", "bev")),
        (("content", "size"), ("aluminium", "other")),
        *((("content", "size", key), segments) for key in scenario.content.size),
        *((("content", "powertrain", key), powertrains) for key in scenario.content.powertrain),
        (("content", "secondary_share"), CAST),
        *((("parts", key, "goes_to"), part.holds) for key, part in scenario.parts.items()),
        (("dismantling", "price"), sorted({to for part in scenario.parts.values() for to in part.goes_to.values()})),
        (("residue", "landfill"), residue),
        (("residue", "heat"), residue),
        (("remelting", "loss"), YARD),
        (("remelting", "price"), YARD),
        (("remelting", "market"), MARKET_GRADES),
        (("compounding", "recyclates"), RECYCLATES),
        (("gases", "primary"), (scenario.variants.primary_co2,)),
        (("gases", "combustion"), POLYMERS),
    ]
    raise_all(fault for path, wanted in needs for fault in _missing(wanted, _at(scenario, path), path))


def _at(scenario: Scenario, path: Iterable[str]) -> Iterable[str]:
    """Names of the mapping that stands there."""
    held: Any = scenario
    for name in path:
        held = held[name] if isinstance(held, dict) else getattr(held, name)
    return tuple(held)


def check_regions(scenario: Scenario) -> None:
    """Somewhere there are cars, and every kind of works."""
    needed = ("vehicles", "assembly", "dismantling", "shredding", "sheet", "extrusion", "casting", "compounding")
    raise_all(
        ModelFault("no_region_has_any", ("regions", next(iter(scenario.regions)), what), {"found": 0, "allowed": "> 0"})
        for what in needed
        if not any(getattr(region, what).value > 0 for region in scenario.regions.values())
    )


def check_targets(scenario: Scenario) -> None:
    """Targets ask for an indicator that exists, in its unit, and for a share that is one."""
    from cesim.indicators import INDICATORS

    faults: list[ModelFault] = []
    for key, target in scenario.targets.items():
        here = ("targets", key)
        held = INDICATORS.get(target.indicator)
        if held is None:
            near = get_close_matches(target.indicator, tuple(INDICATORS), 1)
            told = {"found": target.indicator, "allowed": tuple(INDICATORS), "nearest": near}
            faults.append(ModelFault("unknown_name", (*here, "indicator"), told))
        elif target.unit != held.unit:
            unit = {"found": target.unit, "allowed": (held.unit,), "indicator": target.indicator}
            faults.append(ModelFault("unit_of_another", (*here, "unit"), unit, [(*here, "indicator")]))
        elif held.unit == "share" and not 0.0 <= target.value.value <= 1.0:
            share = {"found": target.value.value, "allowed": "0 – 1", "proposal": f"{target.value.value / 100:g}"}
            code = "share_as_percent" if 2.0 <= target.value.value <= 100.0 else "share_out_of_range"
            faults.append(ModelFault(code, (*here, "value"), share))
    raise_all(faults)


def check_facilities(scenario: Scenario) -> None:
    """Every region has a place, every works and kind of bale its numbers."""
    if scenario.facilities is None:
        return
    from cesim.scenario.facilities import BaleKind, Element, Works

    works, elements, spread = get_args(Works), get_args(Element), scenario.facilities.knowledge.spread
    places, path = scenario.facilities.places, ("facilities", "places")
    faults = unknown(places, scenario.regions, path)
    faults += [
        ModelFault("region_without_place", path, {"found": name}, [("regions", name)])
        for name in scenario.regions if name not in places
    ]  # fmt: skip
    needs: list[tuple[tuple[str, ...], Iterable[str]]] = [
        (("casthouses", "melting"), works),
        (("heats", "mass"), works),
        (("knowledge", "spread"), get_args(BaleKind)),
        *((("knowledge", "spread", kind), elements) for kind in spread),
    ]
    for below, wanted in needs:
        faults += _missing(wanted, _at(scenario, ("facilities", *below)), ("facilities", *below))
    raise_all(faults)


def _missing(wanted: Iterable[str], there: Iterable[str], path: tuple[str, ...]) -> list[ModelFault]:
    have = set(there)
    return [ModelFault("missing_name", path, {"found": "", "missing": name}) for name in wanted if name not in have]
