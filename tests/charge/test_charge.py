"""A charge for its means: closed forms, prices on both sides, and the furnace in between."""

import numpy as np
import pytest

from cesim.charge import Addition, AlloyLimits, Charge, Energy, Furnace, Lot
from cesim.errors import InputError

NO_ENERGY = Energy(0.0, 0.0, 0.0)


def iron(limit, lower=0.0):
    return AlloyLimits("iron", ("Fe",), np.array([lower]), np.array([limit]))


def lot(name, recycled="post", stock=None, price=0.7, co2=0.5, least=0.0, **composition):
    return Lot.known(name, composition, stock=stock, price=price, co2=co2, recycled=recycled, least=least)


def primary(stock=None, price=1.0, **composition):
    return lot("P0610", "none", stock, price, 10.0, **(composition or {"Fe": 0.0014}))


@pytest.mark.parametrize("mass", [1.0, 12.0])
def test_scrap_is_diluted_to_the_limit(cases, mass):
    given, share = cases["dilution_shadow_price"]["inputs"], cases["dilution_shadow_price"]["expected"]["scrap"]
    scrap, clean = lot("scrap", Fe=given["mu"]), primary(Fe=given["p"])
    charge = Charge(iron(given["u"]), [scrap, clean], Furnace(mass, NO_ENERGY, yields=1.0))
    for answer in (charge.least_cost(), charge.least_co2(), charge.most_recycled()):
        assert answer.mix["scrap"] == pytest.approx(share * mass, rel=1e-13)
        assert answer.recycled_content == answer.post_consumer == pytest.approx(share, rel=1e-13)
        assert answer.pre_consumer == 0.0
        assert answer.composition == pytest.approx({"Fe": given["u"], "Al": 0.998})
        assert answer.binding == {"Fe": "upper"}
        assert answer.verification.holds


@pytest.mark.parametrize("mass", [1.0, 12.0])
def test_a_limit_has_its_price(cases, mass):
    expected = cases["dilution_shadow_price"]["expected"]["shadow_price"]
    charge = Charge(iron(0.002), [lot("scrap", Fe=0.0034), primary()], Furnace(mass, NO_ENERGY, yields=1.0))
    answer = charge.least_cost()
    assert answer.shadow_prices["Fe"] == pytest.approx((expected, expected), rel=1e-12)
    assert answer.cost == pytest.approx(mass * (0.3 * 0.7 + 0.7 * 1.0))
    assert answer.co2 == pytest.approx(mass * (0.3 * 0.5 + 0.7 * 10.0))
    assert charge.most_recycled().shadow_prices["Fe"] == pytest.approx((500.0, 500.0), rel=1e-6)


@pytest.mark.parametrize("loss", ["yields", "recoveries"])
def test_melt_loss_enriches(loss):
    a, y, enriched = 0.0034, 0.95, 0.0035789473684210526  # a / y
    said = {"yields": y} if loss == "yields" else {"recoveries": {"Fe": 1.0, "Al": (y - a) / (1.0 - a)}}
    answer = Charge(iron(0.01), [lot("scrap", Fe=a)], Furnace(1.0, NO_ENERGY, **said)).least_cost()
    assert answer.composition["Fe"] == pytest.approx(enriched, rel=1e-13)
    assert answer.mix["scrap"] == pytest.approx(1.0 / y, rel=1e-13)
    assert answer.melt == pytest.approx(1.0)
    assert answer.recycled_content == pytest.approx(1.0)


def test_melting_takes_energy():
    furnace = Furnace(2.0, Energy(3.0, 2000.0, 0.05), yields=0.5)
    answer = Charge(iron(0.01), [lot("scrap", Fe=0.001, price=100.0)], furnace).least_cost()
    assert answer.cost == pytest.approx(4.0 * (100.0 + 6000.0))
    assert answer.co2 == pytest.approx(4.0 * (0.5 + 0.15))


def test_a_price_differs_by_side_at_a_corner():
    """At Fe 0.2 % the cheaper scrap runs out: tightening costs by it, loosening saves by the other."""
    yard = [lot("cheap", stock=0.3, price=0.4, Fe=0.0034), lot("dear", price=0.7, Fe=0.0034), primary()]
    answer = Charge(iron(0.002), yard, Furnace(1.0, NO_ENERGY, yields=1.0)).least_cost()
    assert answer.shadow_prices["Fe"] == pytest.approx((-300.0, -150.0), rel=1e-9)


def test_a_limit_that_cannot_be_tighter_has_an_infinite_price():
    answer = Charge(
        iron(0.0014), [lot("scrap", Fe=0.0034), primary()], Furnace(1.0, NO_ENERGY, yields=1.0)
    ).least_cost()
    down, up = answer.shadow_prices["Fe"]
    assert down == -np.inf
    assert up == pytest.approx(-150.0)


