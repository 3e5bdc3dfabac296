import numpy as np
from hypothesis import given, settings
from made_up import loops, random_loop, repeated, tiny

from cesim.trace.steps import HANDOVERS, STEPS


def check(entries):
    lots, count = len(entries.lots), len(entries)
    for side in (entries.inputs, entries.outputs, entries.sources):
        assert side.start[0] == 0
        assert side.start[-1] == len(side.mass_mg)
        assert (np.diff(side.start) >= 0).all()
        assert (side.mass_mg > 0).all()
    assert (np.diff(entries.time_s) >= 0).all()
    moved = np.isin(entries.step, HANDOVERS)
    assert not np.diff(entries.outputs.start)[moved].any()
    assert (entries.partner[moved] >= 0).all()
    assert (entries.partner[~moved] == -1).all()
    added = np.diff(np.concatenate([[0], np.cumsum(entries.sources.mass_mg)])[entries.sources.start])
    balance = entries.inputs.sums() + added - entries.outputs.sums() - entries.loss_mg
    assert not balance[~moved].any()
    made_by = np.full(lots, -1)
    made_by[entries.outputs.lot] = entries.outputs.entry()
    assert (made_by >= 0).all()
    assert len(entries.outputs.lot) == lots
    assert (np.diff(entries.outputs.lot) == 1).all()  # numbered as they are made
    used_by = entries.inputs.entry()
    assert (made_by[entries.inputs.lot] < used_by).all()
    used = np.bincount(entries.inputs.lot, entries.inputs.mass_mg * ~moved[used_by], lots)
    assert (used <= entries.lots.mass_mg).all()
    return count


def test_the_tiny_one_is_a_valid_ledger():
    entries = tiny()
    assert check(entries) == len(entries) == 25
    assert len(entries.lots) == 17


@given(loops())
@settings(max_examples=40, deadline=None)
def test_random_loops_are_valid_ledgers(entries):
    check(entries)


def test_a_repeated_ledger_is_valid_and_as_long_as_it_should_be():
    one = random_loop(3, cars=10)
    many = repeated(one, 4)
    assert check(many) == 4 * len(one)
    assert len(many.lots) == 4 * len(one.lots)


def test_the_loop_is_closed():
    entries = random_loop(1, cars=30)
    returned = entries.outputs.lot[entries.step[entries.outputs.entry()] == STEPS.index("scrap_return")]
    melted = entries.inputs.lot[entries.step[entries.inputs.entry()] == STEPS.index("melting")]
    assert np.isin(returned, melted).any()
