"""Whenever the process is killed: what was taken is there, nothing half-written counts, and the end is the same."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("crashing.py")


def killed(folder, every):
    told = subprocess.run(
        [sys.executable, SCRIPT, folder, str(every)], capture_output=True, text=True, timeout=1200, check=False
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_killed_between_lines_of_the_store_the_end_is_the_same(tmp_path):
    *broken, count = killed(tmp_path, 17)
    assert broken == []
    assert int(count.split()[0]) > 30


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_killed_between_any_two_lines_of_the_store_the_end_is_the_same(tmp_path):
    *broken, count = killed(tmp_path, 1)
    assert broken == []
    assert int(count.split()[0]) > 500
