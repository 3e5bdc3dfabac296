"""`cesim plan survey FILE`: which number to look into next, because knowing it would improve the choice of a plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cesim.cli.records import records
from cesim.errors import DONE

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from cesim.plan.survey import Survey
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario

DRAWS = 500
"""Futures the alternatives are solved in, unless asked otherwise."""


def answer(options: argparse.Namespace, loaded: Loaded[Scenario], target: Path) -> int:
    """Value the knowing of each number, print the first, write page, workbook and tables."""
    from cesim.cli.progress import Progress, patience
    from cesim.plan.futures import open_futures
    from cesim.plan.goals import goals_asked
    from cesim.plan.survey import check_draws, survey

    goals = goals_asked(loaded.scenario, options.target)
    draws, seed = options.draws or DRAWS, options.seed or 0
    check_draws(draws)
    with (
        patience(options.lang),
        open_futures(loaded, draws, seed, options.workers) as futures,
        Progress(options.lang) as progress,
    ):
        found = survey(futures, goals, progress=progress)
    if not options.no_report:
        _write(target, loaded, found, options)
    _tell(loaded, found, None if options.no_report else target, options)
    return DONE


def _write(target: Path, loaded: Loaded[Scenario], found: Survey, options: argparse.Namespace) -> None:
    from cesim.plan.folder import provenance, save
    from cesim.plan.survey.frames import survey_frames
    from cesim.report.plan.survey import write_survey

    about = {"scenario": provenance(loaded), "draws": found.draws, "seed": options.seed or 0}
    save(target, "survey", about, survey_frames(found),
         lambda folder: write_survey(folder, loaded.scenario, found, options.lang))  # fmt: skip


def _tell(loaded: Loaded[Scenario], found: Survey, target: Path | None, options: argparse.Namespace) -> None:
    from cesim.plan.survey.frames import survey_frames
    from cesim.report.plan.survey_terminal import survey_lines
    from cesim.text import say

    if options.json:
        unpriced = [goal.id for goal in found.unpriced]
        about = {"folder": None if target is None else str(target), "draws": found.draws, "unpriced": unpriced}
        print(json.dumps({**about, **records(survey_frames(found))}, ensure_ascii=False))
        return
    print("\n".join(survey_lines(loaded.scenario, found, options.lang)))
    if target is not None:
        print(say("cli.run.written", options.lang, folder=str(target)))
