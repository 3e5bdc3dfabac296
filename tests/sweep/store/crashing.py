"""Kills a sweep's process between every two lines of the store, and looks at what is left. Run by `test_crash.py`.

    python crashing.py FOLDER EVERY

Every death is a process of its own that stops itself with SIGKILL at one line; another one then reads what is there,
goes on, and must end with the same bytes as a sweep that nobody disturbed. Prints a line for every promise broken.
"""

# ruff: noqa: PD011 -- the values of a batch are no frame's

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent))

from made_up_studies import SHAPE, batch, left, lock

import cesim.sweep.store
from cesim.sweep.solving import Batch, Failure
from cesim.sweep.store import Store, open_study, run_log
from cesim.sweep.store.run_log import BY_CHANCE

NEEDED = (pd, pq)
"""What every process imports where it is used: here it is imported once."""
ROOM = str(Path(cesim.sweep.store.__file__).parent)
FIRST = ([3, 4, 5, 6], [0, 1, 2, 12, 30], [7, 8, 9, 10, 11], [13, 14, 15, 16], [17, 18, 19, 20, 21, 22])
MORE = ([23, 24, 25, 26, 27, 28, 29], [4, 31, 32], [33, 34, 35, 36])
"""Parts of 8 runs are filled in an odd order; run 4 is lost at first and answered after its part was sealed."""


def sweep(folder, told):
    """A study that is made, swept, sealed with holes, opened again and extended; `told` hears of what was taken."""
    with Store.create(folder, lock(), {"study.yaml": "name: 試し\n"}) as store:
        for runs in FIRST:
            store.record(lost(batch(runs)))
            told(runs)
        store.seal()
    with Store.open(folder, lock()) as store:
        for runs in MORE:
            store.record(batch(runs))
            told(runs)
        store.seal()


def lost(one):
    """The same, but run 4 was lost."""
    if 4 not in one.runs:
        return one
    values = one.values.copy()
    values[one.runs == 4] = np.nan
    return Batch(one.runs, values, one.seconds, {**one.failures, 4: Failure("died", "")})


def go_on(folder):
    """What `--resume` does: ask for what is not there, or was lost, in chunks of another size."""
    every = sorted({run for runs in (*FIRST, *MORE) for run in runs})
    there = (folder / "lock.json").exists()
    with Store.open(folder, lock()) if there else Store.create(folder, lock(), {"study.yaml": "name: 試し\n"}) as store:
        failed = {run for run, failure in store.failed().items() if failure.status in BY_CHANCE}
        missing = [run for run in every if run not in set(store.finished().tolist()) - failed]
        for at in range(0, len(missing), 5):
            store.record(batch(missing[at : at + 5]))
        store.seal()


def promises(folder, taken, wanted):
    """Yield what was promised and does not hold of a folder whose writer was killed."""
    if (folder / "lock.json").exists():
        study = open_study(folder)
        runs = study.runs()
        if not set(taken) <= set(runs["run"]):
            yield f"lost runs that were taken: {sorted(set(taken) - set(runs['run']))}"
        told = study.cube(SHAPE.indicators).reshape(len(SHAPE.indicators), -1, SHAPE.rows)
        for run in runs.loc[runs["status"] == "done", "run"]:
            if not np.array_equal(told[:, run].T, batch([run]).values[0], equal_nan=True):
                yield f"run {run} reads as something else"
    elif taken:
        yield "the folder is gone"
    go_on(folder)
    if left(folder) != wanted:
        yield "does not end as the undisturbed sweep"


def apart(job):
    """Do something in a process of its own; return how it ended."""
    child = os.fork()
    if not child:
        try:
            job()
        except BaseException:  # noqa: BLE001 -- whatever it was, it is told and the child ends here
            traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
            os._exit(1)
        sys.stdout.flush()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def at_lines(heard):
    """Tell `heard` of every line of the store just before it is run."""

    def enter(frame, event, argument):
        return inside if frame.f_code.co_filename.startswith(ROOM) else None

    def inside(frame, event, argument):
        if event == "line":
            heard(frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno)
        return inside

    sys.settrace(enter)


def instants(folder):
    """Return the numbers of the lines worth a death: the first and the last time each is run, in sealing every time."""
    log = folder / "lines"

    def job():
        lines = []
        at_lines(lambda *line: lines.append(line))
        sweep(folder / "dry", len)
        sys.settrace(None)
        seen, total, chosen = Counter(), Counter(lines), []
        for number, line in enumerate(lines):
            seen[line] += 1
            if seen[line] in (1, total[line]) or line[0] in ("_seal", "write_part"):
                chosen.append(number)
        log.write_text(" ".join(map(str, chosen)))

    assert apart(job) == 0
    return [int(number) for number in log.read_text().split()]


def die_at(folder, instant, taken):
    """Sweep, and die before the line of that number."""
    passed = iter(range(sys.maxsize))

    def heard(*line):
        if next(passed) == instant:
            os.kill(os.getpid(), signal.SIGKILL)

    with taken.open("ab", buffering=0) as file:
        at_lines(heard)
        sweep(folder, lambda runs: file.write((" ".join(map(str, runs)) + " ").encode()))


def main():
    root, every = Path(sys.argv[1]), int(sys.argv[2])
    os.fsync, run_log._SYNC = abs, "OFF"  # what a killed process wrote is there; only a power failure asks for more
    undisturbed = root / "undisturbed"
    assert apart(lambda: sweep(undisturbed, len)) == 0
    wanted = left(undisturbed)
    chosen = instants(root)
    for instant in chosen[::every]:
        desk = root / "desk"
        desk.mkdir()
        one_death(desk, instant, wanted)
        shutil.rmtree(desk)
    print(f"{len(chosen[::every])} deaths")


def one_death(desk, instant, wanted):
    """Let a sweep die and look at what is left."""
    folder, taken = desk / "study", desk / "taken"
    taken.touch()
    if apart(lambda: die_at(folder, instant, taken)) != signal.SIGKILL:
        print(f"at {instant}: was not killed")

    def judge():
        for promise in promises(folder, [int(run) for run in taken.read_text().split()], wanted):
            print(f"at {instant}: {promise}")

    if apart(judge):
        print(f"at {instant}: could not be gone on with")


if __name__ == "__main__":
    main()
