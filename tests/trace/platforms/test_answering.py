"""Desks of people: formulas of queues that others derived, a slow twin, the calendar."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.quantities.streams import uniforms
from cesim.trace.platforms.answering import ALWAYS, DAY, HOUR, WEEK, Desk, WorkingTime, answered

UNIT = 10**6
"""Seconds to which a time of 1 is stretched, so that whole seconds do not matter."""


def erlang_c(people: int, load: float) -> float:
    """Chance of having to wait, Erlang (1917), in the form of Cooper, Introduction to Queueing Theory (1981), 3.4."""
    below = sum(load**k / math.factorial(k) for k in range(people))
    all_busy = load**people / math.factorial(people) * people / (people - load)
    return all_busy / (below + all_busy)


@pytest.mark.parametrize(("people", "busy"), [(1, 0.5), (1, 0.8), (3, 0.7), (8, 0.85)])
def test_poisson_requests_and_exponential_work_wait_as_erlang_says(people, busy):
    count, load = 80_000, people * busy
    came = np.cumsum(-np.log(uniforms(7, f"came {people} {busy}", 0, count))) / load
    work = -np.log(uniforms(7, f"work {people} {busy}", 0, count))
    desk = Desk(people)
    for second, takes in zip(
        np.rint(came * UNIT).astype(int).tolist(), np.rint(work * UNIT).astype(int) + 1, strict=True
    ):
        desk.answer(second, int(takes))
    waiting = desk.waiting()
    must_wait = erlang_c(people, load)
    if people == 1:
        assert must_wait == pytest.approx(busy)
    rate = people - load
    assert (desk.waited() > 1).mean() == pytest.approx(must_wait, rel=0.04)
    assert waiting.mean_s / UNIT == pytest.approx(must_wait / rate, rel=0.08)
    assert waiting.busy == pytest.approx(busy, rel=0.02)
    p90 = max(0.0, math.log(must_wait / 0.1) / rate)  # P(W > t) = C exp(-rate t)
    assert waiting.p90_s / UNIT == pytest.approx(p90, rel=0.1)


def by_hand(came, work, people):
    """Second by second: who is free takes the request in front."""
    ends, pile, left = [0] * len(came), [], []
    second, following = 0, 0
    while following < len(came) or pile or left:
        left = [(which, end) for which, end in left if end > second]
        while following < len(came) and came[following] <= second:
            pile.append(following)
            following += 1
        while pile and len(left) < people:
            which = pile.pop(0)
            ends[which] = second + work[which]
            left.append((which, ends[which]))
        second += 1
    return ends


requests = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 9)), min_size=1, max_size=25)


@given(requests, st.integers(1, 4))
def test_the_recursion_is_what_happens_second_by_second(pairs, people):
    came = np.cumsum([gap for gap, _ in pairs]).tolist()
    work = [takes for _, takes in pairs]
    assert answered(came, work, people).tolist() == by_hand(came, work, people)


@given(requests, st.integers(1, 4))
def test_the_mean_backlog_is_the_arrival_rate_times_the_mean_wait(pairs, people):
    desk = Desk(people)
    second = 0
    for gap, takes in pairs:
        second += gap
        desk.answer(second, takes)
    waiting = desk.waiting()
    first, last = min(desk._came), max(desk._began)
    spans = list(zip(desk._came, desk._began, strict=True))
    seen = [sum(came <= at < began for came, began in spans) for at in range(first, last)]
    assert waiting.backlog_mean * (last - first) == pytest.approx(sum(seen))
    assert waiting.backlog_most == max(seen, default=0)
    assert desk.open_at(second) == sum(end > second for end in desk._ended)


hours = st.tuples(st.integers(0, 23), st.integers(1, 24), st.integers(1, 7)).filter(lambda h: h[0] < h[1])


@given(hours, st.integers(0, 5 * WEEK), st.integers(1, 5 * WEEK))
def test_working_time_and_calendar_are_inverse(times, second, worked):
    working = WorkingTime(*times)
    moment = working.moment(worked)
    assert working.worked(moment) == worked
    assert working.worked(moment - 1) == worked - 1
    assert working.moment(working.worked(second)) <= second
    day, of_day = divmod((moment - 1) % WEEK, DAY)
    assert day < working.days
    assert working.opens * HOUR <= of_day < working.closes * HOUR


def test_what_comes_on_friday_evening_is_answered_on_monday():
    desk = Desk(1, WorkingTime(9, 17, 5))
    assert desk.answer(4 * DAY + 16 * HOUR, 2 * HOUR) == WEEK + 10 * HOUR
    assert desk.answer(5 * DAY, HOUR) == WEEK + 11 * HOUR
    assert desk.waiting().p90_s > 0


def test_a_desk_at_which_nobody_asked_has_no_statistics():
    assert Desk(2).waiting() is None


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("desk_empty", lambda: Desk(0)),
        ("desk_no_work", lambda: Desk(1).answer(0, 0)),
        ("desk_out_of_order", lambda: answered([5, 4], [1, 1], 1)),
        ("working_time_empty", lambda: WorkingTime(9, 9)),
        ("working_time_empty", lambda: WorkingTime(9, 17, 0)),
    ],
)
def test_what_is_refused(code, wrong):
    with pytest.raises(InputError) as caught:
        wrong()
    assert [fault.code for fault in caught.value.faults] == [code]
    assert ALWAYS.worked(12345) == 12345
