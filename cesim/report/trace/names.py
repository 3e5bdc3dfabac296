"""What products, roles, actors, laws and findings of a trace are called.

Ledgers of a pilot bring items, roles and names of their own: what the catalogue does not know keeps its name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from cesim.report.read import in_language
from cesim.text import has, say

if TYPE_CHECKING:
    from cesim.run.trace.tracing import Tracing
    from cesim.text import Language

IMPORTED: Final = "import"
"""`about["made"]` of a pilot's own data."""
BUILT_IN: Final = ("honest", "silent")
"""Policies that need no habits: everybody writes all, nobody writes anything."""
NOBODY: Final = ""
"""The partner of a handover that nobody is named for."""


@dataclass(frozen=True)
class Names:
    """Names in one language."""

    tracing: Tracing
    lang: Language

    def say(self, key: str, **arguments: object) -> str:
        """Return the text of `trace.<key>`; one that is missing raises."""
        return say(f"trace.{key}", self.lang, **arguments)

    def word(self, room: str, key: str) -> str:
        """Return the word of a key in a room of the catalogue, or the key itself."""
        return say(f"trace.{room}.{key}", self.lang) if has(f"trace.{room}.{key}", self.lang) else key

    def custody(self, room: str, key: str) -> str:
        """Return the word of a key among those of chains of custody, or the key itself."""
        return say(f"custody.{room}.{key}", self.lang) if has(f"custody.{room}.{key}", self.lang) else key

    def place(self, key: str) -> str:
        """Name of a region."""
        named = self.tracing.about.get("region_names") or {}
        return in_language(named[key], self.lang) if key in named else key

    def role(self, key: str) -> str:
        """Name of what an actor is."""
        return self.word("role", key) if key else self.say("nobody")

    def actor(self, name: str) -> str:
        """Name of an actor: of a simulated one what it is and where, of a real one its own."""
        if name == NOBODY:
            return self.say("nobody")
        role, place = self._simulated.get(name, ("", ""))
        if not role:
            return name
        return self.say("at_place", what=self.role(role), place=self.place(place)) if place else self.role(role)

    @property
    def what_it_is(self) -> str:
        """Of which run and hypothesis the records are, or that they are a pilot's own."""
        run, policy = self.tracing.about.get("run"), self.tracing.about.get("policy")
        if not run or self.tracing.about["made"] == IMPORTED:
            files = [str(file["name"]) for file in self.tracing.about.get("files") or ()]
            return self.say("pilot_of", files=self.say("list").join(files)) if files else self.say("pilot")
        first, last = run["asked"]["first"], run["asked"]["last"]
        focus, scenario = (in_language(run[key], self.lang) for key in ("focus", "scenario"))
        years = self.say("year" if first == last else "years", first=first, last=last)
        habits = self.word("policy", str(policy)) if policy else self.say("policy_of_run")
        return self.say("run", scenario=scenario, region=focus, years=years, policy=habits)

    @cached_property
    def _simulated(self) -> dict[str, tuple[str, str]]:
        """Role and place of simulated actors, as far as no other has both."""
        if self.tracing.about["made"] == IMPORTED:
            return {}
        actors = self.tracing.entries.names.actors
        held = Counter((actor.role, actor.place) for actor in actors)
        return {one.name: (one.role, one.place) for one in actors if held[one.role, one.place] == 1}

    @property
    def is_built_in(self) -> bool:
        """Whether the records follow a built-in policy: a limiting case, no hypothesis of habits."""
        return self.tracing.about.get("policy") in BUILT_IN

    @cached_property
    def role_of(self) -> dict[str, str]:
        """Role of each actor by its name."""
        return {actor.name: actor.role for actor in self.tracing.entries.names.actors}

    def of(self, room: str, key: str) -> str:
        """Return the word of a key of a column; `room` says what the column holds."""
        if room in ("law", "model", "standing", "allowed", "of"):
            return self.custody(room, key)
        if room == "joins":
            return self.actor(key) if key else self.say("nobody_yet")
        if room in ("place", "role", "actor"):
            told: str = getattr(self, room)(key)
            return told
        return self.word(room, key) if key else ""


def rows_of(tracing: Tracing, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of a trace; none where it was not worked out."""
    table = tracing.tables.get(name)
    if table is None:
        return []
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
