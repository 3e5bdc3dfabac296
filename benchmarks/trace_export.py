"""EPCIS documents, events a CPU second: written from the ledger, beside what JSON libraries take for ready dicts.

The ledger is a closed loop of made-up works, many times over: take-back, dismantling, shredding, sorting, heats, press
scrap, and both sides of every handover. `json.dumps` and `orjson.dumps` are given the dicts of the same events; they
need not make them, so `orjson.dumps` is a limit that nothing which builds dicts can pass. A fixed numpy kernel tells
how fast the machine is today. CPU seconds of this process, one core.

    python benchmarks/trace_export.py [--events 200000] [--repeat 3]
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import time
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
import orjson
from machine import kernel

from cesim.ledger.substances import ORIGINS
from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.exports.catenax import materials, recycling_batches
from cesim.trace.exports.epcis import strips, write_epcis
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.lost import Lost
from cesim.trace.records import Records
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.trace.exports.epcis_ledger import Ledger

KINDS = ("car", "hulk", "scrap", "ingot", "slab", "semis")
ITEMS = ("", "6016", "6061", "ADC12", "steel")
SAMPLE = 20_000
"""Events whose dicts are held at once."""

# step, inputs and outputs by their place in the round (input: which lot of the round), partner or none
ROUND: tuple[tuple[str, tuple[int, ...], tuple[tuple[str, str], ...], bool], ...] = (
    ("take_back", (), (("car", ""),), False),
    ("dismantling", (0,), (("scrap", "6016"), ("hulk", "")), False),
    ("shipping", (1,), (), True),
    ("receiving", (1,), (), True),
    ("shipping", (2,), (), True),
    ("receiving", (2,), (), True),
    ("shredding", (2,), (("scrap", ""), ("scrap", "steel")), False),
    ("sorting", (3,), (("scrap", "6061"), ("scrap", "ADC12")), False),
    ("supply", (), (("ingot", ""),), False),
    ("shipping", (7,), (), True),
    ("receiving", (7,), (), True),
    ("melting", (1, 5, 7), (("slab", "6016"),), False),
    ("shipping", (8,), (), True),
    ("receiving", (8,), (), True),
    ("pressing", (8,), (("semis", "6016"), ("scrap", "6016")), False),
    ("disposal", (6,), (), False),
)


def ledger(events: int) -> Entries:
    """A closed loop over and over, masses drawn; about as many entries as asked for."""
    rounds = max(1, events // len(ROUND))
    rng = np.random.default_rng(0)
    made = sum(len(out) for _, _, out, _ in ROUND)
    kind = [KINDS.index(word) for _, _, out, _ in ROUND for word, _ in out]
    item = [ITEMS.index(word) for _, _, out, _ in ROUND for _, word in out]
    mass = rng.integers(10**7, 10**9, made * rounds)
    count = len(ROUND) * rounds

    def over(values: list[int]) -> np.ndarray:
        return np.tile(np.array(values, dtype=np.int64), rounds)

    def side(places: list[list[int]]) -> Edges:
        flat = [place for one in places for place in one]
        lot = (np.array(flat)[None, :] + made * np.arange(rounds)[:, None]).ravel()
        start = np.concatenate([[0], np.cumsum(over([len(one) for one in places]))])
        return Edges(start, lot, mass[lot])

    first = np.concatenate([[0], np.cumsum([len(out) for _, _, out, _ in ROUND])]).tolist()
    outputs = side([list(range(a, b)) for a, b in pairwise(first)])
    inputs = side([list(into) for _, into, _, _ in ROUND])
    born = over([int(not into) for _, into, _, _ in ROUND])
    start = np.concatenate([[0], np.cumsum(born)])
    sources = Sources(start, rng.integers(0, len(ORIGINS), int(born.sum())), outputs.sums()[born > 0])
    actors = tuple(Actor(f"works {n}", "casthouse", "aichi") for n in range(40))
    partner = np.where(over([int(handed) for *_, handed in ROUND]) > 0, rng.integers(0, 40, count), -1)
    return Entries(
        Names(actors, KINDS, ITEMS), Lots(over(kind), over(item), mass),
        over([STEPS.index(step) for step, *_ in ROUND]), rng.integers(0, 40, count), partner,
        np.arange(count) * 60, inputs, outputs, sources, rng.integers(0, 10**7, count), np.full(count, -1),
        np.zeros(count, dtype=bool),
    )  # fmt: skip


class Nowhere(io.RawIOBase):
    """Takes bytes and keeps none."""

    def write(self, data: bytes) -> int:
        return len(data)


def seconds(repeat: int, job: Callable[[], object]) -> float:
    """CPU seconds, the least of several repeats."""
    taken = []
    for _ in range(repeat):
        begun = time.process_time()
        job()
        taken.append(time.process_time() - begun)
    return min(taken)


def ready(ledger: Ledger, count: int) -> list[object]:
    """The dicts of so many events."""
    texts = (event for strip in strips(ledger) for event in strip)
    return [orjson.loads(event) for event in islice(texts, count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    before = kernel()
    entries = ledger(options.events)
    count = len(entries)
    zeros = np.zeros(count, dtype=np.int64)
    records = Records(entries, np.arange(count), entries.time_s + 3600, zeros, zeros)
    shares = np.random.default_rng(1).dirichlet(np.ones(len(ORIGINS)), len(entries.lots))
    told = ledger_of(entries, 2026)
    cases = {
        "truth": (told, count),
        "records": (ledger_of(records, 2026), count),
        "truth with origin shares": (ledger_of(entries, 2026, shares=shares), count),
        "truth named by hashes": (ledger_of(entries, 2026, ids="hash"), min(count, SAMPLE)),
    }
    dicts = ready(told, SAMPLE)
    peers = {
        "json.dumps of ready dicts": lambda: [json.dumps(one) for one in dicts],
        "orjson.dumps of ready dicts": lambda: [orjson.dumps(one) for one in dicts],
    }
    rates = {name: len(dicts) / seconds(options.repeat, job) for name, job in peers.items()}
    size = write_epcis(told, Nowhere()).bytes / count
    print(f"{count} events of {size:.0f} bytes; a kernel takes {before:.2f} s")
    print(f"{'':>28} {'events/s':>10} {'x json':>7} {'x orjson':>9} {'a kernel':>10}")
    for name, (case, several) in cases.items():
        taken = seconds(options.repeat, lambda case=case, several=several: write_epcis(case, Nowhere(), 0, several))
        rates[name] = several / taken
    for name, rate in rates.items():
        json_ratio, limit = (rate / rates[peer] for peer in peers)
        print(f"{name:>28} {rate:10.0f} {json_ratio:7.2f} {limit:9.2f} {rate * before:10.0f}")
    for name, aspect in (("RecyclingBatch", recycling_batches), ("Material", materials)):
        documents = sum(1 for _ in aspect(told, Lost()))
        taken = seconds(options.repeat, lambda aspect=aspect: [0 for _ in aspect(told, Lost())])
        print(f"{name:>28} {documents / taken:10.0f} documents/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"kernel: {before:.2f} s before, {kernel():.2f} s after; peak of this process {peak:.0f} MB")


if __name__ == "__main__":
    main()
