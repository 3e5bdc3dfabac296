"""What of a pilot's files was read with a reservation: the place, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault, Place
from cesim.report.casthouse.shell import Section, Table
from cesim.text import message

if TYPE_CHECKING:
    from cesim.report.trace.view import TraceView


def reservation_section(view: TraceView) -> Section | None:
    """Return the part on reservations; none where there were none."""
    rows = tuple(reservations(view))
    if not rows:
        return None
    heads = (view.say("reservations_place"), view.say("reservations_what"))
    table = Table(view.say("reservations_table"), heads, rows, is_folded=True)
    return Section("reservations", view.say("reservations_head"), (view.say("reservations_lead"),), tables=(table,))


def reservations(view: TraceView) -> list[tuple[str, str]]:
    """Return places and remarks in words."""
    held = view.tracing.about.get("remarks") or ()
    found = (Fault(one["code"], Place(**one["place"]), dict(one["arguments"])) for one in held)
    return [(str(one.place), message(one, view.names.lang)) for one in found]
