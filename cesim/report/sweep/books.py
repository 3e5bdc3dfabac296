"""The answers of a sweep as files: a page, a workbook with the same numbers unrounded, and CSV that Excel opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.indicators import INDICATORS
from cesim.report.book import opened, write
from cesim.report.sheets import Sheet
from cesim.report.sweep.discovery import discovery_page
from cesim.report.sweep.frames import discovery_frames, sensitivity_frames, summary_frames
from cesim.report.sweep.sensitivity import sensitivity_page
from cesim.report.sweep.summary import summary_page
from cesim.report.sweep.terminal import discovery_lines, sensitivity_lines, summary_lines
from cesim.report.sweep.varied import names_of
from cesim.text import has

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from cesim.report.sweep.varied import Names
    from cesim.scenario.model import Scenario
    from cesim.sweep.answers.discovery import Discovered
    from cesim.sweep.answers.sensitivities import Sensitivities
    from cesim.sweep.answers.summary import Summary
    from cesim.text import Language

PAGE, BOOK = "report.html", "results.xlsx"
METHOD = 9
"""Most sentences on method that a page has."""
MOST_ROWS = 1_000_000
"""Excel ends at 1,048,576 rows; a CSV file does not."""
WIDE, NARROW = 46, 14


def write_summary(folder: Path, scenario: Scenario, found: Summary, lang: Language) -> None:
    """Write the page, the workbook and a CSV file a table of a study into its folder."""
    _written(folder, summary_page(scenario, found, lang), summary_lines(scenario, found, lang),
             summary_frames(found), names_of(scenario, lang), "sweep")  # fmt: skip


def write_sensitivity(folder: Path, scenario: Scenario, found: Sensitivities, lang: Language) -> None:
    """Write the page, the workbook and a CSV file a table of an analysis."""
    _written(folder, sensitivity_page(scenario, found, lang), sensitivity_lines(scenario, found, lang),
             sensitivity_frames(found), names_of(scenario, lang), f"sensitivity_{found.method}")  # fmt: skip


def write_discovery(folder: Path, scenario: Scenario, found: Discovered, lang: Language) -> None:
    """Write the page, the workbook and a CSV file a table of a discovery."""
    _written(folder, discovery_page(scenario, found, lang), discovery_lines(scenario, found, lang),
             discovery_frames(found), names_of(scenario, lang), "discover")  # fmt: skip


def _written(
    folder: Path, page: str, lines: Sequence[str], frames: Mapping[str, pd.DataFrame], names: Names, kind: str
) -> None:
    (folder / PAGE).write_text(page, encoding="utf-8")
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    book, looks = opened(folder / BOOK)
    for sheet in (_notes(lines, names, kind), *(_sheet(name, frame, names) for name, frame in frames.items())):
        write(book.add_worksheet(sheet.name), sheet, looks)
    book.close()


def _notes(lines: Sequence[str], names: Names, kind: str) -> Sheet:
    say, title = names.writer.say, names.say("book.notes")
    rows: list[list[Any]] = [["", told] for told in lines if told]
    rows += [[say("method_head"), say(f"{kind}.method_{at}")] for at in range(1, METHOD + 1)
             if has(f"report.casthouse.{kind}.method_{at}", names.lang)]  # fmt: skip
    return Sheet(title, [title, ""], [30, 130], ["text", "text"], rows, filtered=False)


def _sheet(name: str, frame: pd.DataFrame, names: Names) -> Sheet:
    """Return a table with its names in words beside the names in files."""
    titles, widths, kinds, columns = [], [], [], []
    for key in map(str, frame.columns):
        cells = list(frame[key])[:MOST_ROWS]
        if key in ("factor", "other", "indicator", "region"):
            titles.append(names.say(f"column_in_words.{key}"))
            columns.append([_in_words(names, key, cell) for cell in cells])
            widths.append(WIDE)
            kinds.append("text")
        titles.append(_title(names, key))
        columns.append([_plain(cell) for cell in cells])
        is_text = any(isinstance(cell, str) for cell in columns[-1])
        widths.append(24 if is_text else NARROW)
        kinds.append("text" if is_text else "year" if key == "year" else "number")
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Sheet(names.say(f"book.{name}"), titles, widths, kinds, rows, frozen=1)


def _title(names: Names, key: str) -> str:
    """Head of a column: the word for it, else the result it is of, else as it stands in the files."""
    if has(f"report.casthouse.sweep.file_column.{key}", names.lang):
        return names.say(f"file_column.{key}")
    parts = key.split("|")
    if len(parts) == 3 and parts[0] in INDICATORS:
        return names.series((parts[0], parts[1], int(parts[2])))
    return key


def _in_words(names: Names, key: str, cell: Any) -> str:
    if not isinstance(cell, str) or not cell:
        return ""
    if key == "indicator":
        return names.indicator(cell)
    return names.place(cell) if key == "region" else names.varied(cell)


def _plain(cell: Any) -> Any:
    """Return a cell as the workbook writes it: nothing for nothing, numbers as they are."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool) or type(cell).__name__ == "bool_":
        return bool(cell)
    return float(cell)
