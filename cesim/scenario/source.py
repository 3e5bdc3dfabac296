"""A scenario file on the disk -> its tree, or everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, Place
from cesim.scenario.compose import compose
from cesim.scenario.fullwidth import wide_key
from cesim.scenario.tree import Branch

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.scenario.tree import Tree

LARGEST: Final = 2_000_000
"""Bytes in a file."""
_MOST_TABS: Final = 20
"""A file indented with tabs throughout is told so this often."""
_CONTROL: Final = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAB: Final = re.compile(r"^[ ]*\t", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: its mapping, if it has one, and its faults."""

    branch: Branch | None
    faults: tuple[Fault, ...]


def read(path: Path) -> Source:
    """Read a scenario file. Every fault is returned, none is raised."""
    file = str(path)
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
        return _nothing(_not_utf8(data, error.start, file))
    return parse(text, file)


def parse(text: str, file: str) -> Source:
    """Read a scenario from its text; `file` is the name its places carry."""
    tree, found = node(text, file)
    if tree is None:
        return Source(None, found)
    if not isinstance(tree, Branch):
        return Source(None, (*found, _not_a_mapping(tree, text, file)))
    return Source(tree, found)


def node(text: str, file: str) -> tuple[Tree | None, tuple[Fault, ...]]:
    """Return whatever a YAML text holds, a mapping or a single value, and its faults."""
    faults = [Fault("tab", _at(text, match.end() - 1, file)) for match in _TAB.finditer(text)][:_MOST_TABS]
    if (match := _CONTROL.search(text)) is not None:
        faults.insert(
            0, Fault("control_character", _at(text, match.start(), file), {"found": f"U+{ord(match[0]):04X}"})
        )
    return (None, tuple(faults)) if faults else compose(text, file)


def _nothing(fault: Fault) -> Source:
    return Source(None, (fault,))


def _not_utf8(data: bytes, start: int, file: str) -> Fault:
    """Say at which line the bytes stop being UTF-8, and what they probably are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("not_utf8", Place(file, 1, 1), {"found": "UTF-16"})
    try:
        data.decode("cp932")
        guess = "Shift_JIS (CP932)"
    except UnicodeDecodeError:
        guess = "?"
    before = data[:start].decode("utf-8-sig", errors="replace")
    return Fault("not_utf8", _at(before, len(before), file), {"found": guess})


def _not_a_mapping(tree: Tree, text: str, file: str) -> Fault:
    for number, line in enumerate(text.splitlines(), start=1):
        if (wide := wide_key(line)) is not None:
            place = Place(file, number, wide.offset + 1)
            return Fault("full_width", place, {"found": wide.found, "proposal": wide.proposal})
    return Fault("not_a_mapping", tree.place)


def _at(text: str, offset: int, file: str) -> Place:
    """Return line and column of an offset in a text."""
    lines = text[:offset].splitlines(keepends=True)
    if not lines:
        return Place(file, 1, 1)
    if lines[-1].endswith(("\n", "\r")):
        return Place(file, len(lines) + 1, 1)
    return Place(file, len(lines), len(lines[-1]) + 1)
