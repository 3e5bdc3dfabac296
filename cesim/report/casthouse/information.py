"""The page on what knowing is worth: recycled content by level of knowledge, always at the same risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Page, Section, Table, paired, render
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.casthouse.trial_figures import bar_marks
from cesim.report.casthouse.writing import NORMAL_95, Writer, error_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.charge.information import Gain, InformationValue
    from cesim.report.casthouse.shell import Expectation
    from cesim.report.casthouse.writing import Unit
    from cesim.text import Language

TERMS = ("record", "assay", "sorter", "lot", "recycled", "risk", "bound", "margin", "standard_error", "common_draws")
GAINS: tuple[tuple[str, Unit], ...] = (("points", "points"), ("yen", "jpy_t"), ("co2", "co2_t"))


def information_page(
    value: InformationValue,
    lang: Language,
    *,
    title: str,
    asked: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    expected: Sequence[Expectation] = (),
    remarks: Sequence[str] = (),
) -> str:
    """Return the page on the value of information as HTML text; parameters as `trial_page`."""
    writer = Writer(lang)
    sections = [_levels(value, writer)]
    if len(value.levels) > 1:
        sections.append(_gains(value, writer))
    if value.per_cent_of_record():
        sections.append(_per_cent(value, writer))
    page = Page(
        writer=writer,
        kind="information",
        title=title,
        headline=tuple(_headline(value, writer)),
        sections=tuple(sections),
        terms=TERMS,
        more_method=(writer.say("information.yards", yards=len(value.levels[0].by_yard)),),
        method=5,
        asked=paired(asked),
        expected=tuple(expected),
        remarks=tuple(remarks),
    )
    return render(page)


def level_name(name: str, writer: Writer) -> str:
    """Name of a level of knowledge: the ready-made ones in words, one's own as it is."""
    if name in ("none", "assay", "perfect", "sorted", "LIBS"):
        return writer.say(f"level.{name}")
    if not name.startswith("record "):
        return name
    share, _, more = name.removeprefix("record ").partition(" + ")
    try:
        told = f"{100 * float(share):g}"
    except ValueError:
        return name
    return writer.say("level.record_and_assay" if more == "assay" else "level.record", share=told)


def _headline(value: InformationValue, writer: Writer) -> list[str]:
    base = value.levels[0]
    risk = max(float(level.calibrated_risk) for level in value.levels)
    told = []
    better = [gain for gain in value.gains()[1:] if not _is_perfect(gain.name, value)]
    if better:
        best = max(better, key=lambda gain: gain.points)
        told.append(
            writer.say(
                "information.first", level=level_name(best.name, writer), risk=writer.short(risk),
                base=level_name(base.information.name, writer), before=writer.full(base.recycled_content, "share"),
                after=writer.full(value[best.name].recycled_content, "share"),
                yen=writer.estimate(best.yen, "jpy_t"), co2=writer.estimate(best.co2, "co2_t"),
            )
        )  # fmt: skip
    else:
        told.append(
            writer.say(
                "information.alone", base=level_name(base.information.name, writer),
                before=writer.full(base.recycled_content, "share"), risk=writer.short(risk),
            )
        )  # fmt: skip
    steps = value.per_cent_of_record()
    if steps:
        last = steps[-1]
        told.append(
            writer.say(
                "information.per_cent", step=_step(last.name, writer),
                points=writer.estimate(last.points, "points_each"), yen=writer.estimate(last.yen, "jpy_t"),
            )
        )  # fmt: skip
    return told


def _is_perfect(name: str, value: InformationValue) -> bool:
    return value[name].information.is_perfect


def _step(name: str, writer: Writer) -> str:
    """Name of a step between two reliabilities, in per cent."""
    low, high = (f"{100 * float(end):g}" for end in name.split(" to "))
    return writer.say("information.step", low=low, high=high)


