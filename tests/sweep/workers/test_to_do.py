"""The whole bookkeeping against any misfortune, without a process: a pool played through by chance."""

import random
from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_recipes import SHAPE, STATUS, Moody, plainly, same, told

from cesim.sweep.workers.answering import answer
from cesim.sweep.workers.chunks import Chunk, Cutter
from cesim.sweep.workers.to_do import ToDo


class Played:
    """A worker that answers its chunks in order, until one ends it."""

    def __init__(self):
        self.given = deque()

    def work(self, recipe, chance, shocks):
        """What becomes of its oldest chunk: its batch, or the run at which it was lost or late."""
        chunk = self.given[0]
        one_by_one = chunk.apart or chunk.runs.size == 1
        for run in chunk.runs.tolist():
            at = run if one_by_one else int(chunk.runs[0])
            if run in shocks and chance.random() < 0.5:
                shocks.remove(run)
                return "lost", at
            status = STATUS.get(recipe.moods.get(run, "well"), "done")
            if status in ("died", "too_long"):
                return ("lost" if status == "died" else "late"), at
        return "answered", answer(recipe.solver(), SHAPE, chunk, lambda _run: None)


@st.composite
def moody_runs(draw):
    runs = np.array(sorted(draw(st.sets(st.integers(0, 150), max_size=60))), dtype=np.int64)
    moods = draw(st.dictionaries(st.sampled_from(runs.tolist() or [0]), st.sampled_from(list(STATUS)), max_size=12))
    return Moody(moods, together=draw(st.sampled_from([1, 8, 200]))), runs


@given(moody_runs(), st.integers(1, 4), st.sets(st.integers(0, 150), max_size=10), st.integers(0, 2**32))
def test_nothing_is_lost_or_done_twice(question, count, shocks, seed):
    recipe, runs = question
    chance, to_do = random.Random(seed), ToDo(SHAPE, Cutter(recipe, [runs]), 1.0)
    workers, batches = [Played() for _ in range(count)], []
    while to_do.has() or any(worker.given for worker in workers):
        worker = chance.choice(workers)
        while len(worker.given) < 2 and to_do.has():
            worker.given.append(to_do.next())
        if not worker.given:
            continue
        what, came = worker.work(recipe, chance, shocks)
        chunk = worker.given.popleft()
        if what == "answered":
            to_do.answered(chunk, chance.choice([1e-4, 0.01, 1.0]))
            batches.append(came)
            continue
        failed = (to_do.late if what == "late" else to_do.lost)(chunk, came, 1.0)
        batches += [failed] if failed is not None else []
        while worker.given:
            to_do.again(worker.given.pop())
    same(told(batches), plainly(recipe, [runs]))


def test_one_loss_is_forgiven_the_second_is_not():
    to_do = ToDo(SHAPE, Cutter(Moody(), [np.arange(3)]), None)
    chunk = Chunk(np.arange(3), apart=True)
    assert to_do.lost(chunk, 1, 0.5) is None
    alone = to_do.next()
    assert alone.runs.tolist() == [1]
    assert to_do.next().runs.tolist() == [0, 2]
    dead = to_do.lost(alone, 1, 0.5)
    assert dead.failures[1].status == "died"


def test_a_loss_in_company_accuses_nobody():
    to_do = ToDo(SHAPE, Cutter(Moody(together=8), []), None)
    for _ in range(3):
        assert to_do.lost(Chunk(np.arange(3), apart=False), 0, 0.5) is None
        again = to_do.next()
        assert (again.apart, again.runs.tolist()) == (True, [0, 1, 2])


def test_company_gets_more_time_where_nobody_was_at_fault():
    to_do = ToDo(SHAPE, Cutter(Moody(together=8), []), 2.0)
    group, apart, single = Chunk(np.arange(3), False), Chunk(np.arange(3), True), Chunk(np.arange(1), False)
    assert [to_do.allowed(chunk) for chunk in (group, apart, single)] == [2.0, 2.0, 2.0]
    to_do.late(group, 0, 2.1)
    assert [to_do.allowed(chunk) for chunk in (group, apart, single)] == [4.0, 2.0, 2.0]
    to_do.late(to_do.next(), 1, 2.1)
    to_do.late(to_do.next(), 0, 2.1)
    assert to_do.allowed(group) == 2.0
    assert to_do.next().runs.tolist() == [2]
    assert ToDo(SHAPE, Cutter(Moody(), []), None).allowed(single) == float("inf")


@pytest.mark.parametrize("chunk", [Chunk(np.arange(0), True)])
def test_an_empty_chunk_is_not_handed_out(chunk):
    to_do = ToDo(SHAPE, Cutter(Moody(), []), None)
    to_do.again(chunk)
    assert not to_do.has()
