"""Cohorts carry what they were built with, and what never comes back is not counted."""

import numpy as np
import pytest
from made_up_system import OLD, changed, make
from solved import solved

from cesim.balance.inputs import ELV_GRADES, YARD
from cesim.balance.masses import Memory
from cesim.ledger.flows import FlowView
from cesim.ledger.substances import ALLOYS, ELEMENTS, ORIGINS, PAIRS, POLYMERS, SIX_THOUSAND

FE = ELEMENTS.index("Fe")


def only_young_cars_are_scrapped(years=4):
    """Half of each cohort is scrapped two years after it was registered, nothing else leaves."""
    system = make(draws=2, years=years, regions=("a", "b"), melters=1, seed=4)
    cars = system.cars
    scrapped = np.zeros_like(cars.scrapped)
    stock = np.zeros_like(cars.stock)
    stock[:, 0] = cars.stock[:, 0]
    for year in range(years):
        if year >= 2:
            scrapped[:, year, OLD + year - 2] = stock[:, year, OLD + year - 2] / 2
        stock[:, year + 1] = stock[:, year] - scrapped[:, year]
        stock[:, year + 1, OLD + year] = cars.registered[:, year]
    nothing = np.zeros_like(scrapped)
    return changed(system, "cars", scrapped=scrapped, exported=nothing, other=nothing, stock=stock)


def share_of(answer, year, process_from, process_to, alloy, substance):
    view = answer.view
    part, whole = (
        view.mass(answer.flows[year], process_from, process_to, alloy=(alloy,), substance=kinds)
        for kinds in ((substance,), ELEMENTS)
    )
    return part / whole


@pytest.mark.parametrize("alloy", ["6016", "6063", "5xxx", "ADC12"])
def test_scrap_has_the_composition_of_the_year_it_was_built_in(alloy):
    answer = solved(only_young_cars_are_scrapped())
    for built, scrapped in ((2023, 2025), (2024, 2026)):
        for element in ("Fe", "Si", "Mg", "coating"):
            new = share_of(answer, built, "new_car_market", "in_use", alloy, element)
            old = share_of(answer, scrapped, "in_use", "take_back", alloy, element)
            assert old == pytest.approx(new, rel=1e-12, abs=1e-15)
    iron = [share_of(answer, year, "in_use", "take_back", alloy, "Fe") for year in (2025, 2026)]
    assert (np.abs(iron[0] - 0.01) > 1e-4).all()  # not the composition of cars older than the balance
    assert not np.allclose(*iron, rtol=1e-6)  # and each cohort its own


def test_scrap_has_the_origins_of_the_year_it_was_built_in():
    answer = solved(only_young_cars_are_scrapped())
    for origin in ORIGINS:
        for item in ("6016", "PP"):
            new, old = (
                answer.view.mass(answer.flows[year], *ends, alloy=(item,), origin=(origin,))
                / answer.view.mass(answer.flows[year], *ends, alloy=(item,))
                for year, ends in ((2023, ("new_car_market", "in_use")), (2025, ("in_use", "take_back")))
            )
            assert old == pytest.approx(new, rel=1e-12, abs=1e-15)


def test_more_iron_in_the_old_cars_is_more_iron_in_their_scrap():
    plain = make(draws=2, years=3, regions=("a", "b"), melters=1, seed=4)
    nominal = plain.cars.nominal.copy()
    iron = np.array([pair[1] == "Fe" and pair[0] in ALLOYS for pair in PAIRS])
    metal = np.array([pair[1] == "Al" and pair[0] in ALLOYS for pair in PAIRS])
    nominal[:, iron] += 0.004
    nominal[:, metal] -= 0.004
    high = changed(plain, "cars", nominal=nominal)
    answers = solved(plain), solved(high)
    for alloy in ALLOYS:
        low, more = (share_of(a, 2023, "in_use", "take_back", alloy, "Fe") for a in answers)
        assert more - low == pytest.approx(0.004, rel=1e-9)
    charged = [a.view.mass(a.flows[2023], "melt_down.*", "melting.6*", origin=("post_elv",)) for a in answers]
    assert (charged[1] < charged[0]).all()


