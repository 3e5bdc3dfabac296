"""The sheets of the workbook as plain rows: nothing here knows Excel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cesim.report.goals import goal_rows
from cesim.report.headline import headline_rows, shown, targets_of
from cesim.report.losses import losses
from cesim.report.numbers import unit_name
from cesim.report.paths import input_name, process_name, source_name, spot
from cesim.report.phrases import gap_phrase, goal_name
from cesim.report.places import place_names
from cesim.report.read import COUNTRY, described, in_language, name_of
from cesim.text import has, keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from cesim.report.read import IndicatorInfo, RunTables
    from cesim.report.words import Words

QUANTILES = ("best", "mean", "sd", "p05", "p25", "p50", "p75", "p95")
DESCRIBED = ("formula", "denominator", "region_rule", "source")
MOST_ROWS = 1_048_000
"""Excel ends at 1,048,576 rows."""


@dataclass(frozen=True)
class ChartPlace:
    """Where on a sheet one indicator stands: first and last row, columns of its series."""

    title: str
    look: str
    first: int
    last: int
    year: int
    median: int
    low: int
    high: int
    best: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: titles, widths, how a column looks, rows. `row_looks` overrides the columns named "value"."""

    name: str
    titles: Sequence[str]
    widths: Sequence[int]
    looks: Sequence[str]
    rows: Sequence[Sequence[Any]]
    row_looks: Sequence[str] = ()
    frozen: int = 0
    filtered: bool = True
    charts: Sequence[ChartPlace] = field(default_factory=tuple)

    def look(self, row: int, column: int) -> str:
        """Return the name of the number format of one cell."""
        look = self.looks[column]
        return self.row_looks[row] if look == "value" else look


def look_of(unit: str) -> str:
    """Return the number format of a unit."""
    if unit == "share":
        return "share"
    return "count" if unit in ("vehicles", "JPY") else "mass"


def summary_sheet(tables: RunTables, words: Words, indicators: Mapping[str, IndicatorInfo]) -> Sheet:
    """Headline with targets, gaps and chances."""
    rows, looks = [], []
    for row in headline_rows(tables, indicators, words.lang):
        for cell in row.cells:
            start = [name_of(row.indicator, words.lang), cell.year, _unit(row.indicator.unit, words)]
            country = cell.country.median if cell.country else None
            values = [cell.median, cell.low, cell.high, cell.best, country]
            for goal in cell.goals or (None,):
                if goal is None:
                    end: list[Any] = [words("headline.no_goal"), None, None, None, "", None]
                else:
                    said = gap_phrase(goal, row.indicator.unit, row.indicator.better, words)
                    chance = None if tables.is_single else goal.probability
                    end = [goal_name(goal, words), goal.since, goal.value, goal.gap, said, chance]
                rows.append([*start, *values, *end])
                looks.append(look_of(row.indicator.unit))
    titles = [
        words("indicator"), words("year"), words("unit_head"), words("median"), "5 %", "95 %", words("best"),
        words("book.country_median"), words("book.target_name"),
        f"{words('year')} ({words('target')})", words("target"),
        words("book.gap"), words("book.gap_words"), words("book.probability"),
    ]  # fmt: skip
    kinds = ["text", "year", "text", *["value"] * 5, "text", "year", "value", "value", "text", "share"]
    return Sheet(
        words("book.summary"), titles, [44, 8, 10, 13, 13, 13, 14, 14, 30, 12, 12, 14, 32, 16], kinds, rows, looks, 2
    )


