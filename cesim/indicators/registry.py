# ruff: noqa: E501 (a table of words: one row an indicator)
"""What each indicator is: name, formula, unit, denominator, region rule and source, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """One figure a report may show."""

    id: str
    name_ja: str
    name_en: str
    unit: str
    """`share`, `t` or `vehicles`, `t CO2e`"""
    formula: str
    denominator: str
    region_rule: str
    source: str
    better: Literal["up", "down", ""]
    headline: bool = False
    formula_ja: str = ""

    @property
    def denominator_ja(self) -> str:
        """The denominator in Japanese."""
        return _JAPANESE[self.denominator]

    @property
    def region_rule_ja(self) -> str:
        """Where it is counted, in Japanese."""
        return _JAPANESE[self.region_rule]

    @property
    def source_ja(self) -> str:
        """The source of the definition in Japanese."""
        return _JAPANESE[self.source]


_LIST = (
    Indicator(
        "h1_horizontal_rate_6xxx", "6000系の水平リサイクル率（H1）", "Horizontal recycling rate of 6000-series (H1)", "share",
        "metal that was 6xxx in ELVs treated in the region and year and is in finished 6xxx car parts (net of press scrap,"
        " after melt loss) / 6xxx in those ELVs",
        "6xxx metal in ELVs treated in the region in the year", "where the car is dismantled; the metal may be melted elsewhere",
        "cesim definition; METI Chubu FY2024 study asks for the quantity", "up", True,
        "その年にその地域で解体された使用済み車の6000系のうち、完成した6000系自動車部品に戻った割合"
        "（プレスくずを除き、溶解ロス後）",
    ),
    Indicator(
        "h2_any_elv_aluminium", "使用済み車アルミ全体からの6000系への還流率（H2）", "ELV aluminium of any alloy in 6000-series parts (H2)", "share",
        "ELV metal of any alloy in finished 6xxx car parts / 6xxx in ELVs treated", "6xxx metal in ELVs treated in the region in the year",
        "where the car is dismantled", "cesim definition", "up",
        formula_ja="使用済み車のアルミ（合金を問わず）のうち完成した6000系部品に入った量 ÷ 解体された車の6000系",
    ),
    Indicator(
        "h3_of_all_deregistered", "抹消登録車全体に対する水平リサイクル率（H3）", "H1 over all deregistered cars incl. exports (H3)", "share",
        "numerator of H1 / 6xxx in all cars that left use (scrapped, exported used, other)",
        "6xxx metal in all cars that left use in the region in the year", "where the car was registered; numerator as H1",
        "cesim definition", "up", True, formula_ja="H1の分子 ÷ 使用をやめた車すべて（中古輸出を含む）の6000系",
    ),
    Indicator(
        "aluminium_returned", "車に戻った6000系アルミ", "6000-series aluminium returned to cars", "t", "numerator of H1", "-",
        "where the car is dismantled", "cesim definition", "up", True, "H1の分子",
    ),
    Indicator(
        "recycled_content_6xxx_post", "6000系の再生材含有率（ポストコンシューマ）", "Recycled content of 6000-series, post-consumer", "share",
        "post-consumer metal in finished 6xxx parts / metal in finished 6xxx parts (run-around left out of both)",
        "finished 6xxx car parts made in the region", "where the metal is melted",
        "ISO 14021 split; no legal rule in force for aluminium", "up", True,
        "完成6000系部品中のポストコンシューマ材 ÷ 完成6000系部品（社内循環は双方から除く）。法的規則はまだない",
    ),
    Indicator(
        "recycled_content_6xxx_pre", "6000系の再生材含有率（プレコンシューマ）", "Recycled content of 6000-series, pre-consumer", "share",
        "pre-consumer metal in finished 6xxx parts / metal in finished 6xxx parts (run-around left out of both)",
        "finished 6xxx car parts made in the region", "where the metal is melted",
        "ISO 14021 split; no legal rule in force for aluminium", "up",
        formula_ja="完成6000系部品中のプレコンシューマ材 ÷ 完成6000系部品。法的規則はまだない",
    ),
    Indicator(
        "plastics_returned", "使用済み車から車に戻ったプラスチック", "ELV plastics returned to cars", "t",
        "recyclate from ELVs in finished plastic car parts", "-", "where it is compounded", "cesim definition", "up", True,
        "使用済み車由来の再生樹脂のうち自動車部品に入った量",
    ),
    Indicator(
        "recycled_plastics_supply", "車向け再生プラスチック（プレ＋ポスト）", "Recycled plastics in cars, pre- and post-consumer", "t",
        "pre-consumer + post-consumer + chemically recycled plastics in plastic car parts (Resource Act counting)", "-",
        "where it is compounded", "資源有効利用促進法 (amended 2025): pre- and post-consumer count, no uniform percentage", "up", True,
        "自動車部品中の再生プラスチック（資源有効利用促進法の数え方：プレとポストの合計）",
    ),
    Indicator(
        "recycled_plastics_sustainable", "車向けサステナブルプラスチック", "Sustainable plastics in cars incl. bio-based", "t",
        "recycled plastics + bio-based plastics in plastic car parts (JAMA and MoE counting)", "-", "where it is compounded",
        "JAMA target; MoE consortium action plan of 31 March 2025", "up",
        formula_ja="再生プラスチック＋バイオマス由来プラスチック（自工会・環境省の数え方）",
    ),
    Indicator(
        "recycled_plastics_fleet_average", "再生プラスチック含有率（全生産車平均）", "Recycled plastics share, average of all cars built", "share",
        "pre- and post-consumer plastics / plastics in cars built", "plastics in plastic car parts made in the region",
        "where it is compounded", "Resource Act counting; shown apart from the EU rule", "up",
        formula_ja="プレ＋ポストの再生プラスチック ÷ 自動車部品のプラスチック（全生産車平均）",
    ),
    Indicator(
        "recycled_plastics_post_average", "ポストコンシューマ再生プラスチック含有率（全生産車平均）",
        "Post-consumer plastics share, average of all cars built", "share",
        "post-consumer plastics / plastics in cars built", "plastics in plastic car parts made in the region",
        "where it is compounded", "EU counting applied to the fleet average; not the legal population", "up",
        formula_ja="ポストコンシューマ再生プラスチック ÷ 自動車部品のプラスチック（全生産車平均、EUの母集団ではない）",
    ),
    Indicator(
        "recycled_plastics_eu_new_types", "EU規則：新型式のポストコンシューマ再生プラスチック", "EU rule: post-consumer plastics in newly approved types", "share",
        "post-consumer plastics / plastics in types newly approved in the year; older types keep what they were approved with",
        "plastics in newly approved types", "where it is compounded", "EU ELV Regulation Art. 6 (text of February 2026)", "up", True,
        "その年に新たに型式認可される車種のポストコンシューマ再生プラスチック比率（旧車種は認可時の比率を維持）",
    ),
    Indicator(
        "recycled_plastics_eu_closed_loop", "EU規則：新型式の使用済み車由来プラスチック", "EU rule: ELV plastics in newly approved types", "share",
        "plastics from ELVs or parts removed in use / plastics in newly approved types", "plastics in newly approved types",
        "where it is compounded", "EU ELV Regulation Art. 6: 20 % of the target, 3 % and 5 % of plastics", "up",
        formula_ja="新型式車における使用済み車・使用中取外し部品由来プラスチックの比率",
    ),
    Indicator(
        "recycled_plastics_jama", "自工会目標：国内新型車のサステナブルプラスチック", "JAMA target: sustainable plastics in new domestic models", "share",
        "pre- + post-consumer + chemical + bio-based plastics / plastics in new models", "plastics in new models",
        "where it is compounded", "JAMA voluntary target, counting sustainable plastics", "up", True,
        "国内新型車のサステナブルプラスチック（再生＋バイオ）比率",
    ),
    Indicator(
        "cascade_rate_aluminium", "アルミのカスケード率（鋳物へ）", "Cascade share of ELV aluminium (into castings)", "share",
        "ELV aluminium melted into casting alloys / aluminium in ELVs treated", "aluminium in ELVs treated in the region",
        "where the car is dismantled", "cesim definition", "", formula_ja="鋳造合金に溶かされた使用済み車アルミ ÷ 解体された車のアルミ",
    ),
    Indicator(
        "surplus_scrap", "余剰スクラップ（輸出）", "Surplus aluminium scrap (exported)", "t", "ELV aluminium scrap that no melt took and that is sold abroad",
        "-", "where the scrap arises", "cesim definition", "down", formula_ja="どの溶解にも使われず輸出される使用済み車アルミスクラップ",
    ),
    Indicator(
        "primary_demand", "新地金需要（自動車アルミ）", "Primary metal charged for car aluminium", "t",
        "primary metal and alloying additions charged for car parts", "-", "where the metal is melted", "cesim definition", "down",
        formula_ja="自動車部品用に装入された新地金と添加材",
    ),
    Indicator(
        "import_dependence", "新地金輸入依存度（自動車アルミ）", "Import dependence of car aluminium", "share",
        "primary metal and additions charged / all metal charged (Japan smelts no primary aluminium)", "metal charged for car parts, loops inside the mill left out",
        "where the metal is melted", "cesim definition", "down", formula_ja="新地金・添加材 ÷ 装入金属（国内に新地金製錬はない）",
    ),
    Indicator(
        "energy_recovery_rate", "エネルギー回収率", "Energy recovery share", "share", "ELV mass burnt for heat / ELV mass", "mass of ELVs treated in the region",
        "where the car is dismantled or its residue treated", "cesim definition", "down", formula_ja="熱回収された質量 ÷ 使用済み車の質量",
    ),
    Indicator(
        "landfill_rate", "埋立率", "Landfill share", "share", "ELV mass landfilled / ELV mass", "mass of ELVs treated in the region",
        "where the residue is treated", "cesim definition", "down", formula_ja="埋め立てられた質量 ÷ 使用済み車の質量",
    ),
    Indicator(
        "elv_recycling_rate", "使用済み車のリサイクル率（従来の約99%）", "Total ELV recycling rate (the familiar 99 %)", "share",
        "1 - landfilled / ELV mass; reuse, material recycling abroad and at home, slag and heat all count", "mass of ELVs treated in the region",
        "where the car is dismantled", "customary Japanese figure; mostly cascade and heat", "up",
        formula_ja="1 − 埋立 ÷ 使用済み車の質量（再使用・素材・熱回収をすべて数える従来の数字）",
    ),
    Indicator(
        "ghg", "温室効果ガス（素材供給と処理）", "Greenhouse gases of material supply and treatment", "t CO2e",
        "primary, additions, remelting, virgin and recycled plastics of cars, combustion of the polymer part of plastics", "-",
        "where it is melted, compounded or burnt", "factors of the chosen variant", "down",
        formula_ja="新地金・再溶解・バージン/再生樹脂・樹脂燃焼の排出（係数は選んだ資料による）",
    ),
    Indicator(
        "ghg_primary_avoided", "装入されなかった新地金のGHG", "GHG of primary metal not charged", "t CO2e",
        "scrap charged instead of primary, castings included, x (primary factor - remelting factor); counted once", "-",
        "where the metal is melted", "factors of the chosen variant", "up", formula_ja="新地金の代わりに装入されたスクラップ×（新地金係数−再溶解係数）。鋳物を含み二重計上なし",
    ),
    Indicator(
        "elv_count", "使用済み車の台数", "End-of-life vehicles", "vehicles", "cars scrapped", "-", "where the car is dismantled", "fleet model; JARC counts to compare", "",
        True, "使用済みとなり解体された台数",
    ),
    Indicator(
        "used_export_count", "中古車輸出台数", "Used cars exported", "vehicles", "cars that left use by export", "-", "where the car was registered", "fleet model", "",
        formula_ja="中古車として輸出された台数",
    ),
    Indicator(
        "elv_6xxx", "使用済み車に含まれる6000系", "6000-series in end-of-life vehicles", "t", "6xxx metal in ELVs treated", "-", "where the car is dismantled", "cesim", "",
        formula_ja="解体された使用済み車の6000系",
    ),
    Indicator(
        "elv_plastics", "使用済み車に含まれるプラスチック", "Plastics in end-of-life vehicles", "t", "plastics in ELVs treated", "-", "where the car is dismantled", "cesim", "",
        formula_ja="解体された使用済み車のプラスチック",
    ),
    Indicator(
        "plastics_recovered_rate", "使用済み車プラスチックの再生樹脂化率", "ELV plastics made into pellets", "share", "pellets from ELVs / plastics in ELVs treated",
        "plastics in ELVs treated in the region", "where it is pelletised", "cesim; 900 t in Japan in 2023 (Yano)", "up",
        formula_ja="使用済み車由来ペレット ÷ 使用済み車のプラスチック",
    ),
)  # fmt: skip

_JAPANESE = {
    "-": "-",
    # denominators
    "6xxx metal in ELVs treated in the region in the year": "その年にその地域で解体された使用済み車の6000系の金属",
    "6xxx metal in all cars that left use in the region in the year": "その年にその地域で使用を終えた車すべて（廃車・中古輸出・その他の抹消）の6000系の金属",
    "finished 6xxx car parts made in the region": "その地域で造られた完成6000系自動車部品",
    "plastics in plastic car parts made in the region": "その地域で造られた自動車用樹脂部品のプラスチック",
    "plastics in newly approved types": "その年に新たに型式認可された車種のプラスチック",
    "plastics in new models": "国内新型車のプラスチック",
    "aluminium in ELVs treated in the region": "その地域で解体された使用済み車のアルミ",
    "metal charged for car parts, loops inside the mill left out": "自動車部品用に装入された金属（社内循環を除く）",
    "mass of ELVs treated in the region": "その地域で解体された使用済み車の質量",
    "plastics in ELVs treated in the region": "その地域で解体された使用済み車のプラスチック",
    # where it is counted
    "where the car is dismantled; the metal may be melted elsewhere": "車を解体した地域（溶解は他地域でもよい）",
    "where the car is dismantled": "車を解体した地域",
    "where the car was registered; numerator as H1": "車が登録されていた地域（分子はH1と同じ）",
    "where the car was registered": "車が登録されていた地域",
    "where the metal is melted": "金属を溶解した地域",
    "where it is compounded": "樹脂をコンパウンドした地域",
    "where it is pelletised": "樹脂をペレットにした地域",
    "where the scrap arises": "スクラップが出た地域",
    "where the car is dismantled or its residue treated": "車を解体した地域、またはその残さを処理した地域",
    "where the residue is treated": "残さを処理した地域",
    "where it is melted, compounded or burnt": "溶解・コンパウンド・燃焼した地域",
    # sources
    "cesim": "cesim",
    "cesim definition": "cesimの定義",
    "cesim definition; METI Chubu FY2024 study asks for the quantity": "cesimの定義（中部経済産業局の2024年度調査がこの量を問うている）",
    "ISO 14021 split; no legal rule in force for aluminium": "ISO 14021の区分。アルミにはまだ法的規則がない",
    "資源有効利用促進法 (amended 2025): pre- and post-consumer count, no uniform percentage": "資源有効利用促進法（2025年改正）：プレコンシューマとポストコンシューマを数え、一律の比率は定めない",
    "JAMA target; MoE consortium action plan of 31 March 2025": "自工会の目標、環境省コンソーシアムの行動計画（2025年3月31日）",
    "Resource Act counting; shown apart from the EU rule": "資源有効利用促進法の数え方（EU規則とは別に示す）",
    "EU counting applied to the fleet average; not the legal population": "EUの数え方を全生産車平均に当てはめたもの（法令の母集団ではない）",
    "EU ELV Regulation Art. 6 (text of February 2026)": "EU ELV規則 第6条（2026年2月の条文案。2026年8月発効と報じられる）",
    "EU ELV Regulation Art. 6: 20 % of the target, 3 % and 5 % of plastics": "EU ELV規則 第6条：目標の20 %、プラスチックの3 %と5 %",
    "JAMA voluntary target, counting sustainable plastics": "自工会の自主目標（サステナブルプラスチックの数え方）",
    "customary Japanese figure; mostly cascade and heat": "国内で慣用の数字。大半はカスケードと熱回収",
    "factors of the chosen variant": "選んだ係数による",
    "fleet model; JARC counts to compare": "保有台数モデル（JARCの実績と比較）",
    "fleet model": "保有台数モデル",
    "cesim; 900 t in Japan in 2023 (Yano)": "cesimの定義（2023年の国内実績は900トン、矢野経済研究所）",
}
"""Japanese for every denominator, region rule and source above; a test holds it complete."""

INDICATORS: dict[str, Indicator] = {indicator.id: indicator for indicator in _LIST}
"""All indicators by id, in the order in which a report shows them."""

HEADLINES = tuple(indicator.id for indicator in _LIST if indicator.headline)
"""The ids a report opens with."""
