"""Input that cannot be: refused with the object, the field and words in both languages."""

import numpy as np
import pytest

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    Belief,
    Energy,
    Furnace,
    OriginRecord,
    PolymerBlend,
    SamplingPlan,
    ScrapGrade,
    ScrapSource,
    Sorter,
)
from cesim.charge.compounds import CompoundLimits, Feed
from cesim.charge.melt_flow import LINEAR, Power, steady_melt_flow
from cesim.errors import InputError
from cesim.text import hints, message

NAN = float("nan")
FE = np.array([0.004])
ENERGY = Energy(3.0, 2000.0, 0.05)


def source(**changed):
    given = {"mean": [0.003, 0.001], "cv": [0.3, 0.3], "correlation": 0.2, "elements": ("Fe", "Cu"), "lot_mass": 1.0}
    return ScrapSource.lognormal("yard", **{**given, **changed})


def plan(**changed):
    given = {
        "increments": 4, "increment_mass": 0.005, "heterogeneity": 5e-4, "lot_mass": 12.0,
        "assay_error": AssayError(0.03), "limit_of_detection": 0.0, "minimum_mass": 0.0, **changed,
    }  # fmt: skip
    return SamplingPlan(**given)


def belief(**changed):
    given = {"weights": [0.5, 0.5], "means": [[0.1], [0.2]], "covariances": [[[0.01]], [[0.01]]], "family": "normal"}
    return Belief(**{name: np.array(v) if name != "family" else v for name, v in {**given, **changed}.items()})


def sorter(confusion, classes=("a", "b"), throughput=5.0, cost=0.0):
    return Sorter(classes, confusion, throughput, cost)


def feed(name="f", **changed):
    return Feed(**{"name": name, "price": 1.0, "stock": 1.0, "recycled": 0.0, "properties": {"mfr": 5.0}, **changed})


def compound(mass=1.0, feeds=None, **limits):
    given = {"name": "c", "windows": {"mfr": (1.0, 9.0)}, **limits}
    return PolymerBlend(feeds if feeds is not None else (feed(),), CompoundLimits(**given), LINEAR, mass)