def indicator_sheet(tables: RunTables, words: Words, indicators: Mapping[str, IndicatorInfo]) -> Sheet:
    """Every indicator, region and year, tidy."""
    names = {key: name_of(info, words.lang) for key, info in indicators.items()}
    regions = region_names(tables, words)
    frame = tables.indicators
    rows = [
        [row["indicator"], names.get(row["indicator"], row["indicator"]), regions.get(row["region"], row["region"]),
         row["year"], _unit(row["unit"], words), *(row[q] for q in QUANTILES)]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return Sheet(
        words("book.indicators"),
        [words("book.id"), words("indicator"), words("book.region"), words("year"), words("unit_head"),
         *_quantile_titles(words)],
        [32, 44, 14, 8, 12, *[13] * 8],
        ["text", "text", "text", "year", "text", *["value"] * 8],
        rows,
        [look_of(unit) for unit in frame["unit"]],
        2,
    )  # fmt: skip


def line_sheet(tables: RunTables, words: Words, indicators: Mapping[str, IndicatorInfo]) -> Sheet:
    """The headline in the focus, year by year, with a chart for each."""
    rows: list[list[Any]] = []
    looks: list[str] = []
    charts = []
    frame, wanted = tables.focus_figures, shown(tables, indicators)
    for key, info in indicators.items():
        mine = frame[frame["indicator"] == key]
        if info not in wanted or mine.empty:
            continue
        first, name = len(rows) + 1, name_of(info, words.lang)
        steps = targets_of(tables, key)
        for row in mine.to_dict("records"):
            past = steps[steps["year"] <= row["year"]]
            target = None if past.empty else float(past.sort_values("year").iloc[-1]["value"])
            rows.append([name, row["year"], *(row[q] for q in ("p50", "p05", "p25", "p75", "p95", "best")), target])
            looks.append(look_of(info.unit))
        title = f"{name} ({'%' if info.unit == 'share' else _unit(info.unit, words)})"
        charts.append(ChartPlace(title, look_of(info.unit), first, len(rows), 1, 2, 3, 6, 7))
    titles = [words("indicator"), words("year"), words("median"), "5 %", "25 %", "75 %", "95 %", words("best")]
    kinds = ["text", "year", *["value"] * 7]
    return Sheet(
        words("book.lines"), [*titles, words("target")], [44, 8, *[13] * 7], kinds, rows, looks, 2, charts=charts
    )


def flow_sheet(tables: RunTables, words: Words) -> Sheet:
    """Flows of the report years."""
    frame = tables.flows[tables.flows["year"].isin(tables.report_years)].head(MOST_ROWS)
    columns = ["year", "region", "region_to", "process_from", "process_to", "material", "alloy", "origin"]
    titles = [
        words("year"), words("book.region"), words("book.region_to"), words("from"), words("to"),
        words("book.material"), words("book.alloy"), words("origin_head"),
    ]  # fmt: skip
    masses = [f"{words(key)} (t)" for key in ("book.mean", "book.sd", "best")]
    regions = region_names(tables, words)
    processes = {*frame["process_from"].unique(), *frame["process_to"].unique()}
    names = {process: process_name(str(process), words) for process in processes}
    frame = frame.assign(
        region=_renamed(frame["region"], regions),
        region_to=_renamed(frame["region_to"], regions),
        process_from=frame["process_from"].map(names),
        process_to=frame["process_to"].map(names),
        material=frame["material"].map(lambda key: _named("path", str(key), words)),
        origin=frame["origin"].map(lambda key: _named("origin_name", str(key), words)),
    )
    rows = frame[[*columns, "mean", "sd", "best"]].to_numpy(dtype=object).tolist()
    kinds = ["year", *["text"] * 7, *["mass"] * 3]
    return Sheet(
        words("book.flows"), [*titles, *masses], [8, 14, 14, 22, 22, 12, 14, 12, 14, 14, 14], kinds, rows, frozen=1
    )


def stock_sheet(tables: RunTables, words: Words) -> Sheet:
    """Stocks of every year."""
    regions = region_names(tables, words)
    frame = tables.stocks.head(MOST_ROWS)
    frame = frame.assign(
        region=_renamed(frame["region"], regions),
        process=frame["process"].map(lambda p: process_name(str(p), words)),
        material=frame["material"].map(lambda key: _named("path", str(key), words)),
        origin=frame["origin"].map(lambda key: _named("origin_name", str(key), words)),
        unit=frame["unit"].map(lambda key: unit_name(str(key), words)),
    )
    columns = ["year", "region", "process", "material", "alloy", "origin", "unit", "mean", "sd", "best"]
    titles = [
        words("year"), words("book.region"), words("book.process"), words("book.material"), words("book.alloy"),
        words("origin_head"), words("unit_head"), words("book.mean"), words("book.sd"), words("best"),
    ]  # fmt: skip
    rows = frame[columns].to_numpy(dtype=object).tolist()
    kinds = ["year", *["text"] * 6, *["mass"] * 3]
    return Sheet(words("book.stocks"), titles, [8, 14, 18, 12, 18, 12, 10, 14, 14, 14], kinds, rows, frozen=1)


def source_sheet(tables: RunTables, words: Words, indicators: Mapping[str, IndicatorInfo]) -> Sheet:
    """Every input, with the share of each headline's spread it explains."""
    frame = tables.sources
    columns = ["path", "name", "value", "low", "high", "unit", "source", "url", "status", "note", "key"]
    shares = [c for c in frame.columns if c.startswith("share_")]
    titles = [
        words("book.path"), words("book.name"), words("doubt.value"), "5 %", "95 %", words("unit_head"),
        words("doubt.source"), words("book.url"), words("doubt.status"), words("book.note"), words("book.key"),
        *(_share_title(c, words, indicators) for c in shares),
    ]  # fmt: skip
    rows = []
    for row in frame.to_dict("records"):
        status = words(f"doubt.{row['status']}")
        row |= {"status": status, "name": input_name(row, words, tables), "unit": unit_name(str(row["unit"]), words)}
        row["source"] = source_name(str(row["source"]), words)
        values = [row[column] for column in columns]
        rows.append([*(_cell(value) for value in values), *(row[c] for c in shares)])
    kinds = ["text", "text", "number", "number", "number", *["text"] * 6, *["share"] * len(shares)]
    widths = [38, 34, 12, 12, 12, 10, 40, 30, 12, 30, 16, *[18] * len(shares)]
    return Sheet(words("book.sources"), titles, widths, kinds, rows, frozen=2)


def limit_sheet(tables: RunTables, words: Words) -> Sheet:
    """Which element stops more scrap and what a step of its limit is worth, by alloy, region and year; focus first."""
    regions = region_names(tables, words)
    none = {"none": words("book.none")}
    frame = tables.limits
    frame = frame.sort_values("region", kind="stable", key=lambda column: column != tables.focus)
    told = [column for column in ("more_scrap_p50_t", "more_scrap_p05_t", "more_scrap_p95_t") if column in frame]
    rows = [
        [row["year"], regions.get(row["region"], row["region"]), row["alloy"],
         none.get(row["element"], row["element"]), row["share_of_draws"], *(row[c] for c in told),
         row["price_jpy_per_t"]]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    more = [f"book.more_{column.split('_')[2]}" for column in told]
    heads = ("year", "book.region", "limit.alloy", "book.element", "book.share_of_draws", *more, "book.price")
    kinds = ["year", "text", "text", "text", "share", *["mass"] * len(told), "count"]
    widths = [8, 26, 10, 10, 14, 26, 14, 14, 26] if told else [8, 26, 10, 10, 14, 26]
    return Sheet(words("book.limits"), [words(key) for key in heads], widths, kinds, rows, frozen=4)


def goal_sheet(tables: RunTables, words: Words, indicators: Mapping[str, IndicatorInfo]) -> Sheet:
    """All targets, each with its own year, what is compared with it and how it stands."""
    goals = goal_rows(tables, indicators, words)
    rows = [
        [goal.name, words("legal" if goal.legal else "voluntary"), goal.year, _unit(goal.unit, words), goal.value,
         name_of(goal.indicator, words.lang), goal.place, goal.gap, goal.count, goal.note, goal.source,
         words(f"doubt.{goal.status}")]
        for goal in goals
    ]  # fmt: skip
    heads = ("goals.name", "goals.law", "goals.since", "unit_head", "target", "indicator", "book.region",
             "headline.gap", "headline.count", "book.note", "doubt.source", "doubt.status")  # fmt: skip
    kinds = ["text", "text", "year", "text", "value", *["text"] * 7]
    looks = [look_of(goal.unit) for goal in goals]
    widths = [34, 14, 8, 10, 12, 44, 14, 34, 34, 60, 40, 12]
    return Sheet(words("book.goals"), [words(key) for key in heads], widths, kinds, rows, looks, 1)


def loss_sheet(tables: RunTables, words: Words) -> Sheet:
    """What becomes of the material of cars that leave use, every report year; rows of a year add up to the whole."""
    rows: list[list[Any]] = []
    for group in ("aluminium_6xxx", "plastics"):
        for year in tables.report_years:
            account = losses(tables, group, year)
            for fate in account.fates if account else ():
                told = f"back_{group}" if fate.outlet == "back" else fate.outlet
                rows.append([words(f"material.{group}"), year, words(f"loss.{told}"), fate.mass, fate.share])
    heads = [
        words("book.material"),
        words("year"),
        words("book.fate"),
        f"{words('book.mean')} (t)",
        words("share_head"),
    ]
    return Sheet(words("book.losses"), heads, [24, 8, 56, 14, 12], ["text", "year", "text", "mass", "share"], rows)


def note_sheet(tables: RunTables, words: Words, indicators: Mapping[str, IndicatorInfo]) -> Sheet:
    """How to read the book, how the run was made, and what each indicator is."""
    run, lang = tables.run, words.lang
    rows: list[list[Any]] = [
        [words("about.scenario"), in_language(run["scenario"]["name"], lang)],
        ["", in_language(run["scenario"]["summary"], lang)],
        [words("about.region"), in_language(run["focus"]["name"], lang)],
        *[["", words(f"about.{key}")] for key in ("what", "reading_median", "reading_range", "reading_best")],
        ["", words("book.file_note")],
        ["", words("book.flows_note")],
        ["", words("book.limits_note")],
        [words("doubt.version"), str(run["cesim"])],
        [words("doubt.hash"), str(run["scenario"]["hash"])],
        [words("doubt.seed"), run["seed"]],
        [words("doubt.draws"), run["draws"]],
        [words("doubt.certificate_head"), words("doubt.passed" if run["certificate"]["passed"] else "doubt.failed")],
        [words("doubt.worst"), run["certificate"]["worst"]],
        [words("doubt.where"), spot(str(run["certificate"]["where"]), words, tables)],
    ]
    for info in indicators.values():
        parts = {words(f"table.{what}"): described(info, what, lang) for what in DESCRIBED}
        said = "; ".join(f"{head}: {part}" for head, part in parts.items() if part)
        rows.append([name_of(info, lang), said])
    for key in keys(lang, "report.terms."):
        ja, en, meaning = words(key.removeprefix("report.")).split(" | ")
        rows.append([f"{ja} / {en}", meaning])
    titles = [words("book.notes"), ""]
    return Sheet(words("book.notes"), titles, [44, 130], ["text", "number"], rows, frozen=0, filtered=False)


def region_names(tables: RunTables, words: Words) -> dict[str, str]:
    """Return the name of each region and of the focus."""
    return place_names(tables, words) | {COUNTRY: words("book.whole")}


def _named(room: str, key: str, words: Words) -> str:
    return words(f"{room}.{key}") if has(f"report.{room}.{key}", words.lang) else key


def _renamed(column: pd.Series, names: Mapping[str, str]) -> pd.Series:
    return column.map(lambda key: names.get(str(key), str(key)))


def _unit(unit: str, words: Words) -> str:
    """Unit of an indicator; shares stand as per cent."""
    return "%" if unit == "share" else unit_name(unit, words)


def _quantile_titles(words: Words) -> list[str]:
    return [words("best"), words("book.mean"), words("book.sd"), "5 %", "25 %", words("median"), "75 %", "95 %"]


def _share_title(column: str, words: Words, indicators: Mapping[str, IndicatorInfo]) -> str:
    parts = column.removeprefix("share_").split("|")
    name = name_of(indicators[parts[0]], words.lang) if parts[0] in indicators else parts[0]
    return " ".join([words("share_head") + ":", name, *parts[2:]])


def _cell(value: object) -> object:
    return value if value is None or isinstance(value, (int, float, str)) else str(value)
