"""YAML text -> tree. The parser's events are read one by one, so a hostile file costs no more than its size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from cesim.errors import Fault, Place
from cesim.scenario.fullwidth import WIDE_SPACE
from cesim.scenario.scalars import NotANumber, resolve
from cesim.scenario.syntax import syntax_fault
from cesim.scenario.tree import Branch, Entry, Leaf, Row, Tree
from cesim.scenario.wide_faults import wide_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

DEEPEST: Final = 40
"""Mappings and lists inside each other."""
MOST_NODES: Final = 200_000
"""Values in a file, with every alias written out."""
MOST_ALIASES: Final = 1_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Stop(Exception):  # noqa: N818 -- ends the reading of one file, is never seen outside
    """Nothing sensible can be read after this fault."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What a text holds, as far as it could be read, and everything that is wrong with it."""

    tree: Tree | None
    faults: tuple[Fault, ...]
    whole: bool = True
    """Whether it was read to its end; if not, the last fault says why."""


def compose(text: str, file: str) -> Composed:
    """Read a YAML text. Where it is no YAML from some line on, the tree holds what was complete before."""
    reader = _Reader(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except _Stop:
        return Composed(reader.root, tuple(reader.faults), whole=False)
    except yaml.MarkedYAMLError as error:
        return Composed(
            reader.begun(), (*reader.faults, syntax_fault(error, text, file, reader.told_lines())), whole=False
        )
    if reader.root is None:
        reader.faults.append(Fault("empty_file", Place(file, 1, 1)))
    return Composed(reader.root, tuple(reader.faults), whole=reader.root is not None)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    place: Place
    anchor: str | None
    entries: dict[str, Entry] | None = None
    items: list[Tree] = field(default_factory=list)
    key: Leaf | None = None
    skip: bool = False
    """The value of a key that was refused is read but not kept."""
    is_flow: bool = False
    """Written in brackets or braces."""
    size: int = 1
    depth: int = 0

    def close(self) -> Branch | Row:
        if self.entries is not None:
            return Branch(self.entries, self.place, self.size, 1 + self.depth)
        return Row(tuple(self.items), self.place, self.size, 1 + self.depth)


class _Reader:
    """Takes the events of one file and builds its tree."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.root: Tree | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, Tree] = {}
        self._documents = 0
        self._aliases = 0
        self._is_bare = False
        """Whether the scalar just read stands without quotes."""

    def take(self, event: Any) -> None:
        """Take one event."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._begin(event, {} if kind is yaml.MappingStartEvent else None)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            ended = self._open.pop()
            self._add(ended.close(), ended.anchor)
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                self._stop("several_documents", self._place(event))

    def begun(self) -> Tree | None:
        """Return what was read before a fault of syntax; brackets and braces left open are dropped with their key."""
        while self._open and self._open[-1].is_flow:
            self._open.pop()
        while self._open:
            self._add(self._open.pop().close(), None)
        return self.root

    def told_lines(self) -> frozenset[int]:
        """Return the lines, from one, that have a fault already."""
        return frozenset(fault.place.line or 0 for fault in self.faults)

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _fault(self, code: str, place: Place, arguments: Mapping[str, object] | None = None) -> None:
        self.faults.append(Fault(code, place, arguments or {}))

    def _stop(self, code: str, place: Place, **arguments: object) -> None:
        self._fault(code, place, arguments)
        raise _Stop

    def _scalar(self, event: Any) -> None:
        place = self._place(event)
        self._refuse_tag(event, place)
        value: Any = event.value
        if event.implicit[0] and event.tag is None:
            try:
                value = resolve(event.value)
            except NotANumber as error:
                self._fault(error.code, place, {"found": event.value[:40]})
                value = 0
        self._is_bare = event.implicit[0]
        self._add(Leaf(value, place, event.value), event.anchor)

    def _begin(self, event: Any, entries: dict[str, Entry] | None) -> None:
        place = self._place(event)
        self._refuse_tag(event, place)
        if len(self._open) >= DEEPEST:
            self._stop("too_deep", place, allowed=DEEPEST)
        self._open.append(_Open(place, event.anchor, entries, is_flow=event.flow_style))

    def _refuse_tag(self, event: Any, place: Place) -> None:
        if event.tag is not None:
            self._fault("tag", place, {"found": event.tag.replace("tag:yaml.org,2002:", "!!")})

    def _alias(self, event: Any) -> None:
        place = self._place(event)
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            self._stop("too_many_aliases", place, allowed=MOST_ALIASES)
        if any(opened.anchor == event.anchor for opened in self._open):
            self._stop("recursive_alias", place, found=f"*{event.anchor}")
        target = self._anchors.get(event.anchor)
        if target is None:
            self._fault("unknown_alias", place, {"found": f"*{event.anchor}"})
            target = Leaf(None, place, "")
        self._add(target, None, place)

    def _add(self, tree: Tree, anchor: str | None, place: Place | None = None) -> None:
        """Put a finished node where it belongs: a key, a value, an item or the whole file."""
        if anchor is not None:
            self._anchors[anchor] = tree
        if not self._open:
            self.root = tree
            return
        into = self._open[-1]
        into.size += tree.size
        if into.size > MOST_NODES:
            self._stop("too_large_expanded", place or tree.place, allowed=MOST_NODES)
        into.depth = max(into.depth, tree.depth)
        if len(self._open) + tree.depth > DEEPEST:
            self._stop("too_deep", place or tree.place, allowed=DEEPEST)
        if into.entries is None:
            into.items.append(tree)
        elif into.key is None and not into.skip:
            self._key(into, into.entries, tree, place or tree.place)
        else:
            if into.key is not None and not into.skip:
                into.entries[into.key.text] = Entry(into.key.text, into.key.place, tree)
            into.key, into.skip = None, False

    def _key(self, into: _Open, entries: dict[str, Entry], tree: Tree, place: Place) -> None:
        if not isinstance(tree, Leaf) or tree.text == "":
            self._fault("key_not_text", place)
            into.skip = True
        elif tree.text == "<<":
            self._fault("merge_key", place)
            into.skip = True
        elif tree.text in entries:
            other = entries[tree.text].place
            self._fault("duplicate_key", place, {"found": tree.text, "other": other})
            into.skip = True
        elif self._is_bare and WIDE_SPACE in (tree.text[0], tree.text[-1]):
            self.faults.append(wide_fault(tree.text, place))
            self._forget_empty_parent(entries)
            into.skip = True
        else:
            into.key = Leaf(tree.value, place, tree.text)

    def _forget_empty_parent(self, entries: dict[str, Entry]) -> None:
        """Drop the entry before a key indented with a full-width space: it looks empty and is not."""
        last = next(reversed(entries.values()), None)
        if last is not None and isinstance(last.value, Leaf) and last.value.text == "":
            del entries[last.key]
