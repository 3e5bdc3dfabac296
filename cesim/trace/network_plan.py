"""What is supposed of actors and platforms: who takes part, how late and how wrong records are, who answers how fast.

No number here was measured. Records for aluminium scrap are a hypothesis of 2035; each number is an estimate with a
range in `HYPOTHESES`, and none of them is used unless a scenario turns the network on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import isfinite
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.text import nearest
from cesim.trace.platforms.answering import WorkingTime

if TYPE_CHECKING:
    from collections.abc import Iterator

SUPPLIERS: Final = ("dismantler", "shredder", "scrap_trader")
"""Roles that sell scrap to a casthouse."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Range in which a number is supposed to lie, and why; status estimate."""

    low: float
    high: float
    why: str


HYPOTHESES: Final = {
    "coverage": Hypothesis(0.0, 1.0, "share of bales of an actor that takes part for which a record is written"),
    "delay_days": Hypothesis(0.0, 30.0, "mean from the arrival of the bale until its process batch is written"),
    "delay_cv": Hypothesis(0.0, 3.0, "written at the end of the week, or of the month"),
    "swapped": Hypothesis(0.0, 0.2, "label of an earlier bale on the pile; no count of such mistakes found"),
    "scale": Hypothesis(0.0, 0.1, "bales weighed on a scale that is off"),
    "scale_cv": Hypothesis(0.0, 0.2, "by how much a scale that is off is off"),
    "unit_slip": Hypothesis(0.0, 0.05, "kilograms entered as tonnes"),
    "people": Hypothesis(1.0, 200.0, "who answer requests for compositions, for all suppliers together"),
    "answer_hours": Hypothesis(0.1, 80.0, "mean work on one answer; pilots measured workload and published none"),
    "answer_cv": Hypothesis(0.0, 4.0, "a few answers need the supplier's supplier"),
    "refused": Hypothesis(0.0, 0.5, "requests refused with a reason"),
    "returned": Hypothesis(0.0, 0.5, "answers sent back for correction"),
    "review_days": Hypothesis(0.0, 60.0, "mean until whoever asked approves or returns an answer"),
    "review_cv": Hypothesis(0.0, 3.0, "some are never looked at: the answer counts as approved after `deemed_days`"),
    "deemed_days": Hypothesis(1.0, 365.0, "the rule is public, the time is not"),
    "reminder_days": Hypothesis(1.0, 365.0, "a reminder each time so long nothing came"),
    "declared": Hypothesis(0.0, 1.0, "shares of answers that are FSD, FSR, FMD"),
    "undisclosed": Hypothesis(0.0, 0.1, "mass withheld in FSR and FMD; the public rule allows at most 10 %"),
    "stale": Hypothesis(0.0, 0.2, "answers that speak of another composition than today's, by declaration class"),
}
"""By the names of the fields below."""


def _outside(plan: object, where: str) -> Iterator[Fault]:
    for one in fields(plan):  # type: ignore[arg-type]
        known = HYPOTHESES.get(one.name)
        if known is None:
            continue
        value = getattr(plan, one.name)
        for number in value if isinstance(value, tuple) else (value,):
            plain = isinstance(number, int | float) and not isinstance(number, bool) and isfinite(number)
            if not plain or not known.low <= number <= known.high:
                yield _fault("network_number", f"{where}.{one.name}", number, f"{known.low:g} - {known.high:g}")


def _fault(code: str, where: str, found: object, allowed: object = None) -> Fault:
    return Fault(code, Place(model=f"network.{where}"), {"found": found, "allowed": allowed})


@dataclass(frozen=True)
class RolePlan:
    """How suppliers of one role write records.

    Raises
    ------
    InputError
        ``network_number`` for a number outside the range of its hypothesis, ``network_shares`` for mistakes that come
        to more than one record in one.
    """

    coverage: float = 0.9
    delay_days: float = 3.0
    delay_cv: float = 1.0
    swapped: float = 0.02
    scale: float = 0.01
    scale_cv: float = 0.02
    unit_slip: float = 0.0

    def __post_init__(self) -> None:
        faults = list(_outside(self, "role"))
        if not faults and self.swapped + self.scale + self.unit_slip > 1.0:
            faults = [_fault("network_shares", "role", self.swapped + self.scale + self.unit_slip)]
        if faults:
            raise InputError(faults)

    @property
    def reliability(self) -> float:
        """Chance that a record is right, as known of the role."""
        return 1.0 - self.swapped - self.scale - self.unit_slip


@dataclass(frozen=True)
class CompositionPlan:
    """How compositions come out of CMP: who answers, how long it takes, what is withheld.

    Raises
    ------
    InputError
        ``network_number``, ``network_shares`` for declaration classes that do not add up to one.
    """

    people: int = 4
    answer_hours: float = 6.0
    answer_cv: float = 1.0
    working: WorkingTime = field(default_factory=WorkingTime)
    refused: float = 0.03
    returned: float = 0.1
    review_days: float = 5.0
    review_cv: float = 1.0
    deemed_days: float = 30.0
    reminder_days: float = 14.0
    declared: tuple[float, float, float] = (0.6, 0.25, 0.15)
    """Shares of FSD, FSR and FMD."""
    undisclosed: tuple[float, float, float] = (0.0, 0.005, 0.01)
    """Most of the mass that an answer of each class leaves without a name."""
    stale: tuple[float, float, float] = (0.0, 0.01, 0.03)
    """Chance that an answer of each class is of another composition."""

    def __post_init__(self) -> None:
        faults = list(_outside(self, "composition"))
        if not faults and abs(sum(self.declared) - 1.0) > 1e-9:
            faults = [_fault("network_shares", "declared", sum(self.declared))]
        if not faults and self.undisclosed[0] > 0.0:
            faults = [_fault("network_number", "undisclosed", self.undisclosed[0], "0 (FSD)")]
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class NetworkPlan:
    """All that is supposed.

    Raises
    ------
    InputError
        ``network_unknown_role`` with the nearest one.
    """

    roles: tuple[tuple[str, RolePlan], ...] = (
        ("dismantler", RolePlan()),
        ("shredder", RolePlan(coverage=0.7, delay_days=5.0, swapped=0.04)),
        ("scrap_trader", RolePlan(coverage=0.0)),
    )
    composition: CompositionPlan = field(default_factory=CompositionPlan)
    absent: tuple[tuple[str, str], ...] = ()
    """Role and region of suppliers who write nothing at all; re-run with and without to see what one is worth."""

    def __post_init__(self) -> None:
        named = [("roles", role) for role, _ in self.roles] + [("absent", role) for role, _ in self.absent]
        faults = [
            Fault(
                "network_unknown_role",
                Place(model=f"network.{where}"),
                {"found": role, "allowed": SUPPLIERS, "nearest": nearest(role, SUPPLIERS)},
            )
            for where, role in named
            if role not in SUPPLIERS
        ]
        if faults:
            raise InputError(faults)

    def of(self, role: str) -> RolePlan:
        """Return what is supposed of a role; of one that is not listed, that it writes nothing."""
        return dict(self.roles).get(role, RolePlan(coverage=0.0))


def role_of(grade: str) -> str:
    """Return who sells a scrap grade: parts come from dismantlers, fractions from the shredder's lines."""
    if grade.startswith("part-") or grade == "wheels":
        return "dismantler"
    return "shredder" if grade.startswith(("sorted-", "shred-")) else "scrap_trader"
