"""A run that was interrupted goes on as if it had not been: the same bytes."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from made_up_plant import DAY, plant

from cesim.errors import InputError
from cesim.events.laws import laws
from cesim.events.simulation import CHECKPOINT, resume
from cesim.ledger import lot_writer
from cesim.ledger.lot_reader import SavedRows

ENDS = [10 * DAY, 20 * DAY, 25 * DAY, 40 * DAY]


def parts(folder):
    """Every file of a run's tables with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module", autouse=True)
def small_parts():
    """Parts that are full long before a period is over, as they are in a run of many lots."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lot_writer, "PART_BYTES", 2**14)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    simulation = plant(folder)
    simulation.run(ENDS)
    assert laws(simulation).passed
    return parts(folder)


def test_the_plant_has_everything_in_it(whole, tmp_path):
    for name, content in whole.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    tables = SavedRows(tmp_path)
    assert set(tables.column("event", "kind").tolist()) == set(range(7))
    assert {name.split("/")[0] for name in whole} == {
        "lot", "event", "event_in", "event_out", "exchange", "account", "decision", "shipment", "facility", "place",
    }  # fmt: skip
    assert len(tables.column("event", "event")) > 5000
    for name in ("lot", "event", "event_in", "event_out", "exchange"):
        assert len([part for part in whole if part.startswith(f"{name}/")]) > 2 * len(ENDS)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_run_continued_from_any_end_of_a_period_writes_the_same_bytes(whole, tmp_path, after, monkeypatch):
    simulation = plant(tmp_path)
    close, closed = simulation.lots.close_period, []

    def close_or_die():
        if len(closed) == after:
            raise Killed
        closed.append(None)
        close()

    monkeypatch.setattr(type(simulation.lots), "close_period", lambda _: close_or_die())
    with pytest.raises(Killed):
        simulation.run(ENDS, save=True)
    monkeypatch.undo()
    (tmp_path / "lot" / ".part-009999.parquet").write_bytes(b"half")  # what a killed run may leave
    (tmp_path / "lot" / "part-009999.parquet").write_bytes(b"written after the checkpoint")
    with pytest.raises(InputError) as caught:
        plant(tmp_path)
    assert caught.value.faults[0].code == "run_unfinished"
    again = resume(tmp_path)
    assert again.clock.now == ENDS[after - 1]
    again.run(save=True)
    assert parts(tmp_path) == whole
    assert laws(again).passed
    assert not list(tmp_path.rglob(".*"))


def test_a_run_that_saves_is_the_run_that_does_not(whole, tmp_path):
    plant(tmp_path).run(ENDS, save=True)
    assert parts(tmp_path) == whole


def test_a_run_leaves_nothing_of_the_one_before_it(whole, tmp_path):
    plant(tmp_path).run([DAY * n for n in range(1, 12)])
    plant(tmp_path).run(ENDS)
    assert parts(tmp_path) == whole


def test_how_often_it_is_worked_out_changes_nothing(whole, tmp_path):
    plant(tmp_path, every=3).run(ENDS)
    assert parts(tmp_path) == whole


def test_another_seed_is_another_run(whole, tmp_path):
    plant(tmp_path, seed=4).run(ENDS)
    assert parts(tmp_path) != whole


def test_killed_while_later_parts_are_removed_it_can_still_be_read(whole, tmp_path, monkeypatch):
    for name, content in whole.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    removed, unlink = [], Path.unlink

    def unlink_or_die(path, **how):
        if len(removed) == 2:
            raise Killed
        removed.append(path)
        unlink(path, **how)

    monkeypatch.setattr(Path, "unlink", unlink_or_die)
    with pytest.raises(Killed):
        plant(tmp_path)  # begins anew where there is no checkpoint
    monkeypatch.undo()
    assert [path.parent.name for path in removed] == ["lot", "lot"]
    left = len([name for name in whole if name.startswith("lot/")]) - 2
    assert len(list((tmp_path / "lot").glob("part-*.parquet"))) == left
    assert len(SavedRows(tmp_path).column("lot", "lot")) > 0


@pytest.mark.slow
def test_killed_at_twenty_random_moments(whole, tmp_path):
    luck = random.Random(5)
    began = time.monotonic()
    plant(tmp_path / "timed").run(ENDS, save=True)
    length = time.monotonic() - began
    for number in range(20):
        folder = tmp_path / str(number)
        for _ in range(60):
            if killed_after(luck.uniform(0.02, 1.0) * length, folder):
                break
            if (folder / "lot" / "part-000000.parquet").exists():
                SavedRows(folder).column("lot", "lot")  # what is there can be read
        assert parts(folder) == whole


def killed_after(seconds, folder):
    """Run or continue in a process of its own and kill it; say whether it was done before."""
    child = os.fork()
    if not child:
        status = 1
        try:
            if (folder / CHECKPOINT).exists():
                resume(folder).run(save=True)
            else:
                plant(folder).run(ENDS, save=True)
            status = 0
        finally:
            os._exit(status)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


def test_a_checkpoint_is_on_the_disk_before_it_has_its_name_and_after_its_tables(tmp_path, monkeypatch):
    """Else a machine that stops could leave a checkpoint that is empty, or stands on parts that are."""
    done, names, really_open, replace = [], {}, os.open, Path.replace

    def noted_open(path, flags, *mode):
        handle = really_open(path, flags, *mode)
        names[handle] = Path(path).name
        return handle

    def noted_rename(path, to):
        done.append(("rename", to.name))
        return replace(path, to)

    monkeypatch.setattr(os, "open", noted_open)
    monkeypatch.setattr(os, "fsync", lambda handle: done.append(("sync", names[handle])))
    monkeypatch.setattr(Path, "replace", noted_rename)
    plant(tmp_path).run(ENDS[:3], save=True)
    saved = [number for number, one in enumerate(done) if one == ("rename", CHECKPOINT)]
    assert len(saved) == 2
    for number in saved:
        assert done[number - 1] == ("sync", f".{CHECKPOINT}")
        assert done[number + 1] == ("sync", tmp_path.name)
        before = [what for what, name in done[:number] if name.startswith("part-")]
        assert before.count("sync") == before.count("rename") > 0
        assert ("sync", "lot") in done[:number]


def test_a_run_in_memory_is_not_saved():
    with pytest.raises(InputError) as caught:
        plant().run(ENDS[:2], save=True)
    assert caught.value.faults[0].code == "no_folder_to_save"


def test_there_must_be_a_checkpoint(tmp_path):
    with pytest.raises(InputError) as caught:
        resume(tmp_path)
    assert caught.value.faults[0].code == "no_checkpoint"


@pytest.mark.parametrize("ends", [[20, 10], [0, 10], [5, 5]])
def test_periods_grow(ends):
    with pytest.raises(InputError) as caught:
        plant().run(ends)
    assert caught.value.faults[0].code == "periods_not_growing"
