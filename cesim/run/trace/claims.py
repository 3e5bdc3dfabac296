"""What is claimed, what can be proved and what is true of each product, under every custody model and law."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from cesim.run.trace.products import charged
from cesim.trace.custody.flow import Flow, Side
from cesim.trace.custody.side_by_side import side_by_side
from cesim.trace.custody.terms import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.trace.products import Product
    from cesim.run.trace.tracing import Tracing

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]

MONTH_S: Final = 30 * 86_400
"""A period of custody: 30 days, so that all are alike."""
NOT_KNOWN: Final = "not_known"
"""Class of matter of which nobody says where it comes from; no law counts it."""
_OF_TRUTH: Final = ("entitled", "true", "gap")
"""Columns that stay empty where nobody knows the truth."""


def claims_frame(tracing: Tracing) -> pd.DataFrame:
    """`claims`: one row a product, law and model: shares claimed, provable, possible, entitled and true."""
    rows = []
    for product in tracing.products:
        flow = flow_of(tracing, product)
        rows += [{"product": product.key, **row.as_data()} for row in side_by_side(flow, terms=terms_of(tracing))]
    if tracing.truth is None:
        rows = [row | dict.fromkeys(_OF_TRUTH) for row in rows]
    return pd.DataFrame(rows)


def terms_of(tracing: Tracing) -> Terms:
    """Return the terms of mass balance that the hypothesis sets."""
    asked = tracing.judging
    share = Fraction(asked["credit_share"]).limit_denominator(10**6)
    return Terms(window=round(asked["window"]), life=round(asked["life"]), share=share)


def flow_of(tracing: Tracing, product: Product) -> Flow:
    """Return the physical flow of a product: what was charged for it and what came out, by site and month."""
    entries = tracing.entries
    lot, mass, entry = charged(entries, product.mixed)
    made = entries.birth[product.lots]
    sites, of_site = np.unique(np.concatenate([entries.actor[made], entries.actor[entry]]), return_inverse=True)
    time = np.concatenate([entries.time_s[made], entries.time_s[entry]])
    period = (time - time.min(initial=0)) // MONTH_S
    count = len(made)
    outputs = _side(
        tracing, product.lots, entries.lots.mass_mg[product.lots], of_site[:count], period[:count], product.single
    )
    inputs = _side(tracing, lot, mass, of_site[count:], period[count:], None)
    names = tuple(entries.names.actors[site].name for site in sites.tolist())
    classes = (*entries.names.classes, *([NOT_KNOWN] if tracing.truth is None else []))
    return Flow(outputs, inputs, names, int(period.max(initial=0)) + 1, product.material, classes)


def _side(tracing: Tracing, lots: Whole, mass: Whole, site: Whole, period: Whole, single: Truths | None) -> Side:
    """Return one side of a flow. Where nobody knows the truth, what is declared and the unknown rest stand for it."""
    declared, provable = _rows(tracing.declared, lots), _rows(tracing.provable, lots)
    known = np.maximum(mass, 0)
    if tracing.true is not None:
        true = _rows(tracing.true, lots)
        return Side(site, period, known, true / true.sum(axis=1, keepdims=True), declared, provable, single)
    nothing = np.zeros((len(lots), 1))
    declared, provable = np.hstack([declared, nothing]), np.hstack([provable, nothing])
    true = declared.copy()
    true[:, -1] = np.maximum(1.0 - declared.sum(axis=1), 0.0)
    return Side(site, period, known, true, declared, provable, single)


def _rows(shares: NDArray[np.float64], lots: Whole) -> NDArray[np.float64]:
    """Shares of lots; sums of many shares may exceed one by rounding."""
    rows = shares[lots]
    return np.asarray(rows / np.maximum(rows.sum(axis=1, keepdims=True), 1.0))
