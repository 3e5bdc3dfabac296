"""Scales, scatter and slips."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import KG, Book, loops, random_loop, repeated, tiny
from written import having, rows

from cesim.quantities import KeyedSource
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.weighing import MOST_MG, times
from cesim.trace.reporting.writing import write_records
from cesim.trace.steps import STEPS


def records_of(truth, seed=7, **given):
    return write_records(truth, Policies(otherwise=Policy(**given)), KeyedSource(seed))


def per_entry(side, entries):
    return np.repeat(np.arange(len(entries)), np.diff(side.start))


def test_the_factor_of_a_scale_is_the_same_for_everything_an_actor_weighs():
    truth = repeated(random_loop(4, cars=60), 2)
    records = records_of(truth, bias_sd=0.05)
    factors = set()
    for actor in range(len(truth.names.actors)):
        ratios = []
        for name in ("inputs", "outputs", "sources"):
            side, true = getattr(records.entries, name), getattr(truth, name)
            mine = truth.actor[per_entry(true, truth)] == actor
            ratios += (side.mass_mg[mine] / true.mass_mg[mine]).tolist()
        assert np.ptp(ratios) < 1e-5  # whole mg
        assert abs(ratios[0] - 1) > 1e-4
        factors.add(round(ratios[0], 6))
        mine = (truth.actor == actor) & (truth.loss_mg > 0)
        assert np.allclose(records.entries.loss_mg[mine] / truth.loss_mg[mine], ratios[0], rtol=1e-5)
    assert len(factors) == len(truth.names.actors)


def test_scales_are_off_by_the_spread_that_was_asked_for():
    truth = tiny()
    logs = []
    for seed in range(300):
        records = records_of(truth, seed, bias_sd=0.03)
        first = {int(actor): edge for edge, actor in enumerate(truth.actor[truth.inputs.entry()])}
        logs += [np.log(records.entries.inputs.mass_mg[e] / truth.inputs.mass_mg[e]) for e in first.values()]
    assert abs(np.mean(logs)) < 4.5 * 0.03 / np.sqrt(len(logs))
    assert abs(np.std(logs) - 0.03) < 4.5 * 0.03 / np.sqrt(2 * len(logs))


def test_each_weighing_scatters_by_itself_and_shipper_and_receiver_differ():
    truth = repeated(random_loop(4, cars=150), 8)
    records = records_of(truth, weighing_sd=0.01)
    off = np.log(records.entries.inputs.mass_mg / truth.inputs.mass_mg)[~truth.inside[truth.inputs.entry()]]
    assert abs(off.std() - 0.01) < 4.5 * 0.01 / np.sqrt(2 * len(off))
    assert abs(off.mean()) < 4.5 * 0.01 / np.sqrt(len(off))
    assert len(np.unique(off)) > 0.99 * len(off)
    assert having(records, "scale").sum() > 0.99 * len(records)


def test_what_goes_in_and_what_comes_out_is_weighed_apart():
    truth = repeated(random_loop(4, cars=60), 2)
    entries = records_of(truth, weighing_sd=0.02).entries
    returns = truth.step == STEPS.index("scrap_return")  # the same mass in and out
    assert returns.sum() > 30
    assert (entries.inputs.sums() != entries.outputs.sums())[returns].all()


def test_a_lot_without_inputs_is_weighed_once_for_its_sources_and_itself():
    truth = repeated(random_loop(4, cars=60), 2)
    entries = records_of(truth, weighing_sd=0.02, bias_sd=0.02).entries
    fresh = np.diff(truth.inputs.start) == 0
    sources = np.bincount(per_entry(entries.sources, entries), entries.sources.mass_mg, len(entries))
    assert fresh.sum() > 100
    assert np.abs(entries.outputs.sums() - sources)[fresh].max() <= 2  # mg, one half each source


def test_a_slip_is_of_a_whole_record_and_by_a_thousand():
    truth = repeated(random_loop(4, cars=60), 4)
    records = records_of(truth, unit_slip=0.5)
    slipped = having(records, "unit_slip")
    up = 0
    for row, true, wrong in zip(rows(records.entries), rows(truth), slipped.tolist(), strict=True):
        pairs = [(a, b) for mine, theirs in zip(row[7:], true[7:], strict=True)
                 for (_, a), (_, b) in zip(mine, theirs, strict=True)] + [(row[4], true[4])]  # fmt: skip
        pairs = [(a, b) for a, b in pairs if b]
        if not wrong:
            assert all(a == b for a, b in pairs)
        elif pairs[0][0] > pairs[0][1]:
            up += 1
            assert all(a == 1000 * b for a, b in pairs)
        else:
            assert all(abs(a - b / 1000) <= 1 for a, b in pairs)
    assert 0.4 < up / slipped.sum() < 0.6


def test_an_actor_with_a_good_scale_writes_what_is_there():
    truth = random_loop(4, cars=40)
    records = write_records(truth, Policies({"casthouse": Policy(bias_sd=0.05, weighing_sd=0.01)}), KeyedSource(1))
    casts = np.array([actor.role == "casthouse" for actor in truth.names.actors])[truth.actor]
    assert (having(records, "scale") == casts).all()
    assert [row for row, hers in zip(rows(records.entries), casts, strict=True) if not hers] == [
        row for row, hers in zip(rows(truth), casts, strict=True) if not hers
    ]


@pytest.mark.parametrize(("mass", "factor", "found"), [
    (10, 1.0, 10), (10, 1.26, 13), (0, 5.0, 0), (3, 0.001, 1), (2**52, 1000.0, MOST_MG), (2**53 - 1, 1.0, 2**53 - 1),
])  # fmt: skip
def test_masses_are_whole_never_nothing_and_never_more_than_can_be_counted(mass, factor, found):
    assert times(np.array([mass]), np.array([factor])).tolist() == [found]


@given(loops(8), st.integers(0, 2**32 - 1), st.sampled_from([-0.4, 0.25, 3.0]))
@settings(max_examples=40, deadline=None)
def test_two_who_collude_agree_to_the_milligram_whatever_their_scales(truth, seed, gain):
    given = {"collusion": 0.5, "collusion_gain": gain, "bias_sd": 0.1, "weighing_sd": 0.05, "unit_slip": 0.3}
    records = records_of(truth, seed, **given)
    agreed = having(records, "collusion")
    assert not (agreed & having(records, "scale", "unit_slip")).any()
    said = rows(records.entries)
    for row, true, false in zip(said, rows(truth), agreed.tolist(), strict=True):
        if false:
            assert row[7] == tuple((lot, max(1, round(mass * (1 + gain)))) for lot, mass in true[7])
    pairs = {}
    for row, false in zip(said, agreed.tolist(), strict=True):
        if false:
            ships = row[0] == STEPS.index("shipping")
            pairs.setdefault((*(row[1:3] if ships else row[2:0:-1]), row[7]), []).append(ships)
    assert all(sorted(both) == [False, True] for both in pairs.values())


def test_a_shipment_that_nobody_receives_is_no_collusion():
    truth = tiny()
    lost = replace(truth, step=np.where(truth.step == STEPS.index("receiving"), STEPS.index("analysis"), truth.step))
    assert not records_of(lost, collusion=1, collusion_gain=0.5).fault.any()


def test_a_lot_that_goes_to_and_fro_is_paired_in_turn():
    book = Book()
    here, there = book.actor("here", "scrap_trader"), book.actor("there", "casthouse")
    [lot] = book.entry("supply", here, 0, (), [("scrap", "6016", KG)], [("post_other", KG)])
    now = 0
    for _ in range(30):
        now = book.handover(here, there, now, [lot])
        now = book.handover(there, here, now, [lot])
    truth = book.entries()
    policies = Policies({"scrap_trader": Policy(collusion=0.4, collusion_gain=1)})
    agreed = np.flatnonzero(having(write_records(truth, policies, KeyedSource(0)), "collusion"))
    assert 10 < len(agreed) < 40
    shipped = agreed[truth.step[agreed] == STEPS.index("shipping")]
    assert (truth.actor[shipped] == here).all()
    assert agreed.tolist() == sorted([*shipped, *(shipped + 1)])
