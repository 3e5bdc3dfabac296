"""Faults come at the rates at which they are planted, among the records in which they can happen."""

from math import sqrt

import numpy as np
import pytest
from made_up import random_loop, repeated
from written import having

from cesim.quantities import KeyedSource
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records
from cesim.trace.steps import STEPS

RATE = 0.2


@pytest.fixture(scope="module")
def truth():
    return repeated(random_loop(4, cars=150, dismantlers=3, casthouses=3), 12)


def records_of(truth, seed=7, **given):
    return write_records(truth, Policies(otherwise=Policy(**given)), KeyedSource(seed))


def close(found, of, rate=RATE, sigmas=4.5):
    """Whether so many of so many are what a rate gives: within 4.5 standard deviations of the binomial law."""
    assert of > 400
    assert abs(found - rate * of) < sigmas * sqrt(of * rate * (1 - rate)), (found, of)


def steps(truth, *names):
    return np.isin(truth.step, [STEPS.index(name) for name in names])


def with_class(truth, *starts):
    """Which entries have a source of a class whose name begins so."""
    some = [place for place, name in enumerate(truth.names.classes) if name.startswith(starts)]
    out = np.zeros(len(truth), dtype=bool)
    of = np.repeat(np.arange(len(truth)), np.diff(truth.sources.start))
    out[of[np.isin(truth.sources.origin, some)]] = True
    return out


def test_coverage_of_what_is_reported(truth):
    records = records_of(truth, coverage=0.8)
    open_ = ~truth.inside
    close(len(truth) - len(records), open_.sum())
    for actor in range(len(truth.names.actors)):
        mine = open_ & (truth.actor == actor)
        written = (records.entries.actor == actor) & ~records.entries.inside
        close(mine.sum() - written.sum(), mine.sum())
    for step in np.unique(truth.step):
        mine, written = open_ & (truth.step == step), (records.entries.step == step) & ~records.entries.inside
        if mine.any():
            close(mine.sum() - written.sum(), mine.sum())


def test_omission_is_of_lots_that_went_into_something(truth):
    records = records_of(truth, omission=RATE)
    makes = (np.diff(truth.outputs.start) > 0) & ~truth.inside
    of = np.diff(truth.inputs.start)[makes].sum()
    close(len(truth.inputs.lot) - len(records.entries.inputs.lot), of)
    still = np.diff(records.entries.inputs.start)[~makes] == np.diff(truth.inputs.start)[~makes]
    assert still.all()


@pytest.mark.parametrize("field", ["unit_slip", "duplicate", "back_dated"])
def test_what_can_happen_to_any_record(truth, field):
    records = records_of(truth, **{field: RATE}, back_dated_days=3)
    close(having(records, field).sum(), (~truth.inside).sum())


def test_swaps_are_of_records_that_name_lots_and_hardly_ever_fail(truth):
    records = records_of(truth, swapped=RATE)
    close(having(records, "swapped_lot").sum(), ((np.diff(truth.inputs.start) > 0) & ~truth.inside).sum())


def test_lies_about_classes(truth):
    records = records_of(truth, over_claim=RATE)
    melts = steps(truth, "melting") & ~truth.inside
    primary = with_class(truth, "primary")
    close(having(records, "over_claim").sum(), (melts | primary).sum())
    assert not having(records, "over_claim")[~(melts | primary)].any()
    records = records_of(truth, pre_as_post=RATE)
    pre = with_class(truth, "pre_") | steps(truth, "scrap_return")
    close(having(records, "pre_as_post").sum(), pre.sum())
    assert not having(records, "pre_as_post")[~pre].any()


def test_forged_and_double_ones(truth):
    makes, uses = (np.diff(side.start) > 0 for side in (truth.outputs, truth.inputs))
    records = records_of(truth, forged=RATE)
    close((records.event < 0).sum(), (makes & ~truth.inside).sum())
    records = records_of(truth, double_claim=RATE)
    peers = [actor.role in ("dismantler", "casthouse") for actor in truth.names.actors]
    close(having(records, "double_claim").sum(), (makes & uses & ~truth.inside & np.array(peers)[truth.actor]).sum())


