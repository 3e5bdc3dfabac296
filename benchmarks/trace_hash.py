"""The event hash beside the public reference implementation (PyPI: epcis-event-hash-generator), in processor time.

End to end for both: from the bytes of an EPCIS document to the hash of every event. The claim is the ratio, and that
the hashes are equal. A fixed numpy kernel is timed before and after, so that a loaded machine shows.

    OMP_NUM_THREADS=1 python benchmarks/trace_hash.py [--events 2000] [--rounds 5] [--document FILE]

Without a document, events of the shapes that cesim writes are made up: cars taken back, split into lots, shipped,
received, melted with their composition, pressed; half of them name lots that were named before, as in a real chain.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
import warnings
from pathlib import Path

import numpy as np
from machine import kernel

from cesim.trace.integrity.canonical import canonical_bytes
from cesim.trace.integrity.event_hash import document_hashes
from cesim.trace.integrity.merkle import Frontier, leaf_hash

CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"cesim": "https://cesim.example/terms/", "gs1": "https://gs1.org/voc/"},
]
KINDS = ("ObjectEvent", "ObjectEvent", "TransformationEvent", "TransformationEvent", "AggregationEvent", "ObjectEvent")


def document(count: int) -> dict:
    """A document with so many events of the shapes that cesim writes."""
    draw = random.Random(7)
    lots = [f"urn:epc:class:lgtin:9521234.{draw.randrange(40):06}.{number}" for number in range(max(count, 20))]
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2035-12-31T00:00:00Z",
        "epcisBody": {"eventList": [event(draw, lots, number) for number in range(count)]},
    }


def event(draw: random.Random, lots: list[str], number: int) -> dict:
    kind = KINDS[number % len(KINDS)]
    site = f"urn:epc:id:sgln:9521234.{draw.randrange(200):05}.0"
    some = [quantity(draw, lot) for lot in draw.sample(lots, 3)]
    made = {
        "type": kind,
        "eventTime": f"2035-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "eventID": f"urn:uuid:{number}",
        "recordTime": "2035-12-31T00:00:00Z",
        "readPoint": {"id": site},
        "bizLocation": {"id": site},
    }
    if kind == "TransformationEvent":
        made |= {"inputQuantityList": some, "outputQuantityList": [quantity(draw, lots[number])]}
        made |= {"bizStep": "commissioning", "transformationID": f"urn:epc:id:gdti:9521234.00007.{number}"}
        made["ilmd"] = {"cesim:composition_ppm": {"cesim:Si": 8000 + number % 99, "cesim:Fe": 3500, "cesim:Cu": 900}}
        report = {"type": "gs1:MassConcentration", "value": draw.randrange(10**6) / 1e3, "sDev": 0.02, "uom": "KGM"}
        made["sensorElementList"] = [{"sensorReport": [report]}]
        return made
    made |= {"action": "OBSERVE", "bizStep": "shipping", "disposition": "in_transit"}
    if kind == "AggregationEvent":
        return made | {"parentID": f"urn:epc:id:sscc:9521234.{number:010}", "childQuantityList": some}
    party = f"urn:epc:id:pgln:9521234.{draw.randrange(200):05}"
    note = f"urn:epc:id:gdti:9521234.00004.{number}"
    return made | {
        "quantityList": some[:1],
        "bizTransactionList": [{"type": "desadv", "bizTransaction": note}],
        "sourceList": [{"type": "owning_party", "source": party}, {"type": "possessing_party", "source": party}],
        "destinationList": [{"type": "owning_party", "destination": party}],
        "cesim:lots": [{"cesim:lot": some[0]["epcClass"], "cesim:kg": some[0]["quantity"]}],
    }


def quantity(draw: random.Random, lot: str) -> dict:
    return {"epcClass": lot, "quantity": draw.randrange(1, 10**8) / 1e3, "uom": "KGM"}


def reference(data: bytes) -> list[str]:
    """The hashes of the public reference implementation."""
    from epcis_event_hash_generator import hash_generator, json_to_py

    return hash_generator.epcis_hashes_from_events(json_to_py.event_list_from_epcis_document_str(data))


def seconds(job, rounds: int) -> float:
    """The least of several rounds: what the others had more was the machine's."""
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        job()
        took.append(time.process_time() - begun)
    return float(np.min(took))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--document", type=Path)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    data = asked.document.read_bytes() if asked.document else json.dumps(document(asked.events)).encode()
    before = kernel()
    ours, theirs = document_hashes(data), reference(data)
    if ours != theirs:
        raise SystemExit(f"{sum(a != b for a, b in zip(ours, theirs, strict=False))} of {len(ours)} hashes differ")
    fast = seconds(lambda: document_hashes(data), asked.rounds)
    slow = seconds(lambda: reference(data), max(2, asked.rounds // 2))
    count = len(ours)
    print(f"{count} events, {len(data) / count:.0f} bytes each; all hashes equal")
    print(f"  cesim      {fast:8.3f} s  {count / fast:9.0f} events/s")
    print(f"  reference  {slow:8.3f} s  {count / slow:9.0f} events/s")
    print(f"  {slow / fast:.1f} times as fast as the reference (wanted: 20)")
    events = json.loads(data)["epcisBody"]["eventList"]
    logged = seconds(lambda: chained(events), asked.rounds)
    print(f"  canonical bytes and Merkle root {logged:8.3f} s  {count / logged:9.0f} events/s")
    print(f"  numpy kernel before and after   {before:8.3f} s {kernel():8.3f} s")


def chained(events: list[dict]) -> bytes:
    """The root over all events, as a log has it."""
    frontier = Frontier()
    for one in events:
        frontier.add(leaf_hash(canonical_bytes(one)))
    return frontier.root()


if __name__ == "__main__":
    main()