CASES = {
    "limits crossed": (lambda: AlloyLimits("x", ("Fe",), FE, FE / 2), "charge_limits_crossed", "AlloyLimits x", "Fe"),
    "limit above the whole": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE + 1), "charge_out_of_range", "AlloyLimits x", "upper"),
    "limit below nothing": (lambda: AlloyLimits("x", ("Fe",), -FE, FE), "charge_out_of_range", "AlloyLimits x", "lower"),
    "limit not a number": (lambda: AlloyLimits("x", ("Fe",), FE * NAN, FE), "charge_not_finite", "AlloyLimits x", "lower"),
    "limits of another number of elements": (lambda: AlloyLimits("x", ("Fe", "Si"), FE, FE), "charge_shape", "AlloyLimits x", "lower"),
    "lower limits above the whole": (lambda: AlloyLimits("x", ("Fe", "Si"), np.array([0.6, 0.6]), np.ones(2)), "charge_over_whole", "AlloyLimits x", "lower"),
    "element twice": (lambda: AlloyLimits("x", ("Fe", "Fe"), np.zeros(2), np.ones(2)), "charge_repeated", "AlloyLimits x", "elements"),
    "no element": (lambda: AlloyLimits("x", (), np.zeros(0), np.zeros(0)), "charge_empty", "AlloyLimits x", "elements"),
    "others below nothing": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE, others_each=-1.0), "charge_out_of_range", "AlloyLimits x", "others each"),
    "sum crossed": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE, sums={"Fe": (0.2, 0.1)}), "charge_limits_crossed", "AlloyLimits x", "Fe"),
    "sum of what": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE, sums={"Fe+Mn": (0.0, 0.1)}), "charge_unknown_name", "AlloyLimits x", "Fe+Mn"),
    "digits of what": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE, digits={"Mn": (None, 2)}), "charge_unknown_name", "AlloyLimits x", "digits"),
    "no such alloy": (lambda: AlloyLimits.named("6017"), "charge_unknown_name", "AlloyLimits", "name"),
    "widened by what": (lambda: AlloyLimits.named("6016").widened({"V": 2.0}), "charge_unknown_name", "AlloyLimits 6016", "widened"),
    "widened by nothing": (lambda: AlloyLimits.named("6016").widened({"Fe": 0.0}), "charge_out_of_range", "AlloyLimits 6016", "Fe"),
    "narrowed until it crosses": (lambda: AlloyLimits.named("6016").widened({"Si": 0.5}), "charge_limits_crossed", "AlloyLimits 6016", "Si"),
    "without what": (lambda: AlloyLimits.named("6016").without("V"), "charge_unknown_name", "AlloyLimits 6016", "without"),
    "composition over the whole": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE).meets({"Fe": 0.6, "Si": 0.6}), "charge_over_whole", "AlloyLimits x", "composition"),
    "composition in wt%": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE).meets({"Fe": 4.0}), "charge_out_of_range", "AlloyLimits x", "Fe"),
    "composition not finite": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE).meets({"Fe": NAN}), "charge_not_finite", "AlloyLimits x", "Fe"),
    "composition of another width": (lambda: AlloyLimits("x", ("Fe",), FE * 0, FE).meets(np.zeros((3, 2))), "charge_shape", "AlloyLimits x", "composition"),
    "grade crossed": (lambda: ScrapGrade("g", upper={"Mg": 0.1}, lower={"Mg": 0.2}), "charge_limits_crossed", "ScrapGrade g", "Mg"),
    "grade not finite": (lambda: ScrapGrade("g", upper={"Mg": NAN}), "charge_not_finite", "ScrapGrade g", "Mg"),
    "moisture above the whole": (lambda: ScrapGrade("g", moisture=2.0), "charge_out_of_range", "ScrapGrade g", "moisture"),
    "no such grade": (lambda: ScrapGrade.named("twich"), "charge_unknown_name", "ScrapGrade", "name"),
    "no such family": (lambda: ScrapGrade.names("ISRI"), "charge_unknown_name", "ScrapGrade", "family"),
    "grade scaled by nothing": (lambda: ScrapGrade("g", upper={"Mg": 0.1}).scaled(0.0), "charge_out_of_range", "ScrapGrade g", "factor"),
    "foreign matter not finite": (lambda: ScrapGrade("g", moisture=0.1).accepts({"moisture": NAN}), "charge_not_finite", "ScrapGrade g", "moisture"),
    "mean not finite": (lambda: source(mean=[0.1, NAN]), "charge_not_finite", "ScrapSource yard", "mean"),
    "mean in words": (lambda: source(mean="much"), "charge_not_a_number", "ScrapSource yard", "mean"),
    "negative mean": (lambda: source(mean=[-0.1, 0.1]), "charge_out_of_range", "ScrapSource yard", "mean"),
    "means over the whole": (lambda: source(mean=[0.7, 0.7]), "charge_over_whole", "ScrapSource yard", "mean"),
    "negative spread": (lambda: source(cv=[-0.1, 0.1]), "charge_out_of_range", "ScrapSource yard", "cv"),
    "another number of spreads": (lambda: source(cv=[0.1]), "charge_shape", "ScrapSource yard", "cv"),
    "correlation above one": (lambda: source(correlation=1.1), "charge_out_of_range", "ScrapSource yard", "correlation"),
    "correlation of another size": (lambda: source(correlation=np.eye(3)), "charge_shape", "ScrapSource yard", "correlation"),
    "diagonal not one": (lambda: source(correlation=[[1, 0.1], [0.1, 0.9]]), "charge_out_of_range", "ScrapSource yard", "correlation"),
    "not symmetric": (lambda: source(correlation=[[1, 0.1], [0.2, 1]]), "charge_not_symmetric", "ScrapSource yard", "correlation"),
    "three that all oppose each other": (
        lambda: source(mean=[0.1] * 3, cv=[0.1] * 3, elements=("Fe", "Cu", "Si"), correlation=-0.9),
        "charge_not_possible", "ScrapSource yard", "correlation",
    ),
    "two lognormals that oppose each other too much": (lambda: source(cv=[2.0, 2.0], correlation=-0.9), "charge_not_possible", "ScrapSource yard", "correlation"),
    "within_yard above one": (lambda: source(within_yard=1.2), "charge_out_of_range", "ScrapSource yard", "within_yard"),
    "lot of nothing": (lambda: source(lot_mass=0.0), "charge_out_of_range", "ScrapSource yard", "lot_mass"),
    "piece above its lot": (lambda: source(piece_mass=2.0), "charge_out_of_range", "ScrapSource yard", "piece_mass"),
    "unknown closure": (lambda: source(closure="clip"), "charge_unknown_name", "ScrapSource yard", "closure"),
    "aluminium among the elements": (lambda: source(elements=("Al", "Cu")), "charge_repeated", "ScrapSource yard", "elements"),
    "no assays": (lambda: ScrapSource.assays("a", np.zeros((0, 1)), ("Fe",), lot_mass=1.0), "charge_empty", "ScrapSource a", "assays"),
    "assays over the whole": (lambda: ScrapSource.assays("a", [[99.0, 2.0]], ("Al", "Fe"), lot_mass=1.0), "charge_over_whole", "ScrapSource a", "assays"),
    "assay missing": (lambda: ScrapSource.assays("a", [[99.0, NAN]], ("Al", "Fe"), lot_mass=1.0), "charge_not_finite", "ScrapSource a", "assays"),
    "assays of another width": (lambda: ScrapSource.assays("a", [[99.0]], ("Al", "Fe"), lot_mass=1.0), "charge_shape", "ScrapSource a", "assays"),
    "no increments": (lambda: plan(increments=0), "charge_out_of_range", "SamplingPlan", "increments"),
    "half an increment": (lambda: plan(increments=1.5), "charge_out_of_range", "SamplingPlan", "increments"),
    "increment of nothing": (lambda: plan(increment_mass=0.0), "charge_out_of_range", "SamplingPlan", "increment_mass"),
    "heterogeneity not finite": (lambda: plan(heterogeneity=NAN), "charge_not_finite", "SamplingPlan", "heterogeneity"),
    "sample above its lot": (lambda: plan(lot_mass=0.01), "charge_sample_over_lot", "SamplingPlan", "increments"),
    "negative assay error": (lambda: plan(assay_error=AssayError(-0.1)), "charge_out_of_range", "SamplingPlan", "assay_error.relative"),
    "absolute error without a limit of detection": (lambda: plan(assay_error=AssayError(0.0, 1e-4)), "charge_needs_detection_limit", "SamplingPlan", "limit_of_detection"),
    "negative truth": (lambda: plan().measure(np.random.default_rng(0), [-0.1]), "charge_out_of_range", "SamplingPlan", "true"),
    "unknown substitution": (lambda: plan().measure(np.random.default_rng(0), [0.1], "lod"), "charge_unknown_name", "SamplingPlan", "substitution"),
    "rows not one": (lambda: sorter([[0.9, 0.2], [0.0, 1.0]]), "charge_rows_not_one", "Sorter", "confusion"),
    "negative confusion": (lambda: sorter([[1.1, -0.1], [0.0, 1.0]]), "charge_out_of_range", "Sorter", "confusion"),
    "confusion not square": (lambda: sorter([[1.0, 0.0]]), "charge_shape", "Sorter", "confusion"),
    "class twice": (lambda: sorter(np.eye(2), ("a", "a")), "charge_repeated", "Sorter", "classes"),
    "no throughput": (lambda: sorter(np.eye(2), throughput=0.0), "charge_out_of_range", "Sorter", "throughput"),
    "negative feed": (lambda: sorter(np.eye(2)).split([1.0, -1.0]), "charge_out_of_range", "Sorter", "feed"),
    "feed of other classes": (lambda: sorter(np.eye(2)).split([1.0]), "charge_shape", "Sorter", "feed"),
    "no such matrix": (lambda: Sorter.named("al.xrf.confusion", throughput=1.0, cost=0.0), "charge_unknown_name", "Sorter", "name"),
    "reliability above one": (lambda: OriginRecord("a", 1.1, {"b": 1.0}), "charge_out_of_range", "OriginRecord a", "reliability"),
    "reliability not finite": (lambda: OriginRecord("a", NAN, {"b": 1.0}), "charge_not_finite", "OriginRecord a", "reliability"),
    "may be wrong but nothing else": (lambda: OriginRecord("a", 0.9), "charge_weights_zero", "OriginRecord a", "others"),
    "negative weight": (lambda: OriginRecord("a", 0.9, {"b": -1.0}), "charge_out_of_range", "OriginRecord a", "others.b"),
    "claims itself": (lambda: OriginRecord("a", 0.9, {"a": 1.0}), "charge_claims_itself", "OriginRecord a", "others"),
    "empty yard": (lambda: OriginRecord("a", 0.9, {"b": 1.0}).belief([]), "charge_empty", "OriginRecord a", "sources"),
    "source not in the yard": (lambda: OriginRecord("a", 0.9, {"yard": 1.0}).belief([source()]), "charge_unknown_name", "OriginRecord a", "sources"),
    "sources of other elements": (
        lambda: OriginRecord("yard", 0.9, {"o": 1.0}).belief([source(), ScrapSource.assays("o", [[1.0]], ("Fe",), lot_mass=1.0)]),
        "charge_shape", "OriginRecord yard", "o",
    ),
    "weights not one": (lambda: belief(weights=[0.5, 0.6]), "charge_rows_not_one", "Belief", "weights"),
    "means not finite": (lambda: belief(means=[[0.1], [NAN]]), "charge_not_finite", "Belief", "means"),
    "no covariance": (lambda: belief(covariances=[[[0.1]], [[-0.1]]]), "charge_not_possible", "Belief", "covariances"),
    "covariance not symmetric": (
        lambda: belief(means=[[0.1, 0.1]] * 2, covariances=[[[1.0, 0.1], [0.2, 1.0]]] * 2),
        "charge_not_symmetric", "Belief", "covariances",
    ),
    "lognormal of nothing": (lambda: belief(means=[[0.1], [0.0]], family="lognormal"), "charge_out_of_range", "Belief", "means"),
    "no such family of laws": (lambda: belief(family="cauchy"), "charge_unknown_name", "Belief", "family"),
    "assay without error": (lambda: belief().after_assay([0.1], [0.0]), "charge_out_of_range", "Belief", "error"),
    "assay not finite": (lambda: belief().after_assay([NAN], [0.1]), "charge_not_finite", "Belief", "measured"),
    "assay of other elements": (lambda: belief().after_assay([0.1, 0.2], [0.1, 0.1]), "charge_shape", "Belief", "measured"),
    "yield with recoveries": (lambda: Furnace(12.0, ENERGY, {"Al": 1.0}, 0.9), "charge_both", "Furnace", "yields"),
    "neither": (lambda: Furnace(12.0, ENERGY), "charge_neither", "Furnace", "yields"),
    "recoveries without aluminium": (lambda: Furnace(12.0, ENERGY, {"Mg": 0.9}), "charge_unnamed", "Furnace", "recoveries"),
    "recovery above one": (lambda: Furnace(12.0, ENERGY, {"Al": 1.1}), "charge_out_of_range", "Furnace", "recoveries.Al"),
    "yield of nothing": (lambda: Furnace(12.0, ENERGY, yields={"a": 0.0}), "charge_out_of_range", "Furnace", "yields.a"),
    "yield not finite": (lambda: Furnace(12.0, ENERGY, yields=NAN), "charge_not_finite", "Furnace", "yields"),
    "furnace of nothing": (lambda: Furnace(0.0, ENERGY, yields=0.9), "charge_out_of_range", "Furnace", "mass"),
    "charge of nothing": (lambda: Furnace(1.0, ENERGY, yields=0.9).melt([0.0], [[0.1]], ("Si",)), "charge_empty", "Furnace", "masses"),
    "negative charge": (lambda: Furnace(1.0, ENERGY, yields=0.9).melt([-1.0], [[0.1]], ("Si",)), "charge_out_of_range", "Furnace", "masses"),
    "aluminium stated": (lambda: Furnace(1.0, ENERGY, yields=0.9).transfer([[0.1]], ("Al",)), "charge_repeated", "Furnace", "elements"),
    "addition over the whole": (lambda: Addition("a", {"Si": 0.6, "Mg": 0.6}, 1.0, 1.0), "charge_over_whole", "Addition a", "composition"),
    "addition twice": (lambda: Furnace(1.0, ENERGY, yields=0.9, additions=(Addition("a", {}, 1.0, 1.0),) * 2), "charge_repeated", "Furnace", "additions"),
    "negative stock of an addition": (lambda: Addition("a", {}, 1.0, 1.0, -1.0), "charge_out_of_range", "Addition a", "stock"),
    "negative price": (lambda: Addition("a", {}, -1.0, 1.0), "charge_out_of_range", "Addition a", "price"),
    "negative energy": (lambda: Energy(-1.0, 1.0, 1.0), "charge_out_of_range", "Energy", "use"),
    "negative stock": (lambda: feed(stock=-1.0), "charge_out_of_range", "Feed f", "stock"),
    "unknown property": (lambda: feed(properties={"mfi": 5.0}), "charge_unknown_name", "Feed f", "properties"),
    "recycled above one": (lambda: feed(recycled=1.1), "charge_out_of_range", "Feed f", "recycled"),
    "window crossed": (lambda: compound(windows={"mfr": (9.0, 1.0)}), "charge_limits_crossed", "CompoundLimits c", "mfr"),
    "no feeds": (lambda: compound(feeds=()), "charge_empty", "PolymerBlend c", "feeds"),
    "feed twice": (lambda: compound(feeds=(feed(), feed())), "charge_repeated", "PolymerBlend c", "feeds"),
    "property not stated": (lambda: compound(windows={"impact": (1.0, None)}), "charge_unnamed", "PolymerBlend c", "f.properties"),
    "substance not stated": (lambda: compound(substances={"Br": 0.1}), "charge_unnamed", "PolymerBlend c", "f.substances"),
    "compound of nothing": (lambda: compound(mass=0.0), "charge_out_of_range", "PolymerBlend c", "mass"),
    "melt flow of nothing": (lambda: compound(feeds=(feed(properties={"mfr": 0.0}),)).least_cost(), "charge_rule_range", "power", "mfr"),
    "power of zero": (lambda: Power(0.0), "charge_out_of_range", "Power", "exponent"),
    "no such compound": (lambda: CompoundLimits.named("interior_td21", {}), "charge_unknown_name", "CompoundLimits", "name"),
    "loop without virgin material": (lambda: steady_melt_flow(12.0, 0.1, 0.0), "charge_out_of_range", "steady_melt_flow", "virgin_share"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_by_name(name):
    make, code, subject, field = CASES[name]
    with pytest.raises(InputError) as caught:
        make()
    found = {(f.code, f.arguments["object"], f.arguments["field"]) for f in caught.value.faults}
    assert (code, subject, field) in found
    for fault in caught.value.faults:
        for lang in ("ja", "en"):
            words = [message(fault, lang), *hints(fault, lang)]
            assert not any("?" in line for line in words), words
            assert subject in words[0] or code == "charge_no_limits"


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as caught:
        AlloyLimits("x", ("Fe", "Si"), np.array([0.5, NAN]), np.array([0.1, 2.0]), others_each=-1.0)
    assert {(f.code, f.arguments["field"]) for f in caught.value.faults} == {
        ("charge_not_finite", "lower"),
        ("charge_out_of_range", "upper"),
        ("charge_limits_crossed", "Fe"),
        ("charge_out_of_range", "others each"),
    }


def test_the_nearest_name_is_offered():
    with pytest.raises(InputError) as caught:
        AlloyLimits.named("6O16")
    fault = caught.value.faults[0]
    assert fault.arguments["nearest"] == "6016"
    assert "did you mean: 6016" in hints(fault, "en")
    assert "もしかして：6016" in hints(fault, "ja")
