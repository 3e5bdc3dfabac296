"""From the scenario's market and fleet to the arrays of the fleet engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.balance.fleet import FleetInputs
from cesim.run.periods import fleet_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.sampler import Sampler
    from cesim.scenario.model import Powertrain, Scenario, Segment

    Floats = NDArray[np.float64]
    Mix = Literal["passenger", "kei", "commercial"]

SEGMENTS: Final[tuple[Segment, ...]] = ("kei", "small", "standard", "commercial")
POWERTRAINS: Final[tuple[Powertrain, ...]] = ("ice", "hev", "phev", "bev")
VEHICLES = tuple(f"{segment}-{powertrain}" for segment in SEGMENTS for powertrain in POWERTRAINS)

_MIX_OF: Final[dict[Segment, Mix]] = {
    "kei": "kei",
    "small": "passenger",
    "standard": "passenger",
    "commercial": "commercial",
}
_EXPORT_SEGMENTS: Final = ("kei", "commercial")
_EXPORT_POWERTRAINS: Final = ("hev", "phev", "bev")
_SEGMENT = np.repeat(np.arange(4), 4)
_POWERTRAIN = np.tile(np.arange(4), 4)


def vehicle_mix(scenario: Scenario, sampler: Sampler) -> Floats:
    """Shares of new vehicles (lane, cohort, segment x powertrain), from nested shares."""
    years, market, drawn = fleet_years(scenario), scenario.market, sampler.under("market")
    kei = drawn.path("segments.kei", market.segments.kei, years)
    commercial = (1 - kei) * drawn.path("segments.commercial", market.segments.commercial, years)
    passenger = 1 - kei - commercial
    standard = passenger * drawn.path("segments.standard", market.segments.standard, years)
    by_segment = dict(zip(SEGMENTS, (kei, passenger - standard, standard, commercial), strict=True))
    mixes: dict[Mix, Floats] = {}
    for name in dict.fromkeys(_MIX_OF.values()):
        powertrains, inside = market.powertrains[name], drawn.under(f"powertrains.{name}")
        bev = inside.path("bev", powertrains.bev, years)
        phev = (1 - bev) * inside.path("phev", powertrains.phev, years)
        hev = (1 - bev - phev) * inside.path("hev", powertrains.hev, years)
        mixes[name] = np.stack([1 - bev - phev - hev, hev, phev, bev], axis=2)
    parts = [by_segment[segment][..., None] * mixes[_MIX_OF[segment]] for segment in SEGMENTS]
    return np.concatenate(parts, axis=2)


def fleet_inputs(scenario: Scenario, sampler: Sampler, mix: Floats) -> FleetInputs:
    """Everything the fleet engine needs, all lanes."""
    years, fleet, drawn = fleet_years(scenario), scenario.fleet, sampler.under("fleet")
    sales = sampler.path("market.sales", scenario.market.sales, years)
    driven = fleet.driven_by == "stock"
    target = drawn.path("stock", fleet.stock, years) if driven else None
    scrap, export = fleet.scrap, fleet.export
    shape = drawn.each("scrap.shape", scrap.shape, SEGMENTS)[:, _SEGMENT]
    factor = drawn.each("scrap.factor", scrap.factor, SEGMENTS)[:, _SEGMENT]
    scale = drawn.value("scrap.scale", scrap.scale)[:, None] * factor
    one = np.ones(sampler.count)
    kei, commercial = drawn.each("export.factor", export.factor, _EXPORT_SEGMENTS).T
    by_segment = np.stack([kei, one, one, commercial], axis=1)
    by_powertrain = np.column_stack([one, drawn.each("export.factor", export.factor, _EXPORT_POWERTRAINS)])
    rate = drawn.value("export.rate", export.rate)[:, None] * by_segment[:, _SEGMENT] * by_powertrain[:, _POWERTRAIN]
    level = drawn.path("export.level", export.level, years)
    lever = drawn.path("export.hazard_scale", export.hazard_scale, years)
    return FleetInputs(
        years=years,
        base_year=scenario.years.base_year,
        base_stock=drawn.value("base_stock", fleet.base_stock),
        sales=sales[..., None] * mix,
        stock_target=target,
        driven_from=fleet.driven_from if driven else None,
        scrap_shape=shape,
        scrap_scale=scale,
        lifetime_growth=drawn.path("scrap.growth", scrap.growth, years),
        export_rate=rate,
        export_level=level * lever,
        export_peak_age=drawn.value("export.peak_age", export.peak_age),
        export_width=drawn.value("export.width", export.width),
        other_rate=drawn.value("other_rate", fleet.other_rate),
        target_is_relative=True,
        scrap_scale_factor=drawn.path("scrap.hazard_scale", scrap.hazard_scale, years),
    )
