"""Folders of processes that are gone go, those of processes that live stay."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile

import pytest

from cesim.sweep.engines.scratch import PREFIX, Scratch, clear_abandoned


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_run_has_an_empty_folder_while_it_lasts():
    scratch = Scratch()
    with scratch.run(3) as folder:
        (folder / "part").write_text("x", encoding="ascii")
    assert not folder.exists()
    with scratch.run(3) as folder:
        assert not list(folder.iterdir())
    with pytest.raises(ZeroDivisionError), scratch.run(4) as other:
        raise ZeroDivisionError
    assert not other.exists()


def test_it_goes_with_the_object_or_when_it_is_closed(here):
    one, other = Scratch(), Scratch()
    assert len(list(here.iterdir())) == 2
    one.close()
    assert list(here.iterdir()) == [other.folder]
    del other
    gc.collect()
    assert not list(here.iterdir())


def test_folders_in_use_stay(here):
    mine = Scratch()
    clear_abandoned()
    with mine.run(0) as folder:
        clear_abandoned()
        Scratch().close()
        assert folder.is_dir()


def test_the_folder_of_a_process_that_was_killed_goes(here):
    code = (
        f"import sys, tempfile; tempfile.tempdir = {str(here)!r}\n"
        "from cesim.sweep.engines.scratch import Scratch\n"
        "with Scratch().run(7) as folder:\n"
        "    (folder / 'part').write_text('x')\n"
        "    print(folder, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        left = other.stdout.readline().decode().strip()
        clear_abandoned()
        assert [str(one) for one in here.glob(f"{PREFIX}*/runs/*")] == [left]
        other.kill()
    mine = Scratch()
    assert list(here.iterdir()) == [mine.folder]


def test_what_is_not_its_own_is_left_alone(here, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "runs").mkdir()
    (here / f"{PREFIX}link").symlink_to(elsewhere)
    (here / f"{PREFIX}file").write_text("x", encoding="ascii")
    (here / f"{PREFIX}begun").mkdir()  # its process has not held it yet
    (here / "cesim-else" / "runs").mkdir(parents=True)
    clear_abandoned()
    assert (elsewhere / "runs").is_dir()
    assert {one.name for one in here.iterdir()} == {f"{PREFIX}link", f"{PREFIX}file", f"{PREFIX}begun", "cesim-else"}
