"""The store: any order and grouping of runs leaves the same folder; a run is never replaced by something else."""

# ruff: noqa: PD011 -- the values of a batch are no frame's

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_studies import SHAPE, batch, left, lock

from cesim.errors import InputError
from cesim.sweep.solving import Batch, Failure, Shape
from cesim.sweep.store import Store, open_study
from cesim.sweep.store.gathering import digest
from cesim.sweep.store.parts import runs_of_a_part


def code_of(caught):
    return [fault.code for fault in caught.value.faults]


def made(folder, groups, seals=(), part=8):
    """A store of runs that come in groups; sealed after some of them, and at the end."""
    with Store.create(folder, lock(part=part)) as store:
        for number, runs in enumerate(groups):
            store.record(batch(runs))
            if number in seals:
                store.seal()
        store.seal()
    return left(folder)


@st.composite
def groupings(draw):
    """Runs, some left out, in groups of any size and order; after which groups the store is sealed, or opened anew."""
    runs = draw(st.lists(st.integers(0, 40), unique=True, min_size=1))
    groups, at = [], 0
    while at < len(runs):
        size = draw(st.integers(1, 12))
        groups.append(sorted(runs[at : at + size]))
        at += size
    stops = st.sets(st.integers(0, len(groups) - 1))
    return groups, draw(stops), draw(stops)


@settings(max_examples=40, deadline=None)
@given(groupings())
def test_any_order_and_grouping_leaves_the_same_folder(asked):
    groups, seals, closes = asked
    root = Path(tempfile.mkdtemp())
    try:
        store = Store.create(root / "a", lock())
        for number, runs in enumerate(groups):
            store.record(batch(runs))
            if number in seals:
                store.seal()
            if number in closes:
                store.close()
                store = Store.open(root / "a", lock())
            so_far = sorted(run for some in groups[: number + 1] for run in some)
            assert store.finished().tolist() == so_far
        store.seal()
        store.close()
        every = sorted(run for runs in groups for run in runs)
        assert left(root / "a") == made(root / "b", [every])
    finally:
        shutil.rmtree(root)


def test_an_extension_leaves_what_one_sweep_would_have_left(tmp_path):
    whole = made(tmp_path / "whole", [range(45)])
    extended = made(tmp_path / "extended", [range(13), range(13, 16), range(16, 45)], seals={0, 1})
    assert extended == whole
    parts, rows, sealed = whole
    assert sorted(parts) == [f"part-{number:06}.parquet" for number in range(6)]
    assert len(rows) == 45
    assert all(row[-1] is None for row in rows)
    assert [runs for _, runs, _ in sealed] == [8, 8, 8, 8, 8, 5]