def test_both_sides_and_sums_and_others_bind():
    alloy = AlloyLimits(
        "made up", ("Fe", "Mn", "Cr", "Mg"), np.array([0, 0, 0, 0.004]), np.array([0.005, 0.01, 0.01, 0.006]),
        others_each=0.0005, others_total=0.0008, sums={"Mn+Cr": (0.0, 0.003)},
    )  # fmt: skip
    base = {"Fe": 0.001, "Mn": 0.0, "Cr": 0.0, "Mg": 0.0, "Ni": 0.0, "Pb": 0.0}
    furnace = Furnace(1.0, NO_ENERGY, yields=1.0, additions=(Addition("Mg", {"Mg": 1.0}, 2.0, 30.0),))

    def bound(**dirty):
        yard = [lot("scrap", **{**base, **dirty}), lot("P", "none", price=1.0, **base)]
        return Charge(alloy, yard, furnace).least_cost()

    assert bound().binding == {"Mg": "lower"}
    assert bound().mix["Mg"] == pytest.approx(0.004)
    assert set(bound(Mn=0.003, Cr=0.003).binding) == {"Mg", "Mn+Cr"}
    assert set(bound(Ni=0.001).binding) == {"Mg", "Ni"}
    assert bound(Ni=0.001).recycled_content == pytest.approx(0.5)
    assert set(bound(Ni=0.0006, Pb=0.0006).binding) == {"Mg", "others total"}
    assert bound(Ni=0.0006, Pb=0.0006).recycled_content == pytest.approx(0.0008 / 0.0012)


def test_aluminium_is_the_rest():
    alloy = AlloyLimits("99.7", ("Al", "Fe"), np.array([0.997, 0.0]), np.array([1.0, 0.9]))
    answer = Charge(
        alloy, [lot("scrap", Fe=0.004), primary(Fe=0.001)], Furnace(1.0, NO_ENERGY, yields=1.0)
    ).least_cost()
    assert answer.mix["scrap"] == pytest.approx(2 / 3)
    assert answer.binding == {"Al": "lower"}
    assert answer.shadow_prices["Al"] == pytest.approx((100.0, 100.0))


def test_silicon_loses_no_more_aluminium_than_it_has():
    alloy = AlloyLimits("silicon", ("Si",), np.array([0.01]), np.array([0.02]))
    furnace = Furnace(1.0, NO_ENERGY, yields=0.95, additions=(Addition("Si", {"Si": 1.0}, 2.0, 5.0),))
    answer = Charge(alloy, [lot("scrap", Si=0.0)], furnace).least_cost()
    assert answer.mix == pytest.approx({"scrap": 0.99 / 0.95, "Si": 0.01})


def test_what_must_go_in_goes_in():
    yard = [lot("old", stock=0.5, least=0.2, price=5.0, Fe=0.0034), lot("scrap", Fe=0.0034), primary()]
    answer = Charge(iron(0.002), yard, Furnace(1.0, NO_ENERGY, yields=1.0)).least_cost()
    assert answer.mix == pytest.approx({"old": 0.2, "scrap": 0.1, "P0610": 0.7})


def test_pre_and_post_consumer_stand_apart():
    yard = [lot("old", stock=0.1, Fe=0.0034), lot("press", "pre", stock=0.15, Fe=0.0034), primary()]
    answer = Charge(iron(0.002), yard, Furnace(1.0, NO_ENERGY, yields=1.0)).most_recycled()
    assert (answer.post_consumer, answer.pre_consumer) == pytest.approx((0.1, 0.15))
    assert answer.recycled_content == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("make", "object_", "field"),
    [
        (lambda f: Charge(iron(0.002), [], f), "Charge", "yard"),
        (lambda f: Charge(iron(0.002), [primary(), primary()], f), "Charge", "yard"),
        (lambda f: Charge(iron(0.002), [lot("A", Cu=0.1)], f), "Lot A", "Fe"),
        (lambda f: Charge(iron(0.002), [lot("A", Cu=0.1, Fe=0.1), primary()], f), "Lot P0610", "Cu"),
        (lambda _: lot("A", stock=-1.0, Fe=0.1), "Lot A", "stock"),
        (lambda _: lot("A", stock=1.0, least=2.0, Fe=0.1), "Lot A", "least"),
        (lambda _: lot("A", price=float("nan"), Fe=0.1), "Lot A", "price"),
        (lambda _: lot("A", "maybe", Fe=0.1), "Lot A", "recycled"),
        (lambda _: lot("A", Fe=0.7, Cu=0.7), "Lot A", "composition"),
    ],
)
def test_bad_input_names_object_and_field(make, object_, field):
    with pytest.raises(InputError) as caught:
        make(Furnace(1.0, NO_ENERGY, yields=1.0))
    found = [(fault.arguments["object"], fault.arguments["field"]) for fault in caught.value.faults]
    assert (object_, field) in found
