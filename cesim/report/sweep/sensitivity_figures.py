"""The figures of an analysis: bars of indices with their intervals, pairs of factors, effects on a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from cesim.report.casthouse.colours import even, ink_on
from cesim.report.casthouse.shell import Figure, Key
from cesim.report.casthouse.tracks import Axis, Mark, Row, axis_of, round_ticks, rows_of
from cesim.report.numbers import scale_for
from cesim.report.sweep.pairbars import Bar, PairRow, pair_rows
from cesim.report.sweep.pictures import Point, around, cloud
from cesim.report.sweep.sensitivity_view import order_of, shown, signed_of
from cesim.sweep.sensitivity import GivenShares, MorrisEffects, SobolIndices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.sweep.sensitivity_view import SensitivityView
    from cesim.sweep.answers.sensitivities import Analysed

MOST_PAIRED = 8
"""Factors of the map of pairs."""
NAMED = 12
"""Points of effects that bear their number."""


def figures_of(view: SensitivityView, one: Analysed) -> Iterator[Figure]:
    """Return the figures of one result."""
    if isinstance(one.answer, SobolIndices):
        yield sobol_figure(view, one.answer)
        if one.answer.second is not None and len(view.factors) > 1:
            yield pairs_figure(view, one.answer)
    elif isinstance(one.answer, MorrisEffects):
        yield morris_figure(view, one, one.answer)
    elif isinstance(one.answer, GivenShares):
        yield given_figure(view, one.answer)


def sobol_figure(view: SensitivityView, answer: SobolIndices) -> Figure:
    """First-order and total index of each factor that matters, with intervals."""
    rows = []
    for at in shown(answer):
        bars = tuple(
            Bar(css, float(of.value[at]), float(of.low[at]), float(of.high[at]))
            for css, of in (("k-main", answer.first), ("k-soft", answer.total))
        )
        told = view.say("both", first=view.index(answer.first.value[at]), total=view.index(answer.total.value[at]))
        rows.append(PairRow(view.factors[at], bars, told))
    ends = [end for row in rows for bar in row.bars for end in (bar.value, bar.low, bar.high)]
    axis = axis_of([*ends, min(1.0, max(ends))])
    keys = (
        Key("k-main", view.say("first")),
        Key("k-soft", view.say("total")),
        Key("k-ink l-line", view.say("interval", level=f"{100 * view.found.level:.0f}")),
    )
    left = len(view.factors) - len(rows)
    note = view.say("not_shown", count=left) if left else ""
    return Figure(view.say("sobol_figure"), pair_rows(rows, axis), keys, note, True)


def pairs_figure(view: SensitivityView, answer: SobolIndices) -> Figure:
    """What pairs of the factors that matter most do together, as a map; darker is more."""
    assert answer.second is not None
    chosen = shown(answer)[:MOST_PAIRED]
    value = dict(zip(answer.pairs, zip(answer.second.value, answer.second.low, strict=True), strict=True))
    most = max([float(value[pair][0]) for pair in value], default=0.0) or 1.0
    head = Markup("").join(Markup("<th>{}</th>").format(n + 1) for n in range(len(chosen)))
    lines = []
    for n, row in enumerate(chosen):
        cells = [_pair_cell(view, value.get((min(row, col), max(row, col))), most, is_drawn=m < n)
                 for m, col in enumerate(chosen)]  # fmt: skip
        lines.append(Markup('<tr><th scope="row">{} {}</th>{}</tr>').format(
            n + 1, view.factors[row], Markup("").join(cells)))  # fmt: skip
    body = Markup(
        '<div class="scroll"><table class="heat"><thead><tr><th></th>{}</tr></thead><tbody>{}</tbody></table></div>'
    )
    return Figure(view.say("pairs_figure"), body.format(head, Markup("").join(lines)), (), view.say("pairs_note"))


def _pair_cell(view: SensitivityView, held: tuple[float, float] | None, most: float, *, is_drawn: bool) -> Markup:
    if not is_drawn or held is None:
        return Markup("<td></td>")
    value, low = float(held[0]), float(held[1])
    if low <= 0.0:  # it cannot be told from nothing
        return Markup('<td class="off">{}</td>').format(view.index(value))
    colour = even(1.0 - value / most)
    return Markup('<td style="background:{};color:{}">{}</td>').format(colour, ink_on(colour), view.index(value))


def morris_figure(view: SensitivityView, one: Analysed, answer: MorrisEffects) -> Figure:
    """Mean size of the effects against their spread; numbers as in the table."""
    words = view.names.words
    scale = scale_for(one.unit, float(answer.mu_star.value.max()), words)
    spread = signed_of(answer, answer.sigma)
    points = [
        Point(float(answer.mu_star.value[at]) * scale.factor, spread[at] * scale.factor,
              mark=f"{rank + 1}" if rank < NAMED else "")
        for rank, at in enumerate(order_of(answer)) if at in spread
    ]  # fmt: skip
    if not points:
        return Figure("", Markup(""), (), view.say("no_signed"))
    across, up = around(point.x for point in points), around(point.y for point in points)
    symbol = words("unit.points") if one.unit == "share" else scale.symbol
    labels = (view.say("mu_star_axis", unit=symbol), view.say("sigma_axis", unit=symbol))
    note = view.say("morris_note") + ("" if len(points) == len(view.factors) else view.say("unsigned"))
    return Figure(view.say("morris_figure"), cloud(points, across, up, labels), (), note)


def given_figure(view: SensitivityView, answer: GivenShares) -> Figure:
    """Share of the variance that each factor explains by itself, and what chance alone would give."""
    told = set(answer.told)
    rows = [
        Row(view.factors[at], (Mark("bar", "k-main", 0.0, 100.0 * float(answer.share[at])),
                               *_interval(answer, at, told), Mark("tick", "k-hot", 100.0 * answer.floor)),
            view.names.writer.full(float(answer.share[at]), "share"), is_off=at not in told)
        for at in shown(answer)
    ]  # fmt: skip
    keys = (
        Key("k-main", view.say("share")),
        Key("k-ink l-line", view.say("interval", level=f"{100 * answer.level:.0f}")),
        Key("k-hot l-tick", view.say("floor")),
    )
    return Figure(view.say("given_figure"), rows_of(rows, Axis(0.0, 100.0, round_ticks(0.0, 100.0, 20.0))), keys,
                  view.say("given_note"), True)  # fmt: skip


def _interval(answer: GivenShares, at: int, told: set[int]) -> tuple[Mark, ...]:
    """The interval of a share; of what cannot be told from chance it says nothing."""
    if at not in told:
        return ()
    low, high = (min(1.0, max(0.0, float(end))) for end in (answer.low[at], answer.high[at]))
    return (Mark("line", "k-ink", 100.0 * low, 100.0 * high),)
