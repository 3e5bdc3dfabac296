"""One lot followed: what it came from, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cesim.errors import Fault, InputError
from cesim.text import nearest
from cesim.trace.genealogy.graph import true_genealogy
from cesim.trace.genealogy.tracing import downstream, upstream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.run.trace.tracing import Tracing
    from cesim.trace.genealogy.graph import Genealogy

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]


def lot_of(tracing: Tracing, text: str) -> int:
    """Return the number of a lot that is named by its number or by its label.

    Raises
    ------
    InputError
        ``trace_no_lot`` with how many there are, or the nearest label.
    """
    lots = tracing.records.entries.lots
    if lots.label is not None and text in lots.label:
        return list(lots.label).index(text)
    if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) < len(lots):
        return int(text)
    near = None if lots.label is None else nearest(text, list(lots.label[:100_000]))
    raise InputError([Fault("trace_no_lot", arguments={"found": text[:80], "count": len(lots), "nearest": near})])


def upstream_frame(tracing: Tracing, lot: int, cut: float = 0.0, *, true: bool = False) -> pd.DataFrame:
    """Return where a lot came from: shares by class of origin, then the lots it came from, heaviest first.

    Parameters
    ----------
    cut
        Lots through which less came are left out of the list.
    true
        Whether to follow what happened; what is on record otherwise.
    """
    found = upstream(_genealogy(tracing, true=true), lot, cut=cut)
    classes = tracing.records.entries.names.classes
    rows: list[Mapping[str, Any]] = [
        {"what": "origin", "item": classes[k], "share": float(share)}
        for k, share in enumerate(found.sources.tolist())
        if share > 0.0
    ]
    rest = (("unknown", found.unknown), ("cut_off", found.cut_off))
    rows += [{"what": name, "share": share} for name, share in rest if share > 1e-12]
    return pd.DataFrame([*rows, *_lots(tracing, "from", found.lots, found.share)], columns=_COLUMNS)


def downstream_frame(tracing: Tracing, lot: int, cut: float = 0.0, *, true: bool = False) -> pd.DataFrame:
    """Return what became of a lot: the lots that hold some of it, those that hold most first; see `upstream_frame`."""
    found = downstream(_genealogy(tracing, true=true), lot, cut=cut)
    rows = _lots(tracing, "in", found.lots, found.share)
    held = dict(zip(found.lots.tolist(), (found.mass_mg / 1e6).tolist(), strict=True))
    last = dict(zip(found.lots.tolist(), found.is_last.tolist(), strict=True))
    for row in rows:
        row["mass_kg"], row["what"] = held[row["lot"]], "last" if last[row["lot"]] else "in"
    return pd.DataFrame(rows, columns=[*_COLUMNS, "mass_kg"])


_COLUMNS = ["what", "lot", "label", "kind", "item", "actor", "share"]


def _genealogy(tracing: Tracing, *, true: bool) -> Genealogy:
    if not true:
        return tracing.rebuilt.genealogy
    if tracing.truth is None:
        raise InputError([Fault("trace_no_truth")])
    return true_genealogy(tracing.truth)


def _lots(tracing: Tracing, what: str, lots: Whole, share: Floats) -> list[dict[str, Any]]:
    """One row a lot, with what it is and who made it."""
    entries = tracing.entries
    names, rows = entries.names, []
    for place in np.argsort(-share, kind="stable").tolist():
        lot = int(lots[place])
        known = lot < len(entries.lots)  # one that was made up stands in the records alone
        birth = int(entries.birth[lot]) if known else -1
        rows.append({
            "what": what, "lot": lot, "label": entries.lots.label[lot] if known and entries.lots.label else "",
            "kind": names.kinds[entries.lots.kind[lot]] if known else "",
            "item": names.items[entries.lots.item[lot]] if known and names.items else "",
            "actor": names.actors[entries.actor[birth]].name if birth >= 0 else "",
            "share": float(share[place]),
        })  # fmt: skip
    return rows
