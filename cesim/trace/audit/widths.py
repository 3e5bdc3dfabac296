"""The width of what can be proved of products, by who is on board, in one pass a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.audit.value import Widths
from cesim.trace.genealogy.graph import sums
from cesim.trace.genealogy.passing import handed_back
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.steps import HANDOVERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.genealogy.graph import Genealogy
    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def claim_widths(records: Records, weight: Floats, *, greatest_loss: float = 0.0) -> Widths:
    """Return the width of a claim on products as a function of who is on board.

    The width is the share of the products whose origin no record tells, the same for every rule of counting: what
    ``bounds(shares(recorded_genealogy(records, seen)), counted).of(weight).width`` gives for whichever classes, with
    the records of the others not seen. One thing differs: what is not believed when everybody's records are seen,
    because they contradict each other, is not believed either when only one side of it is seen. So nobody's joining
    ever makes the interval wider, and nobody is worth something for hiding a contradiction.

    Parameters
    ----------
    records
        Of all who could be on board.
    weight : (lot,)
        Mass of each lot in the claim, at least 0.
    greatest_loss
        As in `Genealogy.total`.

    Raises
    ------
    InputError
        ``group_without_mass`` where nothing has a weight, or one is negative.
    """
    total = float(np.sum(weight))
    if not (np.isfinite(total) and total > 0 and bool(np.all(np.asarray(weight) >= 0))):
        raise InputError([Fault("group_without_mass", Place(model="claim"), {"found": total})])
    return Widths(_Pass(records, np.asarray(weight, dtype=np.float64), total, greatest_loss))


class _Pass:
    """What a question needs, put together once: only events behind the products, only edges that are believed."""

    def __init__(self, records: Records, weight: Floats, total: float, greatest_loss: float) -> None:
        entries, found = records.entries, rebuild(records)
        genealogy = found.genealogy
        self.weight, self.whole = weight, total
        _, through = handed_back(genealogy, weight, greatest_loss=greatest_loss)
        kept = np.flatnonzero(through > 0)
        whole = genealogy.total(greatest_loss)
        self.actor = entries.actor[found.record[kept]]
        self.in_start, edges = _stretches(genealogy.in_start, kept)
        self.in_lot = genealogy.in_lot[edges]
        of = np.repeat(kept, np.diff(self.in_start))
        # what a record gives a class is told by it alone
        fed = (genealogy.relabel[of] < 0) & (whole[of] > 0)
        self.in_share = np.divide(genealogy.in_mass[edges], whole[of], out=np.zeros(len(of)), where=fed)
        self.out_start, edges = _stretches(genealogy.out_start, kept)
        self.out_lot = genealogy.out_lot[edges]
        self.given = _given(genealogy, whole)[kept]
        self.hand_start, self.hand_actor = _hands(entries, genealogy.lots)
        maker = entries.actor[found.record[np.maximum(genealogy.birth[self.in_lot], 0)]]
        handed = np.diff(self.hand_start)[self.in_lot] > 0
        self.moved = handed | (maker != entries.actor[found.record[of]])

    def __call__(self, mask: Bools) -> float:
        """Return the width with these on board."""
        from cesim.trace.audit.width_pass import known_shares  # brings numba with it

        known = np.zeros(len(self.weight))
        known_shares(
            np.append(mask, True), self.actor, self.in_start, self.in_lot, self.in_share, self.moved,
            self.hand_start, self.hand_actor, self.given, self.out_start, self.out_lot, known,
        )  # fmt: skip
        return min(max(1.0 - float(self.weight @ known) / self.whole, 0.0), 1.0)


def _stretches(start: Whole, kept: Whole) -> tuple[Whole, Whole]:
    """Return the starts of some stretches put one behind the other, and the places of their edges before."""
    length = start[kept + 1] - start[kept]
    begins = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(length)])
    return begins, np.repeat(start[kept] - begins[:-1], length) + np.arange(begins[-1])


def _given(genealogy: Genealogy, whole: Floats) -> Floats:
    """Share of each event of which its own record tells the origin: all of what it gives a class, else its sources."""
    told = sums(genealogy.source_start, genealogy.source_mass * (genealogy.source_class >= 0))
    share = np.divide(told, whole, out=np.zeros(len(whole)), where=whole > 0)
    return np.asarray(np.where((genealogy.relabel >= 0) & (whole > 0), 1.0, share))


def _hands(entries: Entries, lots: int) -> tuple[Whole, Whole]:
    """Who wrote of a handover of each lot, each once: starts by lot, and actors."""
    record = entries.inputs.entry()
    lot, actor = entries.inputs.lot, entries.actor[record]
    these = np.isin(entries.step, HANDOVERS)[record] & (lot >= 0)
    actors = len(entries.names.actors) + 1
    pair = np.unique(lot[these] * actors + actor[these] % actors)
    count = np.bincount(pair // actors, minlength=lots)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(count)]), pair % actors
