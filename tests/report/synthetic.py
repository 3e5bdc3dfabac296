"""A made-up run folder with every table of docs/tables.md: plausible shapes, invented numbers, flows that balance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

YEARS = range(2023, 2051)
REPORT_YEARS = (2030, 2035, 2040, 2050)
REGIONS = {
    "aichi": ("愛知県", "Aichi", 0.40),
    "gifu": ("岐阜県", "Gifu", 0.12),
    "mie": ("三重県", "Mie", 0.11),
    "toyama": ("富山県", "Toyama", 0.07),
    "ishikawa": ("石川県", "Ishikawa", 0.07),
    "rest_of_japan": ("その他の地域", "Rest of Japan", 1.9),
}
FOCUS = "chubu"

Mix = dict[str, float]


@dataclass(frozen=True)
class FakeIndicator:
    id: str
    name_ja: str
    name_en: str
    unit: str
    formula: str
    denominator: str
    region_rule: str
    source: str
    better: str
    headline: bool = False


# id, ja, en, unit, better, headline, value in 2023, value in 2050
_CATALOGUE = [
    ("aluminium_returned", "自動車に戻った6000系アルミ", "6000-series aluminium back in cars", "t", "up", True, 400, 21500),
    ("h1_horizontal_rate_6xxx", "6000系水平リサイクル率", "Horizontal recycling rate of 6000-series", "share", "up", True, 0.01, 0.42),
    ("recycled_content_6xxx_post", "6000系再生材含有率（ポストコンシューマ）", "Recycled content of 6000-series, post-consumer", "share", "up", True, 0.01, 0.22),
    ("plastics_returned", "自動車に戻った再生プラスチック", "Recycled plastics back in cars", "t", "up", True, 2100, 61000),
    ("recycled_plastics_fleet_average", "再生プラスチック使用率（全車平均）", "Recycled plastics, fleet average", "share", "up", True, 0.02, 0.21),
    ("recycled_plastics_eu_new_types", "再生プラスチック使用率（EU新型車）", "Recycled plastics, new types for the EU", "share", "up", True, 0.02, 0.27),
    ("recycled_content_6xxx_pre", "6000系再生材含有率（プレコンシューマ）", "Recycled content of 6000-series, pre-consumer", "share", "up", False, 0.12, 0.18),
    ("h2_any_elv_aluminium", "ELVアルミ全体からの6000系への戻り率", "Return to 6000-series from any ELV aluminium", "share", "up", False, 0.01, 0.45),
    ("h3_of_all_deregistered", "抹消車全体に対する水平リサイクル率", "Horizontal rate over all deregistered cars", "share", "up", False, 0.006, 0.27),
    ("recycled_plastics_eu_closed_loop", "再生プラスチック使用率（うちELV由来）", "Recycled plastics from ELVs (closed loop)", "share", "up", False, 0.001, 0.06),
    ("recycled_plastics_jama", "再生プラスチック使用率（自工会目標の数え方）", "Sustainable plastics, JAMA count", "share", "up", False, 0.03, 0.25),
    ("recycled_plastics_supply", "再生プラスチック供給量", "Supply of recycled plastics", "kt", "up", False, 9, 96),
    ("cascade_rate_aluminium", "アルミのカスケード率", "Cascade rate of aluminium", "share", "down", False, 0.9, 0.45),
    ("energy_recovery_rate", "プラスチックの熱回収率", "Energy recovery of plastics", "share", "down", False, 0.86, 0.44),
    ("landfill_rate", "埋立率", "Landfill rate", "share", "down", False, 0.012, 0.006),
    ("elv_recycling_rate", "ELVリサイクル率", "ELV recycling rate", "share", "up", False, 0.984, 0.992),
    ("surplus_scrap", "余剰スクラップ", "Surplus scrap", "t", "down", False, 1200, 9400),
    ("primary_demand", "新地金の需要", "Primary metal demand", "t", "down", False, 92000, 61000),
    ("import_dependence", "新地金の輸入依存度", "Import dependence on primary metal", "share", "down", False, 0.95, 0.55),
    ("ghg", "温室効果ガス排出量", "Greenhouse gas emissions", "t CO2e", "down", False, 2.4e6, 1.3e6),
    ("ghg_primary_avoided", "新地金の回避による削減量", "Emissions avoided by primary metal saved", "t CO2e", "up", False, 9e3, 4.1e5),
    ("elv_count", "使用済自動車の台数", "End-of-life vehicles", "vehicles", "up", False, 390000, 371000),
    ("plastics_parts_removed", "取り外された樹脂部品", "Plastic parts removed", "t", "up", False, 700, 26000),
    ("cost_per_elv", "処理費用", "Cost per end-of-life vehicle", "JPY/vehicle", "down", False, 21000, 26500),
    ("alloy_mixing_error", "合金の混合誤り率", "Mixing error between alloys", "share", "down", False, 0.31, 0.09),
]
INDICATORS: dict[str, FakeIndicator] = {
    i: FakeIndicator(
        i, ja, en, unit, f"{i} = part / whole", "ELVs treated in the region", "where scrapped", "made up", better, head
    )
    for i, ja, en, unit, better, head, _, _ in _CATALOGUE
}

# target, indicator, value by year, ja, en, legal
_TARGETS = [
    ("bureau_6xxx", "h1_horizontal_rate_6xxx", {2030: 0.10, 2035: 0.25, 2050: 0.5}, "行動計画の目標", "Action plan", False),
    ("eu_elv", "recycled_plastics_eu_new_types", {2032: 0.15, 2036: 0.25}, "EU ELV規則", "EU ELV Regulation", True),
    ("eu_elv_closed", "recycled_plastics_eu_closed_loop", {2032: 0.03, 2036: 0.05}, "EU ELV規則（ELV由来）", "EU ELV Regulation, closed loop", True),
    ("jama", "recycled_plastics_jama", {2035: 0.15, 2040: 0.20}, "自工会目標", "JAMA", False),
    ("fleet", "recycled_plastics_fleet_average", {2035: 0.12, 2050: 0.15}, "地域の目標", "Regional goal", False),
    ("landfill", "landfill_rate", {2035: 0.008}, "埋立の上限", "Landfill ceiling", False),
]


def _series(first: float, last: float, year: int) -> float:
    weight = 1 / (1 + np.exp(-(year - 2036) / 4))
    return float(first + (last - first) * weight)


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
    for i, _, _, unit, _, _, first, last in _CATALOGUE:
        spread = rng.normal(0, 0.25, draws)
        for region in [FOCUS, *REGIONS]:
            tilt = 1.0 if region == FOCUS or unit == "share" else REGIONS[region][2] / 0.77
            for year in YEARS:
                best = _series(first, last, year) * tilt
                values = _noise(rng, unit, best, spread * (0.3 + (year - 2023) / 27))
                rows.append({"indicator": i, "region": region, "year": year, "unit": unit, "best": best, **_statistics(values)})
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
                    "target": target, "indicator": indicator, "region": FOCUS, "year": year, "value": value, "unit": "share",
                    "name_ja": ja, "name_en": en, "legal": legal, "source": "Official Journal", "status": "read",
                    "probability": float((gap >= 0).mean()), "gap_p50": p50, "gap_p05": p05, "gap_p95": p95,
                }
            )  # fmt: skip
    heads = [i.id for i in INDICATORS.values() if i.headline]
    columns = {k: v for k, v in kept.items() if k.split("|")[0] in heads and int(k.split("|")[2]) in REPORT_YEARS}
    return pd.DataFrame(rows), pd.DataFrame(targets), pd.DataFrame({"draw": range(draws), **columns})


class Flows:
    """Rows of flows.parquet, put in one edge at a time."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    def put(self, year: int, place: tuple[str, str], edge: tuple[str, str], what: tuple[str, str], mix: Mix) -> Mix:
        for origin, mass in mix.items():
            if mass > 0:
                self.rows.append((year, *place, *edge, *what, origin, mass, 0.08 * mass, 1.01 * mass))
        return mix


