"""Lot-by-lot runs: lanes with and without limits, side by side in processes; kept, continued, read back."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cesim
from cesim.errors import Fault, InputError, NoAnswer, Place
from cesim.run.asked import check_asked
from cesim.run.blocks import can_start_processes
from cesim.run.folder import check_target, read_frame
from cesim.run.lot_desk import BEST, STAGED, clear, desk_of
from cesim.run.lot_frames import frames, losses
from cesim.run.lot_limits import LIMITS
from cesim.run.lot_mirror import mirror
from cesim.run.lot_plan import in_focus
from cesim.run.lot_record import assumed, lot_record
from cesim.run.lot_task import DONE, LotTask, work
from cesim.run.lot_workers import begin, deaf
from cesim.run.record import KIND, LOTS, MARK, SUMS, foreign, of_kind, sums
from cesim.run.solve import loaded_scenario
from cesim.run.trace.reporting import reporting_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from cesim.ledger.certificate import Certificate
    from cesim.scenario.load import Loaded
    from cesim.scenario.model import Scenario

TABLES: Final = ("losses", "metal", "indicators", "works", "heats", "transport", "flows")
TRACE: Final = "trace"
"""Folder of the trace of a run, where it is traced."""
_ASKED: Final = ("first", "last", "seed", "draws", "batch", "with_losses", "traced", "worth")
_STEPS: Final = ".steps"
_POLL_S: Final = 0.5


@dataclass(frozen=True)
class LotRun:
    """The answer of a lot-by-lot run.

    Attributes
    ----------
    about
        What was asked, the laws, counts, the mirror.
    tables
        ``losses`` (what keeps 6000-series metal from becoming cars again), ``metal`` (where it went), ``indicators``
        (beside those of the balance), ``works`` (queues), ``heats``, ``transport``, ``flows``.
    folder
        Where the lot tables of the best estimate lie.
    """

    about: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(repr=False)
    folder: Path

    @property
    def losses(self) -> pd.DataFrame:
        """Potential, realised, and what is lost between them."""
        return self.tables["losses"]

    @property
    def certificate(self) -> Certificate:
        """The laws of the best estimate."""
        from cesim.ledger.certificate import Certificate

        return Certificate.of_record({"tolerance": 0.0, **self.about["laws"]})

    def arrow(self, table: str, columns: Sequence[str] | None = None) -> Any:
        """Return a lot table (`lot`, `event`, `event_in`, `event_out`, ...) of the best estimate as Arrow."""
        from cesim.ledger.lot_reader import read_table

        return read_table(self.folder / LOTS, table, columns)

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a lot table of the best estimate as a DataFrame."""
        found: pd.DataFrame = self.arrow(table, columns).to_pandas()
        return found


def simulate_lots(
    scenario: Scenario | Loaded[Scenario] | str | Path,
    year: int | None = None,
    *,
    to: int | None = None,
    seed: int = 0,
    draws: int = 1,
    batch: int = 20,
    workers: int | None = None,
    with_losses: bool = True,
    traced: bool = False,
    worth: bool = False,
    overrides: Mapping[str, object] | None = None,
    folder: str | Path | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
    finish: Callable[[Path], None] | None = None,
) -> LotRun:
    """Run the cars of the regions in focus lot by lot.

    Parameters
    ----------
    scenario
        As for `simulate`; it needs `facilities`.
    year, to
        First and last year; one year where `to` is not given, by default the first of the report.
    seed
        Of the keyed draws: of what is uncertain in the scenario, and of luck in the works.
    draws
        1 is the best estimate; more are drawn, the best estimate beside them.
    batch
        Cars that come as one lot: 1 is car by car.
    workers
        Processes; the answer does not depend on it.
    with_losses
        Run it again without the limits of capacity, of knowledge, of standards: three runs more.
    traced
        Whether casthouses read the records of the scenario's section `reporting`, and a trace is kept beside.
    worth
        Run a traced run again without the records of each supplier: one run more each.
    overrides
        Dotted path -> value, for a path only.
    folder
        Where the run is kept; without it, in a temporary folder that lasts as long as the program.
    resume
        Go on with a run of the same question that was interrupted there.
    progress
        Called with (months done, months in all).
    finish
        May add files (report, workbook) to the folder before it is published.

    Raises
    ------
    InputError
        For a scenario that is wrong or has no `facilities`, years outside the balance, a folder in use.
    NoAnswer
        When the balance has no answer.
    """
    asked = check_asked(draws=draws, seed=seed, batch=batch, **({} if workers is None else {"workers": workers}))
    loaded = loaded_scenario(scenario, overrides)
    first, last = _years(loaded.scenario, year, to)
    target = Path(tempfile.mkdtemp(prefix="cesim-lots-")) / "run" if folder is None else Path(folder)
    check_target(target, loaded.scenario.name.model_dump(), LOTS)
    question = {
        "cesim": cesim.__version__, "hash": loaded.hash, "first": first, "last": last, "seed": asked["seed"],
        "draws": asked["draws"], "batch": asked["batch"], "with_losses": with_losses, "traced": traced or worth,
        "worth": worth,
    }  # fmt: skip
    if question["traced"]:
        reporting_of(loaded.scenario)  # refused now, not when all is through
    desk = desk_of(target, question, resume)
    tasks = _tasks(loaded.scenario, question)
    outcomes = _all(tasks, desk, asked.get("workers"), progress)
    silent = _silenced(tasks[0], desk, asked.get("workers"), progress) if worth else {}
    return _assembled(loaded, question, outcomes, silent, desk, target, finish)


