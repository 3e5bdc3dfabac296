"""Full-width characters as faults: a space nobody can see is told apart from a sign one can."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.scenario.fullwidth import WIDE_SPACE, first_wide, half, wide_signs

if TYPE_CHECKING:
    from cesim.errors import Place

_MOST: Final = 40
"""Characters of what was found that are shown."""


def wide_fault(found: str, place: Place, meant: str | None = None) -> Fault:
    """Return the fault of a text with full-width characters that begins at `place`, and what to write instead."""
    wide = first_wide(found)
    if wide is not None and set(wide_signs(found)) == {WIDE_SPACE}:
        if place.column is not None:
            place = replace(place, column=place.column + wide.offset)
        return Fault("full_width_space", place)
    return Fault("full_width", place, {"found": found[:_MOST], "proposal": (meant or half(found))[:_MOST]})
