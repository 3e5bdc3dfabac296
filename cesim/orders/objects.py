"""From an order to the objects of the casthouse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    Charge,
    Energy,
    ForeignMatter,
    Furnace,
    Lot,
    MeltShop,
    OriginRecord,
    Risk,
    SamplingPlan,
    ScrapGrade,
    Sorter,
)
from cesim.charge.faults import told
from cesim.errors import InputError
from cesim.orders.placing import called
from cesim.orders.scrap import common_elements, restricted, stated_elements, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cesim.charge import ScrapSource
    from cesim.orders.order import Order
    from cesim.orders.parts import GradeOrder, LotOrder
    from cesim.orders.scrap import StatedSource
    from cesim.scenario import Branch

_SCRAP = "scrap"
"""Yield of every scrap that has none of its own."""


@dataclass(frozen=True)
class Casthouse:
    """The objects an order is about, each made when first asked for.

    Raises
    ------
    InputError
        with the object and the field that cannot be
    """

    order: Order
    folder: Path
    """Where the files with assays are looked for."""
    tree: Branch | None = None
    """The order with the place of every entry; None where it was not read from a file."""

    @cached_property
    def alloy(self) -> AlloyLimits:
        """The alloy to be made."""
        asked = self.order.alloy
        assert asked is not None
        if asked.limits:
            low, high = (np.array([getattr(one, end) for one in asked.limits.values()]) for end in ("min", "max"))
            found = AlloyLimits(
                asked.name, tuple(asked.limits), low / 100.0, high / 100.0,
                _fraction(asked.others_each), _fraction(asked.others_total),
            )  # fmt: skip
        else:
            given = {"others_each": asked.others_each, "others_total": asked.others_total}
            lone = [name for name, value in given.items() if value is not None]
            if lone:
                subject = f"AlloyLimits {asked.name}"
                raise InputError([told("charge_needs_too", subject, name, other="limits") for name in lone])
            found = AlloyLimits.named(asked.name)
        return found.without(*asked.without).widened(asked.widen)

    @cached_property
    def grade(self) -> ScrapGrade:
        """The grade on trial."""
        assert self.order.grade is not None
        return _grade(self.order.grade)

    @cached_property
    def against(self) -> ScrapGrade:
        """The grade it is compared with."""
        assert self.order.against is not None
        return _grade(self.order.against)

    @cached_property
    def stated(self) -> dict[str, StatedSource]:
        """The kinds of scrap, each with the elements that it states."""
        return stated_elements(self.order.sources, self.folder)

    @cached_property
    def sources(self) -> dict[str, ScrapSource]:
        """The kinds of scrap, all with the same elements."""
        wanted = self.order.elements or common_elements(self.stated)
        return together({name: partial(one.of, wanted) for name, one in self.stated.items()})

    @cached_property
    def left_out(self) -> dict[str, tuple[str, ...]]:
        """Source -> elements that it states and that are not looked at."""
        if not self.order.elements:
            return {}
        chosen = self.order.elements
        found = {name: tuple(e for e in one.elements if e not in chosen) for name, one in self.stated.items()}
        return {name: elements for name, elements in found.items() if elements}

    @cached_property
    def plan(self) -> SamplingPlan:
        """How lots are sampled."""
        asked = self.order.sampling
        assert asked is not None
        return SamplingPlan(
            asked.increments, asked.increment_mass, asked.heterogeneity, asked.lot_mass,
            AssayError(asked.relative_error, asked.absolute_error / 100.0), asked.limit_of_detection / 100.0,
            minimum_mass=asked.minimum_mass, segregation=asked.segregation, forced=asked.forced,
        )  # fmt: skip

    @cached_property
    def sorter(self) -> Sorter | None:
        """What sorts the supply."""
        asked = self.order.sorter
        if asked is None:
            return None
        classes = tuple(asked.confusion)
        strange = [(t, c) for t, row in asked.confusion.items() for c in row if c not in classes]
        if strange:
            raise InputError(
                [
                    told("charge_unknown_name", "Sorter", f"confusion.{row}", found=bin_, allowed=classes, nearest=None)
                    for row, bin_ in strange
                ]
            )
        matrix = np.array([[asked.confusion[true].get(called, 0.0) for called in classes] for true in classes])
        return Sorter(classes, matrix, asked.throughput, asked.cost)

    @cached_property
    def furnace(self) -> Furnace:
        """The furnace; scrap without a yield of its own has that of its source, then that of ``scrap``."""
        asked = self.order.furnace
        assert asked is not None
        additions = tuple(
            Addition(name, self._shown(one.composition), one.price, one.co2, one.stock)
            for name, one in asked.additions.items()
        )
        energy = Energy(asked.energy.use, asked.energy.price, asked.energy.co2)
        yields = None if asked.yields is None else self._yields(asked.yields)
        return Furnace(asked.mass, energy, asked.recoveries, yields, additions)

    @cached_property
    def shop(self) -> MeltShop:
        """Who melts the accepted scrap."""
        asked, risk = self.order.shop, self.order.risk
        assert asked is not None
        assert risk is not None
        return MeltShop(
            self.furnace, asked.scrap_price, asked.scrap_co2, asked.lots_per_heat, risk.joint, self.order.ask,
            max(risk.heats, int(10 / risk.joint)),
        )  # fmt: skip

    @cached_property
    def risk(self) -> Risk | None:
        """How often a charge may miss."""
        asked = self.order.risk
        return None if asked is None else Risk(asked.joint, asked.method, asked.heats, seed=asked.seed)

    @cached_property
    def foreign(self) -> dict[str, dict[str, ForeignMatter]]:
        """Thing -> source -> how much of it; nothing where a source does not say."""
        things = dict.fromkeys(thing for one in self.order.sources.values() for thing in one.foreign)
        clean = ForeignMatter(0.0, 0.0, 0.0)
        return {
            thing: {
                name: ForeignMatter(held.mean / 100.0, held.cv, held.error)
                if (held := one.foreign.get(thing)) is not None
                else clean
                for name, one in self.order.sources.items()
            }
            for thing in things
        }

    def of_sources(self, field: str) -> dict[str, float]:
        """Return a number of every source by the name of its field: ``supply``, ``price``, ``co2``."""
        found = {name: getattr(one, field) for name, one in self.order.sources.items()}
        lacking = [name for name, value in found.items() if value is None]
        if lacking:
            raise InputError([told("charge_unnamed", f"ScrapSource {name}", field, found=field) for name in lacking])
        return found

    @cached_property
    def lots(self) -> list[Lot]:
        """What lies in the yard."""
        sources = self.sources if any(one.source is not None for one in self.order.yard.values()) else {}
        makings = {name: partial(self._lot, name, asked, sources) for name, asked in self.order.yard.items()}
        return list(together(makings).values())

    @cached_property
    def charge(self) -> Charge:
        """The heat that is asked for."""
        return Charge(self.alloy, self.lots, self.furnace, self.risk)

    def _lot(self, name: str, asked: LotOrder, sources: Mapping[str, ScrapSource]) -> Lot:
        if (asked.composition is None) == (asked.source is None):
            code = "charge_neither" if asked.source is None else "charge_both"
            raise InputError([told(code, f"Lot {name}", "composition", other="source")])
        if asked.composition is not None:
            return Lot.known(
                name, self._shown(asked.composition), stock=asked.stock, price=asked.price, co2=asked.co2,
                recycled=asked.recycled, least=asked.least,
            )  # fmt: skip
        with called(f"Lot {name}"):
            record = OriginRecord(str(asked.source), asked.reliability, asked.others)
            return Lot.recorded(
                name, record, sources, stock=asked.stock, price=asked.price, co2=asked.co2, recycled=asked.recycled,
                least=asked.least,
            )  # fmt: skip

    def _shown(self, percent: Mapping[str, float]) -> dict[str, float]:
        return restricted({element: value / 100.0 for element, value in percent.items()}, self.order.elements)

    def _yields(self, stated: Mapping[str, float]) -> dict[str, float]:
        """Every yield that may be asked for."""
        scrap: list[tuple[str, tuple[str, ...]]] = [(name, (name,)) for name in self.order.sources]
        scrap += [(name, (name, lot.source or "")) for name, lot in self.order.yard.items()]
        return {
            **stated,
            **{name: share for name, own in scrap if (share := _first(stated, (*own, _SCRAP))) is not None},
        }


def _first(stated: Mapping[str, float], names: Iterable[str]) -> float | None:
    return next((stated[name] for name in names if name in stated), None)


def _grade(asked: GradeOrder) -> ScrapGrade:
    beside = {"free_iron": asked.free_iron, "coating": asked.coating, "moisture": asked.moisture}
    if asked.max or asked.min or asked.foreign or any(value is not None for value in beside.values()):
        found = ScrapGrade(
            asked.name, _fractions(asked.max), _fractions(asked.min),
            **{name: _fraction(value) for name, value in beside.items()},  # type: ignore[arg-type]
            foreign=_fractions(asked.foreign),
        )  # fmt: skip
    else:
        found = ScrapGrade.named(asked.name)
    return found if asked.scale is None else found.scaled(asked.scale)


def _fractions(percent: Mapping[str, float]) -> dict[str, float]:
    return {name: value / 100.0 for name, value in percent.items()}


def _fraction(percent: float | None) -> float | None:
    return None if percent is None else percent / 100.0
