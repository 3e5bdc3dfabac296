"""A sweep that was killed, shared out or extended is the sweep that was not: the same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_sweeps as made_up
from made_up_scenarios import text
from made_up_studies import left
from real_cluster import scheduler, worker

import cesim.cli
from cesim.errors import InputError
from cesim.sweep.execute import Means
from cesim.sweep.store import merge, open_study

ROOT = Path(cesim.cli.__file__).parents[2]
POINTS = 2000
KILLS = {1: 6, 2: 6, "dask": 5, "command": 3}
"""Twenty in all."""


def test_twenty_kills():
    assert sum(KILLS.values()) == 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Points -> what an undisturbed sweep leaves."""
    found = {}

    def of(points, kind="sobol"):
        if (points, kind) not in found:
            folder = tmp_path_factory.mktemp("whole") / "study"
            found[points, kind] = made_up.sweep(folder, points, kind=kind)
        return found[points, kind]

    return of


def test_the_made_up_sweep_has_everything_in_it(whole):
    parts, runs, sealed = whole(POINTS)
    statuses = [row[4] for row in runs]
    assert 60 < statuses.count("raised") < 140
    assert statuses.count("done") + statuses.count("raised") == POINTS
    assert len(parts) == len(sealed) == -(-POINTS // made_up.PART)
    assert {row[5][:10] for row in runs if row[4] == "raised"} == {"ValueError", "Arithmetic"}
    assert all(row[8] is None for row in runs)


def killed_until_done(folder, means, kills, luck, longest):
    """Kill a sweep so often, whenever it stands; begin anew where it was done before; finish it, and say how often."""
    killed, pause = 0, 0.002
    while killed < kills:
        if made_up.killed_after(made_up.begun(folder, means, POINTS, pause), luck.uniform(0.0, longest)):
            yield folder
            folder = folder.with_name(folder.name + "+")
        else:
            killed += 1
            readable(folder)
    assert made_up.killed_after(made_up.begun(folder, means, POINTS, pause), 300)
    yield folder


def readable(folder):
    """What was killed is a study that can be read, in which no run is half."""
    if not folder.exists():
        return
    tables = open_study(folder)
    runs = tables.runs()
    done = runs.loc[runs["status"] == "done", "run"]
    results = tables.results()
    assert set(done) <= set(results["run"])
    assert results.loc[results["run"].isin(done), ["y", "z"]].notna().all(axis=None)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_random_moments_it_goes_on_to_the_same_bytes(whole, tmp_path, workers):
    luck = random.Random(workers)
    for folder in killed_until_done(tmp_path / "study", workers, KILLS[workers], luck, 3.0 / workers):
        assert left(folder) == whole(POINTS)


@pytest.mark.slow
def test_killed_while_a_cluster_works_for_it(whole, tmp_path):
    """The cluster outlives the sweep, and the next one asks it again."""
    luck = random.Random(3)
    with ExitStack() as stack:
        _, address = stack.enter_context(scheduler(tmp_path))
        for _ in range(2):
            stack.enter_context(worker(address, tmp_path))
        for folder in killed_until_done(tmp_path / "study", address, KILLS["dask"], luck, 3.0):
            assert left(folder) == whole(POINTS)


@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_workers_changes_nothing(whole, tmp_path, workers):
    assert made_up.sweep(tmp_path / "study", 500, Means(workers)) == whole(500)


@pytest.mark.parametrize("kind", ["sobol", "saltelli", "morris"])
def test_a_sweep_that_is_extended(whole, tmp_path, kind):
    made_up.sweep(tmp_path / "study", 100, kind=kind)
    assert left(tmp_path / "study") != whole(300, kind)
    assert made_up.sweep(tmp_path / "study", 300, kind=kind) == whole(300, kind)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_shards_put_together(whole, tmp_path, order):
    shards = [tmp_path / f"shard-{number}" for number in order]
    for number, folder in zip(order, shards, strict=True):
        made_up.sweep(folder, 500, shard=(number, 3))
        with pytest.raises(InputError) as caught:
            made_up.sweep(folder, 500, shard=(number % 3 + 1, 3))
        assert [fault.code for fault in caught.value.faults] == ["sweep_other_shard"]
    merge(shards, tmp_path / "study")
    assert left(tmp_path / "study") == whole(500)


def test_what_was_lost_by_chance_is_asked_for_again(whole, tmp_path):
    folder = tmp_path / "study"
    made_up.sweep(folder, 100)
    with closing(sqlite3.connect(folder / "runs.sqlite")) as log:
        assert log.execute("SELECT status FROM runs WHERE run IN (5, 7)").fetchall() == [("done",)] * 2
        log.execute("UPDATE runs SET status = 'died', hash = '' WHERE run = 5")
        log.execute("UPDATE runs SET status = 'too_long', hash = '' WHERE run = 7")
        log.commit()
    assert made_up.sweep(folder, 300) == whole(300)


def called(*words, cwd, command="sweep"):
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "LC_ALL": "", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "cesim.cli", command, *map(str, words)],
        cwd=cwd, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # as in the background of a shell it would not
    )  # fmt: skip


