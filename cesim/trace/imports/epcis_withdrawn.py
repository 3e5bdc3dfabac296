"""Events that were declared wrong are withdrawn; those that put them right stand for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.trace.imports.epcis_documents import Event
    from cesim.trace.imports.said import Remarks

_BESIDE = frozenset(("errorDeclaration", "recordTime", "eventID", "@context"))
"""What a declaration of error may say otherwise than the event that it takes back."""


def standing(events: Sequence[Event], remarks: Remarks) -> list[Event]:
    """Return the events that were not withdrawn, without the declarations themselves.

    A declaration of error is the event once more: it has the same id or, where there is none, says the same. One is
    withdrawn from the beginning, also for a look at the time before it was declared wrong.

    Raises
    ------
    InputError
        ``import_event_twice`` where two events have one id, in one file or in two.
    """
    plain = [event for event in events if "errorDeclaration" not in event.told]
    _refuse_twins(plain)
    by_id = {event.told["eventID"]: event.number for event in plain if "eventID" in event.told}
    by_words: dict[str, int] | None = None
    withdrawn: set[int] = set()
    for event in events:
        if "errorDeclaration" not in event.told:
            continue
        found = by_id.get(event.told.get("eventID", ""))
        if found is None and "eventID" not in event.told:
            if by_words is None:
                by_words = {_words(one.told): one.number for one in plain}
            found = by_words.get(_words(event.told))
        if found is None:
            remarks.note("import_nothing_withdrawn", event.place("errorDeclaration"))
        else:
            withdrawn.add(found)
            remarks.note("import_withdrawn", event.place("errorDeclaration"))
    left = [event for event in plain if event.number not in withdrawn]
    _tell_missing(events, by_id, remarks)
    return left


def _refuse_twins(events: Sequence[Event]) -> None:
    first: dict[str, Event] = {}
    faults = []
    for event in events:
        name = event.told.get("eventID")
        if name is not None and first.setdefault(name, event) is not event:
            told = {"found": name, "other": first[name].place("eventID")}
            faults.append(Fault("import_event_twice", event.place("eventID"), told))
    if faults:
        raise InputError(faults)


def _tell_missing(events: Sequence[Event], by_id: dict[str, int], remarks: Remarks) -> None:
    for event in events:
        for name in event.told.get("errorDeclaration", {}).get("correctiveEventIDs", ()):
            if name not in by_id:
                remarks.note("import_correction_missing", event.place("errorDeclaration"), found=name)


def _words(told: dict[str, Any]) -> str:
    """Return what an event says, in one order."""
    import json

    return json.dumps({name: told[name] for name in told if name not in _BESIDE}, sort_keys=True)
