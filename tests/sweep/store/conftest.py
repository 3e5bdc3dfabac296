import os
import sys
from pathlib import Path

import pytest

from cesim.sweep.store import run_log

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _the_disk_is_not_waited_for(monkeypatch):
    """No test cuts the power; that the disk is waited for, and when, has a test of its own."""
    monkeypatch.setattr(os, "fsync", abs)
    monkeypatch.setattr(run_log, "_SYNC", "OFF")
