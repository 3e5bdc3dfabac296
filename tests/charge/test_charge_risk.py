"""Risk: what a record that may be wrong does to a charge, against what is known exactly."""

from dataclasses import replace

import numpy as np
import pytest
from exact_mixtures import FURNACE, PRIMARY, exact_share, most_of, pairs, two_bells
from made_up_yards import yard_charge
from scipy.stats import beta, norm

from cesim.charge import (
    Addition,
    AlloyLimits,
    Belief,
    Charge,
    Energy,
    Furnace,
    Lot,
    OriginRecord,
    Risk,
    ScrapSource,
)
from cesim.charge.heats import RealisedRisk

ASKED = [0.005, 0.01, 0.02]
PRIMARY_FE = PRIMARY["Fe"]


def iron(limit=0.0024):
    return AlloyLimits("iron", ("Fe",), np.zeros(1), np.array([limit]))


def primary():
    return Lot.known("P1020", {"Fe": PRIMARY_FE}, stock=None, price=1.0, co2=10.0, recycled="none")


def one_bell(name="scrap", mean=0.002, spread=0.0002, price=0.7, family="normal"):
    belief = Belief(np.ones(1), np.array([[mean]]), np.array([[[spread**2]]]), family, ("Fe",))
    return Lot(name, None, price, 0.5, belief, "post")


def kept(answer, asked):
    """The promise: no more than a fifth over what was asked, with 95 % confidence."""
    return answer.realised_risk.upper_bound <= 1.2 * asked


@pytest.mark.parametrize("asked", ASKED)
def test_one_scrap_with_a_record_is_charged_as_far_as_the_mixture_allows(asked):
    answer = Charge(iron(), [two_bells(), primary()], FURNACE, Risk(asked)).most_recycled()
    assert answer.method == "scenarios"
    assert "scrap" in answer.method_reason.words("en")
    assert kept(answer, asked)
    assert answer.recycled_content >= 0.9 * exact_share(asked)
    assert answer.recycled_content == pytest.approx(exact_share(asked), rel=0.03)
    assert answer.binding == {"Fe": "upper"}


def test_as_if_normal_promises_a_tenth_of_a_per_cent_and_misses_four(cases):
    case = cases["wrong_record_mixture"]
    asked = 1.0 - case["inputs"]["conf"]
    risk = Risk(asked, method="normal", calibrated=False, heats=400_000)
    answer = Charge(iron(), [two_bells(), primary()], FURNACE, risk).most_recycled()
    assert answer.recycled_content == pytest.approx(case["expected"]["x_normal_approx"], rel=1e-6)
    assert answer.nominal_risk == pytest.approx(asked, rel=1e-6)
    assert answer.realised_risk.share == pytest.approx(case["expected"]["true_violation_of_normal_approx"], rel=0.03)
    assert "instead of 0.1 %" in answer.why("en")
    careful = Charge(iron(), [two_bells(), primary()], FURNACE, Risk(asked)).most_recycled()
    assert careful.recycled_content == pytest.approx(case["expected"]["x_exact"], rel=0.02)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("lots", pairs(0.95)[:4], ids=range(4))
def test_two_lots_with_records_come_near_the_best_there_is(lots, asked):
    answer = Charge(iron(), [*lots, primary()], FURNACE, Risk(asked)).most_recycled()
    assert kept(answer, asked)
    assert answer.recycled_content >= 0.9 * most_of(lots, asked)


YARDS = {
    (0, 0.02, 20): (),
    (3, 0.01, 20): (),
    (4, 0.005, 8): (),
    (1, 0.02, 20): pytest.mark.slow,
    (2, 0.01, 20): pytest.mark.slow,
    (4, 0.005, 20): pytest.mark.slow,
}


@pytest.mark.parametrize(("seed", "asked", "lots"), [pytest.param(*yard, marks=marks) for yard, marks in YARDS.items()])
def test_a_yard_of_records_keeps_its_risk(seed, asked, lots):
    trap(seed, "6063" if seed % 2 else "6016", asked, lots=lots)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("asked", ASKED)
def test_thirty_yards_of_records_keep_their_risk(seed, asked):
    trap(100 + seed, "6063" if seed % 2 else "6016", asked, thorough=seed % 5 == 0)


