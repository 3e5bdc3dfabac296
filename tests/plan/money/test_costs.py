"""Costs against closed forms, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.plan.money import costs
from cesim.plan.money.timing import timing, whole_life
from cesim.quantities import KeyedSource, ppf
from cesim.run.sampler import Sampler
from cesim.scenario.effects import Decision
from cesim.scenario.plan import ActionPlan, Subsidy

from .conftest import measure, plan, ranged, share, yearly, years, yen


class Country:
    """As much of a scenario as costs read."""

    class Years:
        start = 2023

    def __init__(self, action: ActionPlan | None) -> None:
        self.plan, self.years, self.unsteered = action, self.Years, self


def of(measures, luck=(0, 1), choice=None, **said):
    return costs(Country(plan(measures, **said)), choice, luck)


# ---- closed forms ----------------------------------------------------------------------------------------------------


def test_a_running_cost_is_an_annuity():
    """Present value of 1 a year, paid at the end of each of n years: (1 - (1 + r)^-n) / r."""
    r, n = 0.04, 25
    held = of({"m": measure(start=2026, running=yearly(1e9))}, discount=share(r), until=2050)
    assert held.present() == pytest.approx([1e9 * (1 - (1 + r) ** -n) / r], rel=1e-12)


def test_what_is_paid_in_the_base_year_is_not_discounted():
    held = of({"m": measure(start=2025, running=yearly(3.0))}, until=2025)
    assert held.present().tolist() == [3.0]


def test_a_deferred_annuity_comes_in_later():
    r, first, n = 0.03, 2031, 20
    held = of({"m": measure(start=first, running=yearly(5.0))}, discount=share(r), until=first + n - 1)
    annuity = 5.0 * (1 - (1 + r) ** -n) / r
    assert held.present() == pytest.approx([annuity / (1 + r) ** (first - 1 - 2025)], rel=1e-12)


def test_without_discounting_values_add_up():
    held = of({"m": measure(running=yearly(2.0), investment=yen(100.0))}, discount=share(0.0), until=2045)
    assert held.present() == pytest.approx([100.0 + 20 * 2.0], rel=1e-14)


def test_renewal_for_ever_is_the_investment_over_its_annuity_factor():
    """An investment of 1 every L years for ever is worth 1 / (1 - (1 + r)^-L)."""
    r, life = 0.2, 7
    held = of(
        {"m": measure(start=2025, investment=yen(1.0), life=years(life))}, discount=share(r), base_year=2025, until=2199
    )
    assert held.present() == pytest.approx([1 / (1 - (1 + r) ** -life)], rel=1e-12)


def test_a_linear_ramp_spends_evenly():
    held = of({"m": measure(start=2028, ramp={"years": 4}, investment=yen(80.0))}, until=2040)
    spent = held.by_year()[:, 0]
    assert spent == pytest.approx([20.0 if 2028 <= year <= 2031 else 0.0 for year in held.years])


def test_an_s_curve_spends_by_its_slope():
    held = of({"m": measure(start=2026, ramp={"years": 3, "shape": "s-curve"}, investment=yen(27.0))}, until=2030)
    come = [0, 7 / 27, 20 / 27, 1, 1, 1]  # x^2 (3 - 2 x) at thirds
    assert held.by_year()[:, 0] == pytest.approx([0.0, *(27.0 * np.diff(come))])


def test_running_follows_the_ramp_and_the_level():
    held = of({"m": measure(start=2026, ramp={"years": 4}, level=share(0.5), running=yearly(8.0))}, until=2032)
    assert held.by_year()[:, 0] == pytest.approx([0, 1, 2, 3, 4, 4, 4, 4])


def test_what_was_bought_is_bought_again_one_life_later():
    held = of({"m": measure(start=2026, ramp={"years": 2}, investment=yen(10.0), life=years(5))}, until=2037)
    renewed = held.by_year(kinds=("renewal",))[:, 0]
    assert {year: money for year, money in zip(held.years, renewed, strict=True) if money} == {
        2031: 5.0, 2032: 5.0, 2036: 5.0, 2037: 5.0,
    }  # fmt: skip


@pytest.mark.parametrize(("written", "whole"), [(0.2, 1), (1.4, 1), (2.5, 3), (9.5, 10), (15, 15)])
def test_a_life_is_rounded_to_whole_years(written, whole):
    assert whole_life(measure(life=years(written))) == whole


def test_money_spent_before_the_base_year_is_gone_but_what_it_bought_wears_out():
    m = measure(start=2024, investment=yen(9.0), life=years(3), running=yearly(1.0))
    held = of({"m": m}, base_year=2026, until=2030)
    assert held.by_year(kinds=("investment",)).sum() == 0.0
    assert held.by_year(kinds=("renewal",))[:, 0].tolist() == [0.0, 9.0, 0.0, 0.0, 9.0]


# ---- subsidies -------------------------------------------------------------------------------------------------------


def half(**said):
    return Subsidy.model_validate({"rate": share(0.5), **said})


def test_a_subsidy_passes_from_the_state_to_the_actor():
    held = of({"m": measure(investment=yen(100.0), subsidy=half())}, discount=share(0.0))
    assert held.present("sorters").tolist() == [50.0]
    assert held.present("state").tolist() == [50.0]
    assert held.present(kinds=("subsidy_received",)).tolist() == [-50.0]
    assert held.actors == ("state", "sorters")


@pytest.mark.parametrize(("minimum", "granted"), [(99.0, 50.0), (100.0, 50.0), (101.0, 0.0)])
def test_an_investment_that_is_too_small_gets_nothing(minimum, granted):
    held = of({"m": measure(investment=yen(200.0), level=share(0.5), subsidy=half(minimum=yen(minimum)))})
    assert held.by_year("state").sum() == granted


def test_the_money_that_comes_first_is_subsidised_first():
    m = measure(start=2026, ramp={"years": 4}, investment=yen(80.0), subsidy=half(cap=yen(25.0)))
    assert of({"m": m}, until=2031).by_year("state")[:, 0].tolist() == [0, 10, 10, 5, 0, 0, 0]


def test_renewals_are_not_subsidised():
    held = of({"m": measure(investment=yen(10.0), life=years(4), subsidy=half())})
    assert held.by_year("state").sum() == 5.0


def test_a_measure_of_the_state_moves_no_money_by_its_own_subsidy():
    held = of({"m": measure(actor="state", investment=yen(10.0), subsidy=half())}, discount=share(0.0))
    assert held.actors == ("state",)
    assert held.present("state").tolist() == [10.0]


# ---- luck ------------------------------------------------------------------------------------------------------------


def test_lanes_are_those_of_the_run():
    wide = yen(1e9, 5e8, 3e9)
    m = measure(start=2025, investment=wide)
    held = of({"m": m}, (7, 20), until=2025)
    drawn = ppf(wide, KeyedSource(7).u("plan.measures.m.investment", 0, 20))
    assert held.present().tolist() == [1e9, *drawn]


@pytest.mark.parametrize(
    ("stream", "field", "written"),
    [
        ("plan.measures.m.running", "running", yearly(1e6, 5e5, 2e6)),
        ("plan.measures.m.subsidy.rate", "subsidy", Subsidy(rate=share(0.5, 0.3, 0.6))),
        ("plan.measures.m.subsidy.cap", "subsidy", Subsidy(rate=share(0.5), cap=yen(4e5, 2e5, 4.9e5))),
        ("plan.measures.m.subsidy.minimum", "subsidy", Subsidy(rate=share(0.5), minimum=yen(1e6, 5e5, 2e6))),
    ],
)
def test_every_number_has_a_stream_of_its_own(stream, field, written):
    asked = []

    class Watched(KeyedSource):
        def u(self, name, first, count):
            asked.append(name)
            return super().u(name, first, count)

    held = of({"m": measure(investment=yen(1e6), **{field: written})}, Sampler(Watched(1), 0, 9))
    assert stream in asked
    state = held.present("state") if field == "subsidy" else held.present()
    assert np.unique(state).size > 1


def test_the_discount_rate_is_drawn():
    held = of({"m": measure(start=2026, running=yearly(1.0))}, (3, 5), discount=share(0.04, 0.02, 0.06), until=2030)
    rates = [0.04, *ppf(ranged(0.04, 0.02, 0.06, "share", "share"), KeyedSource(3).u("plan.discount", 0, 5))]
    assert held.present() == pytest.approx([sum((1 + r) ** -n for n in range(1, 6)) for r in rates], rel=1e-12)


def test_a_block_of_lanes_has_the_bits_of_the_whole():
    measures = {"m": measure(investment=yen(1e9, 5e8, 3e9), running=yearly(1e8, 5e7, 2e8), subsidy=half())}
    said = {"discount": share(0.04, 0.02, 0.06)}
    whole = of(measures, (5, 40), **said).present()
    part = of(measures, Sampler(KeyedSource(5), 11, 13), **said).present()
    assert part.tolist() == whole[11:24].tolist()


# ---- what always holds -----------------------------------------------------------------------------------------------

money = st.floats(0, 1e13)
measures = st.builds(
    lambda start, ramp, shape, level, investment, life, running, actor, subsidy: measure(
        start=start, ramp={"years": ramp, "shape": shape}, level=share(level), running=yearly(running), actor=actor,
        investment=yen(investment, investment / 2, investment * 3), life=life and years(life), subsidy=subsidy,
    ),
    st.integers(2024, 2048), st.integers(1, 12), st.sampled_from(["linear", "s-curve"]), st.floats(0, 1), money,
    st.none() | st.floats(0.1, 30), money, st.sampled_from(["state", "oem", "dismantlers", "others"]),
    st.none() | st.builds(
        lambda rate, minimum, cap: half(rate=share(rate), minimum=yen(minimum), cap=None if cap is None else yen(cap)),
        st.floats(0, 1), money, st.none() | money,
    ),
)  # fmt: skip
plans = st.dictionaries(st.sampled_from("abcdef"), measures, min_size=1, max_size=4)


@given(plans, st.floats(0, 0.2))
def test_the_actors_pay_the_total(measures_, rate):
    held = of(measures_, (1, 3), discount=share(rate))
    total = held.by_year(kinds=("investment", "renewal", "running"))
    scale = max(abs(money).max() for *_, money in held.entries()) or 1.0
    assert np.abs(sum(held.by_actor().values(), np.zeros_like(total)) - total).max() <= 1e-9 * scale
    assert np.abs(sum(held.present(actor) for actor in held.actors) - held.present()).max() <= 1e-9 * scale * 60
    assert (np.abs(held.by_year() - total) <= 1e-9 * scale).all()


@given(measures, st.integers(2023, 2030))
def test_a_subsidy_never_exceeds_its_rate_nor_its_cap(one, base_year):
    held = of({"m": one}, (2, 3), base_year=base_year)
    subsidy, spent = held.by_year(kinds=("subsidy_paid",)), held.by_year(kinds=("investment",))
    rate = one.subsidy.rate.value if one.subsidy else 0.0
    slack = 1e-12 * held.measures[0].investment.max()
    assert (subsidy <= rate * spent + slack).all()
    assert (subsidy >= -slack).all()
    if one.subsidy and one.subsidy.cap is not None:
        assert (subsidy.sum(axis=0) <= one.subsidy.cap.value * (1 + 1e-12) + slack).all()


@given(plans)
def test_costs_of_a_set_are_those_of_its_measures(measures_):
    together = of(measures_, (1, 3))
    alone = [of(measures_, (1, 3), {name: Decision()}).present() for name in measures_]
    assert together.present() == pytest.approx(sum(alone), rel=1e-9)


@given(measures, st.integers(2024, 2048))
def test_starting_later_moves_the_money_as_it_is(one, start):
    early, late = timing(one, 2000, 2099), timing(one.model_copy(update={"start": start}), 2000, 2099)
    for name in ("carried", "bought", "renewed"):
        a, b, by = getattr(early, name), getattr(late, name), start - one.start
        assert a[30:70] == pytest.approx(b[30 + by : 70 + by], abs=1e-12)


# ---- choices ---------------------------------------------------------------------------------------------------------


def test_a_measure_without_what_it_needs_waits_and_costs_nothing():
    both = {"a": measure(running=yearly(1.0)), "b": measure(running=yearly(2.0), needs=["a"])}
    assert [held.name for held in of(both, choice={"b": Decision()}).measures] == []
    assert of(both, choice={"b": Decision()}).present().tolist() == [0.0]
    assert [held.name for held in of(both, choice={"b": Decision(), "a": Decision()}).measures] == ["a", "b"]


def test_a_choice_sets_level_and_start():
    held = of({"m": measure(investment=yen(10.0))}, choice={"m": Decision(0.25, 2030)}, until=2032)
    assert {year: float(cost[0]) for year, cost in zip(held.years, held.by_year(), strict=True) if cost[0]} == {
        2030: 2.5
    }


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"x": Decision()}, "unknown_name"),
        ({"a": Decision(1.5)}, "share_out_of_range"),
        ({"a": Decision(None, 2023)}, "years_out_of_order"),
        ({"a": Decision(), "b": Decision()}, "rivals_adopted"),
    ],
)
def test_what_cannot_be_chosen_is_refused(choice, code):
    both = {"a": measure(), "b": measure(excludes=["a"])}
    with pytest.raises(InputError) as caught:
        of(both, choice=choice, adopted=())
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_scenario_without_plan_is_refused():
    with pytest.raises(InputError) as caught:
        costs(Country(None))
    assert [fault.code for fault in caught.value.faults] == ["no_plan"]


@pytest.mark.parametrize("luck", [(0, 0), (-1, 10), (0, 2.5)])
def test_luck_that_is_none_is_refused(luck):
    with pytest.raises(InputError) as caught:
        of({"m": measure()}, luck)
    assert [fault.code for fault in caught.value.faults] == ["not_in_span"]


# ---- tables ----------------------------------------------------------------------------------------------------------


WORDS = [("ja", "選別・再資源化業者", "投資"), ("en", "sorters and recyclers", "Investment")]


@pytest.mark.parametrize(("lang", "actor", "kind"), WORDS)
def test_a_table_has_words_and_quantiles(lang, actor, kind):
    held = of({"m": measure(start=2026, investment=yen(100.0, 50.0, 200.0))}, (0, 200), until=2026)
    frame = held.frame(lang)
    assert frame[["measure", "actor_name", "kind_name", "year", "best_jpy"]].to_numpy().tolist() == [
        ["m", actor, kind, 2026, 100.0]
    ]
    row = frame.iloc[0]
    assert 40 < row.p05_jpy < 60 < row.p50_jpy < 160 < row.p95_jpy < 240


def test_quantiles_are_those_of_the_draws():
    """The best estimate has a lane of its own and is no draw."""
    held = of({"m": measure(start=2026, investment=yen(100.0, 50.0, 200.0))}, (0, 2), until=2026)
    drawn = held.by_year()[1, 1:]
    row = held.frame("en").iloc[0]
    assert row.p50_jpy == row.mean_jpy == pytest.approx(drawn.mean())
    assert row.p95_jpy == pytest.approx(np.quantile(drawn, 0.95))


def test_a_table_without_years_tells_present_values():
    held = of(
        {"m": measure(start=2026, running=yearly(1.0), investment=yen(100.0), subsidy=half())}, discount=share(0.1)
    )
    frame = held.frame("en", by=("side",))
    assert frame.set_index("side")["best_jpy"].to_dict() == pytest.approx(
        {"venous": held.present("sorters")[0], "public": held.present("state")[0]}
    )
    with pytest.raises(ValueError, match="colour"):
        held.frame("en", by=("colour",))
