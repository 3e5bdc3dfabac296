"""Which engine answers a study, what it keeps, and what a study lot by lot is refused for."""

from __future__ import annotations

import pytest
import yaml

from cesim.errors import InputError
from cesim.run.evaluated import NAMES
from cesim.sweep.engines.balance import BalanceRecipe
from cesim.sweep.engines.both import BothRecipe
from cesim.sweep.engines.lot_figures import LOT_FIGURES
from cesim.sweep.engines.lots import LotsRecipe
from cesim.sweep.planning import plan_of
from cesim.sweep.reading import read_study

SCENARIO = {
    "cesim": 1, "name": {"ja": "小", "en": "Small"}, "extends": "tutorial",
    "years": {"start": 2029, "end": 2032}, "report": {"years": [2030, 2032]},
}  # fmt: skip
LOTS = {"first": 2030, "last": 2031, "batch": 7}


@pytest.fixture
def planned(tmp_path):
    def plan(scenario=None, **entries):
        (tmp_path / "small.yaml").write_text(yaml.safe_dump(SCENARIO | (scenario or {})), encoding="utf-8")
        told = {"scenarios": ["small.yaml"], "design": {"kind": "sobol", "samples": 2}, **entries}
        (tmp_path / "study.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
        return plan_of(read_study(str(tmp_path / "study.yaml"), {}))

    return plan


def refused(planned, **entries):
    with pytest.raises(InputError) as caught:
        planned(**entries)
    return [(fault.code, fault.arguments.get("found")) for fault in caught.value.faults]


def test_lots_alone(planned):
    plan = planned(engine="events", lots=LOTS, replicates=3, seed=4)
    recipe = plan.recipe
    assert isinstance(recipe, LotsRecipe)
    assert (recipe.first, recipe.last, recipe.batch, recipe.seed, recipe.replicates) == (2030, 2031, 7, 4, 3)
    assert recipe.indicators == tuple(LOT_FIGURES)
    assert (recipe.regions, recipe.years) == (("east_focus",), (2030, 2031))
    assert plan.lock().units == {name: figure.unit for name, figure in LOT_FIGURES.items()}


def test_both_engines_take_the_same_points(planned):
    plan = planned(engine="both", lots=LOTS, replicates=3, regions=["west", "east"], years=[2029, 2030])
    recipe = plan.recipe
    assert isinstance(recipe, BothRecipe)
    assert recipe.shape.indicators == (*NAMES, *LOT_FIGURES)
    assert (recipe.shape.regions, recipe.shape.years, recipe.shape.replicates) == (("east", "west"), (2029, 2030), 3)
    for name in ("seed", "design", "columns", "varied", "others", "choices"):
        assert getattr(recipe.balance, name) is getattr(recipe.lots, name) or name == "seed"
    assert plan.lock().units["h1_horizontal_rate_6xxx"] == "share"


def test_indicators_are_those_of_the_engine(planned):
    one = planned(engine="both", lots=LOTS, indicators=["lots_heats", "elv_count"]).recipe
    assert (one.balance.indicators, one.lots.indicators) == (("elv_count",), ("lots_heats",))
    assert refused(planned, indicators=["lots_heats"]) == [("sweep_indicator_unknown", "lots_heats")]
    found = refused(planned, engine="events", lots=LOTS, indicators=["elv_count"])
    assert found == [("sweep_indicator_unknown", "elv_count")]


def test_a_balance_that_keeps_nothing_still_answers(planned):
    recipe = planned(engine="both", lots=LOTS, indicators=["lots_heats"], years=[2030]).recipe
    batch = recipe.balance.solver().solve(range(2))
    assert batch.failures == {}
    assert batch.values.shape == (2, 1, 0)


def test_numbers_of_works_vary_only_where_they_are_simulated(planned):
    def names(**entries):
        return {factor.name for factor in planned(**entries).factors}

    balance, lots = names(), names(engine="events", lots=LOTS)
    assert balance < lots
    assert {name.partition(".")[0] for name in lots - balance} == {"facilities"}
    traced = names(
        engine="events", lots=LOTS | {"traced": True}, scenario={"extends": ["tutorial", "library/reporting"]}
    )
    assert lots < traced
    assert {name.partition(".")[0] for name in traced - lots} == {"reporting"}
    assert isinstance(planned().recipe, BalanceRecipe)


def test_a_traced_study_needs_a_hypothesis_of_records(planned):
    assert refused(planned, engine="events", lots=LOTS | {"traced": True}) == [("no_reporting", None)]


def test_reported_years_are_those_that_are_simulated(planned):
    assert planned(engine="events", lots=LOTS, years="report").recipe.years == (2030,)
    outside = refused(planned, engine="events", lots={"first": 2031}, years="report")
    assert outside == [("sweep_year_not_simulated", 2030), ("sweep_year_not_simulated", 2032)]
    assert refused(planned, engine="events", lots=LOTS, years=[2029]) == [("sweep_year_not_simulated", 2029)]
    assert refused(planned, engine="both", lots=LOTS, years=[2028]) == [("sweep_year_outside", 2028)]


def test_what_cannot_be_simulated_is_refused(planned):
    lots = {"first": 2026, "last": 2040}
    assert refused(planned, engine="both", lots=lots) == [
        ("year_outside_balance", 2026), ("year_outside_balance", 2040),
    ]  # fmt: skip
    assert refused(planned, engine="both", lots={"first": 2031, "last": 2030}) == [("years_turned_round", None)]
    assert refused(planned, engine="events", lots=LOTS, regions=["west", "east"]) == [("sweep_lots_region", "west")]
    assert refused(planned, engine="events", lots=LOTS, regions=["nowhere"]) == [("sweep_region_unknown", "nowhere")]
