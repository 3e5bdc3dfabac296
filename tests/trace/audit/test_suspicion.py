"""One measure for all evidence, held against what was planted."""

from dataclasses import replace
from math import erfc, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import loops, random_loop
from planted import honest, ordered, without

from cesim.quantities.streams import KeyedSource
from cesim.trace.audit.roc import HARMLESS, roc, roc_by_fault, roc_by_noise
from cesim.trace.audit.suspicion import MOST, nats_of_marks, nats_of_sigmas
from cesim.trace.audit.verdict import audit
from cesim.trace.audit.weighing import Weighing
from cesim.trace.entries import Lots
from cesim.trace.records import FAULTS
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records
from cesim.trace.steps import STEPS

KINDS = {
    "omitted_input": {"omission": 0.05},
    "unit_slip": {"unit_slip": 0.03},
    "swapped_lot": {"swapped": 0.03},
    "duplicate": {"duplicate": 0.03},
    "over_claim": {"over_claim": 0.05},
    "pre_as_post": {"pre_as_post": 0.05},
    "double_claim": {"double_claim": 0.05},
    "forged": {"forged": 0.03},
    "collusion": {"collusion": 0.05, "collusion_gain": 0.1},
}
LEAST = {"omitted_input": 0.93, "unit_slip": 0.92, "swapped_lot": 0.92, "collusion": 0.92}
"""Areas that this audit reaches on the made-up loop at 2 % noise, less what luck takes; 0.97 for the rest."""


def planted(truth, seed, noise=0.0, **policy):
    return write_records(truth, Policies(otherwise=Policy(weighing_sd=noise, **policy)), KeyedSource(seed))


def wrong(records):
    """Records with a fault that honest scales do not explain."""
    harmless = sum(1 << FAULTS.index(name) for name in HARMLESS)
    return records.fault & ~harmless != 0


@pytest.mark.parametrize("sigmas", [0.0, 1.0, 1.9, 2.5, 4.0, 4.99, 5.01, 6.0, 8.0])
def test_nats_are_those_of_the_normal_law(sigmas):
    wanted = max(-log(erfc(sigmas / sqrt(2))) - log(20), 0)
    for sign in (1, -1):
        assert nats_of_sigmas(np.array([sign * sigmas]))[0] == pytest.approx(wanted, abs=0.05)


@given(st.lists(st.floats(-1e9, 1e9), min_size=2))
def test_more_sigmas_are_never_less_surprising(sigmas):
    nats = nats_of_sigmas(np.sort(np.abs(sigmas)))
    assert (np.diff(nats) >= -0.05).all()  # where the tail is taken over by its first term
    assert (nats <= MOST).all()
    assert (nats >= 0).all()


def test_marks_say_less_where_they_are_common():
    marked = np.array([True] + [False] * 9 + [True] * 9 + [False])
    found = nats_of_marks(marked, np.ones(20, dtype=bool), np.repeat([0, 1], 10))
    np.testing.assert_allclose(found[marked], [log(11 / 1.5)] + [log(11 / 9.5)] * 9)
    assert not found[~marked].any()
    assert not nats_of_marks(marked, np.zeros(20, dtype=bool), np.repeat([0, 1], 10)).any()


@pytest.mark.parametrize("noise", [0.0, 0.02])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_stands_out(kind, noise):
    truth = random_loop(5, 150, dismantlers=6, casthouses=4)
    records = planted(truth, 3, noise, **KINDS[kind])
    found = audit(records, Weighing(noise))
    curve = roc_by_fault(records, found.suspicion.record)[kind]
    assert curve.wrong > 3
    assert curve.auc > (LEAST.get(kind, 0.97) if noise else 0.93)
    assert found.found_wrong <= wrong(records).sum()


def test_curves_by_noise():
    truth = random_loop(5, 60)
    found = roc_by_noise(
        (0.0, 0.02),
        lambda noise: planted(truth, 3, noise, omission=0.1),
        lambda records, noise: audit(records, Weighing(noise)).suspicion.record,
    )
    assert set(found) == {(noise, fault) for noise in (0.0, 0.02) for fault in ("any", *FAULTS)}
    exact, noisy = (found[noise, "omitted_input"] for noise in (0.0, 0.02))
    assert exact.auc == 1.0
    assert 0.8 < noisy.auc < 1.0
    assert exact.wrong == noisy.wrong


def test_without_planted_faults_there_is_no_curve():
    records = honest(random_loop(1, 20))
    curves = roc_by_fault(records, audit(records).suspicion.record)
    assert set(curves) == {"any", *FAULTS}
    assert all(curve.auc is None for curve in curves.values())


def test_bad_scales_are_held_against_spotless_records():
    records = honest(random_loop(1, 20))
    records.fault[:5] = 1 << FAULTS.index("scale")
    records.fault[5:8] = 1 << FAULTS.index("forged")
    score = np.arange(float(len(records)))
    curves = roc_by_fault(records, score)
    many = len(records)
    assert (curves["scale"].wrong, curves["scale"].right) == (5, many - 8)
    assert (curves["forged"].wrong, curves["forged"].right) == (3, many - 3)
    assert (curves["any"].wrong, curves["any"].right) == (3, many - 3)
    assert curves["scale"].auc == 0


