"""A made-up run to report on, written once a session."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_run
from made_up_facts import INDICATORS

from cesim.report.page import render
from cesim.report.read import RunTables, read_run


@pytest.fixture(scope="session")
def indicators():
    return INDICATORS


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory) -> Path:
    return made_up_run.write_run(tmp_path_factory.mktemp("run") / "chubu-2035")


@pytest.fixture(scope="session")
def tables(run_folder) -> RunTables:
    return read_run(run_folder)


@pytest.fixture(scope="session", params=["ja", "en"])
def lang(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def html(tables, indicators, lang) -> str:
    return render(tables, lang, indicators)


@pytest.fixture
def copied(run_folder, tmp_path) -> Path:
    """A run folder of one's own to change."""
    return Path(shutil.copytree(run_folder, tmp_path / "copy"))
