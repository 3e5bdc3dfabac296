"""Bales dealt to heats in their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.events.chain.dealing import dealt

masses = st.lists(st.floats(0.0, 50.0), min_size=1, max_size=12).map(np.array)


@given(masses, masses)
def test_heats_get_what_they_want_as_far_as_the_pile_reaches(bales, heats):
    pieces = dealt(bales, heats)
    asked = np.minimum(np.cumsum(heats), bales.sum())
    got = np.bincount(pieces.heat, pieces.amount, heats.size)
    assert got == pytest.approx(np.diff(asked, prepend=0.0), abs=1e-9)
    given = np.bincount(pieces.bale, pieces.amount, bales.size)
    assert (given <= bales + 1e-9).all()
    assert (np.diff(pieces.bale) >= 0).all()
    assert (np.diff(pieces.heat) >= 0).all()
    whole = np.flatnonzero(given > 0)
    assert given[whole[:-1]] == pytest.approx(bales[whole[:-1]], abs=1e-9)


def test_a_bale_is_cut_where_a_heat_is_full():
    pieces = dealt(np.array([5.0, 5.0, 5.0]), np.array([7.0, 0.0, 4.0]))
    found = list(zip(pieces.bale.tolist(), pieces.heat.tolist(), pieces.amount.tolist(), strict=True))
    assert found == [(0, 0, 5.0), (1, 0, 2.0), (1, 2, 3.0), (2, 2, 1.0)]


def test_of_nothing_nothing_is_dealt():
    assert dealt(np.zeros(0), np.array([3.0])).amount.size == 0
    assert dealt(np.array([3.0]), np.zeros(2)).amount.size == 0
