"""What happens where more survives than is wanted: the policies for a negative inflow.

Nothing flows in, and the surplus leaves: from the oldest cohorts, or from all alike. A retired car does not
come back, and the cars that stay live on as if nothing had happened: only the size of their cohort changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from cesim.balance.columns import Block
    from cesim.balance.families import Floats

NegativeInflow = Literal["error", "allow", "retire-oldest", "retire-pro-rata"]

# a surplus this small beside the stock and what entered it is rounding, not a surplus
ROUNDING = 1e-12


def check_policy(policy: str) -> None:
    """Refuse an unknown policy with a ValueError that lists the known ones."""
    if policy not in get_args(NegativeInflow):
        raise ValueError(f"negative_inflow: found {policy!r}; allowed: {', '.join(get_args(NegativeInflow))}")


class Retirement:
    """Settles the years in which survivors exceed the wanted stock."""

    def __init__(self, policy: NegativeInflow, block: Block) -> None:
        self._policy, self._block = policy, block

    def settle(self, year: int, made: Floats, alive: Floats, wanted: Floats, left: Floats, inflow: Floats) -> None:
        """Set negative `inflow` to 0 and shrink the cohorts `made`, both in place.

        `made` and `alive` are ``(cohort, series)``; `wanted`, `left` (survivors) and `inflow` ``(series,)``.
        Raises ValueError under the policy ``error``, unless the surplus is rounding.
        """
        surplus = inflow < 0.0
        if self._policy == "error":
            scale = np.maximum(left, np.max(made, axis=0, initial=0.0))
            self._refuse(year, surplus & (left - wanted > ROUNDING * scale), inflow)
            inflow[surplus] = 0.0
            return
        inflow[surplus] = 0.0
        if self._policy == "retire-pro-rata":
            made[:, surplus] *= wanted[surplus] / left[surplus]
        else:
            made[:, surplus] *= _keep_newest(made[:, surplus] * alive[:, surplus], wanted[surplus])

    def _refuse(self, year: int, wrong: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], inflow: Floats) -> None:
        if wrong.any():
            series = int(np.argmax(wrong))
            raise ValueError(
                f"negative inflow {inflow[series]:g} in year index {year} of series "
                f"{min(self._block.first + series, self._block.last - 1)}: more survives than the wanted stock; "
                "allowed: negative_inflow='allow', 'retire-oldest' or 'retire-pro-rata'"
            )


def _keep_newest(alive: Floats, wanted: Floats) -> Floats:
    """Share of each cohort ``(cohort, series)`` that stays when the oldest leave first."""
    younger = np.cumsum(alive[::-1], axis=0)[::-1] - alive
    room = np.clip(wanted - younger, 0.0, alive)
    return np.divide(room, alive, out=np.ones_like(alive), where=alive > 0.0)