def part(mix: Mix, share: float) -> Mix:
    return {k: v * share for k, v in mix.items()}


def add(*mixes: Mix) -> Mix:
    out: Mix = {}
    for mix in mixes:
        for k, v in mix.items():
            out[k] = out.get(k, 0.0) + v
    return out


def total(mix: Mix) -> float:
    return sum(mix.values())


def relabel(mix: Mix, origin: str) -> Mix:
    return {origin: total(mix)}


CASTINGS = "ADC12"


def _elv_aluminium(f: Flows, year: int, size: float, region: str, alloy: str, leaving: Mix) -> tuple[Mix, Mix]:
    """One alloy from the car that leaves use to the melt: what can be melted as itself and what goes to castings."""
    at, what = (region, region), ("aluminium", alloy)
    def go(a: str, b: str, mix: Mix) -> Mix:
        return f.put(year, at, (a, b), what, mix)
    go("in_use", "used_car_export", part(leaving, 0.34))
    go("in_use", "other_exit", part(leaving, 0.04))
    elv = go("take_back", "dismantling", relabel(go("in_use", "take_back", part(leaving, 0.62)), "post_elv"))
    removed = 0.05 + 0.3 * _series(0, 1, year)
    sorted_ = go("dismantling", "alloy_sorting", part(elv, removed))
    go("dismantling", "part_reuse", part(elv, 0.05))
    shred = part(elv, 0.95 - removed)
    if region in ("gifu", "mie", "rest_of_japan"):
        away = "aichi" if region != "rest_of_japan" else "rest_of_japan"
        f.put(year, (region, away), ("dismantling", "shredding"), what, part(shred, 1.0 if away != region else 1.0))
        at = (away, away)
    else:
        go("dismantling", "shredding", shred)
    lots = go("shredding", "alloy_sorting", part(shred, 0.88))
    go("shredding", "ferrous_recycling", part(shred, 0.05))
    residue = go("shredding", "asr_treatment", part(shred, 0.07))
    go("asr_treatment", "landfill", part(residue, 0.3))
    go("asr_treatment", "energy_recovery", part(residue, 0.7))
    if at[0] != region:  # what was taken off earlier joins the shredded lots there
        f.put(year, at, ("alloy_sorting", "scrap_yard"), what, lots)
        f.put(year, (region, at[0]), ("alloy_sorting", "scrap_yard"), what, sorted_)
    else:
        go("alloy_sorting", "scrap_yard", add(sorted_, lots))
    old = add(sorted_, lots)
    go("scrap_yard", "scrap_export", part(old, 0.14))
    coated = go("scrap_yard", "decoating", part(old, 0.86))
    go("decoating", "coating_burnt", part(coated, 0.015))
    hot = go("decoating", "melting", part(coated, 0.985))
    itself = _series(0.02, 0.55, year) if alloy != CASTINGS else 1.0
    return part(hot, itself), part(hot, 1 - itself)