def trap(seed, alloy, asked, *, lots=20, thorough=False):
    """Lots of 95 % reliable records: the risk is kept, and by more scrap than any wide enough bell allows."""
    charge = yard_charge(seed, alloy, lots, risk=Risk(asked))
    answer = charge.most_recycled()
    assert answer.method == "scenarios"
    assert answer.realised_risk.heats == 100_000
    assert kept(answer, asked)
    fooled = replace(charge, risk=Risk(asked, method="normal", calibrated=False)).most_recycled()
    assert fooled.realised_risk.share > 1.4 * asked
    assert fooled.realised_risk.share > 2.0 * fooled.nominal_risk
    if thorough:
        wide = replace(charge, risk=Risk(asked, method="normal")).most_recycled()
        assert kept(wide, asked)
        assert answer.recycled_content > wide.recycled_content


@pytest.mark.parametrize("family", ["normal", "lognormal"])
@pytest.mark.parametrize("asked", [0.001, 0.05])
def test_one_bell_keeps_its_margin(family, asked):
    charge = Charge(iron(), [one_bell(family=family, spread=0.0004), primary()], FURNACE, Risk(asked))
    answer = charge.most_recycled()
    assert answer.method == "normal"
    assert kept(answer, asked) or asked == 0.001
    if family == "normal":
        x = 0.001 / (0.0006 - norm.ppf(asked) * 0.0004)
        assert answer.recycled_content == pytest.approx(x, rel=0.025)
        assert answer.nominal_risk == pytest.approx(asked, rel=0.12)
        assert answer.shadow_prices["Fe"] == pytest.approx((x / 0.001, x / 0.001), rel=0.02)


def test_prices_of_the_tail_agree_with_a_moved_limit():
    lots = [two_bells("A"), two_bells("B", 0.95, (0.0021, 0.0003), (0.0035, 0.0003)), primary()]
    found = [Charge(iron(limit), lots, FURNACE, Risk(0.01)).least_cost() for limit in (0.00235, 0.0024, 0.00245)]
    slope = (found[2].cost - found[0].cost) / 0.0001
    assert found[1].shadow_prices["Fe"][0] == pytest.approx(slope, rel=0.1)


def test_a_record_that_is_not_charged_leaves_the_bell_alone():
    dirty = two_bells("dirty", right=(0.02, 0.0002), wrong=(0.05, 0.001), price=5.0)
    answer = Charge(iron(), [one_bell(), dirty, primary()], FURNACE, Risk(0.01)).least_cost()
    assert answer.method == "normal"
    assert answer.method_reason.code == "method_unimodal"


def test_what_is_certain_has_no_risk_and_the_charge_of_its_mean():
    certain = Lot.known("scrap", {"Fe": 0.0034}, stock=None, price=0.7, co2=0.5, recycled="post")
    plain = Charge(iron(0.002), [certain, primary()], FURNACE).least_cost()
    for method in ("auto", "normal", "scenarios", "none"):
        answer = Charge(iron(0.002), [certain, primary()], FURNACE, Risk(0.01, method=method, heats=1000)).least_cost()
        assert answer.mix == plain.mix
        assert answer.realised_risk == RealisedRisk(1000, 0)


def test_the_rounding_rule_forgives_what_rounds_to_the_limit():
    lot = one_bell(mean=0.0022, spread=0.0002)
    alloy = AlloyLimits("iron", ("Fe",), np.zeros(1), np.array([0.0024]), digits={"Fe": (None, 2)})
    strict, lenient = (
        Charge(alloy, [lot], FURNACE, Risk(0.01, method="none", rounded=rounded)).least_cost()
        for rounded in (False, True)
    )
    assert strict.realised_risk.share == pytest.approx(norm.sf(1.0), rel=0.05)
    assert lenient.realised_risk.share == pytest.approx(norm.sf(1.25), rel=0.05)


def test_a_risk_that_no_charge_keeps_is_told_with_the_least_found():
    answer = Charge(iron(0.0021), [one_bell()], FURNACE, Risk(0.01)).least_cost()
    assert answer.status == "infeasible"
    assert answer.recycled_content is None
    assert answer.why("en").startswith("no charge keeps a risk of 1 %; the least found is 3")


