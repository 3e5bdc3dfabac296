"""The page of a scrap grade on trial: what passes, rightly or not, because of what, and what can be melted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.melting import melting_of, melting_section, no_melting_section
from cesim.report.casthouse.shell import Page, Section, Table, paired, render
from cesim.report.casthouse.trial_figures import (
    RATE_NAMES,
    acceptance_figure,
    cause_figures,
    composition_figure,
    error_figures,
)
from cesim.report.casthouse.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.charge.graderesult import GradeResult
    from cesim.report.casthouse.melting import MeltingAnswer
    from cesim.report.casthouse.shell import Expectation
    from cesim.text import Language

TERMS = (
    "scrap_grade", "lot", "false_accept", "false_reject", "sole_cause", "recycled", "risk", "bound", "margin",
    "standard_error",
)  # fmt: skip


def trial_page(
    result: GradeResult,
    lang: Language,
    *,
    title: str,
    asked: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    expected: Sequence[Expectation] = (),
    remarks: Sequence[str] = (),
) -> str:
    """Return the page of a trial as HTML text.

    Parameters
    ----------
    title
        Name of the file that asked.
    asked
        Label -> text of what was asked, in order.
    expected
        What the file expects of the answer.
    remarks
        Sentences on what the answer leaves aside.
    """
    writer = Writer(lang)
    melting = melting_of(result)
    sections = [_gate(result, writer), _causes(result, writer)]
    if result.accepted.lots.any():
        sections.append(_holds(result, writer))
    if melting.found is not None:
        sections.append(melting_section(melting.found, result, writer))
    elif melting.reasons:
        sections.append(no_melting_section(melting.reasons, writer))
    page = Page(
        writer=writer,
        kind="trial",
        title=title,
        headline=tuple(_headline(result, melting, writer)),
        sections=tuple(sections),
        terms=TERMS,
        is_bad=not result.accepted.lots.any(),
        more_method=tuple(_drawn(result, writer)),
        method=5,
        asked=paired(asked),
        expected=tuple(expected),
        remarks=tuple(remarks),
    )
    return render(page)


def _headline(result: GradeResult, melting: MeltingAnswer, writer: Writer) -> list[str]:
    grade = result.grade.name
    alone = sorted(result.sole_cause.items(), key=lambda item: -item[1])
    if not result.accepted.lots.any():
        told = [writer.say("trial.nothing", grade=grade, offered=_offered(result, writer))]
    else:
        told = [
            writer.say(
                "trial.first", grade=grade, offered=_offered(result, writer),
                acceptance=writer.full(result.acceptance, "share"),
                false_accept=writer.full(result.false_accept, "risk"),
            )
        ]  # fmt: skip
    if alone and alone[0][1] > 0.0:
        name, share = alone[0]
        told.append(writer.say("trial.alone", name=writer.limit(name), share=writer.full(share, "share")))
    if melting.reasons and result.accepted.lots.any():
        told += [reason.words(writer) for reason in melting.reasons]
    if melting.found is not None:
        alloy = result.test.alloy.name if result.test.alloy is not None else ""
        told.append(
            writer.say(
                "trial.melt", alloy=alloy, recycled=writer.full(melting.found.recycled_content, "share"),
                risk=writer.given(melting.found.asked_risk, "share"),
                stops=writer.say("trial.stops", names=writer.limits(melting.found.binding)) if melting.found.binding
                else writer.say("trial.stops_none"),
            )
        )  # fmt: skip
    return told


def _offered(result: GradeResult, writer: Writer) -> str:
    """List what was offered; many sources are counted."""
    names = [stream.name for stream in result.lots.streams]
    return writer.join(names) if len(names) <= 3 else writer.say("trial.several", count=len(names))


def _gate(result: GradeResult, writer: Writer) -> Section:
    tonnes = result.tonnes
    supplies = {stream.name: stream.supply for stream in result.lots.streams}
    rows = [
        (
            name, writer.bare(supplies[name], "t_many"), writer.bare(tonnes[name], "t_many"),
            *(writer.estimate(rates[key], "share", bare=True) for key in RATE_NAMES),
        )
        for name, rates in result.by_source.items()
    ]  # fmt: skip
    whole = [writer.estimate(getattr(result, key), "share", bare=True) for key in RATE_NAMES]
    sums = [writer.bare(sum(held.values()), "t_many") for held in (supplies, tonnes)]
    columns = ("source", "offered_t", "taken_t", *(f"{key}_pc" for key in RATE_NAMES))
    table = Table(
        writer.say("trial.gate_table"), tuple(writer.say(f"column.{key}") for key in columns),
        ((writer.say("all"), *sums, *whole), *rows),
    )  # fmt: skip
    figures = (acceptance_figure(result, writer), *error_figures(result, writer))
    return Section("gate", writer.say("trial.gate_head"), (writer.say("trial.gate_lead"),), figures, (table,))


def _causes(result: GradeResult, writer: Writer) -> Section:
    limits = {test.name: test.limit for test in result.verdict.tests}
    rows = tuple(
        (
            writer.limit(name), writer.bare(limits[name], "wt"), writer.estimate(share, "share", bare=True),
            writer.estimate(result.first_cause[name], "share", bare=True),
        )
        for name, share in sorted(result.sole_cause.items(), key=lambda item: -item[1])
    )  # fmt: skip
    heads = tuple(writer.say(f"column.{key}") for key in ("limit", "limit_wt", "sole_pc", "first_pc"))
    return Section(
        "causes", writer.say("trial.causes_head"), (writer.say("trial.causes_lead"),), cause_figures(result, writer),
        (Table(writer.say("trial.causes_table"), heads, rows),),
    )  # fmt: skip


def _holds(result: GradeResult, writer: Writer) -> Section:
    accepted = result.accepted
    spread = accepted.covariance.diagonal() ** 0.5
    error = accepted.standard_error
    grade, alloy = result.grade, result.test.alloy
    rows = []
    for at, element in enumerate(accepted.elements):
        ends = [grade.lower.get(element), grade.upper.get(element)]
        if alloy is not None:
            there = alloy.elements.index(element) if element in alloy.elements else None
            ends += [None, None] if there is None else [float(alloy.lower[there]), float(alloy.upper[there])]
        told = ["" if end is None else writer.bare(end, "wt") for end in ends]
        values = (accepted.mean[at], error[at], spread[at])
        rows.append((element, *(writer.bare(float(value), "wt") for value in values), *told))
    keys = ["element", "true_mean_wt", "error_wt", "spread_wt", "grade_low_wt", "grade_high_wt"]
    keys += ["alloy_low_wt", "alloy_high_wt"] if alloy is not None else []
    table = Table(
        writer.say("trial.holds_table"), tuple(writer.say(f"column.{key}") for key in keys), tuple(rows), is_folded=True
    )
    return Section(
        "holds", writer.say("trial.holds_head"), (writer.say("trial.holds_lead"),),
        (composition_figure(result, writer),), (table,),
    )  # fmt: skip


def _drawn(result: GradeResult, writer: Writer) -> Iterable[str]:
    yield writer.say("trial.drawn", lots=f"{result.lots.true.shape[1]:,}", seed=result.seed)
    if result.lots.yard > 1:
        yield writer.say("trial.yards", yard=result.lots.yard)
    if result.test.sorter is not None:
        yield writer.say("trial.sorted")
