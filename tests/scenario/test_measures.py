"""The catalogue of measures and the action plan of chubu-2035: what was read first, then what the plan must come to."""

import numpy as np
import pytest

from cesim.quantities import KeyedSource
from cesim.run.prepared import prepare
from cesim.scenario import open_scenario
from cesim.scenario.effects import AS_WRITTEN, at, in_effect
from cesim.scenario.load import load
from cesim.scenario.model import Scenario

H1, PLASTICS = "h1_horizontal_rate_6xxx", "recycled_plastics_sustainable"
PLAN = open_scenario("chubu-2035").scenario
MEASURES = PLAN.plan.measures

# what the model of 2035 was built with, before measures came to carry it: best estimate, 5 and 95 %
LEVELS_OF_2035 = {
    "parts.hood.taken": (0.70, 0.45, 0.85),
    "parts.doors_and_fenders.taken": (0.45, 0.22, 0.68),
    "parts.back_door.taken": (0.60, 0.35, 0.80),
    "parts.bumper_beams.taken": (0.65, 0.40, 0.85),
    "parts.chassis.taken": (0.30, 0.14, 0.50),
    "parts.battery_case.taken": (0.5, 0.3, 0.7),
    "parts.bumpers.taken": (0.60, 0.35, 0.80),
    "parts.underbody.taken": (0.40, 0.20, 0.62),
    "parts.interior_trims.taken": (0.45, 0.22, 0.66),
    "parts.instrument_panel.taken": (0.15, 0.06, 0.30),
    "parts.fuel_tank.taken": (0.3, 0.14, 0.5),
    "dismantling.identified": (0.80, 0.60, 0.92),
    "dismantling.accuracy": (0.95, 0.88, 0.985),
    "sorting.share": (0.50, 0.25, 0.72),
    "residue.sorted": (0.30, 0.14, 0.50),
    "remelting.alloys.6016.approved": (0.20, 0.09, 0.36),
    "remelting.alloys.6022.approved": (0.20, 0.09, 0.36),
    "remelting.alloys.6111.approved": (0.20, 0.09, 0.36),
    "remelting.alloys.6061.approved": (0.25, 0.12, 0.42),
    "remelting.alloys.6063.approved": (0.40, 0.22, 0.60),
    "remelting.alloys.6016.segregated": (0.80, 0.65, 0.90),
    "compounding.cap.PP": (0.30, 0.19, 0.42),
    "compounding.cap.PP-T": (0.26, 0.16, 0.38),
    "compounding.cap.PE": (0.15, 0.06, 0.28),
    "compounding.cap.ABS": (0.20, 0.10, 0.33),
    "compounding.recyclates.use-pp.supply": (6000, 3000, 10000),
    "compounding.recyclates.appliance-pp.supply": (20000, 10000, 34000),
    "compounding.recyclates.appliance-abs.supply": (6000, 3000, 10000),
    "compounding.recyclates.packaging-po.supply": (25000, 10000, 45000),
    "compounding.recyclates.industrial-pp.supply": (25000, 15000, 38000),
    "compounding.recyclates.chemical-pp.supply": (8000, 2000, 18000),
    "compounding.recyclates.bio-pp.supply": (8000, 3000, 16000),
    "facilities.sorting.capacity": (22, 11, 38),
    "facilities.residue.capacity": (55, 25, 90),
    "facilities.casthouses.melting.sheet": (600, 400, 900),
    "facilities.knowledge.coverage": (0.70, 0.45, 0.88),
    "reporting.roles.dismantler.coverage": (0.70, 0.45, 0.88),
    "reporting.roles.shredder.coverage": (0.80, 0.6, 0.93),
    "reporting.roles.elsewhere.coverage": (0.5, 0.25, 0.75),
    "reporting.roles.scrap_trader.coverage": (0.4, 0.15, 0.7),
    "reporting.roles.pelletiser.coverage": (0.85, 0.65, 0.95),
    "reporting.roles.recyclate_supplier.coverage": (0.8, 0.55, 0.93),
}
LATER = {
    ("parts.battery_case.taken", 2050): 0.8,
    ("remelting.alloys.6016.approved", 2050): 0.4,
    ("remelting.alloys.6061.approved", 2050): 0.45,
    ("remelting.alloys.6063.approved", 2050): 0.6,
    ("compounding.cap.PP", 2040): 0.35,
    ("compounding.cap.PP-T", 2040): 0.32,
    ("compounding.recyclates.packaging-po.supply", 2040): 40000,
    ("compounding.recyclates.chemical-pp.supply", 2040): 15000,
}


def without_any():
    return in_effect(PLAN, {})


def value(scenario, path, year):
    return float(at(scenario, path.split(".")).best([year])[0])


def test_subsidies_are_those_of_the_schemes_that_were_read():
    rates = [one.subsidy.rate for one in MEASURES.values() if one.subsidy is not None]
    assert {round(1 / rate.value, 2) for rate in rates} == {2.0, 3.0, 1.5}
    assert all(rate.status == "read" and rate.source for rate in rates)


def test_a_furnace_for_painted_scrap_costs_what_aludium_paid():
    euro_per_tonne_a_year, yen_per_euro = 20e6 / 55_000, 160
    more = value(PLAN, "facilities.casthouses.melting.sheet", 2040) - 450
    assert MEASURES["sheet_casthouse"].investment.value == pytest.approx(
        more * 365 * euro_per_tonne_a_year * yen_per_euro, rel=0.05
    )


