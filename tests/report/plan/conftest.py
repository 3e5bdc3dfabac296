"""The plan that these tests look at; what is made up beside them can be imported."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_up_backcast import TEXT

from cesim.scenario import open_scenario


@pytest.fixture(scope="session")
def scenario(tmp_path_factory):
    file = tmp_path_factory.mktemp("plan") / "hand.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return open_scenario(file).scenario
