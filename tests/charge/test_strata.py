"""Heats by what is wrong in them: against every pattern of wrong records, written out."""

from itertools import product

import numpy as np
import pytest
from exact_mixtures import charge_of, pairs, risk_of, triple, two_bells
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.charge.heats import Heats
from cesim.charge.strata import SURE, strata


def beliefs():
    return [np.array([0.9, 0.07, 0.03]), np.array([0.8, 0.2]), np.array([1.0]), np.array([0.05, 0.95])]


def chances(weights):
    """Probability of every pattern of components."""
    patterns = list(product(*(range(own.size) for own in weights)))
    return {
        pattern: float(np.prod([own[at] for own, at in zip(weights, pattern, strict=True)])) for pattern in patterns
    }


def kind(pattern, weights):
    """Which stratum a pattern is in."""
    wrong = [(lot, at) for lot, at in enumerate(pattern) if at != weights[lot].argmax()]
    return "none" if not wrong else wrong[0] if len(wrong) == 1 else "several"


def test_the_strata_are_all_there_is_each_as_likely_as_it_is():
    weights = beliefs()
    drawn = strata(weights, 50_000, np.random.default_rng(0))
    expected = {}
    for pattern, chance in chances(weights).items():
        own = kind(pattern, weights)
        expected[own] = expected.get(own, 0.0) + chance
    begins = np.cumsum(drawn.heats) - drawn.heats
    found = {}
    for begin, count, chance in zip(begins, drawn.heats, drawn.probability, strict=True):
        kinds = {
            kind(tuple(column), weights) for column in np.unique(drawn.components[:, begin : begin + count].T, axis=0)
        }
        assert len(kinds) == 1
        found[kinds.pop()] = chance
    assert found == pytest.approx({own: chance for own, chance in expected.items() if chance > 0.0})


def test_where_several_are_wrong_every_pattern_comes_as_often_as_it_should():
    weights = beliefs()
    drawn = strata(weights, 400_000, np.random.default_rng(1))
    last = drawn.components[:, -drawn.heats[-1] :].T.tolist()
    several = {pattern: p for pattern, p in chances(weights).items() if kind(pattern, weights) == "several" and p > 0}
    whole = sum(several.values())
    for pattern, chance in several.items():
        share = chance / whole
        error = (share * (1 - share) / len(last)) ** 0.5
        assert last.count(list(pattern)) / len(last) == pytest.approx(share, abs=5 * error)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4).filter(sum), min_size=0, max_size=5),
    st.integers(1, 3_000), st.booleans(),
)  # fmt: skip
def test_they_always_add_up(given_weights, heats, guessed):
    weights = [np.array(own) / sum(own) for own in given_weights]
    drawn = strata(weights, heats, np.random.default_rng(2))
    if guessed:
        drawn = strata(weights, heats, np.random.default_rng(2), np.linspace(0.001, 0.999, drawn.heats.size))
    assert drawn.probability.sum() == pytest.approx(1.0)
    assert drawn.heats.min() >= 1
    assert heats <= drawn.heats.sum() == drawn.components.shape[1] <= heats + drawn.heats.size
    none, every = (np.full(drawn.components.shape[1], off) for off in (False, True))
    assert 0.0 < drawn.risk(none) < drawn.risk(every)
    assert drawn.risk(every) == pytest.approx(1.0, abs=SURE)
    for lot, own in enumerate(weights):
        assert (own[drawn.components[lot]] > 0.0).all()


@pytest.mark.parametrize("lots", [pairs(0.95)[0], pairs(0.99)[1], pairs(0.97)[4], triple(0.98)], ids=range(4))
@pytest.mark.parametrize("guessed", [False, True])
def test_the_risk_is_the_exact_one_as_surely_as_it_says(lots, guessed):
    sheet = charge_of(lots, 0.01).sheet
    x = np.full(len(lots), 0.5 / len(lots))
    masses = np.array([*x, 0.5])
    exact = float(risk_of(x[:, None], lots)[0])
    told = []
    for seed in range(24):
        guess = Heats(sheet, 5_000, "pilot", seed).risks(masses) if guessed else None
        told.append(Heats(sheet, 50_000, "calibrate", seed, guess).risk(masses))
    # one and a half standard deviations on the safe side: too low in one of fifteen
    assert np.sum(np.array(told) < exact) <= 6
    assert exact < np.mean(told) < 1.06 * exact


def test_what_is_stated_needs_no_counting():
    """Past the cliff a wrong record always misses: a plain count of as many heats scatters by three per cent."""
    lot = two_bells(reliability=0.99)
    sheet = charge_of([lot], 0.01).sheet
    risk = Heats(sheet, 100_000, "calibrate", 0).risk(np.array([0.65, 0.35]))
    assert risk == pytest.approx(float(risk_of(np.array([[0.65]]), [lot])[0]), rel=0.003)


def test_along_a_way_is_as_if_counted_anew():
    lots = triple(0.95)
    heats = Heats(charge_of(lots, 0.01).sheet, 30_000, "calibrate", 3)
    first, second = np.array([0.3, 0.1, 0.0, 0.6]), np.array([0.1, 0.5, 0.3, 0.1])
    along = heats.along(first, second)
    for share in (0.0, 0.125, 0.5, 0.9, 1.0):
        assert along(share) == pytest.approx(heats.risk(first + share * (second - first)), rel=1e-3)
