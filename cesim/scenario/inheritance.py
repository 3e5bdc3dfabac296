"""A scenario with everything it extends, as one tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.scenario import shelves
from cesim.scenario.merge import join, lay_over, lone_years, out_of_order, settles
from cesim.scenario.source import Source, read
from cesim.scenario.tree import Branch, Entry, Leaf, Row, Tree, branch
from cesim.text import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from cesim.errors import Place

LONGEST_CHAIN: Final = 30
"""Files that extend each other in one line."""


@dataclass(slots=True)
class Family:
    """A scenario and its ancestors: the tree they make together, the files read, and every fault in them."""

    branch: Branch | None
    files: tuple[Path, ...]
    faults: tuple[Fault, ...]
    whole: bool
    """Whether every file was found and read to its end."""
    as_base: frozenset[Place] = frozenset()
    """Years of workbooks at which nothing was changed."""


def gather(path: Path, model: type[BaseModel] | None = None) -> Family:
    """Read a scenario and everything it extends. Every fault of every file is returned, none is raised."""
    gathering = _Gathering(model)
    branch_ = gathering.resolve(path, ())
    return Family(branch_, tuple(gathering.files.values()), tuple(gathering.faults), gathering.whole,
                  frozenset(gathering.as_base))  # fmt: skip


def parents(path: Path, model: type[BaseModel] | None = None) -> Branch | None:
    """Return what a scenario makes of what it extends alone; nothing where it extends nothing."""
    source = read(path, model)
    extends = source.branch.entries.get("extends") if source.branch is not None else None
    if source.branch is None or extends is None:
        return None
    bare = Source(branch({"extends": extends}, source.branch.place), ())
    gathering = _Gathering(model)
    return gathering.with_parents(bare, path, (path,))


@dataclass(slots=True)
class _Gathering:
    model: type[BaseModel] | None
    files: dict[Path, Path] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    whole: bool = True
    as_base: set[Place] = field(default_factory=set)
    _resolved: dict[Path, Branch | None] = field(default_factory=dict)
    _ancestors: dict[str, set[str]] = field(default_factory=dict)
    """By file as shown: the files it extends, however far up."""

    def resolve(self, path: Path, chain: tuple[Path, ...]) -> Branch | None:
        real = path.resolve()
        if real in self._resolved:
            return self._resolved[real]
        self.files[real] = path
        source = read(path, self.model)
        self.faults.extend(source.faults)
        self.whole &= source.whole
        self.as_base |= source.as_base
        self._resolved[real] = None
        whole = self.with_parents(source, path, (*chain, path)) if source.branch is not None else None
        self._resolved[real] = whole
        return whole

    def with_parents(self, source: Source, path: Path, chain: tuple[Path, ...]) -> Branch:
        """Return a file laid over what it extends."""
        assert source.branch is not None
        entries = dict(source.branch.entries)
        extends = entries.pop("extends", None)
        own = branch(entries, source.branch.place)
        self.faults.extend({fault.place: fault for fault in out_of_order(own)}.values())
        known = self._ancestors.setdefault(str(path), set())
        parents: list[Branch] = []
        for file in self._parents(extends, path, chain) if extends is not None else ():
            parent = self.resolve(file, chain)
            shown = str(self.files[file.resolve()])
            known |= {shown} | self._ancestors.get(shown, set())
            if parent is not None:
                parents.append(parent)
        return self._merged(own, parents)

    def _merged(self, own: Branch, parents: list[Branch]) -> Branch:
        if not parents:
            return own
        base = parents[0]
        for parent in parents[1:]:
            base, conflicts = join(base, parent, self._knows)
            self.faults.extend(c.fault() for c in conflicts if not settles(own.entries, c.path))
        self.faults.extend(lone_years(base, own))
        merged = lay_over(base, own)
        assert isinstance(merged, Branch)
        return merged

    def _knows(self, a: Tree, b: Tree) -> bool:
        return b.place.file in self._ancestors.get(a.place.file or "", ())

    def _parents(self, extends: Entry, path: Path, chain: tuple[Path, ...]) -> list[Path]:
        """Return the files of the `extends` entry; names that lead nowhere are faults."""
        given = extends.value.items if isinstance(extends.value, Row) else (extends.value,)
        found: list[Path] = []
        for item in given:
            if not isinstance(item, Leaf) or not isinstance(item.value, str) or not item.value.strip():
                self.faults.append(Fault("extends_not_name", item.place))
                continue
            file = self._one(item, item.value, path, chain)
            if file is not None and file not in found:
                found.append(file)
        return found

    def _one(self, item: Leaf, name: str, path: Path, chain: tuple[Path, ...]) -> Path | None:
        file = shelves.find(name, path.parent)
        if file is None:
            is_path = shelves.is_path(name)
            known = shelves.paths(path.parent, name) if is_path else shelves.names(path.parent)
            arguments = {"found": name, "nearest": nearest(name, known), "allowed": known}
            self.faults.append(Fault("no_such_base", item.place, arguments))
            self.whole = False
            return None
        if any(file.resolve() == above.resolve() for above in chain):
            arguments = {"found": name, "chain": " → ".join(str(link) for link in (*chain, file))}
            self.faults.append(Fault("extends_itself", item.place, arguments))
            return None
        if len(chain) >= LONGEST_CHAIN:
            self.faults.append(Fault("extends_too_deep", item.place, {"found": name, "allowed": LONGEST_CHAIN}))
            return None
        return file
