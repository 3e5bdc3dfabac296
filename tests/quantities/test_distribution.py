"""The laws of a range: percentiles are met, supports kept, and no draw looks at its neighbour."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import expit, logit, ndtri

from cesim.quantities import Quantity, QuantityError, ppf
from cesim.quantities.triangular import reach

inner_share = st.floats(1e-6, 1.0 - 1e-6)
positive = st.floats(1e-9, 1e12)
real = st.floats(-1e9, 1e9)
GRID = (np.arange(4000) + 0.5) / 4000


def three(numbers):
    return st.tuples(numbers, numbers, numbers).map(sorted).filter(lambda t: t[0] < t[2])


def at(quantity, u):
    return float(ppf(quantity, u))


@given(three(inner_share))
def test_q3_a_share_meets_its_percentiles(numbers):
    low, value, high = numbers
    q = Quantity(value, low, high)
    assert at(q, 0.5) == value
    assert at(q, 0.05) == pytest.approx(low, rel=1e-11)
    assert at(q, 0.95) == pytest.approx(high, rel=1e-11)


@given(three(positive))
def test_q3_a_positive_quantity_meets_its_percentiles(numbers):
    low, value, high = numbers
    q = Quantity(value, low, high, kind="positive")
    assert at(q, 0.5) == value
    assert at(q, 0.05) == pytest.approx(low, rel=1e-11)
    assert at(q, 0.95) == pytest.approx(high, rel=1e-11)


@given(three(real))
def test_q3_a_normal_meets_its_percentiles(numbers):
    low, value, high = numbers
    q = Quantity(value, low, high, kind="real", dist="normal")
    tolerance = 1e-12 * max(abs(low), abs(high), high - low)
    assert at(q, 0.5) == value
    assert at(q, 0.05) == pytest.approx(low, abs=tolerance)
    assert at(q, 0.95) == pytest.approx(high, abs=tolerance)


def test_q2_the_kind_chooses_the_law_and_its_shape_is_the_textbook_one():
    u = np.array([0.001, 0.2, 0.7, 0.999])
    z = ndtri(u)
    sd = math.log(2.0) / ndtri(0.95)
    np.testing.assert_allclose(ppf(Quantity(4.0, 2.0, 8.0, kind="positive"), u), 4.0 * np.exp(sd * z), rtol=1e-13)
    span = logit(0.4) - logit(0.2)
    high = float(expit(logit(0.4) + span))
    wanted = expit(logit(0.4) + z * span / ndtri(0.95))
    np.testing.assert_allclose(ppf(Quantity(0.4, 0.2, high), u), wanted, rtol=1e-13)
    assert Quantity(0.0, -1.0, 2.0, kind="real").law.name == "triangular"


def test_q3_each_side_has_its_own_spread():
    lopsided = Quantity(10.0, 9.0, 40.0, kind="positive")
    z = ndtri(np.array([0.2, 0.8, 0.5002]))
    down, up, just_above = ppf(lopsided, [0.2, 0.8, 0.5002])
    assert math.log(just_above / 10.0) == pytest.approx(z[2] * math.log(4.0) / ndtri(0.95))
    assert math.log(down / 10.0) == pytest.approx(z[0] * math.log(10 / 9) / ndtri(0.95))
    assert math.log(up / 10.0) == pytest.approx(z[1] * math.log(4.0) / ndtri(0.95))


@given(st.floats(0.0, 0.9), st.floats(0.01, 0.1))
def test_q4_at_the_edge_of_the_support_the_default_is_a_triangle_on_the_range(value, width):
    for q in (
        Quantity(value, 0.0, value + width),
        Quantity(1.0 - value, max(1.0 - value - width, 0.0), 1.0),
        Quantity(value, 0.0, value + width, kind="positive"),
    ):
        assert q.law.name == "triangular"
        x = ppf(q, [1e-16, 1.0 - 2.0**-53])
        assert q.low <= x[0] <= x[1] <= q.high
        assert x[0] == pytest.approx(q.low, abs=1e-7)
        assert x[1] == pytest.approx(q.high, abs=1e-7)


def test_q4_holds_only_at_the_edge_itself():
    assert Quantity(0.5, 1e-300, 0.6).law.name == "logit-normal"
    assert Quantity(0.5, 0.4, math.nextafter(1.0, 0.0)).law.name == "logit-normal"
    assert Quantity(0.5, 1e-300, 1.0, kind="positive").law.name == "lognormal"


@pytest.mark.parametrize(("dist", "kind", "low"), [("logit-normal", "share", 0.0), ("lognormal", "positive", 0.0)])
def test_q4_a_named_law_that_cannot_hold_is_refused(dist, kind, low):
    with pytest.raises(QuantityError) as fault:
        Quantity(0.5, low, 0.9, dist=dist, kind=kind)
    assert fault.value.code == "distribution_outside_support"
    assert fault.value.arguments["dist"] == dist


def test_q4_a_named_law_may_not_reach_the_upper_edge_either():
    with pytest.raises(QuantityError) as fault:
        Quantity(0.5, 0.4, 1.0, dist="logit-normal")
    assert fault.value.code == "distribution_outside_support"


def test_q5_bounds_are_a_triangle_with_known_quantiles():
    q = Quantity(2.0, 0.0, 10.0, range="bounds", kind="positive")
    u = np.array([0.05, 0.2, 0.6, 0.95])
    wanted = [math.sqrt(0.05 * 20.0), 2.0, 10.0 - math.sqrt(0.4 * 80.0), 10.0 - math.sqrt(0.05 * 80.0)]
    np.testing.assert_allclose(ppf(q, u), wanted, rtol=1e-14)


def test_q5_uniform_between_bounds():
    q = Quantity(0.3, 0.2, 0.6, range="bounds", dist="uniform")
    np.testing.assert_allclose(ppf(q, [0.25, 0.5, 0.75]), [0.3, 0.4, 0.5], rtol=1e-14)


def triangle_cdf(x, least, mode, most):
    if x <= mode:
        return (x - least) ** 2 / ((most - least) * (mode - least)) if x > least else 0.0
    return 1.0 - (most - x) ** 2 / ((most - least) * (most - mode))


@given(three(st.floats(-1e3, 1e3)))
def test_q6_a_triangle_over_percentiles_leaves_five_percent_on_each_side(numbers):
    low, value, high = numbers
    assume(high - low > 1e-3)
    q = Quantity(value, low, high, kind="real")
    tolerance = 1e-9 * (high - low)
    assert at(q, 0.05) == pytest.approx(low, abs=tolerance)
    assert at(q, 0.95) == pytest.approx(high, abs=tolerance)
    least, most = q.law.ends
    assert least <= low < high <= most
    assert triangle_cdf(low, least, value, most) == pytest.approx(0.05, abs=1e-9)
    assert triangle_cdf(high, least, value, most) == pytest.approx(0.95, abs=1e-9)


def test_q6_symmetric_ends_have_a_closed_form():
    end = 1.0 / (1.0 - math.sqrt(0.1))  # half of the mass on each side: 0.05 = (1 - x / end)**2 / 2
    assert reach(1.0, 1.0) == pytest.approx((end, end), rel=1e-14)
    assert reach(2.0, 5.0) == pytest.approx(reach(5.0, 2.0)[::-1], rel=1e-13)


def test_q6_a_triangle_that_would_leave_the_support_is_refused_not_clipped():
    assert Quantity(0.5, 0.4, 0.6, dist="triangular").law.ends[0] < 0.4
    for low, high in ((0.01, 0.6), (0.4, 0.99)):
        with pytest.raises(QuantityError) as fault:
            Quantity(0.5, low, high, dist="triangular")
        assert fault.value.code == "triangular_leaves_support"
        assert fault.value.arguments["rule"] == "Q6"
    with pytest.raises(QuantityError, match="triangular_leaves_support"):
        Quantity(5.0, 0.1, 6.0, kind="positive", dist="triangular")


@pytest.mark.parametrize(("dist", "kind"), [("normal", "share"), ("normal", "positive"), ("lognormal", "share")])
def test_q7_a_law_that_could_leave_the_kind_is_refused(dist, kind):
    with pytest.raises(QuantityError) as fault:
        Quantity(0.5, 0.4, 0.6, dist=dist, kind=kind)
    assert fault.value.code == "distribution_outside_support"
    families = {"share": ["logit-normal"], "positive": ["lognormal", "logit-normal"]}[kind]
    assert fault.value.arguments["allowed"] == [*families, "triangular", "uniform", "fixed"]


def test_q7_a_narrower_law_than_the_kind_is_welcome():
    assert at(Quantity(3.0, 2.0, 5.0, dist="lognormal", kind="real"), 0.95) == pytest.approx(5.0)
    assert at(Quantity(0.3, 0.2, 0.5, dist="logit-normal", kind="positive"), 0.05) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("dist", "range_"),
    [("uniform", "percentiles"), ("normal", "bounds"), ("lognormal", "bounds"), ("logit-normal", "bounds")],
)
def test_q7_a_law_must_fit_the_sort_of_range(dist, range_):
    with pytest.raises(QuantityError) as fault:
        Quantity(0.5, 0.4, 0.6, dist=dist, range=range_, kind="real")
    assert fault.value.code == "wrong_range_for_distribution"


@pytest.mark.parametrize(
    "q", [Quantity(0.3), Quantity(0.3, 0.2, 0.4, dist="fixed"), Quantity(0.3, 0.3, 0.3), Quantity(0.3, dist="fixed")]
)
def test_q8_what_is_certain_is_its_value_in_every_draw(q):
    assert q.is_certain
    np.testing.assert_array_equal(ppf(q, GRID), np.full(GRID.shape, 0.3))


QUANTITIES = [
    Quantity(0.35, 0.28, 0.5),
    Quantity(0.35, 0.35, 0.5),
    Quantity(0.02, 0.0, 0.5),
    Quantity(0.98, 0.9, 1.0),
    Quantity(0.5, 0.4, 0.55, dist="triangular"),
    Quantity(0.1, 0.1, 0.7, range="bounds", dist="uniform"),
    Quantity(0.3, 0.1, 0.7, range="bounds"),
    Quantity(350.0, 200.0, 900.0, kind="positive"),
    Quantity(350.0, 200.0, 900.0, kind="positive", range="bounds"),
    Quantity(-3.0, -8.0, 5.0, kind="real"),
    Quantity(-3.0, -8.0, 5.0, kind="real", dist="normal"),
]


@pytest.mark.parametrize("q", QUANTITIES, ids=repr)
def test_quantiles_never_fall_and_stay_in_the_support(q):
    u = np.concatenate([[2.0**-53, 1e-9], GRID, [1.0 - 1e-9, 1.0 - 2.0**-53]])
    x = ppf(q, u)
    assert (np.diff(x) >= -4e-16 * np.abs(x[1:])).all()
    assert x[-1] > x[0]
    least, most = {"share": (0, 1), "positive": (0, math.inf), "real": (-math.inf, math.inf)}[q.kind]
    assert (x >= least).all()
    assert (x <= most).all()
    if q.range == "bounds":
        assert (x >= q.low).all()
        assert (x <= q.high).all()


@pytest.mark.parametrize("q", QUANTITIES, ids=repr)
def test_q9_a_draw_is_the_same_bit_for_bit_in_any_array(q):
    u = np.random.default_rng(7).random(1003)
    together = ppf(q, u)
    alone = np.array([ppf(q, u[i : i + 1])[0] for i in range(len(u))])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(ppf(q, u[5:]), together[5:])
    np.testing.assert_array_equal(ppf(q, u[::-3]), together[::-3])
    np.testing.assert_array_equal(ppf(q, u[:1000].reshape(10, 100).T), together[:1000].reshape(10, 100).T)
    assert ppf(q, 0.3).shape == ()
    assert ppf(q, []).shape == (0,)


def test_ppf_leaves_its_argument_alone():
    u = np.array([0.1, 0.9])
    ppf(QUANTITIES[0], u)[:] = -1.0
    np.testing.assert_array_equal(u, [0.1, 0.9])


@pytest.mark.parametrize("u", [0.0, 1.0, -0.1, 1.1, math.nan])
@pytest.mark.parametrize("q", [Quantity(0.3), Quantity(0.3, 0.2, 0.4)])
def test_probabilities_at_or_past_the_ends_are_refused(q, u):
    with pytest.raises(QuantityError) as fault:
        ppf(q, [0.5, u])
    assert fault.value.code == "u_out_of_range"
    assert str(fault.value.arguments["found"]) == str(u)


def test_an_overflow_is_refused_and_not_handed_on():
    q = Quantity(1e300, 1e299, 1e306, kind="positive")
    assert at(q, 0.95) == pytest.approx(1e306)
    with pytest.raises(QuantityError, match="not_finite"):
        ppf(q, [0.5, 1.0 - 1e-12])
