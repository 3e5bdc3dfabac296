"""`cesim discover STUDY`: which futures of a sweep miss a target, in a sentence, and as scenarios one can run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.errors import DONE, Fault, InputError

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.sweep.answers.discovery import Discovered, Looked, Sought
    from cesim.sweep.answers.folder import StudyFolder
    from cesim.sweep.answers.question import Question

KIND: Final = "discovery"
FILES: Final = 3
"""Worst futures, and compromises, that are written as scenarios."""
RESAMPLES: Final = 10


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    from cesim.cli.study_options import declare, declare_answer

    declare(parser, "discover")
    parser.add_argument("--meets", action="store_true", help=parser.word("discover_meets"))
    parser.add_argument("--above", metavar="VALUE", help=parser.word("discover_above"))
    parser.add_argument("--below", metavar="VALUE", help=parser.word("discover_below"))
    parser.add_argument("--worst", metavar="SHARE", help=parser.word("discover_worst"))
    parser.add_argument("--failed", action="store_true", help=parser.word("discover_failed"))
    declare_answer(parser, "discover")


def run(options: argparse.Namespace) -> int:
    """Look for what the futures asked about have in common, print it, write page, workbook and scenarios."""
    from cesim.sweep.answers.discovery import look

    study, sought, target = _asked(options)
    looked = look(study, sought)
    found = looked.found if options.no_report else _write(target, study, sought, looked, options)
    _tell(study, found, None if options.no_report else target, options)
    return DONE


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    try:
        _asked(options)
    except InputError as error:
        return error.faults
    return ()


def _asked(options: argparse.Namespace) -> tuple[StudyFolder, Sought, Path]:
    """Return the study, what is sought in it, and the folder to write; raises `InputError` with every fault."""
    from cesim.cli.study_options import folder_of, goals_asked
    from cesim.sweep.answers.discovery import Sought
    from cesim.sweep.answers.folder import open_folder
    from cesim.sweep.answers.results import kept_goals
    from cesim.sweep.answers.sensitivities import alternatives_named

    wrong = _together(options)
    if wrong:
        raise InputError(wrong)
    study = open_folder(Path(options.study))
    target = folder_of(options, KIND, _words(options))
    (alternative,) = alternatives_named(study, options.alternative)[:1]
    goals = goals_asked(study, options) or tuple(kept_goals(study))
    question = _question(study, options, alternative)
    return study, Sought(question, alternative, goals, options.resamples or RESAMPLES, options.seed or 0), target


def _words(options: argparse.Namespace) -> list[str]:
    """Words of the question, by which its folder is told from those of other questions; none for the usual one."""
    words = [*(options.target or ()), *(options.indicator or ())]
    for name in ("region", "year", "alternative"):
        given = getattr(options, name)
        words += [] if given is None else [str(one) for one in (given if isinstance(given, list) else [given])]
    for name in ("above", "below", "worst"):
        words += [] if getattr(options, name) is None else [name, getattr(options, name)]
    return words + [name for name in ("failed", "meets") if getattr(options, name)]


def _together(options: argparse.Namespace) -> list[Fault]:
    """Return what does not go together."""
    given = [name for name in ("above", "below", "worst") if getattr(options, name) is not None]
    asked = [*(["target"] if options.target else []), *(["indicator"] if options.indicator else []),
             *(["failed"] if options.failed else [])]  # fmt: skip
    out = []
    if len(asked) > 1:
        out.append(Fault("discover_one_question", arguments={"found": ", ".join(f"--{name}" for name in asked)}))
    elif options.indicator and len(given) != 1:
        out.append(Fault("discover_needs_level", arguments={"found": options.indicator[0]}))
    elif given and not options.indicator:
        out.append(Fault("discover_level_of_what", arguments={"found": f"--{given[0]}"}))
    return out


def _question(study: StudyFolder, options: argparse.Namespace, alternative: int) -> Question:
    from cesim.cli.study_options import goals_asked, results_named
    from cesim.sweep.answers.question import Question, main_question, worst_question

    if options.failed:
        return Question("fail")
    if options.indicator:
        (series,) = results_named(study, options)[:1]
        unit = study.tables.lock.units.get(series[0], "-")
        if options.worst is not None:
            return worst_question(study, series, unit, alternative, _number("worst", options.worst))
        side = "above" if options.above is not None else "below"
        level = _number(side, getattr(options, side))
        return Question("above" if side == "above" else "below", None, series, level, unit)
    goals = goals_asked(study, options)
    return main_question(study, goals, alternative, meets=options.meets)


def _number(option: str, text: str) -> float:
    """Read a number; raises `InputError` where it is none."""
    import math

    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (option == "worst" and not 0.0 < value < 1.0):
        code = "discover_worst_share" if option == "worst" else "option_no_number"
        raise InputError([Fault(code, arguments={"option": f"--{option}", "found": text[:40]})])
    return value


def _write(target: Path, study: StudyFolder, sought: Sought, looked: Looked, options: argparse.Namespace) -> Discovered:
    """Write all into the folder, and return what is shown, with the scenarios that were written."""
    from cesim.cli.study_options import MARK, about
    from cesim.plan.folder import save
    from cesim.report.sweep.books import write_discovery
    from cesim.report.sweep.frames import discovery_frames
    from cesim.sweep.answers.written_back import Desk, write_back

    held = [looked.found]

    def documents(folder: Path) -> None:
        desk = Desk(folder, target, study, options.lang)
        held[0] = write_back(desk, looked, sought.alternative, FILES)
        write_discovery(folder, study.scenario, held[0], options.lang)

    told = {**about(study), "question": sought.question.interest, "seed": sought.seed, "resamples": sought.resamples}
    save(target, KIND, told, discovery_frames(looked.found), documents, MARK)
    return held[0]


def _tell(study: StudyFolder, found: Discovered, target: Path | None, options: argparse.Namespace) -> None:
    from cesim.cli.records import records
    from cesim.report.sweep.frames import discovery_frames
    from cesim.report.sweep.terminal import discovery_lines
    from cesim.text import say

    if options.json:
        told = {"folder": None if target is None else str(target), "verdict": found.explanation.verdict,
                "runs": found.explanation.runs, "of_interest": found.explanation.of_interest}  # fmt: skip
        print(json.dumps({**told, **records(discovery_frames(found))}, ensure_ascii=False))
        return
    print("\n".join(discovery_lines(study.scenario, found, options.lang)))
    if target is not None:
        print(say("cli.run.written", options.lang, folder=str(target)))
