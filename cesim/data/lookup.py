"""Finding a figure by its key. Nothing is guessed: two candidates are an error that names both."""

import difflib
from functools import cache

from cesim.data.reader import rows
from cesim.data.row import Row


class DataKeyError(KeyError):
    """A figure that was asked for and is not there, or is there more than once."""

    def __init__(self, message: str, key: str, nearest: tuple[str, ...], choices: tuple[str, ...]) -> None:
        super().__init__(message)
        self.key = key
        """The key that was asked for."""
        self.nearest = nearest
        """Keys that look like it, best first; empty when the key exists."""
        self.choices = choices
        """The rows (key, year, region) among which the caller has to choose; empty for an unknown key."""

    def __str__(self) -> str:
        return str(self.args[0])


def lookup(key: str, year: int | str | None = None, region: str | None = None) -> Row:
    """Return the one row with this key; year and region narrow the search where they are given.

    ``year`` is written as in the tables (2014 or ``"2014"``, ``"FY2014"``, ``"2024-03"``; ``""`` asks for
    the row without a year).

    Raises
    ------
    DataKeyError
        If no row fits (with the nearest keys, or the years and regions there are), or several do.
    """
    candidates = _candidates(key)
    wanted_year = None if year is None else str(year)
    found = [
        row
        for row in candidates
        if (wanted_year is None or row.year == wanted_year) and (region is None or row.region == region)
    ]
    if len(found) == 1:
        return found[0]
    asked = _asked(key, wanted_year, region)
    if not found:
        raise _choose(f"no row for {asked}; there are", key, candidates)
    raise _choose(f"{asked} fits {len(found)} rows, give year or region:", key, found)


def series(key: str, region: str | None = None, *, fiscal: bool = False) -> dict[int, Row]:
    """Return the rows of a key by calendar year (or by fiscal year), oldest first.

    Raises
    ------
    DataKeyError
        If the key is unknown, has no such years, or has them for several regions and none was named.
    """
    year_of = _fiscal_year if fiscal else _calendar_year
    candidates = _candidates(key)
    dated = [
        (year, row)
        for row in candidates
        if (region is None or row.region == region) and (year := year_of(row)) is not None
    ]
    kind = "fiscal" if fiscal else "calendar"
    if not dated:
        raise _choose(f"no {kind}-year rows for {_asked(key, None, region)}; there are", key, candidates)
    if len({row.region for _, row in dated}) > 1:
        raise _choose(f"{kind}-year rows of {key} stand for several regions, give one:", key, [r for _, r in dated])
    return dict(sorted(dated, key=lambda pair: pair[0]))


def _candidates(key: str) -> tuple[Row, ...]:
    index = _index()
    if key not in index:
        nearest = _nearest(key, tuple(index))
        hint = f"; nearest: {', '.join(nearest)}" if nearest else ""
        raise DataKeyError(f"no figure with the key {key!r}{hint}", key, nearest, ())
    return index[key]


@cache
def _index() -> dict[str, tuple[Row, ...]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows():
        grouped.setdefault(row.key, []).append(row)
    return {key: tuple(group) for key, group in grouped.items()}


def _nearest(key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return keys below the asked one first (a shortened key), then those spelled alike."""
    below = [name for name in known if name.startswith(f"{key}.")]
    alike = difflib.get_close_matches(key.lower(), known, n=5, cutoff=0.5)
    return tuple(dict.fromkeys(below + alike))[:5]


def _choose(message: str, key: str, found: list[Row] | tuple[Row, ...]) -> DataKeyError:
    choices = tuple(sorted(row.place for row in found))
    shown = ", ".join(choices[:12]) + (f" and {len(choices) - 12} more" if len(choices) > 12 else "")
    return DataKeyError(f"{message} {shown}", key, (), choices)


def _asked(key: str, year: str | None, region: str | None) -> str:
    parts = [f"key {key}"]
    if year is not None:
        parts.append(f"year {year or '(none)'}")
    if region is not None:
        parts.append(f"region {region or '(none)'}")
    return ", ".join(parts)


def _calendar_year(row: Row) -> int | None:
    return row.calendar_year


def _fiscal_year(row: Row) -> int | None:
    return row.fiscal_year
