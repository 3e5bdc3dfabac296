"""The headline in plain text, for the end of a run."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from cesim.report.headline import headline_rows
from cesim.report.numbers import write, write_range
from cesim.report.paths import spot
from cesim.report.phrases import count_phrase, gap_phrase, goal_name
from cesim.report.read import in_language, name_of
from cesim.report.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.report.headline import Row
    from cesim.report.read import IndicatorInfo, RunTables
    from cesim.text import Language

WIDTH = 100
"""No line is wider than this many half-width columns."""


def summary(tables: RunTables, lang: Language, indicators: Mapping[str, IndicatorInfo]) -> str:
    """Return the headline, the mass balance and the inputs by status, in lines of at most 100 columns."""
    words = Words(lang)
    run = tables.run
    region, scenario = in_language(run["focus"]["name"], lang), in_language(run["scenario"]["name"], lang)
    lines = [words("terminal.head", region=region, scenario=one_line(scenario)), ""]
    for row in headline_rows(tables, indicators, lang):
        lines += [*_lines_of(row, int(run["draws"]), words), ""]
    certificate = run["certificate"]
    state = "terminal.balance_ok" if certificate["passed"] else "terminal.balance_bad"
    lines.append(
        words(
            state, worst=f"{certificate['worst']:.1e}", where=one_line(spot(str(certificate["where"]), words, tables))
        )
    )
    lines.append(words("terminal.inputs", **{"given": 0, **run["inputs"]}, draws=f"{run['draws']:,}", seed=run["seed"]))
    return "\n".join(cut(line, WIDTH) for line in lines) + "\n"


def _lines_of(row: Row, draws: int, words: Words) -> list[str]:
    """Name of the indicator, then a line a year, then a line for each target in force."""
    info = row.indicator
    lines = [f"{name_of(info, words.lang)} — {words('terminal.columns' if draws > 1 else 'terminal.column')}"]
    for cell in row.cells:
        value = fill(write(cell.median, info.unit, words), 16, right=True)
        spread = f"  ({write_range(cell.low, cell.high, info.unit, words, cell.median)})" if draws > 1 else ""
        lines.append(f"  {cell.year}  {value}{spread}")
        if cell.country and any(goal.national for goal in cell.goals):
            country = write(cell.country.median, info.unit, words)
            lines.append(f"        {words('headline.country', value=country)}")
        for goal in cell.goals:
            lines.append(f"        {words('target')}: {goal_name(goal, words)} {write(goal.value, info.unit, words)}")
            said = gap_phrase(goal, info.unit, info.better, words)
            lines.append(f"          {said}; {count_phrase(goal, draws, words)}")
    return lines


def columns_of(text: str) -> int:
    """Width of `text` on a terminal: full-width characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def fill(text: str, width: int, *, right: bool = False) -> str:
    """Pad `text` with spaces to `width` columns."""
    space = " " * max(width - columns_of(text), 0)
    return space + text if right else text + space


def cut(text: str, width: int) -> str:
    """Shorten `text` to `width` columns, ending in dots where something was left out."""
    if columns_of(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        used += columns_of(char)
        if used > width - 3:
            break
        kept += char
    return kept + "..."


def one_line(text: str) -> str:
    """Return `text` without line ends and control characters, which a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in text)
