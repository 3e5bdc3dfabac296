"""What scenarios say, part by part, so that what was compiled from equal parts is compiled once.

Which parts something is compiled from is seen while it is compiled, not listed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import fields
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel

from cesim.quantities import TimePath

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from cesim.scenario.model import Scenario

Made = TypeVar("Made")
Noted = TypeVar("Noted")

MOST_CONTENTS, MOST_OBJECTS = 10_000, 4_096
"""Contents that are told apart, and parts of which the content is known, before they are forgotten: that costs time."""


class Contents:
    """Gives parts of scenarios numbers: what has the same number says the same."""

    def __init__(self) -> None:
        self._next, self._lock = count(), Lock()
        self._by_content: dict[Hashable, int] = {}
        self._by_object: dict[int, tuple[object, int]] = {}

    def number(self, part: object) -> int:
        """The number of what a part says."""
        with self._lock:
            known = self._by_object.get(id(part))
            if known is not None:  # the object is held beside its number, so nothing else can have its place
                return known[1]
            if len(self._by_object) >= MOST_OBJECTS:
                self._by_object.clear()
            own = self._of_content(_content(part))
            self._by_object[id(part)] = (part, own)
            return own

    def _of_content(self, content: Hashable) -> int:
        own = self._by_content.get(content)
        if own is None:
            if len(self._by_content) >= MOST_CONTENTS:
                self._by_content.clear()  # numbers go on, so none is given twice
                self._by_object.clear()
            own = self._by_content[content] = next(self._next)
        return own

    def unlike_any(self) -> int:
        """A number nothing else has."""
        with self._lock:
            return next(self._next)


def _content(part: object) -> Hashable:
    """A part as nested tuples, which are equal where parts are."""
    if isinstance(part, BaseModel):
        return type(part), tuple(_content(getattr(part, name)) for name in type(part).model_fields)
    if isinstance(part, TimePath):  # whatever its kind says: what measures do to it, too
        return type(part), tuple(_content(getattr(part, own.name)) for own in fields(part))
    if isinstance(part, Mapping):
        return dict, tuple((key, _content(held)) for key, held in part.items())
    if isinstance(part, list | tuple):
        return tuple, tuple(_content(held) for held in part)
    return type(part), part  # numbers and words


class Said:
    """What one scenario says under each path, as a number; worked out when asked."""

    def __init__(self, contents: Contents, scenario: Scenario) -> None:
        self._contents, self._scenario = contents, scenario
        self._known: dict[str, int] = {}

    def __getitem__(self, path: str) -> int:
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._number(path)
        return known

    def _number(self, path: str) -> int:
        part: object = self._scenario
        for name in path.split("."):
            if name not in type(part).model_fields:  # type: ignore[attr-defined]
                return self._contents.unlike_any()  # not a part of the file: nobody knows what it depends on
            part = getattr(part, name)
        return self._contents.number(part)


class Reading:
    """A scenario, or a part of it, that notes what is read: of a part that is a model itself, which entry."""

    def __init__(self, part: BaseModel, read: set[str], path: str = "") -> None:
        self._part, self._read, self._path = part, read, path

    def __getattr__(self, name: str) -> object:
        own = getattr(self._part, name)
        if isinstance(own, BaseModel) and not self._path:
            return Reading(own, self._read, f"{name}.")
        self._read.add(self._path + name)
        return own


class Shelf(Generic[Made, Noted]):
    """Things made from scenarios: what is noted of each is kept, and the last ones themselves.

    Attributes
    ----------
    make, note
        how a thing is made from a scenario, and what is worth noting of it
    held, notes
        how many things, and how many notes, are kept; what was let go is made again where it is asked for
    """

    def __init__(
        self, make: Callable[[Scenario], Made], note: Callable[[Made], Noted], held: int, notes: int = 4096
    ) -> None:
        self.make, self.note, self.held, self.notes = make, note, held, notes
        self._readings: list[tuple[str, ...]] = []
        self._notes: OrderedDict[Hashable, Noted] = OrderedDict()
        self._things: OrderedDict[Hashable, Made] = OrderedDict()

    def key(self, said: Said, scenario: Scenario) -> Hashable:
        """What a thing made from this scenario is known by; it is made where none is known."""
        for paths in self._readings:
            key = paths, tuple(said[path] for path in paths)
            if key in self._notes:
                self._notes.move_to_end(key)
                return key
        return self._made(said, scenario)[0]

    def noted(self, said: Said, scenario: Scenario) -> Noted:
        """What is noted of the thing."""
        return self._notes[self.key(said, scenario)]

    def thing(self, said: Said, scenario: Scenario) -> Made:
        """The thing itself."""
        key = self.key(said, scenario)
        if key in self._things:
            self._things.move_to_end(key)
            return self._things[key]
        return self._made(said, scenario)[1]

    def _made(self, said: Said, scenario: Scenario) -> tuple[Hashable, Made]:
        read: set[str] = set()
        made = self.make(cast("Scenario", Reading(scenario, read)))
        paths = tuple(sorted(read))
        key = paths, tuple(said[path] for path in paths)
        if paths not in self._readings:
            self._readings.append(paths)
        if key not in self._notes:
            self._notes[key] = self.note(made)
        self._things[key] = made
        _shorten(self._things, self.held)
        _shorten(self._notes, self.notes)
        return key, made


def _shorten(kept: OrderedDict[Hashable, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
