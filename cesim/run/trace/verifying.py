"""A document verified: by its standard, by the hashes it names its events with, by the chain of its log."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.trace.integrity.verifying import Verdict

MOST_SHOWN = 200
_LOG = b'{"actor":'
_HASH = "ni:///sha-256;"


@dataclass(frozen=True)
class Verified:
    """What was found in a document.

    Attributes
    ----------
    kind
        ``epcis`` or ``log``.
    events, hashes
        How many there are, and how many are named by their own hash, computed anew.
    findings
        What is wrong; empty where all that was checked is as it should be. An event that is named by another hash is
        wrong in a document of cesim, and remarked upon in one of others: they may name by another version of the rule.
    remarks
        What limits that.
    log
        Of a log, its verdict.
    """

    kind: str
    events: int
    hashes: int
    findings: tuple[Fault, ...]
    remarks: tuple[Fault, ...] = ()
    log: Verdict | None = field(default=None)


def verify(path: Path, key: Path | None = None) -> Verified:
    """Verify an EPCIS document or an actor's log.

    Parameters
    ----------
    key
        File of the public key with which a log should be signed.

    Raises
    ------
    InputError
        Where it cannot be read, or is no such document.
    """
    if key is not None and not key.is_file():
        raise InputError([Fault("no_such_file", Place(str(key)))])
    if _is_log(path):
        return _log(path, key)
    if key is not None:
        raise InputError([Fault("verify_key_without_log", Place(str(path)))])
    from cesim.trace.standards.epcis import check_epcis
    from cesim.trace.standards.reading import read_document_file

    remarks: list[Fault] = []
    document = read_document_file(path, remarks=remarks)
    faults = check_epcis(document, file=str(path))
    events, pointer = _events(document)
    right, wrong = (0, []) if faults else _hashes(Place(str(path), pointer=pointer), document, events)
    if not _is_own(document):  # somebody else's name may follow another version of the rule
        remarks, wrong = [*remarks, *wrong], []
    return Verified("epcis", len(events), right, (*faults, *wrong), tuple(remarks))


def _is_log(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_LOG)) == _LOG
    except OSError as error:
        raise InputError([Fault("file_trouble", Place(str(path)), {"found": error.strerror or str(error)})]) from error


def _log(path: Path, key: Path | None) -> Verified:
    from cesim.trace.integrity.keys import read_public_key
    from cesim.trace.integrity.verifying import verify_log

    found = verify_log(path, None if key is None else read_public_key(key))
    events = found.checked["events"]
    return Verified("log", events, events, found.findings, found.remarks, found)


def _events(document: Any) -> tuple[list[Any], str]:
    """Events of a document, and the pointer to them; nothing where it has none."""
    from cesim.trace.integrity.event_hash import events_of

    try:
        events, _, way = events_of(document)
    except InputError:
        return [], ""
    return events, "" if way == "event" else f"/{way.replace('.', '/')}"


def _hashes(place: Place, document: Any, events: list[Any]) -> tuple[int, list[Fault]]:
    """Compute the hashes anew of events that are named by them: how many are right, and which are not."""
    from cesim.trace.integrity.event_hash import event_hash, prefixes_of

    prefixes = prefixes_of(document.get("@context"))
    right, wrong = 0, []
    for number, event in enumerate(events):
        name = event.get("eventID")
        if isinstance(name, str) and name.startswith(_HASH):
            own = {**prefixes, **prefixes_of(event.get("@context"))}
            found = event_hash(event, own)
            if found.partition("?")[0] != name.partition("?")[0]:
                there = f"{place.pointer}/{number}/eventID" if place.pointer else "/eventID"
                wrong.append(
                    Fault("event_hash_differs", replace(place, pointer=there), {"found": name, "allowed": found})
                )
            else:
                right += 1
    return right, wrong


def _is_own(document: Any) -> bool:
    """Say whether a document was written by cesim, which names events by this hash alone."""
    from cesim.trace.exports.epcis_fields import OWN_PREFIX
    from cesim.trace.integrity.event_hash import prefixes_of

    return isinstance(document, dict) and OWN_PREFIX.items() <= prefixes_of(document.get("@context")).items()
