"""`cesim report RUNDIR`: write report and workbook of a finished run or sweep again, in either language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import DONE, Fault, InputError, Place
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("rundir", metavar="RUNDIR", help=parser.word("rundir"))


def run(options: argparse.Namespace) -> int:
    """Write the documents into the folder of the run, or of the sweep."""
    from cesim.cli import lots, sweep
    from cesim.cli.run import documents
    from cesim.run import open_run
    from cesim.run.record import LOTS, kind_of
    from cesim.sweep.store.lock import read_lock
    from cesim.sweep.store.whole import LOCK

    folder = Path(options.rundir)
    if kind_of(folder) == LOTS:
        lots.documents(folder, options.lang)
    elif (folder / LOCK).is_file():
        if (shard := read_lock(folder).shard) is not None:
            raise InputError([Fault("sweep_report_of_shard", Place(str(folder)), {"found": "{}/{}".format(*shard)})])
        sweep.reported(folder, options.lang)
    else:
        open_run(folder)
        documents(folder, options.lang)
    print(say("cli.run.written", options.lang, folder=str(folder)))
    return DONE
