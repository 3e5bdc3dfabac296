"""A heat: as much scrap as the limits allow, against HiGHS on the whole formulation and against hand cases."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cesim.charge.dilution import AlloyWindow, Yard, dilute, no_scrap

ELEMENTS = ("Al", "Si", "Fe", "Cu", "Mn", "Mg", "Zn")
AL, SI, FE, CU, MN, MG, ZN = range(len(ELEMENTS))
CASES = Path(__file__).parents[1] / "cases" / "aluminium.csv"
GRADES = 5


def window(primary=None, **limits):
    """An alloy window; ``Fe=(low, high)`` and so on."""
    content = np.zeros(len(ELEMENTS))
    content[SI], content[FE] = 0.0008, 0.0012
    for element, share in (primary or {}).items():
        content[ELEMENTS.index(element)] = share
    content[AL] = 1.0 - content[1:].sum()
    lower, upper = np.zeros(len(ELEMENTS)), np.ones(len(ELEMENTS))
    for element, (low, high) in limits.items():
        lower[ELEMENTS.index(element)], upper[ELEMENTS.index(element)] = low, high
    return AlloyWindow(lower, upper, content)


WINDOWS = {
    "sheet": window(Si=(0.010, 0.015), Fe=(0, 0.005), Cu=(0, 0.002), Mn=(0, 0.002), Mg=(0.0025, 0.006), Zn=(0, 0.002)),
    "no alloying": window(Si=(0, 0.01), Fe=(0, 0.007), Cu=(0, 0.003)),
    "iron wanted, less than primary has": window(Fe=(0.0005, 0.004), Si=(0.004, 0.009), Mg=(0.003, 0.006)),
    "iron wanted, more than primary has": window(Fe=(0.003, 0.006), Si=(0.004, 0.009), Mg=(0.003, 0.006)),
    "casting": window(Si=(0.08, 0.12), Fe=(0, 0.013), Cu=(0.015, 0.035), Mg=(0, 0.003), Zn=(0, 0.01)),
    "a limit that primary just keeps": window(Fe=(0, 0.0012), Si=(0.004, 0.009)),
    "no limits": window(),
}


def heats(count, seed=0, grades=GRADES):
    """Demands, yards and prices drawn at random; some grades are out of stock."""
    rng = np.random.default_rng(seed)
    content = np.zeros((count, grades, len(ELEMENTS)))
    highest = {SI: 0.03, FE: 0.01, CU: 0.01, MN: 0.005, MG: 0.02, ZN: 0.01}
    for element, high in highest.items():
        content[:, :, element] = rng.uniform(0, high, (count, grades))
    content[:, :, AL] = 1.0 - content.sum(axis=2)
    stock = rng.uniform(0, 80, (count, grades)) * (rng.random((count, grades)) < 0.8)
    yard = Yard(stock, content, rng.uniform(0, 1, (count, grades)).round(1), rng.uniform(2e5, 3.3e5, (count, grades)))
    additions = np.full((count, len(ELEMENTS)), 450e3)
    additions[:, MG] = 600e3
    return rng.uniform(50, 150, count), yard, (np.full(count, 415e3), additions)


def by_highs(demand, alloy, stock, content, wanted, price, prices, held=None):
    """Most wanted scrap and then least cost of the whole formulation, y and a_e not eliminated.

    ``held`` is the scrap content already in the furnace: (mass, elements).
    """
    grades, raised = stock.size, alloy.alloying
    size = grades + 1 + raised.size
    brings = np.concatenate([content, alloy.primary[None], np.eye(len(ELEMENTS))[raised]]).T
    mass, inside = held if held is not None else (0.0, np.zeros(len(ELEMENTS)))
    rows = [brings[e] for e in range(len(ELEMENTS))] + [-brings[e] for e in raised]
    limits = [alloy.upper[e] * demand - inside[e] for e in range(len(ELEMENTS))]
    limits += [inside[e] - alloy.lower[e] * demand for e in raised]
    cost = np.concatenate([price, [prices[0]], prices[1][raised]])
    most = np.concatenate([wanted, np.zeros(size - grades)])
    bounds = [(0, s) for s in stock] + [(0, None)] * (size - grades)
    equal = {"A_eq": np.ones((1, size)), "b_eq": [demand - mass], "bounds": bounds}
    first = linprog(-most, A_ub=rows, b_ub=limits, **equal)
    assert first.status == 0, first.message
    second = linprog(cost, A_ub=[*rows, -most], b_ub=[*limits, first.fun + 1e-8], **equal)
    assert second.status == 0, second.message
    return -first.fun, second.fun


def compare(alloy, demand, yard, prices, charge, start=None):
    raised = alloy.alloying
    for n in range(demand.size):
        held = None
        if start is not None:
            scrap = start.content[n] - start.primary[n] * alloy.primary - start.additions[n]
            held = (scrap.sum(), scrap)
        most, least = by_highs(
            demand[n], alloy, yard.stock[n], yard.composition[n], yard.wanted[n], yard.price[n],
            (prices[0][n], prices[1][n]), held,
        )  # fmt: skip
        assert yard.wanted[n] @ charge.scrap[n] == pytest.approx(most, abs=1e-6)
        spent = yard.price[n] @ charge.scrap[n] + prices[0][n] * charge.primary[n]
        assert spent + prices[1][n, raised] @ charge.additions[n, raised] == pytest.approx(least, rel=1e-5)


@pytest.mark.parametrize("name", WINDOWS)
def test_a_heat_is_what_highs_makes_of_the_whole_formulation(name):
    demand, yard, prices = heats(150, seed=len(name))
    compare(WINDOWS[name], demand, yard, prices, dilute(demand, WINDOWS[name], yard, prices))


@pytest.mark.parametrize("name", WINDOWS)
def test_a_second_round_is_what_highs_makes_with_the_first_in_the_furnace(name):
    alloy = WINDOWS[name]
    demand, yard, prices = heats(60, seed=len(name) + 1)
    small = Yard(yard.stock * 0.3, yard.composition, yard.wanted, yard.price)
    first = dilute(demand, alloy, small, prices)
    _, other, _ = heats(60, seed=len(name) + 2)
    second = dilute(demand, alloy, other, prices, first)
    compare(alloy, demand, other, prices, second, start=first)


@pytest.mark.parametrize("name", WINDOWS)
def test_a_heat_weighs_what_was_asked_and_holds_what_was_charged(name):
    alloy = WINDOWS[name]
    demand, yard, prices = heats(200, seed=5)
    charge = dilute(demand, alloy, yard, prices)
    whole = charge.scrap.sum(axis=1) + charge.primary + charge.additions.sum(axis=1)
    assert whole == pytest.approx(demand, rel=1e-12)
    assert charge.content.sum(axis=1) == pytest.approx(demand, rel=1e-12)
    brought = (charge.scrap[:, :, None] * yard.composition).sum(axis=1)
    assert charge.content == pytest.approx(brought + charge.primary[:, None] * alloy.primary + charge.additions)
    assert (charge.content <= alloy.upper * demand[:, None] * (1 + 1e-9)).all()
    raised = alloy.alloying
    assert (charge.content[:, raised] >= alloy.lower[raised] * demand[:, None] * (1 - 1e-9)).all()
    assert (charge.scrap <= yard.stock).all()
    for part in (charge.scrap, charge.primary, charge.additions):
        assert (part >= 0).all()


def test_a_heat_does_not_depend_on_its_company():
    demand, yard, prices = heats(50, seed=6)
    whole = dilute(demand, WINDOWS["sheet"], yard, prices)
    for n in (0, 17, 49):
        one = slice(n, n + 1)
        own = Yard(yard.stock[one], yard.composition[one], yard.wanted[one], yard.price[one])
        alone = dilute(demand[one], WINDOWS["sheet"], own, (prices[0][one], prices[1][one]))
        for name in ("scrap", "primary", "additions", "content", "binding", "limit_price"):
            np.testing.assert_array_equal(getattr(alone, name)[0], getattr(whole, name)[n])


# by hand


def one_grade(stock, **content):
    composition = np.zeros((1, 1, len(ELEMENTS)))
    for element, share in content.items():
        composition[0, 0, ELEMENTS.index(element)] = share
    composition[0, 0, AL] = 1.0 - composition.sum()
    return Yard(np.array([[stock]]), composition, np.ones((1, 1)), np.full((1, 1), 2e5))


PRICES = (np.array([4e5]), np.full((1, len(ELEMENTS)), 5e5))


def test_published_iron_limit_of_6063():
    with CASES.open(encoding="utf-8") as file:
        (case,) = (row for row in csv.DictReader(file) if row["case_id"] == "C22")
    assert case["expected"].endswith("= 0.556")
    alloy = window(primary={"Fe": 0.0010}, Fe=(0, 0.0035))
    charge = dilute(np.array([1.0]), alloy, one_grade(10.0, Fe=0.0055, Si=0.0008), PRICES)
    assert charge.scrap[0, 0] == pytest.approx((0.35 - 0.10) / (0.55 - 0.10), abs=1e-12)
    assert charge.scrap[0, 0] == pytest.approx(0.556, abs=5e-4)
    assert charge.binding[0] == FE
    # one more tonne of iron lets 1 / (0.0055 - 0.0010) tonnes of scrap in
    assert charge.scrap_per_limit[0, FE] == pytest.approx(1 / 0.0045)


def test_without_scrap_a_heat_is_primary_and_additions():
    alloy = WINDOWS["sheet"]
    demand = np.array([100.0])
    empty = dilute(demand, alloy, one_grade(0.0, Fe=0.01), PRICES)
    # 100 y + a = 100 with Si 1.0 % and Mg 0.25 %: y = (1 - 0.0125) / (1 - 0.0008)
    primary = 100 * (1 - 0.0125) / (1 - 0.0008)
    assert empty.scrap[0, 0] == 0.0
    assert empty.primary[0] == pytest.approx(primary, rel=1e-14)
    assert empty.additions[0, MG] == pytest.approx(0.25, rel=1e-14)
    assert empty.additions[0, SI] == pytest.approx(1.0 - 0.0008 * primary, rel=1e-14)
    assert empty.binding[0] == -1
    bare = no_scrap(demand, alloy)
    np.testing.assert_array_equal(empty.primary, bare.primary)
    np.testing.assert_array_equal(empty.additions, bare.additions)


def test_clean_scrap_fills_the_furnace():
    charge = dilute(np.array([50.0]), window(Fe=(0, 0.004)), one_grade(1000.0, Fe=0.002), PRICES)
    assert charge.scrap[0, 0] == pytest.approx(50.0, rel=1e-14)
    assert charge.primary[0] == pytest.approx(0.0, abs=1e-12)


def test_a_heat_of_nothing_is_nothing():
    charge = dilute(np.array([0.0]), WINDOWS["sheet"], one_grade(10.0, Fe=0.003), PRICES)
    for part in (charge.scrap, charge.primary, charge.additions, charge.content):
        np.testing.assert_array_equal(part, 0.0)


def test_the_second_generation_takes_strictly_less_scrap_at_an_iron_limit():
    alloy, demand, fresh = window(Fe=(0, 0.004)), np.array([100.0]), 30.0
    first = dilute(demand, alloy, one_grade(fresh, Fe=0.008), PRICES)
    assert first.content[0, FE] < 0.004 * 100 or first.binding[0] == FE
    full = dilute(demand, alloy, one_grade(1000.0, Fe=0.008), PRICES)
    assert full.binding[0] == FE
    product = full.content[0] / 100.0  # at the limit: no room for any more iron
    # generation 2 has the same fresh scrap and half a furnace of the product of generation 1
    both = Yard(
        np.array([[50.0, fresh]]), np.stack([product, one_grade(1.0, Fe=0.008).composition[0, 0]])[None],
        np.ones((1, 2)), np.full((1, 2), 2e5),
    )  # fmt: skip
    second = dilute(demand, alloy, both, PRICES)
    assert second.scrap[0].sum() == pytest.approx(50.0 + 50.0 * (0.004 - 0.0012) / (0.008 - 0.0012), rel=1e-12)
    assert second.scrap[0, 1] < first.scrap[0, 0] * 0.7


# what must always hold


@st.composite
def small_heats(draw):
    return heats(8, seed=draw(st.integers(0, 10**6)), grades=3)


@settings(max_examples=40, deadline=None)
@given(small_heats(), st.sampled_from(["Fe", "Cu", "Zn", "Mn"]), st.floats(0.2, 1.0))
def test_a_tighter_limit_never_lets_more_wanted_scrap_in(heat, element, factor):
    demand, yard, prices = heat
    alloy, at = WINDOWS["sheet"], ELEMENTS.index(element)
    upper = alloy.upper.copy()
    upper[at] = max(upper[at] * factor, alloy.primary[at])
    tight = AlloyWindow(alloy.lower, upper, alloy.primary)
    loose, strict = (dilute(demand, w, yard, prices) for w in (alloy, tight))
    wanted = [(yard.wanted * c.scrap).sum(axis=1) for c in (loose, strict)]
    assert (wanted[1] <= wanted[0] + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(small_heats(), st.integers(0, 2), st.floats(0, 50))
def test_more_stock_never_lowers_the_wanted_scrap(heat, grade, more):
    demand, yard, prices = heat
    stock = yard.stock.copy()
    stock[:, grade] += more
    richer = Yard(stock, yard.composition, yard.wanted, yard.price)
    before, after = (dilute(demand, WINDOWS["sheet"], y, prices) for y in (yard, richer))
    assert ((yard.wanted * after.scrap).sum(axis=1) >= (yard.wanted * before.scrap).sum(axis=1) - 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(small_heats(), st.floats(0.1, 50))
def test_more_scrap_of_the_right_alloy_never_lowers_the_recycled_content(heat, more):
    demand, yard, prices = heat
    alloy = WINDOWS["sheet"]
    composition = yard.composition.copy()
    composition[:, 0] = no_scrap(np.ones(1), alloy).content[0]  # exactly the alloy
    wanted = np.ones_like(yard.wanted)
    stock = yard.stock.copy()
    stock[:, 0] += more
    before, after = (
        dilute(demand, alloy, Yard(s, composition, wanted, yard.price), prices) for s in (yard.stock, stock)
    )
    assert (after.scrap.sum(axis=1) >= before.scrap.sum(axis=1) - 1e-9).all()


@settings(max_examples=25, deadline=None)
@given(small_heats())
def test_the_shadow_price_is_what_a_little_more_limit_is_worth(heat):
    demand, yard, prices = heat
    alloy = WINDOWS["sheet"]
    charge = dilute(demand, alloy, yard, prices)
    step = 1e-9
    for element in (FE, CU, MN, ZN, MG):
        worth = []
        for sign in (-1, 1):
            upper = alloy.upper.copy()
            upper[element] += sign * step
            other = dilute(demand, AlloyWindow(alloy.lower, upper, alloy.primary), yard, prices)
            worth.append(sign * (yard.wanted * (other.scrap - charge.scrap)).sum(axis=1) / (step * demand))
        # on a kink the price lies between what less and what more is worth
        price = charge.scrap_per_limit[:, element]
        slack = 1e-3 * np.maximum(1.0, np.abs(price)) + 1e-2
        assert (price >= np.minimum(*worth) - slack).all()
        assert (price <= np.maximum(*worth) + slack).all()


def test_the_binding_element_is_the_one_whose_limit_lets_more_in():
    demand, yard, prices = heats(200, seed=9)
    alloy = WINDOWS["sheet"]
    charge = dilute(demand, alloy, yard, prices)
    assert len(np.unique(charge.binding)) >= 4
    stopped = np.flatnonzero(charge.scrap_per_limit.max(axis=1) > 1e-6)
    assert stopped.size > 100
    for n in stopped:
        element = charge.binding[n]
        assert charge.content[n, element] == pytest.approx(alloy.upper[element] * demand[n], rel=1e-9)


# what is refused


@pytest.mark.parametrize(
    ("limits", "primary", "text"),
    [
        ({"Fe": (0.005, 0.004)}, None, "lower limit lies above"),
        ({"Fe": (0, 0.001)}, None, "primary metal itself exceeds"),
    ],
)
def test_impossible_windows_are_refused(limits, primary, text):
    with pytest.raises(ValueError, match=text):
        window(primary=primary, **limits)


def test_primary_metal_that_does_not_add_to_one_is_refused():
    good = WINDOWS["sheet"]
    with pytest.raises(ValueError, match="must add to one"):
        AlloyWindow(good.lower, good.upper, good.primary * 0.99)


def test_a_furnace_that_already_breaks_a_limit_is_refused():
    yard = one_grade(10.0, Fe=0.02)
    loose = dilute(np.array([10.0]), window(Fe=(0, 0.02)), yard, PRICES)
    with pytest.raises(ValueError, match="break an upper limit"):
        dilute(np.array([10.0]), window(Fe=(0, 0.004)), yard, PRICES, loose)


def test_a_yard_with_a_hole_in_it_is_refused():
    yard = one_grade(10.0, Fe=0.02)
    yard.composition[0, 0, CU] = np.nan
    with pytest.raises(ValueError, match="must be finite"):
        dilute(np.array([10.0]), window(Cu=(0, 0.004)), yard, PRICES)
    with pytest.raises(ValueError, match="must not be negative"):
        dilute(np.array([10.0]), window(Cu=(0, 0.004)), one_grade(-1.0, Fe=0.02), PRICES)
