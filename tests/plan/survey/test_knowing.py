"""The value of perfect information, against closed forms, and never more than that of knowing everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from cesim.plan.survey import knowing
from cesim.plan.survey.knowing import FEWEST_DRAWS, Alternative, value_of_knowing
from cesim.quantities import uniforms

DRAWS = 4000


def u(name, draws=DRAWS):
    return uniforms(5, name, 0, draws)


def test_a_number_that_decides_alone_saves_an_eighth_of_its_width():
    """Losses 0 and c (u - 1/2): whoever knows u saves c/8 on average, and there is nothing else to know."""
    told = value_of_knowing(
        [Alternative("stay", np.zeros(DRAWS)), Alternative("go", 8.0 * (u("a") - 0.5))], {"a": u("a")}
    )
    assert told.worth["a"] == pytest.approx(1.0, abs=3 * 8 * 0.289 / np.sqrt(DRAWS))
    assert told.worth["a"] == pytest.approx(told.everything, rel=1e-6)


def test_two_normal_numbers_against_the_unit_normal_loss():
    """Raiffa and Schlaifer 1961: with a loss N(m, s2) against 0, knowing a part N(0, t2) of it is worth t L(m / t)."""
    a, b = norm.ppf(u("a")), norm.ppf(u("b"))
    told = value_of_knowing([Alternative("stay", np.zeros(DRAWS)), Alternative("go", 0.5 + 2.0 * a + b)],
                            {"a": u("a"), "b": u("b")})  # fmt: skip

    def loss(mean, sd):
        z = mean / sd
        return sd * (norm.pdf(z) - z * (1 - norm.cdf(z)))

    assert told.worth["a"] == pytest.approx(loss(0.5, 2.0), rel=0.08)
    assert told.worth["b"] == pytest.approx(loss(0.5, 1.0), rel=0.15)
    assert told.everything == pytest.approx(loss(0.5, np.sqrt(5.0)), rel=0.08)
    assert list(told.worth) == ["a", "b"]


def test_a_number_that_changes_no_choice_is_worth_nothing_however_wide_it_is():
    told = value_of_knowing(
        [Alternative("a", 100.0 * u("wide")), Alternative("b", 100.0 * u("wide") + 1.0)], {"wide": u("wide")}
    )
    assert told.worth["wide"] == pytest.approx(0.0, abs=1e-9)
    assert told.best == "a"
    assert told.expected["b"] - told.expected["a"] == pytest.approx(1.0)


def test_what_nothing_depends_on_stays_below_the_floor():
    luck = {f"x{n}": u(f"x{n}", 300) for n in range(60)}
    noise = norm.ppf(u("noise", 300))
    told = value_of_knowing([Alternative("a", np.zeros(300)), Alternative("b", noise)], luck)
    assert 0 < told.floor < told.everything
    assert sum(value > told.floor for value in told.worth.values()) <= 1


@pytest.mark.parametrize("count", [1, 50, 300])
def test_enough_worthless_numbers_are_tried_to_tell_one_study_in_twenty(count):
    """Of exponential numbers the chance that the largest of so many is above a floor is known; on average it is 5 %."""
    tried = knowing._many(dict.fromkeys(range(count)))
    draws = np.random.default_rng(count).exponential(size=(200, tried))
    floors = np.array([knowing._floor(one, count) for one in draws])
    beaten = 1.0 - (1.0 - np.exp(-floors)) ** count
    assert beaten.mean() == pytest.approx(0.05, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=4), st.floats(0, 2), st.floats(0, 2))
def test_knowing_a_part_is_worth_something_and_less_than_knowing_all(offsets, one, two):
    a, b = u("a", 400), u("b", 400)
    alternatives = [
        Alternative(str(n), offset + n * one * (a - 0.5) - n * two * (b - 0.5) ** 2) for n, offset in enumerate(offsets)
    ]
    told = value_of_knowing(alternatives, {"a": a, "b": b})
    assert told.everything >= -1e-12
    assert all(value >= -1e-9 for value in told.worth.values())
    assert sum(told.least_often.values()) == pytest.approx(1.0)


def test_the_error_tells_how_far_an_estimate_is_off():
    true = 1.0
    missed = []
    for seed in range(20):
        a, noise = uniforms(seed, "a", 0, 400), norm.ppf(uniforms(seed, "n", 0, 400))
        told = value_of_knowing(
            [Alternative("stay", np.zeros(400)), Alternative("go", 8 * (a - 0.5) + noise)], {"a": a}
        )
        missed.append(abs(told.worth["a"] - true) / told.error["a"])
    assert np.mean(np.array(missed) < 2.5) > 0.8
    assert np.mean(np.array(missed) < 0.1) < 0.4


def test_too_little_to_tell():
    few = FEWEST_DRAWS - 1
    assert value_of_knowing([Alternative("a", np.zeros(few)), Alternative("b", np.ones(few))], {}) is None
    assert value_of_knowing([Alternative("a", np.zeros(DRAWS))], {}) is None


def test_a_loss_that_is_none_is_refused():
    with pytest.raises(ValueError, match="finite"):
        value_of_knowing([Alternative("a", np.zeros(200)), Alternative("b", np.full(200, np.nan))], {})
