"""First-order shares of functions whose shares are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.run.spread import FEWEST_DRAWS, noise_floor, shares

DRAWS = 20_000


def uniform(*names, draws=DRAWS, seed=0):
    random = np.random.default_rng(seed)
    return {name: random.uniform(size=draws) for name in names}


def of(inputs, result):
    return shares(inputs, {"y": result})["y"]


@settings(max_examples=20, deadline=None)
@given(slopes=st.lists(st.floats(0.2, 5.0), min_size=2, max_size=5), seed=st.integers(0, 99))
def test_an_additive_linear_model_has_the_shares_of_its_squared_slopes(slopes, seed):
    inputs = uniform(*range(len(slopes)), seed=seed)
    told = of(inputs, sum(slope * inputs[n] for n, slope in enumerate(slopes)))
    squares = np.square(slopes)
    np.testing.assert_allclose([told[n] for n in inputs], squares / squares.sum(), atol=0.03)


def test_the_function_of_ishigami_has_the_shares_that_three_polynomials_can_tell():
    # Ishigami and Homma 1990, a = 7, b = 0.1: first-order indices 0.3139, 0.4424 and 0. The second is a cosine of two
    # whole periods, of which three Legendre polynomials hold the quadratic part only: over (-1, 1) the mean of
    # cos(2 pi t) P2(t) is 3 / (4 pi^2), so P2 explains 5 (3 / (4 pi^2))^2 / (1/2) = 0.058 of it.
    inputs = uniform("a", "b", "c")
    x, y, z = (np.pi * (2 * u - 1) for u in inputs.values())
    told = of(inputs, np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))
    assert told["a"] == pytest.approx(0.3139, abs=0.02)
    assert told["b"] == pytest.approx(0.4424 * 5 * (3 / (4 * np.pi**2)) ** 2 / 0.5, abs=0.01)
    assert told["c"] < noise_floor(DRAWS, 3)


def test_an_input_without_influence_stays_below_the_noise_floor_in_nineteen_studies_out_of_twenty():
    names, draws, above = range(20), 1000, 0
    for study in range(200):
        inputs = uniform("x", *names, draws=draws, seed=study)
        told = of(inputs, np.random.default_rng(study + 1000).normal(size=draws))
        above += max(told.values()) > noise_floor(draws, len(inputs))
    assert 0 < above <= 200 * 0.05 + 3 * np.sqrt(200 * 0.05 * 0.95)


def test_an_input_that_matters_stands_above_the_floor_beside_many_that_do_not():
    inputs = uniform("x", *range(200), draws=1000)
    told = of(inputs, inputs["x"] + np.random.default_rng(1).normal(0, 0.5, 1000))
    floor = noise_floor(1000, len(inputs))
    assert told["x"] > 0.15 > floor
    assert max(told, key=told.get) == "x"


def test_the_order_of_inputs_and_of_draws_changes_nothing():
    inputs = uniform("x", "y", "z", draws=500)
    result = inputs["x"] + inputs["y"] ** 2
    told = of(inputs, result)
    assert of(dict(reversed(inputs.items())), result) == told
    order = np.random.default_rng(3).permutation(500)
    shuffled = of({name: u[order] for name, u in inputs.items()}, result[order])
    assert shuffled == pytest.approx(told, rel=1e-9)


def test_results_told_together_are_those_told_alone():
    inputs = uniform("x", "y", draws=300)
    results = {"a": inputs["x"] * inputs["y"], "b": inputs["y"] ** 3}
    assert shares(inputs, results) == {name: of(inputs, y) for name, y in results.items()}


def test_the_unit_of_a_result_changes_nothing():
    inputs = uniform("x", "y", draws=300)
    result = np.exp(inputs["x"]) - inputs["y"]
    assert of(inputs, 1e6 * result - 3e5) == pytest.approx(of(inputs, result), rel=1e-6)


def test_a_constant_input_has_no_share():
    inputs = {**uniform("x", draws=300), "still": np.full(300, 0.5)}
    told = of(inputs, inputs["x"])
    assert told["still"] == 0.0
    assert told["x"] == pytest.approx(1.0)


def test_a_constant_result_and_too_few_draws_are_left_out():
    inputs = uniform("x", draws=FEWEST_DRAWS)
    assert shares(inputs, {"still": np.full(FEWEST_DRAWS, 7.0)}) == {}
    few = {"x": inputs["x"][1:]}
    assert shares(few, {"y": few["x"]}) == {}
    assert noise_floor(FEWEST_DRAWS - 1, 1) == 1.0
    assert noise_floor(FEWEST_DRAWS, 0) == 1.0
