"""Which inputs separate failures: planted ones are found, and nothing is found where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from cesim.errors import InputError
from cesim.sweep.sensitivity import breaking

U = np.random.default_rng(0).random((500, 6))


def test_a_planted_edge_is_found():
    told = breaking(U.T, U[:, 4] > 0.9)
    assert told.code == "separates"
    assert (told.failed, told.points) == (int((U[:, 4] > 0.9).sum()), 500)
    first = told.separations[0]
    assert first.input == 4
    assert first.distance == 1.0
    assert first.at == pytest.approx(0.9, abs=0.01)
    assert (first.failed_above, first.others_above) == (1.0, 0.0)
    assert [one.input for one in told.separations if one.separates] == [4]
    assert sorted(one.input for one in told.separations) == list(range(6))


def test_failures_at_the_lower_end_lie_below():
    first = breaking(U.T, U[:, 1] < 0.2).separations[0]
    assert first.input == 1
    assert first.at == pytest.approx(0.2, abs=0.01)
    assert (first.failed_above, first.others_above) == (0.0, 1.0)


def test_the_figures_are_those_of_scipy():
    failed = (U[:, 0] > 0.6) & (U[:, 3] < 0.5)
    told = breaking(U.T, failed)
    assert {one.input for one in told.separations[:2]} == {0, 3}
    for one in told.separations:
        wanted = ks_2samp(U[failed, one.input], U[~failed, one.input], method="asymp")
        assert (one.distance, one.p) == (wanted.statistic, wanted.pvalue)
        above = [(U[rows, one.input] > one.at).mean() for rows in (failed, ~failed)]
        assert [one.failed_above, one.others_above] == above
        assert abs(above[0] - above[1]) == pytest.approx(one.distance)


def test_few_points_are_asked_exactly():
    failed = np.zeros(40, dtype=bool)
    failed[:4] = True
    for one in breaking(U[:40].T, failed).separations:
        assert one.p == ks_2samp(U[:4, one.input], U[4:40, one.input], method="exact").pvalue


@pytest.mark.parametrize("failed", [(U[:, 0] > 0.6) & (U[:, 3] < 0.5), np.arange(500) % 10 == 5])
def test_p_values_are_raised_by_the_rule_of_holm(failed):
    # the smallest of six times 6, the next times 5, ..., never lower than the one before, at most 1
    told = breaking(U.T, failed)
    p = [one.p for one in told.separations]
    assert p == sorted(p)
    wanted = [max(min(1.0, (6 - i) * p[i]) for i in range(n + 1)) for n in range(6)]
    assert [one.raised for one in told.separations] == wanted
    assert told.separations[-1].raised <= 1.0


def test_chance_is_named_in_one_study_of_twenty_at_most():
    random, named = np.random.default_rng(7), 0
    for _ in range(200):
        failed = np.zeros(120, dtype=bool)
        failed[random.choice(120, size=20, replace=False)] = True
        told = breaking(random.random((8, 120)), failed)
        named += told.code == "separates"
    assert 0 < named <= 18  # 10 of 200 on average at most; 18 is two and a half standard deviations above


def test_where_nothing_separates_it_is_said():
    failed = np.arange(500) % 10 == 1
    told = breaking(U.T, failed)
    assert told.code == "nothing_separates"
    assert len(told.separations) == 6


def test_ones_and_zeros_are_taken_for_what_they_say():
    failed = U[:, 4] > 0.9
    assert breaking(U.T, failed.astype(np.int64)) == breaking(U.T, failed)


@pytest.mark.parametrize(("failed", "code"), [(False, "nothing_failed"), (True, "everything_failed")])
def test_without_two_kinds_there_is_nothing_to_compare(failed, code):
    told = breaking(U.T, np.full(500, failed))
    assert (told.code, told.failed, told.points, told.separations) == (code, 500 * failed, 500, ())


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(6)))
def test_inputs_in_another_order_give_the_same(order):
    failed = (U[:, 0] > 0.6) & (U[:, 3] < 0.5)
    told, turned = breaking(U.T, failed), breaking(U[:, list(order)].T, failed)
    assert {one.input: one.raised for one in told.separations} == {
        order[one.input]: one.raised for one in turned.separations
    }


def test_a_lever_of_few_values_is_asked_too():
    lever = np.random.default_rng(1).integers(0, 3, size=(500, 2)).astype(float)
    first = breaking(lever.T, lever[:, 1] == 2.0).separations[0]
    assert (first.input, first.at, first.failed_above, first.others_above) == (1, 1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("inputs", "failed", "code"),
    [
        (np.where(U[3, 2] == U, np.nan, U), U[:, 0] > 0.5, "sweep_values_not_finite"),
        (U, U[:499, 0] > 0.5, "sweep_values_shape"),
        (U[:0], np.zeros(0, dtype=bool), "sweep_too_few_points"),
    ],
)
def test_bad_input_is_refused(inputs, failed, code):
    with pytest.raises(InputError) as caught:
        breaking(inputs.T, failed)
    assert caught.value.faults[0].code == code
    if code == "sweep_too_few_points":
        assert caught.value.faults[0].arguments == {"found": 0, "least": 1}
