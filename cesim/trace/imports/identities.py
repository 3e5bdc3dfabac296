"""What identifiers name: a lot, a kind of goods, a place or a company, whichever spelling they come in."""

from __future__ import annotations

import re
from typing import Final

from cesim.trace.integrity.identifiers import canonical_identifier

_GOODS: Final = re.compile(r"(https://id\.gs1\.org/(?:01/[0-9]{14}|8006/[0-9]{18}))(/.*)?")
_WHERE: Final = re.compile(r"https://id\.gs1\.org/41[47]/([0-9]{13})(?:/.*)?")
_KEPT: Final = 1_000_000


class Identities:
    """Spells identifiers; it remembers what it has spelt."""

    def __init__(self) -> None:
        self._spelt: dict[str, str] = {}

    def key(self, identifier: str) -> str:
        """Return the one spelling of an identifier, by which all that name the same thing agree."""
        known = self._spelt.get(identifier)
        if known is None:
            if len(self._spelt) >= _KEPT:
                self._spelt.clear()
            known = self._spelt[identifier] = canonical_identifier(identifier)
        return known


def goods_of(key: str) -> str:
    """Return the kind of goods of a lot or piece of goods; empty where the key does not tell."""
    found = _GOODS.fullmatch(key)
    if found is not None:
        return found[1]
    return key if key.startswith("urn:epc:idpat:") else ""


def is_goods(key: str) -> bool:
    """Say whether a key names a kind of goods and no lot of it: nobody can follow that."""
    return goods_of(key) == key != ""


def party_of(key: str) -> str:
    """Return a place or company without what tells its docks and halls apart: its number alone where it has one."""
    found = _WHERE.fullmatch(key)
    return key if found is None else f"gln:{found[1]}"
