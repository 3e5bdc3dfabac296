"""Grades on trial: closed forms and an integral first, then what must always hold."""

import json
import pickle
from dataclasses import replace
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    Energy,
    Estimate,
    ForeignMatter,
    Furnace,
    GradeTest,
    MeltShop,
    SamplingPlan,
    ScrapGrade,
    ScrapSource,
    Sorter,
)
from cesim.charge.graderesult import GradeResult
from cesim.charge.verdict import judge
from cesim.errors import InputError, NoAnswer
from cesim.text import message

CASES = {
    case["id"]: case["data"]
    for case in json.loads((Path(__file__).parents[1] / "cases" / "charge_objects.json").read_text("utf-8"))["cases"]
}
ELEMENTS = ("Si", "Fe", "Cu")
MEAN = np.array([0.008, 0.0034, 0.001])


def source(name="yard", mean=MEAN, cv=0.3, correlation=0.3, elements=ELEMENTS, **more):
    size = len(elements)
    return ScrapSource.lognormal(name, mean, np.full(size, cv), correlation, elements, lot_mass=10.0, **more)


def plan(relative=0.1, absolute=0.0):
    detected = absolute / 100
    return SamplingPlan(1, 10.0, 1.0, 10.0, AssayError(relative, absolute), detected, minimum_mass=0.0)


def shop(**changed):
    additions = (
        Addition("P1020", {"Si": 0.0005, "Fe": 0.0012}, 400_000, 10.0),
        Addition("silicon", {"Si": 1.0}, 500_000, 5.0),
    )
    yields = {"scrap": 0.96, "P1020": 0.99, "silicon": 1.0}
    furnace = Furnace(20.0, Energy(3.0, 2000.0, 0.05), yields=yields, additions=additions)
    given = {"furnace": furnace, "scrap_price": 250_000, "scrap_co2": 0.4, "lots_per_heat": 6, "risk": 0.01}
    return MeltShop(**{**given, "heats": 5_000, **changed})


GRADE = ScrapGrade("clip", upper={"Si": 0.012, "Fe": 0.0045, "Cu": 0.0016})
ALLOY = AlloyLimits("6xxx", ELEMENTS, [0.006, 0.0, 0.0], [0.009, 0.0035, 0.0015])


def within(found, expected, errors=4.0):
    assert isinstance(found, Estimate)
    assert 0.0 < found.standard_error < 0.01
    assert abs(found - expected) < errors * found.standard_error


def lognormal_logs(mean, cv):
    variance = log(1 + cv**2)
    return log(mean) - variance / 2, variance


@pytest.fixture(scope="module")
def iron():
    """The published case: iron alone, a million lots."""
    yard = source(mean=[0.0034], elements=("Fe",))
    relative = float(np.sqrt(np.expm1(0.13**2)))
    return GradeTest(ScrapGrade("Fe", upper={"Fe": 0.005}), [yard], plan(relative)).run(1_000_000, seed=8)


def test_acceptance_and_both_risks_in_closed_form(iron):
    expected = CASES["A8_acceptance"]["expected"]
    within(iron.conforming, expected["conform"])
    within(iron.acceptance, expected["accept"])
    within(iron.false_accept, expected["consumer_risk"])
    within(iron.false_reject, expected["producer_risk"])


def test_what_was_accepted_is_a_selected_sample(iron):
    """E[true | read <= u] = E[true] Phi((ln u - m - s2) / t) / Phi((ln u - m) / t), with t2 = s2 + e2."""
    centre, s2 = lognormal_logs(0.0034, 0.3)
    total = sqrt(s2 + 0.13**2)
    to_limit = log(0.005) - (centre - 0.13**2 / 2)
    chosen = norm.cdf(to_limit / total)
    mean = 0.0034 * norm.cdf((to_limit - s2) / total) / chosen
    square = 0.0034**2 * 1.09 * norm.cdf((to_limit - 2 * s2) / total) / chosen
    found = iron.accepted
    assert abs(found.mean[0] - mean) < 4 * found.standard_error[0] < 1e-5
    assert found.covariance[0, 0] == pytest.approx(square - mean**2, rel=5e-3)
    readings = iron.lots.read[0][iron.verdict.taken].mean()
    assert readings < mean - 20 * found.standard_error[0]