def _levels(value: InformationValue, writer: Writer) -> Section:
    factor = writer.scale("share").factor
    rows, columns = [], []
    for level in value.levels:
        name = level_name(level.information.name, writer)
        bound = writer.say("melting.bound", bound=writer.full(level.risk_bound, "risk"))
        beside = writer.say("information.risk", risk=writer.full(level.realised_risk, "risk"), bound=bound)
        marks = bar_marks(level.recycled_content, factor, "k-main")
        rows.append(Row(name, marks, writer.estimate(level.recycled_content, "share"), beside))
        columns.append(
            (
                name, writer.estimate(level.recycled_content, "share", bare=True),
                writer.estimate(level.cost, "jpy_t", bare=True), writer.estimate(level.co2, "co2_t", bare=True),
                writer.bare(level.information.cost, "jpy_t"), f"{level.margin:.3f}",
                writer.bare(level.calibrated_risk, "risk"), writer.estimate(level.realised_risk, "risk", bare=True),
                writer.bare(level.risk_bound, "risk"),
            )
        )  # fmt: skip
    axis = axis_of(mark.end for row in rows for mark in row.marks)
    keys = (
        "level", "recycled_pc", "cost_jpy_t", "co2_t_t", "knowing_jpy_t", "margin", "calibrated_pc", "realised_pc",
        "bound_pc",
    )  # fmt: skip
    table = Table(writer.say("information.table"), tuple(writer.say(f"column.{key}") for key in keys), tuple(columns))
    figure = Figure(
        writer.say("information.figure"), rows_of(rows, axis), note=writer.say("information.interval"), is_wide=True
    )
    return Section(
        "levels", writer.say("information.levels_head"), (writer.say("information.levels_lead"),), (figure,), (table,)
    )


def _gains(value: InformationValue, writer: Writer) -> Section:
    gains = value.gains()[1:]
    base = level_name(value.levels[0].information.name, writer)
    names = [level_name(gain.name, writer) for gain in gains]
    figures = tuple(_gain_figure(key, unit, gains, names, writer) for key, unit in GAINS)
    table = _gain_table("gains_table", gains, names, "level", writer)
    return Section(
        "gains", writer.say("information.gains_head"), (writer.say("information.gains_lead", base=base),), figures,
        (table,),
    )  # fmt: skip


def _per_cent(value: InformationValue, writer: Writer) -> Section:
    steps = value.per_cent_of_record()
    names = [_step(step.name, writer) for step in steps]
    figures = tuple(_gain_figure(key, unit, steps, names, writer, "each") for key, unit in GAINS)
    table = _gain_table("steps_table", steps, names, "step", writer)
    return Section(
        "record", writer.say("information.steps_head"), (writer.say("information.steps_lead"),), figures, (table,)
    )


def _gain_figure(
    key: str, unit: Unit, gains: Sequence[Gain], names: Sequence[str], writer: Writer, kind: str = "gain"
) -> Figure:
    factor = _factor(key, unit, writer)
    rows, reached = [], [0.0]
    for gain, name in zip(gains, names, strict=True):
        value = getattr(gain, key)
        half = NORMAL_95 * error_of(value)
        low, high = factor * (value - half), factor * (value + half)
        reached += [low, high]
        marks = (Mark("line", "k-main", low, high), Mark("dot", "k-main", factor * value))
        rows.append(Row(name, marks, writer.estimate(value, _unit(key, unit), signed=True)))
    return Figure(writer.say(f"information.{kind}_{key}"), rows_of(rows, axis_of(reached)), is_wide=key == "co2")


def _unit(key: str, unit: Unit) -> Unit:
    """Gains in recycled content are percentage points already."""
    return "points_each" if key == "points" else unit


def _factor(key: str, unit: Unit, writer: Writer) -> float:
    return writer.scale(_unit(key, unit)).factor


def _gain_table(title: str, gains: Sequence[Gain], names: Sequence[str], first: str, writer: Writer) -> Table:
    rows = tuple(
        (name, *(writer.estimate(getattr(gain, key), _unit(key, unit), bare=True, signed=True) for key, unit in GAINS))
        for gain, name in zip(gains, names, strict=True)
    )
    heads = tuple(writer.say(f"column.{key}") for key in (first, "gain_points", "gain_jpy_t", "gain_co2_t"))
    return Table(writer.say(f"information.{title}"), heads, rows)
