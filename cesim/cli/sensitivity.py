"""`cesim sensitivity STUDY`: what the results of a sweep depend on, with intervals, and whether that is settled."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.errors import DONE

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.errors import Fault
    from cesim.sweep.answers.folder import StudyFolder
    from cesim.sweep.answers.sensitivities import Sensitivities, Wanted

KIND: Final = "sensitivity"
METHODS: Final = ("sobol", "morris", "given")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    from cesim.cli.study_options import declare, declare_answer

    declare(parser, "sensitivity")
    parser.add_argument("--method", choices=METHODS, metavar="METHOD", help=parser.word("sensitivity_method"))
    parser.add_argument("--leave-out-failed", action="store_true", help=parser.word("sensitivity_leave_out"))
    declare_answer(parser, "sensitivity")


def run(options: argparse.Namespace) -> int:
    """Tell what results depend on, print it, write page, workbook and tables."""
    from cesim.sweep.answers.sensitivities import analyse

    study, wanted, target = _asked(options)
    found = analyse(study, wanted)
    if not options.no_report:
        _write(target, study, found, wanted, options)
    _tell(study, found, None if options.no_report else target, options)
    return DONE


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    from cesim.errors import InputError

    try:
        _asked(options)
    except InputError as error:
        return error.faults
    return ()


def _asked(options: argparse.Namespace) -> tuple[StudyFolder, Wanted, Path]:
    """Return the study, what is asked of it, and the folder to write; raises `InputError` with every fault."""
    from cesim.cli.study_options import folder_of, results_named
    from cesim.sweep.answers.folder import open_folder
    from cesim.sweep.answers.sensitivities import Wanted, alternatives_named, results_of
    from cesim.sweep.sensitivity import Resampling

    study = open_folder(Path(options.study))
    target = folder_of(options, KIND)
    series = results_named(study, options) or results_of(study)
    resampling = Resampling(seed=options.seed or 0)
    if options.resamples is not None:
        resampling = replace(resampling, resamples=options.resamples)
    alternatives = alternatives_named(study, options.alternative)
    wanted = Wanted(series, alternatives, options.method, resampling, options.leave_out_failed)
    return study, wanted, target


def _write(target: Path, study: StudyFolder, found: Sensitivities, wanted: Wanted, options: argparse.Namespace) -> None:
    from cesim.cli.study_options import MARK, about
    from cesim.plan.folder import save
    from cesim.report.sweep.books import write_sensitivity
    from cesim.report.sweep.frames import sensitivity_frames

    told = {**about(study), "method": found.method, "seed": wanted.resampling.seed,
            "resamples": wanted.resampling.resamples, "leaves_out": wanted.leaves_out}  # fmt: skip
    save(target, KIND, told, sensitivity_frames(found),
         lambda folder: write_sensitivity(folder, study.scenario, found, options.lang), MARK)  # fmt: skip


def _tell(study: StudyFolder, found: Sensitivities, target: Path | None, options: argparse.Namespace) -> None:
    from cesim.cli.records import records
    from cesim.report.sweep.frames import sensitivity_frames
    from cesim.report.sweep.terminal import sensitivity_lines
    from cesim.text import say

    if options.json:
        told = {"folder": None if target is None else str(target), "method": found.method}
        print(json.dumps({**told, **records(sensitivity_frames(found))}, ensure_ascii=False))
        return
    print("\n".join(sensitivity_lines(study.scenario, found, options.lang)))
    if target is not None:
        print(say("cli.run.written", options.lang, folder=str(target)))
