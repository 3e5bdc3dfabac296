"""A box in one sentence: what it says is true of it, in both languages."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.report.sweep.sentences import box_sentence, explained, limits_told, reservations
from cesim.report.sweep.varied import names_of
from cesim.run.goals import goals_of
from cesim.sweep.answers.question import Question
from cesim.sweep.answers.varied import Varied
from cesim.sweep.discovery.boxes import Box, Explanation, HeldOut, Restriction, Stability

EXPORT = Varied("fleet.export.hazard_scale", "-", np.array([0.8, 1.25, 1.35, 1.6]), 1.0, is_relative=True)
RECOVERY = Varied("sorting.recovery", "share", np.array([0.6, 0.711, 0.726, 0.9]), 0.83)
RULE = Varied("metal.rule", "-", np.array([0.0, 1.0, 2.0, 1.0]), options=("wide", "strict", "none"))
MASS = Varied("content.mass.al_6xxx", "kg/vehicle", np.array([20.0, 30.0, 40.0, 50.0]), 32.0)
VARIED = (EXPORT, RECOVERY, RULE, MASS)
HIGH = Restriction(0, "continuous", low=1.3)
LOW = Restriction(1, "continuous", high=0.72)


@pytest.fixture(scope="module")
def names(scenario, lang):
    return names_of(scenario, lang)


@pytest.fixture(scope="module")
def question(scenario):
    goal = goals_of(scenario)["h1_2035"]
    return Question("miss", goal, goal.series, goal.value, goal.unit)


def test_the_sentence_of_the_brief(names, question, lang):
    told = box_sentence(names, question, Box((HIGH, LOW), 16, 15, 100, 17), VARIED)
    goal = names.goal(question.goal)
    said = {
        "ja": f"100通りの将来のうち目標「{goal}」を外す17通りは、中古車輸出ハザード倍率が現状の1.3倍を超え、かつ"
        "LIBS回収率が72 %を下回る将来です（17通りのうち15通りがここに入り、ここに入る16通りの94 %が目標を外します）。",
        "en": f"The 17 of 100 futures that miss the target “{goal}” are those with used-export hazard factor above "
        "1.3 × today and LIBS recovery below 72 % (15 of the 17 lie there; of all 16 futures there, 94 % miss it).",
    }
    assert told == said[lang]


@pytest.mark.parametrize(
    ("inside", "hit", "ja", "en"),
    [
        (17, 17, "17通りは、すべて", "are those with"), (30, 17, "すべて", "all lie among those with"),
        (20, 12, "17通りの多くは、", "are mostly those with"),
        (10, 8, "17通りの一部は、", "only 8 of the 17 lie there"),
        (24, 16, "ほとんどが", "lie nearly all among those with"),
    ],
)  # fmt: skip
def test_no_more_is_said_than_is_true(names, question, lang, inside, hit, ja, en):
    told = box_sentence(names, question, Box((HIGH,), inside, hit, 100, 17), VARIED)
    assert {"ja": ja, "en": en}[lang] in told
    assert ("将来です（17通りのうち15" in told) is False


def test_a_thin_box_is_called_thin(names, question, lang):
    told = box_sentence(names, question, Box((HIGH,), 50, 17, 100, 17), VARIED)
    assert {
        "ja": "（50通りのうち33通り）は、目標を外しません",
        "en": "Yet most futures there (33 of 50) do not miss it.",
    }[lang] in told
    dense = box_sentence(names, question, Box((HIGH,), 33, 17, 100, 17), VARIED)
    assert {"ja": "ただし", "en": "Yet"}[lang] not in dense


def test_limits_of_all_kinds_are_joined(names, lang):
    some = (
        HIGH,
        Restriction(2, "category", kept=(0.0, 2.0), dropped=(1.0,)),
        Restriction(3, "continuous", low=25.0, high=45.0),
    )
    assert (
        limits_told(names, some, VARIED)
        == {
            "ja": "中古車輸出ハザード倍率が現状の1.3倍を超え、metal.ruleが「wide」または「none」であり、かつ"
            "「車の材料構成：1台あたりの質量・6000系アルミ」が25 kg/台から45 kg/台の間にある",
            "en": "used-export hazard factor above 1.3 × today, metal.rule being wide or none and "
            "“Materials in a car: mass per car, 6000-series aluminium” between 25 kg/vehicle and 45 kg/vehicle",
        }[lang]
    )


@given(st.data())
def test_counts_are_those_of_the_box(scenario, question, data):
    runs = data.draw(st.integers(2, 5000))
    of_interest = data.draw(st.integers(1, runs - 1))
    hit = data.draw(st.integers(1, of_interest))
    inside = data.draw(st.integers(hit, runs - of_interest + hit))
    for lang in ("ja", "en"):
        told = box_sentence(
            names_of(scenario, lang), question, Box((HIGH, LOW), inside, hit, runs, of_interest), VARIED
        )
        assert f"{runs:,}" in told
        assert f"{of_interest:,}" in told
        assert f"{inside:,}" in told
        assert "100 %" not in told or hit == inside
        assert " 0 %" not in told
        assert "{" not in told


@pytest.mark.parametrize("verdict", ["no_box", "nobody", "everybody", "too_few"])
@pytest.mark.parametrize("interest", ["miss", "meet", "above", "below", "fail"])
def test_where_there_is_no_box_that_is_said(names, question, verdict, interest):
    asked = (
        Question(interest, question.goal, question.series, 0.25, "share") if interest != "fail" else Question("fail")
    )
    found = Explanation(verdict, None, None, None, None, None, 1200, 3)
    told = explained(names, asked, found, VARIED)
    assert "1,200" in told
    assert "{" not in told


@pytest.mark.parametrize(
    ("runs", "of_interest", "ja", "en"),
    [
        (100, 1, "1通りだけで", "Only 1 of 100 futures miss"),
        (100, 99, "1通りを除くすべて", "All but 1 of 100 futures miss"),
        (15, 7, "将来は15通り（うち", "15 futures (7 that miss"),
        (100, 50, "共通点が見つかりません", "Nothing found in what"),
        (100, 4, "4通りだけで", "Only 4 of 100"), (100, 96, "4通りを除く", "All but 4 of 100"),
    ],
)  # fmt: skip
def test_too_few_says_of_which(names, question, lang, runs, of_interest, ja, en):
    nothing = Explanation("too_few", None, None, None, None, None, runs, of_interest)
    assert {"ja": ja, "en": en}[lang] in explained(names, question, nothing, VARIED)


def test_a_target_is_told_as_it_is(scenario, names, question, lang):
    """Rounded to 37.3 % other futures would miss it than are counted."""
    goal = replace(question.goal, value=0.3732)
    assert "37.32 %" in explained(names, replace(question, goal=goal), NOBODY, VARIED)
    goal = replace(question.goal, value=0.3)
    assert "30.0 %" in explained(names, replace(question, goal=goal), NOBODY, VARIED)


NOBODY = Explanation("nobody", None, None, None, None, None, 100, 0)


def test_doubts_are_told(names, lang):
    weak = Restriction(1, "continuous", high=0.72, p_high=0.3)
    box = Box((Restriction(0, "continuous", low=1.3, p_low=1e-6), weak), 16, 15, 100, 17)
    tried, again = HeldOut(5, 14, 12, 100, 17, 1e-9), Stability(10, np.array([1.0, 0.3, 0, 0]))
    found = Explanation("explained", box, 3, None, tried, again, 100, 17)
    tested, chance, unsteady = reservations(names, found, VARIED)
    assert {
        "ja": "17通りのうち12通りがそこに入り、そこに入る14通りの86 %",
        "en": "catch 12 of the 17, and of the 14 futures",
    }[lang] in tested
    name = {"ja": "LIBS回収率", "en": "LIBS recovery"}[lang]
    assert name in chance
    assert f"{name}{'（30 %）' if lang == 'ja' else ' (30 %)'}" in unsteady
    empty = Explanation("no_box", None, None, None, HeldOut(5, 0, 0, 100, 17, 1.0), None, 100, 17)
    assert len(list(reservations(names, empty, VARIED))) == 1


def test_a_level_is_written_as_it_is(scenario, question):
    asked = Question("below", None, question.series, 0.01784, "share")
    told = box_sentence(names_of(scenario, "en"), asked, Box((HIGH,), 17, 17, 100, 17), VARIED)
    assert "below 1.784 %" in told
