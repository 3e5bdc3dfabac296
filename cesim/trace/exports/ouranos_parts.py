"""Lots of a ledger folded into kinds of parts: the same maker, the same goods, the same month.

Who has a lot when others first hear of it counts as its maker.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError
from cesim.trace.exports.hearing import first_heard
from cesim.trace.steps import HANDOVERS, STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges
    from cesim.trace.exports.epcis_ledger import Ledger
    from cesim.trace.exports.lost import Lost

    Whole = NDArray[np.int64]

_RECEIVING: Final = STEPS.index("receiving")


@dataclass
class Folded:
    """Kinds of parts, each of which a ledger may have many lots of.

    Attributes
    ----------
    of_lot : (lot,)
        Part of each lot; -1 for one of which nobody outside hears.
    maker, goods, month, kind, item, mass_mg
        Of each part.
    children
        Of each part that was made of others, the mass of every other that went into it.
    held
        Who holds which part: who makes it, and who takes it over.
    trades
        Giver, taker and part.
    footprint
        kg CO2e a kg, of the parts of which it is known.
    """

    of_lot: Whole
    maker: list[int]
    goods: list[int]
    month: list[str]
    kind: list[str]
    item: list[str]
    mass_mg: list[int]
    children: dict[int, dict[int, float]] = field(default_factory=dict)
    held: set[tuple[int, int]] = field(default_factory=set)
    trades: set[tuple[int, int, int]] = field(default_factory=set)
    footprint: dict[int, float] = field(default_factory=dict)

    def days(self, part: int) -> str:
        """Return the first and the last day of a part's month."""
        year, month = (int(word) for word in self.month[part].split("-"))
        return f"{self.month[part]}-01-{self.month[part]}-{monthrange(year, month)[1]:02}"


def folded(ledger: Ledger, lost: Lost, footprint: NDArray[np.float64] | None = None) -> Folded:
    """Fold the lots of a ledger, and count what is lost by it.

    Raises
    ------
    InputError
        ``export_shares`` for footprints that are not one number a lot.
    """
    parts = _parts(ledger, lost)
    parts.held.update((maker, part) for part, maker in enumerate(parts.maker))
    _give_children(ledger, parts, lost)
    _give_trades(ledger, parts, lost)
    if footprint is not None:
        _give_footprints(ledger, parts, footprint)
    entries = ledger.entries
    lost.left_out["times_and_masses"] += int((~entries.inside).sum())
    lost.left_out["losses"] += int(((entries.loss_mg != 0) & ~entries.inside).sum())
    lost.left_out["origins"] += len(entries.sources.origin)
    return parts


