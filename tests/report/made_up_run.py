"""A made-up run folder with every table of docs/tables.md: plausible shapes, invented numbers, flows that balance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from made_up_facts import CATALOGUE, FOCUS, INDICATORS, REGIONS, REPORT_YEARS, YEARS, series
from made_up_flows import flow_table

if TYPE_CHECKING:
    from pathlib import Path

# target, indicator, value by year, ja, en, legal
_TARGETS = [
    (
        "bureau_6xxx",
        "h1_horizontal_rate_6xxx",
        {2030: 0.10, 2035: 0.25, 2050: 0.5},
        "行動計画の目標",
        "Action plan",
        False,
    ),
    ("eu_elv", "recycled_plastics_eu_new_types", {2032: 0.15, 2036: 0.25}, "EU ELV規則", "EU ELV Regulation", True),
    (
        "eu_elv_closed",
        "recycled_plastics_eu_closed_loop",
        {2032: 0.03, 2036: 0.05},
        "EU ELV規則（ELV由来）",
        "EU ELV Regulation, closed loop",
        True,
    ),
    ("jama", "recycled_plastics_jama", {2035: 0.15, 2040: 0.20}, "自工会目標", "JAMA", False),
    ("fleet", "recycled_plastics_fleet_average", {2035: 0.12, 2050: 0.15}, "地域の目標", "Regional goal", False),
    ("landfill", "landfill_rate", {2035: 0.008}, "埋立の上限", "Landfill ceiling", False),
]


def _noise(rng: np.random.Generator, unit: str, value: float, spread: np.ndarray) -> np.ndarray:
    if unit == "share":
        logit = np.log(value / (1 - value)) + spread
        return np.asarray(1 / (1 + np.exp(-logit)))
    return np.asarray(value * np.exp(spread))


def _statistics(draws: np.ndarray) -> dict[str, float]:
    p05, p25, p50, p75, p95 = np.quantile(draws, [0.05, 0.25, 0.5, 0.75, 0.95])
    sd = float(draws.std(ddof=1)) if len(draws) > 1 else 0.0
    return {"mean": float(draws.mean()), "sd": sd, "p05": p05, "p25": p25, "p50": p50, "p75": p75, "p95": p95}


def indicator_tables(draws: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Indicators, targets and draws, consistent with one another."""
    rng = np.random.default_rng(seed)
    rows, kept = [], {}
    for i, _, _, unit, _, _, first, last in CATALOGUE:
        spread = rng.normal(0, 0.25, draws)
        for region in [FOCUS, *REGIONS]:
            tilt = 1.0 if region == FOCUS or unit == "share" else REGIONS[region][2] / 0.77
            for year in YEARS:
                best = series(first, last, year) * tilt
                values = _noise(rng, unit, best, spread * (0.3 + (year - 2023) / 27))
                rows.append(
                    {"indicator": i, "region": region, "year": year, "unit": unit, "best": best, **_statistics(values)}
                )
                if region == FOCUS:
                    kept[f"{i}|{region}|{year}"] = values
    targets = []
    for target, indicator, values, ja, en, legal in _TARGETS:
        sign = 1 if INDICATORS[indicator].better == "up" else -1
        for year, value in values.items():
            gap = sign * (kept[f"{indicator}|{FOCUS}|{year}"] - value)
            p05, p50, p95 = np.quantile(gap, [0.05, 0.5, 0.95])
            targets.append(
                {
                    "target": target, "indicator": indicator, "region": FOCUS, "year": year, "value": value,
                    "unit": "share",
                    "name_ja": ja, "name_en": en, "legal": legal, "source": "Official Journal", "status": "read",
                    "probability": float((gap >= 0).mean()), "gap_p50": p50, "gap_p05": p05, "gap_p95": p95,
                    "note_ja": f"{ja}の備考", "note_en": f"note on {en}",
                }
            )  # fmt: skip
    heads = [i.id for i in INDICATORS.values() if i.headline]
    columns = {k: v for k, v in kept.items() if k.split("|")[0] in heads and int(k.split("|")[2]) in REPORT_YEARS}
    return pd.DataFrame(rows), pd.DataFrame(targets), pd.DataFrame({"draw": range(draws), **columns})


def stock_table(flows: pd.DataFrame) -> pd.DataFrame:
    """Yard stock that adds up from the flows, and vehicles in use."""
    keys = ["year", "region", "material", "alloy", "origin"]
    enter = (
        flows[flows["process_to"] == "scrap_yard.new-mixed"]
        .assign(region=lambda d: d["region_to"])
        .groupby(keys)["mean"]
        .sum()
    )
    leave = flows[flows["process_from"] == "scrap_yard.new-mixed"].groupby(keys)["mean"].sum()
    level = enter.sub(leave, fill_value=0).groupby(level=keys[1:]).cumsum().reset_index(name="mean")
    yard = level.assign(process="scrap_yard.new-mixed", unit="t")
    cars = pd.DataFrame(
        [
            {"year": y, "region": r, "process": "in_use", "material": "vehicles", "alloy": a, "origin": "primary",
             "mean": 4e6 * s * share, "unit": "vehicles"}
            for y in YEARS for r, (_, _, s) in REGIONS.items() for a, share in (("kei-ice", 0.4), ("standard-hev", 0.6))
        ]
    )  # fmt: skip
    both = pd.concat([yard, cars], ignore_index=True)
    return both.assign(sd=0.05 * both["mean"].abs(), best=both["mean"])


