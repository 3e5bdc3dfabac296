"""Measures put into effect: a scenario whose values are bent by what its plan does.

The scenario keeps what was written (`Scenario.unsteered`); the balance and the lots read the bent paths and know
nothing of measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from cesim.quantities import Quantity, TimePath
from cesim.quantities.steered import Effect, SteeredPath
from cesim.scenario.amounts import amount_for
from cesim.scenario.fields import keys_of, written_names
from cesim.scenario.levers import value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan, Change, Measure
    from cesim.scenario.values import ValueOf


@dataclass(frozen=True)
class Decision:
    """How a measure is carried out: which share of it, and from which year; None as the measure says."""

    level: float | None = None
    start: int | None = None


AS_WRITTEN = Decision()


def in_effect(scenario: Scenario, choice: Mapping[str, Decision] | None = None) -> Scenario:
    """Return a scenario with measures in effect.

    Parameters
    ----------
    scenario
        any scenario with a plan; measures already in effect in it do not count
    choice
        measure -> how it is carried out, in place of those adopted; those without what they need wait

    Returns
    -------
    Scenario
        its plan tells what was chosen; `unsteered` is the scenario as it was written
    """
    written = scenario.unsteered
    plan = written.plan
    if plan is None:
        return written
    chosen = dict.fromkeys(plan.adopted, AS_WRITTEN) if choice is None else dict(choice)
    carried = decided(plan, chosen)
    bent: BaseModel = written
    for path, effects in effects_by_path(written, carried).items():
        parts = keys_of(path)
        held = at(written, parts)
        assert isinstance(held, TimePath)
        bent = _with(bent, parts, SteeredPath.of(held, effects))
    out = bent.model_copy(update={"plan": carried})
    out.__pydantic_private__ = {**(written.__pydantic_private__ or {}), "_unsteered": written}
    return out  # type: ignore[return-value]


def decided(plan: ActionPlan, choice: Mapping[str, Decision]) -> ActionPlan:
    """Return a plan that has adopted what is chosen, at the levels and from the years chosen."""
    measures = dict(plan.measures)
    for name, decision in choice.items():
        measure = measures[name]
        new: dict[str, object] = {}
        if decision.level is not None and decision.level != measure.level.value:
            new["level"] = Quantity(decision.level, kind="share", unit="share", status="given")
        if decision.start is not None and decision.start != measure.start:
            new["start"] = decision.start
        if new:
            measures[name] = measure.model_copy(update=new)
    same = tuple(choice) == plan.adopted and all(measures[name] is plan.measures[name] for name in choice)
    return plan if same else plan.model_copy(update={"adopted": tuple(choice), "measures": measures})


def effects_by_path(scenario: Scenario, plan: ActionPlan) -> dict[str, list[Effect]]:
    """Return effects by path; of those that set one path, what builds on another comes after it."""
    active = plan.active(plan.adopted)
    out: dict[str, list[Effect]] = {}
    for name in in_turn(plan, active):
        measure = plan.measures[name]
        for label, change in measure.changes.items():
            out.setdefault(change.path, []).append(effect_of(scenario, name, measure, label, change))
    return out


def in_turn(plan: ActionPlan, names: Iterable[str]) -> list[str]:
    """Return measures in an order in which each comes after all it builds on; by name where nothing else decides."""
    return sorted(names, key=lambda name: (len(plan.builds_on(name)), name))


def effect_of(scenario: Scenario, name: str, measure: Measure, label: str, change: Change) -> Effect:
    """Return what a change does, its amount in kind and unit of its value; raises `ModelFault` where it cannot."""
    amount = amount_for(change.how, change.amount, target_of(type(scenario), change.path))
    stream = f"plan.measures.{name}.changes.{label}.amount"
    ramp = measure.ramp
    return Effect(change.how, amount, stream, measure.start, ramp.years, ramp.shape, measure.level.value)


@cache
def target_of(model: type[BaseModel], path: str) -> ValueOf:
    """Return the declared kind and unit of a path."""
    found = value_of(model, keys_of(path))
    assert found is not None
    return found


def at(part: Any, parts: Iterable[str]) -> Any:
    """Return what stands at a path of the model; None where it leads nowhere."""
    for name in parts:
        if isinstance(part, BaseModel):
            field = written_names(type(part)).get(name)
            part = getattr(part, field) if field is not None else None
        elif isinstance(part, dict):
            part = part.get(name)
        else:
            return None
    return part


def _with(part: Any, parts: tuple[str, ...], value: object) -> Any:
    """Return a copy of a part with another value at a path; all else is shared."""
    if not parts:
        return value
    head, rest = parts[0], parts[1:]
    if isinstance(part, dict):
        return {**part, head: _with(part[head], rest, value)}
    field = written_names(type(part))[head]
    return part.model_copy(update={field: _with(getattr(part, field), rest, value)})


def amounts_in_effect(scenario: Scenario) -> frozenset[str]:
    """Paths of the amounts that bend values of a scenario: the names of their streams."""
    plan = scenario.plan
    if plan is None:
        return frozenset()
    return frozenset(
        f"plan.measures.{name}.changes.{label}.amount"
        for name in plan.active(plan.adopted)
        for label in plan.measures[name].changes
    )
