"""The slow reading of a document that is not plainly sound: it finds every reason and its place."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.trace.standards.places import MOST, Objections

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.trace.standards.places import At

_TOKENS: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[{]|[\]}]', re.DOTALL)
_HALF: Final = re.compile("[\ud800-\udfff]")
_SHOWN: Final = 20
"""Characters shown of the place where a text stops being JSON."""
_LEAST_WHOLE, _MOST_WHOLE = -(2**63), 2**64 - 1


class _Twice(dict[str, Any]):
    """An object in which a name stood more than once."""

    __slots__ = ("names",)
    names: tuple[str, ...]


class _Objects:
    """Makes objects of pairs; marks those in which a name stands twice, as many as will be told."""

    def __init__(self) -> None:
        self.left = MOST + 1

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return one object."""
        plain = dict(pairs)
        if len(plain) == len(pairs) or not self.left:
            return plain
        self.left -= 1
        twice = _Twice(plain)
        counts = Counter(name for name, _ in pairs)
        twice.names = tuple(name for name, count in counts.items() if count > 1)
        return twice


class _NoNumber:
    """What stood where a number was meant."""

    __slots__ = ("code", "found")

    def __init__(self, code: str, found: str) -> None:
        self.code, self.found = code, found


def read_with_care(body: bytes, file: str | None, deepest: int, remarks: list[Fault] | None = None) -> Any:
    """Return what the bytes hold, or say everything that is wrong with them.

    Raises
    ------
    InputError
        As `cesim.trace.standards.reading.read_document`.
    """
    text = _decoded(body, file)
    if not text.strip(" \t\r\n"):
        raise InputError([Fault("json_empty", Place(file))])
    _check_depth(text, file, deepest)
    tree = _parsed(text, file, _Objects())
    found, twice = Objections(file), Objections(file)
    _sweep(tree, found, twice)
    if remarks is None:
        found.faults += twice.faults
    if found.faults:
        raise InputError(found.faults)
    if remarks is None or not twice.faults:
        return tree
    remarks.extend(sorted(twice.faults, key=lambda fault: fault.place.order()))
    return _parsed(text, file, dict)


def _decoded(body: bytes, file: str | None) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in body[:4]:
        raise InputError([Fault("json_not_utf8", Place(file, 1, 1), {"found": "UTF-16"})])
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8")
        told = {"found": f"0x{body[error.start]:02X}"}
        raise InputError([Fault("json_not_utf8", _point(before, len(before), file), told)]) from None


def _check_depth(text: str, file: str | None, deepest: int) -> None:
    depth = 0
    for token in _TOKENS.finditer(text):
        sign = token[0]
        if sign in "[{":
            depth += 1
            if depth > deepest:
                raise InputError([Fault("json_too_deep", _point(text, token.start(), file), {"allowed": deepest})])
        elif sign in "]}":
            depth -= 1


def _parsed(text: str, file: str | None, made: Callable[[list[tuple[str, Any]]], Any]) -> Any:
    try:
        return json.loads(text, object_pairs_hook=made, parse_constant=_constant, parse_float=_float, parse_int=_whole)
    except json.JSONDecodeError as error:
        rest = text[error.pos : error.pos + _SHOWN]
        place = _point(text, error.pos, file)
        unfinished = not text[error.pos :].strip(" \t\r\n") or error.msg.startswith("Unterminated string")
        if unfinished:
            raise InputError([Fault("json_ends_early", place)]) from None
        raise InputError([Fault("json_broken", place, {"found": rest})]) from None


def _constant(found: str) -> _NoNumber:
    return _NoNumber("json_not_a_number", found)


def _float(found: str) -> float | _NoNumber:
    value = float(found)
    return _NoNumber("json_number_too_large", found) if abs(value) == float("inf") else value


def _whole(found: str) -> int | float | _NoNumber:
    value = int(found) if len(found) <= 20 else _MOST_WHOLE + 1
    return value if _LEAST_WHOLE <= value <= _MOST_WHOLE else _float(found)


def _sweep(tree: Any, found: Objections, twice: Objections) -> None:
    """Note every mark that was left in the tree while reading; names that stand twice apart."""
    waiting: list[tuple[Any, At]] = [(tree, None)]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, dict):
            for name in value.names if isinstance(value, _Twice) else ():
                if not _HALF.search(name):  # such a name is told below
                    twice.refuse("json_name_twice", (at, name), found=name)
            for name, inner in value.items():
                if _HALF.search(name):
                    found.refuse("json_half_a_sign", at, found=_visible(name))
                else:
                    waiting.append((inner, (at, name)))
        elif isinstance(value, list):
            waiting.extend((inner, (at, number)) for number, inner in enumerate(value))
        elif isinstance(value, str):
            if _HALF.search(value):
                found.refuse("json_half_a_sign", at, found=_visible(value))
        elif isinstance(value, _NoNumber):
            found.refuse(value.code, at, found=value.found)


def _visible(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _point(text: str, offset: int, file: str | None) -> Place:
    """Return the line and column of a character of the text."""
    start = text.rfind("\n", 0, offset) + 1
    return Place(file, text.count("\n", 0, offset) + 1, offset - start + 1)
