"""Keeping a risk: which method, how tight, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.answer import Reason
from cesim.charge.calibrating import between, bracket
from cesim.charge.drawn_tail import DrawnTail
from cesim.charge.gate import TRACE
from cesim.charge.giving_up import better
from cesim.charge.heats import Heats
from cesim.charge.margins import Normal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.answer import Method
    from cesim.charge.risk import Risk
    from cesim.charge.sheet import ChargeSheet, Side

    Floats = NDArray[np.float64]

MISSES: Final = {"normal": 1_000, "scenarios": 700}
"""Misses that are waited for when a method is calibrated: three per cent of scatter; where records may be wrong, the
strata do as much with fewer."""
PILOT: Final = 10
"""One heat for so many shows beforehand where they are needed."""
HEATS: Final = (50_000, 1_000_000)
"""Fewest and most heats a method is calibrated on."""
SAME: Final = 1e-3
"""Risks that differ by this share are the same: nobody counts so many heats that they could be told apart."""
NUMBERS: Final = (8_000_000, 60_000_000)
"""Numbers that are drawn for that in any case where records may be wrong; and most that are kept in memory."""


ASKEW: Final = 0.5
"""Share of the risk asked that the normal method counts on, below which the bells are taken for skewed."""


@dataclass(frozen=True)
class Kept:
    """A charge that keeps a risk, or the nearest one can come."""

    masses: Floats | None
    """t of each column, (column,); None where no charge keeps the risk."""
    prices: dict[str, tuple[Side, float, float]]
    nominal: float
    method: Method
    reason: Reason
    least_risk: float
    """The least risk found where no charge keeps it."""
    gap: float
    """What is to be least at the charge, less that of one known to miss too often, as a share of it."""


def keep(sheet: ChargeSheet, cost: Floats, risk: Risk) -> Kept:
    """Return the charge with the least cost, (column,), that keeps a risk."""
    fixed = Reason("method_fixed")
    if risk.method == "scenarios":
        return _kept(cost, risk, DrawnTail(sheet, cost, risk.joint, risk.seed), fixed)
    if risk.method == "normal":
        return _kept(cost, risk, Normal(sheet, cost, risk.joint), fixed)
    if not _of_several_kinds(sheet, None):
        return _of_one_bell(sheet, cost, risk)
    drawn = DrawnTail(sheet, cost, risk.joint, risk.seed)
    several = _of_several_kinds(sheet, drawn.solve(drawn.start))
    if not several:
        normal = _of_one_bell(sheet, cost, risk)
        several = _of_several_kinds(sheet, normal.masses)
        if not several:
            return normal
    return _kept(cost, risk, drawn, Reason("method_mixture", {"lots": ", ".join(several)}))


def _of_one_bell(sheet: ChargeSheet, cost: Floats, risk: Risk) -> Kept:
    """Return the charge of lots of one bell each; over drawn heats where the bell is askew and that is better.

    One margin for both ends of every limit is too much at one end of a skewed bell. The sign of it is that the method
    counts on far less risk than drawn heats show.
    """
    normal = _kept(cost, risk, Normal(sheet, cost, risk.joint), Reason("method_unimodal"))
    if normal.masses is None or not risk.calibrated or normal.nominal > ASKEW * risk.joint:
        return normal
    drawn = _kept(cost, risk, DrawnTail(sheet, cost, risk.joint, risk.seed), Reason("method_askew"))
    if drawn.masses is None or float(cost @ drawn.masses) >= float(cost @ normal.masses):
        return normal
    return drawn


def _kept(cost: Floats, risk: Risk, way: DrawnTail | Normal, reason: Reason) -> Kept:
    method: Method = "normal" if isinstance(way, Normal) else "scenarios"
    if not risk.calibrated:
        masses = way.solve(way.start)
        told = 1.0 if masses is None else way.nominal(masses)
        return Kept(masses, {} if masses is None else way.prices(way.start), told, method, reason, 1.0, 0.0)
    heats = _calibrating(way.sheet, risk, method, way.solve(way.start))
    most = risk.joint * (1.0 + SAME)
    tight, loose = bracket(way.solve, heats.risk, way.start, most, way.pace, cost)
    if tight is None:
        best = 1.0 if loose is None else loose.risk
        return Kept(None, {}, 1.0, method, reason, best, 0.0)
    final = between(tight, loose, heats.along, most)
    if isinstance(way, DrawnTail):
        way, final, loose = better(way, heats, most, final, loose)
    masses = final.masses
    least = float(cost @ (masses if loose is None else loose.masses))
    gap = (float(cost @ masses) - least) / max(float(np.abs(cost) @ masses), 1e-300)
    return Kept(masses, way.prices(final.tightness), way.nominal(masses), method, reason, 0.0, gap)


def _calibrating(sheet: ChargeSheet, risk: Risk, method: Method, masses: Floats | None) -> Heats:
    """Return the heats to calibrate on: enough to see so many misses of a charge like this, as far as memory goes."""
    each = max(sum(lot.varies for lot in sheet.lots), 1) * len(sheet.elements)
    sharp = NUMBERS[0] // each if method == "scenarios" else 0
    wanted = max(int(np.ceil(MISSES[method] / risk.joint)), HEATS[0], sharp)
    count = min(wanted, HEATS[1], NUMBERS[1] // each)
    guess = None if masses is None else Heats(sheet, count // PILOT, "pilot", risk.seed).risks(masses)
    return Heats(sheet, count, "calibrate", risk.seed, guess)


def _of_several_kinds(sheet: ChargeSheet, masses: Floats | None) -> list[str]:
    """Return the lots charged (all, where nothing is) that no single bell describes."""
    charged = np.ones(len(sheet.names), dtype=bool) if masses is None else masses > TRACE * sheet.furnace.mass
    return [lot.name for lot, one in zip(sheet.lots, charged, strict=False) if one and not lot.belief.is_unimodal()]
