# ruff: noqa: D100, ERA001, T201 (a notebook begins with its own header, and prints)
# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 溶解・材料技術者のためのノート / A notebook for the casthouse
#
# スクラップ規格、配合、情報の価値、規格の同時設計を、部品から順に組み立てます。数値は説明用です。
#
# A scrap grade, a charge, the value of information and a co-design, put together from their parts. The numbers are
# illustrative; the same as a file: `cesim new --grade`.

# %%
import numpy as np

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    Charge,
    CoDesign,
    Energy,
    Furnace,
    GradeTest,
    Information,
    Lot,
    MeltShop,
    OriginRecord,
    Risk,
    SamplingPlan,
    ScrapGrade,
    ScrapSource,
    blend,
    value_of_information,
)

# %% [markdown]
# ## 1. 合金とスクラップ / Alloy and scrap
#
# 合金の限度は表から、どこで読んだかとともに。スクラップは平均・ばらつき・元素間の相関で表します（質量分率）。
#
# Limits come from the table with their source. A source of scrap is mean, spread and correlation, as mass fractions.

# %%
ELEMENTS = ("Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti")
alloy = AlloyLimits.named("6016")
print(
    alloy.name, {e: (float(lo), float(hi)) for e, lo, hi in zip(alloy.elements, alloy.lower, alloy.upper, strict=True)}
)
print("status:", {row.status for row in alloy.rows})

hoods = ScrapSource.lognormal(
    "hoods", [0.0095, 0.0030, 0.0015, 0.0012, 0.0055, 0.0004, 0.0008, 0.0003],
    [0.16, 0.27, 0.6, 0.5, 0.22, 0.5, 0.6, 0.3], 0.2, ELEMENTS, lot_mass=10,
)  # fmt: skip
shredder = ScrapSource.lognormal(
    "shredder", [0.012, 0.0055, 0.0035, 0.0030, 0.0080, 0.0006, 0.0035, 0.0005], 0.4 * np.ones(8), 0.2, ELEMENTS,
    lot_mass=10,
)  # fmt: skip

# %% [markdown]
# ## 2. スクラップ規格を試す / Try a scrap grade
#
# 20万ロットを採取・分析して受け入れます。合格率、誤合格、誤不合格、どの元素だけで断られたか。
#
# 200,000 lots are sampled, assayed and taken or not.

# %%
grade = ScrapGrade("clean 6xxx", upper={"Si": 0.014, "Fe": 0.004, "Cu": 0.002, "Mn": 0.002, "Mg": 0.008, "Zn": 0.0015})
plan = SamplingPlan(5, 0.02, 0.001, 10.0, AssayError(0.05), 0.00005, minimum_mass=0.05)
yields = {"scrap": 0.95, "hoods": 0.95, "shredder": 0.95, "P1020": 0.99, "Si": 1.0, "Mg": 1.0}
furnace = Furnace(
    20.0, Energy(3.0, 2500.0, 0.06), yields=yields, additions=(
        Addition("P1020", {"Si": 0.0005, "Fe": 0.0012}, 400_000, 8.0),
        Addition("Si", {"Si": 1.0}, 450_000, 5.0),
        Addition("Mg", {"Mg": 1.0}, 600_000, 20.0),
    ),
)  # fmt: skip
shop = MeltShop(furnace, 250_000, 0.4, 8, 0.01, heats=20_000)
supply = {"hoods": 3000.0, "shredder": 6000.0}
trial = GradeTest(grade, (hoods, shredder), plan, supplies=supply, alloy=alloy, shop=shop).run(200_000)
print(f"accepted {trial.acceptance:.3f}, wrongly in {trial.false_accept:.3f}, wrongly out {trial.false_reject:.3f}")
print("alone turned away:", {name: round(float(share), 3) for name, share in trial.sole_cause.items()})
print(f"melted: {trial.melting.recycled_content:.2f} of the melt, off the alloy {trial.melting.risk_bound:.4f} at most")

# %% [markdown]
# 規格を変えて、**同じロット**で試し直します。差の誤差も分かります。
#
# Another grade on the **same lots**; the difference carries its own error.

