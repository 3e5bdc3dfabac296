"""Shredders and lines: what is meant for a line finds it or passes it by, and every milligram goes where it should."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from made_up_cars import Bench, car_rows, composition, gone, names, treatment

from cesim.events.chain.material import by_item
from cesim.events.chain.shredding import SORTED, AlloySorter, ResiduePlant, Shredder
from cesim.events.clock import DAY
from cesim.events.laws import laws
from cesim.ledger.substances import ALLOYS, ITEMS, POLYMERS

STEEL, COPPER = ITEMS.index("steel"), ITEMS.index("copper")


def line(bench, kind, plan=None, instant=False, seconds=0.0, room=None):
    """Return a sorting line whose pieces are written down as (what, composition) and go to the heap."""
    more = (0, names()) if kind is AlloySorter else ()
    works = kind(bench, f"{kind.kind} east", "east", *more, instant)
    works.out = []

    def catch(what, lot):
        works.out.append((what, composition(bench, lot)))
        works.send(lot, bench.heap)

    works.send_piece = works.send_plastic = catch
    works.open_year(plan or treatment())
    works.seconds_a_lot, works.waiting_room = seconds, room
    return works


def shredder(bench, hulks=4, patience=7 * DAY, seconds=60.0):
    works = Shredder(bench, "shredder east", "east", 0, hulks, patience, {})
    works.sorter = works.residue = bench.heap
    works.open_year(treatment())
    works.seconds_a_hulk = seconds
    return works


def feed(bench, works, count, every=3600, kind="shredded"):
    for n in range(count):
        bench.give(n * every, car_rows(10)[n % 10], works, kind)


# shredders


def test_a_shredder_gives_metal_and_residue_and_loses_nothing():
    bench = Bench()
    works = shredder(bench)
    feed(bench, works, 10, kind="hulk")
    bench.run([30 * DAY])
    assert laws(bench).passed
    plan = treatment()
    whole = by_item(np.sum(car_rows(10), axis=0)[None])[0]
    ferrous, cupric = (by_item(gone(bench, f"{what}_recycling")[None])[0] for what in ("ferrous", "copper"))
    marks = [bench.lots.mark_of[lot].kind for _, lot in bench.heap.caught]
    lots = [lot for _, lot in bench.heap.caught]
    metal, residue = (
        by_item(sum(composition(bench, lot) for lot, kind in zip(lots, marks, strict=True) if kind == wanted)[None])[0]
        for wanted in ("shredded", "residue")
    )
    assert Counter(marks) == {"shredded": 3, "residue": 3}  # ten hulks by four: the last two when patience ends
    assert np.array_equal(ferrous + cupric + metal + residue, whole)
    to = plan.to_metal
    assert metal[: len(ALLOYS)] == pytest.approx(to[: len(ALLOYS)] * whole[: len(ALLOYS)], abs=200)
    assert ferrous[STEEL] == pytest.approx(to[STEEL] * (1 - plan.metal_steel[0]) * whole[STEEL], abs=200)
    assert metal[STEEL] == pytest.approx(to[STEEL] * plan.metal_steel[0] * whole[STEEL], abs=200)
    assert cupric[COPPER] == pytest.approx(to[COPPER] * (1 - plan.metal_copper[0]) * whole[COPPER], abs=200)
    assert not ferrous[np.arange(len(ITEMS)) != STEEL].any()
    assert not metal[len(ALLOYS) : len(ALLOYS) + len(POLYMERS)].any()


def test_batches_are_of_so_many_hulks_and_a_lot_may_be_of_several():
    bench = Bench()
    works = shredder(bench, hulks=6)
    feed(bench, works, 9, every=0, kind="hulk")
    for lot in range(3):
        works.hulks_of[lot] = 3
    bench.run([30 * DAY])
    seen = works.statistics()
    assert works.batches == 3  # 3 + 3, then 3 + 1 + 1 + 1, then the three left after patience
    assert seen.busy_area == 60 * (3 * 3 + 6)
    assert not works.hulks_of
    assert laws(bench).passed


# sorting of aluminium


def test_all_of_the_line_is_graded_as_in_the_balance_and_the_rest_is_mixed():
    plan = treatment()
    made, mixed = names().shred_grades, names().shred_grades.index("shred-mixed")
    share = 1.0 - plan.sorted_to[0, mixed]
    bench = Bench()
    works = line(bench, AlloySorter, plan)
    works.share = 0.5
    feed(bench, works, 300, 60)
    bench.run([30 * DAY])
    assert laws(bench).passed
    mass = dict.fromkeys(made, 0)
    for what, row in works.out:
        mass[what] = mass[what] + by_item(row[None])[0]
    alloy = ALLOYS.index("6061")
    sorted_ = sum(mass[grade][alloy] for grade in made if grade != "shred-mixed")
    found = sorted_ / sum(mass[grade][alloy] for grade in made)
    assert found == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(300) + 0.05)
    for grade in made:
        if grade != "shred-mixed":
            wanted = plan.sorted_to[alloy, made.index(grade)] / share
            assert mass[grade][alloy] / sorted_ == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 1.0])
def test_as_many_lots_are_meant_for_the_line_as_the_balance_says(share):
    plan = treatment()
    mixed = names().shred_grades.index("shred-mixed")
    to = plan.sorted_to * share / max(1.0 - plan.sorted_to[0, mixed], 1e-300)
    to[:, mixed] = 1.0 - share
    bench = Bench()
    works = line(bench, AlloySorter, replace(plan, sorted_to=to))
    assert works.share == pytest.approx(share)
    feed(bench, works, 400, 60)
    bench.run([10 * DAY])
    assert works.batches / 400 == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 400))
    seen = works.statistics()
    assert (seen.came, seen.left, seen.inside) == (400, 400, 0)
    assert works.turned_away == 0
    assert laws(bench).passed


def test_who_is_meant_for_the_line_is_keyed_by_count_and_nests():
    """A line of more capacity sorts all the lots that a smaller one does."""
    chosen = []
    for share in (0.2, 0.6):
        bench = Bench()
        works = line(bench, AlloySorter)
        works.share = share
        feed(bench, works, 200, 60)
        bench.run([10 * DAY])
        chosen.append([works.draws("line").at(n) < share for n in range(200)])
        assert works.batches == sum(chosen[-1])
    assert all(more or not less for less, more in zip(*chosen, strict=True))


@pytest.mark.parametrize("room", [0, 1, 3])
def test_what_finds_no_room_before_the_line_is_turned_away_at_once(room):
    bench = Bench()
    works = line(bench, AlloySorter, seconds=10 * 3600.0, room=room)
    works.share = 1.0
    feed(bench, works, 20, 3600)
    bench.run([60 * DAY])
    seen = works.statistics()
    assert works.turned_away + works.batches == 20
    assert works.batches < 10
    if room == 0:
        assert works.batches == 0
    assert (seen.came, seen.left) == (20, 20)
    assert seen.busy_area == works.batches * 36_000
    assert seen.inside_area == seen.sojourn_sum
    assert seen.waiting_area == seen.wait_sum
    assert sum(what == "shred-mixed" for what, _ in works.out) >= works.turned_away
    assert laws(bench).passed


def test_lots_that_pass_a_busy_line_by_leave_its_statistics_true_at_any_second():
    bench = Bench()
    works = line(bench, ResiduePlant, seconds=7000.0, room=2)
    works.share = 0.6
    feed(bench, works, 60, 1800, "residue")
    for hour in range(1, 30):
        bench.run([hour * 3700])
        seen = works.statistics()
        assert seen.inside_area == seen.sojourn_sum
        assert seen.waiting_area == seen.wait_sum
        assert seen.busy_area == seen.service_sum
        assert seen.came - seen.left == seen.inside
    assert 0 < works.turned_away < 40


def test_a_line_that_sorts_nothing_makes_one_grade():
    plan = treatment()
    to = np.zeros_like(plan.sorted_to)
    to[:, names().shred_grades.index("shred-mixed")] = 1.0
    bench = Bench()
    works = line(bench, AlloySorter, replace(plan, sorted_to=to))
    feed(bench, works, 20, 60)
    bench.run([DAY])
    assert {what for what, _ in works.out} == {"shred-mixed"}
    assert len(works.out) == 20


# residue


def test_residue_is_sorted_or_goes_to_heat_slag_and_landfill():
    bench = Bench()
    plan = replace(treatment(), asr_sorted=0.4)
    works = line(bench, ResiduePlant, plan)
    feed(bench, works, 200, 60, "residue")
    bench.run([DAY * 10])
    assert laws(bench).passed
    whole = by_item(np.array(car_rows(10)).sum(axis=0)[None])[0] * 20
    pieces = dict.fromkeys(SORTED, 0)
    for what, row in works.out:
        pieces[what] = pieces[what] + by_item(row[None])[0]
    share = works.batches / 200
    assert share == pytest.approx(0.4, abs=0.15)
    abs_, pp = (ITEMS.index(name) for name in ("ABS", "PP"))
    caught = plan.asr_recovered
    assert pieces["asr-abs"][abs_] == pytest.approx(caught[POLYMERS.index("ABS")] * whole[abs_] * share, rel=0.15)
    assert pieces["asr-pp"][pp] == pytest.approx(caught[POLYMERS.index("PP")] * whole[pp] * share, rel=0.15)
    assert not pieces["asr-pp"][abs_]
    sinks = sum(by_item(gone(bench, name)[None])[0] for name in ("energy_recovery", "landfill", "other_recycling"))
    assert np.array_equal(sinks + sum(pieces.values()), whole)


def test_residue_that_is_not_sorted_goes_by_the_shares_of_the_balance():
    bench = Bench()
    plan = replace(treatment(), asr_sorted=0.0)
    works = line(bench, ResiduePlant, plan)
    feed(bench, works, 10, 60, "residue")
    bench.run([DAY])
    assert works.out == []
    whole = by_item(np.sum(car_rows(10), axis=0)[None])[0]
    for n, name in enumerate(("energy_recovery", "landfill", "other_recycling")):
        found = by_item(gone(bench, name)[None])[0]
        assert found == pytest.approx(plan.asr_to[:, n] * whole, abs=400)
