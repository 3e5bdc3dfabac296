"""The road-map: each measure as a bar over the years, the plan as written above the plan that the targets ask for.

Names, years and costs are text beside strips without letters, so that it can be read on a telephone and on paper.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from cesim.report.casthouse.shell import Figure, Key
from cesim.report.casthouse.tracks import EDGE, WIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.plan.backcast import Bar, RoadMap, RoadMapRow
    from cesim.report.plan.backcast_view import BackcastView

HIGH, LANE = 26.0, 11.0
FEET = {"forecast": LANE + 1.0, "backcast": HIGH - 1.0}
"""Lower edge of the bars of each plan on a strip."""
TONES = {"forecast": "k-none", "backcast": "k-main"}
LEAST = 0.3
"""Height of a bar of the least level, as a share of a full one."""
LONG = 8
"""Rows from which on the years are written under them, too."""
STEP = 5
"""Years between two that are written under the bars."""


def road_maps(view: BackcastView) -> tuple[Figure, ...]:
    """Return a figure for each pillar."""
    roads = view.told.roads
    keys = (
        Key(TONES["forecast"], view.say("forecast")),
        Key(TONES["backcast"], view.say("backcast")),
        Key("k-second l-tick", view.say("key_year")),
    )
    return tuple(
        Figure(view.plan.writer.say(f"plan.bundle.{pillar}"), _pillar(view, roads, list(rows)), keys, is_wide=True)
        for pillar, rows in groupby(roads.rows, key=lambda row: row.pillar)
    )


def _pillar(view: BackcastView, roads: RoadMap, rows: Iterable[RoadMapRow]) -> Markup:
    held = list(rows)
    parts = [_scale(roads)]
    for horizon, own in groupby(held, key=lambda row: row.horizon):
        parts.append(Markup('<p class="span">{}</p>').format(view.plan.writer.say(f"plan.bundle.{horizon}")))
        parts += [_row(view, roads, row) for row in own]
    return Markup('<div class="rows gantt">{}</div>').format(
        Markup("").join([*parts, _scale(roads)] if len(held) >= LONG else parts)
    )


def _row(view: BackcastView, roads: RoadMap, row: RoadMapRow) -> Markup:
    told, beside = _words(view, row)
    off = "" if row.backcast is not None else " off"
    return Markup(
        '<div class="row{}"><span class="name">{}</span>{}<span class="told">{} <small>{}</small></span></div>'
    ).format(off, view.plan.marked(row.measure), strip(roads, row, years_asked(view)), told, beside)


def _words(view: BackcastView, row: RoadMapRow) -> tuple[str, str]:
    """What stands beside the bars: the answer, and smaller the plan as written."""
    old, new = row.forecast, row.backcast
    told = view.say("not_taken") if new is None else view.bar(new)
    if old is None:
        return told, view.say("plan_without")
    if new is not None and (old.start, old.level, old.waits) == (new.start, new.level, new.waits):
        return told, view.say("plan_same")
    return told, view.say("plan_with", told=view.bar(old))


def years_asked(view: BackcastView) -> tuple[int, ...]:
    """Years of the targets."""
    return tuple(dict.fromkeys(goal.year for goal in view.told.question.goals))


def strip(roads: RoadMap, row: RoadMapRow, asked: tuple[int, ...] = ()) -> Markup:
    """Return the bars of a measure over the years of a road-map, with a mark at the end of the years of targets."""
    grid = [f'<path class="grid" d="M{place(roads, year):.1f} 0v{HIGH:g}"/>' for year in _years(roads)]
    bars = [
        _bar(roads, bar, plan)
        for plan, bar in (("forecast", row.forecast), ("backcast", row.backcast))
        if bar is not None
    ]
    marks = [f'<path class="tick k-second" d="M{place(roads, year + 1):.1f} 0v{HIGH:g}"/>' for year in asked]
    return Markup(
        f'<svg class="strip" viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(grid + bars + marks)}</svg>"
    )


def _bar(roads: RoadMap, bar: Bar, plan: str) -> str:
    """A wedge while the measure comes in, then full; as high as its level."""
    foot = FEET[plan]
    top = foot - LANE * max(LEAST, bar.level)
    start, full, end = place(roads, bar.start), place(roads, bar.full), place(roads, roads.last + 1)
    css = f"{TONES[plan]}{' waits' if bar.waits else ''}"
    corners = ((start, foot), (min(full, end), top), (end, top), (end, foot))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon class="{css}" points="{points}"/>'


def place(roads: RoadMap, year: int) -> float:
    """Return where a year begins on a strip; what lies outside stands at its edge."""
    share = (year - roads.first) / (roads.last + 1 - roads.first)
    return EDGE + (WIDE - 2 * EDGE) * min(max(share, 0.0), 1.0)


def _years(roads: RoadMap) -> list[int]:
    return [year for year in range(roads.first, roads.last + 1) if year % STEP == 0]


def _scale(roads: RoadMap) -> Markup:
    one = Markup('<span style="left:{}%">{}</span>')
    labels = Markup("").join(one.format(f"{place(roads, year) / WIDE * 100:.2f}", year) for year in _years(roads))
    return Markup('<div class="row scale" aria-hidden="true"><span></span><span class="ticks">{}</span></div>').format(
        labels
    )
