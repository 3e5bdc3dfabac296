"""What is decided: every scenario of a study under every combination of its levers.

All alternatives are solved in the same futures, so that a difference is due to what was decided alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.scenario import open_scenario
from cesim.scenario.load import named
from cesim.scenario.shelves import find
from cesim.sweep.study import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario
    from cesim.sweep.study import Study

Settings = dict[str, object]
"""Dotted path -> value."""
CHOICE: Final = "choice "
"""How the stream of a sampled choice begins."""
MOST: Final = 10_000
"""Alternatives of a study."""


@dataclass(frozen=True)
class Alternative:
    """One scenario under one combination of levers.

    Attributes
    ----------
    name
        as tables show it
    file
        the scenario, as the study names it
    levers
        what is set
    ways
        the scenario under each combination of sampled choices; one where there are none
    """

    name: str
    file: str
    levers: Settings
    ways: tuple[Loaded[Scenario], ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario; of several ways the first."""
        return self.ways[0].scenario


@dataclass(frozen=True)
class LeverChoice:
    """A lever of which every future takes one value.

    Attributes
    ----------
    path
        of the lever
    values
        what it may be set to
    """

    path: str
    values: tuple[object, ...]

    @property
    def stream(self) -> str:
        """The stream that decides which."""
        return f"{CHOICE}{self.path}"


def choices_of(study: Study) -> tuple[LeverChoice, ...]:
    """Return the sampled levers that take one of several values."""
    sampled = study.sampled.items()
    return tuple(LeverChoice(path, _plain(held)) for path, held in sampled if not isinstance(held, Span))


def alternatives_of(study: Study, beside: Path) -> tuple[Alternative, ...]:
    """Return all alternatives, scenarios first, then the levers in their order.

    Parameters
    ----------
    beside
        folder of the study: its scenarios are looked up there first

    Raises
    ------
    InputError
        with every scenario and every lever that cannot be used
    """
    grid = list(product(*(_plain(values) for values in study.levers.values())))
    if len(grid) * len(study.scenarios) > MOST:
        raise InputError([Fault("sweep_many_alternatives", arguments={"found": len(grid) * len(study.scenarios)})])
    faults: dict[str, Fault] = {}
    made = []
    for file, values in product(study.scenarios, grid):
        levers = dict(zip(study.levers, values, strict=True))
        try:
            made.append(Alternative(_name(file, levers), file, levers, tuple(_ways(study, beside, file, levers))))
        except InputError as error:
            faults |= {str(fault.as_data()): fault for fault in error.faults}
    if faults:
        raise InputError(list(faults.values()))
    _check_alike(made)
    return tuple(made)


def found(file: str, beside: Path) -> Path:
    """Return where a scenario lies that a study names; raises `InputError` where there is none."""
    return find(file, beside) or named(file)


def _ways(study: Study, beside: Path, file: str, levers: Mapping[str, object]) -> Iterator[Loaded[Scenario]]:
    """Read a scenario under each combination of the sampled choices."""
    choices = choices_of(study)
    spans = {path: _uniform(held) for path, held in study.sampled.items() if isinstance(held, Span)}
    for values in product(*(choice.values for choice in choices)):
        chosen = {choice.path: value for choice, value in zip(choices, values, strict=True)}
        where = found(file, beside)
        try:
            yield open_scenario(where, {**spans, **levers, **chosen})
        except InputError as error:
            raise InputError(_at_ends(error, where, study, {**levers, **chosen})) from None


def _at_ends(error: InputError, file: Path, study: Study, settings: Mapping[str, object]) -> list[Fault]:
    """Return the faults, those of a sampled span by the ends that were written: nobody wrote the range made of them."""
    spans = {path: held for path, held in study.sampled.items() if isinstance(held, Span)}
    strange = [path for path in spans if any(fault.place.path == path for fault in error.faults)]
    faults = [fault for fault in error.faults if fault.place.path not in strange]
    for path in strange:
        own: dict[str, Fault] = {}
        for end in (spans[path].low, spans[path].high):
            try:
                open_scenario(file, {**settings, path: int(end) if end.is_integer() else end})
            except InputError as refused:
                own |= {str(fault.as_data()): fault for fault in refused.faults if fault.place.path == path}
        faults += own.values() or [Fault("sweep_sample_no_range", Place(path=path), {"found": path})]
    return faults


def _uniform(span: Span) -> dict[str, object]:
    """Return a number that takes any value of a span alike."""
    middle = 0.5 * (span.low + span.high)
    return {"value": middle, "low": span.low, "high": span.high, "range": "bounds", "dist": "uniform"}


def _plain(values: object) -> tuple[object, ...]:
    assert isinstance(values, tuple)
    return tuple(list(one) if isinstance(one, tuple) else one for one in values)


def _name(file: str, levers: Mapping[str, object]) -> str:
    """Return the name of the scenario and what is set, by the last words of its path that tell it apart."""
    stem = file.replace("\\", "/").rpartition("/")[2]
    for ending in (".yaml", ".yml", ".xlsx"):
        stem = stem.removesuffix(ending)
    told = [f"{short}={_said(levers[path])}" for path, short in _short(list(levers)).items()]
    return ", ".join([stem, *told])


def _short(paths: list[str]) -> dict[str, str]:
    """Return the shortest end of each path that no other shares."""
    out = {}
    for path in paths:
        parts = path.split(".")
        ends = (".".join(parts[-n:]) for n in range(1, len(parts) + 1))
        others = [other for other in paths if other != path]
        out[path] = next((end for end in ends if not any(f".{other}".endswith(f".{end}") for other in others)), path)
    return out


def _said(value: object) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


def _check_alike(made: list[Alternative]) -> None:
    """Refuse two of one name, and scenarios of other regions or years: their results would not stand side by side."""
    names = [one.name for one in made]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults = [Fault("sweep_named_alike", arguments={"found": name}) for name in twice]
    faults += [
        Fault("sweep_not_alike", arguments={"found": one.name, "other": names[0]})
        for one in made
        if any(_frame(way.scenario) != _frame(made[0].scenario) for way in one.ways)
    ]
    if faults:
        raise InputError(faults)


def _frame(scenario: Scenario) -> tuple[object, ...]:
    """What results are laid out by."""
    return scenario.years, tuple(scenario.regions), scenario.report.focus_id, scenario.report.focus
