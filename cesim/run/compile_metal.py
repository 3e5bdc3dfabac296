"""From the scenario's remelting and compounding to the arrays of allocation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.inputs import MARKET_GRADES, RECYCLATES, YARD, Metal, Plastics
from cesim.balance.metal import METALS
from cesim.ledger.substances import ALLOYS, ORIGINS, POLYMERS
from cesim.run.periods import balance_years
from cesim.run.places import routes, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.limits import Windows
    from cesim.run.sampler import Sampler
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]


def compile_metal(scenario: Scenario, sampler: Sampler, windows: Windows) -> Metal:
    """All arrays of remelting."""
    held, years = scenario.remelting, balance_years(scenario)
    works = {what: weights(sampler, scenario, what) for what in ("sheet", "extrusion", "casting")}
    melters = np.flatnonzero(np.any(list(works.values()), axis=(0, 1)))
    share = np.stack([works[held.alloys[a].works][:, melters] for a in ALLOYS], axis=1)
    capacity = np.mean(list(works.values()), axis=0)

    def value(name: str, quantity: object) -> Floats:
        return sampler.value(f"remelting.{name}", quantity)  # type: ignore[arg-type]

    def by_alloy(name: str) -> Floats:
        return np.stack([value(f"alloys.{a}.{name}", getattr(held.alloys[a], name)) for a in ALLOYS], axis=1)

    def by_year(name: str) -> Floats:
        drawn = [sampler.path(f"remelting.alloys.{a}.{name}", getattr(held.alloys[a], name), years) for a in ALLOYS]
        return np.stack(drawn, axis=2)

    addition = np.zeros((sampler.count, len(METALS)))
    for element, price in held.addition_price.items():
        addition[:, METALS.index(element)] = value(f"addition_price.{element}", price) * 1e3
    return Metal(
        melters=melters,
        scrap_route=routes(sampler, scenario, "scrap", capacity, melters),
        share=share,
        windows=windows.windows,
        loss=np.stack([value(f"loss.{g}", held.loss[g]) for g in YARD], axis=1),
        new_loss=value("new_loss", held.new_loss),
        mill_return=by_alloy("mill_return"),
        press_scrap=by_alloy("press_scrap"),
        segregated=by_year("segregated"),
        approved=by_year("approved"),
        price=np.stack([value(f"price.{g}", held.price[g]) * 1e3 for g in YARD], axis=1),
        primary_price=value("primary_price", held.primary_price) * 1e3,
        addition_price=addition,
        sash_supply=sampler.path("remelting.sash", held.sash, years)[:, :, None] * share[:, None, ALLOYS.index("6063")],
        market_composition=_market(scenario),
        market_origin=_market_origin(value("secondary_post", held.secondary_post)),
        new_mixed_start=np.zeros((sampler.count, melters.size, len(ALLOYS))),
    )


def _market(scenario: Scenario) -> Floats:
    """(2, element) composition of scrap bought outside; aluminium is the rest."""
    out = np.zeros((len(MARKET_GRADES), len(METALS)))
    for n, name in enumerate(MARKET_GRADES):
        for element, share in scenario.remelting.market[name].items():
            out[n, METALS.index(element)] = share.value
    out[:, 0] = 1.0 - out.sum(axis=1)
    return out


def _market_origin(post: Floats) -> Floats:
    """(lane, 2, origin): window frames are post-consumer, secondary ingot is split."""
    out = np.zeros((post.size, len(MARKET_GRADES), len(ORIGINS)))
    out[:, 0, ORIGINS.index("post_other")] = 1.0
    out[:, 1, ORIGINS.index("post_other")] = post
    out[:, 1, ORIGINS.index("pre_other")] = 1.0 - post
    return out


def compile_plastics(scenario: Scenario, sampler: Sampler) -> Plastics:
    """All arrays of compounding."""
    held, years = scenario.compounding, balance_years(scenario)
    share = weights(sampler, scenario, "compounding")
    sites = np.flatnonzero((share > 0).any(axis=0))

    def value(name: str, quantity: object) -> Floats:
        return sampler.value(f"compounding.{name}", quantity)  # type: ignore[arg-type]

    recyclates = [held.recyclates[name] for name in RECYCLATES]
    composition = np.array([_composition(r.filler.value) for r in recyclates])
    origin = np.zeros((len(RECYCLATES), len(ORIGINS)))
    for n, recyclate in enumerate(recyclates):
        origin[n, ORIGINS.index(recyclate.origin)] = 1.0
    cap = np.zeros((sampler.count, years.size, len(POLYMERS)))
    for polymer, path in held.cap.items():
        cap[:, :, POLYMERS.index(polymer)] = sampler.path(f"compounding.cap.{polymer}", path, years)
    limit = value("foreign_limit", held.foreign_limit)
    return Plastics(
        compounders=sites,
        route=routes(sampler, scenario, "recyclate", share, sites),
        share=share[:, sites],
        supply=np.stack(
            [
                sampler.path(f"compounding.recyclates.{n}.supply", r.supply, years)
                for n, r in zip(RECYCLATES, recyclates, strict=True)
            ],
            axis=2,
        ),
        composition=composition,
        origin=origin,
        foreign=np.stack(
            [value(f"recyclates.{n}.foreign", r.foreign) for n, r in zip(RECYCLATES, recyclates, strict=True)], axis=1
        ),
        foreign_limit=np.repeat(limit[:, None], len(POLYMERS), axis=1),
        cap=cap,
        asr_cap=value("residue_cap", held.residue_cap),
        admitted=np.array([[p in r.into for r in recyclates] for p in POLYMERS]),
        price=np.stack(
            [value(f"recyclates.{n}.price", r.price) * 1e3 for n, r in zip(RECYCLATES, recyclates, strict=True)], axis=1
        ),
        virgin_price=value("virgin_price", held.virgin_price) * 1e3,
        loss=value("loss", held.loss),
    )  # fmt: skip


def _composition(filler: float) -> tuple[float, float, float]:
    """Polymer, filler, additive of a recyclate; additives are renewed when it is compounded."""
    return 1.0 - filler, filler, 0.0
