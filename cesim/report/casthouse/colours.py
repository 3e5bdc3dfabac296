"""Colours of maps and points: an even scale and a set of kinds, both safe for eyes that mix up red and green."""

from __future__ import annotations

from typing import Final

CIVIDIS: Final = (
    (0, 34, 78), (18, 53, 112), (59, 73, 108), (87, 93, 109), (112, 113, 115), (138, 134, 120), (165, 156, 116),
    (195, 179, 105), (225, 204, 85), (254, 232, 56),
)  # fmt: skip
"""J. R. Nuñez, C. R. Anderton, R. S. Renslow, PLoS ONE 13 (2018) e0199239, at ten even steps."""
GRADE: Final = "#e69f00"
SUPPLY: Final = "#c3cad2"
NOTHING: Final = "#f2f2ee"
ALLOY: Final = ("#56b4e9", "#0072b2", "#cc79a7", "#009e73", "#d55e00", "#f0e442", "#7d5ba6", "#8c6d46")
"""M. Okabe, K. Ito, *Color Universal Design*, 2008; the last two for the rare seventh and eighth limit."""


def even(share: float) -> str:
    """Return the colour of a place on the scale, 0 to 1."""
    place = min(max(share, 0.0), 1.0) * (len(CIVIDIS) - 1)
    at = min(int(place), len(CIVIDIS) - 2)
    low, high = CIVIDIS[at], CIVIDIS[at + 1]
    mixed = (round(a + (b - a) * (place - at)) for a, b in zip(low, high, strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on a colour (WCAG 2.1, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return "#000000" if luminance > 0.179 else "#ffffff"


def ramp() -> str:
    """Return the scale as a CSS gradient."""
    return "linear-gradient(90deg," + ",".join("#{:02x}{:02x}{:02x}".format(*colour) for colour in CIVIDIS) + ")"
