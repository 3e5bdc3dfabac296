"""The clock: SimPy's order, its own time, half-open periods, saving."""

from __future__ import annotations

import pickle

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from simpy.events import URGENT

from cesim.errors import InputError
from cesim.events.clock import Clock


class Diary:
    """Notes what is called and when."""

    def __init__(self, clock):
        self.clock, self.notes = clock, []

    def note(self, what):
        self.notes.append((self.clock.now, what))


def test_the_clock_is_set_before_the_callback():
    clock = Clock()
    diary = Diary(clock)
    clock.call_in(5, diary.note, "called")
    clock.run_to(10)
    assert diary.notes == [(5, "called")]
    assert clock.now == 10


def test_what_is_due_at_the_end_of_a_period_belongs_to_the_next():
    clock = Clock()
    diary = Diary(clock)
    for when in (0, 11, 12, 24):
        clock.call_at(when, diary.note, when)
    counts = []
    for end in (12, 24, 36):
        before = len(diary.notes)
        clock.run_to(end)
        counts.append(len(diary.notes) - before)
    assert counts == [2, 1, 1]


def test_so_does_what_is_urgent():
    clock = Clock()
    diary = Diary(clock)
    event = clock.event()
    event._ok, event._value = True, None
    event.callbacks.append(diary.note)
    clock.schedule(event, URGENT, 10)
    clock.run_to(10)
    assert diary.notes == []
    clock.run_to(11)
    assert diary.notes == [(10, event)]


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30))
def test_the_order_is_that_of_simpy(plan):
    wanted = simpy.Environment()
    expected = []
    for number, (delay, _) in enumerate(plan):
        wanted.timeout(delay).callbacks.append(lambda _, number=number: expected.append((wanted.now, number)))
    wanted.run()
    clock = Clock()
    diary = Diary(clock)
    for number, (delay, called) in enumerate(plan):
        if called:
            clock.call_in(delay, diary.note, number)
        else:
            clock.timeout(delay).callbacks.append(lambda _, number=number: diary.note(number))
    clock.run()
    assert diary.notes == expected


def cars(env, log):
    station = simpy.Resource(env, capacity=2)

    def car(name, arrives, charges):
        yield env.timeout(arrives)
        with station.request() as request:
            yield request
            log.append((name, "begins", env.now))
            yield env.timeout(charges)
            log.append((name, "leaves", env.now))

    for number in range(4):
        env.process(car(f"car {number}", number * 2, 5))
    env.run()


def test_an_example_of_the_simpy_guide_runs_on_it():
    wanted, found = [], []
    cars(simpy.Environment(), wanted)
    cars(Clock(), found)
    assert found == wanted
    assert len(found) == 8


def test_processes_and_calls_run_together_and_failures_surface():
    clock = Clock()

    def failing():
        yield clock.timeout(3)
        raise ZeroDivisionError

    clock.process(failing())
    with pytest.raises(ZeroDivisionError):
        clock.run_to(10)
    assert clock.now == 3


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda clock: clock.call_in(0.5, print), "clock_not_whole"),
        (lambda clock: clock.call_in(True, print), "clock_not_whole"),
        (lambda clock: clock.call_at(7, print), "clock_back"),
        (lambda clock: clock.call_in(-1, print), "clock_back"),
        (lambda clock: clock.timeout(0.25), "clock_not_whole"),
    ],
)
def test_only_whole_seconds_that_are_still_to_come(call, code):
    clock = Clock()
    clock.run_to(8)
    with pytest.raises(InputError) as caught:
        call(clock)
    assert caught.value.faults[0].code == code


def test_a_saved_clock_goes_on_as_if_nothing_had_been():
    clock = Clock()
    diary = Diary(clock)
    for when in (3, 9, 9, 4):
        clock.call_at(when, diary.note, when)
    clock.run_to(4)
    again = pickle.loads(pickle.dumps(diary))
    for one in (diary, again):
        one.clock.call_at(9, one.note, "late")
        one.clock.run_to(20)
    assert again.notes == diary.notes == [(3, 3), (4, 4), (9, 9), (9, 9), (9, "late")]


def test_a_process_that_runs_cannot_be_saved_and_is_named():
    clock = Clock()

    def strike():
        yield clock.timeout(9)

    clock.process(strike())
    clock.run_to(2)
    with pytest.raises(InputError) as caught:
        pickle.dumps(clock)
    assert caught.value.faults[0].code == "clock_process_running"
    assert caught.value.faults[0].arguments["found"] == "strike"


class Bell:
    """A plug-in that rings every seven seconds and knows when it rings next."""

    def __init__(self):
        self.rung, self.next = [], 7

    def process(self, clock):
        while True:
            yield clock.timeout(self.next - clock.now)
            self.rung.append(clock.now)
            self.next = clock.now + 7

    restart = process


def test_a_plug_in_says_how_it_goes_on():
    clock, bell = Clock(), Bell()
    clock.start(bell)
    for end in (10, 20, 30):
        clock.run_to(end)
        clock.rest()
        clock, bell = pickle.loads(pickle.dumps((clock, bell)))
        clock.wake()
    clock.run_to(50)
    assert bell.rung == [7, 14, 21, 28, 35, 42, 49]


def test_a_fault_leaves_the_diary_as_it_was():
    """The end of a period stands in the diary while it runs, and not afterwards."""
    clock = Clock()
    diary = Diary(clock)

    def fail(_):
        raise ValueError

    clock.call_at(3, fail)
    clock.call_at(10, diary.note, "at the end")
    with pytest.raises(ValueError):  # noqa: PT011 -- raised above
        clock.run_to(10)
    assert (clock.now, len(clock._queue)) == (3, 1)
    clock.run_to(10)
    assert (clock.now, diary.notes) == (10, [])
    clock.run_to(11)
    assert diary.notes == [(10, "at the end")]
    clock.run_to(5)
    assert clock.now == 11
