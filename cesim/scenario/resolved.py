"""A resolved tree as one YAML file, and as a fingerprint."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from cesim.scenario.scalars import NotANumber, resolve
from cesim.scenario.tree import Branch, Leaf, Plain, Row, Tree, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_BARE: Final = re.compile(r"(?:\.{1,2}/)*[^\W\d_][\w./-]*( [\w./(][\w./()-]*)*")
_TRAPS: Final = frozenset({"yes", "no", "on", "off"})
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def resolved_text(tree: Tree) -> str:
    """Return a tree as YAML that reads back to the same values; the same tree gives the same bytes."""
    return written(plain(tree))


def written(value: Plain) -> str:
    """Return plain data as YAML, in block style with short lists on one line."""
    if isinstance(value, dict) and value:
        return "".join(_mapping(value, 0))
    return _flow(value) + "\n"


def fingerprint(tree: Tree) -> str:
    """Return the sha256 of what a tree says; 1 and 1.0 say the same, the order of keys says nothing."""
    said = json.dumps(_canonical(tree), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()


def _canonical(tree: Tree) -> object:
    if isinstance(tree, Leaf):
        number = isinstance(tree.value, int | float) and not isinstance(tree.value, bool)
        return repr(float(tree.value or 0)) + "#" if number else [tree.value]
    if isinstance(tree, Row):
        return [_canonical(item) for item in tree.items] + ["row"]
    assert isinstance(tree, Branch)
    return {key: _canonical(entry.value) for key, entry in tree.entries.items()}


def _mapping(value: dict[str, Plain], indent: int) -> Iterator[str]:
    for key, held in value.items():
        start = " " * indent + _text(key) + ":"
        if isinstance(held, dict) and held:
            yield start + "\n"
            yield from _mapping(held, indent + 2)
        elif isinstance(held, list) and any(isinstance(item, dict | list) for item in held):
            yield start + "\n"
            for item in held:
                yield " " * (indent + 2) + "- " + _flow(item) + "\n"
        else:
            yield f"{start} {_flow(held)}\n"


def _flow(value: Plain) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_flow(held)}" for key, held in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def _text(text: str) -> str:
    """Return a text bare where that is safe, else in double quotes."""
    if _BARE.fullmatch(text) and not text.endswith(" ") and _stays(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(_escaped, quoted)


def _stays(text: str) -> bool:
    """Say whether a bare text is a text to us and to readers of the older YAML."""
    if text.lower() in _TRAPS:
        return False
    try:
        return resolve(text) == text
    except NotANumber:
        return False


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
