"""Figures copied by hand from the sources, so that a slip in the conversion shows."""

import re

import pytest

from cesim.data import lookup, rows, series

FACTS = [
    # key, year, region, value, unit, status
    ("vehicles.elv_taken_in", "FY2014", None, 3_331_901, "vehicles", "read"),
    ("vehicles.elv_taken_in", "FY2023", "japan", 2_726_000, "vehicles", "read"),
    ("vehicles.elv_taken_in", "2024", None, 2_608_000, "vehicles", "read"),
    ("vehicles.new_sales", "1990", None, 7_777_493, "vehicles", "unverified"),
    ("vehicles.new_sales", "2014", None, 5_562_887, "vehicles", "read"),
    ("vehicles.new_sales", "1970", None, 4_100_000, "vehicles", "estimate"),
    ("vehicles.new_sales.kei", "2010", None, 1_726_000, "vehicles", "read"),
    ("vehicles.new_sales.kei", "2014", None, 2_272_789, "vehicles", "read"),
    ("vehicles.new_sales.kei", "1965", None, 450_000, "vehicles", "estimate"),
    ("vehicles.new_sales.hev", "2012", None, 888_000, "vehicles", "unverified"),
    ("vehicles.new_sales.phev", "2023", None, 52_143, "vehicles", "read"),
    ("vehicles.production", "2022", None, 7_835_519, "vehicles", "read"),
    ("vehicles.in_use", "FY2019", None, 78_150_000, "vehicles", "read"),
    ("vehicles.used_exports", "2023", None, 1_543_000, "vehicles", "read"),
    ("vehicles.billy.stock", "2035", None, 83_050_000, "vehicles", "read"),
    ("vehicles.lifetime.mean.billy.low", "2030", None, 11, "years", "read"),
    ("vehicles.lifetime.mean.billy.high", "2030", None, 15, "years", "read"),
    ("vehicles.lifetime.weibull_shape.all_exits", None, None, 3.4, "factor", "read"),
    ("vehicles.lifetime.weibull_scale.elv_only", None, None, 17.36, "years", "read"),
    ("vehicles.elv_share.kei", "FY2023", None, 0.492, "share", "read"),
    ("al.per_vehicle.wrought.billy", "2020", None, 69.81, "kg/vehicle", "read"),
    ("al.per_vehicle.total.billy.high", "2050", None, 329.4, "kg/vehicle", "read"),
    ("al.per_vehicle.6xxx", "2024", None, 15, "kg/vehicle", "unverified"),
    ("al.per_vehicle.wrought_gross", "2022", None, 37.6, "kg/vehicle", "read"),
    ("al.part.hood.minutes", None, None, 5, "min", "unverified"),
    ("al.part.battery_case.mass", None, None, 45, "kg/vehicle", "unverified"),
    ("al.melt_loss.press_scrap", None, None, 0.015, "kg/kg", "unverified"),
    ("al.libs.purity.elv", None, None, 0.86, "share", "read"),
    ("al.libs.recovery.elv", None, None, 0.83, "share", "read"),
    ("al.dismantling.billy.optimistic.g4", None, None, 0.7, "share", "read"),
    ("al.alloy_sorting.billy.medium", "2035", None, 0.40, "share", "read"),
    ("alloys.6016.fe.max", None, None, 0.50, "wt%", "read"),
    ("alloys.6111.cu.min", None, None, 0.50, "wt%", "unverified"),
    ("alloys.7003.zn.max", None, None, 6.5, "wt%", "unverified"),
    ("scrap_grades.twitch.si.mean", None, None, 6.0, "wt%", "unverified"),
    ("scrap_grades.elv_bumper_beam.zn.sd", None, None, 2.8, "wt%", "unverified"),
    ("price.63s_clippings", "2021-10", None, 247.5, "JPY/kg", "read"),
    ("price.primary_delivered_japan", "2025", None, 415, "JPY/kg", "unverified"),
    ("co2.primary.japan_imports", None, None, 10.8, "kg CO2/kg", "read"),
    ("co2.primary.jaa", None, None, 9.24, "kg CO2/kg", "read"),
    ("co2.primary.nedo", None, None, 11.1, "kg CO2e/kg", "read"),
    ("co2.primary.iai_world", "2022", None, 15.1, "kg CO2e/kg", "read"),
    ("co2.primary.billy", "2020", None, 16.81, "kg CO2e/kg", "read"),
    ("co2.recycled_pp.dismantled", None, None, 0.32, "kg CO2e/kg", "read"),
    ("pl.share.pp", None, None, 0.5, "share", "unverified"),
    ("pl.part.front_bumper_cover.mass", None, None, 4.0, "kg/vehicle", "unverified"),
    ("pl.part.front_bumper_cover.minutes", None, None, 4, "min", "unverified"),
    ("pl.process.washing_loss", None, None, 0.05, "share", "unverified"),
    ("pl.capacity.planic.input", None, None, 40_000, "t/year", "read"),
    ("pl.capacity.planic.output", None, None, 32_000, "t/year", "read"),
    ("pl.asr.toyota.recycling_rate", "FY2016", None, 97.91, "%", "read"),
    ("pl.asr.total", "FY2019", None, 570_000, "t/year", "read"),
    ("pl.pbde.limit", "2027-12-30", None, 200, "mg/kg", "read"),
    ("sites.dismantlers.recovered_plastics", None, None, 70, "firms", "read"),
    ("sites.dismantlers.recovered_plastics.asked", None, None, 262, "firms", "read"),
    ("targets.eu_elv.recycled_plastic_step1", None, None, 0.15, "share", "read"),
    ("targets.eu_elv.recycled_plastic_step2", None, None, 0.25, "share", "read"),
    ("targets.eu_elv.closed_loop_step2", None, None, 0.05, "share", "read"),
    ("targets.moe.supply", "2035", None, 124_000, "t/year", "read"),
    ("labour.dismantler", None, None, 3000, "JPY/h", "unverified"),
    ("motors.ndfeb.dy_tb", None, None, 4.5, "wt%", "unverified"),
]

