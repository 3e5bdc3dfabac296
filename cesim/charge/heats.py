"""Drawn heats: what a charge may turn out to be, and how often that is off its limits.

Each lot draws from a stream of its own, by its name: what else lies in the yard changes nothing, and two charges are
compared on the same heats. Lots are drawn independently of each other; what is common to them belongs into the belief.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from zlib import crc32

import numpy as np

from cesim.charge.composition import BASE, TOLERANCE
from cesim.charge.margin import upper_bound
from cesim.charge.strata import strata

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cesim.charge.sheet import ChargeSheet
    from cesim.charge.yard import Lot

    Floats = NDArray[np.float64]
    Floats32 = NDArray[np.float32]
    Purpose = Literal["plan", "pilot", "calibrate", "judge", "correct"]

_PURPOSES: Final[dict[Purpose, int]] = {"plan": 1, "calibrate": 2, "judge": 3, "correct": 4, "pilot": 5}
_BLOCK: Final = 25_000


@dataclass(frozen=True)
class RealisedRisk:
    """How many of the heats drawn afresh missed a limit."""

    heats: int
    """Heats drawn."""
    off: int
    """Heats off at least one limit."""

    @property
    def share(self) -> float:
        """Share of heats off their limits."""
        return self.off / self.heats

    @property
    def upper_bound(self) -> float:
        """One-sided 95 % upper bound of the risk (C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404)."""
        return upper_bound(self.off, self.heats)

    @property
    def lower_bound(self) -> float:
        """One-sided 95 % lower bound of the risk."""
        return self.at_least(0.95)

    def at_least(self, confidence: float) -> float:
        """Return what the risk is at least, with so much confidence."""
        from scipy.special import betaincinv  # here, since scipy is slow to import

        return 0.0 if self.off == 0 else float(betaincinv(self.off, self.heats - self.off + 1, 1.0 - confidence))


def deviations(
    sheet: ChargeSheet, lot: Lot, heats: int, purpose: Purpose, seed: int, components: NDArray[np.integer] | None = None
) -> Floats:
    """Return by how much a lot differs from its mean in drawn heats, (heat, element), mass fractions.

    Parameters
    ----------
    components
        What the lot is in each heat, (heat,); drawn where not given, as by `drawn_components`.
    """
    rng = _stream(lot, purpose, seed)
    order = [lot.belief.elements.index(element) for element in sheet.elements]
    return (lot.belief.draw(rng, heats, components) - lot.belief.mean())[:, order]


def drawn_components(lot: Lot, heats: int, purpose: Purpose, seed: int) -> NDArray[np.integer]:
    """Return what a lot is in the heats of `deviations`, (heat,)."""
    return lot.belief.draw_components(_stream(lot, purpose, seed), heats)


def _stream(lot: Lot, purpose: Purpose, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, _PURPOSES[purpose], crc32(lot.name.encode())])


class Heats:
    """The same heats for any charge of one sheet, kept in memory, stratum by stratum (`strata`).

    Attributes
    ----------
    varying : (v,) of int
        columns whose composition is uncertain
    strata : Strata
    """

    def __init__(
        self, sheet: ChargeSheet, count: int, purpose: Purpose, seed: int, guess: Floats | None = None
    ) -> None:
        self.sheet, self._from = sheet, (purpose, seed)
        self.varying = np.array([at for at, lot in enumerate(sheet.lots) if lot.varies], dtype=np.intp)
        rng = np.random.default_rng([seed, _PURPOSES[purpose]])
        self.strata = strata([sheet.lots[column].belief.weights for column in self.varying], count, rng, guess)
        self._apart: dict[int, Floats32] = {}
        felt = [end.weights * sheet.gain + (end.of_melt - end.limit) * sheet.slope for end in sheet.ends]
        self._felt = np.array(felt, dtype=np.float32).reshape(len(felt), len(sheet.elements))
        self._sign = np.array([1.0 if end.side == "upper" else -1.0 for end in sheet.ends])

    def risk(self, masses: Floats) -> float:
        """Return the share of heats of a charge, t (column,), that miss a limit: as much as it may be (`Strata`)."""
        return self.strata.risk(np.any(self._over(masses) > 0.0, axis=0))

    def risks(self, masses: Floats) -> Floats:
        """Return the risk in each stratum, (stratum,)."""
        return self.strata.risks(np.any(self._over(masses) > 0.0, axis=0))

    def along(self, first: Floats, second: Floats) -> Callable[[float], float]:
        """Return the risk on the way from one charge (0) to another (1).

        What is off a limit changes in a straight line, so only heats that keep it at one of both and not at the other
        are looked at again.
        """
        one, other = self._over(first), self._over(second)
        off = np.asarray(np.any((one > 0.0) & (other > 0.0), axis=0))
        doubtful = np.flatnonzero(np.any((one > 0.0) != (other > 0.0), axis=0))
        one, way = one[:, doubtful], (other - one)[:, doubtful]

        def risk(share: float) -> float:
            now = off.copy()
            now[doubtful] |= np.any(one + np.float32(share) * way > 0.0, axis=0)
            return self.strata.risk(now)

        return risk

    def _over(self, masses: Floats) -> Floats32:
        """Return by how much each limit is missed, t (end, heat); what is certain of it is added in double."""
        sheet = self.sheet
        apart = np.zeros((len(sheet.elements), self.strata.components.shape[1]), dtype=np.float32)
        part = np.empty_like(apart)
        for own, column in enumerate(self.varying):
            if masses[column] > 0.0:
                np.multiply(self._deviation(own), np.float32(masses[column]), out=part)
                apart += part
        melt = float(masses @ sheet.melted)
        room = [end.limit * melt - float(row @ masses) for end, row in zip(sheet.ends, sheet.rows, strict=False)]
        over = (self._felt * self._sign[:, None].astype(np.float32)) @ apart
        over -= (self._sign * np.array(room) + TOLERANCE * melt)[:, None].astype(np.float32)
        return over

    def _deviation(self, own: int) -> Floats32:
        """Return what a lot differs by from its mean, (element, heat); drawn when it is first charged."""
        if own not in self._apart:
            components = self.strata.components[own]
            lot = self.sheet.lots[self.varying[own]]
            drawn = deviations(self.sheet, lot, components.size, *self._from, components)
            self._apart[own] = np.ascontiguousarray(drawn.T, dtype=np.float32)
        return self._apart[own]


def realised(sheet: ChargeSheet, masses: Floats, heats: int, seed: int, *, rounded: bool = False) -> RealisedRisk:
    """Draw heats of a charge afresh and let the alloy itself judge them.

    Parameters
    ----------
    masses
        t of each column, (column,).
    rounded
        See `AlloyLimits.meets`.
    """
    apart = np.zeros((heats, len(sheet.elements)))
    for mass, lot in zip(masses, sheet.lots, strict=False):
        if mass > 0.0 and lot.varies:
            apart += mass * deviations(sheet, lot, heats, "judge", seed)
    off = 0
    for start in range(0, heats, _BLOCK):
        fraction = np.maximum(sheet.melted_fraction(masses, apart[start : start + _BLOCK]), 0.0)
        rest = 1.0 - fraction.sum(axis=1)
        melt = dict(
            zip(sheet.elements, (fraction / np.maximum(1.0 - np.minimum(rest, 0.0), 1.0)[:, None]).T, strict=True)
        )
        if BASE in sheet.alloy.elements:
            melt[BASE] = np.maximum(rest, 0.0)
        off += int(np.count_nonzero(~sheet.alloy.meets(melt, rounded=rounded) | (rest < 0.0)))
    return RealisedRisk(heats, off)
