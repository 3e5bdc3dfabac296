"""The pages for engineers: every number of the answer is there, in both languages, and nothing else gets in."""

import re
from dataclasses import dataclass, replace

import made_up_casthouse as casthouse
import numpy as np
import pytest

from cesim.charge import AlloyLimits, Information
from cesim.charge.graderesult import RATES
from cesim.charge.margin import upper_bound
from cesim.report.casthouse import charge_page, comparison_page, design_page, information_page, trial_page
from cesim.text import keys

EVIL = '<q>&"'
KINDS = (
    "charge", "corrected", "co2", "impossible", "trial", "refused", "comparison", "half", "information", "design",
)  # fmt: skip

NO_CHANGE = {"ja": "変化なし", "en": "no change"}


def significant(value: float) -> str:
    """Three significant digits, as somebody else would write them."""
    if value == 0.0:
        return "0"
    places = max(2 - int(np.floor(np.log10(abs(value)))), 0)
    return f"{round(value, places):,.{min(places, 6)}f}".replace("-", "−")


def has_all(text: str, numbers: dict[str, str]) -> None:
    missing = {name: number for name, number in numbers.items() if number not in text}
    assert missing == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_one_file_without_raw_keys_and_empty_numbers(pages, texts, lang, kind):
    page, text = pages[kind][lang], texts[kind][lang]
    assert page.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in page
    assert 'name="viewport"' in page
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', page) == []
    assert "http" not in page
    assert re.findall(r"\b(?:nan|NaN|None|inf|Infinity|Markup|Estimate)\b", text) == []
    assert re.findall(r"\b(?:report|casthouse|charge|trial|column|unit)\.[a-z_]+", text) == []
    assert re.findall(r"[{}]", text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_japanese_pages_are_japanese_and_english_ones_english(texts, kind):
    glossary = r"(?s)日本語 .*|Japanese .*"  # there both stand side by side
    english = re.sub(glossary, "", texts[kind]["en"])
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", english) == []
    japanese = re.sub(glossary, "", texts[kind]["ja"])
    assert re.search(r"[ぁ-ん]", japanese)
    long_english = re.findall(r"(?:[A-Za-z]{3,} ){3,}", japanese)
    assert long_english == []


def test_the_catalogue_has_the_same_words_in_both_languages():
    assert keys("ja", "report.casthouse.") == keys("en", "report.casthouse.")


def test_a_charge_tells_all_its_numbers(texts, charged, lang):
    answer = charged[1]
    risk = answer.realised_risk
    numbers = {f"mix {name}": f"{mass:,.3f}" for name, mass in answer.mix.items()}
    numbers |= {name: significant(100 * value) for name, value in answer.composition.items()}
    numbers |= {
        "recycled": f"{100 * answer.recycled_content:.1f} %", "post": f"{100 * answer.post_consumer:.1f} %",
        "pre": f"{100 * answer.pre_consumer:.1f} %", "heat": f"{answer.cost:,.0f}",
        "t": f"{answer.cost / answer.melt:,.0f}", "co2": significant(answer.co2),
        "co2 each": significant(answer.co2 / answer.melt), "risk": significant(100 * risk.share),
        "bound": significant(100 * risk.upper_bound), "low": significant(100 * risk.lower_bound),
        "nominal": significant(100 * answer.nominal_risk), "off": f"{risk.off:,}",
    }  # fmt: skip
    assert answer.shadow_prices
    for name, (down, up) in answer.shadow_prices.items():
        for way, change in (("down", -down), ("up", up)):
            told = significant(100 * 1e-4 * change)
            numbers[f"{name} {way}"] = NO_CHANGE[lang] if float(told.replace("−", "-")) == 0.0 else told
    has_all(texts["charge"][lang], numbers)


def test_the_windows_of_a_charge_are_those_of_the_alloy_and_the_binding_ones_are_marked(pages, charged):
    charge, answer = charged
    figure = pages["charge"]["en"].split('id="composition"')[1].split("<table")[0]
    rows = dict(re.findall(r'<div class="row( strong)?"><span class="name">([^<]+)', figure)[::-1])
    strong = {
        name for mark, name in re.findall(r'<div class="row( strong)?"><span class="name">([^<]+)', figure) if mark
    }
    assert strong == set(answer.binding)
    assert rows
    for element, low, high in zip(charge.alloy.elements, charge.alloy.lower, charge.alloy.upper, strict=True):
        told = figure.split(f'<span class="name">{element}</span>')[1].split("</small>")[0]
        assert significant(100 * high) in told
        assert low == 0 or significant(100 * low) in told


def test_a_corrected_charge_tells_what_knowing_is_worth(texts, lang):
    plan = casthouse.charge().two_stage(50)
    names = ("cost", "charge_cost", "correction_cost", "evpi", "vss", "bound")
    has_all(texts["corrected"][lang], {name: f"{getattr(plan, name):,.0f}".replace("-", "−") for name in names})
    has_all(texts["corrected"][lang], {name: f"{mass:,.3f}" for name, mass in plan.corrections.items()})


def test_where_nothing_can_be_charged_the_page_says_why_and_what_helps(pages, texts, lang):
    answer = casthouse.impossible().least_cost()
    text = texts["impossible"][lang]
    for reason in answer.reasons:
        assert reason.words(lang) in text
    assert answer.certificate
    has_all(text, {name: f"{weight:.4g}" for name, weight in answer.certificate.items()})
    assert 'id="mix"' not in pages["impossible"][lang]
    assert 'class="answer bad"' in pages["impossible"][lang]


def test_a_risk_nobody_can_keep_is_told_as_searched_and_not_proved(charged, seen):
    charge, answer = charged
    nothing = replace(
        answer, status="infeasible", mix={}, recycled_content=None, post_consumer=None, pre_consumer=None, cost=None,
        co2=None, binding={}, shadow_prices={}, realised_risk=None, certificate={},
    )  # fmt: skip
    assert "no proof" in seen(charge_page(nothing, "en", charge=charge, title="x"))


def test_a_limit_that_cannot_move_is_told_in_words(charged, seen):
    charge, answer = charged
    name = next(iter(answer.shadow_prices))
    stuck = replace(answer, shadow_prices={name: (float("inf"), 0.0)})
    text = seen(charge_page(stuck, "en", charge=charge, title="x"))
    assert "no charge any more" in text
    assert "no change" in text
    assert not re.search(r"\binf\b", text)


def test_a_trial_tells_all_its_rates(texts, trial, lang):
    numbers = {}
    for source, rates in {"all": {name: getattr(trial, name) for name in RATES}, **trial.by_source}.items():
        for name, value in rates.items():
            if np.isfinite(value) and value.standard_error > 0:
                places = max(1 - int(np.floor(np.log10(100 * value.standard_error))), 0)
                numbers[f"{source} {name}"] = f"{100 * value:.{places}f} ± {100 * value.standard_error:.{places}f}"
    for name, value in (*trial.sole_cause.items(), *trial.first_cause.items()):
        if value.standard_error > 0:
            places = max(1 - int(np.floor(np.log10(100 * value.standard_error))), 0)
            numbers[f"cause {name}"] = f"{100 * value:.{places}f} ± {100 * value.standard_error:.{places}f}"
    numbers |= {f"mean {e}": significant(100 * v) for e, v in zip(ELEMENTS, trial.accepted.mean, strict=True)}
    numbers |= {f"limit {name}": significant(100 * limit) for name, limit in casthouse.GRADE.upper.items()}
    numbers |= {f"t {name}": f"{tonnes:,.1f}" for name, tonnes in trial.tonnes.items()}
    melting = trial.melting
    numbers |= {
        "recycled": f"{100 * melting.recycled_content:.1f}", "margin": f"{melting.margin:.3f}",
        "bound": significant(100 * melting.risk_bound),
    }  # fmt: skip
    numbers |= {f"charged {name}": f"{mass:.3f}" for name, mass in melting.mix.items()}
    has_all(texts["trial"][lang], numbers)


ELEMENTS = casthouse.ELEMENTS


def test_nothing_accepted_is_said_and_shares_of_nothing_are_dashes(pages, texts, lang):
    text = texts["refused"][lang]
    assert "—" in text
    assert 'id="holds"' not in pages["refused"][lang]
    assert 'class="mix"' not in pages["refused"][lang]
    said = {"en": "Nothing was accepted", "ja": "合格したロットがない"}[lang]
    assert said in text
    assert "sole_cause" not in text


def test_scrap_that_no_charge_can_use_is_said_with_the_reason(trial, seen):
    """Lots pass, but the alloy allows less iron than primary metal has."""
    pure = AlloyLimits("pure", ELEMENTS, [0.0] * 4, [0.015, 0.0005, 0.002, 0.006])
    result = replace(trial, test=replace(trial.test, alloy=pure))
    for lang, word in (("en", "keeps risk"), ("ja", "守る配合がありません")):
        page = trial_page(result, lang, title="x")
        assert word in seen(page), lang
        assert 'id="holds"' in page


def test_without_an_alloy_there_is_no_word_of_melting(trial, seen):
    page = trial_page(replace(trial, test=replace(trial.test, alloy=None, shop=None)), "en", title="x")
    assert 'id="melting"' not in page
    assert "6016" not in seen(page)


def test_a_comparison_tells_every_difference_with_its_error(texts, comparison, lang):
    numbers = {}
    for name, value in comparison.differences.items():
        factor = 1.0 if name in ("cost", "co2") else 100.0
        places = min(max(1 - int(np.floor(np.log10(factor * value.standard_error))), 0), 6)
        told = f"{factor * value:,.{places}f} ± {factor * value.standard_error:,.{places}f}"
        numbers[name] = told.replace("-", "−")
    has_all(texts["comparison"][lang], numbers)


def test_a_grade_beside_one_that_takes_nothing_still_compares_the_gates(pages, texts, trial, lang):
    refused = casthouse.nobody_passes(trial)
    change = 100 * (float(refused.acceptance) - float(trial.acceptance))
    assert f"−{abs(change):.2f}" in texts["half"][lang]
    assert 'class="alarm"' in pages["half"][lang]


def test_equal_grades_differ_by_nothing(trial, seen):
    text = seen(comparison_page(trial.compare(trial.again(casthouse.GRADE)), "en", title="x"))
    assert "does not differ beyond chance" in text


def test_the_value_of_information_tells_levels_gains_and_the_price_of_a_per_cent(texts, value, lang):
    numbers = {}

    def told(name, estimate, factor):
        error = factor * estimate.standard_error
        if error > 1e-9:
            places = min(max(1 - int(np.floor(np.log10(error))), 0), 6)
            numbers[name] = f"{factor * estimate:,.{places}f} ± {error:,.{places}f}".replace("-", "−")

    for level in value.levels:
        told(f"{level.information.name} recycled", level.recycled_content, 100.0)
        told(f"{level.information.name} cost", level.cost, 1.0)
        told(f"{level.information.name} co2", level.co2, 1.0)
        numbers[f"{level.information.name} margin"] = f"{level.margin:.3f}"
        numbers[f"{level.information.name} bound"] = significant(100 * level.risk_bound)
    for gain in (*value.gains()[1:], *value.per_cent_of_record()):
        for key in ("points", "yen", "co2"):
            told(f"{gain.name} {key}", getattr(gain, key), 1.0)
    assert len(numbers) > 20
    has_all(texts["information"][lang], numbers)


def test_one_level_alone_and_names_of_ones_own_have_a_page(seen):
    alone = casthouse.information(replace(Information.of_record(0.9), name="record by hand"), yards=1)
    text = seen(information_page(alone, "en", title="x"))
    assert "record by hand" in text
    assert not re.search(r"\bnan\b", text)


def test_every_design_stands_in_the_table_with_all_its_numbers(pages, design):
    designs = design.grid()
    table = pages["design"]["en"].split('id="designs"')[1].split("</table>")[0]
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    assert len(rows) == designs.cost.size
    for at, row in enumerate(rows):
        place = divmod(at, designs.widening.size)
        assert row[:2] == [f"×{designs.levels[place[0]]:.3g}", f"×{designs.widening[place[1]]:.3g}"]
        if not np.isfinite(designs.cost[place]):
            assert row[2:7] == ["—"] * 5
            assert row[7].startswith("no charge: ")
            continue
        risk = float(designs.risk[place])
        assert row[2] == f"{100 * designs.recycled_content[place]:.1f}"
        assert row[3] == f"{designs.cost[place]:,.0f}"
        assert row[4] == significant(float(designs.co2[place]))
        assert row[5] == significant(100 * risk)
        assert row[6] == significant(100 * upper_bound(round(risk * design.heats), design.heats))
        assert row[8:] == [f"{mass:.4f}".replace("-0.0000", "0.0000") for mass in designs.mix[place]]


def test_fields_and_points_lead_to_their_own_row(pages, design):
    """The lowest level lies at the bottom of the map; a point of the front is the design it stands for."""
    designs, page = design.grid(), pages["design"]["en"]
    wide = designs.widening.size
    cells = page.split('class="cells"')[1].split("</div>")[0]
    order = [int(at) for at in re.findall(r'data-at="(\d+)"', cells)]
    assert order[:wide] == list(range((designs.levels.size - 1) * wide, designs.levels.size * wide))
    assert order[-wide:] == list(range(wide))
    assert len(re.findall(r'class="no[" ]', cells)) == int(np.isnan(designs.cost).sum()) > 0
    points = {int(at) for at in re.findall(r'class="spot" data-at="(\d+)"', page)}
    front = {
        int(np.flatnonzero(designs.levels == row["level"])[0]) * wide
        + int(np.flatnonzero(designs.widening == row["widening"])[0])
        for row in design.front()
    }
    assert points == front
    assert page.count('class="now"') == 2


def test_the_costliest_limits_are_told_in_tonnes_and_yen(texts, design, lang):
    numbers = {}
    for limit in design.costliest_limit():
        numbers[f"{limit.side} {limit.name} t"] = significant(limit.tonnes)
        numbers[f"{limit.side} {limit.name} yen"] = significant(limit.yen / 1e6)
        numbers[f"{limit.side} {limit.name} co2"] = significant(limit.co2)
    rounded = {
        name: number.removesuffix("0")
        for name, number in numbers.items()
        if float(number.replace("−", "-").replace(",", ""))
    }
    has_all(texts["design"][lang], rounded)


def test_no_design_at_all_is_an_answer_too(seen):
    pure = replace(casthouse.ALLOY, upper=np.array([0.015, 0.0005, 0.002, 0.006]))
    nothing = casthouse.design(alloy=pure, widened=("Cu",), lots=200, heats=10)
    for lang in ("ja", "en"):
        page = design_page(nothing, lang, title="x")
        assert 'class="answer bad"' in page
        assert 'class="front"' not in page
        assert "nan" not in seen(page)


@dataclass(frozen=True)
class Line:
    line: str
    found: float | None
    holds: bool


def test_expectations_are_listed_as_kept_or_missed(charged, lang):
    charge, answer = charged
    lines = (Line("recycled_content >= 0.1", 0.25, True), Line("co2_t < 1", 9.5, False), Line("x > <1>", None, False))
    page = charge_page(answer, lang, charge=charge, title="x", expected=lines)
    assert page.count('<li class="kept">') == 1
    assert page.count('<li class="missed">') == 2
    assert "<code>recycled_content &gt;= 0.1</code>" in page
    assert "9.5" in page
    assert "x &gt; &lt;1&gt;" in page


def test_what_was_asked_is_folded_away_in_its_order(charged):
    charge, answer = charged
    page = charge_page(answer, "en", charge=charge, title="x", asked={"alloy": "6016", "yard": "two lots"})
    asked = page.split('<details class="ask">')[1].split("</details>")[0]
    assert re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", asked) == [("alloy", "6016"), ("yard", "two lots")]
    paired = charge_page(answer, "en", charge=charge, title="x", asked=[("alloy", "6016"), ("yard", "two lots")])
    assert paired == page
    assert '<details class="ask">' not in charge_page(answer, "en", charge=charge, title="x")


def test_names_are_escaped_wherever_they_stand(lang):
    given = {"title": EVIL, "asked": {EVIL: EVIL}, "expected": (Line(EVIL, 1.0, True),)}
    charge, nothing = casthouse.kept(name=EVIL), casthouse.impossible(EVIL)
    result = casthouse.trial(replace(casthouse.GRADE, name=EVIL), sheet=EVIL)
    alone = casthouse.information(replace(Information.none(), name=EVIL), yards=2)
    sources = casthouse.sources(sheet=EVIL)
    names = tuple(source.name for source in sources)
    evil_design = casthouse.design(
        sources=sources, furnace=casthouse.furnace(names), supplies=dict.fromkeys(names, 3e3),
        prices=dict.fromkeys(names, 2e5), co2=dict.fromkeys(names, 0.4), lots=200, heats=10,
    )  # fmt: skip
    pages = (
        charge_page(charge.most_recycled(), lang, charge=charge, **given),
        charge_page(nothing.least_cost(), lang, charge=nothing, **given),
        trial_page(result, lang, **given),
        comparison_page(result.compare(result.again(casthouse.GRADE)), lang, **given),
        information_page(alone, lang, **given),
        design_page(evil_design, lang, **given),
    )
    for page in pages:
        assert "<q>" not in page
        assert page.count("&lt;q&gt;&amp;&#34;") >= 4


def test_what_the_answer_leaves_aside_stands_on_every_page(charged, trial, comparison, value, design):
    charge, answer = charged
    given = {"title": "x", "remarks": ("The sorter <is> left aside.",)}
    pages = (
        charge_page(answer, "en", charge=charge, **given), trial_page(trial, "en", **given),
        comparison_page(comparison, "en", **given), information_page(value, "en", **given),
        design_page(design, "en", **given),
    )  # fmt: skip
    for page in pages:
        assert page.count("The sorter &lt;is&gt; left aside.") == 1


def test_primary_metal_among_the_additions_of_a_furnace_counts_as_primary(pages):
    mix = pages["corrected"]["en"].split('id="mix"')[1].split("</section>")[0]
    kinds = dict(re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', mix))
    assert kinds["silicon"] == "additions"
    assert {kinds[name] for name in ("P1020", "T-bar") if name in kinds} == {"primary metal, run-around scrap"}


def rows_under(page: str, caption: str) -> dict[str, str]:
    """Name -> number of the rows of the figure with a caption."""
    figure = page.split(f"<figcaption>{caption}</figcaption>")[1].split("</figure>")[0]
    return dict(re.findall(r'class="name">([^<]+)</span>.*?class="told">([^<]+)<', figure))


def test_each_figure_shows_the_numbers_of_its_caption(pages, trial, charged, comparison):
    page = pages["trial"]["en"]
    for caption, key in (
        ("Accepted, % of the tonnes offered", "acceptance"), ("False accept, % of what was accepted", "false_accept"),
        ("False reject, % of what is truly good", "false_reject"),
    ):  # fmt: skip
        rows = rows_under(page, caption)
        assert float(rows["all together"].split()[0]) == pytest.approx(100 * getattr(trial, key), abs=0.06)
        for name, rates in trial.by_source.items():
            if np.isfinite(rates[key]):
                assert float(rows[name].split()[0]) == pytest.approx(100 * rates[key], abs=0.6)
    for caption, causes in (("alone", trial.sole_cause), ("worst miss", trial.first_cause)):
        start = "Turned away by this limit alone" if caption == "alone" else "Turned away, worst miss"
        rows = rows_under(page, f"{start}, % of all tonnes")
        assert float(rows["Fe"].split()[0]) == pytest.approx(100 * causes["Fe"], abs=0.06)
    prices, answer = pages["charge"]["en"], charged[1]
    for way, at, sign in (("lower", 0, -1.0), ("higher", 1, 1.0)):
        rows = rows_under(prices, f"Limit 0.01 points {way}: change of recycled content (points)")
        for name, side in answer.binding.items():
            told = rows[f"{name} {'max' if side == 'upper' else 'min'}"].replace("−", "-").split()[0]
            change = sign * 1e-2 * answer.shadow_prices[name][at]
            assert told == "no" or float(told) == pytest.approx(change, rel=6e-3)
    rows = rows_under(pages["comparison"]["en"], "Cost of the melt, JPY/t")
    told = rows["cost of the melt"].replace(",", "").replace("−", "-").split()[0]
    assert float(told) == pytest.approx(comparison.differences["cost"], abs=1.0)
