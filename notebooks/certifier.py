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
# # 認証・トレーサビリティ担当者のためのノート / A notebook for whoever certifies
#
# 解体業者と鋳造工場の記録（Excelの見本）を読み、記録を一つ消すと何が証明できなくなるかを見ます。数値は説明用です。
#
# The records of a dismantler and a casthouse (the example in Excel): what one missing record takes away from what can
# be proved. The numbers are illustrative; for a whole region use `cesim lots --trace`, for your own data
# `cesim trace import`.

# %%
from pathlib import Path

import numpy as np

from cesim.run.trace.importing import imported
from cesim.run.trace.products import products_of
from cesim.run.trace.working import worked_out
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.genealogy.tracing import upstream

TEMPLATE = Path(__file__).parents[1] / "docs" / "imports" / "template.xlsx"

# %% [markdown]
# ## 1. 自分の記録を読む / Read one's own records
#
# Excelの二つの表（ロットと工程）から台帳を作ります。真実は誰も知りません。
#
# A ledger from two tables in Excel. Nobody knows the truth of it.

# %%
tracing = imported([TEMPLATE])
entries = tracing.records.entries
print(len(entries), "records of", len(entries.lots), "lots by", ", ".join(actor.name for actor in entries.names.actors))

# %% [markdown]
# ## 2. 何が証明できるか / What can be proved
#
# 記録から系譜を組み直し、由来の割合を一度に求めます。記録にない分は、どの由来でもありうるとみなします。
#
# The genealogy is rebuilt from the records, and shares follow in one pass. What is not on record may be of any origin.

# %%
classes = entries.names.classes
product = next(one for one in products_of(entries) if one.key == "6061")
post = [n for n, name in enumerate(classes) if name.startswith("post_")]


def interval(seen=None):
    """Return the share of post-consumer metal in 6061 that is provable and possible."""
    told = bounds(shares(rebuild(tracing.records, seen).genealogy), post)
    weight = np.zeros(len(entries.lots))
    weight[product.lots] = entries.lots.mass_mg[product.lots]
    found = told.of(weight)
    return float(found.provable), float(found.possible)


print("all records: provable {:.1%}, possible {:.1%}".format(*interval()))

# %% [markdown]
# ## 3. 記録が一つ欠けたら / One record less
#
# それぞれの記録を一つずつ消し、幅がいちばん広がるものを探します。
#
# Each record is taken away by itself; the one that widens the interval most is the one to keep safe.

# %%
widths = []
for number in range(len(entries)):
    seen = np.ones(len(entries), dtype=bool)
    seen[number] = False
    low, high = interval(seen)
    widths.append(high - low)
dearest = int(np.argmax(widths))
actor = entries.names.actors[entries.actor[dearest]].name
print(f"dearest record: number {dearest} of {actor}; without it the interval is {max(widths):.1%} wide")

# %% [markdown]
# ## 4. 一つのロットをさかのぼる / One lot followed back

# %%
genealogy = rebuild(tracing.records).genealogy
lot = int(product.lots[0])
found = upstream(genealogy, lot)
for name, share in zip(classes, found.sources, strict=True):
    if share > 0:
        print(f"lot {lot}: {share:.1%} {name}")
print(f"lot {lot}: {found.unknown:.1%} unknown; {len(found.roots)} lots it began with")

# %% [markdown]
# ## 5. 同じ金属、六つのモデル / The same metal, six models

# %%
claims = worked_out(tracing).tables["claims"]
chosen = claims[claims["law"] == "japan_resource_act"]
print(chosen[["product", "model", "allowed", "provable", "possible"]].to_string(index=False))
