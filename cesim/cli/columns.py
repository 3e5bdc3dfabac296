"""Plain tables on the terminal, where a Japanese character is two columns wide."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def width(text: str) -> int:
    """Return how many columns of a terminal a text fills."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]]) -> str:
    """Return rows as lines under a heading; numbers stand to the right."""
    cells = [[str(row[name]) for name, _ in columns] for row in rows]
    right = [bool(rows) and isinstance(rows[0][name], int | float) for name, _ in columns]
    widths = [
        max(width(text) for text in (title, *(line[at] for line in cells))) for at, (_, title) in enumerate(columns)
    ]
    lines = [[title for _, title in columns], *cells]
    return "\n".join(_line(line, widths, right) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for text, wide, to_right in zip(cells, widths, right, strict=True):
        space = " " * (wide - width(text))
        padded.append(space + text if to_right else text + space)
    return "  ".join(padded).rstrip()
