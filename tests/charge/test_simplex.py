"""Least-cost charges against HiGHS, solved cold; every answer proved from the raw inputs."""

import numpy as np
import pytest

from cesim.charge.programme import Programme, verify
from cesim.charge.simplex import Solutions, Tableau, TableauFullError, solve, solve_many
from cesim.errors import InputError


def compare(programmes, oracle):
    """Status and cost of every programme as HiGHS has them; each answer passes the gate. Share without answer."""
    without = 0
    for at, given in enumerate(programmes):
        programme = Programme(*given)
        told, cost = solve(programme), oracle.highs(*given)
        assert verify(programme, told).holds, (at, verify(programme, told))
        without += told.status == "infeasible"
        if (told.status == "optimal") != (cost is not None):
            assert 0 <= oracle.elastic(*given) < 1e-7, at
        elif cost is not None:
            assert told.objective == pytest.approx(cost, rel=1e-9, abs=1e-9), at
    return without / len(programmes)


def changed(kind, given, rng):
    """A charge made awkward."""
    cost, rows, lower, upper, stock = (array.copy() for array in given)
    rows_count, materials = rows.shape
    if kind == "no stock":
        stock[rng.random(materials) < 0.4] = 0.0
    if kind == "the same lot twice":
        rows[:, 10:], cost[10:] = rows[:, :10], cost[:10]
    if kind == "round numbers":
        rows[:-1], cost, stock = rows[:-1].round(3), cost.round(-2), stock.round(0)
        upper = upper.round(1)
        lower = np.minimum(lower.round(1), upper)
    if kind == "equalities":
        mix = np.minimum(10 * rng.dirichlet(np.ones(materials)), stock)
        exact = rng.random(rows_count) < 0.4
        lower[exact] = upper[exact] = (rows @ mix)[exact]
        lower[-1] = upper[-1] = mix.sum()
    if kind == "repeated rows":
        rows[1], lower[1], upper[1] = rows[0], lower[0], upper[0]
        rows[3], lower[3], upper[3] = 2 * rows[2], 2 * lower[2], 2 * upper[2]
    if kind == "no cost":
        cost[:] = 0.0
    if kind == "one price":
        cost[:] = 1.0
    if kind == "paid to take":
        cost -= 200.0
    return cost, rows, lower, upper, stock


KINDS = (
    "no stock", "the same lot twice", "round numbers", "equalities", "repeated rows", "no cost", "one price",
    "paid to take",
)  # fmt: skip


def test_random_charges(draw, oracle):
    rng = np.random.default_rng(1)
    assert 0.05 < compare([draw.charge(rng) for _ in range(500)], oracle) < 0.2


def test_random_yards(draw, oracle):
    rng = np.random.default_rng(2)
    compare([draw.yard(rng) for _ in range(200)], oracle)


@pytest.mark.parametrize("kind", KINDS)
def test_awkward_charges(kind, draw, oracle):
    rng = np.random.default_rng(3)
    compare([changed(kind, draw.charge(rng), rng) for _ in range(60)], oracle)


@pytest.mark.slow
def test_ten_thousand_charges(draw, oracle):
    rng = np.random.default_rng(4)
    assert 0.05 < compare([draw.charge(rng) for _ in range(10_000)], oracle) < 0.2


@pytest.mark.slow
def test_two_thousand_yards(draw, oracle):
    rng = np.random.default_rng(5)
    compare([draw.yard(rng) for _ in range(2_000)], oracle)


def test_units_change_nothing(draw):
    # HiGHS drops small entries, so the oracle is the same charge in better units
    rng = np.random.default_rng(6)
    for _ in range(200):
        cost, rows, lower, upper, stock = draw.charge(rng)
        row_unit, unit = 10 ** rng.uniform(-6, 6, len(rows)), 10 ** rng.uniform(-4, 4, len(cost))
        money = 10 ** rng.uniform(-6, 6)
        own = solve(Programme(cost, rows, lower, upper, stock))
        other = Programme(
            cost * unit * money, rows * row_unit[:, None] * unit, lower * row_unit, upper * row_unit, stock / unit
        )
        told = solve(other)
        assert told.status == own.status
        assert verify(other, told).holds
        if own.status == "optimal":
            assert told.objective == pytest.approx(own.objective * money, rel=1e-9)
            assert told.row_price == pytest.approx(own.row_price * money / row_unit, rel=1e-6, abs=1e-300)


def test_order_changes_nothing(draw):
    rng = np.random.default_rng(7)
    for _ in range(100):
        cost, rows, lower, upper, stock = draw.charge(rng)
        own = solve(Programme(cost, rows, lower, upper, stock))
        c, r = rng.permutation(len(cost)), rng.permutation(len(rows))
        told = solve(Programme(cost[c], rows[r][:, c], lower[r], upper[r], stock[c]))
        assert told.status == own.status
        if own.status == "optimal":
            assert told.objective == pytest.approx(own.objective, rel=1e-12)
            assert told.x == pytest.approx(own.x[c], abs=1e-9)


def test_a_batch_is_its_programmes_one_by_one(draw):
    rng = np.random.default_rng(8)
    given = [draw.charge(rng) for _ in range(200)]
    told = solve_many(*(np.array(arrays) for arrays in zip(*given, strict=True)))
    assert isinstance(told, Solutions)
    for b, one in enumerate(given):
        own, of_batch = solve(Programme(*one)), told[b]
        assert of_batch.status == own.status
        for name in ("x", "row_price", "column_price", "ray", "objective"):
            assert np.array_equal(getattr(of_batch, name), getattr(own, name), equal_nan=True)


