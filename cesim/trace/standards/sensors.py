"""Sensor elements: who measured, when, and what came out."""

from __future__ import annotations

import re
from typing import Final

from cesim.trace.standards.numbers import reading
from cesim.trace.standards.rules import Several, Shape, pattern, text, truth
from cesim.trace.standards.times import time
from cesim.trace.standards.uris import own_name, uri
from cesim.trace.standards.vocabulary import ALERT, COMPONENT, MEASUREMENT

_DEVICE: Final = {
    "deviceID": uri,
    "deviceMetadata": uri,
    "rawData": uri,
    "dataProcessingMethod": uri,
    "bizRules": uri,
    "time": time,
}

METADATA: Final = Shape({**_DEVICE, "startTime": time, "endTime": time}, others=own_name)

REPORT: Final = Shape(
    {
        "type": MEASUREMENT,
        "exception": ALERT,
        **_DEVICE,
        "microorganism": uri,
        "chemicalSubstance": uri,
        "coordinateReferenceSystem": uri,
        "component": COMPONENT,
        "value": reading,
        "minValue": reading,
        "maxValue": reading,
        "meanValue": reading,
        "sDev": reading,
        "percRank": reading,
        "percValue": reading,
        "stringValue": text,
        "booleanValue": truth,
        "hexBinaryValue": pattern("epcis_no_hex", re.compile(r"[0-9A-Fa-f]+")),
        "uriValue": uri,
        "uom": text,
    },
    required=("type",),
    others=own_name,
)

ELEMENT: Final = Shape(
    {"sensorMetadata": METADATA, "sensorReport": Several(REPORT, least=1)},
    required=("sensorReport",),
    others=own_name,
)
"""One sensor at one time, with at least one reading."""
