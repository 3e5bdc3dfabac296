"""Compounders: every compound keeps its recipe and its limits, and no milligram of what went in is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_plastics import (
    DAY,
    OF_CARS,
    PE,
    POST_ELV,
    PP,
    PPT,
    RECYCLATES,
    TONNE,
    YEAR,
    Bench,
    account,
    births,
    by_component,
    plan,
    plastic_row,
    recipes,
)

from cesim.errors import InputError
from cesim.events.chain import compounding, pelletising
from cesim.events.chain.blending import BLENDED, COMPOUNDED, blend_law
from cesim.events.chain.material import COLUMNS, COUNT, own_pairs
from cesim.events.laws import laws
from cesim.events.simulation import Simulation, resume
from cesim.ledger.lot_tables import SINK, SOURCE
from cesim.ledger.substances import POLYMERS


def load(rng, grade):
    """A load of up to 12 t of what such pellets are made of, in shares of its own."""
    items = ("ABS",) if grade == "asr-abs" else ("PE", "PP") if grade == "part-pe" else ("PP", "PP-T", "PE")
    masses = rng.integers(1, 4 * TONNE, len(items))
    filler = rng.uniform(0.0, 0.2, len(items))
    return plastic_row(
        {
            item: (round(mass * (0.98 - share)), round(mass * share), round(mass * 0.02))
            for item, mass, share in zip(items, masses, filler, strict=True)
        }
    )


def random_run(seed, loads=60, folder=None, year=None, **how):
    """A compounder with loads at random seconds."""
    rng = np.random.default_rng(seed)
    bench = Bench(folder)
    compounder = bench.compounder(**how)
    compounder.begin_year(year or plan(), 0, YEAR)
    for _ in range(loads):
        grade = OF_CARS[rng.integers(4)]
        bench.give(
            int(rng.integers(YEAR)), load(rng, grade), grade, compounder, owner=("Aichi", "Mie")[rng.integers(2)]
        )
    return bench, compounder


@given(st.integers(0, 2**31), st.integers(0, 40), st.sampled_from([7, 30, 365]), st.sampled_from([None, 20.0]))
@settings(max_examples=8, deadline=None)
def test_nothing_is_lost_by_component_and_origin(seed, loads, days, patience):
    bench, compounder = random_run(seed, loads, clearing_days=days, patience_days=patience, room_t=30.0)
    bench.run([YEAR // 3, YEAR])
    assert laws(bench).passed
    check = blend_law(bench)
    assert (check.worst, check.cells) == (0.0, COLUMNS.width - 36 + 3)
    into = sum(account(bench, SOURCE, name) for name in ("given", *compounding.SOURCES) if name != COMPOUNDED)
    out = sum(account(bench, SINK, name) for name in compounding.SINKS if name != BLENDED)
    left = into - out - bench.lots.held()
    assert by_component(left) == [0, 0, 0]
    assert (left[COUNT:] == 0).all()
    assert compounder.inside == sum(len(line) for line in compounder.lying)
    assert {bench.lots.mark_of[lot].kind for lot in bench.lots.mark_of} <= {"pellet"}


@pytest.fixture(scope="module")
def lively():
    """A year with many loads, all kinds of recyclate in use and too little room for all of it."""
    bench, compounder = random_run(7, 150, t_per_day=0.6, year=plan(loss=0.03))
    bench.run([YEAR])
    return bench, compounder


def test_every_compound_keeps_its_recipe_and_limits(lively):
    bench, _ = lively
    year, found = plan(), recipes(bench)
    assert len(found) == 5 * 53
    kinds = set()
    for (_, _, polymer), into in found.items():
        k = POLYMERS.index(polymer)
        mass = sum(int(row[:COUNT].sum()) for _, _, row in into)
        by_grade = np.zeros(len(RECYCLATES))
        for kind, grade, row in into:
            assert row[own_pairs(polymer)].sum() == row[:COUNT].sum()  # all of it is the compound's own material
            if grade:
                by_grade[RECYCLATES.index(grade)] += row[:COUNT].sum()
                kinds.add(kind)
                shares = year.origin[RECYCLATES.index(grade)] * row[:COUNT].sum()
                assert np.abs(row[COUNT : COUNT + len(shares)] - shares).max() < 1.0
        parts = np.sum([by_component(row) for _, _, row in into], axis=0)
        assert np.abs(parts - mass * year.recipe[k]).max() < 1.0
        assert not by_grade[~year.admitted[k]].any()
        assert by_grade @ year.foreign <= year.foreign_limit[k] * mass + 0.02
        assert by_grade.sum() <= year.cap[k] * mass + 0.02
        assert by_grade[[2, 3]].sum() <= year.asr_cap * mass + 0.02
    assert kinds == {"recyclate_in", "x_to_car", "chemical", "bio"}


def test_offers_from_outside_are_those_of_the_interval_and_lapse():
    year = plan()
    bench, _ = random_run(0, loads=0)
    bench.run([YEAR])
    bought = dict.fromkeys(RECYCLATES[4:], 0)
    for (second, _, _), into in recipes(bench).items():
        for _, grade, row in into:
            if grade:
                bought[grade] += row[:COUNT].sum()
                days = 7 if second < YEAR - 1 else 1
                mass = year.supply[0, RECYCLATES.index(grade)] * TONNE * days / 365
                assert row[:COUNT].sum() <= mass + 1
    for grade, mass in bought.items():  # all that was on offer, but for what whole milligrams leave
        assert mass == pytest.approx(year.supply[0, RECYCLATES.index(grade)] * TONNE, abs=53 * 300)
    short, compounder = random_run(0, loads=0, year=plan(made=wanted(PP, 20.0)))
    short.run([YEAR])
    assert sum(one.outside for one in compounder.campaigns) == pytest.approx(6 * TONNE, abs=53 * 300)


def test_a_year_makes_what_was_wanted_to_the_milligram(lively):
    _, compounder = lively
    for k, polymer in enumerate(POLYMERS):
        made = sum(one.made for one in compounder.campaigns if one.polymer == polymer)
        assert made == round(plan().made[0, k] * TONNE)
    seconds = sorted({one.second for one in compounder.campaigns})
    assert seconds == [*range(7 * DAY, YEAR, 7 * DAY), YEAR - 1]


def test_campaigns_say_what_the_lots_say(lively):
    bench, compounder = lively
    found = recipes(bench)
    assert len(found) == len(compounder.campaigns)
    for one in compounder.campaigns:
        into = found[one.second, compounder.name, one.polymer]
        mass = {kind: sum(int(row[:COUNT].sum()) for k, _, row in into if k == kind) for kind, _, _ in into}
        assert one.of_cars == mass.pop("recyclate_in", 0)
        assert one.virgin == mass.pop("virgin", 0)
        assert one.filler == mass.pop("filler", 0)
        assert one.outside == sum(mass.values())
        assert one.post_elv == sum(int(row[POST_ELV]) for _, _, row in into)
    assert sum(one.post_elv for one in compounder.campaigns) > 50 * TONNE


def test_what_is_lost_is_burnt_and_the_rest_delivered(lively):
    bench, compounder = lively
    made = sum(one.made for one in compounder.campaigns)
    burnt, delivered = (int(account(bench, SINK, name)[:COUNT].sum()) for name in ("energy_recovery", "assembly"))
    assert burnt + delivered == made
    assert burnt == pytest.approx(0.03 * made, abs=20 * len(compounder.campaigns))
    moulded = sum(int(row[:COUNT].sum()) for _, _, kind, _, _, row in births(bench) if kind == "moulded")
    compounds = sum(int(row[:COUNT].sum()) for _, _, kind, _, _, row in births(bench) if kind == "compound")
    assert moulded == compounds == delivered


def test_lots_are_used_in_the_order_in_which_they_came_and_the_last_is_cut_exactly():
    bench = Bench()
    compounder = bench.compounder(clearing_days=365)
    compounder.begin_year(plan(made=wanted(PP, 100.0), supply=np.zeros((2, 8))), 0, YEAR)
    for number in range(6):  # cap 0.3: 30 t
        row = plastic_row({"PP": (7 * TONNE, 600_000_000, 200_000_001)})
        bench.give(number * DAY, row, "part-pp", compounder, owner=f"from {number}")
    bench.run([YEAR])
    used = [(owner, int(row[:COUNT].sum())) for _, _, kind, _, owner, row in births(bench) if kind == "recyclate"]
    whole = 7_800_000_001
    assert used == [("from 0", whole), ("from 1", whole), ("from 2", whole), ("from 3", 30 * TONNE - 3 * whole)]
    assert compounder.campaigns[0].of_cars == 30 * TONNE
    lying = [bench.lots.look(lot) for lot, _ in compounder.lying[0]]
    assert [(one.owner, one.kind, one.mass_mg) for one in lying] == [
        ("from 3", "pellet", 4 * whole - 30 * TONNE), ("from 4", "pellet", whole), ("from 5", "pellet", whole),
    ]  # fmt: skip
    assert [came for _, came in compounder.lying[0]] == [3 * DAY, 4 * DAY, 5 * DAY]
    assert (compounder.came, compounder.left, compounder.inside) == (6, 3, 3)
    assert laws(bench).passed
    chosen = bench.ledger.table("decision")
    assert chosen["chosen"].tolist() == [1, 1, 1, 1, 0, 0]
    assert chosen["value"].tolist() == [whole, whole, whole, 30 * TONNE - 3 * whole, 0, 0]


def wanted(polymer, tonnes):
    made = np.zeros((2, len(POLYMERS)))
    made[0, polymer] = tonnes
    return made


def one_campaign(year, loads, **how):
    """The campaign of a year in which such (grade, t) lay there, of 97 % polymer, 1 % filler, 2 % additive."""
    bench = Bench()
    compounder = bench.compounder(clearing_days=365, **how)
    compounder.begin_year(year, 0, YEAR)
    for grade, mass in loads:
        mg = round(mass * TONNE)
        bench.give(5, plastic_row({"PP": (mg - 3 * (mg // 100), mg // 100, 2 * (mg // 100))}), grade, compounder)
    bench.run([YEAR])
    (made,) = compounder.campaigns
    return made


def test_recyclate_of_cars_comes_first_though_it_costs_more():
    supply = np.zeros((2, 8))
    supply[0, 4] = 50.0
    dear = plan(made=wanted(PP, 100.0), supply=supply, price=np.array([999e3, 1, 1, 1, 1, 1, 1, 1.0]))
    none, some, much = (one_campaign(dear, [("part-pp", mass)] if mass else []) for mass in (0, 12, 40))
    assert (none.of_cars, none.outside) == (0, 30 * TONNE)
    assert (some.of_cars, some.outside) == (12 * TONNE, 18 * TONNE)
    assert (much.of_cars, much.outside) == (30 * TONNE, 0)
    assert much.post_elv == 30 * TONNE


def test_of_recyclates_that_serve_alike_the_cheaper_is_bought():
    supply = np.zeros((2, 8))
    supply[0, [4, 6]] = 50.0
    for cheaper, other in ((4, 6), (6, 4)):
        price = np.full(8, 100e3)
        price[other] = 101e3
        year = plan(made=wanted(PP, 100.0), supply=supply, price=price)
        bench = Bench()
        bench.compounder(clearing_days=365).begin_year(year, 0, YEAR)
        bench.run([YEAR])
        (into,) = recipes(bench).values()
        assert {grade for _, grade, _ in into if grade} == {RECYCLATES[cheaper]}


def test_of_recyclates_that_cost_alike_the_first_is_bought():
    supply = np.zeros((2, 8))
    supply[0, 4:] = 50.0
    bench = Bench()
    year = plan(made=wanted(PP, 100.0), supply=supply, price=np.full(8, 100e3))
    bench.compounder(clearing_days=365).begin_year(year, 0, YEAR)
    bench.run([YEAR])
    (into,) = recipes(bench).values()
    assert {grade for _, grade, _ in into if grade} == {"use-pp"}


def test_filler_limits_recyclate_and_is_bought_where_it_is_missing():
    made = one_campaign(plan(made=wanted(PE, 50.0), supply=np.zeros((2, 8))), [("part-pe", 40.0)])
    assert made.of_cars == pytest.approx(15 * TONNE, abs=1)
    assert made.filler == 50 * TONNE * 0.02 - 15 * TONNE * 0.01


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_lots_that_bring_more_filler_than_the_mean_are_not_drawn_beyond_the_recipe(seed):
    rng = np.random.default_rng(seed)
    bench = Bench()
    compounder = bench.compounder(clearing_days=365)
    recipe = np.tile([0.95, 0.02, 0.03], (len(POLYMERS), 1))
    year = plan(made=wanted(PP, 100.0), recipe=recipe, cap=np.ones(len(POLYMERS)), foreign_limit=np.ones(12))
    compounder.begin_year(year, 0, YEAR)
    for _ in range(8):
        mass, share = int(rng.integers(TONNE, 10 * TONNE)), rng.choice([0.0, 0.02, 0.4])
        row = plastic_row({"PP": (mass - int(mass * share), int(mass * share), 0)})
        bench.give(1, row, "part-pp", compounder)
    bench.run([YEAR])
    (into,) = recipes(bench).values()
    parts = np.sum([by_component(row) for _, _, row in into], axis=0)
    assert np.abs(parts - 100 * TONNE * recipe[0]).max() <= 1
    brought = np.sum([by_component(row) for kind, _, row in into if kind == "recyclate_in"] or [[0, 0, 0]], axis=0)
    limited = (brought >= 100 * TONNE * recipe[0] * 0.75).any()
    assert limited or not compounder.lying[0]


def over_filler(loads, offered=0.0, outside=(1.0, 0.0, 0.0), **changes):
    """A campaign of 100 t with up to 2 % filler over loads (grade, t, share of filler) in this order."""
    bench = Bench()
    compounder = bench.compounder(clearing_days=365)
    supply = np.zeros((2, 8))
    supply[0, 4] = offered
    free = {"cap": np.full(12, 0.5), "foreign_limit": np.ones(12), "asr_cap": 1.0, **changes}
    recipe = np.tile([0.95, 0.02, 0.03], (len(POLYMERS), 1))
    composition = np.tile(outside, (8, 1))
    year = plan(made=wanted(PP, 100.0), recipe=recipe, supply=supply, composition=composition, **free)
    compounder.begin_year(year, 0, YEAR)
    for second, (grade, mass, share) in enumerate(loads):
        filler = round(mass * share * TONNE)
        bench.give(second, plastic_row({"PP": (round(mass * TONNE) - filler, filler, 0)}), grade, compounder)
    bench.run([YEAR])
    return compounder.campaigns[0]


def test_lots_in_front_decide_how_much_fits_and_others_fill_what_they_leave_open():
    # in the mean they hold 5 %, so 40 t would fit; of those in front, 20 t do
    made = over_filler([("part-pp", 30.0, 0.1), ("part-pp", 30.0, 0.0)], offered=40.0)
    assert made.of_cars == pytest.approx(20 * TONNE, abs=5000)
    assert made.outside == pytest.approx(30 * TONNE, abs=5000)
    assert made.filler == pytest.approx(0, abs=1000)


def test_lots_without_filler_in_front_let_more_fit_than_the_mean():
    # in the mean they hold 25 %, so 8 t would fit
    made = over_filler([("part-pp", 40.0, 0.0), ("part-pp", 40.0, 0.5)])
    assert made.of_cars == pytest.approx(44 * TONNE, abs=5000)


def test_filler_of_all_grades_counts():
    loads = [(grade, 30.0, share) for share in (0.1, 0.0) for grade in ("part-pp", "asr-pp")]
    made = over_filler(loads)
    assert made.of_cars == pytest.approx(20 * TONNE, abs=5000)


def test_what_lots_in_front_leave_open_is_filled_where_another_limit_holds_them_back():
    # 10 t of residue are allowed; in the mean they hold 15 %, those in front none
    made = over_filler(
        [("asr-pp", 10.0, 0.0), ("asr-pp", 10.0, 0.3)], offered=30.0, outside=(0.9, 0.1, 0.0), asr_cap=0.1
    )
    assert made.of_cars == pytest.approx(10 * TONNE, abs=5000)
    assert made.outside == pytest.approx(20 * TONNE, abs=5000)


def test_at_once_loads_that_are_used_up_are_gone():
    used = np.zeros((2, 8, len(POLYMERS)))
    used[0, 0, [PP, PPT]] = 6.0, 4.0
    bench = Bench()
    compounder = bench.compounder(instant=True)
    compounder.begin_year(plan(recipe_used=used), 0, YEAR)
    for second in (3, 4):
        bench.give(second, plastic_row({"PP": (5 * TONNE, 0, 0)}), "part-pp", compounder)
    bench.run([YEAR])
    assert (compounder.inside, compounder.left) == (0, 2)
    assert {(one.polymer, one.of_cars) for one in compounder.campaigns if one.of_cars} == {
        ("PP", 6 * TONNE), ("PP-T", 4 * TONNE),
    }  # fmt: skip
    assert laws(bench).passed


@pytest.mark.parametrize("how", [{"clearing_days": 0}, {"t_per_day": -0.1}, {"room_t": -1.0}, {"patience_days": -1.0}])
def test_numbers_that_cannot_be_are_refused(how):
    with pytest.raises(InputError) as caught:
        Bench().compounder(**how)
    assert caught.value.faults[0].code == "facility_number"


@pytest.mark.parametrize("wrong", [-1e-9, np.nan])
def test_masses_that_cannot_be_are_refused(wrong):
    for how in ("made", "supply", "border"):
        held = np.full((2, 12 if how == "made" else 8), 1.0)
        held[1, 2] = wrong
        compounder, border = Bench().compounder(), np.full((4, COUNT), 0.0 if how != "border" else wrong)
        with pytest.raises(InputError) as caught:
            compounder.begin_year(plan(**({} if how == "border" else {how: held})), 0, YEAR, border)
        assert caught.value.faults[0].code == "lot_not_whole"


def test_capacity_reduces_recyclate_and_is_used_up():
    year = plan(made=wanted(PP, 365.0), supply=np.zeros((2, 8)))
    masses = [one_campaign(year, [("part-pp", 200.0)], t_per_day=t).of_cars for t in (None, 1.0, 0.25, 0.0)]
    assert masses == pytest.approx([109.5 * TONNE, 109.5 * TONNE, 365 * TONNE // 4, 0], abs=2)
    _, compounder = random_run(3, 150, t_per_day=0.2)
    compounder.simulation.run([YEAR])
    per_clearing = {}
    for one in compounder.campaigns:
        per_clearing[one.second] = per_clearing.get(one.second, 0) + one.of_cars + one.outside
    most = 7 * TONNE // 5
    assert max(per_clearing.values()) <= most
    assert sum(used == pytest.approx(most, abs=2) for used in per_clearing.values()) > 40


def test_pellets_that_lie_too_long_or_find_no_room_are_exported():
    bench = Bench()
    year = plan(made=wanted(PP, 365.0), supply=np.zeros((2, 8)), admitted=np.zeros((12, 8), dtype=bool))
    compounder = bench.compounder(patience_days=13.0, room_t=5.0)  # what came on day 1 leaves on day 14, not later
    compounder.begin_year(year, 0, 28 * DAY)
    row = plastic_row({"PP": (2 * TONNE, 0, 0)})
    for day, grade in ((0, "part-pp"), (1, "asr-pp"), (2, "part-pp"), (3, "part-pp"), (14, "asr-abs")):
        bench.give(day * DAY, row, grade, compounder, owner=f"day {day}")
    bench.run([28 * DAY])
    sold = [(second, grade, owner) for second, _, kind, grade, owner, _ in births(bench) if kind == "recyclate_left"]
    assert sold == [
        (7 * DAY, "part-pp", "day 3"), (7 * DAY, "part-pp", "day 2"), (14 * DAY, "part-pp", "day 0"),
        (14 * DAY, "asr-pp", "day 1"), (28 * DAY - 1, "asr-abs", "day 14"),
    ]  # fmt: skip
    assert compounder.exported[0] == (7 * DAY, "part-pp", 2 * TONNE)
    assert (
        account(bench, SINK, "recyclate_export")[:COUNT].sum() == 10 * TONNE == sum(m for *_, m in compounder.exported)
    )
    assert (compounder.inside, compounder.left) == (0, 5)
    assert laws(bench).passed


def test_room_is_filled_before_anything_is_exported():
    bench = Bench()
    compounder = bench.compounder(room_t=4.0)
    compounder.begin_year(plan(admitted=np.zeros((12, 8), dtype=bool)), 0, 14 * DAY)
    for day in range(3):
        bench.give(day * DAY, plastic_row({"PP": (2 * TONNE, 0, 0)}), "part-pp", compounder)
    bench.run([14 * DAY])
    assert [came for _, came in compounder.lying[0]] == [0, DAY]


def test_pellets_from_outside_come_in_evenly_and_add_up():
    border = np.zeros((4, COUNT))
    border[0, own_pairs("PP")] = [3.3333333333, 0.2, 0.1]
    border[3, own_pairs("ABS")] = [1.0, 0.0, 0.0]
    bench = Bench()
    compounder = bench.compounder()
    compounder.begin_year(plan(), 0, YEAR, border)
    bench.run([YEAR])
    came = account(bench, SOURCE, "from_elsewhere")
    assert came[own_pairs("PP")].tolist() == [3_333_333_333, 200_000_000, 100_000_000]
    assert came[own_pairs("ABS")].tolist() == [TONNE, 0, 0]
    assert came[POST_ELV] == came[:COUNT].sum()
    assert compounder.came == 2 * 53
    assert laws(bench).passed


def test_years_follow_each_other_with_plans_of_their_own():
    bench = Bench()
    compounder = bench.compounder(clearing_days=30)
    compounder.begin_year(plan(made=wanted(PP, 10.0)), 0, YEAR)
    compounder.begin_year(plan(made=wanted(PPT, 20.0)), YEAR, 2 * YEAR)
    bench.run([YEAR, 2 * YEAR])
    assert {(one.polymer, one.second < YEAR) for one in compounder.campaigns} == {("PP", True), ("PP-T", False)}
    assert sum(one.made for one in compounder.campaigns) == 30 * TONNE


def test_another_compounder_changes_nothing_here():
    alone, here = random_run(5)
    alone.run([YEAR])
    other, there = random_run(5)
    second = other.compounder(site=1)
    second.begin_year(plan(), 0, YEAR)
    other.give(9, plastic_row({"PP": (TONNE, 0, 0)}), "part-pp", second)
    other.run([YEAR])
    assert there.campaigns == here.campaigns
    assert second.campaigns


def test_a_run_continued_from_a_checkpoint_writes_the_same_bytes(tmp_path, monkeypatch):
    ends = [YEAR // 4, YEAR // 2]
    whole, _ = random_run(11, 20, tmp_path / "whole", clearing_days=30, patience_days=60.0)
    whole.run(ends)
    half, _ = random_run(11, 20, tmp_path / "half", clearing_days=30, patience_days=60.0)
    half.ends = tuple(ends)
    stopped = Simulation._save

    class StoppedError(Exception):
        pass

    def save_and_stop(self):
        stopped(self)
        raise StoppedError

    monkeypatch.setattr(Simulation, "_save", save_and_stop)
    with pytest.raises(StoppedError):
        half.run(save=True)
    monkeypatch.undo()
    again = resume(tmp_path / "half")
    assert again.clock.now == ends[0]
    again.run()
    assert laws(again).passed
    tables = [
        {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}
        for folder in (tmp_path / "whole", tmp_path / "half")
    ]
    assert tables[0] == tables[1]
    assert again.facility("compounder Aichi").campaigns == whole.facility("compounder Aichi").campaigns


def test_a_load_of_another_grade_is_refused():
    bench = Bench()
    compounder = bench.compounder()
    bench.give(0, plastic_row({"PP": (1, 0, 0)}), "use-pp", compounder)
    with pytest.raises(InputError) as caught:
        bench.run([1])
    assert caught.value.faults[0].code == "name_unknown"


def test_what_was_blended_and_not_compounded_is_found():
    bench, _ = random_run(1, 20)
    bench.run([YEAR])
    assert blend_law(bench).worst == 0.0
    account(bench, SINK, BLENDED)[own_pairs("PP")[1]] += 3
    found = blend_law(bench)
    assert (found.worst, found.where) == (3.0, "filler")


def test_kinds_and_accounts_are_named_once():
    assert not set(compounding.FLOWS) & set(pelletising.FLOWS)
    assert set(compounding.FROM_OWNER) <= set(compounding.FLOWS)
    for kind, sink in compounding.LOSSES | pelletising.LOSSES:
        assert kind in {*compounding.FLOWS, pelletising.PELLET}
        assert sink in {*compounding.SINKS, *pelletising.SINKS}
