"""Puts the made-up systems where the tests of this folder find them, and solves one."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "balance"))

from made_up_system import make
from solved import Answer, solved


@pytest.fixture(scope="session")
def answer() -> Answer:
    return solved(make(draws=3, years=3, regions=("a", "b", "c"), melters=2, seed=1))
