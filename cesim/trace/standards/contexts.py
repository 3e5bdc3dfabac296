"""The JSON-LD context of a document or an event: what its names stand for.

A context is the URI of a context somewhere, an object that gives prefixes their meaning, or a list of both. Nothing is
fetched. A field with a prefix that no context explains is let through, as the standard does. Beyond the standard, no
prefix may stand for a scheme that a browser runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.trace.standards.places import kind
from cesim.trace.standards.rules import Several
from cesim.trace.standards.uris import UNSAFE_SCHEMES, scheme_of, uri

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections


def context(value: Any, at: At, found: Objections) -> None:
    """A context, or a list of different ones."""
    if type(value) is list:
        _several(value, at, found)
    else:
        _one(value, at, found)


def _one(value: Any, at: At, found: Objections) -> None:
    if type(value) is str:
        uri(value, at, found)
    elif type(value) is dict:
        for name, meaning in value.items():
            stands_for = meaning.get("@id") if type(meaning) is dict else meaning
            if type(stands_for) is str and ":" in stands_for and scheme_of(stands_for.strip()) in UNSAFE_SCHEMES:
                found.refuse("epcis_unsafe_uri", (at, name), found=stands_for)
    else:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed=("string", "object", "array"))


_several = Several(_one, distinct=True)
