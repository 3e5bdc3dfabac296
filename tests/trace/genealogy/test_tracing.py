"""One lot back and forth: against a walk over all paths, and what it must add up to."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_ledgers import MELTING, RETURN, SUPPLY, Writer, drawn, records_of, with_losses

from cesim.errors import InputError
from cesim.trace.genealogy import passing
from cesim.trace.genealogy.graph import recorded_genealogy, true_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.tracing import downstream, recall, upstream

seeds = st.integers(0, 2**32 - 1)


def some(seed):
    rng = np.random.default_rng(seed)
    return recorded_genealogy(with_losses(rng, drawn(rng), rng.uniform(0, 0.3)))


def content(genealogy, of, pinned):
    """Share of `pinned` in a lot, by recursion in fractions."""
    g = genealogy

    def share(lot):
        if lot == pinned:
            return Fraction(1)
        event = int(g.birth[lot])
        if event < 0:
            return Fraction(0)
        ins = range(g.in_start[event], g.in_start[event + 1])
        total = Fraction(float(g.total()[event]))
        parts = (Fraction(g.in_mass[i]) * share(int(g.in_lot[i])) for i in ins if g.in_lot[i] >= 0)
        return sum(parts, Fraction(0)) / total if total else Fraction(0)

    return share(of)


def ledger():
    """Two supplies -> tapped -> sheet and scrap; the scrap comes back into a second melt."""
    writer = Writer(1)
    scrap, primary = writer.lot(60), writer.lot(40)
    writer.write(SUPPLY, 0, outputs=[(scrap, 60)], sources=[(2, 60)])
    writer.write(SUPPLY, 0, outputs=[(primary, 40)], sources=[(0, 40)])
    sheet, offcut, new, second = writer.lot(70, 1), writer.lot(30), writer.lot(30), writer.lot(60, 1)
    writer.write(MELTING, 0, [(scrap, 60), (primary, 40)], [(sheet, 70), (offcut, 30)])
    writer.write(RETURN, 0, [(offcut, 30)], [(new, 30)], relabel=1)
    writer.write(MELTING, 0, [(new, 30)], [(second, 60)], sources=[(0, 30)])
    return writer.entries()


def test_a_loop_by_hand():
    found = upstream(true_genealogy(ledger()), 5)
    assert dict(zip(found.lots.tolist(), found.share.tolist(), strict=True)) == pytest.approx(
        {0: 0.3, 1: 0.2, 3: 0.5, 4: 0.5}
    )
    assert found.roots.tolist() == [0, 1]
    assert found.sources.tolist() == pytest.approx([0.7, 0.0, 0.3, 0.0])  # as it came in, not as it is called now
    assert (found.unknown, found.cut_off) == (0.0, 0.0)
    onward = downstream(true_genealogy(ledger()), 0)
    assert onward.lots.tolist() == [2, 3, 4, 5]
    assert onward.share.tolist() == pytest.approx([0.6, 0.6, 0.6, 0.3])
    assert onward.mass_mg.tolist() == pytest.approx([42, 18, 18, 18])
    assert onward.is_last.tolist() == [True, False, False, True]


def test_a_cut_ends_what_is_less():
    found = upstream(true_genealogy(ledger()), 5, cut=0.25)
    assert found.cut_off == pytest.approx(0.2)
    assert found.lots.tolist() == [0, 1, 3, 4]
    assert found.sources.tolist() == pytest.approx([0.5, 0.0, 0.3, 0.0])
    assert downstream(true_genealogy(ledger()), 0, cut=0.5).lots.tolist() == [2, 3, 4]


@given(seeds, st.integers(0, 10**6))
@settings(deadline=None)
def test_upstream_and_downstream_see_the_same_shares(seed, pick):
    genealogy = some(seed)
    lot = pick % genealogy.lots
    found = upstream(genealogy, lot)
    for other, share in zip(found.lots[:5], found.share[:5], strict=True):
        assert share == pytest.approx(float(content(genealogy, lot, int(other))), abs=1e-12)
        onward = downstream(genealogy, int(other))
        assert onward.share[onward.lots == lot] == pytest.approx(share, abs=1e-12)
    assert found.sources.sum() + found.unknown + found.cut_off == pytest.approx(1.0, abs=1e-12)
    assert np.all(np.diff(found.lots) > 0)
    assert set(found.roots.tolist()) <= set(found.lots.tolist())


@given(seeds, st.integers(0, 10**6), st.floats(0.01, 0.5))
@settings(deadline=None)
def test_what_is_cut_off_is_told(seed, pick, cut):
    genealogy = some(seed)
    whole, part = (upstream(genealogy, pick % genealogy.lots, cut=cut) for cut in (0.0, cut))
    assert part.sources.sum() + part.unknown + part.cut_off == pytest.approx(1.0, abs=1e-12)
    assert set(part.lots.tolist()) <= set(whole.lots.tolist())
    assert np.all(part.sources <= whole.sources + 1e-12)


@given(seeds)
@settings(deadline=None)
def test_sources_are_the_shares_where_nothing_changes_its_class(seed):
    genealogy = some(seed)
    share = shares(genealogy)
    for lot in range(0, genealogy.lots, 5):
        found = upstream(genealogy, lot)
        if not np.any(genealogy.relabel[genealogy.birth[[lot, *found.lots]]] >= 0):
            assert found.sources == pytest.approx(share[lot], abs=1e-12)


@given(seeds, st.integers(0, 10**6), st.floats(0.0, 0.6))
@settings(deadline=None)
def test_a_recall_on_records_misses_no_product(seed, pick, share):
    """Whatever is missing: all that hold the lot are certain or possible; none is certain that does not."""
    rng = np.random.default_rng(seed)
    entries = drawn(rng)
    genealogy = true_genealogy(entries)
    lot = int(np.flatnonzero(genealogy.birth >= 0)[pick % np.count_nonzero(genealogy.birth >= 0)])
    true = recall(genealogy, [lot], entries.lots.kind, [1])
    assert len(true.possible) == 0
    told = recall(recorded_genealogy(with_losses(rng, entries, share)), [lot], entries.lots.kind, [1])
    assert set(told.certain.tolist()) <= set(true.certain.tolist())
    named = dict(zip(told.certain.tolist(), [1.0] * len(told.certain), strict=True))
    named |= dict(zip(told.possible.tolist(), told.most.tolist(), strict=True))
    for product, content in zip(true.certain.tolist(), true.share.tolist(), strict=True):
        assert named[product] >= content - 1e-12
    for product, content in zip(told.certain.tolist(), told.share.tolist(), strict=True):
        assert content <= true.share[true.certain == product][0] + 1e-12


def test_a_recall_of_several_lots_counts_what_they_hold_of_each_other_once():
    found = recall(true_genealogy(ledger()), [0, 4], ledger().lots.kind, [1])
    assert found.certain.tolist() == [2, 5]
    assert found.share.tolist() == pytest.approx([0.6, 0.5])
    assert recall(true_genealogy(ledger()), [0, 4], ledger().lots.kind, [1], cut=0.55).certain.tolist() == [2]


@given(seeds, st.integers(0, 10**6))
@settings(deadline=None)
def test_without_numba_a_trace_is_the_same(seed, pick):
    genealogy = some(seed)
    lot, kind = pick % genealogy.lots, np.zeros(genealogy.lots, dtype=np.int64)

    def found():
        back, on = upstream(genealogy, lot), downstream(genealogy, lot)
        called = recall(genealogy, [lot, 0], kind, [0])
        return [back.lots, back.share, back.sources, back.unknown, on.lots, on.share, called.certain, called.most]

    fast = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passing, "_is_compiled", lambda: False)
        slow = found()
    for one, other in zip(fast, slow, strict=True):
        assert one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("lot", [-1, 6])
def test_a_lot_that_is_not_there(lot):
    genealogy = recorded_genealogy(records_of(ledger()))
    for ask in (upstream, downstream):
        with pytest.raises(InputError, match=f"no lot {lot} "):
            ask(genealogy, lot)


def test_a_cut_that_is_no_share():
    with pytest.raises(InputError, match="at least 0 and less than 1"):
        upstream(true_genealogy(ledger()), 0, cut=1.0)
