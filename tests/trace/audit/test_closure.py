"""What goes in comes out, and nobody ships what cannot be there: worked by hand, then whatever the period."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import DAY, KG, Book, loops, random_loop
from planted import honest, ordered, scaled, without

from cesim.errors import InputError
from cesim.trace.audit.closure import actor_closure, record_closure
from cesim.trace.audit.weighing import Weighing
from cesim.trace.steps import STEPS

EXACT = Weighing()


def press():
    """A slab of 100 kg comes on day 1, is pressed on day 3 and its parts are shipped on day 5."""
    book = Book()
    works, shop = book.actor("casthouse", "casthouse"), book.actor("press shop", "press_shop")
    [slab] = book.entry("supply", works, 0, (), [("slab", "6016", 100 * KG)], [("primary", 100 * KG)])
    book.handover(works, shop, 0, [slab])
    out = [("semis", "6016", 60 * KG), ("scrap", "6016", 38 * KG)]
    parts, _ = book.entry("pressing", shop, 3 * DAY, [(slab, 100 * KG)], out, loss=2 * KG)
    book.handover(shop, works, 5 * DAY, [parts])
    return honest(book.entries())


def test_the_books_of_a_press_shop_by_hand():
    found = actor_closure(press().entries, EXACT, 2 * DAY)
    shop = {name: (table[1] / KG).tolist() for name, table in vars(found).items() if name.endswith("_mg")}
    assert shop == {
        "received_mg": [100, 0, 0, 0],
        "supplied_mg": [0, 0, 0, 0],
        "used_mg": [0, 100, 0, 0],
        "made_mg": [0, 98, 0, 0],
        "shipped_mg": [0, 0, 60, 0],
        "lost_mg": [0, 2, 0, 0],
        "stock_mg": [100, 98, 38, 38],
    }
    assert not found.impossible.any()


def test_what_is_shipped_without_having_come_is_impossible():
    records = without(press(), [2])  # the slab was never received
    found = actor_closure(records.entries, EXACT, 2 * DAY)
    assert found.impossible.tolist() == [[False] * 4, [False, True, True, False]]
    assert found.stock_mg[1].tolist() == [0, -2 * KG, -62 * KG, -62 * KG]
    opened = actor_closure(records.entries, EXACT, 2 * DAY, np.array([0.0, 62.0 * KG]))
    assert not opened.impossible.any()
    short = actor_closure(records.entries, EXACT, 2 * DAY, np.array([0.0, 62.0 * KG - 1]))
    assert short.impossible.sum() == 1


def test_a_mass_that_is_not_told_may_explain_it():
    records = without(press(), [2])
    untold = scaled(records, "outputs", 1, 0)
    untold.entries.outputs.mass_mg[1] = -1
    found = actor_closure(untold.entries, EXACT, 2 * DAY)
    assert not found.impossible.any()
    assert found.untold[1].tolist() == [0, 1, 1, 1]


def test_a_record_that_does_not_close():
    records = scaled(press(), "inputs", 2, 0.9)  # the slab that is pressed
    found = record_closure(records.entries, EXACT)
    assert found.off_mg.tolist() == [0, 0, 0, -10 * KG, 0, 0]
    assert found.reported.tolist() == found.sure.tolist() == [False, False, False, True, False, False]


@pytest.mark.parametrize(("off_kg", "reported", "sure"), [(4, False, False), (6, True, False), (9, True, True)])
def test_the_tolerance_is_that_of_the_scales(off_kg, reported, sure):
    # scales of 1 %: sd of 100 kg in and 60 + 38 kg out is 1.225 kg; 4 sd are 4.9 kg, 6 sd are 7.3 kg
    records = scaled(press(), "inputs", 2, 1 + off_kg / 100)
    found = record_closure(records.entries, Weighing(0.01))
    assert found.sd_mg[3] == pytest.approx(np.sqrt((100 + off_kg) ** 2 + 60**2 + 38**2) * 0.01 * KG, rel=1e-6)
    assert found.sigmas[3] == pytest.approx(off_kg * KG / found.sd_mg[3])
    assert (bool(found.reported[3]), bool(found.sure[3])) == (reported, sure)


def test_scales_of_their_own_and_a_division():
    both = np.array([0.0, 0.01])
    weighing = Weighing(both, division_mg=12.0)
    np.testing.assert_allclose(weighing.variance(np.array([0, 1, -1]), np.full(3, 1000)), [12, 112, 112])
    # whoever scatters rounds to milligrams at least
    np.testing.assert_allclose(Weighing(both).variance(np.array([0, 1]), np.full(2, 0)), [0, 1 / 12])


def test_the_factor_of_a_scale_shows_between_two_actors_only():
    weighing = Weighing(0.0, bias_sd=np.array([0.01, 0.02]))
    one, other, mass = np.array([0, 1, 0, -1]), np.array([1, 1, 0, -1]), np.array([100.0] * 4)
    found = weighing.between(one, mass, other, mass)
    np.testing.assert_allclose(found, [1 + 4, 0, 0, 4 + 4])
    np.testing.assert_allclose(weighing.between(one, mass, other, 0 * mass), [1, 4, 1, 4])


@settings(max_examples=25)
@given(loops(12), st.integers(1, 40), st.integers(2, 6))
def test_a_period_split_adds_up(truth, days, parts):
    whole = actor_closure(truth, EXACT, days * DAY * parts)
    split = actor_closure(truth, EXACT, days * DAY)
    last = np.minimum(np.arange(1, whole.stock_mg.shape[1] + 1) * parts, split.stock_mg.shape[1]) - 1
    first = np.arange(whole.stock_mg.shape[1]) * parts
    for name in ("received_mg", "supplied_mg", "used_mg", "made_mg", "shipped_mg", "lost_mg"):
        np.testing.assert_array_equal(np.add.reduceat(getattr(split, name), first, axis=1), getattr(whole, name))
    np.testing.assert_array_equal(split.stock_mg[:, last], whole.stock_mg)


@settings(max_examples=25)
@given(loops(12), st.integers(1, 60))
def test_what_is_left_in_the_end_is_what_was_never_used(truth, days):
    found = actor_closure(truth, EXACT, days * DAY)
    made, used = truth.outputs.mass_mg.sum(), truth.inputs.mass_mg[~np.isin(truth.step, [8, 9])[truth.inputs.entry()]]
    assert STEPS[8:10] == ("shipping", "receiving")
    assert found.stock_mg[:, -1].sum() == made - used.sum()
    assert (found.stock_mg >= 0).all()


def test_records_of_one_second_may_stand_in_any_order():
    records = press()
    records.entries.time_s[:] = 7
    turned = ordered(records, np.arange(len(records))[::-1])
    assert not actor_closure(turned.entries, EXACT, DAY).impossible.any()


@pytest.mark.parametrize("wrong", [{"sigmas": -1}, {"relative_sd": np.nan}, {"division_mg": np.inf}, {"sure": 3.0}])
def test_scales_that_cannot_be(wrong):
    with pytest.raises(InputError) as caught:
        Weighing(**wrong)
    assert caught.value.faults[0].code == "audit_number"
    assert caught.value.faults[0].place.model == next(iter(wrong))


@pytest.mark.parametrize("second", [-1, 10**18])
def test_times_that_make_no_periods(second):
    truth = random_loop(0, 2)
    truth.time_s[0 if second < 0 else -1] = second
    with pytest.raises(InputError) as caught:
        actor_closure(truth, EXACT, DAY)
    assert caught.value.faults[0].code == "audit_times"


def test_a_period_is_longer_than_nothing():
    with pytest.raises(InputError):
        actor_closure(random_loop(0, 2), EXACT, 0)


def test_what_nobody_did_is_nobodys():
    truth = random_loop(0, 4)
    truth.actor[:] = -1
    found = actor_closure(truth, Weighing(np.full(len(truth.names.actors), 0.01)), DAY)
    assert not found.made_mg.any()
    assert not found.impossible.any()
