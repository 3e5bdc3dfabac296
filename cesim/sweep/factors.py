"""What varies: the numbers of the scenarios whose ranges a study lets vary, each with the streams that draw it.

Which streams there are is not written down anywhere: the scenarios are compiled once with a sampler that listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError
from cesim.quantities import KeyedSource
from cesim.quantities.steered import SteeredPath
from cesim.run.compile import compile_block
from cesim.run.compile_facilities import compile_facilities
from cesim.run.sampler import Sampler, numbers
from cesim.run.trace.reporting import asked_of
from cesim.sweep.alternatives import choices_of
from cesim.sweep.recipes import lots_years
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.quantities import Quantity, TimePath
    from cesim.run.sampler import Floats
    from cesim.scenario.model import Scenario
    from cesim.sweep.alternatives import Alternative
    from cesim.sweep.study import Study


@dataclass(frozen=True)
class Factor:
    """A number that varies, or shares that vary together.

    Attributes
    ----------
    name
        its path in the scenario
    streams
        what draws it, one column of a design each; none for a number that wanders from year to year
    """

    name: str
    streams: tuple[str, ...]


class Listening(Sampler):
    """A sampler that notes what it is asked to draw."""

    def __init__(self, noted: dict[str, Factor], at: str = "") -> None:
        super().__init__(KeyedSource(0), 1, 1, at)
        self._noted = noted

    def under(self, part: str) -> Sampler:
        """Return a sampler for a part of the scenario that notes in the same place."""
        return Listening(self._noted, f"{self._at}{part}.")

    def value(self, name: str, quantity: Quantity) -> Floats:
        """Note a number."""
        if not quantity.is_certain:
            self._note(self._at + name)
        return super().value(name, quantity)

    def path(self, name: str, path: TimePath, years: Iterable[int]) -> Floats:
        """Note a path, and what each measure on it adds."""
        own = path.unsteered if isinstance(path, SteeredPath) else path
        if not own.is_certain:
            self._note(self._at + name, () if own.correlation == "ar1" else None)
        for effect in path.effects if isinstance(path, SteeredPath) else ():
            if not effect.amount.is_certain:
                self._note(effect.stream)
        return super().path(name, path, years)

    def simplex(self, name: str, shares: Mapping[str, Quantity]) -> dict[str, Floats]:
        """Note shares that add to one: they are one factor."""
        if any(not share.is_certain for share in shares.values()) and sum(q.value > 0 for q in shares.values()) > 1:
            self._note(self._at + name, tuple(f"{self._at}{name}.{key}" for key in shares))
        return super().simplex(name, shares)

    def _note(self, name: str, streams: tuple[str, ...] | None = None) -> None:
        self._noted[name] = Factor(name, (name,) if streams is None else streams)


def uncertain(scenario: Scenario, simulated: Sequence[int] = (), is_traced: bool = False) -> dict[str, Factor]:
    """Return everything that a balance of a scenario draws, by name, in the order in which it is drawn.

    Of years that are simulated lot by lot, what works draw comes after it, then what records draw; raises `InputError`
    (``no_facilities``, ``no_reporting``).
    """
    noted: dict[str, Factor] = {}
    compile_block(scenario, Listening(noted))
    for year in simulated:
        compile_facilities(scenario, Listening(noted), year)
    if simulated and is_traced:
        asked_of(scenario, simulated[-1], sampler=Listening(noted))
    return noted


def factors_of(study: Study, alternatives: Sequence[Alternative]) -> tuple[Factor, ...]:
    """Return what varies, in a fixed order: as drawn, then sampled choices.

    Raises
    ------
    InputError
        for a pattern that matches nothing, and for a lever that is named among what varies
    """
    drawn: dict[str, Factor] = {}
    is_traced = study.lots is not None and study.lots.traced
    for one in alternatives:
        for way in one.ways:
            drawn |= uncertain(way.scenario, lots_years(study, way.scenario), is_traced)
    known = [path for path, _ in numbers(alternatives[0].scenario)]
    faults = [fault for pattern in study.vary for fault in _pattern(pattern, study, known, drawn)]
    faults += [fault for pattern in study.keep for fault in _kept(pattern, study, known, drawn)]
    if faults:
        raise InputError(faults)
    patterns, spans = study.vary, tuple(study.sampled)
    varied = {
        name: factor
        for name, factor in drawn.items()
        if name in spans or (_matches(name, patterns) and not _matches(name, study.keep))
    }
    choices = [Factor(choice.path, (choice.stream,)) for choice in choices_of(study)]
    return (*varied.values(), *choices)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def levers_left_out(study: Study, scenarios: Iterable[Scenario]) -> tuple[Fault, ...]:
    """Return a remark for each lever that a pattern with `*` would let vary, were it not decided.

    Parameters
    ----------
    scenarios
        as they are before any lever is set
    """
    ranged = {path for one in scenarios for path, quantity in numbers(one) if not quantity.is_certain}
    told = []
    for pattern in study.vary:
        for path in study.levers:
            is_meant = pattern != "*" and fnmatchcase(path, pattern) and not _matches(path, study.keep)
            if is_meant and any(name == path or name.startswith(f"{path}.") for name in ranged):
                told.append(Fault("sweep_lever_left_out", arguments={"found": pattern, "lever": path}))
    return tuple(told)


def leaves_levers_out(study: Study) -> bool:
    """Whether a pattern with `*` matches a lever."""
    return any(fnmatchcase(path, pattern) for pattern in study.vary if pattern != "*" for path in study.levers)


def _pattern(pattern: str, study: Study, known: Sequence[str], drawn: Mapping[str, Factor]) -> list[Fault]:
    """Return what is wrong with a pattern of `vary`."""
    if pattern == "*":
        return []
    is_there = any(fnmatchcase(name, pattern) for name in drawn)
    levers = (*study.levers, *study.sampled)
    decided = [path for path in levers if fnmatchcase(path, pattern) and not _matches(path, study.keep)]
    if decided and (pattern in decided or not is_there):
        return [Fault("sweep_lever_varies", arguments={"found": pattern, "lever": path}) for path in decided]
    if is_there:
        wanders = pattern in drawn and not drawn[pattern].streams and study.design.kind != "monte-carlo"
        return [Fault("sweep_wanders", arguments={"found": pattern})] if wanders else []
    if _names_some(pattern, known):
        return [Fault("sweep_vary_certain", arguments={"found": pattern})]
    return [Fault("sweep_vary_unknown", arguments={"found": pattern, "nearest": nearest(pattern, tuple(drawn))})]


def _kept(pattern: str, study: Study, known: Sequence[str], drawn: Mapping[str, Factor]) -> list[Fault]:
    """Return what is wrong with a pattern of `keep`."""
    if _names_some(pattern, (*drawn, *study.levers, *study.sampled, *known)):
        return []
    return [Fault("sweep_keep_unknown", arguments={"found": pattern, "nearest": nearest(pattern, tuple(drawn))})]


def _names_some(pattern: str, known: Iterable[str]) -> bool:
    return any(fnmatchcase(path, pattern) or path.startswith(f"{pattern}.") for path in known)