# %%
wider = trial.compare(trial.again(grade.scaled(1.2)))
for name in ("acceptance", "recycled_content", "cost"):
    change = wider.differences[name]
    print(f"{name}: {change:+.4g} (± {change.standard_error:.2g})")

# %% [markdown]
# ## 3. 一つのヒート / One heat
#
# 記録は間違うことがあるので、信念は二つの山になります。手法は自動で選ばれ、なぜかを言います。
#
# A record may be wrong, so the belief has two humps; the method is chosen by itself and says why.

# %%
record = OriginRecord("hoods", 0.95, {"shredder": 1.0})
terms = {"price": 250_000, "co2": 0.4, "recycled": "post"}
yard = [Lot.recorded(f"hoods {name}", record, (hoods, shredder), stock=4, **terms) for name in "AB"]
furnace_of_yard = Furnace(
    20.0, furnace.energy, yields={**yields, "hoods A": 0.95, "hoods B": 0.95}, additions=furnace.additions
)
answer = Charge(alloy, yard, furnace_of_yard, Risk(0.01, heats=20_000)).most_recycled()
print({name: round(mass, 2) for name, mass in answer.mix.items()}, f"recycled {answer.recycled_content:.3f}")
print(answer.method_reason.words("en"))
print("binding:", dict(answer.binding), f"realised risk {answer.realised_risk.share:.4f}")

# %% [markdown]
# ## 4. 情報の価値 / What knowing is worth
#
# 同じリスクで、何も知らない・記録・分析・すべてを比べます。
#
# At equal risk: nothing, a record, an assay, everything.

# %%
value = value_of_information(
    (hoods, shredder), supply, alloy, shop,
    [Information.none(), Information.of_record(0.95, 1_000), Information.of_assay(plan, 3_000), Information.perfect()],
    yards=10,
)  # fmt: skip
for level, gain in zip(value.levels, value.gains(), strict=True):
    share = f"{100 * level.recycled_content:5.1f} %"
    print(f"{level.information.name:12} {share}  {gain.points:+5.1f} points  {gain.yen:+9,.0f} JPY/t")

# %% [markdown]
# ## 5. 規格の同時設計 / Both standards together
#
# スクラップ規格の倍率と合金規格の倍率の表。どちら側が効いているか、どの限度が一番高くつくか。
#
# Levels of the grade by widths of the alloy: which side binds where, and which single limit costs most.

# %%
design = CoDesign(
    grade, alloy, (hoods, shredder), plan, furnace, supply, {"hoods": 250_000.0, "shredder": 180_000.0},
    {"hoods": 0.4, "shredder": 0.3}, demand=2000.0, lots_per_heat=8, margin=2.5, levels=np.linspace(0.8, 2.0, 5),
    widening=np.linspace(0.9, 1.5, 4), widened=("Mg", "Fe", "Cu", "Mn", "Zn"), lots=20_000, heats=1_000,
)  # fmt: skip
print(design.grid().recycled_content.round(2))
print(design.grid().binding)
for limit in design.costliest_limit()[:3]:
    print(f"{limit.side} {limit.name}: {limit.tonnes:+.0f} t and {limit.yen:+,.0f} JPY a year for 0.01 points")

# %% [markdown]
# ## 6. 教科書の配合も / Any textbook blend
#
# 鉛・亜鉛・錫の配合（Dantzig 1963）。等しい上限と下限は等式です。
#
# Lead, zinc and tin (Dantzig 1963): equal limits are equations.

# %%
lead = [10, 10, 40, 60, 30, 30, 30, 50, 20]
zinc = [10, 30, 50, 30, 30, 40, 20, 40, 30]
tin = [80, 60, 10, 10, 40, 30, 50, 10, 50]
price = [4.1, 4.3, 5.8, 6.0, 7.6, 7.5, 7.3, 6.9, 7.3]
target = [0.3, 0.3, 0.4]
result = blend(price, np.array([lead, zinc, tin]).T / 100, target, target, np.full(9, np.inf), 1.0)
print(result.mix.round(3), round(result.cost, 4))
