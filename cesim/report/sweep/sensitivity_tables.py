"""The tables of an analysis: every index with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Table
from cesim.report.numbers import scale_for
from cesim.report.sweep.sensitivity_view import order_of, signed_of
from cesim.sweep.sensitivity import GivenShares, MorrisEffects, SobolIndices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.sweep.sensitivity_view import SensitivityView
    from cesim.sweep.answers.sensitivities import Analysed
    from cesim.sweep.sensitivity import Estimated

MOST_PAIRS = 20
"""Pairs of factors that are shown; the workbook has them all."""


def tables_of(view: SensitivityView, one: Analysed) -> Iterator[Table]:
    """Return the tables of one result."""
    if isinstance(one.answer, SobolIndices):
        yield sobol_table(view, one.answer)
        if one.answer.second is not None and one.answer.pairs:
            yield pairs_table(view, one.answer)
    elif isinstance(one.answer, MorrisEffects):
        yield morris_table(view, one, one.answer)
    elif isinstance(one.answer, GivenShares):
        yield given_table(view, one.answer)


def sobol_table(view: SensitivityView, answer: SobolIndices) -> Table:
    """First-order and total index of every factor."""
    rows = tuple(
        (view.factors[at], _index(view, answer.first, at), _interval(view, answer.first, at),
         _index(view, answer.total, at), _interval(view, answer.total, at))
        for at in order_of(answer)
    )  # fmt: skip
    columns = _columns(view, "factor", "first", "interval", "total", "interval")
    return Table(view.say("sobol_table", count=len(rows)), columns, rows, is_folded=len(rows) > MOST_PAIRS)


def pairs_table(view: SensitivityView, answer: SobolIndices) -> Table:
    """What pairs do together, the most first."""
    second = answer.second
    assert second is not None
    order = sorted(range(len(answer.pairs)), key=lambda at: -float(second.value[at]))[:MOST_PAIRS]
    rows = tuple(
        (view.factors[answer.pairs[at][0]], view.factors[answer.pairs[at][1]], _index(view, second, at),
         _interval(view, second, at), view.say("surely" if second.low[at] > 0.0 else "not_surely"))
        for at in order
    )  # fmt: skip
    columns = _columns(view, "factor", "other", "second", "interval", "standing")
    title = view.say("pairs_table", shown=len(rows), count=f"{len(answer.pairs):,}")
    return Table(title, columns, rows, is_folded=True, kinds=("", "words", "", "", "words"))


def morris_table(view: SensitivityView, one: Analysed, answer: MorrisEffects) -> Table:
    """Mean size, mean and spread of the effects of every factor."""
    words = view.names.words
    scale = scale_for(one.unit, float(answer.mu_star.value.max()), words)
    symbol = words("unit.points") if one.unit == "share" else scale.symbol
    rows, dash = [], view.names.writer.say("undefined")
    size = dict(enumerate(map(float, answer.mu_star.value)))
    mean, spread = signed_of(answer, answer.mu), signed_of(answer, answer.sigma)
    for rank, at in enumerate(order_of(answer), start=1):
        told = [scale.bare(of[at]) if at in of else dash for of in (size, mean, spread)]
        ends = f"{scale.bare(float(answer.mu_star.low[at]))} – {scale.bare(float(answer.mu_star.high[at]))}"
        rows.append((f"{rank}", view.factors[at], told[0], ends, *told[1:]))
    columns = _columns(view, "rank", "factor", "mu_star", "interval", "mu", "sigma")
    title = view.say("morris_table", unit=symbol)
    return Table(title, columns, tuple(rows), kinds=("", "words", "", "", "", ""))


def given_table(view: SensitivityView, answer: GivenShares) -> Table:
    """Share of the variance of every factor."""
    told, full, dash = set(answer.told), view.names.writer.full, view.names.writer.say("undefined")
    ends = [" – ".join(full(float(end), "share") for end in both) for both in zip(answer.low, answer.high, strict=True)]
    rows = tuple(
        (
            view.factors[at],
            full(float(answer.share[at]), "share"),
            ends[at] if at in told else dash,
            view.say("surely" if at in told else "not_surely"),
        )
        for at in order_of(answer)
    )
    title = view.say("given_table", count=len(rows))
    columns = _columns(view, "factor", "share", "interval", "standing")
    return Table(title, columns, rows, is_folded=len(rows) > MOST_PAIRS, kinds=("", "", "", "words"))


def _index(view: SensitivityView, of: Estimated, at: int) -> str:
    return view.index(float(of.value[at]))


def _interval(view: SensitivityView, of: Estimated, at: int) -> str:
    return view.interval(float(of.low[at]), float(of.high[at]))


def _columns(view: SensitivityView, *keys: str) -> tuple[str, ...]:
    return tuple(view.say(f"column.{key}") for key in keys)
