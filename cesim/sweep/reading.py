"""From what a reader wrote to a study: a file, or the name of a scenario with options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cesim.errors import Fault, InputError, Place
from cesim.scenario import Branch, branch, load
from cesim.scenario.inheritance import gather
from cesim.scenario.load import named
from cesim.scenario.model import Scenario
from cesim.scenario.overrides import apply, planted
from cesim.scenario.resolved import fingerprint, resolved_text
from cesim.scenario.shelves import ENDINGS
from cesim.scenario.source import read
from cesim.scenario.tree import Entry
from cesim.scenario.validate import validate
from cesim.sweep.designing import TABLE
from cesim.sweep.store.whole import LOCK
from cesim.sweep.study import Study

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
        """What a point is: the study without what may change while it goes on.

        It is taken of what the study means: an entry that says what holds anyhow changes nothing.
        """
        entries = {key: entry for key, entry in self.study.model_dump().items() if key not in FREE}
        entries["design"]["samples"] = 1
        if self.study.design.file is not None:  # a table counts by its numbers
            entries["design"]["file"] = TABLE
        return fingerprint(planted(entries, Place()))


def study_in(path: Path) -> Branch | None:
    """Return what a file says that has entries of a study, of itself or by what it extends; of others nothing."""
    if path.suffix.lower() not in ENDINGS or not path.is_file():
        return None
    own = read(path).branch
    if own is None or "extends" not in own.entries:
        return own if own is not None and _is_study(own) else None
    whole = gather(path).branch
    return whole if whole is not None and _is_study(whole) else None


def _is_study(found: Branch) -> bool:
    """Whether a file names scenarios, or forgot to: most of its entries are those of a study."""
    both = set(Study.model_fields) & set(Scenario.model_fields)
    named = set(found.entries) - both
    return "scenarios" in named or len(named & set(Study.model_fields)) > len(named & set(Scenario.model_fields))


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
    if (path / LOCK).is_file():
        raise InputError(
            [Fault("sweep_folder_as_study", Place(file), {"found": file, "study": str(path / "study.yaml")})]
        )
    if (own := study_in(path)) is not None:
        loaded = load(path, Study, _added(own, options))
        return StudyRead(loaded.scenario, loaded.tree, path.parent, path.stem)
    there = named(file)
    told = file if there != Path(file) else str(there.resolve())
    nothing = branch({}, Place(file))
    tree, faults = apply(nothing, {"scenarios": [told], **_added(nothing, options)})
    if faults:
        raise InputError(faults)
    return StudyRead(validate(tree, Study), tree, Path(), there.stem)


def _added(own: Branch, options: Mapping[str, object]) -> dict[str, object]:
    """Lay levers of the options over those of the file, one by one: each stays where it was written."""
    out = dict(options)
    for part in ("levers", "sampled"):
        held = own.entries.get(part)
        given = out.pop(part, None)
        if not isinstance(given, Mapping) or (held is not None and not isinstance(held.value, Branch)):
            continue  # what stands in the file is refused there
        stands = dict(held.value.entries) if held is not None and isinstance(held.value, Branch) else {}
        for path, value in given.items():
            place = Place(path=path)
            stands[path] = Entry(path, place, planted(value, place))
        out[part] = branch(stands, Place(path=part) if held is None else held.place)
    return out
