"""Two weighings of one lot: worked by hand, and found again whatever the order of records."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import DAY, KG, Book, loops, random_loop
from planted import honest, ordered, repeated_records, scaled, without

from cesim.trace.audit.bias import bias
from cesim.trace.audit.handed import heavier
from cesim.trace.audit.pairs import pairs
from cesim.trace.audit.slips import slipped
from cesim.trace.audit.weighing import Weighing
from cesim.trace.steps import STEPS

EXACT = Weighing()
SHIPPING, RECEIVING = STEPS.index("shipping"), STEPS.index("receiving")


def chain():
    """A lot of 100 kg goes from a to b and c and back to a, one day each."""
    book = Book()
    a, b, c = (book.actor(name, "scrap_trader") for name in "abc")
    [lot] = book.entry("supply", a, 0, (), [("scrap", "6016", 100 * KG)], [("primary", 100 * KG)])
    now = 0
    for giver, taker in ((a, b), (b, c), (c, a)):
        now = book.handover(giver, taker, now, [lot])
    book.entry("disposal", a, now, [(lot, 100 * KG)], loss=100 * KG)
    return honest(book.entries())


def test_every_handover_has_two_sides():
    found, missing = pairs(chain().entries, EXACT)
    assert found.shipping.tolist() == [1, 3, 5]
    assert found.receiving.tolist() == [2, 4, 6]
    assert not found.reported.any()
    assert len(missing.lot) == 0


@pytest.mark.parametrize(
    ("factor", "noise", "sigmas", "reported", "sure"),
    [
        (1.05, 0.01, 5 / np.hypot(1.0, 1.05), False, False),
        (1.06, 0.01, 6 / np.hypot(1.0, 1.06), True, False),
        (0.9, 0.01, 10 / np.hypot(1.0, 0.9), True, True),
        (1 + 1e-8, 0.0, 1000, True, True),  # a milligram
    ],
)
def test_a_difference_over_the_tolerance(factor, noise, sigmas, reported, sure):
    found, _ = pairs(scaled(chain(), "inputs", 1, factor).entries, Weighing(noise))  # a to b, as b weighs it
    assert found.sigmas[0] == pytest.approx(sigmas, rel=1e-6)
    assert (bool(found.reported[0]), bool(found.sure[0])) == (reported, sure)
    assert found.sigmas[1:].tolist() == [0, 0]


@pytest.mark.parametrize(("gone", "by", "record"), [(1, 0, 2), (2, 1, 1), (5, 2, 6), (6, 0, 5)])
def test_a_side_that_is_missing(gone, by, record):
    records = without(chain(), [gone])
    found, missing = pairs(records.entries, EXACT)
    assert len(found) == 2
    assert (missing.lot.tolist(), missing.by.tolist()) == ([0], [by])
    assert records.event[missing.record].tolist() == [record]


def test_what_is_on_the_road_is_not_missing_yet():
    records = without(chain(), [6, 7])  # shipped on day 2, and nothing after that
    assert len(pairs(records.entries, EXACT, transit_s=DAY)[1].lot) == 0
    assert len(pairs(records.entries, EXACT)[1].lot) == 1
    # a receipt without a shipment is missing at once
    assert len(pairs(without(chain(), [5, 7]).entries, EXACT, transit_s=DAY)[1].lot) == 1


def test_what_leaves_for_another_region_need_not_be_received():
    book = Book()
    a, away = book.actor("a", "scrap_trader"), book.actor("away", "elsewhere")
    [lot] = book.entry("supply", a, 0, (), [("scrap", "", 10 * KG)], [("primary", 10 * KG)])
    book.entry("shipping", a, 1, [(lot, 10 * KG)], partner=away)
    assert len(pairs(book.entries(), EXACT)[1].lot) == 0
    assert len(pairs(book.entries(), EXACT, outside=())[1].lot) == 1
    book = Book()
    a, away = book.actor("a", "scrap_trader"), book.actor("away", "elsewhere")
    [lot] = book.entry("supply", away, 0, (), [("scrap", "", 10 * KG)], [("primary", 10 * KG)])
    book.entry("receiving", a, 1, [(lot, 10 * KG)], partner=away)
    assert pairs(book.entries(), EXACT)[1].by.tolist() == [away]


def test_a_lot_that_goes_the_same_way_twice_is_paired_in_turn():
    book = Book()
    a, b = book.actor("a", "scrap_trader"), book.actor("b", "scrap_trader")
    [lot] = book.entry("supply", a, 0, (), [("scrap", "", 10 * KG)], [("primary", 10 * KG)])
    now = 0
    for giver, taker in ((a, b), (b, a), (a, b)):
        now = book.handover(giver, taker, now, [lot])
    found, missing = pairs(book.entries(), EXACT)
    assert list(zip(found.shipping.tolist(), found.receiving.tolist(), strict=True)) == [(1, 2), (5, 6), (3, 4)]
    assert len(missing.lot) == 0


def test_a_record_written_twice_has_no_counterpart():
    found, missing = pairs(repeated_records(chain(), [3]).entries, EXACT)
    assert len(found) == 3
    assert missing.by.tolist() == [2]


@pytest.mark.parametrize(("edge", "factor", "sign"), [(0, 1000, 1), (0, 0.001, -1), (1, 1000, -1), (1, 1020, -1)])
def test_tonnes_for_kilograms_in_a_pair(edge, factor, sign):
    found, _ = pairs(scaled(chain(), "inputs", edge, factor).entries, Weighing(0.01))
    assert found.slip.tolist() == [sign, 0, 0]
    assert pairs(scaled(chain(), "inputs", edge, factor * 1.2).entries, Weighing(0.01))[0].slip.tolist() == [0, 0, 0]


@pytest.mark.parametrize(("side", "edge", "record"), [("outputs", 0, 0), ("inputs", 2, 3), ("inputs", 6, 7)])
def test_the_odd_one_out_is_in_the_wrong_unit(side, edge, record):
    found = slipped(scaled(chain(), side, edge, 1000).entries)
    assert np.flatnonzero(found).tolist() == [record]
    assert found[record] == 1
    # a use may be of a thousandth part of the lot, all else may not
    found = slipped(scaled(chain(), side, edge, 0.001).entries)
    assert np.flatnonzero(found).tolist() == ([] if record == 7 else [record])


def test_of_two_weighings_either_may_be_the_slip():
    records = without(chain(), [2, 3, 4, 5, 6, 7])
    assert slipped(scaled(records, "inputs", 0, 1000).entries).tolist() == [-1, 1]


@settings(max_examples=25)
@given(loops(15))
def test_honest_lots_are_in_their_units(truth):
    assert not slipped(truth).any()
    assert not heavier(truth, EXACT).reported.any()


def test_what_two_agree_on_the_birth_contradicts():
    records = scaled(scaled(chain(), "inputs", 0, 1.1), "inputs", 1, 1.1)
    assert not pairs(records.entries, EXACT)[0].reported.any()
    found = heavier(records.entries, EXACT)
    assert sorted(found.record[found.reported].tolist()) == [1, 2]
    assert found.birth[found.reported].tolist() == [0, 0]
    lighter = scaled(scaled(chain(), "inputs", 0, 0.9), "inputs", 1, 0.9)
    assert not heavier(lighter.entries, EXACT).reported.any()
    within = heavier(records.entries, Weighing(0.02))
    np.testing.assert_allclose(within.sigmas.max(), 10 / np.hypot(2, 2.2), rtol=1e-6)
    assert not within.reported.any()


@settings(max_examples=20)
@given(loops(10), st.integers(0, 2**32 - 1))
def test_the_order_of_records_of_different_seconds_is_all_that_counts(truth, seed):
    records = honest(truth, 0.01, seed % 1000)
    shuffled = np.random.default_rng(seed).permutation(len(records))
    order = shuffled[np.argsort(records.entries.time_s[shuffled], kind="stable")]
    again = ordered(records, order)
    for one in (pairs(records.entries, Weighing(0.01)), pairs(again.entries, Weighing(0.01))):
        assert len(one[1].lot) == 0

    def seen(of):
        found, _ = pairs(of.entries, Weighing(0.01))
        event = of.event
        rows = zip(found.lot, event[found.shipping], event[found.receiving], found.sigmas, strict=True)
        return sorted(tuple(float(one) for one in row) for row in rows)

    assert seen(records) == seen(again)


def biased(truth, by, noise, seed):
    """Everything weighed with noise, and by each actor's own factor."""
    records = honest(truth, noise, seed)
    factor = np.exp(np.array(by))[records.entries.actor[records.entries.inputs.entry()]]
    mass = records.entries.inputs.mass_mg
    mass[:] = np.rint(mass * factor)
    return records


