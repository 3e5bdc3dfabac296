"""Measures of a scenario: what they bend, what waits, and every way to write them wrong, at its place."""

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.run.prepared import prepare
from cesim.scenario import open_scenario
from cesim.scenario.effect_checks import steerable
from cesim.scenario.effects import Decision, in_effect, in_turn

HEAD = """extends: tutorial
name: {ja: 計画, en: plan}
plan:
  base_year: 2025
  until: 2040
  discount: 0.04
  adopted: [ADOPTED]
  measures:
"""
SORT = "share: {path: sorting.share, how: set, amount: {value: 0.5, low: 0.3, high: 0.7, status: estimate}}"
FILL = "known: {path: dismantling.identified, how: fill, amount: 0.5}"


def measure(name, changes="", **more):
    rest = "".join(f", {key}: {value}" for key, value in more.items() if key != "start")
    start = more.get("start", 2028)
    return (
        f"    {name}: {{name: {{ja: 施策, en: measure}}, pillar: chain, horizon: mid, material: aluminium, "
        f"actor: metal, start: {start}, published: false, changes: {{{changes}}}{rest}}}\n"
    )


def write(folder, *measures, adopted=""):
    file = folder / "plan.yaml"
    file.write_text(HEAD.replace("ADOPTED", adopted) + "".join(measures), encoding="utf-8")
    return file


def told(folder, *measures, adopted=""):
    with pytest.raises(InputError) as caught:
        open_scenario(write(folder, *measures, adopted=adopted))
    return [fault.code for fault in caught.value.faults]


def test_what_is_adopted_bends_the_path_and_the_rest_waits(tmp_path):
    file = write(tmp_path, measure("sort", SORT), measure("known", FILL), adopted="sort")
    scenario = open_scenario(file).scenario
    base = open_scenario("tutorial").scenario
    assert scenario.sorting.share.best([2028])[0] == 0.5
    assert scenario.sorting.share.best([2027])[0] == base.sorting.share.best([2027])[0]
    assert scenario.dismantling.identified == base.dismantling.identified
    assert scenario.unsteered.sorting == base.sorting


def test_a_measure_without_what_it_needs_waits(tmp_path):
    file = write(tmp_path, measure("sort", SORT, needs="[known]"), measure("known", FILL), adopted="sort")
    assert open_scenario(file).scenario.sorting == open_scenario("tutorial").scenario.sorting
    both = open_scenario(file, {"plan.adopted": ["sort", "known"]}).scenario
    assert both.sorting.share.best([2030])[0] == 0.5


def test_needs_reach_through_others(tmp_path):
    file = write(
        tmp_path, measure("a", SORT, needs="[b]"), measure("b", FILL, needs="[c]"), measure("c"), adopted="a, b"
    )
    plan = open_scenario(file).scenario.plan
    assert plan.active(["a", "b"]) == frozenset()
    assert plan.active(["a", "c"]) == {"c"}
    assert plan.active(["a", "b", "c"]) == {"a", "b", "c"}
    assert plan.builds_on("a") == {"b", "c"}
    assert in_turn(plan, ["a", "b", "c"]) == ["c", "b", "a"]


def test_levels_and_starts_are_chosen_from_outside(tmp_path):
    scenario = open_scenario(write(tmp_path, measure("sort", SORT), adopted="sort")).scenario
    base = scenario.unsteered.sorting.share.best([2031])[0]
    late = in_effect(scenario, {"sort": Decision(level=0.5, start=2031)})
    assert late.sorting.share.best([2030, 2031]) == pytest.approx([base, (base + 0.5) / 2])
    assert late.plan.measures["sort"].start == 2031
    assert in_effect(late, {}).sorting == scenario.unsteered.sorting
    assert in_effect(late).sorting == scenario.sorting  # chosen is not written


def test_with_nothing_adopted_the_balance_has_the_bits_of_its_base(tmp_path):
    file = write(tmp_path, measure("sort", SORT), measure("known", FILL), adopted="sort, known")
    with prepare(file, draws=6) as prepared, prepare("tutorial", draws=6) as base:
        off = prepared.evaluate({"plan.adopted": []})
        assert np.array_equal(off.values, base.base.values, equal_nan=True)
        assert not np.array_equal(prepared.base.values, base.base.values, equal_nan=True)
        one = prepared.evaluate({"plan.adopted": ["sort"]}, prove=True)
        assert one.certificate.worst.worst < 1e-9


def test_a_written_scenario_is_read_back_the_same(tmp_path):
    loaded = open_scenario(write(tmp_path, measure("sort", SORT, level=0.5), adopted="sort"))
    again = tmp_path / "again.yaml"
    again.write_text(loaded.resolved_text, encoding="utf-8")
    assert open_scenario(again).hash == loaded.hash
    assert open_scenario(again).scenario.sorting == loaded.scenario.sorting


