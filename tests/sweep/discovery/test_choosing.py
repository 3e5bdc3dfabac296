"""Which box is told: planted ones are found to their limits, noise has none, and what is told can be counted again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from planted_boxes import planted

from cesim.errors import InputError
from cesim.sweep.designs import Saltelli, SaltelliDesign
from cesim.sweep.designs.design import Factor
from cesim.sweep.discovery.boxes import Box, Restriction
from cesim.sweep.discovery.choosing import choose, explain, least_mass
from cesim.sweep.discovery.limits import FREE, Face, Limits
from cesim.sweep.discovery.polishing import polished
from cesim.sweep.discovery.prim import prim
from cesim.sweep.discovery.space import space


@pytest.mark.parametrize("restricted", [2, 5, 9, 12])
def test_a_planted_box_is_told_with_its_inputs_and_no_other(restricted):
    edge = 0.2 ** (1 / restricted)
    box = {column: (0.0, edge) if column % 2 else (1 - edge, 1.0) for column in range(restricted)}
    inputs, marks, inside = planted(restricted, 5_000, 12, box, noise=0.01)
    (told,) = explain(inputs, marks, folds=2, resamples=2)
    assert told.verdict == "explained"
    assert told.box.columns == tuple(range(restricted))
    caught = told.box.contains(inputs)
    assert (caught & inside).sum() / inside.sum() >= 0.95
    assert inside[caught].mean() >= 0.95
    assert told.stability.share.tolist() == [1.0] * restricted + [0.0] * (12 - restricted)


def test_few_futures_are_enough_for_a_plain_box():
    inputs, marks, _ = planted(3, 100, 8, {0: (0.6, 1.0), 1: (0.0, 0.45)})
    (told,) = explain(inputs, marks)
    assert (told.verdict, told.box.columns) == ("explained", (0, 1))
    assert (told.box.inside_of_interest, told.box.of_interest, told.runs) == (marks.sum(), marks.sum(), 100)


def test_noise_has_no_box():
    verdicts = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        (told,) = explain(rng.random((150, 6)), rng.random(150) < 0.2, resamples=0)
        verdicts.append(told.verdict)
    assert verdicts.count("no_box") >= 39  # one in a hundred passes by chance


def test_what_is_tested_on_runs_left_out_can_be_counted_again():
    inputs, marks, _ = planted(0, 400, 3, {0: (0.5, 1.0)}, noise=0.1)
    (told,) = explain(inputs, marks, resamples=3)
    tested = told.held_out
    assert (tested.runs, tested.of_interest, tested.folds) == (400, marks.sum(), 5)
    assert 0.8 < tested.density < 0.95
    assert 0.8 < tested.coverage < 0.95
    assert tested.p < 1e-30


def test_points_made_from_each_other_bear_a_box_out_only_by_whole_sets():
    """Rows of one base point share most numbers: parted among folds they find the box again that chance has put."""
    layout = Saltelli(tuple(Factor(str(j), (j,)) for j in range(8)))
    whole, parted = [], []
    for seed in range(4):
        rows = SaltelliDesign(layout, seed).rows(0, layout.rows_of(64))
        bases = np.arange(len(rows)) // layout.per_base
        marks = np.isin(bases, np.random.default_rng(seed).choice(64, 6, replace=False))
        whole += [told.verdict for told in explain(rows, marks, groups=bases, resamples=0)]
        parted += [told.verdict for told in explain(rows, marks, resamples=0)]
    assert whole == ["no_box"] * 4
    assert parted.count("explained") >= 3


def test_replicates_of_a_point_are_never_parted_and_count_once():
    """Marks that are luck of the point: beside its own replicates any point would be found again."""
    verdicts = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        inputs, marks = np.repeat(rng.random((60, 2)), 20, axis=0), np.repeat(rng.random(60) < 0.3, 20)
        (told,) = explain(inputs, marks, groups=np.repeat(np.arange(60), 20), resamples=0)
        (parted,) = explain(inputs, marks, resamples=0)
        verdicts.append((told.verdict, parted.verdict))
    assert [told for told, _ in verdicts] == ["no_box"] * 8
    assert [parted for _, parted in verdicts].count("explained") >= 4


def test_replicates_that_agree_do_not_hide_a_box():
    inputs, marks, _ = planted(1, 100, 3, {0: (0.6, 1.0)})
    (told,) = explain(np.repeat(inputs, 4, axis=0), np.repeat(marks, 4), groups=np.repeat(np.arange(100), 4))
    assert (told.verdict, told.box.columns, told.box.inside) == ("explained", (0,), 4 * marks.sum())


def test_a_second_explanation_is_of_what_the_first_leaves():
    rng = np.random.default_rng(0)
    inputs = rng.random((4_000, 3))
    marks = ((inputs[:, 0] > 0.5) & (inputs[:, 1] > 0.5)) | (inputs[:, 2] < 0.06)
    first, second, third = explain(inputs, marks, boxes=3, folds=2, resamples=1)
    assert (first.box.columns, second.box.columns) == ((0, 1), (2,))
    assert second.runs == 4_000 - first.box.inside
    assert second.of_interest == marks.sum() - first.box.inside_of_interest
    assert (second.box.density, second.box.coverage) == (1.0, 1.0)
    assert (third.verdict, third.box, third.of_interest) == ("nobody", None, 0)


@pytest.mark.parametrize(("count", "verdict"), [(0, "nobody"), (60, "everybody"), (4, "too_few"), (56, "too_few")])
def test_runs_with_nothing_to_find_have_a_verdict(count, verdict):
    (told,) = explain(np.random.default_rng(0).random((60, 2)), np.arange(60) < count)
    assert (told.verdict, told.box, told.trajectory, told.of_interest) == (verdict, None, None, count)


def test_a_wrong_question_is_refused_whatever_the_runs():
    with pytest.raises(InputError) as caught:
        explain(np.full((60, 1), np.nan), np.zeros(60, dtype=bool))
    assert caught.value.faults[0].code == "discovery_not_finite"


def test_limits_that_are_not_significant_are_dropped():
    inputs, marks, _ = planted(2, 3_000, 6, {1: (0.6, 1.0)}, noise=0.05)
    held, way = space(inputs, marks), prim(inputs, marks).trajectories[0]
    assert max(len(box.restrictions) for box in way.boxes) > 2
    chosen = choose(held, way)
    assert chosen.box.columns == (1,)
    assert chosen.box.restrictions[0].p < 0.05
    assert chosen.box.restrictions[0].low == pytest.approx(0.6, abs=0.005)


def test_no_limit_of_a_polished_box_can_be_moved_to_a_better_place():
    rng = np.random.default_rng(8)
    inputs = np.column_stack([rng.random((150, 2)), rng.integers(0, 4, (150, 2))])
    marks = (inputs[:, 0] > 0.3) & (inputs[:, 1] < 0.8) & (inputs[:, 2] >= 1) & (inputs[:, 3] != 2)
    marks ^= rng.random(150) < 0.1
    held = space(inputs, marks, ["continuous", "continuous", "discrete", "category"])
    start = {Face(0, "low"): 0.5, Face(1, "high"): 0.5, Face(2, "low"): 2.0, Face(3, "kept"): frozenset({1.0})}
    limits = polished(held, Limits(start), int(marks.sum()))

    def mean(limits):
        low, high = (limits.held.get(face, free) for face, free in ((Face(0, "low"), -1), (Face(1, "high"), 2)))
        level, kept = limits.held.get(Face(2, "low"), -1), limits.held.get(Face(3, "kept"), {0, 1, 2, 3})
        inside = (inputs[:, 0] >= low) & (inputs[:, 1] <= high) & (inputs[:, 2] >= level)
        inside &= np.isin(inputs[:, 3], list(kept))
        return 2 * (inside & marks).sum() / (inside.sum() + marks.sum())

    best = mean(limits)
    assert best > mean(Limits(start)) + 0.2
    tries = [frozenset(c) for size in range(1, 5) for c in combinations([0.0, 1.0, 2.0, 3.0], size)]
    for face in limits.held:
        for limit in tries if face.side == "kept" else np.unique(inputs[:, face.column]):
            assert mean(limits.with_(face, limit)) <= best
    assert polished(held, FREE, int(marks.sum())) is FREE


@pytest.mark.parametrize(("runs", "of_interest", "share"), [
    (10_000, 5_000, 0.05), (10_000, 100, 0.005), (100, 17, 0.05), (1_000, 5, 0.01),
])  # fmt: skip
def test_a_box_may_be_smaller_where_few_runs_are_of_interest(runs, of_interest, share):
    assert least_mass(runs, of_interest) == share


def test_limits_of_a_told_box_are_those_it_was_told_of():
    told = (Restriction(0, "continuous", low=0.2), Restriction(2, "category", kept=(1.0,), dropped=(2.0,)))
    assert Limits.of(Box(told, 1, 1, 2, 1)).held == {Face(0, "low"): 0.2, Face(2, "kept"): frozenset({1.0})}
