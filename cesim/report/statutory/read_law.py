"""What the laws say as far as it was read: every statement with its source and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Section
from cesim.report.statutory.blocks import Block, columns, table_of
from cesim.report.statutory.laws import FACTS, SECONDARY, fact, step, threshold

if TYPE_CHECKING:
    from cesim.report.statutory.view import View


def law_section(view: View) -> Section:
    """Return the part on the laws."""
    block = law_block(view)
    return Section(
        "law", view.say("law.head"), (view.say("law.lead"),), (), (table_of(block, view.nothing),),
        tuple(view.say(f"law.open_{at}") for at in (1, 2, 3, 4)),
    )  # fmt: skip


def law_block(view: View) -> Block:
    """Return the facts."""
    numbers = {
        "limit": f"{threshold():,}",
        **{f"step{n}": f"{float(100 * step(n).share):g} %" for n in (1, 2)},
        **{f"closed{n}": f"{float(100 * step(n).closed):g} %" for n in (1, 2)},
    }
    heads, looks = columns(
        (view.say("column.law"), "text"), (view.say("column.says"), "text"), (view.say("column.status"), "text"),
        (view.say("column.source"), "text"),
    )  # fmt: skip
    rows = []
    for key in FACTS:
        row = fact(key)
        law, _, name = key.removeprefix("targets.").partition(".")
        is_secondary = row.source.endswith(SECONDARY)
        status = view.say(f"status.{row.status}_{'secondary' if is_secondary else 'first'}")
        rows.append((view.say(f"law.{law}"), view.say(f"fact.{law}_{name}", **numbers), status,
                     row.source.removesuffix(SECONDARY)))  # fmt: skip
    return Block("law", view.say("law.table"), heads, looks, tuple(rows))
