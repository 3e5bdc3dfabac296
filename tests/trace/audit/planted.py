"""Records that are planted: honest ones of a made-up truth, weighed with noise, and changed by hand."""

from dataclasses import replace

import numpy as np

from cesim.trace.entries import Edges, Entries, Sources
from cesim.trace.records import FAULTS, Records


def honest(entries, noise=0.0, seed=0):
    """Every entry written down at once; every mass weighed anew with a relative error."""
    many = len(entries)
    rng = np.random.default_rng(seed)

    def weighed(edges):
        mass = np.rint(edges.mass_mg * (1 + noise * rng.standard_normal(len(edges.mass_mg)))).astype(np.int64)
        return replace(edges, mass_mg=mass)

    entries = replace(
        entries, inputs=weighed(entries.inputs), outputs=weighed(entries.outputs), sources=weighed(entries.sources)
    )
    zero = np.zeros(many, dtype=np.int64)
    return Records(entries, np.arange(many), entries.time_s.copy(), zero, zero.copy())


def ordered(records, order):
    """The records of these numbers, in this order; a number may come twice."""
    entries, order = records.entries, np.asarray(order, dtype=np.int64)

    def side(edges):
        start, length = edges.start[order], np.diff(edges.start)[order]
        where = np.repeat(start - np.concatenate([[0], np.cumsum(length)[:-1]]), length) + np.arange(length.sum())
        what = edges.origin if isinstance(edges, Sources) else edges.lot
        starts = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        return type(edges)(starts, what[where], edges.mass_mg[where])

    columns = ("step", "actor", "partner", "time_s", "loss_mg", "relabel", "inside")
    changed = {name: getattr(entries, name)[order] for name in columns}
    sides = {name: side(getattr(entries, name)) for name in ("inputs", "outputs", "sources")}
    entries = Entries(names=entries.names, lots=entries.lots, **changed, **sides)
    return Records(entries, *(getattr(records, name)[order] for name in ("event", "written_s", "declared", "fault")))


def without(records, gone):
    """The records less those of these numbers."""
    return ordered(records, np.setdiff1d(np.arange(len(records)), gone))


def repeated_records(records, these, fault="duplicate"):
    """These records come a second time, right after the first, and are marked as planted."""
    order = np.sort(np.concatenate([np.arange(len(records)), these]), kind="stable")
    marked = ordered(records, order)
    second = np.append(False, order[1:] == order[:-1])
    return replace(marked, fault=np.where(second, 1 << FAULTS.index(fault), 0))


def scaled(records, side, edge, factor):
    """One mass of one side is written as a multiple of itself."""
    edges = getattr(records.entries, side)
    mass = edges.mass_mg.copy()
    mass[edge] = round(int(mass[edge]) * factor)
    changed = replace(edges, mass_mg=mass)
    assert isinstance(changed, Edges | Sources)
    return replace(records, entries=replace(records.entries, **{side: changed}))
