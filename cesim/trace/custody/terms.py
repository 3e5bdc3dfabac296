"""The terms under which a site makes claims: what it has agreed with its certifier, and what it chooses itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cesim.trace.custody.faults import refuse


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of mass balance and of book and claim; physical models ask for none.

    Raises
    ------
    InputError
        ``custody_term`` for a number that cannot be.
    """

    window: int = 12
    """Periods over which the rolling average is taken, the present one included."""
    factor: Fraction | None = None
    """Conversion factor: output that may be claimed for each unit of eligible input. None: what the site makes of its
    inputs in all periods, at most one."""
    life: int | None = 12
    """Periods in which a credit can be used, that of its deposit included; None for ever."""
    share: Fraction = Fraction(1)
    """What is claimed of each lot that is claimed for, as far as there are credits."""
    every: int = 1
    """Claims are made for every n-th lot of a site."""
    whole: bool = False
    """Whether a claim for which there are not enough credits is refused altogether."""

    def __post_init__(self) -> None:
        for name in ("window", "every"):
            _at_least_one(name, getattr(self, name))
        if self.life is not None:
            _at_least_one("life", self.life)
        for name in ("share", "factor"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, Fraction | int) and 0 <= value <= 1):
                raise refuse("custody_term_share", name, found=str(value))


def _at_least_one(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise refuse("custody_term_count", name, found=str(value))
