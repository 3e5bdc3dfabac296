"""Shares that add to one taken back to probabilities that draw them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cesim.quantities import KeyedSource, LawOfShares, Quantity, QuantityError
from cesim.run.sampler import Sampler

SHARES = {
    "sheet": Quantity(0.5, 0.4, 0.6),
    "extrusion": Quantity(0.3, 0.2, 0.4),
    "casting": Quantity(0.2, 0.1, 0.3),
    "none": Quantity(0.0),
}
LAW = LawOfShares.of(SHARES)


def test_the_probability_of_a_share_is_that_of_its_gamma_variate():
    """By scipy.stats: of parameter a = concentration x best, at the concentration x share."""
    x = np.array([[0.5, 0.3, 0.2, 0.0], [0.7, 0.2, 0.1, 0.0]])
    c = LAW.concentration
    expected = stats.gamma(c * np.array([0.5, 0.3, 0.2])).cdf(c * x[:, :3])
    np.testing.assert_allclose(LAW.probability(x)[:, :3], expected, rtol=1e-12)


def test_draws_are_those_of_a_run():
    drawn = Sampler(KeyedSource(3), 1, 50).simplex("split", SHARES)
    u = np.stack([KeyedSource(3).u(f"split.{key}", 0, 50) for key in SHARES], axis=1)
    np.testing.assert_array_equal(LAW.draw(u), np.stack(list(drawn.values()), axis=1))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(1e-6, 1.0 - 1e-6), min_size=4, max_size=4))
def test_what_was_drawn_is_drawn_again(u):
    x = LAW.draw([u])
    again = LAW.probability(x)
    assert ((again > 0.0) & (again < 1.0)).all()
    np.testing.assert_allclose(LAW.draw(again), x, rtol=1e-10, atol=1e-13)


def test_a_probability_rises_with_its_own_share_and_knows_no_other():
    one, other = LAW.probability([[0.5, 0.3, 0.2, 0.0], [0.5, 0.25, 0.25, 0.0]])
    assert one[0] == other[0]
    assert one[1] > other[1]
    assert one[2] < other[2]


@pytest.mark.parametrize(
    ("x", "code"),
    [
        ([0.5, 0.3, 0.2, 0.1], "value_out_of_reach"),  # a share of zero stays zero
        ([0.8, 0.0, 0.2, 0.0], "value_out_of_reach"),  # and no other becomes it
        ([0.5, 0.3, 0.3, 0.0], "shares_do_not_add_to_one"),
        ([0.5, 0.3, 0.2 + 2e-9, 0.0], "shares_do_not_add_to_one"),
        ([np.nan, 0.3, 0.2, 0.0], "value_out_of_reach"),
        ([1.1, -0.1, 0.0, 0.0], "value_out_of_reach"),
    ],
)
def test_what_are_no_such_shares(x, code):
    with pytest.raises(QuantityError) as caught:
        LAW.probability([[0.5, 0.3, 0.2, 0.0], x])
    assert caught.value.code == code


def test_written_shares_may_miss_one_by_as_much_as_those_of_a_scenario():
    assert LAW.probability([[0.5, 0.3, 0.2 + 5e-10, 0.0]]).shape == (1, 4)


def test_shares_without_a_range_are_certain():
    law = LawOfShares.of({"a": Quantity(0.25), "b": Quantity(0.75)})
    assert law.is_certain
    assert law.supports == ((0.25, 0.25), (0.75, 0.75))
    assert not LAW.is_certain
