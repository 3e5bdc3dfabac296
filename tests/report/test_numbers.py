"""Numbers in words: units, thousands, signs."""

import pytest

from cesim.report.numbers import plain, write, write_difference, write_range
from cesim.report.words import Words

JA, EN = Words("ja"), Words("en")


@pytest.mark.parametrize(
    ("value", "unit", "ja", "en"),
    [
        (0.18849, "share", "18.8 %", "18.8 %"),
        (9412.3, "t", "9,410 トン", "9,410 t"),
        (15432.0, "t", "15.4 千トン", "15,400 t"),
        (0.0, "t", "0 トン", "0 t"),
        (-0.00001, "share", "0.0 %", "0.0 %"),
        (-0.034, "share", "−3.4 %", "−3.4 %"),
        (46.02, "kt", "46.0 千トン", "46.0 kt"),
        (1_940_000, "t CO2e", "1,940 千トンCO2e", "1,940,000 t CO2e"),
        (22900, "JPY/vehicle", "22,900 円/台", "22,900 yen/vehicle"),
        (374_000, "vehicles", "374,000 台", "374,000 vehicles"),
        (0.00123456, "kg", "0.00123 kg", "0.00123 kg"),
    ],
)
def test_write(value, unit, ja, en):
    assert write(value, unit, JA) == ja
    assert write(value, unit, EN) == en


def test_both_ends_of_a_range_share_a_scale():
    assert write_range(8260, 16500, "t", JA) == "8.26 – 16.5 千トン"
    assert write_range(7220, 12400, "t", JA, 9410) == "7,220 – 12,400 トン"


def test_a_difference_of_shares_is_in_points():
    assert write_difference(-0.032, "share", EN) == "3.2 points"
    assert write_difference(-320.0, "t", EN) == "320 t"


def test_numbers_that_are_none_are_refused():
    with pytest.raises(ValueError, match="not a finite number"):
        write(float("nan"), "share", EN)


def test_inputs_are_written_as_given():
    assert [plain(None), plain(float("nan")), plain(0.25), plain("x")] == ["", "", "0.25", "x"]