def test_a_part_holds_the_values_in_their_order_and_nothing_for_nan(tmp_path):
    made(tmp_path / "a", [range(16)])
    part = pd.read_parquet(tmp_path / "a" / "results" / "part-000001.parquet")
    keys = ["run", "point", "replicate", "alternative", "region", "year"]
    assert list(part.columns) == [*keys, *SHAPE.indicators]
    assert part["run"].tolist() == np.repeat(np.arange(8, 16), 6).tolist()
    assert part["point"].tolist() == (part["run"] // 4).tolist()
    assert part["replicate"].tolist() == (part["run"] // 2 % 2).tolist()
    assert part["alternative"].tolist() == [SHAPE.alternatives[run % 2] for run in part["run"]]
    assert part["region"].tolist() == (["chubu"] * 3 + ["rest"] * 3) * 8
    assert part["year"].tolist() == [2030, 2035, 2050] * 16
    wanted = batch(range(8, 16)).values.reshape(-1, 2)
    np.testing.assert_array_equal(part[list(SHAPE.indicators)].to_numpy(), wanted)


def test_values_come_back_bit_for_bit(tmp_path):
    odd = np.array([-0.0, 5e-324, np.inf, -np.inf, np.nan, 0.1 + 0.2, 1e308, -np.nan, 0.0, 1.0, 2.0, 3.0])
    values = odd.reshape(1, 6, 2)
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(Batch(np.array([3]), values, np.array([0.5])))
        held = open_study(tmp_path / "a").cube(SHAPE.indicators)[:, 0, 1, 1].T
        store.seal()
    sealed = open_study(tmp_path / "a").cube(SHAPE.indicators)[:, 0, 1, 1].T
    kept = ~np.isnan(values[0])
    for found in (held, sealed):
        assert np.array_equal(np.isnan(found), ~kept)
        assert found[kept].tobytes() == values[0][kept].tobytes()


def test_a_run_twice_is_one_run(tmp_path):
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(batch([1, 2, 7]))
        later = batch([2, 3, 7])
        store.record(Batch(later.runs, later.values, later.seconds + 9.0, later.failures))
        assert store.finished().tolist() == [1, 2, 3, 7]
        assert store.failed() == {7: Failure("raised", "試行 7")}
        store.seal()
    assert open_study(tmp_path / "a").runs()["seconds"].tolist() == [0.001, 0.002, 9.003, 0.007]


def test_one_nothing_is_as_good_as_another(tmp_path):
    """What a processor writes for 0/0 differs in its bits; the run came to the same."""
    with Store.create(tmp_path / "a", lock()) as store:
        for sign in (1.0, -1.0):
            store.record(Batch(np.array([0]), np.copysign(np.full((1, 6, 2), np.nan), sign), np.zeros(1)))
        assert store.finished().tolist() == [0]


@pytest.mark.parametrize("sealed", [False, True])
def test_a_run_that_comes_to_something_else_is_refused_and_nothing_of_its_batch_is_taken(tmp_path, sealed):
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(batch([1, 2]))
        if sealed:
            store.seal()
        other = batch([2, 3])
        with pytest.raises(InputError) as caught:
            store.record(Batch(other.runs, other.values + 1e-9, other.seconds))
        assert code_of(caught) == ["sweep_run_differs"]
        first, second = (digest(one.values[one.runs == 2].tobytes()) for one in (batch([2]), other))
        told = caught.value.faults[0].arguments
        assert told["run"] == 2
        assert told["found"] == first
        assert told["own"] != second
        assert store.finished().tolist() == [1, 2]
        store.record(other)
        assert store.finished().tolist() == [1, 2, 3]


def failing(run, status, reason=""):
    return Batch(np.array([run]), np.full((1, 6, 2), np.nan), np.zeros(1), {run: Failure(status, reason)})


@pytest.mark.parametrize("lost", ["died", "too_long"])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_run_lost_by_chance_may_be_answered_later_and_never_takes_an_answer_away(tmp_path, lost, sealed):
    with Store.create(tmp_path / "a", lock(part=2)) as store:
        store.record(failing(0, lost))
        store.record(batch([1]))
        if sealed:
            store.seal()
        store.record(batch([0]))
        store.record(failing(0, lost))
        store.record(failing(1, lost))
        assert store.failed() == {}
        store.seal()
    assert left(tmp_path / "a") == made(tmp_path / "b", [[0, 1]], part=2)


def test_one_failure_is_not_another(tmp_path):
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(failing(0, "raised", "in memory at 0x1"))
        store.record(failing(0, "raised", "in memory at 0x2"))
        with pytest.raises(InputError) as caught:
            store.record(failing(0, "no_answer"))
        assert caught.value.faults[0].arguments == {"run": 0, "found": "raised", "own": "no_answer"}
        with pytest.raises(InputError):
            store.record(batch([0]))
        assert store.failed() == {0: Failure("raised", "in memory at 0x1")}


def test_a_reason_that_is_no_proper_text_is_kept_as_far_as_it_is(tmp_path):
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(failing(0, "raised", "file \udce3\n\x00"))
        assert store.failed() == {0: Failure("raised", "file ?\n\x00")}


@pytest.mark.parametrize(
    "wrong",
    [
        Batch(np.array([2, 1]), np.zeros((2, 6, 2)), np.zeros(2)),
        Batch(np.array([1, 1]), np.zeros((2, 6, 2)), np.zeros(2)),
        Batch(np.array([-1]), np.zeros((1, 6, 2)), np.zeros(1)),
        Batch(np.array([1]), np.zeros((1, 2, 6)), np.zeros(1)),
        Batch(np.array([1]), np.zeros((1, 6, 2)), np.zeros(2)),
        Batch(np.array([1]), np.zeros((1, 6, 2)), np.zeros(1), {2: Failure("died", "")}),
    ],
)
def test_a_batch_that_is_none_is_a_fault_of_the_solver(tmp_path, wrong):
    with Store.create(tmp_path / "a", lock()) as store:
        with pytest.raises(ValueError, match=r"batch|values"):
            store.record(wrong)
        assert store.finished().tolist() == []


def test_nothing_leaves_nothing(tmp_path):
    with Store.create(tmp_path / "a", lock(), {"study.yaml": "x", "scenarios/a.yaml": b"y"}) as store:
        store.record(batch([]))
        store.seal()
        assert store.finished().tolist() == []
    assert sorted(path.relative_to(tmp_path / "a").as_posix() for path in (tmp_path / "a").rglob("*")) == [
        ".writing", "lock.json", "results", "runs.sqlite", "scenarios", "scenarios/a.yaml", "study.yaml",
    ]  # fmt: skip
    assert left(tmp_path / "a") == ({}, [], [])


def test_a_study_of_indicators_that_are_not_there_is_kept(tmp_path):
    shape = Shape(("a",), 1, (), ("r",), (2030,))
    with Store.create(tmp_path / "a", lock(shape)) as store:
        store.record(Batch(np.arange(3), np.zeros((3, 1, 0)), np.zeros(3)))
        store.seal()
        assert store.finished().tolist() == [0, 1, 2]
    assert open_study(tmp_path / "a").results().shape == (3, 6)


@given(st.integers(1, 100), st.integers(1, 80), st.integers(0, 300))
def test_a_part_is_a_power_of_two_and_of_a_size_that_is_quickly_read(regions, years, indicators):
    names = tuple(map(str, range(indicators)))
    shape = Shape(("a",), 1, names, tuple(map(str, range(regions))), tuple(range(years)))
    runs = runs_of_a_part(shape)
    assert runs.bit_count() == 1
    assert runs == 1 or runs * shape.rows <= 2**16
    assert runs == 1 or runs * shape.rows * indicators <= 2**20
    assert 2 * runs * shape.rows > 2**16 or 2 * runs * shape.rows * indicators > 2**20


def test_only_what_is_known_of_a_finished_part_is_asked(tmp_path):
    """A finished study is resumed without a look at its runs: their rows may even be gone."""
    made(tmp_path / "a", [range(24)])
    with Store.open(tmp_path / "a", lock()) as store:
        store._log.connection.execute("DELETE FROM runs")
        assert store.finished().tolist() == list(range(24))


def test_the_run_log_of_large_runs_stays_short(tmp_path):
    """Values pass through it; their pages are used again, and a run that is in a part leaves no more than its row."""
    shape = Shape(("a",), 1, tuple(map(str, range(30))), ("r",), tuple(range(30)))
    with Store.create(tmp_path / "a", lock(shape, part=16)) as store:
        for first in range(0, 512, 16):
            store.record(batch(range(first, first + 16), shape))
        waited = 16 * 30 * 30 * 8
    assert (tmp_path / "a" / "runs.sqlite").stat().st_size < 512 * 300 + 2 * waited  # values of all: 3.7 MB
