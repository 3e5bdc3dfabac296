"""The flow diagrams of one material, one SVG per report year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cesim.report.numbers import write
from cesim.report.sankey_columns import arrange
from cesim.report.sankey_frame import frame_for
from cesim.report.sankey_graph import CLASS_ORDER, Graph, frame_of, graphs
from cesim.report.sankey_groups import ENTERING, RETURNED, SIX
from cesim.report.sankey_labels import BREAK, node_name, width_of, wrapped
from cesim.report.sankey_layout import draw
from cesim.report.sankey_shapes import BOX, GAP, LINE, Box, Drawing, label_box

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
    def heading(self) -> str:
        """Key of its heading."""
        named = {SIX: "sankey.view_six", RETURNED: "sankey.view_returned"}
        return named.get(self.material, "sankey.view_elv" if self.only_elv else "sankey.view_all")

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

    @property
    def gathered(self) -> dict[str, tuple[str, ...]]:
        """The nodes that each "other" node stands for, in any year."""
        found: dict[str, set[str]] = {}
        for year in self.years:
            for node, members in year.graph.gathered.items():
                found.setdefault(node, set()).update(members)
        return {node: tuple(sorted(members)) for node, members in sorted(found.items())}

    def merged(self, node: str) -> int:
        """How many flows an "other" node gathers, at most."""
        return max(year.merged.get(node, 0) for year in self.years)


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
        parts.append(_plate(box))
        for index, line in enumerate(box.label):
            y = box.y - 5 - LINE * (len(box.label) - 1 - index)
            last = ' class="n"' if index == len(box.label) - 1 else ""
            parts.append(f'<text{last} x="{middle:.1f}" y="{y:.1f}">{escape(line)}</text>')
    parts += [f'<text class="g" x="{t.x:.1f}" y="{t.y + 4:.1f}">{escape(t.text)}</text>' for t in drawing.tags]
    return Markup("".join(parts) + "</svg>")


def _plate(box: Box) -> Markup:
    """Pale ground of a label: a flow that passes behind stays visible, the name stays legible."""
    x0, y0, x1, y1 = label_box(box)
    half = min(max(width_of(line) for line in box.label) + 2, x1 - x0) / 2
    middle = (x0 + x1) / 2
    return Markup(
        f'<rect class="p" x="{middle - half:.1f}" y="{y0:.1f}" width="{2 * half:.1f}" height="{y1 - y0:.1f}" rx="3"/>'
    )
