"""Regions, years and indicators of the made-up run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
CATALOGUE = [
    (
        "aluminium_returned",
        "自動車に戻った6000系アルミ",
        "6000-series aluminium back in cars",
        "t",
        "up",
        True,
        400,
        21500,
    ),
    (
        "h1_horizontal_rate_6xxx",
        "6000系水平リサイクル率",
        "Horizontal recycling rate of 6000-series",
        "share",
        "up",
        True,
        0.01,
        0.42,
    ),
    (
        "recycled_content_6xxx_post",
        "6000系再生材含有率（ポストコンシューマ）",
        "Recycled content of 6000-series, post-consumer",
        "share",
        "up",
        True,
        0.01,
        0.22,
    ),
    (
        "plastics_returned",
        "自動車に戻った再生プラスチック",
        "Recycled plastics back in cars",
        "t",
        "up",
        True,
        2100,
        61000,
    ),
    (
        "recycled_plastics_fleet_average",
        "再生プラスチック使用率（全車平均）",
        "Recycled plastics, fleet average",
        "share",
        "up",
        True,
        0.02,
        0.21,
    ),
    (
        "recycled_plastics_eu_new_types",
        "再生プラスチック使用率（EU新型車）",
        "Recycled plastics, new types for the EU",
        "share",
        "up",
        True,
        0.02,
        0.27,
    ),
    (
        "recycled_content_6xxx_pre",
        "6000系再生材含有率（プレコンシューマ）",
        "Recycled content of 6000-series, pre-consumer",
        "share",
        "up",
        False,
        0.12,
        0.18,
    ),
    (
        "h2_any_elv_aluminium",
        "ELVアルミ全体からの6000系への戻り率",
        "Return to 6000-series from any ELV aluminium",
        "share",
        "up",
        False,
        0.01,
        0.45,
    ),
    (
        "h3_of_all_deregistered",
        "抹消車全体に対する水平リサイクル率",
        "Horizontal rate over all deregistered cars",
        "share",
        "up",
        False,
        0.006,
        0.27,
    ),
    (
        "recycled_plastics_eu_closed_loop",
        "再生プラスチック使用率（うちELV由来）",
        "Recycled plastics from ELVs (closed loop)",
        "share",
        "up",
        False,
        0.001,
        0.06,
    ),
    (
        "recycled_plastics_jama",
        "再生プラスチック使用率（自工会目標の数え方）",
        "Sustainable plastics, JAMA count",
        "share",
        "up",
        False,
        0.03,
        0.25,
    ),
    (
        "recycled_plastics_supply",
        "再生プラスチック供給量",
        "Supply of recycled plastics",
        "t",
        "up",
        False,
        9_000,
        96_000,
    ),
    ("cascade_rate_aluminium", "アルミのカスケード率", "Cascade rate of aluminium", "share", "down", False, 0.9, 0.45),
    (
        "energy_recovery_rate",
        "プラスチックの熱回収率",
        "Energy recovery of plastics",
        "share",
        "down",
        False,
        0.86,
        0.44,
    ),
    ("landfill_rate", "埋立率", "Landfill rate", "share", "down", False, 0.012, 0.006),
    ("elv_recycling_rate", "ELVリサイクル率", "ELV recycling rate", "share", "up", False, 0.984, 0.992),
    ("surplus_scrap", "余剰スクラップ", "Surplus scrap", "t", "down", False, 1200, 9400),
    ("primary_demand", "新地金の需要", "Primary metal demand", "t", "down", False, 92000, 61000),
    (
        "import_dependence",
        "新地金の輸入依存度",
        "Import dependence on primary metal",
        "share",
        "down",
        False,
        0.95,
        0.55,
    ),
    ("ghg", "温室効果ガス排出量", "Greenhouse gas emissions", "t CO2e", "down", False, 2.4e6, 1.3e6),
    (
        "ghg_primary_avoided",
        "新地金の回避による削減量",
        "Emissions avoided by primary metal saved",
        "t CO2e",
        "up",
        False,
        9e3,
        4.1e5,
    ),
    ("elv_count", "使用済自動車の台数", "End-of-life vehicles", "vehicles", "up", False, 390000, 371000),
    ("plastics_parts_removed", "取り外された樹脂部品", "Plastic parts removed", "t", "up", False, 700, 26000),
    ("cost_per_elv", "処理費用", "Cost per end-of-life vehicle", "JPY/vehicle", "down", False, 21000, 26500),
    ("alloy_mixing_error", "合金の混合誤り率", "Mixing error between alloys", "share", "down", False, 0.31, 0.09),
]
INDICATORS: dict[str, FakeIndicator] = {
    i: FakeIndicator(
        i, ja, en, unit, f"{i} = part / whole", "ELVs treated in the region", "where scrapped", "made up", better, head
    )
    for i, ja, en, unit, better, head, _, _ in CATALOGUE
}


def series(first: float, last: float, year: int) -> float:
    """Go from the first value to the last along an S-curve around 2036."""
    weight = 1 / (1 + np.exp(-(year - 2036) / 4))
    return float(first + (last - first) * weight)
