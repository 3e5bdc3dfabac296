"""Random charges and yards, the oracle HiGHS, and the published cases."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import linprog

from cesim.charge.cone import ConeProgramme
from cesim.charge.programme import Programme

MATERIALS, ELEMENTS = 20, 10


def random_charge(rng):
    """A primary, three master alloys and sixteen scraps to an alloy of ten elements; one in ten has no answer."""
    mean = 10 ** rng.uniform(-4, -1.5, ELEMENTS)
    shares = (mean * rng.lognormal(0, 0.8, (MATERIALS, ELEMENTS))).clip(0, 0.9)
    shares[0] *= 0.02
    shares[1:4] = 0.0
    shares[np.arange(1, 4), rng.integers(0, ELEMENTS, 3)] = rng.uniform(0.2, 1.0, 3)
    cost = rng.uniform(100, 300, MATERIALS)
    cost[0], cost[1:4] = 350.0, rng.uniform(300, 900, 3)
    stock = rng.uniform(1, 5, MATERIALS)
    stock[0], stock[1:4] = rng.uniform(0.0, 6.0), 2.0
    target = shares.T @ rng.dirichlet(np.full(MATERIALS, 0.3))
    upper = np.where(rng.random(ELEMENTS) < 0.8, target * rng.uniform(0.55, 1.4, ELEMENTS), np.inf)
    lower = np.where(rng.random(ELEMENTS) < 0.35, target * rng.uniform(0.3, 0.95, ELEMENTS), -np.inf)
    lower = np.minimum(lower, 0.9 * upper)
    rows = np.vstack([shares.T, np.ones(MATERIALS)])
    return cost, rows, np.append(10 * lower, 10.0), np.append(10 * upper, 10.0), stock


def random_yard(rng):
    """Lots of nearly the same composition and price, a primary and a master alloy: many corners nearly as good."""
    cost, rows, lower, upper, stock = random_charge(rng)
    lots = slice(2, MATERIALS)
    kind = 10 ** rng.uniform(-3.5, -2, ELEMENTS)
    rows[:-1, lots] = kind[:, None] * rng.normal(1, 0.02, (ELEMENTS, MATERIALS - 2)).clip(0.9, 1.1)
    rows[:-1, 0], rows[:-1, 1] = 0.02 * kind, 0.0
    rows[0, 1] = 0.2
    cost[lots] = 200 * rng.normal(1, 0.005, MATERIALS - 2).clip(0.9, 1.1)
    stock[lots], stock[0] = rng.uniform(0.5, 1.5, MATERIALS - 2), rng.uniform(0.0, 10.0)
    upper[:-1] = 10 * kind * rng.uniform(0.7, 1.3, ELEMENTS)
    lower[:-1] = -np.inf
    return cost, rows, lower, upper, stock


def with_margins(rng, given, yard=False):
    """Rows with a margin of so many standard deviations: each lot scatters on its own, in a yard all alike."""
    cost, rows, lower, upper, stock = (array.copy() for array in given)
    lower[:-1], upper[:-1], stock[0] = 0.5 * lower[:-1], 1.15 * upper[:-1], max(stock[0], 4.0)
    spread = rng.uniform(0.15, 0.3) * rng.uniform(0.95, 1.05, (ELEMENTS, MATERIALS))
    if not yard:
        spread = rng.uniform(0.05, 0.3, (ELEMENTS, MATERIALS))
    factor = np.zeros((ELEMENTS, MATERIALS, MATERIALS))
    factor[:, np.arange(MATERIALS), np.arange(MATERIALS)] = rows[:-1] * spread
    z = np.full(ELEMENTS, rng.choice([1.645, 2.326, 3.09]))
    base = Programme(cost, rows, lower, upper, stock)
    return ConeProgramme(base, np.arange(ELEMENTS), factor, z)


def highs(cost, rows, lower, upper, stock):
    """The least cost by HiGHS, solved cold; None where it finds no charge."""
    same = lower == upper
    below, above = np.isfinite(upper) & ~same, np.isfinite(lower) & ~same
    answer = linprog(
        cost,
        A_ub=np.vstack([rows[below], -rows[above]]),
        b_ub=np.concatenate([upper[below], -lower[above]]),
        A_eq=rows[same],
        b_eq=upper[same],
        bounds=np.column_stack([np.zeros_like(stock), stock]),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    assert answer.status in (0, 2), answer.message
    return answer.fun if answer.status == 0 else None


def elastic(cost, rows, lower, upper, stock):
    """The least share of each row's size by which all limits must give way."""
    size = (np.abs(rows) * stock).max(axis=1)
    size = np.where(size > 0, size, 1.0)[:, None]
    wide = np.block([[rows, -size], [rows, size]])
    zero = np.zeros(len(cost))
    none = np.full(len(lower), np.inf)
    return highs(np.append(zero, 1.0), wide, np.append(-none, lower), np.append(upper, none), np.append(stock, 1e6))


@pytest.fixture(scope="session")
def draw():
    def risky_charge(rng):
        return with_margins(rng, random_charge(rng))

    def risky_yard(rng):
        return with_margins(rng, random_yard(rng), yard=True)

    return SimpleNamespace(charge=random_charge, yard=random_yard, risky_charge=risky_charge, risky_yard=risky_yard)


@pytest.fixture(scope="session")
def oracle():
    return SimpleNamespace(highs=highs, elastic=elastic)


@pytest.fixture(scope="session")
def cases():
    text = (Path(__file__).parents[1] / "cases" / "charge.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}
