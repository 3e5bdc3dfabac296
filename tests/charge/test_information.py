"""What knowing is worth: the mixture trap in closed form, and more knowledge never worth less at equal risk."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    Belief,
    Energy,
    Furnace,
    Information,
    MeltShop,
    SamplingPlan,
    ScrapSource,
    Sorter,
    value_of_information,
)
from cesim.charge.margin import calibrated, upper_bound
from cesim.charge.yards import Yards
from cesim.errors import InputError, NoAnswer
from cesim.text import message

CASES = {
    case["id"]: case["data"]
    for case in json.loads((Path(__file__).parents[1] / "cases" / "charge_objects.json").read_text("utf-8"))["cases"]
}
ELEMENTS = ("Si", "Fe", "Cu", "Mg")
MEANS = {
    "sheet": [0.0115, 0.0022, 0.0010, 0.004],
    "cans": [0.0020, 0.0040, 0.0015, 0.012],
    "profile": [0.0045, 0.0022, 0.0004, 0.005],
    "mix": [0.0300, 0.0060, 0.0080, 0.004],
}
SUPPLIES = {"sheet": 3.0, "cans": 2.0, "profile": 2.0, "mix": 3.0}
SOURCES = [ScrapSource.lognormal(n, m, [0.2] * 4, 0.2, ELEMENTS, lot_mass=1.0) for n, m in MEANS.items()]
ALIKE = ScrapSource.lognormal("alike", MEANS["mix"], [0.2] * 4, 0.2, ELEMENTS, lot_mass=1.0, within_yard=0.5)
ALLOY = AlloyLimits("6016", ELEMENTS, [0.010, 0, 0, 0.0025], [0.015, 0.005, 0.002, 0.006])
PLAN = SamplingPlan(1, 1.0, 1.0, 1.0, AssayError(0.1), 0.0, minimum_mass=0.0)


def shop(**changed):
    additions = (
        Addition("P1020", {"Si": 0.0005, "Fe": 0.0012}, 400_000, 10.0),
        Addition("silicon", {"Si": 1.0}, 500_000, 5.0),
        Addition("magnesium", {"Mg": 1.0}, 600_000, 20.0),
    )
    yields = {"scrap": 0.96, "P1020": 0.99, "silicon": 1.0, "magnesium": 1.0}
    furnace = Furnace(20.0, Energy(3.0, 2000.0, 0.05), yields=yields, additions=additions)
    given = {"furnace": furnace, "scrap_price": 250_000, "scrap_co2": 0.4, "lots_per_heat": 12, "risk": 0.01}
    return MeltShop(**{**given, "heats": 20_000, **changed})


def value(*levels, yards=20, **changed):
    return value_of_information(SOURCES, SUPPLIES, ALLOY, shop(**changed), levels, yards=yards)


def test_the_margin_that_keeps_the_risk_of_a_wrong_record_is_the_exact_one():
    """One element, one lot and pure metal: the calibrated charge is the closed form, the normal one is not."""
    case = CASES["A13_wrong_record_mixture"]
    told = case["inputs"]
    belief = Belief(
        np.array([told["rho"], 1 - told["rho"]]), np.array([[told["muA"]], [told["muB"]]]),
        np.array([[[told["sA"] ** 2]], [[told["sB"] ** 2]]]), "normal",
    )  # fmt: skip
    room, risk = told["limit"] - told["p"], 1 - told["conf"]
    mean, sd = float(belief.mean()[0]), float(belief.covariance()[0, 0]) ** 0.5
    drawn = belief.draw(np.random.default_rng(1), 1_000_000)[:, 0]

    def charge(margin):
        return room / (mean - told["p"] + margin * sd)

    margin = calibrated(lambda z: float((charge(z) * (drawn - told["p"]) > room).mean()), risk)
    assert charge(margin) == pytest.approx(case["x_exact"], rel=0.02)
    assert charge(norm.ppf(told["conf"])) == pytest.approx(case["x_normal_approx"], rel=1e-12)
    assert charge(margin) < 0.65 * case["x_normal_approx"]


def test_the_margin_of_a_bell_is_that_of_the_table():
    drawn = np.random.default_rng(0).standard_normal(1_000_000)
    assert calibrated(lambda z: float((drawn > z).mean()), 0.005) == pytest.approx(norm.ppf(0.995), abs=0.01)
    assert calibrated(lambda _: 0.0, 0.005) == 0.0
    assert calibrated(lambda _: 1.0, 0.005) is None


def test_the_upper_bound_of_none_seen_is_three_over_the_number():
    assert upper_bound(0, 1000) == pytest.approx(1 - 0.05 ** (1 / 1000), rel=1e-9)
    assert upper_bound(1000, 1000) == 1.0


@pytest.fixture(scope="module")
def answer():
    return value(
        Information.none(),
        *(Information.of_record(share) for share in (0.5, 0.8, 0.95, 0.99, 1.0)),
        Information.of_assay(PLAN),
        Information.of_record_and_assay(0.95, PLAN),
        Information.perfect(),
    )


def test_every_level_runs_the_same_risk(answer):
    for level in answer.levels[:-1]:
        assert 0.0095 <= level.calibrated_risk <= 0.01
        assert level.realised_risk == pytest.approx(0.01, abs=4 * max(level.realised_risk.standard_error, 7e-4))
    assert answer["perfect"].realised_risk == 0.0


def test_nested_knowledge_is_ordered_at_equal_risk(answer):
    """Each level of a chain is a garbling of the next; 2 errors of the difference are allowed for."""
    records = ["none", "record 0.5", "record 0.8", "record 0.95", "record 0.99", "record 1"]
    chains = [
        [*records, "perfect"], ["none", "assay", "record 0.95 + assay", "perfect"],
        ["record 0.95", "record 0.95 + assay"],
    ]  # fmt: skip
    for chain in chains:
        for low, high in pairwise(chain):
            apart = answer[high].by_yard[:, 0] - answer[low].by_yard[:, 0]
            assert apart.mean() > -2 * apart.std(ddof=1) / len(apart) ** 0.5 - 2e-3, (low, high)
    assert answer["record 1"].recycled_content > answer["none"].recycled_content + 0.3


def test_the_last_per_cent_of_a_record_is_worth_most(answer):
    steps = answer.per_cent_of_record()
    assert [step.name for step in steps] == ["0.5 to 0.8", "0.8 to 0.95", "0.95 to 0.99", "0.99 to 1"]
    assert steps[-1].points == max(step.points for step in steps)
    assert steps[-1].points > 5 * steps[0].points
    whole = sum(step.points * per for step, per in zip(steps, (30, 15, 4, 1), strict=True))
    apart = answer["record 1"].recycled_content - answer["record 0.5"].recycled_content
    assert whole == pytest.approx(100 * apart)


def test_gains_are_in_points_yen_and_co2(answer):
    gains = {gain.name: gain for gain in answer.gains()}
    assert gains["none"].points == gains["none"].yen == gains["none"].co2 == 0.0
    best = gains["assay"]
    first, assay = answer["none"], answer["assay"]
    assert best.points == pytest.approx(100 * (assay.recycled_content - first.recycled_content))
    assert best.yen == pytest.approx(first.cost - assay.cost)
    assert best.co2 == pytest.approx(first.co2 - assay.co2)
    assert best.yen > 0 < best.co2


def test_a_record_right_by_chance_says_nothing():
    weight = np.array([0.3, 0.2, 0.2, 0.3])
    chance = float(weight @ weight)
    found = value(Information.none(), Information.of_record(chance), heats=4_000)
    np.testing.assert_allclose(found.levels[0].by_yard, found.levels[1].by_yard, rtol=1e-6)


def test_records_are_right_as_often_as_they_say():
    yards = Yards(tuple(SOURCES), np.array([0.3, 0.2, 0.2, 0.3]), 50, 200, 1)
    right, likely = [], []
    for yard in range(200):
        of = yards._truth[0][yard]
        chances = np.array(list(yards._chances(yard, of, 0.9)))
        right.extend(chances.argmax(axis=1) == of)
        likely.extend(chances.max(axis=1))
    assert np.mean(right) == pytest.approx(0.9, abs=4 * (0.09 / 10_000) ** 0.5)
    assert np.mean(likely) == pytest.approx(0.9, abs=0.005)


def test_a_sorter_that_is_never_wrong_is_a_record_that_is_never_wrong():
    sorter = Sorter(tuple(MEANS), np.eye(4), 5.0, 0.0)
    found = value(Information.of_record(1.0), Information.of_sorter(sorter), yards=60, heats=30_000)
    one, other = (level.recycled_content for level in found.levels)
    assert other == pytest.approx(one, abs=0.03)


def test_better_sorting_is_worth_more_and_what_it_costs_is_in_the_cost():
    def sorter(wrong, cost=0.0):
        return Sorter(tuple(MEANS), np.full((4, 4), wrong / 4) + (1 - wrong) * np.eye(4), 5.0, cost)

    levels = [Information.of_sorter(sorter(wrong), f"{wrong}") for wrong in (1.0, 0.3, 0.05)]
    paid = Information.of_sorter(sorter(0.05, 3000.0), "paid")
    found = value(*levels, paid)
    content = [level.recycled_content for level in found.levels]
    assert content[0] < content[1] < content[2]
    scrap = found["0.05"].recycled_content / 0.96
    assert found["paid"].cost - found["0.05"].cost == pytest.approx(3000 * scrap, rel=1e-3)


WRONG = [
    (lambda: value(), "charge_empty", "levels"),
    (lambda: value(Information.none(), Information.none()), "charge_repeated", "levels"),
    (lambda: value(Information.of_record(0.1)), "charge_out_of_range", "record 0.1"),
    (lambda: Information.of_record(1.1), "charge_out_of_range", "record"),
    (lambda: Information.of_record(float("nan")), "charge_not_finite", "record"),
    (lambda: Information("x", record=0.9, sorter=Sorter(("a",), [[1.0]], 1.0, 0.0)), "charge_both", "sorter"),
    (lambda: Information.of_assay(PLAN, cost=-1.0), "charge_out_of_range", "cost"),
    (lambda: value(Information.of_sorter(Sorter(("a",), [[1.0]], 1.0, 0.0))), "charge_shape", "LIBS sorter"),
    (lambda: value(Information.none(), yards=0), "charge_out_of_range", "yards"),
    (lambda: value_of_information(SOURCES, {"sheet": 1.0}, ALLOY, shop(), [Information.none()]),
     "charge_unnamed", "supplies"),
    (lambda: value_of_information([ALIKE], {"alike": 1.0}, ALLOY, shop(), [Information.none()]),
     "charge_lots_alike", "alike"),
    (lambda: value_of_information([], {}, ALLOY, shop(), [Information.none()]), "charge_empty", "sources"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code", "field"), WRONG, ids=[f"{code} {field}" for _, code, field in WRONG])
def test_what_cannot_be_is_refused_with_object_and_field(make, code, field):
    with pytest.raises(InputError) as refused:
        make()
    faults = [fault for fault in refused.value.faults if fault.code == code and fault.arguments["field"] == field]
    assert faults
    for language in ("ja", "en"):
        assert str(faults[0].arguments["object"]) in message(faults[0], language)


def test_an_alloy_that_primary_metal_cannot_make_is_told():
    pure = AlloyLimits("pure", ELEMENTS, [0.0] * 4, [0.01, 0.0005, 1.0, 0.01])
    with pytest.raises(NoAnswer, match="no charge at all"):
        value_of_information(SOURCES, SUPPLIES, pure, shop(), [Information.none()], yards=2)
