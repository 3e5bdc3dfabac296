"""Full-width characters that a Japanese input method leaves where YAML wants half-width ones."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_QUOTES: Final = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "、": ",",
        "−": "-",
        "ー": "-",
        "‐": "-",
        "―": "-",
        "【": "[",
        "】": "]",
        "「": '"',
        "」": '"',
    }
)
WIDE_SPACE: Final = "\u3000"
_WIDE: Final = re.compile(r"[\u3000\uff01-\uff5e“”„‘’、−‐―【】]")
_KEY: Final = re.compile(r"\s*(?:- +)?[\w.\-]+\s*(：)")
_SIGNS: Final = (
    _KEY,
    re.compile(r" *(\u3000)"),
    re.compile(r"\s*(?:- +)?[\w.\-]+:(\u3000)"),
    re.compile(r".*?(?:: |- |\[|\{|, )\s*([｛［“])"),
)
_IN_FLOW: Final = re.compile(r".*?([，、］｝])")


@dataclass(frozen=True, slots=True)
class Wide:
    """A full-width character: what it is, how far from the start of the text, what to write instead."""

    found: str
    offset: int
    proposal: str


def half(text: str) -> str:
    """Return the text in half-width characters."""
    return unicodedata.normalize("NFKC", text.translate(_QUOTES)).strip()


def first_wide(text: str) -> Wide | None:
    """Return the first full-width character of a text, or nothing."""
    match = _WIDE.search(text)
    if match is None:
        return None
    return Wide(match[0], match.start(), unicodedata.normalize("NFKC", match[0].translate(_QUOTES)))


def wide_signs(text: str) -> list[str]:
    """Return every full-width character of a text, in order."""
    return _WIDE.findall(text)


def wide_key(line: str) -> Wide | None:
    """Return the full-width colon of a line that reads `key：`, or nothing."""
    match = _KEY.match(line)
    return _wide(match) if match else None


def wide_sign(line: str, *, in_flow: bool) -> Wide | None:
    """Return a full-width character of a line that stands where YAML has a sign of its own, or nothing.

    Japanese texts are full of such characters; only those at the start of a line or of a value count, and
    inside brackets (`in_flow`) those that should separate or close.
    """
    for pattern in (*_SIGNS, _IN_FLOW) if in_flow else _SIGNS:
        if (match := pattern.match(line)) is not None:
            return _wide(match)
    return None


def _wide(match: re.Match[str]) -> Wide:
    sign = match[1]
    return Wide(sign, match.start(1), unicodedata.normalize("NFKC", sign.translate(_QUOTES)))
