"""A scenario that went through a workbook is the same scenario, to the last bit of its hash."""

import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cesim.errors import Place
from cesim.scenario import load, open_scenario, parse, plain
from cesim.scenario.resolved import fingerprint
from cesim.scenario.tree import Leaf
from cesim.scenario.workbook.cells import (
    joined,
    planted,
    scalar,
    steps,
    value_tree,
    written_scalar,
    written_value,
)
from cesim.scenario.workbook.export import write_workbook
from cesim.scenario.workbook.grid import Cell
from cesim.scenario.workbook.reading import read_workbook

SHIPPED = ("tutorial", "japan-baseline", "chubu-baseline", "chubu-2035", "chubu-2035-component-model")
HERE = Place("plan.xlsx", sheet="s", cell="A1")
TEXTS = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12),
    st.sampled_from(
        ["", " ", "null", "=1+1", "-5", "+x", "@a", '"', "'a", "#REF!", "{}", "[1]", "1", "true", "a, b", "a、b",
         "_x0041_", "_x000D_", " padded ", "a\nb", "tab\there", "０．５", "2030-01-01", "x\r\ny", "\u3000", "\\",
         '"a" and "b"']
    ),
)  # fmt: skip
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**12), 10**12),
    st.sampled_from([0.1 + 0.2, 1 / 3]),
)
SCALARS = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())


def through(tmp_path, loaded, model, lang="en"):
    path = tmp_path / "plan.xlsx"
    write_workbook(path, loaded, lang)
    read = read_workbook(path, model)
    assert read.faults == ()
    return read.branch


def cell_of(written):
    """A cell as the grid reads it: numbers as floats, texts without space around them."""
    if isinstance(written, bool):
        return Cell(written, HERE)
    return Cell(written.strip() if isinstance(written, str) else float(written), HERE)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "chubu-baseline" else pytest.mark.slow) for name in SHIPPED]
)
def test_every_shipped_scenario_comes_back(name, tmp_path):
    loaded = open_scenario(name)
    path = tmp_path / "plan.xlsx"
    write_workbook(path, loaded, "ja")
    back = open_scenario(path)
    assert back.hash == loaded.hash
    assert back.scenario.model_dump() == loaded.scenario.model_dump()
    assert back.remarks == ()  # years that nobody changed are nobody's habit
    assert [file.name for file in back.files] == ["plan.xlsx"]


def test_a_plan_with_measures_comes_back(plan_file, plan_book):
    assert open_scenario(plan_book).hash == open_scenario(plan_file).hash


def test_the_language_of_the_titles_makes_no_difference(toy, toy_book, tmp_path):
    english = tmp_path / "toy.xlsx"
    write_workbook(english, load(toy_book.with_suffix(".yaml"), toy), "en")
    titles = [openpyxl.load_workbook(path, read_only=True).sheetnames for path in (toy_book, english)]
    assert set(titles[0]) & set(titles[1]) == {"cesim"}
    assert load(english, toy).hash == load(toy_book, toy).hash


def test_a_workbook_of_a_workbook_says_the_same(toy, toy_book, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(again, load(toy_book, toy), "en")
    assert load(again, toy).hash == load(toy_book.with_suffix(".yaml"), toy).hash


def test_the_same_scenario_gives_the_same_bytes(toy, toy_book, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(again, load(toy_book.with_suffix(".yaml"), toy), "ja")
    one, other = (
        {file: package.read(file) for file in package.namelist()}
        for package in (zipfile.ZipFile(toy_book), zipfile.ZipFile(again))
    )
    assert one == other


@given(SCALARS)
def test_a_scalar_comes_back(value):
    back = scalar(cell_of(written_scalar(value)))
    assert fingerprint(Leaf(back, HERE, "")) == fingerprint(Leaf(value, HERE, ""))


@given(st.lists(SCALARS, min_size=1, max_size=4), st.booleans())
def test_a_list_comes_back(items, as_list):
    tree = planted(items, HERE)
    back = value_tree(cell_of(written_value(tree, as_list=as_list)), as_list=as_list)
    assert fingerprint(back) == fingerprint(tree)


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)))
def test_whatever_is_nested_comes_back(value):
    tree = planted(value, HERE)
    assert fingerprint(value_tree(cell_of(written_value(tree, as_list=False)), as_list=False)) == fingerprint(tree)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_path_comes_back(keys):
    assert steps(joined(tuple(keys))) == tuple(keys)


PLAIN = st.floats(0, 1)
NUMBER = st.one_of(
    PLAIN,
    st.fixed_dictionaries({"value": PLAIN}, optional={"source": TEXTS, "note": TEXTS, "url": TEXTS}),
    st.fixed_dictionaries({"value": PLAIN, "low": st.just(0), "high": st.just(1), "status": st.just("estimate")},
                          optional={"dist": st.just("uniform"), "range": st.just("bounds"), "note": TEXTS}),
)  # fmt: skip
YEARS = st.lists(st.integers(1950, 2100), min_size=1, max_size=4, unique=True).map(sorted)
PATHS = st.one_of(
    NUMBER,
    YEARS.flatmap(lambda years: st.fixed_dictionaries({str(year): NUMBER for year in years})),
    YEARS.flatmap(
        lambda years: st.fixed_dictionaries(
            {**{str(year): NUMBER for year in years}, "correlation": st.just("ar1"), "rho": st.just(0.5)}
        )
    ),
)
KEYS = TEXTS.filter(lambda key: key.strip() != "" and len(key) < 20)
TOYS = st.fixed_dictionaries(
    {"name": st.fixed_dictionaries({"ja": TEXTS, "en": TEXTS}), "limits": st.dictionaries(KEYS, NUMBER, max_size=3),
     "export_share": PATHS, "note": TEXTS | st.none(), "verbose": st.booleans(), "runs": st.integers(1, 1000),
     "targets": st.dictionaries(KEYS, st.fixed_dictionaries(
         {"indicator": st.just("h1"), "year": st.integers(2000, 2050), "value": NUMBER}), max_size=3),
     "alloys": st.lists(st.sampled_from(["6016", 6016, "5xxx", "ADC12"]), max_size=3)}
)  # fmt: skip


@pytest.mark.parametrize("examples", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_any_edit_comes_back(toy, toy_text, tmp_path, examples):
    every = settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    every(given(edits=TOYS, lang=st.sampled_from(["ja", "en"]))(_comes_back))(toy, toy_text, tmp_path)


def _comes_back(toy, toy_text, tmp_path, edits, lang):
    held = plain(parse(toy_text, "toy.yaml").branch)
    held["fleet"]["export"]["share"] = edits.pop("export_share")
    tree = planted({**held, **edits}, HERE)
    file = tmp_path / "toy.yaml"
    file.write_text(toy_text, encoding="utf-8")
    loaded = replace(load(file, toy), tree=tree, files=())
    (tmp_path / "plan.xlsx").unlink(missing_ok=True)
    assert fingerprint(through(tmp_path, loaded, toy, lang)) == fingerprint(tree)
