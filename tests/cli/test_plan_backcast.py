"""`cesim plan backcast` on a plan of three measures: the answer, the plan written back, refusals, a broken search."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cesim.plan.futures as futures_room
from cesim.cli.backcast_options import money, share
from cesim.cli.main import main
from cesim.errors import INTERRUPTED
from cesim.plan.backcast import AS_PLANNED, PlanAnswers, Question
from cesim.plan.backcasting import backcast_plan
from cesim.plan.futures import open_futures
from cesim.plan.money import costs
from cesim.plan.remembered import Remembered, in_time
from cesim.plan.written_back import plan_text
from cesim.run.goals import goals_named
from cesim.run.prepared import prepare
from cesim.scenario import open_scenario
from cesim.scenario.effects import Decision, decided

TINY = """extends: tutorial
name: {ja: "小さな計画: 一", en: "tiny: a plan"}
plan:
  base_year: 2025
  until: 2040
  discount: 0.04
  adopted: [known, sort]
  measures:
    sort: {name: {ja: 選別, en: sorting}, pillar: chain, horizon: mid, material: aluminium, actor: metal, start: 2028,
           ramp: {years: 4}, published: false, investment: 2.0e+9, running: 1.0e+8,
           changes: {share: {path: sorting.share, how: set,
                             amount: {value: 0.5, low: 0.3, high: 0.7, status: estimate}}}}
    known: {name: {ja: 識別, en: identification}, pillar: making, horizon: short, material: aluminium,
            actor: dismantlers, start: 2027, published: false, investment: 5.0e+8,
            changes: {known: {path: dismantling.identified, how: fill, amount: 0.5}}, subsidy: {rate: 0.5, source: no}}
    late: {name: {ja: 遅い選別, en: late sorting}, pillar: chain, horizon: mid, material: aluminium, actor: sorters,
           start: 2032, published: false, investment: 1.0e+9, excludes: [sort],
           changes: {share: {path: sorting.share, how: set,
                             amount: {value: 0.3, low: 0.2, high: 0.4, status: estimate}}}}
