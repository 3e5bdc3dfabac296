"""Which measures are paid for: those chosen that have what they need."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.plan.futures import plan_of
from cesim.scenario.effects import AS_WRITTEN, decided, in_effect, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.scenario.effects import Decision
    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan

_HERE = Place(model="plan.adopted")


def chosen_plan(scenario: Scenario, choice: Mapping[str, Decision] | None) -> tuple[ActionPlan, tuple[str, ...]]:
    """Return the plan as it is carried out, and the names of the measures in effect in it, in their order.

    Parameters
    ----------
    choice
        measure -> how it is carried out; None for those the scenario has adopted

    Raises
    ------
    InputError
        for a scenario without plan, a measure it does not know, measures that exclude each other, a level that is no
        share, a start that is not after the first year of the balance
    """
    plan = plan_of(scenario.unsteered if choice is not None else scenario)
    picked = dict.fromkeys(plan.adopted, AS_WRITTEN) if choice is None else dict(choice)
    if faults := list(_faults(scenario, plan, picked)):
        raise InputError(faults)
    carried = decided(plan, picked)
    return carried, tuple(in_turn(carried, carried.active(carried.adopted)))


def with_measures(scenario: Scenario, choice: Mapping[str, Decision] | None) -> Scenario:
    """Return a scenario with the measures chosen in effect; None for those adopted, as they are carried out in it."""
    if choice is None and scenario.unsteered is not scenario:
        return scenario
    return in_effect(scenario, choice)


def _faults(scenario: Scenario, plan: ActionPlan, picked: Mapping[str, Decision]) -> Iterator[Fault]:
    known = tuple(plan.measures)
    for name in picked:
        if name not in plan.measures:
            told = {"found": str(name), "allowed": known, "nearest": get_close_matches(str(name), known, 1)}
            yield Fault("unknown_name", _HERE, told)
    for name, decision in picked.items():
        here = Place(model=f"plan.measures.{name}")
        if decision.level is not None and not 0.0 <= decision.level <= 1.0:
            yield Fault("share_out_of_range", here, {"found": decision.level, "allowed": (0.0, 1.0)})
        if decision.start is not None and decision.start <= scenario.years.start:
            told = {"found": f"start: {decision.start}", "allowed": f"> {scenario.years.start}"}
            yield Fault("years_out_of_order", here, told)
    held = [name for name in picked if name in plan.measures]
    for at, name in enumerate(held):
        rivals = plan.rivals(name)
        for other in held[:at]:
            if other in rivals:
                yield Fault("rivals_adopted", _HERE, {"found": name, "other": other})
