"""What is written: as it was where all are honest, and changed by nothing but the policy of whoever writes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import KG, Book, loops, random_loop, tiny
from written import book, having, owned, rows

from cesim.errors import InputError
from cesim.quantities import KeyedSource
from cesim.trace.entries import Lots
from cesim.trace.records import FAULTS
from cesim.trace.reporting.policies import Policies, honest, silent
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records
from cesim.trace.selecting import selected
from cesim.trace.steps import HANDOVERS, STEPS

SEEDS = st.integers(0, 2**32 - 1)
RATES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])


@st.composite
def policies_of_one(draw, but=()):
    """A policy with any of the habits and vices, less some."""
    given = {
        name: draw(RATES)
        for name in (
            "coverage", "omission", "back_dated", "unit_slip", "swapped", "duplicate", "over_claim", "pre_as_post",
            "double_claim", "forged", "collusion",
        )
        if name not in but
    }  # fmt: skip
    given |= {"collusion_gain": draw(st.sampled_from([-0.3, 0.2])), "back_dated_days": 20.0}
    given |= {"delay_days": draw(st.sampled_from([0.5, 10.0])), "delay_spread": draw(st.sampled_from([0.0, 1.0]))}
    given |= {name: draw(st.sampled_from([0.0, 0.02])) for name in ("bias_sd", "weighing_sd") if name not in but}
    declared = draw(st.sampled_from([("FSD", 0.0), ("FMD", 0.1), ("FSR", 0.03), ("none", 0.0)]))
    given |= {"declaration": declared[0], "misc": declared[1]} if "declaration" not in but else {}
    return Policy(**given)


@st.composite
def policies_for(draw, entries, but=()):
    return Policies(
        {role: draw(policies_of_one(but)) for role in sorted({actor.role for actor in entries.names.actors})},
        {entries.names.actors[0].name: draw(policies_of_one(but))},
    )


# What is honest, and what is silent


@given(loops(), SEEDS)
@settings(max_examples=30, deadline=None)
def test_honest_records_are_the_truth(truth, seed):
    records = write_records(truth, honest(), KeyedSource(seed))
    assert rows(records.entries) == rows(truth)
    assert records.event.tolist() == list(range(len(truth)))
    assert not records.fault.any()
    assert (records.written_s == truth.time_s).all()
    assert not records.declared.any()
    assert records.said_s is None
    assert (records.entries.lots.mass_mg == truth.lots.mass_mg).all()
    assert (records.entries.lots.kind == truth.lots.kind).all()
    assert (records.entries.lots.item == truth.lots.item).all()
    assert records.entries.names == truth.names


def test_the_silent_write_nothing_and_no_lot_is_said_to_weigh_anything():
    records = write_records(tiny(), silent(), KeyedSource(0))
    assert len(records) == 0
    assert (records.entries.lots.mass_mg == -1).all()
    assert (
        len(records.entries.inputs.lot) == len(records.entries.outputs.lot) == len(records.entries.sources.origin) == 0
    )


def test_an_empty_truth_has_no_records():
    bad = Policy(swapped=1, forged=1, double_claim=1, collusion=1, collusion_gain=1, omission=1, weighing_sd=0.1)
    none = selected(tiny(), np.zeros(0, dtype=np.int64))
    assert len(write_records(none, Policies(otherwise=bad), KeyedSource(0))) == 0


def test_what_is_said_of_a_lot_that_its_maker_hides_is_what_it_weighed_at_the_handover():
    truth = tiny()
    records = write_records(truth, Policies({"dismantler": Policy(coverage=0)}), KeyedSource(0))
    said, made = records.entries.lots.mass_mg, truth.lots.mass_mg
    cars = np.flatnonzero(truth.lots.kind == 0)
    received = truth.inputs.lot[np.repeat(truth.step == HANDOVERS[1], np.diff(truth.inputs.start))]
    assert (said[cars] == -1).all()
    assert (said[received] == made[received]).all()


def test_a_lot_of_which_only_a_use_is_known_is_not_said_to_weigh_anything():
    written = Book()
    seller, works = written.actor("seller", "metal_supplier"), written.actor("works", "casthouse")
    ingots = [("ingot", "", 5 * KG), ("ingot", "", 3 * KG)]
    lot, handed = written.entry("supply", seller, 0, (), ingots, [("primary", 8 * KG)])
    written.entry("receiving", works, 1, [(handed, 3 * KG)], partner=seller)
    written.entry("melting", works, 1, [(lot, 2 * KG)], [("slab", "6016", 2 * KG)])
    records = write_records(written.entries(), Policies({"metal_supplier": Policy(coverage=0)}), KeyedSource(0))
    assert records.entries.lots.mass_mg.tolist() == [-1, 3 * KG, 2 * KG]


@given(loops(10), SEEDS, st.data())
@settings(max_examples=40, deadline=None)
def test_the_truth_stays_as_it_was(truth, seed, data):
    before = rows(truth)
    write_records(truth, data.draw(policies_for(truth)), KeyedSource(seed))
    assert rows(truth) == before


# Whose luck it is


@given(loops(12), SEEDS, st.data())
@settings(max_examples=60, deadline=None)
def test_another_policy_of_one_actor_changes_no_record_of_another(truth, seed, data):
    policies, lots = data.draw(policies_for(truth)), len(truth.lots)
    changed = data.draw(st.integers(0, len(truth.names.actors) - 1))
    other = {**policies.exceptions, truth.names.actors[changed].name: data.draw(policies_of_one())}
    one = write_records(truth, policies, KeyedSource(seed))
    two = write_records(truth, replace(policies, exceptions=other), KeyedSource(seed))
    joint = set(one.event[having(one, "collusion")].tolist()) | set(two.event[having(two, "collusion")].tolist())
    for actor in range(len(truth.names.actors)):
        if actor != changed:
            ours, theirs = (
                [row for row in owned(records, lots, actor, ("double_claim",)) if row[10] not in joint]
                for records in (one, two)
            )
            assert ours == theirs


@given(loops(12), SEEDS, st.data())
@settings(max_examples=40, deadline=None)
def test_what_happens_later_changes_no_record_of_what_was_before(truth, seed, data):
    policies = data.draw(policies_for(truth, ("forged", "double_claim", "collusion")))
    first = data.draw(st.integers(0, len(truth)))
    made = int(truth.outputs.start[first])  # lots are numbered as they are made
    lots = Lots(truth.lots.kind[:made], truth.lots.item[:made], truth.lots.mass_mg[:made])
    start = replace(selected(truth, np.arange(first)), lots=lots)
    whole = book(write_records(truth, policies, KeyedSource(seed)), len(truth.lots))
    part = book(write_records(start, policies, KeyedSource(seed)), len(truth.lots))
    assert part == [row for row in whole if row[10] < first]


def test_luck_is_by_the_name_of_the_actor_and_not_by_its_number():
    truth = random_loop(5, cars=40)
    count = len(truth.names.actors)
    turned = replace(
        truth,
        names=replace(truth.names, actors=truth.names.actors[::-1]),
        actor=count - 1 - truth.actor,
        partner=np.where(truth.partner >= 0, count - 1 - truth.partner, -1),
    )
    policies = Policies(otherwise=Policy(coverage=0.7, swapped=0.3, weighing_sd=0.01, bias_sd=0.02, omission=0.2))
    one, two = (write_records(entries, policies, KeyedSource(3)) for entries in (truth, turned))
    assert (one.event == two.event).all()
    assert (one.entries.inputs.lot == two.entries.inputs.lot).all()
    assert (one.entries.outputs.mass_mg == two.entries.outputs.mass_mg).all()


def test_another_seed_is_another_luck():
    truth = random_loop(5, cars=40)
    policies = Policies(otherwise=Policy(coverage=0.5))
    one, two = (write_records(truth, policies, KeyedSource(seed)) for seed in (0, 1))
    assert one.event.tolist() != two.event.tolist()


@given(loops(12), SEEDS, st.data())
@settings(max_examples=60, deadline=None)
def test_a_higher_coverage_keeps_every_record_that_a_lower_one_has(truth, seed, data):
    policies, lots = data.draw(policies_for(truth)), len(truth.lots)
    low, high = sorted(data.draw(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1))))
    few, many = (
        write_records(
            truth,
            Policies(otherwise=replace(policies.of(truth.names.actors[-1]), coverage=coverage)),
            KeyedSource(seed),
        )
        for coverage in (low, high)
    )
    kept = book(many, lots)
    for row in book(few, lots):
        kept.remove(row)  # raises where it is not there


@pytest.mark.parametrize(
    "field",
    [
        "omission",
        "unit_slip",
        "swapped",
        "duplicate",
        "over_claim",
        "pre_as_post",
        "double_claim",
        "collusion",
        "forged",
    ],
)
def test_a_fault_at_a_rate_is_there_at_every_higher_rate(field):
    truth = random_loop(8, cars=120, casthouses=3)
    struck = []
    for rate in (0.0, 0.1, 0.3, 0.6, 1.0):
        more = {"collusion_gain": 0.1} if field == "collusion" else {}
        records = write_records(truth, Policies(otherwise=Policy(**{field: rate}, **more)), KeyedSource(2))
        struck.append(
            set(
                zip(
                    records.event[records.fault > 0].tolist(),
                    records.entries.time_s[records.fault > 0].tolist(),
                    strict=True,
                )
            )
        )
    assert struck[0] == set()
    assert all(few < many for few, many in pairwise(struck))


# What is wrong is marked, and nothing else


def told_apart(row, true):
    """Return the faults that show when a record is laid beside its entry."""
    lots, true_lots = [lot for lot, _ in row[7]], [lot for lot, _ in true[7]]
    shows = set()
    if len(lots) < len(true_lots):
        shows.add("omitted_input")
        true_lots = [lot for lot in true_lots if lot in lots]
    strange = [lot for lot in lots if lot not in true_lots]
    shows |= {"forged"} if "new" in strange else set()
    return shows | ({"swapped_lot"} if [lot for lot in strange if lot != "new"] else set())


@given(loops(12), SEEDS, st.data())
@settings(max_examples=80, deadline=None)
def test_every_difference_is_marked_and_every_mark_is_a_difference(truth, seed, data):
    policies = data.draw(policies_for(truth, ("declaration",)))
    records = write_records(truth, policies, KeyedSource(seed))
    true = rows(truth)
    for row in book(records, len(truth.lots)):
        event, written, _, fault, said = row[10:]
        marks = {name for bit, name in enumerate(FAULTS) if fault >> bit & 1}
        assert ("back_dated" in marks) == (written > said)
        if event < 0:
            assert marks == {"forged"}
            continue
        if "double_claim" in marks:
            assert marks == {"double_claim"}
            continue
        assert row[:1] + row[1:4] + row[6:7] == true[event][:1] + true[event][1:4] + true[event][6:7]
        masses = {mass for side in (row[7], row[8], row[9]) for _, mass in side} | {row[4]}
        true_masses = {mass for side in true[event][7:] for _, mass in side} | {true[event][4]}
        if "omitted_input" in marks:
            assert masses - true_masses == set() or marks & {"scale", "unit_slip"}
        else:
            assert (masses != true_masses) == bool(marks & {"scale", "unit_slip", "collusion"})
            assert {"swapped_lot", "forged"} & marks == told_apart(row, true[event])
        assert len(row[7]) + ("omitted_input" in marks) <= len(true[event][7])
        assert (len(row[7]) < len(true[event][7])) == ("omitted_input" in marks)
        origins, true_origins = [origin for origin, _ in row[9]], [origin for origin, _ in true[event][9]]
        lied = (origins, row[5]) != (true_origins, true[event][5])
        assert lied == bool(marks & {"over_claim", "pre_as_post"})
        if not marks:
            assert row[:10] == true[event]


@given(loops(12), SEEDS, st.data())
@settings(max_examples=40, deadline=None)
def test_own_books_are_kept_by_all_who_take_part_and_weighed_but_not_falsified(truth, seed, data):
    policies = data.draw(policies_for(truth))
    records = write_records(truth, policies, KeyedSource(seed))
    inside = np.flatnonzero(records.entries.inside)
    part = np.array([policies.of(actor).coverage > 0 for actor in truth.names.actors])
    assert records.event[inside].tolist() == np.flatnonzero(truth.inside & part[truth.actor]).tolist()
    assert not (records.fault[inside] & ~(1 << FAULTS.index("scale"))).any()
    assert (records.written_s[inside] == records.entries.time_s[inside]).all()


@given(loops(12), SEEDS, st.data())
@settings(max_examples=40, deadline=None)
def test_a_book_is_well_formed(truth, seed, data):
    records = write_records(truth, data.draw(policies_for(truth)), KeyedSource(seed))
    entries = records.entries
    assert (np.diff(entries.time_s) >= 0).all()
    assert (records.written_s >= entries.time_s).all()
    assert records.said_s is None or (records.said_s <= records.written_s).all()
    for side in (entries.inputs, entries.outputs, entries.sources):
        assert side.start[-1] == len(side.mass_mg)
        assert (side.mass_mg > 0).all()
    made = np.full(len(entries.lots), len(entries))
    made[entries.outputs.lot[::-1]] = entries.outputs.entry()[::-1]
    new = entries.inputs.lot >= len(truth.lots)
    assert (made[entries.inputs.lot[new]] < entries.inputs.entry()[new]).all()
    never = np.sort(entries.outputs.lot[entries.outputs.lot >= len(truth.lots)])
    assert never.tolist() == list(range(len(truth.lots), len(entries.lots)))  # each made once


def test_exceptions_for_nobody_and_classes_that_are_not_there_are_refused():
    truth = tiny()
    with pytest.raises(InputError) as caught:
        write_records(truth, Policies(exceptions={"dismantlers mei": Policy()}), KeyedSource(0))
    assert caught.value.faults[0].code == "policy_actor_unknown"
    assert caught.value.faults[0].arguments["nearest"] == "dismantlers mie"
    poor = replace(truth, names=replace(truth.names, classes=("primary", "scrap")))
    with pytest.raises(InputError) as caught:
        write_records(poor, Policies(otherwise=Policy(over_claim=0.1, forged=0.1)), KeyedSource(0))
    assert [(fault.code, str(fault.place)) for fault in caught.value.faults] == [
        ("policy_class_missing", "forged"),
        ("policy_class_missing", "over_claim"),
    ]
    assert "post_other" in str(caught.value)


def test_an_entry_of_nobody_is_in_no_book():
    truth = tiny()
    nobody = replace(truth, actor=np.where(truth.step == STEPS.index("supply"), -1, truth.actor))
    records = write_records(nobody, Policies(otherwise=Policy(coverage=0.99, swapped=0.2)), KeyedSource(0))
    assert (records.entries.actor >= 0).all()
    assert not np.isin(records.event, np.flatnonzero(nobody.actor < 0)).any()


def test_as_many_duplicates_as_losses_are_not_taken_for_the_whole_truth():
    truth = random_loop(0, cars=6)
    policies = Policies(otherwise=Policy(coverage=0.5, duplicate=1.0))
    for seed in range(200):
        records = write_records(truth, policies, KeyedSource(seed))
        if len(records) == len(truth):
            assert rows(records.entries) == [rows(truth)[event] for event in records.event]
            return
    raise AssertionError("no seed loses as many as it doubles")
