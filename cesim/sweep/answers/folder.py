"""A study's folder as analyses read it: what was planned, what runs came to, what every future was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.quantities import KeyedSource, Quantity, TimePath
from cesim.run.sampler import Sampler
from cesim.sweep.alternatives import CHOICE
from cesim.sweep.answers.varied import Varied
from cesim.sweep.discovery.streams import drawn
from cesim.sweep.engines.drawing import PointSource
from cesim.sweep.opened import plan_in
from cesim.sweep.store import open_study
from cesim.sweep.study import Span
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.run.goals import SeriesKey
    from cesim.scenario.model import Scenario
    from cesim.sweep.discovery.streams import Drawn
    from cesim.sweep.planning import SweepPlan
    from cesim.sweep.solving import Shape
    from cesim.sweep.store import StudyTables

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TOGETHER = 4096
"""Points of a design that are made at a time."""
RELATIVE = ("fleet.export.hazard_scale", "fleet.scrap.hazard_scale")
"""Numbers of which 1 stands for today."""


@dataclass(frozen=True)
class StudyFolder:
    """A study that lies in a folder."""

    folder: Path
    plan: SweepPlan
    tables: StudyTables

    @property
    def shape(self) -> Shape:
        """How runs are numbered."""
        return self.tables.lock.shape

    @property
    def scenario(self) -> Scenario:
        """The scenario of the first alternative."""
        return self.plan.alternatives[0].scenario

    @property
    def name(self) -> dict[str, str]:
        """What the study is called, by language."""
        own = self.plan.study.name
        told = self.scenario.name if own is None else own
        return {"ja": told.ja, "en": told.en}

    @cached_property
    def log(self) -> pd.DataFrame:
        """The run log."""
        return self.tables.runs()

    @cached_property
    def points(self) -> int:
        """Points of which there is a run."""
        return self.tables.points()

    @cached_property
    def runs(self) -> Ints:
        """Numbers of the runs with a result, ascending."""
        return np.asarray(self.log.loc[self.log["status"] == "done", "run"], dtype=np.int64)

    def series(self, indicator: str, region: str, years: Sequence[int]) -> Floats:
        """Values (run, year) of the runs with a result, in some years."""
        shape = self.shape
        at = shape.regions.index(region) * len(shape.years)
        rows = np.array([at + shape.years.index(year) for year in years], dtype=np.int64)
        every = self.tables.cube([indicator], self.points, rows)[0].reshape(-1, len(rows))
        found: Floats = every[self.runs]
        return found

    def checked(self, series: SeriesKey) -> SeriesKey:
        """Return a result that the study keeps.

        Raises
        ------
        InputError
            ``sweep_no_column``, ``sweep_no_region``, ``sweep_no_year``
        """
        shape, faults = self.shape, []
        for code, found, known in (
            ("sweep_no_column", series[0], shape.indicators),
            ("sweep_no_region", series[1], shape.regions),
            ("sweep_no_year", series[2], shape.years),
        ):
            if found not in known:
                near = nearest(str(found), tuple(map(str, known)))
                told = {"found": found, "allowed": list(known), "nearest": near}
                faults.append(Fault(code, Place(str(self.folder)), told))
        if faults:
            raise InputError(faults)
        return series

    @property
    def failed(self) -> Mapping[int, tuple[str, str]]:
        """Run -> status and reason, of those without a result."""
        there = self.log[self.log["status"] != "done"]
        return {int(run): (str(status), str(reason)) for run, status, reason in
                zip(there["run"], there["status"], there["reason"], strict=True)}  # fmt: skip

    @cached_property
    def source(self) -> PointSource:
        """Where the draws of all points came from."""
        points, made = np.arange(self.points, dtype=np.int64), self.plan.designed
        columns: dict[str, Floats] = {}
        if made.design is not None:
            held = np.empty((len(made.columns), self.points))
            for first in range(0, self.points, TOGETHER):
                count = min(TOGETHER, self.points - first)
                held[:, first : first + count] = made.design.rows(first, count).T
            columns = dict(zip(made.columns, held, strict=True))
        streams = {stream for factor in made.factors for stream in (factor.streams or (factor.name,))}
        return PointSource(points, columns, KeyedSource(self.plan.study.seed), frozenset(streams - set(columns)),
                           self.plan.study.others)  # fmt: skip

    @property
    def streams(self) -> tuple[str, ...]:
        """Everything that varies and has a stream of its own."""
        return tuple(stream for factor in self.plan.designed.factors for stream in factor.streams)

    def columns(self) -> Iterator[Floats]:
        """Go through the probabilities (point,) of `streams`, one at a time: all of a large study fill a memory."""
        return (self.source.u(stream, 0, self.points) for stream in self.streams)

    def varied(self, alternative: int, year: int) -> Iterator[Varied]:
        """Go through what varies in an alternative, in every point, at a year."""
        scenario = self.plan.alternatives[alternative].scenario
        known = {one.name: one for one in drawn(scenario)}
        return (
            varied for factor in self.plan.designed.factors for name in _named(factor.name, factor.streams, known)
            for varied in self._varied(name, known, year)
        )  # fmt: skip

    def _varied(self, name: str, known: Mapping[str, Drawn], year: int) -> Iterator[Varied]:
        sampler = Sampler(self.source, 1, self.points)
        if name.startswith(CHOICE):
            yield self._choice(name)
            return
        one = known.get(name)
        if one is None:  # another alternative draws it, this one does not
            return
        if isinstance(one.held, Quantity):
            values = np.asarray(sampler.value(one.name, one.held), dtype=np.float64)
            yield self._number(name, one.held.unit, values, one.held.value)
        elif isinstance(one.held, TimePath):
            values = np.asarray(sampler.path(one.name, one.held, [year])[:, 0], dtype=np.float64)
            unit = next(iter(one.held.knots.values())).unit
            yield self._number(name, unit, values, float(one.held.best([year])[0]))
        else:
            shares, total = sampler.simplex(one.name, one.held), sum(share.value for share in one.held.values())
            for key, share in one.held.items():
                if np.ptp(shares[key]) > 0.0:
                    yield self._number(f"{name}.{key}", share.unit, shares[key], share.value / total)

    def _number(self, name: str, unit: str, values: Floats, best: float) -> Varied:
        is_relative = name in RELATIVE
        if isinstance(self.plan.study.sampled.get(name), Span):  # the middle of a span is nobody's estimate
            return Varied(name, unit, values, 1.0 if is_relative else None, is_relative)
        return Varied(name, unit, values, best, is_relative)

    def _choice(self, stream: str) -> Varied:
        path = stream.removeprefix(CHOICE)
        held = self.plan.study.sampled[path]
        assert isinstance(held, tuple)
        u = self.source.u(stream, 0, self.points)
        taken = np.minimum((u * len(held)).astype(np.int64), len(held) - 1)
        numbers = [float(one) for one in held if isinstance(one, int | float) and not isinstance(one, bool)]
        if len(numbers) == len(held):
            return Varied(path, "", np.array(numbers)[taken], None, path in RELATIVE)
        return Varied(path, "", taken.astype(np.float64), options=tuple(held))


def open_folder(folder: Path) -> StudyFolder:
    """Open a study to analyse it.

    Raises
    ------
    InputError
        as `cesim.sweep.opened.plan_in` and `cesim.sweep.store.open_study`
    """
    tables = open_study(folder)
    return StudyFolder(folder, plan_in(folder), tables)


def _named(name: str, streams: tuple[str, ...], known: Mapping[str, Drawn]) -> tuple[str, ...]:
    """Names of what a factor moves: of correlated numbers one each, of shares that add to one their common name."""
    if name in known or not streams:
        return (name,)
    held = [stream if stream in known or stream.startswith(CHOICE) else stream.rpartition(".")[0] for stream in streams]
    return tuple(dict.fromkeys(held))
