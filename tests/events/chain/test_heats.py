"""Heats fitted to their bales, melts brought back to their limits, margins by the risk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_up_metal import MIX, S, window

from cesim.events.chain.heats import Heats, Windows, corrected, deviations

ALLOY = ("6016", "6061", "ADC12")
NAMES = st.sampled_from(ALLOY)


@st.composite
def meant(draw):
    """A few heats with scrap off the mix of some alloy, and some of it returned."""
    alloys = draw(st.lists(NAMES, min_size=1, max_size=5))
    count = len(alloys)
    room = draw(arrays(np.float64, count, elements=st.floats(5, 40)))
    scrap = np.zeros((count, S))
    returned = np.zeros((count, S))
    for heat, alloy in enumerate(alloys):
        mix = MIX[draw(NAMES)] * np.exp(draw(arrays(np.float64, S, elements=st.floats(-1, 1))))
        scrap[heat] = draw(st.floats(0, 1)) * room[heat] * mix / mix.sum()
        returned[heat] = draw(st.floats(0, 0.4)) * room[heat] * MIX[alloy]
    spread = draw(st.floats(0, 0.5))
    windows = Windows.of([window(alloy) for alloy in alloys])
    return Heats(windows, room, returned, scrap, np.square(spread * scrap) / 3)


@settings(max_examples=60, deadline=None)
@given(meant(), st.floats(0.001, 0.4))
def test_fitted_heats_keep_their_limits_and_their_mass(heats, risk):
    share, primary, additions = heats.fitted(risk)
    content = heats.returned + share[:, None] * heats.scrap + primary[:, None] * heats.windows.primary + additions
    assert ((share >= 0) & (share <= 1)).all()
    assert (primary >= 0).all()
    assert (additions >= 0).all()
    assert content.sum(axis=1) == pytest.approx(heats.room + heats.returned.sum(axis=1))
    assert heats.windows.kept(content).all()


@settings(max_examples=40, deadline=None)
@given(meant())
def test_who_is_sure_takes_no_less_scrap(heats):
    share, _, _ = heats.fitted(0.02)
    sure = Heats(heats.windows, heats.room, heats.returned, heats.scrap, np.zeros_like(heats.variance))
    assert (sure.fitted(0.02)[0] >= share - 1e-5).all()


def test_the_margin_is_that_of_the_risk():
    rng = np.random.default_rng(2)
    scrap = 18.0 * MIX["6061"][None]  # copper stops it
    spread = 0.1 * scrap
    heats = Heats(Windows.of([window("6016")]), np.array([20.0]), np.zeros((1, S)), scrap, np.square(spread))
    share, primary, additions = heats.fitted(0.05)
    assert 0.2 < share[0] < 1.0
    true = scrap + spread * rng.standard_normal((4000, S))
    true[:, 0] -= true.sum(axis=1) - scrap.sum()
    melts = share * true + primary * heats.windows.primary + additions
    off = 1.0 - Windows.of([window("6016")] * 4000).kept(melts).mean()
    assert off == pytest.approx(0.05, abs=0.02)


def test_more_doubt_less_scrap():
    scrap = 18.0 * MIX["6061"][None]
    shares = []
    for spread in (0.0, 0.1, 0.2, 0.4):
        heats = Heats(
            Windows.of([window("6016")]), np.array([20.0]), np.zeros((1, S)), scrap, np.square(spread * scrap)
        )
        shares.append(heats.fitted(0.02)[0][0])
    assert (np.diff(shares) < -0.02).all()


def test_a_doubtful_bale_weighs_by_what_it_may_be_not_by_its_moments():
    scrap = 18.0 * MIX["6061"][None]
    windows, room, nothing = Windows.of([window("6016")]), np.array([20.0]), np.zeros((1, S))
    case = np.zeros((400, S))
    case[:20, 3] = 2.0 * scrap[0, 3]  # in one case of twenty there is three times as much copper in it
    case[:, 3] -= case[:, 3].mean()

    def missed(heats):
        share, primary, _ = heats.fitted(0.02)
        return (share * (scrap + case) + primary * windows.primary > windows.upper * 20.0)[:, 3].mean()

    assert missed(Heats(windows, room, nothing, scrap, case.var(axis=0)[None])) == 0.05
    assert missed(Heats(windows, room, nothing, scrap, case.var(axis=0)[None], {0: np.sort(case, axis=0)})) == 0.0


def test_deviations_of_a_normal():
    assert deviations(0.05) == pytest.approx(1.6449, abs=1e-4)
    assert deviations(0.05, 5) == pytest.approx(2.3263, abs=1e-4)
    assert deviations(0.7) == 0.0


@settings(max_examples=150, deadline=None)
@given(NAMES, arrays(np.float64, S, elements=st.floats(-0.3, 0.3)), st.floats(0, 0.3))
def test_a_corrected_melt_is_within_its_limits(alloy, off, most):
    content = 2e10 * MIX[alloy] * np.exp(off)
    windows = Windows.of([window(alloy)])
    mended = corrected(content, window(alloy), most)
    if mended is None:
        enough = corrected(content, window(alloy), 5.0)
        assert enough is None or enough[0] + enough[1].sum() > most * content.sum()
        return
    primary, additions = mended
    assert primary >= 0
    assert (additions >= 0).all()
    assert primary + additions.sum() <= most * content.sum() * (1 + 1e-9)
    after = np.rint(content) + np.rint(window(alloy).primary * primary) + np.rint(additions)
    assert windows.kept(after[None])[0]


def test_what_correction_can_and_cannot_do():
    content = 2e10 * MIX["6016"]
    content[2] *= 1.3  # iron at 0.364 of 0.35 %
    primary, additions = corrected(content, window("6016"), 0.1)
    assert 0.05 < primary / content.sum() < 0.08
    assert additions[1:].sum() == 0.0
    assert corrected(content, window("6016"), 0.05) is None
    content = 2e10 * MIX["6016"]
    content[1] *= 0.8  # silicon at 0.92 of 1.0 %
    primary, additions = corrected(content, window("6016"), 0.1)
    assert primary == 0.0
    assert additions[1] / content.sum() == pytest.approx(0.0009, abs=0.0002)