def _silenced(
    best: LotTask, desk: Path, workers: int | None, progress: Callable[[int, int], None] | None
) -> dict[str, dict[str, Any]]:
    """Run the best estimate once more without the records of each supplier; by its name."""
    from cesim.run.trace.network import recording_suppliers

    again = {name: replace(best, silent=name) for name in recording_suppliers(desk / BEST)}
    found = _all(list(again.values()), desk, workers, progress) if again else []
    return dict(zip(again, found, strict=True))


def _years(scenario: Scenario, year: int | None, to: int | None) -> tuple[int, int]:
    start, end = scenario.years.start, scenario.years.end
    first = scenario.report.years[0] if year is None else year
    last = first if to is None else to
    faults = [
        Fault("year_outside_balance", arguments={"found": found, "least": start, "most": end})
        for found in dict.fromkeys((first, last))
        if not isinstance(found, int) or isinstance(found, bool) or not start <= found <= end
    ]
    if not faults and last < first:
        faults = [Fault("years_turned_round", arguments={"first": first, "last": last})]
    if faults:
        raise InputError(faults)
    return first, last


def _tasks(scenario: Scenario, question: dict[str, Any]) -> list[LotTask]:
    """All lanes with all limits, then without capacity, without knowledge, without standards."""
    lanes = range(1 if question["draws"] == 1 else question["draws"] + 1)
    offs = [LIMITS[:n] for n in range(len(LIMITS) + 1 if question["with_losses"] else 1)]
    return [
        LotTask(
            scenario, question["seed"], lane, question["first"], question["last"], in_focus(scenario),
            question["batch"], off, question["traced"],
        )
        for off in offs
        for lane in lanes
    ]  # fmt: skip


def _all(
    tasks: list[LotTask], desk: Path, workers: int | None, progress: Callable[[int, int], None] | None
) -> list[dict[str, Any]]:
    """Run all tasks, side by side where there is more than one and processes can be started."""
    months = 12 * (tasks[0].last - tasks[0].first + 1)
    total = months * len(tasks)
    count = min(workers or os.cpu_count() or 1, len(tasks)) if can_start_processes() else 1

    def tell() -> None:
        if progress is not None:
            progress(min(sum(_done(task, desk, months) for task in tasks), total), total)

    tell()
    if count < 2:
        found = []
        for task in tasks:
            found.append(_one(task, desk, tell))
            tell()
        return found
    with ProcessPoolExecutor(count, get_context("spawn"), initializer=begin) as pool:
        with deaf():  # all processes are started by the first task
            futures = [pool.submit(_one, task, desk) for task in tasks]
        try:
            waiting = set(futures)
            while waiting:
                done, waiting = wait(waiting, timeout=_POLL_S)
                tell()
                for future in done:
                    future.result()  # a fault is raised now, not when all others are through
        except BaseException as error:
            started = list((pool._processes or {}).values())  # the pool forgets them when it is shut down
            pool.shutdown(wait=False, cancel_futures=True)
            for process in started:
                process.terminate()
            if isinstance(error, BrokenProcessPool):
                raise NoAnswer([Fault("process_lost", Place(str(desk)))]) from error
            raise
        return [future.result() for future in futures]


def _one(task: LotTask, desk: Path, tell: Callable[[], None] | None = None) -> dict[str, Any]:
    folder = desk / task.name
    folder.mkdir(parents=True, exist_ok=True)

    def step() -> None:
        with (folder / _STEPS).open("a", encoding="ascii") as steps:
            steps.write(".")
        if tell is not None:
            tell()

    return work(task, folder, step)


