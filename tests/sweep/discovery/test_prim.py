"""PRIM: agreement with the EMA Workbench, boxes that were planted, and what must always hold of a trajectory."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from planted_boxes import planted
from scipy.stats import binom

from cesim.errors import InputError
from cesim.sweep.discovery.prim import prim

NAMES = list("abcdefghijkl")


def ema_box(inputs, marks, objective, categories=()):
    """The first box of the EMA Workbench, with the same settings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbench = pytest.importorskip("ema_workbench.analysis.prim", exc_type=ImportError)
        import pandas as pd

        frame = pd.DataFrame(inputs, columns=NAMES[: inputs.shape[1]])
        for column in categories:
            frame[NAMES[column]] = [f"c{int(value)}" for value in inputs[:, column]]
        kind = workbench.PRIMObjectiveFunctions
        return workbench.Prim(
            frame,
            marks.copy(),
            threshold=0.1,
            peel_alpha=0.05,
            paste_alpha=0.05,
            mass_min=0.05,
            obj_function=kind.LENIENT1 if objective == "lenient" else kind.ORIGINAL,
        ).find_box()


@pytest.mark.parametrize(("objective", "seed"), [("lenient", 0), ("lenient", 2), ("original", 2)])
def test_every_box_on_the_way_is_that_of_the_ema_workbench(objective, seed):
    inputs, marks, _ = planted(seed, 500, 4, {0: (0.5, 1.0), 3: (0.0, 0.6)}, noise=0.05)
    theirs = ema_box(inputs, marks, objective)
    ours = prim(inputs, marks, objective=objective).trajectories[0].boxes
    way = theirs.peeling_trajectory
    assert [(box.inside, box.inside_of_interest) for box in ours] == list(zip(way.n, way.k, strict=True))
    np.testing.assert_allclose([box.coverage for box in ours], way.coverage, rtol=1e-15)
    np.testing.assert_allclose([box.density for box in ours], way.density, rtol=1e-15)
    whole = theirs.box_lims[0]
    for box, limits, p in zip(ours, theirs.box_lims, theirs.qp, strict=True):
        assert {NAMES[column] for column in box.columns} == set(p)
        for held in box.restrictions:
            name = NAMES[held.column]
            low, high = (end if end is not None else None for end in (held.low, held.high))
            assert limits.loc[0, name] == pytest.approx(whole.loc[0, name] if low is None else low, rel=1e-12)
            assert limits.loc[1, name] == pytest.approx(whole.loc[1, name] if high is None else high, rel=1e-12)
            told = [-1 if end is None else end for end in (held.p_low, held.p_high)]
            np.testing.assert_allclose(told, p[name], rtol=1e-9, atol=1e-300)


def test_categories_are_dropped_as_by_the_ema_workbench():
    rng = np.random.default_rng(5)
    inputs = np.column_stack([rng.random((900, 2)), rng.integers(0, 4, 900)])
    marks = (inputs[:, 0] > 0.4) & np.isin(inputs[:, 2], [1, 3]) ^ (rng.random(900) < 0.04)
    theirs = ema_box(inputs, marks, "lenient", categories=[2])
    ours = prim(inputs, marks, ["continuous", "continuous", "category"]).trajectories[0]
    peels = ours.peeled
    way = theirs.peeling_trajectory[:peels]
    assert [(b.inside, b.inside_of_interest) for b in ours.boxes[:peels]] == list(zip(way.n, way.k, strict=True))
    for box, limits in zip(ours.boxes[1:peels], theirs.box_lims[1:peels], strict=True):
        assert {f"c{int(category)}" for category in box.restrictions[-1].kept} == limits.loc[0, "c"]
    assert {1.0, 3.0} in [set(box.restrictions[-1].kept) for box in ours.boxes[1:peels]]


@pytest.mark.parametrize("restricted", [2, 3, 4, 6, 9])
def test_a_planted_box_lies_on_the_trajectory_whatever_its_dimension(restricted):
    edge = 0.2 ** (1 / restricted)  # a fifth of the runs in the box
    box = {column: (0.0, edge) if column % 2 else (1 - edge, 1.0) for column in range(restricted)}
    inputs, marks, inside = planted(restricted, 10_000, 12, box, noise=0.01)
    found = prim(inputs, marks).trajectories[0].boxes
    there = [one.contains(inputs) for one in found if set(one.columns) == set(box)]
    assert max(min((one & inside).sum() / inside.sum(), inside[one].mean()) for one in there) >= 0.9


