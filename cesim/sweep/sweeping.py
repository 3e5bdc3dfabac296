"""A sweep from beginning to end: a folder is made or gone on with, runs are answered until there are enough."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.sweep.execute import Means, answer, runs_of
from cesim.sweep.inputs import INPUTS, POINTS, write_inputs, write_points
from cesim.sweep.placing import placed
from cesim.sweep.precision import half_widths, strange_in
from cesim.sweep.store import Store, open_study, read_lock
from cesim.sweep.store.trouble import told

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.execute import Progress
    from cesim.sweep.planning import SweepPlan


@dataclass(frozen=True)
class Swept:
    """What came of a sweep.

    Attributes
    ----------
    folder
        of the study
    points
        of the design
    runs, before, failed
        in all; there before; without a result
    half_width
        of the 95 % interval of the mean that the stop rule asks for, the widest of all alternatives; None without one
    """

    folder: Path
    points: int
    runs: int
    before: int
    failed: int
    half_width: float | None = None
    beyond: int = 0
    """Points begun beyond those asked for now: by an extension that was stopped."""


def sweep(
    plan: SweepPlan,
    folder: Path,
    means: Means | None = None,
    *,
    resume: bool = False,
    to: int | None = None,
    shard: tuple[int, int] | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Answer all runs of a study and keep them in a folder.

    What a run comes to depends on its number alone: the folder holds the same whatever the workers, the shards that are
    merged, or how often it was begun again.

    Parameters
    ----------
    plan
        what is asked
    folder
        of the study
    means
        what runs are answered with
    resume
        go on with what stands in the folder
    to
        samples to extend it to
    shard
        answer only a share of the runs: (2, 8) is the second of eight

    Raises
    ------
    InputError
        ``sweep_exists``, ``sweep_not_extensible``, ``sweep_fewer``, ``sweep_shard_with_stop``, ``sweep_stop_unknown``,
        and those of the store; a folder that was made and holds no run then is taken away again
    """
    samples = plan.study.design.samples if to is None else to
    _check(plan, folder, resume, to, shard)
    stood = _stands(folder)
    try:
        return _swept(plan, folder, means or Means(), samples, shard, progress)
    except InputError:
        if not stood and _stands(folder) and not open_study(folder).points():
            shutil.rmtree(folder)
        raise


def _swept(
    plan: SweepPlan,
    folder: Path,
    means: Means,
    samples: int,
    shard: tuple[int, int] | None,
    progress: Progress | None,
) -> Swept:
    """Answer samples, and more of them where a stop rule asks for more."""
    lock = plan.lock(shard)
    with Store.open(folder, lock) if _stands(folder) else Store.create(folder, lock, plan.files()) as store:
        _put_back(folder, plan)
        points = plan.designed.points(samples)
        answered = 0
        width: float | None = None
        while True:
            runs = runs_of(points, plan.recipe, shard)
            answered += answer(plan.recipe, store, runs, means, plan.study.limit_s, progress)
            if (rule := plan.study.stop) is None:
                break
            width = max(half_widths(folder, rule, plan, points))
            if width <= rule.half_width or points >= rule.most:
                break
            samples = 2 * samples
            points = min(plan.designed.points(samples), rule.most)
        failed = len(store.failed())
        last = store.finished()[-1:]  # a stopped extension leaves runs behind those asked for now
    beyond = max(0, int(last[0]) // plan.recipe.shape.per_point + 1 - points) if last.size else 0
    if shard is None and (answered or not (folder / POINTS).exists()):
        write_points(folder, plan, points)
    if shard is None and (answered or not (folder / INPUTS).exists()):
        write_inputs(folder, plan, points)
    return Swept(folder, points, int(runs.size), int(runs.size) - answered, failed, width, beyond)


def _put_back(folder: Path, plan: SweepPlan) -> None:
    """Write the study and the scenarios where they were lost: they are those of the lock, or it had refused them."""
    for name, content in plan.files().items():
        path = folder / name
        if not path.exists():
            with told(folder):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def _stands(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _check(plan: SweepPlan, folder: Path, resume: bool, to: int | None, shard: tuple[int, int] | None) -> None:
    place = Place(str(folder))
    faults = []
    if _stands(folder) and not resume and to is None:
        faults.append(_in_the_way(folder))
    if (to is not None or plan.study.stop is not None) and not plan.designed.may_grow:
        faults.append(Fault("sweep_not_extensible", arguments={"found": plan.designed.kind}))
    if shard is not None and plan.study.stop is not None:
        faults.append(Fault("sweep_shard_with_stop"))
    if plan.study.stop is not None:
        faults += strange_in(plan.study.stop, plan)
    if to is not None and _stands(folder) and (there := open_study(folder).points()) > plan.designed.points(to):
        faults.append(Fault("sweep_fewer", place, {"found": to, "points": there}))
    if faults:
        raise placed(InputError(faults), plan.study, plan.read.tree)


def _in_the_way(folder: Path) -> Fault:
    """Return what stands where a sweep is to be begun: another one, or something else."""
    try:
        read_lock(folder)
    except InputError as error:
        if error.faults[0].code != "sweep_no_store":
            return error.faults[0]
        return Fault("folder_in_use", Place(str(folder)), {"found": str(folder)})
    return Fault("sweep_exists", Place(str(folder)), {"found": str(folder)})
