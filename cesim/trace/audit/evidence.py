"""What each kind of finding says against each record, in nats of surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.audit.moves import made, used
from cesim.trace.audit.overclaims import surprise
from cesim.trace.audit.slips import log_ratio
from cesim.trace.audit.suspicion import MOST, most_of, nats_of_marks, nats_of_sigmas
from cesim.trace.steps import HANDOVERS, STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.trace.audit.verdict import Findings
    from cesim.trace.entries import Entries
    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_SUPPLY: Final = STEPS.index("supply")


def evidence(records: Records, tables: Findings) -> Mapping[str, Floats]:
    """Return what each kind of finding says against each record: nats, (record,)."""
    entries, held, written_s = records.entries, tables.holding, records.written_s
    many = len(entries)
    step = entries.step[held.record]
    every = np.ones(len(held), dtype=bool)
    marks = {
        name: most_of(held.record, nats_of_marks(marked, every, step), many)
        for name, marked in (("unborn", held.unborn), ("foreign", held.foreign))
    }
    alike = nats_of_marks(tables.alike >= 0, np.ones(many, dtype=bool), entries.step)
    born = np.zeros(many)
    born[tables.born_twice[1]] = MOST
    early = most_of(held.record[held.early], np.full(int(held.early.sum()), MOST), many)
    return {
        "closure": nats_of_sigmas(tables.closure.sigmas),
        "pairs": _pairs(tables, many),
        "heavier": most_of(tables.heavier.record, nats_of_sigmas(tables.heavier.sigmas), many),
        "overuse": _overuse(entries, tables),
        "born_twice": born,
        "slipped": np.where(tables.slipped != 0, MOST, 0.0),
        "same": _same(written_s, tables.same),
        "alike": np.where(tables.same >= 0, 0.0, alike),
        "early": early,
        **marks,
        "unanswered": _unanswered(entries, tables),
        "claimed": np.where(tables.claimed.against_the_rule, MOST, MOST * tables.claimed.excess),
        "unusual": surprise(entries),
        "own_supply": _own_supply(entries, tables),
    }


def _pairs(tables: Findings, many: int) -> Floats:
    """Differences of weighings, against the side that is further from the mass at birth where that is plain."""
    found, nats = tables.pairs, nats_of_sigmas(tables.pairs.sigmas)
    born = tables.overuse.born_mg[found.lot].astype(np.int64)
    off = [np.abs(log_ratio(mass, born)) for mass in (found.sent_mg, found.received_mg)]
    plain = (born > 0) & (found.sigmas > 0)
    result = np.zeros(many)
    for side, record, other in ((0, found.shipping, 1), (1, found.receiving, 0)):
        against = ~plain | (3 * off[side] >= off[other])  # else it lies plainly nearer than the other
        np.maximum.at(result, record, np.where(against, nats, 0.0))
    return result


def _overuse(entries: Entries, tables: Findings) -> Floats:
    """Against the birth and the uses of a lot alike: who is wrong is not known."""
    nats = nats_of_sigmas(tables.overuse.sigmas)
    result = np.zeros(len(entries))
    for moves in (made(entries), used(entries)):
        named = moves.lot >= 0
        np.maximum.at(result, moves.record[named], nats[moves.lot[named]])
    return result


def _unanswered(entries: Entries, tables: Findings) -> Floats:
    """A handover of which the other side says nothing."""
    handed = np.concatenate([tables.pairs.shipping, tables.pairs.receiving, tables.missing.record])
    marked = np.repeat([False, True], [2 * len(tables.pairs), len(tables.missing.record)])
    return most_of(handed, nats_of_marks(marked, np.ones(len(handed), dtype=bool), entries.step[handed]), len(entries))


def _same(written_s: Whole, group: Whole) -> Floats:
    """Of records that say the same, the one that was written first may be right."""
    rows = np.flatnonzero(group >= 0)
    order = rows[np.lexsort((rows, written_s[rows], group[rows]))]
    later = np.append(False, np.diff(group[order]) == 0)[: len(order)]
    result = np.zeros(len(group))
    result[order] = np.where(later, MOST, MOST / 2)
    return result


def _own_supply(entries: Entries, tables: Findings) -> Floats:
    """Against whoever uses matter that it says it supplied itself, where others get theirs from suppliers."""
    held = tables.holding
    birth = np.maximum(held.birth, 0)
    own = (held.birth >= 0) & (entries.step[birth] == _SUPPLY) & (entries.actor[birth] == entries.actor[held.record])
    uses = ~np.isin(entries.step[held.record], HANDOVERS)
    nats = nats_of_marks(own, uses, entries.step[held.record])
    return np.maximum(most_of(held.record, nats, len(entries)), most_of(birth, np.where(own, nats, 0.0), len(entries)))
