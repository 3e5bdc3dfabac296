"""Limits as they are told: no future changes sides by what is rounded away."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.sweep.answers.limits import shortest, told, written
from cesim.sweep.discovery.boxes import Restriction

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [("1.28", "1.31", "1.3"), ("0.7186", "0.7231", "0.72"), ("-3", "5", "0"), ("1302", "1318", "1,310"),
     ("0.99", "1.01", "1"), ("-0.062", "-0.043", "−0.05"), ("99", "101", "100"), ("0.00012", "0.00019", "0.00016")],
)  # fmt: skip
def test_the_shortest_number_between_two(low, high, wanted):
    assert written(shortest(Decimal(low), Decimal(high))) == wanted


@given(NUMBERS, NUMBERS)
def test_it_lies_between_and_has_no_digit_to_spare(one, other):
    low, high = sorted((Decimal(one), Decimal(other)))
    if low == high:
        with pytest.raises(ValueError, match="nothing lies between"):
            shortest(low, high)
        return
    found = shortest(low, high)
    assert low < found < high
    exponent = found.as_tuple().exponent
    coarser = Decimal(1).scaleb(int(exponent) + 1)
    first = (low / coarser).to_integral_value(rounding="ROUND_FLOOR") * coarser + coarser
    assert not first < high or found % coarser == 0


@given(st.lists(NUMBERS, min_size=2, max_size=40), NUMBERS, NUMBERS, st.sampled_from([1.0, 100.0]))
def test_what_is_told_parts_the_futures_as_the_box_does(values, one, other, factor):
    held, (low, high) = np.array(values), sorted((one, other))
    limits = Restriction(0, "continuous", low=low, high=high)
    inside = limits.holds(held)
    if not inside.any():
        return
    found = told(limits, held, factor)
    said = np.ones(len(held), dtype=bool)
    shown = [Decimal(float(value)) * Decimal(str(factor)) for value in held]
    if found is not None and found.low is not None:
        said &= np.array([value > found.low for value in shown])
    if found is not None and found.high is not None:
        said &= np.array([value < found.high for value in shown])
    assert (said == inside).all()


def test_a_limit_that_keeps_nothing_out_is_not_told():
    values = np.array([1.0, 2.0])
    assert told(Restriction(0, "continuous", low=0.5, high=9.0), values) is None
    assert told(Restriction(0, "category", kept=(0.0, 1.0)), values) is None
    assert told(Restriction(0, "continuous", low=0.5, high=1.5), values).side == "below"


@pytest.mark.parametrize(
    ("number", "wanted"), [("1E+3", "1,000"), ("0.50", "0.5"), ("-1234.5", "−1,234.5"), ("0E-3", "0")]
)
def test_numbers_are_written_in_full(number, wanted):
    assert written(Decimal(number)) == wanted
