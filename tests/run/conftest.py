"""A short run of the smallest scenario, solved once for all tests of this room."""

from __future__ import annotations

import pytest

from cesim.run import simulate
from cesim.scenario import open_scenario

SHORT = {"years.start": 2024, "years.end": 2026, "report.years": [2025, 2026]}


@pytest.fixture(scope="session")
def short_years():
    return dict(SHORT)


@pytest.fixture(scope="session")
def short(short_years):
    return open_scenario("tutorial", short_years)


@pytest.fixture(scope="session")
def short_run(short):
    return simulate(short, draws=130, seed=4, workers=1)
