"""Verifies a log and says in plain words what that shows: that nothing was changed, never that anything is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, Place
from cesim.text import say
from cesim.trace.integrity.log_reader import LogReader
from cesim.trace.integrity.merkle import merkle_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cesim.text import Language
    from cesim.trace.integrity.roots import PeriodRoot


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked in a log, and what was found."""

    path: str
    actor: str
    checked: Mapping[str, int]
    """How many of each: `lines`, `events`, `anchors`, `roots`, `signatures`, `known_roots`."""
    findings: tuple[Fault, ...]
    """What does not fit, each with its line; empty where nothing was changed."""
    remarks: tuple[Fault, ...]
    """What limits the verdict though nothing is wrong: no signature, a key of a simulation, an open end."""

    @property
    def is_unchanged(self) -> bool:
        """Whether everything that was checked is as it was written. It says nothing about its truth."""
        return not self.findings

    def words(self, lang: Language) -> list[str]:
        """Return the verdict as lines to be read."""
        lines = [say("trace_verify.checked", lang, path=self.path, actor=self.actor or "?", **self.checked)]
        lines.append(say(f"trace_verify.{'unchanged' if self.is_unchanged else 'changed'}", lang))
        if self.is_unchanged:
            lines.append(say("trace_verify.not_true", lang))
        return lines

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return {
            "path": self.path,
            "actor": self.actor,
            "unchanged": self.is_unchanged,
            "says": "unchanged, not true",
            "checked": dict(self.checked),
            "findings": [fault.as_data() for fault in self.findings],
            "remarks": [fault.as_data() for fault in self.remarks],
        }


def verify_log(path: Path, public_key: bytes | None = None, known: Sequence[PeriodRoot] = ()) -> Verdict:
    """Check a log: form and chain of every line, leaf and event hash of every event, every root and signature.

    Parameters
    ----------
    path
        The log.
    public_key
        The key, 32 bytes, that its roots must be signed with. Without it a signature shows only that whoever
        wrote the root had the key that stands beside it.
    known
        Roots that somebody else kept: the log must still begin with what they cover.

    Raises
    ------
    InputError
        ``log_missing``: there is no such file. Whatever is wrong inside is a finding, and no exception.
    """
    reader = LogReader(path, keep_leaves=bool(known)).read()
    findings, remarks = list(reader.findings), list(_limits(reader, public_key))
    findings += _signatures(reader, public_key)
    findings += _not_as_known(reader, known)
    checked = {
        "lines": reader.lines,
        "events": reader.frontier.size,
        "anchors": len(reader.anchors),
        "roots": len(reader.roots),
        "signatures": sum(bool(root.signature) for _, root in reader.roots),
        "known_roots": len(known),
    }
    ordered = sorted(findings, key=lambda fault: fault.place.order())
    return Verdict(str(path), reader.actor, checked, tuple(ordered), tuple(remarks))


def _signatures(reader: LogReader, public_key: bytes | None) -> Iterable[Fault]:
    for line, root in reader.roots:
        place = Place(file=str(reader.path), line=line)
        if (root.signature or root.public_key) and not root.is_signed():
            yield Fault("log_signature_wrong", place, {"period": root.period})
        elif public_key is not None and root.public_key != public_key.hex():
            yield Fault("log_key_other", place, {"period": root.period, "found": root.public_key or "-"})


def _limits(reader: LogReader, public_key: bytes | None) -> Iterable[Fault]:
    place = Place(file=str(reader.path))
    if reader.unsealed() > 0:
        yield Fault("log_open_end", place, {"count": reader.unsealed()})
    if any(not root.signature for _, root in reader.roots) or not reader.roots:
        yield Fault("log_not_signed", place)
    elif public_key is None:
        yield Fault("log_key_not_given", place)
    if any(root.key_origin == "simulation" for _, root in reader.roots):
        yield Fault("log_key_of_simulation", place)


def _not_as_known(reader: LogReader, known: Sequence[PeriodRoot]) -> Iterable[Fault]:
    leaves = reader.leaves or []
    for root in known:
        begins = root.size <= len(leaves) and merkle_root(leaves[: root.size]).hex() == root.root
        if not begins or root.actor != reader.actor:
            yield Fault("log_not_as_known", Place(file=str(reader.path)), {"period": root.period, "count": root.size})
