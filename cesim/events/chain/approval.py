"""When an alloy may take a grade that it did not use before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.clock import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.chain.plan import MetalPlan

    Flags = NDArray[np.bool_]

_MONTH: Final = 365 * DAY / 12


def admitted(metal: MetalPlan, alloys: tuple[str, ...], grades: int, kinds: tuple[str, ...]) -> Flags:
    """Return which grade an alloy may take in rounds of these kinds, (G, A)."""
    allowed = np.zeros((grades, len(alloys)), dtype=np.bool_)
    for name, takes, kind in metal.rounds:
        if kind in kinds:
            allowed[list(takes), alloys.index(name)] = True
    return allowed


class Approval:
    """The list of what each alloy may be made of: new grades are put on it some months after they are first offered.

    In use from the beginning is what the plan says (`MetalPlan.in_use`), else what each alloy takes in its first
    round; castings take anything from the beginning.

    Parameters
    ----------
    metal
        Of the first year.
    alloys
        Names along A.
    grades
        Number of grades.
    months
        From first offer to approval.
    """

    def __init__(self, metal: MetalPlan, alloys: tuple[str, ...], grades: int, months: float) -> None:
        self.may = admitted(metal, alloys, grades, ("first", "again", "casting"))
        """Which grade an alloy may take at all, (G, A)."""
        used = admitted(metal, alloys, grades, ("first",)) if metal.in_use is None else metal.in_use
        used = used | admitted(metal, alloys, grades, ("casting",))
        self.wait_s = round(months * _MONTH)
        self.from_s = np.where(used, 0, -1)
        """Second from which a grade may be used, (G, A); -1: it was never offered."""

    def open_at(self, now: int, offered: Flags) -> Flags:
        """Return what may be used now, (G, A); `offered` says which grades lie in the yard, (G)."""
        self.from_s[offered[:, None] & self.may & (self.from_s < 0)] = now + self.wait_s
        return np.asarray((self.from_s >= 0) & (self.from_s <= now))

    def waits(self, now: int) -> Flags:
        """Return what was offered and is not approved yet, (G, A)."""
        return np.asarray(self.from_s > now)
