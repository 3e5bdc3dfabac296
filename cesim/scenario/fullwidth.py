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
_WIDE: Final = re.compile(r"[\u3000\uff01-\uff5e“”„‘’、−‐―【】]")
_KEY: Final = re.compile(r"\s*(?:- +)?[\w.\-]+\s*(：)")


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
    found = match[0]
    return Wide(found, match.start(), unicodedata.normalize("NFKC", found.translate(_QUOTES)))


def wide_key(line: str) -> Wide | None:
    """Return the full-width colon of a line that reads `key：`, or nothing."""
    match = _KEY.match(line)
    return Wide("：", match.start(1), ":") if match else None
