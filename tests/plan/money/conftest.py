"""A small country with a plan that each test writes for itself."""

from __future__ import annotations

import pytest

from cesim.quantities import Quantity
from cesim.scenario import load_scenario
from cesim.scenario.plan import ActionPlan, Measure

NAME = {"ja": "施策", "en": "measure"}


def certain(value, kind, unit):
    return Quantity(value, kind=kind, unit=unit, status="given")


def ranged(value, low, high, kind, unit):
    return Quantity(value, low, high, kind=kind, unit=unit, status="estimate")


def yen(value, low=None, high=None):
    return certain(value, "positive", "JPY") if low is None else ranged(value, low, high, "positive", "JPY")


def yearly(value, low=None, high=None):
    return certain(value, "positive", "JPY/year") if low is None else ranged(value, low, high, "positive", "JPY/year")


def share(value, low=None, high=None):
    return certain(value, "share", "share") if low is None else ranged(value, low, high, "share", "share")


def years(value):
    return certain(value, "positive", "years")


def measure(**said):
    plain = {"name": NAME, "pillar": "chain", "horizon": "mid", "material": "aluminium", "actor": "sorters"}
    return Measure.model_validate({**plain, "start": 2026, "published": False, **said})


def plan(measures, discount=None, base_year=2025, until=2050, adopted=None):
    return ActionPlan(
        base_year=base_year, until=until, discount=discount or share(0.04), measures=measures,
        adopted=tuple(measures) if adopted is None else adopted,
    )  # fmt: skip


@pytest.fixture(scope="session")
def country():
    return load_scenario("tutorial")


@pytest.fixture(scope="session")
def with_plan(country):
    """Return the country with a plan made of measures."""

    def make(measures, **said):
        return country.model_copy(update={"plan": plan(measures, **said)})

    return make
