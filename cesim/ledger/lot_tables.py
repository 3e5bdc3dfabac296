"""The tables of a lot-by-lot run: lots, what happened to them, and what crossed the boundary.

An event has lots, or a named source, on one side and lots, or a named sink, on the other, with the mass on each edge.
A lot never changes but its place: whatever changes its composition or its name ends it and begins another. So the
table `lot` is written once, in the order of birth, and everything else can be checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EVENT_KINDS: Final = ("create", "split", "merge", "react", "move", "reclassify", "ship")
"""What can happen to a lot; in `event.kind`."""
SOURCE, SINK, RECLASSIFICATION, HELD = range(4)
SIDES: Final = ("source", "sink", "reclassification", "held")
"""Sides of an account: what came in, what went out, what changed its origin class, what is there at a period's end."""


@dataclass(frozen=True)
class Column:
    """One column of a table; `named` columns hold numbers of names, and are written as the names themselves."""

    name: str
    unit: str = ""
    named: str = ""
    """The list of names, such as `facility`; empty for a plain whole number."""
    empty: bool = False
    """Whether -1 stands for nothing and is written as empty."""


LOT: Final = (
    Column("lot"),
    Column("event"),
    Column("time_s", "s"),
    Column("kind", named="kind"),
    Column("grade", named="grade"),
    Column("owner", named="owner"),
    Column("vehicles", "vehicle"),
    Column("serial", empty=True),
    Column("mass_mg", "mg"),
)
"""Lots as they were born; the columns of their composition follow."""
EVENT: Final = (
    Column("event"),
    Column("time_s", "s"),
    Column("period"),
    Column("kind", named="event_kind"),
    Column("facility", named="facility"),
    Column("facility_to", named="facility", empty=True),
)
EVENT_IN: Final = (
    Column("event"),
    Column("lot", empty=True),
    Column("source", named="account", empty=True),
    Column("mass_mg", "mg"),
)
EVENT_OUT: Final = (
    Column("event"),
    Column("lot", empty=True),
    Column("sink", named="account", empty=True),
    Column("mass_mg", "mg"),
)
EXCHANGE: Final = (Column("event"), Column("side", named="side"), Column("account", named="account"))
"""What a reaction lost to each sink and gained from each source, and what changed its origin class.

The columns of the composition follow; those of a reclassification are changes, below zero where it took from.
"""
ACCOUNT: Final = (
    Column("period"),
    Column("side", named="side"),
    Column("account", named="account", empty=True),
    Column("column", named="column"),
    Column("mass_mg", "mg"),
)
"""What each source, sink and reclassification took up in a period by substance and origin, and what was held."""
DECISION: Final = (
    Column("decision"),
    Column("time_s", "s"),
    Column("facility", named="facility"),
    Column("kind", named="decision_kind"),
    Column("known", named="knowledge"),
    Column("lot"),
    Column("value"),
    Column("chosen"),
)
"""One row a candidate: what was chosen (1) or not (0), from which lots, knowing what, at what value."""
FACILITY: Final = (
    Column("facility", named="facility"),
    Column("kind", named="facility_kind"),
    Column("place", named="place"),
)
SHIPMENT: Final = (
    Column("event"),
    Column("departed_s", "s"),
    Column("arrived_s", "s"),
    Column("haulage", named="facility"),
    Column("facility", named="facility"),
    Column("facility_to", named="facility"),
    Column("lots", "lot"),
    Column("distance_m", "m"),
)
"""One row a load; its mass is on the edges of the event in which it is unloaded."""
PLACE: Final = (Column("place", named="place"),)

TABLES: Final = {
    "lot": LOT,
    "event": EVENT,
    "event_in": EVENT_IN,
    "event_out": EVENT_OUT,
    "exchange": EXCHANGE,
    "account": ACCOUNT,
    "decision": DECISION,
    "shipment": SHIPMENT,
    "facility": FACILITY,
    "place": PLACE,
}
"""All tables; `lot` and `exchange` are followed by the columns of a composition."""
COMPOSED: Final = ("lot", "exchange")


def composition_columns(substances: tuple[str, ...], origins: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of a composition: ``Al_mg`` and so on, then ``from_post_elv_mg`` and so on."""
    return tuple(Column(f"{name}_mg", "mg") for name in substances) + tuple(
        Column(f"from_{name}_mg", "mg") for name in origins
    )
