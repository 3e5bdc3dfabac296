"""A network of platforms as the casthouse meets it: who wrote what of a bale, and when it can be read.

A bale is known when its supplier takes part and covers it, the process batch in RMP is written, and the composition
has come out of CMP: the first of its grade, region and quarter waits until somebody has answered a request, later
ones find the answer there. Luck goes by bale, actor and purpose, never by the order of calls.
"""

from __future__ import annotations

from collections import Counter
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.ledger.informant import Claim
from cesim.trace.platforms.answering import DAY
from cesim.trace.platforms.compositions import Compositions
from cesim.trace.platforms.luck import Luck
from cesim.trace.platforms.network_plan import supplier_of
from cesim.trace.platforms.traffic_cmp import THROUGH_RMP
from cesim.trace.records import DECLARATIONS, FAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.quantities.streams import UniformSource
    from cesim.trace.entries import Actor
    from cesim.trace.platforms.network_plan import NetworkPlan
    from cesim.trace.reporting.policy import Policy

    Whole = NDArray[np.int64]
    Rows = Mapping[str, Whole]
    Key = tuple[int, int, int]

_FACT: Final = "_mg"
_NEEDED: Final = ("lot", "time_s", "identity", "grade", "region")
_SCALE, _SLIP, _SWAPPED = (1 << FAULTS.index(name) for name in ("scale", "unit_slip", "swapped_lot"))
_NOTHING: Final = DECLARATIONS.index("none")
_TONNE: Final = 1000
"""kg."""
_MOST_MG: Final = 2.0**53
"""No mass is written above it."""
QUARTER: Final = 91 * DAY
"""Seconds for which an answer on a grade of a region holds."""