def _new_aluminium(f: Flows, year: int, region: str, alloy: str, demand: float, hot: Mix) -> None:
    """One alloy from the melt to the new car and back as press scrap."""
    at, what = (region, region), ("aluminium", alloy)
    def go(a: str, b: str, mix: Mix) -> Mix:
        return f.put(year, at, (a, b), what, mix)
    cut = 0.28 if alloy != CASTINGS else 0.06
    formed = demand / (1 - cut)
    scrap = {"pre_auto": formed * cut}
    go("new_scrap", "scrap_yard", scrap)
    back = go("scrap_yard", "melting", part(scrap, 0.97))  # the rest waits in the yard
    alloying = go("alloying_supply", "melting", {"primary": formed * 0.008})
    other = go("other_scrap_supply", "melting", {"post_other": formed * 0.03})
    need = max(formed / 0.98 - total(hot) - total(back) - total(alloying) - total(other), 0.0)
    prim = go("primary_supply", "melting", {"primary": need})
    melt = add(hot, back, alloying, other, prim)
    go("melting", "dross", part(melt, 0.02))
    metal = go("melting", "part_making", part(melt, 0.98))
    paint = go("paint_supply", "part_making", {"primary": 0.01 * total(metal)})
    made = add(metal, paint)
    pressed = min(total(scrap) / total(made), 1.0)
    go("part_making", "new_scrap", part(made, pressed))
    _new_cars(f, year, region, what, part(made, 1 - pressed))


