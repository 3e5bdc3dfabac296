"""Elementary effects: SALib's values, a function worked by hand, and groups."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.sweep.sensitivity import Resampling, Unvarying, morris

DELTA = 2 / 3
"""Step of four levels."""


def sides(y, x):
    """Both sides of the step of each factor, from SALib's runs: trajectories of columns + 1 rows."""
    columns = x.shape[1]
    walks, steps = y.reshape(-1, columns + 1), np.diff(x.reshape(-1, columns + 1, columns), axis=1)
    step = np.abs(steps).argmax(axis=1)  # (trajectory, factor): the step that moves it
    moved = np.take_along_axis(steps, step[:, None, :], axis=1)[:, 0]
    at = np.arange(len(walks))[:, None]
    return walks[at, step], walks[at, step + 1], np.sign(moved).astype(np.int64)


def sampled(problem, trajectories):
    from SALib.sample import morris as sample

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sample.sample(problem, trajectories, num_levels=4, seed=3)


def curved(x):
    return 3 * x[:, 0] - 2 * x[:, 1] ** 2 + 4 * x[:, 2] * x[:, 3] + 0.0 * x[:, 4]


PROBLEM = {"num_vars": 5, "names": list("abcde"), "bounds": [[0.0, 1.0]] * 5}


def test_the_same_runs_give_the_values_of_salib():
    from SALib.analyze import morris as theirs

    x = sampled(PROBLEM, 50)
    y = curved(x)
    wanted = theirs.analyze(PROBLEM, x, y, num_levels=4, seed=1, num_resamples=400)
    told = morris(*sides(y, x), DELTA, Resampling(400))
    for found, key in ((told.mu, "mu"), (told.mu_star, "mu_star"), (told.sigma, "sigma")):
        np.testing.assert_allclose(found.value, np.asarray(wanted[key], float), rtol=0, atol=1e-9)
    assert told.signed == (0, 1, 2, 3, 4)
    assert told.trajectories == 50
    assert told.sigma.resampled.shape == told.mu_star.resampled.shape == (400, 5)
    np.testing.assert_allclose(told.sigma.resampled.mean(axis=0), told.sigma.value, rtol=0.1, atol=1e-9)
    # other resamples, but of the same trajectories
    np.testing.assert_allclose(told.mu_star.width / 2, np.asarray(wanted["mu_star_conf"], float), rtol=0.2, atol=1e-9)


def test_groups_have_the_mean_sizes_of_salib_and_no_sign():
    from SALib.analyze import morris as theirs

    grouped = {**PROBLEM, "groups": ["g", "g", "h", "i", "i"]}
    x = sampled(grouped, 40)
    y = curved(x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = theirs.analyze(grouped, x, y, num_levels=4, seed=1)
    walks, steps = y.reshape(-1, 4), np.sign(np.diff(x.reshape(-1, 4, 5), axis=1)).astype(np.int64)
    groups = [[0, 1], [2], [3, 4]]
    step = np.stack([np.abs(steps[:, :, group[0]]).argmax(axis=1) for group in groups], axis=1)
    ways = [np.take_along_axis(steps[:, :, g], step[:, n, None, None], axis=1)[:, 0] for n, g in enumerate(groups)]
    direction = np.stack([np.where(way.min(axis=1) == way.max(axis=1), way[:, 0], 0) for way in ways], axis=1)
    at = np.arange(len(walks))[:, None]
    told = morris(walks[at, step], walks[at, step + 1], direction, DELTA)
    np.testing.assert_allclose(told.mu_star.value, np.asarray(wanted["mu_star"], float), rtol=0, atol=1e-9)
    assert told.signed == (1,)
    assert told.mu.value.shape == told.sigma.value.shape == (1,)
    np.testing.assert_allclose(told.mu.value[0], np.asarray(wanted["mu"], float)[1], atol=1e-9)


def test_a_line_has_its_slopes_whichever_way_the_steps_go():
    random = np.random.default_rng(0)
    slopes, direction = np.array([3.0, -2.0, 0.0]), random.choice([-1, 1], size=(20, 3))
    before = random.normal(size=(20, 3))
    told = morris(before, before + slopes * direction * 0.5, direction, 0.5)
    np.testing.assert_allclose(told.mu.value, slopes, atol=1e-12)
    np.testing.assert_allclose(told.mu_star.value, np.abs(slopes), atol=1e-12)
    np.testing.assert_allclose(told.sigma.value, 0.0, atol=1e-12)
    np.testing.assert_allclose(told.mu_star.width, 0.0, atol=1e-12)


def test_opposite_effects_cancel_in_the_mean_only():
    up = np.ones((10, 1), dtype=np.int64)
    after = np.where(np.arange(10) % 2, 1.0, -1.0)[:, None]
    told = morris(np.zeros((10, 1)), after, up, 0.5)
    assert told.mu.value[0] == 0.0
    assert told.mu_star.value[0] == 2.0
    assert told.sigma.value[0] == pytest.approx(2.0 * np.sqrt(10 / 9))
    assert told.mu.low[0] < 0.0 < told.mu.high[0]


def flat(trajectories=10, value=3.0):
    return np.full((trajectories, 2), value), np.full((trajectories, 2), value), np.ones((trajectories, 2), np.int64)


def test_a_result_that_does_not_vary_has_no_effects():
    assert morris(*flat(), 0.5) == Unvarying("does_not_vary", 3.0, 10)


@pytest.mark.parametrize("which", [0, 1])
def test_a_value_that_is_no_number_is_refused(which):
    given = list(flat())
    given[which][2, 1] = np.nan
    with pytest.raises(InputError) as caught:
        morris(*given, 0.5, name="cost")
    assert caught.value.faults[0].code == "sweep_values_not_finite"
    assert caught.value.faults[0].arguments == {"found": 1, "total": 40}


@pytest.mark.parametrize(
    ("given", "delta", "code"),
    [
        (flat(3), 0.5, "sweep_too_few_trajectories"),
        (flat(), 0.0, "sweep_step_of_nothing"),
        (flat(), float("nan"), "sweep_step_of_nothing"),
        ((flat()[0], flat(9)[1], flat()[2]), 0.5, "sweep_values_shape"),
        ((flat()[0], flat()[1], flat(9)[2]), 0.5, "sweep_values_shape"),
    ],
)
def test_bad_input_is_refused(given, delta, code):
    with pytest.raises(InputError) as caught:
        morris(*given, delta)
    assert caught.value.faults[0].code == code
