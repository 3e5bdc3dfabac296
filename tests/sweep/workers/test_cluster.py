"""A real scheduler, and workers that are processes of their own."""

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest
from made_up_recipes import STATUS, Moody, Unmade, plainly, same, told
from real_cluster import scheduler, worker

from cesim.errors import InputError
from cesim.sweep.workers import cluster, remote, solve_all

RUNS = [np.arange(20), np.arange(22, 60)]


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    with scheduler(folder) as (_, address), worker(address, folder), worker(address, folder):
        yield address


def solved(recipe, address, limit_s=None, runs=RUNS):
    with solve_all(recipe, runs, dask=address, limit_s=limit_s) as answers:
        return told(answers)


def fault_of(recipe, address, within_s):
    begun = time.monotonic()
    with pytest.raises(InputError) as caught:
        solved(recipe, address)
    assert time.monotonic() - begun < within_s
    return caught.value.faults[0]


# -- what needs no cluster


def test_an_address_where_nobody_answers(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECTING_S", 0.5)
    fault = fault_of(Moody(), "tcp://127.0.0.1:1", within_s=10)
    assert fault.code == "sweep_dask_unreachable"
    assert fault.arguments["found"] == "tcp://127.0.0.1:1"


@pytest.mark.parametrize(
    "address",
    ["", "nowhere", "gopher://127.0.0.1:1", "tcp://127.0.0.1", "tcp://127.0.0.1:seven", "tls://a:1", "inproc://a:1"],
)
def test_what_is_no_address(monkeypatch, address):
    monkeypatch.setattr(cluster, "CONNECTING_S", 0.5)
    assert fault_of(Moody(), address, within_s=10).code == "sweep_dask_unreachable"


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert fault_of(Moody(), "tcp://127.0.0.1:1", within_s=5).code == "sweep_dask_missing"


def test_solvers_are_kept_for_the_recipes_used_last(monkeypatch):
    monkeypatch.setattr(remote, "_idle", {})
    made = []

    class Counted(Moody):
        def solver(self):
            made.append(self.together)
            return super().solver()

    monkeypatch.setattr(remote.pickle, "loads", lambda number: Counted(together=number))
    for number in (1, 2, 1, 2, 3, 2, 1):
        kept = remote._solver(number, str(number))
        remote._idle[str(number)].append(kept)
    assert made == [1, 2, 3, 1]
    first, second = remote._solver(1, "1"), remote._solver(1, "1")
    assert first[0] is not second[0], "two threads have a solver each"


# -- what needs one


@pytest.mark.slow
@pytest.mark.parametrize("together", [1, 8])
@pytest.mark.parametrize("limit_s", [None, 30.0])
def test_a_run_depends_on_its_number_alone(two_workers, together, limit_s):
    moods = {5: "no_answer", 17: "raises", 31: "outside", 33: "leaves", 40: "other_failure"}
    recipe = Moody(moods, together=together)
    same(solved(recipe, two_workers, limit_s), plainly(recipe, RUNS))


@pytest.mark.slow
def test_everything_that_may_happen_at_once(two_workers, tmp_path):
    moods = dict(zip((3, 5, 8, 13, 21, 27, 33, 34, 55), STATUS, strict=True)) | {40: "killed_once"}
    recipe = Moody(moods, together=8, folder=str(tmp_path))
    found = solved(recipe, two_workers, 0.6)
    same(found, plainly(recipe, RUNS))
    assert found[55][2] == 'sweep_run_too_long {"limit_s": 0.6}'
    assert found[33][2] == "sweep_run_died"


@pytest.mark.slow
def test_a_worker_lost_from_outside(tmp_path):
    recipe = Moody(seconds=0.01)
    with (
        scheduler(tmp_path) as (_, address),
        worker(address, tmp_path),
        worker(address, tmp_path) as second,
        solve_all(recipe, [np.arange(600)], dask=address) as answers,
    ):
        batches = [next(answers)]
        os.killpg(second.pid, signal.SIGKILL)
        batches += answers
    same(told(batches), plainly(recipe, [np.arange(600)]))


@pytest.mark.slow
def test_a_run_that_cannot_be_stopped_is_given_up(tmp_path):
    """Without a nanny a worker cannot be restarted; the sweep goes on all the same, and says so."""
    recipe = Moody({30: "hangs"})
    with scheduler(tmp_path) as (_, address), worker(address, tmp_path, "--no-nanny"):
        found = solved(recipe, address, 0.6)
    same(found, plainly(recipe, RUNS))
    assert found[30][2] == 'sweep_run_goes_on {"limit_s": 0.6}'


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_goes_leaves_what_was_answered(tmp_path, monkeypatch, sign):
    monkeypatch.setattr(cluster, "_SILENT_S", 3.0)
    monkeypatch.setattr(cluster, "CONNECTING_S", 3.0)
    recipe, batches = Moody(seconds=0.01), []
    with (
        scheduler(tmp_path) as (process, address),
        worker(address, tmp_path),
        solve_all(recipe, [np.arange(10_000)], dask=address) as answers,
    ):
        batches.append(next(answers))
        os.kill(process.pid, sign)
        begun = time.monotonic()
        with pytest.raises(InputError) as caught:
            batches.extend(answers)  # what came before the fault is kept
        assert time.monotonic() - begun < 40
    assert caught.value.faults[0].code == "sweep_dask_gone"
    found = told(batches)
    same(found, plainly(recipe, [np.array(sorted(found))]))


@pytest.mark.slow
def test_a_cluster_without_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "WORKERLESS_S", 3.0)
    with scheduler(tmp_path) as (_, address):
        fault = fault_of(Moody(), address, within_s=30)
    assert (fault.code, fault.arguments["seconds"]) == ("sweep_dask_no_workers", 3.0)


@pytest.mark.slow
def test_workers_that_come_later_are_waited_for(tmp_path):
    with scheduler(tmp_path) as (_, address):
        found = {}
        reader = threading.Thread(target=lambda: found.update(solved(Moody(), address)))
        reader.start()
        time.sleep(3)
        with worker(address, tmp_path):
            reader.join(60)
    same(found, plainly(Moody(), RUNS))


@pytest.mark.slow
def test_a_worker_with_another_program(two_workers, monkeypatch):
    monkeypatch.setattr(cluster, "programs", lambda: {**remote.programs(), "code": "another", "numpy": "1.0"})
    fault = fault_of(Moody(), two_workers, within_s=30)
    assert fault.code == "sweep_dask_unlike"
    assert fault.arguments["reason"].startswith("code ")
    assert ", numpy " in fault.arguments["reason"]
    assert fault.arguments["worker"].startswith("tcp://")


@pytest.mark.slow
def test_solvers_that_cannot_be_made(two_workers):
    fault = fault_of(Unmade(), two_workers, within_s=30)
    assert (fault.code, fault.arguments["reason"]) == ("sweep_worker_cannot_start", "ImportError: no module named so")
    assert fault_of(Unmade(why="faults"), two_workers, within_s=30).code == "folder_in_use"


@pytest.mark.slow
def test_leaving_early_takes_the_tasks_back(two_workers):
    with solve_all(Moody(seconds=0.02), [np.arange(10_000)], dask=two_workers) as answers:
        next(answers)
    begun = time.monotonic()
    same(solved(Moody(), two_workers), plainly(Moody(), RUNS))
    assert time.monotonic() - begun < 20
