"""A small plan, and answers on it made up by hand."""

import html
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_answers
import made_up_backcast
import tiny_plan

from cesim.plan.evaluating import evaluate_plan
from cesim.plan.futures import open_futures
from cesim.plan.goals import main_goals
from cesim.report.plan import write_attribution
from cesim.report.plan.evaluation_view import evaluation_view
from cesim.report.plan.survey import write_survey
from cesim.scenario import open_scenario


@pytest.fixture(scope="session")
def scenario():
    return made_up_answers.scenario()


@pytest.fixture(scope="session")
def attribution(scenario):
    return made_up_answers.attribution(scenario)


@pytest.fixture(scope="session")
def surveys(scenario):
    """Surveys by what is found: something, nothing, no price at all."""
    return {kind: made_up_answers.survey(scenario, kind) for kind in ("something", "nothing", "no_price")}


@pytest.fixture(scope="session")
def attribution_folder(tmp_path_factory, scenario, attribution, lang):
    folder = tmp_path_factory.mktemp("attribution")
    write_attribution(folder, scenario, attribution, lang)
    return folder


@pytest.fixture(scope="session")
def survey_folders(tmp_path_factory, scenario, surveys, lang):
    folders = {}
    for kind, found in surveys.items():
        folders[kind] = tmp_path_factory.mktemp(kind)
        write_survey(folders[kind], scenario, found, lang)
    return folders


def visible(page: str) -> str:
    """What a reader sees."""
    body = re.sub(r"<(script|style|title)>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture(scope="session")
def see():
    return visible


@pytest.fixture(scope="session")
def rows_under():
    """Rows of the table under a heading, or of a folded one."""

    def found(page: str, title: str) -> list[list[str]]:
        at = page.index(f">{html.escape(title, quote=True)}</")
        table = page[at : page.index("</table>", at)]
        return [
            [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, flags=re.DOTALL)
        ]

    return found


@pytest.fixture(scope="session")
def plan_file(tmp_path_factory):
    """The tiny plan as a file."""
    file = tmp_path_factory.mktemp("plan") / "trial.yaml"
    file.write_text(tiny_plan.FILE, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def plan_scenario(plan_file):
    return open_scenario(plan_file).scenario


@pytest.fixture(scope="session")
def evaluated(plan_file):
    """The tiny plan evaluated in a dozen futures."""
    with open_futures(plan_file, tiny_plan.DRAWS, seed=3, workers=1) as futures:
        return evaluate_plan(futures, main_goals(futures.scenario))


@pytest.fixture(scope="session")
def view(plan_scenario, evaluated):
    return evaluation_view(plan_scenario, evaluated, "en")


@pytest.fixture(scope="session")
def hand_scenario(tmp_path_factory):
    """The plan that backcasts made up by hand are of."""
    file = tmp_path_factory.mktemp("plan") / "hand.yaml"
    file.write_text(made_up_backcast.TEXT, encoding="utf-8")
    return open_scenario(file).scenario
