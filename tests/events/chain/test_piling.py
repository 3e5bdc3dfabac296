"""Piles of lots: full ones and old ones leave, nothing is lost, and a run with piles can be saved."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.events.chain.piling import Piles
from cesim.events.columns import Columns
from cesim.events.facility import Facility
from cesim.events.laws import laws
from cesim.events.simulation import Simulation

COLUMNS = Columns(("polymer", "filler"), ("post_elv",))
HOUR = 3600


class Yard(Facility):
    """Lots arrive by the hour and are piled; what leaves is noted with its second."""

    kind = "yard"

    def __init__(self, simulation, count_of=3, patience_s=None, by_method=False):
        super().__init__(simulation, "yard")
        simulation.lots.accounts.source("given")
        self.left_at = []
        marks = {grade: self.lots.mark("load", grade) for grade in "ab"}
        self.marks = marks
        self.piles = Piles(self, count_of, self.mark if by_method else marks, self.done, patience_s)

    def mark(self, key):
        return self.marks[key]

    def arrive(self, given):
        key, mass = given
        row = COLUMNS.row({"polymer": mass, "filler": mass // 3}, "post_elv")
        self.piles.add(key, self.lots.create(row, self.lots.mark("piece", key), "given", self.code))

    def done(self, lot):
        self.left_at.append((self.clock.now, self.lots.mark_of[lot].grade, int(self.lots.masses([lot])[0])))


def yard(**how):
    return Yard(Simulation(0, COLUMNS), **how)


def play(here, arrivals, end):
    for second, key, mass in arrivals:
        here.clock.call_at(second, here.arrive, (key, mass))
    here.simulation.run([end])
    assert laws(here.simulation).passed
    return here.left_at


def test_full_piles_leave_at_once_and_sorts_are_kept_apart():
    arrivals = [(1, "a", 30), (2, "b", 3), (3, "a", 300), (4, "a", 3000), (5, "a", 6)]
    here = yard(by_method=True)
    assert play(here, arrivals, 100) == [(4, "a", 4440)]
    assert len(here.piles) == 2
    assert sorted(here.piles) == [lot for lot in here.lots.facility_of if here.lots.mark_of[lot].kind == "piece"]


def test_counts_by_sort():
    arrivals = [(1, "a", 3), (2, "b", 30), (3, "a", 6), (4, "b", 60)]
    assert play(yard(count_of={"a": 1, "b": 2}), arrivals, 9) == [(1, "a", 4), (3, "a", 8), (4, "b", 120)]


def test_patience_runs_from_the_first_lot_of_a_pile_and_not_from_one_that_has_left():
    arrivals = [(0, "a", 3), (10, "a", 3), (20, "a", 3), (30, "a", 30), (60, "a", 30), (200, "b", 3)]
    assert play(yard(patience_s=100), arrivals, 300) == [(20, "a", 12), (130, "a", 80)]


def test_without_patience_a_second_is_one_load():
    arrivals = [(5, "a", 3), (5, "b", 3), (5, "a", 6), (6, "a", 9)]
    assert play(yard(count_of=9, patience_s=0), arrivals, 9) == [(5, "a", 12), (5, "b", 4), (6, "a", 12)]


def test_flush_lets_all_leave_in_the_order_in_which_they_were_begun():
    here = yard(count_of=9, patience_s=50)
    here.clock.call_at(40, here.piles.flush)
    assert play(here, [(1, "b", 3), (2, "a", 3), (3, "b", 3)], 99) == [(40, "b", 8), (40, "a", 4)]
    assert len(here.piles) == 0


@given(
    st.lists(st.tuples(st.integers(0, 50), st.sampled_from("ab"), st.integers(1, 10**12)), max_size=40),
    st.integers(1, 7),
    st.one_of(st.none(), st.integers(0, 20)),
)
def test_nothing_is_lost_and_nothing_waits_too_long(arrivals, count, patience):
    here = yard(count_of=count, patience_s=patience)
    left = play(here, arrivals, 60)
    lying = here.lots.masses(list(here.piles)).sum() if len(here.piles) else 0
    assert sum(mass for _, _, mass in left) + lying == sum(mass + mass // 3 for _, _, mass in arrivals)
    for key in "ab":
        assert sum(here.lots.mark_of[lot].grade == key for lot in here.piles) < count
        came = sorted(second for second, arrived, _ in arrivals if arrived == key)
        if patience is not None and came and came[-1] + patience < 60:
            assert not any(here.lots.mark_of[lot].grade == key for lot in here.piles)


def test_a_yard_with_piles_can_be_saved():
    arrivals = [(second, "ab"[second % 3 > 0], second + 1) for second in range(0, 100, 3)]
    whole = play(yard(count_of=4, patience_s=25), arrivals, 200)
    here = yard(count_of=4, patience_s=25)
    for second, key, mass in arrivals:
        here.clock.call_at(second, here.arrive, (key, mass))
    here.clock.run_to(50)
    again = pickle.loads(pickle.dumps(here.simulation)).facility("yard")
    again.clock.run_to(200)
    assert again.left_at == whole
    assert len(whole) > 5


@pytest.mark.parametrize("how", [{"count_of": 0}, {"count_of": {"a": 4097}}, {"count_of": 2.0}, {"patience_s": -1}])
def test_counts_and_patience_that_cannot_be_are_refused(how):
    with pytest.raises(InputError) as caught:
        yard(**how)
    assert caught.value.faults[0].code == "facility_number"
