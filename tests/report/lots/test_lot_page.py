"""The page of a lot-by-lot run: every number of the tables is there, sums add up, both languages have all words."""

import copy
import itertools
import re
from dataclasses import replace

import made_up_lots as made
import numpy as np
import pytest

from cesim.report.lots import lot_page
from cesim.report.lots.amounts import of_draws
from cesim.report.lots.view import OF_CHARGED, WENT, view_of
from cesim.text import keys

KINDS = ("single", "drawn", "years", "without_losses")
EVIL = '<b>&"'


def tenth(value: float) -> str:
    """A mass as somebody else would write it."""
    return f"{value:,.1f}".replace("-", "−")


def rows_of(page: str, section: str) -> list[dict[str, str]]:
    """Return the rows of the figures of a section: figure, name, number, what stands beside it."""
    found = []
    body = page.split(f'<section id="{section}">')[1].split("</section>")[0]
    for at, figure in enumerate(body.split("<figure")[1:]):
        for name, told in re.findall(
            r'<span class="name">(.*?)</span>.*?<span class="told">(.*?)</span></div>', figure
        ):
            number, _, beside = told.partition(" <small>")
            found.append({"figure": at, "name": name, "told": number, "beside": beside.removesuffix("</small>")})
    return found


def number(told: str) -> float:
    return float(re.search(r"[−\d.,]+", told)[0].replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_one_file_without_raw_keys_and_empty_numbers(lot_pages, lot_texts, lang, kind):
    page, text = lot_pages[kind][lang], lot_texts[kind][lang]
    assert page.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in page
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', page) == []
    assert "http" not in page
    assert re.findall(r"\b(?:nan|NaN|None|inf|Infinity|Markup|Amount)\b", text) == []
    assert re.findall(r"\b(?:report|lots|casthouse|column|kind|where)\.[a-z_]+", text) == []
    assert re.findall(r"[{}]", text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_japanese_pages_are_japanese_and_english_ones_english(lot_texts, kind):
    glossary = r"(?s)日本語 .*|Japanese .*"  # there both stand side by side
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", re.sub(glossary, "", lot_texts[kind]["en"])) == []
    assert re.findall(r"(?:[A-Za-z]{3,} ){3,}", re.sub(glossary, "", lot_texts[kind]["ja"])) == []


def test_the_answer_has_what_is_realised_what_costs_most_and_the_balance(lot_pages, see, lang):
    answer = see(lot_pages["single"][lang].split('class="answer"')[1].split("</div>")[0])
    for mass in (321.5, 700.5, 297.75, 87.5, 6.25, 333.75, 12.25):
        assert tenth(mass) in answer
    assert {"ja": "合金規格と承認で、297.8 t", "en": "alloy standards and approvals: 297.8 t"}[lang] in answer
    assert {"ja": "逆に 6.2 t の増加", "en": "6.2 t more, not less"}[lang] in answer
    assert {"ja": "12.2 t 少なく", "en": "12.2 t less"}[lang] in answer


@pytest.mark.parametrize(
    ("balance", "told"),
    [(300.0, {"ja": "21.5 t 多く", "en": "21.5 t more"}), (321.52, {"ja": "同じ量", "en": "the same"})],
)
def test_the_balance_may_have_less_or_the_same(lot_runs, see, lang, balance, told):
    run = lot_runs["single"]
    table = run.tables["indicators"].copy()
    table.loc[table["indicator"] == "returned_at_works", "balance"] = balance
    page = lot_page(replace(run, tables={**run.tables, "indicators": table}), lang)
    assert told[lang] in see(page.split('class="answer"')[1].split("</div>")[0])


def test_where_no_limit_costs_anything_none_is_said_to(lot_runs, see, lang):
    run = lot_runs["single"]
    about = copy.deepcopy(run.about)
    for limit in ("standard", "knowledge", "capacity"):
        about["headline"][limit]["best"] = -1.0
    told = {"ja": "量を減らしているものはありません", "en": "None of the limits"}[lang]
    assert told in see(lot_page(replace(run, about=about), lang))


def test_in_draws_the_median_comes_first_and_the_best_estimate_stays(lot_pages, see, lang):
    answer = see(lot_pages["drawn"][lang].split('class="answer"')[1].split("</div>")[0])
    low, median, high = np.quantile([made.RETURNED[0] * grown for grown in (1.1, 1.2, 1.3)], [0.05, 0.5, 0.95])
    first = answer.index(tenth(median))
    assert first < answer.index(tenth(321.5))
    assert tenth(low) in answer
    assert tenth(high) in answer
    assert tenth(297.75 * 1.2) in answer  # what standards cost in the median


def test_limits_hang_from_one_another_down_to_what_is_realised(lot_pages, lang):
    rows = rows_of(lot_pages["single"][lang], "limits")
    values = [number(row["told"]) for row in rows]
    assert len(values) == 5
    assert values[0] + sum(values[1:4]) == pytest.approx(values[4], abs=0.21)
    assert values[1:4] == [-297.8, -87.5, 6.2]
    marks = re.findall(r'<rect class="(k-\w+)" x="([\d.]+)" y="4" width="([\d.]+)"', lot_pages["single"][lang])[:5]
    assert [css for css, *_ in marks] == ["k-none", "k-second", "k-second", "k-post", "k-main"]
    left = [float(x) for _, x, _ in marks]
    right = [float(x) + float(width) for _, x, width in marks]
    assert right[0] == pytest.approx(right[1], abs=0.2)  # the first loss begins where the potential ends
    assert left[1] == pytest.approx(right[2], abs=0.2)
    assert left[2] == pytest.approx(left[3], abs=0.2)  # a gain goes back up
    assert right[3] == pytest.approx(right[4], abs=0.2)


def test_ranges_of_the_limits_are_those_of_the_draws(lot_pages, lang):
    rows = [row for row in rows_of(lot_pages["drawn"][lang], "limits") if row["figure"] == 1]
    assert [number(row["told"]) for row in rows] == [297.8, 87.5, -6.2]
    for row, best in zip(rows, (297.75, 87.5, -6.25), strict=True):
        low, median, high = sorted(np.quantile([best * grown for grown in (1.1, 1.2, 1.3)], [0.05, 0.5, 0.95]))
        told = [float(text.replace("−", "-")) for text in re.findall(r"(?<![–\d])−?\d+\.\d", row["beside"])]
        assert told == pytest.approx([median, low, high], abs=0.051)


def test_few_draws_are_called_few(lot_texts, lang):
    few = {"ja": "試行は 3 回だけです", "en": "There are only 3 draws"}[lang]
    assert few in lot_texts["drawn"][lang]
    assert few not in lot_texts["single"][lang]


def test_the_ways_of_the_metal_add_up(lot_pages, lang):
    rows = rows_of(lot_pages["single"][lang], "ways")
    first = [number(row["told"]) for row in rows if row["figure"] == 0]
    assert first[0] + first[1] == pytest.approx(first[2], abs=0.11)
    assert sum(first[3:]) == pytest.approx(first[2], abs=0.06 * len(first))
    second = [number(row["told"]) for row in rows if row["figure"] == 1]
    assert sum(second[1:]) == pytest.approx(second[0], abs=0.06 * len(second))
    assert second[0] == 1000.0
    assert second[-1] == 321.5
    assert any(row["told"].startswith("0.5 t") for row in rows)  # sold, and none of the reasons: downgraded before
    shares = [float(re.search(r"([\d.]+) %", row["told"])[1]) for row in rows[3:] if "%" in row["told"]]
    assert sum(shares) == pytest.approx(200.0, abs=0.06 * len(shares))


def test_bars_of_the_ways_stand_behind_one_another(lot_pages):
    body = lot_pages["single"]["en"].split('<section id="ways">')[1].split("</section>")[0]
    for figure, totals in zip(body.split("<figure")[1:], (3, 1), strict=True):
        bars = [tuple(map(float, x)) for x in re.findall(r'x="([\d.]+)" y="4" width="([\d.]+)"', figure)]
        parts, (begin, wide) = bars[totals:], bars[totals - 1]
        assert parts[0][0] == pytest.approx(begin, abs=0.11)
        for (left, width), (right, _) in itertools.pairwise(parts):
            assert right == pytest.approx(left + width, abs=1.0)  # the thinnest bar is one wide
        assert sum(parts[-1]) == pytest.approx(begin + wide, abs=1.0)


def test_sums_are_exact_before_they_are_rounded(lot_runs):
    for run in lot_runs.values():
        metal = view_of(run, "en").metal
        came = metal["in_cars"].best + metal["from_elsewhere"].best
        assert sum(metal[name].best for name in WENT) == pytest.approx(came, abs=1e-9)
        assert sum(metal[name].best for name in OF_CHARGED) == pytest.approx(metal["charged"].best, abs=1e-9)


def test_a_way_that_only_a_draw_knows_is_told(lot_runs, see):
    run = lot_runs["drawn"]
    metal = run.tables["metal"]
    where = (metal["where"] == "spec") & (metal["draw"] == 0)
    text = see(lot_page(replace(run, tables={**run.tables, "metal": metal[~where]}), "en"))
    assert re.search(r"Sold: fitted no alloy\s+0\.0 t", text)


def test_metal_counted_twice_is_said_to_be(lot_runs, lot_texts, see):
    run = lot_runs["single"]
    metal = run.tables["metal"].copy()
    metal.loc[metal["where"] == "on_the_way", "mass_t"] = -3.25
    text = see(lot_page(replace(run, tables={**run.tables, "metal": metal}), "en"))
    assert "A number below nothing" in text
    assert "−3.2 t" in text
    assert "A number below nothing" not in lot_texts["single"]["en"]


def test_engines_stand_side_by_side_with_their_difference(lot_texts, lang):
    text = re.sub(r"\s+", " ", lot_texts["single"][lang])
    points, vehicles = {"ja": ("ポイント", "台"), "en": ("points", "vehicles")}[lang]
    for said in (
        "321.5 t 333.8 t −12.2 t (−3.7 %)", f"6.12 % 6.54 % −0.42 {points}",
        "29,530.2 t 27,004.3 t +2,525.9 t (+9.4 %)",
        "80.5 t 0.0 t +80.5 t", f"102,403 {vehicles} 102,403 {vehicles} 0",
    ):  # fmt: skip
        assert said in text


def test_over_years_the_balance_is_added_up_and_each_year_has_its_indicators(lot_texts, lang):
    text = re.sub(r"\s+", " ", lot_texts["years"][lang])
    assert f"321.5 t {tenth(2 * made.BALANCE)} t" in text
    assert {"ja": "2030～2031年", "en": "2030–2031"}[lang] in text
    assert text.count("29,530.2 t 27,004.3 t") == 2


@pytest.mark.parametrize("kind", ["single", "drawn"])
def test_heats_of_the_best_estimate_are_counted_by_alloy_and_outcome(lot_pages, see, lang, kind):
    body = lot_pages[kind][lang].split('<section id="heats">')[1].split("</section>")[0]
    table = re.sub(r"\s+", " ", see(body.split("<tbody>")[1]))
    for row in ("6016 51 4 0 0 55", "6063 1,260 0 0 0 1,260", "AC4CH 6,900 15 12 3 6,930", "8,211 19 12 3 8,245"):
        assert row in table
    widths = [float(width) for width in re.findall(r'<rect class="k-\w+" x="[\d.]+" y="4" width="([\d.]+)"', body)]
    assert widths[0] / widths[1] == pytest.approx(51 / 4, rel=0.02)


def test_a_run_without_heats_says_so(lot_runs, see):
    run = lot_runs["single"]
    text = see(lot_page(replace(run, tables={**run.tables, "heats": run.tables["heats"].head(0)}), "en"))
    assert "No heat was charged with scrap." in text


def test_works_without_a_limit_have_no_utilisation(lot_pages, lot_texts, lang):
    rows = [row for row in rows_of(lot_pages["single"][lang], "works") if row["figure"] == 0]
    told = {row["name"]: row["told"] for row in rows}
    names = {
        "ja": ["解体（北）", "合金選別（北）", "残さ処理（南）", "炉（北）"],
        "en": ["Dismantlers, North", "Alloy sorter, North", "Residue plant, South", "Furnaces, North"],
    }[lang]
    in_hours = 2 / 8
    assert told == dict(zip(names, [f"{100 * in_hours:.1f} %", "50.0 %", "20.0 %", "25.0 %"], strict=True))
    queues = [row for row in rows_of(lot_pages["single"][lang], "works") if row["figure"] == 1]
    assert [number(row["told"]) for row in queues] == [7.0, 3.0, 0.5, 0.1]
    assert f"{7 * made.SECONDS / 1000 / 3600:,.1f}" in queues[0]["beside"]
    scrap = {"ja": "スクラップの輸送：解体（北）から", "en": "Scrap on the road, from: Dismantlers, North"}[lang]
    assert scrap in lot_texts["single"][lang]


def test_cars_and_lots_that_were_not_dealt_with_are_counted(lot_texts, lang):
    text = re.sub(r"\s+", " ", lot_texts["single"][lang])
    north, south = {"ja": ("北", "南"), "en": ("North", "South")}[lang]
    assert f"{north} 100,000 99,000 990 1.0 %" in text
    assert f"{south} 0 0 0 —" in text  # a share of nothing
    assert "800 80 10.0 %" in text


def test_trucks_have_their_units(lot_texts, lang):
    text = re.sub(r"\s+", " ", lot_texts["single"][lang])
    units = {"ja": ("便", "トンキロ", "百万円", "t-CO2e"), "en": ("loads", "t km", "million JPY", "t CO2e")}[lang]
    for unit, told in zip(units, ("15,861", "27,498,340", "333", "3,300"), strict=True):
        assert f"{unit} {told}" in text


def test_a_broken_law_and_engines_that_disagree_are_alarms(lot_runs, lot_pages, see, lang):
    run = lot_runs["single"]
    about = copy.deepcopy(run.about)
    about["laws_of_all"] = False
    about["mirror"]["agrees"] = False
    page = lot_page(replace(run, about=about), lang)
    assert page.count('class="alarm"') == 2
    assert 'class="alarm"' not in lot_pages["single"][lang]
    assert "0.2 g" in see(page.split('class="alarm"')[2].split("</p>")[0])


def test_without_the_runs_without_limits_nothing_is_said_of_them(lot_pages, lot_texts, lang):
    text = lot_texts["without_losses"][lang]
    assert "--no-losses" in text
    assert "700.5" not in text
    assert "321.5" in text
    assert rows_of(lot_pages["without_losses"][lang], "limits") == []


def test_what_was_asked_is_there(lot_texts, lang):
    text = lot_texts["single"][lang]
    told = {
        "ja": ("同じ型の車 200 台", "車の 30 % にあり、3 日遅れ", "北、南", "12 か月", "週 6 日、8 時から 17 時"),
        "en": (
            "cars of a type by 200",
            "for 30 % of cars, 3 days late",
            "North, South",
            "12 months",
            "8 to 17 h on 6 days",
        ),
    }
    for words in (*told[lang], "2fe0", "made.yaml"):
        assert words in text


@pytest.mark.parametrize("records", ["none", "simple", "perfect"])
@pytest.mark.parametrize("batch", [1, 20])
def test_every_kind_of_record_and_batch_has_words(lot_runs, records, batch, lang):
    run = lot_runs["single"]
    about = copy.deepcopy(run.about)
    about["assumed"]["records"], about["asked"]["batch"] = records, batch
    assert lot_page(replace(run, about=about), lang)


def test_names_are_escaped(lot_runs, lang):
    run = lot_runs["single"]
    about = copy.deepcopy(run.about)
    about["scenario"]["name"] = about["focus"] = {"ja": EVIL, "en": EVIL}
    about["region_names"]["north"] = {"ja": EVIL, "en": EVIL}
    about["scenario"]["file"] = EVIL
    page = lot_page(replace(run, about=about), lang)
    assert EVIL not in page
    assert "<b>" not in page.split("</head>")[1]
    assert "&lt;b&gt;&amp;&#34;" in page


def test_every_outcome_way_and_kind_of_works_has_words():
    from cesim.events.chain import outcome

    ways = {outcome.YARD_ROOM, outcome.MELTING, outcome.APPROVAL, outcome.SPEC, outcome.OTHER_ALLOY}
    there = {key.rsplit(".", 1)[1] for key in keys("en", "report.casthouse.lots.where.")}
    assert ways | {*WENT, *OF_CHARGED} <= there
    outcomes = {outcome.GOOD, outcome.CORRECTED, outcome.DOWNGRADED, outcome.OFF_SPEC}
    assert outcomes <= {key.rsplit(".", 1)[1] for key in keys("en", "report.casthouse.lots.column.")}


def test_every_kind_of_works_of_the_chain_has_words():
    import importlib
    import pkgutil

    import cesim.events.chain
    from cesim.events.facility import Facility

    for module in pkgutil.iter_modules(cesim.events.chain.__path__):
        importlib.import_module(f"cesim.events.chain.{module.name}")
    kinds, todo = set(), [Facility]
    while todo:
        one = todo.pop()
        todo += one.__subclasses__()
        if one.__module__.startswith("cesim.events.chain"):
            kinds.add(one.kind)
    there = {key.rsplit(".", 1)[1] for key in keys("en", "report.casthouse.lots.kind.")}
    assert {"casthouse", "dismantling"} <= kinds
    assert kinds - {"furnace"} <= there


def test_the_range_of_one_number_a_draw_is_of_the_draws_alone():
    import pandas as pd

    alone = of_draws(pd.Series([5.0], index=[0]))
    assert (alone.best, alone.low, alone.median, alone.high) == (5.0, None, None, None)
    drawn = of_draws(pd.Series([99.0, 1.0, 2.0, 3.0], index=[0, 1, 2, 3]))
    assert (drawn.best, drawn.low, drawn.median, drawn.high) == pytest.approx((99.0, 1.1, 2.0, 2.9))
