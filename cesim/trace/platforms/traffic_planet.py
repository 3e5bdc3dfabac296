"""What PLA-NET carries of a ledger: recyclates with origin and quality, offers, and what compounders claim of them.

Plastics are told by what is done with them: bales that go to a pelletiser, pellets, and what sellers of recyclate
supply. So a ledger need not call them by the words of a run.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.platforms.packing import first_of
from cesim.trace.platforms.sent import held_by
from cesim.trace.steps import HANDOVERS, STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.platforms.sent import Held, Sent

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]


def planet_traffic(sent: Sent) -> Counter[str]:
    """Count what is sent to PLA-NET.

    ``origin`` and ``quality``: once a lot, when somebody first writes that it made it; ``origin_refused``: once more.
    ``from_rmp``: those of them that are bales, whose batch RMP knows. ``supply_offer``: one a pelletiser, polymer and
    month in which it made any. ``claim``: one a lot that a compounder uses; ``claim_refused``: one that another
    compounder has claimed.
    """
    bales, others = _made(sent)
    lots = np.concatenate([bales.lot, others.lot])
    on_it = np.zeros(len(sent.entries.lots), dtype=bool)
    on_it[lots] = True
    entered = int(on_it.sum())
    taken = len(np.unique(bales.lot))
    claimed, refused = _claims(sent, on_it)
    return Counter({
        "origin": entered, "quality": entered, "origin_refused": len(lots) - entered, "from_rmp": taken,
        "supply_offer": _offers(sent), "claim": claimed, "claim_refused": refused,
    })  # fmt: skip


def _made(sent: Sent) -> tuple[Held, Held]:
    """Bales of plastics, and pellets and recyclates, as those who make or supply them write."""
    entries = sent.entries
    kinds = len(entries.names.kinds) + 1
    pellet_kind = np.zeros(kinds, dtype=bool)
    pellets = held_by(entries.outputs, sent.of_step("pelletising"))
    pellet_kind[entries.lots.kind[pellets.lot]] = True
    bales = held_by(entries.outputs, sent.of_step("baling"))
    goods = np.unique(sent.goods(_to_pelletisers(sent)))
    supplied = sent.of_step("supply")
    sold = held_by(entries.outputs, supplied)
    recyclate = sent.has_role("recyclate_supplier")[entries.actor[sold.row]] | pellet_kind[entries.lots.kind[sold.lot]]
    plastic = np.isin(sent.goods(bales.lot), goods)
    both = (np.concatenate([one, two[recyclate]]) for one, two in zip(pellets, sold, strict=True))
    return _some(bales, plastic), type(bales)(*both)


def _to_pelletisers(sent: Sent) -> Whole:
    """Lots that a pelletiser uses, or that are handed over to one."""
    entries = sent.entries
    used = held_by(entries.inputs, sent.of_step("pelletising")).lot
    handed = held_by(entries.inputs, sent.of_step(*(STEPS[step] for step in HANDOVERS)))
    takes = entries.step[handed.row] == HANDOVERS[1]
    taker = np.where(takes, entries.actor[handed.row], entries.partner[handed.row])
    return np.concatenate([used, handed.lot[sent.has_role("pelletiser")[taker]]])


def _offers(sent: Sent) -> int:
    entries = sent.entries
    made = held_by(entries.outputs, sent.of_step("pelletising"))
    return len(first_of(entries.actor[made.row], entries.lots.item[made.lot], sent.month(made.row)))


def _claims(sent: Sent, on_it: Truths) -> tuple[int, int]:
    """Count lots claimed, and those that somebody else wanted to claim after that; in the order of writing.

    What a compounder does inside its works counts as well: it claims of the pellets that it opens.
    """
    entries = sent.entries
    compounds = np.flatnonzero((entries.step == STEPS.index("compounding")) & (entries.actor >= 0))
    rows = compounds[np.argsort(sent.records.written_s[compounds], kind="stable")]
    used = held_by(entries.inputs, rows)
    used = _some(used, on_it[used.lot])
    users = first_of(used.lot, entries.actor[used.row])
    claimed = len(np.unique(used.lot))
    return claimed, len(users) - claimed


def _some(held: Held, where: Truths) -> Held:
    return type(held)(*(column[where] for column in held))
