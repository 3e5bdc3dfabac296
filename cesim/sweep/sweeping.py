"""A sweep from beginning to end: a folder is made or gone on with, runs are answered until there are enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.sweep.execute import Means, answer, runs_of
from cesim.sweep.precision import half_widths
from cesim.sweep.store import Store

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
        ``sweep_exists``, ``sweep_not_extensible``, ``sweep_fewer``, ``sweep_shard_with_stop``, and those of the store
    """
    means = means or Means()
    samples = plan.study.design.samples if to is None else to
    _check(plan, folder, resume, to, shard)
    lock = plan.lock(shard)
    with Store.open(folder, lock) if _stands(folder) else Store.create(folder, lock, plan.files()) as store:
        points = plan.designed.points(samples)
        before = store.finished()
        if to is not None and before.size and before[-1] >= points * plan.recipe.shape.per_point:
            there = int(before[-1]) // plan.recipe.shape.per_point + 1
            raise InputError([Fault("sweep_fewer", Place(str(folder)), {"found": to, "points": there})])
        answered = 0
        width: float | None = None
        while True:
            runs = runs_of(points, plan.recipe, shard)
            answered += answer(plan.recipe, store, runs, means, plan.study.limit_s, progress)
            if (rule := plan.study.stop) is None:
                break
            width = max(half_widths(folder, rule, plan))
            if width <= rule.half_width or points >= rule.most:
                break
            samples = 2 * samples
            points = min(plan.designed.points(samples), rule.most)
        failed = len(store.failed())
    return Swept(folder, points, int(runs.size), int(runs.size) - answered, failed, width)


def _stands(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _check(plan: SweepPlan, folder: Path, resume: bool, to: int | None, shard: tuple[int, int] | None) -> None:
    place = Place(str(folder))
    faults = []
    if _stands(folder) and not resume and to is None:
        faults.append(Fault("sweep_exists", place, {"found": str(folder)}))
    if (to is not None or plan.study.stop is not None) and not plan.designed.may_grow:
        faults.append(Fault("sweep_not_extensible", place, {"found": plan.designed.kind}))
    if shard is not None and plan.study.stop is not None:
        faults.append(Fault("sweep_shard_with_stop", place))
    if faults:
        raise InputError(faults)
