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
# # 研究者のためのノート / A notebook for the researcher
#
# 調査を一つ書き、多くの将来を計算し、何が結果を動かすか、どこで目標に届かないかを調べます。
# 見つけた範囲はシナリオとして書き戻します。端末だけでもできます: `cesim sweep`, `cesim sensitivity`, `cesim discover`。
# 1～2分で終わります。
#
# Write a study, compute many futures, ask what drives the result and where it falls short, and write what was found
# back as a scenario. The same from a terminal: `cesim sweep`, `cesim sensitivity`, `cesim discover`.

# %%
from pathlib import Path

import numpy as np
import pandas as pd

from cesim.scenario import open_scenario
from cesim.sweep.answers.folder import open_folder
from cesim.sweep.designs import layout_of
from cesim.sweep.discovery.choosing import explain
from cesim.sweep.discovery.marking import marked
from cesim.sweep.discovery.worst import worst
from cesim.sweep.discovery.writing import Origin, box_text, point_text, save
from cesim.sweep.execute import Means
from cesim.sweep.planning import plan_of
from cesim.sweep.reading import read_study
from cesim.sweep.sensitivity import sobol_indices, verdict
from cesim.sweep.store import open_study
from cesim.sweep.sweeping import sweep

# %% [markdown]
# ## 1. 調査 / The study
#
# 調査は YAML のファイルです。シナリオ、決めること（てこ）、変わるもの、計画、残すもの。範囲はシナリオにあります。
#
# A study is a file: scenarios, what is decided, what varies (ranges stand in the scenario), the design, what is kept.

# %%
Path("exports.yaml").write_text(
    """
name: {ja: 輸出と選別, en: exports and sorting}
scenarios: [tutorial]
levers: {fleet.export.hazard_scale: [1.0, 0.6]}
sampled:
  sorting.share: {low: 0.2, high: 0.6}
  remelting.alloys.6016.approved: {low: 0.02, high: 0.6}
vary: [fleet.export.rate, sorting.recovery, remelting.alloys.6063.approved]
design: {kind: saltelli, samples: 64}
indicators: [h1_horizontal_rate_6xxx, aluminium_returned]
years: [2035]
""",
    encoding="utf-8",
)
plan = plan_of(read_study("exports.yaml", {}))
print([one.name for one in plan.alternatives])
print([factor.name for factor in plan.factors])
print(plan.points, "points,", plan.recipe.shape.per_point, "runs each")

# %% [markdown]
# ## 2. 計算する / Sweep
#
# 途中で止めても、`resume=True` でもう一度動かせば続きから始まります。
# 結果は一回で済ませたときとビットまで同じです。
#
# Stop it at any time: the same line with `resume=True` goes on, and the result is bit for bit that of one go.

# %%
folder = Path("runs/exports")
done = sweep(plan, folder, Means(workers=1), resume=folder.exists())
print(done.runs, "runs,", done.failed, "failed")

# %% [markdown]
# ## 3. 結果を見る / Look at it
#
# フォルダーは cesim なしでも読めます（Parquet と SQLite）。ここでは pandas です。
#
# The folder can be read without cesim. Here it is in pandas. Both alternatives meet the same futures, so the difference
# is due to the lever alone.

# %%
H1, RETURNED, PLACE = "h1_horizontal_rate_6xxx", "aluminium_returned", "east_focus"
study = open_study(folder)
rows = study.results(years=[2035])
as_today, fewer = (one.name for one in plan.alternatives)
for name, as_told in ((H1, "{:.1%}"), (RETURNED, "{:,.0f} t")):
    wide = rows.pivot(index="point", columns="alternative", values=name)  # noqa: PD010 (nothing to add up)
    wide["difference"] = wide[fewer] - wide[as_today]
    print(name)
    print(wide.quantile([0.05, 0.5, 0.95]).to_string(float_format=as_told.format))

