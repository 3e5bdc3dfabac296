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
# # 行政担当者のためのノート / A notebook for the bureau
#
# シナリオを読み、50通りの将来を計算し、水平リサイクル率を見て、一つの数字を変えて比べます。数秒で終わります。
#
# Read a scenario, compute 50 futures, look at the horizontal recycling rate, change one number and compare.

# %%
import cesim

# %% [markdown]
# ## 1. シナリオを読む / Read a scenario
#
# `tutorial` は二つの地域の小さな例です。`chubu-2035` と書けば中部の計画になります。

# %%
scenario = cesim.load_scenario("tutorial")
print(scenario.name.ja, "/", scenario.name.en)
print(scenario.summary.ja)

# %% [markdown]
# ## 2. 計算する / Simulate
#
# `draws` は試行の数、`seed` は乱数の種です。同じ種なら同じ結果になります。

# %%
run = cesim.simulate(scenario, draws=50, seed=0)
proof = run.certificate
print("質量収支 / mass balance:", "OK" if proof.passed else "NG", f"(worst {proof.worst.worst:.0e})")

# %% [markdown]
# ## 3. 結果を見る / Look at the result
#
# 中央値と 5～95 % の幅。`all` は全地域です。

# %%
H1 = "h1_horizontal_rate_6xxx"


def table(run: cesim.Run, indicator: str, years: tuple[int, ...] = (2025, 2030, 2035)):
    """The median and the 5-95 % range of an indicator over all regions."""
    rows = run.indicators
    wanted = (rows.indicator == indicator) & (rows.region == "all") & rows.year.isin(years)
    return rows[wanted].set_index("year")[["p05", "p50", "p95"]]


print(table(run, H1).to_string(float_format="{:.1%}".format))

# %% [markdown]
# ## 4. 目標との差 / Against the targets
#
# `probability` は目標に届いた試行の割合です。

# %%
targets = run.tables["targets"].query("region == 'all'")
print(targets[["name_ja", "year", "value", "unit", "gap_p50", "probability"]].to_string(index=False))

# %% [markdown]
# ## 5. 一つの数字を変える / Change one number
#
# LIBS 選別を通る割合を 2035 年までに 60 % へ上げ、再生材を認める溶解の割合を上げます。ほかの乱数は同じままです。

# %%
changes = {
    "sorting.share": {2025: 0.03, 2035: 0.6},
    "remelting.alloys.6016.approved": {2025: 0.02, 2035: 0.3},
    "remelting.alloys.6061.approved": {2025: 0.02, 2035: 0.3},
}
changed = cesim.simulate(cesim.load_scenario("tutorial", changes), draws=50, seed=0)
both = table(run, H1)[["p50"]].rename(columns={"p50": "base"}).assign(changed=table(changed, H1)["p50"])
print(both.to_string(float_format="{:.1%}".format))

# %% [markdown]
# ## 6. どの数字が確かか / How well are the inputs known?

# %%
print(run.about["inputs"])

# %% [markdown]
# ## 7. 保存する / Save
#
# `run.save("runs/tutorial")` で表を書き、`cesim report runs/tutorial` で報告書と Excel を作ります。
