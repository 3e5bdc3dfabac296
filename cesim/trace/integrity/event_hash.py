"""The event hash of CBV 2.0: `ni:///sha-256;...?ver=CBV2.0`, one name for an event however it was written down.

It does not cover `recordTime`, `eventID` and `errorDeclaration`: an event written down late, or declared wrong
afterwards, keeps its hash. When something was recorded has to be logged beside it (`log.py`).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError, Place
from cesim.trace.integrity.misplaced import Misplaced, broken_text
from cesim.trace.integrity.prehash import prehash_of
from cesim.trace.integrity.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def event_hash(event: Mapping[str, Any], prefixes: Mapping[str, str] | Spelling | None = None) -> str:
    """Return the hash of one event.

    Parameters
    ----------
    event
        As JSON has it.
    prefixes
        Prefix and address of every extension it uses, beside those of the standard; or a `Spelling`, which many
        events of the same document share. A `@context` in the event itself adds to them.

    Raises
    ------
    InputError
        What is wrong with the event, at its entry.
    """
    try:
        return _named(event, _spelling(event, prefixes))
    except Misplaced as fault:
        fault.refuse()


def event_prehash(event: Mapping[str, Any], prefixes: Mapping[str, str] | Spelling | None = None) -> str:
    """Return the text that `event_hash` takes the hash of."""
    try:
        return prehash_of(event, _spelling(event, prefixes))
    except Misplaced as fault:
        fault.refuse()


def document_hashes(document: bytes | str | Mapping[str, Any]) -> list[str]:
    """Return the hash of every event of an EPCIS document, query document or single event, in their order.

    Raises
    ------
    InputError
        ``event_not_json``, ``document_without_events``, or what is wrong with an event.
    """
    if isinstance(document, bytes | str):
        document = parsed(document)
    events, context, way = events_of(document)
    spelling = Spelling(prefixes_of(context))
    return list(_hashes(events, spelling, way))


def parsed(document: bytes | str) -> Any:
    """Return what JSON bytes hold.

    Raises
    ------
    InputError
        ``event_not_json``, at its line and column.
    """
    import orjson

    try:
        return orjson.loads(document)
    except orjson.JSONDecodeError as wrong:
        raise InputError([Fault("event_not_json", Place(), {"line": wrong.lineno, "column": wrong.colno})]) from None


def prefixes_of(context: Any) -> dict[str, str]:
    """Return the prefixes that a JSON-LD `@context` declares in the document itself; addresses are not followed."""
    found: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        for name, space in part.items() if isinstance(part, dict) else ():
            address = space.get("@id") if isinstance(space, dict) else space
            if isinstance(address, str) and not name.startswith("@"):
                found[name] = address
    return found


def _hashes(events: list[Any], spelling: Spelling, way: str) -> Iterator[str]:
    for number, event in enumerate(events):
        try:
            yield _named(event, _spelling(event, spelling))
        except Misplaced as fault:
            fault.through(number).through(way).refuse()


def events_of(document: Any) -> tuple[list[Any], Any, str]:
    """Return the events of a document, its context, and the way to them: names with dots between.

    Raises
    ------
    InputError
        ``document_without_events``
    """
    if not isinstance(document, dict):
        raise InputError([Fault("document_without_events", Place(), {"found": type(document).__name__})])
    context, body = document.get("@context"), document.get("epcisBody")
    if body is None and "eventTime" in document:
        return [document], context, "event"
    for way in (("eventList",), ("event",), ("queryResults", "resultsBody", "eventList")):
        inner: Any = body
        for step in way:
            inner = inner.get(step) if isinstance(inner, dict) else None
        if inner is not None:
            return inner if isinstance(inner, list) else [inner], context, ".".join(("epcisBody", *way))
    raise InputError([Fault("document_without_events", Place(), {"found": ", ".join(map(str, document))})])


def _spelling(event: Any, given: Mapping[str, str] | Spelling | None) -> Spelling:
    own = prefixes_of(event["@context"]) if isinstance(event, dict) and "@context" in event else {}
    if isinstance(given, Spelling):
        return Spelling({**given.prefixes, **own}) if own else given
    return Spelling({**(given or {}), **own})


def _named(event: Any, spelling: Spelling) -> str:
    try:
        return f"ni:///sha-256;{sha256(prehash_of(event, spelling).encode()).hexdigest()}?ver=CBV2.0"
    except UnicodeEncodeError:
        raise broken_text(event) from None
