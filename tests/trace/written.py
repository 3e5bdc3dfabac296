"""Records as plain tuples, so that tests compare what stands in a book and not how it is kept."""

from itertools import pairwise

import numpy as np

from cesim.trace.records import FAULTS


def rows(entries, lots=None):
    """Return one tuple an entry; lots from number `lots` on, that never were, are all called "new"."""

    def side(edges, what):
        start = edges.start.tolist()
        pairs = list(zip(what.tolist(), edges.mass_mg.tolist(), strict=True))
        return [tuple(pairs[a:b]) for a, b in pairwise(start)]

    known = len(entries.lots) if lots is None else lots

    def named(edges):
        return [tuple(("new" if lot >= known else lot, mass) for lot, mass in one) for one in side(edges, edges.lot)]

    columns = [entries.step, entries.actor, entries.partner, entries.time_s, entries.loss_mg, entries.relabel]
    return list(
        zip(
            *(column.tolist() for column in (*columns, entries.inside)),
            named(entries.inputs), named(entries.outputs), side(entries.sources, entries.sources.origin),
            strict=True,
        )
    )  # fmt: skip


def book(records, lots):
    """Return one tuple a record: what it says, of which entry, when, under which declaration, and what is wrong."""
    said = records.written_s if records.said_s is None else records.said_s
    beside = (records.event, records.written_s, records.declared, records.fault, said)
    return [
        (*row, *more)
        for row, *more in zip(rows(records.entries, lots), *(column.tolist() for column in beside), strict=True)
    ]


def having(records, *faults):
    """Return which records have any of some faults."""
    bits = sum(1 << FAULTS.index(fault) for fault in faults)
    return (records.fault & bits) != 0


def owned(records, lots, actor, but=("collusion", "double_claim")):
    """Return the book of one actor, less what two write together."""
    alone = ~having(records, *but) if but else np.ones(len(records), dtype=bool)
    keep = alone & (records.entries.actor == actor)
    return [row for row, kept in zip(book(records, lots), keep.tolist(), strict=True) if kept]
