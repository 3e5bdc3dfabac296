"""From an order to the objects of the casthouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.charge import Addition, AlloyLimits, Charge, Energy, Furnace, Lot, OriginRecord, Risk, ScrapSource
from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.heatorder.model import HeatOrder, LotOrder, SourceOrder


def charge_of(order: HeatOrder) -> Charge:
    """Return the charge an order asks for.

    Raises
    ------
    InputError
        with the object and the field that cannot be
    """
    alloy = AlloyLimits.named(order.alloy.name).without(*order.alloy.without).widened(order.alloy.widen)
    sources = {name: _source(name, asked, alloy.elements) for name, asked in order.sources.items()}
    lots = [_lot(name, asked, sources) for name, asked in order.yard.items()]
    return Charge(alloy, lots, _furnace(order), _risk(order))


def _source(name: str, asked: SourceOrder, elements: tuple[str, ...]) -> ScrapSource:
    if asked.grade is not None:
        return ScrapSource.named(asked.grade, correlation=asked.correlation, lot_mass=asked.lot_mass)
    named = tuple(asked.mean)
    spread = asked.cv if isinstance(asked.cv, dict) else dict.fromkeys(named, asked.cv)
    lacking = [("mean", element) for element in elements if element not in asked.mean]
    lacking += [("cv", element) for element in named if spread.get(element) is None]
    if lacking:
        raise InputError([_unnamed(f"ScrapSource {name}", field, element) for field, element in lacking])
    mean = [value / 100.0 for value in asked.mean.values()]
    cv = [float(spread[element] or 0.0) for element in named]
    return ScrapSource.lognormal(name, mean, cv, asked.correlation, named, lot_mass=asked.lot_mass)


def _lot(name: str, asked: LotOrder, sources: Mapping[str, ScrapSource]) -> Lot:
    if (asked.composition is None) == (asked.source is None):
        code = "charge_neither" if asked.source is None else "charge_both"
        told = {"object": f"Lot {name}", "field": "composition", "other": "source"}
        raise InputError([Fault(code, arguments=told)])
    if asked.composition is not None:
        return Lot.known(
            name, _fractions(asked.composition), stock=asked.stock, price=asked.price, co2=asked.co2,
            recycled=asked.recycled, least=asked.least,
        )  # fmt: skip
    record = OriginRecord(str(asked.source), asked.reliability, asked.others)
    return Lot.recorded(
        name, record, sources, stock=asked.stock, price=asked.price, co2=asked.co2, recycled=asked.recycled,
        least=asked.least,
    )  # fmt: skip


def _furnace(order: HeatOrder) -> Furnace:
    asked = order.furnace
    additions = tuple(
        Addition(name, _fractions(one.composition), one.price, one.co2, one.stock)
        for name, one in asked.additions.items()
    )
    energy = Energy(asked.energy.use, asked.energy.price, asked.energy.co2)
    return Furnace(asked.mass, energy, asked.recoveries, asked.yields, additions)


def _risk(order: HeatOrder) -> Risk | None:
    asked = order.risk
    return None if asked is None else Risk(asked.joint, asked.method, asked.heats, seed=asked.seed)


def _fractions(percent: Mapping[str, float]) -> dict[str, float]:
    return {element: value / 100.0 for element, value in percent.items()}


def _unnamed(subject: str, field: str, found: str) -> Fault:
    return Fault("charge_unnamed", arguments={"object": subject, "field": field, "found": found})
