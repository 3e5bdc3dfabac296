"""Random changes of documents: fields taken away, renamed, retyped, doubled, garbled, or filled from elsewhere."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 1e14, "", [], {}, "x", "a:b", [[]], [{}]),
    *("javascript:alert(1)", "<script>", "http://[::1", "http://[::1]:80", "http://[1::2::3]", "http://u@a:80/p?q#f"),
    *("http://a:1:2", "x:a%", "x:a%2", "x:a%2F", "é:x", "urn:é", "urn:", "a b:c", "file:///etc/passwd"),
    *("urn:epcglobal:cbv:bizstep:shipping", "https://ns.gs1.org/cbv/BizStep-shipping", "https://ns.gs1.orgx/cbv/x"),
    *("https://gs1.org/voc/Mass", "http://www.gs1.org/voc/x", "https://www.gs1.org/vocabulary"),
    *("2020-02-30T00:00:00Z", "2020-02-29T00:00:00Z", "2021-02-29T00:00:00Z", "1900-02-29T00:00:00Z"),
    *("2020-06-30T23:59:60Z", "2020-06-30T23:58:60Z", "2020-07-01T08:59:60+09:00", "2020-06-30T12:59:60.5-11:00"),
    *("2020-06-30t00:00:00.123456789z", "2020-06-30 00:00:00Z", "2020-06-30T24:00:00Z", "2020-06-30T00:00:00"),
    *("2020-06-30T00:00:00+24:00", "2020-06-30T00:00:00.Z", "0000-01-01T00:00:00Z", "2020-13-01T00:00:00Z"),
    *("+14:00", "-14:00", "+14:01", "+9:00", "+09:60", "OBSERVE", "ADD", "DELETE", "shipping", "active", "Mass"),
    *("KGM", "kgm", "K", "KGMX", "KGM\n", "2.0", "2.", "2.0.0\n", "DEADBEEF", "xyz", "owning_party", "po"),
    *("did_not_occur", "ALARM_CONDITION", "latitude", "ObjectEvent", "EPCISDocument", "EPCISQueryDocument"),
    *("AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent", "example:Type"),
]
_SIGNS = 'aZ09:/%#?@[]<> ._é\n"T'


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the place of every entry of a document, the document itself apart."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [at] if at else []
    for name, one in inner:
        found += places(one, (*at, name))
    return found


def at(document: Any, place: tuple[Any, ...]) -> Any:
    for name in place:
        document = document[name]
    return document


class Garbler:
    """Changes documents at random, with the names and values of a whole collection."""

    def __init__(self, documents: list[Any], chance: random.Random) -> None:
        self.chance = chance
        self.names: dict[str, list[Any]] = {}
        self.values: list[Any] = []
        for document in documents:
            for place in places(document):
                value = at(document, place)
                self.values.append(value)
                if isinstance(place[-1], str):
                    self.names.setdefault(place[-1], []).append(value)
        self.listed = sorted(self.names)

    def garbled(self, document: Any) -> Any:
        """Return a copy with one to three changes."""
        document = copy.deepcopy(document)
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            if found := places(document):
                self._change(document, self.chance.choice(found))
        return document

    def _change(self, document: Any, place: tuple[Any, ...]) -> None:
        chance, parent, name = self.chance, at(document, place[:-1]), place[-1]
        value = parent[name]
        match chance.randrange(10):
            case 0:
                del parent[name]
            case 1 if isinstance(parent, dict):
                other = chance.choice((self.text(name), f"{name}x", chance.choice(self.listed), f"mill:{name}"))
                parent[other] = parent.pop(name)
            case 2 if isinstance(value, str) and value:
                parent[name] = self.text(value)
            case 3 if isinstance(parent, list):
                parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(value))
            case 4:
                parent[name] = [value]
            case 5 if isinstance(value, dict | list):
                value.clear()
            case 6 if isinstance(parent, dict):
                other = chance.choice(list(parent))
                parent[name], parent[other] = parent[other], parent[name]
            case 7:
                into = value if isinstance(value, dict) else parent if isinstance(parent, dict) else {}
                other = chance.choice(self.listed)
                into[other] = copy.deepcopy(chance.choice(self.names[other]))
            case 8:
                parent[name] = copy.deepcopy(chance.choice(self.values))
            case _:
                parent[name] = copy.deepcopy(chance.choice(ODD))

    def text(self, text: str) -> str:
        """Return a text with one or two signs changed, put in or taken away."""
        signs = list(text)
        for _ in range(self.chance.randint(1, 2)):
            where = self.chance.randrange(len(signs) + 1)
            cut = self.chance.choice((0, 1, 1))
            signs[where : where + cut] = self.chance.choice(("", *_SIGNS))
        return "".join(signs)