def test_a_batch_shares_what_has_no_batch_axis(draw):
    cost, rows, lower, upper, stock = draw.charge(np.random.default_rng(9))
    stocks = stock * np.linspace(0.5, 2.0, 7)[:, None]
    told = solve_many(cost, rows, lower, upper, stocks)
    for b, own in enumerate(stocks):
        assert told[b].status == solve(Programme(cost, rows, lower, upper, own)).status
    assert len(told) == 7


def test_prices_are_what_moving_a_limit_costs(draw):
    rng = np.random.default_rng(10)
    seen = 0
    for _ in range(50):
        cost, rows, lower, upper, stock = draw.charge(rng)
        told = solve(Programme(cost, rows, lower, upper, stock))
        for r in np.flatnonzero(np.nan_to_num(told.row_price)):
            step = 1e-7 * abs(upper[r] if told.row_price[r] < 0 else lower[r])
            moved = [lower.copy(), upper.copy()]
            for limits in moved:
                limits[r] += step
            after = solve(Programme(cost, rows, *moved, stock))
            if after.status == "optimal":
                assert (after.objective - told.objective) / step == pytest.approx(told.row_price[r], rel=1e-4)
                seen += 1
    assert seen > 100


def test_a_live_tableau_is_the_cold_answer(draw):
    rng = np.random.default_rng(11)
    cost, rows, lower, upper, stock = draw.charge(rng)
    live = Tableau(Programme(cost, rows, lower, upper, stock))
    answers = set()
    for _ in range(1_000):
        own = stock * rng.uniform(0.0, 1.5, len(stock)) * (rng.random(len(stock)) < 0.9)
        wider = np.append(upper[:-1] * rng.uniform(0.9, 1.2), upper[-1])
        live.restock(stock=own, upper=np.maximum(wider, lower))
        told, cold = live.solve(), solve(live.programme)
        assert told.status == cold.status
        assert verify(live.programme, told).holds
        answers.add(told.status)
        if told.status == "optimal":
            assert told.objective == pytest.approx(cold.objective, rel=1e-10)
    assert answers == {"optimal", "infeasible"}


def test_a_limit_that_comes_and_goes(draw):
    cost, rows, lower, upper, stock = draw.charge(np.random.default_rng(12))
    live = Tableau(Programme(cost, rows, lower, upper, stock))
    for none in (np.inf, 0.0, np.inf, 0.0):
        live.restock(upper=upper + none, lower=np.append(lower[:-1] - none, lower[-1]))
        told, cold = live.solve(), solve(live.programme)
        assert told.status == cold.status
        assert told.objective == pytest.approx(cold.objective, rel=1e-12, nan_ok=True)


def test_cuts_until_the_store_is_full(draw):
    rng = np.random.default_rng(13)
    programme = Programme(*draw.charge(rng))
    live = Tableau(programme, room=programme.rows.shape[0] + 15)
    best = live.solve()
    for _ in range(15):
        row = rng.uniform(0, 1, len(programme.cost))
        live.add_row(row, upper=0.95 * float(row @ best.x))
        told, cold = live.solve(), solve(live.programme)
        assert told.status == cold.status
        if told.status == "infeasible":
            break
        assert told.objective == pytest.approx(cold.objective, rel=1e-11)
        best = told
    while live.count < live.room:
        live.add_row(row)
    before = live.programme
    with pytest.raises(TableauFullError):
        live.add_row(row, upper=0.0)
    assert np.array_equal(live.programme.rows, before.rows)


def test_wrong_changes_leave_the_tableau_as_it_was(draw):
    programme = Programme(*draw.charge(np.random.default_rng(14)))
    live = Tableau(programme)
    before = live.solve()
    bad = programme.stock.copy()
    bad[3] = np.nan
    for change in ({"stock": bad}, {"stock": -programme.stock}, {"upper": programme.upper - 1e9}, {"stock": [1.0]}):
        with pytest.raises(InputError):
            live.restock(**change)
    with pytest.raises(InputError):
        live.add_row(bad, upper=1.0)
    with pytest.raises(InputError):
        live.add_row(programme.stock, 2.0, 1.0)
    assert live.solve().objective == pytest.approx(before.objective, rel=1e-12)


def test_a_wrong_programme_of_a_batch_is_named(draw):
    cost, rows, lower, upper, stock = draw.charge(np.random.default_rng(15))
    stocks = np.tile(stock, (3, 1))
    stocks[1, 4] = np.nan
    with pytest.raises(InputError, match=r"stock\[4\]"):
        solve_many(cost, rows, lower, upper, stocks)
    with pytest.raises(InputError, match="upper"):
        solve_many(cost, rows, lower, upper[:-1], stock)
    with pytest.raises(InputError, match="rows"):
        solve_many(cost, rows[0], lower, upper, stock)


def test_a_programme_without_rows_takes_what_pays():
    told = solve(Programme([1.0, -2.0], np.empty((0, 2)), [], [], [3.0, 4.0]))
    assert (told.objective, told.x.tolist()) == (-8.0, [0.0, 4.0])
