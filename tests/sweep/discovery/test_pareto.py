"""Pareto points and worst runs against the plain definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cesim.errors import InputError
from cesim.sweep.discovery.marking import marked
from cesim.sweep.discovery.pareto import pareto
from cesim.sweep.discovery.worst import regret, worst

COARSE = hnp.arrays(
    np.float64, st.tuples(st.integers(0, 40), st.integers(1, 5)), elements=st.integers(-3, 3).map(float)
)


def undominated(values, best):
    good = values * np.where(np.array(best) == "high", 1, -1)
    return [n for n, one in enumerate(good) if not any((other >= one).all() and (other > one).any() for other in good)]


@settings(deadline=None, max_examples=150)
@given(COARSE, st.lists(st.sampled_from(["high", "low"]), min_size=5, max_size=5))
def test_pareto_points_are_those_that_nothing_dominates(values, best):
    found = pareto(values, best[: values.shape[1]])
    assert found.runs.tolist() == undominated(values, best[: values.shape[1]])
    assert (found.values == values[found.runs]).all()


@pytest.mark.parametrize("columns", [3, 4])
def test_pareto_points_of_many_runs(columns):
    values = np.random.default_rng(1).normal(size=(700, columns))
    best = ["high", "low", "high", "low"][:columns]
    assert pareto(values, best).runs.tolist() == undominated(values, best)


def test_where_every_run_is_a_compromise_all_are_kept():
    rng = np.random.default_rng(0)
    two = rng.integers(0, 10_000, (3_000, 2)).astype(float)
    assert pareto(np.column_stack([two, -two.sum(axis=1)]), ["high"] * 3).runs.size == 3_000


@pytest.mark.parametrize(("values", "best", "code"), [
    ([[1.0, np.nan]], ["high", "low"], "discovery_not_finite"), ([[1.0, 2.0]], ["high"], "discovery_shape"),
    ([[1.0]], ["max"], "discovery_best_unknown"), ([1.0], ["high"], "discovery_shape"), ([[]], [], "discovery_shape"),
])  # fmt: skip
def test_indicators_that_cannot_be_compared_are_refused(values, best, code):
    with pytest.raises(InputError) as caught:
        pareto(values, best)
    assert caught.value.faults[0].code == code


@given(hnp.arrays(np.float64, st.integers(1, 30), elements=st.integers(-4, 4).map(float)), st.integers(1, 30))
def test_the_worst_come_first_and_of_equals_the_first(values, count):
    count = min(count, values.size)
    ordered = sorted(range(values.size), key=lambda n: (values[n], n))[:count]
    assert worst(values, "high", count).runs.tolist() == ordered
    assert worst(-values, "low", count).runs.tolist() == ordered
    assert (worst(values, "high", count).values == values[ordered]).all()


@pytest.mark.parametrize("count", [0, 4])
def test_as_many_as_there_are_can_be_asked_for(count):
    with pytest.raises(InputError) as caught:
        worst([1.0, 2.0, 3.0], "high", count)
    assert caught.value.faults[0].arguments == {"found": count, "most": 3}


def test_regret_by_hand():
    """Savage's table: rows are futures, columns what was decided; gains."""
    found = regret([[8.0, 5.0, 6.0], [1.0, 5.0, 4.0], [3.0, 3.0, 2.0]], "high", ["a", "b", "c"])
    assert found.regret.tolist() == [[0, 3, 2], [4, 0, 1], [0, 0, 1]]
    assert (found.best.tolist(), found.most.tolist(), found.where.tolist()) == ([0, 1, 0], [4, 3, 2], [1, 0, 0])
    assert found.least == 2
    assert (regret(-np.array([[8.0, 5.0, 6.0]]), "low").regret == [[0, 3, 2]]).all()


RESULTS = {"rate": [0.1, 0.5, 0.9, 0.4], "cost": [1.0, 2.0, np.nan, 4.0]}


@pytest.mark.parametrize(("asked", "picked"), [
    ({"below": 0.4}, [0]), ({"above": 0.4}, [1, 2]), ({"worst": 0.5}, [0, 3]), ({"worst": 0.01}, [0]),
    ({"worst": 0.25, "best": "low"}, [2]),
])  # fmt: skip
def test_runs_of_interest_are_picked_by_one_condition(asked, picked):
    assert np.flatnonzero(marked(RESULTS, "rate", **asked)).tolist() == picked


@pytest.mark.parametrize(("indicator", "asked", "code"), [
    ("rat", {"below": 1.0}, "discovery_indicator_unknown"), ("rate", {}, "discovery_condition"),
    ("rate", {"below": 1.0, "above": 2.0}, "discovery_condition"), ("rate", {"worst": 1.0}, "discovery_condition"),
    ("rate", {"below": float("nan")}, "discovery_condition"), ("cost", {"below": 2.0}, "discovery_not_finite"),
    ("rate", {"below": 0.1}, "discovery_nobody"), ("rate", {"above": 0.0}, "discovery_everybody"),
    ("rate", {"worst": 0.5, "best": "up"}, "discovery_best_unknown"),
])  # fmt: skip
def test_a_question_that_picks_nothing_is_refused(indicator, asked, code):
    with pytest.raises(InputError) as caught:
        marked(RESULTS, indicator, **asked)
    assert caught.value.faults[0].code == code
    if code == "discovery_indicator_unknown":
        assert "rate" in caught.value.faults[0].arguments["nearest"]