def test_limits_lie_where_the_box_was_planted():
    inputs, marks, _ = planted(1, 20_000, 5, {1: (0.3, 1.0), 4: (0.0, 0.45)})
    best = max(prim(inputs, marks).trajectories[0].boxes, key=lambda box: box.harmonic)
    low, high = (next(r for r in best.restrictions if r.column == column) for column in (1, 4))
    assert (low.low, low.high) == (pytest.approx(0.3, abs=0.03), None)
    assert (high.low, high.high) == (None, pytest.approx(0.45, abs=0.03))


def test_a_level_is_peeled_whole_and_the_limit_is_one_that_occurs():
    rng = np.random.default_rng(3)
    inputs = np.column_stack([rng.integers(0, 5, 2_000), rng.random(2_000)])
    marks = (inputs[:, 0] >= 2) & (inputs[:, 0] <= 3)
    boxes = prim(inputs, marks, ["discrete", "continuous"]).trajectories[0].boxes
    best = max(boxes, key=lambda box: box.harmonic)
    assert (best.restrictions[0].low, best.restrictions[0].high, best.density) == (2.0, 3.0, 1.0)
    assert best.inside == marks.sum()


def test_small_categories_go_together_as_far_as_they_fit_into_a_slice():
    rng = np.random.default_rng(4)
    inputs = rng.permutation(np.repeat(np.arange(100.0), 20))[:, None]
    first = prim(inputs, inputs[:, 0] >= 50, ["category"]).trajectories[0].boxes[1]
    assert first.inside == 1_900
    assert len(first.restrictions[0].dropped) == 5
    assert max(first.restrictions[0].dropped) < 50


def test_a_second_box_is_looked_for_outside_the_first():
    rng = np.random.default_rng(0)
    inputs = rng.random((4_000, 3))
    one = (inputs[:, 0] > 0.7) & (inputs[:, 1] > 0.6)
    other = (inputs[:, 0] < 0.3) & (inputs[:, 2] < 0.4)
    first, second = prim(inputs, one | other, boxes=2).trajectories
    taken = first.boxes[-1].contains(inputs)
    assert second.boxes[0].inside == (~taken).sum()
    assert second.boxes[-1].inside == (second.boxes[-1].contains(inputs) & ~taken).sum()
    assert second.boxes[-1].of_interest == (one | other).sum()
    assert len(second.boxes) > 10


def test_a_minus_zero_is_a_zero():
    inputs = np.repeat([0.0, -0.0, 1.0], 20)[:, None]
    boxes = prim(inputs, inputs[:, 0] == 0.0, ["category"]).trajectories[0].boxes
    assert boxes[-1].restrictions[0].kept == (0.0,)
    assert boxes[-1].inside == 40


LEVELS = hnp.arrays(np.int64, st.tuples(st.integers(20, 60), st.integers(1, 4)), elements=st.integers(-6, 6))


@st.composite
def runs_and_marks(draw):
    inputs = draw(LEVELS).astype(np.float64)
    marks = draw(hnp.arrays(np.bool_, len(inputs)).filter(lambda m: 0 < m.sum() < m.size))
    kinds = draw(st.lists(st.sampled_from(["continuous", "discrete", "category"]), min_size=4, max_size=4))
    return inputs, marks, kinds[: inputs.shape[1]]


@settings(deadline=None, max_examples=120)
@given(runs_and_marks(), st.sampled_from(["lenient", "original"]))
def test_what_a_box_says_of_itself_is_what_its_limits_say(asked, objective):
    inputs, marks, kinds = asked
    way = prim(inputs, marks, kinds, objective=objective, least_mass=0.1).trajectories[0]
    for box in way.boxes:
        inside = box.contains(inputs)
        assert (box.inside, box.inside_of_interest) == (inside.sum(), (inside & marks).sum())
        assert box.inside >= 0.1 * len(inputs)
        for held in box.restrictions:
            for side in ("low", "high", "kept"):
                p = getattr(held, f"p_{side}")
                assert (p is None) == (getattr(held, side) in (None, ()))
                if p is not None:
                    assert p == pytest.approx(quasi_p(inputs, marks, box, held.column, side), rel=1e-9)
    mass = way.mass
    assert (np.diff(mass[: way.peeled]) < 0).all()
    assert (np.diff(mass[way.peeled - 1 :]) > 0).all()
    if objective == "lenient":
        assert (np.diff(way.density) > 0).all()


