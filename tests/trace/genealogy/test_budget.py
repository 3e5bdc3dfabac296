"""Intervals under a budget of faults: what an adversary, chance and scales can do to them."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liars import lying, makers, weighed
from made_up_ledgers import MELTING, RETURN, SUPPLY, Writer, drawn, records_of, with_losses

from cesim.errors import InputError
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.budget import Claim, FaultBudget, prove
from cesim.trace.genealogy.graph import recorded_genealogy, true_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild

COUNTED = [1, 2]
seeds = st.integers(0, 2**32 - 1)


def claim(rng, entries):
    """A few of the lots, by their mass."""
    born = np.flatnonzero(true_genealogy(entries).birth >= 0)
    weight = np.zeros(len(entries.lots))
    chosen = rng.choice(born[-12:], min(4, len(born)), replace=False)
    weight[chosen] = entries.lots.mass_mg[chosen] + 1
    return weight


def true_claim(entries, weight):
    return float(weight @ shares(true_genealogy(entries))[:, COUNTED].sum(axis=1) / weight.sum())


def holds(proof, truth, slack=1e-9):
    return proof.provable - slack <= truth <= proof.possible + slack


@given(seeds, st.integers(1, 2), st.floats(0.0, 0.3))
@settings(max_examples=60, deadline=None)
def test_without_any_so_many_records_at_least_that_much_is_proved(seed, count, share):
    rng = np.random.default_rng(seed)
    entries = drawn(rng, events=12)
    weight, records = claim(rng, entries), with_losses(rng, entries, share)
    proof = prove(recorded_genealogy(records), COUNTED, weight, FaultBudget(wrong_count=count))
    for gone in combinations(makers(records.entries).tolist(), count):
        seen = np.ones(len(records), dtype=bool)
        seen[list(gone)] = False
        left = bounds(shares(recorded_genealogy(records, seen)), COUNTED).of(weight)
        assert proof.provable <= left.provable + 1e-12
        assert proof.possible >= left.possible - 1e-12


@given(seeds, st.integers(0, 4), st.floats(0.0, 0.3), st.sampled_from([0, 1, 2, 3]))
@settings(max_examples=200, deadline=None)
def test_no_liars_within_the_budget_get_away(seed, count, share, claimed):
    """The adversary lets those lie through whom most of the claim flows, in favour of it or against it."""
    rng = np.random.default_rng(seed)
    entries = drawn(rng)
    weight, records = claim(rng, entries), with_losses(rng, entries, share)
    honest = rebuild(records)
    heaviest = prove(honest.genealogy, COUNTED, weight, FaultBudget(wrong_count=count)).heaviest
    false = lying(rng, records, honest.record[heaviest].tolist(), claimed)
    proof = prove(rebuild(false).genealogy, COUNTED, weight, FaultBudget(wrong_count=count))
    assert holds(proof, true_claim(entries, weight))


def test_one_liar_is_enough_where_none_is_allowed_for():
    """So the test above can fail."""
    missed = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        entries = drawn(rng)
        weight, records = claim(rng, entries), records_of(entries)
        chosen = prove(recorded_genealogy(records), COUNTED, weight, FaultBudget(wrong_count=1)).heaviest
        false = lying(rng, records, rebuild(records).record[chosen].tolist(), 2)
        missed += not holds(
            prove(recorded_genealogy(false), COUNTED, weight, FaultBudget()), true_claim(entries, weight)
        )
    assert missed > 5


@pytest.mark.parametrize(
    ("wrong_share", "sd", "share", "confidence"),
    [
        (0.0, 0.01, 0.0, 0.8),
        (0.0, 0.03, 0.1, 0.8),
        (0.1, 0.0, 0.1, 0.7),
        (0.05, 0.01, 0.1, 0.8),
        (0.02, 0.005, 0, 0.95),
    ],
)
def test_it_covers_the_truth_as_often_as_it_says(wrong_share, sd, share, confidence):
    """Wrong records fall by chance and lie in the same direction; every record has a scale of its own."""
    held, runs = 0, 120
    budget = FaultBudget(wrong_share=wrong_share, weighing_sd=sd, confidence=confidence)
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        entries = drawn(rng)
        weight, records = claim(rng, entries), with_losses(rng, entries, share)
        wrong = np.flatnonzero(rng.random(len(records)) < wrong_share)
        made = np.diff(records.entries.outputs.start) > 0
        false = weighed(rng, lying(rng, records, wrong[made[wrong]].tolist(), 2), sd)
        genealogy = rebuild(false, tolerance=0.3).genealogy
        held += holds(prove(genealogy, COUNTED, weight, budget), true_claim(entries, weight), 1e-6)
    assert held / runs >= confidence


def test_scatter_alone_is_covered_closely_where_all_is_on_record():
    """One melt of two lots: 600 of scrap, 400 of primary. sd of the share = 0.01 sqrt(2) 0.6 0.4."""
    writer = Writer(1)
    scrap, primary = writer.lot(600_000), writer.lot(400_000)
    writer.write(SUPPLY, 0, outputs=[(scrap, 600_000)], sources=[(2, 600_000)])
    writer.write(SUPPLY, 0, outputs=[(primary, 400_000)], sources=[(0, 400_000)])
    tapped = writer.lot(900_000)
    writer.write(MELTING, 0, [(scrap, 600_000), (primary, 400_000)], [(tapped, 900_000)], loss=100_000)
    genealogy = recorded_genealogy(records_of(writer.entries()))
    weight = np.array([0.0, 0.0, 1.0])
    proof = prove(genealogy, COUNTED, weight, FaultBudget(weighing_sd=0.01, confidence=0.95))
    inputs = 0.01 * np.sqrt(2) * 0.6 * 0.4
    assert 1.96 * inputs <= proof.off_for_weighing[0] <= 1.96 * 0.01 * np.sqrt(0.6**2 * (1 + 1 + 0.82 + 1)) + 1e-3
    assert proof.off_for_wrong == (0.0, 0.0)
    assert (proof.provable, proof.possible) == pytest.approx(
        (0.6 - proof.off_for_weighing[0], 0.6 + proof.off_for_weighing[1])
    )


def test_scatter_of_one_large_lot_beside_many_small_ones():
    """500 of primary and 50 times 10 of scrap into 100 lots: the scatter of the large weighing decides."""
    writer = Writer(1)
    small = [writer.lot(10_000) for _ in range(50)]
    for lot in small:
        writer.write(SUPPLY, 0, outputs=[(lot, 10_000)], sources=[(2, 10_000)])
    made = [writer.lot(10_000) for _ in range(100)]
    writer.write(MELTING, 0, [(lot, 10_000) for lot in small], [(lot, 10_000) for lot in made], [(0, 500_000)])
    genealogy = recorded_genealogy(records_of(writer.entries()))
    weight = np.isin(np.arange(150), made).astype(float)
    proof = prove(genealogy, COUNTED, weight, FaultBudget(weighing_sd=0.01))
    inputs = 0.25 * 0.25 + 50 * 0.25 * 1e-4
    supplies = 50 * 0.01**2 * 2  # the source and the lot, if something was missing there
    bias = 0.01**2 * (0.5 + 0.5 * 0.25 + 0.5 * 0.005)
    assert proof.off_for_weighing[0] == pytest.approx(1.96 * 0.01 * np.sqrt(inputs + supplies) + bias, rel=0.001)
    careful = prove(genealogy, COUNTED, weight, FaultBudget(weighing_sd=0.01, wrong_count=1)).off_for_weighing[0]
    without = 0.25 * 0.25 + 50 * 1e-4
    assert careful == pytest.approx(1.96 * 0.01 * np.sqrt(without + supplies) + bias, rel=0.001)


def test_what_was_given_another_class_hangs_on_nothing_before():
    """Whoever wrote of the primary before it became new scrap, its records carry nothing of the claim."""
    writer = Writer(1)
    primary, scrap, sheet = writer.lot(100), writer.lot(100), writer.lot(100)
    writer.write(SUPPLY, 0, outputs=[(primary, 100)], sources=[(2, 100)])
    writer.write(RETURN, 0, [(primary, 100)], [(scrap, 100)], relabel=1)
    writer.write(MELTING, 0, [(scrap, 100)], [(sheet, 100)])
    genealogy = recorded_genealogy(records_of(writer.entries()))
    asked = Claim(genealogy, COUNTED, np.array([0.0, 0.0, 1.0]))
    assert asked.sides[0].influence.tolist() == [0.0, 1.0, 1.0]
    assert asked.records_behind == 2
    # a class that is told hangs on no weighing; the melt after it may be short of something
    proof = asked.under(FaultBudget(weighing_sd=0.01))
    assert proof.off_for_weighing[0] == pytest.approx(1.96 * 0.01 * np.sqrt(2), rel=0.02)


def test_an_empty_budget_is_the_plain_interval():
    rng = np.random.default_rng(5)
    entries = drawn(rng)
    weight, genealogy = claim(rng, entries), recorded_genealogy(with_losses(rng, entries, 0.1))
    proof = prove(genealogy, COUNTED, weight, FaultBudget())
    plain = bounds(shares(genealogy), COUNTED).of(weight)
    assert (proof.provable, proof.possible) == (plain.provable, plain.possible)
    assert proof.is_proved
    assert proof.wrong_allowed == 0


@given(seeds)
@settings(deadline=None)
def test_a_greater_budget_proves_less(seed):
    rng = np.random.default_rng(seed)
    entries = drawn(rng)
    weight, genealogy = claim(rng, entries), recorded_genealogy(with_losses(rng, entries, 0.1))
    budgets = [FaultBudget(wrong_count=count, weighing_sd=sd) for count in (0, 1, 3) for sd in (0.0, 0.01)]
    found = [prove(genealogy, COUNTED, weight, budget) for budget in budgets]
    for small, large in ((0, 1), (0, 2), (2, 4), (2, 3), (3, 5)):
        assert found[large].provable <= found[small].provable + 1e-12
        assert found[large].possible >= found[small].possible - 1e-12


def test_a_claim_under_many_budgets_is_computed_once():
    rng = np.random.default_rng(8)
    entries = drawn(rng)
    weight, genealogy = claim(rng, entries), recorded_genealogy(with_losses(rng, entries, 0.05))
    asked = Claim(genealogy, COUNTED, weight, share=shares(genealogy))
    for budget in (FaultBudget(wrong_count=1), FaultBudget(wrong_share=0.1, weighing_sd=0.01), FaultBudget()):
        one, other = asked.under(budget), prove(genealogy, COUNTED, weight, budget)
        assert (one.provable, one.possible) == (other.provable, other.possible)
        assert one.heaviest.tolist() == other.heaviest.tolist()
    flows = asked.sides[0].influence[asked.under(FaultBudget(wrong_count=4)).heaviest]
    assert np.all(np.diff(flows) <= 0)
    assert asked.under(FaultBudget(wrong_count=4)).off_for_wrong[0] == pytest.approx(flows.sum(), abs=1e-15)


def test_more_found_wrong_than_the_budget_allows_proves_nothing():
    rng = np.random.default_rng(1)
    entries = drawn(rng)
    weight, genealogy = claim(rng, entries), recorded_genealogy(records_of(entries))
    budget = FaultBudget(wrong_count=2)
    assert prove(genealogy, COUNTED, weight, budget, found_wrong=2).is_proved
    proof = prove(genealogy, COUNTED, weight, budget, found_wrong=3)
    assert (proof.provable, proof.possible, proof.is_proved) == (0.0, 1.0, False)
    assert (proof.reason, proof.found_wrong, proof.found_allowed) == ("more_wrong_than_budgeted", 3, 2)
    by_share = FaultBudget(wrong_share=0.01)
    assert prove(genealogy, COUNTED, weight, by_share, found_wrong=12, found_among=1000).is_proved
    assert not prove(genealogy, COUNTED, weight, by_share, found_wrong=20, found_among=1000).is_proved


def test_the_count_is_the_quantile_of_a_binomial():
    assert (
        FaultBudget(wrong_share=0.01, confidence=0.95).wrong_among(1000) == 15
    )  # P(X <= 15) = 0.952, P(X <= 14) 0.918
    assert FaultBudget(wrong_share=0.01).wrong_among(0) == 0
    assert FaultBudget(wrong_count=5).wrong_among(3) == 3
    assert FaultBudget(weighing_sd=0.01, confidence=0.95).quantile() == pytest.approx(1.959964, abs=1e-6)
    together = FaultBudget(wrong_share=0.01, weighing_sd=0.01, confidence=0.94)
    assert together.quantile() == pytest.approx(2.053749, abs=1e-6)  # 0.02 for each of the three


@pytest.mark.parametrize(
    "wrong",
    [
        {"wrong_count": -1}, {"wrong_count": 1, "wrong_share": 0.1}, {"wrong_share": 1.1}, {"weighing_sd": -0.1},
        {"weighing_sd": float("nan")}, {"confidence": 1.0}, {"confidence": 0.0},
    ],
)  # fmt: skip
def test_a_budget_out_of_range_is_refused(wrong):
    with pytest.raises(InputError, match="out of range at"):
        FaultBudget(**wrong)
