"""Ledgers drawn at random: a true one that closes to the milligram, and records of it with things missing."""

from dataclasses import replace

import numpy as np

from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.records import Records
from cesim.trace.steps import STEPS

CLASSES = ("primary", "pre_auto", "post_elv", "post_other")
SHIPPING, RECEIVING = STEPS.index("shipping"), STEPS.index("receiving")
MELTING, SUPPLY, RETURN = STEPS.index("melting"), STEPS.index("supply"), STEPS.index("scrap_return")


class Writer:
    """Writes entries one by one."""

    def __init__(self, actors=3, classes=CLASSES):
        self.names = Names(tuple(Actor(f"works {n}", "casthouse") for n in range(actors)), ("a", "b"), ("",), classes)
        self.rows, self.masses, self.kinds = [], [], []

    def lot(self, mass, kind=0):
        self.masses.append(mass)
        self.kinds.append(kind)
        return len(self.masses) - 1

    def write(self, step, actor, inputs=(), outputs=(), sources=(), loss=0, relabel=-1, partner=-1):
        self.rows.append(
            (step, actor, partner, len(self.rows), list(inputs), list(outputs), list(sources), loss, relabel)
        )

    def entries(self):
        return entries_of(self.rows, self.names, self.masses, self.kinds)


def entries_of(rows, names, masses, kinds=None):
    """Put rows (step, actor, partner, time, inputs, outputs, sources, loss, relabel) into columns."""
    lots = Lots(whole(kinds or [0] * len(masses)), whole([0] * len(masses)), whole(masses))
    column = [whole([row[n] for row in rows]) for n in range(9) if n not in (4, 5, 6)]
    sides = []
    for n in (4, 5, 6):
        start = np.concatenate([[0], np.cumsum([len(row[n]) for row in rows])]).astype(np.int64)
        flat = [edge for row in rows for edge in row[n]]
        sides.append((start, whole([what for what, _ in flat]), whole([mass for _, mass in flat])))
    step, actor, partner, time_s, loss, relabel = column
    inside = np.zeros(len(rows), dtype=bool)
    return Entries(
        names, lots, step, actor, partner, time_s,
        Edges(*sides[0]), Edges(*sides[1]), Sources(*sides[2]), loss, relabel, inside,
    )  # fmt: skip


def rows_of(entries):
    """The rows of entries, to change and put back with `entries_of`."""
    rows = []
    for e in range(len(entries)):
        sides = []
        for side, what in ((entries.inputs, "lot"), (entries.outputs, "lot"), (entries.sources, "origin")):
            cut = slice(side.start[e], side.start[e + 1])
            sides.append(list(zip(getattr(side, what)[cut].tolist(), side.mass_mg[cut].tolist(), strict=True)))
        rows.append([
            int(entries.step[e]), int(entries.actor[e]), int(entries.partner[e]), int(entries.time_s[e]), *sides,
            int(entries.loss_mg[e]), int(entries.relabel[e]),
        ])  # fmt: skip
    return rows


def whole(values):
    return np.asarray(values, dtype=np.int64)


def split(rng, mass, into):
    """Split whole mg at random."""
    cuts = np.sort(rng.integers(0, mass + 1, into - 1))
    return np.diff(np.concatenate([[0], cuts, [mass]])).tolist()


def drawn(rng, events=25, actors=3, loss=0.2):
    """A true ledger: lots are supplied, go from hand to hand, are melted n -> m, and scrap comes back."""
    writer = Writer(actors)
    left, holder = {}, {}
    for _ in range(events):
        actor = int(rng.integers(actors))
        inputs, sources, relabel, step = [], [], -1, MELTING
        for lot in rng.permutation(list(left))[: rng.integers(0, 4)].tolist():
            take = left[lot] if rng.random() < 0.6 else int(rng.integers(1, left[lot] + 1))
            if holder[lot] != actor:
                kind = SHIPPING if rng.random() < 0.5 else RECEIVING
                writer.write(kind, holder[lot], [(lot, left[lot])], partner=actor)
                holder[lot] = actor
            inputs.append((lot, take))
            left[lot] -= take
            if not left[lot]:
                del left[lot]
        if not inputs or rng.random() < 0.3:
            classes = len(writer.names.classes)
            sources = [(int(rng.integers(classes)), int(rng.integers(1, 10**9))) for _ in range(rng.integers(1, 3))]
            step = MELTING if inputs else SUPPLY
        elif rng.random() < 0.15:
            relabel, step = 1, RETURN
        total = sum(m for _, m in inputs) + sum(m for _, m in sources)
        lost = int(total * rng.uniform(0, loss)) if rng.random() < 0.5 else 0
        masses = [m for m in split(rng, total - lost, int(rng.integers(1, 4))) if m] or [total - lost]
        outputs = [(writer.lot(m, int(rng.integers(2))), m) for m in masses]
        writer.write(step, actor, inputs, outputs, sources, lost, relabel)
        for lot, mass in outputs:
            if mass:
                left[lot], holder[lot] = mass, actor
    return writer.entries()


def records_of(entries, kept=None):
    """Records that say what the entries say."""
    count = len(entries)
    zeros = np.zeros(count, dtype=np.int64)
    event = np.arange(count) if kept is None else whole(kept)
    return Records(entries, event, entries.time_s.copy(), zeros, zeros.copy())


def with_losses(rng, entries, share):
    """Records with whole records, input edges and classes of sources left out at random."""
    rows, kept = [], []
    for number, row in enumerate(rows_of(entries)):
        if rng.random() < share:
            continue
        row[4] = [edge for edge in row[4] if rng.random() >= share]
        row[6] = [(-1 if rng.random() < share else k, m) for k, m in row[6] if rng.random() >= share]
        if rng.random() < share:
            row[8] = -1
        rows.append(row)
        kept.append(number)
    return records_of(entries_of(rows, entries.names, entries.lots.mass_mg.tolist(), entries.lots.kind.tolist()), kept)


def went_in(entries):
    """What went into each entry, mg."""
    of = np.repeat(np.arange(len(entries)), np.diff(entries.sources.start))
    return entries.inputs.sums() + np.bincount(of, entries.sources.mass_mg, minlength=len(entries)).astype(np.int64)


def without_declared(rng, entries, share):
    """The entries with up to this share of what went in lost and not declared, taken off the declared loss."""
    hidden = np.minimum((rng.uniform(0, share, len(entries)) * went_in(entries)).astype(np.int64), entries.loss_mg)
    return replace(entries, loss_mg=entries.loss_mg - hidden)
