"""Two-stage charges against the whole programme by HiGHS, and a newsvendor by hand."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_matrix, hstack, vstack

from cesim.charge.programme import Programme
from cesim.charge.recourse import Correction, TwoStage
from cesim.errors import InputError, NoAnswer


def two_stage(rng, scenarios=100, scraps=14, elements=10):
    """Scraps that scatter, a primary; correction by primary and four pure elements; 12 t."""
    mean = 10 ** rng.uniform(-3.5, -1.8, elements)
    shares = mean * rng.lognormal(0, 0.5, (scraps, elements))
    shares[0] = 0.02 * mean
    cost = np.append(0.95, rng.uniform(0.5, 0.8, scraps - 1))
    charge = Programme(cost, np.ones((1, scraps)), [12.0], [12.0], np.append(12.0, rng.uniform(1, 3, scraps - 1)))
    melt = shares * rng.lognormal(-0.02, 0.2, (scenarios, scraps, elements))
    upper = mean * rng.uniform(0.6, 1.3, elements)
    lower = np.where(np.arange(elements) < 4, 0.5 * upper, -np.inf)
    # limits are shares of the melt: what a correction adds dilutes the rest
    pure = np.vstack([np.zeros(elements), np.eye(elements)[:4]])
    rows = np.vstack([(pure - upper).T, (pure - np.where(np.isfinite(lower), lower, 0)).T[:4]])
    scenario = np.concatenate([melt - upper, (melt - np.where(np.isfinite(lower), lower, 0))[:, :, :4]], axis=2)
    low = np.append(np.full(elements, -np.inf), np.zeros(4))
    high = np.append(np.zeros(elements), np.full(4, np.inf))
    miss = np.full(elements + 4, 500.0)
    correction = Correction(np.array([1.0, 2.0, 3.0, 2.5, 6.0]), rows, low, high, np.full(5, 6.0), miss)
    return TwoStage(charge, scenario.transpose(0, 2, 1).copy(), correction)


def whole(problem):
    """Charge and every correction in one programme."""
    first, second, sample = problem.charge, problem.second, problem.scenarios
    count = len(sample)
    rows = hstack([csr_matrix(sample.reshape(-1, first.cost.size)), block_diag([second.rows] * count)])
    low, high = np.tile(second.lower, count), np.tile(second.upper, count)
    below, above = np.isfinite(high), np.isfinite(low)
    rows = rows.tocsr()
    answer = linprog(
        np.concatenate([first.cost, *[second.cost / count] * count]),
        A_ub=vstack([rows[below], -rows[above]]),
        b_ub=np.concatenate([high[below], -low[above]]),
        A_eq=hstack([csr_matrix(first.rows), csr_matrix((1, count * second.cost.size))]),
        b_eq=first.upper,
        bounds=np.column_stack([np.zeros(rows.shape[1]), np.concatenate([first.stock, *[second.stock] * count])]),
        method="highs",
    )
    assert answer.status == 0, answer.message
    return answer.fun


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_whole_programme(seed):
    problem = two_stage(np.random.default_rng(seed))
    told = problem.solve(1e-7)
    assert told.cost == pytest.approx(whole(problem), rel=1e-6)
    assert told.bound <= told.cost
    assert told.cost - told.bound <= 1e-7 * told.cost
    assert told.x.sum() == pytest.approx(12.0)


def test_knowing_and_planning_are_worth_something():
    problem = two_stage(np.random.default_rng(5))
    told = problem.solve()
    assert problem.value_of_information(told) >= 0
    assert problem.value_of_planning(told) >= 0
    assert told.charge_cost + told.correction_cost == pytest.approx(told.cost)
    # with the mean as the only scenario nothing is left to know and the mean's charge is the best
    sure = TwoStage(problem.charge, problem.scenarios.mean(axis=0, keepdims=True), problem.correction)
    own = sure.solve()
    assert sure.value_of_information(own) == pytest.approx(0, abs=1e-6)
    assert sure.value_of_planning(own) == pytest.approx(0, abs=1e-6)
    assert own.cost <= told.cost + 1e-6


def test_a_newsvendor_by_hand():
    # need d is 1, 2, .. 10 in turn; charged at 1, corrected at 4: charge the quantile 1 - 1/4 of the need
    need = np.arange(1.0, 11.0)
    charge = Programme([1.0], [[1.0]], [-np.inf], [np.inf], [20.0])
    # the row is x / d + y / d >= 1 in each scenario; in units of the need: x + y >= d by scaling of T alone is not
    # possible, so the need enters as a second, certain column
    charge = Programme([1.0, 0.0], [[0.0, 1.0]], [1.0], [1.0], [20.0, 1.0])
    scenarios = np.stack([np.array([[1.0, -d]]) for d in need])
    correction = Correction([4.0], [[1.0]], [0.0], [np.inf], [20.0], [100.0])
    told = TwoStage(charge, scenarios, correction).solve()
    best = min(x + 4 * np.maximum(need - x, 0).mean() for x in need)
    assert told.cost == pytest.approx(best)
    assert told.x[0] == pytest.approx(8.0)


def test_corrections_come_back_the_same_after_many_charges():
    problem = two_stage(np.random.default_rng(6))
    rng = np.random.default_rng(7)
    x = problem.of_the_mean()
    before, _ = problem.corrections(x)
    for _ in range(50):
        problem.corrections(x * rng.uniform(0.5, 1.5, len(x)))
    after, _ = problem.corrections(x)
    assert after == pytest.approx(before, rel=1e-9, abs=1e-9)


def test_a_charge_that_cannot_be_is_told():
    problem = two_stage(np.random.default_rng(8), 3)
    charge = Programme([1.0] * 14, np.ones((1, 14)), [12.0], [12.0], [0.1] * 14)
    with pytest.raises(NoAnswer):
        TwoStage(charge, problem.scenarios, problem.correction).solve()


def test_wrong_input_is_refused():
    problem = two_stage(np.random.default_rng(9), 3)
    with pytest.raises(InputError, match="scenarios"):
        TwoStage(problem.charge, problem.scenarios[:, :-1], problem.correction)
    wrong = problem.scenarios.copy()
    wrong[1, 2, 3] = np.nan
    with pytest.raises(InputError, match=r"scenarios\[1\]\[2\]\[3\]"):
        TwoStage(problem.charge, wrong, problem.correction)
    with pytest.raises(InputError, match=r"miss_cost\[0\]"):
        Correction([1.0], [[1.0]], [0.0], [1.0], [1.0], [-1.0])
    with pytest.raises(InputError, match="miss_cost"):
        Correction([1.0], [[1.0]], [0.0], [1.0], [1.0], [1.0, 2.0])
