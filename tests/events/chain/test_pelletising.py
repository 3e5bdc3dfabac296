"""Pelletisers: what is filtered out is burnt, and every compounder gets its share of the loads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_plastics import DAY, NAMES, OF_CARS, REGIONS, TONNE, Bench, account, births, plastic_row

from cesim.errors import InputError
from cesim.events.chain.material import COUNT
from cesim.events.chain.pelletising import FLOWS, LOSSES, PELLET, Pelletiser, maker
from cesim.events.haulage import Haulage
from cesim.events.laws import laws
from cesim.events.trial import Bay
from cesim.ledger.lot_tables import SINK, SOURCE

ROW = plastic_row({"PP": (900_000_000, 70_000_000, 30_000_001)})


def bench_of(route=(0.7, 0.3), kept=(0.95, 0.8), sites=2, **how):
    bench = Bench()
    bays = [Bay(bench, f"compounder {n}") for n in range(sites)]
    pelletiser = Pelletiser(bench, "pelletiser Aichi", "Aichi", NAMES, bays, **how)
    pelletiser.begin_year(np.array(kept), np.array(route))
    return bench, pelletiser, bays


def give(bench, pelletiser, count, grade="part-pp", row=ROW):
    for number in range(count):
        bench.give(number, row, grade, pelletiser, "plastic")


@given(st.lists(st.tuples(st.sampled_from(OF_CARS), st.integers(1, 10**13)), max_size=20), st.booleans())
@settings(max_examples=20, deadline=None)
def test_what_comes_in_is_pellets_or_burnt(loads, instant):
    bench, pelletiser, bays = bench_of(instant=instant)
    for second, (grade, mass) in enumerate(loads):
        bench.give(second, plastic_row({"PE": (mass, mass // 7, mass // 50)}), grade, pelletiser, "plastic")
    bench.run([100])
    assert laws(bench).passed
    held = sum(int(bench.lots.masses([lot])[0]) for bay in bays for _, lot in bay.caught)
    came, burnt = (int(account(bench, *of)[:COUNT].sum()) for of in ((SOURCE, "given"), (SINK, "energy_recovery")))
    assert came == burnt + held
    lost = sum((mass + mass // 7 + mass // 50) * (0.2 if grade[:3] == "asr" else 0.05) for grade, mass in loads)
    assert burnt == pytest.approx(lost, abs=3 * len(loads))


def test_pellets_are_named_by_what_they_are_and_where_they_arose():
    bench, pelletiser, _ = bench_of()
    for number, grade in enumerate(OF_CARS):
        bench.give(number, ROW, grade, pelletiser, "plastic")
    bench.run([9])
    born = [(grade, owner) for _, _, kind, grade, owner, _ in births(bench) if kind == PELLET]
    assert born == [(grade, "Aichi") for grade in OF_CARS]


def test_every_compounder_gets_its_share_of_the_loads_of_each_grade():
    bench, pelletiser, bays = bench_of((0.7, 0.3))
    give(bench, pelletiser, 20)
    give(bench, pelletiser, 10, "asr-pp")
    bench.run([100])
    for grade, counts in (("part-pp", (14, 6)), ("asr-pp", (7, 3))):
        caught = [sum(bench.lots.mark_of[lot].grade == grade for _, lot in bay.caught) for bay in bays]
        assert tuple(caught) == counts
    order = sorted((second, n) for n, bay in enumerate(bays) for second, lot in bay.caught)
    assert [n for _, n in order[:2]] == [0, 0]  # the first of each grade goes where most goes


@given(st.lists(st.integers(0, 100), min_size=2, max_size=4).filter(any), st.integers(1, 60))
@settings(max_examples=20, deadline=None)
def test_no_compounder_is_ever_a_load_from_its_share(weights, count):
    shares = np.array(weights) / sum(weights)
    bench, pelletiser, bays = bench_of(tuple(shares), sites=len(weights))
    give(bench, pelletiser, count)
    bench.run([100])
    for share, bay in zip(shares, bays, strict=True):
        assert abs(len(bay.caught) - share * count) <= len(weights) / 2 + 1e-9
        assert share or not bay.caught


def test_at_once_every_load_is_divided_by_the_shares():
    bench, pelletiser, bays = bench_of((0.25, 0.75), kept=(1.0, 1.0), instant=True)
    give(bench, pelletiser, 3)
    bench.run([100])
    masses = [bench.lots.masses([lot for _, lot in bay.caught]).tolist() for bay in bays]
    assert masses == [[250_000_000] * 3, [750_000_001] * 3]


def test_pellets_for_compounders_outside_leave():
    bench = Bench()
    pelletiser = Pelletiser(bench, "pelletiser Mie", REGIONS[1], NAMES, (None,))
    pelletiser.begin_year(np.array([0.9, 0.9]), np.array([1.0]))
    give(bench, pelletiser, 2)
    bench.run([100])
    assert account(bench, SINK, "elsewhere")[:COUNT].sum() == pytest.approx(1.8 * TONNE, abs=10)
    assert laws(bench).passed


def test_trucks_bring_pellets_by_the_load():
    bench = Bench()
    bay = Bay(bench, "compounder Mie")
    routes = {("pelletiser Aichi", "compounder Mie"): (3600, 60_000)}
    haulage = Haulage(bench, "haulage", routes, capacity=2, patience_s=DAY)
    pelletiser = Pelletiser(bench, "pelletiser Aichi", "Aichi", NAMES, (bay,), haulage, seconds_a_load=50)
    pelletiser.begin_year(np.array([0.9, 0.9]), np.array([1.0]))
    give(bench, pelletiser, 3)
    bench.run([2 * DAY])
    assert [second for second, _ in bay.caught] == [100 + 3600] * 2 + [150 + DAY + 3600]
    assert laws(bench).passed


def test_another_year_has_other_shares():
    bench, pelletiser, bays = bench_of((1.0, 0.0))
    give(bench, pelletiser, 3)
    bench.run([10, 20])
    pelletiser.begin_year(np.array([0.5, 0.5]), np.array([0.0, 1.0]))
    for number in range(4):
        bench.give(20 + number, ROW, "part-pe", pelletiser, "plastic")
    bench.run([30])
    assert [len(bay.caught) for bay in bays] == [3, 4]
    assert bench.lots.masses([bays[1].caught[0][1]])[0] == pytest.approx(TONNE / 2, abs=2)


def test_a_year_owes_nothing_to_the_one_before():
    bench, pelletiser, bays = bench_of((1.0, 0.0))
    give(bench, pelletiser, 3)
    bench.run([10, 20])
    pelletiser.begin_year(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    for number in range(2):
        bench.give(20 + number, ROW, "part-pp", pelletiser, "plastic")
    bench.run([30])
    assert [len(bay.caught) for bay in bays] == [4, 1]


@pytest.mark.parametrize("route", [(0.0, 0.0), (0.5, 0.4), (np.nan, 1.0)])
def test_shares_that_leave_pellets_nowhere_are_refused(route):
    with pytest.raises(InputError) as caught:
        bench_of(route)
    assert caught.value.faults[0].code == "shares_not_one"


def test_a_load_of_another_grade_is_refused():
    bench, pelletiser, _ = bench_of()
    bench.give(0, ROW, "use-pp", pelletiser, "plastic")
    with pytest.raises(InputError) as caught:
        bench.run([9])
    assert caught.value.faults[0].code == "name_unknown"


def test_flows_are_those_of_the_balance():
    assert [maker(grade) for grade in OF_CARS] == ["dismantling", "dismantling", "asr_sorting", "asr_sorting"]
    assert FLOWS["plastic"] == ("{maker}", "pelletising.{grade}")
    assert LOSSES[PELLET, "energy_recovery"] == ("pelletising.{grade}", "energy_recovery")
