"""What melts keeps its elements and origins; what was of the 6000 series is told apart; shares are fine enough."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cesim.events.chain.material import COLUMNS, COUNT, FAMILY, METAL_PAIRS, METALS, SIX_PAIRS, metals, own_pairs
from cesim.events.chain.melting import all_from, bought, fraction, molten, of_alloy
from cesim.events.chain.yard import family
from cesim.ledger.substances import ALLOYS, ORIGINS, PAIRS

POST_ELV = COUNT + ORIGINS.index("post_elv")
PRIMARY = COUNT + ORIGINS.index("primary")
TOLD_APART = COLUMNS.names.index(FAMILY)
BARE = np.array([n for n in METAL_PAIRS if PAIRS[n][1] != "coating"])


@st.composite
def charges(draw):
    """Bales from scrapped cars beside primary: rows, the alloy they are charged for."""
    rows = np.zeros((draw(st.integers(1, 4)), COLUMNS.width), dtype=np.int64)
    for row in rows:
        row[BARE] = draw(arrays(np.int64, BARE.size, elements=st.integers(0, 10**9)))
        row[POST_ELV] = row[:COUNT].sum()
    metal = of_alloy(0, draw(arrays(np.float64, len(METALS), elements=st.floats(0, 1e9))))
    return np.concatenate([rows, metal[None]]), draw(st.integers(0, len(ALLOYS) - 1))


@settings(max_examples=60, deadline=None)
@given(charges())
def test_a_melt_keeps_elements_and_origins(given):
    rows, alloy = given
    charge, own = rows.sum(axis=0), int(family(rows).sum())
    melt = molten([alloy], charge[None], np.array([own]))
    assert (metals(melt) == metals(charge[None])).all()
    assert melt[0, own_pairs(ALLOYS[alloy])].sum() == melt[0, :COUNT].sum() == charge[:COUNT].sum()
    assert melt[0, TOLD_APART] == rows[:-1, SIX_PAIRS].sum()
    assert melt[0, TOLD_APART] + melt[0, POST_ELV] == charge[POST_ELV]
    assert melt[0, PRIMARY] == charge[PRIMARY]
    COLUMNS.check(melt)


def test_remelted_the_family_stays_what_it_was():
    rows = np.zeros((2, COLUMNS.width), dtype=np.int64)
    rows[0, own_pairs("6016")[0]], rows[0, TOLD_APART], rows[0, PRIMARY] = 100, 40, 60
    rows[1, own_pairs("5xxx")[0]], rows[1, POST_ELV] = 50, 50
    assert family(rows).tolist() == [40, 0]
    melt = molten([8], rows.sum(axis=0)[None], np.array([40]))
    assert (melt[0, TOLD_APART], melt[0, POST_ELV], melt[0, PRIMARY]) == (40, 50, 60)


@given(st.floats(0, 1))
def test_shares_are_as_fine_as_lots_need(share):
    exact = fraction(share)
    assert exact.denominator <= 10**15
    assert abs(exact - Fraction(share)) * 2**50 < 1


@given(st.floats(0, 1e12), arrays(np.float64, len(ORIGINS), elements=st.floats(0.001, 1)))
def test_what_is_bought_has_its_origins(mass, origin):
    row = bought(8, np.full(len(METALS), mass / len(METALS)), origin)
    COLUMNS.check(row[None])
    wanted = row[:COUNT].sum() * origin / origin.sum()
    assert np.abs(row[COUNT : COUNT + len(ORIGINS)] - wanted).max() <= len(ORIGINS)


def test_another_origin_for_all_of_it():
    row = all_from(of_alloy(0, np.full(len(METALS), 7.0)), POST_ELV)
    assert row[POST_ELV] == row[COUNT:].sum() == 70
