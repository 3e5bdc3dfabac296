"""A choice of measures written back as a scenario file that a bureau opens, changes and runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cesim.scenario import open_scenario
from cesim.scenario.effects import decided
from cesim.scenario.load import named
from cesim.scenario.shelves import ENDINGS, shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.plan.backcast import Choice
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario


def plan_text(
    loaded: Loaded[Scenario], file: str, choice: Choice, overrides: Mapping[str, object], name: Mapping[str, str]
) -> str:
    """Return the text of a scenario that has adopted a choice.

    Parameters
    ----------
    loaded
        the scenario that was asked about
    file
        as it was named: a path or a bare name
    choice
        measure -> how it is carried out
    overrides
        what was set beside the file; with any, or for a workbook, the text stands alone and extends nothing
    name
        of the new scenario, by language
    """
    path = named(file)
    if overrides or path.suffix.lower() not in ENDINGS:
        changed = _changed(loaded, choice)
        told = {f"plan.measures.{key}.{what}": value for key, own in changed.items() for what, value in own.items()}
        return open_scenario(
            path, {**overrides, "plan.adopted": list(choice), **told, "name": dict(name)}
        ).resolved_text
    there = shipped(file)
    bare = there is not None and there.resolve() == path.resolve()
    plan: dict[str, Any] = {"adopted": _in_order(loaded, choice)}
    if changed := _changed(loaded, choice):
        plan["measures"] = changed
    return _yaml({"name": dict(name), "extends": file if bare else str(path.resolve()), "plan": plan})


def _in_order(loaded: Loaded[Scenario], choice: Choice) -> list[str]:
    """Measures in the order of the catalogue."""
    assert loaded.scenario.unsteered.plan is not None
    return [name for name in loaded.scenario.unsteered.plan.measures if name in choice]


def _changed(loaded: Loaded[Scenario], choice: Choice) -> dict[str, dict[str, float | int]]:
    """Level and start of the measures that are carried out otherwise than they are written."""
    plan = loaded.scenario.unsteered.plan
    assert plan is not None
    out: dict[str, dict[str, float | int]] = {}
    for name in _in_order(loaded, choice):
        old, new = plan.measures[name], decided(plan, choice).measures[name]
        own: dict[str, float | int] = {}
        if new.level.value != old.level.value:
            own["level"] = new.level.value
        if new.start != old.start:
            own["start"] = new.start
        if own:
            out[name] = own
    return out


def _yaml(held: Mapping[str, Any], depth: int = 0) -> str:
    """Write text, numbers, lists of names and maps; text in quotes, so that nothing in it is read as something else."""
    lines, margin = [], "  " * depth
    for key, value in held.items():
        if isinstance(value, dict):
            lines.append(f"{margin}{key}:\n{_yaml(value, depth + 1)}")
        elif isinstance(value, list):
            items = "".join(f"\n{margin}  - {json.dumps(item, ensure_ascii=False)}" for item in value)
            lines.append(f"{margin}{key}:{items or ' []'}\n")
        else:
            lines.append(f"{margin}{key}: {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)
