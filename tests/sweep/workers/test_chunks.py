import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_recipes import Moody

from cesim.sweep.solving import Shape
from cesim.sweep.workers.chunks import CHUNK_S, MOST_BYTES, MOST_RUNS, Cutter


def all_chunks(cutter, learned=()):
    chunks, learned = [], iter(learned)
    while (chunk := cutter.chunk()) is not None:
        chunks.append(chunk)
        seconds = next(learned, None)
        if seconds is not None:
            cutter.learn(chunk.runs.size, seconds)
    assert cutter.chunk() is None
    return chunks


@st.composite
def left_to_do(draw):
    """Runs with gaps, in pieces of any length, some of them empty."""
    runs = np.array(sorted(draw(st.sets(st.integers(0, 3000), max_size=300))), dtype=np.int64)
    if draw(st.booleans()):
        runs = np.setdiff1d(np.arange(draw(st.integers(0, 3000))), runs)
    cuts = sorted(draw(st.lists(st.integers(0, runs.size), max_size=6)))
    return np.split(runs, cuts)


@given(left_to_do(), st.sampled_from([1, 2, 7, 64, 5000]), st.lists(st.sampled_from([0.0, 1e-6, 0.01, 0.2, 30.0])))
def test_every_run_is_in_one_chunk_whatever_was_measured(pieces, together, learned):
    chunks = all_chunks(Cutter(Moody(together=together), iter(pieces)), learned)
    runs = np.concatenate([*pieces, np.empty(0, np.int64)]).astype(np.int64)
    found = np.concatenate([*(chunk.runs for chunk in chunks), np.empty(0, np.int64)])
    assert found.tolist() == runs.tolist()
    assert all(chunk.runs.size for chunk in chunks)
    assert all(chunk.runs.dtype == np.int64 for chunk in chunks)
    if together > 1:
        groups = [set((chunk.runs // together).tolist()) for chunk in chunks]
        assert [len(group) for group in groups] == [1] * len(chunks), "a chunk crosses a multiple"
        assert len(set().union(*groups)) == len(chunks), "a group is cut in two"
    assert {chunk.apart for chunk in chunks} <= {together == 1}


def test_chunks_become_as_long_as_they_should_be():
    cutter, sizes = Cutter(Moody(), [np.arange(2000)]), []
    for _ in range(12):
        chunk = cutter.chunk()
        sizes.append(chunk.runs.size)
        cutter.learn(chunk.runs.size, 0.01 * chunk.runs.size)
    assert sizes[:4] == [1, 4, 16, 20]
    assert set(sizes[3:]) == {round(CHUNK_S / 0.01)}
    assert cutter.seconds == pytest.approx(CHUNK_S)


def test_slow_runs_make_short_chunks_again():
    cutter = Cutter(Moody(), [np.arange(2000)])
    for seconds in (0.001, 0.001, 0.001, 0.001):
        cutter.learn(cutter.chunk().runs.size, seconds)
    for _ in range(8):
        cutter.learn(1, 60.0)
    assert cutter.chunk().runs.size == 1
    assert cutter.seconds > 50


@pytest.mark.parametrize(("regions", "most"), [(1, MOST_RUNS), (2000, MOST_BYTES // (8 * 2 * 2000)), (10**6, 1)])
def test_an_answer_is_bounded(regions, most):
    shape = Shape(("a",), 1, ("x", "y"), ("r",) * regions, (2030,))
    cutter = Cutter(Moody(shape=shape), [np.arange(20_000)])
    for _ in range(12):
        cutter.learn(cutter.chunk().runs.size, 0.0)
    assert cutter.chunk().runs.size == most


def test_runs_are_read_as_they_are_needed():
    read = []

    def endless():
        for first in range(0, 10**9, 10):
            read.append(first)
            yield np.arange(first, first + 10)

    cutter = Cutter(Moody(), endless())
    cutter.chunk()
    assert len(read) <= 2
    group = Cutter(Moody(together=25), endless())
    read.clear()
    assert group.chunk().runs.tolist() == list(range(25))
    assert len(read) <= 3


@pytest.mark.parametrize("pieces", [[[3, 2]], [[1, 1]], [[1, 2], [2, 3]], [[-1, 0]]])
def test_numbers_that_do_not_ascend_are_refused(pieces):
    with pytest.raises(ValueError, match="ascend"):
        all_chunks(Cutter(Moody(), [np.array(piece) for piece in pieces]))


def test_runs_solved_none_together_are_refused():
    with pytest.raises(ValueError, match="0 together"):
        Cutter(Moody(together=0), [])


def test_without_leaves_one_out():
    chunk = Cutter(Moody(together=5), [np.arange(5)]).chunk()
    assert chunk.without(3).runs.tolist() == [0, 1, 2, 4]
