"""What the parameters of a lifetime mean, for every family."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from cesim.balance import Survival

MEANS = st.floats(0.5, 40.0)
SPREADS = st.floats(0.15, 1.5)  # of the standard deviation beside the mean


@st.composite
def survivals(draw):
    family = draw(
        st.sampled_from(
            ["fixed", "normal", "truncated-normal", "folded-normal", "lognormal", "weibull", "gamma", "empirical"]
        )
    )
    mean, spread = draw(MEANS), draw(SPREADS)
    if family == "fixed":
        return Survival(family, mean=mean)
    if family == "weibull":
        return Survival(family, shape=draw(st.floats(0.6, 6.0)), scale=mean)
    if family == "empirical":
        falls = draw(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=30))
        return Survival(family, table=np.cumprod(falls))
    return Survival(family, mean=mean, sd=mean * spread)


def breaks(life, top):
    """Ages where the curve has a kink or a jump."""
    if life.family == "empirical":
        return np.arange(len(life._values[0][0]) + 1.0)
    return np.append(np.linspace(0.0, top, 60), top if life.family != "fixed" else [life.mean(), top])


def integral(function, points):
    points = np.unique(points)
    return sum(
        integrate.fixed_quad(function, low, np.nextafter(high, low), n=12)[0]
        for low, high in itertools.pairwise(points)
    )


@settings(max_examples=150, deadline=None)
@given(survivals())
def test_mean_and_sd_are_the_integrals_of_survival(life):
    mean, sd = float(life.mean()), float(life.sd())
    top = mean + 40.0 * sd + 1.0
    spread = np.concatenate([breaks(life, top), np.geomspace(1e-6, 1.0, 25) * mean, np.geomspace(top, 1e4 * top, 40)])
    if life.family == "empirical":
        spread = breaks(life, 0.0)
    first = integral(life.sf, spread)
    second = integral(lambda age: 2.0 * age * life.sf(age), spread)
    assert mean == pytest.approx(first, rel=1e-4, abs=1e-9)
    assert np.sqrt(max(second - first**2, 0.0)) == pytest.approx(sd, rel=2e-3, abs=1e-4 * (mean + 1e-6) + 1e-7)


@settings(max_examples=100, deadline=None)
@given(survivals(), st.floats(0.0, 60.0))
def test_years_lived_are_the_integral_of_survival(life, age):
    points = np.concatenate([[0.0, age], np.linspace(0.0, age, 80), np.geomspace(1e-7, 1.0, 30) * age])
    points = np.concatenate([points, breaks(life, age)])
    found = integral(life.sf, points[points <= age]) if age > 0 else 0.0
    assert float(life.lived(age)) == pytest.approx(found, rel=1e-4, abs=1e-7)


@settings(max_examples=100, deadline=None)
@given(survivals())
def test_survival_never_rises_and_the_hazard_is_its_slope(life):
    ages = np.linspace(0.0, 60.0, 601)
    alive, hazard = life.sf(ages), life.hazard(ages)
    assert (np.diff(alive) <= 1e-12).all()
    assert ((alive >= 0.0) & (alive <= 1.0)).all()
    assert not np.isnan(hazard).any()
    assert (hazard >= 0.0).all()
    if life.family in ("fixed", "empirical"):
        return
    step = 1e-5
    inside = (alive > 1e-6) & (ages > 0.5)
    slope = (life.sf(ages - step) - life.sf(ages + step)) / (2.0 * step * np.maximum(alive, 1e-6))
    np.testing.assert_allclose(hazard[inside], slope[inside], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("life", "oracle"),
    [
        (Survival("normal", mean=12, sd=4), stats.norm(12, 4)),
        (Survival("truncated_normal", mean=12, sd=9), stats.truncnorm(-12 / 9, np.inf, 12, 9)),
        (Survival("folded-normal", mean=3, sd=2), stats.foldnorm(1.5, 0, 2)),
        (Survival("weibull", shape=2.6, scale=14), stats.weibull_min(2.6, 0, 14)),
        (Survival("gamma", mean=14, sd=5), stats.gamma((14 / 5) ** 2, 0, 25 / 14)),
        (Survival("lognormal", mean=16, sd=4), stats.lognorm(0.24622067706923975, 0, np.exp(2.742276411331564))),
    ],
    ids=lambda value: getattr(value, "family", ""),
)
def test_survival_and_hazard_agree_with_scipy(life, oracle):
    ages = np.array([0.1, 0.5, 1.0, 3.0, 7.5, 12.0, 20.0, 33.0])
    np.testing.assert_allclose(life.sf(ages), oracle.sf(ages), rtol=1e-11)
    np.testing.assert_allclose(life.hazard(ages), oracle.pdf(ages) / oracle.sf(ages), rtol=1e-9)
    if life.family != "normal":
        np.testing.assert_allclose([life.mean(), life.sd()], [oracle.mean(), oracle.std()], rtol=1e-9)


def test_hazard_stays_finite_where_survival_underflows():
    for life in (
        Survival("normal", mean=10, sd=1),
        Survival("gamma", mean=10, sd=3),
        Survival("folded-normal", mean=1, sd=1),
    ):
        assert np.isfinite(life.hazard(3000.0))
        assert life.hazard(3000.0) > life.hazard(9.0)


def test_shapes_are_parameters_then_ages():
    life = Survival("weibull", shape=[2.0, 3.0, 4.0], scale=[[10.0], [12.0]])
    assert life.shape == (2, 3)
    assert life.sf(np.zeros((4, 5))).shape == (2, 3, 4, 5)
    assert life.mean().shape == (2, 3)
    assert life.sf(3.0)[1, 2] == Survival("weibull", shape=4.0, scale=12.0).sf(3.0)


def test_before_birth_everyone_is_alive():
    life = Survival("normal", mean=5, sd=3)
    assert life.sf(-1.0) == 1.0
    assert life.hazard(-1.0) == 0.0
    assert life.lived(-1.0) == 0.0


def test_fixed_lives_while_younger_than_the_mean():
    life = Survival("fixed", mean=5)
    np.testing.assert_array_equal(life.sf([4.999, 5.0]), [1.0, 0.0])
    np.testing.assert_array_equal(life.hazard([4.999, 5.0]), [0.0, np.inf])


def test_empirical_is_straight_between_and_zero_after():
    by_year = Survival("empirical", table=[1.0, 0.8, 0.2])
    pairs = Survival("empirical", table={0: 1.0, 1: 0.8, 2: 0.2})
    rows = Survival("empirical", table=[(0, 1.0), (1, 0.8), (2, 0.2)])
    for life in (by_year, pairs, rows):
        np.testing.assert_allclose(life.sf([0, 0.5, 1.5, 2.0, 2.001]), [1.0, 0.9, 0.5, 0.2, 0.0])
        assert life.mean() == pytest.approx(1.4)
        np.testing.assert_allclose(life.hazard([0.5, 1.5, 2.0]), [0.2 / 0.9, 0.6 / 0.5, np.inf])
    many = Survival("empirical", table=np.array([[1.0, 0.8, 0.2], [1.0, 0.5, 0.0]]))
    assert many.sf(1.5).tolist() == pytest.approx([0.5, 0.25])


@pytest.mark.parametrize(
    ("family", "parameters", "words"),
    [
        ("exponential", {"mean": 3}, ["exponential", "weibull"]),
        ("normal", {"mean": 3}, ["normal", "'sd'", "missing"]),
        ("normal", {"mean": 3, "sd": 1, "scale": 2}, ["unknown", "'scale'", "mean, sd"]),
        ("lognormal", {"mean": -3, "sd": 1}, ["mean", "-3", "above 0"]),
        ("gamma", {"mean": 3, "sd": [1, 0]}, ["sd", "0.0", "above 0"]),
        ("weibull", {"shape": float("nan"), "scale": 1}, ["shape", "nan"]),
        ("weibull", {"shape": "two", "scale": 1}, ["shape", "'two'"]),
        ("empirical", {"table": [1.0, 0.5, 0.6]}, ["rises", "age 1"]),
        ("empirical", {"table": [1.2, 0.5]}, ["1.2", "[0, 1]"]),
        ("empirical", {"table": [1.0]}, ["1 ages"]),
        ("empirical", {"table": {1: 1.0, 2: 0.5}}, ["rising from 0"]),
    ],
)
def test_wrong_parameters_are_named(family, parameters, words):
    with pytest.raises(ValueError, match=r".") as error:
        Survival(family, **parameters)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_an_age_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match=r"age: found NaN"):
        Survival("fixed", mean=3).sf([1.0, np.nan])
