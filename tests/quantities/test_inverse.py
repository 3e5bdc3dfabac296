"""Values taken back to their probabilities: others' distribution functions, and that no probability comes nearer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from cesim.quantities import LawOfYear, Quantity, QuantityError, TimePath
from cesim.quantities.inverse import LEAST, MOST, TAIL

Z = 1.6448536269514722
ENDED = {"range": "bounds"}
NUMBERS = {
    "lognormal": Quantity(1.0, 0.8, 1.3, kind="positive"),
    "lognormal, wide": Quantity(1.0, 0.05, 30.0, kind="positive"),
    "logit-normal": Quantity(0.35, 0.28, 0.44),
    "logit-normal, near 1": Quantity(0.9, 0.6, 0.99),
    "normal": Quantity(10.0, 8.0, 13.0, kind="real", dist="normal"),
    "triangular": Quantity(0.3, 0.1, 0.9, **ENDED),
    "triangular from 0": Quantity(0.3, 0.0, 1.0, **ENDED),
    "triangular, mode at its end": Quantity(0.1, 0.1, 0.9, **ENDED),
    "triangular through percentiles": Quantity(1.0, -3.0, 2.0, kind="real"),
    "uniform": Quantity(0.4, 0.2, 0.6, dist="uniform", **ENDED),
    "one side only": Quantity(1.0, 1.0, 1.5, kind="positive"),
}
NAMES = pytest.mark.parametrize("name", NUMBERS)


def law_of(quantity):
    return LawOfYear(quantity.law, quantity.law)


def half(sd):
    return sd / Z


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("uniform", stats.uniform(0.2, 0.4)),
        ("triangular", stats.triang(0.25, 0.1, 0.8)),
        ("triangular, mode at its end", stats.triang(0.0, 0.1, 0.8)),
        ("triangular from 0", stats.triang(0.3, 0.0, 1.0)),
    ],
)
def test_distribution_functions_of_scipy(name, other):
    x = np.linspace(*other.ppf([0.001, 0.999]), 101)
    np.testing.assert_allclose(law_of(NUMBERS[name]).probability(x), other.cdf(x), rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "to", "x"),
    [
        ("lognormal", math.log, [0.7, 0.8, 0.99, 1.0, 1.2, 1.3, 2.0]),
        ("logit-normal", lambda x: math.log(x / (1 - x)), [0.2, 0.28, 0.35, 0.4, 0.44, 0.6]),
        ("normal", float, [5.0, 8.0, 9.99, 10.0, 13.0, 20.0]),
    ],
)
def test_both_halves_of_a_normal_of_scipy(name, to, x):
    q = NUMBERS[name]
    centre = to(q.value)
    expected = [
        stats.norm(centre, (centre - to(q.low)) / Z if one < q.value else (to(q.high) - centre) / Z).cdf(to(one))
        for one in x
    ]
    np.testing.assert_allclose(law_of(q).probability(x), expected, rtol=1e-12)


@NAMES
def test_the_ends_of_the_range_are_the_5th_and_the_95th_percentile(name):
    q = NUMBERS[name]
    if q.range == "percentiles" and q.low < q.value:
        np.testing.assert_allclose(law_of(q).probability([q.low, q.high]), [0.05, 0.95], rtol=1e-9)


probabilities = st.floats(1e-4, 1.0 - 1e-4)


@NAMES
@settings(max_examples=60, deadline=None)
@given(u=st.lists(probabilities, min_size=1, max_size=20))
def test_what_was_drawn_is_drawn_again(name, u):
    """To the bit, but for an ulp where quantiles change so little that rounding makes them waver."""
    law = law_of(NUMBERS[name])
    drawn = law.draw(u)
    again = law.draw(law.probability(drawn))
    assert (np.abs(again - drawn) <= np.spacing(np.abs(drawn))).all()


@NAMES
def test_of_a_thousand_draws_as_good_as_all_come_back_to_the_bit(name):
    law = law_of(NUMBERS[name])
    drawn = law.draw(np.random.default_rng(0).uniform(size=1000))
    assert (law.draw(law.probability(drawn)) == drawn).mean() > 0.99


@NAMES
@settings(max_examples=60, deadline=None)
@given(u=probabilities, digits=st.integers(1, 17))
def test_no_probability_beside_it_comes_nearer(name, u, digits):
    """Whether a value is met is thus a matter of the numbers that there are between 0 and 1, but for the last bits."""
    law = law_of(NUMBERS[name])
    x = float(f"{float(law.draw([u])[0]):.{digits}g}")
    low, high = law.draw([1e-5, 1.0 - 1e-5])
    assume(low <= x <= high)
    found = law.probability([x])
    around = (found.view(np.int64) + np.arange(-64, 65)).view(np.float64)
    missed = np.abs(law.draw(np.clip(around, law.least, MOST)) - x)
    assert missed[64] <= missed.min() + 2.0 * np.spacing(abs(x))
    assert missed[64] <= 1e-12 * max(abs(x), law.width)


@settings(max_examples=60, deadline=None)
@given(u=probabilities)
def test_the_probability_of_a_draw_is_where_it_was_drawn(u):
    for name, quantity in NUMBERS.items():
        if name != "one side only" or u > 0.5:
            law = law_of(quantity)
            assert law.probability(law.draw([u]))[0] == pytest.approx(u, rel=1e-11)


def test_below_a_side_of_no_width_there_is_nothing():
    law = law_of(NUMBERS["one side only"])
    assert law.support[0] == 1.0
    assert law.draw(law.probability([1.0])) == 1.0
    with pytest.raises(QuantityError) as caught:
        law.probability([0.999])
    assert caught.value.code == "value_out_of_reach"


@NAMES
def test_values_outside_are_refused_and_ends_of_bounds_are_inside(name):
    law, q = law_of(NUMBERS[name]), NUMBERS[name]
    low, high = law.support
    if q.range == "bounds":
        assert (low, high) == (q.low, q.high)
    found = law.draw(law.probability([low, high]))
    np.testing.assert_allclose(found, [low, high], atol=4e-8 * law.width, rtol=1e-12)
    for outside in (np.nextafter(low, -np.inf), np.nextafter(high, np.inf), math.nan, -math.inf, math.inf):
        with pytest.raises(QuantityError) as caught:
            law.probability([0.5 * low + 0.5 * high, outside])
        assert caught.value.code == "value_out_of_reach"
        assert caught.value.arguments["allowed"] == (low, high)


def test_a_law_without_ends_reaches_as_far_each_way():
    law = law_of(NUMBERS["normal"])
    low, high = law.support
    assert law.least == TAIL
    assert (10.0 - low) / half(2.0) == pytest.approx((high - 10.0) / half(3.0), rel=1e-12)
    assert law_of(NUMBERS["triangular"]).least == LEAST


def test_a_fixed_number_has_no_probability():
    law = law_of(Quantity(0.3))
    assert law.is_certain
    with pytest.raises(QuantityError) as caught:
        law.probability([0.3])
    assert (caught.value.code, caught.value.arguments) == ("no_range", {"found": 0.3})


PATH = TimePath({2025: NUMBERS["lognormal"], 2035: NUMBERS["lognormal, wide"], 2050: Quantity(2.0, kind="positive")})


@pytest.mark.parametrize("year", [2020, 2025, 2028, 2035, 2049])
def test_a_path_in_a_year_is_drawn_as_ever_and_taken_back(year):
    law = PATH.law_of(year)
    u = np.linspace(0.001, 0.999, 301)
    drawn = PATH.values([year, 2050], u)[:, 0]
    np.testing.assert_array_equal(law.draw(u), drawn)
    # between knots the wide range of the one is taken from itself: rounding is that of the greater number
    np.testing.assert_allclose(
        law.draw(law.probability(drawn)), drawn, rtol=0.0 if year in (2020, 2025, 2035) else 1e-15
    )
    np.testing.assert_allclose(law.probability(drawn), u, rtol=1e-11)


def test_of_a_path_between_a_range_and_a_fixed_number_only_the_last_knot_is_fixed():
    assert PATH.law_of(2050).is_certain
    assert PATH.law_of(2060).is_certain
    assert not PATH.law_of(2049).is_certain
    low, high = PATH.law_of(2040).support
    wide = law_of(NUMBERS["lognormal, wide"]).support
    assert (low, high) == pytest.approx((wide[0] + (2.0 - wide[0]) / 3, wide[1] + (2.0 - wide[1]) / 3))


def test_between_knots_alike_it_is_the_law_of_either():
    q = NUMBERS["triangular"]
    assert TimePath({2025: q, 2035: q}).law_of(2030) == law_of(q)


def test_shape_and_what_was_handed_in_stay_as_they_are():
    x = np.array([[0.2, 0.3], [0.5, 0.6]])
    before = x.copy()
    u = law_of(NUMBERS["triangular"]).probability(x)
    assert u.shape == x.shape
    np.testing.assert_array_equal(x, before)
    assert law_of(NUMBERS["triangular"]).probability([]).shape == (0,)
