"""Whole milligrams shared out: nothing lost, ties to the highest index, the same as in plain whole numbers."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.events.sharing import FINEST, HEAVIEST, Shares, shared, shared_beside, shared_beside_one, shared_one, weights

CASES = json.loads((Path(__file__).parents[1] / "cases" / "events.json").read_text("utf-8"))["integer_split"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["mass_mg"]))
def test_the_rule_on_the_published_numbers(case):
    whole = weights(case["fractions"])
    wanted = case["largest_remainder_ties_to_highest_index"]
    assert shared_one(case["mass_mg"], whole) == wanted
    found = shared(np.array([[case["mass_mg"]]]), np.array(whole)[None, :, None])
    assert found[0, :, 0].tolist() == wanted


@st.composite
def divisions(draw):
    """Masses (row, column) and weights (row, share, column), of all sizes that are allowed."""
    rows, shares, columns = (draw(st.integers(1, most)) for most in (3, 9, 3))
    top = draw(st.sampled_from([3, 1000, FINEST // 10]))
    whole = st.integers(0, top)
    mass = st.integers(0, draw(st.sampled_from([5, 10**6, HEAVIEST - 1])))
    masses = np.array(draw(st.lists(mass, min_size=rows * columns, max_size=rows * columns)))
    size = rows * shares * columns
    weight = np.array(draw(st.lists(whole, min_size=size, max_size=size))).reshape(rows, shares, columns)
    weight[:, draw(st.integers(0, shares - 1))] += 1
    return masses.reshape(rows, columns), weight


@given(divisions())
def test_every_share_is_the_one_of_plain_whole_numbers(given_):
    masses, weight = given_
    parts = shared(masses, weight)
    assert (parts.sum(axis=1) == masses).all()
    for row, column in np.ndindex(*masses.shape):
        alone = shared_one(int(masses[row, column]), weight[row, :, column].tolist())
        assert parts[row, :, column].tolist() == alone
        exact = [
            Fraction(int(masses[row, column]) * w, int(weight[row, :, column].sum()))
            for w in weight[row, :, column].tolist()
        ]
        assert all(abs(part - share) < 1 for part, share in zip(alone, exact, strict=True))


@pytest.mark.parametrize("sparse", [0.0, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("shares", [1, 2, 5, 20])
@pytest.mark.parametrize("number", range(3))
def test_rows_shared_by_rules_are_those_of_plain_whole_numbers(sparse, shares, number):
    """However many columns go wholly to one part, are empty, or are really divided."""
    rng = np.random.default_rng([number, shares])
    weight = rng.integers(0, 10**6, (4, shares, 30)) * (rng.random((4, shares, 30)) >= sparse)
    weight[:, rng.integers(shares)] += 1
    masses = rng.integers(0, 10 ** rng.integers(1, 15, (300, 30))) * (rng.random((300, 30)) < 0.7)
    rule = rng.integers(0, 4, 300)
    found = Shares(weight).deal(masses, rule)
    assert found.sum(axis=0).tolist() == masses.tolist()
    for row, column in np.ndindex(*masses.shape):
        wanted = shared_one(int(masses[row, column]), weight[rule[row], :, column].tolist())
        assert found[:, row, column].tolist() == wanted


def test_what_nobody_takes_is_told():
    weight = np.array([[[1, 0], [2, 0]], [[1, 1], [0, 0]]])
    masses = np.array([[5, 1], [5, 0], [5, 1]])
    assert Shares(weight).left_out(masses, np.array([0, 0, 1])).tolist() == [0]
    assert Shares(weight[1:]).left_out(masses, np.array([0, 0, 0])).tolist() == []


@given(divisions(), st.integers(1, 5), st.randoms(use_true_random=False))
def test_origins_close_over_parts_and_over_origins(given_, origins, luck):
    masses, weight = given_
    parts = shared(masses[:, :1], weight[:, :, :1])[:, :, 0]
    total = masses[:, 0].tolist()
    cuts = [sorted(luck.randint(0, mass) for _ in range(origins - 1)) for mass in total]
    beside = np.array([np.diff([0, *cut, mass]) for cut, mass in zip(cuts, total, strict=True)])
    found = shared_beside(beside, parts)
    assert (found >= 0).all()
    assert (found.sum(axis=2) == parts).all()
    assert (found.sum(axis=1) == beside).all()
    for row in range(len(beside)):
        assert found[row].tolist() == shared_beside_one(beside[row].tolist(), parts[row].tolist())


def test_shares_are_exact():
    assert weights(["1/3", "1/3", "1/3"]) == (1, 1, 1)
    assert weights([0.1, 0.2, 0.7]) == (1, 2, 7)
    assert weights([Fraction(1, 6), "5/6"]) == (1, 5)


@pytest.mark.parametrize(
    ("fractions", "code"),
    [
        (["1/2", "1/3"], "shares_not_one"),
        (["3/2", "-1/2"], "shares_negative"),
        ([0.1 + 0.2, 0.7], "shares_not_one"),
        ([Fraction(1, 2**53), 1 - Fraction(1, 2**53)], "shares_too_fine"),
    ],
)
def test_shares_that_do_not_share_are_refused(fractions, code):
    with pytest.raises(InputError) as caught:
        weights(fractions)
    assert caught.value.faults[0].code == code
