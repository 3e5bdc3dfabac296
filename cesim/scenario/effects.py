"""Measures put into effect: a scenario whose values are bent by what its plan does.

The scenario keeps what was written (`Scenario.unsteered`); the balance and the lots read the bent paths and know
nothing of measures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from cesim.quantities import Quantity, TimePath
from cesim.quantities.steered import Effect, SteeredPath
from cesim.scenario.amounts import amount_for
from cesim.scenario.fields import written_names
from cesim.scenario.levers import value_of
from cesim.scenario.refusal import ModelFault, ModelFaults, raise_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan, Change, Measure
    from cesim.scenario.values import ValueOf

OUTSIDE = ("plan", "targets", "report", "years", "name", "summary", "variants", "cesim")
"""Parts of a scenario that no measure changes."""


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
    for path, effects in _effects(written, carried).items():
        parts = tuple(path.split("."))
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


def _effects(scenario: Scenario, plan: ActionPlan) -> dict[str, list[Effect]]:
    """Effects by path; of those that set one path, what builds on another comes after it."""
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
    amount = amount_for(change.how, change.amount, _target(type(scenario), tuple(change.path.split("."))))
    stream = f"plan.measures.{name}.changes.{label}.amount"
    ramp = measure.ramp
    return Effect(change.how, amount, stream, measure.start, ramp.years, ramp.shape, measure.level.value)


@cache
def _target(model: type[BaseModel], parts: tuple[str, ...]) -> ValueOf:
    """Return the declared kind and unit of a path."""
    found = value_of(model, parts)
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


def steerable(scenario: Scenario) -> Iterator[str]:
    """Yield the path of every value that a measure may change: those that may change by year."""
    for name in written_names(type(scenario)):
        if name not in OUTSIDE:
            yield from _paths(at(scenario, (name,)), (name,))


def _paths(held: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(held, TimePath):
        yield ".".join(path)
    elif isinstance(held, BaseModel):
        for key, field in written_names(type(held)).items():
            yield from _paths(getattr(held, field), (*path, key))
    elif isinstance(held, dict):
        for key, value in held.items():
            yield from _paths(value, (*path, str(key)))


def check_effects(scenario: Scenario) -> None:
    """Every change leads to a value that may change by year, by an amount that it bears, and no two claim one value."""
    plan = scenario.plan
    if plan is None:
        return
    faults: list[ModelFault] = []
    allowed: tuple[str, ...] = ()
    for name, measure in plan.measures.items():
        faults += _start_faults(scenario, name, measure)
        for label, change in measure.changes.items():
            here = ("plan", "measures", name, "changes", label)
            held = at(scenario, change.path.split("."))
            if isinstance(held, TimePath) and change.path.split(".")[0] not in OUTSIDE:
                faults += _amount_faults(scenario, name, label)
                continue
            allowed = allowed or tuple(steerable(scenario))
            code = "measure_path_constant" if isinstance(held, Quantity) else "measure_path_unknown"
            told = {"found": change.path, "nearest": get_close_matches(change.path, allowed, 1), "allowed": allowed}
            faults.append(ModelFault(code, (*here, "path"), told))
    faults += _collisions(plan)
    raise_all(faults)
    raise_all(_out_of_bounds(scenario))


def _start_faults(scenario: Scenario, name: str, measure: Measure) -> Iterator[ModelFault]:
    """A measure starts after the first year of the balance, so that there is something to start from."""
    first = scenario.years.start
    if measure.start <= first:
        told = {"found": f"start: {measure.start}", "allowed": f"> {first}"}
        yield ModelFault("years_out_of_order", ("plan", "measures", name, "start"), told, [("years", "start")])


def _amount_faults(scenario: Scenario, name: str, label: str) -> list[ModelFault]:
    assert scenario.plan is not None
    measure = scenario.plan.measures[name]
    change, here = measure.changes[label], ("plan", "measures", name, "changes", label, "amount")
    try:
        effect_of(scenario, name, measure, label, change)
    except ModelFault as fault:
        return [fault.below(here)]
    except ModelFaults as several:
        return [fault.below(here) for fault in several.faults]
    return list(_wrong_way(_target(type(scenario), _parts(change)).kind, change.how, (*here[:-1], "how")))


def _wrong_way(kind: str, how: str, here: tuple[str, ...]) -> Iterator[ModelFault]:
    """Shares are filled and not added to; what is no share cannot be filled."""
    if kind == "share" and how == "add":
        yield ModelFault("share_added_to", here, {"found": how, "allowed": ("set", "scale", "fill")})
    if kind != "share" and how == "fill":
        yield ModelFault("no_share_to_fill", here, {"found": how, "allowed": ("set", "scale", "add")})


def _parts(change: Change) -> tuple[str, ...]:
    return tuple(change.path.split("."))


def _collisions(plan: ActionPlan) -> Iterator[ModelFault]:
    """Two measures that set one value must be rivals, or one must build on the other."""
    setters: dict[str, list[tuple[str, str]]] = {}
    for name, measure in plan.measures.items():
        for label, change in measure.changes.items():
            if change.how != "set":
                continue
            for other, their in setters.setdefault(change.path, []):
                ordered = other in plan.builds_on(name) or name in plan.builds_on(other) or other in plan.rivals(name)
                if other == name or not ordered:
                    told = {"found": name, "other": other, "path": change.path}
                    because = [("plan", "measures", other, "changes", their, "path")]
                    yield ModelFault(
                        "measures_collide", ("plan", "measures", name, "changes", label, "path"), told, because
                    )
            setters[change.path].append((name, label))


def _out_of_bounds(scenario: Scenario) -> Iterator[ModelFault]:
    """A value that measures multiply or add to stays below the most it may be, in every combination adopted."""
    assert scenario.plan is not None
    years = range(scenario.years.start, scenario.years.end + 1)
    for path, effects in _effects(scenario, scenario.plan).items():
        most = _target(type(scenario), tuple(path.split("."))).most
        if most is None or all(effect.how in ("set", "fill") for effect in effects):
            continue
        held = at(scenario, path.split("."))
        path_top = TimePath({year: _top(knot) for year, knot in held.knots.items()})
        reached = SteeredPath.of(path_top, [replace(one, amount=_top(one.amount)) for one in effects]).best(years).max()
        if reached > most:
            told = {"found": f"{reached:.6g}", "allowed": f"<= {most:.6g}", "path": path}
            yield ModelFault("measure_leaves_bounds", tuple(effects[-1].stream.split(".")), told)


def _top(quantity: Quantity) -> Quantity:
    """The upper end of a quantity, certain."""
    high = quantity.value if quantity.high is None else quantity.high
    return Quantity(high, kind=quantity.kind, unit=quantity.unit, status="given")


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
