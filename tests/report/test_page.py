"""The page says what the tables say, in both languages, loads nothing, and escapes what users write."""

import json
import re
from html.parser import HTMLParser

import pytest

from cesim.indicators.registry import INDICATORS
from cesim.report.headline import headline_rows, shown, stem, without_amount
from cesim.report.numbers import write, write_range
from cesim.report.page import render, write_report
from cesim.report.read import read_run
from cesim.report.words import Words
from cesim.text import keys, say
from cesim.text.catalogue import template

LARGEST = 1_800_000
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """Tags with their attributes, text outside scripts and styles, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def section(html: str, name: str) -> str:
    return html[html.index(f'<section id="{name}">') :].split("</section>")[0]


def inputs(html: str) -> dict:
    return json.loads(re.search(r'id="inputs-data">(.*?)</script>', html, re.DOTALL).group(1))


def test_every_tag_is_closed(page):
    assert page.open == []


def test_sections_stand_in_order(html):
    found = re.findall(r'<section id="(\w+)">', html)
    assert found == ["about", "headline", "lines", "flows", "losses", "limits", "indicators", "doubt", "glossary"]


def test_headline_numbers_equal_the_table(html, tables, indicators, lang):
    words = Words(lang)
    frame = tables.indicators[tables.indicators["region"] == tables.focus].set_index(["indicator", "year"])
    pattern = r'data-indicator="(\w+)" data-year="(\d+)">([^<]+)</span>\s*<span class="range">([^<]+)<'
    found = re.findall(pattern, section(html, "headline"))
    heads = shown(tables, indicators)
    assert len(found) == len(heads) * len(tables.report_years)
    for indicator, year, median, spread in found:
        row, unit = frame.loc[(indicator, int(year))], indicators[indicator].unit
        assert median == write(row["p50"], unit, words)
        assert spread == write_range(row["p05"], row["p95"], unit, words, row["p50"])


def test_gaps_and_counts_equal_the_table(html, tables, lang):
    words = Words(lang)
    text = " ".join(section(html, "headline").split())
    rows = tables.targets[tables.targets["year"].isin(tables.report_years)]
    rows = rows[rows["indicator"].isin(["h1_horizontal_rate_6xxx", "recycled_plastics_fleet_average"])]
    assert len(rows) == 5
    for row in rows.to_dict("records"):
        side = "met_up" if row["gap_p50"] >= 0 else "missed_up"
        gap = words(f"gap.{side}", size=f"{abs(row['gap_p50']) * 100:.1f} {words('unit.points')}")
        count = words("count.met", met=round(100 * row["probability"]))
        assert f"<b>{gap}</b> <span>{count}</span>" in text


def test_a_target_set_earlier_is_held_and_counted_from_the_draws(html, tables, lang):
    met = (tables.draws["recycled_plastics_eu_new_types|chubu|2040"] >= 0.25).mean()
    assert Words(lang)("count.met", met=round(100 * met)) in section(html, "headline")


def test_nothing_is_loaded(page, html):
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "poster", "data", "action", "background"):
            assert not attributes.get(name), (tag, name)
        target = attributes.get("href") or "#"
        assert target.startswith("#") or target == "data:,", target
        assert tag not in ("iframe", "object", "embed", "base")
    for style in re.findall(r"<style>(.*?)</style>", html, re.DOTALL):
        assert "url(" not in style
        assert "@import" not in style


def test_size(html):
    assert len(html.encode()) < LARGEST


def test_every_figure_is_valid_json_with_a_still_picture_and_a_table(html, tables, indicators):
    heads = [i.id for i in shown(tables, indicators)]
    for head in heads:
        raw = re.search(rf'id="fig-{head}">(.*?)</script>', html, re.DOTALL)
        assert raw
        figure = json.loads(raw.group(1))
        assert len(figure["data"]) >= 6
    lines = section(html, "lines")
    assert lines.count('<svg class="still"') == lines.count('<table class="small"') == len(heads)


def test_figures_hold_the_numbers_of_the_table(html, tables):
    raw = re.search(r'id="fig-h1_horizontal_rate_6xxx">(.*?)</script>', html, re.DOTALL)
    assert raw
    median = json.loads(raw.group(1))["data"][4]
    frame = tables.indicators
    frame = frame[(frame["indicator"] == "h1_horizontal_rate_6xxx") & (frame["region"] == tables.focus)]
    assert median["x"] == list(frame["year"])
    assert median["y"] == pytest.approx(list(frame["p50"] * 100), abs=1e-4)


def test_every_year_of_the_flows_is_in_the_page_and_one_is_shown(html, tables):
    flows = section(html, "flows")
    for year in tables.report_years:
        assert flows.count(f'<div class="view" data-year="{year}"') == 6
    assert flows.count(" hidden>") == 6 * (len(tables.report_years) - 1)
    assert flows.count('<div class="view" data-year="2035">') == 6


def test_every_indicator_has_a_row_with_its_definition(html, indicators):
    table = section(html, "indicators")
    for info in indicators.values():
        assert f'id="def-{info.id}"' in table
        assert info.formula in table


def test_every_input_is_listed(html, tables):
    held = inputs(html)
    assert [row[1] for row in held["rows"]] == list(tables.sources["path"])
    assert {held["texts"][row[5]] for row in held["rows"]} == set(tables.sources["source"])


def test_no_word_of_the_other_language(page, lang):
    text = "".join(page.text)
    assert not re.search(r"report\.[a-z_]+\.", text)
    if lang == "en":
        told = text[: text.index(Words(lang)("glossary.head"), text.index(Words(lang)("doubt.drivers_head")))]
        assert not re.search(r"[ぁ-んァ-ン]", told)


def test_both_languages_have_the_same_words_and_arguments():
    assert keys("ja", "report.") == keys("en", "report.")
    for key in keys("ja", "report."):
        holes = [set(re.findall(r"{(\w+)}", template(key, lang))) for lang in ("ja", "en")]
        assert holes[0] == holes[1], key
    assert say("report.lang", "ja") == "ja"


def test_what_users_write_is_escaped(copied, indicators, lang):
    evil = "</script><script>alert(1)</script>"
    run = json.loads((copied / "run.json").read_text())
    run["scenario"]["name"] = {"ja": evil, "en": evil}
    run["focus"]["name"] = {"ja": evil, "en": evil}
    run["certificate"]["where"] = evil
    (copied / "run.json").write_text(json.dumps(run))
    sources = read_run(copied).sources
    sources.loc[0, ["source", "unit", "note"]] = evil
    sources.loc[1, "url"] = "javascript:alert(1)"
    sources.to_parquet(copied / "sources.parquet")
    targets = read_run(copied).targets.assign(name_ja=evil, name_en=evil)
    targets.to_parquet(copied / "targets.parquet")
    html = render(read_run(copied), lang, indicators)
    assert "alert(1)</script>" not in html
    assert 'href="javascript' not in html
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in html
    Page(html)


def test_few_draws_are_not_counted(tmp_path, indicators, lang):
    import made_up_run

    folder = made_up_run.write_run(tmp_path / "few", draws=50)
    text = render(read_run(folder), lang, indicators)
    words = Words(lang)
    assert words("count.unresolved") in text
    assert not re.search(words("count.met", met=r"\d+"), section(text, "headline"))


def test_one_draw_shows_no_range_and_no_chance(tmp_path, indicators, lang):
    import made_up_run

    text = render(read_run(made_up_run.write_run(tmp_path / "one", draws=1)), lang, indicators)
    words = Words(lang)
    assert words("headline.single") in text
    assert words("about.reading_one") in text
    for part in ("headline", "indicators", "lines"):
        shown_part = section(text, part)
        assert 'class="range"' not in shown_part
        assert words("range") not in shown_part
        assert words("count.unresolved") not in shown_part
        assert not re.search(words("count.met", met=r"\d+"), shown_part)


def test_words_stand_for_processes_grades_regions_and_inputs(real_html, lang):
    text = real_html
    page = Page(text)
    told = "".join(page.text)
    for raw in ("melt_down", "scrap_yard", "part_making", "others_", "grade_", "new_car_market", "east_focus", "nan"):
        assert raw not in told
    assert not re.search(r"e[+-]\d\d ?(t|トン)", told)
    assert len(text.encode()) < LARGEST
    named = [row for row in inputs(text)["rows"] if row[0]]
    assert len(named) == len(inputs(text)["rows"])
    if lang == "en":
        assert not re.search(r"[ぁ-んァ-ン]", "".join(row[0] for row in named))


def test_plain_settings_are_counted_and_not_listed(real_tables, real_html, lang):
    text = real_html
    given = int((real_tables.sources["status"] == "given").sum())
    assert given > 100
    assert Words(lang)("doubt.given_note", n=f"{given:,}") in text
    assert len(inputs(text)["rows"]) == len(real_tables.sources) - given


def test_a_national_target_is_compared_with_the_country(real_tables):
    rows = headline_rows(real_tables, INDICATORS, "en")
    (row,) = [row for row in rows if row.indicator.id == "recycled_plastics_sustainable"]
    cell = next(cell for cell in row.cells if cell.year == 2035)
    (goal,) = cell.goals
    table = real_tables.targets
    (wanted,) = table[(table["target"] == "moe_2035") & (table["region"] == "all")].to_dict("records")
    assert goal.national
    assert (goal.value, goal.gap) == (wanted["value"], wanted["gap_p50"])
    assert cell.country is not None
    assert cell.country.median - goal.value == pytest.approx(goal.gap)
    assert cell.country.median > cell.median


def test_a_later_step_of_a_target_replaces_the_earlier_one(real_tables):
    assert stem("eu_step1") == stem("eu_step2") == "eu_step"
    assert stem("jama_2031") == "jama"
    assert without_amount("JAMA sustainable plastics 15 %") == "JAMA sustainable plastics"
    assert without_amount("環境省 供給124千トン") == "環境省 供給"
    for row in headline_rows(real_tables, INDICATORS, "ja"):
        for cell in row.cells:
            assert len({stem(goal.target) for goal in cell.goals}) == len(cell.goals)


def test_a_place_holder_is_named_as_one(real_html, lang):
    assert ("仮置き" if lang == "ja" else "place-holder") in section(real_html, "headline")


def test_a_failed_certificate_is_said_on_top(copied, indicators, lang):
    run = json.loads((copied / "run.json").read_text())
    run["certificate"]["passed"] = False
    (copied / "run.json").write_text(json.dumps(run))
    text = render(read_run(copied), lang, indicators)
    assert Words(lang)("doubt.failed") in section(text, "headline")


def test_a_run_without_plastics_and_shares_is_reported(copied, indicators, lang):
    tables = read_run(copied)
    tables.flows[tables.flows["material"] != "plastics"].to_parquet(copied / "flows.parquet")
    sources = tables.sources
    sources[[c for c in sources.columns if not c.startswith(("share_", "noise_"))]].to_parquet(
        copied / "sources.parquet"
    )
    tables.targets.head(0).to_parquet(copied / "targets.parquet")
    text = render(read_run(copied), lang, indicators)
    words = Words(lang)
    assert words("loss.none") in text
    assert words("doubt.no_shares") in text
    assert 'id="flow-plastics"' not in text


def test_writing_twice_gives_the_same_bytes(copied, indicators, lang):
    first = write_report(copied, lang, indicators).read_bytes()
    assert write_report(copied, lang, indicators).read_bytes() == first


def test_what_could_not_be_computed_is_a_dash(copied, indicators, lang):
    tables = read_run(copied)
    lost = (tables.indicators["indicator"] == "h1_horizontal_rate_6xxx") & (tables.indicators["year"] == 2030)
    columns = ["best", "mean", "sd", "p05", "p25", "p50", "p75", "p95"]
    tables.indicators.loc[lost, columns] = float("nan")
    tables.indicators.to_parquet(copied / "indicators.parquet")
    tables.targets.loc[tables.targets["year"] == 2035, ["gap_p50", "gap_p05", "gap_p95", "probability"]] = float("nan")
    tables.targets.to_parquet(copied / "targets.parquet")
    text = section(render(read_run(copied), lang, indicators), "headline")
    assert 'data-indicator="h1_horizontal_rate_6xxx" data-year="2030"' not in text
    assert Words(lang)("table.missing") in text
    assert "nan" not in text


def test_six_hundred_inputs_still_fit(copied, indicators, lang):
    import made_up_run

    made_up_run.source_table(600, 7).to_parquet(copied / "sources.parquet")
    assert len(render(read_run(copied), lang, indicators).encode()) < LARGEST
