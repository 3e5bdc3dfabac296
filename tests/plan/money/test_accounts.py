"""Who pays and who gains: nothing is paid that nobody receives, and what is paid is the mass of the flows."""

from __future__ import annotations

import numpy as np
import pytest

from cesim.balance.inputs import REMOVED_TO
from cesim.plan.money import accounts
from cesim.plan.money.accounts import difference, outlays, payments, value_in, work
from cesim.plan.money.best_flows import BestFlows, best_flows
from cesim.plan.money.costs import costs
from cesim.plan.money.trades import TRADES, WITHIN, is_unpriced, trades_of
from cesim.run import prepare
from cesim.scenario.effects import in_effect
from cesim.text import has


def best(held, year=2028):
    """Return the best estimate of a number, whether it is one for all years or a path."""
    return held.best([year])[0] if hasattr(held, "best") else held.value


@pytest.fixture(scope="module")
def flows(trial):
    return best_flows(trial.scenario, (2028,))


@pytest.fixture(scope="module")
def told(trial):
    return accounts(trial.scenario)


def test_all_accounts_together_are_zero(told):
    for year in told.years:
        gained = told.by_actor(year)
        assert abs(sum(gained.values())) <= 1e-9 * sum(map(abs, gained.values()))
        assert sum(told.by_side(year).values()) == pytest.approx(sum(gained.values()), abs=1e-3)
    frame = told.frame("en")
    assert abs(frame["gain_jpy"].sum()) <= 1e-9 * frame["gain_jpy"].abs().sum()
    assert frame.groupby(["year", "actor"])["gain_jpy"].sum()[2028, "metal"] == pytest.approx(
        told.by_actor(2028)["metal"]
    )


def test_every_flow_is_priced_or_unpriced_or_inside_an_actor(flows):
    from fnmatch import fnmatchcase

    assert len(flows.masses) > 150
    for _, one, other in flows.masses:
        inside = any(fnmatchcase(one, a) and fnmatchcase(other, b) for a, b in WITHIN)
        assert bool(trades_of(one, other)) + is_unpriced(one, other) + inside == 1, (one, other)


def test_every_trade_has_a_price_in_the_scenario_and_words(flows):
    for _, one, other in flows.masses:
        for trade in trades_of(one, other):
            assert value_in(flows.scenario, trade.price_path(one, other, "Si"), 2028) >= 0
    items = {trade.item for trade in TRADES} | {
        "labour",
        "transport",
        "investment",
        "renewal",
        "running",
        "subsidy_paid",
    }
    assert {item for item in items if not has(f"plan_money.item.{item}", "ja")} == set()


def test_masses_that_are_paid_agree_with_the_indicators(trial, flows):
    with prepare(trial, draws=1, seed=0, workers=1) as prepared:
        told = {name: prepared.base.lanes(name, "all", 2028)[0] for name in prepared.base.names}
    bought = sum(mass for (_, one, _), mass in flows.masses.items() if one in ("primary_supply", "alloying_supply"))
    assert bought == pytest.approx(told["primary_demand"], rel=1e-9)
    assert sum(flows.elements.values()) == pytest.approx(
        sum(mass for (_, one, _), mass in flows.masses.items() if one == "alloying_supply"), rel=1e-9
    )
    recyclate = sum(
        mass for (_, one, other), mass in flows.masses.items()
        if one.startswith("pelletising") and other.startswith("recyclate")
    )  # fmt: skip
    assert recyclate == pytest.approx(told["plastics_recovered_rate"] * told["elv_plastics"], rel=1e-9)
    loss = best(flows.scenario.compounding.loss)
    compounded = sum(mass for (_, one, _), mass in flows.masses.items() if one.startswith("recyclate."))
    assert compounded * (1 - loss) == pytest.approx(told["plastics_returned"], rel=1e-9)


def test_what_is_taken_off_part_by_part_is_what_leaves_the_dismantlers(flows):
    ends = {
        "wrought": ("scrap_yard.part-[67m]*", "scrap_yard.part-5xxx"), "wheels": ("scrap_yard.wheels",),
        "heat-exchanger": ("scrap_yard.part-3xxx",), "cast": ("scrap_yard.part-cast",), "pp": ("pelletising.part-pp",),
        "pe": ("pelletising.part-pe",), **{name: (name,) for name in REMOVED_TO[6:]},
    }  # fmt: skip
    from fnmatch import fnmatchcase

    left = {
        name: sum(
            mass for (_, one, other), mass in flows.masses.items()
            if one == "dismantling" and any(fnmatchcase(other, end) for end in wanted)
        )
        for name, wanted in ends.items()
    }  # fmt: skip
    removed = dict(zip(REMOVED_TO, flows.removed[2028].sum(axis=0), strict=True))
    for name in ("pp", "pe", "copper_recycling", "other_recycling", "energy_recovery"):
        assert removed[name] == pytest.approx(left[name], rel=1e-9), name
    assert sum(removed.values()) == pytest.approx(sum(left.values()), rel=1e-9)  # some steel stays on the aluminium


def made_up(scenario, masses, removed=None):
    years = tuple({year for year, *_ in masses} | set(removed or {})) or (2028,)
    return BestFlows(scenario, years, masses, {}, removed or {})