def test_lines_for_sorting_cost_between_what_was_planned_and_what_was_raised_at_sortera():
    hours = (17 - 8) * 6 * 52
    added = (value(PLAN, "facilities.sorting.capacity", 2040) - 3) * hours
    per_tonne = MEASURES["libs_shared"].investment.value / added / 150
    assert 306 < per_tonne < 992


def test_every_pillar_and_material_is_covered():
    assert len(MEASURES) >= 28
    assert {one.pillar for one in MEASURES.values()} == {"design", "chain", "making"}
    assert {one.material for one in MEASURES.values()} == {"aluminium", "plastics", "vehicles"}
    assert {one.horizon for one in MEASURES.values()} == {"short", "mid", "long"}
    for names in ([one.name.ja for one in MEASURES.values()], [one.name.en for one in MEASURES.values()]):
        assert len(set(names)) == len(names)
    assert all(len(one.name.ja) <= 24 for one in MEASURES.values())


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_says_what_it_is_where_from_and_how_sure(name):
    one = MEASURES[name]
    assert one.summary.ja.endswith("。")
    assert one.summary.en.endswith(".")
    assert one.source.startswith("place-holder") is not one.published
    spent = [money for money in (one.investment, one.running) if money.value > 0]
    for number in (*spent, *(change.amount for change in one.changes.values())):
        assert number.low < number.value < number.high
        assert number.status in ("estimate", "unverified", "read")
    assert any(money.note for money in spent)


@pytest.mark.parametrize("name", MEASURES)
def test_with_what_it_needs_a_measure_moves_everything_it_says_it_changes(name):
    plan = PLAN.plan
    built = plan.builds_on(name)
    beside, with_it = (in_effect(PLAN, dict.fromkeys(chosen, AS_WRITTEN)) for chosen in (built, {*built, name}))
    last = PLAN.years.end
    for change in plan.measures[name].changes.values():
        assert value(beside, change.path, last) != value(with_it, change.path, last)


@pytest.mark.parametrize("path", LEVELS_OF_2035)
def test_together_they_make_the_levels_of_2035(path):
    best, low, high = LEVELS_OF_2035[path]
    held = at(PLAN, path.split("."))
    assert held.best([2035])[0] == pytest.approx(best, rel=0.002)
    drawn = held.draw([2035], KeyedSource(1), path, 0, 4000)[:, 0]
    reached = np.quantile(drawn, [0.05, 0.95])
    assert reached == pytest.approx([low, high], rel=0.08, abs=0.02)


@pytest.mark.parametrize(("path", "year"), LATER)
def test_what_goes_on_later_builds_on_them(path, year):
    assert value(PLAN, path, year) == pytest.approx(LATER[path, year], rel=0.001)


def test_what_is_adopted_has_what_it_needs_and_only_one_way_of_sorting():
    plan = PLAN.plan
    assert plan.active(plan.adopted) == set(plan.adopted)
    assert plan.rivals("libs_shared") == {"libs_in_house"}
    assert len({"libs_shared", "libs_in_house"} & set(plan.adopted)) == 1


def test_without_measures_works_and_records_are_those_of_today():
    today, bare = open_scenario("chubu-baseline").scenario, without_any()
    for path in ("facilities.sorting.capacity", "facilities.residue.capacity", "facilities.casthouses.melting.sheet"):
        assert value(bare, path, 2040) == value(today, path, 2040)
    assert value(bare, "facilities.knowledge.coverage", 2040) == 0
    assert value(bare, "reporting.roles.shredder.coverage", 2040) == 0


def test_the_catalogue_fits_any_baseline(tmp_path):
    for base in ("japan-baseline", "tutorial"):
        file = tmp_path / f"on-{base}.yaml"
        file.write_text(f"extends: [{base}, library/measures]\nname: {{ja: 試し, en: trial}}\n", encoding="utf-8")
        assert load(file, Scenario).scenario.plan.adopted == ()


@pytest.fixture(scope="module")
def ready():
    with prepare("chubu-2035", draws=2, seed=3, workers=1) as prepared:
        yield prepared


def test_without_measures_the_balance_is_that_of_the_baseline_to_the_last_bit(ready):
    with prepare("chubu-baseline", draws=2, seed=3, workers=1) as today:
        assert np.array_equal(ready.evaluate({"plan.adopted": []}).values, today.base.values, equal_nan=True)


def best(ready, indicator, adopted, year=2035):
    return float(ready.evaluate({"plan.adopted": adopted}).lanes(indicator, "chubu", year)[0])


def test_sorting_and_standards_are_worth_more_together(ready):
    nothing, lines, standard, both = (
        best(ready, H1, chosen)
        for chosen in ([], ["libs_shared"], ["joint_standard"], ["libs_shared", "joint_standard"])
    )
    assert both - nothing > 1.3 * (lines - nothing + standard - nothing)


def test_records_bring_nothing_to_parts_that_nobody_takes_off(ready):
    nothing, known = (best(ready, H1, chosen) for chosen in ([], ["cmp_makers", "rmp_dismantlers"]))
    assert known == pytest.approx(nothing, abs=0.002)
    assert best(ready, H1, ["rmp_dismantlers"]) == nothing


def test_approved_shares_bring_nothing_without_recyclate_to_fill_them(ready):
    caps = ["recycled_grades_in_drawings", "recyclate_tests", "compounding_lines", "aggregation_hubs"]
    supply = ["appliances_to_car", "packaging_to_car"]
    nothing, room, offer, both = (best(ready, PLASTICS, chosen) for chosen in ([], caps, supply, caps + supply))
    assert both - nothing > 1.1 * (room - nothing + offer - nothing)
