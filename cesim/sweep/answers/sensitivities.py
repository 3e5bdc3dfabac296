"""From the folder of a study to what its results depend on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.indicators import INDICATORS
from cesim.sweep.answers.results import MAIN, kept_goals, report_years, together
from cesim.sweep.designs import Morris, Saltelli, layout_of
from cesim.sweep.sensitivity import (
    LeftOut,
    Noise,
    Resampling,
    SobolIndices,
    Unvarying,
    given_shares,
    left_out,
    morris,
    parts_from_others,
    replicate_noise,
    sobol_indices,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.run.goals import SeriesKey
    from cesim.sweep.answers.folder import StudyFolder
    from cesim.sweep.sensitivity import GivenShares, MorrisEffects, Verdict

    Floats = NDArray[np.float64]

Method = Literal["sobol", "morris", "given"]
FEWEST_FOR_NOISE = 10
"""Points below which luck is not told apart."""
MOST_RESULTS = 6
"""Results that are looked into where nobody names any."""


@dataclass(frozen=True)
class Analysed:
    """One result of one alternative, and what it depends on.

    Attributes
    ----------
    series, unit
        indicator, region and year; its unit
    alternative
        name of the alternative
    answer
        indices of its kind, or that it does not vary
    verdict
        whether Sobol' indices are settled; None of other kinds
    noise
        share of the luck of replicates; None where there is one replicate
    left
        which base points, trajectories or points are left out since a run of theirs has no value; None: not asked
    apart
        streams by which runs without a value lie apart from the others: failing is not mere chance there
    """

    series: SeriesKey
    unit: str
    alternative: str
    answer: SobolIndices | MorrisEffects | GivenShares | Unvarying
    verdict: Verdict | None = None
    noise: Noise | None = None
    left: LeftOut | None = None
    apart: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """How many base points, trajectories or points are left out."""
        return 0 if self.left is None else self.left.count


@dataclass(frozen=True)
class Sensitivities:
    """What the results of a study depend on.

    Attributes
    ----------
    study
        name of the study, by language
    method
        how it was found out
    factors
        names, in the order of all answers
    results
        one for each result that was asked about
    per_base
        runs of a base point or a trajectory, of one alternative
    seconds
        that such a base point took, all alternatives and replicates together; None where it is not known
    level
        of the intervals
    """

    study: Mapping[str, str]
    method: Method
    factors: tuple[str, ...]
    results: tuple[Analysed, ...]
    per_base: int = 1
    seconds: float | None = None
    level: float = 0.95


@dataclass(frozen=True)
class Wanted:
    """What is asked of an analysis.

    Attributes
    ----------
    series
        indicators with region and year
    alternatives
        numbers of the alternatives
    method
        None: the one that the design was made for
    leaves_out
        whether what has a run without a value is left out and told, where it is refused else
    """

    series: tuple[SeriesKey, ...]
    alternatives: tuple[int, ...] = (0,)
    method: Method | None = None
    resampling: Resampling = field(default_factory=Resampling)
    leaves_out: bool = False


def analyse(study: StudyFolder, wanted: Wanted) -> Sensitivities:
    """Return what results depend on.

    Raises
    ------
    InputError
        ``sweep_not_of_this_design`` for a method that the design does not serve; ``sweep_can_be_left_out`` beside what
        `StudyTables.finite` raises where few runs have no value; what the methods of `cesim.sweep.sensitivity` raise
    """
    method = method_of(study, wanted.method)
    per_base = together(study)
    points = study.points - (study.points % per_base if method != "given" else 0)
    results = tuple(
        _analysed(study, wanted, method, key, at, points) for key in wanted.series for at in wanted.alternatives
    )
    names = tuple(factor.name for factor in study.plan.designed.factors)
    return Sensitivities(
        study=study.name, method=method,
        factors=names if method != "given" else study.streams, results=results,
        per_base=per_base * study.shape.per_point, seconds=_seconds(study, per_base),
        level=wanted.resampling.level,
    )  # fmt: skip


def method_of(study: StudyFolder, asked: Method | None) -> Method:
    """Return the method that the design was made for, or the one asked for where it serves."""
    kind = study.plan.designed.kind
    own: Method = "sobol" if kind == "saltelli" else "morris" if kind == "morris" else "given"
    if asked is None or asked == own:
        return own
    if asked == "given" and kind != "morris":
        return asked
    told = {"found": asked, "design": kind, "allowed": (own,)}
    raise InputError([Fault("sweep_not_of_this_design", Place(str(study.folder)), told)])


def results_of(study: StudyFolder) -> tuple[SeriesKey, ...]:
    """Return the results that are looked into where nobody names any: those of targets, then the headlines."""
    shape, years = study.shape, report_years(study)
    year = MAIN if MAIN in years else years[len(years) // 2]
    opening = [name for name in shape.indicators if name in INDICATORS and INDICATORS[name].headline]
    held = [goal.series for goal in kept_goals(study)]
    held += [(name, shape.regions[0], year) for name in opening or shape.indicators]
    seen: dict[tuple[str, str], SeriesKey] = {}
    for key in held:
        seen.setdefault(key[:2], key)
    return tuple(seen.values())[:MOST_RESULTS]


def _analysed(
    study: StudyFolder, wanted: Wanted, method: Method, key: SeriesKey, alternative: int, points: int
) -> Analysed:
    group = together(study) if method != "given" else 1
    cube, left = _values(study, wanted, key, alternative, points, group)
    kept, rows = left.answered, left.rows()
    means, name = cube.mean(axis=1), "|".join(map(str, key))
    facts = Analysed(
        key, study.tables.lock.units.get(key[0], "-"), study.shape.alternatives[alternative],
        Unvarying("does_not_vary", np.nan, 0), noise=_noise(cube[rows]), left=left,
        apart=_apart(study, method, cube, left),
    )  # fmt: skip
    layout = None if study.plan.designed.design is None else layout_of(study.plan.designed.design)
    if method == "sobol" and isinstance(layout, Saltelli):
        answer = sobol_indices(*layout.split(means[rows]), wanted.resampling, name=name)
        return replace(facts, answer=answer, verdict=verdict(answer) if isinstance(answer, SobolIndices) else None)
    if method == "morris" and isinstance(layout, Morris):
        steps = layout.split(means)
        effects = morris(steps.before[kept], steps.after[kept], steps.direction[kept], layout.step, wanted.resampling,
                         name=name)  # fmt: skip
        return replace(facts, answer=effects)
    inputs = np.stack([u[:points] for u in study.columns()], axis=1)[rows]
    return replace(facts, answer=given_shares(inputs, means[rows], level=wanted.resampling.level, name=name))


def _values(
    study: StudyFolder, wanted: Wanted, key: SeriesKey, alternative: int, points: int, group: int
) -> tuple[Floats, LeftOut]:
    """Values (point, replicate) of an alternative, and what has none in some run; without being asked it is refused."""
    if wanted.leaves_out and _is_whole(study, points):
        cube = study.tables.values(*key, points=points)[:, :, alternative]
        return cube, left_out(cube, group, name="|".join(map(str, key)))
    try:
        cube = study.tables.finite(*key, points=points)[:, :, alternative]
    except InputError as error:
        way_on = _way_on(study, wanted, key, alternative, points, group)
        raise InputError([*error.faults, *way_on]) from None
    return cube, left_out(cube, group)


def _way_on(
    study: StudyFolder, wanted: Wanted, key: SeriesKey, alternative: int, points: int, group: int
) -> tuple[Fault, ...]:
    """Tell how many would be left out, where so few are that the others may be analysed."""
    if wanted.leaves_out or not _is_whole(study, points):
        return ()
    try:
        left = left_out(study.tables.values(*key, points=points)[:, :, alternative], group)
    except InputError:
        return ()
    told = {"found": left.count, "total": left.groups, "proposal": "--leave-out-failed"}
    return (Fault("sweep_can_be_left_out", Place(str(study.folder)), told),)


def _is_whole(study: StudyFolder, points: int) -> bool:
    """Whether all runs of so many points are done: one that is not made yet is no failure."""
    runs = points * study.shape.per_point
    return int((study.log["run"] < runs).sum()) == runs


def _apart(study: StudyFolder, method: Method, cube: Floats, left: LeftOut) -> tuple[str, ...]:
    """Streams by which runs without a value lie apart from the others.

    Of crossed designs A and B are asked, of which the others are made. On trajectories no two rows are independent.
    """
    if not left.failed or method == "morris":
        return ()
    step = np.arange(cube.shape[0]) % left.per_group
    own = (step == 0) | (step == left.per_group - 1)
    inputs = np.stack([u[: cube.shape[0]][own] for u in study.columns()], axis=1)
    return tuple(study.streams[at] for at in parts_from_others(inputs, cube[own]))


def _noise(cube: Floats) -> Noise | None:
    """Luck told apart; None with a single replicate, few points, or where nothing varies."""
    if cube.shape[1] < 2 or cube.shape[0] < FEWEST_FOR_NOISE:
        return None
    found = replicate_noise(np.ascontiguousarray(cube))
    return found if isinstance(found, Noise) else None


def _seconds(study: StudyFolder, per_base: int) -> float | None:
    bases = study.points // per_base
    return float(study.log["seconds"].sum()) / bases if bases else None


def alternatives_named(study: StudyFolder, asked: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of alternatives; the first where nobody names one.

    Raises
    ------
    InputError
        ``sweep_no_alternative``
    """
    from cesim.text import nearest

    known = study.shape.alternatives
    faults = [
        Fault("sweep_no_alternative", Place(str(study.folder)),
              {"found": name, "allowed": known, "nearest": nearest(name, known)})
        for name in asked if name not in known
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return tuple(known.index(name) for name in asked) or (0,)
