"""Shards put together leave what one sweep would have left."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_studies import batch, left, lock

from cesim.errors import InputError
from cesim.sweep.solving import Batch
from cesim.sweep.store import Store, merge, read_lock


def made(folder, runs, shard, seal=True, **changed):
    with Store.create(
        folder, lock(shard=shard, **changed), {"study.yaml": "name: 試し\n", "inputs/points.parquet": b"p"}
    ) as store:
        store.record(batch(runs))
        if seal:
            store.seal()
    return folder


def code_of(caught):
    return [fault.code for fault in caught.value.faults]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.lists(st.booleans(), min_size=3, max_size=3))
def test_shards_put_together_are_the_whole(owners, sealed):
    """Each run is of one of three shards, or of two (owner 3), sealed or not."""
    root = Path(tempfile.mkdtemp())
    try:
        shards = []
        for number, seal in enumerate(sealed):
            mine = [run for run, owner in enumerate(owners) if owner in (number, 3)]
            shards.append(made(root / str(number), mine, (number + 1, 3), seal))
        merged = merge(shards, root / "merged")
        made(root / "whole", range(len(owners)), None)
        assert left(root / "merged") == left(root / "whole")
        assert (root / "merged" / "lock.json").read_bytes() == (root / "whole" / "lock.json").read_bytes()
        assert (merged.runs, merged.shards_missing, merged.runs_missing) == (len(owners), (), 0)
        assert merged.remarks(root) == ()
    finally:
        shutil.rmtree(root)


def test_files_of_the_study_come_along_and_shards_stay_as_they_are(tmp_path):
    shards = [made(tmp_path / str(number), range(number, 20, 2), (number + 1, 2)) for number in (0, 1)]
    before = [left(shard) for shard in shards]
    merge(shards, tmp_path / "merged")
    assert (tmp_path / "merged" / "study.yaml").read_text("utf-8") == "name: 試し\n"
    assert (tmp_path / "merged" / "inputs" / "points.parquet").read_bytes() == b"p"
    assert [left(shard) for shard in shards] == before
    with Store.open(tmp_path / "merged", lock()) as store:  # it can be gone on with
        store.record(batch([20]))


def test_a_shard_that_is_missing_is_refused_unless_asked_for(tmp_path):
    shards = [made(tmp_path / str(number), range(number, 20, 3), (number + 1, 3)) for number in (0, 2)]
    with pytest.raises(InputError) as caught:
        merge(shards, tmp_path / "merged")
    assert code_of(caught) == ["sweep_shards_missing"]
    assert caught.value.faults[0].arguments["found"] == [2]
    assert not (tmp_path / "merged").exists()
    merged = merge(shards, tmp_path / "merged", partial=True)
    assert merged.runs == 13
    assert [(fault.code, fault.arguments["found"]) for fault in merged.remarks(tmp_path)] == [
        ("sweep_shards_missing", [2]), ("sweep_runs_missing", 6),
    ]  # fmt: skip


def test_shards_that_disagree_are_refused_and_both_results_named(tmp_path):
    one = made(tmp_path / "1", range(8), (1, 2))
    with Store.create(tmp_path / "2", lock(shard=(2, 2))) as store:
        other = batch(range(6, 12))
        store.record(Batch(other.runs, np.where(other.runs[:, None, None] == 6, 0.5, other.values), other.seconds))
    with pytest.raises(InputError) as caught:
        merge([one, tmp_path / "2"], tmp_path / "merged")
    assert code_of(caught) == ["sweep_run_differs"]
    assert caught.value.faults[0].arguments["run"] == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2"]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"seed": 8}, ["sweep_other_study"]),
        ({"cesim": "0.0.1"}, ["sweep_other_version"]),
        ({"packages": {"numpy": "1"}}, ["sweep_other_packages"]),
        ({"part": 16}, ["sweep_other_study"]),
        ({"shard": (2, 3)}, ["sweep_other_study"]),
        ({"shard": (1, 2)}, ["sweep_shard_twice", "sweep_shards_missing"]),
        ({"shard": None}, ["sweep_not_a_shard"]),
        ({"python": "3.12.1", "git": {"commit": "a", "dirty": False}}, []),
    ],
)
def test_only_shards_of_one_study_are_put_together(tmp_path, changed, codes):
    shards = [made(tmp_path / "1", [0], (1, 2)), made(tmp_path / "2", [1], **{"shard": (2, 2), **changed})]
    if not codes:
        merge(shards, tmp_path / "merged")
        assert read_lock(tmp_path / "merged") == replace(read_lock(shards[0]), shard=None)
        return
    with pytest.raises(InputError) as caught:
        merge(shards, tmp_path / "merged")
    assert sorted(code_of(caught)) == codes
    assert not (tmp_path / "merged").exists()


def test_one_shard_given_twice_is_told(tmp_path):
    shards = [made(tmp_path / str(number), [number], (number, 2)) for number in (1, 2)]
    with pytest.raises(InputError) as caught:
        merge([*shards, shards[0]], tmp_path / "merged")
    assert code_of(caught) == ["sweep_shard_twice"]


def test_nothing_a_folder_that_is_none_and_a_place_that_is_taken(tmp_path):
    with pytest.raises(InputError) as caught:
        merge([], tmp_path / "merged")
    assert code_of(caught) == ["sweep_no_shards"]
    with pytest.raises(InputError) as caught:
        merge([tmp_path / "none"], tmp_path / "merged")
    assert code_of(caught) == ["sweep_no_folder"]
    shards = [made(tmp_path / "1", [0], (1, 2)), made(tmp_path / "2", [1], (2, 2))]
    with pytest.raises(InputError) as caught:
        merge(shards, tmp_path / "1")
    assert code_of(caught) == ["sweep_store_there"]
    with Store.open(shards[0]), pytest.raises(InputError) as caught:
        merge(shards, tmp_path / "merged")
    assert code_of(caught) == ["sweep_in_use"]
    assert not (tmp_path / "merged").exists()
