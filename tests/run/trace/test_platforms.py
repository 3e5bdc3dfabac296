"""The table of what the platforms carry, of a run, of a pilot's own ledger and without people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cesim.run.trace.platforms import COLUMNS, platforms_frame
from cesim.trace.steps import STEPS

PLATFORMS = {"cmp", "rmp", "planet", "ouranos"}


@pytest.fixture(scope="module")
def table(honest):
    return platforms_frame(honest)


def counts(table, what):
    rows = table[table["what"] == what]
    return {(row.platform, row.of): row.count_ for row in rows.rename(columns={"count": "count_"}).itertuples()}


def test_of_complete_records_every_car_is_taken_back_and_ends_where_it_was_shredded(honest, table):
    """Counted in the ledger once more: nobody's report is refused, and no car that was shredded is lost on the way."""
    told, ended = counts(table, "message"), counts(table, "identity")
    truth = honest.truth
    kind = [truth.names.kinds[k] for k in truth.lots.kind.tolist()]
    back = truth.step == STEPS.index("take_back")
    assert told["rmp", "take_back"] == back.sum()
    assert ("rmp", "car_refused") not in told
    assert ("rmp", "batch_corrected") not in told
    shredded = truth.inputs.lot[(truth.step == STEPS.index("shredding"))[truth.inputs.entry()]]
    feed = truth.outputs.entry()[np.isin(truth.outputs.lot, shredded)]  # batches of hulks that were shredded
    gone = sum(kind[lot] == "hulk" for n in np.unique(feed) for lot in inputs_of(truth, n))
    assert ended["rmp", "cars_ended"] == gone > 0
    assert ("rmp", "cars_not_arrived") not in ended


def inputs_of(truth, n):
    if truth.step[n] != STEPS.index("shredding"):
        return []
    return truth.inputs.lot[truth.inputs.start[n] : truth.inputs.start[n + 1]].tolist()


def test_every_platform_has_rows_and_each_row_stands_once(table):
    assert tuple(table.columns) == COLUMNS
    assert set(table["platform"]) == PLATFORMS
    assert not table.duplicated(["platform", "what", "of"]).any()
    assert (table["count"] >= 0).all()
    told, kept = counts(table, "message"), counts(table, "identity")
    assert kept["ouranos", "lots"] - kept["ouranos", "lots_folded"] == told["ouranos", "parts"]
    assert told["planet", "origin"] > told["planet", "claim"] > 0
    assert told["planet", "supply_offer"] > 0


def test_people_work_as_long_as_their_answers_take(honest, table):
    work = {of: n for (_, of), n in counts(table, "work").items()}
    told = counts(table, "message")
    assert work["answers"] == told["cmp", "answer"]
    assert work["returned_share"] == told["cmp", "return"] / told["cmp", "answer"]
    mean = honest.about["desk"]["answer_hours"]
    assert work["hours"] / work["answers"] == pytest.approx(mean, rel=0.3)
    assert work["wait_median"] <= work["wait_p90"] <= work["wait_most"]
    assert 0 < work["read_median"] <= work["read_most"]


@pytest.mark.parametrize("desk", [{}, None])
def test_without_people_requests_are_counted_and_nobody_answers(honest, table, desk):
    about = {**honest.about, "desk": desk}
    if desk is None:
        del about["desk"], about["seed"]
    found = platforms_frame(replace(honest, about=about, truth=None))
    assert "work" not in set(found["what"])
    told, before = counts(found, "message"), counts(table, "message")
    assert told == {key: n for key, n in before.items() if key in told}
    assert {key[1] for key in set(before) - set(told)} <= {
        "receipt", "refusal", "reminder", "answer", "approval", "return", "deemed",
    }  # fmt: skip


def test_the_table_is_the_same_again(honest, table):
    pd.testing.assert_frame_equal(platforms_frame(honest), table)