def test_risks_against_an_integral_with_an_absolute_error():
    """Readings with a lognormal and a normal part have no closed form; the integral over truth and reading is the
    oracle."""
    relative, absolute, limit = 0.08, 0.0003, 0.0045
    result = GradeTest(
        ScrapGrade("Fe", upper={"Fe": limit}), [source(mean=[0.0034], elements=("Fe",))], plan(relative, absolute)
    ).run(400_000, seed=3)
    centre, s2 = lognormal_logs(0.0034, 0.3)
    e2 = log(1 + relative**2)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    factors, chances = np.exp(sqrt(e2) * nodes - e2 / 2), weights / weights.sum()

    def taken(true):
        return chances @ norm.cdf((limit - true * factors) / absolute)

    def mass(low, high):
        def of(z):
            return norm.pdf(z) * taken(np.exp(centre + sqrt(s2) * z))

        return quad(of, low, high, epsabs=1e-11)[0]

    at_limit = (log(limit) - centre) / sqrt(s2)
    right, wrong = mass(-9, at_limit), mass(at_limit, 9)
    within(result.acceptance, right + wrong)
    within(result.false_accept, wrong / (right + wrong))
    within(result.false_reject, 1 - right / norm.cdf(at_limit))


def test_sole_causes_of_independent_elements_in_closed_form():
    result = GradeTest(GRADE, [source(correlation=0.0)], plan()).run(400_000)
    passes = {}
    for element, mean in zip(ELEMENTS, MEAN, strict=True):
        centre, s2 = lognormal_logs(mean, 0.3)
        _, e2 = lognormal_logs(1.0, 0.1)
        passes[element] = norm.cdf((log(GRADE.upper[element]) - centre + e2 / 2) / sqrt(s2 + e2))
    every = np.prod(list(passes.values()))
    within(result.acceptance, every)
    for element, share in passes.items():
        within(result.sole_cause[element], every / share * (1 - share))
    assert sum(result.first_cause.values()) == pytest.approx(1 - result.acceptance, abs=1e-12)


def test_standard_errors_know_that_lots_of_a_yard_are_alike():
    """The spread of the acceptance over seeds is the standard error told, with and without likeness."""
    for likeness in (0.0, 0.8):
        trial = GradeTest(GRADE, [source(within_yard=likeness)], plan())
        runs = [trial.run(4_000, seed=seed).acceptance for seed in range(60)]
        told = np.sqrt(np.mean([run.standard_error**2 for run in runs]))
        assert np.std(runs, ddof=1) == pytest.approx(told, rel=0.3)


def test_heats_of_lots_from_one_yard_keep_their_likeness():
    wide = ScrapGrade("all", upper={"Fe": 0.5})
    spread = []
    for likeness in (0.0, 0.5):
        trial = GradeTest(wide, [source(within_yard=likeness)], plan(), alloy=ALLOY, shop=shop(lots_per_heat=20))
        spread.append(trial.run(100_000).melting.recycled_content)
    assert spread[1] < spread[0] - 0.02


@pytest.fixture(scope="module")
def melted():
    trial = GradeTest(GRADE, [source()], plan(), alloy=ALLOY, shop=shop(heats=20_000))
    return trial.run(200_000)


def test_the_stated_risk_is_the_risk_that_is_run(melted):
    melting = melted.melting
    assert 0.007 < melting.realised_risk < 0.01 + 2 * melting.realised_risk.standard_error
    assert melting.risk_bound < 1.2 * 0.01
    assert 0.3 < melting.recycled_content < 0.96
    assert melting.mix["scrap"] * 0.96 + melting.mix["P1020"] * 0.99 + melting.mix["silicon"] == pytest.approx(1.0)
    assert melting.recycled_content == pytest.approx(0.96 * melting.mix["scrap"])
    metal = 250_000 * melting.mix["scrap"] + 400_000 * melting.mix["P1020"] + 500_000 * melting.mix["silicon"]
    assert melting.cost == pytest.approx(metal + 6000 * sum(melting.mix.values()))
    assert {"Si", "Si min"} <= set(melting.binding)


def test_most_scrap_cheapest_and_least_co2():
    answers = {}
    for goal in ("recycled", "cost", "co2"):
        trial = GradeTest(GRADE, [source()], plan(), alloy=ALLOY, shop=shop(goal=goal))
        answers[goal] = trial.run(50_000).melting
    assert answers["recycled"].recycled_content >= answers["cost"].recycled_content - 0.01
    assert answers["co2"].co2 == pytest.approx(answers["recycled"].co2, rel=0.02)


