"""Checks of what measures change: a value that may change by year, an amount it bears, no two that claim one value."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from cesim.quantities import Quantity, TimePath
from cesim.quantities.steered import SteeredPath
from cesim.scenario.effects import at, effect_of, effects_by_path, target_of
from cesim.scenario.fields import keys_of, written_names
from cesim.scenario.refusal import ModelFault, ModelFaults, raise_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan, Measure

OUTSIDE = ("plan", "targets", "report", "years", "name", "summary", "variants", "cesim")
"""Parts of a scenario that no measure changes."""


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
            keys = keys_of(change.path)
            held = at(scenario, keys)
            if isinstance(held, TimePath) and keys[0] not in OUTSIDE:
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
    return list(_wrong_way(target_of(type(scenario), change.path).kind, change.how, (*here[:-1], "how")))


def _wrong_way(kind: str, how: str, here: tuple[str, ...]) -> Iterator[ModelFault]:
    """Shares are filled and not added to; what is no share cannot be filled."""
    if kind == "share" and how == "add":
        yield ModelFault("share_added_to", here, {"found": how, "allowed": ("set", "scale", "fill")})
    if kind != "share" and how == "fill":
        yield ModelFault("no_share_to_fill", here, {"found": how, "allowed": ("set", "scale", "add")})


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
    for path, effects in effects_by_path(scenario, scenario.plan).items():
        most = target_of(type(scenario), path).most
        if most is None or all(effect.how in ("set", "fill") for effect in effects):
            continue
        held = at(scenario, keys_of(path))
        path_top = TimePath({year: _top(knot) for year, knot in held.knots.items()})
        reached = SteeredPath.of(path_top, [replace(one, amount=_top(one.amount)) for one in effects]).best(years).max()
        if reached > most:
            told = {"found": f"{reached:.6g}", "allowed": f"<= {most:.6g}", "path": path}
            yield ModelFault("measure_leaves_bounds", keys_of(effects[-1].stream), told)


def _top(quantity: Quantity) -> Quantity:
    """The upper end of a quantity, certain."""
    high = quantity.value if quantity.high is None else quantity.high
    return Quantity(high, kind=quantity.kind, unit=quantity.unit, status="given")
