"""Records that cannot all be right, whatever else is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.moves import made, used
from cesim.trace.audit.wrong import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.trace.audit.verdict import Findings
    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]


def contradictions(entries: Entries, tables: Findings) -> Iterator[Conflict]:
    """Go through the records that cannot all be right.

    Gaps are none: a stock below nothing, a missing counterpart or a lot that nobody made may be all right but for a
    record that is not there.
    """
    closed, found, over = tables.closure, tables.pairs, tables.heavier
    for record in np.flatnonzero(closed.sure).tolist():
        yield Conflict("closure", (record,))
    for record in np.flatnonzero(tables.claimed.against_the_rule).tolist():
        yield Conflict("against_the_rule", (record,))
    yield from _couples("pairs", found.shipping[found.sure], found.receiving[found.sure])
    yield from _couples("heavier", over.birth[over.sure], over.record[over.sure])
    early = tables.holding.early
    yield from _couples("early", tables.holding.birth[early], tables.holding.record[early])
    for reason, label, member in (
        ("born_twice", *tables.born_twice),
        ("same", tables.same[tables.same >= 0], np.flatnonzero(tables.same >= 0)),
    ):
        for several in _groups(label, member):
            yield Conflict(reason, several, len(several) - 1)
    yield from _overused(entries, tables)


def _overused(entries: Entries, tables: Findings) -> Iterator[Conflict]:
    sure = tables.overuse.sure
    if not sure.any():
        return
    births, uses = made(entries), used(entries)
    lot, record = np.concatenate([births.lot, uses.lot]), np.concatenate([births.record, uses.record])
    these = (lot >= 0) & sure[lot]
    for several in _groups(lot[these], record[these]):
        yield Conflict("overuse", several)


def _couples(reason: str, first: Whole, second: Whole) -> Iterator[Conflict]:
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        yield Conflict(reason, (one, other) if one != other else (one,))


def _groups(label: Whole, member: Whole) -> list[tuple[int, ...]]:
    """Members that share a label, each once."""
    order = np.argsort(label, kind="stable")
    begins = np.flatnonzero(np.diff(label[order])) + 1
    return [tuple(np.unique(group).tolist()) for group in np.split(member[order], begins) if len(group)]
