"""Declared origins: worked by hand, and silent for honest records."""

import numpy as np
import pytest
from hypothesis import given, settings
from made_up import DAY, KG, Book, loops, random_loop, tiny
from planted import honest, ordered

from cesim.ledger.substances import ORIGINS
from cesim.trace.audit.overclaims import claimed, rarity, supply, surprise
from cesim.trace.steps import STEPS

POST_OTHER, POST_ELV, PRE_AUTO = (ORIGINS.index(name) for name in ("post_other", "post_elv", "pre_auto"))


def heat(*, untold=0):
    """60 kg of primary and 30 kg of other post-consumer matter are melted to 85 kg; `untold` kg have no origin."""
    book = Book()
    works = book.actor("casthouse", "casthouse")
    [fresh] = book.entry("supply", works, 0, (), [("ingot", "", 60 * KG)], [("primary", 60 * KG)])
    [old] = book.entry("supply", works, 0, (), [("scrap", "", 30 * KG)], [("post_other", 30 * KG)])
    made = [("slab", "6016", 85 * KG)]
    book.entry("melting", works, 1, [(fresh, 60 * KG), (old, 30 * KG)], made, loss=5 * KG)
    records = honest(book.entries())
    if untold:
        records.entries.sources.origin[0] = -1
    return records


def given_out(records, place, to):
    records.entries.relabel[place] = ORIGINS.index(to)
    return records


def test_a_heat_given_out_as_post_consumer():
    found = claimed(given_out(heat(), 2, "post_other"))
    assert found.claimed_mg.tolist() == [0, 0, 85 * KG]
    np.testing.assert_allclose(found.possible_mg, [0, 0, 85 * KG / 3])
    np.testing.assert_allclose(found.excess, [0, 0, 2 / 3])
    assert not found.against_the_rule.any()


def test_matter_of_unknown_origin_may_be_what_is_claimed():
    found = claimed(given_out(heat(untold=60), 2, "post_other"))
    assert found.excess.tolist() == [0, 0, 0]
    # and so may what went in and was not written down
    records = given_out(heat(), 2, "post_other")
    records.entries.inputs.mass_mg[0] = 0  # of the primary nothing is said
    np.testing.assert_allclose(claimed(records).excess, [0, 0, 0])


def test_only_what_leaves_under_a_class_of_its_own_is_claimed():
    assert not claimed(heat()).claimed_mg.any()
    assert not claimed(given_out(heat(), 2, "pre_other")).claimed_mg.any()


def test_another_class_is_no_excuse():
    np.testing.assert_allclose(claimed(given_out(heat(), 2, "post_elv")).excess, [0, 0, 1])


def test_new_scrap_is_never_post_consumer():
    records = honest(tiny())
    place = int(np.flatnonzero(records.entries.step == STEPS.index("scrap_return"))[0])
    assert not claimed(records).against_the_rule.any()
    given_out(records, place, "post_elv")
    assert np.flatnonzero(claimed(records).against_the_rule).tolist() == [place]


@settings(max_examples=25)
@given(loops(12))
def test_honest_records_claim_nothing_that_cannot_be(truth):
    found = claimed(honest(truth))
    assert not found.excess.any()
    assert not found.against_the_rule.any()
    many = supply(truth, DAY)
    assert not many.old_cars_mg.any()  # old cars come by take-back alone
    assert (np.diff(many.taken_back_mg) >= 0).all()


def test_what_enters_as_post_consumer_by_hand():
    records = heat()
    found = supply(records.entries, DAY)
    assert found.declared_mg.tolist() == [[30 * KG]]
    np.testing.assert_allclose(found.share, [[1 / 3]])
    assert found.taken_back_mg.tolist() == [0]
    records.entries.sources.origin[:] = POST_ELV
    assert supply(records.entries, DAY).old_cars_mg.tolist() == [90 * KG]
    found = supply(tiny(), 2 * DAY)
    assert found.taken_back_mg[:3].tolist() == [2000 * KG, 3000 * KG, 3000 * KG]
    assert not found.declared_mg.any()


def test_rarity_by_hand():
    found = rarity(np.array([7, 7, 7, 8, 9]), np.array([0, 0, 0, 0, 1]))
    wanted = np.log([5 / 3.5, 5 / 3.5, 5 / 3.5, 5 / 1.5, 1.5 / 1.5])
    np.testing.assert_allclose(found, wanted)


def test_one_old_car_among_primary_metal_is_unusual():
    book = Book()
    seller, other = book.actor("primary", "metal_supplier"), book.actor("old", "recyclate_supplier")
    for k in range(30):
        actor, origin = (other, "post_other") if k % 3 == 0 else (seller, "primary")
        book.entry("supply", actor, k, (), [("ingot", "", KG)], [(origin, KG)])
    records = honest(book.entries())
    np.testing.assert_allclose(surprise(records.entries), 0, atol=0.05)
    records.entries.sources.origin[4] = POST_OTHER
    found = surprise(records.entries)
    assert np.argmax(found) == 4
    assert found[4] == pytest.approx(np.log((20 + 1) / 1.5))
    # the number of edges of an origin does not matter, nor the order of records
    again = surprise(ordered(records, np.arange(30)[::-1]).entries)
    np.testing.assert_allclose(again, found[::-1])


def test_a_step_that_this_role_never_takes_is_unusual():
    truth = random_loop(3, 40)
    place = int(np.flatnonzero(truth.step == STEPS.index("supply"))[5])
    before = surprise(truth)[place]
    truth.actor[place] = next(k for k, actor in enumerate(truth.names.actors) if actor.role == "press_shop")
    assert surprise(truth)[place] > before + 0.5
