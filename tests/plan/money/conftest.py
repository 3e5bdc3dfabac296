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


FILE = """
cesim: 1
extends: tutorial
name: {ja: 試し, en: trial}
years: {start: 2024, end: 2028}
report: {years: [2026, 2028]}
targets:
  first:
    {name: {ja: 一, en: one}, indicator: h1_horizontal_rate_6xxx, year: 2028, value: {value: 0.02, status: given},
     unit: share, legal: false, scope: focus}
  ghg:
    {name: {ja: 二, en: two}, indicator: ghg, year: 2028, value: {value: 1, status: given}, unit: t CO2e,
     direction: at_most, legal: false, scope: japan}
  late:
    {name: {ja: 三, en: three}, indicator: ghg, year: 2040, value: {value: 1, status: given}, unit: t CO2e,
     legal: false, scope: japan}
plan:
  base_year: 2025
  until: 2040
  discount: {value: 0.04, low: 0.02, high: 0.06, status: estimate}
  adopted: [hoods, line, bumpers, pool]
  measures:
    hoods:
      name: {ja: ボンネット, en: hoods}
      pillar: chain
      horizon: short
      material: aluminium
      actor: dismantlers
      start: 2026
      changes:
        taken: {path: parts.hood.taken, how: fill, amount: 0.5}
        known: {path: dismantling.identified, how: fill, amount: 0.6}
        used: {path: remelting.alloys.6016.approved, how: fill, amount: 0.5}
      investment: {value: 2.0e9, low: 1.0e9, high: 4.0e9, unit: JPY, status: estimate}
      subsidy: {rate: 0.5}
      jobs: 40
      minutes: 6
      published: false
    line:
      name: {ja: 選別, en: line}
      pillar: chain
      horizon: short
      material: aluminium
      actor: sorters
      start: 2027
      ramp: {years: 2}
      changes: {share: {path: sorting.share, how: set, amount: {value: 0.5, low: 0.3, high: 0.7, status: estimate}}}
      investment: {value: 3.0e9, low: 2.0e9, high: 4.5e9, unit: JPY, status: estimate}
      life: 10
      running: {value: 4.0e8, low: 2.0e8, high: 8.0e8, unit: JPY/year, status: estimate}
      published: false
    bumpers:
      name: {ja: バンパー, en: bumpers}
      pillar: chain
      horizon: short
      material: plastics
      actor: dismantlers
      start: 2026
      changes:
        taken: {path: parts.bumpers.taken, how: fill, amount: 0.5}
        fee: {path: dismantling.incentive, how: add, amount: 20}
      running: 1.0e8
      published: false
    pool:
      name: {ja: 輸送, en: pool}
      pillar: chain
      horizon: short
      material: vehicles
      actor: platforms
      start: 2026
      running: 6.0e7
      published: false
"""


@pytest.fixture(scope="session")
def trial(tmp_path_factory):
    from cesim.scenario import open_scenario

    file = tmp_path_factory.mktemp("plan") / "trial.yaml"
    file.write_text(FILE, encoding="utf-8")
    return open_scenario(file)


@pytest.fixture(scope="session")
def held_ready(trial):
    from cesim.run import prepare

    with prepare(trial, draws=30, seed=3, workers=1) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def evaluated(held_ready):
    from cesim.plan.money import evaluation

    return evaluation(held_ready)
