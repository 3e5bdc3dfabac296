"""Ouranos: lots that become kinds of parts, and footprints that only some may see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.text import message
from cesim.trace.platforms.ouranos import CHILDREN, LOST, Counts, Trades, project

keys = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.integers(0, 3))


@given(st.lists(keys, min_size=1, max_size=60))
def test_lots_with_the_same_key_become_one_part_and_no_others(rows):
    made = project(*np.array(rows).T)
    of = {}
    for lot, row in enumerate(rows):
        part = made.part[lot]
        assert (made.operator[part], made.plant[part], made.name[part], made.period[part]) == row
        of.setdefault(row, set()).add(int(part))
    assert all(len(parts) == 1 for parts in of.values())
    assert made.parts == len(of)
    assert made.lots_lost == len(rows) - len(set(rows))
    assert made.alone() == sum(rows.count(row) == 1 for row in rows)


def test_fields_that_are_lost_are_named():
    assert {"lot", "mass_mg", "time_s"} <= set(LOST)


def chain():
    trades = Trades()
    car = trades.request("maker", "presser", 2.0)
    sheet = trades.request("presser", "mill", 5.0, below=car)
    paint = trades.request("presser", "painter", 0.1, below=car)
    slab = trades.request("mill", "smelter", 6.0, below=sheet)
    return trades, car, sheet, paint, slab


def test_replies_are_counted_down_the_chain_without_names():
    trades, car, sheet, paint, slab = chain()
    assert trades.counts(car) == Counts(0, 4)
    trades.answer(slab, "smelter", 9.0, allow=True)
    trades.answer(paint, "painter", 3.0, allow=False)
    assert trades.counts(car) == Counts(2, 4)
    assert trades.counts(sheet) == Counts(1, 2)
    assert trades.counts(paint) == Counts(1, 1)
    assert not any(name in repr(trades.counts(car)) for name in ("mill", "painter", "presser"))


def test_a_footprint_is_for_the_direct_customer_once_that_was_allowed():
    trades, car, sheet, paint, _ = chain()
    trades.answer(sheet, "mill", 9.0, allow=True)
    trades.answer(paint, "painter", 3.0, allow=False)
    assert trades.footprint(sheet, "presser") == trades.footprint(sheet, "mill") == 9.0
    assert trades.footprint(sheet, "maker") is None
    assert trades.footprint(paint, "presser") is None
    assert trades.footprint(paint, "painter") == 3.0
    assert trades.footprint(car, "presser") is None


def test_a_supplier_does_not_see_how_much_its_customer_needs():
    trades, car, *_ = chain()
    assert trades.amount(car, "maker") == 2.0
    assert trades.amount(car, "presser") is None


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("trade_unknown", lambda t: t.counts(9)),
        ("trade_unknown", lambda t: t.request("a", "b", 1.0, below=9)),
        ("trade_amount", lambda t: t.request("a", "b", -1.0)),
        ("trade_amount", lambda t: t.request("a", "b", float("nan"))),
        ("trade_not_yours", lambda t: t.answer(0, "mill", 1.0, allow=True)),
        ("trade_children", lambda t: [t.request("a", "b", 1.0, below=3) for _ in range(CHILDREN + 1)]),
    ],
)
def test_what_is_refused(code, wrong):
    with pytest.raises(InputError) as caught:
        wrong(chain()[0])
    (fault,) = caught.value.faults
    assert fault.code == code
    for lang in ("ja", "en"):
        assert code not in message(fault, lang)


def test_fifty_children_fit():
    trades, *_, slab = chain()
    for _ in range(CHILDREN):
        trades.request("smelter", "x", 1.0, below=slab)
    assert trades.counts(slab) == Counts(0, CHILDREN + 1)