"""
TARGET = "h1_horizontal_rate_6xxx:east:2035>=0.08"


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    return tmp_path


def asked(*words):
    return main(["plan", "backcast", "tiny.yaml", "--draws", "4", "--workers", "1", "--lang", "en", *words])


def refused(capsys, *words):
    assert asked("--json", *words) == 2
    told = capsys.readouterr()
    return {fault["code"] for fault in json.loads(told.out or told.err)["faults"]}


def test_the_answer_is_the_cheapest_of_all_combinations(tiny, capsys):
    assert asked("--target", TARGET, "--confidence", "50%", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    loaded = open_scenario("tiny.yaml")
    [goal] = goals_named(loaded.scenario, [TARGET])
    best = []
    with open_futures(loaded, 4, 0, 1) as futures:
        for taken in product((False, True), repeat=3):
            names = [name for name, one in zip(("sort", "known", "late"), taken, strict=True) if one]
            if {"sort", "late"} <= set(names):
                continue
            choice = dict.fromkeys(names, Decision())
            met = goal.is_met(futures.lanes([choice], [goal.series])[0, 0, 1:]).mean()
            if met >= 0.5:
                best.append((float(costs(loaded.scenario, choice).present()[0]), sorted(names)))
    cost, names = min(best)
    assert told["cost_jpy"] == pytest.approx(cost, rel=1e-12)
    assert sorted(row["measure"] for row in told["road_map"] if row["plan"] == "backcast") == names
    assert told["proof"] == "exhaustive"
    assert told["sets"] <= 6
    at = next(row for row in told["front"] if row["confidence"] == 0.5)
    assert (at["cost_jpy"], at["proven"]) == (told["cost_jpy"], True)


def test_the_folder_holds_page_book_and_a_plan_that_runs(tiny, capsys):
    assert asked("--target", TARGET, "--levels", "0.5,1", "--delays", "0,3", "--must", "known", "--out", "found") == 0
    said = capsys.readouterr().out
    assert "Written to found" in said
    assert {"report.html", "results.xlsx", "plan.yaml", "plan.json"} <= {
        path.name for path in (tiny / "found").iterdir()
    }
    assert main(["run", "found/plan.yaml", "--draws", "1", "--no-report", "--out", "again"]) == 0
    told = json.loads((tiny / "found" / "plan.json").read_text(encoding="utf-8"))
    assert told["must"] == ["known"]
    plan = open_scenario(tiny / "found" / "plan.yaml").scenario.plan
    assert "known" in plan.adopted
    assert plan.measures["known"].start in (2027, 2030)


def test_one_may_look_without_writing(tiny, capsys):
    assert asked("--target", TARGET, "--no-report") == 0
    assert not (tiny / "runs").exists()
    assert "plan.yaml" not in capsys.readouterr().out


def test_out_of_reach_is_told_with_what_stands_in_the_way(tiny, capsys):
    assert asked("--target", TARGET, "--money", "all=1億", "--out", "found") == 0
    said = capsys.readouterr().out
    assert "Money stands in the way" in said
    assert not (tiny / "found" / "plan.yaml").exists()
    assert "bad" in (tiny / "found" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("choice", [
    {}, {"late": Decision(1.0, 2032)}, {"known": Decision(), "sort": Decision(0.25, 2030)},
    {"sort": Decision(level=0.5), "known": Decision(start=2029)},
])  # fmt: skip
@pytest.mark.parametrize("overrides", [{}, {"dismantling.identified": 0.2}])
def test_a_plan_written_back_is_the_plan_that_was_chosen(tiny, choice, overrides):
    loaded = open_scenario("tiny.yaml", overrides)
    text = plan_text(loaded, "tiny.yaml", choice, overrides, {"ja": '名: "x"', "en": "name: # y"})
    (tiny / "elsewhere").mkdir()
    (tiny / "elsewhere" / "plan.yaml").write_text(text, encoding="utf-8")
    again = open_scenario(tiny / "elsewhere" / "plan.yaml").scenario
    wanted = decided(loaded.scenario.unsteered.plan, choice)
    assert set(again.plan.adopted) == set(choice)
    for name, measure in wanted.measures.items():
        own = again.plan.measures[name]
        assert (own.level.value, own.start) == (measure.level.value, measure.start)
    assert again.name.en == "name: # y"
    with open_futures(loaded, 3, 5, 1) as futures, prepare(tiny / "elsewhere" / "plan.yaml", 3, 5, 1) as new:
        series = ("h1_horizontal_rate_6xxx", "east", 2035)
        assert new.base.lanes(*series).tolist() == futures.of(choice).lanes(*series).tolist()


def test_a_shipped_scenario_is_extended_by_its_name(tiny):
    loaded = open_scenario("chubu-2035")
    text = plan_text(loaded, "chubu-2035", {"hoods": Decision()}, {}, {"ja": "a", "en": "b"})
    assert 'extends: "chubu-2035"\n' in text
    assert text.endswith('plan:\n  adopted:\n    - "hoods"\n')


def test_everything_wrong_is_said_at_once(tiny, capsys):
    found = refused(
        capsys, "--confidence", "80", "--money", "state", "--money", "x=1", "--money", "all=1", "--money", "all=2",
        "--levels", "0,1", "--delays", "a", "--target", "h9", "--must", "nope",
    )  # fmt: skip
    assert found == {
        "plan_confidence", "plan_money", "plan_payer", "plan_money_twice", "plan_levels", "plan_delays",
        "plan_no_target", "plan_no_measure",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--must", "sort,late"], "backcast_must_rivals"),
     (["--must", "late", "--never", "late"], "backcast_must_and_never"),
     (["--target", TARGET], "backcast_goal_twice"), (["--only", "sort"], "plan_option_not_read"),
     (["--confidence", "0"], "plan_confidence"), (["--confidence", "nan"], "plan_confidence"),
     (["--money", "all=-1"], "plan_money"), (["--money", "all=inf"], "plan_money"),
     (["--delays", "1.5"], "plan_delays"),
     (["--delays", ","], "plan_delays"), (["--levels", "1.01"], "plan_levels")],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(tiny, capsys, words, code):
    assert refused(capsys, "--target", TARGET, *words) == {code}


@pytest.mark.parametrize(("text", "value"), [
    ("3e10", 3e10), ("300億", 3e10), ("３００億円", 3e10), ("0.5兆", 5e11), ("30bn", 3e10), ("12百万", 1.2e7),
    ("5万", 5e4),
    ("0", 0.0), ("", None), ("億", None), ("-1", None), ("1e400", None), ("nan", None), ("3 apples", None),
])  # fmt: skip
def test_amounts_are_read_as_they_are_written(text, value):
    assert money(text) == (value if value is None else pytest.approx(value, rel=1e-12))


@given(st.floats(-2.0, 200.0, allow_nan=False))
def test_shares_are_above_nothing_and_up_to_one(value):
    assert share(repr(value)) == (value if 0.0 < value <= 1.0 else None)
    assert share(f"{value!r}%") == (value / 100.0 if 0.0 < value / 100.0 <= 1.0 else None)


@pytest.mark.parametrize("after", [2, 5])
def test_an_interrupt_ends_with_what_was_found(tiny, capsys, monkeypatch, after):
    lanes, calls = futures_room.Futures.lanes, []

    def broken(self, choices, wanted, progress=None):
        calls.append(len(choices))
        if len(calls) > after:
            raise KeyboardInterrupt
        return lanes(self, choices, wanted, progress)

    monkeypatch.setattr(futures_room.Futures, "lanes", broken)
    words = ("--target", TARGET, "--levels", "0.5,1", "--delays", "0,3")
    assert asked(*words, "--out", "found") == INTERRUPTED
    assert "broken off" in capsys.readouterr().out
    assert "broken off" in (tiny / "found" / "report.html").read_text(encoding="utf-8")
    assert (tiny / "found" / "results.xlsx").exists()


def test_no_more_is_computed_than_was_allowed(tiny, capsys):
    words = ("--target", TARGET, "--levels", "0.5,1", "--delays", "0,3", "--json")
    assert asked(*words, "--budget", "10") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sets"] <= 10
    assert asked(*words) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["sets"] > 10
    assert whole["proof"] == "exhaustive"
    assert told.get("cost_jpy") is None or told["cost_jpy"] >= whole["cost_jpy"] * (1 - 1e-9)


def test_what_starts_after_the_targets_is_not_tried_unless_it_is_named(tiny):
    loaded = open_scenario("tiny.yaml", {"plan.measures.late.start": 2036})
    [goal] = goals_named(loaded.scenario, [TARGET])
    with open_futures(loaded, 2, 0, 1) as futures:
        answers = PlanAnswers(futures)
        assert in_time(answers, Question((goal,))) == {"sort", "known"}
        assert set(Remembered(answers, Question((goal,)), 9).options) == {"sort", "known"}
        assert in_time(answers, Question((goal,), never=frozenset({"late"}))) == {"sort", "known", "late"}
        assert backcast_plan(futures, Question((goal,)), AS_PLANNED).sets <= 4
