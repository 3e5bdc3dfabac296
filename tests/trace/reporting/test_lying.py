"""What each lie writes, and what nobody can see of it at once."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import ITEMS, KG, KINDS, Book, loops, random_loop, tiny
from written import book, having, rows

from cesim.ledger.substances import ORIGINS
from cesim.quantities import KeyedSource
from cesim.trace.records import FAULTS
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records
from cesim.trace.steps import STEPS

SEEDS = st.integers(0, 2**32 - 1)
STEP, FROM, ORIGIN, EVENT = 0, 7, 9, 10


def records_of(truth, seed=7, **given):
    return write_records(truth, Policies(otherwise=Policy(**given)), KeyedSource(seed))


def origin_mass(entries):
    found = Counter()
    for place, mass in zip(entries.sources.origin.tolist(), entries.sources.mass_mg.tolist(), strict=True):
        found[ORIGINS[place] if place >= 0 else ""] += mass
    return found


# One lot for another


@given(loops(15), SEEDS)
@settings(max_examples=30, deadline=None)
def test_a_swapped_lot_is_a_neighbour_of_the_same_kind_that_was_there(truth, seed):
    records = records_of(truth, seed, swapped=0.7)
    kinds = list(zip(truth.lots.kind.tolist(), truth.lots.item.tolist(), strict=True))
    made_in = dict(zip(truth.outputs.lot.tolist(), truth.outputs.entry().tolist(), strict=True))
    said, swaps = rows(records.entries), having(records, "swapped_lot").tolist()
    for entry, (row, true, swapped) in enumerate(zip(said, rows(truth), swaps, strict=True)):
        apart = [(a, b) for (a, _), (b, _) in zip(row[FROM], true[FROM], strict=True) if a != b]
        assert len(apart) == int(swapped)
        for wrong, right in apart:
            assert kinds[wrong] == kinds[right]
            assert kinds[right] not in kinds[min(wrong, right) + 1 : max(wrong, right)]  # none between
            assert made_in[wrong] < entry
            assert wrong not in [lot for lot, _ in true[FROM]]
        assert [mass for _, mass in row[FROM]] == [mass for _, mass in true[FROM]]
        assert (*row[:FROM], *row[FROM + 1 :]) == (*true[:FROM], *true[FROM + 1 :])


def test_a_lot_alone_of_its_kind_cannot_be_swapped():
    truth = tiny()
    lots = replace(
        truth.lots, kind=np.arange(len(truth.lots)) % len(KINDS), item=np.arange(len(truth.lots)) // len(KINDS)
    )
    assert not records_of(replace(truth, lots=lots), swapped=1).fault.any()


def test_of_two_neighbours_either_is_taken_and_of_one_that_one():
    written = Book()
    yard = written.actor("yard", "scrap_trader")
    lots = [written.entry("supply", yard, n, (), [("scrap", "6016", KG)], [("post_other", KG)])[0] for n in range(3)]
    for n in range(600):
        written.entry("analysis", yard, n + 3, [(lots[n % 3], KG)])
    truth = written.entries()
    taken = records_of(truth, swapped=1).entries.inputs.lot
    assert set(taken[0::3].tolist()) == {lots[1]}
    assert set(taken[2::3].tolist()) == {lots[1]}
    assert 70 < (taken[1::3] == lots[0]).sum() < 130
    assert 70 < (taken[1::3] == lots[2]).sum() < 130


# Origins


def test_primary_is_sold_as_post_consumer():
    truth = random_loop(4, cars=60)
    entries = write_records(truth, Policies({"metal_supplier": Policy(over_claim=1)}), KeyedSource(0)).entries
    before, after = origin_mass(truth), origin_mass(entries)
    assert after["primary"] == 0
    assert after["post_other"] == before["post_other"] + before["primary"]
    assert after["pre_other"] == before["pre_other"]
    assert (entries.relabel == truth.relabel).all()


def test_what_is_melted_is_given_out_as_post_consumer():
    truth = random_loop(4, cars=60)
    records = write_records(truth, Policies({"casthouse": Policy(over_claim=1)}), KeyedSource(0))
    melts = (truth.step == STEPS.index("melting")) & ~truth.inside
    assert (having(records, "over_claim") == melts).all()
    assert (records.entries.relabel[melts] == ORIGINS.index("post_other")).all()
    assert (records.entries.relabel[~melts] == truth.relabel[~melts]).all()


def test_a_heat_is_over_claimed_by_its_primary_or_as_a_whole_and_never_what_is_post_consumer_already():
    written = Book()
    works = written.actor("works", "casthouse")
    for sources, relabel in (
        ([("primary", KG)], None),
        ([("pre_other", KG)], None),
        ([], "post_elv"),
        ([], "pre_auto"),
    ):
        [lot] = written.entry("baling", works, 0, (), [("scrap", "6016", KG)], [("pre_auto", KG)])
        slab = [("slab", "6016", KG + sum(mass for _, mass in sources))]
        written.entry("melting", works, 0, [(lot, KG)], slab, sources, relabel=relabel)
    written.entry("disposal", works, 0, [(lot, KG)], loss=KG)
    truth = written.entries()
    records = records_of(truth, over_claim=1)
    assert np.flatnonzero(having(records, "over_claim")).tolist() == [1, 7]
    assert (records.entries.relabel[[1, 7]] == [-1, ORIGINS.index("post_other")]).all()


def test_new_scrap_is_sold_as_old_cars_and_bought_scrap_as_other_old_scrap():
    truth = random_loop(4, cars=60)
    records = records_of(truth, pre_as_post=1)
    before, after = origin_mass(truth), origin_mass(records.entries)
    assert after["pre_other"] == 0
    assert after["post_other"] == before["post_other"] + before["pre_other"]
    assert after["primary"] == before["primary"]
    assert after["post_elv"] == before["post_elv"]
    returns = truth.step == STEPS.index("scrap_return")
    assert (records.entries.relabel[returns] == ORIGINS.index("post_elv")).all()
    assert (records.entries.relabel[~returns] == -1).all()


def test_a_class_of_its_own_product_is_lied_about_as_new_scrap_of_cars():
    truth = random_loop(4, cars=30)
    returns = truth.step == STEPS.index("scrap_return")
    own = replace(
        truth, names=replace(truth.names, classes=(*ORIGINS, "pre_own")), relabel=np.where(returns, len(ORIGINS), -1)
    )
    assert set(records_of(own, pre_as_post=1).entries.relabel[returns].tolist()) == {ORIGINS.index("post_elv")}


def test_a_source_of_which_nothing_is_told_stays_so():
    truth = tiny()
    untold = replace(truth, sources=replace(truth.sources, origin=np.full(len(truth.sources.origin), -1)))
    records = records_of(untold, pre_as_post=1, over_claim=1)
    assert (records.entries.sources.origin == -1).all()


# What never was


@given(loops(10), SEEDS)
@settings(max_examples=30, deadline=None)
def test_a_forged_lot_comes_from_nowhere_and_takes_the_place_of_one_that_was(truth, seed):
    records = records_of(truth, seed, forged=0.5)
    known, said, true = len(truth.lots), book(records, len(truth.lots)), rows(truth)
    for before, row in zip([None, *said], said, strict=False):
        if row[EVENT] < 0:
            assert row[STEP] == STEPS.index("supply")
            [(lot, mass)], [(origin, from_nowhere)] = row[8], row[ORIGIN]
            assert (lot, mass, origin) == ("new", from_nowhere, ORIGINS.index("post_other"))
            assert row[FROM] == ()
        elif ("new" in [lot for lot, _ in row[FROM]]) or (before and before[EVENT] < 0):
            assert before[EVENT] < 0
            assert before[1:4:2] == row[1:4:2]  # of the same actor at the same time
            gone = [(b, m) for (a, _), (b, m) in zip(row[FROM], true[row[EVENT]][FROM], strict=True) if a != b]
            assert len(gone) == min(1, len(row[FROM]))
            assert [m for _, m in gone] in ([], [before[8][0][1]])
    new = records.entries.lots
    made = records.entries.outputs.lot[records.entries.outputs.lot >= known]
    assert made.tolist() == list(range(known, len(new)))
    assert (new.mass_mg[known:] > 0).all()
    kinds = dict(zip(truth.lots.kind.tolist(), truth.lots.item.tolist(), strict=True))
    assert set(new.kind[known:].tolist()) <= set(kinds)


def test_a_lot_of_nothing_is_neither_forged_nor_claimed_twice():
    truth = random_loop(4, cars=20)
    empty = replace(
        truth, inputs=replace(truth.inputs, mass_mg=0 * truth.inputs.mass_mg),
        outputs=replace(truth.outputs, mass_mg=0 * truth.outputs.mass_mg),
    )  # fmt: skip
    assert not records_of(empty, forged=1, double_claim=1).fault.any()


def test_forging_raises_the_supply_of_post_consumer_matter_and_nothing_else():
    truth = random_loop(4, cars=60)
    before, after = origin_mass(truth), origin_mass(records_of(truth, forged=0.3).entries)
    assert after["post_other"] > before["post_other"]
    assert all(after[name] == before[name] for name in before if name != "post_other")


def test_a_use_claimed_twice_stands_at_another_works_of_the_same_role():
    truth = random_loop(4, cars=80, casthouses=2)
    records = write_records(truth, Policies({"casthouse": Policy(double_claim=0.5)}), KeyedSource(0))
    twice = having(records, "double_claim")
    roles = [actor.role for actor in truth.names.actors]
    assert twice.sum() > 10
    happened = rows(truth)
    for row, double in zip(book(records, len(truth.lots)), twice, strict=True):
        if double:
            true = happened[row[EVENT]]
            assert roles[row[1]] == roles[true[1]] == "casthouse"
            assert row[1] != true[1]
            [(lot, mass)], [(product, made)] = row[FROM], row[8]
            assert (lot, mass) in true[FROM]
            assert (product, made) == ("new", mass)
            assert row[ORIGIN] == ()
            assert row[4] == 0
    kept = ~twice
    assert [row for row, true in zip(rows(records.entries, len(truth.lots)), kept, strict=True) if true] == rows(truth)


@pytest.mark.parametrize(
    ("roles", "who"),
    [
        (["casthouse", "shredder"], None),
        (["casthouse", "shredder", "elsewhere"], 2),
        (["casthouse", "elsewhere", "casthouse"], 2),
    ],
)
def test_who_else_may_claim_a_use(roles, who):
    written = Book()
    for number, role in enumerate(roles):
        written.actor(f"{role} {number}", role)
    [lot] = written.entry("supply", 0, 0, (), [("ingot", "", KG)], [("primary", KG)])
    written.entry("melting", 0, 1, [(lot, KG)], [("slab", "6016", KG)])
    truth = written.entries()
    records = records_of(truth, double_claim=1)
    assert records.entries.actor[having(records, "double_claim")].tolist() == ([] if who is None else [who])
    if who is not None:
        away = Policies({"casthouse": Policy(double_claim=1)}, {f"{roles[who]} {who}": Policy(coverage=0)})
        assert not having(write_records(truth, away, KeyedSource(0)), "double_claim").any()


def test_a_use_of_a_forged_lot_is_not_claimed_twice():
    truth = random_loop(4, cars=120, casthouses=3)
    records = records_of(truth, forged=0.5, double_claim=0.5)
    twice, forged = having(records, "double_claim"), having(records, "forged")
    assert twice.sum() > 20
    assert not np.isin(records.event[twice], records.event[forged & (records.event >= 0)]).any()


def test_the_other_writes_it_under_its_own_declaration():
    truth = random_loop(4, cars=80, casthouses=2)
    policies = Policies(exceptions={"casthouse 0": Policy(double_claim=1), "casthouse 1": Policy(declaration="FMD")})
    records = write_records(truth, policies, KeyedSource(0))
    twice = having(records, "double_claim")
    assert twice.any()
    assert set(records.declared[twice].tolist()) == {2}


def test_a_duplicate_says_the_same_right_after_and_later_in_time():
    truth = random_loop(4, cars=60)
    records = records_of(truth, duplicate=0.5, swapped=0.5, weighing_sd=0.01, delay_days=2, delay_spread=1)
    copies = np.flatnonzero(having(records, "duplicate"))
    said = rows(records.entries)
    assert len(copies) > 100
    assert [said[place] for place in copies] == [said[place - 1] for place in copies]
    assert (records.event[copies] == records.event[copies - 1]).all()
    assert (records.written_s[copies] > records.written_s[copies - 1]).all()
    assert (records.fault[copies] ^ records.fault[copies - 1] == 1 << FAULTS.index("duplicate")).all()


def test_at_one_entry_the_record_stands_first_then_its_duplicate_then_the_second_use():
    truth = random_loop(4, cars=40, casthouses=2)
    records = records_of(truth, duplicate=1, double_claim=1)
    bits = [1 << FAULTS.index(name) for name in ("duplicate", "double_claim")]
    told = {event: records.fault[records.event == event].tolist() for event in range(len(truth))}
    assert set(map(tuple, told.values())) == {(0,), (0, bits[0]), (0, *bits)}


def test_labels_are_made_up_for_lots_that_never_were():
    truth = tiny()
    named = replace(truth, lots=replace(truth.lots, label=[f"lot {n}" for n in range(len(truth.lots))]))
    lots = records_of(named, forged=1).entries.lots
    assert len(lots.label) == len(lots) == len(set(lots.label)) > len(truth.lots)
    assert lots.label[: len(truth.lots)] == named.lots.label
    assert lots.kind.max() < len(KINDS)
    assert lots.item.max() < len(ITEMS)
