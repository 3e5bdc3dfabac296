"""Moments of an event in one spelling: UTC, whatever zone they were written in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from cesim.trace.integrity.misplaced import Misplaced

_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):([0-5]\d))", re.ASCII
).fullmatch
_SECOND: Final = timedelta(seconds=1)
_FARTHEST_H: Final = 14
"""Hours between UTC and the farthest zone (XML Schema 1.1 part 2, dateTimeStamp)."""


def in_utc(text: object) -> tuple[datetime, str]:
    """Return the second in UTC, and the digits of its fraction as they were written.

    Raises
    ------
    Misplaced
        ``event_time_unreadable`` where it is no date and time with a zone. A time without a zone is not guessed.
    """
    found = _MOMENT(text) if isinstance(text, str) else None
    if found is None:
        raise Misplaced("event_time_unreadable", found=text)
    seconds, fraction, sign, hours, minutes = found.groups()
    try:
        moment = datetime.fromisoformat(seconds)
        if sign is not None:
            away = timedelta(hours=int(hours), minutes=int(minutes))
            if away > timedelta(hours=_FARTHEST_H):
                raise Misplaced("event_time_unreadable", found=text)
            moment = moment - away if sign == "+" else moment + away
    except (ValueError, OverflowError):
        raise Misplaced("event_time_unreadable", found=text) from None
    return moment, fraction or ""


def exact(text: object) -> str:
    """Return a moment in UTC with every digit it was written with, less trailing zeros."""
    moment, fraction = in_utc(text)
    fraction = fraction.rstrip("0")
    return f"{moment.isoformat()}.{fraction}Z" if fraction else f"{moment.isoformat()}Z"


def to_the_millisecond(text: object) -> str:
    """Return a moment in UTC to the millisecond, as the event hash has it (CBV 2.0).

    Microseconds are rounded, a tie to the even millisecond; digits after the sixth are cut off. The standard
    leaves both open; the reference implementation does so, and its published hashes depend on it.
    """
    if not isinstance(text, str):
        raise Misplaced("event_time_unreadable", found=text)
    return _to_the_millisecond(text)


@lru_cache(1 << 14)
def _to_the_millisecond(text: str) -> str:
    moment, fraction = in_utc(text)
    milliseconds = round(int(fraction[:6].ljust(6, "0")) / 1000) if fraction else 0
    if milliseconds == 1000:
        try:
            moment, milliseconds = moment + _SECOND, 0
        except OverflowError:
            raise Misplaced("event_time_unreadable", found=text) from None
    return f"{moment.isoformat()}.{milliseconds:03}Z"
