"""What Ouranos carries of a ledger: kinds of parts by maker and month, and what is lost of the lots.

Who has a lot when others first hear of it is its maker, as in `cesim.trace.exports.ouranos_parts`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.exports.hearing import first_heard
from cesim.trace.platforms.ouranos import CHILDREN, project
from cesim.trace.platforms.packing import distinct, first_of
from cesim.trace.platforms.sent import held_by
from cesim.trace.selecting import places
from cesim.trace.steps import HANDOVERS, STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.platforms.sent import Sent

    Whole = NDArray[np.int64]

_RECEIVING = STEPS[HANDOVERS[1]]


def ouranos_traffic(sent: Sent) -> Counter[str]:
    """Count what is sent to Ouranos, and what of the lots is lost there.

    ``parts``; ``structures`` with their ``children``, and ``children_left_out`` beyond 50; ``trades``, one a contract,
    month and kind, each with its ``status``; ``lots`` that others hear of, ``lots_folded``: how many more they are than
    parts, ``lots_alone``: those that still are the only one of their part.
    """
    entries = sent.entries
    heard = first_heard(entries)
    named = heard.actor >= 0
    lots, entry, maker = heard.lot[named], heard.entry[named], heard.actor[named]
    found = project(maker, maker, sent.goods(lots), sent.month(entry))
    part = np.full(len(entries.lots), -1)
    part[lots] = found.part
    weight = np.bincount(found.part, np.maximum(heard.mass_mg[named], 0), minlength=found.parts)
    made = np.bincount(_pairs(sent, part, weight > 0), minlength=found.parts)
    trades = _trades(sent, part)
    return Counter({
        "parts": found.parts, "structures": int((made > 0).sum()), "children": int(np.minimum(made, CHILDREN).sum()),
        "children_left_out": int(np.maximum(made - CHILDREN, 0).sum()), "trades": trades, "status": trades,
        "lots": found.lots, "lots_folded": found.lots_lost, "lots_alone": found.alone(),
    })  # fmt: skip


def _pairs(sent: Sent, part: Whole, weighs: NDArray[np.bool_]) -> Whole:
    """Parts that weigh something, once for each other part of which something went into them, (pair,)."""
    entries = sent.entries
    rows = np.sort(sent.rows)
    both = rows[(np.diff(entries.inputs.start) > 0)[rows] & (np.diff(entries.outputs.start) > 0)[rows]]
    sides = []
    for side in (entries.outputs, entries.inputs):
        edges = held_by(side, both)
        told = part[edges.lot] >= 0
        sides.append(distinct(edges.row[told], part[edges.lot[told]]))
    (row, parent), (into, child) = sides
    start = np.searchsorted(into, np.arange(len(entries) + 1))
    ends, index = places(start, row)
    parent, child = np.repeat(parent, np.diff(ends)), child[index]
    counts = (parent != child) & weighs[parent]
    return distinct(parent[counts], child[counts])[0]


def _trades(sent: Sent, part: Whole) -> int:
    """Count givers, takers and parts of what was handed over, by what either side says."""
    entries = sent.entries
    edges = held_by(entries.inputs, sent.of_step(*(STEPS[step] for step in HANDOVERS)))
    actor, partner = entries.actor[edges.row], entries.partner[edges.row]
    takes = entries.step[edges.row] == STEPS.index(_RECEIVING)
    known = (partner >= 0) & (part[edges.lot] >= 0)
    giver, taker = np.where(takes, partner, actor)[known], np.where(takes, actor, partner)[known]
    return len(first_of(giver, taker, part[edges.lot][known]))
