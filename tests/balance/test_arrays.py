"""Named axes and units: what aligns, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.balance import Array, AxesError, Axis, UnitError
from cesim.balance.units import divided, multiplied, plain

YEAR, ELEMENT = Axis("year", (2020, 2021)), Axis("element", ("Al", "Fe", "Si"))
MASS = Array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], (YEAR, ELEMENT), "t")


def test_multiplication_aligns_by_name_in_canonical_order():
    share = Array([[0.5, 1.0], [0.25, 1.0], [0.1, 1.0]], (ELEMENT, Axis("draw", (0, 1))))
    product = MASS * share
    assert product.axes == ("draw", "year", "element")
    assert product.unit == "t"
    np.testing.assert_allclose(product.values[0], MASS.values * [0.5, 0.25, 0.1])
    np.testing.assert_array_equal((share * MASS).values, product.values)
    np.testing.assert_array_equal((product / share).values[1], MASS.values)


def test_units_multiply_as_text():
    cars = Array([10.0, 20.0], (YEAR,), "car")
    per_car = Array([0.1, 0.2, 0.3], (ELEMENT,), "t/car")
    assert (cars * per_car).unit == "t"
    assert (MASS / cars).unit == "t/car"
    assert (1.0 / cars).unit == "1/car"
    assert (MASS / MASS).unit == ""
    assert (2 * MASS).unit == "t"
    assert multiplied("kg CO2e/t", "t") == "kg CO2e"
    assert divided("kg*m", "s^2*m") == "kg/s^2"
    assert plain("km*t") == plain("t*km")
    with pytest.raises(UnitError, match=r"power 'x'"):
        plain("t^x")


@given(st.lists(st.sampled_from(["t", "car", "km", "kg CO2e"]), max_size=4), st.sampled_from(["t", "km/car", ""]))
def test_dividing_by_a_unit_undoes_multiplying_by_it(factors, unit):
    text = "*".join(factors)
    assert divided(multiplied(text, unit), unit) == plain(text)


def test_sums_demand_equal_axes_labels_and_units():
    turned = Array(MASS.values.T, (ELEMENT, YEAR), "t")
    np.testing.assert_array_equal((MASS + turned).values, 2 * MASS.values)
    np.testing.assert_array_equal((MASS - turned).values, 0.0)
    total = Array([6.0, 15.0], (YEAR,), "t")
    with pytest.raises(AxesError, match=r"year\[2\], element\[3\].*\+.*year\[2\]"):
        MASS + total
    with pytest.raises(UnitError, match=r"'t' - 'car'"):
        MASS - Array(MASS.values, (YEAR, ELEMENT), "car")
    renamed = Array(MASS.values, (YEAR, Axis("element", ("Al", "Cu", "Si"))), "t")
    with pytest.raises(AxesError, match=r"Fe.*Cu"):
        MASS + renamed
    with pytest.raises(AxesError, match=r"Fe.*Cu"):
        MASS * renamed
    with pytest.raises(AxesError, match=r"allowed: an Array"):
        MASS + 1.0
    with pytest.raises(AxesError, match=r"shapes"):
        Array(np.ones(2), ("year",)) + Array(np.ones(3), ("year",))
    with pytest.raises(AxesError, match=r"has 2 places, .* has 3"):
        Array(np.ones(2), ("year",)) * Array(np.ones(3), ("year",))
    with pytest.raises(AxesError, match=r"has 2 places, .* has 1"):
        Array(np.ones(2), ("year",)) * Array(np.ones(1), ("year",))


def test_assignment_demands_what_sums_demand():
    mass = Array(MASS.values.copy(), (YEAR, ELEMENT), "t")
    mass[{"element": "Fe"}] = Array([0.0, 0.0], (YEAR,), "t")
    assert mass.sum("element").values.tolist() == [4.0, 10.0]
    mass[...] = MASS
    np.testing.assert_array_equal(mass.values, MASS.values)
    with pytest.raises(AxesError):
        mass[{"element": "Fe"}] = MASS
    with pytest.raises(UnitError):
        mass[...] = Array(MASS.values, (YEAR, ELEMENT), "kg")
    with pytest.raises(AxesError, match=r"allowed: ..."):
        mass[0] = MASS


def test_sum_and_select():
    assert MASS.sum("year").values.tolist() == [5.0, 7.0, 9.0]
    assert MASS.sum("year", "element").values == 21.0
    assert MASS.select(year=2021).axes == ("element",)
    assert MASS.select(year=2021, element="Fe").values == 5.0
    two = MASS.select(element=["Si", "Al"])
    assert two.coords[1].labels == ("Si", "Al")
    assert two.values.tolist() == [[3.0, 1.0], [6.0, 4.0]]
    for wrong in (lambda: MASS.sum("region"), lambda: MASS.sum(), lambda: MASS.select(region="aichi")):
        with pytest.raises(AxesError):
            wrong()
    with pytest.raises(AxesError, match=r"no 'Cu'; allowed: .'Al'"):
        MASS.select(element="Cu")
    with pytest.raises(AxesError, match=r"no labels"):
        Array(np.ones(2), ("year",)).select(year=0)


def test_construction_is_checked():
    with pytest.raises(ValueError, match=r"NaN at index .1,."):
        Array([1.0, np.nan], ("year",))
    assert np.isnan(Array([np.nan], ("year",), check=False).values[0])
    with pytest.raises(AxesError, match=r"name 1 axes; the values have 2"):
        Array(np.ones((2, 2)), ("year",))
    with pytest.raises(AxesError, match=r"twice"):
        Array(np.ones((2, 2)), ("year", "year"))
    with pytest.raises(AxesError, match=r"2 labels; the values have 3"):
        Array(np.ones(3), (YEAR,))
    with pytest.raises(AxesError, match=r"not all different"):
        Axis("element", ("Al", "Al"))


def test_other_names_come_after_the_canonical_ones():
    mixed = Array(np.ones(2), ("supplier",)) * Array(np.ones(3), ("element",)) * Array(np.ones(4), ("draw",))
    assert mixed.axes == ("draw", "element", "supplier")
    assert mixed.transpose("supplier", "draw", "element").values.shape == (2, 4, 3)
    with pytest.raises(AxesError):
        mixed.transpose("supplier", "draw")
