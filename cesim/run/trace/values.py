"""Whose records narrow the interval of a product: whom to bring on board first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from cesim.run.trace.products import products_of
from cesim.trace.audit.value import Widths, onboarding, values
from cesim.trace.passing import handed_back, shares
from cesim.trace.rebuilding import rebuild
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.trace.products import Product
    from cesim.run.trace.tracing import Tracing
    from cesim.trace.genealogy import Genealogy

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]

FIRST: Final = 8
"""How many are brought on board, one after the other."""


@dataclass(frozen=True)
class Upstream:
    """What lies upstream of a product, by whose records it is known.

    Attributes
    ----------
    genealogy
        Of the records, events upstream alone.
    actor : (event,)
        Who wrote each event.
    maker : (input edge,)
        Who wrote where the lot comes from; -1 for an unknown lot.
    sent, taken : (input edge,)
        Who wrote that it was handed over: its shipper, its receiver; -1 for nobody.
    moved : (input edge,)
        Whether it was handed over at all.
    weight : (lot,)
        Share of the product that each of its lots is.
    """

    genealogy: Genealogy
    actor: Whole
    maker: Whole
    sent: Whole
    taken: Whole
    moved: Truths
    weight: Floats

    def width(self, there: Truths) -> float:
        """Return the unknown share of the product with the records of some actors, (actor,)."""
        on = np.append(there, False)
        g = self.genealogy
        event = on[self.actor]
        edge_event = np.repeat(event, np.diff(g.in_start))
        told = on[self.maker] & (~self.moved | on[self.sent] | on[self.taken]) & edge_event
        source = np.repeat(event, np.diff(g.source_start))
        known = replace(
            g,
            in_lot=np.where(told, g.in_lot, -1),
            source_class=np.where(source & (g.source_class >= 0), 0, -1),
            relabel=np.where(event & (g.relabel >= 0), 0, -1),
            classes=1,
        )
        return float(1.0 - self.weight @ shares(known)[:, 0])


def upstream_of(tracing: Tracing, product: Product) -> Upstream:
    """Return what lies upstream of a product in the records that there are."""
    rebuilt = tracing.rebuilt
    whole, entries = rebuilt.genealogy, tracing.records.entries
    mass = tracing.entries.lots.mass_mg[product.lots].astype(np.float64)
    weight = np.zeros(whole.lots)
    weight[product.lots] = mass / mass.sum()
    _, through = handed_back(whole, weight)
    kept = through > 0
    genealogy, edge = _only(whole, kept)
    record = rebuilt.record[kept]
    actor = entries.actor[record]
    named = rebuilt.named[edge]
    birth = whole.birth
    known = genealogy.in_lot >= 0
    maker = np.full(len(genealogy.in_lot), -1)
    maker[known] = entries.actor[rebuilt.record[birth[genealogy.in_lot[known]]]]
    sent, taken, moved = _handed(tracing, named)
    own = np.repeat(actor, np.diff(genealogy.in_start))
    return Upstream(genealogy, actor, maker, sent, taken, moved | (known & (maker != own)), weight)


def _only(whole: Genealogy, kept: Truths) -> tuple[Genealogy, Whole]:
    """Return the genealogy of some events, and which input edges are left."""
    sides = [(whole.in_start, whole.in_lot), (whole.out_start, whole.out_lot), (whole.source_start, whole.source_class)]
    edges = [np.flatnonzero(np.repeat(kept, np.diff(start))) for start, _ in sides]
    starts = [np.concatenate([[0], np.cumsum(np.diff(start)[kept])]) for start, _ in sides]
    ins, outs, sources = edges
    born = np.zeros(whole.lots + 1, dtype=bool)
    born[whole.out_lot[outs]] = True
    in_lot = np.where(born[whole.in_lot[ins]] & (whole.in_lot[ins] >= 0), whole.in_lot[ins], -1)
    return replace(
        whole, in_start=starts[0], in_lot=in_lot, in_mass=whole.in_mass[ins], out_start=starts[1],
        out_lot=whole.out_lot[outs], out_mass=whole.out_mass[outs], source_start=starts[2],
        source_class=whole.source_class[sources], source_mass=whole.source_mass[sources], loss=whole.loss[kept],
        relabel=whole.relabel[kept],
    ), ins  # fmt: skip


def _handed(tracing: Tracing, lots: Whole) -> tuple[Whole, Whole, Truths]:
    """Return of some lots who wrote that they were shipped and received, and whether they were handed over at all."""
    entries = tracing.records.entries
    who = []
    into = entries.inputs.entry()
    for step in ("shipping", "receiving"):
        at = (entries.step == STEPS.index(step))[into] & (entries.inputs.lot >= 0)
        by = np.full(len(entries.lots) + 1, -1)
        by[entries.inputs.lot[at]] = entries.actor[into[at]]
        by[-1] = -1
        who.append(by[lots])
    sent, taken = who
    return sent, taken, (sent >= 0) | (taken >= 0)


def values_frames(tracing: Tracing, first: int = FIRST) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`values` and `onboarding`: what each actor's records are worth for each product, and in which order to begin.

    Values are points of the product of which the origin becomes known (width of the interval). Everybody who takes part
    in the hypothesis is on board: `leaves` is what would be lost without one, `joins` what it would add alone.
    """
    worth: list[dict[str, Any]] = []
    order: list[dict[str, Any]] = []
    actors = tracing.entries.names.actors
    for product in products_of(tracing.entries):
        upstream = upstream_of(tracing, product)
        widths = Widths(upstream.width)
        whom = np.unique(upstream.actor).tolist()
        present = np.zeros(len(actors), dtype=bool)
        nobody = present.copy()
        present[whom] = True
        worth += [
            {"product": product.key, "actor": actors[one.actor].name, "role": actors[one.actor].role,
             "place": actors[one.actor].place, "leaves": one.leaves, "joins": one.joins}
            for one in values(widths, whom, present)
        ]  # fmt: skip
        found = onboarding(widths, whom, nobody, first)
        order += [{"product": product.key, "place": 0, "actor": "", "width": found.width[0]}]
        order += [
            {"product": product.key, "place": n + 1, "actor": actors[actor].name, "width": width}
            for n, (actor, width) in enumerate(zip(found.order, found.width[1:], strict=True))
        ]
    return pd.DataFrame(worth), pd.DataFrame(order)


def losses_frame(tracing: Tracing, losses: tuple[float, ...] = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)) -> pd.DataFrame:
    """`losses`: the unknown share of each product when everybody is honest and a share of all records is lost."""
    from cesim.quantities import KeyedSource
    from cesim.trace.policies import Policies
    from cesim.trace.policy import Policy
    from cesim.trace.writing import write_records

    if tracing.truth is None:
        return pd.DataFrame(columns=["product", "lost", "width"])
    rows = []
    for lost in losses:
        policies = Policies(otherwise=Policy(coverage=1.0 - lost))
        records = write_records(tracing.truth, policies, KeyedSource(tracing.about["seed"]))
        told = shares(rebuild(records).genealogy).sum(axis=1)
        for product in products_of(tracing.truth):
            mass = tracing.truth.lots.mass_mg[product.lots].astype(np.float64)
            width = 1.0 - float(told[product.lots] @ mass) / float(mass.sum())
            rows.append({"product": product.key, "lost": lost, "width": max(0.0, width)})
    return pd.DataFrame(rows)
