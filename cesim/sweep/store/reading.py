"""A study's tables, read while it runs, after it was stopped, or when it is done; nothing is ever written."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.sweep.solving import Batch
from cesim.sweep.store.gathering import gathered
from cesim.sweep.store.lock import Lock, read_lock
from cesim.sweep.store.parts import cells, part_path, read_part, sha256_of
from cesim.sweep.store.run_log import RunLog
from cesim.sweep.store.trouble import told
from cesim.sweep.store.whole import check_log
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from cesim.sweep.solving import Floats, Ints


def open_study(folder: Path | str) -> StudyTables:
    """Open a study to read it; a sweep may be adding to it meanwhile.

    Raises
    ------
    InputError
        those of `read_lock`; ``sweep_log_missing``
    """
    where = Path(folder)
    lock = read_lock(where)
    check_log(where)
    return StudyTables(where, lock)


@dataclass(frozen=True)
class StudyTables:
    """What a study has come to so far.

    Every method sees the study as it is at the moment of the call. Methods raise `InputError` for a name that is not
    there (``sweep_no_column``, ``sweep_no_region``, ``sweep_no_year``, ``sweep_no_alternative``), and where a file is
    not the one that was written (``sweep_part_damaged``, ``sweep_log_damaged``).
    """

    folder: Path
    lock: Lock
    _proved: set[tuple[int, str, int, int]] = field(default_factory=set, init=False, repr=False, compare=False)
    """Parts that were found to be the ones that were written."""

    def runs(self) -> pd.DataFrame:
        """Return the run log: run, point, replicate, alternative, status, reason, seconds, seed, hash."""
        import pandas as pd

        with self._log() as log:
            rows = log.between("run, status, reason, seconds, hash", 0, log.last() + 1)
        run, status, reason, seconds, digest = zip(*rows, strict=True) if rows else ((),) * 5
        runs = np.array(run, dtype=np.int64)
        return pd.DataFrame(
            {
                **self._cells(runs),
                "status": pd.Categorical(status),
                "reason": pd.Series(reason, dtype=object),
                "seconds": np.array(seconds, dtype=np.float64),
                "seed": np.full(len(runs), self.lock.seed),
                "hash": pd.Series(digest, dtype=object),
            }
        )

    def points(self) -> int:
        """Return the number of points of which there is a run."""
        with self._log() as log:
            return -(-(log.last() + 1) // self.lock.shape.per_point)

    def results(
        self, columns: Sequence[str] | None = None, years: Sequence[int] | None = None, region: str | None = None,
        alternative: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Return rows in the order of run, region, year: run, point, replicate, alternative, region, year, indicators.

        Parameters
        ----------
        columns
            indicators; all of them unless some are named
        years, region, alternative
            only these; all unless named
        """
        import pandas as pd

        frames = list(self.frames(columns, years, region, alternative))
        return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]

    def frames(
        self, columns: Sequence[str] | None = None, years: Sequence[int] | None = None, region: str | None = None,
        alternative: str | None = None,
    ) -> Iterator[pd.DataFrame]:  # fmt: skip
        """Go through `results` part by part; at least one frame, if an empty one."""
        shape = self.lock.shape
        names = self._indicators(columns)
        rows = self._rows(region, years)
        wanted = None if alternative is None else self._alternative(alternative)
        some = False
        for runs, values in self.parts(names):
            mine = slice(None) if wanted is None else runs % len(shape.alternatives) == wanted
            some = True
            yield self._frame(runs[mine], names, values[:, mine], rows)
        if not some:
            nobody = np.zeros(0, dtype=np.int64)
            yield self._frame(nobody, names, np.zeros((len(names), 0, shape.rows)), rows)

    def parts(self, indicators: Sequence[str]) -> Iterator[tuple[Ints, Floats]]:
        """Go through runs, ascending, and their values (indicator, run, row), part by part, as of one moment."""
        shape, length = self.lock.shape, self.lock.part
        at = [shape.indicators.index(name) for name in indicators]
        with self._log() as log:
            noted = {part: sha256 for part, _, sha256 in log.parts() if sha256}
            whole = {part: runs for part, runs, sha256 in log.parts() if sha256}
            for part in sorted({*whole, *log.counts(length, sorted(whole))}):
                if part in whole and self._is_noted(part, noted[part]):
                    runs, values = read_part(self.folder, part, self.lock, indicators)
                    if len(runs) == whole[part]:
                        yield runs, values
                        continue
                known = gathered(log, self.folder, self.lock, part)  # its file is older, or by now newer
                yield known.runs, np.moveaxis(known.values[:, :, at], -1, 0)  # noqa: PD011 -- no frame

    def values(self, indicator: str, region: str, year: int, points: int | None = None) -> Floats:
        """Return one result of every run (point, replicate, alternative); NaN where it failed, or is nothing.

        Parameters
        ----------
        indicator, region, year
            which result
        points
            so many points from the first; all of which there is a run unless named
        """
        cube = self.cube(self._indicators([indicator]), points, self._rows(region, [year]))
        return np.ascontiguousarray(cube[0, ..., 0])

    def run(self, number: int) -> Batch:
        """Return what one run came to, proved by its hash: its values (1, row, indicator), or why it has none.

        Raises
        ------
        InputError
            ``sweep_no_run`` where it is not there (yet)
        """
        with self._log() as log:
            known = gathered(log, self.folder, self.lock, number // self.lock.part)
        at = np.flatnonzero(known.runs == number)
        if not len(at):
            raise InputError([Fault("sweep_no_run", Place(str(self.folder)), {"found": number})])
        failures = {run: failure for run, failure in known.failures.items() if run == number}
        return Batch(known.runs[at], known.values[at], known.seconds[at], failures)  # noqa: PD011 -- no frame

    def cube(self, indicators: Sequence[str], points: int | None = None, rows: Ints | None = None) -> Floats:
        """Return results of every run (indicator, point, replicate, alternative, row); NaN where there is none.

        Parameters
        ----------
        rows
            only these of region and year; of a study of many runs all of them may be more than memory holds
        """
        shape = self.lock.shape
        count = self.points() if points is None else points
        total = count * shape.per_point
        kept = np.arange(shape.rows) if rows is None else rows
        flat = np.full((len(indicators), total, len(kept)), np.nan)
        for runs, held in self.parts(indicators):
            values = held if rows is None else held[:, :, kept]
            end = int(np.searchsorted(runs, total))
            if end and runs[end - 1] - runs[0] == end - 1:
                flat[:, runs[0] : runs[0] + end] = values[:, :end]
            else:
                flat[:, runs[:end]] = values[:, :end]
        return flat.reshape(len(indicators), count, shape.replicates, len(shape.alternatives), len(kept))

    def finite(self, indicator: str, region: str, year: int, points: int | None = None) -> Floats:
        """Return `values` where every run has one: what an analysis may work with.

        Raises
        ------
        InputError
            ``sweep_not_finite`` with how many runs have none, a fault for each reason, and the remedy
        """
        found = self.values(indicator, region, year, points)
        without = np.flatnonzero(~np.isfinite(found))
        if not len(without) and found.size:
            return found
        place = Place(str(self.folder))
        told = {"found": indicator, "region": region, "year": year, "count": len(without), "all": found.size}
        faults = [Fault("sweep_not_finite", place, told)]
        for reason, count in self._reasons(without).items():
            faults.append(Fault(f"sweep_not_finite_{reason}", place, {"count": count}))
        raise InputError(faults)

    def _reasons(self, runs: Ints) -> dict[str, int]:
        """Count runs without a finite value by reason; ``nothing`` for a share of nothing, ``missing`` for no run."""
        counts: dict[str, int] = {}
        with self._log() as log:
            for run in runs.tolist():
                row = log.connection.execute("SELECT status FROM runs WHERE run = ?", (run,)).fetchone()
                reason = "missing" if row is None else "nothing" if row[0] == "done" else row[0]
                counts[reason] = counts.get(reason, 0) + 1
        return dict(sorted(counts.items()))

    def _is_noted(self, part: int, sha256: str) -> bool:
        """Whether the file of a part is the one that the run log notes: it is read for that once, and again if new."""
        path = part_path(self.folder, part)
        try:
            state = path.stat()
            seen = (part, sha256, state.st_mtime_ns, state.st_size)
            if seen not in self._proved and sha256_of(path) == sha256:
                self._proved.add(seen)
        except OSError:
            return False
        return seen in self._proved

    @contextmanager
    def _log(self) -> Iterator[RunLog]:
        with told(self.folder):
            log = RunLog(self.folder, write=False)
            try:
                with log.snapshot():
                    yield log
            finally:
                log.close()

    def _frame(self, runs: Ints, names: Sequence[str], values: Floats, rows: Ints) -> pd.DataFrame:
        import pandas as pd

        shape = self.lock.shape
        region, year = np.divmod(np.tile(rows, len(runs)), len(shape.years))
        columns: dict[str, Any] = self._cells(np.repeat(runs, len(rows)))
        columns["region"] = pd.Categorical.from_codes(region, pd.Index(shape.regions))
        columns["year"] = np.array(shape.years, dtype=np.int64)[year]
        everything = len(rows) == shape.rows
        for number, name in enumerate(names):
            one = values[number] if everything else values[number][:, rows]
            columns[name] = np.ascontiguousarray(one).reshape(-1)
        return pd.DataFrame(columns, copy=False)

    def _cells(self, runs: Ints) -> dict[str, Any]:
        import pandas as pd

        point, replicate, alternative = cells(self.lock.shape, runs)
        named = pd.Categorical.from_codes(alternative, pd.Index(self.lock.shape.alternatives))
        return {"run": runs, "point": point, "replicate": replicate, "alternative": named}

    def _indicators(self, wanted: Sequence[str] | None) -> tuple[str, ...]:
        every = self.lock.shape.indicators
        for name in wanted or ():
            self._known("sweep_no_column", name, every)
        return every if wanted is None else tuple(wanted)

    def _rows(self, region: str | None, years: Sequence[int] | None) -> Ints:
        """Return which rows of a run are wanted, ascending."""
        shape = self.lock.shape
        for year in years or ():
            self._known("sweep_no_year", year, shape.years)
        if region is not None:
            self._known("sweep_no_region", region, shape.regions)
        here = [region is None or name == region for name in shape.regions]
        now = [years is None or year in years for year in shape.years]
        return np.flatnonzero(np.logical_and.outer(here, now).reshape(-1))

    def _alternative(self, name: str) -> int:
        self._known("sweep_no_alternative", name, self.lock.shape.alternatives)
        return self.lock.shape.alternatives.index(name)

    def _known(self, code: str, name: object, every: Sequence[object]) -> None:
        if name not in every:
            meant = nearest(name, map(str, every)) if isinstance(name, str) else None
            told = {"found": name, "allowed": list(every), "nearest": meant}
            raise InputError([Fault(code, Place(str(self.folder)), told)])
