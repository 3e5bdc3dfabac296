"""From what a reader wrote to a study: a file, or the name of a scenario with options."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import InputError, Place
from cesim.scenario import branch, load, plain
from cesim.scenario.load import named
from cesim.scenario.overrides import apply
from cesim.scenario.resolved import fingerprint, resolved_text
from cesim.scenario.shelves import ENDINGS
from cesim.scenario.source import read
from cesim.scenario.validate import validate
from cesim.sweep.designing import TABLE
from cesim.sweep.study import Study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.scenario import Branch

FREE = ("design.samples", "stop", "name", "limit_s", "scenarios")
"""Entries that may change while a study goes on: they decide how many points there are, not what a point is. A run
that was given up may be given more time. Scenarios count by what they say, not by where they lie: see the lock."""


@dataclass(frozen=True)
class StudyRead:
    """A study with what it was read from.

    Attributes
    ----------
    beside
        folder in which its scenarios are looked up first
    name
        of its file, or of the scenario
    """

    study: Study
    tree: Branch
    beside: Path
    name: str

    @property
    def text(self) -> str:
        """The study as one file."""
        return resolved_text(self.tree)

    @property
    def hash(self) -> str:
        """What a point is: the study without what may change while it goes on."""
        entries = {key: entry for key, entry in self.tree.entries.items() if key not in FREE}
        same: dict[str, object] = {"design.samples": 1}
        if self.study.design.file is not None:  # a table counts by its numbers
            same["design.file"] = TABLE
        held, _ = apply(branch(entries, self.tree.place), same)
        return fingerprint(held)


def study_in(path: Path) -> Branch | None:
    """Return what a file says that names scenarios, as a study does and a scenario does not; of others nothing."""
    if path.suffix.lower() not in ENDINGS or not path.is_file():
        return None
    found = read(path).branch
    return found if found is not None and "scenarios" in found.entries else None


def read_study(file: str, options: Mapping[str, object]) -> StudyRead:
    """Return the study of a file, or of a scenario, with options laid over it.

    Parameters
    ----------
    options
        dotted path of the study -> value; `levers` and `sampled` are added to those of the file

    Raises
    ------
    InputError
        with every fault at its line, or at its option
    """
    path = Path(file)
    if (own := study_in(path)) is not None:
        loaded = load(path, Study, _added(own, options))
        return StudyRead(loaded.scenario, loaded.tree, path.parent, path.stem)
    there = named(file)
    told = file if there != Path(file) else str(there.resolve())
    tree, faults = apply(branch({}, Place(file)), {"scenarios": [told], **options})
    if faults:
        raise InputError(faults)
    return StudyRead(validate(tree, Study), tree, Path(), there.stem)


def _added(own: Branch, options: Mapping[str, object]) -> dict[str, object]:
    """Lay levers of the options over those of the file, one by one."""
    out = dict(options)
    for part in ("levers", "sampled"):
        held = own.entries.get(part)
        stands = plain(held.value) if held is not None else None
        if part in out and isinstance(stands, dict):
            out[part] = {**stands, **out[part]}  # type: ignore[dict-item]
    return out