def quasi_p(inputs, marks, box, column, side):
    """By the definition: the limit taken away, everything counted again."""
    wider = np.ones(len(inputs), dtype=bool)
    for held in box.restrictions:
        values, lets_in = inputs[:, held.column], np.ones(len(inputs), dtype=bool)
        for other in ("low", "high", "kept"):
            limit = getattr(held, other)
            if limit in (None, ()) or (held.column, other) == (column, side):
                continue
            lets_in &= np.isin(values, limit) if other == "kept" else (values - limit) * (1, -1)[other == "high"] >= 0
        wider &= lets_in
    return binom.sf(box.inside_of_interest - 1, box.inside, marks[wider].mean())


@settings(deadline=None, max_examples=80)
@given(runs_and_marks(), st.randoms(use_true_random=False))
def test_neither_the_order_of_runs_nor_the_scale_of_an_input_matters(asked, random):
    inputs, marks, kinds = asked
    order = np.array(random.sample(range(len(inputs)), len(inputs)))
    scaled = np.where([kind == "category" for kind in kinds], inputs, np.exp(inputs) + 3.0 * inputs)
    plain = prim(inputs, marks, kinds).trajectories[0]
    other = prim(scaled[order], marks[order], kinds).trajectories[0]
    assert plain.peeled == other.peeled
    for one, two in zip(plain.boxes, other.boxes, strict=True):
        assert (one.contains(inputs)[order] == two.contains(scaled[order])).all()
        assert one.columns == two.columns


@pytest.mark.parametrize(("marks", "code"), [
    (np.zeros(30, dtype=bool), "discovery_nobody"), (np.ones(30, dtype=bool), "discovery_everybody"),
    (np.arange(30), "discovery_not_bool"), (np.zeros(29, dtype=bool), "discovery_shape"),
])  # fmt: skip
def test_marks_that_say_nothing_are_refused(marks, code):
    with pytest.raises(InputError) as caught:
        prim(np.random.default_rng(0).random((30, 2)), marks)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_every_input_with_a_value_that_is_no_number_is_named():
    inputs = np.random.default_rng(0).random((30, 3))
    inputs[[4, 9], 0], inputs[7, 2] = np.nan, np.inf
    with pytest.raises(InputError) as caught:
        prim(inputs, np.arange(30) < 9, names=["a", "b", "c"])
    told = [
        (fault.code, str(fault.place), fault.arguments["count"], fault.arguments["run"])
        for fault in caught.value.faults
    ]
    assert told == [("discovery_not_finite", "a", 2, 4), ("discovery_not_finite", "c", 1, 7)]


@pytest.mark.parametrize("wrong", [
    {"peel": 0.0}, {"paste": 1.0}, {"least_mass": float("nan")}, {"boxes": 0}, {"objective": "best"},
])  # fmt: skip
def test_settings_that_say_nothing_are_refused(wrong):
    with pytest.raises(InputError) as caught:
        prim(np.random.default_rng(0).random((30, 2)), np.arange(30) < 9, **wrong)
    assert [(fault.code, fault.arguments["name"]) for fault in caught.value.faults] == [("discovery_setting", *wrong)]


@pytest.mark.parametrize(("runs", "kinds", "code"), [
    (19, None, "discovery_too_few"), (30, ["continuous"], "discovery_kind_unknown"),
    (30, ["continuous", "whole"], "discovery_kind_unknown"),
])  # fmt: skip
def test_runs_in_which_nothing_can_be_found_are_refused(runs, kinds, code):
    with pytest.raises(InputError) as caught:
        prim(np.random.default_rng(0).random((runs, 2)), np.arange(runs) < 9, kinds)
    assert caught.value.faults[0].code == code
