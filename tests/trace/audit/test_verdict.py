"""The whole audit: silent for honest records, the same for whatever is the same."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from made_up import loops, random_loop, tiny
from planted import honest, repeated_records

import cesim.trace.audit
from cesim.errors import InputError
from cesim.quantities.streams import KeyedSource
from cesim.text.catalogue import has, say
from cesim.trace.audit.verdict import audit
from cesim.trace.audit.weighing import Weighing
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records


def alarms(found):
    tables = found.tables
    return {
        "closure": int(tables.closure.reported.sum()),
        "stock": int(tables.stock.impossible.sum()),
        "pairs": int(tables.pairs.reported.sum()),
        "missing": len(tables.missing.lot),
        "heavier": int(tables.heavier.reported.sum()),
        "overuse": int(tables.overuse.reported.sum()),
        "born_twice": len(tables.born_twice[0]),
        "same": int((tables.same >= 0).sum()),
        "alike": int((tables.alike >= 0).sum()),
        "unborn": int(tables.holding.unborn.sum()),
        "early": int(tables.holding.early.sum()),
        "foreign": int(tables.holding.foreign.sum()),
        "claimed": int((tables.claimed.excess > 0).sum() + tables.claimed.against_the_rule.sum()),
        "found_wrong": found.found_wrong,
    }


@settings(max_examples=20, deadline=None)
@given(loops())
def test_honest_exact_records_raise_no_alarm(truth):
    assert not any(alarms(audit(honest(truth))).values())


def test_the_tiny_ledger_raises_no_alarm():
    assert not any(alarms(audit(honest(tiny()))).values())


@pytest.mark.parametrize("noise", [0.002, 0.02])
def test_honest_weighing_is_never_beyond_doubt(noise):
    for seed in range(10):
        found = audit(honest(random_loop(seed, 40), noise, seed), Weighing(noise))
        assert found.found_wrong == 0
        assert sum(alarms(found).values()) <= 2  # four sigmas: one in 16,000


def test_every_repeated_record_is_counted():
    records = honest(random_loop(3, 30))
    these = np.arange(0, len(records), 7)
    found = audit(repeated_records(records, these))
    assert found.found_wrong == len(these)
    assert (found.tables.same >= 0).sum() == 2 * len(these)


def test_scales_that_are_always_off_are_allowed_for():
    truth = random_loop(3, 60)
    policies = Policies(otherwise=Policy(weighing_sd=0.002, bias_sd=0.02))
    records = write_records(truth, policies, KeyedSource(5))
    assert audit(records, Weighing(0.002)).found_wrong > 10
    found = audit(records, Weighing(0.002, bias_sd=0.02))
    assert found.found_wrong == 0
    assert sum(alarms(found).values()) == 0


def test_scales_are_those_of_the_actors():
    for wrong in ({"relative_sd": np.zeros(3)}, {"bias_sd": np.zeros((5, 1))}):
        with pytest.raises(InputError) as caught:
            audit(honest(tiny()), Weighing(**wrong))
        assert caught.value.faults[0].code == "audit_number"


def test_every_fault_of_an_audit_has_words():
    room = Path(cesim.trace.audit.__file__).parent
    codes = {code for file in room.glob("*.py") for code in re.findall(r'Fault\("(\w+)"', file.read_text("utf-8"))}
    assert {"audit_number", "audit_scores", "audit_times"} <= codes
    for code in codes:
        for lang in ("ja", "en"):
            assert has(f"fault.{code}.message", lang), (code, lang)


def test_the_words_are_filled():
    with pytest.raises(InputError) as caught:
        Weighing(sigmas=-1)
    for lang in ("ja", "en"):
        assert "-1" in say("fault.audit_number.message", lang, **caught.value.faults[0].arguments)
