"""Cross-anchoring: shipper and receiver each log the hash of the other's event, so that one alone rewrites nothing.

An actor that changes its own past and makes a new chain over it is found by its partners: what they logged of it is
no longer there. Two that agree can still rewrite what only they have seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.errors import Fault, Place
from cesim.trace.integrity.log_reader import LogReader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cesim.trace.integrity.log_lines import Anchor


@dataclass(frozen=True, slots=True)
class AnchorVerdict:
    """What the logs of several actors say about one another."""

    checked: int
    """Anchors whose other side was there to be looked at."""
    mutual: int
    """Of these, how many the partner has returned."""
    unseen: int
    """Anchors to actors whose log was not given."""
    findings: tuple[Fault, ...]
    """An anchor whose event the partner's log no longer holds: one of the two was rewritten."""


def verify_anchors(paths: Mapping[str, Path]) -> AnchorVerdict:
    """Look every anchor of every log up in the partner's.

    Parameters
    ----------
    paths
        The log of each actor. Verify each of them first (`verify_log`): here only the anchors are looked at.

    Raises
    ------
    InputError
        ``log_missing``.
    """
    readers = {actor: LogReader(path, keep_leaves=True).read() for actor, path in paths.items()}
    sides = {(actor, *_sides(reader, anchor)) for actor, reader in readers.items() for _, anchor in reader.anchors}
    checked = mutual = unseen = 0
    findings: list[Fault] = []
    for reader in readers.values():
        for line, anchor in reader.anchors:
            partner = readers.get(anchor.actor)
            if partner is None:
                unseen += 1
                continue
            checked += 1
            own, theirs = _sides(reader, anchor)
            mutual += (anchor.actor, theirs, own) in sides
            if theirs not in partner.events:
                place = Place(file=str(reader.path), line=line)
                findings.append(Fault("anchor_not_there", place, {"actor": anchor.actor, "found": anchor.event_hash}))
    return AnchorVerdict(checked, mutual, unseen, tuple(sorted(findings, key=lambda fault: fault.place.order())))


def _sides(reader: LogReader, anchor: Anchor) -> tuple[str, str]:
    """The leaves of an actor's own event and of its partner's."""
    leaves = reader.leaves or []
    return leaves[anchor.own].hex(), anchor.leaf
