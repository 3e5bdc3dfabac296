"""Aluminium from the yard to finished parts: limits kept, loops closed, grades where they may go."""

import numpy as np
import pytest
from made_up_system import changed, make
from solved import solved

from cesim.balance.inputs import MARKET_GRADES, YARD
from cesim.balance.metal import ADMITTED, METALS, ORDER
from cesim.ledger.substances import ALLOYS, CAST, ORIGINS, SIX_THOUSAND

YEARS = (2023, 2024, 2025)


@pytest.fixture(scope="module")
def answer():
    return solved(make(draws=3, years=3, regions=("a", "b"), melters=2, seed=3))


def mass(answer, year, process_from, process_to, **choice):
    return answer.view.mass(answer.flows[year], process_from, process_to, **choice)


def at(answer, alloy, array):
    """(draw,) values of an alloy."""
    return array[:, ALLOYS.index(alloy)]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("alloy", ALLOYS)
def test_every_product_keeps_its_limits(answer, alloy, year):
    window = answer.system.metal.windows[YEARS.index(year)][ALLOYS.index(alloy)]
    for site in ("a", "b"):
        elements = np.array(
            [
                mass(answer, year, f"melting.{alloy}", f"part_making.{alloy}", substance=(e,), region=(site,))
                for e in METALS
            ]
        )
        content = elements / elements.sum(axis=0)
        assert (window.upper + 1e-9 >= content.T).all()
        raised = window.alloying
        assert (content.T[:, raised] >= window.lower[raised] - 1e-9).all()


@pytest.mark.parametrize("year", YEARS)
def test_a_limit_stops_more_sheet_scrap_and_has_a_price(answer, year):
    """Made-up scrap of cars is too rich in iron and copper, that of presses in the alloying elements."""
    binding, price = (np.array([part[alloy] for alloy in SIX_THOUSAND]) for part in (
        answer.limits[year].binding, answer.limits[year].price,
    ))  # fmt: skip
    assert (binding >= 0).mean() > 0.8
    assert np.isin(binding, [METALS.index("Fe"), METALS.index("Cu")]).mean() > 0.5
    assert (binding == METALS.index("Fe")).any()
    assert (price[binding >= 0] != 0).all()


@pytest.mark.parametrize("alloy", ALLOYS)
def test_grades_go_only_where_they_may(answer, alloy):
    for year in YEARS:
        for n, grade in enumerate(YARD):
            name = f"melt_down.{grade}" + (f".{alloy}" if grade in MARKET_GRADES else "")
            if n not in ADMITTED[alloy]:
                assert (mass(answer, year, name, f"melting.{alloy}") == 0).all()


def test_every_alloy_is_charged_once_and_cast_alloys_last():
    assert sorted((*ORDER, *CAST)) == sorted(ALLOYS)
    assert ORDER[: len(SIX_THOUSAND)] == SIX_THOUSAND
    for alloy in SIX_THOUSAND:
        assert YARD.index("secondary") not in ADMITTED[alloy]
        assert YARD.index("shred-mixed") not in ADMITTED[alloy]
    assert ADMITTED["AC4CH"] == {YARD.index("wheels")}


@pytest.mark.parametrize("alloy", ALLOYS)
def test_the_loops_of_mill_and_press_shop_are_closed(answer, alloy):
    """The closed form agrees with going round the loops a hundred times."""
    m = answer.system.metal
    press, mill, back = (at(answer, alloy, a) for a in (m.press_scrap, m.mill_return, m.segregated[:, 1]))
    semis = mass(answer, 2024, f"melting.{alloy}", f"part_making.{alloy}")
    finished = mass(answer, 2024, f"part_making.{alloy}", "assembly")
    assert finished == pytest.approx(semis * (1 - press))
    returned = mass(answer, 2024, "new_scrap", f"melt_down.new-{alloy}")
    assert returned == pytest.approx(semis * press * back)
    external = sum(
        mass(answer, 2024, process, f"melting.{alloy}")
        for process in ("primary_supply", "alloying_supply", "melt_down.*")
    ) - mass(answer, 2024, f"melt_down.new-{alloy}", f"melting.{alloy}")
    charged, made, kept = external.copy(), np.zeros_like(external), 1 - m.new_loss
    for _ in range(300):
        made = made + charged * (1 - mill)
        charged = (charged * mill + charged * (1 - mill) * press * back) * kept
    assert made == pytest.approx(semis, rel=1e-9)


def test_parts_made_are_the_parts_of_the_cars_built(answer):
    cars = answer.system.cars
    for n, alloy in enumerate(ALLOYS):
        wanted = cars.built[:, 1, cars.item_class[n]] * cars.split[:, n]
        metal = mass(answer, 2024, f"part_making.{alloy}", "assembly")
        paint = mass(answer, 2024, "paint_supply", "assembly", alloy=(alloy,))
        assert metal + paint == pytest.approx(wanted)


def test_mixed_new_scrap_waits_a_year(answer):
    for year in (2024, 2025):
        arrived = mass(answer, year - 1, "new_scrap", "scrap_yard.new-mixed")
        charged = mass(answer, year, "scrap_yard.new-mixed", "melt_down.new-mixed")
        sold = mass(answer, year, "scrap_yard.new-mixed", "scrap_export")
        assert charged + sold == pytest.approx(arrived)
        assert (arrived > 0).all()


def test_press_scrap_returns_as_pre_consumer_material(answer):
    for year in YEARS:
        for target in ("melt_down.new-*", "scrap_yard.new-mixed"):
            whole = mass(answer, year, "new_scrap", target)
            assert mass(answer, year, "new_scrap", target, origin=("pre_auto",)) == pytest.approx(whole)
            others = tuple(origin for origin in ORIGINS if origin != "pre_auto")
            assert (mass(answer, year, "new_scrap", target, origin=others) == 0).all()


def test_paint_is_burnt_before_the_melt(answer):
    for year in YEARS:
        arrived = mass(answer, year, "scrap_yard.*", "melt_down.*", substance=("coating",))
        assert mass(answer, year, "melt_down.*", "coating_burnt") == pytest.approx(arrived)
        assert (mass(answer, year, "melt_down.*", "melting.*", substance=("coating",)) == 0).all()
        assert (arrived > 0).all()


def test_what_is_lost_in_melting_down_is_the_loss_of_the_grade(answer):
    for grade in ("part-6016", "shred-cast", "wheels"):
        for at, year in enumerate(YEARS):
            metal = mass(answer, year, "scrap_yard.*", f"melt_down.{grade}", substance=METALS)
            lost = mass(answer, year, f"melt_down.{grade}", "dross")
            at_site = answer.system.metal.loss[:, at, YARD.index(grade)]
            assert lost == pytest.approx(metal * at_site)


def test_a_cleaner_shredder_returns_more():
    """Free iron is what stops sheet scrap; without it no less comes back in the first year."""
    plain = make(draws=4, years=2, regions=("a", "b"), melters=1, seed=3)
    none, nothing = np.zeros(4), np.zeros((4, 2))
    clean = changed(plain, "treatment", shred_steel=nothing, shred_copper=nothing, part_steel=none)
    returned = [solved(s).indicators(2023)["aluminium_returned"][0].sum(axis=0) for s in (plain, clean)]
    assert (returned[1] >= returned[0] - 1e-9).all()
    assert (returned[1] > returned[0] + 1e-6).any()
