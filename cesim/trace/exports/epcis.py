"""Writes EPCIS 2.0 documents (GS1 EPCIS/CBV 2.0, ISO/IEC 19987, JSON-LD) from a ledger, strip by strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np

from cesim.trace.exports.epcis_events import STRIP, EventTeller
from cesim.trace.exports.epcis_fields import TAIL, head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.trace.exports.epcis_ledger import Ledger


@dataclass(frozen=True)
class Written:
    """What was written: events, and entries that were left out because they stay inside a works."""

    events: int
    inside: int
    bytes: int


def write_epcis(ledger: Ledger, file: IO[bytes], first: int = 0, last: int | None = None) -> Written:
    """Write one document with the events of entries ``first`` to ``last``, the last left out.

    Only a strip of the ledger is held as text at a time.

    Parameters
    ----------
    ledger
        See `cesim.trace.exports.epcis_ledger.ledger_of`.
    file
        Opened for bytes.
    """
    last = len(ledger.entries) if last is None else last
    size = file.write(head(ledger.entries, ledger.created(), _goods_used(ledger, first, last)))
    events = 0
    for strip in strips(ledger, first, last):
        size += file.write((",\n" if events else "\n").encode() + ",\n".join(strip).encode()) if strip else 0
        events += len(strip)
    size += file.write(TAIL)
    return Written(events, int(ledger.entries.inside[first:last].sum()), size)


def strips(ledger: Ledger, first: int = 0, last: int | None = None) -> Iterator[list[str]]:
    """Yield the events of some entries as JSON texts, a list for each strip."""
    teller = EventTeller(ledger)
    last = len(ledger.entries) if last is None else last
    for start in range(first, last, STRIP):
        yield teller.strip(start, min(start + STRIP, last))


def _goods_used(ledger: Ledger, first: int, last: int) -> set[int]:
    """Kinds of goods of which the exported entries speak."""
    entries, used = ledger.entries, set[int]()
    outside = ~entries.inside[first:last]
    for edges in (entries.inputs, entries.outputs):
        start = edges.start[first : last + 1]
        shown = np.repeat(outside, np.diff(start))
        lots = edges.lot[int(start[0]) : int(start[-1])][shown]
        used.update(np.unique(ledger.called.goods[lots]).tolist())
    return used
