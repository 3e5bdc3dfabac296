"""What a terminal says of a trace."""

import re
from dataclasses import replace

import made_up_trace as made
import pytest

from cesim.cli.columns import table
from cesim.report.terminal import columns_of
from cesim.report.trace.columns import TABLES
from cesim.report.trace_terminal import summary, table_lines


@pytest.mark.parametrize("kind", ["worked", "known", "imported", "empty", "bare"])
def test_the_summary_is_short_and_has_no_raw_keys(traces, lang, kind):
    text = summary(traces[kind], lang)
    lines = text.splitlines()
    assert 4 <= len(lines) <= 16
    assert re.findall(r"[{}]|\btrace\.|\b(?:nan|None|inf)\b", text) == []
    assert text.endswith("\n")


def test_every_product_and_law_has_its_line(traces, lang):
    lines = summary(traces["known"], lang).splitlines()
    held = [line for line in lines if line.startswith("  ") and "%" in line]
    assert len(held) == 4
    for line, pair in zip(held, made.SHARES, strict=True):
        claimed, provable, possible, true = made.SHARES[pair]
        low, high = made.BUDGET[pair]
        numbers = re.findall(r"[\d.]+", line.split("）" if lang == "ja" else ")")[1])
        assert [float(one) for one in numbers] == pytest.approx(
            [round(100 * one, 1) for one in (claimed, provable, possible, low, high, true)], abs=0.051
        )
    ends = {columns_of(line) for line in held}
    assert len(ends) == 1  # numbers stand under one another
    assert "4,321" in "".join(lines)


def test_a_pilot_has_no_truth_and_no_hypotheses_of_habits(traces, lang):
    text = summary(traces["imported"], lang)
    assert {"ja": "実際のことは誰にも分からない", "en": "nobody knows the truth"}[lang] in text
    assert {"ja": "すべて仮説", "en": "is a hypothesis: no count"}[lang] not in text
    assert {"ja": "次に", "en": "next"}[lang] not in text
    assert {"ja": "すべて仮説", "en": "is a hypothesis: no count"}[lang] in summary(traces["known"], lang)


def test_what_is_not_provable_stands_in_its_column(traces, lang):
    trace = traces["known"]
    budget = trace.tables["budget"].assign(is_proved=False, reason="more_wrong_than_budgeted")
    text = summary(replace(trace, tables={**trace.tables, "budget": budget}), lang)
    assert text.count({"ja": "証明できない", "en": "not provable"}[lang]) == 4


@pytest.mark.parametrize("what", sorted(TABLES))
@pytest.mark.parametrize("kind", ["worked", "known", "imported", "empty"])
def test_tables_are_rows_with_headings(traces, lang, what, kind):
    rows, columns = table_lines(traces[kind], what, lang)
    assert len({key for key, _ in columns}) == len(columns)
    assert all(title for _, title in columns)
    assert all(set(row) == {key for key, _ in columns} for row in rows)
    assert all(isinstance(value, str) for row in rows for value in row.values())
    if kind == "known":
        assert len(rows) == len(traces[kind].tables[what])
    if kind == "empty":
        assert rows == []
    told = table(rows, columns).splitlines()
    assert len(told) == len(rows) + 1
    assert max(columns_of(line) for line in told) <= 200


def test_numbers_of_a_table_stand_to_the_right(traces, lang):
    rows, _ = table_lines(traces["known"], "claims", lang)
    assert len({columns_of(row["claimed"]) for row in rows}) == 1
    assert {row["claimed"].strip() for row in rows} == {"0.0 %", "3.0 %", "9.0 %", "11.0 %", "15.0 %"}
    assert rows[0]["product"] == {"ja": "6000系", "en": "6000-series"}[lang]