CONFLICTS = [
    (("al.wrought_share.billy", "2020"), ("al.wrought_share.shipments", "2024")),
    (("vehicles.elv_taken_in.hev", "FY2016"), ("vehicles.elv_taken_in.hev.jarc", "FY2016")),
    (("vehicles.elv_taken_in.hev", "FY2017"), ("vehicles.elv_taken_in.hev.jarc", "FY2017")),
    (("vehicles.new_sales.hev", "2018"), ("vehicles.new_sales.hev_phev", "FY2018")),
    (("vehicles.used_exports", "2024"), ("vehicles.used_exports.deregistrations", "2024")),
    (("pl.asr.combustible_share", None), ("pl.asr.combustible_share.mie", None)),
    (("pl.per_vehicle.total.yano", None), ("pl.per_vehicle.total.pwmi", None)),
    (("pl.per_vehicle.total.trade_press", None), ("pl.per_vehicle.total.moe_plan", None)),
    (("targets.eu_elv.closed_loop_share", None), ("indicators.eu_elv_recycled_plastic.formula", None)),
    (("targets.eu_elv.metals_study", None), ("targets.eu_elv.metals_study.council", None)),
    (("targets.eu_context.ghg_avoided", None), ("targets.eu_context.ghg_avoided.other_page", None)),
    (("co2.primary.jaa", None), ("co2.primary.japan_imports", None)),
    (("co2.primary.nedo", None), ("co2.primary.billy", "2020")),
]


@pytest.mark.parametrize(("key", "year", "region", "value", "unit", "status"), FACTS)
def test_a_known_figure_stands_where_it_should(key, year, region, value, unit, status):
    row = lookup(key, year, region)
    assert (row.value, row.unit, row.status) == (pytest.approx(value, rel=1e-12), unit, status)


@pytest.mark.parametrize(("one", "other"), CONFLICTS)
def test_a_conflict_is_noted_on_both_rows(one, other):
    for here, there in ((one, other), (other, one)):
        note = lookup(*here).note
        assert "conflict" in note
        assert there[0] in note


def test_every_conflict_is_told_by_the_other_row_too():
    notes: dict[str, list[str]] = {}
    for row in rows():
        notes.setdefault(row.key, []).append(row.note)
    for row in rows():
        told = re.search(r"conflict[^:]*:(.*)", row.note)
        for key in re.findall(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+", told[1] if told else ""):
            if key in notes and key != row.key:
                assert any("conflict" in note for note in notes[key]), (row.place, key)


def test_waste_plastics_of_2023_and_2024_are_not_one_series():
    assert "not one series" in lookup("pl.waste.total", 2023).note
    assert "not one series" in lookup("pl.waste.total", 2024).note


def test_place_holders_of_the_action_plan_are_labelled():
    for number in range(6, 14):
        row = lookup(f"action_plan.k{number}")
        assert row.note.startswith("place-holder")
        assert row.status == "unverified"
    assert "place-holder" not in lookup("action_plan.k5").note


@pytest.mark.parametrize("matrix", ["family", "6xxx"])
def test_confusion_rows_add_to_one_and_their_ranges_can(matrix):
    cells = [row for row in rows() if row.key.startswith(f"al.libs.confusion.{matrix}.")]
    assert len(cells) == 25
    true_classes = {row.key.split(".")[4] for row in cells}
    assert len(true_classes) == 5
    for true in true_classes:
        line = [row for row in cells if row.key.split(".")[4] == true]
        assert sum(row.value for row in line) == pytest.approx(1, abs=1e-12)
        assert sum(row.low for row in line) < 1 < sum(row.high for row in line)


def test_default_shares_of_car_plastics_add_to_one():
    parts = ["pp", "pur", "pa", "pe_hd", "pvc", "abs", "pet_pbt", "pc", "pom", "pmma", "other"]
    assert sum(lookup(f"pl.share.{part}").value for part in parts) == pytest.approx(1, abs=1e-12)


def test_alloy_minima_lie_below_maxima():
    maxima = {row.key: row.value for row in rows("alloys") if row.key.endswith(".max")}
    minima = [row for row in rows("alloys") if row.key.endswith(".min")]
    assert len(minima) > 80
    for row in minima:
        assert row.value < maxima[row.key.removesuffix("min") + "max"], row.key


def test_naphtha_rule_gives_the_printed_base_price():
    rule = lookup("price.naphtha.rule").value
    means = [row for row in rows() if row.key == "price.naphtha.import.quarter_mean"]
    assert len(means) == 7
    for row in means:
        assert round(row.value + rule, -2) == lookup("price.naphtha.domestic", row.year).value


def test_national_balance_of_2023_closes_near_the_growth_of_the_stock():
    sold = lookup("vehicles.new_sales", 2023).value
    gone = lookup("vehicles.elv_taken_in", "FY2023", "japan").value + lookup("vehicles.used_exports", 2023).value
    growth = lookup("vehicles.in_use", "FY2023").value - lookup("vehicles.in_use", "FY2022").value
    assert sold - gone == pytest.approx(growth, abs=250_000)


def test_new_sales_have_every_year_from_1970_to_2024():
    assert set(range(1970, 2025)) <= set(series("vehicles.new_sales"))
    assert set(range(1990, 2025)) <= set(series("vehicles.production"))
