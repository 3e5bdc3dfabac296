"""Attribution from a sample of orders: as the exact one, with the error of the sample on top."""

from __future__ import annotations

import numpy as np
import pytest

from cesim.errors import InputError, NoAnswer
from cesim.plan.games import Attribution, NotResolvable, Players, Target, attribute, attribute_sampled, coalitions

NAMES = tuple("abcdefghij")
PLAYERS = Players(NAMES, {"b": frozenset("a")})


def lanes_of(draws, seed=0):
    """Saturating measures of which j does nothing, with luck of their own in every draw."""
    rng = np.random.default_rng(seed)
    strength = dict(zip(NAMES, rng.uniform(0.1, 0.4, (10, draws)), strict=True)) | {"j": np.zeros(draws)}

    def lanes(sets):
        return np.array([1 - np.exp(-sum((strength[name] for name in sorted(some)), np.zeros(draws))) for some in sets])

    return lanes


@pytest.mark.parametrize("draws", [50, 1000])
def test_a_sample_tells_what_all_coalitions_tell(draws):
    lanes, target = lanes_of(draws), Target(0.9)
    game = coalitions(PLAYERS)
    whole = attribute(game, lanes(game.sets), target)
    found = attribute_sampled(PLAYERS, lanes, target=target, budget=500, seed=1)
    assert found.sample.coalitions <= 500 < len(game.sets)
    quantities = ("mean", "shortfall") if draws < 1000 else ("mean", "shortfall", "chance")
    for row, of in enumerate(quantities):
        exact, told = getattr(whole, of), getattr(found.told, of)
        assert isinstance(told, Attribution)
        assert (told.of, told.draws) == (of, draws)
        assert told.before == exact.before
        assert told.after == exact.after
        assert told.total == exact.total
        assert sum(share.value for share in told.shares) == pytest.approx(told.total.value, rel=0, abs=1e-9)
        for share, known, sampling in zip(told.shares, exact.shares, found.sample.error[:, row], strict=True):
            assert abs(share.value - known.value) <= 4 * sampling
            assert share.error == pytest.approx(np.hypot(known.error, sampling), rel=0.2, abs=1e-12)
        assert told.shares[-1].standing == "none"
        assert told.shares[0].standing == "resolved"
    if draws < 1000:
        assert found.told.chance == NotResolvable("chance", "too_few_draws", 50, 1000) == whole.chance


def test_without_a_target_there_is_only_the_mean():
    found = attribute_sampled(PLAYERS, lanes_of(20), plan="abcdef", budget=30)
    assert (found.told.shortfall, found.told.chance) == (None, None)
    assert [share.player for share in found.told.mean.shares] == list("abcdef")
    assert found.sample.shares.shape == (6, 1, 20)


@pytest.mark.parametrize("target", [Target(5.0), Target(-5.0)])
def test_a_chance_that_nothing_changes_is_not_resolvable(target):
    found = attribute_sampled(PLAYERS, lanes_of(1000), target=target, budget=60)
    assert found.told.chance == NotResolvable("chance", "never_differs", 1000, 1000)


def test_the_wanted_error_is_that_of_the_orders_in_mean_and_shortfall():
    lanes = lanes_of(30)
    loose = attribute_sampled(PLAYERS, lanes, target=Target(0.8), budget=640, wanted=0.003)
    assert loose.sample.ended == "error"
    assert loose.sample.error.shape == (10, 3)
    assert loose.sample.error[:, :2].max() <= 0.003 < loose.sample.error[:, 2].max()
    same = attribute_sampled(PLAYERS, lanes, budget=640, wanted=0.003)
    assert same.sample.ended == "error"
    assert same.sample.error.shape == (10, 1)


def test_one_draw_has_the_error_of_the_orders_alone():
    found = attribute_sampled(PLAYERS, lanes_of(1), budget=500)
    for share, error in zip(found.told.mean.shares[:-1], found.sample.error[:, 0], strict=False):
        assert share.error == error
        assert share.standing in ("resolved", "within_error")
    last = found.told.mean.shares[-1]
    assert (last.standing, last.error) == ("none", None)


@pytest.mark.parametrize("shape", [(), (0,), (2, 2)])
def test_lanes_of_another_shape_are_refused(shape):
    with pytest.raises(InputError) as caught:
        attribute_sampled(PLAYERS, lambda sets: np.zeros((len(sets), *shape)), budget=99)
    assert caught.value.faults[0].code == "game_shape"


def test_a_lane_without_an_answer_is_told_by_its_measures_and_its_draw():
    def lanes(sets):
        return [[1.0, np.nan if some == frozenset(NAMES) else 1.0] for some in sets]

    with pytest.raises(NoAnswer) as caught:
        attribute_sampled(PLAYERS, lanes, budget=99)
    told = caught.value.faults[0].arguments
    assert (told["coalition"], told["index"]) == (" + ".join(NAMES), "1")
