"""`cesim compare A B C`: scenarios side by side with the same luck; what differs, and what it comes to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cesim.cli.records import records
from cesim.errors import DONE, Fault, InputError

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from cesim.cli.parser import Parser
    from cesim.plan.comparing import Comparison
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="+", metavar="FILE", help=parser.word("compare_files"))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help=parser.word("compare_set"))
    parser.add_argument("--draws", type=parser.whole("draws"), default=200, metavar="N", help=parser.word("draws"))
    parser.add_argument("--seed", type=parser.whole("seed"), default=0, metavar="N", help=parser.word("seed"))
    parser.add_argument("--workers", type=parser.whole("workers"), metavar="N", help=parser.word("lots_workers"))
    parser.add_argument("--out", metavar="DIR", help=parser.word("compare_out"))
    parser.add_argument("--no-report", action="store_true", help=parser.word("no_report"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Solve all, print the differences, write page and workbook."""
    from cesim.cli.progress import Progress, patience
    from cesim.plan.comparing import compare

    loaded, target = _asked(options)
    with patience(options.lang), Progress(options.lang) as progress:
        found = compare(loaded, options.draws, options.seed, options.workers, progress)
    if not options.no_report:
        _write(target, found, options)
    _tell(found, None if options.no_report else target, options)
    return DONE


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    try:
        _asked(options)
    except InputError as error:
        return error.faults
    return ()


def _asked(options: argparse.Namespace) -> tuple[list[Loaded[Scenario]], Path]:
    """Return the scenarios and the folder; raises `InputError` with the faults of all."""
    from cesim.cli.faults import once
    from cesim.cli.reading import read_scenario
    from cesim.plan.folder import check_target

    read = [read_scenario(file, options.set) for file in options.file]
    wrong = list(once([faults for _, faults in read]))
    if len(options.file) < 2:
        wrong.append(Fault("compare_needs_two", arguments={"found": len(options.file)}))
    if options.out is not None and not options.out.strip():
        wrong.append(Fault("option_needs_value", arguments={"found": "--out"}))
    name = "-".join(Path(file).stem for file in options.file)[:80]
    target = Path("runs") / f"compare-{name}" if not options.out else Path(options.out)
    try:
        check_target(target, "compare")
    except InputError as error:
        wrong += error.faults
    if wrong:
        raise InputError(wrong)
    return [loaded for loaded, _ in read if loaded is not None], target


def _write(target: Path, found: Comparison, options: argparse.Namespace) -> None:
    from cesim.plan.folder import provenance, save
    from cesim.report.compare import comparison_page, write_comparison_workbook

    def documents(folder: Path) -> None:
        (folder / "report.html").write_text(comparison_page(found, options.lang), encoding="utf-8")
        write_comparison_workbook(folder / "results.xlsx", found, options.lang)

    about = {"draws": found.draws, "seed": found.seed, "scenarios": [provenance(one) for one in found.loaded]}
    save(target, "compare", about, _tables(found), documents)


def _tables(found: Comparison) -> dict[str, pd.DataFrame]:
    return {"figures": found.figures(), "targets": found.targets(), "inputs": found.inputs()}


def _tell(found: Comparison, target: Path | None, options: argparse.Namespace) -> None:
    if options.json:
        held = records(_tables(found))
        about = {"draws": found.draws, "seed": found.seed, "scenarios": found.names(options.lang)}
        print(json.dumps({"folder": None if target is None else str(target), **about, **held}, ensure_ascii=False))
        return
    from cesim.report.compare.terminal import summary
    from cesim.text import say

    print(summary(found, options.lang))
    if target is not None:
        print(say("cli.run.written", options.lang, folder=str(target)))
