"""The keys of a number written as a mapping, and what is said of those that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.scenario.fullwidth import first_wide, half
from cesim.scenario.refusal import ModelFault
from cesim.scenario.tree import is_year
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WORDS: Final = ("dist", "range", "unit", "source", "url", "status", "note")
NUMBER_KEYS: Final = ("value", "low", "high", *_WORDS)
"""What may stand in a number with its range and source."""


def wrong_keys(raw: Mapping[str, Any], allowed: Sequence[str]) -> list[ModelFault]:
    """Return the keys that a number does not have, and the words among its details that are no text."""
    return [*_unknown(raw, allowed), *_no_words(raw)]


def _unknown(raw: Mapping[str, Any], allowed: Sequence[str]) -> Iterator[ModelFault]:
    for key in raw:
        meant = half(str(key))
        if key in allowed:
            continue
        if first_wide(str(key)) and (meant in allowed or is_year(meant)):
            yield ModelFault("full_width", (key,), {"found": key, "proposal": meant})
        else:
            near = nearest(str(key), allowed)
            yield ModelFault("unknown_key", (key,), {"found": key, "allowed": tuple(allowed), "nearest": near})


def _no_words(raw: Mapping[str, Any]) -> Iterator[ModelFault]:
    for name in _WORDS:
        if name in raw and not isinstance(raw[name], str):
            yield ModelFault("need_text", (name,), {"found": raw[name]})
