"""What the page says, in both languages."""

import html
import re

import pytest
from made_up_maker import maker

from cesim.report.statutory import of_maker
from cesim.report.statutory.beside import more_than_all, not_modelled, told
from cesim.report.statutory.counting import STREAMS, Account
from cesim.report.statutory.headline import alarms, remarks
from cesim.report.statutory.national import National
from cesim.report.statutory.view import view_of

WATERMARK = {
    "ja": "全国合計による参考値・特定の製造者の報告ではない",
    "en": "National total, for orientation – not the report of any maker",
}
KINDS = ("country", "fiscal", "best", "maker", "beside", "early", "late", "small")


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_one_file_that_loads_nothing(statutory_pages, lang, kind):
    page = statutory_pages[kind][lang]
    assert not re.search(r"<(link|script|img|iframe)[^>]*(src|href)=\"(?!data:)", page)
    assert "http://" not in page
    assert not re.search(r"\b(nan|None|inf)\b", re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL))


@pytest.mark.parametrize("kind", KINDS)
def test_the_watermark_is_across_what_is_of_no_maker_and_nowhere_else(statutory_pages, lang, kind):
    page = statutory_pages[kind][lang]
    marked = page.count(WATERMARK[lang])
    assert marked == (4 if kind in ("country", "fiscal", "best") else 0)  # three times across, once in plain sight
    assert ('class="watermark"' in page) == bool(marked)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_says_that_its_form_is_not_official_and_the_journals_were_not_opened(statutory_texts, kind):
    ja, en = statutory_texts[kind]["ja"], statutory_texts[kind]["en"]
    assert ja.count("公的な様式ではありません") == 4  # once for each document, once above all
    assert en.count("not an official form") == 4
    assert "官報・EU官報は開いていません" in ja
    assert "official journals of Japan and the EU were not opened" in en


def rows(page, title):
    """The rows of the table under a heading."""
    table = page[page.index(f"<h3>{title}</h3>") :]
    table = table[: table.index("</table>")]
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, flags=re.DOTALL)
    ]


def test_both_definitions_stand_side_by_side(statutory_pages):
    table = rows(statutory_pages["maker"]["ja"], "由来ごとの量と、どこで数えるか")
    assert table[0] == [
        "由来", "造った車すべて (kg)", "全プラスチック比", "EU向け新型式 (kg)",
        "日本で数える", "EUで数える", "クローズドループ",
    ]  # fmt: skip
    assert table[1] == ["ポストコンシューマ：使用済み車", "20,000", "0.20 %", "20,000", "○", "○", "○"]
    assert table[4] == ["プレコンシューマ：自動車産業", "300,000", "3.00 %", "0", "○", "×", "×"]
    assert table[7] == ["バイオマス由来", "70,000", "0.70 %", "70,000", "×", "×", "×"]
    assert table[9] == ["日本の数え方", "880,000", "8.80 %", "130,000", "合計", "", ""]
    assert table[10] == ["EUの数え方", "580,000", "5.80 %", "130,000", "", "合計", ""]
    assert table[12] == ["全プラスチック", "10,000,000", "100.00 %", "1,000,000", "", "", ""]


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_of_the_table_add_up(statutory_pages, kind):
    table = rows(statutory_pages[kind]["en"], "Mass by origin, and where it counts")
    kg = [int(row[1].replace(",", "")) for row in table[1:]]
    at = {name: [row[-3 + n] == "yes" for row in table[1:9]] for n, name in enumerate(("japan", "eu", "closed"))}
    assert sum(kg[:8]) == kg[11]
    for line, book in enumerate(("japan", "eu", "closed"), start=8):
        assert kg[line] == sum(mass for mass, counts in zip(kg[:8], at[book], strict=True) if counts)


def test_the_report_has_the_gap_to_the_own_plan(statutory_pages):
    found = {row[0]: row[1:] for row in rows(statutory_pages["maker"]["en"], "Report")}
    assert found["Cars built"] == ["98,000", "cars"]
    kg = [found[key][0] for key in ("of them recycled, as Japan counts", "– post-consumer", "– pre-consumer",
                                    "– chemical recycling")]  # fmt: skip
    assert kg == ["880,000", "535,000", "300,000", "45,000"]
    assert found["Share of recycled plastics"] == ["8.80 %", ""]
    assert found["Gap to it (mass)"] == ["−20,000", "kg"]
    assert found["Gap to it (share)"] == ["−1.20", "points"]
    none = {row[0]: row[1:] for row in rows(statutory_pages["early"]["en"], "Report")}
    assert none["Target of the maker's own plan"] == ["none written for this year", ""]


