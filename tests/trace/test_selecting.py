import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import loops, tiny
from written import rows

from cesim.trace.selecting import any_of, joined, places, selected, without


@given(loops(5), st.data())
@settings(max_examples=30, deadline=None)
def test_selected_entries_are_those_and_in_that_order(entries, data):
    chosen = data.draw(st.lists(st.integers(0, len(entries) - 1), max_size=30))
    all_ = rows(entries)
    assert rows(selected(entries, np.array(chosen, dtype=np.int64))) == [all_[row] for row in chosen]


@given(loops(4), loops(4))
@settings(max_examples=20, deadline=None)
def test_joined_ledgers_stand_one_after_the_other(first, second):
    assert rows(joined(first, second), lots=10**9) == rows(first) + rows(second)


def test_nothing_is_selected_from_and_joined_to():
    entries = tiny()
    none = selected(entries, np.zeros(0, dtype=np.int64))
    assert len(none) == 0
    assert rows(joined(none, entries)) == rows(joined(entries, none)) == rows(entries)


@given(loops(4), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_edges_taken_out_are_gone_from_their_entries_and_no_others(entries, seed):
    side = entries.inputs
    gone = np.random.default_rng(seed).random(len(side.lot)) < 0.4
    left = without(side, gone)
    of = side.entry()
    for entry in range(len(entries)):
        kept = side.lot[(of == entry) & ~gone]
        assert left.lot[left.start[entry] : left.start[entry + 1]].tolist() == kept.tolist()
        assert any_of(side, gone)[entry] == gone[of == entry].any()


def test_places_of_edges_follow_the_entries():
    start = np.array([0, 2, 2, 5])
    ends, index = places(start, np.array([2, 1, 0, 2]))
    assert ends.tolist() == [0, 3, 3, 5, 8]
    assert index.tolist() == [2, 3, 4, 0, 1, 2, 3, 4]
