"""Many small programmes at once, against HiGHS, one objective after the other."""

import numpy as np
import pytest
from scipy.optimize import linprog

from cesim.charge.lexicographic import NotSolvedError, _Dictionary, maximise

PROGRAMMES = 2000


def order(variables):
    """The last objective: distinct numbers, so that the answer is unique."""
    return -np.arange(1.0, variables + 1.0)


def random_programmes(kind, count, variables=5, rows=4, seed=0):
    """Objectives, rows, limits and bounds of one size; ``kind`` says how they are degenerate."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(0.3, 1.0, (count, rows, variables)).round(2)
    limits = rng.uniform(0, 3, (count, rows)).round(2)
    upper = rng.uniform(0, 2, (count, variables)).round(2)
    objectives = rng.normal(0.5, 1.0, (count, 3, variables)).round(2)
    objectives[:, 2] = order(variables)
    if kind == "zero limits":
        limits[rng.random(limits.shape) < 0.5] = 0.0
    if kind == "no room at all":
        limits[:] = 0.0
    if kind == "zero bounds":
        upper[rng.random(upper.shape) < 0.5] = 0.0
    if kind == "equal objectives":
        objectives[:, 0] = objectives[:, 0].round(0)
        objectives[:, 1] = objectives[:, 0]
    if kind == "flat first objective":
        objectives[:, 0] = 1.0
    if kind == "no objective but the order":
        objectives[:, :2] = 0.0
    if kind == "repeated columns":
        for array in (matrix, objectives[:, :2]):
            array[..., 1] = array[..., 0]
            array[..., 3] = array[..., 2]
    if kind == "repeated rows":
        matrix[:, 1], limits[:, 1] = matrix[:, 0], limits[:, 0]
        matrix[:, 3], limits[:, 3] = 2.0 * matrix[:, 2], 2.0 * limits[:, 2]
    if kind == "whole numbers":
        matrix, limits, upper, objectives = (a.round(0) for a in (matrix, limits, upper, objectives))
    return objectives, matrix, limits, np.abs(upper)


KINDS = (
    "ordinary", "zero limits", "no room at all", "zero bounds", "equal objectives", "flat first objective",
    "no objective but the order", "repeated columns", "repeated rows", "whole numbers",
)  # fmt: skip


def by_highs(objectives, rows, limits, upper):
    """The levels reached; the optima of one level are a face (complementary slackness) that the next stays on."""
    lower, upper = np.zeros_like(upper), upper.copy()
    tight = np.zeros(limits.size, dtype=bool)
    levels = []
    for objective in objectives:
        free = {} if tight.all() else {"A_ub": rows[~tight], "b_ub": limits[~tight]}
        held = {"A_eq": rows[tight], "b_eq": limits[tight]} if tight.any() else {}
        found = linprog(-objective, bounds=np.stack([lower, upper], axis=1), method="highs", **free, **held)
        assert found.status == 0, found.message
        levels.append(-found.fun)
        at_zero, at_bound = found.lower.marginals > 1e-9, found.upper.marginals < -1e-9
        upper = np.where(at_zero, lower, upper)
        lower = np.where(at_bound, upper, lower)
        if not tight.all():
            tight[np.flatnonzero(~tight)[found.ineqlin.marginals < -1e-9]] = True
    return np.array(levels)


@pytest.mark.parametrize("kind", KINDS)
def test_every_level_reaches_what_highs_reaches(kind):
    sizes = [(4, 1), (4, 3), (5, 4), (8, 6)]
    count = PROGRAMMES // (len(KINDS) * len(sizes))
    for seed, (variables, rows) in enumerate(sizes):
        objectives, matrix, limits, upper = random_programmes(kind, count, variables, max(rows, 4), seed)
        matrix, limits = matrix[:, :rows], limits[:, :rows]
        best = maximise(objectives, matrix, limits, upper)
        reached = (objectives * best.x[:, None]).sum(axis=2)
        for n in range(count):
            expected = by_highs(objectives[n], matrix[n], limits[n], upper[n])
            assert reached[n] == pytest.approx(expected, abs=1e-7), (kind, variables, n)


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_keeps_every_limit(kind):
    objectives, matrix, limits, upper = random_programmes(kind, 500, seed=7)
    best = maximise(objectives, matrix, limits, upper)
    assert (best.x >= 0).all()
    assert (best.x <= upper).all()
    used = (matrix * best.x[:, None]).sum(axis=2)
    assert (used <= limits + 1e-12 * (1 + np.abs(matrix).sum(axis=2) * upper.max())).all()
    assert best.slack == pytest.approx(limits - used, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_company_of_a_programme_changes_no_bit(kind):
    arrays = random_programmes(kind, 200, seed=3)
    whole = maximise(*arrays)
    shuffled = np.random.default_rng(0).permutation(200)
    other = maximise(*(part[shuffled] for part in arrays))
    for name in ("x", "slack", "row_price", "bound_price", "pivots"):
        np.testing.assert_array_equal(getattr(whole, name)[shuffled], getattr(other, name))
    for n in range(0, 200, 20):
        alone = maximise(*(part[n : n + 1] for part in arrays))
        np.testing.assert_array_equal(alone.x[0], whole.x[n])
        np.testing.assert_array_equal(alone.row_price[0], whole.row_price[n])


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_tonnes_or_milligrams_are_the_same_answer(scale):
    objectives, matrix, limits, upper = random_programmes("ordinary", 300, seed=11)
    plain = maximise(objectives, matrix, limits, upper)
    scaled = maximise(objectives, matrix, limits * scale, upper * scale)
    assert scaled.x / scale == pytest.approx(plain.x, abs=1e-9)


def test_units_of_rows_and_objectives_do_not_matter():
    objectives, matrix, limits, upper = random_programmes("ordinary", 300, seed=12)
    plain = maximise(objectives, matrix, limits, upper)
    rows = np.array([1e-5, 1.0, 1e3, 1e7])
    levels = np.array([1e6, 1e-4, 1.0])[:, None]
    other = maximise(objectives * levels, matrix * rows[:, None], limits * rows, upper)
    assert other.x == pytest.approx(plain.x, abs=1e-9)
    assert other.row_price[:, 0] * rows / 1e6 == pytest.approx(plain.row_price[:, 0], abs=1e-7)


def test_the_first_price_is_what_one_more_unit_is_worth():
    objectives, matrix, limits, upper = random_programmes("ordinary", 300, seed=13)
    plain = maximise(objectives, matrix, limits, upper)
    step = 1e-6
    for row in range(matrix.shape[1]):
        wider = limits.copy()
        wider[:, row] += step
        more = maximise(objectives, matrix, wider, upper)
        worth = (objectives[:, 0] * (more.x - plain.x)).sum(axis=1) / step
        agrees = np.abs(worth - plain.row_price[:, 0, row]) < 1e-5
        assert agrees.mean() > 0.97  # the few others stand on a kink, where there are two prices
    assert (plain.row_price[:, 0] >= 0).all()


@pytest.mark.parametrize("kind", ["ordinary", "zero bounds"])
def test_the_price_of_a_bound_is_what_more_of_the_variable_is_worth(kind):
    objectives, matrix, limits, upper = random_programmes(kind, 300, seed=14)
    plain = maximise(objectives, matrix, limits, upper)
    step = 1e-6
    for variable in range(upper.shape[1]):
        wider = upper.copy()
        wider[:, variable] += step
        more = maximise(objectives, matrix, limits, wider)
        worth = (objectives[:, 0] * (more.x - plain.x)).sum(axis=1) / step
        assert (np.abs(worth - plain.bound_price[:, 0, variable]) < 1e-5).mean() > 0.97
    assert (plain.bound_price[:, 0] >= 0).all()
    not_reached = plain.x < upper - 1e-9
    np.testing.assert_array_equal(plain.bound_price.transpose(0, 2, 1)[not_reached], 0.0)


def test_nothing_to_choose_from_is_an_answer():
    best = maximise(np.ones((2, 1, 3)), np.ones((2, 1, 3)), np.zeros((2, 1)), np.ones((2, 3)))
    np.testing.assert_array_equal(best.x, 0.0)
    none = maximise(np.ones((0, 1, 3)), np.ones((0, 1, 3)), np.zeros((0, 1)), np.ones((0, 3)))
    assert none.x.shape == (0, 3)


def test_a_famous_programme_that_cycles_without_a_rule_ends():
    # Beale 1955: largest-coefficient pivoting never leaves the first corner
    rows = np.array([[0.25, -60.0, -1 / 25, 9.0], [0.5, -90.0, -1 / 50, 3.0], [0.0, 0.0, 1.0, 0.0]])
    objective = np.array([0.75, -150.0, 1 / 50, -6.0])
    best = maximise(
        np.stack([objective, order(4)])[None], rows[None], np.array([[0.0, 0.0, 1.0]]), np.full((1, 4), 100.0)
    )
    assert objective @ best.x[0] == pytest.approx(1 / 20)


@pytest.mark.parametrize("which", ["limits", "upper"])
def test_an_empty_charge_that_is_not_allowed_is_refused(which):
    objectives, matrix, limits, upper = random_programmes("ordinary", 3)
    (limits if which == "limits" else upper)[1, 0] = -1e-12
    with pytest.raises(ValueError, match="must not be negative"):
        maximise(objectives, matrix, limits, upper)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["objectives", "rows", "limits", "upper"])
def test_what_is_not_finite_is_refused_by_name(name, bad):
    arrays = dict(zip(("objectives", "rows", "limits", "upper"), random_programmes("ordinary", 3), strict=True))
    arrays[name].flat[5] = bad
    with pytest.raises(ValueError, match=f"{name} must be finite"):
        maximise(**arrays)


def test_too_few_pivots_are_told():
    with pytest.raises(NotSolvedError, match="no optimum after 1 pivots in programme"):
        maximise(*random_programmes("ordinary", 20), most_pivots=1)


@pytest.mark.parametrize("whole_numbers", [False, True], ids=["general", "degenerate"])
def test_compiled_pivots_give_the_bits_of_the_plain_ones(whole_numbers):
    rng = np.random.default_rng(3)
    for _ in range(40):
        batch, rows_, columns = 30, int(rng.integers(2, 14)), int(rng.integers(2, 30))
        objectives = rng.normal(size=(batch, 3, columns))
        objectives[:, 0] *= rng.random((batch, columns)) < 0.4
        rows = rng.normal(size=(batch, rows_, columns)) * (rng.random((batch, rows_, columns)) < 0.7)
        limits = rng.random((batch, rows_)) * (rng.random((batch, rows_)) < 0.8)
        upper = rng.random((batch, columns)) * (rng.random((batch, columns)) < 0.85)
        if whole_numbers:
            rows, limits = np.round(rows), np.round(limits)
        plain, compiled = (_Dictionary(objectives, rows, limits, upper) for _ in range(2))
        assert plain.solve(400) == compiled.solve_compiled(400) == -1
        for mine, theirs in zip(vars(plain.answer()).values(), vars(compiled.answer()).values(), strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_both_name_the_programme_that_is_not_solved():
    one = (np.ones((3, 1, 4)), np.ones((3, 1, 4)), np.ones((3, 1)), np.full((3, 4), 0.4))
    assert _Dictionary(*one).solve(1) == _Dictionary(*one).solve_compiled(1) == 0
