"""Loads take the ways of the balance in the mean, by draws of their own; what comes in comes evenly, all of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_cars import Bench, Heap, car_rows, composition, gone

from cesim.events.chain.border import SOURCE, Border
from cesim.events.chain.dispatch import ELSEWHERE, Loads, Ways, pieces_in
from cesim.events.chain.material import COUNT
from cesim.events.clock import DAY
from cesim.events.laws import laws


def sent(share, count=600, seed=0, whole=None, facility="yard"):
    """Loads that go one after the other; number that came to each of two heaps, and elsewhere."""
    bench = Bench(seed)
    begin = Heap(bench, facility)
    to = [Heap(bench, "first"), Heap(bench, "second"), None]
    ways = Ways(begin, "way", np.array(share), to, None, whole)
    row = car_rows(1)[0]

    def go(number):
        lot = bench.lots.create(row, bench.lots.mark("load"), "given", begin.code)
        ways.go(lot, number)

    for number in range(count):
        bench.clock.call_at(number, go, number)
    bench.run([DAY])
    assert laws(bench).passed
    return bench, to, row


@pytest.mark.parametrize("share", [(0.7, 0.2, 0.1), (0.0, 1.0, 0.0), (0.05, 0.0, 0.95)])
def test_loads_take_each_way_as_often_as_the_balance_says(share):
    bench, to, row = sent(share)
    counts = [len(to[0].caught), len(to[1].caught), int(gone(bench, ELSEWHERE).sum() // row.sum())]
    assert sum(counts) == 600
    for count, one in zip(counts, share, strict=True):
        assert count / 600 == pytest.approx(one, abs=4 * np.sqrt(one * (1 - one) / 600))
        assert count == 0 or one > 0


def test_ways_are_keyed_by_the_count_of_the_load():
    first = [second for second, _ in sent((0.5, 0.4, 0.1))[1][0].caught]
    assert first == [second for second, _ in sent((0.5, 0.4, 0.1))[1][0].caught]
    assert first == [second for second, _ in sent((0.5, 0.1, 0.4))[1][0].caught]  # the others' shares are others
    assert set(first) < {second for second, _ in sent((0.6, 0.4, 0.0))[1][0].caught}
    assert first != [second for second, _ in sent((0.5, 0.4, 0.1), seed=1)[1][0].caught]
    assert first != [second for second, _ in sent((0.5, 0.4, 0.1), facility="other yard")[1][0].caught]


def test_at_once_every_load_is_divided_as_in_the_balance():
    bench, to, row = sent((0.7, 0.2, 0.1), count=3, whole="part")
    mass = row[:COUNT].sum() * 3
    for heap, share in ((to[0], 0.7), (to[1], 0.2)):
        rows = [composition(bench, lot) for _, lot in heap.caught]
        assert len(rows) == 3
        assert sum(one[:COUNT].sum() for one in rows) == pytest.approx(share * mass, abs=3 * COUNT)
    assert gone(bench, ELSEWHERE)[:COUNT].sum() == pytest.approx(0.1 * mass, abs=3 * COUNT)


def test_a_load_leaves_when_it_has_its_pieces_or_its_patience_ends():
    bench = Bench()
    begin, end = Heap(bench, "yard"), Heap(bench, "works")
    ways = Ways(begin, "way", np.ones(1), [end], None)
    marks = {grade: bench.lots.mark("scrap", grade) for grade in "ab"}
    loads = Loads(begin, {"a": 3, "b": 5}, marks, ways, 2 * DAY)
    row = car_rows(1)[0]

    def add(grade):
        loads.add(grade, bench.lots.create(row, bench.lots.mark("piece"), "given", begin.code))

    for number in range(7):
        bench.clock.call_at(number * 3600, add, "ab"[number % 2])
    bench.run([DAY])
    assert [(second, bench.lots.mark_of[lot].grade) for second, lot in end.caught] == [(4 * 3600, "a")]
    assert composition(bench, end.caught[0][1]).sum() == 3 * row.sum()
    bench.run([5 * DAY])
    assert [(second, bench.lots.mark_of[lot].grade) for second, lot in end.caught[1:]] == [
        (3600 + 2 * DAY, "b"), (6 * 3600 + 2 * DAY, "a"),
    ]  # fmt: skip
    assert laws(bench).passed


@given(load=st.floats(0.001, 1e3), piece=st.floats(0, 1e3))
def test_pieces_in_a_load(load, piece):
    count = pieces_in(load, piece)
    assert 1 <= count <= 4096
    if piece > 0 and 1 < load / piece < 4096:
        assert (count - 1) * piece < load <= count * piece * (1 + 1e-12)


# the border


def brought(mass, load_t, begin=0, end=30 * DAY):
    bench = Bench()
    bench.lots.accounts.source(SOURCE)
    border = Border(bench, "border")
    heap = Heap(bench, "works")
    border.bring(
        mass, load_t, bench.lots.mark("scrap", "part-6016", ELSEWHERE), begin, end, lambda lot: border.send(lot, heap)
    )
    bench.run([end])
    assert laws(bench).passed
    return bench, heap


@settings(max_examples=25, deadline=None)
@given(
    mass=st.lists(st.floats(0, 40, allow_subnormal=False), min_size=3, max_size=3),
    load=st.floats(0.5, 30),
)
def test_what_comes_in_comes_to_the_milligram_and_evenly(mass, load):
    pairs = np.zeros(COUNT)
    pairs[[0, 9, 70]] = mass
    bench, heap = brought(pairs, load)
    whole = np.rint(pairs * 1e9).astype(np.int64)
    if not whole.any():
        assert heap.caught == []
        return
    rows = np.array([composition(bench, lot) for _, lot in heap.caught])
    assert np.array_equal(rows.sum(axis=0)[:COUNT], whole)
    assert len(rows) == np.ceil(pairs.sum() / load)
    assert np.ptp(rows[:, :COUNT], axis=0).max() <= len(rows)
    seconds = np.array([second for second, _ in heap.caught])
    step = 30 * DAY / len(rows)
    assert np.abs(seconds - (np.arange(len(rows)) + 0.5) * step).max() <= 1.0


@pytest.mark.parametrize("load", [0.0, 5.0])
def test_nothing_comes_in_where_there_is_nothing_whatever_a_load_is(load):
    """A region without shredders has hulks of no mass, and none come."""
    assert brought(np.zeros(COUNT), load)[1].caught == []
