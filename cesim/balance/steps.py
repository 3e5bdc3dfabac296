"""Where in the year new things enter use, and what of a cohort is left at each year's end.

A *step* counts year ends: step 0 is the end of the year in which the cohort entered use.

====== ======================================== =============================
at     the cohort enters                        alive at step k
====== ======================================== =============================
start  at the start of the year                 SF(k + 1)
mid    in the middle of the year                SF(k + 1/2)
end    at the end of the year                   SF(k)
uniform evenly over the year                    mean of SF over [k, k + 1]
====== ======================================== =============================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from cesim.balance.survival import EVERY_SERIES, Series, Survival

if TYPE_CHECKING:
    from cesim.balance.families import Floats

At = Literal["start", "mid", "end", "uniform"]
_OFFSET = {"end": 0.0, "mid": 0.5, "start": 1.0}


def check_at(at: str) -> None:
    """Refuse an unknown place in the year with a ValueError that lists the known ones."""
    if at not in get_args(At):
        raise ValueError(f"at: found {at!r}; allowed: {', '.join(get_args(At))}")


def survival_steps(survival: Survival, steps: int, at: At, series: Series = EVERY_SERIES) -> Floats:
    """Share of a cohort alive at the first `steps` year ends, ``(step, series)``."""
    check_at(at)
    if at != "uniform":
        return survival.by_age("sf", np.arange(steps) + _OFFSET[at], series)
    lived = survival.by_age("lived", np.arange(steps + 1.0), series)
    alive = np.clip(np.diff(lived, axis=0), 0.0, 1.0)
    # differences of an integral: rounding must not make survival rise
    return np.minimum.accumulate(alive, axis=0, out=alive)
