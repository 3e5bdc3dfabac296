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
    years = fleet_years(scenario)
    market = scenario.market

    def path(name: str, held: object) -> Floats:
        return sampler.path(f"market.{name}", held, years)  # type: ignore[arg-type]

    kei = path("segments.kei", market.segments.kei)
    commercial = (1 - kei) * path("segments.commercial", market.segments.commercial)
    passenger = 1 - kei - commercial
    standard = passenger * path("segments.standard", market.segments.standard)
    by_segment = dict(zip(SEGMENTS, (kei, passenger - standard, standard, commercial), strict=True))
    mixes: dict[Mix, Floats] = {}
    for name in dict.fromkeys(_MIX_OF.values()):
        powertrains = market.powertrains[name]
        bev = path(f"powertrains.{name}.bev", powertrains.bev)
        phev = (1 - bev) * path(f"powertrains.{name}.phev", powertrains.phev)
        hev = (1 - bev - phev) * path(f"powertrains.{name}.hev", powertrains.hev)
        mixes[name] = np.stack([1 - bev - phev - hev, hev, phev, bev], axis=2)
    parts = [by_segment[segment][..., None] * mixes[_MIX_OF[segment]] for segment in SEGMENTS]
    return np.concatenate(parts, axis=2)


def fleet_inputs(scenario: Scenario, sampler: Sampler, mix: Floats) -> FleetInputs:
    """Everything the fleet engine needs, all lanes."""
    years, fleet = fleet_years(scenario), scenario.fleet
    sales = sampler.path("market.sales", scenario.market.sales, years)
    driven = fleet.driven_by == "stock"
    target = sampler.path("fleet.stock", fleet.stock, years) if driven else None
    scrap, export = fleet.scrap, fleet.export

    def value(name: str, held: object) -> Floats:
        return sampler.value(f"fleet.{name}", held)  # type: ignore[arg-type]

    shape = np.stack([value(f"scrap.shape.{s}", scrap.shape[s]) for s in SEGMENTS], axis=1)[:, _SEGMENT]
    factor = np.stack([value(f"scrap.factor.{s}", scrap.factor[s]) for s in SEGMENTS], axis=1)[:, _SEGMENT]
    scale = value("scrap.scale", scrap.scale)[:, None] * factor
    one = np.ones(sampler.count)
    kei, commercial = (value(f"export.factor.{s}", export.factor[s]) for s in _EXPORT_SEGMENTS)
    by_segment = np.stack([kei, one, one, commercial], axis=1)
    driven_otherwise = [value(f"export.factor.{p}", export.factor[p]) for p in _EXPORT_POWERTRAINS]
    by_powertrain = np.stack([one, *driven_otherwise], axis=1)
    rate = value("export.rate", export.rate)[:, None] * by_segment[:, _SEGMENT] * by_powertrain[:, _POWERTRAIN]
    level = sampler.path("fleet.export.level", export.level, years)
    lever = sampler.path("fleet.export.hazard_scale", export.hazard_scale, years)
    return FleetInputs(
        years=years,
        base_year=scenario.years.base_year,
        base_stock=value("base_stock", fleet.base_stock),
        sales=sales[..., None] * mix,
        stock_target=target,
        driven_from=fleet.driven_from if driven else None,
        scrap_shape=shape,
        scrap_scale=scale,
        lifetime_growth=sampler.path("fleet.scrap.growth", scrap.growth, years),
        export_rate=rate,
        export_level=level * lever,
        export_peak_age=value("export.peak_age", export.peak_age),
        export_width=value("export.width", export.width),
        other_rate=value("other_rate", fleet.other_rate),
        target_is_relative=True,
        scrap_scale_factor=sampler.path("fleet.scrap.hazard_scale", scrap.hazard_scale, years),
    )
