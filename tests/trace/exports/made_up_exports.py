"""Ledgers with every step, odd names and extreme masses; and documents read back exactly."""

import io
import json
from decimal import Decimal

import numpy as np
from made_up import KG, Book

from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.exports.epcis import write_epcis
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.epcis_sensors import Assays
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


SCRAP = ("scrap", "6016", 60 * KG)


def all_steps():
    """A car, its scrap, metal and plastic: every step once, in the order of `STEPS`; a handover has both sides."""
    book = Book()
    yard, mill = book.actor('解体 <b>"A"</b>', "dismantler", "三重"), book.actor("mill", "casthouse", "aichi")
    now = 0

    def entry(step, actor=mill, inputs=(), outputs=(), **more):
        nonlocal now
        now += 3600
        return book.entry(step, actor, now, inputs, outputs, **more)

    [ingot] = entry("supply", outputs=[("ingot", "", 40 * KG)], sources=[("primary", 40 * KG)])
    [car] = entry("take_back", yard, outputs=[("car", "", 1000 * KG)], sources=[("post_elv", 1000 * KG)])
    dismantled = [SCRAP, ("hulk", "", 930 * KG), ("scrap", "PP", 5 * KG)]
    scrap, hulk, bumper = entry("dismantling", yard, [(car, 1000 * KG)], dismantled, loss=5 * KG)
    shredded = [("scrap", "", 50 * KG), ("scrap", "steel", 800 * KG), ("scrap", "", 80 * KG)]
    mixed, _, residue = entry("shredding", yard, [(hulk, 930 * KG)], shredded)
    [sorted_, _] = entry("sorting", yard, [(mixed, 50 * KG)], [("scrap", "6016", 20 * KG), ("scrap", "ADC12", 30 * KG)])
    [bale] = entry("baling", yard, [(scrap, 60 * KG), (sorted_, 20 * KG)], [("scrap", "6016", 80 * KG)])
    entry("analysis", yard, [(bale, 80 * KG)])
    entry("packing", yard, [(bale, 80 * KG)])
    entry("shipping", yard, [(bale, 80 * KG)], partner=mill)
    entry("receiving", mill, [(bale, 79 * KG)], partner=yard)
    charge = [(bale, 80 * KG), (ingot, 40 * KG)]
    [slab] = entry("melting", mill, charge, [("slab", "6016", 121 * KG)], sources=[("primary", 2 * KG)], loss=KG)
    [coil] = entry("rolling", mill, [(slab, 121 * KG)], [("semis", "6016", 121 * KG)])
    hood, new = entry("pressing", mill, [(coil, 121 * KG)], [("semis", "6016", 70 * KG), ("scrap", "6016", 51 * KG)])
    entry("installing", mill, [(hood, 70 * KG)])
    [pellet] = entry("pelletising", mill, [(bumper, 5 * KG)], [("pellets", "PP", 5 * KG)])
    [blend] = entry("compounding", mill, [(pellet, 5 * KG)], [("pellets", "PP", 9 * KG)], sources=[("primary", 4 * KG)])
    entry("moulding", mill, [(blend, 9 * KG)], [("semis", "PP", 9 * KG)])
    entry("scrap_return", mill, [(new, 51 * KG)], relabel="pre_auto")
    entry("disposal", yard, [(residue, 80 * KG)], loss=80 * KG)
    entry("correction", mill, [(bale, 80 * KG)], partner=yard)
    entry("transfer", mill, [(hood, 70 * KG)], partner=yard)
    return book.entries()


def assays(entries, sd=True):
    row = np.full(len(entries.lots), -1)
    row[entries.inputs.lot[entries.inputs.start[STEPS.index("analysis")]]] = 0
    spread = np.array([[500, 20]]) if sd else None
    return Assays(row, ("Si", "Fe <&>"), np.array([[11_000, 2_500]]), spread)
