"""Shares as the steps of a waterfall: from nothing done to everything done, the largest step first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.plan.games.faults import refused

if TYPE_CHECKING:
    from cesim.plan.games.attribution import Attribution, Standing

_ALIKE = 1e-9
"""Of the largest share or the total: what shares may miss the total by, and what makes two shares equal in size."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: it begins where the last one ended."""

    player: str
    start: float
    change: float
    end: float
    remaining: float
    """From here to the end of the last step; 0 there."""
    standing: Standing


def waterfall(attribution: Attribution) -> tuple[Step, ...]:
    """Return the steps from before the plan to after it.

    The largest change first, up or down; equal ones in the order of the players; those that change nothing last. The
    order says nothing of time: a share is a mean over all orders of joining.

    Raises
    ------
    InputError
        ``game_not_adding`` where the shares do not lead from before to after.
    """
    before, after = attribution.before.value, attribution.after.value
    changes = [share.value for share in attribution.shares]
    scale = max(map(abs, (before, after, *changes)))
    if abs(math.fsum((before, *changes, -after))) > _ALIKE * scale:
        raise refused("game_not_adding", found=math.fsum(changes), limits=after - before)
    largest = max(map(abs, changes), default=0.0)
    shares = sorted(attribution.shares, key=lambda share: (share.standing == "none", -_size(abs(share.value), largest)))
    steps: list[Step] = []
    for number, share in enumerate(shares, start=1):
        start = steps[-1].end if steps else before
        done = math.fsum((before, *(earlier.value for earlier in shares[:number])))
        end = after if number == len(shares) else done
        steps.append(Step(share.player, start, share.value, end, after - end, share.standing))
    return tuple(steps)


def _size(change: float, largest: float) -> int:
    """Return the size of a change in billionths of the largest, so that rounding does not order equal ones."""
    return round(change / largest / _ALIKE) if largest else 0
