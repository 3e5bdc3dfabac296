"""The pages of sweeps: one file each, every number of its tables, whatever the study is like."""

import re
from dataclasses import replace

import made_up_sweep as made
import numpy as np
import openpyxl
import pandas as pd
import pytest

from cesim.report.sweep.books import write_discovery, write_sensitivity, write_summary
from cesim.report.sweep.discovery import discovery_page
from cesim.report.sweep.frames import discovery_frames, sensitivity_frames, summary_frames
from cesim.report.sweep.sensitivity import sensitivity_page
from cesim.report.sweep.summary import summary_page
from cesim.report.sweep.terminal import discovery_lines, sensitivity_lines, summary_lines

LEVERS = ({made.EXPORT: 0.6}, {made.EXPORT: 1.0})
SUMMARIES = {
    "two": {"levers": LEVERS},
    "failing": {"levers": LEVERS, "failing": 0.2},
    "one": {},
    "no target": {"goals": False, "design": "morris"},
    "all failed": {"failing": 2.0},
    "a point": {"points": 1},
    "forty": {"factors": 40},
    "a year": {"years": (2035,)},
}
DISCOVERIES = ("planted", "nothing", "nobody", "everybody", "few")
METHODS = ("sobol", "morris", "given")


@pytest.fixture(scope="module", params=SUMMARIES)
def summary(request, scenario):
    return made.summary(scenario, **SUMMARIES[request.param])


@pytest.fixture(scope="module", params=DISCOVERIES)
def discovered(request, scenario):
    return made.discovered(scenario, kind=request.param, files={"box.yaml": "box", "worst-3.yaml": "worst"})


@pytest.fixture(scope="module", params=METHODS)
def sensitivities(request):
    return made.sensitivities(request.param)


def check(page, see):
    assert not re.search(r"<(link|script|img|iframe)[^>]*(src|href)=\"(?!data:)", page)
    seen = see(page)
    assert not re.search(r"\b(nan|None(?! of the)|inf)\b|report\.casthouse|\{[a-z_]+\}", seen)
    assert "<b>" in seen  # the name of the study as it was given
    assert "<b>one" not in page
    assert "<b>一" not in page
    for curve in re.findall(r' d="([^"]*)"| points="([^"]*)"', page):
        assert "nan" not in "".join(curve)


def test_a_study(summary, scenario, lang, see):
    page = summary_page(scenario, summary, lang)
    check(page, see)
    assert "<i>works" not in page
    assert summary_lines(scenario, summary, lang)


def test_a_discovery(discovered, scenario, lang, see):
    check(discovery_page(scenario, discovered, lang), see)
    assert discovery_lines(scenario, discovered, lang)


def test_an_analysis(sensitivities, scenario, lang, see):
    check(sensitivity_page(scenario, sensitivities, lang), see)
    assert sensitivity_lines(scenario, sensitivities, lang)


def test_the_share_that_meets_a_target_is_told_with_its_error(scenario, lang, see):
    found = made.summary(scenario, levers=LEVERS)
    seen = see(summary_page(scenario, found, lang))
    for row in found.targets.to_dict("records"):
        assert f"{100 * row['met']:.1f} %" in seen
        assert f"± {100 * row['standard_error']:.1f} %" in seen
        count = round(row["met"] * row["futures"])
        assert {"ja": f"80通りの将来のうち{count}通り", "en": f"{count} of 80 futures"}[lang] in seen
    assert {"ja": "中古車輸出ハザード倍率 現状の0.6倍", "en": "used-export hazard factor 0.6 × today"}[lang] in seen


def test_the_table_of_figures_is_that_of_the_frame(scenario, lang, rows_under):
    found = made.summary(scenario, levers=LEVERS)
    rows = rows_under(summary_page(scenario, found, lang), {"ja": "主な指標", "en": "Main indicators"}[lang])
    frame = found.figures[(found.figures["indicator"] == made.H1) & (found.figures["alternative"] == "a1")]
    held = frame[frame["year"] == 2035].iloc[0]
    told = f"{100 * held['p50']:.1f} ({100 * held['p05']:.1f} – {100 * held['p95']:.1f})"
    assert rows[2][3 + found.years.index(2035)] == told


