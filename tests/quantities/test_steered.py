"""A path that measures bend: in closed form, in any order, and with luck that no other measure touches."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.quantities import KeyedSource, Quantity, TimePath
from cesim.quantities.steered import ORDER, Effect, SteeredPath

YEARS = range(2024, 2051)
UNIT = st.floats(0, 1)


def share(value, low=None, high=None):
    status = "given" if low is None else "estimate"
    return Quantity(value, low, high, kind="share", unit="share", status=status)


def path(**knots):
    return TimePath({int(year[1:]): share(value) for year, value in knots.items()})


BASE = path(y2025=0.1, y2040=0.2)


def effect(how, amount, start=2028, years=8, **more):
    return Effect(how, amount, f"stream.{how}.{start}", start, years, **more)


@pytest.mark.parametrize(
    ("how", "expected"),
    [("set", lambda v, r: v + r * (0.5 - v)), ("scale", lambda v, r: v * (1 + r * (0.5 - 1))),
     ("add", lambda v, r: v + r * 0.5), ("fill", lambda v, r: v + r * 0.5 * (1 - v))],
)  # fmt: skip
def test_each_way_is_its_formula_in_every_year(how, expected):
    told = SteeredPath.of(BASE, [effect(how, share(0.5))]).best(YEARS)
    for at, year in enumerate(YEARS):
        ramp = min(max((year - 2027) / 8, 0), 1)
        assert told[at] == pytest.approx(expected(BASE.best([year])[0], ramp), abs=1e-15)


def test_it_acts_from_its_start_and_is_full_after_its_years():
    told = SteeredPath.of(BASE, [effect("set", share(0.5), start=2030, years=5)])
    assert told.best([2029])[0] == BASE.best([2029])[0]
    assert told.best([2030])[0] == pytest.approx(BASE.best([2030])[0] + 0.2 * (0.5 - BASE.best([2030])[0]))
    assert told.best([2034])[0] == 0.5
    assert told.best([2033])[0] < 0.5


def test_at_once_is_full_in_its_first_year():
    told = SteeredPath.of(BASE, [effect("set", share(0.5), start=2030, years=1)]).best([2029, 2030])
    assert list(told) == [BASE.best([2029])[0], 0.5]


def test_half_a_measure_goes_half_the_way():
    whole = SteeredPath.of(BASE, [effect("set", share(0.5))]).best(YEARS)
    half = SteeredPath.of(BASE, [effect("set", share(0.5), level=0.5)]).best(YEARS)
    assert half == pytest.approx((BASE.best(YEARS) + whole) / 2)


def test_an_s_curve_is_half_way_in_the_middle_and_slow_at_both_ends():
    told = SteeredPath.of(path(y2025=0.0), [effect("set", share(1.0), start=2031, years=10, shape="s-curve")])
    assert told.best([2035])[0] == pytest.approx(0.5)
    assert told.best([2031])[0] < 0.1 < told.best([2032])[0]


@given(st.lists(st.tuples(st.sampled_from(ORDER), UNIT, st.floats(0, 1)), max_size=5), UNIT)
def test_shares_stay_shares_whatever_is_set_scaled_and_filled(written, base):
    effects = [effect(how, share(x), level=level) for how, x, level in written if how != "add"]
    told = SteeredPath.of(path(y2025=base), effects).best(YEARS)
    assert told.min() >= 0
    assert told.max() <= 1


@given(st.permutations([("scale", 0.5), ("scale", 0.9), ("fill", 0.3), ("fill", 0.7), ("add", 0.05)]))
def test_the_order_they_are_written_in_does_not_matter(written):
    told = SteeredPath.of(BASE, [effect(how, share(x)) for how, x in written]).best(YEARS)
    usual = [("scale", 0.5), ("scale", 0.9), ("add", 0.05), ("fill", 0.3), ("fill", 0.7)]
    assert told == pytest.approx(SteeredPath.of(BASE, [effect(how, share(x)) for how, x in usual]).best(YEARS))


def test_of_two_that_set_the_later_builds_on_the_earlier():
    first, second = effect("set", share(0.4), start=2028), effect("set", share(0.8), start=2036, years=5)
    told = SteeredPath.of(BASE, [first, second]).best([2035, 2036, 2040])
    assert list(told) == pytest.approx([0.4, 0.48, 0.8])


def test_before_its_start_every_draw_has_the_bits_of_the_path_alone():
    base = TimePath({2025: share(0.3, 0.1, 0.5)})
    told = SteeredPath.of(base, [effect(how, share(0.4, 0.2, 0.6)) for how in ("set", "scale", "fill")])
    drawn = told.draw(YEARS, KeyedSource(3), "some.path", 0, 50)
    assert np.array_equal(drawn[:, :4], base.draw(range(2024, 2028), KeyedSource(3), "some.path", 0, 50))
    assert (drawn[:, 5:] != base.draw(range(2029, 2051), KeyedSource(3), "some.path", 0, 50)).all()


def test_full_it_has_the_draws_of_its_own_stream_and_no_other():
    one = effect("set", share(0.4, 0.2, 0.6))
    drawn = SteeredPath.of(TimePath({2025: share(0.3, 0.1, 0.5)}), [one]).draw([2040], KeyedSource(3), "p", 5, 20)
    alone = TimePath({2025: one.amount}).draw([2040], KeyedSource(3), one.stream, 5, 20)
    assert np.array_equal(drawn, alone)


def test_one_more_measure_leaves_the_luck_of_the_others():
    fill, scale = effect("fill", share(0.4, 0.2, 0.6)), effect("scale", share(0.5, 0.3, 0.6))
    base = TimePath({2025: share(0.3, 0.1, 0.5)})
    both = SteeredPath.of(base, [fill, scale]).draw([2040], KeyedSource(1), "p", 0, 30)
    alone = SteeredPath.of(base, [scale]).draw([2040], KeyedSource(1), "p", 0, 30)
    filled = TimePath({2025: fill.amount}).draw([2040], KeyedSource(1), fill.stream, 0, 30)
    assert both == pytest.approx(1 - (1 - alone) * (1 - filled))


def test_it_crosses_a_process_boundary_and_compares():
    told = SteeredPath.of(BASE, [effect("fill", share(0.4, 0.2, 0.6))])
    assert pickle.loads(pickle.dumps(told)) == told
    assert told != SteeredPath.of(BASE, [effect("fill", share(0.4, 0.2, 0.6), level=0.5)])
    assert told != BASE
    assert told.unsteered == BASE


def test_it_is_certain_only_if_its_amounts_are():
    assert SteeredPath.of(BASE, [effect("set", share(0.4))]).is_certain
    assert not SteeredPath.of(BASE, [effect("set", share(0.4, 0.2, 0.6))]).is_certain


def test_a_value_for_all_years_is_none_once_a_measure_is_on_it():
    alone = TimePath({2000: share(0.3, 0.1, 0.5)})
    assert alone.is_constant
    assert SteeredPath.of(alone, []).is_constant
    assert not SteeredPath.of(alone, [effect("set", share(0.4))]).is_constant


def test_it_has_no_quantiles():
    with pytest.raises(TypeError, match="drawn"):
        SteeredPath.of(BASE, []).values([2030], [0.5])
