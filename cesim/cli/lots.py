"""`cesim lots FILE`: the cars of a region lot by lot; what is realised, and what keeps the rest away."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cesim.cli.records import records
from cesim.errors import DONE, Fault, InputError, NoAnswer, Place

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.run.lots import LotRun
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario
    from cesim.text import Language


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help=parser.word("file"))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help=parser.word("set"))
    parser.add_argument("--year", "--from", type=parser.year("year"), metavar="YEAR", help=parser.word("lots_year"))
    parser.add_argument("--to", type=parser.year("to"), metavar="YEAR", help=parser.word("lots_to"))
    parser.add_argument("--draws", type=parser.whole("draws"), default=1, metavar="N", help=parser.word("draws"))
    parser.add_argument("--seed", type=parser.whole("seed"), default=0, metavar="N", help=parser.word("seed"))
    parser.add_argument("--batch", type=parser.whole("batch"), default=20, metavar="N", help=parser.word("lots_batch"))
    parser.add_argument("--workers", type=parser.whole("workers"), metavar="N", help=parser.word("lots_workers"))
    parser.add_argument("--out", metavar="DIR", help=parser.word("out"))
    parser.add_argument("--resume", action="store_true", help=parser.word("lots_resume"))
    parser.add_argument("--no-losses", action="store_true", help=parser.word("lots_no_losses"))
    parser.add_argument("--trace", action="store_true", help=parser.word("lots_trace"))
    parser.add_argument("--worth", action="store_true", help=parser.word("lots_worth"))
    parser.add_argument("--no-report", action="store_true", help=parser.word("no_report"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Run it; exit code 3 when the balance has no answer or a law is broken."""
    from cesim.cli.progress import Progress
    from cesim.run.lots import simulate_lots
    from cesim.text import say

    loaded, target = _asked(options)
    try:
        with Progress(options.lang) as progress:
            found = simulate_lots(
                loaded, options.year, to=options.to, seed=options.seed, draws=options.draws, batch=options.batch,
                workers=options.workers, with_losses=not options.no_losses,
                traced=options.trace, worth=options.worth, folder=target, resume=options.resume,
                progress=progress,
                finish=None if options.no_report else lambda folder: documents(folder, options.lang),
            )  # fmt: skip
    except KeyboardInterrupt:
        print(say("cli.lots.resume", options.lang, file=options.file), file=sys.stderr)
        raise
    _tell(found, options)
    if not found.about["laws_of_all"]:
        worst = found.certificate.worst
        raise NoAnswer([Fault("laws_broken", Place(model=f"{worst.name}: {worst.where}"))])
    if not found.about["mirror"]["agrees"]:
        raise NoAnswer([Fault("engines_differ", Place(model=found.about["mirror"]["where"]))])
    return DONE


def documents(folder: Path, lang: Language) -> None:
    """Write report and workbook beside the tables."""
    from cesim.report.lots import write_lot_report, write_lot_workbook
    from cesim.run.lots import TRACE, open_lot_run

    found = open_lot_run(folder)
    write_lot_report(folder, found, lang)
    write_lot_workbook(folder, found, lang)
    if (folder / TRACE).is_dir():
        from cesim.cli.trace_make import documents as trace_documents
        from cesim.run.trace.folders import open_tracing

        trace_documents(folder / TRACE, open_tracing(folder / TRACE), lang)


def _asked(options: argparse.Namespace) -> tuple[Loaded[Scenario], Path]:
    """Return the scenario and the folder to write; raises `InputError` with the faults of both."""
    from cesim.cli.reading import read_scenario
    from cesim.run.folder import check_can_be_folder

    target = Path("runs") / f"{Path(options.file).stem}-lots" if options.out is None else Path(options.out)
    loaded, found = read_scenario(options.file, options.set)
    try:
        if options.out is not None and not options.out.strip():
            raise InputError([Fault("option_needs_value", arguments={"found": "--out"})])
        check_can_be_folder(target)
    except InputError as error:
        found = (*found, *error.faults)
    if loaded is None or found:
        raise InputError(found)
    return loaded, target


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    try:
        _asked(options)
    except InputError as error:
        return error.faults
    return ()


def _tell(found: LotRun, options: argparse.Namespace) -> None:
    """Print the headline, or the tables as data."""
    if options.json:
        names = ("losses", "metal", "indicators", "heats", "transport")
        held = records({name: found.tables[name] for name in names})
        about = {key: value for key, value in found.about.items() if key != "scenario"}
        about["scenario"] = {k: v for k, v in found.about["scenario"].items() if k != "resolved"}
        print(json.dumps({"folder": str(found.folder), "run": about, **held}, ensure_ascii=False))
        return
    from cesim.report.lot_terminal import summary
    from cesim.text import say

    print(summary(found, options.lang))
    if options.trace or options.worth:
        from cesim.report.trace_terminal import summary as trace_summary
        from cesim.run.lots import TRACE
        from cesim.run.trace.folders import open_tracing

        print(trace_summary(open_tracing(found.folder / TRACE), options.lang))
    print(say("cli.run.written", options.lang, folder=str(found.folder)))