def test_what_all_or_none_of_the_futures_do_has_no_error_of_zero(scenario, lang, see):
    found = made.summary(scenario, points=240)  # four made from each other each
    found.targets.loc[:, ["met", "standard_error", "independent"]] = [1.0, 0.0, 60]
    assert {"ja": "例外は多くて5.0 %", "en": "exceptions at most 5.0 %"}[lang] in see(
        summary_page(scenario, found, lang)
    )


def test_failures_are_told_with_reason_and_with_what_tells_them_apart(scenario, lang, see):
    found = made.summary(scenario, levers=LEVERS, failing=0.2)
    seen = see(summary_page(scenario, found, lang))
    assert found.failed == 32
    assert {"ja": "試行160回のうち32回（20 %）", "en": "32 of 160 (20 %)"}[lang] in seen
    assert "no_room: <i>works</i>" in seen
    name = {"ja": "中古車輸出ハザード倍率", "en": "used-export hazard factor"}[lang]
    assert {"ja": f"偏っています：{name}。", "en": f"not as in the others: {name}."}[lang] in seen


def test_where_all_failed_there_is_no_figure(scenario, lang):
    page = summary_page(scenario, made.summary(scenario, failing=2.0), lang)
    assert 'class="answer bad"' in page
    assert "<svg" not in page


def test_points_that_are_no_sample_are_called_so(scenario, lang, see):
    said = {"ja": "確率ではありません", "en": "not chances"}[lang]
    assert said in see(summary_page(scenario, made.summary(scenario, design="morris"), lang))
    assert said not in see(summary_page(scenario, made.summary(scenario, design="sobol"), lang))


def test_threads_are_few_and_run_through_what_parts_the_futures(scenario, lang):
    found = made.summary(scenario, points=2000, factors=40)
    page = summary_page(scenario, found, lang)
    assert page.count('class="thread ') == 300
    first = re.search(r'<div class="threads".*?</svg>', page, re.DOTALL).group()
    names = re.findall(r"<b>(.*?)</b>", first)
    assert len(names) == 8
    assert names[1] == {"ja": "中古車輸出ハザード倍率", "en": "used-export hazard factor"}[lang]


def test_the_planted_box_is_found_and_told(scenario, lang, see):
    found = made.discovered(scenario)
    page = discovery_page(scenario, found, lang)
    seen = see(page)
    box = found.explanation.box
    assert f"{box.inside_of_interest:,}" in seen
    one, other = {
        "ja": (r"倍率が現状の(1\.[23][\d]*)倍を超え", r"LIBS回収率が(7[12][.\d]*) %を下回る"),
        "en": (r"factor above (1\.[23]\d*) × today", r"LIBS recovery below (7[12][.\d]*) %"),
    }[lang]
    export, recovery = (float(re.search(pattern, seen).group(1)) for pattern in (one, other))
    assert export == pytest.approx(1.3, abs=0.03)
    assert recovery == pytest.approx(72.0, abs=1.0)
    lies_there = (found.varied[0].column > export) & (found.varied[1].column < recovery / 100)
    assert int(lies_there.sum()) == box.inside  # the numbers of the sentence part the futures as the box does
    assert box.columns == (0, 1)
    assert 'class="frame"' in page
    assert page.count('class="rim"') == 1  # the box that is told


@pytest.mark.parametrize("kind", ["nobody", "everybody"])
def test_futures_that_are_all_alike_are_led_on(scenario, lang, see, kind):
    found = made.discovered(scenario, kind=kind)
    found = replace(found, outcome=np.linspace(0.312, 0.498, len(found.outcome)))
    told = {"ja": "31.2 %から49.8 %の間", "en": "lies between 31.2 % and 49.8 %"}[lang]
    seen, lines = see(discovery_page(scenario, found, lang)), "\n".join(discovery_lines(scenario, found, lang))
    assert told in seen
    assert told in lines
    assert f"--indicator {made.H1}" in lines
    parted = "\n".join(discovery_lines(scenario, made.discovered(scenario), lang))
    assert "--indicator" not in parted


