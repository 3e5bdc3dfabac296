"""`cesim run FILE`: solve a scenario, write tables, report and workbook, say the headline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.cli.records import records
from cesim.errors import DONE, Fault, InputError, NoAnswer, Place

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.run.folder import Run
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario

FEW_DRAWS: Final = 20
"""Of fewer draws the 5th and 95th percentile are hardly more than the least and the most of them."""


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help=parser.word("file"))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help=parser.word("set"))
    parser.add_argument("--draws", type=parser.whole("draws"), default=1000, metavar="N", help=parser.word("draws"))
    parser.add_argument("--seed", type=parser.whole("seed"), default=0, metavar="N", help=parser.word("seed"))
    parser.add_argument("--out", metavar="DIR", help=parser.word("out"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))
    parser.add_argument("--no-report", action="store_true", help=parser.word("no_report"))


def run(options: argparse.Namespace) -> int:
    """Run the scenario; exit code 3 when the model has no answer or the certificate failed."""
    from cesim.cli.progress import Progress
    from cesim.run import simulate
    from cesim.run.folder import check_target
    from cesim.run.record import held

    loaded, target = _asked(options)
    check_target(target, loaded.scenario.name.model_dump())
    _remark(loaded, options)
    earlier = held(target)
    with Progress(options.lang) as progress:
        answer = simulate(loaded, draws=options.draws, seed=options.seed, progress=progress)
    saved = answer.save(target, None if options.no_report else lambda folder: documents(folder, options.lang))
    _tell(saved, answer, earlier, options)
    if not answer.certificate.passed:
        worst = answer.certificate.worst
        raise NoAnswer([Fault("certificate_failed", Place(model=worst.where), {"found": f"{worst.worst:.1e}"})])
    return DONE


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    try:
        _asked(options)
    except InputError as error:
        return error.faults
    return ()


def _asked(options: argparse.Namespace) -> tuple[Loaded[Scenario], Path]:
    """Return the scenario and the folder to write; raises `InputError` with the faults of both."""
    from cesim.cli.reading import read_scenario
    from cesim.run.folder import check_can_be_folder

    target = Path("runs") / Path(options.file).stem if options.out is None else Path(options.out)
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


def documents(folder: Path, lang: str) -> None:
    """Write report and workbook beside the tables."""
    from cesim.indicators import INDICATORS
    from cesim.report.page import write_report
    from cesim.report.workbook import write_workbook

    write_report(folder, lang, INDICATORS)  # type: ignore[arg-type]
    write_workbook(folder, lang, INDICATORS)  # type: ignore[arg-type]


def _remark(loaded: Loaded[Scenario], options: argparse.Namespace) -> None:
    """Print what is worth a word before the work begins, such as a local file that hides a shipped scenario."""
    from cesim.cli.faults import remark
    from cesim.scenario.shelves import hides

    remarks = loaded.remarks
    if loaded.files and hides(loaded.files[0], options.file) is not None:
        arguments = {"found": str(loaded.files[0]), "other": options.file}
        remarks = (Fault("hides_shipped", arguments=arguments), *remarks)
    remark(remarks, options.lang)


def _tell(saved: Path, answer: Run, earlier: Any, options: argparse.Namespace) -> None:
    """Print the headline, or the tables as data, and which earlier run was replaced."""
    if options.json:
        held = records({name: answer.tables[name] for name in ("indicators", "targets")})
        about = {key: value for key, value in answer.about.items() if key != "scenario"}
        about["scenario"] = {k: v for k, v in answer.about["scenario"].items() if k != "resolved"}
        replaced = None if earlier is None else _in_short(earlier)
        print(json.dumps({"folder": str(saved), "replaced": replaced, "run": about, **held}, ensure_ascii=False))
        return
    from cesim.indicators import INDICATORS
    from cesim.report.read import in_language, read_run
    from cesim.report.terminal import summary
    from cesim.text import say, shown

    print(summary(read_run(saved), options.lang, INDICATORS))
    if 1 < answer.about["draws"] < FEW_DRAWS:
        print(say("cli.run.few_draws", options.lang, draws=answer.about["draws"]))
    if earlier is not None:
        name = in_language(earlier["scenario"]["name"], options.lang)
        told = {key: shown(value, options.lang) for key, value in {**_in_short(earlier), "scenario": name}.items()}
        print(say("cli.run.replaced", options.lang, **told))
    print(say("cli.run.written", options.lang, folder=str(saved)))


def _in_short(earlier: dict[str, Any]) -> dict[str, Any]:
    """Return which run a record is of: its scenario, draws and seed."""
    return {"scenario": earlier["scenario"]["name"], "draws": earlier.get("draws"), "seed": earlier.get("seed")}
