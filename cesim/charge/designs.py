"""Every design of a co-design with its charge and its heats, and those that no other beats in everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.composition import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.charge.chance import Materials
    from cesim.charge.codesign import CoDesign
    from cesim.charge.cone import ConeSolution

    Floats = NDArray[np.float64]

ALL = 0.999
"""Share of the lots of a source from which on it is the supply and not the gate that is short."""
_NOISE = 1e-4
"""Worth, as a share of the goal, below which nothing is said to bind; above what cost counts for in a tie."""


@dataclass(frozen=True, eq=False)
class Designs:
    """The table of designs, (level, widening); NaN where there is no charge, and `binding` says why."""

    levels: Floats
    widening: Floats
    names: tuple[str, ...]
    """Materials: the sources, then the additions."""
    accepted: Floats
    """Share of each source that the gate takes, (level, source)."""
    mix: Floats
    """t per t of melt, (level, widening, material)."""
    recycled_content: Floats
    """Share of the melt that came from scrap."""
    cost: Floats
    """JPY per t of melt."""
    co2: Floats
    """t CO2e per t of melt."""
    risk: Floats
    """Share of simulated heats that miss a limit."""
    binding: NDArray[np.str_]
    """What is worth most per 1 % of itself: ``alloy Fe``, ``grade`` (the gate turns scrap away, or all of it),
    ``supply`` (all that comes is taken and used, or nothing comes), ``nothing``, or ``no charge: Fe, Mg min`` with
    limits that cannot be met together."""

    def front(self, objectives: Mapping[str, float]) -> list[dict[str, object]]:
        """Return the designs that no other beats in everything: name -> 1 (less is better) or -1 (more is)."""
        columns = {
            "level": np.repeat(self.levels, self.widening.size),
            "widening": np.tile(self.widening, self.levels.size),
            **{name: getattr(self, name).ravel() for name in ("recycled_content", "cost", "co2", "risk", "binding")},
        }
        aims = np.column_stack([sign * columns[name] for name, sign in objectives.items()])
        there = np.flatnonzero(np.isfinite(aims).all(axis=1))
        best = there[_undominated(aims[there])]
        best = best[np.argsort(-columns["recycled_content"][best], kind="stable")]
        return [{name: column[at].item() for name, column in columns.items()} for at in best]


def evaluated(design: CoDesign) -> Designs:
    """Charge every design and try it on its heats."""
    levels, widening = np.asarray(design.levels), np.asarray(design.widening)
    limits = np.array([design.limits(float(factor)) for factor in widening])
    accepted = np.array([pool.share for pool in design.pools]).T
    rows = [_level(design, at, accepted[at], limits) for at in range(levels.size)]
    mix, figures, binding = (np.array(part) for part in zip(*rows, strict=True))
    names = (*design.names, *(addition.name for addition in design.furnace.additions))
    recycled, cost, co2, risk = np.moveaxis(figures, -1, 0)
    return Designs(levels, widening, names, accepted, mix, recycled, cost, co2, risk, binding)


def _level(design: CoDesign, at: int, share: Floats, limits: Floats) -> tuple[Floats, Floats, list[str]]:
    """All widenings at one level: mix, (recycled content, cost, CO2, risk) and what binds."""
    scrap = design.scrap_of_heats(at)
    there = np.array([pool.count[at] > 0 for pool in design.pools])
    means = np.array([pool.mean[at] for pool in design.pools])
    covariances = np.array([pool.covariance[at] for pool in design.pools]) * design.spread_of_lots[:, None, None]
    materials = design.materials(np.where(there, share, 0.0), means, covariances)
    charges = [materials.charge(design.window, own, design.margin, design.goal) for own in limits]
    mix = np.array([charge.x for charge in charges])
    aims = materials.aims
    figures = np.column_stack([-mix @ aims["recycled"], mix @ aims["cost"], mix @ aims["co2"]])
    risk = risks(design, materials, np.where(there[None, :, None], scrap, means), mix, limits)
    binding = [binds(design, materials, share, charge, own) for charge, own in zip(charges, limits, strict=True)]
    return mix, np.column_stack([figures, risk]), binding


def risks(design: CoDesign, materials: Materials, scrap: Floats, mix: Floats, limits: Floats) -> Floats:
    """Return the share of heats that miss a limit, (design,): every design of a level on the same heats.

    Parameters
    ----------
    scrap
        True composition, (heat, scrap, element).
    mix, limits
        (design, material) and (design, line).
    """
    window, count = design.window, len(design.names)
    content, mass = materials.content_of(scrap)
    lines = np.einsum("hse,le->slh", content, window.weights)
    added, added_mass = materials.transfer[0][count:] @ window.weights.T, materials.transfer[1][count:]
    fine = np.nan_to_num(mix)
    held = (fine[:, :count] @ lines.reshape(count, -1)).reshape(len(mix), *lines.shape[1:])
    held += (fine[:, count:] @ added)[:, :, None]
    melt = fine[:, :count] @ mass.T + (fine[:, count:] @ added_mass)[:, None]
    off = np.zeros(melt.shape, dtype=np.bool_)
    for line, side in enumerate(window.sides):
        off |= side * (held[:, line] - limits[:, line, None] * melt) > TOLERANCE * melt
    return np.where(np.isnan(mix).any(axis=1), np.nan, off.mean(axis=1))


def binds(design: CoDesign, materials: Materials, share: Floats, charge: ConeSolution, limits: Floats) -> str:
    """Say what is worth most per 1 % of itself in a charge."""
    names = design.window.names
    if charge.status == "infeasible":
        pressed = [name for name, ray in zip(names, charge.ray, strict=False) if ray != 0.0]
        return "no charge: " + ", ".join(pressed)
    if not (materials.stock[: len(share)] > 0.0).any():
        return "grade" if any(design.supplies[name] > 0.0 for name in design.names) else "supply"
    worth = {f"alloy {name}": abs(p) * u for name, p, u in zip(names, charge.row_price, limits, strict=False)}
    for source, taken in enumerate(share):
        side = "supply" if taken >= ALL else "grade"
        used_up = charge.x[source] >= materials.stock[source] * (1.0 - 1e-7)
        gain = max(-charge.column_price[source], 0.0) if used_up else 0.0
        worth[side] = worth.get(side, 0.0) + gain * materials.stock[source]
    most = max(worth, key=lambda name: worth[name])
    return most if worth[most] > _NOISE * max(abs(charge.objective), 1e-12) else "nothing"


def _undominated(aims: Floats) -> NDArray[np.int64]:
    """Rows of which no other is at least as good in every column and better in one; less is better."""
    kept = []
    for at, own in enumerate(aims):
        no_worse = (aims <= own).all(axis=1)
        if not (no_worse & (aims < own).any(axis=1)).any():
            kept.append(at)
    return np.array(kept, dtype=np.int64)
