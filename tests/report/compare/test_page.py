"""The page and the workbook of a comparison: the numbers of its tables, in both languages."""

import html
import re
from pathlib import Path

import openpyxl
import pytest

from cesim.plan.comparing import compare
from cesim.report.compare import comparison_page, write_comparison_workbook
from cesim.report.compare.terminal import summary
from cesim.report.compare.view import view_of
from cesim.scenario import open_scenario

H1 = "h1_horizontal_rate_6xxx"
TINY = Path(__file__).parents[2] / "plan" / "tiny-plan.yaml"
NAMES = {"ja": ["小さな計画 (1)", "小さな計画 (2)"], "en": ["a small plan (1)", "a small plan (2)"]}


@pytest.fixture(scope="module")
def found():
    scenarios = [open_scenario(TINY), open_scenario(TINY, {"plan.adopted": ["known", "hoods"]})]
    return compare(scenarios, draws=12, seed=3, workers=1)


@pytest.fixture(scope="module")
def single():
    return compare(["tutorial", open_scenario("tutorial", {"sorting.share": 0.5})], draws=1)


@pytest.fixture(scope="module")
def page(found, lang):
    return comparison_page(found, lang)


def visible(page):
    body = re.sub(r"<(script|style|title)>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def figure(found, at):
    frame = found.figures()
    chosen = frame[(frame.indicator == H1) & (frame.year == 2035) & (frame.region == found.regions[0])]
    return chosen[chosen.scenario == at].iloc[0]


def test_the_page_is_one_file_that_loads_nothing(page):
    assert not re.search(r"<(link|script|img|iframe)[^>]*(src|href)=\"(?!data:)", page)
    assert not re.search(r"\b(nan|None|inf)\b", visible(page))


def test_the_first_sentence_has_the_numbers_of_the_table(found, page, lang):
    was, now = figure(found, 0), figure(found, 1)
    told = visible(page)
    ends = [100 * now.difference_p50, 100 * now.difference_p05, 100 * now.difference_p95]
    assert ends[0] < -0.5  # without the line less comes back
    middle, low, high = (f"{end:+,.1f}".replace("-", "−") for end in ends)
    moved = f"{100 * was.p50:.1f} % → {100 * now.p50:.1f} %"
    said = {
        "ja": f"{moved}、差 {middle} ポイント（5～95 %：{low} – {high} ポイント）",
        "en": f"{moved} (difference {middle} points (5–95 %: {low} – {high} points))",
    }[lang]
    assert said in told


def test_scenarios_of_one_name_are_told_apart(page, lang):
    assert all(name in visible(page) for name in NAMES[lang])


def test_measures_in_one_of_them_are_told(page, lang):
    told = visible(page)
    first, other = NAMES[lang]
    more, less = {
        "ja": (f"「{other}」だけにある施策：フードの取り外し。", f"「{first}」だけにある施策：選別ライン。"),
        "en": (f"Measures in “{other}” alone: hoods taken off.", f"Measures in “{first}” alone: sorting line."),
    }[lang]
    assert more in told
    assert less in told


def test_few_draws_are_an_alarm(page, single, lang):
    assert {"ja": "試行が12回と少なく", "en": "only 12 draws"}[lang] in page
    assert 'class="alarm"' not in comparison_page(single, lang)


def test_the_best_estimates_alone_have_no_ranges(single, lang):
    told = visible(comparison_page(single, lang))
    assert {"ja": "最良推定値どうしの差です（試行なし）。", "en": "Differences of best estimates; nothing was drawn."}[
        lang
    ] in told
    assert not re.search(r"\b(nan|None|inf)\b", told)


def test_targets_have_the_futures_that_meet_them(found, page, lang):
    frame = found.targets()
    counts = {round(row.met * 12) for row in frame.itertuples()}
    for count in counts:
        assert {"ja": f"12通り中 {count}通り", "en": f"{count} of 12"}[lang] in page


def test_the_workbook_has_the_numbers_unrounded(found, lang, tmp_path):
    book = openpyxl.load_workbook(write_comparison_workbook(tmp_path / "results.xlsx", found, lang))
    view = view_of(found, lang)
    assert len(book.sheetnames) == 4
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    frame = found.figures()
    assert len(rows) == len(frame)
    # xlsx keeps 16 significant digits
    assert [row[5] for row in rows] == pytest.approx(list(frame["best"]), rel=1e-15)
    assert [row[10] for row in rows] == pytest.approx(list(frame["difference_p05"]), rel=1e-15)
    assert {row[4] for row in rows} == set(view.names)
    targets = list(book.worksheets[2].iter_rows(min_row=2, values_only=True))
    assert [row[5] for row in targets] == pytest.approx(list(found.targets()["met"]))
    assert len(list(book.worksheets[3].iter_rows(min_row=2))) == len(found.inputs())


def test_the_terminal_says_the_same(found, lang):
    told = summary(found, lang)
    was, now = figure(found, 0), figure(found, 1)
    assert f"{100 * was.p50:.1f} % → {100 * now.p50:.1f} %" in told
