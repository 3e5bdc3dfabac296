"""From the scenario's hypothesis of records to plain numbers, for one year: habits by role, the desk, the judging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError, Place
from cesim.quantities import KeyedSource, Quantity, TimePath
from cesim.run.sampler import Sampler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.scenario.kinds import Part
    from cesim.scenario.model import Scenario
    from cesim.scenario.reporting import Reporting


@dataclass(frozen=True)
class Asked:
    """The hypothesis of one year and lane.

    Attributes
    ----------
    habits
        By ``everyone``, role, and under ``actors`` by name: fields of `cesim.trace.reporting.policy.Policy`.
    desk, judging
        By the names of the scenario.
    """

    habits: Mapping[str, Any]
    desk: Mapping[str, float]
    judging: Mapping[str, float]


def reporting_of(scenario: Scenario) -> Reporting:
    """Return what a scenario says of records; raises `InputError` (``no_reporting``) where it says nothing."""
    if scenario.reporting is not None:
        return scenario.reporting
    loaded = scenario.loaded
    place = Place(loaded.tree.place.file) if loaded is not None else Place(model="reporting")
    raise InputError([Fault("no_reporting", place, {"missing": "reporting"})])


def asked_of(scenario: Scenario, year: int, seed: int = 0, lane: int = 0, sampler: Sampler | None = None) -> Asked:
    """Return the numbers of a year.

    Parameters
    ----------
    lane
        0 is the best estimate; others are drawn.
    sampler
        Of one lane, in place of one by seed and lane.

    Raises
    ------
    InputError
        ``no_reporting``
    """
    held = reporting_of(scenario)
    drawn = (sampler or Sampler(KeyedSource(seed), lane, 1)).under("reporting")

    def number(name: str, told: object) -> Any:
        if isinstance(told, Quantity):
            return float(drawn.value(name, told)[0])
        if isinstance(told, TimePath):
            return float(drawn.path(name, told, [year])[0, 0])
        return told

    def numbers(name: str, part: Part) -> dict[str, Any]:
        told = {field: getattr(part, field) for field in type(part).model_fields}
        return {field: number(f"{name}.{field}", one) for field, one in told.items() if one is not None}

    habits: dict[str, Any] = {"everyone": numbers("everyone", held.everyone)}
    habits |= {role: numbers(f"roles.{role}", part) for role, part in held.roles.items()}
    habits["actors"] = {name: numbers(f"actors.{name}", part) for name, part in held.actors.items()}
    return Asked(habits, numbers("desk", held.desk), numbers("judging", held.judging))
