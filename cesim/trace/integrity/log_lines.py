"""The lines of a log: JSON, each ending in a hash of itself and of the line before.

{"actor": ..., "format": "cesim event log 1", "kind": "log", "prefixes": {...}, "chain": ...}
{"event": {...}, "event_hash": ..., "kind": "event", "leaf": ..., "number": 0, "record_time": ..., "chain": ...}
{"actor": ..., "event_hash": ..., "kind": "anchor", "leaf": ..., "own": 0, "chain": ...}
{"kind": "root", "root": {...}, "chain": ...}
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "cesim event log 1"
START: Final = bytes(32)
"""What the first line follows."""
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "log": frozenset({"actor", "format", "kind", "prefixes"}),
    "event": frozenset({"event", "event_hash", "kind", "leaf", "number", "record_time"}),
    "anchor": frozenset({"actor", "event_hash", "kind", "leaf", "own"}),
    "root": frozenset({"kind", "root"}),
}
"""What a line of each kind holds, beside its place in the chain."""
_CHAIN: Final = b',"chain":"'
_END: Final = b'"}'
_TAIL: Final = len(_CHAIN) + 64 + len(_END)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a log."""

    number: int
    """From zero."""
    event: bytes
    """Canonical bytes."""
    event_hash: str
    leaf: bytes
    """`sha256(0x00 | event)`."""
    record_time: str
    """When it was written down: not covered by the event hash, but by the chain and every signed root after it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event of a partner that an actor has written into its own log, beside its own event of the same handover."""

    actor: str
    event_hash: str
    leaf: str
    own: int
    """The number of its own event."""


def content(line: Mapping[str, Any]) -> bytes:
    """Return the bytes of a line without its place in the chain, keys in order."""
    import orjson

    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS)


def chained(before: bytes, line: bytes) -> bytes:
    """Return the head of the chain after a line: `sha256(0x02 | head before | content)`."""
    return sha256(b"\x02" + before + line).digest()


def written(line: bytes, chain: bytes) -> bytes:
    """Return a line as it stands in the file."""
    return line[:-1] + _CHAIN + chain.hex().encode() + _END + b"\n"


def divided(line: bytes) -> tuple[bytes, bytes] | None:
    """Return content and chain of a line of a file; nothing where it has no such form."""
    if len(line) <= _TAIL or not line.endswith(_END) or line[-_TAIL:].find(_CHAIN) != 0:
        return None
    digits = line[-len(_END) - 64 : -len(_END)]
    try:
        chain = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return None
    return (line[:-_TAIL] + b"}", chain) if digits == chain.hex().encode() else None


def event_line(entry: Entry) -> dict[str, Any]:
    """Return the line of an event."""
    import orjson

    return {
        "event": orjson.Fragment(entry.event),
        "event_hash": entry.event_hash,
        "kind": "event",
        "leaf": entry.leaf.hex(),
        "number": entry.number,
        "record_time": entry.record_time,
    }
