"""Which element is the limit: shares by tonnes melted, and supply where no element binds."""

import pytest

from cesim.report.limits import limits
from cesim.report.page import render
from cesim.report.words import Words


def test_the_most_frequent_element_is_named(tables):
    found = limits(tables)
    assert list(found) == ["6016", "6061"]
    sheet = found["6016"][2035]
    assert (sheet.element, sheet.share, sheet.unbound) == ("Cu", pytest.approx(0.6), pytest.approx(0.1))
    assert sheet.others == pytest.approx(0.3)
    assert not sheet.is_supply


def test_supply_limits_where_no_element_does(tables, indicators, lang):
    limit = limits(tables)["6061"][2035]
    assert limit.element == ""
    assert limit.is_supply
    assert Words(lang)("limit.none") in render(tables, lang, indicators)


def test_shares_are_weighted_by_tonnes_melted(real_tables):
    found = limits(real_tables)
    assert found
    table = real_tables.limits
    for alloy, by_year in found.items():
        for year, limit in by_year.items():
            rows = table[(table["alloy"] == alloy) & (table["year"] == year) & (table["region"] == "east")]
            held = rows.set_index("element")["share_of_draws"]  # one region melts: its shares stand as they are
            assert limit.unbound == pytest.approx(held.get("none", 0.0))
            assert limit.share == pytest.approx(held.drop("none", errors="ignore").max() if limit.element else 0.0)
