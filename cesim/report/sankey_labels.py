"""Names of nodes in words, broken into lines that fit above a box."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from cesim.report.sankey_groups import ENTERING, LEAVING

if TYPE_CHECKING:
    from cesim.report.words import Words

BREAK = "\u200b"
"""Stands in a name where a line may end; a name that has one is broken nowhere else."""
LETTER = 6.1
"""Width of a Latin letter at 11 px; a full-width letter is counted as 11 px."""


def node_name(node: str, words: Words, merged: int = 0) -> str:
    """Name of a node in words."""
    if node in (LEAVING, ENTERING):
        return words("process.leaving" if node == LEAVING else "process.entering")
    if node in ("other_in", "other_out"):
        return words(f"process.{node}", n=merged)
    return words(f"process.{node.split('@')[0]}")


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """Break `text` into lines no wider than `width` pixels: between words, within words where there are none."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        size = width_of(piece)
        if line and used + size > width:
            lines.append(line.strip())
            line, used = "", 0.0
        line, used = line + piece, used + size
    return (*lines, line.strip()) if line.strip() else tuple(lines)


def width_of(text: str) -> float:
    """Width in pixels that `text` takes at most, at the size of a label."""
    return sum(11.0 if unicodedata.east_asian_width(c) in "WF" else LETTER for c in text)


def _pieces(text: str) -> list[str]:
    if BREAK in text:
        return text.split(BREAK)
    pieces: list[str] = []
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF"
        if wide or not pieces or pieces[-1].endswith(" ") or unicodedata.east_asian_width(pieces[-1][-1]) in "WF":
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces
