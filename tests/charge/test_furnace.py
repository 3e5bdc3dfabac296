"""Furnaces: what is charged is in the melt or lost, and composition is mass over mass."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.charge import Addition, Energy, Furnace
from cesim.errors import InputError

ELEMENTS = ("Si", "Mg", "Zn")
ENERGY = Energy(3.0, 2000.0, 0.05)
RECOVERIES = {"Al": 0.97, "Si": 1.0, "Mg": 0.95, "Zn": 0.99}
CHARGED = st.lists(
    st.tuples(st.floats(0.1, 50), st.floats(0, 0.1), st.floats(0, 0.05), st.floats(0, 0.05)), min_size=1, max_size=6
)


@given(CHARGED)
def test_what_is_charged_is_in_the_melt_or_lost(charge):
    array = np.array(charge)
    for furnace in (Furnace(12.0, ENERGY, recoveries=RECOVERIES), Furnace(12.0, ENERGY, yields=0.93)):
        melt = furnace.melt(array[:, 0], array[:, 1:], ELEMENTS)
        assert melt.mass + melt.lost == pytest.approx(array[:, 0].sum(), rel=1e-12)
        assert melt.aluminium + melt.content.sum() == pytest.approx(melt.mass, rel=1e-12)
        assert melt.lost >= 0
        assert melt.aluminium >= 0


@given(CHARGED)
def test_with_one_yield_no_element_is_lost_and_all_are_enriched(charge):
    array = np.array(charge)
    melt = Furnace(12.0, ENERGY, yields=0.93).melt(array[:, 0], array[:, 1:], ELEMENTS)
    np.testing.assert_allclose(melt.content, array[:, 0] @ array[:, 1:], rtol=1e-12)
    np.testing.assert_allclose(melt.fraction, array[:, 0] @ array[:, 1:] / (0.93 * array[:, 0].sum()), rtol=1e-12)


def test_recoveries_act_on_their_own_element():
    melt = Furnace(12.0, ENERGY, recoveries=RECOVERIES).melt([10.0], [[0.01, 0.02, 0.03]], ELEMENTS)
    np.testing.assert_allclose(melt.content, [0.1, 0.19, 0.297])
    assert melt.aluminium == pytest.approx(10 * 0.94 * 0.97)


def test_yields_by_source():
    furnace = Furnace(12.0, ENERGY, yields={"clip": 0.98, "hood": 0.95})
    content, mass = furnace.transfer([[0.01], [0.02]], ("Si",), ("hood", "clip"))
    np.testing.assert_allclose(mass, [0.95, 0.98])
    np.testing.assert_allclose(content, [[0.01], [0.02]])
    for names in (("hood", "cast"), ()):
        with pytest.raises(InputError) as caught:
            furnace.transfer([[0.01], [0.02]], ("Si",), names)
        assert caught.value.faults[0].code == "charge_unnamed"


def test_nothing_is_assumed_of_an_element_without_a_recovery():
    with pytest.raises(InputError) as caught:
        Furnace(12.0, ENERGY, recoveries=RECOVERIES).transfer([[0.01]], ("Pb",))
    assert caught.value.faults[0].arguments["found"] == "Pb"


def test_more_elements_than_metal_left():
    with pytest.raises(InputError) as caught:
        Furnace(12.0, ENERGY, yields=0.5).transfer([[0.6]], ("Si",))
    assert caught.value.faults[0].code == "charge_melts_away"


def test_many_draws_at_once():
    furnace = Furnace(12.0, ENERGY, recoveries=RECOVERIES)
    rng = np.random.default_rng(0)
    masses, compositions = rng.uniform(0, 5, (7, 3)), rng.uniform(0, 0.1, (7, 3, 3))
    together = furnace.melt(masses, compositions, ELEMENTS)
    for at in range(7):
        alone = furnace.melt(masses[at], compositions[at], ELEMENTS)
        np.testing.assert_allclose(together.fraction[at], alone.fraction)
        assert together.mass[at] == pytest.approx(alone.mass)


def test_pure_metals_and_master_alloys():
    elements = ("Al", "Si", "Mn")
    np.testing.assert_allclose(Addition("Si", {"Si": 1.0}, 4.5e5, 10.0).content(elements), [0, 1, 0])
    np.testing.assert_allclose(Addition("AlMn75", {"Mn": 0.75}, 5e5, 9.0).content(elements), [0.25, 0, 0.75])
    np.testing.assert_allclose(Addition("AlSi50", {"Si": 0.5, "Al": 0.5}, 4e5, 9.0).content(elements), [0.5, 0.5, 0])
    np.testing.assert_allclose(
        Addition("P1020", {"Si": 0.001, "Fe": 0.002}, 4e5, 12.0).content(elements), [0.997, 0.001, 0]
    )
