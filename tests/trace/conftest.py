"""Puts the made-up ledgers where the tests of this folder find them, and compiles the loops before any clock runs."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def _compiled():
    from made_up_ledgers import drawn

    from cesim.trace.genealogy.graph import true_genealogy
    from cesim.trace.genealogy.passing import handed_back, shares

    genealogy = true_genealogy(drawn(np.random.default_rng(0)))
    handed_back(genealogy, np.ones(genealogy.lots))
    shares(genealogy)
