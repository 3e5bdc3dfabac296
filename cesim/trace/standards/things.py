"""What an event speaks of besides its things: places, papers, parties, states, errors; and quantities of things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.standards.numbers import quantity
from cesim.trace.standards.rules import Several, Shape, nothing_else, pattern
from cesim.trace.standards.times import time
from cesim.trace.standards.uris import own_name, uri
from cesim.trace.standards.vocabulary import BIZ_TRANSACTION, DISPOSITION, ERROR_REASON, SOURCE_OR_DESTINATION

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections

UNIT: Final = pattern("epcis_no_unit", re.compile(r"[A-Z0-9]{2,3}"))
"""A unit by its code of UN/ECE Recommendation 20: ``KGM``, ``TNE``, ``C62``."""

QUANTITY: Final = Shape(
    {"epcClass": uri, "quantity": quantity, "uom": UNIT}, required=("epcClass",), others=nothing_else
)
LOCATION: Final = Shape({"id": uri}, required=("id",))
"""A read point or a business location; further names are free."""
TRANSACTION: Final = Shape(
    {"type": BIZ_TRANSACTION, "bizTransaction": uri}, required=("bizTransaction",), others=nothing_else
)
SOURCE: Final = Shape({"type": SOURCE_OR_DESTINATION, "source": uri}, required=("type", "source"), others=nothing_else)
DESTINATION: Final = Shape(
    {"type": SOURCE_OR_DESTINATION, "destination": uri}, required=("type", "destination"), others=nothing_else
)
ERROR: Final = Shape(
    {"declarationTime": time, "reason": ERROR_REASON, "correctiveEventIDs": Several(uri)},
    required=("declarationTime",),
    others=own_name,
)
MASTER_DATA: Final = Shape({}, others=own_name)
"""Data of an instance or a lot (ilmd): only names of somebody's own."""


def _sets_or_unsets(value: dict[str, Any], at: At, found: Objections) -> None:
    if "set" not in value and "unset" not in value:
        found.refuse("epcis_one_of", at, allowed=("set", "unset"))


_STATES: Final = Several(DISPOSITION, least=1, distinct=True)
LASTING: Final = Shape({"set": _STATES, "unset": _STATES}, others=nothing_else, laws=(_sets_or_unsets,))
"""A persistent disposition."""


def certificates(value: Any, at: At, found: Objections) -> None:
    """The URI of a certificate, or a list of them."""
    if type(value) is list:
        _URIS(value, at, found)
    else:
        uri(value, at, found)


_URIS: Final = Several(uri)
