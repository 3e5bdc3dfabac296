"""What the docs say of studies is so: the example, its schema, the entries of a study, the options of commands."""

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from cesim.cli.parser import Parser
from cesim.scenario import plain
from cesim.scenario.source import read
from cesim.sweep.planning import plan_of
from cesim.sweep.reading import read_study, study_in
from cesim.sweep.study import Study

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("*.yaml"))
PAGES = ("README.md", "docs/sweep.md", "docs/sensitivity.md", "docs/discovery.md")
COMMANDS = ("sweep", "sensitivity", "discover", "replay")


@pytest.fixture(scope="module")
def schema():
    rs = pytest.importorskip("jsonschema_rs")
    return rs.validator_for(json.loads((DOCS / "study.schema.json").read_text("utf-8")))


def held(file):
    branch = read(file).branch
    assert branch is not None
    return plain(branch)


def test_there_is_an_example():
    assert EXAMPLES


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_can_be_planned(file):
    plan = plan_of(read_study(str(file), {}))
    assert plan.points == 256
    assert [one.name for one in plan.alternatives] == ["tutorial, hazard_scale=1.0", "tutorial, hazard_scale=0.6"]
    assert len(plan.factors) == 5


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_fits_the_schema(file, schema):
    assert study_in(file) is not None
    assert list(schema.iter_errors(held(file))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"scenario": ["tutorial"]},
        {"design": {"kind": "sobel"}},
        {"design": {"samples": 0}},
        {"sampled": {"sorting.share": {"low": 0.1, "hihg": 0.2}}},
        {"engine": "lots"},
    ],
)
def test_the_schema_marks_mistakes(wrong, schema):
    assert list(schema.iter_errors({"scenarios": ["tutorial"], **wrong})) != []


def test_the_page_shows_the_example_as_it_is():
    (shown,) = re.findall(r"```yaml\n(name:.*?)```", (DOCS / "sweep.md").read_text("utf-8"), re.DOTALL)
    text = (DOCS / "examples" / "exports-and-sorting.yaml").read_text("utf-8")
    assert "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#")) == shown


def test_every_entry_of_a_study_is_said_in_words():
    text = (DOCS / "sweep.md").read_text("utf-8")
    for name in Study.model_fields:
        assert re.search(rf"^\| `{name}(?:\.\w+)?` \|", text, re.MULTILINE), name
    table = text.partition("generated: study entries")[2].partition("end of study entries")[0]
    assert "|  |" not in table


@pytest.mark.parametrize("page", PAGES)
def test_options_that_pages_name_exist(page):
    text = (ROOT / page).read_text("utf-8")
    lines = [line for line in text.splitlines() for name in COMMANDS if f"cesim {name} " in line]
    assert lines
    for line in lines:
        (name,) = set(re.findall(rf"cesim ({'|'.join(COMMANDS)}) ", line))
        parser = Parser(name, "en")
        import_module(f"cesim.cli.{name}").arguments(parser)
        known = {option for action in parser._actions for option in action.option_strings}
        said = line.partition(f"cesim {name} ")[2]
        assert set(re.findall(r"(?<![\w-])--[a-z-]+", said)) <= known, line
