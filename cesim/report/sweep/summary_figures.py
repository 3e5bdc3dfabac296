"""The figures of a study: fans of the main indicators, and threads through what varied."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from cesim.report.casthouse.shell import Figure, Key
from cesim.report.numbers import scale_for, write
from cesim.report.sweep.pictures import Fan, Thread, around, fan, threads
from cesim.sweep.answers.futures import evenly, is_good, telling
from cesim.sweep.answers.tallies import ENDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.report.sweep.summary_view import SummaryView
    from cesim.sweep.answers.futures import Futures
    from cesim.sweep.answers.varied import Varied

    Floats = NDArray[np.float64]

MOST_FANS = 8
"""Indicators drawn; the tables have them all."""
MOST_BESIDE = 12
"""Alternatives drawn beside each other."""
MOST_THREADS = 300
"""Futures drawn; of more, evenly chosen ones."""
MOST_VARIED = 7
"""Rows of what varies that threads run through."""


def fans(view: SummaryView) -> Iterator[Figure]:
    """Return the main indicators over the years, one picture a region and indicator."""
    left = MOST_FANS
    for region in view.found.shape.regions:
        for indicator in view.headlines:
            if left and (figure := _fans(view, indicator, region, has_keys=left == MOST_FANS)) is not None:
                left -= 1
                yield figure


def _fans(view: SummaryView, indicator: str, region: str, *, has_keys: bool) -> Figure | None:
    """One indicator in one region, the alternatives beside each other on one scale."""
    shown = list(view.alternatives)[:MOST_BESIDE]
    held = {}
    for name in shown:
        rows = [row for row in view.rows(indicator, region, name) if math.isfinite(row["p50"])]
        if rows:
            held[name] = rows
    if not held:
        return None
    unit = next(iter(held.values()))[0]["unit"]
    scale = scale_for(unit, max(abs(row[end]) for rows in held.values() for row in rows for end in ENDS),
                      view.names.words)  # fmt: skip
    goals = view.goals_of(indicator, region)
    steps = tuple((goal.year, goal.value * scale.factor) for goal in goals)
    drawn = {
        name: Fan(tuple(int(row["year"]) for row in rows),
                  tuple(tuple(float(row[end]) * scale.factor for row in rows) for end in ENDS), steps)
        for name, rows in held.items()
    }  # fmt: skip
    up = around(end for one in drawn.values() for end in one.ends)
    if view.has_several:
        parts = [Markup("<div><h4>{}</h4>{}</div>").format(view.alternatives[name], fan(one, up))
                 for name, one in drawn.items()]  # fmt: skip
        body = Markup('<div class="multiples fans">{}</div>').format(Markup("").join(parts))
    else:
        body = fan(next(iter(drawn.values())), up)
    keys: tuple[Key, ...] = ()
    if has_keys:
        keys = (Key("k-fan-out", "5 – 95 %"), Key("k-fan-in", "25 – 75 %"), Key("k-main l-line", view.say("median")))
    if steps and (has_keys or view.has_several):
        keys = (*keys, Key("k-hot l-line", view.say("target")))
    title = view.say("figure_of", name=view.names.indicator(indicator), place=view.names.place(region))
    left_out = len(view.alternatives) - len(shown)
    note = view.say("more_alternatives", count=left_out) if left_out else ""
    return Figure(f"{title} ({scale.symbol})" if scale.symbol else title, body, keys, note, view.has_several)


def threads_figure(view: SummaryView, found: Futures) -> Figure:
    """Futures as lines through what varied and what came of it, coloured by whether they meet the target."""
    good = is_good(found)
    chosen = evenly(len(found.outcome), MOST_THREADS)
    varied = telling(found.varied, good)[:MOST_VARIED]
    held = view.found.figures.loc[view.found.figures["indicator"] == found.series[0], "unit"]
    unit = str(held.iloc[0]) if len(held) else "-"
    places = np.stack([_places(found.outcome), *(_places(one.values) for one in varied)], axis=1)
    last = [view.names.series(found.series), *(write(float(end), unit, view.names.words)
            for end in (found.outcome.min(), found.outcome.max()))]  # fmt: skip
    rows = [(last[0], last[1], last[2]), *((view.names.varied(one.name), *_ends(view, one)) for one in varied)]
    front = good if good.mean() < 0.5 else ~good  # the rarer kind is drawn last, so that it is seen
    drawn = [
        Thread(f"{'k-met' if good[at] else 'k-miss'} {'front' if front[at] else 'back'}", tuple(map(float, places[at])))
        for at in (*chosen[~front[chosen]], *chosen[front[chosen]])
    ]
    if found.goal is not None:
        keys = (Key("k-met l-line", view.say("meets")), Key("k-miss l-line", view.say("misses")))
    else:
        keys = (Key("k-met l-line", view.say("above_median")), Key("k-miss l-line", view.say("below_median")))
    notes = [view.say("threads_note", shown=len(chosen), count=f"{found.among:,}")]
    if len(found.varied) > len(varied):
        notes.append(view.say("threads_chosen", shown=len(varied), count=len(found.varied)))
    return Figure(view.say("threads_figure"), threads(rows, drawn), keys, "".join(notes), True)


def _places(values: Floats) -> Floats:
    """Places between the least and the most, 0 to 1."""
    low, high = float(values.min()), float(values.max())
    return np.full(len(values), 0.5) if high <= low else (values - low) / (high - low)


def _ends(view: SummaryView, one: Varied) -> tuple[str, str]:
    return view.names.value(one.ends[0], one), view.names.value(one.ends[1], one)
