"""From EPCIS 2.0 documents to what was said: the events of all of them, together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError
from cesim.trace.classes import CLASSES
from cesim.trace.imports.clock import second_of
from cesim.trace.imports.epcis_documents import Document, events_of, master_of
from cesim.trace.imports.epcis_events import EventReader
from cesim.trace.imports.epcis_whole import joined
from cesim.trace.imports.epcis_withdrawn import standing
from cesim.trace.imports.identities import Identities
from cesim.trace.imports.said import Told
from cesim.trace.standards import refuse_wrong_epcis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.trace.imports.epcis_documents import Event, Master


def told_by_epcis(documents: Sequence[tuple[str, object]]) -> Told:
    """Return what EPCIS documents tell.

    Parameters
    ----------
    documents
        (name of the file, what `cesim.trace.standards.read_document_file` returned).

    Raises
    ------
    InputError
        For what violates the standard (``epcis_...``), two events with one id, masses beyond `masses.MOST_MG`, our own
        words used wrongly, times beyond the calendar, a package in itself.
    """
    sound = []
    for file, value in documents:
        refuse_wrong_epcis(value, file=file)
        assert isinstance(value, dict)
        sound.append(Document(file, value))
    return _told(sound)


def _told(documents: list[Document]) -> Told:
    identities, master = Identities(), master_of(documents)
    told = Told(classes=_classes(master))
    events = standing(events_of(documents), told.remarks)
    times = _times(events)
    reader = EventReader(events, master, identities, told)
    for event in sorted(events, key=lambda one: (times[one.number][0], one.number)):
        reader.read(event, *times[event.number])
    if reader.faults:
        raise InputError(reader.faults)
    told.said = joined(reader.whole(), reader.parts)
    return told


def _classes(master: Master) -> tuple[str, ...]:
    """Return the origins that may be told: ours, and those that the documents themselves list."""
    found = [word for told in master.goods.values() if told.get("kind") == "source" and (word := told.get("origin"))]
    return tuple(dict.fromkeys((*CLASSES, *(word for word in found if word != "untold"))))


def _times(events: Sequence[Event]) -> dict[int, tuple[int, int]]:
    """Return of each event when it happened and when it was recorded, seconds since 1970."""
    faults, found = [], {}
    for event in events:
        times: list[int] = []
        for name in ("eventTime", "recordTime"):
            if name not in event.told:
                continue
            second = second_of(event.told[name])
            if second is None:
                faults.append(Fault("import_time", event.place(name), {"found": event.told[name][:40]}))
            else:
                times.append(second)
        found[event.number] = (times[0], times[-1]) if times else (0, 0)
    if faults:
        raise InputError(faults)
    return found