def composition_table(flows: pd.DataFrame) -> pd.DataFrame:
    """Each edge split over two substances."""
    keys = ["year", "region", "region_to", "process_from", "process_to", "material", "alloy"]
    edges = flows.groupby(keys, as_index=False)["mean"].sum()
    main = edges["material"].map({"aluminium": "Al", "plastics": "polymer"}).fillna(edges["material"])
    rest = edges["material"].map({"aluminium": "Si", "plastics": "filler"}).fillna(edges["material"])
    return pd.concat(
        [
            edges.assign(substance=main, mean=0.95 * edges["mean"]),
            edges.assign(substance=rest, mean=0.05 * edges["mean"]),
        ],
        ignore_index=True,
    )


def source_table(count: int, seed: int) -> pd.DataFrame:
    """Inputs with their share of each headline's spread."""
    rng = np.random.default_rng(seed)
    status = rng.choice(["read", "unverified", "estimate"], count, p=[0.5, 0.35, 0.15])
    value = rng.lognormal(0, 1, count)
    frame = pd.DataFrame(
        {
            "path": [f"balance.coefficient.{n:03d}" for n in range(count)],
            "name_ja": [f"移行係数 その{n}" for n in range(count)],
            "name_en": [f"Transfer coefficient no. {n}" for n in range(count)],
            "value": value, "low": value * 0.7, "high": value * 1.3, "unit": "share",
            "source": "自工会「資料」2024, p. 12", "url": "https://example.org/report.pdf", "status": status,
            "note": ["=SUM(A1:A9)" if n == 0 else "<b>note</b>" if n == 1 else "" for n in range(count)],
            "key": [f"key_{n}" for n in range(count)], "lever": [n % 2 == 0 for n in range(count)],
        }
    )  # fmt: skip
    for indicator in INDICATORS.values():
        if indicator.headline:
            shares = rng.dirichlet(np.full(count, 0.05)) * 0.95
            frame[f"share_{indicator.id}|{FOCUS}|2035"] = shares
            frame[f"noise_floor_{indicator.id}|{FOCUS}|2035"] = 0.01
    return frame


def run_json(draws: int, seed: int, name: str, sources: pd.DataFrame) -> dict[str, object]:
    """What run.json says."""
    return {
        "cesim": "0.1.0",
        "scenario": {
            "name": {"ja": name, "en": name},
            "summary": {
                "ja": "中部5県で、部品取り外しの拡大と合金別選別を2027年から進めた場合を試算する。",
                "en": "The five prefectures of Chubu with more parts taken off and sorting by alloy from 2027.",
            },
            "file": "scenarios/chubu-2035.yaml", "hash": "3f9a5c0d11e24b77", "resolved": "name: chubu-2035\n",
        },
        "data_hash": "b1946ac92492d234", "seed": seed, "draws": draws, "years": [2023, 2050],
        "report_years": list(REPORT_YEARS),
        "regions": [{"id": r, "name": {"ja": ja, "en": en}, "focus": r != "rest_of_japan"}
                    for r, (ja, en, _) in REGIONS.items()],
        "focus": {"id": FOCUS, "name": {"ja": "中部", "en": "Chubu"}},
        "variants": {"wrought_share": "shipments", "mixing": "proportional"},
        "certificate": {
            "passed": True, "worst": 3.1e-13, "where": "melting, Fe, 2041, draw 17", "tolerance": 1e-9,
            "checks": [{"name": "process x element", "cells": 1204400, "worst": 3.1e-13,
                        "where": "melting, Fe, 2041, draw 17"}],
        },
        "inputs": {k: int((sources["status"] == k).sum()) for k in ("read", "unverified", "estimate", "given")},
    }  # fmt: skip


def limit_table() -> pd.DataFrame:
    """Which element limits, and what a step is worth: copper for sheet, supply for extrusions."""
    sheet, extrusion = {"Cu": (0.6, 40.0), "Fe": (0.3, 30.0), "none": (0.1, 0.0)}, {"none": (1.0, 0.0)}
    rows = [
        (year, region, alloy, element, share, 1e5 * more, 0.3 * more, more, 2.0 * more)
        for year in YEARS
        for region in [*REGIONS, FOCUS]
        for alloy, bound in (("6016", sheet), ("6061", extrusion))
        for element, (share, more) in bound.items()
    ]
    worth = ["more_scrap_p05_t", "more_scrap_p50_t", "more_scrap_p95_t"]
    columns = ["year", "region", "alloy", "element", "share_of_draws", "price_jpy_per_t", *worth]
    return pd.DataFrame(rows, columns=columns)


def write_run(folder: Path, *, draws: int = 200, seed: int = 7, name: str = "chubu-2035", inputs: int = 120) -> Path:
    """Write the made-up run and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    indicators, targets, series = indicator_tables(draws, seed)
    flows, sources = flow_table(), source_table(inputs, seed)
    tables = {
        "flows": flows, "stocks": stock_table(flows), "composition": composition_table(flows), "indicators": indicators,
        "targets": targets, "draws": series, "sources": sources, "limits": limit_table(),
    }  # fmt: skip
    for key, table in tables.items():
        table.to_parquet(folder / f"{key}.parquet", index=False)
    text = json.dumps(run_json(draws, seed, name, sources), ensure_ascii=False, indent=1)
    (folder / "run.json").write_text(text, encoding="utf-8")
    return folder
