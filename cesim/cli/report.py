"""`cesim report RUNDIR`: write report and workbook of a finished run again, in either language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import DONE
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("rundir", metavar="RUNDIR", help=parser.word("rundir"))


def run(options: argparse.Namespace) -> int:
    """Write both documents into the run folder."""
    from cesim.cli import lots
    from cesim.cli.run import documents
    from cesim.run import open_run
    from cesim.run.record import LOTS, kind_of

    folder = Path(options.rundir)
    if kind_of(folder) == LOTS:
        lots.documents(folder, options.lang)
    else:
        open_run(folder)
        documents(folder, options.lang)
    print(say("cli.run.written", options.lang, folder=str(folder)))
    return DONE
