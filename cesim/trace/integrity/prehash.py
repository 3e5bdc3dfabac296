"""The text of an event that the event hash is taken of: every field in its order, in one spelling.

It follows the published hashes, and where those are silent the reference implementation, because a hash is worth
what a partner can compute again. It departs from it where the reference has no single answer: where its answer
depends on the order of keys, on other events of the document, or is an exception. See `docs/trace-integrity.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.trace.integrity.fields import COMMENTS, IGNORED, ORDERED, PAIRS
from cesim.trace.integrity.misplaced import Misplaced
from cesim.trace.integrity.moments import to_the_millisecond

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.trace.integrity.fields import Field
    from cesim.trace.integrity.spelling import Spelling

_DEEPEST: Final = 64
"""Levels of an extension; no record of the trade needs more, a hostile one would end the process."""
_RENAMED: Final = {
    "inputEPC": "epc",
    "outputEPC": "epc",
    "inputQuantity": "quantityElement",
    "outputQuantity": "quantityElement",
    "childQuantity": "quantityElement",
}
"""What members of a list are called in the XML form of an event, which the hash goes by."""


def prehash_of(event: Mapping[str, Any], spelling: Spelling) -> str:
    """Return the text that is hashed.

    Raises
    ------
    Misplaced
        What the event lacks, or holds in another shape than the standard gives it.
    """
    if not isinstance(event, dict):
        raise Misplaced("event_not_object", found=type(event).__name__)
    kind = event.get("type")
    if not isinstance(kind, str):
        raise Misplaced("event_field_missing", field="type")
    if "eventTime" not in event:
        raise Misplaced("event_field_missing", field="eventTime")
    written: dict[str, str] = {}
    after: list[str] = []
    for key, value in event.items():
        try:
            if key in ORDERED:
                text, left = _field(key, ORDERED[key], value, spelling)
                written[key] = text
                after += left
            elif key not in IGNORED and key not in COMMENTS:
                after += _elements(spelling.name(key), value, spelling, 0)
        except Misplaced as fault:
            raise fault.through(str(key)) from None
    after.sort()
    return f"eventType={kind}{''.join([written[key] for key in ORDERED if key in written])}{''.join(after)}"


def _field(key: str, field: Field, value: Any, spelling: Spelling) -> tuple[str, list[str]]:
    """A standard field as it is written in its place, and what of it comes after the last of them."""
    if not field.member:
        if field.inside is None:
            return _values(key, field, value, spelling), []
        return _objects(key, field.inside, value, spelling)
    if not isinstance(value, list):
        raise Misplaced("event_field_shape", found=type(value).__name__, wanted="list")
    if field.inside is None:
        text = _values(field.member, field, value, spelling)
        return key + text if text else "", []
    text, left = _objects(field.member, field.inside, value, spelling)
    return key + text if text else "", [key + "".join(sorted(left))] if left else []


def _values(name: str, field: Field, value: Any, spelling: Spelling) -> str:
    """A value, or a list of values by their spelling; blanks are left out."""
    if not isinstance(value, list):
        text = _value(field, value, spelling)
        return f"{name}={text}" if text else ""
    texts = []
    for number, one in enumerate(value):
        try:
            texts.append(_value(field, one, spelling))
        except Misplaced as fault:
            raise fault.through(number) from None
    texts.sort()
    return "".join([f"{name}={text}" for text in texts if text])


def _value(field: Field, value: Any, spelling: Spelling) -> str:
    if field.is_time:
        return to_the_millisecond(value)
    if isinstance(value, dict | list):
        raise Misplaced("event_field_shape", found=type(value).__name__, wanted="value")
    return spelling.word(value, field.vocabulary) if field.vocabulary else spelling.value(value)


def _objects(name: str, inside: Mapping[str, Field], value: Any, spelling: Spelling) -> tuple[str, list[str]]:
    """An object, or a list of objects by what is written of them."""
    if not isinstance(value, list):
        text, left = _object(inside, value, spelling)
        return name + text if text else "", [name + left] if left else []
    texts, lefts = [], []
    for number, one in enumerate(value):
        try:
            text, left = _object(inside, one, spelling)
        except Misplaced as fault:
            raise fault.through(number) from None
        if text:
            texts.append(name + text)
        if left:
            lefts.append(name + left)
    texts.sort()
    return "".join(texts), lefts


def _object(inside: Mapping[str, Field], value: Any, spelling: Spelling) -> tuple[str, str]:
    if not isinstance(value, dict):
        raise Misplaced("event_field_shape", found=type(value).__name__, wanted="object")
    written: dict[str, str] = {}
    left: list[str] = []
    others = False
    for key, one in value.items():
        field = inside.get(key)
        if field is None:
            others = True
            continue
        try:
            written[key], more = _field(key, field, one, spelling)
        except Misplaced as fault:
            raise fault.through(key) from None
        if more:
            left += more
    text = "".join([written[key] for key in inside if key in written])
    if not others:
        return text, "".join(sorted(left)) if left else ""
    here, later = _extensions(inside, value, spelling)
    return text + here, "".join(sorted(left + later))


def _extensions(inside: Mapping[str, Field], value: dict[str, Any], spelling: Spelling) -> tuple[str, list[str]]:
    """Extensions of a standard object: those that are written at its end, and those that come after the event.

    The reference writes them in place (rule 21) where their namespace ends with a slash, where they are not alone,
    and where no name beside them holds `action` or `eventTime`.
    """
    names = {key: spelling.name(key) for key in value if key not in COMMENTS}
    alone = sum(len(value[key]) if isinstance(value[key], list) else 1 for key in names) <= 1
    in_place = not alone and not any("eventTime" in name or "action" in name for name in names.values())
    here: list[str] = []
    later: list[str] = []
    for key, name in names.items():
        if key not in inside:
            try:
                elements = _elements(name, value[key], spelling, 0)
            except Misplaced as fault:
                raise fault.through(key) from None
            (here if in_place and "{" in name and "/}" in name else later).extend(elements)
    return "".join(sorted(here)), later


def _elements(name: str, value: Any, spelling: Spelling, depth: int) -> list[str]:
    """A field that no order is given for, in as many parts as it has values; a list by its name is one part."""
    if name in PAIRS:
        return _pairs(name, PAIRS[name], value, spelling)
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
    if depth > _DEEPEST:
        raise Misplaced("event_too_deep", allowed=_DEEPEST)
    name = _RENAMED.get(name, name)
    if isinstance(value, list):
        return name + "".join(sorted(_parts("", value, spelling, depth + 1)))
    if not isinstance(value, dict):
        text = spelling.value(value)
        return f"{name}={text}" if text else name
    if name == "quantity" and value:
        name = "quantityElement"
    own = spelling.value(value["#text"]) if "#text" in value else ""
    parts: list[str] = []
    for key, one in value.items():
        if key == "#text" or key in COMMENTS:
            continue
        try:
            parts += _elements(spelling.name(key), one, spelling, depth + 1)
        except Misplaced as fault:
            raise fault.through(str(key)) from None
    parts.sort()
    return (f"{name}={own}" if own else name) + "".join(parts)


def _pairs(name: str, field: Field, value: Any, spelling: Spelling) -> list[str]:
    """Business transactions, sources or destinations: the type before the identifier, whatever order they came in."""
    if not isinstance(value, list):
        raise Misplaced("event_field_shape", found=type(value).__name__, wanted="list")
    pairs = []
    for number, one in enumerate(value):
        try:
            pairs.append(_pair(field, one, spelling))
        except Misplaced as fault:
            raise fault.through(number) from None
    pairs.sort()
    return [name + "".join(pairs)] if pairs else []


def _pair(field: Field, value: Any, spelling: Spelling) -> str:
    if not isinstance(value, dict) or field.member not in value:
        raise Misplaced("event_field_missing", field=field.member)
    extra = [key for key in value if key not in ("type", field.member) and key not in COMMENTS]
    if extra:
        raise Misplaced("event_hash_unsupported", found=str(extra[0]))
    text = f"{field.member}={spelling.value(value[field.member])}"
    return f"type={spelling.word(value['type'], field.vocabulary)}{text}" if "type" in value else text
