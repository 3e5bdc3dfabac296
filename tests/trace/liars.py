"""Records that are wrong on purpose, by mistake, or by a scale."""

import numpy as np
from made_up_ledgers import entries_of, records_of, rows_of


def back(entries, rows, kept=None):
    return records_of(entries_of(rows, entries.names, entries.lots.mass_mg.tolist(), entries.lots.kind.tolist()), kept)


def makers(entries):
    return np.flatnonzero(np.diff(entries.outputs.start) > 0)


def lying(rng, records, chosen, claimed):
    """The chosen records claim that what they made is of class `claimed`, each in its own way."""
    rows = rows_of(records.entries)
    for place in chosen:
        row, way = rows[place], rng.integers(4)
        if way == 0:  # new scrap, it says
            row[8] = claimed
        elif way == 1:  # all from a source of that class
            row[4], row[6] = [], [(claimed, sum(m for _, m in row[5]) + row[7])]
        elif way == 2:  # its sources are relabelled
            row[6] = [(claimed, m) for _, m in row[6]]
        else:  # it names other lots, made before
            before = [lot for other in rows[:place] for lot, _ in other[5]]
            row[4] = [(int(rng.choice(before)), m) for _, m in row[4]] if before else row[4]
    return back(records.entries, rows, records.event)


def weighed(rng, records, sd):
    """Every mass of every record as a scale shows it; each record has one scale with its own bias."""
    rows = rows_of(records.entries)
    for row in rows:
        bias = rng.uniform(0.9, 1.1)
        for side in (4, 5, 6):
            row[side] = [(what, round(mass * bias * (1 + sd * rng.standard_normal()))) for what, mass in row[side]]
        row[7] = round(row[7] * bias * (1 + sd * rng.standard_normal()))
    return back(records.entries, rows, records.event)
