"""The hindcast meets what it promises, fits on what it may, and its page says what it does."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cesim.run import hindcast
from cesim.run.hindcast import (
    PARAMETERS,
    Hindcast,
    chosen_values,
    export_level,
    fit,
    fit_points,
    hindcast_parameters,
    hold_out_points,
    is_bev,
    is_hev,
    scores,
    third_exit_residual,
)
from cesim.run.hindcast_facts import (
    ELV_TAKEN_IN,
    HEV_ELV,
    IN_USE,
    READ,
    USE_YEARS,
    USED_EXPORTS,
    VEHICLES,
    YEARS,
    sales_by_vehicle,
    total_sales,
)
from cesim.run.hindcast_page import hindcast_page

PAGE = Path(__file__).parents[2] / "docs" / "hindcast.md"


@pytest.fixture(scope="module")
def result() -> Hindcast:
    return Hindcast.of(chosen_values())


def test_the_fit_sees_five_read_counts_up_to_fy2015_and_no_others() -> None:
    assert [(o.label, o.value) for o in fit_points()] == [
        ("FY2009", 3_917_000),
        ("FY2013", 3_432_000),
        ("FY2014", 3_331_901),
        ("FY2015", 3_156_459),
        ("CY2015", 3_205_783),
    ]
    held = {o.label for o in hold_out_points()}
    assert held == {"FY2017", "CY2017", "FY2018", "FY2021", "FY2022", "FY2023", "CY2024"}


def test_held_out_and_unverified_counts_do_not_reach_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = fit(chosen_values(), rounds=3)
    others = tuple(o if o in fit_points() else replace(o, value=0.5 * o.value) for o in ELV_TAKEN_IN)
    monkeypatch.setattr(hindcast, "ELV_TAKEN_IN", others)
    assert fit(chosen_values(), rounds=3) == honest


def test_exports_after_2017_do_not_reach_the_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    honest, level = fit(chosen_values(), rounds=3), export_level()
    others = tuple(replace(o, value=2.0 * o.value) if o.year > 2017 else o for o in USED_EXPORTS)
    monkeypatch.setattr(hindcast, "USED_EXPORTS", others)
    assert fit(chosen_values(), rounds=3) == honest
    assert np.array_equal(export_level(), level)


def test_the_parameters_kept_are_those_the_fit_finds() -> None:
    start = {**chosen_values(), "life_scale": 15.0, "export_rate": 0.03, "export_factor_hev": 1.0}
    found = fit(start, rounds=15)
    assert found == pytest.approx(chosen_values(), rel=1e-3)


def test_at_most_four_numbers_are_fitted_or_set() -> None:
    moved = [p for p in PARAMETERS.values() if p.status in (hindcast.FITTED, hindcast.SET)]
    assert len(moved) == 4
    assert sum(p.status == hindcast.FITTED for p in moved) == 1


def test_every_parameter_has_a_range_around_it_and_a_source() -> None:
    for name, parameter in hindcast_parameters().items():
        assert parameter.low < parameter.value < parameter.high, name
        assert parameter.source, name


def test_computed_parameters_are_what_their_figures_give() -> None:
    growth = np.log(USE_YEARS[2014] / USE_YEARS[2005]) / 9
    assert PARAMETERS["lifetime_growth"].value == pytest.approx(growth, abs=5e-4)
    assert PARAMETERS["other_rate"].value == pytest.approx(third_exit_residual(), abs=5e-5)


@pytest.mark.parametrize("with_calendar_years", [True, False])
def test_held_out_counts_are_met_and_better_than_a_line_or_the_last_value(
    result: Hindcast, with_calendar_years: bool
) -> None:
    points = tuple(o for o in hold_out_points() if o.fiscal or with_calendar_years)
    model, line, last = scores(result, points)
    assert model.mean_absolute <= 0.06
    assert abs(model.bias) <= 0.03
    assert model.mean_absolute < min(line.mean_absolute, last.mean_absolute)


def test_the_stock_stays_within_two_percent_of_every_figure_read(result: Hindcast) -> None:
    for o in IN_USE:
        if o.status == READ:
            assert result.in_fiscal_year("stock", o.year) == pytest.approx(o.value, rel=0.02), o.label


def test_the_mean_age_of_elvs_is_within_a_year_of_the_figure_read(result: Hindcast) -> None:
    assert abs(result.elv_age(2019) - 15.6) <= 1.0


def test_hybrid_elvs_are_within_a_factor_of_one_and_a_half_only_with_exports(result: Hindcast) -> None:
    without = Hindcast.of(chosen_values(), hev_export=False)
    for year in (2017, 2018, 2019):
        model = result.in_fiscal_year("scrap", year, is_hev)
        for observed in HEV_ELV[year]:
            assert observed / 1.5 <= model <= observed * 1.5
        assert without.in_fiscal_year("scrap", year, is_hev) > 1.3 * model
        assert without.calendar("export", year, is_hev) == 0.0


def test_set_exports_meet_their_counts(result: Hindcast) -> None:
    assert result.calendar("export", 2008) == pytest.approx(1_347_000, rel=2e-3)
    assert result.calendar("export", 2017, is_hev) == pytest.approx(122_987, rel=2e-3)
    assert result.calendar("export", 2017, is_bev) == pytest.approx(4_029, rel=2e-3)


def test_sales_by_vehicle_add_up_to_all_sales() -> None:
    sales = sales_by_vehicle()
    assert sales.shape == (YEARS.size, len(VEHICLES))
    assert np.all(sales >= 0.0)
    np.testing.assert_allclose(sales.sum(axis=1), total_sales(), rtol=1e-12)


def test_the_page_is_what_the_code_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == hindcast_page()


def test_the_summary_of_the_page_is_in_the_language_asked_for() -> None:
    ja, en = hindcast_page("ja"), hindcast_page("en")
    assert "**要約**" in ja
    assert "**Summary**" in en
    assert en.isascii()
    assert ja.partition("## Method")[2] == en.partition("## Method")[2]
