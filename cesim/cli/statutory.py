"""`cesim statutory [RUN] [--maker SHEET.xlsx]`: report and plan under Japan's Resource Act, statement for the EU."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import DONE, Fault, InputError

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.orders.maker import MakerSheet, Period
    from cesim.report.statutory import Statement
    from cesim.run import Run

MAIN_YEAR = 2035
"""The year of a run that is shown where none is asked for, if the run reports it."""


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", nargs="?", metavar="RUN", help=parser.word("statutory_run"))
    parser.add_argument("--maker", metavar="SHEET.xlsx", help=parser.word("statutory_maker"))
    parser.add_argument("--year", type=parser.year("year"), metavar="YYYY", help=parser.word("statutory_year"))
    parser.add_argument("--fiscal", action="store_true", help=parser.word("statutory_fiscal"))
    parser.add_argument("--out", metavar="FOLDER", help=parser.word("statutory_out"))
    parser.add_argument("--template", metavar="FILE.xlsx", help=parser.word("statutory_template"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Write the folder, or the sheet to fill in."""
    if options.template is not None:
        return _template(options)
    from cesim.report.statutory import write_statutory
    from cesim.report.statutory.folder import check_folder

    if options.run is None and options.maker is None:
        raise InputError([Fault("statutory_needs_run")])
    target = _target(options)
    check_folder(target)
    statement = _statement(options)
    write_statutory(target, statement, options.lang)
    _tell(statement, target, options)
    return DONE


def _template(options: argparse.Namespace) -> int:
    from cesim.orders.maker import write_template
    from cesim.text import say

    given = [name for name in ("run", "maker", "year", "out") if getattr(options, name) is not None]
    if given or options.fiscal:
        other = given[0].upper() if given[:1] == ["run"] else f"--{(given or ['fiscal'])[0]}"
        raise InputError([Fault("options_exclude", arguments={"found": other, "other": "--template"})])
    written = write_template(Path(options.template), options.lang)
    print(say("cli.statutory.template", options.lang, file=written))
    return DONE


def _target(options: argparse.Namespace) -> Path:
    """Return the folder to write: that of `--out`, else one beside the run or the sheet."""
    if options.out is not None:
        if not options.out.strip():
            raise InputError([Fault("option_needs_value", arguments={"found": "--out"})])
        return Path(options.out)
    here = Path(options.run or options.maker).absolute()
    return here.with_name(f"{here.name if options.run else here.stem}-statutory")


def _statement(options: argparse.Namespace) -> Statement:
    """Return what was asked; raises `InputError` with the faults of the sheet and of the run together."""
    from cesim.orders.maker import read_maker
    from cesim.report.statutory import national, of_country, of_maker
    from cesim.run import open_run

    faults: list[Fault] = []
    sheet: MakerSheet | None = None
    opened: Run | None = None
    try:
        sheet = read_maker(Path(options.maker)) if options.maker is not None else None
    except InputError as error:
        faults += error.faults
    try:
        opened = open_run(options.run) if options.run is not None else None
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    period = _period(options, sheet, opened)
    found = national(opened, period) if opened is not None else None
    if sheet is not None:
        return of_maker(sheet, found)
    assert found is not None
    return of_country(found)


def _period(options: argparse.Namespace, sheet: MakerSheet | None, opened: Run | None) -> Period:
    """Return the twelve months: those of the sheet, which options may only confirm; else those asked for."""
    from cesim.orders.maker import Period

    if sheet is not None:
        asked = Period(options.year or sheet.period.year, options.fiscal or sheet.period.is_fiscal)
        if asked != sheet.period:
            told = {"found": str(asked), "other": str(sheet.period)}
            raise InputError([Fault("statutory_other_year", arguments=told)])
        return asked
    assert opened is not None
    years = [int(year) for year in opened.about["report_years"]]
    usual = MAIN_YEAR if MAIN_YEAR in years else years[len(years) // 2]
    return Period(options.year or usual, options.fiscal)


def _tell(statement: Statement, target: Path, options: argparse.Namespace) -> None:
    """Print the headline, or the streams as data."""
    from cesim.report.statutory.counting import COUNTED, STREAMS
    from cesim.report.statutory.headline import alarms, headline, remarks
    from cesim.report.statutory.view import view_of
    from cesim.text import say

    view = view_of(statement, options.lang)
    if options.json:
        streams = [
            {"origin": one, "kg": statement.whole.kg[one], **{book: one in of for book, of in COUNTED.items()}}
            for one in STREAMS
        ]
        counted = {book: statement.whole.counted(book) for book in COUNTED}
        told = {"folder": str(target), "period": str(statement.period), "is_national": statement.is_national,
                "watermark": view.watermark, "plastics_kg": statement.whole.total, "counted_kg": counted,
                "streams": streams}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return
    for line in (*alarms(view), *headline(view), *remarks(view)):
        print(line)
    print(say("cli.run.written", options.lang, folder=str(target)))
