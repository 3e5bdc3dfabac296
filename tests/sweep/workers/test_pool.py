"""Real processes: what each run comes to does not depend on what any other does, nor on how many share the work."""

import multiprocessing
import os
import random
import signal
import tempfile
import threading
import time
from operator import truediv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_recipes import STATUS, Moody, Unmade, Unread, plainly, same, told

from cesim.errors import InputError
from cesim.sweep.solving import Shape
from cesim.sweep.workers import pool, solve_all

RUNS = [np.arange(20), np.arange(22, 22), np.arange(25, 60)]
LIMIT_S = 0.6


def solved(recipe, runs=RUNS, **asked):
    with solve_all(recipe, runs, **asked) as answers:
        return told(answers)


def code_of(recipe, workers=2, **asked):
    begun = time.monotonic()
    with pytest.raises(InputError) as caught:
        solved(recipe, workers=workers, **asked)
    assert time.monotonic() - begun < 60
    assert multiprocessing.active_children() == []
    fault = caught.value.faults[0]
    return fault.code, fault.arguments.get("reason", "")


@pytest.fixture(autouse=True)
def _no_process_is_left():
    yield
    assert multiprocessing.active_children() == []


@st.composite
def moody(draw, most):
    moods = st.sampled_from([*STATUS, "killed_once"])
    drawn = draw(st.dictionaries(st.integers(0, 59), moods, max_size=most))
    return drawn, draw(st.sampled_from([1, 8, 64])), draw(st.integers(1, 3))


def check_independence(asked):
    moods, together, workers = asked
    with tempfile.TemporaryDirectory() as folder:
        recipe = Moody(moods, together=together, folder=folder)
        same(solved(recipe, workers=workers, limit_s=LIMIT_S), plainly(recipe, RUNS))


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(moody(most=3))
def test_a_run_depends_on_its_number_alone(asked):
    check_independence(asked)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(moody(most=8))
def test_a_run_depends_on_its_number_alone_many_times(asked):
    check_independence(asked)


EVERY = dict(zip((3, 5, 8, 13, 21, 27, 33, 34, 55), STATUS, strict=True)) | {40: "killed_once"}


@pytest.mark.parametrize(("workers", "together"), [(1, 1), pytest.param(3, 8, marks=pytest.mark.slow)])
def test_everything_that_may_happen_at_once(tmp_path, workers, together):
    recipe = Moody(EVERY, together=together, folder=str(tmp_path))
    found = solved(recipe, workers=workers, limit_s=LIMIT_S)
    same(found, plainly(recipe, RUNS))
    assert found[55][2] == f'sweep_run_too_long {{"limit_s": {LIMIT_S}}}'
    assert {found[run][2] for run in (27, 33, 34)} == {"sweep_run_died"}


def test_in_this_process_it_is_the_same():
    moods = {run: mood for run, mood in EVERY.items() if STATUS.get(mood) not in ("died", "too_long", None)}
    recipe = Moody(moods, together=8)
    alone, shared = solved(recipe, workers=1), solved(recipe, workers=2)
    same(alone, plainly(recipe, RUNS))
    assert {run: (status, reason) for run, (status, _, reason) in alone.items()} == {
        run: (status, reason) for run, (status, _, reason) in shared.items()
    }


def test_runs_one_after_the_other_that_end_their_processes():
    recipe = Moody(dict.fromkeys(range(4), "exits"))
    same(solved(recipe, [np.arange(6)], workers=2), plainly(recipe, [np.arange(6)]))


def test_nothing_to_do_starts_nothing():
    for runs in ([], [np.empty(0, np.int64)]):
        assert solved(Unmade(), runs, workers=2) == {}
        assert solved(Unmade(), runs, workers=1) == {}


def test_as_many_processes_as_there_is_work_for():
    with solve_all(Moody(), [np.arange(1)], workers=8) as answers:
        next(answers)
        assert len(multiprocessing.active_children()) == 1


def test_slow_runs_in_company_are_done_apart_once(monkeypatch):
    """A limit shorter than what runs solved together take is no run's fault; they get more time from then on."""
    recipe = Moody(together=8, seconds=0.05)
    found = solved(recipe, [np.arange(32)], workers=1, limit_s=0.3)
    same(found, plainly(recipe, [np.arange(32)]))


def test_answers_larger_than_a_pipe_and_a_reader_that_is_slow():
    shape = Shape(("a",), 1, ("x",) * 50, ("r",) * 40, tuple(range(2020, 2051)))
    recipe = Moody(shape=shape, together=4)
    found = {}
    with solve_all(recipe, [np.arange(24)], workers=3) as answers:
        for batch in answers:
            time.sleep(0.1)
            found |= told([batch])
    same(found, plainly(recipe, [np.arange(24)]))


@pytest.mark.slow
def test_a_worker_killed_from_outside_at_any_moment():
    recipe, chance = Moody(seconds=0.004), random.Random(1)
    expected = plainly(recipe, [np.arange(300)])
    for moment in [truediv(n, 12) for n in range(20)]:

        def kill(moment=moment):
            time.sleep(moment)
            children = multiprocessing.active_children()
            if children:
                os.kill(chance.choice(children).pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        same(solved(recipe, [np.arange(300)], workers=2), expected)
        killer.join()


# -- workers that cannot start


def test_a_solver_that_cannot_be_made_is_told_at_once():
    assert code_of(Unmade()) == ("sweep_worker_cannot_start", "ImportError: no module named so")
    assert code_of(Unmade(why="leaves")) == ("sweep_worker_cannot_start", "SystemExit: no more")


def test_faults_of_making_a_solver_are_passed_on():
    assert code_of(Unmade(why="faults"))[0] == "folder_in_use"


def test_a_recipe_that_cannot_be_carried_is_told_at_once():
    code, reason = code_of(Moody(folder=lambda: None))
    assert code == "sweep_recipe_not_carried"
    assert "lambda" in reason


def test_a_recipe_that_cannot_be_read_is_told_at_once():
    assert code_of(Unread(os._exit)) == ("sweep_worker_cannot_start", "exit 7")
    assert code_of(Unread(round)) == (
        "sweep_worker_cannot_start",
        "AttributeError: 'int' object has no attribute 'solver'",
    )


def test_workers_that_are_killed_while_they_start_are_not_started_for_ever():
    assert code_of(Unmade(why="killed"), workers=1, limit_s=9.0)[0] == "sweep_workers_lost"


def test_a_worker_that_never_starts_is_given_up(monkeypatch):
    monkeypatch.setattr(pool, "STARTING_S", 0.7)
    assert code_of(Unmade(why="hangs")) == ("sweep_worker_cannot_start", "0.7 s")
