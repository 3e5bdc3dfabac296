"""A tiny region run lot by lot and traced once, for all tests of this room."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_up_region import FEW, text

from cesim.run import simulate_lots
from cesim.run.trace.folders import open_tracing
from cesim.run.trace.over import trace_over

TRACED = {"extends": ["tutorial", "library/reporting"]}


@pytest.fixture(scope="session")
def region(tmp_path_factory):
    """The made-up region with the shipped hypothesis of records, as a file."""
    folder = tmp_path_factory.mktemp("traced")
    path = folder / "region.yaml"
    path.write_text(
        text(**FEW).replace("extends: tutorial", "extends: [tutorial, library/reporting]"), encoding="utf-8"
    )
    return path


@pytest.fixture(scope="session")
def traced_run(region):
    """Run with records that casthouses hear."""
    target = region.with_name("run")
    return simulate_lots(region, 2030, batch=5, with_losses=False, workers=1, traced=True, folder=target)


@pytest.fixture(scope="session")
def heard(traced_run):
    return open_tracing(traced_run.folder)


@pytest.fixture(scope="session")
def honest(traced_run):
    return trace_over(traced_run.folder, "honest")
