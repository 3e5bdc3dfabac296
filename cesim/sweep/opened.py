"""A sweep that lies in a folder, as it was planned: from what the folder holds alone, wherever it was carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.scenario import open_scenario
from cesim.scenario.load import load
from cesim.sweep.alternatives import Alternative
from cesim.sweep.designing import TABLE
from cesim.sweep.factors import factors_of
from cesim.sweep.planning import STUDY, made_of
from cesim.sweep.reading import StudyRead
from cesim.sweep.store import read_lock
from cesim.sweep.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.planning import SweepPlan
    from cesim.sweep.store import Lock


def plan_in(folder: Path) -> SweepPlan:
    """Return what was planned in the folder of a sweep.

    Raises
    ------
    InputError
        those of `read_lock`; ``sweep_study_missing``, ``sweep_scenario_missing``, ``sweep_scenario_changed`` where what
        was asked or solved is not in the folder, or not what it was
    """
    lock = read_lock(folder)
    if not (folder / STUDY).is_file():
        raise InputError([Fault("sweep_study_missing", Place(str(folder / STUDY)))])
    loaded = load(folder / STUDY, Study)
    study = loaded.scenario
    if study.design.kind == "table":
        study = study.model_copy(update={"design": study.design.model_copy(update={"file": TABLE})})
    alternatives = tuple(_alternative(folder, lock, at) for at in range(len(lock.alternatives)))
    read = StudyRead(study, loaded.tree, folder, folder.name)
    return made_of(read, alternatives, factors_of(study, alternatives))


def _alternative(folder: Path, lock: Lock, at: int) -> Alternative:
    """Read the scenarios of an alternative as they were solved."""
    told = lock.alternatives[at]
    single = folder / "scenarios" / f"{at:05}.yaml"
    files = [single] if single.is_file() else sorted((folder / "scenarios").glob(f"{at:05}-*.yaml"))
    if not files or not folder.joinpath("scenarios").is_dir():
        raise InputError([Fault("sweep_scenario_missing", Place(str(single)), {"found": told["name"]})])
    ways = tuple(open_scenario(file) for file in files)
    if "+".join(way.hash for way in ways) != told["scenario_hash"]:
        raise InputError([Fault("sweep_scenario_changed", Place(str(single)), {"found": told["name"]})])
    return Alternative(str(told["name"]), str(told["file"]), dict(told["levers"]), ways)
