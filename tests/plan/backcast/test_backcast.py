"""The search against every choice there is, on random plans: what it finds, what it proves, what it says is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_plans import cheapest, goal, meets, random_plan

from cesim.plan.backcast import Effort, Question, Solution, Unreachable, backcast, front
from cesim.plan.backcast.rules import Rules
from cesim.plan.backcast.search import Search
from cesim.plan.backcast.ways import Ways
from cesim.plan.backcast.weighed import Memory

SEEDS = st.integers(0, 2**32 - 1)


def random_question(rng, plan, hard):
    """Two goals somewhere between nothing and everything, and now and then budgets, must and never."""
    names = sorted(plan.options)
    size = len(names)
    budgets = {}
    if rng.random() < 0.4:
        budgets["oem"] = float(rng.integers(5, 40 * size))
    if rng.random() < 0.2:
        budgets["all"] = float(rng.integers(5, 60 * size))
    must = frozenset(rng.choice(names, 1).tolist()) if rng.random() < 0.2 else frozenset()
    never = frozenset(rng.choice(names, 1).tolist()) if rng.random() < 0.3 else frozenset()
    never -= everything_behind(plan, must)
    goals = (
        goal("a", rng.uniform(0, hard * size)),
        goal("b", -rng.uniform(-0.3, 0.5), at_most=True)
        if rng.random() < 0.3
        else goal("b", rng.uniform(0, hard * size)),
    )
    return Question(goals, float(rng.choice([0.3, 0.5, 0.9, 1.0])), budgets, must, never, bool(rng.random() < 0.7))


def everything_behind(plan, names):
    out, ahead = set(), list(names)
    while ahead:
        one = ahead.pop()
        out.add(one)
        ahead += plan.needs.get(one, ())
    return out


@given(SEEDS, st.integers(1, 9), st.sampled_from([0.0, 0.3]), st.sampled_from([0.1, 0.25]))
@settings(max_examples=40, deadline=None)
def test_it_finds_what_trying_every_choice_finds(seed, size, hurting, hard):
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, size, hurting=hurting)
    question = random_question(rng, plan, hard)
    told = plan.by_hand(question)
    found = backcast(plan, question)
    if cheapest(told) is None:
        assert isinstance(found, Unreachable)
        assert found.proof == "exhaustive"
    else:
        assert isinstance(found, Solution)
        assert found.cost == pytest.approx(cheapest(told), abs=1e-9)
        assert (found.proof, found.gap, found.bound) == ("exhaustive", 0.0, found.cost)
        assert (found.choice, True) in [(choice, good) for choice, _, _, good in told]
        assert found.paid["all"] == pytest.approx(sum(plan.cost(found.choice).values()))
        assert found.evaluations == plan.asked <= 2**size


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("hurting", [0.0, 0.3])
def test_twelve_measures_and_two_targets(seed, hurting):
    rng = np.random.default_rng([12, seed])
    plan = random_plan(rng, 12, hurting=hurting)
    question = Question((goal("a", 2.0), goal("b", 1.5)), 0.6)
    want = cheapest(plan.by_hand(question))
    found = backcast(plan, question)
    assert (found.cost if isinstance(found, Solution) else None) == want
    assert found.proof == "exhaustive"


@given(SEEDS, st.integers(1, 4), st.integers(2, 5), st.sampled_from([0.0, 0.3]))
@settings(max_examples=40, deadline=None)
def test_levels_and_starts(seed, size, ways, hurting):
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, size, ways, hurting=hurting)
    question = random_question(rng, plan, 0.15)
    want = cheapest(plan.by_hand(question))
    found = backcast(plan, question)
    assert (found.cost if isinstance(found, Solution) else None) == (want if want is None else pytest.approx(want))
    assert found.proof == "exhaustive"


@given(SEEDS, st.integers(1, 40), st.integers(1, 3), st.sampled_from([0.0, 0.3]))
@settings(max_examples=40, deadline=None)
def test_a_search_cut_short_never_claims_too_much(seed, evaluations, ways, hurting):
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, 8 if ways == 1 else 4, ways, hurting=hurting)
    question = random_question(rng, plan, 0.15)
    told = plan.by_hand(question)
    want = cheapest(told)
    found = backcast(plan, question, Effort(evaluations=evaluations, batch=int(rng.integers(1, 9))))
    assert plan.asked <= max(1, evaluations)
    if isinstance(found, Unreachable):
        assert want is None or found.proof == "heuristic"
        return
    assert found.bound <= want + 1e-9 <= found.cost + 2e-9
    assert found.gap == pytest.approx((found.cost - found.bound) / found.cost if found.cost else 0.0)
    assert (found.proof == "exhaustive") == (found.gap == 0.0)
    assert found.stopped == (None if found.proof == "exhaustive" else "evaluations")
    if hurting == 0.0 and not question.goals[1].at_most:  # more never hurts there
        assert found.if_never_hurt.bound <= want + 1e-9


@given(SEEDS, st.integers(0, 60), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_everything_below_the_bound_was_worked_out(seed, evaluations, batch):
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, 7)
    question = random_question(rng, plan, 0.3)
    memory = Memory(Ways(plan), question, Effort(evaluations=1 + evaluations, batch=batch))
    search = Search(memory, Rules(memory.ways, question.must, question.never, question.budgets))
    memory.base()
    search.run(memory.needed(question.confidence), evaluations)
    left = [cost for choice, cost in plan.admitted(question) if memory.ways.number(choice) not in memory.known]
    assert search.bound <= min(left, default=np.inf)


def test_a_goal_that_the_base_case_meets_is_not_moved():
    plan = additive_plan(2)
    plan.outcome = lambda chosen: np.array([[float(len(chosen))] * 3, [float(len(chosen))] * 3])
    both = (goal("more", 2.0), goal("spared", 1.0, at_most=True))
    found = backcast(plan, Question(both))
    assert (found.nearest.relaxation, found.nearest.relaxed) == (0.5, {"more": 1.0, "spared": 1.0})
    assert found.nearest.choice.keys() == {"m00"}
    none = backcast(plan, Question((goal("more", 2.0), goal("spared", -1.0, at_most=True))))
    assert none.nearest.relaxation == 1.0
    kept = backcast(plan, Question((goal("never", 3.0), goal("spared", 0.0, at_most=True))))
    assert (kept.nearest.relaxation, kept.nearest.choice) == (1.0, {})


@given(SEEDS, st.integers(1, 7), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_nearest_that_can_be_reached(seed, size, joint):
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, size)
    goals = (goal("a", 5.0 * size), goal("b", -5.0 * size, at_most=True))
    question = Question(goals, float(rng.choice([0.3, 0.9])), joint=joint)
    found = backcast(plan, question)
    assert isinstance(found, Unreachable)
    assert (found.cause, found.proof) == ("targets", "exhaustive")
    told = plan.by_hand(question)
    needed = max(1, int(np.ceil(question.confidence * 7 - 1e-9)))
    reach = np.array([-np.sort(-margins, axis=1)[:, needed - 1] for _, _, margins, _ in told])
    for at, (target, sign) in enumerate(zip(goals, (1, -1), strict=True)):
        assert found.nearest.each[target.id].best == pytest.approx(target.value + sign * reach[:, at].max())
    base = next(own for (choice, _, _, _), own in zip(told, reach, strict=True) if not choice)
    relaxed = [lowest_share(margins, -base, question) for _, _, margins, _ in told]
    assert found.nearest.relaxation == pytest.approx(min(relaxed))
    just = [goal("a", found.nearest.relaxed["a"] - 1e-9), goal("b", found.nearest.relaxed["b"] + 1e-9, at_most=True)]
    eased = Question(tuple(just), question.confidence, joint=joint)
    again = backcast(plan, eased)
    assert isinstance(again, Solution)
    assert again.cost == pytest.approx(found.nearest.cost)


def lowest_share(margins, way, question):
    """The least share of the way back at which a choice meets the goals, by halving."""
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if meets(margins + middle * way[:, None], question) else (middle, high)
    return high


def additive_plan(size=5, needs=None):
    plan = random_plan(np.random.default_rng(0), size, hurting=0.0)
    plan.needs, plan.rivals = needs or {}, {}
    plan.prices = {
        (name, plan.options[name][0]): {"oem": 10.0 * (at + 1), "state": 0.0} for at, name in enumerate(plan.options)
    }
    plan.outcome = lambda chosen: np.full((1, 3), float(len(chosen)))
    return plan


def test_a_budget_that_is_too_small_is_told_from_a_target_that_is_too_high():
    plan = additive_plan()
    found = backcast(plan, Question((goal("a", 3.0),), budgets={"oem": 50.0}))
    assert (found.cause, found.proof) == ("budgets", "exhaustive")
    assert {one.condition: (one.reachable, one.cost, one.proven) for one in found.lifted} == {
        "all": (True, 60.0, True),
        "budgets": (True, 60.0, True),
    }
    assert (found.nearest.each["a"].best, found.nearest.cost) == (2.0, 30.0)
    found = backcast(plan, Question((goal("a", 6.0),), budgets={"oem": 50.0}))
    assert found.cause == "targets"
    assert [(one.reachable, one.proven) for one in found.lifted] == [(False, True)] * 2
    assert found.impossible_if_never_hurt
    found = backcast(plan, Question((goal("a", 5.0),), never=frozenset({"m04"}), budgets={"oem": 1000.0}))
    assert found.cause == "never"
    found = backcast(plan, Question((goal("a", 5.0),), never=frozenset({"m04"}), budgets={"oem": 100.0}))
    assert found.cause == "together"
    found = backcast(plan, Question((goal("a", 0.0, at_most=True),), must=frozenset({"m01"})))
    assert found.cause == "must"


def test_each_budget_that_binds_is_named():
    plan = additive_plan()
    found = backcast(plan, Question((goal("a", 3.0),), budgets={"oem": 50.0, "state": 1.0, "all": 1e6}))
    named = {one.condition: one.reachable for one in found.lifted}
    assert named == {"all": True, "budgets": True, "budget:oem": True, "budget:state": False, "budget:all": False}


def test_nothing_can_be_afforded_of_what_must_be_done():
    found = backcast(additive_plan(), Question((goal("a", 1.0),), must=frozenset({"m03"}), budgets={"oem": 5.0}))
    assert (found.cause, found.nearest, found.proof) == ("budgets", None, "exhaustive")


def test_what_needs_something_that_is_ruled_out_is_ruled_out():
    plan = additive_plan(needs={"m00": frozenset({"m04"})})
    found = backcast(plan, Question((goal("a", 2.0),), never=frozenset({"m04"})))
    assert found.choice.keys() == {"m01", "m02"}
    found = backcast(plan, Question((goal("a", 1.0),), must=frozenset({"m00"})))
    assert found.choice.keys() == {"m00", "m04"}


def test_an_interrupt_keeps_the_best_so_far():
    plan = additive_plan(9)
    whole = backcast(plan, Question((goal("a", 4.0),)))
    plan.asked, plan.interrupt_after = 0, whole.evaluations // 2
    found = backcast(plan, Question((goal("a", 4.0),)), Effort(batch=1))
    assert found.stopped == "interrupted"
    assert found.proof == "bounded"
    assert found.bound <= whole.cost <= found.cost


def test_costs_that_do_not_add_up_leave_no_bound():
    plan = additive_plan()
    alone = plan.cost
    plan.cost = lambda choice: {"oem": alone(choice)["oem"] - 5.0 * (len(choice) > 1), "state": 0.0}
    found = backcast(plan, Question((goal("a", 3.0),)))
    assert (found.proof, found.bound, found.gap, found.if_never_hurt) == ("heuristic", None, None, None)


def test_money_that_comes_back_is_found():
    plan = additive_plan()
    plan.prices["m04", plan.options["m04"][0]]["state"] = -70.0
    found = backcast(plan, Question((goal("a", 2.0),)))
    assert (found.choice.keys(), found.cost, found.proof) == ({"m00", "m04"}, -10.0, "exhaustive")


@given(SEEDS, st.integers(2, 8), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_front_of_cost_against_confidence(seed, size, joint):
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, size)
    goals = (goal("a", rng.uniform(0, 0.3 * size)), goal("b", rng.uniform(0, 0.3 * size)))
    question = Question(goals, joint=joint)
    found = front(plan, question, (1.0, 0.2, 0.6))
    assert [point.confidence for point in found.points] == [0.2, 0.6, 1.0]
    for point in found.points:
        want = cheapest(plan.by_hand(Question(goals, point.confidence, joint=joint)))
        assert point.complete
        assert (point.solution.cost if point.solution else None) == (want if want is None else pytest.approx(want))
    assert found.evaluations == plan.asked <= 2**size
    shares = [meets_share(margins, joint) for _, _, margins, _ in plan.by_hand(question)]
    if found.points[-1].solution is None:
        assert found.largest == pytest.approx(max(shares))


def meets_share(margins, joint):
    return (margins >= 0).all(axis=0).mean() if joint else (margins >= 0).mean(axis=1).min()
