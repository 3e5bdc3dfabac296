"""A made-up run to report on, written once a session."""

import shutil
import sys
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import in_browser
import made_up_run
from made_up_facts import INDICATORS

from cesim.indicators.registry import INDICATORS as REGISTRY
from cesim.report.page import render
from cesim.report.read import RunTables, read_run
from cesim.report.workbook import write_workbook
from cesim.run import simulate
from cesim.scenario import open_scenario


@pytest.fixture(scope="session")
def indicators():
    return INDICATORS


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory) -> Path:
    return made_up_run.write_run(tmp_path_factory.mktemp("run") / "chubu-2035")


@pytest.fixture(scope="session")
def tables(run_folder) -> RunTables:
    return read_run(run_folder)


@pytest.fixture(scope="session")
def real_folder(tmp_path_factory) -> Path:
    """The tutorial, run by the engine with few draws."""
    root = Path(__file__).parents[2]
    answer = simulate(open_scenario(str(root / "scenarios" / "tutorial.yaml")), draws=16, seed=1)
    return answer.save(tmp_path_factory.mktemp("real") / "tutorial")


@pytest.fixture(scope="session")
def real_tables(real_folder) -> RunTables:
    return read_run(real_folder)


@pytest.fixture(scope="session", params=["made_up", "real"])
def any_tables(request) -> RunTables:
    """The made-up run and a real one."""
    return request.getfixturevalue("tables" if request.param == "made_up" else "real_tables")


@pytest.fixture(scope="session", params=["ja", "en"])
def lang(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def html(tables, indicators, lang) -> str:
    return render(tables, lang, indicators)


@pytest.fixture(scope="session")
def real_html(real_tables, lang) -> str:
    return render(real_tables, lang, REGISTRY)


@pytest.fixture(scope="session")
def workbook_path(run_folder, indicators, lang) -> Path:
    """The workbook of the made-up run; read only."""
    return write_workbook(run_folder, lang, indicators)


@pytest.fixture(scope="session")
def book(workbook_path) -> openpyxl.Workbook:
    """The same, opened; read only."""
    return openpyxl.load_workbook(workbook_path)


@pytest.fixture
def copied(run_folder, tmp_path) -> Path:
    """A run folder of one's own to change."""
    return Path(shutil.copytree(run_folder, tmp_path / "copy"))


@pytest.fixture(scope="session")
def chromium() -> str:
    return in_browser.installed()