class Network:
    """Suppliers, RMP and CMP, as whoever buys scrap is told of them.

    Parameters
    ----------
    plan
        What is supposed of them.
    grades, regions
        Names to which the columns ``grade`` and ``region`` of what is told point; region -1 is elsewhere.
    source
        Of draws.
    """

    def __init__(self, plan: NetworkPlan, grades: Sequence[str], regions: Sequence[str], source: UniformSource) -> None:
        self.plan, self.grades, self.regions = plan, tuple(grades), tuple(regions)
        sold = [[supplier_of(grade, region) for region in (*self.regions, None)] for grade in self.grades]
        self.suppliers: tuple[Actor, ...] = tuple(dict.fromkeys(actor for row in sold for actor in row))
        """Who may sell a bale; `decisions` gives places in it."""
        self._supplier = [[self.suppliers.index(actor) for actor in row] for row in sold]
        self._policy = [plan.policies.of(actor) for actor in self.suppliers]
        self.luck = Luck(source)
        self.cmp = Compositions(plan.composition, self.luck)
        self.rmp: Counter[str] = Counter()
        """What went through RMP: a ``process_batch`` for each covered bale of those who dismantle and shred, and the
        ``composition`` that it looks up in CMP. Batches are counted, not kept."""
        self._through_rmp = [actor.role in THROUGH_RMP for actor in self.suppliers]
        self.elements: tuple[str, ...] = ()
        self._place: dict[int, int] = {}
        """Of lots told, in `_told`."""
        self._told: list[tuple[int, int, bool, int, int, int, int, int, Key, bytes]] = []
        self._last: dict[int, list[tuple[int, bytes]]] = {}
        """The last two bales of a supplier whose facts differ, with these."""
        self._wakes: list[int] = []
        self._now = 0

    # the port

    def tell(self, rows: Mapping[str, Rows]) -> None:
        """Hear of new bales: ``lot``, ``time_s``, ``identity``, ``grade``, ``region`` and facts that end in ``_mg``.

        Raises
        ------
        InputError
            ``network_row_short`` where a column is missing, ``network_row_unknown`` for a grade or region out of range.
        """
        told = rows.get("lot")
        if told is None:
            return
        self._check(told)
        self.elements = tuple(name for name in told if name.endswith(_FACT))
        facts = np.stack([told[name] for name in self.elements], axis=1).astype(np.int64)
        beside = zip(*(told[name].tolist() for name in _NEEDED), strict=True)
        for (lot, second, identity, grade, region), row in zip(beside, facts, strict=True):
            self._hear(lot, second, identity, grade, region, row)

    def ask(self, lot: int, viewer: str, now: int) -> Sequence[Claim]:  # noqa: ARG002 -- whoever asks bought it
        """Return what the record of a lot says, once it can be read; nothing before."""
        self._advance(now)
        place = self._place.get(lot)
        if place is None:
            return ()
        _, _, _, written, _, declared, supplier, _, key, facts = self._told[place]
        ready = self.cmp.ready(self._name(key))
        if declared == _NOTHING or written > now or ready is None or ready > now:
            return ()
        return self._claims(lot, np.frombuffer(facts, dtype=np.int64), supplier, declared, max(written, ready))

    def next_wake(self) -> int | None:
        """Return the next second at which a record may become readable."""
        later = self.cmp.next_wake()
        return min([*self._wakes[:1], *([] if later is None else [later])], default=None)

    def reliability(self, supplier: int, declared: int) -> float:
        """Return how far a record of a supplier in a declaration class can be trusted, as known of both.

        Scales that scatter are no mistake here: what is read is the composition.
        """
        of = self._policy[supplier]
        return (1.0 - of.swapped) * (1.0 - of.unit_slip) * (1.0 - self._stale(declared))

    # what was decided

    def decisions(self) -> dict[str, Whole]:
        """Return for each lot told, in the order of telling, what was decided of its record.

        ``lot``; ``time_s``; ``covered`` 0 or 1; ``written_s``, -1 where there is none; ``wrong``, bits of `FAULTS`;
        ``declared``, place in `DECLARATIONS`; ``supplier``, place in `suppliers`; ``taken_for``, the lot whose label
        stands on the record, -1 for its own. An answer that speaks of another composition is as wrong as another
        label, and puts none on the record.
        """
        names = ("lot", "time_s", "covered", "written_s", "wrong", "declared", "supplier", "taken_for")
        columns = list(zip(*(one[: len(names)] for one in self._told), strict=True)) or [()] * len(names)
        return {name: np.array(column, dtype=np.int64) for name, column in zip(names, columns, strict=True)}

    # inside

    def _check(self, told: Rows) -> None:
        missing = [name for name in _NEEDED if name not in told]
        if missing:
            raise InputError([Fault("network_row_short", Place(model="informant.lot"), {"found": missing})])
        for name, least, names in (("grade", 0, self.grades), ("region", -1, self.regions)):
            wrong = (told[name] < least) | (told[name] >= len(names))
            if wrong.any():
                found = {"field": name, "found": int(told[name][wrong][0]), "least": least, "most": len(names) - 1}
                raise InputError([Fault("network_row_unknown", Place(model="informant.lot"), found)])

    def _hear(self, lot: int, second: int, identity: int, grade: int, region: int, row: Whole) -> None:
        supplier = self._supplier[grade][region]
        of, who = self._policy[supplier], f"records|{self.suppliers[supplier].name}"
        facts = row.tobytes()
        last = self._last.setdefault(supplier, [])
        other = next((held for held in reversed(last) if held[1] != facts), None)
        if all(facts != held for _, held in last):
            self._last[supplier] = [*last[-1:], (lot, facts)]
        key = (grade, region, second // QUARTER)
        covered = self.luck.at(f"{who}|coverage", identity) < of.coverage
        written, wrong, declared, taken_for = -1, 0, _NOTHING, -1
        if covered:
            written = second + round(DAY * self._days(of, who, identity))
            declared = max(self.cmp.declared(self._name(key)), DECLARATIONS.index(of.declaration))
            wrong, taken_for, facts = self._mistaken(of, who, identity, declared, row, other)
            self.rmp["process_batch"] += self._through_rmp[supplier] and lot not in self._place
        if declared != _NOTHING:
            heappush(self._wakes, written)
            self.cmp.request(self._name(key), max(written, self._now))
            self.rmp["composition"] += self._through_rmp[supplier]
        self._place[lot] = len(self._told)
        self._told.append((lot, second, covered, written, wrong, declared, supplier, taken_for, key, facts))

    def _days(self, of: Policy, who: str, identity: int) -> float:
        """Days until a record is written."""
        days = self.luck.around(f"{who}|delay", identity, of.delay_days, of.delay_spread)
        if self.luck.at(f"{who}|back_dated", identity) < of.back_dated:
            days += self.luck.around(f"{who}|back_dated how late", identity, of.back_dated_days, of.delay_spread)
        return days

    def _mistaken(
        self, of: Policy, who: str, identity: int, declared: int, row: Whole, other: tuple[int, bytes] | None
    ) -> tuple[int, int, bytes]:
        """Which bits of `FAULTS` are wrong with a record, the lot whose label it has (-1: its own), what it says."""
        wrong, taken_for, facts = 0, -1, row
        stale = self.luck.at(f"{who}|stale", identity) < self._stale(declared)
        swapped = self.luck.at(f"{who}|swapped", identity) < of.swapped
        if other is not None and (stale or swapped):
            wrong, facts = _SWAPPED, np.frombuffer(other[1], dtype=np.int64)
            taken_for = other[0] if swapped else -1
        factor = self.luck.around(f"{who}|bias_sd", 0, 1.0, of.bias_sd)
        factor *= self.luck.around(f"{who}|weighing_sd", identity, 1.0, of.weighing_sd)
        wrong |= _SCALE if factor != 1.0 else 0
        if self.luck.at(f"{who}|unit_slip", identity) < of.unit_slip:
            wrong |= _SLIP
            factor *= _TONNE if self.luck.at(f"{who}|unit_slip up", identity) < 0.5 else 1.0 / _TONNE
        if factor != 1.0:
            facts = np.rint(np.minimum(facts * factor, _MOST_MG)).astype(np.int64)
        return wrong, taken_for, facts.tobytes()

    def _stale(self, declared: int) -> float:
        return self.plan.composition.stale[declared] if declared < _NOTHING else 0.0

    def _advance(self, now: int) -> None:
        self._now = max(self._now, now)
        self.cmp.advance(now)
        while self._wakes and self._wakes[0] <= now:
            heappop(self._wakes)

    def _claims(self, lot: int, facts: Whole, supplier: int, declared: int, second: int) -> list[Claim]:
        """What is said of each element that is not withheld, and the mass of those that are."""
        trust = self.reliability(supplier, declared)
        hidden = withheld(facts, self.plan.composition.undisclosed[declared])
        claims = [
            Claim(lot, name, value, trust, second)
            for name, value, away in zip(self.elements, facts.tolist(), hidden.tolist(), strict=True)
            if not away
        ]
        if hidden.any():
            claims.append(Claim(lot, f"withheld{_FACT}", int(facts[hidden].sum()), trust, second))
        return claims

    def _name(self, key: Key) -> str:
        region = self.regions[key[1]] if key[1] >= 0 else "elsewhere"
        return f"{self.grades[key[0]]} {region} {key[2]}"


def withheld(facts: Whole, share: float) -> NDArray[np.bool_]:
    """Say which elements are left without a name: the smallest, as long as all of them stay within a share of the mass.

    An element of which there is nothing is withheld with them: that it is not there would tell.
    """
    if share <= 0.0:
        return np.zeros(len(facts), dtype=np.bool_)
    order = np.argsort(facts, kind="stable")
    hidden = np.zeros(len(facts), dtype=np.bool_)
    hidden[order] = np.cumsum(facts[order]) <= share * facts.sum()
    return hidden