@pytest.mark.parametrize("interest", ["miss", "meet", "above", "below"])
def test_a_page_is_called_by_its_question(scenario, lang, interest):
    found = made.discovered(scenario)
    page = discovery_page(scenario, replace(found, question=replace(found.question, interest=interest)), lang)
    called = {
        "ja": {"miss": "目標を外すか", "meet": "目標を達成するか",
               "above": "水準を超えるか", "below": "水準を下回るか"},
        "en": {"miss": "miss the target", "meet": "meet the target",
               "above": "above the level", "below": "below the level"},
    }[lang][interest]  # fmt: skip
    for tag in ("h1", "title"):
        assert re.search(rf"<{tag}>[^<]*{called}</{tag}>", page)


def test_points_made_from_each_other_are_an_alarm(scenario, lang, see):
    found = replace(made.discovered(scenario), per_base=8, bases=50)
    told = {"ja": "8点ずつ50組", "en": "50 sets of 8"}[lang]
    assert told in see(discovery_page(scenario, found, lang))
    assert told in "\n".join(discovery_lines(scenario, found, lang))
    assert told not in "\n".join(discovery_lines(scenario, made.discovered(scenario), lang))


def test_without_a_box_it_is_said_that_there_is_none(scenario, lang, see):
    seen = see(discovery_page(scenario, made.discovered(scenario, kind="nothing"), lang))
    assert {"ja": "共通点が見つかりません", "en": "Nothing found in what varies tells"}[lang] in seen


def test_all_indices_stand_in_the_table(scenario, lang, rows_under):
    found = made.sensitivities("sobol")
    title = {"ja": "感度指数（5個の前提）", "en": "Indices (5 factors)"}[lang]
    rows = rows_under(sensitivity_page(scenario, found, lang), title)[1:]
    answer = found.results[0].answer
    order = np.argsort(-answer.total.value, kind="stable")
    for row, at in zip(rows, order, strict=True):
        assert float(row[1].replace("−", "-")) == pytest.approx(answer.first.value[at], abs=0.005)
        assert float(row[3].replace("−", "-")) == pytest.approx(answer.total.value[at], abs=0.005)


def test_what_was_left_out_is_an_alarm_with_what_the_rest_holds_for(scenario, lang, see):
    found = made.sensitivities("sobol")
    seen = see(sensitivity_page(scenario, found, lang))
    lines = "\n".join(sensitivity_lines(scenario, found, lang))
    told = {
        "ja": ("基本点2個（258個中）", "3,096回の試行のうち5回", "答えが出る部分についてのもの",
               "LIBS回収率がほかの試行と偏って"),
        "en": ("2 of 258 base points (5 of 3,096 runs have none)", "in which the model answers",
               "lie apart by LIBS recovery"),
    }[lang]  # fmt: skip
    assert all(one in seen for one in told)
    assert all(one in lines for one in told)
    assert "258" not in see(sensitivity_page(scenario, made.sensitivities("given"), lang))


@pytest.mark.parametrize("method", ["sobol", "morris", "given"])
def test_the_terminal_tells_intervals(scenario, lang, method):
    found = made.sensitivities(method)
    answer, lines = found.results[0].answer, "\n".join(sensitivity_lines(scenario, found, lang))
    at = 0  # the first number matters most
    if method == "sobol":
        ends, form = (answer.total.low[at], answer.total.high[at]), "{:.2f} – {:.2f}"
    elif method == "morris":
        ends, form = (answer.mu_star.low[at], answer.mu_star.high[at]), "{:.3g} – {:.3g}"
    else:
        ends, form = (100 * answer.low[at], 100 * answer.high[at]), "{:.1f} % – {:.1f} %"
    assert f"({form.format(*ends)})" in lines