def test_the_eu_statement_tells_what_is_missing(statutory_pages):
    table = rows(statutory_pages["maker"]["en"], "Types that the rule looks at")
    assert table[0][5:] == ["Missing to 15 % (kg)", "Closed loop (kg)", "Share (closed loop)", "Missing to 3 % (kg)"]
    assert table[1:] == [["new EU", "8,000", "1,000,000", "130,000", "13.00 %", "20,000", "35,000", "3.50 %", "0"]]
    others = rows(statutory_pages["maker"]["en"], "Types that it does not look at, for orientation")
    assert [row[0] for row in others[1:]] == ["old", "new"]


def test_a_year_before_the_rule_says_so(statutory_texts):
    assert "まだ適用されていません" in statutory_texts["early"]["ja"]
    assert "does not apply yet in fiscal year 2028" in statutory_texts["early"]["en"]
    assert "まだ適用されていません" not in statutory_texts["maker"]["ja"]


def test_a_small_maker_is_told_that_the_duty_begins_later(statutory_texts):
    assert "fewer than 10,000" in statutory_texts["small"]["en"]
    assert "9,999 台で、10,000 台に届きません" in statutory_texts["small"]["ja"]
    assert "fewer than 10,000" not in statutory_texts["maker"]["en"]
    assert "No type built for the EU was newly approved" in statutory_texts["small"]["en"]


def test_what_users_write_is_text(statutory_pages):
    page = statutory_pages["small"]["en"]
    assert "<b>@SUM" not in page
    assert "&lt;b&gt;@SUM(A1)" in page
    assert "1.25" in page  # as it was written


def test_the_comparison_is_there_where_there_are_both(statutory_pages, statutory_texts, statements):
    assert 'id="beside"' in statutory_pages["beside"]["ja"]
    assert not [kind for kind in ("country", "maker", "early") if 'id="beside"' in statutory_pages[kind]["ja"]]
    table = rows(statutory_pages["beside"]["en"], "This maker and all cars")
    whole = statements["beside"].national.account.total
    assert table[-1][1:3] == ["10,000,000", f"{whole:,}"]
    assert table[-1][3] == f"{1e9 / whole:.2f} %"


def test_the_period_is_said(statutory_texts):
    assert "2035年度（2035年4月～2036年3月）" in statutory_texts["fiscal"]["ja"]
    assert "2035年（暦年）" in statutory_texts["country"]["ja"]
    assert "翌年の暦年の 1/4" in statutory_texts["country"]["ja"]


def test_the_best_estimate_alone_has_no_ranges(statutory_texts, statutory_pages):
    assert "there are no ranges" in statutory_texts["best"]["en"]
    table = rows(
        statutory_pages["best"]["en"], "Indicators of the run with ranges (whole country, cars built in Japan)"
    )
    assert [row[4:] for row in table[1:]] == [["—"] * 3] * 5


def test_the_second_step_holds_from_its_year_on(statutory_pages, statutory_texts):
    table = rows(statutory_pages["late"]["en"], "Types that the rule looks at")
    assert table[0][5] == "Missing to 25 % (kg)"
    assert table[0][8] == "Missing to 5 % (kg)"
    assert (table[1][5], table[1][8]) == ("120,000", "15,000")
    assert "25 % (of it 5 % closed loop) holds from August 2036 on" in statutory_texts["late"]["en"]
    assert "applies, from August 2032 on" in statutory_texts["maker"]["en"]


def with_run(sheet, **kg):
    """A statement beside a country that holds these masses, and nothing else recycled."""
    country = Account({**dict.fromkeys(STREAMS, 0), **kg, "primary": 10**9})
    about = {"regions": [{"name": {"en": "Here"}}], "scenario": {"name": {"en": "S"}}, "draws": 1}
    found = National(about, sheet.period, country, {}, 0, {}, ())
    return view_of(of_maker(sheet, found), "en")


def test_more_than_the_country_has_is_an_alarm_and_what_it_does_not_have_a_remark():
    view = with_run(maker(), post_elv=19_999, post_in_use=15_000, post_other=10**6, bio=10**6)
    assert more_than_all(view) == ["post-consumer: end-of-life vehicles"]
    assert not_modelled(view) == ["pre-consumer: car industry", "chemical recycling (mass balance)"]
    assert len(alarms(view)) == 1
    assert "more than all cars of the scenario hold" in alarms(view)[0]
    assert any("none of these origins" in told for told in remarks(view))


def test_whether_what_is_missing_is_there_at_all():
    """20 t are missing to 15 %; other cars hold what the country has and the maker has not."""
    enough = with_run(maker(), post_elv=20_000, post_in_use=15_000, post_other=520_000)
    assert any("20.0 t are missing to the EU target; other cars hold 20.0 t" in one for one in told(enough))
    short = with_run(maker(), post_elv=20_000, post_in_use=15_000, post_other=519_000)
    assert any("even all post-consumer plastics of other cars, 19.0 t, would not" in one for one in told(short))
