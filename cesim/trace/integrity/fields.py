"""The fields of a standard event in the order in which the event hash takes them (CBV 2.0, canonical order).

Business transactions, sources and destinations come after the sensors, between the fields that no order is given
for, and there by their names: so the published hashes have it, and the published text has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CBV: Final = "https://ref.gs1.org/cbv/"
_GS1: Final = "https://gs1.org/voc/"


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is written."""

    vocabulary: str = ""
    """What a bare word stands behind, where the field takes standard words."""
    is_time: bool = False
    member: str = ""
    """The name of one member, where the field is a list that has one in the hash."""
    inside: Mapping[str, Field] | None = None
    """The fields of the object, or of each member, that the field holds."""
    is_pair: bool = False
    """Whether its members are a type and an identifier."""


_TEXT: Final = Field()
_TIME: Final = Field(is_time=True)
_IDS: Final = Field(member="epc")
_QUANTITIES: Final = Field(member="quantityElement", inside={"epcClass": _TEXT, "quantity": _TEXT, "uom": _TEXT})
_PLACE: Final = Field(inside={"id": _TEXT})
_DISPOSITION: Final = Field(_CBV + "Disp-")
_METADATA: Final = {
    "time": _TIME,
    "startTime": _TIME,
    "endTime": _TIME,
    **dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), _TEXT),
}
_REPORT: Final = {
    "type": Field(_GS1),
    "exception": Field(_GS1),
    **dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"), _TEXT),
    "time": _TIME,
    **dict.fromkeys(("microorganism", "chemicalSubstance", "value"), _TEXT),
    "component": Field(_CBV + "Comp-"),
    **dict.fromkeys(
        (
            *("stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue"),
            *("sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem"),
        ),
        _TEXT,
    ),
}
ORDERED: Final[Mapping[str, Field]] = {
    "eventTime": _TIME,
    "eventTimeZoneOffset": _TEXT,
    "certificationInfo": _TEXT,
    "parentID": _TEXT,
    **dict.fromkeys(("epcList", "inputEPCList", "childEPCs"), _IDS),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList"), _QUANTITIES),
    "outputEPCList": _IDS,
    "outputQuantityList": _QUANTITIES,
    "action": _TEXT,
    "transformationID": _TEXT,
    "bizStep": Field(_CBV + "BizStep-"),
    "disposition": _DISPOSITION,
    "persistentDisposition": Field(inside={"set": _DISPOSITION, "unset": _DISPOSITION}),
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "sensorElementList": Field(
        member="sensorElement",
        inside={"sensorMetadata": Field(inside=_METADATA), "sensorReport": Field(inside=_REPORT)},
    ),
}
"""In their order. A field without members or inside is a value, or a list of values."""
PAIRS: Final[Mapping[str, Field]] = {
    "bizTransactionList": Field(_CBV + "BTT-", is_pair=True, member="bizTransaction"),
    "sourceList": Field(_CBV + "SDT-", is_pair=True, member="source"),
    "destinationList": Field(_CBV + "SDT-", is_pair=True, member="destination"),
}
IGNORED: Final = frozenset({"recordTime", "eventID", "type", "errorDeclaration", "@context"})
"""Fields of an event that the hash does not cover; the type comes first by itself."""
COMMENTS: Final = frozenset({"comment", "rdfs:comment"})
"""Left out wherever they stand."""
