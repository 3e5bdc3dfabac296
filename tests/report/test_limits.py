"""Which element is the limit: the picture, the sentences and the table say what the run found for the focus."""

import re
from dataclasses import replace

import pytest

from cesim.report.limit_bars import FOOT, HIGH, TOP, bars
from cesim.report.limits import FIRST, WORTH, elements, in_short, limits
from cesim.report.numbers import write, write_range
from cesim.report.page import render
from cesim.report.phrases import futures_phrase, limit_phrases
from cesim.report.words import Words


def section(html):
    return re.sub(r"\s+", " ", html[html.index('<section id="limits">') :].split("</section>")[0])


def test_the_most_frequent_element_is_named_with_its_worth(tables):
    found = limits(tables)
    assert list(found) == ["6016", "6061"]
    sheet = found["6016"][2035]
    assert [(bound.element, bound.share) for bound in sheet.bounds] == [("Cu", 0.6), ("Fe", 0.3)]
    assert (sheet.bounds[0].low, sheet.bounds[0].median, sheet.bounds[0].high) == (12.0, 40.0, 80.0)
    assert sheet.unbound == pytest.approx(0.1)
    assert not sheet.is_supply
    assert min(found["6016"]) == FIRST


def test_supply_limits_where_no_element_does(tables, html, lang):
    found, words = limits(tables), Words(lang)
    assert found["6061"][2035].bounds == ()
    assert found["6061"][2035].is_supply
    said = words("limit.short_supply", year=2035, alloys=words("limit.form_6061"))
    assert limit_phrases(in_short(found, 2035), 200, words)[1] == said
    assert said in section(html)


def test_the_first_sentence_tells_share_step_and_range(tables, lang):
    words = Words(lang)
    said = limit_phrases(in_short(limits(tables), 2035), 200, words)[0]
    for part in ("2035", "Cu", words("limit.form_6016"), "60", "0.01", write(40.0, "t", words)):
        assert part in said
    assert write_range(12.0, 80.0, "t", words, 40.0) in said


def test_the_best_estimate_alone_has_no_range_and_no_chance(tables, indicators, lang):
    words = Words(lang)
    first, second = limit_phrases(in_short(limits(tables), 2035), 1, words)
    assert write_range(12.0, 80.0, "t", words, 40.0) not in first
    assert "100" not in first + second
    assert second == words("limit.short_supply_single", year=2035, alloys=words("limit.form_6061"))
    alone = section(render(replace(tables, run={**tables.run, "draws": 1}), lang, indicators))
    assert write_range(12.0, 80.0, "t", words, 40.0) not in alone
    assert words("limit.binds", element="Cu", share=write(0.6, "share", words)) not in alone


@pytest.mark.parametrize(
    ("share", "draws", "key"),
    [
        (0.62, 1000, "in_count"),
        (0.004, 1000, "in_few"),
        (1.0, 1000, "in_all"),
        (0.62, 40, "in_share"),
    ],
)
def test_a_share_is_told_in_futures_where_there_are_enough(share, draws, key, lang):
    words = Words(lang)
    told = futures_phrase(share, draws, words)
    assert told == words(f"limit.{key}", count=62, share=write(share, "share", words))


def test_nearly_all_is_not_all(lang):
    words = Words(lang)
    assert futures_phrase(0.999, 1000, words) == words("limit.in_count", count=99)


def test_bars_are_as_high_as_the_shares(tables, lang):
    by_year = limits(tables)["6016"]
    drawn = bars(by_year, elements(limits(tables)), Words(lang))
    for element, share in (("Cu", 0.6), ("Fe", 0.3), ("none", 0.1)):
        heights = [float(h) for h in re.findall(rf'class="e-{element}"[^>]* height="([\d.]+)"', drawn)]
        assert len(heights) == len(by_year)
        assert heights == pytest.approx([share * (HIGH - FOOT - TOP)] * len(by_year), abs=0.06)


def test_a_real_run_is_told_as_it_stands_in_its_table(real_tables):
    found = limits(real_tables)
    table = real_tables.limits[real_tables.limits["region"] == real_tables.focus]
    assert found
    for alloy, by_year in found.items():
        for year, limit in by_year.items():
            rows = table[(table["alloy"] == alloy) & (table["year"] == year)].set_index("element")
            shares = rows["share_of_draws"]
            assert limit.unbound == pytest.approx(shares.get("none", 0.0))
            assert sum(bound.share for bound in limit.bounds) + limit.unbound == pytest.approx(1.0)
            for bound in limit.bounds:
                assert [bound.low, bound.median, bound.high] == rows.loc[bound.element, list(WORTH)].tolist()


def test_a_run_of_before_says_that_it_holds_no_record(tables, indicators, lang):
    before = replace(tables, limits=tables.limits.drop(columns=list(WORTH)))
    assert Words(lang)("limit.missing") in section(render(before, lang, indicators))


def test_the_sheet_holds_the_figures_of_the_page_focus_first(book, tables, lang):
    words = Words(lang)
    head, *rows = book[words("book.limits")].iter_rows(values_only=True)
    assert list(head[5:8]) == [words("book.more_p50"), words("book.more_p05"), words("book.more_p95")]
    assert len(rows) == len(tables.limits)
    place = tables.run["focus"]["name"][lang]
    first = [row for row in rows if row[1] == place]
    assert rows[: len(first)] == first
    for alloy, by_year in limits(tables).items():
        for bound in by_year[2035].bounds:
            mine = next(row for row in first if row[0] == 2035 and row[2:4] == (alloy, bound.element))
            assert list(mine[4:8]) == [bound.share, bound.median, bound.low, bound.high]
