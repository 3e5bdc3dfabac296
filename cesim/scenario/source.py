"""A scenario file on the disk -> its tree, or everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, Place
from cesim.scenario.compose import Composed, compose
from cesim.scenario.fullwidth import wide_key
from cesim.scenario.shelves import WORKBOOKS
from cesim.scenario.tree import Branch
from cesim.scenario.wide_faults import wide_fault

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from cesim.scenario.tree import Tree

LARGEST: Final = 2_000_000
"""Bytes in a file."""
_KEPT: Final = 24
"""Texts whose trees are kept: scenarios share their bases, and reading YAML is half of what opening one takes."""
_SHORT: Final = 100_000
"""Characters of a text that is kept; longer ones would fill the memory."""
_MOST_TABS: Final = 20
"""A file indented with tabs throughout is told so this often."""
_CONTROL: Final = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAB: Final = re.compile(r"^[ ]*\t", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: its mapping, as far as it could be read, and its faults."""

    branch: Branch | None
    faults: tuple[Fault, ...]
    whole: bool = True
    """Whether the file was read to its end."""
    as_base: frozenset[Place] = frozenset()
    """Years of a workbook at which it says what the scenario said from which it was written."""


def read(path: Path, model: type[BaseModel] | None = None) -> Source:
    """Read a scenario file. Every fault is returned, none is raised.

    A workbook is read by the model of what it holds, which is a scenario of cesim unless told otherwise.
    """
    file = str(path)
    if path.suffix.lower() in WORKBOOKS:
        return _workbook(path, model)
    try:
        if path.is_dir():
            return _nothing(Fault("is_folder", Place(file)))
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        return _nothing(Fault("no_such_file", Place(file)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _nothing(Fault("cannot_read", Place(file), {"found": reason}))
    if len(data) > LARGEST:
        return _nothing(Fault("file_too_large", Place(file), {"allowed": f"{LARGEST // 1_000_000} MB"}))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = _not_utf8(data, error.start, file)
        sound = data[: error.start].decode("utf-8-sig")
        if _CONTROL.search(sound) or _TAB.search(sound):  # no text at all
            return _nothing(Fault("not_text", Place(file)))
        read = _above(sound, fault.place.line or 1, file, [fault])
        return Source(read.tree if isinstance(read.tree, Branch) else None, read.faults, whole=False)
    return parse(text, file)


def _workbook(path: Path, model: type[BaseModel] | None) -> Source:
    from cesim.scenario.model import Scenario  # only here: the model is built from what reads files
    from cesim.scenario.workbook.reading import read_workbook

    read = read_workbook(path, model or Scenario)
    return Source(read.branch, read.faults, read.branch is not None, read.as_base)


def parse(text: str, file: str) -> Source:
    """Read a scenario from its text; `file` is the name its places carry."""
    return _kept(text, file) if len(text) <= _SHORT else _parsed(text, file)


@lru_cache(_KEPT)
def _kept(text: str, file: str) -> Source:
    return _parsed(text, file)


def _parsed(text: str, file: str) -> Source:
    read = node(text, file)
    if isinstance(read.tree, Branch):
        return Source(read.tree, read.faults, read.whole)
    if read.tree is None or not read.whole:
        return Source(None, read.faults, whole=False)
    return Source(None, (*read.faults, _not_a_mapping(read.tree, text, file)), whole=False)


def node(text: str, file: str) -> Composed:
    """Return whatever a YAML text holds, a mapping or a single value, and its faults."""
    faults = [Fault("tab", _at(text, match.end() - 1, file)) for match in _TAB.finditer(text)][:_MOST_TABS]
    if (match := _CONTROL.search(text)) is not None:
        found = {"found": f"U+{ord(match[0]):04X}"}
        faults.insert(0, Fault("control_character", _at(text, match.start(), file), found))
    if not faults:
        return compose(text, file)
    return _above(text, min(fault.place.line or 1 for fault in faults), file, faults)


def _above(text: str, line: int, file: str, faults: list[Fault]) -> Composed:
    """Read what stands above the line of a fault that ends the reading; that it is cut there is no fault."""
    kept = text.splitlines(keepends=True)[: line - 1]
    while kept and (not kept[-1].strip() or kept[-1].rstrip().endswith(":")):
        kept.pop()  # a key whose value begins below the cut is not empty
    above = "".join(kept)
    if not above:
        return Composed(None, tuple(faults), whole=False)
    read = compose(above, file)
    found = read.faults if read.whole else read.faults[:-1]
    return Composed(read.tree, (*faults, *found), whole=False)


def _nothing(fault: Fault) -> Source:
    return Source(None, (fault,), whole=False)


def _not_utf8(data: bytes, start: int, file: str) -> Fault:
    """Say at which line the bytes stop being UTF-8, and what they probably are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("not_utf8", Place(file, 1, 1), {"found": "UTF-16"})
    try:
        data.decode("cp932")
        guess = "Shift_JIS (CP932)"
    except UnicodeDecodeError:
        return Fault("not_text", Place(file))
    before = data[:start].decode("utf-8-sig", errors="replace")
    return Fault("not_utf8", _at(before, len(before), file), {"found": guess})


def _not_a_mapping(tree: Tree, text: str, file: str) -> Fault:
    for number, line in enumerate(text.splitlines(), start=1):
        if (wide := wide_key(line)) is not None:
            return wide_fault(wide.found, Place(file, number, wide.offset + 1))
    return Fault("not_a_mapping", tree.place)


def _at(text: str, offset: int, file: str) -> Place:
    """Return line and column of an offset in a text."""
    lines = text[:offset].splitlines(keepends=True)
    if not lines:
        return Place(file, 1, 1)
    if lines[-1].endswith(("\n", "\r")):
        return Place(file, len(lines) + 1, 1)
    return Place(file, len(lines), len(lines[-1]) + 1)
