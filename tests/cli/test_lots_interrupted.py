"""`cesim lots` killed and interrupted: what lies there is whole or absent, and going on ends with the same bytes."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

from made_up_region import FEW, text

import cesim.cli
from cesim.errors import InputError
from cesim.run import lots, simulate_lots
from cesim.run.lot_desk import unfinished
from cesim.run.lots import open_lot_run
from cesim.scenario import open_scenario

ROOT = Path(cesim.cli.__file__).parents[2]
PARTS = ("losses", "metal", "indicators", "works", "heats", "transport", "flows")


def hearing():
    """What was started in the background of a shell would not hear an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def begun(*words: object, cwd: Path) -> subprocess.Popen[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "LC_ALL": "", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "cesim.cli", "lots", *map(str, words)],
        cwd=cwd, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=hearing,
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


def test_another_question_is_not_gone_on_with(asked, tmp_path):
    """What was begun stays where it is until it is gone on with, or begun anew."""
    folder, words = asked
    target = tmp_path / "run"
    desk = unfinished(target)
    desk.mkdir()
    with pytest.raises(InputError) as raised:
        simulate_lots(str(folder / "few.yaml"), 2030, batch=5, folder=target, resume=True)
    assert [fault.code for fault in raised.value.faults] == ["nothing_to_resume"]
    before = {"cesim": cesim.__version__, "hash": "x", "first": 2030, "last": 2030, "seed": 1, "draws": 1, "batch": 5}
    (desk / "asked.json").write_text(json.dumps(before), encoding="utf-8")
    code, told = ended(*words, "--out", target, "--resume", cwd=folder)
    assert code == 2, told
    assert "Traceback" not in told
    assert "seed" in told
    assert "run.unfinished" in told
    assert json.loads((desk / "asked.json").read_text(encoding="utf-8")) == before


@pytest.mark.slow
def test_a_second_run_replaces_the_first_and_nothing_else(asked, whole):
    folder, words = asked
    target = folder / "again"
    for seed, same in ((1, False), (0, True)):
        code, told = ended(*words, "--no-losses", "--seed", seed, "--out", "again", cwd=folder)
        assert code == 0, told
        assert (contents(target) == whole[False]) is same
    assert [path.name for path in folder.iterdir() if "again" in path.name] == ["again"]
    other = yaml.safe_load((folder / "few.yaml").read_text(encoding="utf-8"))
    other["name"] = {"ja": "別", "en": "Another"}
    (folder / "other.yaml").write_text(yaml.safe_dump(other), encoding="utf-8")
    code, told = ended("other.yaml", "--year", 2030, "--out", "again", cwd=folder)
    assert code == 2
    assert "again" in told
    assert contents(target) == whole[False]


class Stopped(BaseException):
    """The machine goes off."""


@pytest.mark.slow
def test_stopped_at_any_step_of_being_put_in_its_place(asked, whole, monkeypatch):
    """Every rename and removal of the last steps, one after the other, is the last that is done."""
    folder, _ = asked
    target, kept = folder / "placed", folder / "kept"
    desk = unfinished(target)
    wanted = {name: held for name, held in whole[False].items() if name not in ("report.html", "results.xlsx")}
    publish = lots._publish
    allowed = [10**6]

    def counted(real):
        def step(*words, **more):
            if not allowed[0]:
                raise Stopped
            allowed[0] -= 1
            return real(*words, **more)

        return step

    def breaking(*words):
        if not kept.exists():
            shutil.copytree(desk, kept)
        with pytest.MonkeyPatch.context() as patched:
            for name in ("rename", "replace", "unlink"):
                patched.setattr(Path, name, counted(getattr(Path, name)))
            patched.setattr(lots.shutil, "rmtree", counted(shutil.rmtree))
            publish(*words)

    def ask(resume):
        more = {"batch": 5, "with_losses": False, "workers": 1, "folder": target, "resume": resume}
        simulate_lots(str(folder / "few.yaml"), 2030, **more)

    same = lots.mirror(open_scenario(str(folder / "few.yaml")).scenario, 2030)
    monkeypatch.setattr(lots, "mirror", lambda *_: same)
    monkeypatch.setattr(lots, "_publish", breaking)
    ask(resume=False)
    stopped = 0
    for number in range(20):
        shutil.copytree(kept, desk)
        allowed[0] = number
        try:
            ask(resume=True)
        except Stopped:
            stopped += 1
        else:
            break
        allowed[0] = 10**6
        if target.exists():
            assert contents(target) == wanted
        else:
            assert (desk / "asked.json").is_file()
        if (desk / "asked.json").is_file():
            ask(resume=True)
        assert contents(target) == wanted
        shutil.rmtree(desk, ignore_errors=True)
    assert stopped >= 7
    assert contents(target) == wanted
