"""Luck told apart from the effect of the parameters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cesim.errors import InputError
from cesim.sweep.sensitivity import Noise, Unvarying, replicate_noise, replicates_for, replicates_worth

# The yield of dyestuff from six batches, five samples each (Davies and Goldsmith, Statistical Methods in Research and
# Production, 1972, section 6.4; the data set Dyestuff of lme4, which estimates 1764 among batches and 2451 within)
DYESTUFF = np.array(
    [
        [1545, 1440, 1440, 1520, 1580],
        [1540, 1555, 1490, 1560, 1495],
        [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545],
        [1595, 1630, 1515, 1635, 1625],
        [1520, 1455, 1450, 1480, 1445],
    ],
    dtype=float,
)


def drawn(points, replicates, share, seed=0, kind="normal"):
    random = np.random.default_rng(seed)
    effect = random.normal(size=points) if kind == "normal" else random.exponential(size=points) - 1.0
    luck = random.normal(size=(points, replicates))
    return np.sqrt(1 - share) * effect[:, None] + np.sqrt(share) * luck


def test_the_dyestuff_has_its_published_variances(monkeypatch):
    monkeypatch.setattr("cesim.sweep.sensitivity.noise.FEWEST_POINTS", 6)
    told = replicate_noise(DYESTUFF)
    assert told.noise == pytest.approx(2451.25)
    assert told.effect == pytest.approx(1764.05)
    assert told.share == pytest.approx(2451.25 / (2451.25 + 1764.05))
    assert told.low < told.share < told.high


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_planted_share_is_found(share):
    told = replicate_noise(drawn(2000, 4, share))
    assert told.share == pytest.approx(share, abs=0.03)
    assert told.low < share < told.high
    assert told.high - told.low < 0.12
    assert (told.points, told.replicates, told.level) == (2000, 4, 0.95)


@pytest.mark.parametrize(("points", "replicates"), [(10, 2), (25, 4)])
def test_the_interval_is_that_of_leaving_out_one_point_after_the_other(points, replicates):
    values, told = drawn(points, replicates, 0.4, 3), replicate_noise(drawn(points, replicates, 0.4, 3))

    def log_ratio(left):
        return np.log(replicates * left.mean(axis=1).var(ddof=1) / left.var(axis=1, ddof=1).mean())

    pseudo = [
        points * log_ratio(values) - (points - 1) * log_ratio(np.delete(values, i, axis=0)) for i in range(points)
    ]
    half = stats.t(points - 1).ppf(0.975) * np.std(pseudo, ddof=1) / np.sqrt(points)
    ends = np.exp([np.mean(pseudo) + half, np.mean(pseudo) - half])
    assert (told.low, told.high) == pytest.approx(tuple(replicates / (np.maximum(ends, 1.0) - 1.0 + replicates)))


def test_a_higher_level_asks_for_a_wider_interval():
    wide, narrow = (replicate_noise(drawn(100, 3, 0.5), level) for level in (0.99, 0.9))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_no_noise_and_nothing_but_noise():
    still = np.repeat(np.arange(20.0)[:, None], 3, axis=1)
    told = replicate_noise(still)
    assert (told.noise, told.share, told.low, told.high) == (0.0, 0.0, 0.0, 0.0)
    alike = np.tile([-1.0, 0.0, 1.0], (20, 1))
    told = replicate_noise(alike)
    assert (told.effect, told.share, told.low, told.high) == (0.0, 1.0, 0.0, 1.0)
    chance = replicate_noise(np.random.default_rng(1).normal(size=(200, 3)))
    assert chance.high == 1.0
    assert chance.low > 0.8


def test_noise_at_one_point_alone_says_nothing_of_the_others():
    values = np.repeat(np.arange(20.0)[:, None], 3, axis=1)
    values[4, 1] += 1.0
    told = replicate_noise(values)
    assert told.noise > 0.0
    assert (told.low, told.high) == (0.0, 1.0)


@settings(max_examples=30, deadline=None)
@given(factor=st.floats(1e-3, 1e3), shift=st.floats(-100, 100), seed=st.integers(0, 50))
def test_units_points_and_replicates_in_another_order_change_nothing(factor, shift, seed):
    values, random = drawn(40, 3, 0.4), np.random.default_rng(seed)
    told = replicate_noise(values)
    turned = replicate_noise(factor * (random.permuted(values[random.permutation(40)], axis=1) + shift))
    for part in ("share", "low", "high"):
        assert getattr(turned, part) == pytest.approx(getattr(told, part), abs=1e-9)
    assert turned.noise == pytest.approx(factor**2 * told.noise, rel=1e-6)


def test_a_result_that_does_not_vary_has_no_share():
    assert replicate_noise(np.full((20, 3), 2.0)) == Unvarying("does_not_vary", 2.0, 20)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.where(np.arange(60).reshape(20, 3) == 7, np.nan, 1.0), "sweep_values_not_finite"),
        (np.zeros((9, 3)), "sweep_too_few_points"),
        (np.zeros((20, 1)), "sweep_too_few_replicates"),
        (np.zeros(20), "sweep_values_shape"),
    ],
)
def test_bad_input_is_refused(values, code):
    with pytest.raises(InputError) as caught:
        replicate_noise(values)
    assert caught.value.faults[0].code == code
    with pytest.raises(InputError, match="confidence"):
        replicate_noise(drawn(20, 3, 0.5), 1.0)


def of(noise, effect):
    return Noise(noise, effect, noise / (noise + effect), 0.0, 1.0, 100, 3, 0.95)


@pytest.mark.parametrize(
    ("noise", "effect", "point", "replicate", "best"),
    [(4.0, 1.0, 9.0, 1.0, 6), (1.0, 1.0, 0.0, 1.0, 1), (1.0, 9.0, 1.0, 1.0, 1), (0.0, 1.0, 9.0, 1.0, 1)],
)
def test_as_many_replicates_as_the_formula_says(noise, effect, point, replicate, best):
    # sqrt(noise point / (effect replicate)): sqrt(36) = 6
    told = replicates_worth(of(noise, effect), point, replicate)
    assert told.best == best
    assert told.code == ("best" if best > 1 else "one_is_enough")
    assert told.saving == pytest.approx(1 - (effect + noise / best) * (point + best * replicate) / (
        (effect + noise) * (point + replicate)
    ))  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(noise=st.floats(0, 100), effect=st.floats(0.01, 100), point=st.floats(0, 100), replicate=st.floats(0.01, 10))
def test_no_other_number_of_replicates_is_better(noise, effect, point, replicate):
    told = replicates_worth(of(noise, effect), point, replicate)
    r = np.arange(1, 2000)
    error = (effect + noise / r) * (point + r * replicate)
    if told.best < 2000:
        assert error[told.best - 1] <= error.min() * (1 + 1e-12)
    assert 0.0 <= told.saving < 1.0


def test_nothing_but_noise_has_no_best_number():
    told = replicates_worth(of(1.0, 0.0), 1.0, 1.0)
    assert (told.code, told.best, told.saving) == ("only_noise", None, 0.0)
    assert replicates_for(of(1.0, 0.0), 0.1) is None


@pytest.mark.parametrize(("most", "wanted"), [(0.5, 1), (0.25, 3), (0.1, 9), (0.01, 99)])
def test_replicates_that_bring_the_noise_down(most, wanted):
    assert replicates_for(of(1.0, 1.0), most) == wanted
    assert replicates_for(of(4.0, 2.0), most) == 2 * wanted
    assert replicates_for(of(0.0, 1.0), most) == 1


@pytest.mark.parametrize(("point", "replicate"), [(-1.0, 1.0), (1.0, 0.0), (float("nan"), 1.0), (1.0, float("inf"))])
def test_costs_that_mean_nothing_are_refused(point, replicate):
    with pytest.raises(InputError) as caught:
        replicates_worth(of(1.0, 1.0), point, replicate)
    assert caught.value.faults[0].code == "sweep_cost"


@pytest.mark.parametrize("most", [0.0, 1.0, float("nan")])
def test_shares_that_mean_nothing_are_refused(most):
    with pytest.raises(InputError) as caught:
        replicates_for(of(1.0, 1.0), most)
    assert caught.value.faults[0].code == "sweep_share"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["normal", "skewed"])
def test_intervals_hold_the_truth_as_often_as_they_say(kind):
    held = 0
    for seed in range(1000):
        told = replicate_noise(drawn(200, 2, 0.5, seed, kind))
        held += told.low <= 0.5 <= told.high
    assert 920 < held < 975
