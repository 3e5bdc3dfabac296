"""What a Sankey diagram is made of: boxes, ribbons, tags and the frame that years share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.report.sankey_columns import Columns, Pair
    from cesim.report.sankey_graph import Link

BOX, GAP, MARGIN_X, MARGIN_Y = 12.0, 78.0, 42.0, 10.0
LINE = 12.0
WIDTH = 1140.0
"""What a page shows at its own size: a diagram of few columns is spread over it, one of many is wider."""


@dataclass(frozen=True)
class Box:
    """A node: its rectangle, the lines of its label above it."""

    node: str
    x: float
    y: float
    height: float
    mass: float
    label: tuple[str, ...]


@dataclass(frozen=True)
class Ribbon:
    """One class of one link: a closed outline."""

    link: Link
    kind: str
    mass: float
    path: str


@dataclass(frozen=True)
class Tag:
    """Tonnes written on a wide ribbon."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """One diagram, ready to be written."""

    width: float
    top: float
    """Where the picture begins; nothing is drawn above it."""
    bottom: float
    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]
    tags: tuple[Tag, ...]
    per_tonne: float


@dataclass(frozen=True)
class Frame:
    """What all years of one material share: columns, scale, x of each column, labels."""

    columns: Columns
    x: tuple[float, ...]
    width: float
    floor: float
    """Lowest line of any box; below it run the lanes of the back-flows."""
    height: float
    per_tonne: float
    back_wide: Mapping[Pair, float]


def label_box(box: Box) -> tuple[float, float, float, float]:
    """Rectangle (x0, y0, x1, y1) the label of a box may fill."""
    middle = box.x + BOX / 2
    half = (GAP + BOX - 2) / 2
    return middle - half, box.y - 2 - LINE * len(box.label), middle + half, box.y - 2
