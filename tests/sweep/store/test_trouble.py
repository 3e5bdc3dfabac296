"""What the disk refuses is told with its remedy, and the store stays as it was."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from made_up_studies import batch, left, lock

from cesim.errors import InputError
from cesim.sweep.solving import Batch
from cesim.sweep.store import Store, open_study, read_lock
from cesim.sweep.store import parts as parts_room


def code_of(caught):
    return caught.value.faults[0].code


def sketch(folder):
    """Every file with its bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def study(tmp_path):
    """A study of 13 runs, closed."""
    with Store.create(tmp_path / "study", lock(), {"study.yaml": "x"}) as store:
        store.record(batch(range(13)))
        store.seal()
    return tmp_path / "study"


def test_a_full_disk_while_runs_come_in(study):
    store = Store.open(study, lock())
    before = left(study)
    pages = store._log.connection.execute("PRAGMA page_count").fetchone()[0]
    store._log.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(InputError) as caught:
        store.record(batch(range(20, 4000)))
    assert code_of(caught) == "sweep_disk_full"
    assert caught.value.faults[0].place.file == str(study)
    assert store.finished().tolist() == list(range(13))
    store.close()
    assert left(study) == before
    with Store.open(study, lock()) as again:
        again.record(batch([13]))
        assert again.finished().tolist() == list(range(14))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "sweep_disk_full"),
        (errno.EDQUOT, "sweep_disk_full"),
        (errno.EROFS, "sweep_read_only"),
        (errno.EIO, "sweep_cannot_write"),
    ],
)
def test_a_disk_that_refuses_a_part_loses_nothing(study, monkeypatch, number, code):
    def refuse(handle):
        raise OSError(number, os.strerror(number))

    with Store.open(study, lock()) as store:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", refuse)
            with pytest.raises(InputError) as caught:
                store.record(batch(range(13, 18)))
        assert code_of(caught) == code
        assert sorted(path.name for path in (study / "results").iterdir()) == [
            "part-000000.parquet",
            "part-000001.parquet",
        ]
        assert store.finished().tolist() == list(range(18))
        store.seal()
    assert open_study(study).results(alternative="today")["run"].max() == 16
    with Store.create(study.parent / "other", lock(), {"study.yaml": "x"}) as other:
        other.record(batch(range(18)))
        other.seal()
    assert left(study) == left(study.parent / "other")


