"""Why the numbers of a lot-by-lot run can be relied upon: laws, the other engine, and where its inputs are from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Section, Table
from cesim.report.paths import process_name
from cesim.text import has

if TYPE_CHECKING:
    from cesim.report.lots.view import LotView

STATUSES = ("read", "unverified", "estimate", "given")


def alarms(view: LotView) -> tuple[str, ...]:
    """Return what must not be overlooked: a broken law, engines that disagree."""
    found = []
    if not view.about["laws_of_all"]:
        found.append(laws_told(view))
    if not view.about["mirror"]["agrees"]:
        found.append(mirror_told(view))
    return tuple(found)


def proof_section(view: LotView) -> Section:
    """Return the part on the proofs."""
    writer, checks = view.writer, view.about["laws"]["checks"]
    rows = tuple((law_name(view, check["name"]), f"{check['cells']:,}", f"{check['worst']:,.0f}") for check in checks)
    heads = tuple(writer.say(f"lots.column.{name}") for name in ("law", "cells", "worst"))
    table = Table(writer.say("lots.laws_table"), heads, rows, is_folded=True)
    lead = (laws_told(view), mirror_told(view), inputs_told(view))
    return Section("proof", writer.say("lots.proof_head"), lead, tables=(table,))


def law_name(view: LotView, name: str) -> str:
    """What a law says."""
    return view.writer.say(f"lots.law.{name}") if has(f"report.casthouse.lots.law.{name}", view.lang) else name


def laws_told(view: LotView) -> str:
    """Say whether the laws of mass and queues are kept."""
    about, writer = view.about, view.writer
    if about["laws_of_all"]:
        return writer.say("lots.laws_kept", lots=f"{about['lots']:,}", events=f"{about['events']:,}")
    return writer.say("lots.laws_broken", where=about["laws"]["where"] or writer.say("lots.laws_elsewhere"))


def mirror_told(view: LotView) -> str:
    """Say whether both engines come to the same with the same coefficients."""
    same = view.about["mirror"]
    told = {"flows": f"{same['flows']:,}", "masses": f"{same['masses']:,}", "operations": f"{same['operations']:,}"}
    key = "lots.mirror_agrees" if same["agrees"] else "lots.mirror_differs"
    return view.writer.say(key, grams=f"{same['worst_mg'] / 1000:,.1f}", where=_where(view, same["where"]), **told)


def _where(view: LotView, where: str) -> str:
    """A flow with its regions and what it is of, in words."""
    words, named = view.writer.words, []
    for part in map(view.place, where.split(" > ")):
        is_origin = has(f"report.origin_name.{part}", view.lang)
        named.append(words(f"origin_name.{part}") if is_origin else process_name(part, words))
    return " → ".join(named)


def inputs_told(view: LotView) -> str:
    """Say how many numbers on works and knowledge were read in a source, and how many were not."""
    held = view.about["assumed"]["inputs"]
    return view.writer.say(
        "lots.inputs_told", all=f"{sum(held.values()):,}", **{name: f"{held[name]:,}" for name in STATUSES}
    )
