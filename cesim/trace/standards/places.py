"""Places inside a document, and the list of what is wrong there.

While a document is walked, a place is a chain of pairs (the place above, the name or number of the entry), which costs
next to nothing; it becomes a JSON pointer only where there is a fault.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, Place
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    At = tuple[Any, str | int] | None
    Rule = Callable[[Any, At, "Objections"], None]

_LONGEST: Final = 200
"""Characters of a text kept in a fault."""
_KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
_HELPED: Final = 200
"""Faults for which the word that was meant is looked for."""
MOST: Final = 10_000
"""Faults kept of one document; further ones are counted."""


class Objections:
    """The list of what is wrong with one document; a rule that meets a fault puts it here and goes on."""

    def __init__(self, file: str | None = None) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.more = 0
        """Faults that came after the list was full."""

    def refuse(self, code: str, at: At, **arguments: object) -> None:
        """Note one fault at a place of the document."""
        if len(self.faults) >= MOST:
            self.more += 1
            return
        self.faults.append(Fault(code, self.place(at), {name: _short(value) for name, value in arguments.items()}))

    def place(self, at: At) -> Place:
        """Return a place as a fault carries it."""
        return Place(self.file, pointer=pointer(at))

    def near(self, word: str, words: Iterable[str]) -> str | None:
        """Return the word that was probably meant; looked for only while there are few faults, for it takes long."""
        return nearest(word, words) if len(self.faults) < _HELPED else None


def pointer(at: At) -> str:
    """Return a place as a JSON pointer (RFC 6901); the whole document is the empty text."""
    parts: list[str] = []
    while at is not None:
        above, name = at
        parts.append(str(name).replace("~", "~0").replace("/", "~1"))
        at = above
    return "".join(f"/{_short(part)}" for part in reversed(parts))


def kind(value: object) -> str:
    """Return what JSON calls the kind of a value."""
    return _KINDS.get(type(value), type(value).__name__)


def _short(value: object) -> object:
    """Return a value as a fault carries it: cut, and fit for JSON."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    if isinstance(value, dict | list):
        return kind(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() > 64:
        return f"2^{value.bit_length() - 1}"
    return value
