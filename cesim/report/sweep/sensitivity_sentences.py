"""What an analysis says in words: what drives each result, whether that is settled, and how much is luck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cesim.report.numbers import write, write_error
from cesim.report.sweep.sensitivity_view import order_of
from cesim.sweep.sensitivity import GivenShares, MorrisEffects, SobolIndices, Unvarying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.sweep.sensitivity_view import SensitivityView
    from cesim.sweep.answers.sensitivities import Analysed
    from cesim.sweep.sensitivity import Noise, Verdict

MOST_NAMED = 3


def drives(view: SensitivityView, one: Analysed) -> str:
    """Say what a result depends on most."""
    name = view.title(one)
    if isinstance(one.answer, Unvarying):
        return _unvarying(view, one, one.answer)
    if isinstance(one.answer, SobolIndices):
        parts = [_with(view, at, view.index(one.answer.total.value[at])) for at in order_of(one.answer)[:MOST_NAMED]
                 if one.answer.total.low[at] > 0.0]  # fmt: skip
        key = "drives_total"
    elif isinstance(one.answer, MorrisEffects):
        parts = [_with(view, at, write_error(float(one.answer.mu_star.value[at]), one.unit, view.names.words))
                 for at in order_of(one.answer)[:MOST_NAMED] if one.answer.mu_star.value[at] > 0.0]  # fmt: skip
        key = "drives_effect"
    else:
        parts = [_with(view, at, view.names.writer.full(float(one.answer.share[at]), "share"))
                 for at in one.answer.told[:MOST_NAMED]]  # fmt: skip
        key = "drives_share"
    return (
        view.say(key, name=name, names=view.names.writer.join(parts)) if parts else view.say("drives_none", name=name)
    )


def together(view: SensitivityView, answer: SobolIndices) -> str:
    """Say how much the factors explain singly, and how much only together."""
    alone = float(answer.first.value.sum())
    low = alone - math.sqrt(float((answer.first.width**2).sum())) / 2.0
    if low >= 1.0 or alone >= 1.0:
        return view.say("alone_all")
    rest = view.names.writer.full(1.0 - alone, "share")
    return view.say("alone", alone=view.names.writer.full(max(alone, 0.0), "share"), rest=rest)


def settled(view: SensitivityView, verdict: Verdict) -> str:
    """Say whether indices are settled, or how many more base points it takes and how long that is."""
    facts = {"points": f"{verdict.points:,}", "width": view.index(verdict.goal.width), "ranked": verdict.goal.ranked}
    if verdict.code == "converged":
        return view.say("settled.converged", **facts)
    runs = verdict.more * view.found.per_base
    facts |= {
        "more": f"{verdict.more:,}",
        "needed": f"{verdict.needed:,}",
        "runs": f"{runs:,}",
        "time": _time(view, verdict.more),
    }
    if verdict.code == "too_wide" and verdict.widest_factor is not None:
        return view.say("settled.too_wide", **facts, widest=view.index(verdict.widest),
                        name=view.factors[verdict.widest_factor],
                        kind=view.say(str(verdict.widest_kind)))  # fmt: skip
    assert verdict.open_pair is not None
    higher, lower = verdict.open_pair
    return view.say("settled.order_open", **facts, one=view.factors[higher], other=view.factors[lower])


def beyond(view: SensitivityView, one: Analysed) -> str:
    """Warn where single shares add to more than there is: then the smaller ones are chance; empty where they do not.

    The floor is that of random points. Points of a design that are few for as many factors move factors together.
    """
    if not isinstance(one.answer, GivenShares):
        return ""
    total = float(sum(one.answer.share[at] for at in one.answer.told))
    if total <= 1.0:
        return ""
    facts = {"total": view.names.writer.full(total, "share"), "points": f"{one.answer.points:,}"}
    return view.say("beyond", name=view.title(one), factors=f"{len(view.factors):,}", **facts)


def left(view: SensitivityView, one: Analysed) -> Iterator[str]:
    """Say what was left out, of what the rest tells, and where failing is not mere chance."""
    if one.left is None or not one.left.count:
        return
    facts = {"count": f"{one.left.count:,}", "total": f"{one.left.groups:,}",
             "failed": f"{one.left.failed:,}", "runs": f"{one.left.runs:,}"}  # fmt: skip
    yield view.say(f"left_out_{view.found.method}", **facts)
    if one.apart:
        yield view.say("left_apart", names=view.names.writer.join(map(view.names.quoted, one.apart)))


def luck(view: SensitivityView, noise: Noise) -> str:
    """Say how much of the spread is the luck of replicates."""
    full = view.names.writer.full
    ends = {key: full(getattr(noise, key), "share") for key in ("share", "low", "high")}
    return view.say("luck", **ends, points=f"{noise.points:,}", replicates=noise.replicates)


def remarks(view: SensitivityView) -> Iterator[str]:
    """What an analysis leaves aside."""
    if view.found.method == "given":
        yield view.say("given_only")


def _unvarying(view: SensitivityView, one: Analysed, answer: Unvarying) -> str:
    value = write(answer.value, one.unit, view.names.words) if math.isfinite(answer.value) else ""
    return view.say(answer.code, name=view.title(one), value=value, points=f"{answer.points:,}")


def _with(view: SensitivityView, at: int, number: str) -> str:
    return view.say("with", name=view.names.quoted(view.found.factors[at]), number=number)


def _time(view: SensitivityView, more: int) -> str:
    """How long so many base points take; empty where it is not known."""
    if view.found.seconds is None:
        return ""
    seconds = more * view.found.seconds
    if seconds < 90.0:
        return view.say("about_seconds", count=f"{max(1, round(seconds))}")
    if seconds < 5400.0:
        return view.say("about_minutes", count=f"{round(seconds / 60.0)}")
    return view.say("about_hours", count=f"{seconds / 3600.0:.1f}")
