"""Events out of EPCIS documents, each with its place, and what the documents say of goods and places beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Place
from cesim.trace.exports.epcis_fields import OWN_PREFIX
from cesim.trace.standards.places import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.trace.standards.places import At

_OWN_SPACE: Final = OWN_PREFIX["cesim"]


@dataclass(frozen=True)
class Document:
    """A document that was found sound.

    Attributes
    ----------
    file
        Its name.
    value
        What `cesim.trace.standards.read_document_file` returned, checked.
    """

    file: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a document.

    Attributes
    ----------
    told
        As it stands.
    file, at
        Where it stands.
    own
        Prefixes that stand for our words there.
    number
        Among all events that are read.
    """

    told: dict[str, Any]
    file: str
    at: At
    own: tuple[str, ...]
    number: int

    def place(self, *names: str | int) -> Place:
        """Return the place of the event, or of something in it."""
        at = self.at
        for name in names:
            at = (at, name)
        return Place(self.file, pointer=pointer(at))

    def word(self, name: str, within: dict[str, Any] | None = None) -> tuple[str, Any]:
        """Return the name under which one of our words stands, and its value; none where it is not there."""
        held = self.told if within is None else within
        for prefix in self.own:
            key = f"{prefix}:{name}"
            if key in held:
                return key, held[key]
        return name, None


@dataclass
class Master:
    """What documents say of things beside their events.

    Attributes
    ----------
    goods, places
        Attribute names without their vocabulary -> value, by identifier as it is written.
    """

    goods: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[str, dict[str, str]] = field(default_factory=dict)


def events_of(documents: list[Document]) -> list[Event]:
    """Return all events of all documents, in the order in which they stand."""
    found: list[Event] = []
    for document in documents:
        outer = _own_prefixes(document.value.get("@context"))
        for at, told in _events(document.value):
            inner = _own_prefixes(told["@context"]) if "@context" in told else ()
            own = tuple(dict.fromkeys((*outer, *inner)))
            found.append(Event(told, document.file, at, own, len(found)))
    return found


def _events(value: dict[str, Any]) -> Iterator[tuple[At, dict[str, Any]]]:
    if value.get("type") not in ("EPCISDocument", "EPCISQueryDocument"):
        yield None, value
        return
    at: At = (None, "epcisBody")
    held = value["epcisBody"]
    for name in ("queryResults", "resultsBody") if "queryResults" in held else ():
        at, held = (at, name), held[name]
    at = (at, "eventList")
    for number, told in enumerate(held["eventList"]):
        yield (at, number), told


def _own_prefixes(context: Any) -> tuple[str, ...]:
    found = []
    for one in context if isinstance(context, list) else [context]:
        for name, meaning in one.items() if isinstance(one, dict) else ():
            stands_for = meaning.get("@id") if isinstance(meaning, dict) else meaning
            if stands_for == _OWN_SPACE:
                found.append(name)
    return tuple(found)


def master_of(documents: list[Document]) -> Master:
    """Return what the headers of all documents, and the answers to queries, say of goods, places and companies."""
    master = Master()
    for document in documents:
        for one in _vocabularies(document.value):
            goods = one["type"].endswith(":EPCClass")
            for element in one.get("vocabularyElementList", ()):
                held = (master.goods if goods else master.places).setdefault(element["id"], {})
                for attribute in element.get("attributes", ()):
                    value = attribute.get("attribute")
                    if isinstance(value, str):
                        held.setdefault(_bare(attribute["id"]), value)
    return master


def _vocabularies(value: dict[str, Any]) -> list[dict[str, Any]]:
    header = value.get("epcisHeader", {}).get("epcisMasterData", {}).get("vocabularyList", [])
    body = value.get("epcisBody", {})
    answer = body.get("queryResults", {}).get("resultsBody", {}).get("vocabularyList", [])
    return [*header, *answer]


def _bare(name: str) -> str:
    """Return the name of an attribute without the vocabulary it is taken from."""
    return name.rpartition("#")[2].rpartition(":")[2].rpartition("/")[2]
