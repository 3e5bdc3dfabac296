"""The text of an event that the event hash is taken of: every field in its order, in one spelling.

It follows the published hashes, and where those are silent the reference implementation, because a hash is worth
what a partner can compute again. It departs from it where the reference has no single answer: where its answer
depends on the order of keys, on other events of the document, or is an exception. See `docs/trace-integrity.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.trace.integrity.extensions import COMMENTS, elements
from cesim.trace.integrity.fields import ORDERED
from cesim.trace.integrity.misplaced import Misplaced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.trace.integrity.spelling import Spelling

_LEFT_OUT: Final = frozenset({"recordTime", "eventID", "type", "errorDeclaration", "@context"}) | COMMENTS
"""Fields of an event that the hash does not cover; its type is written first."""


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
        write = ORDERED.get(key)
        try:
            if write is not None:
                written[key] = write(value, spelling, after)
            elif key not in _LEFT_OUT:
                after += elements(spelling.name(key), value, spelling)
        except Misplaced as fault:
            raise fault.through(str(key)) from None
    after.sort()
    return f"eventType={kind}{''.join([written[key] for key in ORDERED if key in written])}{''.join(after)}"
