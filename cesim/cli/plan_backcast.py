"""`cesim plan backcast FILE`: the cheapest measures that reach the targets, or why none do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cesim.cli.records import records
from cesim.errors import DONE, INTERRUPTED

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from cesim.plan.backcasting import PlanBackcast
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario

DRAWS = 50
"""Futures each combination is solved in, unless asked otherwise."""


def answer(options: argparse.Namespace, loaded: Loaded[Scenario], target: Path) -> int:
    """Search, print the answer, write page, workbook, tables and the plan found."""
    from cesim.cli.backcast_options import question_of
    from cesim.cli.progress import Progress, patience
    from cesim.plan.backcasting import EVALUATIONS, backcast_plan
    from cesim.plan.futures import open_futures

    question, leeway = question_of(options, loaded.scenario)
    with (
        patience(options.lang),
        open_futures(loaded, options.draws or DRAWS, options.seed or 0, options.workers) as futures,
        Progress(options.lang) as progress,
    ):
        told = backcast_plan(
            futures, question, leeway, EVALUATIONS if options.budget is None else options.budget, progress
        )
    if not options.no_report:
        _write(target, loaded, told, options)
    _tell(loaded, told, None if options.no_report else target, options)
    return INTERRUPTED if told.interrupted else DONE


def _write(target: Path, loaded: Loaded[Scenario], told: PlanBackcast, options: argparse.Namespace) -> None:
    from cesim.plan.backcast_frames import backcast_frames
    from cesim.plan.folder import provenance, save
    from cesim.report.plan.backcast import write_backcast

    def finish(folder: Path) -> None:
        if told.solution is not None:
            (folder / "plan.yaml").write_text(_plan(loaded, told, options), encoding="utf-8")
        write_backcast(folder, loaded.scenario, told, options.lang)

    about = {"scenario": provenance(loaded), "seed": options.seed or 0, **_about(told)}
    save(target, "backcast", about, backcast_frames(told), finish)


def _plan(loaded: Loaded[Scenario], told: PlanBackcast, options: argparse.Namespace) -> str:
    from cesim.plan.written_back import plan_text
    from cesim.scenario.settings import read_settings
    from cesim.text import say

    held = loaded.scenario.name
    name = {
        "ja": say("cli.plan_backcast.name", "ja", name=held.ja),
        "en": say("cli.plan_backcast.name", "en", name=held.en),
    }
    targets = " ".join(f"--target '{goal.id}'" for goal in told.question.goals)
    asked = f"# cesim plan evaluate plan.yaml {targets} --draws {told.draws} --seed {options.seed or 0}\n"
    return asked + plan_text(loaded, options.file, told.choice, read_settings(options.set), name)


def _about(told: PlanBackcast) -> dict[str, object]:
    """What was asked and found, as plain data."""
    asked, found = told.question, told.found
    held: dict[str, object] = {
        "targets": [goal.id for goal in asked.goals], "confidence": asked.confidence, "together": asked.joint,
        "money": dict(asked.budgets), "must": sorted(asked.must), "never": sorted(asked.never), "draws": told.draws,
        "sets": told.sets, "reachable": told.solution is not None, "proof": found.proof, "stopped": found.stopped,
    }  # fmt: skip
    if told.solution is not None:
        own = told.solution
        return held | {"cost_jpy": own.cost, "bound_jpy": own.bound, "gap": own.gap, "share_met": own.reached}
    assert not hasattr(found, "gap")
    near = getattr(found, "nearest", None)
    return held | {"cause": getattr(found, "cause", None), "relaxation": None if near is None else near.relaxation}


def _tell(loaded: Loaded[Scenario], told: PlanBackcast, target: Path | None, options: argparse.Namespace) -> None:
    from cesim.plan.backcast_frames import backcast_frames
    from cesim.report.plan.backcast_terminal import backcast_lines
    from cesim.text import say

    if options.json:
        about = {"folder": None if target is None else str(target), **_about(told)}
        print(json.dumps({**about, **records(backcast_frames(told))}, ensure_ascii=False))
        return
    print("\n".join(backcast_lines(loaded.scenario, told, options.lang)))
    if target is not None:
        print(say("cli.run.written", options.lang, folder=str(target)))
        if told.solution is not None:
            print(say("cli.plan_backcast.runs", options.lang, file=str(target / "plan.yaml")))
