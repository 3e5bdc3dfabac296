"""Units as text: ``t`` times ``kg CO2e/t`` is ``kg CO2e``, and a tonne is never added to a car."""

from __future__ import annotations

from functools import lru_cache


class UnitError(ValueError):
    """Two units met that must be equal and are not; the message names both."""


@lru_cache(maxsize=4096)
def multiplied(left: str, right: str) -> str:
    """Unit of a product."""
    return _written(_powers(left), _powers(right), 1)


@lru_cache(maxsize=4096)
def divided(left: str, right: str) -> str:
    """Unit of a quotient."""
    return _written(_powers(left), _powers(right), -1)


@lru_cache(maxsize=4096)
def plain(unit: str) -> str:
    """Write a unit in its one way, so that ``t*km`` equals ``km*t``; dimensionless is the empty text."""
    return _written(_powers(unit), {}, 1)


def _powers(unit: str) -> dict[str, int]:
    """Read ``a*b/c^2``; every ``/`` holds for the one factor after it."""
    powers: dict[str, int] = {}
    for above, product in enumerate(unit.replace("*", "\0*\0").replace("/", "\0/\0").split("\0/\0")):
        for place, factor in enumerate(product.split("\0*\0")):
            name, _, power = factor.strip().partition("^")
            if not power.strip().lstrip("-").isdigit() and power:
                raise UnitError(f"unit {unit!r}: power {power!r} is not a whole number")
            if name in ("", "1"):
                continue
            sign = -1 if above and not place else 1
            powers[name] = powers.get(name, 0) + sign * int(power or 1)
    return powers


def _written(left: dict[str, int], right: dict[str, int], sign: int) -> str:
    powers = dict(left)
    for name, power in right.items():
        powers[name] = powers.get(name, 0) + sign * power
    above = "*".join(_power(name, power) for name, power in sorted(powers.items()) if power > 0)
    below = "".join("/" + _power(name, -power) for name, power in sorted(powers.items()) if power < 0)
    return above + below if above or not below else "1" + below


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"
