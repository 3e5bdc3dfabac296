"""Strips, colours and scales: nothing outside its picture, nothing that cannot be read."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.report.casthouse.colours import ALLOY, GRADE, NOTHING, SUPPLY, even, ink_on
from cesim.report.casthouse.design_figures import binding_told
from cesim.report.casthouse.information import level_name
from cesim.report.casthouse.tracks import WIDE, Axis, Mark, Row, axis_of, rows_of
from cesim.report.casthouse.writing import Writer

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.lists(NUMBERS, max_size=6))
def test_a_scale_holds_zero_and_every_value(values):
    axis = axis_of(values)
    rounding = 1e-8 * (axis.high - axis.low)
    for value in (0.0, *values):
        assert axis.low - rounding <= value <= axis.high + rounding
    ticks = [at for at, _ in axis.ticks]
    assert ticks == sorted(ticks)
    assert 2 <= len(ticks) <= 12
    assert len({text for _, text in axis.ticks}) == len(ticks)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4))
def test_marks_stay_in_the_strip(ends):
    axis = axis_of([ends[0][0], ends[0][1]])
    marks = tuple(Mark("bar", "k-main", low, high) for low, high in ends)
    for x, width in re.findall(
        r'<rect class="k-main" x="([-0-9.]+)" y="4" width="([0-9.]+)"', rows_of([Row("a", marks, "")], axis)
    ):
        assert 0.0 <= float(x) <= float(x) + float(width) <= WIDE + 1.0


def test_bars_are_as_long_as_their_numbers():
    axis = Axis(0.0, 10.0)
    marks = [Row("a", (Mark("bar", "k-main", 0.0, value),), "") for value in (2.0, 4.0, 8.0)]
    found = [float(width) for width in re.findall(r'width="([0-9.]+)"', rows_of(marks, axis))]
    assert found == pytest.approx([found[0], 2 * found[0], 4 * found[0]], abs=0.2)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, contrast ratio of two colours."""

    def light(colour: str) -> float:
        full = colour if len(colour) == 7 else "#" + "".join(2 * sign for sign in colour[1:])
        parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        line = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], line))

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [GRADE, SUPPLY, NOTHING, *ALLOY, *(even(at / 40) for at in range(41))])
def test_letters_on_a_field_can_be_read(colour):
    assert contrast(colour, ink_on(colour)) >= 4.5


@pytest.mark.parametrize(
    ("letters", "field"),
    [
        ("#fff", "#0a7f5c"),
        ("#10181f", "#e0a93b"),
        ("#10181f", "#a3acb8"),
        ("#10181f", "#56a8dc"),
        ("#5a6672", "#ffffff"),
    ],
)
def test_letters_on_a_bar_can_be_read(letters, field):
    assert contrast(letters, field) >= 4.5


def test_the_even_scale_grows_lighter_all_the_way():
    light = [contrast(even(at / 50), "#000000") for at in range(51)]
    assert (np.diff(light) > 0).all()


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.3571, "share", "35.7 %"), (0.0005, "risk", "0.0500 %"), (0.00283, "wt", "0.283 wt%"),
        (360_423.4, "jpy_t", "360,423 JPY/t"), (float("nan"), "share", "—"),
        (16_300_000.0, "jpy_year", "16.3 million JPY/year"),
    ],
)  # fmt: skip
def test_numbers_are_written_by_unit(value, unit, told):
    assert Writer("en").full(value, unit) == told


@pytest.mark.parametrize(
    ("name", "ja", "en"),
    [
        ("Mg min", "Mg 下限", "Mg min"), ("others total", "その他合計", "others, total"),
        ("Ni (others each)", "Ni（その他・個別）", "Ni (others, each)"), ("free_iron", "付着鉄", "free iron"),
        ("Mn+Cr", "Mn+Cr", "Mn+Cr"),
    ],
)  # fmt: skip
def test_limits_are_called_as_people_call_them(name, ja, en):
    assert (Writer("ja").limit(name), Writer("en").limit(name)) == (ja, en)


@pytest.mark.parametrize(
    ("binding", "ja", "en"),
    [
        ("alloy Mg min", "合金規格の Mg 下限", "Mg min of the alloy"),
        ("supply", "供給（来たものはすべて使う）", "the supply (all that comes is used)"),
        ("no charge: Fe, Mg min", "配合なし：Fe、Mg 下限 を守れない", "no charge: Fe, Mg min cannot be kept"),
        ("no charge: ", "配合なし", "no charge"),
    ],
)
def test_what_binds_is_told_in_words(binding, ja, en):
    assert (binding_told(binding, Writer("ja")), binding_told(binding, Writer("en"))) == (ja, en)


@pytest.mark.parametrize(
    ("name", "ja", "en"),
    [
        ("record 0.95", "由来の記録（95 %正しい）", "record of origin, 95 % right"),
        ("record 0.9 + assay", "由来の記録（90 %正しい）と分析", "record of origin, 90 % right, and assay"),
        ("LIBS", "LIBS選別", "LIBS sorting"),
        ("record of my own", "record of my own", "record of my own"),
    ],
)
def test_levels_of_knowledge_are_called_in_words(name, ja, en):
    assert (level_name(name, Writer("ja")), level_name(name, Writer("en"))) == (ja, en)
