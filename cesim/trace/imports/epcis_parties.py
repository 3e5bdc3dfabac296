"""Who acts: places and companies of events become actors.

A place is run by the company that gives or takes there whenever something is shipped or received: documents that
transform say where, and only those that hand over say who.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.entries import Actor
from cesim.trace.imports.epcis_steps import gives, takes
from cesim.trace.imports.identities import party_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.trace.imports.epcis_documents import Event, Master
    from cesim.trace.imports.identities import Identities

_TYPES: Final = ("possessing_party", "owning_party")
NOBODY: Final = "?"
"""Key of whoever acts where an event names neither place nor company."""


class Parties:
    """Finds the actors of events.

    Parameters
    ----------
    events
        All that are read: what one says of a place holds for the others.
    master
        Names of places and companies.
    identities
        Spelling.
    """

    def __init__(self, events: Iterable[Event], master: Master, identities: Identities) -> None:
        self._identities = identities
        self._written: dict[str, str] = {}
        self._named = {self._key(name): told for name, told in master.places.items()}
        votes: dict[str, Counter[str]] = {}
        for event in events:
            for side, acts in (("source", gives), ("destination", takes)):
                party = self._party(event.told, side)
                sites = self._locations(event.told, side)
                sites += [self._site(event.told)] if acts(event.told) else []
                for site in sites if party else ():
                    votes.setdefault(site, Counter())[party] += 1
        self._run_by = {site: count.most_common(1)[0][0] for site, count in votes.items() if site}

    def actor(self, event: Event) -> str:
        """Return the key of whoever does it: who gives or takes in a handover, else who runs the place."""
        told = event.told
        sides = ("source", "destination")
        if takes(told):
            sides = ("destination", "source")
        own = self._side(told, sides[0]) if gives(told) or takes(told) else ""
        site = self._site(told)
        return own or self._run_by.get(site, site) or self._side(told, sides[0]) or self._side(told, sides[1]) or NOBODY

    def partner(self, event: Event, actor: str) -> str:
        """Return the key of the other side, empty where there is none."""
        told = event.told
        other = self._side(told, "source" if takes(told) else "destination")
        return "" if other == actor else other

    def described(self, key: str) -> Actor:
        """Return an actor with its name, as far as it is told."""
        told = self._named.get(key, {})
        name = told.get("name", "").strip() or self._written.get(key, key)
        return Actor(name, told.get("role", ""), told.get("place", ""))

    def _side(self, told: dict[str, Any], side: str) -> str:
        party = self._party(told, side)
        if party:
            return party
        places = self._locations(told, side)
        return self._run_by.get(places[0], places[0]) if places else ""

    def _party(self, told: dict[str, Any], side: str) -> str:
        """Return the company on a side: who has it in hand, else who owns it."""
        held = {one["type"]: one[side] for one in reversed(told.get(f"{side}List", ()))}
        found = next((held[kind] for kind in _TYPES if kind in held), "")
        return self._key(found) if found else ""

    def _locations(self, told: dict[str, Any], side: str) -> list[str]:
        return [self._key(one[side]) for one in told.get(f"{side}List", ()) if one["type"] == "location"]

    def _site(self, told: dict[str, Any]) -> str:
        """Return where it happened: the point of reading for what leaves, else where things are afterwards."""
        names = ("readPoint", "bizLocation") if gives(told) else ("bizLocation", "readPoint")
        found = next((told[name]["id"] for name in names if name in told), "")
        return self._key(found) if found else ""

    def _key(self, identifier: str) -> str:
        key = party_of(self._identities.key(identifier))
        self._written.setdefault(key, identifier)
        return key
