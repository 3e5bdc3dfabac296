"""The flow diagrams of one material, one SVG per report year."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cesim.report.numbers import write
from cesim.report.sankey_columns import arrange
from cesim.report.sankey_graph import CLASS_ORDER, Graph, frame_of, graphs
from cesim.report.sankey_groups import ENTERING, LEAVING, SIX
from cesim.report.sankey_layout import draw, frame_for
from cesim.report.sankey_shapes import BOX, GAP, LINE, Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.report.read import RunTables
    from cesim.report.words import Words

COLOURS = {
    "primary": "#8c96a3",
    "new_scrap": "#e0a93b",
    "elv": "#0a7f5c",
    "post_other": "#56a8dc",
    "chemical_bio": "#b5609a",
}
"""After Okabe and Ito (2008): apart for every common colour blindness and in grey."""
FED_LATE = ("pelletising", "compounding", "asr_sorting", "made_6xxx", "made_wrought", "made_cast")
"""Stages whose outlet has a node of its own, named after them."""
BREAK = "\u200b"
"""Stands in a name where a line may end; a name that has one is broken nowhere else."""
LETTER = 6.1
"""Width of a Latin letter at 11 px; a full-width letter is counted as 11 px."""


@dataclass(frozen=True)
class YearFlow:
    """One year of one material: the picture, and the same flows as a table."""

    year: int
    graph: Graph
    drawing: Drawing
    svg: Markup
    entering: float
    """Tonnes in cars that enter use."""
    returned: float
    """Of these, tonnes from scrapped cars."""

    @property
    def merged(self) -> Mapping[str, int]:
        """How many flows each "other" node gathers."""
        return self.graph.merged


@dataclass(frozen=True)
class MaterialFlow:
    """All report years of one material."""

    material: str
    only_elv: bool
    """Whether only metal or plastics of scrapped cars is followed."""
    years: tuple[YearFlow, ...]
    classes: tuple[tuple[str, str, str], ...]
    """(class, name, colour) of the classes that occur."""
    threshold_t: float

    @property
    def ends_at_melt(self) -> bool:
        """Whether the flows are followed up to the melt only."""
        return self.material == SIX

    @property
    def key(self) -> str:
        """Name in the page."""
        return f"{self.material}-elv" if self.only_elv else self.material

    @property
    def table(self) -> list[tuple[str, str, str, dict[int, float]]]:
        """All flows: source, target, class, tonnes by year."""
        found: dict[tuple[str, str, str], dict[int, float]] = {}
        for year in self.years:
            for source, target, kind, mass in frame_of(year.graph).itertuples(index=False):
                found.setdefault((source, target, kind), {})[year.year] = mass
        return [(*key, by_year) for key, by_year in found.items()]

    def merged(self, node: str) -> int:
        """How many flows an "other" node gathers, at most."""
        return max(year.merged.get(node, 0) for year in self.years)


def node_name(node: str, words: Words, merged: int = 0) -> str:
    """Name of a node in words."""
    if node in (LEAVING, ENTERING):
        return words("process.leaving" if node == LEAVING else "process.entering")
    if node in ("other_in", "other_out"):
        return words(f"process.{node}", n=merged)
    kind, _, stage = node.partition("@")
    name = words(f"process.{kind}")
    if not stage or stage not in FED_LATE:
        return name
    return words("sankey.fed_from", name=name, stage=words(f"process.{stage}").replace(BREAK, ""))


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """Break `text` into lines no wider than `width` pixels: between words, within words where there are none."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        size = sum(11.0 if unicodedata.east_asian_width(c) in "WF" else LETTER for c in piece)
        if line and used + size > width:
            lines.append(line.strip())
            line, used = "", 0.0
        line, used = line + piece, used + size
    return (*lines, line.strip()) if line.strip() else tuple(lines)


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


def material_flow(tables: RunTables, material: str, words: Words, *, only_elv: bool = False) -> MaterialFlow | None:
    """Draw all report years of `material`; None where the run has no flows of it."""
    drawn = graphs(tables, material, only_elv=only_elv)
    by_year = {year: graph for year, graph in drawn.items() if graph.links}
    if not by_year:
        return None

    def label(graph: Graph, node: str) -> tuple[str, ...]:
        name = wrapped(node_name(node, words, graph.merged.get(node, 0)), GAP + BOX - 8)
        return (*name, write(graph.throughput()[node], "t", words))

    def tag(mass: float) -> str:
        return write(mass, "t", words)

    frame = frame_for(arrange(by_year.values()), list(by_year.values()), label)
    years = []
    for year, graph in by_year.items():
        drawing = draw(frame, graph, label, tag)
        title = words("sankey.alt", material=words(f"material.{material}"), year=year)
        svg = _svg(drawing, graph, title, words)
        entering = [(kind, mass) for link in graph.links if link.target == ENTERING for kind, mass in link.masses]
        back = sum(mass for kind, mass in entering if kind == "elv")
        years.append(YearFlow(year, graph, drawing, svg, sum(mass for _, mass in entering), back))
    seen = {kind for graph in by_year.values() for link in graph.links for kind, _ in link.masses}
    classes = tuple((kind, words(f"origin.{kind}"), COLOURS[kind]) for kind in CLASS_ORDER if kind in seen)
    return MaterialFlow(material, only_elv, tuple(years), classes, next(iter(by_year.values())).threshold_t)


def _svg(drawing: Drawing, graph: Graph, title: str, words: Words) -> Markup:
    view = f"0 {drawing.top:.0f} {drawing.width:.0f} {drawing.bottom - drawing.top:.0f}"
    parts = [
        f'<svg class="sankey" viewBox="{view}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
    ]
    for link, ribbons in groupby(drawing.ribbons, key=lambda ribbon: ribbon.link):
        paths, masses = [], []
        for ribbon in ribbons:
            paths.append(f'<path class="o-{ribbon.kind}" d="{ribbon.path}"/>')
            masses.append(f"{words(f'origin.{ribbon.kind}')} {write(ribbon.mass, 't', words)}")
        ends = [node_name(n, words, graph.merged.get(n, 0)).replace(BREAK, "") for n in (link.source, link.target)]
        hover = f"{ends[0]} → {ends[1]}: {'; '.join(masses)}"
        parts.append(f"<g><title>{escape(hover)}</title>{''.join(paths)}</g>")
    for box in drawing.boxes:
        middle = box.x + BOX / 2
        parts.append(f'<rect x="{box.x:.1f}" y="{box.y:.2f}" width="{BOX:g}" height="{box.height:.2f}"/>')
        for index, line in enumerate(box.label):
            y = box.y - 5 - LINE * (len(box.label) - 1 - index)
            last = ' class="n"' if index == len(box.label) - 1 else ""
            parts.append(f'<text{last} x="{middle:.1f}" y="{y:.1f}">{escape(line)}</text>')
    parts += [f'<text class="g" x="{t.x:.1f}" y="{t.y + 4:.1f}">{escape(t.text)}</text>' for t in drawing.tags]
    return Markup("".join(parts) + "</svg>")
