"""The pictures of a trial: who passes, wrongly or not, which limit turns away, what the accepted scrap truly holds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Key
from cesim.report.casthouse.tracks import Axis, Mark, Row, axis_of, rows_of
from cesim.report.casthouse.writing import NORMAL_95, error_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.charge.estimates import Estimate
    from cesim.charge.graderesult import GradeResult
    from cesim.report.casthouse.writing import Writer

RATE_NAMES = ("acceptance", "conforming", "false_accept", "false_reject")


def bar_marks(value: float, factor: float, css: str) -> tuple[Mark, ...]:
    """Return a bar from zero with the 95 % interval of its estimate; nothing where it is of nothing."""
    if not math.isfinite(value):
        return ()
    half = NORMAL_95 * error_of(value)
    bar = Mark("bar", css, 0.0, factor * value)
    return (bar, Mark("line", "k-edge", factor * (value - half), factor * (value + half))) if half else (bar,)


def acceptance_figure(result: GradeResult, writer: Writer) -> Figure:
    """Return what passes of each source, beside what truly keeps the grade."""
    factor = writer.scale("share").factor
    rows = []
    for name, rates in ((writer.say("all"), _whole(result)), *result.by_source.items()):
        marks = bar_marks(rates["acceptance"], factor, "k-main")
        good = rates["conforming"]
        marks += (Mark("tick", "k-second", factor * good),) if math.isfinite(good) else ()
        beside = writer.say("trial.truly", share=writer.full(good, "share"))
        told = writer.estimate(rates["acceptance"], "share")
        rows.append(Row(name, marks, told, beside, name == writer.say("all")))
    keys = (Key("k-main", writer.say("trial.key_taken")), Key("k-second", writer.say("trial.key_true")))
    axis = Axis(0.0, 100.0, tuple((float(at), str(at)) for at in range(0, 101, 20)))
    return Figure(writer.say("trial.acceptance_figure"), rows_of(rows, axis), keys, is_wide=True)


def error_figures(result: GradeResult, writer: Writer) -> tuple[Figure, ...]:
    """Return what is taken wrongly and what is turned away wrongly, on one scale."""
    factor = writer.scale("share").factor
    by = {writer.say("all"): _whole(result), **result.by_source}
    values = [factor * rates[key] for rates in by.values() for key in ("false_accept", "false_reject")]
    if not any(map(math.isfinite, values)):
        return ()
    axis = axis_of(values)
    figures = []
    for key, css in (("false_accept", "k-second"), ("false_reject", "k-main")):
        rows = [
            Row(
                name, bar_marks(rates[key], factor, css), writer.estimate(rates[key], "share"),
                is_strong=name == writer.say("all"),
            )
            for name, rates in by.items()
        ]  # fmt: skip
        note = writer.say(f"trial.{key}_note")
        figures.append(Figure(writer.say(f"trial.{key}_figure"), rows_of(rows, axis), note=note))
    return tuple(figures)


def _whole(result: GradeResult) -> dict[str, Estimate]:
    return {key: getattr(result, key) for key in RATE_NAMES}


def cause_figures(result: GradeResult, writer: Writer) -> tuple[Figure, ...]:
    """Return the share of all tonnes that each limit turns away alone, and first."""
    factor = writer.scale("share").factor
    axis = axis_of(factor * share for share in (*result.sole_cause.values(), *result.first_cause.values()))
    kinds: tuple[tuple[str, Mapping[str, Estimate]], ...] = (
        ("sole", result.sole_cause), ("first", result.first_cause),
    )  # fmt: skip
    figures = []
    for key, causes in kinds:
        rows = [
            Row(writer.limit(name), bar_marks(share, factor, "k-main"), writer.estimate(share, "share"))
            for name, share in sorted(causes.items(), key=lambda item: -item[1])
        ]
        note = writer.say(f"trial.{key}_note")
        figures.append(Figure(writer.say(f"trial.{key}_figure"), rows_of(rows, axis), note=note))
    return tuple(figures)


def composition_figure(result: GradeResult, writer: Writer) -> Figure:
    """Return what the accepted scrap truly holds of each element, beside the limits of the grade and of the alloy.

    Each element has a scale of its own, from nothing to just beyond its widest limit.
    """
    accepted = result.accepted
    spread = accepted.covariance.diagonal() ** 0.5
    rows = [
        _element_row(result, element, float(accepted.mean[at]), float(spread[at]), writer)
        for at, element in enumerate(accepted.elements)
    ]
    keys = [Key("k-main", writer.say("trial.key_mean")), Key("k-soft", writer.say("trial.key_spread"))]
    keys.append(Key("k-grade", writer.say("trial.key_grade")))
    if result.test.alloy is not None:
        keys += [Key("k-wash", writer.say("trial.key_alloy"))]
    note = writer.say("trial.composition_note")
    return Figure(writer.say("trial.composition_figure"), rows_of(rows, Axis(0.0, 1.0)), tuple(keys), note)


def _element_row(result: GradeResult, element: str, mean: float, spread: float, writer: Writer) -> Row:
    alloy, told = result.test.alloy, []
    ends = [("k-grade", end) for end in (result.grade.lower.get(element), result.grade.upper.get(element)) if end]
    marks: list[Mark] = []
    high = max([mean + spread, *(end for _, end in ends), 1e-9])
    window = None
    if alloy is not None and element in alloy.elements:
        at = alloy.elements.index(element)
        low, top = float(alloy.lower[at]), float(alloy.upper[at])
        high = max(high, low, top if top < 1.0 else 0.0)
        window = (low, min(top, high * 1.15))
    high *= 1.08
    if ends:
        told.append(writer.say("trial.grade_at", limits=" – ".join(writer.bare(end, "wt") for _, end in ends)))
    if window is not None:
        marks += [Mark("wash", "k-wash", window[0] / high, window[1] / high)]
        marks += [Mark("tick", "k-edge", end / high) for end in window if 0.0 < end < 1.0]
        told.append(writer.say("trial.alloy_at", low=writer.bare(window[0], "wt"), high=writer.bare(window[1], "wt")))
    marks.append(Mark("line", "k-soft", max(mean - spread, 0.0) / high, (mean + spread) / high))
    marks += [Mark("tick", css, end / high) for css, end in ends]
    marks.append(Mark("dot", "k-main", mean / high))
    return Row(element, tuple(marks), writer.full(mean, "wt"), writer.say("dot").join(told))
