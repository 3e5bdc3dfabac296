"""`cesim plan attribute FILE`: which measure carries how much of what the plan brings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cesim.cli.records import records
from cesim.errors import DONE

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from cesim.plan.attribution import PlanAttribution
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario

DRAWS = 50
"""Futures each coalition is solved in, unless asked otherwise."""


def answer(options: argparse.Namespace, loaded: Loaded[Scenario], target: Path) -> int:
    """Attribute, print the shares, write page, workbook and tables."""
    from cesim.cli.lists import names
    from cesim.cli.progress import Progress, patience
    from cesim.plan.attribution import BUDGET, attribute_plan
    from cesim.plan.futures import open_futures
    from cesim.plan.goals import goals_asked

    goals = goals_asked(loaded.scenario, options.target)
    draws, seed = options.draws or DRAWS, options.seed or 0
    with (
        patience(options.lang),
        open_futures(loaded, draws, seed, options.workers) as futures,
        Progress(options.lang) as progress,
    ):
        found = attribute_plan(
            futures, goals, measures=names(options.measures) or None, bundle=options.by,
            budget=options.budget or BUDGET, seed=seed, progress=progress,
        )  # fmt: skip
    if not options.no_report:
        _write(target, loaded, found, options)
    _tell(loaded, found, None if options.no_report else target, options)
    return DONE


def _write(target: Path, loaded: Loaded[Scenario], found: PlanAttribution, options: argparse.Namespace) -> None:
    from cesim.plan.folder import provenance, save
    from cesim.plan.frames import attribution_frames
    from cesim.report.plan import write_attribution

    about = {"scenario": provenance(loaded), "draws": found.draws, "seed": options.seed or 0, "sets": found.sets}
    save(target, "attribute", about, attribution_frames(found),
         lambda folder: write_attribution(folder, loaded.scenario, found, options.lang))  # fmt: skip


def _tell(loaded: Loaded[Scenario], found: PlanAttribution, target: Path | None, options: argparse.Namespace) -> None:
    from cesim.plan.frames import attribution_frames
    from cesim.report.plan.attribution_terminal import attribution_lines
    from cesim.text import say

    if options.json:
        about = {"folder": None if target is None else str(target), "draws": found.draws, "sets": found.sets,
                 "exact": found.is_exact}  # fmt: skip
        print(json.dumps({**about, **records(attribution_frames(found))}, ensure_ascii=False))
        return
    print("\n".join(attribution_lines(loaded.scenario, found, options.lang)))
    if target is not None:
        print(say("cli.run.written", options.lang, folder=str(target)))
