"""What runs come to: shares with their errors, differences in the same futures, failures counted."""

import numpy as np
import pandas as pd
import pytest

from cesim.run.goals import Goal
from cesim.sweep.answers.tallies import differences, failures, figures, targets
from cesim.sweep.solving import Shape

GOAL = Goal("goal", "目標", "goal", "h1_horizontal_rate_6xxx", "r", 2035, 0.5)
INDICATOR = "h1_horizontal_rate_6xxx"


class Given:
    """Values (run,) at a single year."""

    def __init__(self, shape, runs, values):
        self.shape, self.runs, self.values = shape, np.array(runs), np.array(values, dtype=float)

    def series(self, _indicator, _region, _years):
        return self.values[:, None]


def shape(alternatives=("a",), replicates=1):
    return Shape(tuple(alternatives), replicates, (INDICATOR,), ("r",), (2035,))


def test_the_share_that_meets_a_target_has_the_error_of_a_share():
    values = [0.6] * 30 + [0.4] * 70
    row = targets(Given(shape(), range(100), values), [GOAL]).iloc[0]
    assert row["met"] == pytest.approx(0.3)
    assert row["standard_error"] == pytest.approx(np.sqrt(0.3 * 0.7 / 99))


def test_replicates_do_not_make_more_futures():
    values = np.repeat([0.6] * 30 + [0.4] * 70, 4)
    one = targets(Given(shape(), range(100), values[::4]), [GOAL]).iloc[0]
    four = targets(Given(shape(replicates=4), range(400), values), [GOAL]).iloc[0]
    pd.testing.assert_series_equal(one, four)


def test_points_made_from_each_other_count_as_one():
    values = np.repeat([0.6] * 30 + [0.4] * 70, 5)
    alone = targets(Given(shape(), range(100), values[::5]), [GOAL]).iloc[0]
    held = targets(Given(shape(), range(500), values), [GOAL], together=5).iloc[0]
    assert held["standard_error"] == pytest.approx(alone["standard_error"])


def test_what_has_no_value_is_left_out_and_counted():
    row = targets(Given(shape(), range(4), [0.6, np.nan, 0.4, 0.6]), [GOAL]).iloc[0]
    assert (row["futures"], row["undefined"], row["met"]) == (3, 1, pytest.approx(2 / 3))
    told = figures(Given(shape(), range(4), [1.0, np.nan, 3.0, 2.0]), {INDICATOR: "share"}, (2035,)).iloc[0]
    assert (told["runs"], told["undefined"], told["p50"], told["mean"]) == (3, 1, 2.0, 2.0)


def test_differences_are_of_futures_that_both_have():
    # point 1 has no run of the first alternative, point 2 none of the second
    runs, values = [0, 1, 3, 4, 6, 7], [1.0, 1.5, 9.0, 5.0, 2.0, 2.4]
    row = differences(Given(shape(("a", "b")), runs, values), {INDICATOR: "share"}, (2035,)).iloc[0]
    assert (row["alternative"], row["against"], row["futures"]) == ("b", "a", 2)
    assert row["mean"] == pytest.approx(0.45)
    assert (row["higher"], row["lower"]) == (1.0, 0.0)


def test_a_difference_of_shares_is_paired():
    values = np.column_stack([[0.6] * 50 + [0.4] * 50, [0.6] * 60 + [0.4] * 40]).reshape(-1)
    first, second = targets(Given(shape(("a", "b")), range(200), values), [GOAL]).to_dict("records")
    assert first["difference"] == 0.0
    assert second["difference"] == pytest.approx(0.1)
    assert second["difference_error"] == pytest.approx(np.sqrt(0.1 * 0.9 / 99))  # ten of a hundred change sides


def test_failures_are_counted_by_reason_the_most_first():
    held = {0: ("raised", "x"), 1: ("no_answer", "y"), 3: ("no_answer", "y"), 5: ("no_answer", "y"), 7: ("raised", "x")}
    told = failures(shape(("a", "b")), held)
    assert list(told.itertuples(index=False, name=None)) == [
        ("b", "no_answer", "y", 3), ("a", "raised", "x", 1), ("b", "raised", "x", 1),
    ]  # fmt: skip


def test_without_runs_nothing_is_made_up():
    held = Given(shape(), [], [])
    assert figures(held, {INDICATOR: "share"}, (2035,))["p50"].isna().all()
    row = targets(held, [GOAL]).iloc[0]
    assert row["futures"] == 0
    assert np.isnan(row["met"])
