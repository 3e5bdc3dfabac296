"""What a run may be asked for: how many draws, which seed, how many processes."""

from __future__ import annotations

import unicodedata
from numbers import Integral
from typing import Final

from cesim.errors import Fault, InputError

MOST_DRAWS: Final = 100_000
"""Far beyond what a quantile needs; more is taken for a slip of the finger."""
MOST_SEED: Final = 10**15 - 1
"""What the cell of a workbook still shows to the last digit."""
MOST_WORKERS: Final = 256
MOST_BATCH: Final = 1000
"""Cars of a lot: more would stand for the whole of a type in a region."""
MOST_SETS: Final = 1_000_000
"""Combinations of measures; they would take days."""
MOST_POINTS: Final = 10_000_000
"""Points of a sweep."""

SPANS: Final = {
    "draws": (1, MOST_DRAWS),
    "seed": (0, MOST_SEED),
    "workers": (1, MOST_WORKERS),
    "batch": (1, MOST_BATCH),
    "budget": (1, MOST_SETS),
    "samples": (1, MOST_POINTS),
    "to": (1, MOST_POINTS),
    "run": (0, 10**12),
    "levels": (2, 100),
    "replicates": (1, 1000),
    "resamples": (2, 10_000),
}
"""Least and most of each number a run is asked with."""


def whole(name: str, found: object, shown: str | None = None) -> Fault | None:
    """Return the fault of a number that is no whole number or lies outside its span, else nothing.

    `shown` is how the reader calls it: `--draws` on the command line, `draws` in Python.
    """
    least, most = SPANS[name]
    if isinstance(found, Integral) and not isinstance(found, bool) and least <= int(found) <= most:
        return None
    told = found if isinstance(found, str) else repr(found)
    plain = unicodedata.normalize("NFKC", told).replace(",", "").replace("_", "")
    meant = plain if plain != told and plain.isdecimal() else None
    arguments = {
        "option": shown or name,
        "found": told[:40],
        "least": f"{least:,}",
        "most": f"{most:,}",
        "proposal": meant,
    }
    return Fault("not_in_span", arguments=arguments)


def check_asked(**asked: object) -> dict[str, int]:
    """Return the numbers as plain integers; raises `InputError` with every one that cannot be used."""
    faults = [fault for name, found in asked.items() if (fault := whole(name, found)) is not None]
    if faults:
        raise InputError(faults)
    return {name: int(found) for name, found in asked.items()}  # type: ignore[call-overload]