def test_steerable_values_are_those_that_may_change_by_year():
    paths = set(steerable(open_scenario("tutorial").scenario))
    assert {"sorting.share", "fleet.export.hazard_scale", "dismantling.incentive"} <= paths
    assert not any(path.startswith(("plan.", "targets.", "gases.")) for path in paths)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ("a: {path: sortng.share, how: set, amount: 0.5}", "measure_path_unknown"),
        ("a: {path: gases.remelting, how: scale, amount: 0.5}", "measure_path_constant"),
        ("a: {path: years.end, how: set, amount: 0.5}", "measure_path_unknown"),
        ("a: {path: sorting.share, how: add, amount: 0.5}", "share_added_to"),
        ("a: {path: fleet.export.hazard_scale, how: fill, amount: 0.5}", "no_share_to_fill"),
        ("a: {path: sorting.share, how: set, amount: 50}", "share_as_percent"),
        ("a: {path: sorting.share, how: scale, amount: 1.5}", "share_out_of_range"),
        ("a: {path: sorting.share, how: set, amount: {value: 0.5, unit: JPY/kg}}", "wrong_unit"),
        ("a: {path: dismantling.incentive, how: add, amount: {value: 30, unit: t/year}}", "wrong_unit"),
        ("a: {path: dismantling.incentive, how: add, amount: -5}", "positive_out_of_range"),
        ("a: {path: sorting.share, how: put, amount: 0.5}", "not_a_choice"),
        ("a: {path: sorting.share, how: set}", "missing_key"),
        ("a: {path: fleet.export.hazard_scale, how: scale, amount: 11}", "measure_leaves_bounds"),
    ],
)
def test_wrong_changes(tmp_path, changes, code):
    assert told(tmp_path, measure("one", changes), adopted="one") == [code]


@pytest.mark.parametrize(
    ("measures", "adopted", "code"),
    [
        ([measure("one", needs="[two]")], "", "unknown_name"),
        ([measure("one", needs="[one]")], "", "measure_needs_itself"),
        ([measure("a", needs="[b, c]"), measure("b", excludes="[c]"), measure("c")], "", "measure_needs_rivals"),
        ([measure("a", excludes="[b]"), measure("b")], "b, a", "rivals_adopted"),
        ([measure("a")], "a, a", "adopted_twice"),
        ([measure("a")], "b", "unknown_name"),
        ([measure("a", SORT), measure("b", SORT)], "", "measures_collide"),
        ([measure("a", start=2010)], "", "years_out_of_order"),
        ([measure("a").replace("published: false", "published: true")], "", "published_needs_source"),
    ],
)
def test_wrong_plans(tmp_path, measures, adopted, code):
    assert set(told(tmp_path, *measures, adopted=adopted)) == {code}


def test_two_that_set_one_value_may_be_rivals_or_build_on_each_other(tmp_path):
    for more in ({"excludes": "[a]"}, {"needs": "[a]"}):
        assert open_scenario(write(tmp_path, measure("a", SORT), measure("b", SORT, **more))).scenario.plan


def test_a_value_that_a_measure_moves_on_is_worth_a_word(tmp_path):
    base = write(tmp_path, measure("sort", SORT), measure("known", FILL), adopted="sort")
    assert open_scenario(base).remarks == ()
    own = tmp_path / "own.yaml"
    own.write_text(f"extends: {base}\nsorting: {{share: 0.2}}\ndismantling: {{identified: 0.1}}\n", encoding="utf-8")
    (told,) = open_scenario(own).remarks  # `known` is not adopted
    assert (told.code, told.place.file, told.place.line) == ("value_steered", str(own), 2)
    assert told.arguments["amount"] == "plan.measures.sort.changes.share.amount"
    assert [one.code for one in open_scenario(base, {"sorting.share": 0.2}).remarks] == ["value_steered"]
    assert open_scenario(base, {"sorting.share": 0.2, "plan.adopted": []}).remarks == ()


@pytest.mark.parametrize(
    ("measures", "adopted", "code", "what"),
    [
        ([measure("a", FILL, needs="[b]"), measure("b")], "a", "measure_waits", "a"),
        ([measure("a", FILL, start=2045)], "a", "measure_after_run", "start"),
        ([measure("a", FILL, level="0")], "a", "measure_not_carried_out", "level"),
        ([measure("a")], "a", "measure_changes_nothing", "a"),
        ([measure("a", FILL, needs="[b]"), measure("b", SORT, start=2030)], "b, a", "measure_before_need", "start"),
    ],
)
def test_a_measure_that_cannot_act_is_worth_a_word(tmp_path, measures, adopted, code, what):
    (told,) = open_scenario(write(tmp_path, *measures, adopted=adopted)).remarks
    assert (told.code, told.arguments["found"]) == (code, "a")
    line = (tmp_path / "plan.yaml").read_text("utf-8").splitlines()[told.place.line - 1]
    assert line.strip().startswith("a:")
    assert open_scenario(write(tmp_path, *measures, adopted="")).remarks == ()


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("{indicator: h1}", "unknown_name"), ("{unit: t}", "unit_of_another"), ("{value: 30}", "share_as_percent"),
        ("{value: 1.2}", "share_out_of_range"), ("{value: -0.1}", "share_out_of_range"),
    ],
)  # fmt: skip
def test_targets_that_ask_for_nothing(tmp_path, target, code):
    file = tmp_path / "plan.yaml"
    file.write_text(f"extends: tutorial\ntargets: {{h1_2035: {target}}}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_scenario(file)
    assert [(fault.code, fault.place.line) for fault in caught.value.faults] == [(code, 2)]


def test_a_new_measure_that_lacks_a_key_is_told_what_it_lacks(tmp_path):
    lacking = measure("sort_more", SORT).replace(", published: false", "")
    assert told(tmp_path, measure("sort", SORT, excludes="[sort_more]"), lacking) == ["missing_key"]
