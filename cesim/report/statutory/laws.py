"""What the two laws say, as far as it was read, and where: every figure comes from the data tables with its source."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cesim.data import Row, lookup

ACT: Final = "targets.resource_act"
EU: Final = "targets.eu_elv"
FACTS: Final = (
    f"{ACT}.in_force", f"{ACT}.products", f"{ACT}.threshold_automobiles", f"{ACT}.plan_due", f"{ACT}.report_due",
    f"{ACT}.definition", f"{ACT}.strength", f"{ACT}.criteria",
    f"{EU}.scope", f"{EU}.counts", f"{EU}.recycled_plastic_step1", f"{EU}.recycled_plastic_step2",
    f"{EU}.closed_loop_share", f"{EU}.entry_into_force", f"{EU}.step1_from", f"{EU}.step2_from",
)  # fmt: skip
"""Keys of the facts that a page lists; each has words under `fact.<key with _ for .>`."""
FIRST_YEARS: Final = {1: 2032, 2: 2036}
"""Year in whose August each step begins: entry into force and 72 or 120 months (`step1_from`, `step2_from`)."""
SECONDARY: Final = "; secondary source"
"""How the tables say that a source is not the law itself."""


@dataclass(frozen=True)
class Step:
    """One step of the EU rule."""

    number: int
    share: Fraction
    """Post-consumer plastics, of all plastics of a newly approved type."""
    closed: Fraction
    """Of it from end-of-life vehicles or parts removed in use, of all plastics."""

    @property
    def from_year(self) -> int:
        """It holds from August of this year on."""
        return FIRST_YEARS[self.number]


def fact(key: str) -> Row:
    """Return a fact of the tables."""
    return lookup(key)


def threshold() -> int:
    """Return from how many cars a year on a maker has the duties of the Resource Act."""
    return int(_number(f"{ACT}.threshold_automobiles"))


def step(number: int) -> Step:
    """Return a step of the EU rule, 1 or 2; the closed loop is a fifth of the target, not of what was reached."""
    share = _number(f"{EU}.recycled_plastic_step{number}")
    return Step(number, share, share * _number(f"{EU}.closed_loop_share"))


def step_in(year: int) -> Step | None:
    """Return the step that holds in a year, be it only from August on; None before the first."""
    numbers = [number for number, first in FIRST_YEARS.items() if year >= first]
    return step(max(numbers)) if numbers else None


def _number(key: str) -> Fraction:
    row = lookup(key)
    if row.value is None:
        raise ValueError(f"{key} has no number")
    return Fraction(repr(row.value))
