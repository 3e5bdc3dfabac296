"""Heats of one clearing, side by side: how much of the scrap meant for each it may take, and what fills it up.

The programme of the clearing sees grades; a heat sees its own bales. So each heat's scrap is scaled back until its
limits hold with a margin for what is not known of these bales, and primary and additions follow. A heat without any
scrap always holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.charge.dilution import AlloyWindow

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

GUARD: Final = 1e-6
"""Mass fraction kept to every limit, since lots are divided by whole milligrams."""
_HALVINGS: Final = 24
_TURNS: Final = 6
"""Times that primary and additions are worked out from each other: they hold next to nothing of each other."""
_NORMAL: Final = NormalDist()


def deviations(risk: float, limits: int = 1) -> float:
    """Return the standard deviations of a one-sided margin: so many limits at once are missed with this chance."""
    return max(0.0, -_NORMAL.inv_cdf(min(risk / max(limits, 1), 0.5)))


@dataclass(frozen=True)
class Windows:
    """Limits of the alloy of each heat, (heat, METALS)."""

    lower: Floats
    upper: Floats
    primary: Floats
    raised: Flags
    """Elements with a lower limit that primary metal does not reach."""

    @classmethod
    def of(cls, windows: Sequence[AlloyWindow]) -> Windows:
        """Return the limits of these alloys, one a heat."""
        lower, upper, primary = (
            np.array([getattr(window, name) for window in windows]) for name in ("lower", "upper", "primary")
        )
        return cls(lower, upper, primary, lower > primary)

    def kept(self, content: Floats) -> Flags:
        """Say whether contents (heat, METALS), in any unit of mass, are within the limits."""
        mass = content.sum(axis=1, keepdims=True)
        over = (content > self.upper * mass) & (self.upper < 1.0)
        under = (content < self.lower * mass) & self.raised
        return np.asarray(~(over | under).any(axis=1))


@dataclass(frozen=True)
class Heats:
    """What is meant for each heat, t.

    Attributes
    ----------
    windows : Windows
    room : (heat,)
        metal wanted beside what is returned
    returned, scrap : (heat, METALS)
        what is known to be in segregated new scrap, and believed to be in all other scrap
    variance : (heat, METALS)
        of the believed content of the scrap, t squared
    cases
        by heat, where one bell does not stand for its scrap: by how much it differs in the cases, (case, METALS),
        each element in ascending order
    """

    windows: Windows
    room: Floats
    returned: Floats
    scrap: Floats
    variance: Floats
    cases: Mapping[int, Floats] = field(default_factory=dict)

    def margins(self, risk: Floats) -> tuple[Floats, Floats]:
        """Return how much more and how much less the scrap may hold at a risk (heat) of each, t (heat, METALS)."""
        more = np.array([deviations(float(one)) for one in risk])[:, None] * np.sqrt(self.variance)
        less = more.copy()
        for heat, of in self.cases.items():
            last, share = len(of) - 1, float(risk[heat])
            more[heat] = np.maximum(of[ceil(last * (1.0 - share))], 0.0)
            less[heat] = np.maximum(-of[floor(last * share)], 0.0)
        return more, less

    def filled(self, share: Floats, margins: tuple[Floats, Floats]) -> Filled:
        """Return the heats with a share of their scrap (heat), so that limits hold with these margins."""
        w = self.windows
        mass = (self.room + self.returned.sum(axis=1))[:, None]
        more, less = (share[:, None] * margin + GUARD * mass for margin in margins)
        held = self.returned + share[:, None] * self.scrap
        missing = w.lower * mass + less - held
        free = self.room - share * self.scrap.sum(axis=1)
        primary, additions = free, np.zeros_like(held)
        for _ in range(_TURNS):
            additions = np.where(w.raised, np.maximum(missing - primary[:, None] * w.primary, 0.0), 0.0)
            primary = free - additions.sum(axis=1)
        content = held + primary[:, None] * w.primary + additions
        over = np.where(w.upper < 1.0, content + more - w.upper * mass, -np.inf)
        return Filled(primary, additions, over, ~(over > 0.0).any(axis=1) & (primary >= 0.0), (additions > 0.0))

    def fitted(self, risk: float) -> tuple[Floats, Floats, Floats]:
        """Return share of the scrap (heat), primary (heat) and additions (heat, METALS), t, at this risk of a heat.

        The risk is shared out among the limits that a heat comes near.
        """
        each = np.full(self.room.size, risk)
        share = self._largest(self.margins(each))
        margins = self.margins(each / np.maximum(self._near(share, self.margins(each)), 1))
        share = self._largest(margins)
        last = self.filled(share, margins)
        return share, np.maximum(last.primary, 0.0), last.additions

    def _near(self, share: Floats, margins: tuple[Floats, Floats]) -> NDArray[np.int64]:
        """How many limits of each heat could be missed: where half a margin more would not hold, (heat)."""
        filled = self.filled(share, margins)
        unsure = [share[:, None] * margin > 0.0 for margin in margins]
        above = (filled.over + 0.5 * share[:, None] * margins[0] > 0.0) & unsure[0]
        below = filled.added & unsure[1]
        return np.asarray(above.sum(axis=1) + below.sum(axis=1))

    def _largest(self, margins: tuple[Floats, Floats]) -> Floats:
        """The largest share of the scrap that holds, by halving: what holds lies between nothing and it."""
        low, high = np.zeros(self.room.size), np.ones(self.room.size)
        all_of_it = self.filled(high, margins).holds
        if all_of_it.all():
            return high
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            holds = self.filled(middle, margins).holds
            low, high = np.where(holds, middle, low), np.where(holds, high, middle)
        return np.where(all_of_it, 1.0, low)


@dataclass(frozen=True)
class Filled:
    """Heats filled up: t, and by how much upper limits are missed."""

    primary: Floats
    """(heat,)"""
    additions: Floats
    """(heat, METALS)"""
    over: Floats
    """(heat, METALS)"""
    holds: Flags
    """(heat,)"""
    added: Flags
    """(heat, METALS) where a lower limit is reached by additions alone."""


def corrected(content: Floats, window: AlloyWindow, most: float) -> tuple[float, Floats] | None:
    """Return primary and additions that bring a melt within its limits; none where more would be needed than `most`.

    Parameters
    ----------
    content : (METALS,)
        of the melt, in any unit of mass; the answer is in the same
    most
        share of its mass
    """
    mass, low = content.sum(), window.lower + 2.0 * GUARD
    high = np.where(window.upper < 1.0, window.upper - 2.0 * GUARD, 1.0)
    raised, limited = window.lower > window.primary, window.upper < 1.0
    additions = np.zeros_like(content)
    primary = 0.0
    for _ in range(8 * _TURNS):
        total = mass + primary + additions.sum()
        held = content + primary * window.primary
        over = (held + additions - high * total) / np.maximum(high - window.primary, GUARD)
        step = max(0.0, float(over[limited].max(initial=0.0)))
        wanted = np.where(raised, np.maximum(low * total - held, 0.0), 0.0)
        done = step <= 1e-9 * mass and bool((wanted <= additions + 1e-9 * mass).all())
        if done:
            return primary, additions
        primary += step
        additions = np.maximum(wanted, additions)
        if primary + additions.sum() > most * mass:
            return None
    return None
