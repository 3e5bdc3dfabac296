"""Cars are taken apart: nothing is lost, alloys are known as often as the balance says, and labour is what it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from made_up_cars import Bench, car_rows, dismantler, gone, names, treatment

from cesim.events.chain.dismantling import SINKS
from cesim.events.chain.material import COUNT, by_item
from cesim.events.chain.parts import LEFT, library
from cesim.events.chain.plan import Capacities
from cesim.events.clock import DAY
from cesim.events.laws import laws
from cesim.events.timetable import Shifts
from cesim.ledger.substances import ALLOYS, ITEMS

HOUR = 3600


def run(cars=60, plan=None, batch=1, every=600, seed=0, days=30, shifts=False, **can):
    """Cars one after the other through dismantlers; what came off each."""
    bench = Bench(seed)
    works = dismantler(bench, plan, batch, **can)
    if shifts:
        Shifts(works, [(8 * HOUR, 17 * HOUR)])
    rows = car_rows(40)
    for n in range(-(-cars // batch)):
        count = min(batch, cars - n * batch)
        bench.give(n * every * batch, rows[n % 40] * count, works, serial=n, count=count)
    bench.run([days * DAY])
    return bench, works


@pytest.fixture(scope="module")
def plain():
    return run(400)


def test_a_car_taken_apart_loses_nothing(plain):
    bench, works = plain
    assert laws(bench).passed
    assert works.cars == 400
    rows = np.array(car_rows(40) * 10)
    off = np.sum([row for *_, row in works.off], axis=0)
    sinks = sum(gone(bench, name) for name in SINKS)
    assert np.array_equal(rows.sum(axis=0), off + sinks)
    assert off[COUNT:].sum() == off[:COUNT].sum()


def test_in_the_mean_as_much_comes_off_as_in_the_balance(plain):
    """Over 400 cars, within four standard deviations of a share of that many cars."""
    bench, works = plain
    plan, made = treatment(), names()
    came = by_item(np.array(car_rows(40) * 10)).sum(axis=0).astype(float)
    by_what = defaultdict(lambda: np.zeros(len(ITEMS)))
    for _, what, _, row in works.off:
        by_what[what] += by_item(row[None])[0]
    taken = (1.0 - plan.reused) * plan.taken
    for what, outlet in (("wheels", "wheels"), ("part-cast", "cast"), ("part-3xxx", "heat-exchanger")):
        expected = (plan.part_share * (plan.removed_to == made.removed_to.index(outlet)) * taken[:, None]).sum(axis=0)
        for item in np.flatnonzero(expected > 0.02):
            if came[item]:
                found = by_what[what][item] / came[item]
                assert found == pytest.approx(expected[item], abs=4 * 0.6 / np.sqrt(400)), (what, ITEMS[item])
    reused = by_item(gone(bench, "part_reuse")[None])[0] / np.maximum(came, 1)
    assert reused[ITEMS.index("AC4CH")] == pytest.approx(0.78 * 0.12, abs=0.06)


def test_a_part_of_one_car_comes_off_whole_or_not_at_all():
    _, works = run(60, replace(treatment(), taken=np.full(len(names().parts), 0.5)))
    wheels = names().parts.index("wheels")
    share = treatment().part_share[wheels, ITEMS.index("AC4CH")]
    rows = [row for _, what, _, row in works.off if what == "wheels"]
    assert 10 < len(rows) < 50
    cars = by_item(np.array(car_rows(40)))[:, ITEMS.index("AC4CH")]
    for row in rows:
        found = by_item(row[None])[0, ITEMS.index("AC4CH")]
        assert np.abs(found - share * cars).min() < 100


def known_share(works):
    """Cars whose wrought parts came off together as one mixed lot, and those that were told apart."""
    at = defaultdict(set)
    for second, what, _, _ in works.off:
        at[second].add(what)
    mixed = sum("part-mixed" in found and not any(g in found for g in names().part_grades[:7]) for found in at.values())
    told = sum(any(g in found for g in names().part_grades[:7]) for found in at.values())
    return told, mixed


def all_wrought(identified=None):
    """Every wrought part comes off every car."""
    plan = treatment()
    taken = np.where((plan.removed_to == 0).any(axis=1) & (plan.part_share > 0).any(axis=1), 1.0, plan.taken)
    return replace(
        plan,
        reused=np.zeros_like(plan.reused),
        taken=taken,
        identified=plan.identified if identified is None else identified,
    )


def told_rows(known, right):
    """A share of cars known, of those a share put with the right grade, the rest with 6063 parts."""
    made, rows = names(), treatment().identified.copy()
    mixed, wrong = made.part_grades.index("part-mixed"), made.part_grades.index("part-6063")
    for alloy, name in enumerate(ALLOYS):
        if f"part-{name}" in made.part_grades and name != "3xxx":
            own = made.part_grades.index(f"part-{name}")
            rows[alloy] = 0.0
            rows[alloy, mixed] = 1.0 - known
            rows[alloy, own] += known * right
            rows[alloy, wrong] += known * (1.0 - right)
    return rows


@pytest.mark.parametrize("known", [0.0, 0.3, 0.8, 1.0])
def test_as_many_cars_are_known_as_the_balance_says(known):
    _, works = run(300, all_wrought(told_rows(known, 1.0)))
    told, mixed = known_share(works)
    assert told + mixed == 300
    assert told / 300 == pytest.approx(known, abs=4 * np.sqrt(known * (1 - known) / 300))


def test_alloys_of_a_car_that_is_not_known_are_all_mixed():
    _, works = run(40, all_wrought(told_rows(0.0, 1.0)))
    assert not [what for _, what, _, _ in works.off if what in names().part_grades[:7]]
    row = next(row for _, what, _, row in works.off if what == "part-mixed")
    items = by_item(row[None])[0]
    assert all(items[ALLOYS.index(alloy)] > 0 for alloy in ("6016", "6061", "5xxx"))


@pytest.mark.parametrize("right", [0.2, 0.9])
def test_known_alloys_are_put_with_the_right_grade_as_often_as_the_balance_says(right):
    _, works = run(400, all_wrought(told_rows(1.0, right)))
    mass = defaultdict(float)
    for _, what, _, row in works.off:
        mass[what] += by_item(row[None])[0, ALLOYS.index("6016")]
    whole = sum(mass[grade] for grade in names().part_grades)
    assert mass["part-6016"] / whole == pytest.approx(right, abs=5 * np.sqrt(right * (1 - right) / 400))
    assert mass["part-6063"] / whole == pytest.approx(1 - right, abs=5 * np.sqrt(right * (1 - right) / 400))


def test_a_grade_does_not_depend_on_another_alloys_luck():
    """Telling one alloy worse leaves the grades of the others in every car."""
    first = told_rows(1.0, 0.5)
    second = first.copy()
    made = names()
    six = ALLOYS.index("6111")
    second[six] = 0.0
    second[six, made.part_grades.index("part-7xxx")] = 1.0
    grades = []
    for identified in (first, second):
        _, works = run(80, all_wrought(identified))
        grades.append(
            Counter((second, what) for second, what, _, row in works.off if by_item(row[None])[0, ALLOYS.index("6061")])
        )
    assert grades[0] == grades[1]


def test_another_share_of_one_part_leaves_the_other_parts_of_every_car():
    plan = treatment()
    wheels = names().parts.index("wheels")
    taken = plan.taken.copy()
    taken[wheels] = 0.1
    one, two = run(80)[1], run(80, replace(plan, taken=taken))[1]

    def cast(works):
        return sorted(row.tolist() for _, what, _, row in works.off if what == "part-cast")

    assert len(cast(one)) == len(cast(two)) > 20
    assert sum(what == "wheels" for _, what, *_ in one.off) > 3 * sum(what == "wheels" for _, what, *_ in two.off)
    assert np.abs(np.array(cast(one)) - np.array(cast(two))).max() <= 1  # a milligram less may be left to round


def test_cases_are_keyed_by_the_serial_of_a_car_and_not_by_the_order_of_calls():
    """Two cars in the other order are taken apart as before."""
    rows = car_rows(2)
    found = []
    for order in ((0, 1), (1, 0)):
        bench = Bench()
        works = dismantler(bench)
        for place, n in enumerate(order):
            bench.give(place * DAY, rows[n], works, serial=700 + n)
        bench.run([10 * DAY])
        apart = defaultdict(dict)
        for second, what, _, row in works.off:
            apart[order[min(second // DAY, 1)]][what] = row.tolist()
        found.append(dict(apart))
    assert found[0] == found[1]


# labour


def test_minutes_are_those_of_the_car_and_of_the_parts_taken_and_sold():
    plan, made = treatment(), names()
    bench, works = run(50, plan, workers=1, base_minutes=40.0, every=0, days=60)
    cases = library(bench.draws, made.parts, plan.reused, plan.taken)
    drawn = (bench.draws.stream("dismantlers east.case").some(0, 50) * len(cases)).astype(int)
    minutes = [40.0 + plan.minutes[cases[case] != LEFT].sum() for case in drawn]
    ends = [second for second, what, _, _ in works.off if what == "hulk"]
    assert np.diff([0, *ends]).tolist() == [round(one * 60) for one in minutes]
    assert works.statistics().busy_area == sum(round(one * 60) for one in minutes)


@pytest.mark.parametrize("batch", [5, 12])
def test_lots_of_many_cars_take_the_labour_of_their_cars(batch):
    """Gangs: the same people-minutes, to the rounding of a second a lot, where every car is of the same case."""
    plan = replace(treatment(), reused=np.zeros(21), taken=np.round(treatment().taken))
    areas = []
    for of in (1, batch):
        _, works = run(120, plan, of, every=0, days=200, workers=24, base_minutes=40.0)
        seen = works.statistics()
        assert works.cars == 120
        areas.append(seen.busy_area * 24 / seen.servers)
    assert areas[1] == pytest.approx(areas[0], abs=60 * batch)


@pytest.mark.parametrize(("workers", "batch"), [(1, 5), (7, 5), (24, 5), (4, 20), (3600, 20)])
def test_gangs_are_all_the_people_and_no_more(workers, batch):
    works = dismantler(Bench(), batch=batch, workers=workers)
    assert works.servers * works._hands == pytest.approx(max(workers, 1))
    assert works.servers >= 1


def test_too_few_people_let_cars_wait_and_do_not_lose_them():
    bench, works = run(300, every=60, days=20, shifts=True, workers=2, base_minutes=40.0)
    seen = works.statistics()
    assert 0 < works.cars < 300
    assert seen.came == 300
    assert seen.inside == 300 - seen.left
    assert seen.busy_area <= 2 * 20 * DAY
    assert laws(bench).passed


def test_where_places_are_nearly_full_parts_stay_on_but_for_those_sold_and_those_that_must_come_off():
    plan = treatment()
    bench, works = run(200, plan, every=60, days=60, workers=1, base_minutes=10.0, car_places=8)
    assert works.cars == 200
    assert 100 < works.hurried < 200
    assert laws(bench).passed
    free = run(200, plan, every=60, days=60, workers=1, base_minutes=10.0, car_places=10_000)[1]
    assert free.hurried == 0
    count, all_of = Counter(what for _, what, *_ in works.off), Counter(what for _, what, *_ in free.off)
    assert count["hulk"] == all_of["hulk"] == 200
    assert count["wheels"] < 0.5 * all_of["wheels"]
    sold = [gone(one.simulation, "part_reuse").sum() for one in (works, free)]
    assert sold[0] == pytest.approx(sold[1], abs=400)
    assert sold[0] > 0


def test_fluids_and_tyres_come_off_even_in_a_hurry():
    plan = treatment()
    fluids, rubber = ITEMS.index("fluids"), ITEMS.index("rubber")
    found = []
    for places in (1, 10_000):
        bench, works = run(100, plan, every=60, days=60, workers=1, base_minutes=10.0, car_places=places)
        found.append(by_item(gone(bench, "other_recycling")[None])[0, fluids])
        found.append(by_item(gone(bench, "energy_recovery")[None])[0, rubber])
    assert works.hurried == 0
    assert found[0] == found[2] > 0
    assert found[1] == found[3] > 0


def test_hurried_cars_take_less_labour():
    plan = treatment()
    areas = [
        run(100, plan, every=60, days=60, workers=1, base_minutes=10.0, car_places=places)[1].statistics().busy_area
        for places in (1, 10_000)
    ]
    assert areas[0] < 0.8 * areas[1]


# years


def test_other_people_next_year():
    bench = Bench()
    works = dismantler(bench, batch=5, workers=50, car_places=500)
    assert (works.servers, works.limit) == (10, 100)
    works.set_workers(Capacities(workers=20, car_places=50))
    assert (works.servers, works.limit) == (4, 10)
    works.set_workers(Capacities())
    assert works.limit is None
    assert works.servers > 10**5


def test_people_let_go_next_year_leave_the_laws_true():
    """Nobody is held longer than there is time, though the people of last year are gone."""
    bench, works = Bench(), None
    works = dismantler(bench, workers=30, base_minutes=600.0)
    for n in range(300):
        bench.give(n * 60, car_rows(1)[0], works, serial=n)
    bench.clock.call_at(5 * DAY, lambda _: works.set_workers(Capacities(workers=1)), None)
    bench.run([6 * DAY])
    seen = works.statistics()
    assert seen.busy_area > seen.seconds
    assert works.servers == 1
    assert laws(bench).passed
    assert 0.0 < seen.utilisation <= 1.0


def test_a_car_of_last_year_is_taken_apart_by_the_same_draw():
    bench = Bench()
    works = dismantler(bench, cars=10)
    before = [works._case_of(serial) for serial in range(10)]
    works.open_serials(1000, 10)
    assert [works._case_of(serial) for serial in range(10)] == before
    assert works._case_of(1003) == (
        int(works.draws("case").at(1003) * 2048),
        works.draws("known").at(1003) < works.share_known,
    )


def test_all_at_once_is_divided_by_shares_as_in_the_balance():
    plan, made = treatment(), names()
    bench = Bench()
    works = dismantler(bench, plan, instant=True)
    row = np.sum(car_rows(40), axis=0)
    bench.give(0, row, works, serial=0)
    bench.run([DAY])
    items = by_item(row[None])[0]
    for part, name in (("wheels", "AC4CH"), ("part-3xxx", "3xxx")):
        found = next(by_item(r[None])[0] for _, what, _, r in works.off if what == part)
        place, item = (made.parts.index({"part-3xxx": "heat_exchangers"}.get(part, part)), ITEMS.index(name))
        share = (1 - plan.reused[place]) * plan.taken[place] * plan.part_share[place, item]
        assert abs(found[item] - share * items[item]) <= 10
    assert laws(bench).passed