def _new_cars(f: Flows, year: int, region: str, what: tuple[str, str], parts: Mix) -> None:
    f.put(year, (region, region), ("part_making", "assembly"), what, parts)
    f.put(year, (region, region), ("assembly", "new_car_export"), what, part(parts, 0.48))
    home, away = part(parts, 0.2), part(parts, 0.32)
    other = "rest_of_japan" if region != "rest_of_japan" else "aichi"
    for place, mix in ((region, home), (other, away)):
        f.put(year, (region, place), ("assembly", "registration"), what, mix)
        f.put(year, (place, place), ("registration", "in_use"), what, mix)
    imported = part(parts, 0.05)
    f.put(year, (region, region), ("overseas_assembly", "registration"), what, relabel(imported, "primary"))
    f.put(year, (region, region), ("registration", "in_use"), what, relabel(imported, "primary"))


def _plastics(f: Flows, year: int, region: str, polymer: str, leaving: float, demand: float) -> None:
    at, what = (region, region), ("plastics", polymer)
    def go(a: str, b: str, mix: Mix) -> Mix:
        return f.put(year, at, (a, b), what, mix)
    out = {"primary": leaving * 0.97, "post_other": leaving * 0.03}
    go("in_use", "used_car_export", part(out, 0.34))
    go("in_use", "other_exit", part(out, 0.04))
    elv = go("take_back", "dismantling", relabel(go("in_use", "take_back", part(out, 0.62)), "post_elv"))
    removed = _series(0.02, 0.34, year)
    bales = go("dismantling", "pelletising", part(elv, removed))
    shred = go("dismantling", "shredding", part(elv, 0.96 - removed))
    go("dismantling", "part_reuse", part(elv, 0.04))
    residue = go("shredding", "asr_treatment", shred)
    sortable = _series(0.02, 0.3, year)
    to_sort = go("asr_treatment", "asr_sorting", part(residue, sortable))
    go("asr_treatment", "energy_recovery", part(residue, 0.93 * (1 - sortable)))
    go("asr_treatment", "landfill", part(residue, 0.07 * (1 - sortable)))
    floats = go("asr_sorting", "pelletising", part(to_sort, 0.5))
    go("asr_sorting", "energy_recovery", part(to_sort, 0.5))
    pellet = add(bales, floats)
    go("pelletising", "energy_recovery", part(pellet, 0.12))
    go("pelletising", "recyclate_export", part(pellet, 0.2))
    own = go("pelletising", "compounding", part(pellet, 0.68))
    formed = demand / 0.93
    x_to_car = go("x_to_car_supply", "compounding", {"post_other": formed * _series(0.01, 0.1, year)})
    parts_in_use = go("x_to_car_supply", "compounding", {"post_in_use": formed * _series(0.001, 0.02, year)})
    chem = go("chemical_recycling_supply", "compounding", {"chemical": formed * _series(0.0001, 0.03, year)})
    bio = go("bio_supply", "compounding", {"bio": formed * _series(0.001, 0.015, year)})
    filler = go("filler_supply", "compounding", {"primary": formed * 0.08})
    sprues = go("new_scrap", "compounding", {"pre_auto": formed * 0.05})
    rest = formed - sum(map(total, (own, x_to_car, parts_in_use, chem, bio, filler, sprues)))
    virgin = go("virgin_supply", "compounding", {"primary": max(rest, 0.0)})
    made = go("compounding", "part_making", add(own, x_to_car, parts_in_use, chem, bio, filler, sprues, virgin))
    trimmed = part(made, 0.07)
    go("part_making", "new_scrap", trimmed)
    go("new_scrap", "energy_recovery", {"pre_auto": total(trimmed) - total(sprues)})
    _new_cars(f, year, region, what, part(made, 0.93))


