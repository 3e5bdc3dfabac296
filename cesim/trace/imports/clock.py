"""Points in time as whole seconds of universal time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


def second_of(text: str) -> int | None:
    """Return the second since 1970 in which a point in time with its zone lies; none for what no calendar here holds.

    A leap second counts as the second before it. Parts of seconds are cut off. The years 1000 to 9998 are held: those
    that an export can write again, in every zone.
    """
    plain = text.upper().replace(":60", ":59", 1) if ":60" in text else text.upper()
    head, dot, rest = plain.partition(".")
    if dot:
        plain = head + rest.lstrip("0123456789")
    try:
        moment = datetime.fromisoformat(plain)
        found = None if moment.tzinfo is None else (moment - _BEGIN) // _SECOND
    except (ValueError, OverflowError):
        return None
    return found if found is not None and _FIRST_S <= found < _LAST_S else None


def year_of(second: int) -> int:
    """Return the year in which a second since 1970 lies, UTC."""
    return (_BEGIN + timedelta(seconds=second)).year


def begin_of(year: int) -> int:
    """Return the first second of a year, since 1970."""
    return (datetime(year, 1, 1, tzinfo=UTC) - _BEGIN) // _SECOND


_FIRST_S: Final = begin_of(1000)
_LAST_S: Final = begin_of(9999)
