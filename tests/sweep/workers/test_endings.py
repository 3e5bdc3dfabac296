"""However it ends, nobody goes on working, and what was answered is kept."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from made_up_recipes import Moody, plainly, same, told

from cesim.errors import InputError
from cesim.sweep.workers import answers as door
from cesim.sweep.workers import solve_all

HERE = Path(__file__).parent
SCRIPT = """
import sys, time, multiprocessing
import numpy as np
from cesim.sweep.workers import solve_all
from made_up_recipes import Moody

def main():
    recipe = Moody(dict.fromkeys(range(20, 10**6), "{mood}"), together={together}, seconds=0.01)
    with solve_all(recipe, [np.arange(1000)], workers=2) as answers:
        for batch in answers:
            print("answered", *batch.runs.tolist(), flush=True)
            if batch.runs[-1] >= 12:
                print("workers", *(child.pid for child in multiprocessing.active_children()), flush=True)

{guard}main()
"""


def script(folder, *, mood="hangs", together=1, guard="if __name__ == '__main__': "):
    file = folder / "sweep_of_mine.py"
    file.write_text(SCRIPT.format(mood=mood, together=together, guard=guard))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    return subprocess.Popen(
        [sys.executable, file], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def workers_of(process):
    for line in process.stdout:
        name, *numbers = line.split()
        if name == "workers":
            return [int(number) for number in numbers]
    raise AssertionError(process.stderr.read())


def is_there(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def all_gone(pids, seconds=10.0):
    until = time.monotonic() + seconds
    while any(map(is_there, pids)):
        assert time.monotonic() < until, "a worker goes on"
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("to_all", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_an_interrupt_ends_the_workers(tmp_path, to_all):
    """A terminal sends it to the workers as well; they leave it to the parent."""
    with script(tmp_path) as process:
        pids = workers_of(process)
        assert len(pids) == 2
        (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert all_gone(pids)
    assert said.count("KeyboardInterrupt") == 1
    assert process.returncode != 0


@pytest.mark.parametrize("mood", ["hangs", pytest.param("well", marks=pytest.mark.slow)])
def test_a_parent_that_is_killed_leaves_no_worker(tmp_path, mood):
    with script(tmp_path, mood=mood) as process:
        pids = workers_of(process)
        process.kill()
        assert all_gone(pids)
        process.communicate()


def test_a_script_without_its_guard_is_told(tmp_path):
    with script(tmp_path, guard="") as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "A worker could not be started: exit 1" in said


def test_leaving_early_ends_the_workers():
    recipe = Moody({40: "hangs"}, seconds=0.005)
    with solve_all(recipe, [np.arange(1000)], workers=2) as answers:
        first = [next(answers), next(answers)]
        assert multiprocessing.active_children()
    assert multiprocessing.active_children() == []
    found = told(first)
    same(found, plainly(recipe, [np.array(sorted(found))]))
    with pytest.raises(StopIteration):
        next(answers)


def test_an_error_of_the_reader_ends_the_workers():
    def reads(answers):
        next(answers)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), solve_all(Moody(), [np.arange(1000)], workers=2) as answers:
        reads(answers)
    assert multiprocessing.active_children() == []


def test_an_error_of_the_runs_asked_for_ends_the_workers():
    def broken():
        yield np.arange(4)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), solve_all(Moody(), broken(), workers=2) as answers:
        list(answers)
    assert multiprocessing.active_children() == []


# -- the door


def codes(**asked):
    with pytest.raises(InputError) as caught:
        solve_all(Moody(), [], **asked)
    return [fault.code for fault in caught.value.faults]


def test_what_cannot_be_asked_is_told_at_once(monkeypatch):
    assert codes(workers=0) == ["sweep_workers_few"]
    assert codes(limit_s=0.0) == codes(limit_s=-1.0) == codes(limit_s=float("nan")) == ["sweep_limit_not_positive"]
    assert codes(limit_s=float("inf")) == ["sweep_limit_not_positive"]
    assert codes(dask="tcp://a:1", workers=0) == ["sweep_workers_few", "sweep_workers_on_cluster"]
    monkeypatch.setattr(door, "can_start_processes", lambda: False)
    assert codes(limit_s=1.0) == ["sweep_limit_without_processes"]


def test_without_processes_it_is_done_here(monkeypatch):
    monkeypatch.setattr(door, "can_start_processes", lambda: False)
    with solve_all(Moody(), [np.arange(30)], workers=2) as answers:
        found = told(answers)
        assert multiprocessing.active_children() == []
    same(found, plainly(Moody(), [np.arange(30)]))


def test_one_worker_without_a_limit_is_this_process():
    with solve_all(Moody(), [np.arange(3)], workers=1) as answers:
        next(answers)
        assert multiprocessing.active_children() == []
    with solve_all(Moody(), [np.arange(3)], workers=1, limit_s=9.0) as answers:
        next(answers)
        assert len(multiprocessing.active_children()) == 1


def test_as_many_workers_as_cores_where_nothing_is_said(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    with solve_all(Moody(seconds=0.02), [np.arange(100)]) as answers:
        for _ in range(8):
            next(answers)
        assert len(multiprocessing.active_children()) == 3
