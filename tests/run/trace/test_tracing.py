"""Records over a run: what is claimed, proved and true; whose records count; what is kept."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.quantities import KeyedSource
from cesim.run.trace.folders import TABLES, open_tracing, save_tracing
from cesim.run.trace.heard import heard_records
from cesim.run.trace.over import trace_over
from cesim.run.trace.products import charged, products_of
from cesim.run.trace.proofs import bounds_frame, seen_frame
from cesim.run.trace.working import worked_out
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.records import FAULTS
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policies import honest as honest_policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records
from cesim.trace.steps import STEPS

PHYSICAL = "controlled_blending"
CAREFUL = "en_45557"
"""The rule by which the unknown is primary: its interval is closed at the lower end."""
_SWAPPED = FAULTS.index("swapped_lot")


@pytest.fixture(scope="module")
def told(honest):
    return worked_out(honest)


def test_with_complete_and_honest_records_all_is_proved_and_claimed_as_it_is(told):
    """Nothing is missing: claimed, provable, possible and true are one number."""
    claims = told.tables["claims"]
    blended = claims[(claims["model"] == PHYSICAL) & (claims["reason"] == "")]
    assert len(blended) >= 8
    for name in ("claimed", "provable", "possible"):
        np.testing.assert_allclose(blended[name].astype(float), blended["true"].astype(float), atol=1e-9)
    assert (told.tables["losses"].query("lost == 0")["width"] < 1e-12).all()
    found = told.tables["audit"].set_index("what")["count"]
    assert found["wrong_beyond_doubt"] == 0
    assert found["one_side_missing"] == 0


def test_the_interval_grows_with_what_is_lost(told):
    widths = told.tables["losses"].pivot_table(index="lost", columns="product", values="width")
    assert (np.diff(widths.to_numpy(), axis=0) >= 0).all()
    assert (widths.iloc[-1] > 0.3).all()
    assert widths.to_numpy().max() <= 1.0


def test_the_public_can_prove_nothing_and_a_certifier_later_more_than_earlier(heard):
    table = heard.tables["bounds"].query("law != @CAREFUL").set_index(["viewer", "product", "law"]).sort_index()
    assert (table.loc["public", "provable"] == 0).all()
    assert (table.loc["public", "possible"] == 1).all()
    then, last = table.loc["certifier_then"], table.loc["certifier"]
    assert (then["provable"] <= last["provable"] + 1e-12).all()
    assert (then["possible"] >= last["possible"] - 1e-12).all()


def test_an_actor_sees_no_more_than_a_certifier(heard):
    actor = heard.truth.names.actors[0].name
    own, all_of_it = (
        seen_frame(heard, who).query("law != @CAREFUL").set_index(["product", "law"]) for who in (actor, "certifier")
    )
    assert (own["provable"] <= all_of_it["provable"] + 1e-12).all()
    assert (own["possible"] >= all_of_it["possible"] - 1e-12).all()
    with pytest.raises(InputError) as refused:
        seen_frame(heard, "nobody at all")
    assert refused.value.faults[0].code == "viewer_no_actor"


@settings(max_examples=12, deadline=None)
@given(coverage=st.floats(0.0, 1.0), omission=st.floats(0.0, 0.5), seed=st.integers(0, 2**31))
def test_bounds_hold_the_truth_of_every_lot_whatever_is_lost(heard, coverage, omission, seed):
    policies = Policies(otherwise=Policy(coverage=coverage, omission=omission, declaration="FMD", misc=0.05))
    told = shares(rebuild(write_records(heard.truth, policies, KeyedSource(seed))).genealogy)
    for counted in ([4], [2, 3, 4, 9], [0, 8]):
        found, true = bounds(told, counted), heard.true[:, counted].sum(axis=1)
        assert (found.provable <= true + 1e-9).all()
        assert (found.possible >= true - 1e-9).all()


def test_products_are_the_lots_that_are_claimed_and_what_was_charged_for_them(heard):
    found = {one.key: one for one in products_of(heard.truth)}
    assert set(found) == {"six_thousand", "pp"}
    truth = heard.truth
    kinds, items = truth.names.kinds, truth.names.items
    for key, kind in (("six_thousand", "semis"), ("pp", "compound")):
        assert {kinds[k] for k in truth.lots.kind[found[key].lots]} == {kind}
    assert {items[k] for k in truth.lots.item[found["pp"].lots]} <= {"PP", "PP-T"}
    lot, mass, entry = charged(truth, found["six_thousand"].mixed)
    assert len(lot) == len(mass) == len(entry) > len(found["six_thousand"].mixed)
    out = int(truth.lots.mass_mg[found["six_thousand"].lots].sum())
    assert out < int(mass.sum()) < 1.2 * out


def test_what_casthouses_heard_is_what_stands_in_the_ledger(traced_run, heard):
    """A bale's shipment is on record where the network covered it, and was written when the network says."""
    decided = pd.read_parquet(traced_run.folder / "lots" / "decided.parquet")
    assert len(decided) == traced_run.about["network"]["bales"] > 20
    records, truth = heard.records, heard.truth
    shipping = np.flatnonzero(records.entries.step == STEPS.index("shipping"))
    lot = truth.inputs.lot[truth.inputs.start[records.event[shipping]]]
    written = dict(zip(lot.tolist(), records.written_s[shipping].tolist(), strict=True))
    moved = set(truth.inputs.lot[(truth.step == STEPS.index("shipping"))[truth.inputs.entry()]].tolist())
    told = [row for row in decided.itertuples() if row.lot in moved]  # what lay there at the beginning was not shipped
    assert len(told) > 0.8 * len(decided)
    for row in told:
        assert (row.lot in written) == bool(row.covered)
        if row.covered:
            assert written[row.lot] == row.written_s
    assert 0 < decided["covered"].sum() < len(decided)
    traffic = traced_run.about["network"]["traffic"]
    through = decided["supplier"].str.startswith(("dismantlers", "shredder")) & (decided["covered"] > 0)
    assert traffic["rmp"]["process_batch"] == through.sum() > 0
    assert traffic["cmp"]["lookups"] >= traffic["rmp"]["composition"] > 0


