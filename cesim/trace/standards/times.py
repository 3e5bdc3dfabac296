"""Points in time and zones.

A point in time is a date, a time and a zone (RFC 3339; `T` and `Z` in either case). A leap second is allowed where one
can be: at the last second of a day of universal time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.standards.places import kind
from cesim.trace.standards.rules import pattern

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections

_TIME: Final = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"[Tt]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.[0-9]+)?"
    r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
_ZONE: Final = re.compile(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_DAYS: Final = {"02": 28, "04": 30, "06": 30, "09": 30, "11": 30}
_DAY: Final = 24 * 60

zone = pattern("epcis_no_zone", _ZONE)
"""The zone of the place where an event happened: -14:00 to +14:00."""


def time(value: Any, at: At, found: Objections) -> None:
    """A point in time with its zone."""
    if type(value) is not str:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="string")
    elif not is_time(value):
        found.refuse("epcis_no_time", at, found=value)


def is_time(value: str) -> bool:
    """Say whether a text is a point in time with its zone."""
    match = _TIME.fullmatch(value)
    if match is None:
        return False
    year, month, day, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    if day > "28" and int(day) > _days(int(year), month):
        return False
    if second != "60":
        return True
    shift = int(zone_hours) * 60 + int(zone_minutes) if sign else 0
    there = int(hour) * 60 + int(minute)
    return (there - (shift if sign != "-" else -shift)) % _DAY == _DAY - 1


def _days(year: int, month: str) -> int:
    leap = month == "02" and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _DAYS.get(month, 31)
