"""The page of two grades on the same lots: what the second does more than the first, and how sure that is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cesim.report.casthouse.melting import melting_of
from cesim.report.casthouse.shell import Figure, Page, Section, Table, paired, render
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.casthouse.trial_figures import RATE_NAMES
from cesim.report.casthouse.writing import NORMAL_95, Writer, error_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.charge.estimates import Estimate
    from cesim.charge.graderesult import Comparison, GradeResult
    from cesim.report.casthouse.shell import Expectation
    from cesim.report.casthouse.writing import Unit
    from cesim.text import Language

TERMS = (
    "scrap_grade", "lot", "false_accept", "false_reject", "recycled", "risk", "margin", "standard_error",
    "common_draws",
)  # fmt: skip
MELTED: Mapping[str, Unit] = {"recycled_content": "share", "cost": "jpy_t", "co2": "co2_t"}


def comparison_page(
    comparison: Comparison,
    lang: Language,
    *,
    title: str,
    asked: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    expected: Sequence[Expectation] = (),
    remarks: Sequence[str] = (),
) -> str:
    """Return the page of two trials side by side as HTML text; parameters as `trial_page`."""
    writer = Writer(lang)
    both = comparison.first, comparison.second
    meltings = [melting_of(result) for result in both]
    reasons = tuple(
        writer.say("comparison.reason", grade=result.grade.name, reason=reason.words(writer))
        for result, melting in zip(both, meltings, strict=True)
        for reason in melting.reasons
    )
    differences = comparison.at_the_gate if reasons else comparison.differences
    groups = _groups(differences)
    page = Page(
        writer=writer,
        kind="comparison",
        title=title,
        headline=tuple(_headline(comparison, differences, writer)),
        sections=(
            Section(
                "differences", writer.say("comparison.differences_head"),
                (writer.say("comparison.differences_lead", first=both[0].grade.name, second=both[1].grade.name),),
                tuple(_figure(unit, names, differences, writer) for unit, names in groups),
            ),
            Section(
                "sides", writer.say("comparison.sides_head"), (), (),
                (_table(comparison, differences, writer), _limits(both, writer)),
            ),
        ),
        terms=TERMS,
        alarms=reasons,
        method=3,
        more_method=(writer.say("trial.drawn", lots=f"{both[0].lots.true.shape[1]:,}", seed=both[0].seed),),
        asked=paired(asked),
        expected=tuple(expected),
        remarks=tuple(remarks),
    )  # fmt: skip
    return render(page)


def _groups(differences: Mapping[str, Estimate]) -> list[tuple[Unit, list[str]]]:
    """Return the differences by unit, what engineers ask first at the top."""
    groups: list[tuple[Unit, list[str]]] = [("points", list(RATE_NAMES))]
    if "recycled_content" in differences:
        groups[0][1].append("recycled_content")
        groups += [("jpy_t", ["cost"]), ("co2_t", ["co2"])]
    groups.append(("wt", [name for name in differences if name.startswith("mean ")]))
    return [(unit, names) for unit, names in groups if any(math.isfinite(differences[name]) for name in names)]


def _is_sure(difference: Estimate) -> bool:
    """Whether zero lies outside of the 95 % interval."""
    return math.isfinite(difference) and abs(difference) > NORMAL_95 * error_of(difference)


def _headline(comparison: Comparison, differences: Mapping[str, Estimate], writer: Writer) -> list[str]:
    first, second = comparison.first, comparison.second
    told = [
        writer.say(
            "comparison.first", one=first.grade.name, two=second.grade.name,
            before=writer.full(first.acceptance, "share"), after=writer.full(second.acceptance, "share"),
            change=writer.estimate(differences["acceptance"], "points", signed=True),
        ),
    ]  # fmt: skip
    if math.isfinite(first.false_accept) and math.isfinite(second.false_accept):
        before, after = (writer.full(one.false_accept, "risk") for one in (first, second))
        told.append(writer.say("comparison.false_accept", before=before, after=after))
    if "recycled_content" in differences:
        key = "comparison.recycled" if _is_sure(differences["recycled_content"]) else "comparison.recycled_unsure"
        told.append(
            writer.say(
                key, before=writer.full(first.melting.recycled_content, "share"),
                after=writer.full(second.melting.recycled_content, "share"),
                change=writer.estimate(differences["recycled_content"], "points", signed=True),
                cost=writer.estimate(differences["cost"], "jpy_t", signed=True),
                co2=writer.estimate(differences["co2"], "co2_t", signed=True),
            )
        )  # fmt: skip
    return told


def _name(name: str, writer: Writer) -> str:
    if name.startswith("mean "):
        return writer.say("comparison.mean", element=name.removeprefix("mean "))
    return writer.say(f"figure.{name}")


def _figure(unit: Unit, names: Sequence[str], differences: Mapping[str, Estimate], writer: Writer) -> Figure:
    factor = writer.scale(unit).factor
    rows, reached = [], [0.0]
    for name in names:
        value = differences[name]
        half = NORMAL_95 * error_of(value)
        marks: tuple[Mark, ...] = ()
        if math.isfinite(value):
            low, high = factor * (value - half), factor * (value + half)
            reached += [low, high]
            marks = (Mark("line", "k-main", low, high), Mark("dot", "k-main", factor * value))
        beside = writer.say("comparison.unsure") if marks and not _is_sure(value) and value != 0.0 else ""
        rows.append(Row(_name(name, writer), marks, writer.estimate(value, unit, signed=True), beside))
    axis = axis_of(reached)
    title = writer.say(f"comparison.figure_{unit}", unit=writer.scale(unit).symbol)
    return Figure(title, rows_of(rows, axis), is_wide=unit in ("points", "wt"))


def _table(comparison: Comparison, differences: Mapping[str, Estimate], writer: Writer) -> Table:
    first, second = comparison.first, comparison.second
    rows = []
    for name, difference in differences.items():
        if name.startswith("mean "):
            at = first.lots.elements.index(name.removeprefix("mean "))
            sides = [writer.bare(float(one.accepted.mean[at]), "wt") for one in (first, second)]
            unit: Unit = "wt"
        else:
            unit = MELTED.get(name, "share")
            held = (first.melting, second.melting) if name in MELTED else (first, second)
            sides = [writer.estimate(getattr(one, name), unit, bare=True) for one in held]
        symbol = writer.scale(unit).symbol
        change = writer.estimate(difference, "points" if unit == "share" else unit, bare=True, signed=True)
        rows.append((_name(name, writer), symbol, *sides, change))
    heads = (
        writer.say("column.figure"), writer.say("column.unit"), first.grade.name, second.grade.name,
        writer.say("column.difference"),
    )  # fmt: skip
    return Table(writer.say("comparison.table"), heads, tuple(rows))


def _limits(both: tuple[GradeResult, GradeResult], writer: Writer) -> Table:
    """Return the limits of the two grades and what each turns away alone."""
    limits = [{test.name: test.limit for test in result.verdict.tests} for result in both]
    rows = []
    for name in dict.fromkeys((*limits[0], *limits[1])):
        ends = [writer.bare(own[name], "wt") if name in own else "" for own in limits]
        alone = [
            writer.estimate(result.sole_cause[name], "share", bare=True) if name in own else ""
            for result, own in zip(both, limits, strict=True)
        ]
        rows.append((writer.limit(name), *ends, *alone))
    heads = [writer.say("column.limit")]
    heads += [writer.say("comparison.limit_of", grade=result.grade.name) for result in both]
    heads += [writer.say("comparison.sole_of", grade=result.grade.name) for result in both]
    return Table(writer.say("comparison.limits_table"), tuple(heads), tuple(rows))