def test_the_bias_of_scales_is_found_again():
    truth = random_loop(4, 300)
    by = np.zeros(len(truth.names.actors))
    by[0], by[6] = 0.02, -0.05
    found = bias(truth, pairs(biased(truth, by, 0.005, 1).entries, Weighing(0.005))[0])
    assert (np.abs(found.bias - by) <= 5 * found.se + 1e-3).all()
    assert (found.se[found.pairs > 0] < 0.002).all()
    # a few wild records change nothing
    wild = biased(truth, by, 0.005, 1)
    wild.entries.inputs.mass_mg[::37] *= 1000
    again = bias(truth, pairs(wild.entries, Weighing(0.005))[0])
    assert (np.abs(again.bias - by) <= 5 * again.se + 1e-3).all()


def test_of_two_alone_each_has_half_of_the_difference():
    book = Book()
    a, b = book.actor("a", "scrap_trader"), book.actor("b", "scrap_trader")
    book.actor("idle", "scrap_trader")
    [lot] = book.entry("supply", a, 0, (), [("scrap", "", 10 * KG)], [("primary", 10 * KG)])
    book.handover(a, b, 0, [lot])
    records = scaled(honest(book.entries()), "inputs", 1, 1.1)
    found = bias(records.entries, pairs(records.entries, EXACT)[0])
    np.testing.assert_allclose(found.bias, [-np.log(1.1) / 2, np.log(1.1) / 2, 0], atol=1e-12)
    assert found.pairs.tolist() == [1, 1, 0]


@pytest.mark.parametrize(("ratios", "middle"), [((1.0, 1.1, 5.0), 1.1), ((1.0, 1.1, 1.2, 5.0), np.sqrt(1.1 * 1.2))])
def test_the_middle_of_several_handovers_counts(ratios, middle):
    book = Book()
    a, b = book.actor("a", "scrap_trader"), book.actor("b", "scrap_trader")
    made = [("scrap", "", 10 * KG)] * len(ratios)
    lots = book.entry("supply", a, 0, (), made, [("primary", 10 * KG * len(ratios))])
    book.handover(a, b, 0, lots)
    records = honest(book.entries())
    for k, ratio in enumerate(ratios):
        records = scaled(records, "inputs", len(ratios) + k, ratio)
    found = bias(records.entries, pairs(records.entries, EXACT)[0])
    np.testing.assert_allclose(found.bias, [-np.log(middle) / 2, np.log(middle) / 2], atol=1e-7)