def test_a_full_disk_at_the_beginning_leaves_nothing(tmp_path, monkeypatch):
    def refuse(self, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(InputError) as caught:
        Store.create(tmp_path / "study", lock())
    assert code_of(caught) == "sweep_disk_full"
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from made_up_studies import batch, lock
from cesim.errors import InputError
from cesim.sweep.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
with Store.create(sys.argv[1], lock()) as store:
    taken = 0
    try:
        while True:
            store.record(batch(range(taken, taken + 7)))
            taken += 7
    except InputError as error:
        print(taken, error.faults[0].code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
def test_files_that_may_not_grow_lose_nothing_that_was_taken(tmp_path):
    """The system itself refuses to write more than so many bytes to a file."""
    folder = tmp_path / "study"
    told = subprocess.run(
        [sys.executable, "-c", LIMITED, folder, Path(__file__).parent], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    taken, code = told.stdout.split()
    assert code in ("sweep_disk_full", "sweep_cannot_write")
    assert int(taken) > 100
    with Store.open(folder, lock()) as store:
        assert store.finished().tolist()[: int(taken)] == list(range(int(taken)))
        store.record(batch(range(int(taken) + 7, int(taken) + 9)))
        store.seal()
        count = len(store.finished())
    with Store.create(tmp_path / "other", lock()) as other:
        every = [row[0] for row in left(folder)[1]]
        other.record(batch(every))
        other.seal()
    assert len(every) == count
    assert left(tmp_path / "other") == left(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_can_be_read(study):
    before = sketch(study)
    for path in (study, study / "results", *study.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with pytest.raises(InputError) as caught:
        Store.open(study, lock())
    assert code_of(caught) == "sweep_read_only"
    assert len(open_study(study).runs()) == 13
    assert sketch(study) == before


@pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_READONLY_DIRECTORY, sqlite3.SQLITE_CANTOPEN])
def test_a_log_that_cannot_be_written_to_is_told_as_read_only(study, monkeypatch, code):
    """As `root`, to whom nothing is read-only, the system's refusal is played."""

    def refuse(*arguments, **named):
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = code
        raise error

    before = sketch(study)
    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(InputError) as caught:
        Store.open(study, lock())
    assert code_of(caught) == "sweep_read_only"
    assert sketch(study) == before


def test_two_sweeps_do_not_write_to_one_folder(study):
    with Store.open(study, lock()) as store:
        with pytest.raises(InputError) as caught:
            Store.open(study, lock())
        assert code_of(caught) == "sweep_in_use"
        script = (
            "import sys; from cesim.sweep.store import Store; from pathlib import Path; Store.open(Path(sys.argv[1]))"
        )
        told = subprocess.run([sys.executable, "-c", script, study], capture_output=True, text=True, check=False)
        assert "Another sweep is writing" in told.stderr
        store.record(batch([14]))
    Store.open(study, lock()).close()


def test_a_writer_that_is_killed_leaves_no_lock_behind(study):
    script = (
        "import os, signal, sys; from cesim.sweep.store import Store; from pathlib import Path;"
        "Store.open(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    told = subprocess.run([sys.executable, "-c", script, study], check=False)
    assert told.returncode != 0
    with Store.open(study, lock()) as store:
        assert len(store.finished()) == 13


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "sweep_no_store"),
        ('{"kind": "plan"}', "sweep_no_store"),
        *((content, "sweep_lock_damaged") for content in ("", "{", "[]", "{}", '{"kind": "sweep"}', "\x00", "\udcff")),
    ],
)
def test_a_folder_that_is_no_store(tmp_path, content, code):
    if content is not None:
        (tmp_path / "lock.json").write_text(content, "utf-8", errors="surrogateescape")
    before = sketch(tmp_path)
    for door in (Store.open, open_study, read_lock):
        with pytest.raises(InputError) as caught:
            door(tmp_path)
        assert code_of(caught) == code
    assert sketch(tmp_path) == before


def test_a_folder_that_is_not_there_a_file_and_a_folder_within(study, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for folder, code in ((tmp_path / "none", "sweep_no_folder"), (tmp_path / "file", "sweep_is_file")):
        for door in (Store.open, open_study, read_lock):
            with pytest.raises(InputError) as caught:
                door(folder)
            assert code_of(caught) == code
    with pytest.raises(InputError) as caught:
        read_lock(study / "results")
    (fault,) = caught.value.faults
    assert (fault.code, fault.arguments["nearest"]) == ("sweep_no_store", str(study))


@pytest.mark.parametrize(
    ("lost", "code"),
    [("lock.json", "sweep_lock_missing"), ("runs.sqlite", "sweep_log_missing"), ("results", "sweep_results_missing")],
)
def test_a_sweep_that_lost_something(study, lost, code):
    path = study / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = sketch(study)
    with pytest.raises(InputError) as caught:
        Store.open(study)
    assert code_of(caught) == code
    assert sketch(study) == before


def test_a_lock_alone_is_no_store(tmp_path):
    (tmp_path / "lock.json").write_text(lock().as_json(), "utf-8")
    for door in (Store.open, open_study):
        with pytest.raises(InputError) as caught:
            door(tmp_path)
        assert code_of(caught) == "sweep_log_missing"
    assert [path.name for path in tmp_path.iterdir()] == ["lock.json"]


@pytest.mark.parametrize("content", [b"", b"no log at all" * 100])
def test_a_log_that_is_none(study, content):
    (study / "runs.sqlite").write_bytes(content)
    with pytest.raises(InputError) as caught:
        Store.open(study)
    assert code_of(caught) == ("sweep_log_damaged" if content else "sweep_log_missing")
    with pytest.raises(InputError):
        open_study(study).runs()
    assert (study / "runs.sqlite").read_bytes() == content


def test_what_stands_there_is_not_replaced(study, tmp_path):
    before = sketch(study)
    with pytest.raises(InputError) as caught:
        Store.create(study, lock())
    assert code_of(caught) == "sweep_store_there"
    assert sketch(study) == before
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.docx").touch()
    with pytest.raises(InputError) as caught:
        Store.create(tmp_path / "other", lock())
    assert code_of(caught) == "folder_in_use"
    with pytest.raises(InputError) as caught:
        Store.create(tmp_path / "other" / "thesis.docx", lock())
    assert code_of(caught) == "out_is_file"
    (tmp_path / "empty").mkdir()
    Store.create(tmp_path / "empty", lock()).close()


@pytest.mark.parametrize("harm", [b"", b"PAR1", "other part", None])
def test_a_part_that_is_not_the_one_written(study, harm):
    path = parts_room.part_path(study, 1)
    if harm is None:
        path.unlink()
    elif harm == "other part":
        path.write_bytes(parts_room.part_path(study, 0).read_bytes())
    else:
        path.write_bytes(harm)
    with pytest.raises(InputError) as caught:
        open_study(study).results()
    assert code_of(caught) == "sweep_part_damaged"
    with Store.open(study, lock()) as store:
        store.record(batch([13]))
        with pytest.raises(InputError) as caught:
            store.seal()
        assert code_of(caught) == "sweep_part_damaged"
        assert store.finished().tolist() == list(range(14))


def test_a_full_part_under_the_name_of_another(tmp_path):
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(batch(range(16)))
    first, second = (parts_room.part_path(tmp_path / "a", number) for number in (0, 1))
    second.write_bytes(first.read_bytes())
    with pytest.raises(InputError) as caught:
        open_study(tmp_path / "a").values("rate", "rest", 2030)
    assert code_of(caught) == "sweep_part_damaged"


def test_a_part_of_another_study_is_never_taken_for_one_of_this(study):
    with Store.create(study.parent / "other", lock(seed=8)) as other:
        one = batch(range(8, 13))
        other.record(Batch(one.runs, one.values + 1.0, one.seconds, one.failures))
        other.seal()
    parts_room.part_path(study, 1).write_bytes(parts_room.part_path(study.parent / "other", 1).read_bytes())
    with Store.open(study, lock()) as store, pytest.raises(InputError) as caught:
        store.record(batch([13, 14, 15]))  # the part is complete: read back and written anew
    assert code_of(caught) == "sweep_part_damaged"


def test_no_byte_of_a_part_can_change_and_its_values_be_others(study):
    path = parts_room.part_path(study, 1)
    whole = path.read_bytes()
    wanted = open_study(study).results()
    refused = 0
    for at in range(0, len(whole), 5):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        try:
            found = open_study(study).results()
        except InputError as error:
            found, refused = wanted, refused + (error.faults[0].code == "sweep_part_damaged")
        assert found.equals(wanted), at
    assert refused > len(whole) / 5 / 4


def test_the_disk_holds_a_part_before_it_has_its_name_and_the_log_forgets_the_values_last(study, monkeypatch):
    order = []
    monkeypatch.setattr(os, "fsync", lambda _: order.append("held"))
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, target: (order.append("named"), replace(self, target)))
    with Store.open(study, lock()) as store:
        store._log.connection.set_trace_callback(
            lambda told: order.append("forgotten") if "DELETE FROM waiting" in told else None
        )
        store.record(batch([13]))
        store.seal()
    assert order == ["held", "named", "held", "forgotten"]


@pytest.mark.skipif(sys.platform == "win32", reason="a file system of Unix")
def test_where_there_is_no_shared_memory_a_journal_will_do(study, monkeypatch):
    """SQLite's layer without shared memory stands for a network folder: it refuses a write-ahead log."""
    connect = sqlite3.connect

    def far_away(path, **named):
        return connect(f"{path}&vfs=unix-none" if named.get("uri") else path, **named)

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", far_away)
        with Store.open(study, lock()) as store:
            assert store._log.connection.execute("PRAGMA journal_mode").fetchone()[0] == "truncate"
            store.record(batch(range(13, 20)))
            assert len(open_study(study).runs()) == 20
            store.seal()
    with Store.create(study.parent / "near", lock()) as near:
        assert near._log.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        near.record(batch(range(20)))
        near.seal()
    assert left(study) == left(study.parent / "near")


def test_a_part_with_values_moved_about_is_not_believed(study):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = parts_room.part_path(study, 0)
    table = pq.read_table(path)
    at = table.column_names.index("rate")
    rate = table["rate"].to_pylist()
    pq.write_table(table.set_column(at, "rate", pa.array(rate[::-1], pa.float64())), path)
    for ask in (lambda tables: tables.results(), lambda tables: tables.values("rate", "rest", 2030)):
        with pytest.raises(InputError) as caught:
            ask(open_study(study))
        assert code_of(caught) == "sweep_part_damaged"
