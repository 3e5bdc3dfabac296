"""The answer: tables, certificate, provenance; written to a folder and read back."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cesim
from cesim.errors import Fault, InputError, Place
from cesim.ledger.certificate import Certificate
from cesim.ledger.staging import staged
from cesim.run.record import MARK, SUMS, foreign, held, of_kind, record, sums

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from cesim.run.solve import Gathered, Plan
    from cesim.scenario.load import Loaded
    from cesim.scenario.model import Scenario

TABLES = ("flows", "composition", "stocks", "indicators", "targets", "sources", "draws", "limits")


@dataclass(frozen=True)
class Run:
    """The answer to a scenario: tidy tables with units in their columns or beside them, and how they came about."""

    about: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(repr=False)

    @property
    def flows(self) -> pd.DataFrame:
        """Flows by origin, t a year: mean, sd and best estimate."""
        return self.tables["flows"]

    @property
    def stocks(self) -> pd.DataFrame:
        """Levels at the end of each year."""
        return self.tables["stocks"]

    @property
    def indicators(self) -> pd.DataFrame:
        """Indicators by region and year with exact quantiles."""
        return self.tables["indicators"]

    @property
    def certificate(self) -> Certificate:
        """The mass-balance proof."""
        return Certificate.of_record(self.about["certificate"])

    def save(self, folder: str | Path, finish: Callable[[Path], None] | None = None) -> Path:
        """Write the tables to a staging folder and rename it.

        A second run of the same scenario replaces the folder made by the first; anything else there is refused.
        ``finish`` may add files (report, workbook) before the folder is published.
        """
        target = Path(folder)
        check_target(target, self.about["scenario"]["name"])
        try:
            self._write(target, finish)
        except OSError as error:  # it names the staging folder, which nobody asked for
            raise _cannot_write(target, error) from error
        return target

    def _write(self, target: Path, finish: Callable[[Path], None] | None) -> None:
        with staged(target) as staging:
            for name, table in self.tables.items():
                table.to_parquet(staging / _file(name), index=False)
            vouched = {**self.about, SUMS: sums(staging, tuple(self.tables))}
            text = json.dumps(vouched, ensure_ascii=False, indent=1)
            (staging / MARK).write_text(text + "\n", encoding="utf-8")
            if finish is not None:
                finish(staging)


def check_target(target: Path, name: dict[str, str], kind: str = "") -> None:
    """Refuse to write where something else stands: a folder is replaced only where it is a run of the same scenario.

    ``kind`` is that of the run to be written (`cesim.run.record.KIND`); one of another kind is refused, too.

    Raises
    ------
    InputError
        also where no folder can be made
    """
    try:
        check_can_be_folder(target)
        if not target.exists() or not any(target.iterdir()):
            return
    except OSError as error:
        raise _cannot_write(target, error) from error
    if _scenario_of(held(target)).get("name") != name:
        raise InputError([Fault("folder_in_use", Place(str(target)), {"found": str(target)})])
    if faults := of_kind(target, kind):
        raise InputError(faults)


def check_can_be_folder(target: Path) -> None:
    """Refuse a path at which no folder can be made, before anything is computed.

    Raises
    ------
    InputError
        where a file stands at the path or above it, or where its folder may not be written to
    """
    there = next(path for path in (target, *target.absolute().parents) if os.path.lexists(path))
    if not there.is_dir():
        raise InputError([Fault("out_is_file", Place(str(target)), {"found": str(there)})])
    if not os.access(there if there != target else target.absolute().parent, os.W_OK | os.X_OK):
        raise _cannot_write(target, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _cannot_write(target: Path, error: OSError) -> InputError:
    return InputError([Fault("cannot_write_folder", Place(str(target)), {"found": error.strerror or str(error)})])


def _scenario_of(about: Any) -> dict[str, Any]:
    """What a record says of its scenario; nothing where it is no record."""
    scenario = about.get("scenario") if isinstance(about, dict) else None
    return scenario if isinstance(scenario, dict) else {}


def open_run(folder: str | Path) -> Run:
    """Read a run folder.

    Raises
    ------
    InputError
        when the folder is none of a run of the balance, `run.json` is no record of one, or a table is not the one that
        the run wrote
    """
    where = Path(folder)
    if faults := of_kind(where, ""):
        raise InputError(faults)
    missing = [name for name in (MARK, *map(_file, TABLES)) if not (where / name).is_file()]
    if missing:
        raise InputError([Fault("no_run_folder", Place(str(where)), {"found": str(where), "missing": missing[0]})])
    about = record(where)
    if faults := foreign(where, about, TABLES):
        raise InputError(faults)
    del about[SUMS]
    return Run(about, {name: read_frame(where / _file(name)) for name in TABLES})


def _file(table: str) -> str:
    return f"{table}.parquet"


def read_frame(path: Path) -> pd.DataFrame:
    """Read a table; raises `InputError` where it cannot be read."""
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:  # what pyarrow refuses is a ValueError
        raise InputError([Fault("cannot_read", Place(str(path)), {"found": str(error)})]) from error


def assemble(loaded: Loaded[Scenario], plan: Plan, gathered: Gathered, draws: int) -> Run:
    """Put tables and provenance together."""
    from cesim.data import digest
    from cesim.run.table_sources import read_by_balance
    from cesim.run.tables import all_frames

    scenario = loaded.scenario
    tables = all_frames(scenario, plan, gathered, draws)
    sources = tables["sources"]
    status = sources["status"][read_by_balance(scenario, sources["path"])].value_counts()
    focus = scenario.report
    about = {
        "cesim": cesim.__version__,
        "scenario": {
            "name": scenario.name.model_dump(),
            "summary": scenario.summary.model_dump(),
            "file": str(loaded.files[0].name) if loaded.files else "",
            "hash": loaded.hash,
            "resolved": loaded.resolved_text,
        },
        "data_hash": digest(),
        "seed": plan.seed,
        "draws": draws,
        "years": [scenario.years.start, scenario.years.end],
        "report_years": list(focus.years),
        "regions": [
            {"id": key, "name": region.name.model_dump(), "focus": key in focus.focus}
            for key, region in scenario.regions.items()
        ],
        "focus": {"id": focus.focus_id, "name": focus.focus_name.model_dump()},
        "variants": scenario.variants.model_dump(),
        "certificate": gathered.certificate.as_dict(),
        "inputs": {name: int(status.get(name, 0)) for name in ("read", "unverified", "estimate", "given")},
    }
    return Run(about, tables)
