"""Recycled plastics in car compounds: recipes kept, limits kept, the closed loop first."""

import numpy as np
import pytest
from made_up_system import changed, make
from solved import solved

from cesim.balance.inputs import ELV_RECYCLATES, RECYCLATES
from cesim.balance.plastics import _supplier
from cesim.ledger.substances import COMPONENTS, ITEMS, PAIRS, POLYMERS

YEARS = (2023, 2024)


@pytest.fixture(scope="module")
def answer():
    return solved(make(draws=3, years=2, regions=("a", "b"), melters=2, seed=5))


def mass(answer, year, process_from, process_to, **choice):
    return answer.view.mass(answer.flows[year], process_from, process_to, **choice)


@pytest.mark.parametrize("polymer", POLYMERS)
def test_every_compound_keeps_its_recipe(answer, polymer):
    recipe = answer.system.cars.nominal[0, [n for n, pair in enumerate(PAIRS) if pair[0] == polymer]]
    for year in YEARS:
        whole = mass(answer, year, f"compounding.{polymer}", f"part_making.{polymer}")
        for share, component in zip(recipe, COMPONENTS, strict=True):
            part = mass(answer, year, f"compounding.{polymer}", f"part_making.{polymer}", substance=(component,))
            assert part == pytest.approx(whole * share)


@pytest.mark.parametrize("polymer", POLYMERS)
def test_recyclate_keeps_what_is_approved_and_what_may_be_foreign(answer, polymer):
    p, k = answer.system.plastics, POLYMERS.index(polymer)
    for at, year in enumerate(YEARS):
        made = mass(answer, year, "*", f"compounding.{polymer}")
        used = np.array([mass(answer, year, _supplier(name), f"compounding.{polymer}") for name in RECYCLATES])
        assert (used[~p.admitted[k]] == 0).all()
        assert (used.sum(axis=0) <= made * p.cap[:, at, k] + 1e-9).all()
        assert ((used.T * p.foreign).sum(axis=1) <= made * p.foreign_limit[:, k] + 1e-9).all()
        residue = used[[name.startswith("asr-") for name in RECYCLATES]].sum(axis=0)
        assert (residue <= made * p.asr_cap[:, at] + 1e-9).all()


def test_no_more_recyclate_is_used_than_offered(answer):
    p = answer.system.plastics
    for at, year in enumerate(YEARS):
        for n, name in enumerate(RECYCLATES):
            used = mass(answer, year, _supplier(name), "compounding.*")
            if name in ELV_RECYCLATES:
                pellets = mass(answer, year, f"pelletising.{name}", f"recyclate.{name}")
                sold = mass(answer, year, f"pelletising.{name}", "recyclate_export")
                assert used == pytest.approx(pellets, rel=1e-9, abs=1e-12)
                assert ((pellets > 0) | (sold > 0)).all()
            else:
                assert (used <= p.supply[:, at, n] + 1e-9).all()


def test_compounds_are_what_the_cars_built_need(answer):
    cars = answer.system.cars
    for n, polymer in enumerate(ITEMS[11:23]):
        item = 11 + n
        wanted = cars.built[:, 0, cars.item_class[item]] * cars.split[:, item]
        assert mass(answer, 2023, f"part_making.{polymer}", "assembly") == pytest.approx(wanted)


def test_plastics_from_cars_come_before_all_others():
    """Where only so much is approved, plenty of cheap recyclate from outside displaces none from cars."""
    system = make(draws=4, years=2, regions=("a", "b"), melters=1, seed=6)
    p = system.plastics
    outside = p.supply.copy()
    outside[:, :, len(ELV_RECYCLATES) :] = 1000.0
    cheap = p.price.copy()
    cheap[:, len(ELV_RECYCLATES) :] = 1.0
    few, many = solved(system), solved(changed(system, "plastics", supply=outside, price=cheap))
    for year in YEARS:
        alone, crowded = (
            sum(mass(a, year, f"recyclate.{name}", "compounding.*") for name in ELV_RECYCLATES) for a in (few, many)
        )
        # outside recyclate may use up what filler allows, but never the place of recyclate from cars
        assert crowded == pytest.approx(alone)
        more = [mass(a, year, "x_to_car_supply.*", "compounding.*") for a in (few, many)]
        assert (more[1] > more[0]).all()


def test_nothing_approved_is_nothing_recycled():
    system = make(draws=2, years=2, regions=("a", "b"), melters=1, seed=6)
    answer = solved(changed(system, "plastics", cap=np.zeros_like(system.plastics.cap)))
    for year in YEARS:
        for parts in ("plastics_returned", "recycled_plastics_sustainable"):
            assert (answer.indicators(year)[parts][0] == 0).all()
        assert (mass(answer, year, "pelletising.*", "recyclate_export") > 0).all()
    assert answer.certificate().passed


def test_more_approved_never_lowers_what_is_recycled():
    system = make(draws=4, years=2, regions=("a", "b"), melters=1, seed=7)
    total = []
    for cap in (0.0, 0.05, 0.2, 0.5, 1.0):
        answer = solved(changed(system, "plastics", cap=np.full_like(system.plastics.cap, cap)))
        total.append(answer.indicators(2023)["plastics_returned"][0].sum(axis=0))
    assert (np.diff(total, axis=0) >= -1e-9).all()
    assert (total[-1] > total[0]).all()
