"""`cesim lots` killed and interrupted: what lies there is whole or absent, and going on ends with the same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

from made_up_region import FEW, text

import cesim.cli
from cesim.run.lots import open_lot_run, unfinished

ROOT = Path(cesim.cli.__file__).parents[2]
PARTS = ("losses", "metal", "indicators", "works", "heats", "transport", "flows")


def begun(*words: object, cwd: Path) -> subprocess.Popen[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "LC_ALL": "", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "cesim.cli", "lots", *map(str, words)],
        cwd=cwd, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def ended(*words: object, cwd: Path) -> tuple[int, str]:
    process = begun(*words, cwd=cwd)
    out, err = process.communicate(timeout=300)
    return process.returncode, out + err


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A scenario with few cars, and what to ask."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "few.yaml").write_text(text(**FEW), encoding="utf-8")
    return folder, ["few.yaml", "--year", 2030, "--batch", 5]


@pytest.fixture(scope="module")
def whole(asked):
    """An uninterrupted run with one process, without and with losses."""
    folder, words = asked
    found = {}
    for losses, more in ((False, ["--no-losses"]), (True, [])):
        code, told = ended(*words, *more, "--workers", 1, "--out", f"whole-{losses}", cwd=folder)
        assert code == 0, told
        found[losses] = contents(folder / f"whole-{losses}")
    return found


def complete_or_absent(target: Path) -> bool:
    if not target.exists():
        return False
    held = {path.name for path in target.iterdir()}
    assert {"run.json", "lots", *(f"{name}.parquet" for name in PARTS)} <= held
    about = json.loads((target / "run.json").read_text(encoding="utf-8"))
    assert about["laws_of_all"]
    assert len(open_lot_run(target).frame("lot", ["lot"])) == about["lots"]
    return True


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_random_moments_it_goes_on_to_the_same_bytes(asked, whole, workers):
    folder, words = asked
    losses = workers > 1
    more = [*words, *([] if losses else ["--no-losses"]), "--workers", workers, "--out", f"killed-{workers}"]
    target = folder / f"killed-{workers}"
    luck = random.Random(workers)
    killed, finished = 0, 0
    while killed < 10:
        resume = ["--resume"] if (unfinished(target) / "asked.json").is_file() else []
        process = begun(*more, *resume, cwd=folder)
        try:
            process.wait(luck.uniform(0.8, 6.0 + 4.0 * losses))
        except subprocess.TimeoutExpired:
            process.kill()  # that process alone: those it started must end by themselves
            process.wait()
            killed += 1
        out, err = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), out + err
        finished += process.returncode == 0
        if complete_or_absent(target) and process.returncode == 0:
            assert contents(target) == whole[losses]
    if (unfinished(target) / "asked.json").is_file():
        code, told = ended(*more, "--resume", cwd=folder)
        assert code == 0, told
    else:
        code, told = ended(*more, cwd=folder)
        assert code == 0, told
    assert contents(target) == whole[losses]
    assert not unfinished(target).exists()
    assert sorted(path.name for path in folder.iterdir() if f"killed-{workers}" in path.name) == [target.name]


@pytest.mark.slow
def test_the_answer_does_not_depend_on_the_number_of_workers(asked, whole):
    folder, words = asked
    code, told = ended(*words, "--workers", 2, "--out", "two", cwd=folder)
    assert code == 0, told
    assert contents(folder / "two") == whole[True]
    assert contents(folder / "two").keys() >= whole[False].keys()


def steps_of(target: Path) -> int:
    return sum(path.stat().st_size for path in unfinished(target).glob("*/.steps"))


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_interrupted_it_says_how_to_go_on(asked, workers):
    """As a terminal does: the interrupt reaches every process of the command."""
    folder, words = asked
    target = folder / f"stopped-{workers}"
    process = begun(*words, "--workers", workers, "--out", target.name, cwd=folder)
    late = time.monotonic() + 120
    while steps_of(target) < 2 and process.poll() is None and time.monotonic() < late:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "Traceback" not in out + err
    assert "--resume" in err
    assert "few.yaml" in err
    assert not target.exists()
    assert (unfinished(target) / "asked.json").is_file()


@pytest.mark.slow
def test_processes_end_with_the_one_that_started_them(asked):
    folder, words = asked
    target = folder / "orphans"
    process = begun(*words, "--workers", 2, "--out", target.name, cwd=folder)
    while steps_of(target) < 2 and process.poll() is None:
        time.sleep(0.02)
    process.kill()
    process.communicate()  # the pipes close when the last process has ended
    before = steps_of(target)
    time.sleep(1.0)
    assert steps_of(target) == before
