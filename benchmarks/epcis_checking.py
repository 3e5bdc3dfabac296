"""EPCIS documents read safely and checked: events a second of one core, beside a library that has the published schema.

Beside a fixed numpy kernel measured in the same run. Reading is compared with orjson alone, which measures no depth and
loses names that stand twice; checking with jsonschema-rs (compiled), where the published schema is given: it says yes
or no, ours says what and where.

    python benchmarks/epcis_checking.py [--events 20000] [--schema EPCIS-JSON-Schema.json]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from machine import kernel

from cesim.trace.standards import check_epcis, read_document

if TYPE_CHECKING:
    from collections.abc import Callable


def event(number: int) -> dict[str, Any]:
    """Return a melt: three lots in, one out, weighed and assayed."""
    return {
        "type": "TransformationEvent",
        "eventTime": "2035-04-01T09:30:00+09:00",
        "eventTimeZoneOffset": "+09:00",
        "eventID": f"urn:uuid:{number:032x}",
        "bizStep": "commissioning",
        "disposition": "active",
        "readPoint": {"id": "https://id.gs1.org/414/9521321000010"},
        "inputQuantityList": [
            {"epcClass": f"urn:epc:class:lgtin:4012345.012345.{number}-{lot}", "quantity": 1250.5, "uom": "KGM"}
            for lot in range(3)
        ],
        "outputQuantityList": [
            {"epcClass": f"urn:epc:class:lgtin:4012345.012346.{number}", "quantity": 3600, "uom": "KGM"}
        ],
        "sensorElementList": [
            {
                "sensorMetadata": {"time": "2035-04-01T09:20:00+09:00", "deviceID": "urn:epc:id:giai:4000001.111"},
                "sensorReport": [{"type": "MassConcentration", "value": 0.0061, "uom": "KGM", "mill:element": "Si"}],
            }
        ],
        "ilmd": {"mill:heat": f"H-{number}", "mill:alloy": "6016"},
        "mill:allocation": "by mass",
    }


def document(events: int) -> dict[str, Any]:
    return {
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"mill": "https://mill.example/"},
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2035-04-02T00:00:00Z",
        "epcisBody": {"eventList": [event(number) for number in range(events)]},
    }


def seconds(job: Callable[[], object], times: int = 3) -> float:
    """Return the least CPU seconds of a job."""
    best = float("inf")
    for _ in range(times):
        begun = time.process_time()
        job()
        best = min(best, time.process_time() - begun)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--schema", type=Path)
    options = parser.parse_args()
    before = kernel()
    made = document(options.events)
    data = json.dumps(made).encode()
    assert check_epcis(read_document(data)) == []
    jobs: dict[str, Callable[[], object]] = {
        "read safely": lambda: read_document(data),
        "orjson alone": lambda: orjson.loads(data),
        "checked": lambda: check_epcis(made),
    }
    if options.schema:
        import jsonschema_rs

        validator = jsonschema_rs.validator_for(json.loads(options.schema.read_text()), validate_formats=True)
        jobs["jsonschema-rs"] = lambda: validator.is_valid(made)
    print(f"{options.events} events, {len(data) / 1e6:.1f} MB")
    for name, job in jobs.items():
        taken = seconds(job)
        print(f"{name:14} {taken:7.3f} s  {options.events / taken:9,.0f} events/s  {taken / before:6.2f} kernels")
    print(f"kernel {before:.3f} s before, {kernel():.3f} s after")


if __name__ == "__main__":
    main()
