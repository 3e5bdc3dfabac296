"""Shares in one pass: equal to fractions on paper, to a sparse solver, and to what they were handed back from."""

import importlib.util
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_ledgers import drawn, with_losses
from slow_shares import exact_shares

from cesim.errors import InputError
from cesim.trace.genealogy import passes, passing
from cesim.trace.genealogy.graph import recorded_genealogy, true_genealogy
from cesim.trace.genealogy.passing import handed_back, shares

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def plain():
    """The loops as Python runs them where numba is not installed."""
    held = sys.modules.get("numba")
    sys.modules["numba"] = None
    try:
        spec = importlib.util.spec_from_file_location("plain_passes", passes.__file__)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.modules.pop("numba")
        if held is not None:
            sys.modules["numba"] = held
    return module


def some(seed):
    rng = np.random.default_rng(seed)
    return recorded_genealogy(with_losses(rng, drawn(rng), rng.uniform(0, 0.5)))


@given(seeds)
@settings(deadline=None)
def test_shares_are_those_of_fractions_on_paper(seed):
    genealogy = some(seed)
    exact = [[float(share) for share in lot] for lot in exact_shares(genealogy)]
    assert shares(genealogy) == pytest.approx(np.asarray(exact).reshape(-1, genealogy.classes), abs=1e-13)


@given(seeds)
@settings(deadline=None)
def test_shares_of_the_truth_add_up_to_one(seed):
    genealogy = true_genealogy(drawn(np.random.default_rng(seed)))
    filled = shares(genealogy)[genealogy.birth >= 0]
    assert filled.sum(axis=1) == pytest.approx(1.0, abs=1e-13)
    assert (filled > 0).sum() > len(filled)  # they are mixed, not all of one class


@given(seeds)
@settings(deadline=None)
def test_without_numba_a_sparse_solver_gives_the_same(seed):
    genealogy = some(seed)
    weight = np.random.default_rng(seed).random(genealogy.lots)
    stops = genealogy.relabel >= 0
    fast = shares(genealogy, greatest_loss=0.1), *handed_back(genealogy, weight, stops=stops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passing, "_is_compiled", lambda: False)
        slow = shares(genealogy, greatest_loss=0.1), *handed_back(genealogy, weight, stops=stops)
    for one, other in zip(fast, slow, strict=True):
        assert one == pytest.approx(other, abs=1e-12)


def test_the_loops_without_numba(plain, monkeypatch):
    assert type(plain.forward).__name__ == "function"
    genealogy = some(3)
    weight = np.ones(genealogy.lots)
    fast = shares(genealogy), *handed_back(genealogy, weight, cut=0.1)
    monkeypatch.setattr(passing, "_loops", lambda: plain)
    slow = shares(genealogy), *handed_back(genealogy, weight, cut=0.1)
    for one, other in zip(fast, slow, strict=True):
        assert np.array_equal(one, other)


@given(seeds)
@settings(deadline=None)
def test_what_is_handed_back_to_sources_is_what_came_forward(seed):
    genealogy = some(seed)
    weight = np.random.default_rng(seed).random(genealogy.lots)
    forward = weight @ shares(genealogy)
    _, through = handed_back(genealogy, weight, stops=genealogy.relabel >= 0)
    total = genealogy.total()
    event = np.repeat(np.arange(len(genealogy)), np.diff(genealogy.source_start))
    told = (genealogy.source_class >= 0) & (genealogy.relabel[event] < 0) & (total[event] > 0)
    back = np.bincount(
        genealogy.source_class[told],
        (through[event] * genealogy.source_mass)[told] / total[event[told]],
        minlength=genealogy.classes,
    )
    new = (genealogy.relabel >= 0) & (total > 0)
    back = back + np.bincount(genealogy.relabel[new], through[new], minlength=genealogy.classes)
    assert back == pytest.approx(forward, rel=1e-12, abs=1e-12)


def test_an_empty_ledger_has_no_shares(monkeypatch):
    genealogy = true_genealogy(drawn(np.random.default_rng(0), events=0))
    assert shares(genealogy).shape == (0, 4)
    monkeypatch.setattr(passing, "_is_compiled", lambda: False)
    assert shares(genealogy).shape == (0, 4)
    assert handed_back(genealogy, np.zeros(0))[1].shape == (0,)


@pytest.mark.parametrize("wrong", [-0.1, 1.0, float("nan")])
def test_a_loss_that_is_no_share_is_refused(wrong):
    with pytest.raises(InputError, match="without being declared"):
        shares(some(0), greatest_loss=wrong)
