"""Cost against confidence: what it takes to meet the targets in more futures, and how far that is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Axis, axis_of
from cesim.report.trace.curves import Curve, Spot, chart

if TYPE_CHECKING:
    from cesim.plan.backcast import FrontPoint
    from cesim.report.plan.backcast_view import BackcastView

ACROSS = Axis(0.0, 100.0, tuple((20.0 * at, f"{20 * at}") for at in range(6)))


def front_section(view: BackcastView) -> Section | None:
    """Return picture and table of the front; None where it was not looked for."""
    whole = view.told.front
    if whole is None:
        return None
    lead = (view.say("front_lead"), view.say("front_largest", share=view.share(whole.largest)))
    if all(point.solution is None for point in whole.points):
        key = "front_none_proven" if all(point.complete for point in whole.points) else "front_none_seen"
        return Section("front", view.say("front_head"), (view.say(key), lead[1]))
    figures = (_figure(view),)
    return Section("front", view.say("front_head"), lead, figures, (_table(view),))


def _figure(view: BackcastView) -> Figure:
    whole, factor = view.told.front, view.yen.factor
    assert whole is not None
    costs = [(point.confidence, point.solution) for point in whole.points]
    cost = steps([(share, own.cost * factor) for share, own in costs if own is not None])
    bound = steps([(share, own.bound * factor) for share, own in costs if own is not None and own.bound is not None])
    written = view.told.written
    share = written.together if view.told.question.joint else min(written.shares.values())
    spots = [
        Spot("k-post" if point.complete else "k-main", 100.0 * point.confidence, point.solution.cost * factor)
        for point in whole.points
        if point.solution is not None
    ]
    spots.append(Spot("k-second", 100.0 * share, written.cost * factor))
    up = axis_of([y for _, y in (*cost, *bound)] + [written.cost * factor])
    curves = [Curve("k-main", cost)] + ([Curve("k-edge", bound, is_dashed=True)] if bound else [])
    body = chart(curves, ACROSS, up, (view.say("front_across"), view.say("front_up", unit=view.yen.symbol)), spots)
    keys = [Key("k-main l-dot", view.say("key_found"))]
    keys += (
        [Key("k-post l-dot", view.say("key_proven"))] if any(p.complete and p.solution for p in whole.points) else []
    )
    keys += [Key("k-edge l-dash", view.say("key_bound"))] if bound else []
    keys.append(Key("k-second l-dot", view.say("key_written")))
    return Figure(view.say("front_figure"), body, tuple(keys), is_wide=True)


def steps(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return a staircase: what a confidence costs is what every confidence below it costs at most, down to the next."""
    out: list[tuple[float, float]] = []
    before = 0.0
    for share, value in points:
        out += [(100.0 * before, value), (100.0 * share, value)]
        before = share
    return tuple(out)


def _table(view: BackcastView) -> Table:
    whole = view.told.front
    assert whole is not None
    keys = ("confidence", "cost", "reached", "bound", "proof", "number")
    rows = tuple(_row(view, point) for point in whole.points)
    kinds = ("", "", "", "", "words", "")
    return Table(view.say("front_table"), tuple(view.say(f"column.{key}") for key in keys), rows, kinds=kinds)


def _row(view: BackcastView, point: FrontPoint) -> tuple[str, ...]:
    own, confidence = point.solution, view.share(point.confidence)
    if own is None:
        return confidence, "-", "-", "-", view.say("none_proven" if point.complete else "none_seen"), ""
    standing = "is_proven" if point.complete else "is_bounded" if own.bound is not None else "is_found"
    told = view.say(standing, gap="" if own.gap is None else view.share(own.gap))
    bound = "-" if own.bound is None else view.money(own.bound)
    return (
        confidence,
        view.money(own.cost),
        view.share(own.reached),
        bound,
        told,
        view.say("count", count=len(own.choice)),
    )
