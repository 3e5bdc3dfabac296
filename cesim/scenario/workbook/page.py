"""A sheet before it is written: columns and rows, and for each cell how it looks and what may be written into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cesim.scenario.workbook.cells import Written

KEY: Final = "key"
"""The look of what names a row; locked."""
SHOWN: Final = "shown"
"""The look of what only explains; locked and not read."""
INPUT: Final = "input"
"""The look of what is meant to be changed."""
DETAIL: Final = "detail"
"""The look of what may be changed and seldom is."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Between what a number must lie."""

    least: float | None = None
    most: float | None = None
    above: float | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell."""

    value: Written | None
    look: str = INPUT
    shape: str = "text"
    """Name of its number format: `text`, `number`, `count` or `year`."""
    choices: str = ""
    """Name of the list from which it is chosen."""
    ends: Ends | None = None
    about: str = ""
    """A note shown beside the cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; a key of `~…` is not read."""

    key: str
    title: str
    about: str = ""
    width: float = 12
    level: int = 0
    """1: folded away until one asks for it."""
    hidden: bool = False
    blank: Filled = field(default_factory=lambda: Filled(None, SHOWN))
    """What a row has there that says nothing else."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row; what it does not say is as its columns have it."""

    cells: dict[str, Filled]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet."""

    key: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    spare: int = 0
    """Empty rows below in which something may be written."""
    frozen: int = 1
    """Columns that stay in sight."""


@dataclass(slots=True)
class Lists:
    """The lists from which cells are chosen, each of them once."""

    held: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Name -> (what is written, what it means)."""

    def named(self, choices: tuple[tuple[str, str], ...], name: str = "") -> str:
        """Return the name of a list, a new one where no such list is there."""
        for known, held in self.held.items():
            if held == choices:
                return known
        name = name if name and name not in self.held else f"{name or 'list'}{1 + len(self.held)}"
        self.held[name] = choices
        return name
