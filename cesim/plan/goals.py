"""The targets that a plan is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError
from cesim.run.goals import goals_named, goals_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.run.goals import Goal
    from cesim.scenario.model import Scenario

MAIN = ("h1_horizontal_rate_6xxx", "recycled_plastics_sustainable")
"""Indicators whose targets a plan is held to where nobody names one: metal and plastics that become cars again."""


def goals_asked(scenario: Scenario, asked: Iterable[str] | None) -> tuple[Goal, ...]:
    """Return the targets that somebody names, as `goals_named`; where nobody names any, `main_goals`."""
    return goals_named(scenario, asked) if asked else main_goals(scenario)


def main_goals(scenario: Scenario) -> tuple[Goal, ...]:
    """Return the targets a plan is held to unless others are named: the earliest from 2035 on of each main indicator.

    Raises
    ------
    InputError
        where the scenario has none of them: a target has to be named
    """
    known = sorted(goals_of(scenario).values(), key=lambda goal: goal.year)
    out = []
    for indicator in MAIN:
        own = [goal for goal in known if goal.indicator == indicator]
        later = [goal for goal in own if goal.year >= 2035]
        out += later[:1] or own[-1:]
    if not out:
        raise InputError([Fault("plan_name_target", arguments={"allowed": tuple(goals_of(scenario))})])
    return tuple(out)