def test_memory_weighs_cohorts_by_what_is_left_of_them():
    cars = make(draws=1, years=2, regions=("a", "b"), melters=1, seed=5).cars
    memory = Memory(cars)
    steel_like = np.zeros((1, len(ALLOYS), len(ELEMENTS)))
    steel_like[..., FE] = 1.0
    origin = np.zeros((1, len(ALLOYS) + len(POLYMERS), len(ORIGINS)))
    origin[..., ORIGINS.index("post_elv")] = 1.0
    memory.remember(0, steel_like, origin)
    weight = np.zeros((1, cars.stock.shape[2], cars.registered.shape[2]))
    weight[0, 0, 0], weight[0, OLD, 0] = 30.0, 10.0  # 6000 series of an old cohort and of the first new one
    mass = memory.masses(weight, 1, 0, cars.age_share)
    iron = mass.pairs[..., [n for n, pair in enumerate(PAIRS) if pair == ("6016", "Fe")]].sum()
    assert iron == pytest.approx(cars.split[0, 0] * (30.0 * 0.01 + 10.0))
    by_origin = mass.origin[0, :, 0].sum(axis=0)
    assert by_origin[ORIGINS.index("post_elv")] == pytest.approx(10.0 * cars.split[0, 0])
    assert by_origin[ORIGINS.index("primary")] == pytest.approx(30.0 * cars.split[0, 0])


def test_no_scrapped_car_no_metal_from_cars():
    system = make(draws=2, years=3, regions=("a", "b"), melters=2, seed=6)
    nothing = np.zeros_like(system.cars.scrapped)
    stock = system.cars.stock.copy()
    for year in range(3):
        gone = system.cars.exported[:, year] + system.cars.other[:, year]
        stock[:, year + 1] = stock[:, year] - gone
        stock[:, year + 1, OLD + year] = system.cars.registered[:, year]
    answer = solved(changed(system, "cars", scrapped=nothing, stock=stock))
    view = FlowView()
    for table in answer.flows.values():
        np.testing.assert_array_equal(view.mass(table, origin=("post_elv",)), 0.0)
        np.testing.assert_array_equal(view.mass(table, "in_use", "take_back"), 0.0)
    assert (answer.h1() == 0).all()
    assert answer.certificate().passed


def test_no_approved_heat_no_horizontal_recycling():
    system = make(draws=3, years=3, regions=("a", "b"), melters=2, seed=7)
    answer = solved(changed(system, "metal", approved=np.zeros_like(system.metal.approved)))
    assert (answer.h1() == 0).all()
    for year, table in answer.flows.items():
        assert (answer.view.mass(table, "scrap_yard.part-*", "scrap_export") > 0).all()
        for alloy in ALLOYS:
            assert (answer.limits[year].binding[alloy] == -1).all()
    assert answer.certificate().passed


@pytest.mark.parametrize("seed", range(8))
def test_more_approved_heats_never_lower_h1(seed):
    system = make(draws=4, years=3, regions=("a", "b"), melters=1, seed=seed)
    six = [ALLOYS.index(alloy) for alloy in SIX_THOUSAND]
    total = []
    for approved in (0.0, 0.1, 0.3, 0.6, 1.0):
        shares = system.metal.approved.copy()
        shares[:, :, six] = approved
        answer = solved(changed(system, "metal", approved=shares))
        total.append([answer.indicators(year)["aluminium_returned"][0].sum(axis=0) for year in answer.flows])
    # in the first year the scrap is the same in all five
    assert (np.diff(np.array(total)[:, 0], axis=0) >= -1e-9).all()
    assert (np.array(total)[-1, 0] > 0).all()


def test_what_no_melt_takes_is_sold():
    answer = solved(make(draws=2, years=2, regions=("a", "b", "c"), melters=2, seed=8))
    for table in answer.flows.values():
        for grade in ELV_GRADES:
            came = answer.view.mass(table, "*", f"scrap_yard.{grade}")
            went = answer.view.mass(table, f"scrap_yard.{grade}", f"melt_down.{grade}")
            sold = answer.view.mass(table, f"scrap_yard.{grade}", "scrap_export")
            assert came == pytest.approx(went + sold, rel=1e-12)


def test_two_generations_at_an_iron_limit():
    """Only old scrap rich in iron: the more of it came before, the less fits now."""
    system = only_young_cars_are_scrapped(years=6)
    assert len(YARD) == system.metal.loss.shape[2]
    rich = changed(system, "treatment", part_steel=np.full(2, 0.004), shred_steel=np.full((2, 6), 0.006))
    clean = changed(system, "treatment", part_steel=np.zeros(2), shred_steel=np.zeros((2, 6)))
    iron = []
    for one in (rich, clean):
        answer = solved(one)
        iron.append([share_of(answer, year, "in_use", "take_back", "6016", "Fe") for year in (2025, 2028)])
    gained = np.array(iron)[:, 1] - np.array(iron)[:, 0]
    assert (gained[0] > gained[1] + 1e-6).all()
