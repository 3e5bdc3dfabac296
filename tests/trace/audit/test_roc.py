"""Curves and areas, against published values, the rule of Mann and Whitney, and hand-worked ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.trace.audit.roc import at_threshold, roc


def test_the_ratings_of_hanley_and_mcneil():
    # Hanley and McNeil 1982, Radiology 143: 58 normal and 51 abnormal images on a scale of five, area 0.893
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    score = np.concatenate([np.repeat(np.arange(5.0), normal), np.repeat(np.arange(5.0), abnormal)])
    found = roc(score, np.repeat([False, True], [58, 51]))
    assert found.auc == pytest.approx(0.893, abs=5e-4)
    assert found.se == pytest.approx(0.032, abs=1.5e-3)
    assert (found.wrong, found.right) == (51, 58)
    np.testing.assert_allclose(found.hit_share[1:] * 51, [33, 44, 46, 48, 51])
    np.testing.assert_allclose(found.false_share[1:] * 58, [2, 13, 19, 25, 58])


def test_ties_by_hand():
    # wrong 3, 2, 2; right 2, 1: of six couples 4 are won and 2 are ties
    found = roc(np.array([3.0, 2, 2, 2, 1]), np.array([True, True, True, False, False]))
    assert found.auc == pytest.approx(5 / 6)
    np.testing.assert_allclose(found.threshold, [3, 3, 2, 1])
    np.testing.assert_allclose(found.hit_share, [0, 1 / 3, 1, 1])
    np.testing.assert_allclose(found.false_share, [0, 0, 1 / 2, 1])
    # shares of wins: wrong (1, 3/4, 3/4), right (2/3, 1)
    assert found.se == pytest.approx(np.sqrt(np.var([1, 0.75, 0.75], ddof=1) / 3 + np.var([2 / 3, 1], ddof=1) / 2))


def test_a_score_that_says_nothing():
    found = roc(np.zeros(7), np.arange(7) < 3)
    assert found.auc == 0.5
    assert found.se == 0.0
    assert len(found.threshold) == 2


@pytest.mark.parametrize("wrong", [[True, True], [False, False], []])
def test_without_both_there_is_no_area(wrong):
    found = roc(np.arange(float(len(wrong))), np.array(wrong, dtype=bool))
    assert found.auc is None
    assert found.se is None
    assert np.isfinite(found.hit_share).all()
    assert np.isfinite(found.false_share).all()


labelled = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=40).filter(
    lambda rows: len({wrong for _, wrong in rows}) == 2
)


@given(labelled)
def test_the_area_is_the_chance_to_win(rows):
    score, wrong = np.array([float(s) for s, _ in rows]), np.array([w for _, w in rows])
    couples = score[wrong][:, None] - score[~wrong][None, :]
    found = roc(score, wrong)
    assert found.auc == pytest.approx(((couples > 0) + (couples == 0) / 2).mean())
    assert (np.diff(found.hit_share) >= 0).all()
    assert (np.diff(found.false_share) >= 0).all()
    assert found.hit_share[-1] == found.false_share[-1] == 1
    assert roc(-score, wrong).auc == pytest.approx(1 - found.auc)
    assert roc(np.exp(score), wrong).auc == found.auc


@given(labelled, st.integers(-4, 4))
def test_a_point_of_the_curve_is_what_is_counted(rows, threshold):
    score, wrong = np.array([float(s) for s, _ in rows]), np.array([w for _, w in rows])
    hits, missed, alarms = at_threshold(score, wrong, threshold)
    assert hits + missed == wrong.sum()
    found = roc(score, wrong)
    at = np.flatnonzero(found.threshold[1:] >= threshold)
    place = at[-1] + 1 if len(at) else 0
    assert found.hit_share[place] == pytest.approx(hits / wrong.sum())
    assert found.false_share[place] == pytest.approx(alarms / (~wrong).sum())


@pytest.mark.parametrize("score", [[1.0, np.nan], [1.0, np.inf], [1.0], [[1.0, 2.0]]])
def test_scores_are_finite_and_as_many(score):
    with pytest.raises(InputError) as caught:
        roc(np.array(score), np.array([True, False]))
    assert caught.value.faults[0].code == "audit_scores"
