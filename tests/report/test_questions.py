"""The eleven questions of `questions.md` are answerable: each answer stands in the section it is said to stand in."""

import html as entities
import re
from pathlib import Path

import pytest

from cesim.report.doubt import drivers
from cesim.report.losses import losses
from cesim.report.numbers import write, write_difference, write_range
from cesim.report.read import described, in_language
from cesim.report.sheets import DESCRIBED
from cesim.report.words import Words

H1 = "h1_horizontal_rate_6xxx"


@pytest.fixture(scope="module")
def answers(tables, indicators, lang):
    w = Words(lang)
    run, focus = tables.run, tables.indicators[tables.indicators["region"] == tables.focus]
    values = focus.set_index(["indicator", "year"])
    tonnes = values.loc[("aluminium_returned", 2035)]
    target = tables.targets.set_index(["indicator", "year"]).loc[(H1, 2035)]
    crossing = values.loc[H1][lambda f: f["p50"] >= 0.25].index[0]
    then = values.loc[(H1, crossing)]
    spread = w("lines.then", low_high=write_range(then["p05"], then["p95"], "share", w))
    worst = losses(tables, "plastics", 2035).fates[0]
    first = drivers(tables, indicators, Words(lang))[0].check_first
    rate = indicators[H1]
    region = in_language(run["focus"]["name"], lang)
    return {
        1: ("about", [in_language(run["scenario"]["summary"], lang), region, "2023–2050"]),
        2: ("about", [w("about.what"), w("about.boundary", region=region)]),
        3: (
            "headline",
            [write(tonnes["p50"], "t", w), write_range(tonnes["p05"], tonnes["p95"], "t", w, tonnes["p50"])],
        ),
        4: ("headline", [w("gap.missed_up", size=write_difference(target["gap_p50"], "share", w))]),
        5: ("headline", [w("count.met", met=round(100 * target["probability"]))]),
        6: ("headline", [f"({w('legal')})", f"({w('voluntary')})"]),
        7: (
            "lines",
            [
                w("show_numbers"),
                w("lines.reached", year=crossing, median=write(then["p50"], "share", w), then=spread),
                f"{then['p95'] * 100:.1f}",
            ],
        ),
        8: ("losses", [w(f"loss.{worst.outlet}"), write(worst.mass, "t", w), write(worst.share, "share", w)]),
        9: ("indicators", [described(rate, what, lang) for what in DESCRIBED]),
        10: ("doubt", [w("doubt.first", name=first.name, share=write(first.share, "share", w))]),
        11: (
            "limits",
            [
                w("limit.in_count", count=60),
                f"{write(40.0, 't', w)} ({write_range(12.0, 80.0, 't', w, 40.0)})",
                w("limit.binds", element="Cu", share=write(0.6, "share", w)),
                w("limit.why_price", region=region),
                w("limit.why_supply", region=region),
            ],
        ),
    }


@pytest.mark.parametrize("number", range(1, 12))
def test_the_answer_stands_where_it_is_said_to(answers, html, number):
    section, texts = answers[number]
    part = html[html.index(f'<section id="{section}">') :].split("</section>")[0]
    plain = entities.unescape(re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", part, flags=re.DOTALL)))
    for text in texts:
        assert text in plain


def test_the_page_of_questions_names_the_same_sections(answers):
    page = (Path(__file__).parent / "questions.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| [^|]+ \| (\w+) \|", page, re.MULTILINE))
    assert rows == {str(number): section for number, (section, _) in answers.items()}
