"""`cesim plan evaluate FILE`: what a plan brings, what it costs, who pays and who gains, how robust it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cesim.cli.records import records
from cesim.errors import DONE

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    import pandas as pd

    from cesim.plan.evaluating import PlanEvaluation
    from cesim.plan.lots_beside import LotsBeside
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario

DRAWS = 200
"""Futures, unless asked otherwise."""


def answer(options: argparse.Namespace, loaded: Loaded[Scenario], target: Path) -> int:
    """Evaluate, print the answer, write page, workbook and tables."""
    from cesim.cli.progress import Progress, patience
    from cesim.plan.evaluating import evaluate_plan
    from cesim.plan.futures import open_futures
    from cesim.plan.goals import goals_asked

    goals = goals_asked(loaded.scenario, options.target)
    lots = _lots(options, loaded)
    with (
        patience(options.lang),
        open_futures(loaded, options.draws or DRAWS, options.seed or 0, options.workers) as futures,
        Progress(options.lang) as progress,
    ):
        found = evaluate_plan(futures, goals, progress)
    tables = _tables(found, lots, options)
    if not options.no_report:
        _write(target, loaded, found, lots, tables, options)
    _tell(loaded, found, lots, tables, None if options.no_report else target, options)
    return DONE


def _lots(options: argparse.Namespace, loaded: Loaded[Scenario]) -> LotsBeside | None:
    """Run the year lot by lot where that is asked, first, since a year or a scenario may be refused."""
    if options.lots is None:
        return None
    import sys

    from cesim.cli.progress import Progress
    from cesim.plan.lots_beside import lots_beside
    from cesim.scenario import open_scenario, sound_settings
    from cesim.text import say

    overrides, _ = sound_settings(options.set)
    bare = open_scenario(options.file, {**overrides, "plan.adopted": []})
    if sys.stderr.isatty():
        print(say("cli.plan_evaluate.minutes", options.lang, year=options.lots), file=sys.stderr)
    with Progress(options.lang) as progress:
        return lots_beside(loaded, bare, options.lots, options.seed or 0, options.workers, progress)


def _tables(found: PlanEvaluation, lots: LotsBeside | None, options: argparse.Namespace) -> dict[str, pd.DataFrame]:
    from cesim.plan.evaluation_frames import evaluation_frames

    tables = evaluation_frames(found, options.lang)
    return tables if lots is None else {**tables, "lots": lots.frame()}


def _write(
    target: Path, loaded: Loaded[Scenario], found: PlanEvaluation, lots: LotsBeside | None,
    tables: dict[str, pd.DataFrame], options: argparse.Namespace,
) -> None:  # fmt: skip
    from cesim.plan.folder import provenance, save
    from cesim.report.plan.evaluation import write_evaluation

    about = {"scenario": provenance(loaded), "draws": found.draws, "seed": found.seed,
             "targets": [goal.id for goal in found.goals], "lots": options.lots}  # fmt: skip
    save(target, "evaluate", about, tables,
         lambda folder: write_evaluation(folder, loaded.scenario, found, options.lang, lots))  # fmt: skip


def _tell(
    loaded: Loaded[Scenario], found: PlanEvaluation, lots: LotsBeside | None, tables: dict[str, pd.DataFrame],
    target: Path | None, options: argparse.Namespace,
) -> None:  # fmt: skip
    from cesim.report.plan.evaluation_terminal import evaluation_lines
    from cesim.text import say

    if options.json:
        about = {"folder": None if target is None else str(target), "draws": found.draws, "seed": found.seed}
        print(json.dumps({**about, **records(tables)}, ensure_ascii=False))
        return
    print("\n".join(evaluation_lines(loaded.scenario, found, options.lang, lots)))
    if target is not None:
        print(say("cli.run.written", options.lang, folder=str(target)))