def _parts(ledger: Ledger, lost: Lost) -> Folded:
    entries, names = ledger.entries, ledger.entries.names
    heard = first_heard(entries)
    named = heard.actor >= 0
    lots, entry = heard.lot[named], heard.entry[named]
    begin = np.datetime64(f"{ledger.first_year:04}-01-01T00:00:00", "s")
    month = (begin + entries.time_s[entry].astype("timedelta64[s]")).astype("datetime64[M]")
    rows = np.stack([heard.actor[named], ledger.called.goods[lots], month.astype(np.int64)], axis=1)
    found, inverse = np.unique(rows, axis=0, return_inverse=True)
    of_lot = np.full(len(entries.lots), -1)
    of_lot[lots] = inverse.ravel()
    mass = np.zeros(len(found), dtype=np.int64)
    np.add.at(mass, inverse.ravel(), np.maximum(heard.mass_mg[named], 0))
    lost.left_out["lots_inside"] += len(entries.lots) - len(heard.lot)
    lost.left_out["lots_of_nobody"] += int((~named).sum())
    lost.left_out["made_inside"] += int((named & ~heard.made).sum())
    lost.folded["lots"] += len(lots) - len(found)
    items = ledger.called.items
    goods = found[:, 1].tolist()
    return Folded(
        of_lot, found[:, 0].tolist(), goods, found[:, 2].astype("datetime64[M]").astype(str).tolist(),
        [names.kinds[one // items] if names.kinds else "" for one in goods],
        [names.items[one % items] if names.items else "" for one in goods], mass.tolist(),
    )  # fmt: skip


def _give_children(ledger: Ledger, parts: Folded, lost: Lost) -> None:
    """Share what went into each entry among what came out, in proportion to mass, and add it up by parts."""
    entries = ledger.entries
    total: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    both = (np.diff(entries.inputs.start) > 0) & (np.diff(entries.outputs.start) > 0) & ~entries.inside
    for n in np.flatnonzero(both).tolist():
        out = _by_part(entries.outputs, n, parts)
        whole = sum(out.values())
        for child, mass in _by_part(entries.inputs, n, parts).items():
            if child < 0:
                lost.left_out["inputs_of_nobody"] += 1
                continue
            for parent, share in out.items():
                if parent >= 0 and whole > 0:
                    total[parent][child] += mass * share / whole
    for parent, children in total.items():
        kept = {child: mass for child, mass in children.items() if child != parent}
        lost.left_out["made_of_themselves"] += len(children) - len(kept)
        if kept and parts.mass_mg[parent] > 0:
            parts.children[parent] = kept
            parts.held.update((parts.maker[parent], child) for child in kept)


def _by_part(edges: Edges, entry: int, parts: Folded) -> dict[int, int]:
    found: dict[int, int] = {}
    rows = slice(int(edges.start[entry]), int(edges.start[entry + 1]))
    for part, mass in zip(parts.of_lot[edges.lot[rows]].tolist(), edges.mass_mg[rows].tolist(), strict=True):
        found[part] = found.get(part, 0) + max(mass, 0)
    return found


def _give_trades(ledger: Ledger, parts: Folded, lost: Lost) -> None:
    """Find who hands which part to whom, from what either side says."""
    entries = ledger.entries
    entry = entries.inputs.entry()
    handed = np.isin(entries.step[entry], HANDOVERS) & ~entries.inside[entry] & (entries.actor[entry] >= 0)
    named = handed & (entries.partner[entry] >= 0)
    part = parts.of_lot[entries.inputs.lot]
    lost.left_out["handovers_to_nobody"] += int((handed & ~named).sum())
    known = named & (part >= 0)
    lost.left_out["handovers_of_nobody"] += int((named & ~known).sum())
    takes = entries.step[entry] == _RECEIVING
    giver = np.where(takes, entries.partner[entry], entries.actor[entry])
    taker = np.where(takes, entries.actor[entry], entries.partner[entry])
    rows = np.unique(np.stack([giver[known], taker[known], part[known]], axis=1), axis=0)
    parts.trades.update((int(a), int(b), int(c)) for a, b, c in rows.tolist())
    parts.held.update((holder, row[2]) for row in parts.trades for holder in row[:2])
    lost.folded["handovers"] += int(known.sum()) - len(parts.trades)


def _give_footprints(ledger: Ledger, parts: Folded, footprint: NDArray[np.float64]) -> None:
    """Mean of the lots of each part, by mass."""
    if footprint.shape != (len(ledger.entries.lots),) or not np.isfinite(footprint).all():
        allowed = f"({len(ledger.entries.lots)},)"
        raise InputError([Fault("export_shares", arguments={"found": str(footprint.shape), "allowed": allowed})])
    mass = np.maximum(ledger.entries.lots.mass_mg, 0).astype(float)
    known = np.flatnonzero((parts.of_lot >= 0) & (footprint >= 0) & (mass > 0))
    count = len(parts.maker)
    of = parts.of_lot[known]
    weight = np.bincount(of, weights=mass[known], minlength=count)
    total = np.bincount(of, weights=mass[known] * footprint[known], minlength=count)
    for part in np.flatnonzero(weight > 0).tolist():
        parts.footprint[part] = float(total[part] / weight[part])
