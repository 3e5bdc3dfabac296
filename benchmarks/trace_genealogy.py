"""Origin shares, traces and bounds on a made-up year of Chubu, beside recursive queries of DuckDB and SQLite.

The ledger is a closed loop: cars are dismantled, 8 hulks are shredded together, what is sorted goes to 4 heats each, a
heat takes 12 sorted lots, 8 lots of returned scrap and primary, and of each pressed coil half comes back as scrap. The
fan-ins are invented; how far a trace reaches depends on them.

Seconds are processor time of one thread; the ratios are the claims. A fixed numpy kernel is timed before and after.
DuckDB and SQLite find the lots upstream of a part; they compute no shares. Loading and indexing are timed apart.

    OMP_NUM_THREADS=1 python benchmarks/trace_genealogy.py [--heats 104000] [--quick]
"""

from __future__ import annotations

import argparse
import gc
import resource
import sqlite3
import time
from contextlib import closing

import numpy as np
from machine import kernel

from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.genealogy import passing
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.budget import FaultBudget, prove
from cesim.trace.genealogy.graph import Genealogy, true_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.genealogy.tracing import downstream, recall, upstream
from cesim.trace.records import Records

PERIODS = 400
CLASSES = ("primary", "run_around", "pre_auto", "pre_other", "post_elv", "post_in_use", "post_other", "chemical")
SORTED, RETURNED, HULKS, INTO_SORTED, COILS, PARTS = 12, 8, 8, 6, 4, 1
SCRAP, PART = 1, 2


class Year:
    """Writes events of one shape at a time."""

    def __init__(self) -> None:
        self.lots, self.blocks, self.kind = 0, [], []

    def events(self, lot, mass, outputs, loss=0.0, origin=None, source=None, kind=0):
        """Each row of `lot` goes into one event with so many equal outputs."""
        count = len(mass if source is None else source)
        source = np.zeros((count, 0)) if source is None else source
        origin = np.zeros((count, 0), dtype=np.int64) if origin is None else origin
        total = mass.sum(axis=1) + source.sum(axis=1)
        made = np.repeat(np.floor(total * (1 - loss) / outputs)[:, None], outputs, axis=1)
        out = self.lots + np.arange(count * outputs).reshape(count, outputs)
        self.lots += out.size
        self.kind.append(np.broadcast_to(np.asarray(kind), out.shape).ravel())
        self.blocks.append((lot, mass, out, made, origin, source, total - made.sum(axis=1)))
        return out, made

    def genealogy(self) -> Genealogy:
        def column(n, of):
            return np.concatenate([block[n].ravel() for block in self.blocks]).astype(of)

        def start(n):
            counts = np.concatenate([np.full(len(block[n]), block[n].shape[1]) for block in self.blocks])
            return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

        loss = column(6, np.float64)
        return Genealogy(
            self.lots, len(CLASSES), start(0), column(0, np.int64), column(1, np.float64),
            start(2), column(2, np.int64), column(3, np.float64),
            start(4), column(4, np.int64), column(5, np.float64), loss, np.full(len(loss), -1),
        )  # fmt: skip


def none_of(count):
    """No lots: edges of events that only have a source."""
    return np.zeros((count, 0), dtype=np.int64), np.zeros((count, 0))


def used(rng, lots, masses, events, share):
    """Lots used in `share` events each, in random order, (event, lots) and masses."""
    place = rng.permutation(np.repeat(np.arange(lots.size), share))
    return lots.ravel()[place].reshape(events, -1), np.floor(masses.ravel()[place] / share).reshape(events, -1)