def test_equal_grades_differ_by_exactly_nothing(melted):
    same = melted.compare(melted.again(GRADE)).differences
    assert {"acceptance", "false_accept", "mean Fe", "recycled_content", "cost", "co2"} <= set(same)
    assert all(difference == 0.0 and difference.standard_error == 0.0 for difference in same.values())


def test_common_lots_tell_small_differences_from_chance(melted):
    found = melted.compare(melted.again(GRADE.scaled(1.02))).differences
    alone = sqrt(2) * melted.acceptance.standard_error
    assert found["acceptance"] > 4 * found["acceptance"].standard_error
    assert found["acceptance"].standard_error < 0.3 * alone
    assert found["mean Fe"] > 0.0


def test_a_retest_is_the_test(melted):
    fresh = GradeTest(GRADE.scaled(0.9), [source()], plan()).run(200_000)
    again = melted.again(GRADE.scaled(0.9))
    np.testing.assert_array_equal(fresh.verdict.code, again.verdict.code)
    assert fresh.acceptance == again.acceptance


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.5, 2.0), min_size=2, max_size=2).map(sorted), st.integers(0, 99))
def test_wider_grades_take_all_that_narrower_ones_take(factors, seed):
    result = GradeTest(GRADE, [source()], plan()).run(500, seed)
    narrow, wide = (result.again(GRADE.scaled(factor)) for factor in factors)
    assert not (narrow.verdict.taken & ~wide.verdict.taken).any()
    assert narrow.conforming <= wide.conforming


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(3)), st.integers(0, 9))
def test_the_order_of_limits_changes_nothing(order, seed):
    result = GradeTest(GRADE, [source()], plan()).run(600, seed)
    names = list(GRADE.upper)
    turned = result.again(ScrapGrade("turned", upper={names[at]: GRADE.upper[names[at]] for at in order}))
    np.testing.assert_array_equal(result.verdict.code, turned.verdict.code)
    assert turned.sole_cause == pytest.approx(result.sole_cause, abs=1e-12)
    assert turned.first_cause == pytest.approx(result.first_cause, abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_lots_changes_nothing(luck):
    result = GradeTest(GRADE, [source()], plan()).run(400)
    order = list(range(400))
    luck.shuffle(order)
    turned = replace(result.lots, true=result.lots.true[:, order], read=result.lots.read[:, order])
    shuffled = GradeResult(result.test, GRADE, turned, judge(turned, GRADE), 1)
    assert shuffled.acceptance == result.acceptance
    assert shuffled.false_accept == result.false_accept
    np.testing.assert_allclose(shuffled.accepted.mean, result.accepted.mean, rtol=1e-6)


def test_a_grade_that_takes_nothing_compares_as_no_number():
    result = GradeTest(GRADE, [source()], plan()).run(1000)
    found = result.compare(result.again(ScrapGrade("none", upper={"Fe": 1e-6}))).differences
    assert found["acceptance"] == -result.acceptance
    assert np.isnan(found["mean Fe"])
    assert np.isnan(found["false_accept"])


def test_the_verdict_is_that_of_the_grade(melted):
    """Against `ScrapGrade.accepts`, the slow twin in double precision."""
    lots = melted.lots
    taken = GRADE.accepts(lots.read.T.astype(np.float64), ELEMENTS)
    good = GRADE.accepts(lots.true.T.astype(np.float64), ELEMENTS)
    np.testing.assert_array_equal(melted.verdict.taken, taken)
    np.testing.assert_array_equal(melted.verdict.code >= 2, good)
    exact = lots.true[:, taken].astype(np.float64)
    np.testing.assert_allclose(melted.accepted.mean, exact.mean(axis=1), rtol=1e-6)
    np.testing.assert_allclose(melted.accepted.covariance, np.cov(exact, ddof=0), rtol=1e-5)


def test_another_source_changes_no_lot_of_the_first():
    alone = GradeTest(GRADE, [source()], plan()).run(1000)
    both = GradeTest(GRADE, [source(), source("b")], plan(), {"yard": 50.0, "b": 50.0}).run(2000)
    np.testing.assert_array_equal(alone.lots.true, both.lots.true[:, :1000])
    assert both.by_source["yard"]["acceptance"] == alone.acceptance


def test_shares_are_of_tonnes():
    clean, dirty = source("clean", 0.5 * MEAN), source("dirty", 2 * MEAN)
    result = GradeTest(GRADE, [clean, dirty], plan(), {"clean": 30.0, "dirty": 10.0}).run(50_000)
    own = result.by_source
    assert result.acceptance == pytest.approx(
        0.75 * own["clean"]["acceptance"] + 0.25 * own["dirty"]["acceptance"], rel=1e-12
    )
    assert result.tonnes["clean"] == pytest.approx(30.0 * own["clean"]["acceptance"])
    mix = result.accepted.mix
    assert result.accepted.mean == pytest.approx(mix @ result.accepted.means)


def test_a_sorter_that_is_never_wrong_leaves_the_sources_as_they_are():
    sources = [source("clean", 0.5 * MEAN), source("dirty", 2 * MEAN)]
    supplies = {"clean": 30.0, "dirty": 10.0}
    plain = GradeTest(GRADE, sources, plan(), supplies).run(10_000)
    sorted_ = GradeTest(GRADE, sources, plan(), supplies, Sorter(("clean", "dirty"), np.eye(2), 5.0, 0.0)).run(10_000)
    np.testing.assert_array_equal(plain.lots.true, sorted_.lots.true)


def test_a_bin_holds_what_the_sorter_threw_into_it():
    sources = [source("clean", 0.5 * MEAN), source("dirty", 2 * MEAN)]
    sorter = Sorter(("clean", "dirty"), [[0.9, 0.1], [0.2, 0.8]], 5.0, 3000.0)
    wide = ScrapGrade("all", upper={"Fe": 0.5})
    trial = GradeTest(
        wide, sources, plan(), {"clean": 30.0, "dirty": 10.0}, sorter, ["clean"], alloy=ALLOY, shop=shop()
    )
    result = trial.run(50_000)
    assert result.tonnes == {"clean": pytest.approx(29.0)}
    expected = (27 * 0.5 + 2 * 2) / 29 * MEAN
    assert np.abs(result.accepted.mean - expected).max() < 5 * result.accepted.standard_error.max()
    melting = result.melting
    sorting = 3000.0 * 40 / 29 * melting.mix["scrap"]
    metal = 250_000 * melting.mix["scrap"] + 400_000 * melting.mix["P1020"] + 500_000 * melting.mix["silicon"]
    assert melting.cost == pytest.approx(metal + 6000 * sum(melting.mix.values()) + sorting)


def test_free_iron_is_weighed_where_the_grade_limits_it():
    bolts = {"free_iron": {"yard": ForeignMatter(0.002, 0.8, 0.15)}}
    grade = ScrapGrade("clean", upper={"Fe": 0.5}, free_iron=0.003)
    result = GradeTest(grade, [source()], plan(), foreign=bolts).run(300_000)
    centre, s2 = lognormal_logs(0.002, 0.8)
    _, e2 = lognormal_logs(1.0, 0.15)
    within(result.conforming, norm.cdf((log(0.003) - centre) / sqrt(s2)))
    within(result.acceptance, norm.cdf((log(0.003) - centre + e2 / 2) / sqrt(s2 + e2)))
    assert result.sole_cause["free_iron"] == pytest.approx(1 - result.acceptance)


def test_a_lower_limit_and_aluminium_by_difference():
    grade = ScrapGrade("rich", lower={"Al": 0.985, "Si": 0.006})
    result = GradeTest(grade, [source()], plan()).run(20_000)
    lots = result.lots.read.astype(np.float64)
    expected = (1 - lots.sum(axis=0) >= 0.985) & (lots[0] >= 0.006)
    assert (result.verdict.taken != expected).mean() < 1e-3
    assert set(result.sole_cause) == {"Al min", "Si min"}


def test_an_estimate_is_a_number():
    one = Estimate(0.5, 0.01)
    assert one + 1 == 1.5
    assert "0.5" in repr(one)
    assert pickle.loads(pickle.dumps(one)).standard_error == 0.01


NAN = float("nan")
WRONG = [
    (lambda: GradeTest(GRADE, [], plan()), "charge_empty", "sources"),
    (lambda: GradeTest(GRADE, [source(), source()], plan()), "charge_repeated", "sources"),
    (lambda: GradeTest(GRADE, [source(), source("b")], plan()), "charge_needs_too", "sources"),
    (lambda: GradeTest(GRADE, [source()], plan(), {"yard": -1.0}), "charge_out_of_range", "supplies.yard"),
    (lambda: GradeTest(GRADE, [source()], plan(), {"yard": NAN}), "charge_not_finite", "supplies.yard"),
    (lambda: GradeTest(GRADE, [source()], plan(), {"yard": 0.0}), "charge_empty", "supplies"),
    (lambda: GradeTest(GRADE, [source()], plan(), {"yart": 1.0}), "charge_unknown_name", "supplies"),
    (lambda: GradeTest(GRADE, [source(), source("b")], plan(), {"b": 1.0}), "charge_unnamed", "supplies"),
    (lambda: GradeTest(GRADE, [source(), source("b", elements=("Si", "Fe", "Zn"))], plan(), {"yard": 1, "b": 1}),
     "charge_shape", "b"),
    (lambda: GradeTest(ScrapGrade("x", upper={"Zn": 0.1}), [source()], plan()), "charge_not_measured", "Zn"),
    (lambda: GradeTest(ScrapGrade("x", moisture=0.1), [source()], plan()), "charge_not_measured", "moisture"),
    (lambda: GradeTest(ScrapGrade("x"), [source()], plan()), "charge_no_limits", "words"),
    (lambda: GradeTest(GRADE, [source()], plan(), bins=["yard"]), "charge_needs_too", "bins"),
    (lambda: GradeTest(GRADE, [source()], plan(), sorter=Sorter(("a",), [[1.0]], 1.0, 0.0)), "charge_shape", "sorter"),
    (lambda: GradeTest(GRADE, [source()], plan(), sorter=Sorter(("yard",), [[1.0]], 1.0, 0.0), bins=["b"]),
     "charge_unknown_name", "bins"),
    (lambda: GradeTest(GRADE, [source()], plan(), foreign={"moisture": {}}), "charge_unnamed", "foreign.moisture"),
    (lambda: GradeTest(GRADE, [source()], plan(), alloy=ALLOY), "charge_needs_too", "alloy"),
    (lambda: GradeTest(GRADE, [source()], plan(), shop=shop()), "charge_needs_too", "shop"),
    (lambda: GradeTest(GRADE, [source()], plan(), alloy=AlloyLimits("z", ("Zn",), [0.0], [0.1]), shop=shop()),
     "charge_not_measured", "Zn"),
    (lambda: GradeTest(GRADE, [source()], plan()).run(1), "charge_out_of_range", "lots"),
    (lambda: GradeTest(GRADE, [source()], plan()).run(10, seed=-1), "charge_out_of_range", "seed"),
    (lambda: GradeTest(GRADE, [source()], plan()).run(10).melting, "charge_needs_too", "melting"),
    (lambda: ForeignMatter(1.5, 0.1, 0.1), "charge_out_of_range", "mean"),
    (lambda: shop(risk=0.0), "charge_out_of_range", "risk"),
    (lambda: shop(heats=500), "charge_out_of_range", "heats"),
    (lambda: shop(goal="best"), "charge_unknown_name", "goal"),
    (lambda: shop(furnace=Furnace(1.0, Energy(0, 0, 0), yields=1.0)), "charge_empty", "furnace.additions"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code", "field"), WRONG, ids=[f"{code} {field}" for _, code, field in WRONG])
def test_what_cannot_be_is_refused_with_object_and_field(make, code, field):
    with pytest.raises(InputError) as refused:
        make()
    faults = [fault for fault in refused.value.faults if fault.code == code]
    assert faults
    assert faults[0].arguments["field"] == field
    for language in ("ja", "en"):
        assert str(faults[0].arguments["object"]) in message(faults[0], language)


def test_trials_on_other_lots_are_not_compared():
    trial = GradeTest(GRADE, [source()], plan())
    with pytest.raises(InputError, match="different lots"):
        trial.run(100).compare(trial.run(100, seed=2))


def test_nothing_accepted_and_no_margin_are_told():
    nothing = GradeTest(ScrapGrade("none", upper={"Fe": 1e-6}), [source()], plan(), alloy=ALLOY, shop=shop()).run(1000)
    assert nothing.acceptance == 0.0
    assert np.isnan(nothing.false_accept)
    with pytest.raises(NoAnswer, match="takes no lot"):
        _ = nothing.melting
    pure = AlloyLimits("pure", ELEMENTS, [0.0, 0.0, 0.0], [0.01, 0.0005, 1.0])
    with pytest.raises(NoAnswer, match=r"cannot be met together: .*Fe"):
        _ = GradeTest(GRADE, [source()], plan(), alloy=pure, shop=shop()).run(1000).melting
