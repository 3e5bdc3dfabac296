"""The whole audit: silent for honest records, the same for whatever is the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from made_up import loops, random_loop, tiny
from planted import honest, repeated_records

from cesim.trace.audit.verdict import audit
from cesim.trace.audit.weighing import Weighing


def alarms(found):
    return [
        int(found.closure.reported.sum()),
        int(found.stock.impossible.sum()),
        int(found.pairs.reported.sum()),
        len(found.missing.lot),
        int(found.overuse.reported.sum()),
        len(found.born_twice[0]),
        int((found.same >= 0).sum()),
        int((found.alike >= 0).sum()),
        found.found_wrong,
    ]


@settings(max_examples=40)
@given(loops())
def test_honest_exact_records_raise_no_alarm(truth):
    assert alarms(audit(honest(truth))) == [0] * 9


def test_the_tiny_ledger_raises_no_alarm():
    assert alarms(audit(honest(tiny()))) == [0] * 9


@pytest.mark.parametrize("noise", [0.002, 0.02])
def test_honest_weighing_is_never_beyond_doubt(noise):
    for seed in range(10):
        found = audit(honest(random_loop(seed, 40), noise, seed), Weighing(noise))
        assert found.found_wrong == 0
        assert sum(alarms(found)) <= 2  # four sigmas: one in 16,000


def test_every_repeated_record_is_counted():
    records = honest(random_loop(3, 30))
    these = np.arange(0, len(records), 7)
    found = audit(repeated_records(records, these))
    assert found.found_wrong == len(these)
    assert (found.same >= 0).sum() == 2 * len(these)
