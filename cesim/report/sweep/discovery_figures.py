"""The figures of a discovery: the way to the box, the box in its ranges, and its futures on a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.report.casthouse.colours import even
from cesim.report.casthouse.points import scale_bar
from cesim.report.casthouse.shell import Figure, Key
from cesim.report.casthouse.tracks import Axis, Mark, Row, round_ticks, rows_of
from cesim.report.sweep.pictures import Point, around, cloud
from cesim.report.sweep.sentences import noun, others, range_told

if TYPE_CHECKING:
    from cesim.report.sweep.discovery_view import DiscoveryView
    from cesim.sweep.answers.limits import Told
    from cesim.sweep.answers.varied import Varied

MOST_POINTS = 600
"""Futures drawn on a plane; of more, evenly chosen ones."""


def trade_off(view: DiscoveryView) -> Figure:
    """Coverage against density of the boxes on the way, coloured by how many inputs each limits."""
    found = view.found.explanation
    assert found.trajectory is not None
    boxes = found.trajectory.boxes
    most = max(len(box.restrictions) for box in boxes) or 1
    drawn = [(box, False) for box in boxes] + ([] if found.box is None else [(found.box, True)])
    points = [
        Point(100.0 * box.coverage, 100.0 * box.density, colour=even(len(box.restrictions) / most), is_ringed=is_told)
        for box, is_told in drawn
    ]
    whole = Axis(0.0, 100.0, round_ticks(0.0, 100.0, 20.0))
    picture = cloud(points, whole, whole, (view.say("coverage_axis"), view.say("density_axis")))
    bar = scale_bar(view.say("inputs_limited", count=0), view.say("inputs_limited", count=most))
    return Figure(view.say("trade_off"), bar + picture, (), view.say("trade_off_note"))


def box_figure(view: DiscoveryView) -> Figure:
    """Each input of the box: its range in the study, the part that the box keeps, the best estimate."""
    rows = [_row(view, varied, limit) for _, varied, limit in view.limits]
    keys = (
        Key("k-wash", view.say("key_range")), Key("k-main", view.say("key_kept")),
        Key("k-ink l-tick", view.say("key_best")),
    )  # fmt: skip
    return Figure(view.say("box_figure"), rows_of(rows, Axis(0.0, 1.0)), keys, view.say("box_note"), True)


def _row(view: DiscoveryView, varied: Varied, limit: Told) -> Row:
    low, high = (0.0, float(len(varied.options))) if varied.options else _ends(varied)
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return min(max((value - low) / span, 0.0), 1.0)

    marks = [Mark("wash", "k-wash", 0.0, 1.0)]
    if limit.side == "among":
        marks += [Mark("bar", "k-main", at(kept), at(kept + 1.0)) for kept in limit.kept]
    else:
        ends = (low if limit.low is None else float(limit.low) / varied.factor,
                high if limit.high is None else float(limit.high) / varied.factor)  # fmt: skip
        marks.append(Mark("bar", "k-main", at(ends[0]), at(ends[1])))
    if varied.best is not None:
        marks.append(Mark("tick", "k-ink", at(varied.best + (0.5 if varied.options else 0.0))))
    beside = view.say("in_study", range=view.extent(varied))
    return Row(view.names.varied(varied.name), tuple(marks), range_told(view.names, varied, limit), beside)


def _ends(varied: Varied) -> tuple[float, float]:
    """Return the ends of a range, with the best estimate, which a design may pass by."""
    held = [float(varied.values.min()), float(varied.values.max())]
    return min([*held, held[0] if varied.best is None else varied.best]), max(
        [*held, held[1] if varied.best is None else varied.best]
    )


def plane(view: DiscoveryView) -> Figure | None:
    """The futures by the two limits that matter most; None where fewer than two of numbers limit the box."""
    chosen = [(varied, limit) for _, varied, limit in view.limits if limit.side != "among"][:2]
    if len(chosen) < 2:
        return None
    names, found = view.names, view.found
    shown = _sampled(found.is_of_interest)
    (across_of, x), (up_of, y) = chosen
    xs, ys = (varied.values * varied.factor for varied in (across_of, up_of))
    across, up = around(xs, from_zero=False), around(ys, from_zero=False)
    points = [
        Point(float(xs[at]), float(ys[at]), "k-hot" if found.is_of_interest[at] else "k-soft")
        for at in (*shown[~found.is_of_interest[shown]], *shown[found.is_of_interest[shown]])
    ]
    frame = (
        across.low if x.low is None else float(x.low), across.high if x.high is None else float(x.high),
        up.low if y.low is None else float(y.low), up.high if y.high is None else float(y.high),
    )  # fmt: skip
    labels = tuple(f"{names.varied(varied.name)} ({names.amount('', varied).strip()})".removesuffix(" ()")
                   for varied, _ in chosen)  # fmt: skip
    keys = (
        Key("k-hot l-dot", noun(names, found.question)), Key("k-soft l-dot", others(names, found.question)),
        Key("k-ink l-line", view.say("key_frame")),
    )  # fmt: skip
    note = "" if len(shown) == len(found.is_of_interest) else view.say("plane_some", shown=len(shown))
    title = view.say("plane")
    return Figure(title, cloud(points, across, up, (labels[0], labels[1]), frame, "fine"), keys, note)


def _sampled(
    of_interest: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return which futures are drawn: all, or evenly chosen ones."""
    count = len(of_interest)
    if count <= MOST_POINTS:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, MOST_POINTS).astype(np.int64))
