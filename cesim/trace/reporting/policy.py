"""How an actor writes: what it records, how late, how well, and where it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.text import nearest
from cesim.trace.records import DECLARATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

MISC_AT_MOST: Final = 0.10
"""Share of a mass that may stay without a name (system requirements of CMP, 28 March 2024, read)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The habits of one bookkeeper, and its vices.

    Without arguments it is an honest one that writes everything at once and weighs without error: that is a definition,
    not an observation. No value for any real actor has been published; whatever is set here is a hypothesis.

    Shares are chances of one record each, from 0 to 1, among the records in which the thing can happen at all.

    Raises
    ------
    InputError
        With every fault at once: ``share_out_of_range``, ``policy_out_of_range``, ``need_number``, ``not_a_number``,
        ``not_a_choice``, ``policy_misc``, ``policy_needs``.
    """

    coverage: float = 1.0
    """Share of what it should report that it does record; 0 for one that takes no part at all."""
    omission: float = 0.0
    """Share of the lots that went into something and are left out of its record; handovers name all theirs."""
    delay_days: float = 0.0
    """Median time from what happened to its record, days; log-normal."""
    delay_spread: float = 0.0
    """Standard deviation of the logarithm of that time."""
    back_dated: float = 0.0
    """Share written later than they say."""
    back_dated_days: float = 0.0
    """Median of how much later, days, with the spread above."""
    declaration: str = "FSD"
    """One of `cesim.trace.records.DECLARATIONS`."""
    misc: float = 0.0
    """Share of the mass of whose origin nothing is said, under FSR or FMD; at most `MISC_AT_MOST`."""
    bias_sd: float = 0.0
    """Standard deviation of the logarithm of the factor that is always the same for this actor's scale."""
    weighing_sd: float = 0.0
    """Standard deviation of the logarithm of each weighing by itself."""
    unit_slip: float = 0.0
    """Share in which kg stand for t, or t for kg."""
    swapped: float = 0.0
    """Share in which one lot is taken for another of its kind."""
    duplicate: float = 0.0
    """Share entered a second time."""
    over_claim: float = 0.0
    """Share in which primary matter, or what was melted or compounded, is given out as post-consumer."""
    pre_as_post: float = 0.0
    """Share in which pre-consumer matter is given out as post-consumer."""
    double_claim: float = 0.0
    """Share of its uses of lots that stand a second time in the books of another actor."""
    forged: float = 0.0
    """Share of its products into which a lot is written that never was, with a supply of post-consumer matter."""
    collusion: float = 0.0
    """Share of its shipments for which it agrees a false mass with the receiver."""
    collusion_gain: float = 0.0
    """How much more than there is both write then, as a share of the mass."""

    def __post_init__(self) -> None:
        if faults := faults_in({one.name: getattr(self, one.name) for one in fields(self)}, "policy"):
            raise InputError(faults)


FIELDS: Final = tuple(one.name for one in fields(Policy))
SHARES: Final = (
    "coverage", "omission", "back_dated", "unit_slip", "swapped", "duplicate", "over_claim", "pre_as_post",
    "double_claim", "forged", "collusion",
)  # fmt: skip
LIMITS: Final = {
    "delay_days": (0.0, 3650.0),
    "delay_spread": (0.0, 5.0),
    "back_dated_days": (0.0, 3650.0),
    "bias_sd": (0.0, 1.0),
    "weighing_sd": (0.0, 1.0),
    "collusion_gain": (-0.9, 10.0),
}
"""Least and most of what is no share."""
_NEEDS: Final = {
    "delay_spread": "delay_days",
    "back_dated": "back_dated_days",
    "collusion": "collusion_gain",
}
"""What says nothing as long as something else is 0."""


def faults_in(values: Mapping[str, object], where: str) -> list[Fault]:
    """Return everything that is wrong with the values of a policy; those that are absent are as in `Policy`.

    Parameters
    ----------
    values
        By field.
    where
        First part of the places, such as ``dismantler``.
    """
    known = {name: value for name, value in values.items() if name in FIELDS}
    found = [
        Fault("unknown_key", _at(where, name), {"found": name, "nearest": nearest(name, FIELDS), "allowed": FIELDS})
        for name in values
        if name not in FIELDS
    ]
    wrong = [fault for name, value in known.items() if (fault := _wrong(where, name, value))]
    return found + wrong + ([] if wrong else _disagreeing(known, where))


def _wrong(where: str, name: str, value: object) -> Fault | None:
    """Return what is wrong with one value by itself."""
    place = _at(where, name)
    if name == "declaration":
        if value in DECLARATIONS:
            return None
        near = nearest(str(value), DECLARATIONS)
        return Fault("not_a_choice", place, {"found": value, "nearest": near, "allowed": DECLARATIONS})
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fault("need_number", place, {"found": value})
    if not math.isfinite(value):
        return Fault("not_a_number", place, {"found": float(value)})
    if name == "misc":
        outside = not 0 <= value <= MISC_AT_MOST
        return Fault("policy_misc", place, {"found": value, "most": MISC_AT_MOST}) if outside else None
    if name in SHARES:
        return None if 0 <= value <= 1 else Fault("share_out_of_range", place, {"found": value})
    least, most = LIMITS[name]
    if least <= value <= most:
        return None
    return Fault("policy_out_of_range", place, {"found": value, "least": least, "most": most})


def _disagreeing(values: Mapping[str, object], where: str) -> list[Fault]:
    """Return values that are right alone and say nothing together."""
    found = [
        Fault("policy_needs", _at(where, name), {"found": values[name], "other_field": other})
        for name, other in _NEEDS.items()
        if values.get(name) and not values.get(other)
    ]
    if values.get("misc") and values.get("declaration", "FSD") not in ("FSR", "FMD"):
        found.append(Fault("policy_misc_declaration", _at(where, "misc"), {"found": values.get("declaration", "FSD")}))
    return found


def _at(where: str, name: str) -> Place:
    return Place(model=f"{where}.{name}")