def flow_table() -> pd.DataFrame:
    """Flows of aluminium, plastics and steel."""
    f = Flows()
    for year in YEARS:
        for region, (_, _, size) in REGIONS.items():
            growth = 1 + 0.02 * (year - 2023)
            cast_extra: Mix = {}
            hot: dict[str, Mix] = {}
            for alloy, leaving in (("6016", 9000.0), ("6061", 6000.0), ("5xxx", 4000.0), (CASTINGS, 38000.0)):
                mix = {"primary": leaving * size * growth * 0.9, "pre_auto": leaving * size * growth * 0.1}
                hot[alloy], down = _elv_aluminium(f, year, size, region, alloy, mix)
                cast_extra = add(cast_extra, down)
            hot[CASTINGS] = add(hot[CASTINGS], cast_extra)
            if region in ("gifu", "mie"):  # melted where it was sent
                moved = hot
                hot = {a: {} for a in moved}
                _MOVED.setdefault(year, []).append(moved)
            if region == "aichi":
                _HELD[year] = hot
                continue
            for alloy, demand in (("6016", 26000.0), ("6061", 14000.0), ("5xxx", 7000.0), (CASTINGS, 90000.0)):
                _new_aluminium(f, year, region, alloy, demand * size * growth, hot[alloy])
        joined = {a: add(_HELD[year][a], *(m[a] for m in _MOVED[year])) for a in _HELD[year]}
        for alloy, demand in (("6016", 26000.0), ("6061", 14000.0), ("5xxx", 7000.0), (CASTINGS, 90000.0)):
            _new_aluminium(f, year, "aichi", alloy, demand * 0.4 * (1 + 0.02 * (year - 2023)), joined[alloy])
        for region, (_, _, size) in REGIONS.items():
            for polymer, leaving, demand in (("PP", 34000.0, 70000.0), ("PP-T", 9000.0, 26000.0), ("PUR", 8000.0, 15000.0)):
                _plastics(f, year, region, polymer, leaving * size, demand * size)
            f.put(year, (region, region), ("material_supply", "assembly"), ("steel", "steel"), {"primary": 9e5 * size})
    _HELD.clear()
    _MOVED.clear()
    keys = ["year", "region", "region_to", "process_from", "process_to", "material", "alloy", "origin"]
    rows = pd.DataFrame(f.rows, columns=[*keys, "mean", "sd", "best"])
    return rows.groupby(keys, as_index=False, sort=False).sum()


_HELD: dict[int, dict[str, Mix]] = {}
_MOVED: dict[int, list[dict[str, Mix]]] = {}


def stock_table(flows: pd.DataFrame) -> pd.DataFrame:
    """Yard stock that adds up from the flows, and vehicles in use."""
    keys = ["year", "region", "material", "alloy", "origin"]
    enter = flows[flows["process_to"] == "scrap_yard"].assign(region=lambda d: d["region_to"]).groupby(keys)["mean"].sum()
    leave = flows[flows["process_from"] == "scrap_yard"].groupby(keys)["mean"].sum()
    level = enter.sub(leave, fill_value=0).groupby(level=keys[1:]).cumsum().reset_index(name="mean")
    yard = level.assign(process="scrap_yard", unit="t")
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
        [edges.assign(substance=main, mean=0.95 * edges["mean"]), edges.assign(substance=rest, mean=0.05 * edges["mean"])],
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
            "key": [f"key_{n}" for n in range(count)],
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
        "regions": [{"id": r, "name": {"ja": ja, "en": en}, "focus": r != "rest_of_japan"} for r, (ja, en, _) in REGIONS.items()],
        "focus": {"id": FOCUS, "name": {"ja": "中部", "en": "Chubu"}},
        "variants": {"wrought_share": "shipments", "mixing": "proportional"}, "wall_seconds": 12.4,
        "certificate": {
            "passed": True, "worst": 3.1e-13, "where": "melting, Fe, 2041, draw 17", "tolerance": 1e-9,
            "checks": [{"name": "process x element", "cells": 1204400, "worst": 3.1e-13, "where": "melting, Fe, 2041, draw 17"}],
        },
        "inputs": {k: int((sources["status"] == k).sum()) for k in ("read", "unverified", "estimate")},
    }  # fmt: skip


def write_run(folder: Path, *, draws: int = 200, seed: int = 7, name: str = "chubu-2035", inputs: int = 120) -> Path:
    """Write the made-up run and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    indicators, targets, series = indicator_tables(draws, seed)
    flows, sources = flow_table(), source_table(inputs, seed)
    tables = {
        "flows": flows, "stocks": stock_table(flows), "composition": composition_table(flows), "indicators": indicators,
        "targets": targets, "draws": series, "sources": sources,
    }  # fmt: skip
    for key, table in tables.items():
        table.to_parquet(folder / f"{key}.parquet", index=False)
    text = json.dumps(run_json(draws, seed, name, sources), ensure_ascii=False, indent=1)
    (folder / "run.json").write_text(text, encoding="utf-8")
    return folder
