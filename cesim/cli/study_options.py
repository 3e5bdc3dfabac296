"""What the commands on a study share: which results are meant, and the folder of the answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cesim.cli.parser import Parser
    from cesim.run.goals import Goal, SeriesKey
    from cesim.sweep.answers.folder import StudyFolder


_NO_NAME: Final = re.compile(r"[^\w.=+-]+")
"""What no name of a folder should hold."""
_LONGEST: Final = 120
MARK: Final = "analysis.json"
"""The file by which a folder is known as an answer on a study."""


def declare(parser: Parser, command: str) -> None:
    """Declare the study, and the arguments that say which of its results are meant."""
    parser.add_argument("study", metavar="STUDY", help=parser.word("study_folder"))
    parser.add_argument(
        "--target", action="append", default=[], metavar="TARGET", help=parser.word(f"{command}_target")
    )
    parser.add_argument("--indicator", action="append", default=[], metavar="NAME",
                        help=parser.word(f"{command}_indicator"))  # fmt: skip
    parser.add_argument("--region", metavar="NAME", help=parser.word("study_region"))
    parser.add_argument("--year", type=parser.year("year"), metavar="YEAR", help=parser.word("study_year"))
    parser.add_argument("--alternative", action="append", default=[], metavar="NAME",
                        help=parser.word("study_alternative"))  # fmt: skip


def declare_answer(parser: Parser, command: str) -> None:
    """Declare how often points are drawn again, and what becomes of the answer."""
    parser.add_argument("--resamples", type=parser.whole("resamples"), metavar="N",
                        help=parser.word(f"{command}_resamples"))  # fmt: skip
    parser.add_argument("--seed", type=parser.whole("seed"), metavar="N", help=parser.word("resampling_seed"))
    parser.add_argument("--out", metavar="DIR", help=parser.word(f"{command}_out"))
    parser.add_argument("--no-report", action="store_true", help=parser.word("no_report"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def folder_of(options: argparse.Namespace, kind: str, words: Sequence[str] = ()) -> Path:
    """Return the folder that an answer is written to, which nothing else stands in.

    Parameters
    ----------
    words
        of the question, where it is not the usual one: another question has another folder

    Raises
    ------
    InputError
        ``option_needs_value``, ``folder_in_use``, and where no folder can be made
    """
    from cesim.plan.folder import check_target

    if options.out is not None and not options.out.strip():
        raise InputError([Fault("option_needs_value", arguments={"found": "--out"})])
    name = "-".join([kind, *(_NO_NAME.sub("_", word) for word in words)])[:_LONGEST]
    target = Path(options.study) / name if options.out is None else Path(options.out)
    if not options.no_report:
        check_target(target, kind, MARK)
    return target


def goals_asked(study: StudyFolder, options: argparse.Namespace) -> tuple[Goal, ...]:
    """Return the targets that are named; raises `InputError` for what is none, and for what the study does not keep."""
    from cesim.run.goals import goals_named

    goals = goals_named(study.scenario, options.target)
    for goal in goals:
        study.checked(goal.series)
    return goals


def results_named(study: StudyFolder, options: argparse.Namespace) -> tuple[SeriesKey, ...]:
    """Return the results that are named, by target or by indicator, region and year; nothing where none is."""
    from cesim.sweep.answers.results import main_series

    _, region, year = main_series(study)
    place, then = options.region or region, options.year or year
    named = [study.checked((name, place, then)) for name in options.indicator]
    held = [goal.series for goal in goals_asked(study, options)]
    if not held and not named and (options.region is not None or options.year is not None):
        from cesim.sweep.answers.sensitivities import results_of

        named = [study.checked((key[0], place, then)) for key in results_of(study)]
    return tuple(dict.fromkeys([*held, *named]))


def about(study: StudyFolder) -> dict[str, Any]:
    """Which study an answer is of."""
    lock = study.tables.lock
    return {"study": study.name, "hash": dict(lock.study)["hash"], "points": study.points, "runs": len(study.log)}