settled = st.fixed_dictionaries(
    {
        "coverage": st.sampled_from([1.0, 0.8]),
        "omission": st.sampled_from([0.0, 0.1]),
        "unit_slip": st.sampled_from([0.0, 0.1]),
        "swapped": st.sampled_from([0.0, 0.1]),
        "duplicate": st.sampled_from([0.0, 0.2]),
        "over_claim": st.sampled_from([0.0, 0.2]),
        "pre_as_post": st.sampled_from([0.0, 0.3]),
        "double_claim": st.sampled_from([0.0, 0.2]),
        "forged": st.sampled_from([0.0, 0.2]),
        "collusion": st.sampled_from([0.0, 0.2]),
        "delay_days": st.sampled_from([0.0, 5.0]),
    }
)


def check_that_no_more_are_found(truth, policy, noise, seed):
    records = planted(truth, seed, noise, collusion_gain=0.1, **policy)
    found = audit(records, Weighing(noise))
    assert found.found_wrong <= wrong(records).sum()
    for conflict in found.conflicts:
        assert wrong(records)[list(conflict.members)].sum() >= conflict.wrong, conflict


@settings(max_examples=20, deadline=None)
@given(loops(10), settled, st.sampled_from([0.0, 0.005]), st.integers(0, 2**31))
def test_never_more_are_found_wrong_than_are(truth, policy, noise, seed):
    check_that_no_more_are_found(truth, policy, noise, seed)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(loops(25), settled, st.sampled_from([0.0, 0.002, 0.01, 0.03]), st.integers(0, 2**31))
def test_never_more_are_found_wrong_than_are_whatever_the_policy(truth, policy, noise, seed):
    check_that_no_more_are_found(truth, policy, noise, seed)


def renumbered(records, lots, actors):
    """The same records with other numbers for lots and actors."""
    entries = records.entries
    back = np.argsort(actors)
    names = replace(entries.names, actors=tuple(entries.names.actors[k] for k in back))
    of = Lots(*(getattr(entries.lots, name)[np.argsort(lots)] for name in ("kind", "item", "mass_mg")))
    sides = {name: getattr(entries, name) for name in ("inputs", "outputs")}
    changed = {name: replace(side, lot=lots[side.lot]) for name, side in sides.items()}
    actor, partner = (np.append(actors, -1)[column] for column in (entries.actor, entries.partner))
    return replace(records, entries=replace(entries, names=names, lots=of, actor=actor, partner=partner, **changed))


@settings(max_examples=12, deadline=None)
@given(loops(8), settled, st.integers(0, 2**31))
def test_numbers_are_only_names(truth, policy, seed):
    records = planted(truth, seed, 0.005, collusion_gain=0.1, **policy)
    rng = np.random.default_rng(seed)
    lots, actors = rng.permutation(len(records.entries.lots)), rng.permutation(len(truth.names.actors))
    one, other = (audit(of, Weighing(0.005)) for of in (records, renumbered(records, lots, actors)))
    assert one.found_wrong == other.found_wrong
    np.testing.assert_allclose(one.suspicion.record, other.suspicion.record, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(one.suspicion.actor, other.suspicion.actor[actors], rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(one.tables.overuse.used_mg, other.tables.overuse.used_mg[lots])


def test_who_cheats_stands_out_among_actors():
    truth = random_loop(7, 300, dismantlers=8, casthouses=6)
    cheats = {"dismantler 1", "dismantler 5", "casthouse 2", "casthouse 4"}
    bad = Policy(weighing_sd=0.005, swapped=0.05, duplicate=0.05, omission=0.05)
    policies = Policies(exceptions=dict.fromkeys(cheats, bad), otherwise=Policy(weighing_sd=0.005))
    records = write_records(truth, policies, KeyedSource(1))
    found = audit(records, Weighing(0.005), period_s=3650 * 86_400)
    cheating = np.array([actor.name in cheats for actor in truth.names.actors])
    curve = roc(found.suspicion.actor[:, 0], cheating)
    assert found.suspicion.actor.shape == (len(cheating), 1)
    assert curve.auc > 0.9


def test_bad_scales_and_impossible_stocks_speak_against_actors():
    truth = random_loop(4, 100)
    records = honest(truth, 0.005)
    month = 3650 * 86_400
    before = audit(records, Weighing(0.005), month).suspicion.actor[:, 0]
    mass, entries = records.entries.inputs.mass_mg, records.entries
    own = entries.actor[entries.inputs.entry()] == 4  # the trader
    mass[own] = np.rint(mass[own] * 1.01)
    after = audit(records, Weighing(0.005), month)
    assert after.suspicion.actor[4, 0] > before[4] + 5
    allowed = audit(records, Weighing(0.005, bias_sd=0.05), month)
    assert allowed.suspicion.actor[4, 0] < after.suspicion.actor[4, 0] - 5
    exact = honest(truth)
    mass = exact.entries.inputs.mass_mg
    mass[own] = np.rint(mass[own] * 1.01)
    assert audit(exact, None, month).suspicion.actor[4, 0] >= MOST
    # shipments without receipts: one cell that cannot be
    gone = np.flatnonzero((truth.actor == 4) & (truth.step == STEPS.index("receiving")))
    short = audit(without(honest(truth), gone), None, month)
    assert short.tables.stock.impossible[:, 0].tolist() == [actor == 4 for actor in range(len(truth.names.actors))]
    record = short.suspicion.record
    mean = record[without(honest(truth), gone).entries.actor == 4].mean()
    assert short.suspicion.actor[4, 0] == pytest.approx(mean + MOST)


def test_an_audit_of_nothing():
    nothing = ordered(honest(random_loop(0, 2)), [])
    found = audit(nothing)
    assert found.found_wrong == 0
    assert found.suspicion.record.shape == (0,)
    assert found.suspicion.actor.shape == (len(nothing.entries.names.actors), 0)
