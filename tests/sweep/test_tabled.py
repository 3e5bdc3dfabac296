"""Tables of points in units: what stands in a cell is what the model is given, or it is refused where it stands."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_up_scenarios import text

from cesim.errors import InputError
from cesim.quantities import Quantity, TimePath
from cesim.run.sampler import Sampler
from cesim.sweep.alternatives import alternatives_of
from cesim.sweep.designs.headings import Heading
from cesim.sweep.discovery.streams import drawn
from cesim.sweep.engines.points import source_of
from cesim.sweep.execute import Means
from cesim.sweep.factors import factors_of
from cesim.sweep.inputs import INPUTS, SHEET
from cesim.sweep.numbers import Column
from cesim.sweep.opened import plan_in
from cesim.sweep.planning import made_of, plan_of
from cesim.sweep.reading import read_study
from cesim.sweep.replay import replay
from cesim.sweep.store import open_study
from cesim.sweep.sweeping import sweep
from cesim.text import hints, message

PATH = "market.sales"
DATED = "market.sales@2025 [vehicles]"
SHARES = [f"content.split.al_6xxx.{key} [share]" for key in ("6016", "6022", "6111", "6061", "6063")]
ASKED = {
    "vary": [PATH, "fleet.export.rate", "content.split.al_6xxx", "sorting.recovery"],
    "sampled": {"sorting.share": {"low": 0.1, "high": 0.6}, "variants.wrought_share": ["shipments", "component_model"]},
    "indicators": ["primary_demand", "elv_6xxx"],
    "proofs": "none",
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    file = tmp_path_factory.mktemp("scenario") / "tiny.yaml"
    file.write_text(text(), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def heard(tiny):
    """Options -> alternatives and factors, found once for the same options."""
    held = {}

    def found(study, options):
        if (key := str(sorted(options.items()))) not in held:
            alternatives = alternatives_of(study, Path())
            held[key] = alternatives, factors_of(study, alternatives)
        return held[key]

    return found


@pytest.fixture
def planned(tiny, heard, tmp_path):
    """Lines of a table and options -> plan."""

    def plan(*lines, **options):
        file = tmp_path / "table.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        read = read_study(tiny, {**ASKED, "design.kind": "table", "design.file": str(file), **options})
        return made_of(read, *heard(read.study, options))

    return plan


def given(plan, count):
    """What the engine draws for each point: a sampler over the points of the plan, and all there is to draw."""
    source = source_of(plan.recipe, np.arange(count), 0)
    known = {one.name: one.held for one in drawn(plan.alternatives[0].scenario)}
    return Sampler(source, 1, count), known


def drawn_in(sampler, known, name, year=2025):
    """Values (point,) in a year."""
    if isinstance(known[name], TimePath):
        return sampler.path(name, known[name], [year])[:, 0]
    return sampler.value(name, known[name])


@pytest.fixture
def refused(planned):
    """Lines of a table -> faults by place and code, with words in both languages."""

    def faults(*lines, **options):
        with pytest.raises(InputError) as caught:
            planned(*lines, **options)
        for fault in caught.value.faults:
            for lang in ("ja", "en"):
                for said in (message(fault, lang), *hints(fault, lang)):
                    assert fault.code not in said
                    assert "?" not in said
                    assert "{" not in said
        return [(fault.place.line, fault.place.column, fault.code) for fault in caught.value.faults]

    return faults


def test_a_value_is_what_the_model_is_given(planned):
    plan = planned(
        f"sorting.share [share],{DATED},fleet.export.rate [1/year],variants.wrought_share",
        "0.1,4300000,0.05,component_model",
        "0.25,4.5e6,0.06,shipments",
        "0.6,4550000,0.07,component_model",
    )
    sampler, known = given(plan, 3)
    np.testing.assert_allclose(drawn_in(sampler, known, "sorting.share"), [0.1, 0.25, 0.6], rtol=2e-16)
    np.testing.assert_allclose(drawn_in(sampler, known, PATH), [4.3e6, 4.5e6, 4.55e6], rtol=1e-13)
    np.testing.assert_allclose(drawn_in(sampler, known, "fleet.export.rate"), [0.05, 0.06, 0.07], rtol=1e-13)
    (choice,) = plan.recipe.choices
    assert choice.taken(sampler.source.u(choice.stream, 0, 3)).tolist() == [1, 0, 1]
    assert plan.designed.remarks == ()


def test_shares_are_what_was_written(planned):
    written = [[0.4, 0.07, 0.08, 0.2, 0.25], [0.5, 0.05, 0.05, 0.1, 0.3]]
    plan = planned(",".join(SHARES), *(",".join(map(str, row)) for row in written))
    sampler, known = given(plan, 2)
    name = "content.split.al_6xxx"
    found = np.stack(list(sampler.simplex(name, known[name]).values()), axis=1)
    np.testing.assert_allclose(found, written, rtol=1e-11)
    assert [factor.name for factor in plan.designed.factors] == [name]


def test_probabilities_stay_to_the_bit_beside_values(planned):
    plan = planned(f"p({PATH}),sorting.share [share],p(variants.wrought_share)", "0.1,0.3,0.9", "0.123456789,0.4,0.1")
    rows = dict(zip(plan.designed.columns, plan.designed.design.rows(0, 2).T.tolist(), strict=True))
    assert rows[PATH] == [0.1, 0.123456789]
    assert rows["choice variants.wrought_share"] == [0.9, 0.1]
    assert rows["sorting.share"] == pytest.approx([0.4, 0.6])


def test_what_a_table_says_is_what_marks_it(planned):
    mark = planned("sorting.share [share]", "0.3").designed.told["sha256"]
    assert planned("point,sorting.share  [share]", "5,.30").designed.told["sha256"] == mark
    assert planned("sorting.share [share]", "0.31").designed.told["sha256"] != mark
    assert planned("p(sorting.share)", "0.3").designed.told["sha256"] != mark


def test_several_years_of_one_number_must_agree(planned, refused):
    both = "fleet.export.rate [1/year],market.sales@2024 [vehicles],market.sales@2025 [vehicles]"
    one = planned(DATED, "4500000")
    sampler, known = given(one, 1)
    before = float(sampler.path(PATH, known[PATH], [2024])[0, 0])
    two = planned(both, f"0.06,{before!r},4500000")
    np.testing.assert_allclose(two.designed.design.rows(0, 1)[0, 1], one.designed.design.rows(0, 1)[0, 0], rtol=1e-9)
    found = refused(both, f"0.06,{before!r},4500000", f"0.06,{before * 1.0001!r},4500000")
    assert [code for *_, code in found] == ["sweep_table_disagree"]
    assert found[0][0] == 3


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("sorting.share", "sweep_table_bare"),
        (PATH, "sweep_table_bare"),
        (f"{PATH}@2025", "sweep_table_bare"),
        (f"{PATH} [vehicles]", "sweep_table_needs_year"),
        (f"{PATH}@2025 [t]", "sweep_table_unit"),
        (f"{PATH}@2125 [vehicles]", "sweep_table_year_outside"),
        ("sorting.share@2025 [share]", None),
        ("sorting.recovery@2025 [share]", None),
        ("sorting.share [share] in nowhere", "sweep_table_alternative"),
        ("sorting.shar [share]", "sweep_table_column_unknown"),
        ("p(sorting.shar)", "sweep_table_column_unknown"),
        ("", "sweep_table_column_unnamed"),
        ("variants.wrought_share [share]", "sweep_table_choice_heading"),
        ("variants.wrought_share@2025", "sweep_table_choice_heading"),
        (SHARES[0], "sweep_table_shares_missing"),
    ],
)
def test_headings_that_may_be_misread(refused, planned, head, code):
    known = {one.name: one.held for one in drawn(planned("p(sorting.share)", "0.5").alternatives[0].scenario)}
    if code is None:  # a year may be named where a number has years at all
        name = head.partition("@")[0]
        code = None if isinstance(known[name], TimePath) else "sweep_table_no_years"
    if code is None:
        planned(f"{head},p(fleet.export.rate)", "0.5,0.5")
    else:
        assert refused(f"p(fleet.export.rate),{head}", "0.5,0.5") == [(1, 22, code)]


@pytest.mark.parametrize("other", ["p(sorting.share)", "sorting.share [share]", "p(choice sorting.share)"])
def test_two_columns_of_one_number(refused, other):
    found = refused(f"sorting.share [share],{other}", "0.5,0.5")
    code = "sweep_table_number_twice" if "p(" in other else "sweep_table_column_twice"
    assert found == [(1, 23, code)]


@pytest.mark.parametrize(
    ("head", "cell", "code"),
    [
        ("sorting.share [share]", "0.0999", "sweep_table_value_outside"),
        ("sorting.share [share]", "25", "sweep_table_value_outside"),
        ("fleet.export.rate [1/year]", "0", "sweep_table_value_outside"),
        ("fleet.export.rate [1/year]", "-0.06", "sweep_table_value_outside"),
        (DATED, "4500", "sweep_table_value_outside"),  # in thousands, as statistics have it
        (DATED, "4.5 million", "sweep_table_cell_not_number"),
        ("variants.wrought_share", "shipment", "sweep_table_no_option"),
        ("p(sorting.share)", "1", "sweep_table_cell_outside"),
    ],
)
def test_cells_that_no_range_allows(refused, head, cell, code):
    assert refused(f"{head},p(sorting.recovery)", f"{cell},0.5") == [(2, 1, code)]


def test_shares_that_do_not_add_to_one(refused):
    line = "0.4,0.07,0.08,0.2,0.2"
    assert refused(",".join(SHARES), "0.4,0.07,0.08,0.2,0.25", line) == [(3, 1, "sweep_table_shares_sum")]


def test_where_ranges_differ_between_alternatives_the_heading_says_in_which(refused, planned, tiny, tmp_path):
    file = tmp_path / "other.yaml"
    tree = text(fleet__export__rate={"value": 0.05, "low": 0.04, "high": 0.07, "source": "made up", "status": "given"})
    file.write_text(tree, encoding="utf-8")
    two = {"scenarios": [tiny, str(file)]}
    head = "fleet.export.rate [1/year]"
    assert refused(head, "0.05", **two) == [(1, 1, "sweep_table_laws_differ")]
    plan = planned(f"{head} in other", "0.05", **two)
    known = {one.name: one.held for one in drawn(plan.alternatives[1].scenario)}
    sampler = Sampler(source_of(plan.recipe, np.arange(1), 0), 1, 1)
    np.testing.assert_allclose(drawn_in(sampler, known, "fleet.export.rate"), 0.05, rtol=1e-13)
    assert refused(f"{head} in tin", "0.05", **two) == [(1, 1, "sweep_table_alternative")]


def test_a_value_near_the_end_of_a_triangle_is_told_to_be_missed(planned, tmp_path):
    """Probabilities near 1 lie 1e-16 apart, the quantiles of a triangle there 1e-8 of its width."""
    ends = {"value": 0.06, "low": 0.01, "high": 0.09, "range": "bounds", "source": "made up", "status": "given"}
    file = tmp_path / "ended.yaml"
    file.write_text(text(fleet__export__rate=ends), encoding="utf-8")
    plan = planned("fleet.export.rate [1/year]", "0.01", "0.09", scenarios=[str(file)])
    (remark,) = plan.designed.remarks
    assert remark.code == "sweep_table_not_exact"
    for lang in ("ja", "en"):
        assert "?" not in message(remark, lang)
    assert planned("fleet.export.rate [1/year]", "0.01", "0.0899", scenarios=[str(file)]).designed.remarks == ()


@pytest.fixture(scope="module")
def swept(tiny, tmp_path_factory):
    """A sweep of points of a sequence in which all that may vary does, in a folder."""
    folder = tmp_path_factory.mktemp("swept") / "study"
    entries = {**ASKED, "vary": ["*"], "keep": ["sorting.share"], "design.kind": "sobol", "design.samples": 64}
    sweep(plan_of(read_study(tiny, entries)), folder, Means(1))
    return folder


def test_what_a_sweep_tells_of_its_points_is_a_table_that_comes_to_the_same(swept, planned, tmp_path):
    """Read again, inputs differ by at most 1e-11 of their size, results by no more."""
    table = (swept / SHEET).read_text(encoding="utf-8-sig").splitlines()
    plan = planned(*table, vary=["*"], keep=["sorting.share"])
    assert plan.designed.remarks == ()
    sweep(plan, tmp_path / "again", Means(1))
    one, other = (pd.read_parquet(folder / INPUTS) for folder in (swept, tmp_path / "again"))
    assert set(one) == set(other)
    assert len(one.columns) > 300
    for name in one:
        if one[name].dtype == float:
            np.testing.assert_allclose(other[name], one[name], rtol=1e-11, err_msg=name)
        else:
            assert one[name].equals(other[name])
    results = [open_study(folder).results() for folder in (swept, tmp_path / "again")]
    for name in ASKED["indicators"]:
        np.testing.assert_allclose(results[1][name], results[0][name], rtol=1e-11)
        assert results[0][name].nunique() > 100


def test_a_spreadsheet_may_keep_fifteen_digits(swept, planned):
    """Also of numbers that are the same in all futures of some years."""
    head, *rows = (swept / SHEET).read_text(encoding="utf-8-sig").splitlines()
    short = [",".join(cell if cell.isalpha() or "_" in cell else f"{float(cell):.15g}" for cell in row.split(","))
             for row in rows]  # fmt: skip
    assert short != rows
    plan = planned(head, *short, vary=["*"], keep=["sorting.share"])
    assert plan.designed.points(1) == 64


def test_fifteen_digits_of_a_year_in_which_nothing_varies_are_accepted_and_no_other_value():
    path = TimePath(
        {2025: Quantity(1.0, kind="real"), 2031: Quantity(2.0, kind="real"), 2040: Quantity(0.5, 0.1, 0.9, kind="real")}
    )
    rule = Column(Heading("a", unit="share", year=2026), ("a",), path.law_of(2026)).rule
    assert rule.read("1.16666666666667") == 1.16666666666667
    assert rule.read("1.1667") != rule.read("1.1667")  # no number: refused


def test_a_table_lies_in_the_folder_and_is_read_there_again(planned, tmp_path):
    plan = planned("sorting.share [share],variants.wrought_share", "0.3,shipments", "0.4,component_model")
    sweep(plan, tmp_path / "study", Means(1))
    (tmp_path / "table.csv").unlink()
    held = plan_in(tmp_path / "study")
    np.testing.assert_array_equal(held.designed.design.rows(0, 2), plan.designed.design.rows(0, 2))
    assert replay(tmp_path / "study", 1).reason == ""
    inputs = pd.read_parquet(tmp_path / "study" / INPUTS)
    assert inputs["variants.wrought_share"].tolist() == ["shipments", "component_model"]
    np.testing.assert_allclose(inputs["sorting.share [share]"], [0.3, 0.4], rtol=2e-16)