def test_prices_and_hands_of_the_trades(trial):
    """One tonne of each, settled by hand at the prices of the scenario."""
    held = trial.scenario
    grade, part = held.remelting.price, held.dismantling.price
    by_hand = {
        ("scrap_yard.part-6016", "melt_down.part-6016"): {("metal", "dismantlers"): best(grade["part-6016"])},
        ("scrap_yard.shred-mixed", "scrap_export"): {("others", "shredders"): best(grade["shred-mixed"])},
        ("scrap_yard.sorted-6061", "melt_down.sorted-6061"): {("metal", "sorters"): best(grade["sorted-6061"])},
        ("alloy_sorting", "scrap_yard.sorted-6061"): {("sorters", "shredders"): best(grade["shred-mixed"])},
        ("new_scrap", "melt_down.new-6016"): {("metal", "parts"): best(grade["new-mixed"])},
        ("other_scrap_supply", "melt_down.sash.6063"): {("metal", "others"): best(grade["sash"])},
        ("primary_supply", "melting.6016"): {("metal", "others"): best(held.remelting.primary_price)},
        ("dismantling", "pelletising.part-pp"): {
            ("sorters", "dismantlers"): best(part["pp"]),
            ("owners", "dismantlers"): best(held.dismantling.incentive),
        },
        ("recyclate.part-pp", "compounding.PP"): {
            ("resin", "sorters"): best(held.compounding.recyclates["part-pp"].price)
        },
        ("x_to_car_supply.appliance-pp", "compounding.PP"): {
            ("resin", "others"): best(held.compounding.recyclates["appliance-pp"].price)
        },
        ("bio_supply", "compounding.PP"): {("resin", "others"): best(held.compounding.recyclates["bio-pp"].price)},
        ("virgin_supply", "compounding.PP"): {("resin", "others"): best(held.compounding.virgin_price)},
        ("shredding", "ferrous_recycling"): {("others", "shredders"): best(part["ferrous_recycling"])},
        ("alloy_sorting", "scrap_yard.shred-mixed"): {},
        ("dismantling", "shredding"): {},
    }  # fmt: skip
    for flow, wanted in by_hand.items():
        paid = {(p.payer, p.receiver): p.jpy for p in payments(made_up(held, {(2028, *flow): 1.0}))}
        assert paid == pytest.approx({ends: 1000 * price for ends, price in wanted.items()}), flow


def test_who_buys_for_sorting_sells_what_is_sorted(flows):
    """Scrap bought from the shredders is sold by the sorters, and no other."""
    through = {other.partition(".")[2] for _, one, other in flows.masses if one == "alloy_sorting"}
    bought = {grade for grade in through if trades_of("alloy_sorting", f"scrap_yard.{grade}")}
    sold = {
        grade
        for grade in through
        for trade in trades_of(f"scrap_yard.{grade}", f"melt_down.{grade}")
        if trade.receiver == "sorters"
    }
    assert bought == sold == through - {"shred-mixed"}


def test_the_incentive_that_a_measure_adds_is_paid_by_the_owners(told, trial):
    incentive = {p.year: p for p in told.payments if p.item == "incentive"}
    assert (incentive[2028].payer, incentive[2028].receiver) == ("owners", "dismantlers")
    bent, plain = (one.dismantling.incentive.best([2028])[0] for one in (trial.scenario, trial.scenario.unsteered))
    assert bent == pytest.approx(plain + 20)


def test_wages_are_minutes_of_the_sets_taken_off(trial):
    held = trial.scenario
    removed = np.zeros((len(held.parts), len(REMOVED_TO)))
    at = list(held.parts).index("bumpers")
    removed[at, REMOVED_TO.index("pp")] = 3 * best(held.parts["bumpers"].mass) / 1e3  # three sets, in t
    wages, transport = work(made_up(held, {}, {2028: removed}))
    assert wages.jpy == pytest.approx(3 * best(held.parts["bumpers"].minutes) / 60 * best(held.dismantling.wage))
    assert transport.jpy == pytest.approx(3 * best(held.parts["bumpers"].mass) * best(held.dismantling.transport))
    assert (wages.payer, wages.receiver, transport.receiver) == ("dismantlers", "others", "others")


def test_outlays_of_the_measures_are_their_costs(trial):
    paid = costs(trial.scenario)
    for year in (2026, 2028):
        spent = [p for p in outlays(paid, (year,)) if p.receiver == "others"]
        assert sum(p.jpy for p in spent) == pytest.approx(paid.by_year()[paid.years.index(year), 0])
    subsidy = [p for p in outlays(paid, (2026,)) if p.jpy and p.item == "subsidy_paid"]
    assert [(p.payer, p.receiver, p.jpy) for p in subsidy] == [("state", "dismantlers", 1e9)]


def test_without_measures_nobody_pays(trial):
    assert accounts(trial.scenario, {}, (2028,)).payments == ()


def test_what_has_no_price_is_told_in_tonnes(told):
    hulks = [
        one
        for one in told.unpriced
        if (one.year, one.process_from, one.process_to) == (2028, "dismantling", "shredding")
    ]
    assert len(hulks) == 1
    assert hulks[0].with_t < hulks[0].without_t


def test_accounts_are_those_of_the_two_runs(trial, told, flows):
    """Metal: what it buys with the plan less what it buys without it."""
    without = best_flows(in_effect(trial.scenario, {}), (2028,))
    metal = {
        name: sum(p.jpy for p in payments(one) if p.payer == "metal")
        for name, one in (("with", flows), ("without", without))
    }
    assert told.by_actor(2028)["metal"] == pytest.approx(metal["without"] - metal["with"], rel=1e-9)
    assert difference(flows, flows, costs(trial.scenario, {})).payments == ()


def test_a_price_that_is_not_there_is_no_zero(trial):
    with pytest.raises(KeyError):
        value_in(trial.scenario, "remelting.price.no-such", 2028)
