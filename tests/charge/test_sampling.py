"""Sampling and assays: how wrong a reading is, and what a reading below the limit of detection says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.charge import AssayError, SamplingPlan
from cesim.errors import InputError


def plan(**changed):
    given = {
        "increments": 4, "increment_mass": 0.005, "heterogeneity": 5e-4, "lot_mass": 12.0,
        "assay_error": AssayError(0.03), "limit_of_detection": 0.0, "minimum_mass": 0.01, **changed,
    }  # fmt: skip
    return SamplingPlan(**given)


def test_more_mass_or_more_increments_err_less():
    base = plan()
    assert base.relative_variance() == pytest.approx(5e-4 * (1 / 0.02 - 1 / 12))
    assert plan(increment_mass=0.01).relative_variance() < base.relative_variance()
    patchy = [plan(increments=n, increment_mass=0.02 / n, segregation=0.4).relative_variance() for n in (1, 2, 8)]
    fundamental = float(base.relative_variance())
    np.testing.assert_allclose(np.array(patchy) - fundamental, 0.16 / np.array([1, 2, 8]))


def test_the_whole_lot_has_no_sampling_error():
    assert plan(increments=1, increment_mass=12.0).relative_variance() == 0.0


@given(st.floats(0.01, 1.0), st.floats(1e-6, 1e-2), st.floats(0.5, 50.0))
def test_the_least_sample_has_just_the_error_asked_for(relative, heterogeneity, lot):
    mass = SamplingPlan.mass_for(relative, heterogeneity, lot)
    assert 0 < mass < lot
    found = plan(increments=1, increment_mass=mass, heterogeneity=heterogeneity, lot_mass=lot, minimum_mass=mass)
    assert found.relative_variance() == pytest.approx(relative**2, rel=1e-6)


def test_a_sample_below_the_minimum_is_refused_unless_forced():
    with pytest.raises(InputError) as caught:
        plan(minimum_mass=0.021)
    fault = caught.value.faults[0]
    assert fault.code == "charge_sample_too_small"
    assert (fault.arguments["found"], fault.arguments["least"]) == (0.02, 0.021)
    assert plan(minimum_mass=0.021, forced=True).sample_mass == 0.02
    assert plan(minimum_mass=0.02).sample_mass == 0.02


def test_readings_are_right_on_average_and_scatter_as_stated():
    made = plan(assay_error=AssayError(0.1, 2e-4), limit_of_detection=1e-9, increments=20)
    true = np.broadcast_to([0.003, 0.006], (300_000, 2))
    measured, censored = made.measure(np.random.default_rng(0), true)
    assert not censored.any()
    error = made.standard_error([0.003, 0.006])
    np.testing.assert_allclose(measured.mean(axis=0), [0.003, 0.006], atol=5 * error.max() / 300_000**0.5)
    np.testing.assert_allclose(measured.std(axis=0), error, rtol=0.01)
    relative = (1 + float(made.relative_variance())) * 1.01 - 1
    np.testing.assert_allclose(error**2, np.array([0.003, 0.006]) ** 2 * relative + 4e-8)
    assert abs(np.corrcoef(measured.T)[0, 1]) < 0.01


def test_an_error_for_each_element():
    made = plan(heterogeneity=np.array([1e-4, 1e-2]), limit_of_detection=np.array([0.0, 0.002]))
    measured, censored = made.measure(np.random.default_rng(0), np.full((1000, 2), 0.001))
    assert not censored[:, 0].any()
    assert censored[:, 1].mean() > 0.8
    assert measured[:, 0].std() < 0.1 * 0.001


@pytest.mark.parametrize(("substitution", "written"), [(None, 1.0), ("half", 0.5), ("root", 0.5**0.5), ("zero", 0.0)])
def test_below_the_limit_of_detection(substitution, written):
    made = plan(limit_of_detection=0.001)
    measured, censored = made.measure(np.random.default_rng(0), np.array([1e-5, 0.1]), substitution)
    np.testing.assert_array_equal(censored, [True, False])
    assert measured[0] == pytest.approx(written * 0.001)
    assert measured[1] > 0.001


def test_a_perfect_plan_reads_the_truth():
    made = plan(heterogeneity=0.0, assay_error=AssayError())
    true = np.array([[0.001, 0.0], [0.3, 0.01]])
    measured, censored = made.measure(np.random.default_rng(0), true)
    np.testing.assert_array_equal(measured, true)
    assert not censored.any()


def test_accepted_lots_are_cleaner_on_paper_than_in_truth():
    rng = np.random.default_rng(0)
    true = 0.003 * rng.lognormal(0, 0.3, 100_000)
    measured, _ = plan(assay_error=AssayError(0.3)).measure(rng, true)
    taken = measured <= 0.003
    assert measured[taken].mean() < true[taken].mean() * 0.97
