"""Other people's numbers and closed forms, from tests/cases/charge_objects.json."""

import json
from math import log
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from cesim.charge import (
    AlloyLimits,
    AssayError,
    Belief,
    Charge,
    Energy,
    Furnace,
    Lot,
    Risk,
    SamplingPlan,
    ScrapGrade,
    ScrapSource,
    Sorter,
)
from cesim.charge.melt_flow import blended, rule_named, steady_melt_flow

CASES = {
    case["id"]: case["data"]
    for case in json.loads((Path(__file__).parents[1] / "cases" / "charge_objects.json").read_text())["cases"]
}
NO_ENERGY = Energy(0.0, 0.0, 0.0)


def test_enrichment_by_melt_loss():
    case = CASES["A6_enrichment"]
    given = case["inputs"]
    furnace = Furnace(1.0, NO_ENERGY, yields=given["y"])
    melt = furnace.melt([1.0], [[given["a"]]], ("Fe",))
    assert melt.fraction[0] == pytest.approx(case["expected"], rel=1e-13)
    content = given["a"]
    for _ in range(5):
        content = furnace.melt([1.0], [[content]], ("Fe",)).fraction[0]
    assert content == pytest.approx(case["k5"], rel=1e-12)


def test_enrichment_by_recoveries_is_the_same_where_only_aluminium_is_lost():
    given = CASES["A6_enrichment"]["inputs"]
    kept = (given["y"] - given["a"]) / (1.0 - given["a"])
    furnace = Furnace(1.0, NO_ENERGY, recoveries={"Fe": given["r"], "Al": kept})
    melt = furnace.melt([1.0], [[given["a"]]], ("Fe",))
    assert melt.mass == pytest.approx(given["y"], rel=1e-13)
    assert melt.fraction[0] == pytest.approx(CASES["A6_enrichment"]["expected"], rel=1e-13)


def test_acceptance_of_lots_by_a_grade():
    """Shares of lots in 400,000 against the closed form: within four standard errors."""
    given, expected = CASES["A8_acceptance"]["inputs"], CASES["A8_acceptance"]["expected"]
    source = ScrapSource.lognormal("yard", [given["mean"]], [given["cv"]], 0.0, ("Fe",), lot_mass=10.0)
    relative = float(np.sqrt(np.expm1(given["error_sdlog"] ** 2)))
    plan = SamplingPlan(1, 10.0, 1.0, 10.0, AssayError(relative), 0.0, minimum_mass=0.0)
    assert np.sqrt(plan.log_variance()) == pytest.approx(given["error_sdlog"], rel=1e-12)
    rng = np.random.default_rng(8)
    n = 400_000
    true = source.draw(rng, n)
    measured, censored = plan.measure(rng, true)
    assert not censored.any()
    grade = ScrapGrade("6xxx", upper={"Fe": given["limit"]})
    good, taken = grade.accepts(true, ("Fe",)), grade.accepts(measured, ("Fe",))
    found = {
        "conform": good.mean(),
        "accept": taken.mean(),
        "consumer_risk": (~good & taken).mean() / taken.mean(),
        "producer_risk": (good & ~taken).mean() / good.mean(),
    }
    for name, share in expected.items():
        assert found[name] == pytest.approx(share, abs=4.0 * np.sqrt(share * (1 - share) / (0.9 * n))), name


def test_acceptance_in_closed_form_from_the_numbers_of_the_objects():
    given, expected = CASES["A8_acceptance"]["inputs"], CASES["A8_acceptance"]["expected"]
    source = ScrapSource.lognormal("yard", [given["mean"]], [given["cv"]], 0.0, ("Fe",), lot_mass=10.0)
    s2 = log(1.0 + float(source.covariance()[0, 0]) / float(source.mean()[0]) ** 2)
    e2 = given["error_sdlog"] ** 2
    to_limit = log(given["limit"] / float(source.mean()[0]))
    assert norm.cdf((to_limit + s2 / 2) / s2**0.5) == pytest.approx(expected["conform"], rel=1e-12)
    assert norm.cdf((to_limit + (s2 + e2) / 2) / (s2 + e2) ** 0.5) == pytest.approx(expected["accept"], rel=1e-12)


def test_sorting():
    case = CASES["A11_sorting"]
    masses, purity, recovery = Sorter(("a", "b", "c"), case["confusion"], 5.0, 0.0).split(case["feed"])
    np.testing.assert_allclose(masses, case["output_mass"], rtol=1e-14)
    np.testing.assert_allclose(purity, case["purity"], rtol=1e-14)
    np.testing.assert_allclose(recovery, case["recovery"], rtol=1e-14)


