"""The page and the workbook of an attribution: the same numbers as in the tables, in both languages."""

import re

import openpyxl
import pytest

from cesim.plan.frames import attribution_frames
from cesim.report.plan.attribution_terminal import attribution_lines


@pytest.fixture
def page(attribution_folder):
    return (attribution_folder / "report.html").read_text("utf-8")


WORDS = {
    "ja": ("平均への持ち分の表", "選別ライン【仮置き】", "合金の表示",
           "+12.0 ポイント", "+2.0 ポイント", "+14.0 ポイント", "区別できる"),
    "en": ("Shares in the mean", "sorting line [place-holder]", "alloys marked", "+12.0 points", "+2.0 points",
           "+14.0 points", "told from nothing"),
}  # fmt: skip


def test_the_page_is_one_file_that_loads_nothing(page, see):
    assert not re.search(r"<(link|script|img|iframe)[^>]*(src|href)=\"(?!data:)", page)
    assert not re.search(r"\b(nan|None|inf)\b", see(page))


def test_shares_on_the_page_are_those_of_the_table(page, lang, rows_under, attribution):
    title, line, known, most, least, total, standing = WORDS[lang]
    rows = rows_under(page, title)
    assert [row[0] for row in rows[1:]] == [line, known, rows[-1][0]]
    assert [row[1] for row in rows[1:]] == [most, least, total]
    assert rows[1][3] == standing
    shares = attribution_frames(attribution)["shares"].query("of == 'mean'")
    points = [100 * share for share in shares.sort_values("share", ascending=False)["share"]]
    assert [float(row[1].split()[0]) for row in rows[1:3]] == pytest.approx(points, abs=0.05)


def test_the_answer_comes_first(page, lang, see):
    told = see(page)
    first = {
        "ja": "施策なしの平均 5.0 % が、施策すべてで 19.0 % になります（目標 30.0 %）。 "
        "最も効いているのは、選別ライン（+12.0 ポイント）",
        "en": "5.0 % on average without the measures, 19.0 % with them all (target 30.0 %). "
        "Most is carried by sorting line (+12.0 points)",
    }[lang]
    assert first in told
    needs = {
        "ja": "「合金の表示」は「選別ライン」がなければ何ももたらしません。",
        "en": "“alloys marked” brings nothing without “sorting line”.",
    }[lang]
    assert needs in told
    waits = {"ja": "前提の施策がないため効いていません：待つ施策", "en": "waiting for what they need: waits"}[lang]
    assert waits in told
    few = {"ja": "試行20回では示せません（1,000回以上", "en": "not told from 20 draws; 1,000 are needed"}[lang]
    assert few in told


def test_measures_without_a_published_plan_are_marked(page, lang):
    mark = {"ja": "合金の表示【仮置き】", "en": "alloys marked [place-holder]"}[lang]
    assert mark not in page
    assert WORDS[lang][1] in page


def test_the_waterfall_ends_where_the_plan_ends(page, lang):
    rows = re.findall(r'<span class="name">(.*?)</span>.*?<span class="told">(.*?)</span>', page, flags=re.DOTALL)
    ends = {"ja": ("施策なし", "施策すべて"), "en": ("no measures", "all measures")}[lang]
    told = [(name, re.sub(r"<[^>]+>", "", number).strip()) for name, number in rows]
    assert told[0] == (ends[0], "5.0 %")
    assert (ends[1], "19.0 %") in told


def test_pillars_add_up(page, lang, rows_under):
    rows = rows_under(page, {"ja": "柱ごとの合計", "en": "Sums by pillar"}[lang])
    assert [row[1].split()[0] for row in rows[1:]] == ["+12.0", "+2.0"]


def test_the_workbook_has_the_numbers_unrounded(attribution_folder, attribution):
    book = openpyxl.load_workbook(attribution_folder / "results.xlsx")
    assert len(book.sheetnames) == 3
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    frame = attribution_frames(attribution)["shares"]
    assert [row[3] for row in rows if row[3] is not None] == pytest.approx(list(frame["share"]), abs=1e-15)
    bars = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert bars[0][3] == pytest.approx(0.05)
    assert bars[-1][3] == pytest.approx(0.19)
    assert sum(row[3] for row in bars[1:-1]) == pytest.approx(0.14)


def test_the_terminal_says_the_same(scenario, attribution, lang):
    told = "\n".join(attribution_lines(scenario, attribution, lang))
    for word in WORDS[lang][1:5]:
        assert word in told
