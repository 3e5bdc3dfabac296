"""Records and beliefs: a mixture, and what an assay makes of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from cesim.charge import Belief, OriginRecord, ScrapSource
from cesim.charge.belief import _excess_kurtosis
from cesim.charge.updating import observe
from cesim.errors import NoAnswer


def source(name, fe, cu, cv=0.2):
    return ScrapSource.lognormal(name, [fe, cu], [cv, cv], 0.3, ("Fe", "Cu"), lot_mass=10.0)


YARD = (source("clip", 0.002, 0.001), source("mixed", 0.0045, 0.004), source("cast", 0.008, 0.02, 0.4))


def record(reliability=0.9, **others):
    return OriginRecord("clip", reliability, others or {"mixed": 3.0, "cast": 1.0})


@st.composite
def mixtures(draw, family="normal"):
    count, size = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    weights = rng.dirichlet(np.ones(count))
    means = rng.uniform(0.002, 0.01, (count, size))
    roots = rng.normal(0, 0.001, (count, size, size))
    return Belief(weights, means, roots @ roots.transpose(0, 2, 1), family)


def test_a_record_makes_a_mixture():
    belief = record().belief(YARD)
    assert belief.names == ("clip", "mixed", "cast")
    np.testing.assert_allclose(belief.weights, [0.9, 0.075, 0.025])
    np.testing.assert_allclose(belief.means[1], [0.0045, 0.004])
    np.testing.assert_allclose(belief.covariances[2], YARD[2].covariance())


def test_a_record_that_is_always_right_is_its_source():
    for others in ({}, {"mixed": 1.0}):
        belief = OriginRecord("clip", 1.0, others).belief(YARD)
        assert belief.names == ("clip",)
        np.testing.assert_array_equal(belief.mean(), YARD[0].mean())
        np.testing.assert_allclose(belief.covariance(), YARD[0].covariance())
        assert belief.is_unimodal()


@given(st.floats(1e-4, 0.03), st.floats(1e-4, 0.03))
def test_no_assay_shakes_a_record_that_is_always_right(fe, cu):
    after = OriginRecord("clip", 1.0, {"mixed": 1.0}).belief(YARD).after_assay([fe, cu], [0.1 * fe, 0.1 * cu])
    np.testing.assert_array_equal(after.weights, [1.0])
    assert after.names == ("clip",)


def test_a_record_that_is_always_wrong_is_the_others():
    assert record(0.0).belief(YARD).names == ("mixed", "cast")


def test_a_yard_by_name_is_the_same_yard():
    by_name = record().belief({s.name: s for s in YARD})
    np.testing.assert_array_equal(by_name.means, record().belief(YARD).means)


def test_only_ratios_of_weights_count():
    np.testing.assert_allclose(
        record(0.5, mixed=3, cast=1).belief(YARD).weights, record(0.5, mixed=0.3, cast=0.1).belief(YARD).weights
    )


@settings(max_examples=20, deadline=None, derandomize=True)
@given(mixtures())
def test_mean_and_covariance_of_a_mixture_are_those_of_its_draws(belief):
    drawn = belief.draw(np.random.default_rng(0), 20_000)
    slack = 6.0 * np.sqrt(np.diag(belief.covariance())) / 20_000**0.5 + 1e-15
    assert (np.abs(drawn.mean(axis=0) - belief.mean()) <= slack).all()
    products = (drawn - belief.mean())[:, :, None] * (drawn - belief.mean())[:, None, :]
    error = 8.0 * products.std(axis=0) / 20_000**0.5 + 1e-15
    assert (np.abs(products.mean(axis=0) - belief.covariance()) <= error).all()


def test_lognormal_mixtures_draw_their_own_moments():
    belief = record(0.7).belief(YARD)
    drawn = belief.draw(np.random.default_rng(0), 200_000)
    assert (drawn > 0).all()
    np.testing.assert_allclose(drawn.mean(axis=0), belief.mean(), rtol=0.01)
    np.testing.assert_allclose(np.cov(drawn.T), belief.covariance(), rtol=0.04)


def test_bayes_by_hand():
    """One element, two normals: weights by their densities, means by precision."""
    belief = Belief(
        np.array([0.8, 0.2]), np.array([[2.0], [5.0]]) / 100, np.array([[[0.04]], [[0.25]]]) / 1e4, "normal"
    )
    after = belief.after_assay([0.04], [0.003])
    density = [norm.pdf(0.04, m, (s**2 + 0.003**2) ** 0.5) for m, s in ((0.02, 0.002), (0.05, 0.005))]
    weights = np.array([0.8, 0.2]) * density
    np.testing.assert_allclose(after.weights, weights / weights.sum(), rtol=1e-10)
    precision = 1 / 0.005**2 + 1 / 0.003**2
    assert after.means[1, 0] == pytest.approx((0.05 / 0.005**2 + 0.04 / 0.003**2) / precision, rel=1e-12)
    assert after.covariances[1, 0, 0] == pytest.approx(1 / precision, rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(mixtures(), st.integers(0, 2**32))
def test_the_update_element_by_element_is_the_joint_one(belief, seed):
    """Against the textbook formula with a matrix inverse."""
    rng = np.random.default_rng(seed)
    size = belief.means.shape[1]
    reading, error = rng.uniform(0.001, 0.012, size), rng.uniform(1e-4, 3e-3, size)
    after = belief.after_assay(reading, error)
    weights = []
    for k in range(len(belief.weights)):
        total = belief.covariances[k] + np.diag(error**2)
        gain = belief.covariances[k] @ np.linalg.inv(total)
        np.testing.assert_allclose(after.means[k], belief.means[k] + gain @ (reading - belief.means[k]), rtol=1e-7)
        wanted = belief.covariances[k] - gain @ belief.covariances[k]
        np.testing.assert_allclose(after.covariances[k], wanted, atol=1e-9 * np.abs(belief.covariances[k]).max())
        weights.append(np.log(belief.weights[k]) + multivariate_normal(belief.means[k], total).logpdf(reading))
    weights = np.exp(np.array(weights) - max(weights))
    np.testing.assert_allclose(after.weights, weights / weights.sum(), rtol=1e-6, atol=1e-12)


def test_bayes_against_weighted_draws():
    """Lognormals and a lognormal error: the posterior of 600,000 weighted draws."""
    belief = record(0.6).belief(YARD)
    reading, error = np.array([0.004, 0.003]), np.array([0.0008, 0.0009])
    true = belief.draw(np.random.default_rng(0), 600_000)
    noise = np.log1p((error / reading) ** 2)
    short = np.log(reading) - (np.log(true) - noise / 2)
    weight = np.exp(-0.5 * (short**2 / noise).sum(axis=1))
    weight /= weight.sum()
    after = belief.after_assay(reading, error)
    np.testing.assert_allclose(after.mean(), weight @ true, rtol=0.01)
    apart = true - weight @ true
    np.testing.assert_allclose(after.covariance(), (apart * weight[:, None]).T @ apart, rtol=0.05)


def test_an_assay_tells_a_wrong_record():
    belief = record(0.95).belief(YARD)
    right = belief.after_assay([0.002, 0.001], [0.0002, 0.0001])
    wrong = belief.after_assay([0.0045, 0.004], [0.0004, 0.0004])
    assert right.weights[0] > 0.999
    assert wrong.weights[1] > 0.99
    assert right.names == belief.names
    assert right.elements == ("Fe", "Cu")


@given(mixtures())
def test_a_reading_without_information_changes_nothing(belief):
    after = belief.after_assay(np.full(belief.means.shape[1], 0.005), np.full(belief.means.shape[1], 1e6))
    np.testing.assert_allclose(after.weights, belief.weights, rtol=1e-6)
    np.testing.assert_allclose(after.mean(), belief.mean(), rtol=1e-6)


def test_a_reading_below_the_limit_of_detection():
    """One element known only to lie below: moments of the truncated normal, by weighted draws."""
    mean, covariance = np.array([0.003, 0.002]), np.array([[1.0, 0.6], [0.6, 1.0]]) * 1e-6
    belief = Belief(np.array([1.0]), mean[None], covariance[None], "normal")
    after = belief.after_assay([0.0028, 0.0015], [0.0005, 0.0002], [False, True])
    turned = Belief(np.array([1.0]), mean[None, ::-1], covariance[None], "normal").after_assay(
        [0.0015, 0.0028], [0.0002, 0.0005], [True, False]
    )
    np.testing.assert_allclose(turned.means[0, ::-1], after.means[0], rtol=1e-12)
    true = np.random.default_rng(0).multivariate_normal(mean, covariance, 400_000)
    weight = norm.pdf(0.0028, true[:, 0], 0.0005) * norm.cdf(0.0015, true[:, 1], 0.0002)
    weight /= weight.sum()
    np.testing.assert_allclose(after.mean(), weight @ true, rtol=0.005)
    apart = true - weight @ true
    np.testing.assert_allclose(after.covariance(), (apart * weight[:, None]).T @ apart, rtol=0.03)


def test_a_reading_below_is_not_a_reading_of_the_limit():
    belief = record(0.9).belief(YARD)
    below = belief.after_assay([0.002, 0.001], [0.0002, 0.0002], [False, True])
    at = belief.after_assay([0.002, 0.001], [0.0002, 0.0002])
    assert below.mean()[1] < at.mean()[1]


def test_a_reading_far_below_stays_finite():
    update = observe(np.array([1.0]), np.array([[1e-4]]), np.array([0.0]), np.array([1e-6]), np.array([True]))
    assert np.isfinite(update.mean).all()
    assert 0 <= update.covariance[0, 0] < 1e-4
    assert update.log_likelihood < -1000


def test_a_reading_that_nothing_explains():
    belief = Belief(np.array([1.0]), np.array([[1e-3]]), np.array([[[0.0]]]), "normal")
    with pytest.raises(NoAnswer) as caught:
        belief.after_assay([0.9], [1e-160])
    assert caught.value.faults[0].code == "charge_impossible_reading"


@pytest.mark.parametrize(
    ("weights", "means", "spreads", "one_bell"),
    [
        ([1.0], [0.002], [0.0002], True),
        ([0.95, 0.05], [0.002, 0.0045], [0.0002, 0.0005], False),  # a record right in 95 %
        ([0.999, 0.001], [0.002, 0.0045], [0.0002, 0.0005], False),  # or in 99.9 %
        ([0.5, 0.5], [0.002, 0.0021], [0.0002, 0.0002], True),
        ([0.5, 0.5], [0.002, 0.00239], [0.0002, 0.0002], True),
        ([0.5, 0.5], [0.002, 0.00241], [0.0002, 0.0002], False),
        ([0.9, 0.1], [0.002, 0.002], [0.0001, 0.001], False),  # one peak, but tails of another kind
        ([0.5, 0.5], [0.002, 0.0021], [0.0, 0.0], False),
        ([1.0, 0.0], [0.002, 0.009], [0.0002, 0.0002], True),  # what cannot be does not count
    ],
)
def test_whether_one_bell_may_stand_for_it(weights, means, spreads, one_bell):
    covariances = np.square(spreads)[:, None, None]
    belief = Belief(np.array(weights), np.array(means)[:, None], covariances, "normal")
    assert belief.is_unimodal() is one_bell


def test_kurtosis_of_a_mixture_by_integration():
    weights, means, spreads = np.array([0.7, 0.3]), np.array([0.1, 0.4]), np.array([0.2, 0.1])
    grid = np.linspace(-3, 4, 200_001)
    density = sum(w * norm.pdf(grid, m, s) for w, m, s in zip(weights, means, spreads, strict=True))
    apart = grid - np.trapezoid(grid * density, grid)
    second, fourth = (np.trapezoid(apart**p * density, grid) for p in (2, 4))
    found = _excess_kurtosis(weights, means[:, None], np.square(spreads)[:, None, None])
    assert found[0] == pytest.approx(fourth / second**2 - 3, rel=1e-9)


def test_two_bells_may_stand_side_by_side_only_at_a_slant():
    """Each element alone looks like one bell; together they are two."""
    covariance = np.array([[1.0, 0.99], [0.99, 1.0]]) * 1e-8
    means = np.array([[0.002, 0.002], [0.00205, 0.00195]])
    assert not Belief(np.array([0.5, 0.5]), means, np.array([covariance, covariance]), "normal").is_unimodal()


@settings(max_examples=200, deadline=None)
@given(st.floats(0.01, 0.99), st.floats(0, 0.004), st.floats(1e-4, 1e-3), st.floats(1e-4, 1e-3))
def test_what_is_called_one_bell_has_one_peak(weight, gap, one, other):
    belief = Belief(
        np.array([weight, 1 - weight]), np.array([[0.01], [0.01 + gap]]), np.array([[[one**2]], [[other**2]]]), "normal"
    )
    if belief.is_unimodal():
        grid = np.linspace(0.009, 0.011 + gap, 4001)
        density = weight * norm.pdf(grid, 0.01, one) + (1 - weight) * norm.pdf(grid, 0.01 + gap, other)
        steps = np.sign(np.diff(density))
        steps = steps[steps != 0]
        assert (np.diff(steps) != 0).sum() <= 1
