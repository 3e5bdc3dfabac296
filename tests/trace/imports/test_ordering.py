"""The order of lots: made before used, cycles named, clocks that contradict it told."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_events import document, hand, imported, kg, lot, melt, named, origin_of, steps, supply

from cesim.errors import InputError, Place
from cesim.trace.genealogy.graph import true_genealogy
from cesim.trace.imports.ordering import ordered
from cesim.trace.imports.said import Portion, Remarks, Said


def made(inputs, outputs, time_s):
    into, out = (tuple(Portion(one, 1) for one in side) for side in (inputs, outputs))
    return Said("melting", "x", "", time_s, time_s, into, out, (), 0, "", Place())


def order_of(said, remarks=None):
    label = {portion.lot: portion.lot for one in said for side in (one.inputs, one.outputs) for portion in side}
    return ordered(said, label, remarks or Remarks())


@st.composite
def anything(draw):
    """Times of events, uses of what others make, and an order in which they are written down."""
    count = draw(st.integers(1, 25))
    times = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    some = st.integers(0, count - 1)
    return count, times, draw(st.lists(st.tuples(some, some), max_size=40)), draw(st.permutations(range(count)))


@given(anything())
def test_every_lot_is_made_before_it_is_used_and_else_time_rules(drawn):
    """Events of any times, in any order, with any uses that are no cycle."""
    count, times, uses, shuffled = drawn
    inputs = {n: {f"lot{min(a, b)}" for a, b in uses if max(a, b) == n and a != b} for n in range(count)}
    said = [made(inputs[n], [f"lot{n}"], times[n]) for n in shuffled]
    order = order_of(said)
    assert sorted(order) == list(range(count))
    seen = set()
    for n in order:
        assert {one.lot for one in said[n].inputs} <= seen
        seen |= {one.lot for one in said[n].outputs}
    if not uses:
        assert [(said[n].time_s, n) for n in order] == sorted((said[n].time_s, n) for n in order)


def test_events_keep_the_order_of_time_where_that_is_enough():
    said = [made([], ["c"], 30), made([], ["a"], 10), made(["a"], ["b"], 20), made([], ["d"], 20)]
    assert order_of(said) == [1, 2, 3, 0]


def test_at_one_moment_the_making_comes_first():
    said = [made(["b"], ["c"], 5), made(["a"], ["b"], 5), made([], ["a"], 5)]
    remarks = Remarks()
    assert order_of(said, remarks) == [2, 1, 0]
    assert remarks.all() == []


def test_clocks_that_contradict_the_making_are_told_and_the_event_is_kept():
    said = [made(["a"], ["b"], 0), made([], ["a"], 7200)]
    remarks = Remarks()
    assert order_of(said, remarks) == [1, 0]
    (remark,) = remarks.all()
    assert (remark.code, remark.arguments["found"], remark.arguments["hours"]) == ("import_used_before_made", "a", 2.0)


def test_a_lot_made_twice_counts_from_its_first_making():
    said = [made([], ["a"], 10), made(["a"], ["b"], 5), made([], ["a"], 0)]
    remarks = Remarks()
    assert order_of(said, remarks) == [2, 1, 0]
    assert remarks.all() == []


@pytest.mark.parametrize("length", [1, 2, 3, 30])
def test_a_cycle_is_refused_and_its_lots_are_named_in_their_order(length):
    names = [f"lot{n}" for n in range(length)]
    said = [made([], ["begin"], 0), *(made([one], [other], 5) for one, other in pairwise([*names, names[0]]))]
    with pytest.raises(InputError) as refused:
        order_of(said)
    (fault,) = refused.value.faults
    assert fault.code == "import_cycle"
    found = fault.arguments["found"]
    if length <= 12:
        assert sorted(found) == sorted(names)
        for one, other in pairwise(found):
            assert names[(names.index(one) + 1) % length] == other
    else:
        assert len(found) == 13
        assert found[-1] == "…"


def test_a_cycle_is_found_behind_a_lot_that_was_made_before():
    """Somebody buys A, makes B of it, and calls what is made of B again A."""
    said = [made([], ["a"], 0), made(["a"], ["b"], 1), made(["b"], ["a"], 2)]
    with pytest.raises(InputError) as refused:
        order_of(said)
    assert sorted(refused.value.faults[0].arguments["found"]) == ["a", "b"]


def test_a_cycle_in_a_document_is_refused_with_its_place():
    told = document(melt([("A", 1)], [("B", 1)], 1), melt([("B", 1)], [("A", 1)], 2))
    with pytest.raises(InputError) as refused:
        imported(told)
    (fault,) = refused.value.faults
    assert fault.code == "import_cycle"
    assert str(fault.place).startswith("0.json:/epcisBody/eventList/")
    assert set(fault.arguments["found"]) == {lot("A"), lot("B")}


def test_events_in_any_order_of_the_file_are_one_ledger():
    events = [supply("A", 10, "primary", 0), melt([("A", 10)], [("B", 9)], 5), melt([("B", 9)], [("C", 8)], 9)]
    for turned in (events, events[::-1], [events[1], events[0], events[2]]):
        found = imported(document(*turned)).records
        assert steps(found) == ["supply", "rolling", "rolling"]
        assert named(found, lot("A")) < named(found, lot("B")) < named(found, lot("C"))
        assert origin_of(found, lot("C")) == {"primary": 1.0}
        true_genealogy(found.entries)  # refuses what is not in order


def test_a_handover_comes_after_the_making_and_never_makes_a_cycle():
    told = document(hand("shipping", [("B", 9)], 3), melt([("A", 10)], [("B", 9)], 5), supply("A", 10, hour=4))
    found = imported(told)
    assert steps(found.records) == ["supply", "rolling", "shipping"]
    assert [one.code for one in found.remarks] == ["import_used_before_made"]
    assert (np.diff(found.records.entries.time_s) < 0).any()  # what the clocks tell stays


def test_lots_that_nothing_makes_are_numbered_as_they_come():
    found = imported(document(melt([("X", 5), ("Y", 5)], [("Z", 10)]))).records
    assert [named(found, lot(one)) for one in "XYZ"] == [0, 1, 2]
    assert found.entries.lots.mass_mg.tolist() == [5_000_000, 5_000_000, 10_000_000]
    assert kg("X", 1)["uom"] == "KGM"