# %% [markdown]
# 輸出が減ると、戻る量は増えますが、率は下がります。一つの指標だけでは分からないことです。
#
# With fewer exports more metal comes back, and a smaller share of it: one indicator alone would not have told.
#
# ## 4. 何が結果を動かすか / What drives the result
#
# Sobol' 指数です。一次は「その数字だけが分かれば消える分散の割合」、
# 全次は「その数字だけが分からないときに残る割合」。
# 95 % の幅と、足りているかどうかの判定が付きます。
#
# Sobol' indices: the share of the variance that goes when one number becomes known (first order), and the share that
# stays as long as it alone is unknown (total), with 95 % intervals and a verdict.

# %%
values = study.finite(H1, PLACE, 2035)  # (point, replicate, alternative); refuses runs without a value
layout = layout_of(plan.designed.design)
crossed = layout.split(values[:, 0, 0])
indices = sobol_indices(crossed.a, crossed.b, crossed.ab, crossed.ba)
table = pd.DataFrame(
    {
        f"{kind} {end}": getattr(getattr(indices, kind), end)
        for kind in ("first", "total")
        for end in ("value", "low", "high")
    },
    index=[factor.name for factor in plan.factors],
)
print(table.sort_values("total value", ascending=False).to_string(float_format="{:.2f}".format))
said = verdict(indices)
print(f"{said.code}: {said.points} base points, {said.needed} needed")

# %% [markdown]
# ## 5. どの将来で届かないか / Which futures fall short
#
# 探すには独立した点が要ります。同じ調査を Sobol' 列で解き直します。
# 水平リサイクル率が 10 % に届かない将来を、箱（PRIM）で探します。
#
# To look for boxes points must not be made from each other: the same study once more, on a Sobol' sequence. The box is
# looked for in probabilities and told in the numbers themselves.

# %%
spread = plan_of(read_study("exports.yaml", {"design.kind": "sobol", "design.samples": 256}))
filled = Path("runs/exports-sobol")
sweep(spread, filled, Means(workers=1), resume=filled.exists())
futures = open_folder(filled)
u = dict(zip(futures.streams, futures.columns(), strict=True))
inputs = {one.name: one.values for one in futures.varied(0, 2035)}  # noqa: PD011 (no frame)

h1 = open_study(filled).finite(H1, PLACE, 2035)[:, 0, 0]
missed = marked({H1: h1}, H1, below=0.10)
(found,) = explain(np.column_stack(list(u.values())), missed, names=list(u))
print(f"{found.of_interest} of {found.runs} futures fall short: {found.verdict}")
ranges = {}
for limit in found.box.restrictions:
    name = list(u)[limit.column]
    ranges[name] = (limit.low, limit.high)
    order = np.argsort(u[name])
    low, high = (None if end is None else float(np.interp(end, u[name][order], inputs[name][order]))
                 for end in ranges[name])  # fmt: skip
    print(f"  {name}: {'' if low is None else f'above {low:.3g} '}{'' if high is None else f'below {high:.3g}'}")
print(f"coverage {found.box.coverage:.2f}, density {found.box.density:.2f}")
held = found.held_out
print(f"on futures that it was not found in: coverage {held.coverage:.2f}, density {held.density:.2f}")

# %% [markdown]
# ## 6. シナリオとして書き戻す / Written back as scenarios
#
# 箱は範囲として、最悪の将来は一つの点として。どちらも `cesim run` で開けます。
#
# The box as ranges, the worst future as one point. `cesim run` opens both.

# %%
first = futures.plan.alternatives[0]
origin = Origin(first.scenario, first.file, "exports", "en")
box = save(box_text(origin, {"ja": "届かない将来", "en": "futures that fall short"}, ranges), Path("short.yaml"))
point = int(worst(h1, "high", 1).runs[0])
one = point_text(origin, {"ja": "最悪の将来", "en": "the worst future"}, futures.source, point)
bad = save(one, Path("worst.yaml"))
print(box.read_text(encoding="utf-8"))
print(open_scenario(bad).scenario.name.en, f"(point {point}): {h1[point]:.2%}")
