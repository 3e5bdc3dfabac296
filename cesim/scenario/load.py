"""One scenario file -> one validated, immutable scenario, or everything that is wrong with it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from pydantic import BaseModel

from cesim.errors import Fault, InputError, Place
from cesim.scenario import shelves
from cesim.scenario.inheritance import gather
from cesim.scenario.overrides import apply
from cesim.scenario.remarks import idle_measures, steered_values, years_after
from cesim.scenario.resolved import fingerprint, resolved_text
from cesim.scenario.validate import validate
from cesim.text import language, message, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.scenario.inheritance import Family
    from cesim.scenario.model import Scenario
    from cesim.scenario.tree import Branch

M = TypeVar("M", bound=BaseModel)

_LACKS: Final = frozenset({"missing_key", "missing_base"})
_TOGETHER: Final = frozenset(
    {
        "missing_name",
        "unknown_name",
        "shares_must_add_to_one",
        "shares_do_not_add_to_one",
        "more_than_whole",
        "no_region_has_any",
        "region_without_place",
        "closes_before_opens",
        "years_out_of_order",
        "year_outside_run",
        "range_missing",
        "status_needs_range",
        "data_row_unclear",
    }
)
"""What several entries do together, some of which may stand where a file could not be read."""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[M]):
    """A scenario with what it was made of."""

    scenario: M
    tree: Branch
    """The resolved tree: every value with the place it comes from."""
    files: tuple[Path, ...]
    """The file itself and everything it extends."""
    remarks: tuple[Fault, ...] = ()
    """What is no fault and yet worth a word."""

    @property
    def resolved_text(self) -> str:
        """The scenario as one file that extends nothing."""
        return resolved_text(self.tree)

    @property
    def hash(self) -> str:
        """The sha256 of what the scenario says, whatever the order of its keys and the files it stood in."""
        return fingerprint(self.tree)


class ScenarioError(InputError):
    """A scenario that is wrong. In a notebook it prints every fault in the language of the reader."""

    def __str__(self) -> str:
        lang = language(None, os.environ)
        told = [f"{fault.place}: {message(fault, lang)}" for fault in self.faults]
        return "\n".join(["", *told])


def load(path: str | Path, model: type[M], overrides: Mapping[str, object] | None = None) -> Loaded[M]:
    """Read a scenario file, everything it extends and the overrides, in this order of priority reversed.

    Parameters
    ----------
    path
        A file, or the bare name of a scenario in the working folder or among those shipped.
    model
        The pydantic model of the scenario.
    overrides
        Dotted path -> value: `{"fleet.export.hazard_scale": 0.8}`.

    Raises
    ------
    ScenarioError
        An `InputError` with every fault of every file, each at its file, line and column.
    """
    try:
        return _load(named(path), model, overrides or {})
    except InputError as error:
        raise ScenarioError(error.faults) from None


def _load(path: Path, model: type[M], overrides: Mapping[str, object]) -> Loaded[M]:
    family = gather(path, model)
    faults = list(family.faults)
    if family.branch is None:
        raise InputError(faults)
    tree, astray = apply(family.branch, overrides)
    faults.extend(astray)
    try:
        scenario = validate(tree, model)
    except InputError as error:
        faults.extend(fault for fault in error.faults if not _may_be_cured(fault, family))
        raise InputError(_said_once(faults)) from None
    if faults:
        raise InputError(faults)
    asked = (tree, scenario, family.files, family.as_base)
    return Loaded(
        scenario, tree, family.files, (*years_after(*asked), *steered_values(*asked), *idle_measures(tree, scenario))
    )


def _may_be_cured(fault: Fault, family: Family) -> bool:
    """Say whether mending the files may mend this as well: what is missing may stand where nothing could be read."""
    return bool(family.faults) and (fault.code in _LACKS or (not family.whole and fault.code in _TOGETHER))


def _said_once(faults: list[Fault]) -> list[Fault]:
    """Leave out that a year is alone where no year may stand at all, and what follows of a number that is none."""
    no_path = {fault.place for fault in faults if fault.code == "path_not_allowed"}
    no_number = {fault.place for fault in faults if fault.code == "not_finite"}
    return [
        fault
        for fault in faults
        if (fault.code != "one_year_over_constant" or fault.place not in no_path)
        and (fault.code == "not_finite" or fault.place not in no_number)
    ]


def of_tree(tree: Branch, model: type[M]) -> M:
    """Return the model that a tree holds; raises `ScenarioError` with every fault at its place."""
    try:
        return validate(tree, model)
    except InputError as error:
        raise ScenarioError(error.faults) from None


def named(path: str | Path) -> Path:
    """Return the file that a path or a bare name means.

    Raises `InputError` where there is none, with the nearest that exists.
    """
    name = str(path)
    if name.strip() and Path(path).exists():
        return Path(path)
    found = shelves.find(name, Path())
    if found is not None:
        return found
    known = shelves.paths(Path(), name) if shelves.is_path(name) else shelves.names(Path())
    arguments = {"found": name, "nearest": nearest(name, known), "allowed": known}
    raise InputError([Fault("no_such_scenario", Place(name), arguments)])


def open_scenario(path: str | Path, overrides: Mapping[str, object] | None = None) -> Loaded[Scenario]:
    """Read a scenario of cesim with what it was made of: its resolved text, hash and files. See `load`."""
    from cesim.scenario.model import Scenario

    loaded = load(path, Scenario, overrides)
    loaded.scenario.remember(loaded)
    return loaded


def load_scenario(path: str | Path, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read a scenario of cesim. See `load`."""
    return open_scenario(path, overrides).scenario
