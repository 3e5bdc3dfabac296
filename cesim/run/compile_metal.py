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
    drawn = sampler.under("remelting")

    def by_alloy(name: str) -> Floats:
        return np.stack([drawn.value(f"alloys.{a}.{name}", getattr(held.alloys[a], name)) for a in ALLOYS], axis=1)

    def by_year(name: str) -> Floats:
        return np.stack(
            [drawn.path(f"alloys.{a}.{name}", getattr(held.alloys[a], name), years) for a in ALLOYS], axis=2
        )

    loss = np.empty((sampler.count, years.size, len(YARD)))
    for n, grade in enumerate(YARD):
        loss[:, :, n] = drawn.by_year(f"loss.{grade}", held.loss[grade], years)
    addition = np.zeros((sampler.count, len(METALS)))
    for element, price in held.addition_price.items():
        addition[:, METALS.index(element)] = drawn.value(f"addition_price.{element}", price) * 1e3
    return Metal(
        melters=melters,
        scrap_route=routes(sampler, scenario, "scrap", capacity, melters),
        share=share,
        windows=windows.windows,
        loss=loss,
        new_loss=drawn.value("new_loss", held.new_loss),
        mill_return=by_alloy("mill_return"),
        press_scrap=by_alloy("press_scrap"),
        segregated=by_year("segregated"),
        approved=by_year("approved"),
        price=drawn.each("price", held.price, YARD) * 1e3,
        primary_price=drawn.value("primary_price", held.primary_price) * 1e3,
        addition_price=addition,
        sash_supply=drawn.path("sash", held.sash, years)[:, :, None] * share[:, None, ALLOYS.index("6063")],
        market_composition=_market(scenario, sampler),
        market_origin=_market_origin(drawn.value("secondary_post", held.secondary_post)),
        new_mixed_start=np.zeros((sampler.count, melters.size, len(ALLOYS))),
    )


def _market(scenario: Scenario, sampler: Sampler) -> Floats:
    """(lane, 2, element) composition of scrap bought outside; aluminium is the rest."""
    out = np.zeros((sampler.count, len(MARKET_GRADES), len(METALS)))
    for n, name in enumerate(MARKET_GRADES):
        for element, share in scenario.remelting.market[name].items():
            out[:, n, METALS.index(element)] = sampler.value(f"remelting.market.{name}.{element}", share)
    out[..., 0] = 1.0 - out.sum(axis=2)
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
    drawn = sampler.under("compounding")
    recyclates = [held.recyclates[name] for name in RECYCLATES]
    offers = [drawn.under(f"recyclates.{name}") for name in RECYCLATES]
    filler = np.stack([o.value("filler", r.filler) for o, r in zip(offers, recyclates, strict=True)], axis=1)
    origin = np.zeros((len(RECYCLATES), len(ORIGINS)))
    for n, recyclate in enumerate(recyclates):
        origin[n, ORIGINS.index(recyclate.origin)] = 1.0
    cap, asr_cap = np.zeros((sampler.count, years.size, len(POLYMERS))), np.empty((sampler.count, years.size))
    asr_cap[:] = drawn.by_year("residue_cap", held.residue_cap, years)
    for polymer, path in held.cap.items():
        cap[:, :, POLYMERS.index(polymer)] = drawn.path(f"cap.{polymer}", path, years)
    limit = drawn.value("foreign_limit", held.foreign_limit)
    return Plastics(
        compounders=sites,
        route=routes(sampler, scenario, "recyclate", share, sites),
        share=share[:, sites],
        supply=np.stack([o.path("supply", r.supply, years) for o, r in zip(offers, recyclates, strict=True)], axis=2),
        composition=_composition(filler),
        origin=origin,
        foreign=np.stack([o.value("foreign", r.foreign) for o, r in zip(offers, recyclates, strict=True)], axis=1),
        foreign_limit=np.repeat(limit[:, None], len(POLYMERS), axis=1),
        cap=cap,
        asr_cap=asr_cap,
        admitted=np.array([[p in r.into for r in recyclates] for p in POLYMERS]),
        price=np.stack([o.value("price", r.price) for o, r in zip(offers, recyclates, strict=True)], axis=1) * 1e3,
        virgin_price=drawn.value("virgin_price", held.virgin_price) * 1e3,
        loss=drawn.value("loss", held.loss),
    )  # fmt: skip


def _composition(filler: Floats) -> Floats:
    """Polymer, filler, additive of recyclates; additives are renewed when they are compounded."""
    return np.stack([1.0 - filler, filler, np.zeros_like(filler)], axis=-1)
