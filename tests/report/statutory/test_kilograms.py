"""Whole kilograms add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.report.statutory.counting import REST, STREAMS, account, by_group, together
from cesim.report.statutory.kilograms import shared_out, whole

masses = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)


@given(st.lists(masses, max_size=8))
def test_rows_add_up_to_the_sum_rounded_once(parts):
    given_ = dict(enumerate(parts))
    found = whole(given_)
    assert sum(found.values()) == round(sum(parts))
    assert all(abs(found[key] - given_[key]) < 1 for key in given_)
    assert all(found[key] == 0 for key in given_ if given_[key] == 0)


@given(st.integers(0, 10**6), st.lists(masses, min_size=1, max_size=8))
def test_a_whole_number_is_shared_out_within_one(total, parts):
    everything = sum(parts)
    if not everything:
        return
    found = shared_out(total, dict(enumerate(parts)))
    assert sum(found.values()) == total
    assert all(abs(found[at] - total * part / everything) < 1 for at, part in enumerate(parts))


def test_a_row_is_not_moved_to_make_up_for_the_rounding_of_the_sum():
    # 1.4 and 0.3 kg are 1.7, rounded 2: in proportion to 2 the first would be 1.65
    assert whole({"large": Fraction(14, 10), "small": Fraction(3, 10)}) == {"large": 2, "small": 0}
    assert whole({"a": Fraction(10**9) + Fraction(1, 4), "b": Fraction(3, 10)}) == {"a": 10**9, "b": 1}


def test_ties_go_to_the_last():
    assert shared_out(1, {"a": Fraction(1), "b": Fraction(1)}) == {"a": 0, "b": 1}
    assert shared_out(5, {"a": Fraction(1), "b": Fraction(1), "c": Fraction(1)}) == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize("parts", [{"a": Fraction(0)}, {}, {"a": Fraction(2), "b": Fraction(-1)}])
def test_what_cannot_be_shared_out_is_refused(parts):
    with pytest.raises(ValueError, match="cannot share out 3"):
        shared_out(3, parts)
    assert shared_out(0, {"a": Fraction(0)}) == {"a": 0}


@st.composite
def cars(draw):
    """Groups of cars, each with its plastics and some recycled plastics in it, up to all of them."""
    groups = draw(st.integers(1, 4))
    held = [{origin: draw(masses) for origin in draw(st.sets(st.sampled_from(STREAMS[:-1])))} for _ in range(groups)]
    room = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(1000)])
    return [sum(one.values(), Fraction(0)) + draw(room) for one in held], held


@given(cars())
def test_rows_and_columns_of_a_table_by_group_add_up(given_):
    total, held = given_
    accounts = by_group(total, held)
    both = together(accounts)
    assert both.total == round(sum(total))
    recycled = sum((mass for one in held for mass in one.values()), Fraction(0))
    assert both.total - both.kg[REST] == round(recycled)
    for one, mass in zip(accounts, total, strict=True):
        assert abs(one.total - mass) < 1
        assert min(one.kg.values()) >= 0
    for origin in STREAMS[:-1]:
        exact = sum((one.get(origin, Fraction(0)) for one in held), Fraction(0))
        assert abs(both.kg[origin] - exact) < 1


def test_where_rounding_leaves_a_group_no_room_a_kilogram_moves_to_one_that_has_room():
    # 0.6 kg, all of it recycled, rounds to nothing in its group and to 1 kg as an origin
    held = [{"post_elv": Fraction(3, 5)}, {"chemical": Fraction(3, 10)}]
    first, second = by_group([Fraction(3, 5), Fraction(4, 5)], held)
    assert (first.total, second.total) == (0, 1)
    assert (first.kg["post_elv"], second.kg["post_elv"], second.kg[REST]) == (0, 1, 0)


def test_an_origin_that_no_book_knows_is_refused_and_not_lost():
    with pytest.raises(ValueError, match="run_around"):
        account({"run_around": Fraction(1)})
    assert account({"run_around": Fraction(0), "bio": Fraction(3)}).total == 3
