"""The page of a backcast: every answer in words, in both languages, and no claim without its proof."""

import re
from html import unescape

import pytest
from made_up_backcast import HURT, Lifted, question, solution, stand, told, unreachable

from cesim.report.plan.backcast import backcast_page
from cesim.report.plan.backcast_answer import headline, remarks
from cesim.report.plan.backcast_terminal import backcast_lines
from cesim.report.plan.backcast_view import backcast_view

LANGUAGES = ("ja", "en")


def said(hand_scenario, found, lang="en"):
    view = backcast_view(hand_scenario, found, lang)
    return " ".join([*headline(view), *remarks(view)])


def text(html):
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.S)))


ANSWERS = {
    "exhaustive": told(),
    "bounded": told(solution("bounded", bound=6e9, gap=0.41, hurt=HURT, stopped="evaluations")),
    "heuristic": told(solution("heuristic", bound=None, gap=None)),
    "budgets": told(unreachable(), asked=question(budgets={"state": 1e8, "all": 5e9})),
    "targets": told(unreachable("targets", "heuristic", lifted=(), hopeless=True)),
    "nothing": told(unreachable("must", near=False), answer=None),
    "broken": told(solution("bounded", bound=6e9, gap=0.41, stopped="interrupted"), whole=None, interrupted=True),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_a_page_and_lines(hand_scenario, name, lang):
    page = backcast_page(hand_scenario, ANSWERS[name], lang)
    assert page.count("<section") == page.count("</section>")
    assert "<sorting>" not in page
    assert "<選別>" not in page
    assert "None" not in text(page)
    assert "nan" not in text(page).split()
    lines = backcast_lines(hand_scenario, ANSWERS[name], lang)
    first = unescape(re.search(r'<p class="first">(.*?)</p>', page, re.S).group(1))
    assert lines[0] == first


def test_only_a_full_search_is_called_the_cheapest(hand_scenario):
    assert "the cheapest plan that" in said(hand_scenario, ANSWERS["exhaustive"])
    assert "every cheaper combination was computed and misses" in said(hand_scenario, ANSWERS["exhaustive"])
    for name in ("bounded", "heuristic"):
        assert "the cheapest plan found that" in said(hand_scenario, ANSWERS[name])
        assert "every cheaper" not in said(hand_scenario, ANSWERS[name])
    assert "Proof: none" in said(hand_scenario, ANSWERS["heuristic"])


def test_a_bound_is_told_with_what_could_be_saved(hand_scenario):
    found = said(hand_scenario, ANSWERS["bounded"])
    assert "nothing that costs less than 6.00 bn JPY" in found
    assert "at most 4.20 bn JPY (41 %" in found
    assert "less than 9.00 bn JPY would reach the targets and at most 11.7 %" in found
    assert found.count("an assumption, not a proof") == 1


def test_money_is_written_in_oku_and_in_billions(hand_scenario):
    assert "施策2件、102 億円です" in said(hand_scenario, ANSWERS["exhaustive"], "ja")
    assert "10.2 bn JPY (measures: 2)" in said(hand_scenario, ANSWERS["exhaustive"])


def test_draws_are_counted(hand_scenario):
    assert "met in 17 of 20 draws (85 %)" in said(hand_scenario, ANSWERS["exhaustive"])
    assert "in steps of 5 %" in said(hand_scenario, ANSWERS["exhaustive"])
    assert "steps of" not in said(hand_scenario, told(draws=100))


def test_the_plan_as_written_stands_beside_the_answer(hand_scenario):
    assert "costs 30.0 bn JPY and meets the targets in 60 %" in said(hand_scenario, ANSWERS["exhaustive"])
    assert "cheaper by 19.8 bn JPY" in said(hand_scenario, ANSWERS["exhaustive"])
    dear = said(hand_scenario, told(solution(cost=4e10, bound=4e10)))
    assert "dearer by 10.0 bn JPY" in dear


@pytest.mark.parametrize(
    ("cause", "words"),
    [("targets", "do not suffice"), ("budgets", "Money stands"), ("never", "ruled out stand"),
     ("must", "must be taken"),
     ("together", "several together")],
)  # fmt: skip
def test_why_not_is_told(hand_scenario, cause, words):
    assert words in said(hand_scenario, told(unreachable(cause)))


def test_the_nearest_is_told_with_what_must_give(hand_scenario):
    found = said(hand_scenario, ANSWERS["budgets"])
    assert "21.0 % can be reached (target 30.0 %, without measures 2.0 %)" in found
    assert "moved 32 % of the way back" in found
    assert "in at most 15 % of the futures" in found
    page = text(backcast_page(hand_scenario, ANSWERS["budgets"], "en"))
    assert "the budget of state and municipalities dropped" in page
    assert page.count("cannot be reached (proven)") == 1
    assert page.count("nothing found that reaches them") == 1


def test_nothing_proven_is_said_where_nothing_was_found(hand_scenario):
    assert "no combination was found" in said(hand_scenario, ANSWERS["targets"])
    assert "Proof: none" in said(hand_scenario, ANSWERS["targets"])
    assert "If no measure ever did harm, nothing would" in said(hand_scenario, ANSWERS["targets"])
    assert "If no measure" not in said(hand_scenario, told(unreachable("targets", hopeless=True)))


def test_all_conditions_are_named_only_beside_others(hand_scenario):
    two = (Lifted("all", True, 1e9, {}, True), Lifted("budgets", True, 1e9, {}, True))
    lines = "\n".join(backcast_lines(hand_scenario, told(unreachable(lifted=two)), "en"))
    assert "all budgets dropped" in lines
    assert "all conditions dropped" not in lines
    assert "all conditions dropped" in "\n".join(backcast_lines(hand_scenario, ANSWERS["budgets"], "en"))


def test_a_target_that_needs_nothing_is_said_to(hand_scenario):
    free = solution(cost=0.0, bound=0.0)
    free = type(free)(**{**vars(free), "choice": {}})
    found = said(hand_scenario, told(free, answer=stand({}, 0.0, 1.0)))
    assert "with no measure at all" in found


def test_what_was_broken_off_says_so(hand_scenario):
    assert "broken off" in said(hand_scenario, ANSWERS["broken"])
    assert "broken off" not in said(hand_scenario, ANSWERS["bounded"])
    assert 'id="front"' not in backcast_page(hand_scenario, ANSWERS["broken"], "en")
    assert 'id="front"' in backcast_page(hand_scenario, ANSWERS["bounded"], "en")


def test_budgets_are_marked_beside_what_is_paid(hand_scenario):
    page = text(backcast_page(hand_scenario, ANSWERS["budgets"], "en"))
    assert "plan as written 0 bn JPY, budget 0.100 bn JPY" in page
    assert "plan as written 30.0 bn JPY, budget 5.00 bn JPY" in page


def test_a_plan_of_the_same_cost_is_not_called_dearer(hand_scenario):
    same = said(hand_scenario, told(solution(cost=3e10, bound=3e10)))
    assert "costs as much and meets the targets in 60 %" in same
    assert "dearer" not in same


def test_a_bound_of_nothing_proves_nothing(hand_scenario):
    assert "Proof: none" in said(hand_scenario, told(solution("bounded", bound=0.0, gap=1.0)))
