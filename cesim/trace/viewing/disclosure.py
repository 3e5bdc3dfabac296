"""Who may see which field of a record: levels, contracts, and the rules of the platforms put together.

Public: CMP names nobody in a reach check, always discloses regulated substances and lets at most 10 % of the mass go
without a name (requirements of March 2024, read); Ouranos hides from a supplier how much its customer uses of a part,
and counts replies without names (public code, read). Our reading: the five levels, and which field stands on which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cesim.errors import Fault, InputError, Place
from cesim.text import nearest

LEVELS: Final = ("public", "partner", "chain", "certifier", "own")
"""Anybody; who sold to the writer or bought from it; the chain, which learns no names; who certifies; the writer."""
SIDES: Final = ("upstream", "downstream")
"""Where a partner stands, seen from the writer: it sold to the writer, or bought from it."""
FIELDS: Final = (
    "number", "step", "second", "month", "actor", "pseudonym", "region", "declared", "claim", "certificate", "shares",
    "loss_mg", "substances", "inputs", "outputs",
)  # fmt: skip
"""What a record has."""
_EVERYBODY: Final = frozenset({"claim", "certificate"})
_CHAIN: Final = _EVERYBODY | {"step", "month", "pseudonym", "region", "declared", "shares"}
_PARTNER: Final = _EVERYBODY | {"number", "step", "second", "month", "actor", "region", "declared", "shares"}
_ALL: Final = frozenset(FIELDS)
WITHHOLDABLE: Final = frozenset({"number", "second", "region", "shares", "declared"})
"""What a contract may withhold beyond the rules; with the second goes the month."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks.

    Raises
    ------
    InputError
        ``viewer_unknown`` for another level or side, with the nearest one.
    """

    name: str
    level: str
    side: str = "downstream"
    """Of a partner."""

    def __post_init__(self) -> None:
        for found, allowed in ((self.level, LEVELS), (self.side, SIDES)):
            if found not in allowed:
                near = nearest(found, allowed)
                told = {"found": found, "allowed": allowed, "nearest": near}
                raise InputError([Fault("viewer_unknown", Place(model=self.name), told)])


@dataclass(frozen=True)
class Contract:
    """What the writer of a record agreed on with whoever looks.

    Raises
    ------
    InputError
        ``contract_field`` for a field that cannot be withheld.
    """

    withheld: frozenset[str] = frozenset()
    """Fields that partners and the chain do not see beyond the rules."""
    undisclosed: frozenset[str] = frozenset()
    """Substances that go without a name; a regulated one is named all the same."""
    starts_s: int = 0
    ends_s: int | None = None
    """From and until when it holds, by when things happened. Of what happened outside, everybody but the writer sees
    what the public sees."""

    def __post_init__(self) -> None:
        wrong = sorted(self.withheld - WITHHOLDABLE)
        if wrong:
            told = {"found": wrong, "allowed": tuple(sorted(WITHHOLDABLE)), "nearest": nearest(wrong[0], WITHHOLDABLE)}
            raise InputError([Fault("contract_field", Place(model="contract"), told)])

    def holds(self, second: int) -> bool:
        """Say whether it covers what happened at a second."""
        return self.starts_s <= second and (self.ends_s is None or second < self.ends_s)


def level_under(viewer: Viewer, contract: Contract, second: int) -> str:
    """Return on which level a viewer sees what happened at a second; outside a contract it is one of the public."""
    return viewer.level if viewer.level == "own" or contract.holds(second) else "public"


def whole_fields(level: str, contract: Contract) -> frozenset[str]:
    """Return the fields that are seen whole on a level; lots and substances have rules of their own."""
    if level in ("certifier", "own"):
        return _ALL
    if level == "public":
        return _EVERYBODY
    month = {"month"} if "second" in contract.withheld else set()
    return (_CHAIN if level == "chain" else _PARTNER) - contract.withheld - month
