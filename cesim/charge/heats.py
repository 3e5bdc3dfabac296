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
from cesim.charge.strata import strata

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.sheet import ChargeSheet
    from cesim.charge.yard import Lot

    Floats = NDArray[np.float64]
    Purpose = Literal["plan", "calibrate", "judge"]

_PURPOSES: Final = {"plan": 1, "calibrate": 2, "judge": 3, "correct": 4}
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
        from scipy.special import betaincinv  # here, since scipy is slow to import

        return 1.0 if self.off == self.heats else float(betaincinv(self.off + 1, self.heats - self.off, 0.95))

    @property
    def lower_bound(self) -> float:
        """One-sided 95 % lower bound of the risk."""
        from scipy.special import betaincinv

        return 0.0 if self.off == 0 else float(betaincinv(self.off, self.heats - self.off + 1, 0.05))


def deviations(
    sheet: ChargeSheet, lot: Lot, heats: int, purpose: str, seed: int, components: NDArray[np.uint8] | None = None
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


def drawn_components(lot: Lot, heats: int, purpose: str, seed: int) -> NDArray[np.integer]:
    """Return what a lot is in the heats of `deviations`, (heat,)."""
    return lot.belief.draw_components(_stream(lot, purpose, seed), heats)


def _stream(lot: Lot, purpose: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, _PURPOSES[purpose], crc32(lot.name.encode())])


class Heats:
    """The same heats for any charge of one sheet, kept in memory, stratum by stratum (`strata`).

    Attributes
    ----------
    varying : (v,) of int
        columns whose composition is uncertain
    strata : Strata
    deviation : (v, heat, element)
        single precision; what is certain is added in double
    """

    def __init__(self, sheet: ChargeSheet, count: int, purpose: str, seed: int) -> None:
        self.sheet = sheet
        self.varying = np.array([at for at, lot in enumerate(sheet.lots) if lot.varies], dtype=np.intp)
        lots = [sheet.lots[column] for column in self.varying]
        rng = np.random.default_rng([seed, _PURPOSES[purpose]])
        self.strata = strata([lot.belief.weights for lot in lots], count, rng)
        drawn = self.strata.components.shape[1]
        self.deviation = np.empty((self.varying.size, drawn, len(sheet.elements)), dtype=np.float32)
        for own, lot, components in zip(self.deviation, lots, self.strata.components, strict=True):
            own[:] = deviations(sheet, lot, drawn, purpose, seed, components)
        felt = [end.weights * sheet.gain + (end.of_melt - end.limit) * sheet.slope for end in sheet.ends]
        self._felt = np.array(felt, dtype=np.float32).reshape(len(felt), len(sheet.elements))

    def risk(self, masses: Floats) -> float:
        """Return the share of heats of a charge, t (column,), that miss a limit: as much as it may be (`Strata`)."""
        sheet = self.sheet
        count, elements = self.deviation.shape[1:]
        apart = masses[self.varying].astype(np.float32) @ self.deviation.reshape(-1, count * elements)
        over = apart.reshape(count, elements) @ self._felt.T
        melt, off = float(masses @ sheet.melted), np.zeros(len(over), dtype=bool)
        for at, end in enumerate(sheet.ends):
            room = end.limit * melt - float(sheet.rows[at] @ masses)
            allowed = TOLERANCE * melt
            off |= over[:, at] > room + allowed if end.side == "upper" else over[:, at] < room - allowed
        return self.strata.risk(off)


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
