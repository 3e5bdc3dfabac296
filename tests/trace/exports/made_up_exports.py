"""Ledgers with every step, odd names and extreme masses; and documents read back exactly."""

import io
import json
from decimal import Decimal

import numpy as np

from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.exports.epcis import write_epcis
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.records import Records
from cesim.trace.steps import ROLES, STEPS

ODD = (
    "", "6016", "PP <script>alert(1)</script>", 'say "no"', "back\\slash", "名古屋　第二工場", "line\nbreak\ttab",
    "nul\x00bel\x07", "\u2028\u2029", "𠮷野家🚗", "x" * 500, "half \ud800 surrogate", "</epcis>]]>&amp;", "%00%22",
)  # fmt: skip
"""Names that must stay data."""
KINDS = ("car", "hulk", "scrap", "part", "slab", *ODD)
ITEMS = ("6016", "ADC12", "PP", "steel", *ODD)
MASSES = (-1, 0, 1, 999_999, 1_000_000, 1_000_001, 123_456_789, 10**12 + 1, 2**53)
"""mg; -1 is not told."""


def random_entries(seed, count, masses=MASSES, labels=None):
    """A ledger whose entries have any step and any number of lots on either side."""
    rng = np.random.default_rng(seed)
    sides = {"inputs": [], "outputs": [], "sources": []}
    made = 0
    for _ in range(count):
        into = rng.integers(0, made, rng.integers(0, 4)).tolist() if made else []
        out = int(rng.integers(0, 4)) if made else 2
        sides["inputs"].append([(lot, rng.choice(masses)) for lot in into])
        sides["outputs"].append([(made + k, rng.choice(masses)) for k in range(out)])
        sides["sources"].append([(rng.integers(-1, 9), rng.choice(masses)) for _ in range(rng.integers(0, 3))])
        made += out
    actors = tuple(Actor(ODD[n % len(ODD)], ROLES[n % len(ROLES)], ODD[-1 - n % len(ODD)]) for n in range(20))
    lots = Lots(
        rng.integers(0, len(KINDS), made), rng.integers(0, len(ITEMS), made), rng.choice(masses, made),
        None if labels is None else labels(made),
    )  # fmt: skip
    return Entries(
        Names(actors, KINDS, ITEMS), lots, rng.integers(0, len(STEPS), count), rng.integers(-1, 20, count),
        rng.integers(-1, 20, count), np.sort(rng.integers(-(10**9), 10**9, count)), *_sides(sides),
        rng.choice([0, 0, 5, -7, 2**53], count), rng.integers(-1, 9, count), rng.random(count) < 0.05,
    )  # fmt: skip


def _sides(sides):
    for name, listed in sides.items():
        start = np.concatenate([[0], np.cumsum([len(edges) for edges in listed])]).astype(np.int64)
        flat = np.array([edge for edges in listed for edge in edges], dtype=np.int64).reshape(-1, 2)
        yield (Sources if name == "sources" else Edges)(start, flat[:, 0].copy(), flat[:, 1].copy())


def records_of(entries, **columns):
    """Everything written down as it was, a minute later, in full."""
    count = len(entries)
    given = {
        "event": np.arange(count),
        "written_s": entries.time_s + 60,
        "declared": np.zeros(count, dtype=np.int64),
        "fault": np.zeros(count, dtype=np.int64),
    }
    return Records(entries, **{**given, **columns})


def written(ledger, first_year=2026, **options):
    """The bytes of one EPCIS document."""
    file = io.BytesIO()
    write_epcis(ledger_of(ledger, first_year, **options), file)
    return file.getvalue()


def read(document):
    """A document with its numbers as they stand."""
    return json.loads(document, parse_float=Decimal, parse_int=Decimal)


def events(document):
    return read(document)["epcisBody"]["eventList"]


def milligrams(elements):
    """Mass of a quantity list."""
    return sum(int(one.get("quantity", 0) * 1_000_000) for one in elements)