def test_a_record_that_may_be_wrong_is_no_narrower_bell():
    """A charge that the normal rule calls 99.9 % safe misses its limit in 4.3 % of heats."""
    case = CASES["A13_wrong_record_mixture"]
    given = case["inputs"]
    belief = Belief(
        np.array([given["rho"], 1 - given["rho"]]),
        np.array([[given["muA"]], [given["muB"]]]),
        np.array([[[given["sA"] ** 2]], [[given["sB"] ** 2]]]),
        "normal",
    )
    z = norm.ppf(given["conf"])
    mean, sd = float(belief.mean()[0]), float(belief.covariance()[0, 0]) ** 0.5
    room = given["limit"] - given["p"]
    x = room / (mean - given["p"] + z * sd)
    assert x == pytest.approx(case["x_normal_approx"], rel=1e-12)
    highest = given["p"] + room / x
    over = belief.weights @ norm.sf((highest - belief.means[:, 0]) / np.sqrt(belief.covariances[:, 0, 0]))
    assert over == pytest.approx(case["true_violation_of_normal_approx"], rel=1e-10)
    assert not belief.is_unimodal()
    exact = given["p"] + room / case["x_exact"]
    over = belief.weights @ norm.sf((exact - belief.means[:, 0]) / np.sqrt(belief.covariances[:, 0, 0]))
    assert over == pytest.approx(1 - given["conf"], rel=1e-6)


def test_a_heat_planned_at_99_per_cent_keeps_its_limit_in_99_per_cent():
    """One normal scrap, pure metal, one limit: the realised probability is the one planned, to the count's scatter."""
    case = CASES["A3_realised_probability"]
    spread, heats = 0.0004, 1_000_000
    belief = Belief(np.ones(1), np.array([[0.0034]]), np.array([[[spread**2]]]), "normal", ("Fe",))
    yard = [
        Lot("scrap", None, 1.0, 0.0, belief, "post"),
        Lot.known("pure", {"Fe": 0.0014}, stock=None, price=2.0, co2=0.0, recycled="none"),
    ]
    alloy = AlloyLimits("one limit", ("Fe",), np.zeros(1), np.array([0.002]))
    risk = Risk(1 - case["expected"], method="normal", heats=heats, calibrated=False)
    answer = Charge(alloy, yard, Furnace(1.0, NO_ENERGY, yields=1.0), risk).most_recycled()
    assert answer.mix["scrap"] == pytest.approx(
        (0.002 - 0.0014) / (0.0034 - 0.0014 + norm.ppf(0.99) * spread), rel=1e-7
    )
    scatter = (case["expected"] * (1 - case["expected"]) / heats) ** 0.5
    assert 1 - answer.realised_risk.share == pytest.approx(case["expected"], abs=4 * scatter)


@pytest.mark.parametrize("unit", [1.0, 1e-3])
def test_gy(unit):
    """The same in kg and in t."""
    case = CASES["A15_gy"]
    sample, lot = case["inputs"]["m_sample"] * unit, case["inputs"]["m_lot"] * unit
    plan = SamplingPlan(4, sample / 4, case["inputs"]["IH"] * unit, lot, AssayError(), 0.0, minimum_mass=0.0)
    assert plan.relative_variance() == pytest.approx(case["expected"], rel=1e-12)
    least = SamplingPlan.mass_for(case["expected"] ** 0.5, case["inputs"]["IH"] * unit, lot)
    assert least == pytest.approx(sample, rel=1e-12)


def test_melt_flow_of_a_blend():
    case = CASES["A16_mfr"]["published"]
    found = blended(rule_named("arrhenius"), "mfr", case["inputs"]["w"], case["inputs"]["MI"])
    assert found == pytest.approx(case["exact"], rel=1e-14)
    assert found == pytest.approx(case["value_printed"], abs=5e-4)


@pytest.mark.parametrize(("rule", "expected"), CASES["mfr_rules"]["expected"].items())
def test_melt_flow_by_four_rules(rule, expected):
    case = CASES["mfr_rules"]
    name, _, exponent = rule.partition(" ")
    found = blended(rule_named(name, float(exponent) if exponent else None), "mfr", case["shares"], case["melt_flow"])
    assert found == pytest.approx(expected, abs=0.051)


def test_melt_flow_of_a_loop_that_has_settled():
    case = CASES["A16_mfr"]["degradation"]
    settled = steady_melt_flow(case["M0"], case["k"], case["virgin_share"])
    assert settled == pytest.approx(case["expected"], rel=1e-14)
    flow = case["M0"]
    for _ in range(200):  # the loop itself: mix with virgin material by the same rule, then one more cycle
        mixed = blended(
            rule_named("arrhenius"), "mfr", [case["virgin_share"], 1 - case["virgin_share"]],
            [case["M0"], flow * np.exp(case["k"])],
        )  # fmt: skip
        flow = mixed
    assert flow == pytest.approx(settled, rel=1e-12)


def test_lots_of_one_yard_narrow_a_melt_only_so_far():
    case = CASES["A2_diversification"]
    source = ScrapSource.factors(
        "yard", [0.003, 0.001], [0.3, 0.5], 0.6, ("Fe", "Cu"), within_yard=case["correlation"], lot_mass=10.0
    )
    spread = np.sqrt(np.diag(source.covariance()))
    for lots, share in zip(case["lots"], case["share_of_spread"], strict=True):
        np.testing.assert_allclose(np.sqrt(np.diag(source.covariance_of_mix(lots))), share * spread, rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(np.diag(source.covariance_of_mix(10**9))), case["limit"] * spread, rtol=1e-8)
