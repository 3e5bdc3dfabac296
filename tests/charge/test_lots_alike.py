"""Yards of lots that little or nothing tells apart: every charge is solved and proved from the raw inputs."""

import numpy as np
import pytest

from cesim.charge import simplex
from cesim.charge.clarabel_stage import by_clarabel
from cesim.charge.cone import ConeProgramme, solve_cone, verify_cone
from cesim.charge.highs_stage import by_highs
from cesim.charge.nudge import NUDGES, nudged
from cesim.charge.programme import GAP, RESIDUAL, Programme, row_miss, verify
from cesim.charge.simplex import solve

LOTS, ELEMENTS = 16, 6


def means(rng):
    """One to three kinds of lot, apart from one another not at all, by rounding or by a thousandth; and additions."""
    kind = 10 ** rng.uniform(-3.5, -2, ELEMENTS)
    apart = rng.choice([0.0, 1e-12, 1e-9, 1e-6, 1e-3])
    kinds = kind * rng.uniform(0.6, 1.4, (rng.integers(1, 4), ELEMENTS))
    lots = kinds[rng.integers(0, len(kinds), LOTS)] * (1 + apart * rng.normal(size=(LOTS, ELEMENTS)))
    added = np.zeros((3, ELEMENTS))
    added[0], added[1, 0], added[2, 1] = 0.05 * kind, 1.0, 1.0
    return np.vstack([lots, added]).T, kind, apart


def scatter(rng, shares):
    """Covariance factors: of each lot on its own, of all together (rank one), of both, of some, of one element."""
    lines = rng.choice([0.0, 1e-9, 1e-4, 0.1, 0.3]) * np.where(np.arange(LOTS + 3) < LOTS, shares, 0.0)
    own = lines[:, None, :] * np.eye(LOTS + 3)
    shape = rng.choice(["own", "rank one", "both", "some lots", "one element"])
    if shape == "rank one":
        return lines[:, None, :]
    if shape == "both":
        return np.concatenate([own, 0.5 * lines[:, None, :]], axis=1)
    if shape == "some lots":
        return own * (rng.random(LOTS + 3) < 0.5)
    return own * (np.arange(ELEMENTS) == 0)[:, None, None] if shape == "one element" else own


def alike(rng):
    """The cheapest charge, or the one with most scrap, of such a yard; the last row is the melt."""
    shares, kind, apart = means(rng)
    is_scrap = np.arange(LOTS + 3) < LOTS
    mass = np.where(is_scrap, 0.96, [1.0] * LOTS + [0.99, 1.0, 1.0]) if rng.random() < 0.5 else np.ones(LOTS + 3)
    price = np.append(200.0 * (1 + rng.choice([0.0, apart]) * rng.normal(size=LOTS)), [300.0, 500.0, 600.0])
    most_scrap = np.where(is_scrap, -mass, 0.0) + rng.choice([0.0, 1e-5]) * price / 600.0
    upper = kind * rng.uniform(0.7, 1.5, ELEMENTS)
    lower = np.where(rng.random(ELEMENTS) < 0.3, upper * rng.uniform(0.3, 0.9, ELEMENTS), -np.inf)
    stock = np.where(is_scrap, rng.choice([0.05, 0.1, 0.5, 2.0]), 2.0)
    if rng.random() < 0.2:
        stock[:LOTS] *= rng.uniform(0, 1, LOTS).round(1)
    base = Programme(
        price if rng.random() < 0.4 else most_scrap,
        np.vstack([shares, mass]),
        np.append(lower, 1.0),
        np.append(upper, 1.0),
        np.minimum(stock, 1.0 / mass),
    )
    z = np.full(ELEMENTS, rng.choice([0.0, 1.645, 3.09]))
    return ConeProgramme(base, np.arange(ELEMENTS), scatter(rng, shares), z)


def proved(seed, count):
    """Solve so many; NotSolvedError or an answer that the raw inputs do not prove fails the test. What was told."""
    rng = np.random.default_rng(seed)
    statuses = set()
    for at in range(count):
        programme = alike(rng)
        told, plain = solve_cone(programme), solve(programme.base)
        assert verify_cone(programme, told).holds, (at, told.stage, verify_cone(programme, told))
        assert verify(programme.base, plain).holds, at
        statuses.add((told.status, plain.status))
    return statuses


def test_two_thousand_yards_without_a_way_to_choose():
    assert proved(0, 2_000) == {("optimal", "optimal"), ("infeasible", "optimal"), ("infeasible", "infeasible")}


@pytest.mark.slow
def test_twenty_thousand_yards_without_a_way_to_choose():
    proved(1, 20_000)


def test_as_clarabel_and_highs_have_it_where_they_can_prove_it(oracle):
    rng = np.random.default_rng(2)
    seen = 0
    for at in range(200):
        programme = alike(rng)
        told, other = solve_cone(programme), by_clarabel(programme)
        if other is not None and verify_cone(programme, other).holds:
            seen += 1
            assert told.status == other.status, at
            assert told.objective == pytest.approx(other.objective, rel=1e-6, nan_ok=True), at
        base = programme.base
        plain, cost = solve(base), oracle.highs(base.cost, base.rows, base.lower, base.upper, base.stock)
        assert (plain.status == "optimal") == (cost is not None), at
        if cost is not None:
            assert plain.objective == pytest.approx(cost, rel=1e-8), at
    assert seen > 100


def test_a_nudge_is_small_and_inwards(draw):
    rng = np.random.default_rng(3)
    for _ in range(50):
        programme = Programme(*draw.charge(rng))
        for turn in range(NUDGES):
            moved, far = nudged(programme, turn), 0.1 * 2.0**turn
            assert np.all(np.abs(moved.cost - programme.cost) <= 1.01 * far * GAP * np.abs(programme.cost))
            assert len(set((moved.cost / programme.cost).tolist())) == programme.cost.size
            told = solve(moved)
            if told.status == "optimal":
                assert row_miss(programme, told.x) <= 0.1 * RESIDUAL


def test_highs_answers_or_proves_and_is_the_last_stage(draw, monkeypatch):
    rng = np.random.default_rng(4)
    told = [(p, solve(p)) for p in (Programme(*draw.charge(rng)) for _ in range(100))]
    for programme, own in told:
        other = by_highs(programme)
        assert verify(programme, other).holds
        assert other.status == own.status
        assert other.objective == pytest.approx(own.objective, rel=1e-9, nan_ok=True)
    assert {own.status for _, own in told} == {"optimal", "infeasible"}
    kernel = simplex._kernel()
    monkeypatch.setattr(kernel, "solve_one", lambda *_: (kernel.UNSOLVED, 0))
    programme, own = told[0]
    assert solve(programme).objective == pytest.approx(own.objective, rel=1e-9, nan_ok=True)
    monkeypatch.setattr("cesim.charge.highs_stage._asked", lambda _: None)
    with pytest.raises(simplex.NotSolvedError):
        solve(programme)
