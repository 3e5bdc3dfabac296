"""The gate: it lets no wrong answer pass."""

from dataclasses import replace

import numpy as np
import pytest

from cesim.charge.programme import Programme, verify
from cesim.charge.simplex import solve
from cesim.errors import InputError


@pytest.fixture
def solved(draw):
    programme = Programme(*draw.charge(np.random.default_rng(0)))
    return programme, solve(programme)


def test_the_right_answer_passes(solved):
    told = verify(*solved)
    assert told.holds
    assert max(told.primal, told.dual, abs(told.gap)) < 1e-12


def test_a_charge_off_by_a_millionth_does_not(solved):
    programme, told = solved
    assert not verify(programme, replace(told, x=told.x * (1 + 1e-6))).holds


def test_an_allowed_charge_that_is_not_the_cheapest_does_not(solved):
    programme, told = solved
    dear = solve(replace(programme, cost=-programme.cost))
    assert not verify(programme, replace(told, x=dear.x, objective=float(programme.cost @ dear.x))).holds


def test_wrong_prices_do_not(solved):
    programme, told = solved
    assert not verify(programme, replace(told, row_price=told.row_price * 1.001)).holds


def test_a_wrong_cost_does_not(solved):
    programme, told = solved
    assert not verify(programme, replace(told, objective=told.objective * 1.0001)).holds


def test_more_than_the_stock_does_not(solved):
    programme, told = solved
    assert not verify(replace(programme, stock=told.x * 0.99), told).holds


def test_an_invented_certificate_does_not(solved):
    programme, told = solved
    for ray in (told.row_price, -told.row_price, np.zeros_like(told.ray)):
        assert not verify(programme, replace(told, status="infeasible", ray=ray)).holds


def test_nan_does_not(solved):
    programme, told = solved
    assert not verify(programme, replace(told, x=np.full_like(told.x, np.nan))).holds
    assert not verify(programme, replace(told, row_price=np.full_like(told.row_price, np.nan))).holds


def test_a_programme_names_what_is_wrong(solved):
    programme, _ = solved
    cost, rows = programme.cost.copy(), programme.rows.copy()
    cost[2], rows[1, 3] = np.inf, np.nan
    with pytest.raises(InputError) as refused:
        replace(programme, cost=cost, rows=rows, stock=-np.ones(20))
    places = [fault.arguments["where"] for fault in refused.value.faults]
    assert places[:2] == ["cost[2]", "rows[1][3]"]
    assert len(places) == 22


def test_a_programme_is_whole():
    with pytest.raises(InputError, match="rows"):
        Programme([], np.empty((1, 0)), [0.0], [1.0], [])
    with pytest.raises(InputError, match="upper"):
        Programme([1.0], [[1.0]], [-np.inf], [-np.inf], [1.0])
    with pytest.raises(InputError, match="lower"):
        Programme([1.0], [[1.0]], [np.inf], [np.inf], [1.0])
