"""Two engines side by side: a run fails where either does, and says which."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from cesim.sweep.engines.both import BothRecipe
from cesim.sweep.solving import Batch, Failure, Shape

REGIONS, YEARS = ("east",), (2030, 2031)


@dataclass(frozen=True)
class Told:
    """An engine whose values are its runs' numbers times a factor."""

    indicators: tuple[str, ...]
    replicates: int
    times: float
    failing: dict[int, Failure] = field(default_factory=dict)
    asked: list[list[int]] = field(default_factory=list)
    regions: tuple[str, ...] = REGIONS
    years: tuple[int, ...] = YEARS

    @property
    def shape(self):
        return Shape(("a", "b"), self.replicates, self.indicators, self.regions, self.years)

    @property
    def units(self):
        return dict.fromkeys(self.indicators, "t")

    def solver(self):
        return self

    def solve(self, runs):
        self.asked.append(runs.tolist())
        values = np.tile((self.times * runs)[:, None, None], (1, 2, len(self.indicators)))
        failures = {run: why for run, why in self.failing.items() if run in runs}
        values[[run in failures for run in runs.tolist()]] = np.nan
        return Batch(runs, values, np.full(runs.size, self.times), failures)


NONE, WRONG = Failure("no_answer", "no_optimum"), Failure("not_proved", "laws: lot")


def made(balance=None, lots=None):
    return BothRecipe(Told(("x", "y"), 1, 1.0, balance or {}), Told(("lots_z",), 3, 100.0, lots or {}))


def test_columns_stand_side_by_side_and_replicates_share_the_balance():
    recipe = made()
    assert recipe.shape == Shape(("a", "b"), 3, ("x", "y", "lots_z"), REGIONS, YEARS)
    assert (recipe.together, recipe.units) == (1, dict.fromkeys(("x", "y", "lots_z"), "t"))
    runs = np.array([0, 1, 2, 5, 6, 7, 11])
    batch = recipe.solver().solve(runs)
    np.testing.assert_array_equal(batch.runs, runs)
    # point x 2 + alternative, whatever the replicate
    np.testing.assert_array_equal(batch.values[:, 0, 0], [0, 1, 0, 1, 2, 3, 3])
    np.testing.assert_array_equal(batch.values[:, 1, 1], [0, 1, 0, 1, 2, 3, 3])
    np.testing.assert_array_equal(batch.values[:, 1, 2], 100.0 * runs)
    assert recipe.balance.asked == [[0, 1, 2, 3]]
    np.testing.assert_array_equal(batch.seconds, [100.5, 100.5, 100.5, 100.5, 101.0, 100.5, 100.5])


def test_a_run_fails_where_either_engine_does_and_says_which():
    recipe = made({1: NONE}, {1: WRONG, 4: WRONG})
    batch = recipe.solver().solve(np.arange(6))
    told = Failure("no_answer", "balance: no_optimum")
    assert batch.failures == {1: told, 3: told, 5: told, 4: Failure("not_proved", "lots: laws: lot")}
    assert list(batch.failures) == [1, 3, 4, 5]
    assert np.isnan(batch.values[[1, 3, 4, 5]]).all()
    assert np.isfinite(batch.values[[0, 2]]).all()
    assert recipe.lots.asked == [[0, 2, 4]]  # where the balance has no answer, lots are not simulated
    np.testing.assert_allclose(batch.seconds, [100 + 1 / 3, 1 / 3, 100 + 1 / 3, 1 / 3, 100 + 1 / 3, 1 / 3])


def test_where_the_balance_never_answers_lots_are_not_asked():
    recipe = made({0: NONE, 1: NONE})
    batch = recipe.solver().solve(np.arange(4))
    assert list(batch.failures) == [0, 1, 2, 3]
    assert recipe.lots.asked == []


def test_engines_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one replicate"):
        BothRecipe(Told(("x",), 2, 1.0), Told(("z",), 2, 1.0))
    with pytest.raises(ValueError, match="same regions"):
        BothRecipe(Told(("x",), 1, 1.0), Told(("z",), 2, 1.0, regions=("west",)))
