"""The page of a trace: it says what the tables say, in both languages, and survives empty tables and hostile names."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import made_up_trace as made
import pandas as pd
import pytest

from cesim.report.trace import trace_page, write_trace_report
from cesim.report.trace.columns import TABLES
from cesim.report.trace.findings import lost_share
from cesim.report.trace.network import links_of
from cesim.report.trace.network_layout import COLUMNS, laid_out
from cesim.report.trace.view import view_of
from cesim.text import keys
from cesim.trace.custody.laws import LAWS
from cesim.trace.records import DECLARATIONS, FAULTS
from cesim.trace.reporting.policy import FIELDS
from cesim.trace.steps import ROLES

KINDS = ("worked", "known", "imported", "empty", "bare")
EVIL = '<script>alert("&1")</script>'
CONTENT = {"ja": "管理混合", "en": "Controlled blending"}
STRIP, EDGE = 1000.0, 12.0


def section(page: str, name: str) -> str:
    return page.split(f'<section id="{name}">')[1].split("</section>")[0]


def figures(page: str, name: str) -> list[str]:
    return section(page, name).split("<figure")[1:]


def rows_of(figure: str) -> dict[str, tuple[str, str, str]]:
    """Name -> number, what stands beside it, the strip."""
    found = {}
    for name, strip, told in re.findall(
        r'<span class="name">(.*?)</span>(<svg.*?</svg>)<span class="told">(.*?)</span></div>', figure
    ):
        number, _, beside = told.partition(" <small>")
        found[name] = (number, beside.removesuffix("</small>"), strip)
    return found


def ends_of(strip: str, css: str) -> list[tuple[float, float]]:
    """Where bars of a colour begin and end, 0 at the left and 1 at the right of the scale."""
    held = re.findall(rf'<rect class="{css}" x="([\d.]+)" y="4" width="([\d.]+)"', strip)
    inner = STRIP - 2 * EDGE
    return [((float(x) - EDGE) / inner, (float(x) + float(wide) - EDGE) / inner) for x, wide in held]


def place_of(strip: str, css: str) -> float:
    return (float(re.search(rf'class="{css}" d="M([\d.]+) ', strip)[1]) - EDGE) / (STRIP - 2 * EDGE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_one_file_without_raw_keys_and_empty_numbers(trace_pages, trace_texts, lang, kind):
    page, text = trace_pages[kind][lang], trace_texts[kind][lang]
    assert page.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in page
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', page) == []
    assert "http" not in page
    assert re.findall(r"\b(?:nan|NaN|None|inf|Infinity|Markup|False)\b", text) == []
    assert re.findall(r"\b(?:report|trace|casthouse|column|kind|custody)\.[a-z_]+", text) == []
    assert re.findall(r"[{}]", text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_japanese_pages_are_japanese_and_english_ones_english(trace_texts, kind):
    glossary = r"日本語 .*|Japanese English .*"  # there both stand side by side
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", re.sub(glossary, "", trace_texts[kind]["en"])) == []
    japanese = re.sub(glossary, "", trace_texts[kind]["ja"]).replace("press shop", "")  # of a pilot, as it is called
    assert "True" not in japanese
    assert re.findall(r"(?:[A-Za-z]{3,} ){3,}", japanese) == []


def test_the_answer_has_claimed_provable_possible_and_true_of_both_laws(trace_pages, see, lang):
    answer = see(trace_pages["known"][lang].split('class="answer"')[1].split("</div>")[0])
    for shares in made.SHARES.values():
        for share in shares:
            assert f"{100 * share:.1f} %" in answer
    between = {"ja": "～", "en": "–"}[lang]
    assert f"0.4{between}82.3 %" in answer
    assert f"5.1{between}42.3 %" in answer
    for count in ("4,321", "25", "17"):  # records, wrong in truth, found wrong
        assert re.search(rf"\b{count}\b|(?<!\d){count}(?!\d)", answer)
    assert {"ja": "コンパウンダー", "en": "Compounders"}[lang] not in answer  # they would gain nothing
    assert {
        "ja": "6000系は解体業者（不明分が 11.0 から 6.7 % に減る）",
        "en": "Dismantlers, the unknown share falls from 11.0 to 6.7 %",
    }[lang] in answer


def test_what_is_said_of_the_claim_and_the_truth_has_the_right_side(trace_texts, lang):
    text = trace_texts["known"][lang]
    told = {
        "ja": (
            "EUの規則では実際より 4.0 ポイント 低い", "日本の規則では実際より 1.0 ポイント 高い",
            "日本の規則では実際とほぼ同じ",
        ),
        "en": (
            "4.0 points below the truth by the EU rule", "1.0 points above the truth by Japan's rule",
            "at the truth by Japan's rule",
        ),
    }  # fmt: skip
    for words in told[lang]:
        assert words in text


def test_the_figures_of_claims_draw_what_the_table_says(trace_pages, lang):
    held = figures(trace_pages["known"][lang], "claims")
    assert len(held) == 4
    tops = {"six_thousand": 0.20, "pp": 0.40}  # of the scales: the next round number above the largest share
    for figure, ((product, _), (claimed, provable, possible, true)) in zip(held, made.SHARES.items(), strict=True):
        rows = rows_of(figure)
        assert len(rows) == 6
        number, beside, strip = rows[CONTENT[lang]]
        assert f"{100 * claimed:.1f} %" in number
        assert re.search(rf"{100 * provable:.1f}.{100 * possible:.1f} %", beside)
        top = tops[product]
        assert ends_of(strip, "k-main") == [pytest.approx((0.0, provable / top), abs=2e-4)]
        assert ends_of(strip, "k-soft") == [pytest.approx((provable / top, possible / top), abs=2e-4)]
        assert place_of(strip, "tick k-second") == pytest.approx(claimed / top, abs=2e-4)
        assert place_of(strip, "dot k-ink") == pytest.approx(true / top, abs=2e-4)


def test_what_a_law_does_not_allow_is_grey_and_says_so(trace_pages, lang):
    figure = figures(trace_pages["known"][lang], "claims")[2]
    assert figure.count('class="row off"') == 1
    number, _, strip = rows_of(figure)[{"ja": "ブックアンドクレーム", "en": "Book and claim"}[lang]]
    assert number == {"ja": "認められない", "en": "not allowed"}[lang]
    assert "k-main" not in strip
    part = rows_of(figure)[{"ja": "マスバランス（クレジット）", "en": "Mass balance, credits"}[lang]]
    assert {"ja": "（一部のみ）", "en": "(part only)"}[lang] in part[1]


def test_a_claim_that_could_not_be_computed_says_why(traces, lang):
    trace = traces["known"]
    claims = trace.tables["claims"].copy()
    at = claims["model"] == "identity_preserved"
    claims.loc[at, ["claimed", "provable", "possible", "entitled", "true", "gap"]] = float("nan")
    claims.loc[at, "reason"] = "custody_sources_unknown"
    page = trace_page(replace(trace, tables={**trace.tables, "claims": claims}), lang)
    rows = rows_of(figures(page, "claims")[0])
    reason = {"ja": "どのロットが単一の由来か分からない", "en": "it is not known which lots come of a single source"}
    assert rows[{"ja": "アイデンティティ保持", "en": "Identity preserved"}[lang]][0] == reason[lang]


def test_metal_is_as_if_and_plastics_are_not(trace_pages, trace_texts, lang):
    titles = [
        re.search(r"<figcaption>(.*?)</figcaption>", one)[1] for one in figures(trace_pages["known"][lang], "claims")
    ]
    as_if = {"ja": "仮に当てはめた", "en": "as if"}[lang]
    assert [as_if in title for title in titles] == [True, True, False, False]
    assert {"ja": "RMPはまずプラスチック", "en": "RMP is planned for plastics first"}[lang] in trace_texts["known"][
        lang
    ]


def test_nobody_is_left_in_doubt_that_habits_are_hypotheses(trace_pages, trace_texts, lang):
    page, text = trace_pages["known"][lang], trace_texts["known"][lang]
    assert {"ja": "すべてシナリオの仮説です", "en": "is a hypothesis of the scenario"}[lang] in text
    body = section(page, "habits")
    status = {"ja": "仮説", "en": "hypothesis"}[lang]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>', body)
    assert len(rows) == 6 + 2 + len(made.JUDGING)
    assert [row[3] for row in rows[:11]] == [status] * 11  # habits, the desk, then what is reckoned with
    assert {row[3] for row in rows[11:]} == {{"ja": "選んだ条件", "en": "choice"}[lang]}
    dismantlers = {"ja": "解体業者", "en": "Dismantlers"}[lang]
    assert (dismantlers, "62.5 %") in [(row[0], row[2]) for row in rows]
    assert any(row[0] == "casthouse 0" and row[2] == "87.5 %" for row in rows)


def test_of_built_in_policies_no_habits_are_told(traces, lang):
    trace = traces["known"]
    page = trace_page(replace(trace, about={**made.ABOUT, "policy": "honest"}), lang)
    assert {"ja": "極端な場合", "en": "a limiting case"}[lang] in section(page, "habits")
    assert {"ja": "すべてシナリオの仮説です", "en": "is a hypothesis of the scenario"}[lang] not in page
    assert {"ja": "解体業者", "en": "Dismantlers"}[lang] not in section(page, "habits")


@pytest.mark.parametrize("made_how", ["fixed", "heard", "import"])
def test_whether_the_metal_heard_of_the_records_is_said(traces, lang, made_how):
    page = trace_page(replace(traces["known"], about={**made.ABOUT, "made": made_how}), lang)
    told = {
        "fixed": {"ja": "後から重ねたもの", "en": "put over metal that is fixed"},
        "heard": {"ja": "記録を読んで配合しました", "en": "read these records when they charged"},
        "import": {"ja": "取り込んだ記録です", "en": "The records were imported"},
    }
    answer = page.split('class="answer"')[1].split("</div>")[0]
    assert [how for how, words in told.items() if words[lang] in answer] == [made_how]


def test_wrong_records_are_drawn_with_the_hypothesis_first(trace_pages, lang):
    held = figures(trace_pages["known"][lang], "wrong")
    assert len(held) == 4
    for figure, (low, high) in zip(held, made.BUDGET.values(), strict=True):
        rows = list(rows_of(figure).items())
        assert "12" in rows[0][0]
        assert re.fullmatch(rf"{100 * low:.1f}.{100 * high:.1f} %", rows[0][1][0])
        assert "777" in rows[0][1][1]
        assert ends_of(rows[0][1][2], "k-soft") == [pytest.approx((low, high), abs=2e-4)]
        assert [re.search(r"\d+", name)[0] for name, _ in rows[1:]] == ["0", "30"]
    assert held[0].count('class="row strong"') == 1


def test_no_more_records_are_told_wrong_than_there_are(traces, lang):
    trace = traces["known"]
    budget = trace.tables["budget"]
    more = budget[~budget["stated"]].assign(wrong=7)  # there are seven, however many are allowed for
    page = trace_page(
        replace(trace, tables={**trace.tables, "budget": pd.concat([budget[budget["stated"]], more])}), lang
    )
    assert len(re.findall(r'<span class="name">', figures(page, "wrong")[0])) == 2


def test_what_is_not_provable_says_why_and_alarms(traces, trace_pages, lang):
    trace = traces["known"]
    budget = trace.tables["budget"].copy()
    at = budget["stated"] & (budget["product"] == "pp")
    budget.loc[at, ["is_proved", "reason", "found_wrong"]] = [False, "more_wrong_than_budgeted", 41]
    page = trace_page(replace(trace, tables={**trace.tables, "budget": budget}), lang)
    number, beside, strip = next(iter(rows_of(figures(page, "wrong")[2]).values()))
    assert number == {"ja": "証明できない", "en": "not provable"}[lang]
    assert "41" in beside
    assert "40" in beside
    assert "k-main" not in strip
    assert page.count('class="alarm"') == 1
    assert 'class="alarm"' not in trace_pages["known"][lang]
    answer = page.split('class="answer"')[1].split("</div>")[0]
    assert {"ja": "PPは何も証明できない", "en": "PP: nothing can be proved"}[lang] in answer


def test_a_truth_outside_of_the_interval_is_an_alarm(traces, lang):
    trace = traces["known"]
    claims = trace.tables["claims"].copy()
    claims.loc[(claims["law"] == "eu_elv") & (claims["product"] == "pp"), "true"] = 0.32
    page = trace_page(replace(trace, tables={**trace.tables, "claims": claims}), lang)
    assert page.count('class="alarm"') == 1


def test_to_whom_it_can_be_proved(trace_pages, lang):
    rows = rows_of(figures(trace_pages["known"][lang], "bounds")[0])
    assert [re.findall(r"[\d.]+", told[0]) for told in rows.values()] == [
        ["0.0", "100.0"],
        ["2.0", "13.0"],
        ["2.0", "13.0"],
    ]
    assert ends_of(next(iter(rows.values()))[2], "k-soft") == [pytest.approx((0.0, 1.0), abs=2e-4)]


def test_lost_records_are_curves_with_the_hypothesis_beside_them(traces, trace_pages, lang):
    body = figures(trace_pages["known"][lang], "losses")[0]
    curves = re.findall(r'<path class="curve (k-\w+)( dash)?" d="M(.*?)"/>', body)
    assert [(css, bool(dash)) for css, dash, _ in curves] == [("k-main", False), ("k-second", True)]
    assert curves[0][2] == "0.0 600.0L1000.0 0.0"  # 20 % lost, 40 % unknown: both scales end there
    lost = lost_share(traces["known"])
    assert 0.05 < lost < 0.35
    across = float(re.findall(r'<path class="here k-main" d="M([\d.]+) ', body)[0])
    top = 0.2 if lost <= 0.2 else 0.25
    assert across == pytest.approx(1000.0 * lost / top, abs=0.1)
    assert f"{100 * lost:.1f} %" in section(trace_pages["known"][lang], "losses")


def test_lost_records_are_counted_once_however_often_an_event_is_written(traces):
    trace = traces["known"]
    events = len(trace.truth)
    written = len(set(trace.records.event.tolist()) - {-1})
    assert lost_share(trace) == pytest.approx(1.0 - written / events)
    assert lost_share(traces["imported"]) is None


def test_whom_to_bring_on_board(trace_pages, lang):
    held = figures(trace_pages["known"][lang], "onboarding")
    assert len(held) == 3  # nothing is gained for PP, and it has no order; the last is of metal
    names = {"ja": ["解体業者", "鋳造工場"], "en": ["Dismantlers", "Casthouses"]}[lang]
    rows = rows_of(held[0])
    assert list(rows) == names
    assert rows[names[0]][0].startswith("−4.3")
    assert [float(one) for one in re.findall(r"[\d.]+", rows[names[0]][1])] == [11.0, 6.7]
    order = rows_of(held[1])
    assert [told[0] for told in order.values()] == ["100.0 %", "54.3 %"]
    assert list(order)[1] == "1. casthouse 0"


def test_handovers_are_summed_by_role_and_split_by_who_recorded(traces, trace_pages, lang):
    links = {(link.giver, link.taker): link for link in links_of(view_of(traces["known"], lang))}
    one = links["dismantler", "casthouse"]
    assert (one.mass, one.both, one.one, one.nobody) == (100.0, 40.0, 50.0, 10.0)
    body = figures(trace_pages["known"][lang], "network")
    rows = rows_of(body[1])
    name = {"ja": "解体業者 → 鋳造工場", "en": "Dismantlers → Casthouses"}[lang]
    assert rows[name][0] == "100 t"
    assert "40.0 %" in rows[name][1]
    shares = [ends_of(rows[name][2], css)[0] for css in ("k-main", "k-soft", "k-hatch")]
    assert shares == [pytest.approx(ends, abs=2e-4) for ends in ((0, 0.4), (0.4, 0.9), (0.9, 1.0))]
    all_told = (40.0 + 220.0 + 50.0) / 403.0
    assert f"{100 * all_told:.1f} %" in section(trace_pages["known"][lang], "network")


def test_the_network_goes_from_left_to_right_and_keeps_the_mass(traces):
    links = links_of(view_of(traces["known"], "en"))
    layout = laid_out(links)
    assert {way.places[0] for way, _ in layout.ways} == {"dismantler", "casthouse", "press_shop:back"}
    assert sum(way.link.mass for way, _ in layout.ways) == pytest.approx(403.0)
    for way, ends in layout.ways:
        spots = [layout.spots[place] for place in way.places]
        assert all(one.x < other.x for one, other in pairwise(spots))
        for (start, end), one, other in zip(ends, spots, spots[1:], strict=False):
            thick = layout.scale * way.link.mass
            assert one.y - 1e-9 <= start <= one.y + one.high - thick + 1e-9
            assert other.y - 1e-9 <= end <= other.y + other.high - thick + 1e-9
    assert layout.spots["casthouse"].mass == pytest.approx(250.0)


def test_places_of_the_network_do_not_lie_on_one_another(traces):
    for kind in ("known", "worked"):
        spots = laid_out(links_of(view_of(traces[kind], "en"))).spots.values()
        columns = {}
        for spot in spots:
            columns.setdefault(spot.x, []).append((spot.y, spot.y + spot.high))
        for column in columns.values():
            held = sorted(column)
            assert all(end <= start for (_, end), (start, _) in pairwise(held))


def test_actors_of_a_pilot_without_known_roles_have_bars_and_no_network(traces, lang):
    trace = traces["imported"]
    handovers = pd.DataFrame([made._handed("Yard A", "Works B", 12.0, 12.0, 0.0, 0.0)])
    page = trace_page(replace(trace, tables={**trace.tables, "handovers": handovers}), lang)
    assert "Yard A → Works B" in rows_of(figures(page, "network")[0])
    assert 'class="net"' not in page


def test_the_audit_draws_a_curve_a_kind_with_its_area(trace_pages, trace_texts, lang):
    body = figures(trace_pages["known"][lang], "audit")[0]
    titles = re.findall(r"<h4>(.*?)</h4>", body)
    assert (
        titles == {"ja": ["すべての誤り", "ロットの取り違え"], "en": ["Any fault", "One lot taken for another"]}[lang]
    )
    curves = re.findall(r'<path class="curve k-main" d="M(.*?)"/>', body)
    assert curves == ["0.0 600.0L250.0 175.7L1000.0 0.0"] * 2  # hits are the fourth root of false alarms
    assert body.count("k-none dash") == 2
    assert "0.812 ± 0.013" in trace_texts["known"][lang] or "0.813 ± 0.013" in trace_texts["known"][lang]
    assert re.search(r"0\.750 ± 0\.01[23]", trace_texts["known"][lang])


def test_of_a_pilot_nothing_is_said_to_be_true(trace_pages, trace_texts, lang):
    page, text = trace_pages["imported"][lang], trace_texts["imported"][lang]
    assert 'id="losses"' not in page
    assert {"ja": "黒い点", "en": "black dot"}[lang] not in page
    assert "k-ink" not in page.split("<body>")[1]
    assert "<h4>" not in page
    assert {"ja": "不明分が 11.0 から", "en": "falls from 11.0"}[lang] not in text
    assert {"ja": "与えられたまま", "en": "as they were given"}[lang] in text
    heads = re.findall(r'<th scope="col">(.*?)</th>', section(page, "claims"))
    assert {"ja": "実際", "en": "True"}[lang] not in heads
    assert {"ja": "主張", "en": "Claimed"}[lang] in heads
    assert 'id="bounds"' in page
    assert "7.0 %" not in page.split('class="answer"')[1].split("</div>")[0].replace("17.0 %", "")


def test_without_tables_the_page_says_so(trace_pages, trace_texts, lang):
    for kind in ("empty", "bare"):
        assert {"ja": "計算したものはありません", "en": "Nothing was worked out"}[lang] in trace_texts[kind][lang]
        for name in ("wrong", "bounds", "losses", "network", "audit", "onboarding"):
            assert f'<section id="{name}">' not in trace_pages[kind][lang]
        assert section(trace_pages[kind][lang], "habits")


def test_names_are_escaped(traces, lang):
    for kind in ("known", "imported"):
        trace = traces[kind]
        named = dict.fromkeys(("six_thousand", "casthouse 0", "casthouse", "aichi", "swapped_lot"), EVIL)
        tables = {name: table.replace(named) for name, table in trace.tables.items()}
        about = {**trace.about, "policy": EVIL, "region_names": {"aichi": {"ja": EVIL, "en": EVIL}}}
        if kind == "known":
            about["run"] = {**about["run"], "scenario": {"ja": EVIL, "en": EVIL}}
            about["habits"] = {
                "everyone": {"coverage": 0.5},
                EVIL: {"coverage": 0.5},
                "actors": {EVIL: {"coverage": 1.0}},
            }
        page = trace_page(replace(trace, tables=tables, about=about), lang)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(&#34;&amp;1&#34;)" in page
        assert page.count("<script") == 1  # our own


def test_many_products_of_a_pilot_are_drawn_up_to_six_and_counted(traces, lang):
    trace = traces["imported"]
    claims = pd.concat([
        trace.tables["claims"].assign(product=f"item {at}", output_mg=10**9 * at) for at in range(1, 10)
    ])  # fmt: skip
    page = trace_page(replace(trace, tables={"claims": claims}), lang)
    titles = " ".join(re.findall(r"<figcaption>(.*?)</figcaption>", section(page, "claims")))
    assert [f"item {at}" in titles for at in range(1, 10)] == [False] * 3 + [True] * 6
    assert {"ja": "ほかに 3 製品", "en": "3 more products"}[lang] in page


def test_simulated_actors_are_named_by_role_and_place_and_real_ones_as_they_are(traces):
    names = view_of(traces["known"], "ja").names
    assert names.actor("press shop") == "プレス工場（愛知）"
    assert names.actor("supplier") == "新地金の供給者"
    assert names.actor("casthouse 0") == "casthouse 0"  # there are two of them at one place
    assert names.actor("") == "相手の記載なし"
    assert view_of(traces["imported"], "ja").names.actor("press shop") == "press shop"


def test_the_report_is_written_into_the_folder(traces, trace_pages, tmp_path, lang):
    path = write_trace_report(tmp_path, traces["known"], lang)
    assert path == tmp_path / "report.html"
    assert path.read_text(encoding="utf-8") == trace_pages["known"][lang]


def test_every_kind_of_thing_in_a_trace_has_words():
    from cesim.run.trace.proofs import VIEWERS
    from cesim.trace.audit import contradictions
    from cesim.trace.genealogy.budget import MORE_WRONG_THAN_BUDGETED

    def there(room: str) -> set[str]:
        return {key.removeprefix(f"{room}.") for key in keys("en", f"{room}.")}

    assert set(ROLES) <= there("trace.role")
    assert {role.partition(":")[0] for nodes in COLUMNS for role in nodes if role} == set(ROLES)
    assert {"any", *FAULTS} <= there("trace.fault")
    assert {*FIELDS, *made.JUDGING} <= there("trace.habit")
    assert set(DECLARATIONS) <= there("trace.declaration")
    assert set(VIEWERS) <= there("trace.viewer")
    assert MORE_WRONG_THAN_BUDGETED in there("trace.reason")
    assert {law.key for law in LAWS} <= there("custody.law")
    assert {column.name for columns in TABLES.values() for column in columns} <= there("trace.column")
    text = Path(contradictions.__file__).read_text(encoding="utf-8")
    reasons = set(re.findall(r'(?:Conflict|_couples)\("(\w+)"', text)) | set(
        re.findall(r'^        \("(\w+)", ', text, re.M)
    )
    assert len(reasons) >= 8
    assert {f"proof_{reason}" for reason in reasons} <= there("trace.finding")


def test_every_table_of_a_folder_has_columns_and_every_column_is_there(traces):
    from cesim.run.trace.folders import TABLES as KEPT

    assert set(TABLES) == set(KEPT)
    for name, table in traces["worked"].tables.items():
        wanted = {column.source or column.name for column in TABLES[name]}
        assert wanted <= set(table.columns), name
        assert set(traces["known"].tables[name].columns) >= wanted


def test_where_nothing_is_unknown_the_answer_says_so(traces, trace_pages, lang):
    trace = traces["known"]
    claims = trace.tables["claims"]
    page = trace_page(
        replace(trace, tables={**trace.tables, "claims": claims.assign(possible=claims["provable"])}), lang
    )
    words = {"ja": "不明な分はない", "en": "nothing is unknown"}[lang]
    assert page.count(words) == 4
    assert words not in trace_pages["known"][lang]


def test_what_both_sides_recorded_is_what_neither_side_left_out(traces):
    held = traces["worked"].tables["handovers"]
    assert (held["both_t"] <= held[["shipped_t", "received_t"]].min(axis=1) + 1e-12).all()
    assert (held["both_t"] >= held["shipped_t"] + held["received_t"] - held["mass_t"] - 1e-12).all()
    assert 0.0 < held["both_t"].sum() < held["mass_t"].sum()


def test_platforms_are_told_by_messages_and_people(trace_pages, trace_texts, lang):
    rows = rows_of(figures(trace_pages["known"][lang], "platforms")[0])
    assert list(rows) == ["CMP", "RMP"]
    assert "200" in rows["CMP"][0]
    assert {"ja": "調査依頼 120、回答 80", "en": "requests 120, answers 80"}[lang] == rows["CMP"][1]
    text = trace_texts["known"][lang]
    for told in {"ja": ("290 台", "480 時間", "1.2 営業日"), "en": ("290 cars", "480 hours", "1.2 working days")}[lang]:
        assert told in text


def test_cars_of_one_lot_are_not_told_as_single_cars(traces, lang):
    asked = {**made.ABOUT["run"], "asked": {"first": 2035, "last": 2035, "batch": 20}}
    page = trace_page(replace(traces["known"], about={**made.ABOUT, "run": asked}), lang)
    body = section(page, "platforms")
    assert {"ja": "290 ロットの車", "en": "290 lots of cars"}[lang] in body
    assert {"ja": "20 台まで", "en": "up to 20 cars"}[lang] in body


def test_what_records_are_worth_in_metal(trace_pages, lang):
    rows = rows_of(figures(trace_pages["known"][lang], "onboarding")[2])
    shredder = {"ja": "シュレッダー・選別（gifu）", "en": "Shredders, sorters, gifu"}[lang]
    assert {name: told[0] for name, told in rows.items()} == {"dismantler 0": "12.5 t", shredder: "−0.5 t"}
    assert "k-second" in rows[shredder][2]
    assert "+0.012" in rows["dismantler 0"][1] or "+0.013" in rows["dismantler 0"][1]


def test_what_was_imported_with_reservations_is_told(traces, trace_pages, lang):
    trace = traces["imported"]
    remark = {"code": "import_more", "place": {"file": "<b>.json", "line": 3}, "arguments": {"count": 7, "what": "x"}}
    about = {**trace.about, "files": [{"name": "<i>a.csv"}], "remarks": [remark]}
    page = trace_page(replace(trace, about=about), lang)
    assert "&lt;b&gt;.json:3" in section(page, "reservations")
    assert "7" in section(page, "reservations")
    assert "&lt;i&gt;a.csv" in page.split("</header>")[0]
    assert 'id="reservations"' not in trace_pages["imported"][lang]


def test_every_kind_of_traffic_has_words(traces):
    from cesim.trace.platforms import traffic_cmp, traffic_ouranos, traffic_planet, traffic_rmp

    there = {key.removeprefix("trace.traffic.") for key in keys("en", "trace.traffic.")}
    counted = set()
    for module in (traffic_cmp, traffic_ouranos, traffic_planet, traffic_rmp):
        text = Path(module.__file__).read_text(encoding="utf-8")
        counted |= {
            one for told in re.findall(r'Count what.*?"""', text, re.S) for one in re.findall("``(\\w+)``", told)
        }
        counted |= set(re.findall(r'told\["(\w+)"\]', text))
    assert len(counted) >= 30
    assert counted <= there
    assert set(traces["worked"].tables["platforms"]["of"]) <= there
