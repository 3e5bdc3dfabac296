"""The outcomes of a made-up lot-by-lot run, and its tables as a run puts them together."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cesim.run.lot_frames import frames, losses
from cesim.run.lot_limits import LIMITS

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 31_536_000
WORKS = (
    # kind, name, place, servers, came, inside, waiting area, busy area, wait sum
    ("border", "border", "", 0, 0, 0, 0, 0, 0),
    ("casthouse", "casthouse north", "north", 0, 900, 24, 10 * SECONDS, 0, 10 * SECONDS),
    ("furnaces", "furnaces north", "north", 1, 400, 2, 3 * SECONDS, SECONDS // 4, 3 * SECONDS),
    ("furnaces", "furnaces south", "south", 1_000_000, 300, 1, 0, 7 * SECONDS, 0),
    ("alloy_sorting", "alloy sorter north", "north", 1, 800, 1, SECONDS // 2, SECONDS // 2, SECONDS // 2),
    ("asr_treatment", "residue plant south", "south", 1, 200, 0, SECONDS // 8, SECONDS // 5, SECONDS // 8),
    ("dismantling", "dismantlers north", "north", 8, 1_000, 8, 7 * SECONDS, 2 * SECONDS, 7 * SECONDS),
    ("haulage", "scrap way from dismantlers north", "north", 100_000, 500, 0, 0, SECONDS, 0),
    ("take_back", "owners north", "north", 0, 0, 0, 0, 0, 0),
)
SIX = {
    "in_cars": 1_000.25, "from_elsewhere": 234.5, "to_elsewhere": 111.125, "reused": 22.25, "residue": 33.5,
    "exported": 60.0, "charged": 1_000.0, "on_the_way": 7.875, "dross": 55.5, "finished": 321.5,
}  # fmt: skip
FAMILY = {
    "finished": 321.5, "other_alloy": 480.25, "downgraded": 6.25, "off_spec": 1.5, "approval": 30.0, "spec": 9.5,
    "yard_room": 20.0,
}  # fmt: skip
HEATS = (
    ("6016", "good", 51), ("6016", "corrected", 4), ("6063", "good", 1_260), ("AC4CH", "good", 6_900),
    ("AC4CH", "corrected", 15), ("AC4CH", "downgraded", 12), ("AC4CH", "off_spec", 3),
)  # fmt: skip
RETURNED = (321.5, 315.25, 402.75, 700.5)
"""t with all limits, then without capacity, knowledge, standards: capacity gains 6.25."""
INDICATORS = (
    ("elv_6xxx", 1_000.25, 1_000.25), ("recycled_content_6xxx_post", 0.061234, 0.065432),
    ("primary_demand", 29_530.19, 27_004.3), ("surplus_scrap", 80.5, 0.0), ("elv_count", 102_403.0, 102_403.0),
)  # fmt: skip
BALANCE = 333.75
LAWS = ("numbers", "substance", "little")


@dataclass(frozen=True)
class MadeUp:
    """What the report of a run reads."""

    about: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(repr=False)


def outcomes(draws: int = 1, *, last: int = 2030, with_losses: bool = True) -> list[dict[str, Any]]:
    """Return what all lanes came to; each draw has a tenth more of everything than the one before."""
    lanes = range(1 if draws == 1 else draws + 1)
    return [
        _outcome(lane, LIMITS[:off], last) for off in range(len(LIMITS) + 1 if with_losses else 1) for lane in lanes
    ]


def _outcome(lane: int, off: tuple[str, ...], last: int) -> dict[str, Any]:
    grown = 1.0 + 0.1 * lane
    returned = RETURNED[len(off)] * grown
    rows = [
        {"year": year, "indicator": name, "lots": lots, "balance": balance}
        for year in range(2030, last + 1)
        for name, lots, balance in INDICATORS
    ]
    rows += [
        {"year": year, "indicator": "returned_at_works", "lots": None, "balance": BALANCE}
        for year in range(2030, last + 1)
    ]
    return {
        "lane": lane, "off": list(off), "first": 2030, "last": last, "regions": ["north", "south"],
        "returned_t": returned,
        "cars": {
            "north": {"came": 100_000, "done": 99_000, "hurried": 990},
            "south": {"came": 0, "done": 0, "hurried": 0},
        },
        "lots": 898_168, "events": 845_211,
        "turned_away": {"alloy sorter north": 80, "residue plant south": 0},
        "six_t": {name: mass * grown for name, mass in SIX.items()},
        "family_t": {name: mass * grown for name, mass in FAMILY.items()},
        "heats": [{"alloy": alloy, "outcome": what, "heats": count + lane} for alloy, what, count in HEATS],
        "indicators": rows,
        "works": [_works(*row) for row in WORKS],
        "transport": {
            "loads": 15_861 + lane, "km": 1_110_270.0, "t_km": 27_498_340.0, "cost_jpy": 333_081_000.0,
            "co2_kg": 3_299_800.0,
        },
        "laws": {
            "passed": True, "worst": 0.0, "where": "", "tolerance": 0.0,
            "checks": [{"name": name, "cells": 1_743_379, "worst": 0.0, "where": ""} for name in LAWS],
        },
    }  # fmt: skip


def _works(kind: str, name: str, place: str, servers: int, came: int, inside: int, *areas: int) -> dict[str, Any]:
    waiting, busy, wait = areas
    return {
        "facility": name, "seconds": SECONDS, "servers": servers, "came": came, "left": came - inside, "inside": inside,
        "busy": 0, "inside_area": waiting + busy, "waiting_area": waiting, "busy_area": busy,
        "sojourn_sum": wait + busy, "wait_sum": wait, "service_sum": busy, "kind": kind, "place": place,
        "utilisation": busy / (servers * SECONDS) if servers else 0.0,
    }  # fmt: skip


def flows() -> pd.DataFrame:
    """Three flows, one of a region nobody named."""
    names = ("year", "process_from", "process_to", "region", "region_to", "material", "alloy", "origin", "mass_t")
    return pd.DataFrame(
        [
            [2030, "shredding", "alloy_sorting", "north", "south", "aluminium", "6016", "post_elv", 5.5763, 23],
            [2030, "melting.6016", "part_making.6016", "north", "north", "aluminium", "6016", "primary", 250.25, 9],
            [2030, "scrap_yard.shred-cast", "scrap_export", "south", "south", "aluminium", "ADC12", "bio", 0.5, 2],
        ],
        columns=[*names, "lots"],
    )  # fmt: skip


def about(held: list[dict[str, Any]], draws: int = 1, *, with_losses: bool = True) -> dict[str, Any]:
    """Return the record of a run with these outcomes."""
    best = held[0]
    kept = {name: best[name] for name in ("regions", "cars", "lots", "events", "turned_away", "laws")}
    return copy.deepcopy(kept) | {
        "kind": "lots",
        "cesim": "0.1.0",
        "scenario": {"name": {"ja": "作り話", "en": "Made up"}, "file": "made.yaml", "hash": "2fe0", "resolved": ""},
        "asked": {
            "first": best["first"], "last": best["last"], "seed": 7, "draws": draws, "batch": 200,
            "with_losses": with_losses,
        },
        "assumed": {
            "opens": 8.0, "closes": 17.0, "days_a_week": 6, "clearing_days": 7, "risk": 0.02, "correction": 0.1,
            "approval_months": 12.0, "load_t": 10.0, "hulks_a_load": 12, "speed_km_h": 40.0, "cost_jpy_per_km": 300.0,
            "co2_kg_per_tkm": 0.12, "patience_days": 14.0, "records": "simple", "coverage": 0.3, "delay_days": 3.0,
            "reliability": 0.95, "assayed": 0.05, "assay_cv": 0.1,
            "inputs": {"read": 3, "unverified": 28, "estimate": 50, "given": 8},
        },
        "region_names": {"north": {"ja": "北", "en": "North"}, "south": {"ja": "南", "en": "South"}},
        "focus": {"ja": "北と南", "en": "north and south"},
        "laws_of_all": True,
        "mirror": {
            "agrees": True, "flows": 970, "masses": 18_114, "worst_mg": 233.89, "operations": 3_658,
            "where": "melting.AC2B > part_making.AC2B > north > south > origin > post_elv",
        },
        "headline": losses(held),
    }  # fmt: skip


def made_up(folder: Path, draws: int = 1, *, last: int = 2030, with_losses: bool = True) -> MadeUp:
    """Return a run; the flows of its best estimate are written to a folder first, as a lane does."""
    folder.mkdir(parents=True, exist_ok=True)
    flows().to_parquet(folder / "flows.parquet", index=False)
    held = outcomes(draws, last=last, with_losses=with_losses)
    return MadeUp(about(held, draws, with_losses=with_losses), frames(held, folder))
