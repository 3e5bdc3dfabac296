"""What is believed of bales: beside the charge room's own beliefs, and where a record cannot be right."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_metal import MIX, YARD, G, S, belief, metal_plan

from cesim.charge.belief import Belief
from cesim.errors import InputError
from cesim.events.chain.knowledge import EXPECTED, RECORD, Knowledge, Mixture
from cesim.events.chain.material import METALS
from cesim.events.chain.plan import KnowledgePlan
from cesim.events.chain.what_if import CASES, Doubt, cases
from cesim.ledger.informant import Claim

SPREAD = np.full((G, S), 0.2)


def knowledge(**known):
    return Knowledge(KnowledgePlan(spread=SPREAD, **known), 0, YARD)


def claims(composition, reliability, lot=7):
    return [
        Claim(lot, f"{element}_mg", round(1e9 * share), reliability, 0)
        for element, share in zip(METALS, composition, strict=True)
    ]


def test_before_anything_is_known_the_grade_is_all():
    mixture, how = knowledge().believed(metal_plan(), np.array([0]), [()])
    mean, variance = mixture.moments()
    assert how == [EXPECTED]
    assert mean[0] == pytest.approx(belief()[0, 0])
    assert np.sqrt(variance[0, 1:]) == pytest.approx(0.2 * belief()[0, 0, 1:])
    assert variance[0, 0] == 0.0


def test_a_perfect_record_leaves_no_doubt():
    true = MIX["6016"] * 1.0
    true[1], true[0] = true[1] * 1.3, true[0] - true[1] * 0.3
    mixture, how = knowledge().believed(metal_plan(), np.array([0]), [claims(true, 1.0)])
    mean, variance = mixture.moments()
    assert how == [RECORD]
    assert mean[0] == pytest.approx(true, abs=1e-8)
    assert not variance.any()


def test_what_a_record_leaves_without_a_name_is_as_expected_of_the_grade():
    true = MIX["6016"] * 1.0
    silicon = METALS.index("Si")
    true[silicon], true[0] = true[silicon] * 1.3, true[0] - true[silicon] * 0.3
    said = claims(true, 1.0)
    hidden = [METALS.index(element) for element in ("Fe", "Cu", "Mn")]
    mass = sum(said[place].value for place in hidden)
    told = [claim for place, claim in enumerate(said) if place not in hidden] + [Claim(7, "withheld_mg", mass, 1.0, 0)]
    mixture, how = knowledge().believed(metal_plan(), np.array([0]), [told])
    mean, variance = mixture.moments()
    expected = belief()[0, 0]
    assert how == [RECORD]
    assert mean[0, silicon] == pytest.approx(true[silicon], abs=1e-8)
    assert mean[0, hidden].sum() == pytest.approx(true[hidden].sum(), abs=1e-8)
    assert mean[0, hidden] / mean[0, hidden].sum() == pytest.approx(expected[hidden] / expected[hidden].sum())
    assert np.sqrt(variance[0, hidden]) == pytest.approx(0.2 * mean[0, hidden])
    assert np.flatnonzero(variance[0]).tolist() == [place for place in sorted(hidden) if expected[place] > 0]


def test_a_record_that_may_be_wrong_makes_two_bells():
    true = belief()[0, 0]
    mixture, _ = knowledge().believed(metal_plan(), np.array([0]), [claims(true, 0.8)])
    assert mixture.weights[0] == pytest.approx([0.8, 0.2])
    assert mixture.moments()[1][0, 1:] == pytest.approx(0.2 * (0.2 * true[1:]) ** 2, rel=1e-6)


def test_a_record_of_another_grade_is_not_believed():
    mixture, _ = knowledge().believed(metal_plan(), np.array([0, 3]), [claims(MIX["ADC12"], 0.9)] * 2)
    assert mixture.weights[0, 0] < 1e-6
    assert mixture.weights[1, 0] == pytest.approx(0.9, abs=0.05)


def test_a_claim_on_the_alloy_moves_the_mean_and_keeps_the_spread():
    told = [Claim(1, "alloy", "6061", 0.9, 0)]
    mixture, how = knowledge().believed(metal_plan(), np.array([2]), [told])
    assert how == [RECORD]
    assert mixture.means[0, 0] == pytest.approx(MIX["6061"])
    assert mixture.variances[0, 0, 1:] == pytest.approx((0.2 * MIX["6061"][1:]) ** 2)


def test_claims_on_other_things_say_nothing():
    told = [Claim(1, "colour", "blue", 1.0, 0), Claim(1, "Si", 3, 1.0, 0)]
    assert knowledge().believed(metal_plan(), np.array([2]), [told])[1] == [EXPECTED]


def test_assays_as_in_the_charge_room():
    rng = np.random.default_rng(1)
    means = np.array([MIX["6016"], MIX["6061"]]) + 1e-3
    variances = np.square(np.array([0.1, 0.3])[:, None] * means)
    mixture = Mixture(np.array([[0.7, 0.3]]), means[None], variances[None])
    reading = MIX["6061"] * np.exp(0.1 * rng.standard_normal(S)) + 1e-3
    error = 0.05 * reading
    ours = mixture.after(reading[None], np.square(error)[None])
    keep = np.arange(1, S)  # aluminium is the rest, and tells nothing of its own
    theirs = Belief(
        np.array([0.7, 0.3]), means[:, keep], np.array([np.diag(one[keep]) for one in variances]), "normal"
    ).after_assay(reading[keep], error[keep])
    assert ours.weights[0] == pytest.approx(theirs.weights, rel=1e-9)
    assert ours.means[0][:, keep] == pytest.approx(theirs.means)
    assert ours.variances[0][:, keep] == pytest.approx(np.diagonal(theirs.covariances, axis1=1, axis2=2))


def test_a_grade_of_which_nothing_is_expected_is_refused():
    empty = belief()
    empty[0, 1] = 0.0
    with pytest.raises(InputError) as caught:
        knowledge().believed(metal_plan(belief=empty), np.array([0, 1]), [(), ()])
    assert (caught.value.faults[0].code, caught.value.faults[0].place.model) == ("belief_missing", "part-6061")


def test_cases_of_a_heat_have_the_moments_of_its_bales():
    rng = np.random.default_rng(3)
    doubts = [Doubt(0.75, rng.uniform(0, 0.1, (2, S)), rng.uniform(0, 1e-5, (2, S))) for _ in range(6)]
    amounts = rng.uniform(1, 4, 6)
    found = cases(amounts, doubts)
    assert found.shape == (CASES, S)
    spread = [
        amount**2 * ((d.weight * d.variances[0] + (1 - d.weight) * d.variances[1])
        + d.weight * (1 - d.weight) * (d.means[0] - d.means[1]) ** 2)
        for amount, d in zip(amounts, doubts, strict=True)
    ]  # fmt: skip
    wide = np.sqrt(np.sum(spread, axis=0))
    assert np.abs(found.mean(axis=0) / wide).max() < 0.12
    assert found.std(axis=0) / wide == pytest.approx(np.ones(S), abs=0.12)
