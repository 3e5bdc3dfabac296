"""Which heats a charge gives up: the nearest way from a tail that is kept on average to a risk that is kept.

A tail kept on average is careful: it pays for the worst heats although they are among those that may be missed. So
some heats are given up, the rest of the tail is kept on average, and how short that rest is, is calibrated as before.
Heats are given up in two ways, and a charge is only taken if it costs less and keeps the risk on the heats of the
calibration:

- by what is wrong in them: every heat in which a certain lot is not what its record says. Wrong things are added one
  by one, the most costly first, as long as their probability fits into the risk;
- by how badly they miss at the best charge found: the worst of them. What is then kept on average is a band of misses
  around the risk, a difference of two tails; each step lowers the cost (the convex-concave procedure of A. L. Yuille,
  A. Rangarajan, Neural Computation 15 (2003) 915).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.calibrating import between, bracket

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.calibrating import Trial
    from cesim.charge.drawn_tail import DrawnTail
    from cesim.charge.heats import Heats

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FITS: Final = 1.25
"""A wrong thing that is this many times as likely as the risk may still be given up in part."""
PARTS: Final = (0.8, 0.95)
"""Shares of the risk that heats given up may make up."""
REST: Final = 0.3
"""Share of the risk from which the rest of the tail is kept on average, to begin with."""
TRIED: Final = 4
"""Wrong things that are tried before one is given up."""
GAIN: Final = 0.003
"""A better charge than this is looked for again."""
STEPS: Final = 4
"""Most steps either way."""


def better(
    way: DrawnTail, heats: Heats, most: float, known: Trial, loose: Trial | None
) -> tuple[DrawnTail, Trial, Trial | None]:
    """Return the best charge found by giving heats up, the way that leads to it, and one beyond it.

    Parameters
    ----------
    heats
        Of the calibration.
    most
        Risk allowed.
    known, loose
        A charge that keeps it, and one beyond it that does not.
    """
    if heats.varying.size < 2 or known.tightness == 0.0:
        return way, known, loose
    search = GivingUp(way, heats, most, known, way, loose)
    search.search()
    return search.kept, search.best, search.beyond


@dataclass
class GivingUp:
    """The search for the heats to give up."""

    way: DrawnTail
    heats: Heats
    most: float
    """Risk allowed."""
    best: Trial
    """The best charge so far."""
    kept: DrawnTail
    """The way that led to it."""
    beyond: Trial | None
    """A charge further on that way that misses too often."""

    def search(self) -> None:
        """Give up what is wrong, then what misses worst."""
        self._by_what_is_wrong()
        for step in range(STEPS):
            share = PARTS[min(step, len(PARTS) - 1)]
            gained = self._try(_worst(self.way.misses(self.best.masses), share * self.most))
            if gained < GAIN and step >= len(PARTS) - 1:
                return

    def _by_what_is_wrong(self) -> None:
        given_up, chance = np.zeros(self.way.count, dtype=bool), 0.0
        left = [one for one in self.way.wrong if one[0] <= FITS * self.most]
        for _ in range(STEPS):
            fits = [at for at, (own, _) in enumerate(left) if chance + own <= FITS * self.most]
            pressing = sorted(fits, key=lambda at: -self._pressure(left[at][1], given_up))[:TRIED]
            tried = [(self._loosest(given_up | left[at][1]), at) for at in pressing]
            found = [(float(self.way.cost @ masses), at, masses) for masses, at in tried if masses is not None]
            if not found:
                return
            _, at, masses = min(found, key=lambda one: one[:2])
            own, flags = left.pop(at)
            given_up, chance = given_up | flags, chance + own
            gained = self._try(given_up) if chance <= self.most else 0.0
            misses = np.where(given_up, self.way.misses(masses), -np.inf)
            for share in PARTS if chance > PARTS[0] * self.most else ():
                gained = max(gained, self._try(_worst(misses, share * self.most) & given_up))
            if gained < GAIN:
                return

    def _pressure(self, flags: Flags, given_up: Flags) -> float:
        """Return how much of the tail at the best charge is due to something that may be wrong."""
        tail = _worst(np.where(given_up, -np.inf, self.way.misses(self.best.masses)), self.most)
        return float((tail & flags).sum())

    def _loosest(self, given_up: Flags) -> Floats | None:
        way = self.way.without(given_up)
        return way.solve(min(-log(REST * self.most), way.tightest))

    def _try(self, given_up: Flags) -> float:
        """Take the charge that gives up some heats if it is better; return by which share it is."""
        way, cost = self.way.without(given_up), self.way.cost
        start = min(-log(REST * self.most), way.tightest)
        tight, loose = bracket(way.solve, self.heats.risk, start, self.most, way.pace, cost, self.best)
        if tight is None:
            if loose is None:
                return 0.0
            # no tail is short enough: part of the way from the best charge to this one is
            tight = replace(self.best, tightness=loose.tightness)
        found = between(tight, loose, self.heats.along, self.most)
        gained = float(cost @ (self.best.masses - found.masses)) / float(np.abs(cost) @ found.masses)
        if gained <= 0.0:
            return 0.0
        self.best, self.kept, self.beyond = found, way, loose
        return gained


def _worst(misses: Floats, share: float) -> Flags:
    """Return which heats are among so large a share of the worst, (heat,)."""
    worst = np.zeros(misses.size, dtype=bool)
    worst[np.argsort(misses)[misses.size - int(share * misses.size) :]] = True
    return worst
