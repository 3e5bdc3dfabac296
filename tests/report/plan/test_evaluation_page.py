"""The page of an evaluation: its numbers are those of the tables, and its sums are sums."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cesim.plan.evaluating import cheapest_that_meets
from cesim.plan.evaluation_frames import evaluation_frames
from cesim.plan.futures import ADOPTED, NOTHING
from cesim.report.plan.evaluation import alarms, evaluation_page, headline, remarks
from cesim.report.plan.evaluation_accounts import accounts_section
from cesim.report.plan.evaluation_costs import costs_section
from cesim.report.plan.evaluation_effects import indicators_section, regret_section, targets_section
from cesim.report.plan.evaluation_terminal import evaluation_lines
from cesim.report.plan.yearly import FILLED, HIGH, WIDE, bars_by_year


def number(cell):
    return float(cell.replace(",", "").replace("−", "-").split()[0])


def table(section, name):
    return next(one for one in section.tables if one.id == name)


@pytest.fixture(scope="module")
def frames(evaluated):
    return evaluation_frames(evaluated, "en")


@pytest.fixture(scope="module")
def costs(view):
    return costs_section(view)


# ---- targets ---------------------------------------------------------------------------------------------------------


def test_targets_are_those_of_the_table(view, frames):
    rows = table(targets_section(view), "targets").rows
    held = frames["targets"].set_index("target")
    assert rows[0][0] == "one (the eastern region, 2028)"
    first = held.loc["first"]
    assert number(rows[0][5]) == pytest.approx(first["met_without"] * 12)
    assert number(rows[0][6]) == pytest.approx(first["met_with"] * 12)
    assert first["met_with"] - first["met_without"] == pytest.approx(first["gained"] - first["lost"])
    effect = (
        frames["indicators"]
        .set_index(["indicator", "region", "year"])
        .loc["h1_horizontal_rate_6xxx", "east_focus", 2028]
    )
    assert number(rows[0][2]) == pytest.approx(100 * effect["without_p50"], abs=0.051)
    assert number(rows[0][3]) == pytest.approx(100 * effect["with_p50"], abs=0.051)
    assert number(rows[0][4]) == pytest.approx(100 * effect["difference_p50"], abs=0.051)
    assert rows[1][1].startswith("at most")


def test_the_median_of_the_difference_is_no_difference_of_medians(evaluated, frames):
    """Future by future: draws with the plan less draws without it."""
    goal = evaluated.goals[0]
    gap = evaluated.evaluation.chosen.draws(*goal.series) - evaluated.evaluation.without.draws(*goal.series)
    row = frames["indicators"].set_index(["indicator", "region", "year"]).loc[goal.series]
    assert row["difference_p05"] == pytest.approx(np.quantile(gap, 0.05))
    assert row["difference_p95"] == pytest.approx(np.quantile(gap, 0.95))


# ---- costs -----------------------------------------------------------------------------------------------------------


def test_costs_by_actor_are_those_of_the_table_and_add_up(view, costs, evaluated):
    found = table(costs, "costs-actors")
    shown = {row[0]: list(map(number, row[2:8])) for row in found.rows}
    held = evaluated.evaluation.costs.frame("en", ("actor", "kind"))
    for row in held.to_dict("records"):
        at = found.columns.index(row["kind_name"]) - 2
        assert shown[row["actor_name"]][at] == pytest.approx(row["mean_jpy"] * 1e-9, abs=0.00501)
    actors = [shown[name] for name in dict.fromkeys(held["actor_name"])]
    total = shown["Sum"]
    assert np.sum(actors, axis=0) == pytest.approx(total, abs=0.005 * (len(actors) + 1))
    sides = [cells for name, cells in shown.items() if name.startswith("Sum:")]
    assert np.sum(sides, axis=0) == pytest.approx(total, abs=0.005 * (len(sides) + 1))
    assert total[3] == -total[4]  # subsidies received and paid
    assert sum(total[:3]) == pytest.approx(total[5], abs=0.021)
    assert total[5] == pytest.approx(evaluated.evaluation.costs.present()[1:].mean() * 1e-9, abs=0.00501)


def test_costs_by_measure_add_up_to_the_same(costs):
    rows = table(costs, "costs-measures").rows
    own, total = [list(map(number, (*row[2:6], row[7]))) for row in rows[:-1]], rows[-1]
    assert [row[0] for row in rows] == ["line [place-holder]", "hoods", "Sum"]
    assert [cells[3] for cells in own] == sorted((cells[3] for cells in own), reverse=True)
    assert np.sum(own, axis=0) == pytest.approx([number(cell) for cell in (*total[2:6], total[7])], abs=0.0151)
    by_actor = table(costs, "costs-actors").rows[-1]
    assert (total[5], total[6]) == (by_actor[7], by_actor[8])


def test_costs_by_year_come_to_the_present_value(costs, evaluated):
    """Discounted here by hand, in each future."""
    found = table(costs, "costs-years")
    totals = [number(row[-1]) for row in found.rows]
    assert [int(row[0]) for row in found.rows] == list(range(2025, 2041))
    held = evaluated.evaluation.costs
    by_year = held.by_year()[:, 1:]
    assert totals == pytest.approx(by_year.mean(axis=1) * 1e-9, abs=0.00501)
    worth = sum(money / (1 + held.discount[1:]) ** at for at, money in enumerate(by_year))
    assert number(table(costs, "costs-actors").rows[-1][7]) == pytest.approx(worth.mean() * 1e-9, abs=0.00501)
    for row in found.rows:
        assert sum(map(number, row[1:4])) == pytest.approx(number(row[-1]), abs=0.0201)


def test_a_cost_per_tonne_or_the_reason_why_there_is_none(view, costs, frames):
    rows = {row[0]: row[1:] for row in table(costs, "unit-costs").rows}
    assert len(rows) == 5
    for row in frames["unit_costs"].to_dict("records"):
        cell = rows[view.money_word("per", row["per"])][0 if row["variant"] == "levelised" else 2]
        if row["reason"]:
            assert cell == view.money_word("none", row["reason"])
        else:
            assert number(cell) == pytest.approx(row["p50_jpy"], rel=0.00501)
    assert {"", "nothing"} <= set(frames["unit_costs"]["reason"])


def test_bars_stand_on_one_another():
    drawn = str(bars_by_year([2030, 2031], [("a", [1.0, 0.0]), ("b", [2.0, 5.0])], "t"))
    bars = [
        {name: float(part.split(f'{name}="')[1].split('"')[0]) for name in (" y", "height", "width")}
        for part in drawn.split("<rect ")[1:]
    ]
    assert [bar["height"] for bar in bars] == pytest.approx([HIGH / 5, 2 * HIGH / 5, 0.0, HIGH], abs=0.01)
    assert bars[1][" y"] + bars[1]["height"] == pytest.approx(bars[0][" y"], abs=0.011)
    assert bars[0]["width"] == pytest.approx(WIDE / 2 * FILLED)


# ---- accounts --------------------------------------------------------------------------------------------------------


def test_accounts_are_those_of_the_table_and_add_to_zero(view, frames):
    found = table(accounts_section(view), "accounts-actors")
    held = frames["accounts"].groupby(["actor_name", "year"])["gain_jpy"].sum()
    actors = {row[0]: row[2:] for row in found.rows if row[1]}
    for year, at in ((2026, 0), (2028, 1)):
        assert found.columns[2 + at] == str(year)
        for name, cells in actors.items():
            assert number(cells[at]) == pytest.approx(held.get((name, year), 0.0) * 1e-9, abs=0.00501)
        assert sum(number(cells[at]) for cells in actors.values()) == pytest.approx(0.0, abs=0.005 * len(actors))
        assert number(found.rows[-1][2 + at]) == 0.0


def test_work_is_told_by_actor(view, frames):
    rows = table(accounts_section(view), "work").rows
    people = {row[1]: row[2:] for row in rows if row[0].startswith("People")}
    assert people == {"dismantlers": ("40", "40")}
    hours = frames["work"].query("what == 'hours' and year == 2028")["mean"].sum()
    assert number(next(row for row in rows if row[0].startswith("Hours"))[3]) == pytest.approx(hours, abs=0.51)
    assert hours > 0.0


def test_what_has_no_price_is_told_in_tonnes(view, frames):
    rows = table(accounts_section(view), "unpriced").rows
    held = frames["unpriced"].query("year == 2028")
    assert len(rows) == len(held) > 5
    for row, (before, after) in zip(rows, held[["without_t", "with_t"]].to_numpy(), strict=True):
        assert list(map(number, row[1:])) == pytest.approx([before, after, after - before], abs=0.51)


def test_each_trade_stands_once_and_comes_to_the_account(view, evaluated):
    rows = table(accounts_section(view), "accounts-items").rows
    gained = sum(number(row[3]) for row in rows if row[2] == "dismantlers")
    paid = sum(number(row[3]) for row in rows if row[1] == "dismantlers")
    held = evaluated.accounts.by_actor(2028)["dismantlers"] * 1e-9
    assert gained - paid == pytest.approx(held, abs=0.005 * len(rows))
    assert all(row[1] != row[2] for row in rows)


# ---- robustness ------------------------------------------------------------------------------------------------------


def test_regret_is_that_of_the_table(view, frames, evaluated):
    section = regret_section(view)
    assert list(evaluated.plans) == [ADOPTED, "without_chain", "without_making", NOTHING]
    held = frames["regret"].set_index(["of", "plan"])
    for at, plan in enumerate(evaluated.plans):
        row = table(section, "regret-cost").rows[at]
        assert number(row[1]) == pytest.approx(held.loc[("cost", plan), "share_best"] * 12)
        for cell, name in zip(row[2:], ("mean", "p95", "most"), strict=True):
            assert number(cell) == pytest.approx(held.loc[("cost", plan), name] * 1e-9, abs=0.00501)
        assert number(table(section, "both-first").rows[at][1]) == pytest.approx(
            held.loc[("cost_and_target", plan), "share_best"] * 12
        )
    assert held.loc[("cost", NOTHING), "share_best"] == 1.0


def test_the_cheapest_of_those_that_meet_the_target_is_best():
    """By hand: both meet it; only the dear one does; neither does, the dear one is nearer; all alike."""
    spent = {"cheap": np.array([1.0, 1.0, 1.0, 3.0]), "dear": np.array([2.0, 2.0, 2.0, 3.0])}
    margins = {"cheap": np.array([0.0, -1.0, -2.0, 1.0]), "dear": np.array([5.0, 1.0, -1.0, 1.0])}
    assert cheapest_that_meets(spent, margins) == {"cheap": 0.5, "dear": 0.75}


amounts = arrays(float, (3, 6), elements=st.floats(-100, 100).map(lambda value: round(value, 3)))


@given(amounts, amounts)
def test_some_plan_is_best_in_every_future(money, margin):
    spent, margins = (dict(zip("abc", rows, strict=True)) for rows in (np.abs(money), margin))
    found = cheapest_that_meets(spent, margins)
    assert sum(found.values()) >= 1.0 - 1e-12
    assert all(0.0 <= share <= 1.0 for share in found.values())


# ---- the rest --------------------------------------------------------------------------------------------------------


def test_every_indicator_of_the_focus_and_the_country_is_there(view):
    for section_table in indicators_section(view).tables:
        assert len(section_table.rows) == len(view.evaluation.chosen.names)
        assert section_table.is_folded


def test_what_must_not_be_overlooked_is_said(view):
    told = list(alarms(view))
    assert any("place-holder" in line for line in told)
    assert any("only 12 draws" in line for line in told)
    assert any("waits" in line for line in remarks(view))


def test_the_headline_has_the_effect_the_futures_and_the_cost(view, evaluated):
    told = list(headline(view))
    assert told[0].startswith("one (the eastern region, 2028): from ")
    goal = evaluated.chances()[0]
    assert f"{round(12 * goal.chosen.share)} of 12 with them" in told[1]
    middle = float(np.median(evaluated.evaluation.costs.present()[1:])) * 1e-9
    assert f"costs {middle:,.2f} bn JPY" in told[2]
    assert told[3].startswith("Who pays most")
    assert math.isclose(sum(float(part.split()[-2]) for part in told[3].rstrip(".").split(", ")), 100.0, abs_tol=0.3)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_page_and_lines_are_whole_in_both_languages(plan_scenario, evaluated, lang):
    page = evaluation_page(plan_scenario, evaluated, lang)
    lines = evaluation_lines(plan_scenario, evaluated, lang)
    assert "億円" in page if lang == "ja" else "bn JPY" in page
    for text in (page.split("<main>")[1].split("</main>")[0], "\n".join(lines)):
        assert "nan" not in text.lower().split()
        assert "{" not in text
    for line in lines[:3]:
        assert line.replace("&", "&amp;") in page