def test_collusion_is_of_shipments_and_both_write_it(truth):
    records = records_of(truth, collusion=RATE, collusion_gain=0.1)
    both = having(records, "collusion")
    shipped, received = (both & (records.entries.step == STEPS.index(step)) for step in ("shipping", "receiving"))
    close(shipped.sum(), steps(truth, "shipping").sum())
    assert shipped.sum() == received.sum() == both.sum() / 2


def test_faults_of_one_record_are_drawn_apart(truth):
    """Two faults at a rate each strike together at the product of the rates."""
    records = records_of(truth, unit_slip=RATE, duplicate=RATE, back_dated=RATE, back_dated_days=1)
    first = ~having(records, "duplicate")
    slipped, late = having(records, "unit_slip")[first], having(records, "back_dated")[first]
    doubled = np.isin(records.event[first], records.event[~first])
    of = (~truth.inside).sum()
    for one, two in ((slipped, late), (slipped, doubled), (late, doubled)):
        close((one & two).sum(), of, RATE**2)


def test_a_single_actor_off_line_is_missing_and_nobody_else(truth):
    name = truth.names.actors[0].name
    records = write_records(truth, Policies(exceptions={name: Policy(coverage=0)}), KeyedSource(0))
    assert not (records.entries.actor == 0).any()
    assert len(records) == (truth.actor != 0).sum()


def test_the_delay_has_the_median_and_the_spread_that_were_asked_for(truth):
    records = records_of(truth, delay_days=3, delay_spread=0.8)
    waited = (records.written_s - records.entries.time_s)[~records.entries.inside] / 86_400
    assert abs(np.log(np.median(waited) / 3)) < 4.5 * 0.8 * sqrt(np.pi / 2 / len(waited))
    assert abs(np.log(waited).std() - 0.8) < 4.5 * 0.8 / sqrt(2 * len(waited))
    plain = records_of(truth, delay_days=3)
    assert set((plain.written_s - plain.entries.time_s)[~plain.entries.inside].tolist()) == {3 * 86_400}


def test_back_dated_records_say_what_they_would_have_said_in_time(truth):
    given = {"delay_days": 3, "delay_spread": 0.8}
    plain = records_of(truth, **given)
    late = records_of(truth, **given, back_dated=RATE, back_dated_days=40)
    struck = having(late, "back_dated")
    assert (late.said_s == plain.written_s).all()
    assert (late.written_s == late.said_s)[~struck].all()
    more = (late.written_s - late.said_s)[struck] / 86_400
    assert (more > 0).all()
    assert abs(np.log(np.median(more) / 40)) < 4.5 * 0.8 * sqrt(np.pi / 2 / len(more))


def test_the_least_by_which_a_record_is_back_dated_is_a_second(truth):
    records = records_of(truth, back_dated=1, back_dated_days=1e-9)
    assert set((records.written_s - records.said_s)[~records.entries.inside].tolist()) == {1}


def test_luck_differs_by_step_and_by_actor(truth):
    records = records_of(truth, coverage=0.5)
    kept = np.isin(np.arange(len(truth)), records.event)
    first = [kept[(truth.actor == actor) & (truth.step == STEPS.index(step))][:200] for actor, step in
             ((0, "take_back"), (0, "dismantling"), (1, "take_back"))]  # fmt: skip
    assert not any((one == two).all() for one, two in ((first[0], first[1]), (first[0], first[2])))


def test_an_overflowing_delay_is_cut_and_not_wrapped_round(truth):
    records = records_of(truth, delay_days=3650, delay_spread=5)
    assert (records.written_s >= records.entries.time_s).all()
    assert (records.written_s - records.entries.time_s).max() == 36_525 * 86_400
