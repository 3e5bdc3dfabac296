"""Claimed, provable and true under every chain-of-custody model and two laws, on one and the same physical flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Axis, Mark, Row, rows_of
from cesim.report.trace.findings import PAIR, claims_of, content
from cesim.report.trace.interval import keys_of, marks_of
from cesim.report.trace.view import share_axis

if TYPE_CHECKING:
    from cesim.report.trace.findings import Claim
    from cesim.report.trace.view import TraceView

LEAST: float = 0.02
"""A scale ends no earlier: shares of nothing need some room."""


OF_TRUTH = 2
"""The note that speaks of the truth."""


def custody_section(view: TraceView) -> Section:
    """Return the part on claims."""
    held = claims_of(view.tracing)
    if not held:
        return Section("claims", view.say("claims_head"), (view.say("claims_none"),))
    figures = [figure for product in view.products for figure in _figures(view, product, held)]
    lead = [view.say("claims_lead"), view.say("claims_lead_known" if view.knows else "claims_lead_unknown")]
    lead += [_told(view, product) for product in view.products] if view.knows else []
    notes = [view.say(f"claims_note_{at}") for at in (1, 2, 3) if view.knows or at != OF_TRUTH]
    more = len({one.product for one in held}) - len(view.products)
    if more > 0:
        notes.append(view.say("more_products", count=more))
    heads, rows = view.cells("claims")
    table = Table(view.say("claims_table"), heads, rows, is_folded=True)
    return Section("claims", view.say("claims_head"), tuple(lead), tuple(figures), (table,), tuple(notes))


def _figures(view: TraceView, product: str, held: list[Claim]) -> list[Figure]:
    """Two figures of one product, on one scale."""
    mine = [one for one in held if one.product == product]
    axis = share_axis([LEAST, *(end for one in mine for end in one.ends)])
    figures = []
    for law in PAIR:
        rows = [_row(view, one, axis) for one in mine if one.law == law]
        if rows:
            as_if = any(one.as_if for one in mine if one.law == law)
            title = view.say(
                "claims_as_if" if as_if else "claims_by_law", product=view.product(product),
                law=view.names.custody("law", law), counts=view.say(f"counts.{law}"),
            )  # fmt: skip
            figures.append(Figure(title, rows_of(rows, axis), keys_of(view, claimed=True)))
    return figures


def _row(view: TraceView, one: Claim, axis: Axis) -> Row:
    name = view.names.custody("model", one.model)
    if one.allowed == "no":
        field = (Mark("wash", "k-wash", axis.low, axis.high),)
        return Row(name, field, view.names.custody("allowed", "no"), is_off=True)
    if one.claimed is None:
        return Row(name, (), view.names.word("reason", one.reason), is_off=True)
    beside = view.say("provable_of", range=view.between(one.provable, one.possible))
    if one.allowed == "in_part":
        beside = view.say("in_part", told=beside)
    told = view.say("claimed_of", share=view.share(one.claimed))
    return Row(name, marks_of(one.provable, one.possible, one.claimed, one.true), told, beside)


def _told(view: TraceView, product: str) -> str:
    """Say whether what is claimed of a product is above or below what is true, by both laws."""
    parts = []
    for law in PAIR:
        one = content(view.tracing, product, law)
        if one is None or one.claimed is None or one.true is None:
            continue
        gap = one.claimed - one.true
        key = "gap_same" if abs(gap) < 5e-4 else "gap_above" if gap > 0 else "gap_below"
        parts.append(view.say(key, law=view.say(f"short.{law}"), points=view.writer.full(abs(gap), "points")))
    return view.say("gap", product=view.product(product), told=view.writer.join(parts)) if parts else ""
