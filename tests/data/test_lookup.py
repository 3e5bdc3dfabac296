import doctest

import pytest

import cesim.data
from cesim.data import DataKeyError, lookup, rows, series


def test_every_row_is_found_by_its_key_year_and_region():
    for row in rows():
        assert lookup(row.key, row.year, row.region) is row


def test_a_year_may_be_a_number_or_its_spelling():
    assert lookup("vehicles.new_sales", 2014) is lookup("vehicles.new_sales", "2014")


def test_calendar_and_fiscal_years_are_kept_apart():
    assert lookup("vehicles.elv_taken_in", 2015).value == 3_205_783
    assert lookup("vehicles.elv_taken_in", "FY2015").value == 3_156_459


def test_an_unknown_key_names_the_nearest_ones():
    with pytest.raises(DataKeyError) as caught:
        lookup("al.melt_los.press_scarp")
    assert caught.value.nearest[0] == "al.melt_loss.press_scrap"
    assert caught.value.key == "al.melt_los.press_scarp"
    assert "nearest: al.melt_loss.press_scrap" in str(caught.value)


def test_a_shortened_key_names_the_keys_below_it():
    with pytest.raises(DataKeyError) as caught:
        lookup("pl.part.front_bumper_cover")
    assert caught.value.nearest[:2] == (
        "pl.part.front_bumper_cover.mass",
        "pl.part.front_bumper_cover.minutes",
    )


def test_a_key_like_nothing_has_no_nearest():
    with pytest.raises(DataKeyError) as caught:
        lookup("?")
    assert caught.value.nearest == ()
    assert "nearest" not in str(caught.value)


def test_two_regions_are_an_error_that_lists_both():
    with pytest.raises(DataKeyError, match="fits 2 rows") as caught:
        lookup("vehicles.elv_taken_in", "FY2023")
    assert caught.value.choices == (
        "vehicles.elv_taken_in [FY2023, chubu]",
        "vehicles.elv_taken_in [FY2023, japan]",
    )
    assert lookup("vehicles.elv_taken_in", "FY2023", "chubu").value == 343_000


def test_two_years_are_an_error_that_lists_both():
    with pytest.raises(DataKeyError, match="give year or region") as caught:
        lookup("co2.primary.iai_world")
    assert caught.value.choices == (
        "co2.primary.iai_world [2021, world]",
        "co2.primary.iai_world [2022, world]",
    )


def test_a_missing_year_lists_the_years_there_are():
    with pytest.raises(DataKeyError, match=r"no row for key co2\.primary\.iai_world, year 1850; there are") as caught:
        lookup("co2.primary.iai_world", 1850)
    assert len(caught.value.choices) == 2


def test_a_data_key_error_is_a_key_error_and_reads_plainly():
    with pytest.raises(KeyError) as caught:
        lookup("nothing.here")
    assert not str(caught.value).startswith(("'", '"'))


def test_a_series_is_in_order_and_holds_calendar_years_only():
    sales = series("vehicles.new_sales")
    assert list(sales) == sorted(sales)
    assert all(row.year == str(year) for year, row in sales.items())


def test_a_fiscal_series_holds_fiscal_years_only():
    stock = series("vehicles.in_use", fiscal=True)
    assert stock[2010].value == 75_140_000
    assert all(row.year == f"FY{year}" for year, row in stock.items())


def test_a_series_over_several_regions_wants_a_region():
    with pytest.raises(DataKeyError, match="several regions"):
        series("vehicles.elv_taken_in", fiscal=True)
    assert series("vehicles.elv_taken_in", "japan", fiscal=True)[2014].value == 3_331_901


def test_a_series_without_such_years_says_what_there_is():
    with pytest.raises(DataKeyError, match="no calendar-year rows"):
        series("vehicles.in_use")
    with pytest.raises(DataKeyError, match=r"nearest: vehicles\.new_sales"):
        series("vehicles.new_sale")


def test_the_examples_in_the_docstring_hold():
    outcome = doctest.testmod(cesim.data)
    assert outcome.attempted > 0
    assert outcome.failed == 0