def test_shares_have_their_intervals_in_the_table_and_the_figure(scenario, lang, rows_under):
    found = made.sensitivities("given")
    page, answer = sensitivity_page(scenario, found, lang), found.results[0].answer
    title = {"ja": "ばらつきの割合（5個の前提）", "en": "Shares of the spread (5 factors)"}[lang]
    rows = rows_under(page, title)[1:]
    assert f"{100 * answer.low[0]:.1f} % – {100 * answer.high[0]:.1f} %" in rows[0]
    assert sum("–" in "".join(row[2:3]) and "%" in row[2] for row in rows) == len(answer.told) < 5
    frame = sensitivity_frames(found)["indices"]
    shares = frame[frame["index"] == "share"]
    np.testing.assert_array_equal(shares["low"], answer.low)
    np.testing.assert_array_equal(shares["high"], answer.high)


def test_the_verdict_says_how_much_more_it_takes(scenario, lang, see):
    found = made.sensitivities("sobol")
    settled = found.results[0].verdict
    assert settled.code == "too_wide"
    minutes = round(settled.more * 3.0 / 60)
    seen = see(sensitivity_page(scenario, found, lang))
    assert f"{settled.more:,}" in seen
    assert f"{settled.more * 12:,}" in seen
    hours = f"{settled.more * 3.0 / 3600:.1f}"
    assert {"ja": f"約{minutes}分", "en": f"about {minutes} min"}[lang] in seen or hours in seen


def test_what_does_not_vary_is_not_called_unimportant(scenario, lang, see):
    seen = see(sensitivity_page(scenario, made.sensitivities("sobol"), lang))
    assert {"ja": "左右する前提がないのではなく", "en": "That is not to say that nothing matters to it"}[lang] in seen


def test_second_order_is_left_out_where_there_is_none(scenario, lang):
    assert 'class="heat"' in sensitivity_page(scenario, made.sensitivities("sobol"), lang)
    assert 'class="heat"' not in sensitivity_page(scenario, made.sensitivities("sobol", second=False), lang)


def test_a_group_has_no_place_on_the_plane_of_effects(scenario):
    page = sensitivity_page(scenario, made.sensitivities("morris"), "en")
    assert page.count('class="point ') == 4
    assert "no direction" in page


@pytest.mark.parametrize("what", ["summary", "discovery", "sensitivity"])
def test_files_hold_the_numbers_unrounded(tmp_path, scenario, lang, what):
    if what == "summary":
        found = made.summary(scenario, levers=LEVERS, failing=0.2)
        write, frames = write_summary, summary_frames(found)
    elif what == "discovery":
        found = made.discovered(scenario, files={"box.yaml": "box"})
        write, frames = write_discovery, discovery_frames(found)
    else:
        found = made.sensitivities("sobol")
        write, frames = write_sensitivity, sensitivity_frames(found)
    write(tmp_path, scenario, found, lang)
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    book = openpyxl.load_workbook(tmp_path / "results.xlsx")
    assert len(book.worksheets) == 1 + len(frames)
    for sheet, (name, frame) in zip(book.worksheets[1:], frames.items(), strict=True):
        raw = (tmp_path / f"{name}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")  # Excel reads it as UTF-8
        back = pd.read_csv(tmp_path / f"{name}.csv", encoding="utf-8-sig")
        assert len(back) == len(frame) == sheet.max_row - 1
        for column in frame.select_dtypes("number"):
            assert np.allclose(back[column].astype(float), frame[column].astype(float), rtol=1e-12, equal_nan=True)


def test_the_same_study_gives_the_same_bytes(tmp_path, scenario):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_summary(tmp_path / name, scenario, made.summary(scenario), "ja")
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_shares_that_cannot_all_be_true_are_an_alarm(scenario, lang, see):
    found = made.sensitivities("given")
    said = {"ja": "1を超えます", "en": "more than there is"}[lang]
    assert said not in see(sensitivity_page(scenario, found, lang))
    share = found.results[0].answer.share
    share[:3] = [0.6, 0.5, 0.2]
    seen = see(sensitivity_page(scenario, found, lang))
    assert said in seen
    assert "130.0 %" in seen
    assert any(said in line for line in sensitivity_lines(scenario, found, lang))
