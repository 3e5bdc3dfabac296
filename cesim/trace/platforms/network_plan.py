"""What is supposed of suppliers and of the people who answer for compositions.

No number here was measured: records for aluminium scrap are a hypothesis of 2035, and the defaults are estimates that
stand in for a scenario's own, which carry their ranges.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import isfinite
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.trace.entries import Actor
from cesim.trace.platforms.answering import WorkingTime
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import MISC_AT_MOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHARES: Final = ("refused", "returned", "declared", "stale")
_MOST: Final = {"people": 1e5, "answer_hours": 1e4, "answer_cv": 100.0, "review_days": 3650.0, "review_cv": 100.0,
                "deemed_days": 3650.0, "reminder_days": 3650.0}  # fmt: skip


@dataclass(frozen=True)
class CompositionPlan:
    """How compositions come out of CMP: who answers, how long it takes, what is withheld. All are estimates.

    Raises
    ------
    InputError
        ``network_number`` for a number out of range, ``network_shares`` for declaration classes that do not add up to
        one.
    """

    people: int = 4
    """Who answer for all suppliers together."""
    answer_hours: float = 6.0
    """Mean work on an answer."""
    answer_cv: float = 1.0
    working: WorkingTime = field(default_factory=WorkingTime)
    refused: float = 0.03
    returned: float = 0.1
    """Share of answers that are sent back for correction."""
    review_days: float = 5.0
    """Mean until whoever asked has looked at an answer."""
    review_cv: float = 1.0
    deemed_days: float = 30.0
    """Time after which an answer counts as approved; the rule is public, the time is not."""
    reminder_days: float = 14.0
    declared: tuple[float, float, float] = (0.6, 0.25, 0.15)
    """Shares of FSD, FSR and FMD."""
    undisclosed: tuple[float, float, float] = (0.0, 0.005, 0.01)
    """Most of the mass that an answer of each class leaves without a name; the public rule allows 10 %."""
    stale: tuple[float, float, float] = (0.0, 0.01, 0.03)
    """Chance that an answer of each class is of another composition."""

    def __post_init__(self) -> None:
        faults = list(_wrong(self))
        if not faults and abs(sum(self.declared) - 1.0) > 1e-9:
            faults = [_fault("network_shares", "declared", sum(self.declared))]
        if faults:
            raise InputError(faults)


def composition_plan(desk: Mapping[str, float]) -> CompositionPlan:
    """Return the plan that a scenario's desk tells.

    Parameters
    ----------
    desk
        Fields of `CompositionPlan` that are one number; ``full``, the share of answers that are FSD; ``registered``,
        the share of the others that are FSR; ``stale``, of FSR and FMD. What is absent is as in `CompositionPlan`.

    Raises
    ------
    InputError
        As `CompositionPlan`; ``unknown_key`` for anything else.
    """
    told = dict(desk)
    full, registered = told.pop("full", None), told.pop("registered", None)
    stale = told.pop("stale", None)
    plain = {one.name for one in fields(CompositionPlan)} - {"working", "declared", "undisclosed", "stale"}
    if wrong := sorted(set(told) - plain):
        place = Place(model=f"desk.{wrong[0]}")
        raise InputError([Fault("unknown_key", place, {"found": wrong[0], "allowed": tuple(sorted(plain))})])
    if "people" in told:
        told["people"] = max(1, round(told["people"]))
    usual = CompositionPlan()
    first = usual.declared[0] if full is None else full
    second = (1.0 - first) * (usual.declared[1] / (1.0 - usual.declared[0]) if registered is None else registered)
    return CompositionPlan(
        **told,  # type: ignore[arg-type]
        declared=(first, second, max(0.0, 1.0 - first - second)),
        stale=usual.stale if stale is None else (0.0, stale, stale),
    )


@dataclass(frozen=True)
class NetworkPlan:
    """All that is supposed: how suppliers write, and how compositions are answered."""

    policies: Policies = field(default_factory=Policies)
    composition: CompositionPlan = field(default_factory=CompositionPlan)


WORDS: Final = {"dismantler": "dismantlers", "shredder": "shredder", "press_shop": "press shop"}
"""First words of the names of suppliers in a region; `supplier_of` says whole names."""
NEW_MIXED: Final = "new-mixed"
"""The grade of what press shops did not keep apart."""
ELSEWHERE: Final = Actor("other regions", "elsewhere")
TRADERS: Final = Actor("scrap traders", "scrap_trader")


def supplier_of(grade: str, region: str | None) -> Actor:
    """Return who sells a scrap grade: parts come from a region's dismantlers, fractions from its shredder's lines.

    Mixed new scrap comes from its press shops, any other scrap from traders, and what comes from no region of the run
    from elsewhere.
    """
    if grade == NEW_MIXED and region is not None:
        return _local("press_shop", region)
    part = grade.startswith("part-") or grade == "wheels"
    if not part and not grade.startswith(("sorted-", "shred-")):
        return TRADERS
    if region is None:
        return ELSEWHERE
    return _local("dismantler" if part else "shredder", region)


def _local(role: str, region: str) -> Actor:
    return Actor(f"{WORDS[role]} {region}", role, region)


def _wrong(plan: CompositionPlan) -> Iterator[Fault]:
    for one in fields(plan):
        if one.name == "working":
            continue
        value = getattr(plan, one.name)
        most = 1.0 if one.name in _SHARES else MISC_AT_MOST if one.name == "undisclosed" else _MOST[one.name]
        least = 1.0 if one.name in ("people", "reminder_days") else 0.0
        for number in value if isinstance(value, tuple) else (value,):
            plain = isinstance(number, int | float) and not isinstance(number, bool) and isfinite(number)
            if not plain or not least <= number <= most:
                yield _fault("network_number", one.name, number, f"{least:g} - {most:g}")
    if plan.undisclosed[0] > 0.0:
        yield _fault("network_number", "undisclosed", plan.undisclosed[0], "0 (FSD)")


def _fault(code: str, where: str, found: object, allowed: object = None) -> Fault:
    return Fault(code, Place(model=f"desk.{where}"), {"found": found, "allowed": allowed})
