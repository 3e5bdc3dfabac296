"""The whole audit: silent for honest records, the same for whatever is the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from made_up import loops, random_loop, tiny
from planted import honest, repeated_records

from cesim.trace.audit.verdict import audit
from cesim.trace.audit.weighing import Weighing


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


@settings(max_examples=40)
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
