"""Handovers: what left and what came, each told once, and shipments that are declared not to have been."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cesim.trace.imports.epcis_steps import business, handover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cesim.trace.imports.epcis_documents import Event
    from cesim.trace.imports.said import Said

VOID: Final = "void_shipping"
"""Business step that takes lots out of an earlier shipment."""
_PLAIN: Final = ("shipping", "receiving")


class Handovers:
    """Tells which events hand lots over.

    A lorry that departs with what was shipped is no second shipment, and goods that are accepted after they were
    received came once. So other words than ``shipping`` and ``receiving`` count where the same actor has none of the
    two for the same things.

    Parameters
    ----------
    events
        All that are read.
    actor, names
        Return who acts in an event, and the keys of what it names.
    """

    def __init__(
        self,
        events: Iterable[Event],
        actor: Callable[[Event], str],
        names: Callable[[Event], Iterable[str]],
    ) -> None:
        self._names = names
        self._plainly: dict[tuple[str, str], set[str]] = {}
        for event in events:
            if business(event.told) in _PLAIN and event.told["type"] == "ObjectEvent":
                self._plainly.setdefault((actor(event), business(event.told)), set()).update(names(event))

    def step(self, event: Event, actor: str) -> str:
        """Return ``shipping`` or ``receiving``, or nothing."""
        found = handover(event.told)
        if found and business(event.told) not in _PLAIN:
            things = set(self._names(event))
            if things and things <= self._plainly.get((actor, found), set()):
                return ""
        return found


def without(said: list[Said], actor: str, lots: Sequence[str]) -> bool:
    """Take lots out of the last shipment of an actor that has them; false where one of them is in none."""
    found = True
    for lot in lots:
        at = next((n for n in range(len(said) - 1, -1, -1) if _shipped(said[n], actor, lot)), None)
        if at is None:
            found = False
        else:
            left = tuple(one for one in said[at].inputs if one.lot != lot)
            said[at] = replace(said[at], inputs=left)
    return found


def _shipped(one: Said, actor: str, lot: str) -> bool:
    return one.step == "shipping" and one.actor == actor and any(portion.lot == lot for portion in one.inputs)