def test_labels_that_casthouses_heard_swapped_are_swapped_in_the_ledger(heard):
    """The record of a shipment names the lot that the network read, and is marked; no other shipment of these is."""
    truth, shipping = heard.truth, STEPS.index("shipping")
    born = np.empty(len(truth.lots), dtype=np.int64)
    born[truth.outputs.lot] = truth.outputs.entry()
    scrap = truth.names.kinds.index("scrap")
    rows = np.flatnonzero(
        (truth.step == shipping) & (truth.lots.kind[truth.inputs.lot[truth.inputs.start[:-1]]] == scrap)
    )
    moved = truth.inputs.lot[truth.inputs.start[rows]]
    moved, first = np.unique(moved, return_index=True)
    rows = rows[first]
    taken_for = np.where(np.arange(len(moved)) % 3 == 0, moved[0], -1)
    taken_for[0], taken_for[1] = -1, moved[np.argmax(born[moved])]  # not made yet
    assert born[taken_for[1]] > rows[1]
    decided = {
        "lot": moved, "covered": np.ones_like(moved), "written_s": truth.time_s[rows] + 5, "taken_for": taken_for,
    }  # fmt: skip
    found = heard_records(truth, Policies(otherwise=Policy(coverage=0.3, swapped=0.4)), 3, decided)
    at = {event: n for n, event in enumerate(found.event.tolist())}
    wrong = 0
    for row, lot, other in zip(rows.tolist(), moved.tolist(), taken_for.tolist(), strict=True):
        n = at[row]
        named, marked = found.entries.inputs.lot[found.entries.inputs.start[n]], found.fault[n] >> _SWAPPED & 1
        swapped = other >= 0 and born[other] < row
        assert (named, marked) == ((other, 1) if swapped else (lot, 0))
        wrong += swapped
    assert wrong > 3
    others = np.ones(len(found), dtype=bool)
    others[[at[row] for row in rows.tolist()]] = False
    assert (found.fault[others] >> _SWAPPED & 1).any()
    silent = np.setdiff1d(
        np.arange(len(truth.lots)), np.concatenate([found.entries.inputs.lot, found.entries.outputs.lot])
    )
    assert (found.entries.lots.mass_mg[silent] == -1).all()


def test_without_decisions_the_records_are_those_of_the_policies(heard):
    nothing = {name: np.zeros(0, dtype=np.int64) for name in ("lot", "covered", "written_s", "taken_for")}
    policies = Policies(otherwise=Policy(coverage=0.6, delay_days=2.0))
    found = heard_records(heard.truth, policies, 3, nothing)
    plain = write_records(heard.truth, policies, KeyedSource(3))
    np.testing.assert_array_equal(found.event, plain.event)
    np.testing.assert_array_equal(found.written_s, plain.written_s)
    np.testing.assert_array_equal(found.entries.inputs.lot, plain.entries.inputs.lot)


def test_silence_proves_nothing(traced_run):
    silent = trace_over(traced_run.folder, "silent")
    assert len(silent.records) == 0
    table = bounds_frame(silent)
    assert (table["provable"] == 0).all()
    assert (table.loc[table["law"] != CAREFUL, "possible"] == 1).all()
    assert (table.loc[table["law"] == CAREFUL, "possible"] == 0).all()


def test_a_trace_is_kept_and_opened_as_it_was(told, tmp_path):
    kept = save_tracing(told, tmp_path / "trace")
    again = open_tracing(tmp_path / "trace")
    assert again.about == json.loads(json.dumps(kept.about))
    assert set(again.tables) == set(told.tables) == set(TABLES) - {"points"}
    for name, table in told.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table.reset_index(drop=True), check_dtype=False)
    np.testing.assert_array_equal(again.provable, told.provable)


def test_a_trace_is_replaced_and_nothing_else(told, tmp_path):
    target = tmp_path / "trace"
    save_tracing(told, target)
    save_tracing(told, target)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(InputError) as refused:
        save_tracing(told, tmp_path / "other")
    assert refused.value.faults[0].code == "folder_in_use"
    assert [one.name for one in (tmp_path / "other").iterdir()] == ["letter.txt"]


def test_a_scenario_that_says_nothing_of_records_is_refused(traced_run):
    with pytest.raises(InputError) as refused:
        trace_over(traced_run.folder, "chubu-baseline")
    assert refused.value.faults[0].code == "no_reporting"


def test_worth_and_gain_are_never_below_nothing(heard):
    assert (heard.tables["values"]["worth"] > 0).all()
    assert (heard.tables["fuller"]["gain"] > -1e-9).all()
    steps = heard.tables["onboarding"]
    assert (steps.groupby("product")["width"].diff().dropna() <= 1e-12).all()
    last = steps.groupby("product")["width"].last()
    assert (last >= heard.tables["fuller"].groupby("product")["before"].first() - 1e-9).all()


def test_honest_policies_are_the_truth(heard):
    records = write_records(heard.truth, honest_policies(), KeyedSource(0))
    np.testing.assert_array_equal(records.event, np.arange(len(heard.truth)))
    np.testing.assert_allclose(shares(rebuild(records).genealogy), heard.true, atol=1e-12)
