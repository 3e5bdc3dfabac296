"""Two engines side by side: a run fails where either does, and says which."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from cesim.sweep.engines.both import BothRecipe
from cesim.sweep.engines.lot_counts import NOTHING
from cesim.sweep.engines.lot_figures import LotYear
from cesim.sweep.engines.reasons import NotProvedError, failure
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

    def solve(self, runs, _check=None):
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


@dataclass(frozen=True)
class Starting(Told):
    """Lots that start from a balance of their own."""

    balance: dict[str, float] = field(default_factory=dict)

    def solve(self, runs, check=None):
        batch = super().solve(runs)
        failures = {}
        for run in runs.tolist():
            try:
                check(run, {1: LotYear({}, self.balance, NOTHING, {})})
            except NotProvedError as error:
                failures[run] = failure(error)
        return replace(batch, failures=failures)


def test_lots_that_start_from_another_balance_are_not_proved():
    """The balance says of point 0 under `b` 1 throughout, and of point 1 under `a` 2."""
    lots = Starting(("lots_z",), 2, 100.0, balance={"landfill_rate": 1.0 + 1e-12, "elv_count": 7.0})
    batch = BothRecipe(Told(("x", "landfill_rate"), 1, 1.0), lots).solver().solve(np.array([1, 3, 4]))
    told = Failure("not_proved", "lots: another balance: landfill_rate 1, not 2")
    assert batch.failures == {4: told}
    np.testing.assert_array_equal(batch.values[:2, 0], [[1, 1, 100], [1, 1, 300]])
    assert np.isnan(batch.values[2]).all()


def test_what_is_compared_need_not_be_kept():
    balance, lots = Told(("x",), 1, 1.0), Starting(("lots_z",), 1, 1.0, balance={"landfill_rate": 1.0})
    recipe = BothRecipe(balance, lots)
    assert recipe.shape.indicators == ("x", "lots_z")
    batch = recipe.solver().solve(np.arange(3))
    assert list(batch.failures) == [0, 2]
    np.testing.assert_array_equal(batch.values[1], [[1.0, 1.0]] * 2)


@pytest.mark.parametrize("said", [np.nan, 0.0, 1.0 + 1e-8])
def test_a_balance_that_says_nothing_is_another(said):
    lots = Starting(("lots_z",), 1, 1.0, balance={"elv_6xxx": 1.0})
    batch = BothRecipe(Told(("x",), 1, said), lots).solver().solve(np.array([1]))
    assert batch.failures[1].status == "not_proved"
