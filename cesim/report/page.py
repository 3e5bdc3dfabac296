"""The report: one HTML file that explains itself and loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cesim.report import numbers
from cesim.report.doubt import STATUSES, drivers, inputs_json, resting
from cesim.report.goals import goal_rows
from cesim.report.headline import family_of, headline_rows, next_step
from cesim.report.inlined import asset, packed
from cesim.report.kept_templates import KeptTemplates
from cesim.report.limit_bars import bars
from cesim.report.limits import elements, in_short, limits
from cesim.report.lines import figure_json, line_of, rows_of, still
from cesim.report.losses import losses
from cesim.report.paths import spot
from cesim.report.phrases import (
    count_phrase,
    crossing_phrase,
    gap_phrase,
    goal_name,
    limit_phrases,
    rests_phrase,
    variant_phrase,
)
from cesim.report.read import described, in_language, name_of, read_run, returned, same_units
from cesim.report.sankey_labels import node_name
from cesim.report.sankey_notes import gathered, note
from cesim.report.sankey_svg import material_flow
from cesim.report.sankey_views import VIEWS
from cesim.report.words import Words
from cesim.text import has, keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from cesim.report.headline import Cell, Goal, Row
    from cesim.report.read import IndicatorInfo, RunTables
    from cesim.text import Language

FAMILIES = ("aluminium", "plastics", "other")
_TEMPLATES = KeptTemplates()


def write_report(folder: Path, lang: Language, indicators: Mapping[str, IndicatorInfo]) -> Path:
    """Write `report.html` in `lang` into the run folder and return its path."""
    html = render(read_run(folder), lang, indicators)
    path = folder / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


def render(tables: RunTables, lang: Language, indicators: Mapping[str, IndicatorInfo]) -> str:
    """Return the page as text."""
    words = Words(lang)
    room = Environment(
        loader=PackageLoader("cesim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_TEMPLATES,
    )
    room.globals.update(
        w=words,
        lang=lang,
        write=lambda value, unit: numbers.write(value, unit, words),
        write_range=lambda low, high, unit, size=None: numbers.write_range(low, high, unit, words, size),
        spot=lambda where: spot(where, words, tables),
        check_name=lambda name: words(f"check.{name}") if has(f"report.check.{name}", lang) else name,
        limit_phrases=lambda short: limit_phrases(short, int(tables.run["draws"]), words),
        variant=lambda name, choice: variant_phrase(name, choice, words),
        described=lambda info, what: described(info, what, lang),
        told=lambda text: in_language(text, lang),
        flow_note=lambda flow, year: note(tables, flow, year, words),
        flow_gathered=lambda flow: gathered(flow, words),
        name_of=lambda info: name_of(info, lang),
        node_name=lambda node, merged=0: node_name(node, words, merged),
        gap=lambda goal, info: gap_phrase(goal, info.unit, info.better, words),
        goal_name=lambda goal: goal_name(goal, words),
        count=lambda goal: count_phrase(goal, int(tables.run["draws"]), words),
    )
    return room.get_template("report.html.j2").render(_content(tables, words, indicators))


def _content(tables: RunTables, words: Words, indicators: Mapping[str, IndicatorInfo]) -> dict[str, Any]:
    lang = words.lang
    same_units(tables, indicators)
    rows = headline_rows(tables, indicators, lang)
    found, bounds = drivers(tables, indicators, words), limits(tables)
    flows = [material_flow(tables, material, words, only_elv=only_elv) for material, only_elv in VIEWS]
    groups = ("aluminium_6xxx", "plastics")
    return {
        "run": tables.run,
        "region": in_language(tables.run["focus"]["name"], lang),
        "years": tables.report_years,
        "main_year": tables.main_year,
        "cards": _cards(rows),
        "aims": lambda members: _aims(members, tables.main_year),
        "next_step": lambda info, year: next_step(tables, info.id, year),
        "charts": _charts(tables, rows, words),
        "flows": [flow for flow in flows if flow is not None],
        "losses": [
            (group, losses(tables, group, tables.main_year), returned(tables, group, tables.main_year))
            for group in groups
        ],
        "indicator_rows": _indicator_rows(tables, indicators),
        "statuses": STATUSES,
        "drivers": found,
        "rests": {key: rests_phrase(driver, words) for key, driver in resting(found).items()},
        "goals": goal_rows(tables, indicators, words),
        "inputs": Markup(inputs_json(tables, words)),
        "listed": int((tables.sources["status"] != "given").sum()),
        "given": int((tables.sources["status"] == "given").sum()),
        "counts": {"given": 0, **tables.run["inputs"]},
        "single": tables.is_single,
        "limits": bounds,
        "limits_in_short": in_short(bounds, tables.main_year),
        "limit_elements": elements(bounds),
        "limit_bars": lambda by_year: bars(by_year, elements(bounds), words),
        "terms": [words(key.removeprefix("report.")).split(" | ") for key in keys(lang, "report.terms.")],
        "style": asset("templates/report.css"),
        "script": asset("templates/report.js"),
        "plotly": packed("assets/plotly-basic.min.js"),
    }


def _cards(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """Gather the headline by family, tonnes before rates."""
    cards = []
    for family in FAMILIES:
        mine = [row for row in rows if family_of(row.indicator.id) == family]
        if mine:
            cards.append((family, sorted(mine, key=lambda row: row.indicator.unit == "share")))
    return cards


def _aims(rows: list[Row], year: int) -> list[tuple[Row, Cell, Goal]]:
    """Return what the first indicator that has targets in `year` has reached of them."""
    for row in rows:
        found = [(row, cell, goal) for cell in row.cells if cell.year == year for goal in cell.goals]
        if found:
            return found
    return []


@dataclass(frozen=True)
class Chart:
    """One time line as the template needs it."""

    key: str
    name: str
    unit: str
    figure: Markup
    still: Markup
    rows: list[Mapping[str, Any]]
    reached: list[str]
    """When the median reaches each target."""
    why: str
    """Why the line runs as it does, where a reader would wonder."""


def _charts(tables: RunTables, rows: list[Row], words: Words) -> list[Chart]:
    charts = []
    for family, members in _cards(rows):
        for row in members:
            line = line_of(tables, row.indicator, family, words)
            if line is None:
                continue
            figure = Markup(figure_json(line, words))
            unit, single = row.indicator.unit, tables.is_single
            reached = [crossing_phrase(crossing, unit, words, single=single) for crossing in line.crossings]
            key = f"why.{row.indicator.id}"
            why = words(key) if has(f"report.{key}", words.lang) else ""
            charts.append(
                Chart(
                    row.indicator.id, line.name, line.scale.symbol, figure, still(line, words), rows_of(line), reached,
                    why,
                )
            )  # fmt: skip
    return charts


def _indicator_rows(
    tables: RunTables, indicators: Mapping[str, IndicatorInfo]
) -> list[tuple[IndicatorInfo, dict[int, Mapping[Any, Any]], dict[int, Mapping[Any, Any]]]]:
    """Return every indicator of the registry that the run has, with its report years: focus, whole country."""
    focus, country = (_by_year(tables, frame) for frame in (tables.focus_figures, tables.country_figures))
    return [(info, focus[key], country.get(key, {})) for key, info in indicators.items() if key in focus]


def _by_year(tables: RunTables, frame: pd.DataFrame) -> dict[str, dict[int, Mapping[Any, Any]]]:
    found: dict[str, dict[int, Mapping[Any, Any]]] = {}
    for row in frame[frame["year"].isin(tables.report_years)].to_dict("records"):
        found.setdefault(str(row["indicator"]), {})[int(row["year"])] = row
    return found