def _done(task: LotTask, desk: Path, months: int) -> int:
    """Months of a task that are done."""
    folder = desk / task.name
    if (folder / DONE).is_file():
        return months
    steps = folder / _STEPS
    return min(steps.stat().st_size, months - 1) if steps.is_file() else 0


def _assembled(
    loaded: Loaded[Scenario], question: dict[str, Any], outcomes: list[dict[str, Any]],
    silent: dict[str, dict[str, Any]], desk: Path, target: Path, finish: Callable[[Path], None] | None,
) -> LotRun:  # fmt: skip
    """Put tables and record together, publish the folder, and return the run."""
    scenario = loaded.scenario
    best = outcomes[0]
    same = mirror(scenario, question["first"], question["seed"])
    about = {
        KIND: LOTS,
        "cesim": cesim.__version__,
        "scenario": {
            "name": scenario.name.model_dump(),
            "file": str(loaded.files[0].name) if loaded.files else "",
            "hash": loaded.hash,
            "resolved": loaded.resolved_text,
        },
        "asked": {name: question[name] for name in _ASKED},
        "assumed": assumed(scenario, question["seed"], question["first"]),
        "regions": best["regions"],
        "region_names": {key: region.name.model_dump() for key, region in scenario.regions.items()},
        "focus": scenario.report.focus_name.model_dump(),
        "cars": best["cars"],
        "lots": best["lots"],
        "events": best["events"],
        "turned_away": best["turned_away"],
        "laws": best["laws"],
        "laws_of_all": all(_passed(one["laws"]) for one in (*outcomes, *silent.values())),
        "mirror": {
            "agrees": same.agrees, "flows": same.ways, "masses": same.cells, "worst_mg": same.worst_mg,
            "where": same.where, "operations": same.operations,
        },
    }  # fmt: skip
    if question["traced"]:
        about["network"] = best["network"]
    tables = frames(outcomes, desk / BEST)
    about["headline"] = losses(outcomes)
    staged = desk / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    for name, table in tables.items():
        table.to_parquet(staged / f"{name}.parquet", index=False)
    vouched = {**about, SUMS: sums(staged, TABLES)}
    (staged / MARK).write_text(json.dumps(vouched, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if question["traced"]:
        _trace(scenario, about, desk / BEST, best, silent, staged / TRACE)
    if finish is not None:
        finish(staged)
    _publish(desk, target)
    return LotRun(about, tables, target)


def _trace(
    scenario: Scenario, about: dict[str, Any], tables: Path, best: dict[str, Any], silent: dict[str, dict[str, Any]],
    target: Path,
) -> None:  # fmt: skip
    """Keep the trace of a run; what it takes is loaded here, for most runs are not traced."""
    from cesim.run.trace.folders import save_tracing
    from cesim.run.trace.heard import trace_heard
    from cesim.run.trace.points import points_frame
    from cesim.run.trace.working import worked_out

    traced = worked_out(trace_heard(scenario, about, tables))
    if silent:
        traced.tables["points"] = points_frame(best, silent)
    save_tracing(traced, target)


def _publish(desk: Path, target: Path) -> None:
    """Put the run in its place, with the tables of the best estimate; `desk_of` finds one interrupted here."""
    staged = desk / STAGED
    (desk / BEST).rename(staged / LOTS)
    for part in (DONE, _STEPS, "flows.parquet"):
        (staged / LOTS / part).unlink(missing_ok=True)
    old = target.with_name(f".{target.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.replace(target)
    shutil.rmtree(old, ignore_errors=True)
    clear(desk)


def _passed(held: dict[str, Any]) -> bool:
    return all(check["worst"] == 0.0 for check in held["checks"])


def open_lot_run(folder: str | Path) -> LotRun:
    """Read the folder of a lot-by-lot run.

    Raises
    ------
    InputError
        ``no_run_folder`` where something is missing, ``folder_of_balance``, ``record_lacks``, and where a table is not
        the one that the run wrote.
    """
    where = Path(folder)
    if faults := of_kind(where, LOTS):
        raise InputError(faults)
    missing = [name for name in (MARK, *(f"{name}.parquet" for name in TABLES)) if not (where / name).is_file()]
    if missing:
        raise InputError([Fault("no_run_folder", Place(str(where)), {"found": str(where), "missing": missing[0]})])
    about = lot_record(where)
    if faults := foreign(where, about, TABLES):
        raise InputError(faults)
    del about[SUMS]
    return LotRun(about, {name: read_frame(where / f"{name}.parquet") for name in TABLES}, where)
