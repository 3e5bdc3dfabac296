"""The genealogy that records tell, and what in them is not believed.

Nothing here looks at what is true. Where records contradict each other nobody can say which of them is right, so none
of them is believed in that point: matter stays in the sums by its mass and counts as unknown.

What this cannot see: outputs left out of a record look like loss that was not declared (`Genealogy.total`), and a
record that is wrong and contradicts nothing is believed (`budget`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.genealogy.duplicates import repeats
from cesim.trace.genealogy.graph import WEIGHED_ALIKE, Genealogy, starts
from cesim.trace.steps import HANDOVERS, STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]

REASONS: Final = (
    "believed",
    "not_named",
    "never_made",
    "made_twice",
    "made_later",
    "not_handed_over",
    "used_twice",
    "class_not_told",
)
"""Why an input edge is not believed; of several reasons the last in this order is given. `never_made`: no record seen
makes the lot. `not_handed_over`: it changed hands, and neither its shipping nor its receiving is seen. `used_twice`: it
was used up for more than it weighed. `class_not_told`: new scrap changes its class here, and the record does not say to
which."""


@dataclass(frozen=True)
class Rebuilt:
    """What the records tell, and what of it is not believed.

    Attributes
    ----------
    genealogy
    record : (event,)
        Record that each event was read from.
    reason : (input edge,)
        Place in `REASONS`, in the order of ``genealogy.in_lot``.
    named : (input edge,)
        Lot that the record names, also where it is not believed.
    repeated : (record,)
        True for records that say what an earlier one says, word for word; they count once.
    made_twice : (lot,)
        True for lots with two different births.
    excess : (lot,)
        mg for which a lot was used up beyond its mass, 0 within the tolerance.
    without_mass
        Input edges and births that say no mass: the edges are left out, the lots born are not believed.
    conflict_lot, conflict_record : (pair,)
        Records that contradict each other about a lot, by lot.
    """

    genealogy: Genealogy
    record: Whole
    reason: Whole
    named: Whole
    repeated: Truths
    made_twice: Truths
    excess: NDArray[np.float64]
    without_mass: int
    conflict_lot: Whole
    conflict_record: Whole

    def counts(self) -> dict[str, int]:
        """Return how many input edges are not believed for each reason, and how many records are repeats."""
        found = np.bincount(self.reason, minlength=len(REASONS))
        reasons = {name: int(found[place]) for place, name in enumerate(REASONS) if place}
        return {**reasons, "repeated": int(self.repeated.sum()), "without_mass": self.without_mass}

    def wrong_at_least(self) -> int:
        """Return how many records are wrong for certain, whichever they are.

        One wrong record may contradict others about many lots. So only contradictions that share no record with one
        counted before are counted.
        """
        told: dict[int, list[int]] = {}
        for lot, record in zip(self.conflict_lot.tolist(), self.conflict_record.tolist(), strict=True):
            told.setdefault(lot, []).append(record)
        count, involved = 0, set[int]()
        for records in sorted(told.values(), key=len):  # the more of them are disjoint, the smaller they are
            if involved.isdisjoint(records):
                involved.update(records)
                count += 1
        return count


def rebuild(
    records: Records,
    seen: Truths | None = None,
    until_s: int | None = None,
    *,
    tolerance: float = WEIGHED_ALIKE,
) -> Rebuilt:
    """Rebuild what was made of what from the records that a viewer sees.

    Parameters
    ----------
    seen : (record,)
        False for records that the viewer does not see; all are seen by default.
    until_s
        Records written later are not there yet.
    tolerance
        Share of its mass for which a lot may be used up beyond it, since nobody's scale is another's.

    Notes
    -----
    A lot used up for more than that is believed in none of its uses: which of them is made up cannot be told, and any
    of them may be. Shares of what is left stay valid, since the mass stays in the sums.

    Raises
    ------
    InputError
        ``weighing_tolerance`` where it is no share; ``genealogy_place`` and ``genealogy_mass`` as `Genealogy`.
    """
    if not 0.0 <= tolerance < 1.0:
        raise InputError([Fault("weighing_tolerance", Place(path="tolerance"), {"found": tolerance})])
    visible = np.ones(len(records), dtype=bool) if seen is None else np.array(seen, dtype=bool)
    if until_s is not None:
        visible &= records.written_s <= until_s
    repeated = repeats(records.entries, visible)
    visible &= ~repeated
    return _Reader(records.entries, visible, tolerance).rebuilt(repeated)


def tolerance_between(weighing_sd: float, bias_sd: float = 0.0) -> float:
    """Return the tolerance that two honest scales of such scatter and bias exceed once in 16,000 weighings.

    That is four standard deviations of the difference of two weighings, as shares of what is weighed. With less, lots
    of honest works contradict each other and count as unknown.
    """
    return min(4.0 * float(np.sqrt(2.0 * (weighing_sd**2 + bias_sd**2))), 0.99)


class _Reader:
    """Reads the visible entries of a ledger. Columns by lot have one place more at their end, for lot -1."""

    def __init__(self, entries: Entries, visible: Truths, tolerance: float) -> None:
        self.entries = entries
        self.visible = visible
        self.tolerance = tolerance
        self.lots = len(entries.lots)
        for side in (entries.inputs, entries.outputs):
            if np.any(side.lot >= self.lots) or np.any(side.lot < -1):
                raise InputError([Fault("genealogy_place", Place(model="lots"), {"found": "lots"})])
        self.made = visible & (np.diff(entries.outputs.start) > 0)
        self.into, self.out = entries.inputs.entry(), entries.outputs.entry()
        self.weighed_in = self.made[self.into] & (entries.inputs.mass_mg >= 0)
        unweighed = self.out[entries.outputs.mass_mg < 0]
        self.weighed = self.made & (entries.loss_mg >= 0)
        self.weighed[unweighed] = False
        self._births()
        self._uses()

    def _births(self) -> None:
        """Find which entry makes each lot, and what it weighs."""
        lot = self.entries.outputs.lot
        told = self.made[self.out] & (lot >= 0)
        times = np.bincount(lot[told], minlength=self.lots + 1)
        self.made_twice = times > 1
        believed = told & self.weighed[self.out]
        believed[told] &= times[lot[told]] == 1
        self.birth = np.full(self.lots + 1, -1, dtype=np.int64)
        self.birth[lot[believed]] = self.out[believed]
        self.mass = np.zeros(self.lots + 1)
        self.mass[lot[believed]] = self.entries.outputs.mass_mg[believed]
        self.born = believed

    def _uses(self) -> None:
        """Find what each lot was used up for beyond its mass; what an entry only looks at or hands on stays."""
        uses = self.visible & (self.made | (self.entries.loss_mg > 0))
        edges = self.entries.inputs
        used = uses[self.into] & (edges.lot >= 0) & (edges.mass_mg >= 0)
        total = np.bincount(edges.lot[used], edges.mass_mg[used], minlength=self.lots + 1)
        over = (self.birth >= 0) & (total > self.mass * (1.0 + self.tolerance))
        self.excess = np.where(over, total - self.mass, 0.0)
        self.used = used

    def _conflicts(self) -> tuple[Whole, Whole]:
        """Return the lots of which records contradict each other, and those records, pair by pair."""
        made, used = self.entries.outputs.lot, self.entries.inputs.lot
        over = self.excess > 0
        births = self.made[self.out] & (over | self.made_twice)[made] & (made >= 0)
        uses = self.used & over[used]
        return np.concatenate([made[births], used[uses]]), np.concatenate([self.out[births], self.into[uses]])

    def _reasons(self, edge: Truths) -> Whole:
        """Say why each of the input edges is not believed, 0 where it is."""
        lot, entry = self.entries.inputs.lot[edge], self.into[edge]
        birth = self.birth[lot]
        actor = self.entries.actor
        sent = self._handed_over(np.ones(len(self.entries), dtype=bool))
        arrived = self._handed_over(self.visible)
        moved = sent[lot] | (actor[birth] != actor[entry])
        found = {
            "never_made": birth < 0,
            "made_twice": self.made_twice[lot],
            "made_later": birth >= entry,
            "not_handed_over": (birth >= 0) & moved & ~arrived[lot],
            "used_twice": self.excess[lot] > 0,
        }
        reason = np.zeros(len(lot), dtype=np.int64)
        for name, true in found.items():
            reason[true] = REASONS.index(name)
        reason[lot < 0] = REASONS.index("not_named")
        reason[self._class_not_told(entry)] = REASONS.index("class_not_told")
        return reason

    def _handed_over(self, entries: Truths) -> Truths:
        """Say which lots were shipped or received in these entries, (lot,)."""
        lot = self.entries.inputs.lot
        told = (entries & np.isin(self.entries.step, HANDOVERS))[self.into] & (lot >= 0)
        over = np.zeros(self.lots + 1, dtype=bool)
        over[lot[told]] = True
        return over

    def _class_not_told(self, entry: Whole) -> Truths:
        """Say which entries change the class of new scrap without saying to which."""
        changes = (self.entries.step == STEPS.index("scrap_return")) & (self.entries.relabel < 0)
        return np.asarray(changes[entry])

    def rebuilt(self, repeated: Truths) -> Rebuilt:
        """Put together what is believed."""
        entries, kept = self.entries, self.made
        reason = self._reasons(self.weighed_in)
        named = entries.inputs.lot[self.weighed_in]
        outputs = kept[self.out]
        sources = entries.sources
        start, of = sources.start, np.repeat(np.arange(len(entries)), np.diff(sources.start))
        weighed = kept[of] & (sources.mass_mg >= 0)
        genealogy = Genealogy(
            self.lots,
            len(entries.names.classes),
            _starts(entries.inputs.start, self.weighed_in, kept),
            np.where(reason == 0, named, -1),
            entries.inputs.mass_mg[self.weighed_in].astype(np.float64),
            starts(entries.outputs.start, kept),
            np.where(self.born, entries.outputs.lot, -1)[outputs],
            np.maximum(entries.outputs.mass_mg[outputs], 0).astype(np.float64),
            _starts(start, weighed, kept),
            np.where(self._class_not_told(of), -1, sources.origin)[weighed],
            sources.mass_mg[weighed].astype(np.float64),
            np.maximum(entries.loss_mg[kept], 0).astype(np.float64),
            entries.relabel[kept],
        )
        without = int(np.count_nonzero(kept[self.into]) - len(named) + np.count_nonzero(kept & ~self.weighed))
        twice, excess = self.made_twice[: self.lots], self.excess[: self.lots]
        record = np.flatnonzero(kept)
        return Rebuilt(genealogy, record, reason, named, repeated, twice, excess, without, *self._conflicts())


def _starts(start: Whole, kept_edge: Truths, kept: Truths) -> Whole:
    """Return where the stretches of the entries kept begin when only some of their edges are kept."""
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(kept_edge)])
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum((before[start[1:]] - before[start[:-1]])[kept])])
