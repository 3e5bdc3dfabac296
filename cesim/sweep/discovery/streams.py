"""Every number of a scenario that may be drawn, under the name of its stream: what a factor of a study moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from cesim.quantities import Quantity, TimePath
from cesim.quantities.steered import SteeredPath
from cesim.scenario.fields import written_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.scenario.model import Scenario

SIMPLEXES: Final = ("content.split", "sorting.family", "sorting.inside_6xxx")
"""Mappings whose entries are shares that are drawn together and add to one."""
_AMOUNTS: Final = ("plan", "measures")


@dataclass(frozen=True)
class Drawn:
    """What one stream moves, or for shares that add to one, what several move together."""

    path: tuple[str, ...]
    """Where it is written in a scenario; joined by dots the name of its stream."""
    held: Quantity | TimePath | Mapping[str, Quantity]

    @property
    def name(self) -> str:
        """The name of its stream, or where its streams stand."""
        return ".".join(self.path)

    @property
    def streams(self) -> tuple[str, ...]:
        """The names of all its streams; of a path whose luck wanders the name that they begin with."""
        if isinstance(self.held, Mapping):
            return tuple(f"{self.name}.{key}" for key in self.held)
        return (self.name,)

    @property
    def is_certain(self) -> bool:
        """Whether there is nothing to draw."""
        if isinstance(self.held, Mapping):
            return all(share.is_certain for share in self.held.values())
        return self.held.is_certain


def drawn(scenario: Scenario) -> Iterator[Drawn]:
    """Yield every uncertain number, path and simplex of a scenario; amounts of measures where they are in effect."""
    for one in _inside(scenario, ()):
        if not one.is_certain:
            yield one


def _inside(held: object, path: tuple[str, ...]) -> Iterator[Drawn]:
    if isinstance(held, Quantity):
        if not _is_amount(path):  # these are drawn as the path has them that they bend
            yield Drawn(path, held)
    elif isinstance(held, TimePath):
        yield from _path(held, path)
    elif isinstance(held, BaseModel):
        for key, field in written_names(type(held)).items():
            yield from _inside(getattr(held, field), (*path, key))
    elif isinstance(held, Mapping):
        if ".".join(path[:-1]) in SIMPLEXES:
            yield Drawn(path, held)
            return
        for key, value in held.items():
            yield from _inside(value, (*path, str(key)))


def _path(held: TimePath, path: tuple[str, ...]) -> Iterator[Drawn]:
    if isinstance(held, SteeredPath):
        for effect in held.effects:
            yield Drawn(tuple(effect.stream.split(".")), effect.amount)
    yield Drawn(path, TimePath(held.knots, held.correlation, held.rho))


def _is_amount(path: tuple[str, ...]) -> bool:
    return path[:2] == _AMOUNTS and path[3:4] == ("changes",)
