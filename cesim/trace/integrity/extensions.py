"""Fields of an event that the standard gives no order: extensions, master data of a lot, pairs of type and identifier.

They come after the standard fields, by their spelling (CBV 2.0, event hash, rules 19 to 21); names with their
namespace in braces. Lists of an extension are sorted like everything else here, so the hash knows no order in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.trace.integrity.misplaced import Misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.trace.integrity.spelling import Spelling

COMMENTS: Final = frozenset({"comment", "rdfs:comment"})
"""Left out wherever they stand."""
_PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    "bizTransactionList": ("bizTransaction", "https://ref.gs1.org/cbv/BTT-"),
    "sourceList": ("source", "https://ref.gs1.org/cbv/SDT-"),
    "destinationList": ("destination", "https://ref.gs1.org/cbv/SDT-"),
}
"""Lists of a type and an identifier; their identifier, and what a bare word of their type stands behind."""
_RENAMED: Final = {
    "inputEPC": "epc",
    "outputEPC": "epc",
    "inputQuantity": "quantityElement",
    "outputQuantity": "quantityElement",
    "childQuantity": "quantityElement",
}
"""What members of a list are called in the XML form of an event, which the hash goes by."""
_DEEPEST: Final = 64
"""Levels; no record of the trade needs more, a hostile one would end the process."""


def elements(name: str, value: Any, spelling: Spelling, depth: int = 0) -> list[str]:
    """Return what is written of a field, in as many parts as it has values; of a list by its name, one part.

    Raises
    ------
    Misplaced
        A value that has no spelling, or one nested too deep.
    """
    if name in _PAIRS:
        return _pairs(name, value, spelling)
    if name.endswith("List"):
        parts = sorted(_parts(name[: -len("List")], value, spelling, depth))
        return [name + "".join(parts)] if parts else []
    return list(_parts(name, value, spelling, depth))


def _parts(name: str, value: Any, spelling: Spelling, depth: int) -> Iterator[str]:
    if not isinstance(value, list):
        yield _part(name, value, spelling, depth)
        return
    for number, one in enumerate(value):
        try:
            yield _part(name, one, spelling, depth)
        except Misplaced as fault:
            raise fault.through(number) from None


def _part(name: str, value: Any, spelling: Spelling, depth: int) -> str:
    name = _RENAMED.get(name, name)
    if isinstance(value, dict | list) and depth > _DEEPEST:
        raise Misplaced("event_too_deep", allowed=_DEEPEST)
    if isinstance(value, list):
        return name + "".join(sorted(_parts("", value, spelling, depth + 1)))
    if isinstance(value, dict):
        return _object("quantityElement" if name == "quantity" and value else name, value, spelling, depth)
    text = spelling.value(value)
    return f"{name}={text}" if text else name


def _object(name: str, value: dict[Any, Any], spelling: Spelling, depth: int) -> str:
    own = spelling.value(value["#text"]) if "#text" in value else ""
    parts: list[str] = []
    for key, one in value.items():
        if key == "#text" or key in COMMENTS:
            continue
        try:
            parts += elements(spelling.name(key), one, spelling, depth + 1)
        except Misplaced as fault:
            raise fault.through(str(key)) from None
    parts.sort()
    return (f"{name}={own}" if own else name) + "".join(parts)


def _pairs(name: str, value: Any, spelling: Spelling) -> list[str]:
    """The type before the identifier, whatever order they came in."""
    if not isinstance(value, list):
        raise Misplaced("event_field_shape", found=type(value).__name__, wanted="list")
    member, vocabulary = _PAIRS[name]
    pairs = []
    for number, one in enumerate(value):
        try:
            pairs.append(_pair(member, vocabulary, one, spelling))
        except Misplaced as fault:
            raise fault.through(number) from None
    pairs.sort()
    return [name + "".join(pairs)] if pairs else []


def _pair(member: str, vocabulary: str, value: Any, spelling: Spelling) -> str:
    if not isinstance(value, dict) or member not in value:
        raise Misplaced("event_field_missing", field=member)
    kind = ""
    for key, one in value.items():
        try:
            if key == member:
                text = f"{member}={spelling.value(one)}"
            elif key == "type":
                kind = f"type={spelling.word(one, vocabulary)}"
            elif key not in COMMENTS:
                raise Misplaced("event_hash_unsupported", found=str(key))
        except Misplaced as fault:
            raise fault.through(str(key)) from None
    return kind + text
