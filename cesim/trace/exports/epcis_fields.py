"""Fragments of EPCIS events that many events share: actors, kinds of goods, the head and the tail of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.trace.exports.epcis_steps import DOCUMENTS, OWN, STEP_OF
from cesim.trace.exports.identifiers import BULK, Key
from cesim.trace.exports.lot_names import source_goods
from cesim.trace.exports.texts import quoted
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from cesim.trace.entries import Entries, Names

OWN_PREFIX: Final = {"cesim": "https://cesim.example/terms/"}
"""Where our words are told from others; a name, not an address."""
CONTEXT: Final = ("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", OWN_PREFIX)
"""What the words of a document mean: those of the standard, and ours."""
NOBODY: Final = -1
_PREFIXES: Final = {kind: Key("gdti", number, "").urn() for kind, number in DOCUMENTS.items()}


def site(actor: int) -> str:
    """Return the place of an actor."""
    return Key("sgln", actor, "0").urn()


def company(actor: int) -> str:
    """Return an actor as a company."""
    return Key("pgln", actor).urn()


def document(kind: str, entry: int) -> str:
    """Return the document that goes with an entry."""
    return f"{_PREFIXES[kind]}{entry}"


def parties(step: int, actor: int, partner: int) -> str:
    """Return who gives to whom, as far as it is known."""
    takes = STEPS[step] in ("receiving", "take_back")
    giver, taker = (partner, actor) if takes else (actor, partner)
    if partner == NOBODY:
        return ""
    sides = (("source", giver), ("destination", taker))
    return "".join(_party(side, one) for side, one in sides if one != NOBODY)


def _party(side: str, actor: int) -> str:
    one = f'"{side}":"{company(actor)}"'
    return f',"{side}List":[{{"type":"owning_party",{one}}},{{"type":"possessing_party",{one}}}]'


def where(step: int, actor: int) -> str:
    """Return business step, disposition and place: what all events of an actor's step share."""
    words = STEP_OF[step]
    text = f',"bizStep":"{words.business}"'
    if words.disposition:
        text += f',"disposition":"{words.disposition}"'
    return (
        text + f',"readPoint":{{"id":"{site(actor)}"}},"bizLocation":{{"id":"{site(actor)}"}}' if actor >= 0 else text
    )


def goods(names: Names, number: int) -> str:
    """Return what goods are, as fields: kind of lot and item."""
    items = max(1, len(names.items))
    kind = names.kinds[number // items] if names.kinds else ""
    item = names.items[number % items] if names.items else ""
    return f',"{OWN}kind":{quoted(kind)}' + (f',"{OWN}item":{quoted(item)}' if item else "")


def head(entries: Entries, created: str, used: set[int]) -> bytes:
    """Return a document up to its first event.

    Parameters
    ----------
    entries
        The ledger; its actors, origins and kinds of goods become master data.
    created
        Instant.
    used
        Kinds of goods of which the document speaks; the others are left out.
    """
    import orjson

    vocabularies = [
        _vocabulary("BizLocation", [_actor(entries.names, n, site(n)) for n in range(len(entries.names.actors))]),
        _vocabulary("EPCClass", [_goods(entries.names, n) for n in sorted(used)] + _origins(entries.names)),
    ]
    context = orjson.dumps(CONTEXT).decode()
    return (
        f'{{"@context":{context},"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"{created}",'
        f'"epcisHeader":{{"epcisMasterData":{{"vocabularyList":[{",".join(vocabularies)}]}}}},'
        '"epcisBody":{"eventList":['
    ).encode()


TAIL: Final = b"\n]}}\n"


def _vocabulary(kind: str, elements: list[str]) -> str:
    return f'{{"type":"urn:epcglobal:epcis:vtype:{kind}","vocabularyElementList":[{",".join(elements)}]}}'


def _element(name: str, attributes: dict[str, str]) -> str:
    told = ",".join(
        f'{{"id":"{OWN}{word}","attribute":{quoted(value)}}}' for word, value in attributes.items() if value
    )
    return f'{{"id":"{name}","attributes":[{told}]}}'


def _actor(names: Names, number: int, name: str) -> str:
    actor = names.actors[number]
    return _element(name, {"name": actor.name, "role": actor.role, "place": actor.place})


def _goods(names: Names, number: int) -> str:
    items = max(1, len(names.items))
    kind = names.kinds[number // items] if names.kinds else ""
    item = names.items[number % items] if names.items else ""
    return _element(Key("lgtin", number, "", BULK).urn(), {"kind": kind, "item": item})


def _origins(names: Names) -> list[str]:
    told = [(-1, "untold"), *enumerate(names.classes)]
    return [_element(source_goods(n).urn(), {"kind": "source", "origin": origin}) for n, origin in told]
