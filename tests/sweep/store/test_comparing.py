"""Two studies side by side, against pandas and numpy."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from made_up_studies import SHAPE, batch, lock

from cesim.errors import InputError
from cesim.sweep.solving import Batch
from cesim.sweep.store import Store, compare, open_study
from cesim.sweep.store.comparing import summary


def made(folder, runs, shift=0.0, shape=SHAPE, **changed):
    with Store.create(folder, lock(shape, **changed)) as store:
        one = batch(runs, shape)
        store.record(Batch(one.runs, one.values + shift * (1 + one.runs[:, None, None]), one.seconds, one.failures))
        store.seal()
    return open_study(folder)


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=9),
              elements=st.one_of(st.floats(-1e6, 1e6), st.sampled_from([np.nan, np.inf]))))  # fmt: skip
def test_a_summary_is_that_of_numpy_over_the_finite_values(values):
    told = summary(values)
    for row, one in enumerate(values):
        finite = one[np.isfinite(one)]
        assert told["count"][row] == len(finite)
        wanted = [finite.mean(), *np.quantile(finite, [0.05, 0.5, 0.95])] if len(finite) else [np.nan] * 4
        found = [told[name][row] for name in ("mean", "p05", "p50", "p95")]
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-9)


def test_studies_of_the_same_futures_are_compared_run_by_run(tmp_path):
    one, other = made(tmp_path / "1", range(40)), made(tmp_path / "2", range(4, 60), shift=0.25)
    table = compare(one, other)
    assert len(table) == 2 * 2 * 3 * 2
    ours, theirs = one.results(), other.results()
    keys = ["alternative", "region", "year"]
    both = ours.merge(theirs, on=["run", *keys], suffixes=("_1", "_2"))
    for row in table.itertuples():
        where = [getattr(row, key) for key in keys]
        for end, frame in (("1", ours), ("2", theirs)):
            values = frame.loc[(frame[keys] == where).all(axis=1), row.indicator].dropna()
            told = [getattr(row, f"{name}_{end}") for name in ("count", "mean", "p05", "p50", "p95")]
            np.testing.assert_allclose(told, [len(values), values.mean(), *values.quantile([0.05, 0.5, 0.95])])
        mine = both[(both[keys] == where).all(axis=1)]
        change = (mine[f"{row.indicator}_2"] - mine[f"{row.indicator}_1"]).dropna()
        told = [getattr(row, f"{name}_difference") for name in ("count", "mean", "p05", "p50", "p95")]
        np.testing.assert_allclose(told, [len(change), change.mean(), *change.quantile([0.05, 0.5, 0.95])])
        assert 0 < len(change) < len(values)


@pytest.mark.parametrize(
    ("changed", "paired"),
    [
        ({}, True),
        ({"columns": ({"stream": "a", "factor": "a"}, {"stream": "b", "factor": "b"})}, True),
        ({"columns": ({"stream": "b", "factor": "b"},)}, False),
        ({"seed": 8}, False),
        ({"design": {"kind": "hypercube"}}, False),
        ({"study": {"hash": "other", "text": ""}, "code": "e" * 64}, True),
    ],
)
def test_only_the_same_futures_have_a_difference(tmp_path, changed, paired):
    table = compare(made(tmp_path / "1", range(12)), made(tmp_path / "2", range(12), 1.0, **changed))
    assert (table["count_difference"] > 0).all() == paired
    assert table["mean_difference"].isna().all() != paired
    assert (table["count_2"] > 0).all()


def test_what_both_have_is_compared_by_name(tmp_path):
    shape = replace(SHAPE, alternatives=("計画", "new"), indicators=("co2_t",), regions=("rest",), years=(2035, 2060))
    one = made(tmp_path / "1", range(40))
    other = made(tmp_path / "2", range(40), shape=shape)
    table = compare(one, other)
    assert table[["alternative", "region", "year", "indicator"]].to_numpy().tolist() == [
        ["計画", "rest", 2035, "co2_t"]
    ]
    mine, theirs = (study.values("co2_t", "rest", 2035)[:, :, at] for study, at in ((one, 1), (other, 0)))
    np.testing.assert_allclose(table["mean_difference"], np.nanmean(theirs - mine))
    np.testing.assert_allclose(table["mean_1"], np.nanmean(mine))
    with pytest.raises(InputError) as caught:
        compare(one, other, years=[2030])
    assert caught.value.faults[0].code == "sweep_nothing_in_common"


def test_a_choice_is_that_part_of_all(tmp_path):
    one, other = made(tmp_path / "1", range(20)), made(tmp_path / "2", range(20), 1.0)
    every = compare(one, other)
    some = compare(one, other, years=[2035], region="rest", indicators=["co2_t"])
    keep = (every["year"] == 2035) & (every["region"] == "rest") & (every["indicator"] == "co2_t")
    assert some.equals(every[keep].reset_index(drop=True))
    assert len(some) == 2


def test_indicators_a_few_at_a_time_are_the_same(tmp_path, monkeypatch):
    one, other = made(tmp_path / "1", range(20)), made(tmp_path / "2", range(20), 1.0)
    at_once = compare(one, other)
    monkeypatch.setattr("cesim.sweep.store.comparing._AT_ONCE", 1)
    keys = ["alternative", "region", "year", "indicator"]
    apart = compare(one, other).sort_values(keys, ignore_index=True)
    assert apart.equals(at_once.sort_values(keys, ignore_index=True))


def test_studies_without_runs_have_nothing_to_say(tmp_path):
    table = compare(made(tmp_path / "1", []), made(tmp_path / "2", range(4)))
    assert table["count_1"].tolist() == [0] * 24
    assert table["p50_1"].isna().all()
    assert table["count_difference"].tolist() == [0] * 24
