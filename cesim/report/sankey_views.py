"""What each diagram looks at: which flows, how far they are followed, what stands together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.ledger.processes import kind as kind_of
from cesim.report.sankey_cut import ASSEMBLY, ELV, OVERSEAS, USED, Edges, cut, put
from cesim.report.sankey_groups import (
    ALLOYS_6XXX,
    FROM_LATE,
    INTO_CARS,
    LEAVING,
    MATERIAL,
    RETURNED,
    SIX,
    TO_LATE,
    YARDS_TOGETHER,
)
from cesim.report.sankey_trace import followed

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.read import RunTables

VIEWS = (
    (RETURNED, True),
    (SIX, True),
    ("aluminium", True),
    ("aluminium", False),
    ("plastics", True),
    ("plastics", False),
)
"""The diagrams in the order of the page: view, and whether only what comes from scrapped cars is followed."""
MADE = ("melting", "part_making", "assembly", "overseas_assembly", "registration", "new_car_market", "new_scrap")
"""From here on, an alloy is what is made."""


def edges_of(tables: RunTables, view: str, year: int, *, only_elv: bool = False) -> Edges:
    """Sum the flows of one view and year that touch the focus, by node and class.

    With ``only_elv`` all that leaves use is kept, and behind that only what has been in a scrapped car, up to the
    part that goes into a new car anywhere.
    """
    named = cut(tables, _frame(tables, view, year), view)
    if view == RETURNED:
        return _only_elv(named) | followed(tables, year)
    if only_elv:
        return _only_elv(named)
    return _yards_together(named) if view == "aluminium" else named


def _frame(tables: RunTables, view: str, year: int) -> pd.DataFrame:
    """Flows that a view looks at."""
    frame = tables.flows
    frame = frame[(frame["year"] == year) & (frame["material"] == MATERIAL.get(view, view)) & (frame["mean"] != 0)]
    kinds = frame["process_from"].map(kind_of)
    if view == SIX:  # behind the melt an alloy is what is made, no longer what the metal was
        frame = frame[frame["alloy"].isin(ALLOYS_6XXX) & ~kinds.isin(MADE)]
    if view == RETURNED:  # behind the dismantler, metal is followed wherever it goes
        frame = frame[frame["alloy"].isin(ALLOYS_6XXX) & kinds.isin(("in_use", "take_back", USED))]
    return frame


def _yards_together(edges: Edges) -> Edges:
    kept: Edges = {}
    for (a, b, kind), mass in edges.items():
        ends = YARDS_TOGETHER.get(a, a), YARDS_TOGETHER.get(b, b)
        if ends[0] != ends[1]:
            put(kept, *ends, kind, mass)
    return kept


def _only_elv(edges: Edges) -> Edges:
    """Keep what leaves use and what scrapped cars have become, up to the finished part."""
    kept: Edges = {}
    for (a, b, kind), mass in edges.items():
        if a == LEAVING or (kind == ELV and a not in (ASSEMBLY, FROM_LATE, OVERSEAS)):
            put(kept, a, INTO_CARS if b in (ASSEMBLY, TO_LATE) else b, kind, mass)
    return kept