def ended(*words, cwd, command="sweep"):
    process = called(*words, cwd=cwd, command=command)
    out, err = process.communicate(timeout=300)
    return process.returncode, out + err


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The smallest scenario and what to ask of it: about ten blocks of points."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "tiny.yaml").write_text(text(), encoding="utf-8")
    words = ["tiny.yaml", "--vary", "market.sales", "--vary", "fleet.*", "--samples", 1100, "--no-report",
             "--indicators", "elv_6xxx,primary_demand", "--lever", "sorting.share=0.05,0.6"]  # fmt: skip
    return folder, words


@pytest.fixture(scope="module")
def undisturbed(asked):
    folder, words = asked
    code, told = ended(*words, "--workers", 1, "--out", "whole", cwd=folder)
    assert code == 0, told
    return left(folder / "whole")


def answered(folder):
    """How many runs there are by now."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{folder}/runs.sqlite?mode=ro", uri=True)) as log:
        return log.execute("SELECT count(*) FROM runs").fetchone()[0]
    return 0


def until(process, condition):
    late = time.monotonic() + 120
    while process.poll() is None and not condition() and time.monotonic() < late:
        time.sleep(0.02)


@pytest.mark.slow
def test_the_command_killed_goes_on_to_the_same_bytes(asked, undisturbed):
    folder, words = asked
    target, luck = folder / "killed", random.Random(4)
    killed = 0
    while killed < KILLS["command"]:
        process = called(*words, "--workers", 2, "--out", "killed", "--resume", cwd=folder)
        before = answered(target)
        until(process, lambda before=before: answered(target) > before)
        time.sleep(luck.uniform(0, 0.5))
        assert process.poll() is None, "too short to be killed"
        process.kill()
        process.communicate(timeout=60)
        killed += 1
    code, told = ended(*words, "--workers", 2, "--out", "killed", "--resume", cwd=folder)
    assert code == 0, told
    assert left(target) == undisturbed
    code, told = ended(*words, "--workers", 2, "--out", "killed", "--resume", "--json", cwd=folder)
    assert (code, json.loads(told)["before"]) == (0, 2200)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_keeps_what_was_answered_and_says_how_to_go_on(asked, undisturbed, workers):
    folder, words = asked
    target = folder / f"interrupted-{workers}"
    process = called(*words, "--workers", workers, "--out", target.name, cwd=folder)
    until(process, lambda: answered(target) > 0)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: every process hears it
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "Traceback" not in out + err
    assert "--resume" in err
    assert 0 < answered(target) < 2200
    code, told = ended(*words, "--workers", 1, "--out", target.name, "--resume", cwd=folder)
    assert code == 0, told
    assert left(target) == undisturbed


@pytest.mark.slow
def test_the_command_in_shards_and_extended(asked, undisturbed):
    folder, words = asked
    for number in (1, 2, 3):
        code, told = ended(*words, "--workers", 1, "--shard", f"{number}/3", "--out", f"s{number}", cwd=folder)
        assert code == 0, told
    code, told = ended("merge", "merged", "s1", "s2", "s3", cwd=folder)
    assert code == 0, told
    assert left(folder / "merged") == undisturbed
    few = [*words[:6], 100, *words[7:]]
    for more in ([], ["--to", 1100]):
        code, told = ended(*few, "--workers", 1, "--out", "extended", *more, cwd=folder)
        assert code == 0, told
    assert left(folder / "extended") == undisturbed
