"""A casthouse for a year: what goes in comes out, limits hold, and what is known, stored or melted matters."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from made_up_metal import (
    LIMITS,
    MIX,
    SCRAP_T,
    YARD,
    YEAR,
    A,
    G,
    S,
    T,
    bale_row,
    bench,
    chain_plan,
    metal_plan,
    run,
    window,
)

from cesim.errors import InputError
from cesim.events.chain.knowledge import ASSAY, EXPECTED, RECORD
from cesim.events.chain.material import COLUMNS, COUNT, FAMILY, by_substance, metals
from cesim.events.chain.metal import FLOWS, LOSSES, outcome
from cesim.events.chain.outcome import (
    APPROVAL,
    CORRECTED,
    DOWNGRADED,
    FINISHED,
    GOOD,
    MELTING,
    OFF_SPEC,
    OTHER_ALLOY,
    SPEC,
    YARD_ROOM,
)
from cesim.events.chain.plan import Capacities, KnowledgePlan, Practice
from cesim.events.chain.yard import Bale, Yard
from cesim.events.clock import DAY
from cesim.events.informants import PerfectRecords, SimpleRecords
from cesim.events.laws import laws
from cesim.ledger.informant import Claim
from cesim.ledger.substances import ALLOYS, ORIGINS

HEATS = dict.fromkeys(ALLOYS, 10.0)
PRACTICE = Practice(heat_t=HEATS, clearing_days=28)
MUCH = {"part-6016": 500.0, "part-6061": 250.0, "part-mixed": 500.0, "shred-cast": 500.0}
"""More scrap than limits let in."""


def small(metal=None, **given):
    """A plan of an eighth of the size."""
    metal = metal or metal_plan()
    metal = replace(metal, finished=metal.finished / 8, opening=metal.opening / 8)
    return chain_plan(metal, practice=given.pop("practice", PRACTICE), **given)


def known(spread=0.15, **given):
    return KnowledgePlan(spread=np.full((G, S), spread), **given)


def year(plan=None, tonnes=None, **given):
    simulation, house = bench(plan or small(), tonnes or MUCH, **given)
    run(simulation, len(house.plan.years))
    return simulation, house


@pytest.fixture(scope="module")
def ordinary():
    return year()


@pytest.fixture(scope="module")
def perfect():
    return year(small(knowledge=known(records="perfect")), informant=lambda _: PerfectRecords())


def rows_of(simulation, kind):
    """Marks and compositions of all lots born with a kind."""
    lots = simulation.ledger.table("lot")
    chosen = [n for n, mark in enumerate(lots["mark"]) if simulation.lots.marks[mark].kind == kind]
    return [simulation.lots.marks[lots["mark"][n]] for n in chosen], lots["composition"][chosen]


def scrap_t(house):
    return sum(row.scrap_mg for row in house.outcome.clearings) / T


def test_laws_hold_to_the_milligram(ordinary):
    certificate = laws(ordinary[0])
    assert certificate.passed
    assert certificate.worst.worst == 0.0


def test_what_melts_keeps_elements_and_origins(ordinary):
    accounts = ordinary[0].lots.accounts
    difference = accounts.total[0, accounts.names.code("molten")] - accounts.total[1, accounts.names.code("melted")]
    assert not by_substance(difference[None]).any()
    family = COLUMNS.names.index(FAMILY)
    assert difference[family] == -difference[COUNT + ORIGINS.index("post_elv")] > 0
    assert np.count_nonzero(difference[COUNT:]) == 2


def test_every_lot_that_is_a_flow_has_a_template_that_can_be_filled(ordinary):
    lots = ordinary[0].ledger.table("lot")
    kinds = {ordinary[0].lots.marks[mark].kind for mark in lots["mark"]}
    assert kinds - set(FLOWS) == {
        "scrap", "stored", "charge", "melt", "offcuts", "returning", "mixed_before", "segregated_before"
    }  # fmt: skip
    for mark in ordinary[0].lots.marks:
        for end in FLOWS.get(mark.kind, ()):
            filled = end.format(grade=mark.grade, owner=mark.owner)
            assert not filled.endswith(".")
            assert ".." not in filled
    assert {kind for kind, _ in LOSSES} <= set(FLOWS)


def made_as_wanted(simulation, house):
    """Check that what was made and what is still owed is what was wanted."""
    marks, rows = rows_of(simulation, "finished")
    made = Counter()
    for mark, row in zip(marks, rows, strict=True):
        made[mark.grade] += int(row[:COUNT].sum())
    for alloy in LIMITS:
        number = ALLOYS.index(alloy)
        wanted = house.plan.years[0].metal.finished[0, number] - house.owed[number]
        assert made[alloy] / T == pytest.approx(wanted, rel=0.002)


def test_all_parts_wanted_are_made(ordinary):
    made_as_wanted(*ordinary)
    assert ordinary[1].outcome.late_mg == 0


def test_semis_keep_the_limits_of_their_alloy(ordinary):
    marks, rows = rows_of(ordinary[0], "semis")
    assert len(rows) > 80
    for mark, row in zip(marks, metals(rows), strict=True):
        limits = window(mark.grade)
        shares = row / row.sum()
        assert (shares <= limits.upper + 1e-8).all()
        assert (shares >= np.where(limits.lower > limits.primary, limits.lower, 0.0) - 1e-8).all()


def test_what_is_known_perfectly_is_never_off_its_limits(perfect, ordinary):
    assert set(perfect[1].outcome.by_outcome()) == {GOOD}
    assert scrap_t(perfect[1]) > scrap_t(ordinary[1])
    assert perfect[1].outcome.family_mg[FINISHED] > ordinary[1].outcome.family_mg[FINISHED]


class Liar:
    """Says of every bale, with full confidence, that it is pure 6016."""

    def tell(self, rows):
        pass

    def ask(self, lot, viewer, now):  # noqa: ARG002 -- the port
        return [Claim(lot, f"{e}_mg", round(T * x), 1.0, now) for e, x in zip(METALS, MIX["6016"], strict=True)]

    def next_wake(self):
        return None


METALS = [name.removeprefix("6016.") for name in COLUMNS.substances[:S]]


def test_who_believes_wrong_records_makes_heats_that_are_off(perfect):
    _, house = year(small(knowledge=known(records="simple")), informant=lambda _: Liar())
    found = house.outcome.by_outcome()
    assert found[DOWNGRADED] > 5
    assert house.outcome.family_mg[DOWNGRADED] > 0
    assert house.outcome.family_mg[FINISHED] < perfect[1].outcome.family_mg[FINISHED]
    assert laws(house.simulation).passed
    marks, _ = rows_of(house.simulation, "downgraded")
    assert {mark.owner for mark in marks} == {"shred-cast"}
    made_as_wanted(house.simulation, house)  # what went wrong is made again
    marks, rows = rows_of(house.simulation, "finished")
    cast = np.array([mark.grade == "ADC12" for mark in marks])
    held = rows[cast, COLUMNS.names.index(FAMILY)].sum()
    assert held > 1.05 * house.outcome.family_mg[OTHER_ALLOY]  # downgraded heats in it are counted once


def test_where_castings_cannot_take_what_is_off_it_is_let_go():
    rounds = tuple(one for one in metal_plan().rounds if one[2] != "casting")
    plan = small(metal_plan(rounds=rounds), knowledge=known(records="simple"))
    _, house = year(plan, informant=lambda _: Liar())
    assert house.outcome.by_outcome()[OFF_SPEC] > 0
    assert rows_of(house.simulation, "off_spec")[1].sum() > 0
    assert laws(house.simulation).passed


def test_the_numerator_is_what_finished_lots_hold(ordinary):
    simulation, house = ordinary
    marks, rows = rows_of(simulation, "finished")
    six = np.array([mark.grade.startswith("6") for mark in marks])
    held = rows[six, COLUMNS.names.index(FAMILY)].sum()
    assert held == pytest.approx(house.outcome.family_mg[FINISHED], rel=1e-6)
    assert held > 50 * T


def test_more_spread_less_scrap():
    used = [scrap_t(year(small(knowledge=known(spread)), cv=0.1)[1]) for spread in (0.02, 0.15, 0.4)]
    assert used[0] > used[1] > used[2]


def test_assays_are_worth_something(ordinary):
    _, house = year(small(knowledge=known(assayed=1.0, assay_cv=0.02)))
    assert scrap_t(house) > scrap_t(ordinary[1])


def test_the_risk_run_is_about_the_risk_asked():
    plan = chain_plan(
        metal_plan(), practice=Practice(heat_t=dict.fromkeys(ALLOYS, 10.0), clearing_days=30, risk=0.1),
        knowledge=known(0.15),
    )  # fmt: skip
    _, house = year(plan, {grade: 4.0 * mass for grade, mass in SCRAP_T.items()})
    found = house.outcome.by_outcome()
    heats = sum(found.values())
    assert heats > 600
    assert 0.01 < 1.0 - found[GOOD] / heats < 0.15


def test_what_finds_no_room_is_exported_the_cheapest_first(ordinary):
    simulation, house = year(small(capacities=Capacities(yard_t=60.0)))
    assert house.outcome.family_mg[YARD_ROOM] > 0
    assert scrap_t(house) < scrap_t(ordinary[1])
    lots = simulation.ledger.table("lot")
    exported = [
        simulation.lots.marks[mark].grade
        for mark, when in zip(lots["mark"], lots["time_s"], strict=True)
        if simulation.lots.marks[mark].kind == "exported" and when < YEAR // 2
    ]
    assert exported[0] == "shred-cast"
    assert Counter(exported).most_common(1)[0][0] == "shred-cast"
    assert laws(simulation).passed


def test_no_more_is_melted_down_than_can_be(ordinary):
    simulation, house = year(small(capacities=Capacities(melting_t_per_day=1.0)))
    assert scrap_t(house) < 366
    assert scrap_t(house) == pytest.approx(365 * 12 / 13 * 0.96, rel=0.03)  # nothing lies there at first
    assert sum(row.cut_mg for row in house.outcome.clearings) > 0
    assert house.outcome.family_mg[MELTING] > 0
    assert ordinary[1].outcome.family_mg[MELTING] == 0
    assert 0.9 < house.furnaces.statistics().utilisation <= 1.0
    assert laws(simulation).passed


def test_what_waits_for_the_furnaces_shrinks_at_their_rate():
    simulation, house = bench(small(capacities=Capacities(melting_t_per_day=1.0)), MUCH)
    simulation.run([60 * DAY])
    before = house.furnaces.waiting_t()
    simulation.run([60 * DAY + DAY // 2])
    assert before - house.furnaces.waiting_t() == pytest.approx(0.5, abs=0.001)
    house.furnaces.halt()
    simulation.run([62 * DAY])
    assert before - house.furnaces.waiting_t() == pytest.approx(0.5, abs=0.001)


def test_the_returns_of_earlier_intervals_come_one_by_one():
    _, house = bench(small(practice=replace(PRACTICE, return_days=60.0)), MUCH)
    box = house.returns.boxes[ALLOYS.index("6016")]
    assert [second for second, _ in box] == [turn * (YEAR // 13) for turn in range(3)]
    assert not house.returns.boxes[ALLOYS.index("7xxx")]


def test_what_is_left_of_opened_bales_is_one_bale_in_front():
    _, house = bench(small(), MUCH)
    yard, mean = house.yard, MIX["6016"]
    held = Bale(9, 0, "Mie", 9, 0, 5, 5, 5, mean, mean)
    yard.piles[0].append(held)
    rest = [
        Bale(lot, 0, owner, lot, 0, 10, 10, 4, (1 + lot) * mean, mean, how)
        for lot, owner, how in ((1, "Mie", ASSAY), (3, "Mie", EXPECTED), (5, "Gifu", ASSAY))
    ]
    merged = []
    fewer = yard.put_together(rest, lambda lots, grade, owner: merged.append((lots, grade, owner)) or 77)
    assert (fewer, merged) == (1, [([1, 3], 0, "Mie")])
    other, one, last = yard.piles[0]
    assert (other.lot, one.lot, last) == (5, 77, held)
    assert (one.mass, one.metal, one.family, one.how) == (20, 20, 8, EXPECTED)
    assert one.mean == pytest.approx(3 * mean)
    assert one.variance == pytest.approx(mean / 2)  # errors of the two cancel


def test_heats_of_halted_furnaces_are_late():
    simulation, house = bench(small(capacities=Capacities(melting_t_per_day=3.0)), MUCH)
    simulation.clock.call_at(50 * DAY, house.furnaces.halt)
    simulation.clock.call_at(170 * DAY, house.furnaces.resume)
    run(simulation)
    assert house.outcome.late_mg > 0
    charged = [row.scrap_mg for row in house.outcome.clearings]
    assert min(charged[3:6]) < max(charged) / 5  # what was charged before still waits
    assert laws(simulation).passed


def test_a_new_grade_is_not_used_before_it_is_approved():
    tonnes = {"part-6016": 30.0, "part-6061": 500.0}
    metal = metal_plan(opening=np.zeros((1, A, S)), segregated=np.ones(A))
    simulation, _ = year(small(metal, practice=replace(PRACTICE, approval_months=6)), tonnes)
    lots = simulation.ledger.table("lot")
    marks = [simulation.lots.marks[mark] for mark in lots["mark"]]
    first = [
        when
        for mark, when in zip(marks, lots["time_s"], strict=True)
        if (mark.kind, mark.grade, mark.owner) == ("liquid", "part-6061", "6016")
    ]
    own = [
        when for mark, when in zip(marks, lots["time_s"], strict=True) if mark[1:] == ("liquid", "part-6016", "6016")
    ]
    assert min(own) < 60 * DAY
    assert min(first) > 182 * DAY


def test_what_waits_for_approval_when_the_year_ends_is_counted_so():
    metal = metal_plan(opening=np.zeros((1, A, S)), segregated=np.ones(A))
    tonnes = {"part-6061": 500.0}
    _, house = year(small(metal, practice=replace(PRACTICE, approval_months=24)), tonnes)
    assert house.outcome.family_mg[APPROVAL] > 0
    assert house.outcome.family_mg[SPEC] == 0
    _, house = year(small(metal), tonnes)
    assert house.outcome.family_mg[APPROVAL] == 0


def sampled(plan, monkeypatch):
    """What assays of a year found, by grade and count."""
    found = {}
    sample = Yard._sample

    def noted(self, metal, bale, claims, truth):
        sample(self, metal, bale, claims, truth)
        found[bale.grade, bale.count] = tuple(bale.mean)

    monkeypatch.setattr(Yard, "_sample", noted)
    year(plan)
    return found


def test_luck_of_assays_is_that_of_the_bale(monkeypatch):
    knowledge = known(assayed=0.4, assay_cv=0.05)
    before = sampled(small(knowledge=knowledge), monkeypatch)
    metal = metal_plan(rounds=(("6022", (0, 2), "first"), *metal_plan().rounds))
    metal.finished[0, ALLOYS.index("6022")] = 500.0
    after = sampled(small(metal, knowledge=knowledge), monkeypatch)
    of_cars = [one for one in before if YARD[one[0]] != "new-mixed"]
    assert len(of_cars) > 100
    assert all(before[one] == after[one] for one in of_cars)


def test_decisions_say_what_was_known_and_chosen(ordinary):
    simulation, _ = ordinary
    rows = simulation.ledger.table("decision")
    kinds = {simulation.decisions.names[kind] for kind in rows["kind"]}
    assert kinds == {"charge 6016", "charge 6061", "charge ADC12"}
    assert {simulation.knowledge.names[one] for one in rows["known"]} == {EXPECTED}
    assert 0 < rows["chosen"].sum() < len(rows["chosen"])
    assert (rows["value"] > 0).any()
    ended = simulation.ledger.table("event_in")["lot"]
    assert np.isin(rows["lot"][rows["chosen"] == 1], ended).all()


def test_late_records_are_asked_for_again():
    seen = Counter()

    def informant(simulation):
        return SimpleRecords(simulation.draws, 1.0, 20 * DAY, 0.9)

    simulation, house = bench(small(knowledge=known(records="simple")), MUCH, informant=informant)
    for week in range(20):
        simulation.clock.call_at(
            week * 14 * DAY + 1, lambda _: seen.update(bale.how for pile in house.yard.piles for bale in pile)
        )
    run(simulation)
    assert seen[RECORD] > seen[EXPECTED] > 0
    assert laws(simulation).passed


def test_a_run_saved_half_way_goes_on_as_if_it_had_not_been():
    def ends(simulation):
        return simulation.run([100 * DAY + 77, YEAR])

    plan = small(capacities=Capacities(yard_t=80.0, melting_t_per_day=2.0), knowledge=known(assayed=0.5))
    whole, house = bench(plan, MUCH)
    ends(whole)
    half, _ = bench(plan, MUCH)
    half.run([100 * DAY + 77])
    half = pickle.loads(pickle.dumps(half))
    half.run([YEAR])
    assert half.facility("casthouse Aichi").outcome == house.outcome
    for name, table in whole.ledger.tables().items():
        for column, values in table.items():
            assert (half.ledger.table(name)[column] == values).all(), (name, column)


def test_years_follow_each_other():
    plan = small()
    metal = plan.years[0].metal
    more = replace(metal, finished=metal.finished * 1.5, segregated=np.full(A, 0.2))
    plan = replace(plan, years=(plan.years[0], replace(plan.years[0], year=2031, metal=more)))
    simulation, house = year(plan)
    assert laws(simulation).passed
    wanted = [sum(r.wanted_mg for r in house.outcome.clearings if r.time_s // YEAR == n) for n in (0, 1)]
    assert wanted[1] / wanted[0] == pytest.approx(1.5, rel=0.03)
    assert not any(house.yard.piles[:4])  # what is left of a year is exported
    assert house.outcome.family_mg[SPEC] > 0


def test_months_in_which_more_is_wanted():
    monthly = np.ones(12)
    monthly[6:] = 3.0
    _, house = year(small(metal_plan(monthly=monthly), practice=replace(PRACTICE, clearing_days=14)))
    halves = [sum(r.wanted_mg for r in house.outcome.clearings if (r.time_s > 0.49 * YEAR) == late) for late in (0, 1)]
    assert halves[1] / halves[0] == pytest.approx(3.0, rel=0.1)


def test_outcomes_add_up(ordinary, perfect):
    both = outcome([ordinary[1], perfect[1]])
    assert both.by_outcome()[GOOD] == sum(one[1].outcome.by_outcome()[GOOD] for one in (ordinary, perfect))
    assert len(both.clearings) == 2 * len(ordinary[1].outcome.clearings)
    assert CORRECTED in both.by_outcome()


def refused(code, simulation, until=YEAR):
    with pytest.raises(InputError) as caught:
        simulation.run([until])
    assert caught.value.faults[0].code == code


def test_what_is_no_scrap_is_refused():
    simulation, house = bench(small(), MUCH)
    row = bale_row("part-6016", 1.0, 0.1, np.random.default_rng(1))
    lots = simulation.lots

    def bring(given):
        kind, grade, changed = given
        lot = lots.create(changed, lots.mark(kind, grade, "Aichi"), "arrivals", house.code)
        house.receive(lot)

    simulation.clock.call_at(5, bring, ("bumper", "part-6016", row))
    refused("scrap_unknown", simulation)
    simulation, house = bench(small(), MUCH)
    lots = simulation.lots
    plastic = row.copy()
    plastic[COLUMNS.names.index("PP.polymer")] += 5
    plastic[COUNT + ORIGINS.index("post_elv")] += 5
    simulation.clock.call_at(5, bring, ("scrap", "part-6016", plastic))
    refused("scrap_not_metal", simulation)


def test_paint_alone_is_exported():
    simulation, house = bench(small(), MUCH)
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    row[COLUMNS.names.index("6016.coating")] = row[COUNT + ORIGINS.index("post_elv")] = 1000

    def bring(_):
        mark = simulation.lots.mark("scrap", "part-6016", "Mie")
        house.receive(simulation.lots.create(row, mark, "arrivals", house.code))

    simulation.clock.call_at(5, bring)
    run(simulation)
    marks, rows = rows_of(simulation, "exported")
    assert [row[:COUNT].sum() for mark, row in zip(marks, rows, strict=True) if mark.owner == "Mie"] == [1000]


def test_a_heat_without_a_size_is_refused():
    simulation, _ = bench(small(practice=Practice(heat_t={"6016": 10.0})), MUCH)
    refused("heat_size_missing", simulation)


def test_a_casthouse_without_scrap_makes_its_parts_of_primary():
    metal = metal_plan(opening=np.zeros((1, A, S)), segregated=np.ones(A))
    metal.finished[0, ALLOYS.index("ADC12")] = 0.0
    simulation, house = year(small(metal), {"part-6016": 0.0})
    assert not house.outcome.heats
    assert scrap_t(house) == 0.0
    assert laws(simulation).passed
    assert len(rows_of(simulation, "primary")[1]) == 2 * 13  # heats that are all alike are made as one


def test_assays_and_records_are_told_apart():
    knowledge = known(records="perfect", assayed=0.5)
    simulation, house = bench(small(knowledge=knowledge), MUCH, informant=lambda _: PerfectRecords())
    simulation.run([60 * DAY])
    assert {bale.how for pile in house.yard.piles for bale in pile} >= {ASSAY, RECORD}
