"""The page of a comparison: what differs in the scenarios, and what that comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.indicators import INDICATORS
from cesim.report.casthouse.shell import Figure, Key, Page, Section, Table, render
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.compare.view import view_of
from cesim.report.numbers import bare_change, scale_for, write, write_change, write_changes, write_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.plan.comparing import Comparison
    from cesim.report.compare.view import ComparisonView
    from cesim.text import Language

TERMS = ("scenario", "draw", "best_estimate", "common_luck")
FEW_DRAWS = 100
"""Below this the ends of a range are rough."""
MOST_SENTENCES = 5
"""Headline figures that are told in words."""
MOST_INPUTS = 400
"""Entries that differ and are listed on the page; the workbook has them all."""


def comparison_page(found: Comparison, lang: Language) -> str:
    """Return the page as HTML text."""
    view = view_of(found, lang)
    say = view.writer.say
    page = Page(
        writer=view.writer,
        kind="compare",
        title=" / ".join(view.names),
        headline=tuple(headline(view)),
        sections=(_differences(view), _figures(view), _targets(view), _inputs(view)),
        terms=TERMS,
        alarms=(say("compare.few_draws", draws=found.draws),) if 1 < found.draws < FEW_DRAWS else (),
        asked={
            say("compare.asked_scenarios"): "\n".join(
                f"{name} ({one.files[0].name if one.files else '-'})"
                for name, one in zip(view.names, found.loaded, strict=True)
            ),
            say("compare.asked_draws"): f"{found.draws:,}",
            say("compare.asked_seed"): str(found.seed),
        },
        inputs="compare.inputs",
    )
    return render(page)


def headline(view: ComparisonView) -> Iterator[str]:
    """Say of the first indicators how the others differ from the first scenario."""
    told = list(view.headlines())[:MOST_SENTENCES]
    if not told:
        yield view.writer.say("compare.nothing")
    for at in range(1, len(view.names)):
        yield view.writer.say(
            "compare.lead", other=view.names[at], first=view.names[0], year=view.main_year,
            place=view.place(view.main_region),
        )  # fmt: skip
        for key, rows in told:
            yield view.writer.say(
                "compare.sentence", name=view.indicator(key), change=changed(view, rows[at]), was=value(view, rows[0]),
                now=value(view, rows[at]),
            )  # fmt: skip


def value(view: ComparisonView, row: dict[str, Any]) -> str:
    """Write a figure: the median of the draws, or the best estimate where there are none."""
    return write(row["best"] if view.is_single else row["p50"], row["unit"], view.writer.words)


def changed(view: ComparisonView, row: dict[str, Any]) -> str:
    """Write a difference with its range."""
    words, unit = view.writer.words, row["unit"]
    if view.is_single:
        return write_change(row["difference_best"], unit, words)
    ends = write_changes(row["difference_p05"], row["difference_p95"], unit, words)
    size = max(abs(row[f"difference_{end}"]) for end in ("p05", "p50", "p95"))
    return view.writer.say(
        "compare.with_range", middle=write_change(row["difference_p50"], unit, words, size), ends=ends
    )


def _differences(view: ComparisonView) -> Section:
    """Differences of every headline in every report year."""
    say = view.writer.say
    columns = (say("compare.column.indicator"), say("compare.column.place"), *map(str, view.found.years))
    tables = [
        Table(
            say("compare.against", other=view.names[at], first=view.names[0]), columns,
            tuple(_difference_rows(view, at)), id=f"difference-{at}",
        )
        for at in range(1, len(view.names))
    ]  # fmt: skip
    lead = (say("compare.differences_lead"),) if not view.is_single else (say("compare.single_lead"),)
    return Section("differences", say("compare.differences"), lead, tables=tuple(tables))


def _difference_rows(view: ComparisonView, at: int) -> Iterator[tuple[str, ...]]:
    for key in view.found.headlines():
        for region in view.found.regions:
            held = [
                next((row for row in view.rows(key, region, year) if row["scenario"] == at), None)
                for year in view.found.years
            ]
            size = max((abs(row[f"difference_{end}"]) for row in held if row for end in ("p05", "p95")), default=0.0)
            unit, words = INDICATORS[key].unit, view.writer.words
            symbol = words("unit.points") if unit == "share" else scale_for(unit, size, words).symbol
            cells = [_cell(view, row, size) if row else view.writer.say("undefined") for row in held]
            yield f"{view.indicator(key)} ({symbol})", view.place(region), *cells


def _cell(view: ComparisonView, row: dict[str, Any], size: float) -> str:
    """Write a difference with its range, without the unit that stands before the row."""
    words, unit = view.writer.words, row["unit"]
    ends = ("best",) if view.is_single else ("p50", "p05", "p95")
    told = [bare_change(row[f"difference_{end}"], unit, words, size) for end in ends]
    return told[0] if view.is_single else f"{told[0]} ({told[1]} – {told[2]})"


def _figures(view: ComparisonView) -> Section:
    """One figure a headline indicator: the scenarios below each other on one scale."""
    say = view.writer.say
    pictures = tuple(_figure(view, key, rows) for key, rows in view.headlines())
    lead = say("compare.figures_lead", year=view.main_year, place=view.place(view.main_region))
    keys = (Key("k-wash", say("compare.key_range")), Key("k-main l-tick", say("compare.key_median")))
    if pictures:
        first = pictures[0]
        pictures = (Figure(first.title, first.body, keys, first.note), *pictures[1:])
    return Section("figures", say("compare.figures"), (lead,), pictures)


def _figure(view: ComparisonView, key: str, rows: list[dict[str, Any]]) -> Figure:
    words, unit = view.writer.words, INDICATORS[key].unit
    scale = scale_for(unit, max(abs(row["p95"]) for row in rows), words)
    shown = []
    for row in rows:
        at = int(row["scenario"])
        low, middle, high = (row[end] * scale.factor for end in ("p05", "p50", "p95"))
        marks = (Mark("wash", "k-wash", low, high), Mark("line", view.colour(at), low, high),
                 Mark("tick", view.colour(at), middle))  # fmt: skip
        beside = write_range(row["p05"], row["p95"], unit, words) if not view.is_single else ""
        shown.append(Row(view.names[at], marks, value(view, row), beside, is_strong=at == 0))
    axis = axis_of(end * scale.factor for row in rows for end in (row["p05"], row["p95"]))
    return Figure(f"{view.indicator(key)} ({scale.symbol})", rows_of(shown, axis))


def _targets(view: ComparisonView) -> Section:
    """Share of futures that meet each target all of them have."""
    say, frame = view.writer.say, view.targets
    rows = []
    for key in dict.fromkeys(frame["target"]):
        held = frame[frame["target"] == key].to_dict("records")
        target = view.found.scenarios[0].targets[str(key)]
        cells = [_chance(view, float(row["met"])) for row in held]
        gaps = [_gap(view, dict(row)) for row in held[1:]]
        place = view.place(str(held[0]["region"]))
        rows.append((str(getattr(target.name, view.lang)), place, str(held[0]["year"]), *cells, *gaps))
    columns = (say("compare.column.target"), say("compare.column.place"), say("compare.column.year"), *view.names,
               *(say("compare.column.gap", other=name) for name in view.names[1:]))  # fmt: skip
    notes = (say("compare.targets_error"),) if not view.is_single else ()
    lead = (say("compare.targets_lead") if rows else say("compare.no_targets"),)
    tables = (Table(say("compare.targets"), columns, tuple(rows)),) if rows else ()
    return Section("targets", say("compare.targets"), lead, tables=tables, notes=notes)


def _chance(view: ComparisonView, met: float) -> str:
    if view.is_single:
        return view.writer.say("compare.met" if met else "compare.missed")
    return view.writer.say("compare.of_futures", count=round(met * view.found.draws), draws=f"{view.found.draws:,}")


def _gap(view: ComparisonView, row: dict[str, Any]) -> str:
    if view.is_single:
        return "-"
    told = write_change(row["difference"], "share", view.writer.words)
    error = write(row["standard_error"], "share", view.writer.words).removesuffix("%").rstrip()
    return f"{told} (± {error})"


def _inputs(view: ComparisonView) -> Section:
    """What differs in the scenarios themselves."""
    say, frame = view.writer.say, view.inputs
    lead = [say("compare.inputs_lead", count=len(frame))]
    lead += list(_measures(view))
    rows = tuple(tuple(str(cell) or "–" for cell in row) for row in frame.head(MOST_INPUTS).itertuples(index=False))
    table = Table(say("compare.inputs_table"), (say("compare.column.path"), *view.names), rows, "inputs", True)
    notes = (say("compare.inputs_more", shown=MOST_INPUTS),) if len(frame) > MOST_INPUTS else ()
    return Section("what", say("compare.inputs_head"), tuple(lead), tables=(table,) if rows else (), notes=notes)


def _measures(view: ComparisonView) -> Iterator[str]:
    """Measures in effect in one and not in the other."""
    adopted = view.found.adopted()
    for at in range(1, len(adopted)):
        for names, held, key in (
            (adopted[at] - adopted[0], view.found.scenarios[at], "compare.measures_more"),
            (adopted[0] - adopted[at], view.found.scenarios[0], "compare.measures_less"),
        ):
            if names and held.plan is not None:
                told = [
                    getattr(held.plan.measures[name].name, view.lang) for name in held.plan.measures if name in names
                ]
                yield view.writer.say(key, other=view.names[at], first=view.names[0], names=view.writer.join(told))