def test_both_sides_of_a_limit_are_risks():
    window = AlloyLimits("iron", ("Fe",), np.array([0.0016]), np.array([0.0024]))
    answer = Charge(window, [one_bell(spread=0.0002)], FURNACE, Risk(0.1, method="none")).least_cost()
    assert answer.realised_risk.share == pytest.approx(2 * norm.sf(2.0), rel=0.05)


def test_recoveries_move_the_limit_with_the_melt():
    """All of the iron stays and a twentieth of the aluminium is lost: the risk of a / melt(a), in closed form."""
    furnace = Furnace(1.0, Energy(0.0, 0.0, 0.0), recoveries={"Fe": 1.0, "Al": 0.95})
    lot = one_bell(mean=0.02, spread=0.004)
    limit = 0.03
    edge = 0.95 * limit / (1.0 - 0.05 * limit)
    answer = Charge(iron(limit), [lot], furnace, Risk(0.2, method="none")).least_cost()
    assert answer.realised_risk.share == pytest.approx(norm.sf((edge - 0.02) / 0.004), rel=0.05)
    assert Charge(
        iron(limit), [lot], furnace, Risk(0.2, method="normal", calibrated=False)
    ).least_cost().nominal_risk == (pytest.approx(norm.sf((edge - 0.02) / 0.004), rel=1e-6))


def test_the_bound_is_that_of_clopper_and_pearson():
    for off, heats in ((0, 100), (7, 1000), (500, 100_000)):
        risk = RealisedRisk(heats, off)
        assert risk.upper_bound == pytest.approx(beta.ppf(0.95, off + 1, heats - off), rel=1e-9)
        if off:
            assert risk.lower_bound == pytest.approx(beta.ppf(0.05, off, heats - off + 1), rel=1e-9)
    assert RealisedRisk(10, 10).upper_bound == 1.0
    assert RealisedRisk(10, 0).lower_bound == 0.0


@pytest.mark.parametrize(
    ("given", "field"),
    [({"joint": 0.0}, "joint"), ({"joint": 0.5}, "joint"), ({"joint": float("nan")}, "joint"),
     ({"joint": 0.01, "method": "guess"}, "method"), ({"joint": 0.01, "heats": 0}, "heats")],
)  # fmt: skip
def test_a_risk_that_is_none_is_refused(given, field):
    from cesim.errors import InputError

    with pytest.raises(InputError) as caught:
        Risk(**given)
    assert caught.value.faults[0].arguments["object"] == "Risk"
    assert caught.value.faults[0].arguments["field"] == field


def test_a_skewed_bell_is_told_by_drawn_heats_where_that_is_better():
    """One lognormal scrap between an upper and a lower limit: one margin for both would waste the lower one."""
    source = ScrapSource.lognormal("s", [0.004, 0.006], [0.3, 0.3], 0.0, ("Fe", "Si"), lot_mass=10.0)
    lot = Lot.recorded(
        "s", OriginRecord("s", 1.0), [source], stock=None, price=100.0, co2=0.4, recycled="post"
    )  # fmt: skip
    alloy = AlloyLimits("both ends", ("Fe", "Si"), np.array([0.0, 0.003]), np.array([0.003, 0.01]))
    additions = (Addition("P", {"Fe": 0.001}, 300.0, 8.0), Addition("Si", {"Si": 1.0}, 600.0, 20.0))
    furnace = Furnace(20.0, Energy(0.0, 0.0, 0.0), yields=1.0, additions=additions)
    answers = {
        method: Charge(alloy, [lot], furnace, Risk(0.01, method=method)).most_recycled()
        for method in ("auto", "normal", "scenarios")
    }
    assert answers["auto"].method == "scenarios"
    assert answers["auto"].method_reason.code == "method_askew"
    assert answers["auto"].recycled_content > 1.05 * answers["normal"].recycled_content
    assert answers["auto"].recycled_content == pytest.approx(answers["scenarios"].recycled_content, rel=1e-6)
    assert answers["auto"].realised_risk.upper_bound <= 0.012
