"""What can be proved of each product: to whom, and with how many records wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from cesim.trace.custody.laws import LAWS
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.budget import Claim, FaultBudget
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.viewing.disclosure import Viewer
from cesim.trace.viewing.seeing import seen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.run.trace.products import Product
    from cesim.run.trace.tracing import Tracing
    from cesim.trace.custody.laws import Law

    Floats = NDArray[np.float64]

LEVELS: Final = ("public", "chain", "certifier")
"""Who may look besides single actors."""
VIEWERS: Final = ("public", "certifier_then", "certifier")
"""Who looks: anybody; a certifier when the last lot is made; a certifier when the last record is written."""
WRONG: Final = (0, 1, 3, 10, 30, 100, 300, 1000)
"""Numbers of wrong records for which the interval is told."""


def bounds_frame(tracing: Tracing) -> pd.DataFrame:
    """`bounds`: one row a product, law and viewer: the share that can be proved, and that cannot be ruled out.

    Every record is taken to be right; for records that may be wrong see `budget_frame`.
    """
    rows: list[dict[str, Any]] = []
    then = int(tracing.records.entries.time_s.max(initial=0))
    last = int(tracing.records.written_s.max(initial=0))
    for level in VIEWERS:
        viewer, _, at = level.partition("_")
        mask = seen(tracing.records, Viewer("", viewer), then if at else last)
        told = shares(rebuild(tracing.records, mask, tolerance=tracing.tolerance).genealogy)
        for product in tracing.products:
            rows += _intervals(tracing, product, told, level)
    return pd.DataFrame(rows)


def seen_frame(tracing: Tracing, who: str, day: int | None = None) -> pd.DataFrame:
    """Return the same as `bounds_frame` for one viewer and day.

    Parameters
    ----------
    who
        A level (``public``, ``chain``, ``certifier``), or the name of an actor, who sees its own records.
    day
        Days from the first second; what is written later is not seen. None: all that was ever written.

    Raises
    ------
    InputError
        ``viewer_no_actor``
    """
    viewer = Viewer("", who) if who in LEVELS else Viewer(who, "own")
    now = int(tracing.records.written_s.max(initial=0)) if day is None else day * 86_400
    told = shares(rebuild(tracing.records, seen(tracing.records, viewer, now), tolerance=tracing.tolerance).genealogy)
    rows: list[dict[str, Any]] = []
    for product in tracing.products:
        rows += _intervals(tracing, product, told, who)
    return pd.DataFrame(rows)


def _intervals(tracing: Tracing, product: Product, told: Floats, who: str) -> list[dict[str, Any]]:
    """One row a law."""
    weight, rows = tracing.weight_of(product, tracing.rebuilt.genealogy.lots), []
    for law in LAWS:
        counted = _counted(tracing, law)
        found = bounds(told, counted).of(weight)
        rows.append({
            "product": product.key, "material": product.material, "law": law.key, "viewer": who,
            "provable": float(found.provable),
            "possible": float(found.provable if law.unknown == "primary" else found.possible),
            "true": _true(tracing, weight, counted),
        })  # fmt: skip
    return rows


def budget_frame(tracing: Tracing, found_wrong: int) -> pd.DataFrame:
    """`budget`: one row a product and law: the interval under the stated budget, and for growing numbers wrong.

    Parameters
    ----------
    found_wrong
        Records that an audit found wrong beyond doubt. More than the budget allows: nothing is proved.
    """
    asked, rows = tracing.judging, []
    stated = FaultBudget(
        wrong_share=asked["wrong_share"], weighing_sd=asked["weighing_sd"], confidence=asked["confidence"]
    )
    budgets = [(stated, found_wrong), *((FaultBudget(wrong_count=count), 0) for count in WRONG)]
    for product in tracing.products:
        weight = tracing.weight_of(product, tracing.rebuilt.genealogy.lots)
        for law in LAWS:
            if law.key not in ("eu_elv", "japan_resource_act"):
                continue
            counted = _counted(tracing, law)
            claim = Claim(tracing.rebuilt.genealogy, counted, weight, share=tracing.provable)
            for budget, wrong in budgets:
                found = claim.under(budget, found_wrong=wrong, found_among=len(tracing.records))
                rows.append({
                    "product": product.key, "law": law.key, "stated": budget is stated, "wrong": found.wrong_allowed,
                    "provable": found.provable, "possible": found.possible, "is_proved": found.is_proved,
                    "reason": found.reason or "", "records_behind": found.records_behind,
                    "found_wrong": found.found_wrong, "found_allowed": found.found_allowed,
                    "true": _true(tracing, weight, counted),
                })  # fmt: skip
    return pd.DataFrame(rows)


def _counted(tracing: Tracing, law: Law) -> list[int]:
    return [n for n, name in enumerate(tracing.entries.names.classes) if name in law.counts]


def _true(tracing: Tracing, weight: Floats, counted: list[int]) -> float | None:
    if tracing.true is None:
        return None
    lots = len(tracing.true)
    return float(weight[:lots] @ tracing.true[:, counted].sum(axis=1) / weight.sum())