def drawn(heats: int) -> tuple[Genealogy, np.ndarray]:
    """A year of so many heats, and what each lot is."""
    rng = np.random.default_rng(0)
    year, each = Year(), max(2, heats // PERIODS // 2 * 2)
    first = each * RETURNED // 2
    returned = year.events(*none_of(first), 1, origin=np.full((first, 1), 2), source=np.full((first, 1), 10_000_000))
    for _ in range(PERIODS):
        cars = each // 2 * HULKS
        source, origin = rng.integers(8, 12, (cars, 1)) * 10_000_000, rng.choice([4, 4, 4, 6], (cars, 1))
        car, mass = year.events(*none_of(cars), 1, origin=origin, source=source)
        parted, mass = year.events(car, mass, 2)
        shredded = year.events(parted[:, 0].reshape(-1, HULKS), mass[:, 0].reshape(-1, HULKS), 1, loss=0.02)
        sorted_ = year.events(*shredded, INTO_SORTED, loss=0.05)
        into, back = used(rng, *sorted_, each, 4), used(rng, *returned, each, 2)
        source, origin = np.floor(0.5 * into[1].sum(axis=1, keepdims=True)), rng.choice([0, 0, 0, 0, 3], (each, 1))
        metal = year.events(*none_of(each), 1, origin=origin, source=source)
        lots, masses = (np.hstack([into[n], back[n], metal[n]]) for n in (0, 1))
        coil, mass = year.events(*year.events(lots, masses, 1, loss=0.03), COILS)
        pressed, mass = year.events(coil.reshape(-1, 1), mass.reshape(-1, 1), 2, kind=[PART, SCRAP])
        returned = pressed[:, 1], mass[:, 1]
    return year.genealogy(), np.concatenate(year.kind)


def timed(work, times=3):
    """The best of some runs, s of processor time, and the answer."""
    best = np.inf
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        answer = work()
        best = min(best, time.process_time() - begun)
    return best, answer


def pairs(genealogy):
    """Child and parent of each edge between lots, as recursive queries have it."""
    into, out = np.diff(genealogy.in_start), np.diff(genealogy.out_start)
    event = np.repeat(np.arange(len(genealogy)), into * out)
    place = np.arange(len(event)) - np.repeat(np.cumsum(into * out) - into * out, into * out)
    child = genealogy.out_lot[genealogy.out_start[event] + place // into[event]]
    return child, genealogy.in_lot[genealogy.in_start[event] + place % into[event]]


QUERY = """
with recursive above(lot) as (
  select cast({lot} as bigint) union select edge.parent from edge join above on edge.child = above.lot
) select count(*) - 1 from above
"""


def in_duckdb(child, parent, lot):
    import duckdb
    import pyarrow as pa

    with closing(duckdb.connect()) as base:
        base.execute("set threads to 1")
        base.register("edges", pa.table({"child": child, "parent": parent}))
        load, _ = timed(lambda: base.execute("create or replace table edge as select * from edges"), 1)
        query, found = timed(lambda: base.execute(QUERY.format(lot=lot)).fetchone()[0])
    return load, query, found


def in_sqlite(child, parent, lot):
    with closing(sqlite3.connect(":memory:")) as base:

        def load():
            base.execute("create table edge (child integer, parent integer)")
            base.executemany("insert into edge values (?, ?)", zip(child.tolist(), parent.tolist(), strict=True))
            base.execute("create index up on edge (child, parent)")

        loading, _ = timed(load, 1)
        query, found = timed(lambda: base.execute(QUERY.format(lot=lot)).fetchone()[0], 1)
    return loading, query, found


def recorded(genealogy) -> Records:
    """Records of every event, none missing, all by one works."""
    count, zeros = len(genealogy), np.zeros(len(genealogy), dtype=np.int64)
    masses = np.full(genealogy.lots, -1)
    entries = Entries(
        Names((Actor("works", "casthouse"),), ("", "scrap", "part"), ("",), CLASSES),
        Lots(np.zeros(genealogy.lots, dtype=np.int64), np.zeros(genealogy.lots, dtype=np.int64), masses),
        np.full(count, 10), zeros, zeros - 1, np.arange(count),
        Edges(genealogy.in_start, genealogy.in_lot, genealogy.in_mass.astype(np.int64)),
        Edges(genealogy.out_start, genealogy.out_lot, genealogy.out_mass.astype(np.int64)),
        Sources(genealogy.source_start, genealogy.source_class, genealogy.source_mass.astype(np.int64)),
        genealogy.loss.astype(np.int64), genealogy.relabel, np.zeros(count, dtype=bool),
    )  # fmt: skip
    return Records(entries, np.arange(count), np.arange(count), zeros, zeros)


def with_lost_edges(genealogy, lost):
    """The genealogy with so many of its input edges known by their mass alone."""
    from dataclasses import replace

    gone = np.random.default_rng(1).random(len(genealogy.in_lot)) < lost
    return replace(genealogy, in_lot=np.where(gone, -1, genealogy.in_lot))


def losses(genealogy, weight):
    """Width of the interval over lost edges: the shape of what others measured; their ledger was never published."""
    print("input edges lost   provable   possible      width   (post-consumer, all parts by mass)")
    for lost in (0.0, 0.01, 0.05, 0.1, 0.2, 0.4):
        group = bounds(shares(with_lost_edges(genealogy, lost)), [4, 5, 6]).of(weight)
        print(f"{lost:16.0%} {group.provable:10.3f} {group.possible:10.3f} {group.width:10.3f}")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--heats", type=int, default=104_000)
    asked.add_argument("--quick", action="store_true", help="a twentieth of it")
    options = asked.parse_args()
    before = kernel()
    genealogy, kind = drawn(options.heats // 20 if options.quick else options.heats)
    child, parent = pairs(genealogy)
    into, out = len(genealogy.in_lot), len(genealogy.out_lot)
    print(f"{genealogy.lots:,} lots, {len(genealogy):,} events, {into:,} input and {out:,} output edges,")
    print(f"{len(child):,} edges from lot to lot, {len(CLASSES)} classes")
    shares(genealogy), upstream(genealogy, 0), downstream(genealogy, 0)  # compile
    fresh = Genealogy(**{name: getattr(genealogy, name) for name in Genealogy.__dataclass_fields__})
    first, _ = timed(lambda: shares(fresh), 1)
    compiled, share = timed(lambda: shares(genealogy))
    passing._is_compiled = lambda: False
    plain, twin = timed(lambda: shares(genealogy), 1)
    passing._is_compiled = lambda: True
    parts = np.flatnonzero(kind == PART)
    cars = np.flatnonzero(np.isin(genealogy.birth, np.flatnonzero(np.diff(genealogy.source_start))))
    lot, car = int(parts[len(parts) // 2]), int(cars[len(cars) // 2])
    up, above = timed(lambda: upstream(genealogy, lot))
    cut, few = timed(lambda: upstream(genealogy, lot, cut=0.001))
    down, below = timed(lambda: downstream(genealogy, car))
    call, called = timed(lambda: recall(genealogy, [car], kind, [PART]))
    print(
        f"shares of all lots: {compiled:.2f} s compiled (the first time {first:.2f} s), {plain:.2f} s by scipy alone;"
    )
    print(
        f"    they differ by {np.abs(share - twin).max():.1e}, rows miss 1 by {np.abs(share.sum(axis=1) - 1).max():.1e}"
    )
    print(f"upstream of a part: {up:.3f} s, {len(above.lots):,} lots", end="; ")
    print(f"cut at 0.1 %: {cut:.3f} s, {len(few.lots):,} lots")
    print(f"downstream of a car: {down:.3f} s, {len(below.lots):,} lots", end="; ")
    print(f"recall {call:.3f} s, {len(called.certain):,} parts")
    beside(child, parent, lot, up, len(above.lots), compiled)
    weight = np.where(kind == PART, shares_mass(genealogy), 0.0)
    records = recorded(genealogy)
    again, _ = timed(lambda: rebuild(records), 1)
    budget = FaultBudget(wrong_share=0.0001, weighing_sd=0.002)
    proof, found = timed(lambda: prove(genealogy, [4, 5, 6], weight, budget), 1)
    print(f"genealogy rebuilt from {len(records):,} records: {again:.2f} s; true one: ", end="")
    print(f"{timed(lambda: true_genealogy(records.entries), 1)[0]:.2f} s")
    print(
        f"proof for all parts: {proof:.2f} s; {found.wrong_allowed} of {found.records_behind:,} records may be wrong: ",
        end="",
    )
    print(f"[{found.provable:.3f}, {found.possible:.3f}] of {float(found.if_all_right.provable):.3f}")
    losses(genealogy, weight)
    after = kernel()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"kernel {before:.2f} s before, {after:.2f} s after: shares {compiled / min(before, after):.3f} kernels, ",
        end="",
    )
    print(f"upstream {up / min(before, after):.3f} kernels; peak memory {peak:.1f} GB")


def beside(child, parent, lot, up, lots, compiled):
    """The same question to the data bases."""
    for name, ask in (("DuckDB", in_duckdb), ("SQLite", in_sqlite)):
        load, query, found = ask(child, parent, lot)
        assert found == lots, (name, found, lots)
        print(f"{name}: loaded in {load:.1f} s, the lots upstream of the part in {query:.2f} s: ", end="")
        print(f"{query / up:.0f} times a trace with shares, {query / compiled:.1f} times the shares of all lots")


def shares_mass(genealogy):
    """mg of each lot as made."""
    mass = np.zeros(genealogy.lots)
    mass[genealogy.out_lot] = genealogy.out_mass
    return mass


if __name__ == "__main__":
    main()
