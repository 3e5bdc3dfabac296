"""Who hands what to whom, by role, and how much of it both sides, one side or nobody recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, rows_of
from cesim.report.trace.network_svg import drawn
from cesim.report.trace.view import whole_axis
from cesim.trace.steps import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.report.trace.view import TraceView

MOST_ROWS: Final = 14
"""Largest handovers in the picture; all are in the table."""
BOTH, ONE, NOBODY = "k-main", "k-soft", "k-hatch"


@dataclass(frozen=True)
class Link:
    """What one role hands to another, t."""

    giver: str
    taker: str
    mass: float
    both: float
    """Recorded by both sides."""
    one: float
    """Recorded by one side alone."""

    @property
    def nobody(self) -> float:
        """Recorded by nobody."""
        return max(0.0, self.mass - self.both - self.one)


def network_section(view: TraceView) -> Section | None:
    """Return the part on the network; none where nothing was handed over."""
    links = links_of(view)
    if not links:
        return None
    keys = (Key(BOTH, view.say("key.both")), Key(ONE, view.say("key.one")), Key("no", view.say("key.nobody")))
    figures = []
    if all(role in ROLES for link in links for role in (link.giver, link.taker) if role):
        picture = drawn(view, links)
        if picture is not None:
            figures.append(Figure(view.say("network_figure"), picture, keys, view.say("network_back"), is_wide=True))
    largest = sorted(links, key=lambda link: -link.mass)[:MOST_ROWS]
    rows = rows_of([_row(view, link) for link in largest], whole_axis())
    figures.append(Figure(view.say("handovers_figure"), rows, keys, is_wide=True))
    heads, cells = view.cells("handovers")
    table = Table(view.say("handovers_table"), heads, cells, is_folded=True)
    return Section("network", view.say("network_head"), _lead(view, links), tuple(figures), (table,))


def links_of(view: TraceView) -> list[Link]:
    """Return what roles hand to each other; an actor without a role stands for itself."""
    roles = view.names.role_of
    summed: dict[tuple[str, str], list[float]] = {}
    for row in view.rows("handovers"):
        if "both_t" not in row:  # a trace of an earlier version
            return []
        pair = tuple(roles.get(str(row[side])) or str(row[side]) for side in ("giver", "taker"))
        held = summed.setdefault((pair[0], pair[1]), [0.0, 0.0, 0.0])
        one = row["shipped_t"] + row["received_t"] - 2.0 * row["both_t"]
        for at, mass in enumerate((row["mass_t"], row["both_t"], one)):
            held[at] += float(mass)
    return [Link(*pair, *masses) for pair, masses in summed.items() if masses[0] > 0.0]


def _lead(view: TraceView, links: Iterable[Link]) -> tuple[str, ...]:
    held = list(links)
    mass = sum(link.mass for link in held)
    told = {
        "mass": view.tonnes(mass), "both": view.share(sum(link.both for link in held) / mass),
        "one": view.share(sum(link.one for link in held) / mass),
        "nobody": view.share(sum(link.nobody for link in held) / mass),
    }  # fmt: skip
    return view.say("network_lead"), view.say("network_all", **told)


def _row(view: TraceView, link: Link) -> Row:
    """A bar of what both sides, one side and nobody recorded, in percent of what was handed over."""
    marks, level = [], 0.0
    for css, mass in ((BOTH, link.both), (ONE, link.one), (NOBODY, link.nobody)):
        share = 100.0 * mass / link.mass
        if share > 0.0:
            marks.append(Mark("bar", css, level, level + share))
        level += share
    name = view.say("hands_to", giver=view.names.role(link.giver), taker=view.names.role(link.taker))
    told = view.tonnes(link.mass)
    return Row(name, tuple(marks), told, view.say("recorded_by_both", share=view.share(link.both / link.mass)))
