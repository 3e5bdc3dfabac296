"""The published examples and the published schema, where they lie beside the checkout; none of them is ours to ship.

They are looked for in the folder that the environment variable CESIM_STANDARDS names, or in `../shared`.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("CESIM_STANDARDS") or Path(__file__).parents[4] / "shared" / "reference" / "standards")
EXAMPLES = sorted((FOLDER / "gs1_epcis" / "examples").rglob("*.jsonld"))
HASHED = sorted((FOLDER / "epcis_event_hash").glob("*.jsonld"))
SCHEMA = FOLDER / "gs1_epcis" / "schema" / "EPCIS-JSON-Schema.json"
needs_standards = pytest.mark.skipif(not SCHEMA.exists(), reason="the published standards are not beside the checkout")

_DIGITS = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


@cache
def schema() -> dict[str, Any]:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@cache
def is_time_by_library():
    """Return the library's own judgement of times; some of its versions take `.`, `-`, `+`, `/` for digits."""
    rs = pytest.importorskip("jsonschema_rs")
    plain = rs.validator_for({"type": "string", "format": "date-time"}, validate_formats=True).is_valid
    return lambda text: _DIGITS.fullmatch(text) is not None and plain(text)


@cache
def official_verdict():
    """Return a function that says whether the published schema, formats checked, takes a document."""
    rs = pytest.importorskip("jsonschema_rs")
    return rs.validator_for(schema(), validate_formats=True, formats={"date-time": is_time_by_library()}).is_valid


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def events_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    body = document["epcisBody"]
    return (body if "eventList" in body else body["queryResults"]["resultsBody"])["eventList"]
