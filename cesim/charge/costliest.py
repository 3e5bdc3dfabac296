"""Which single limit, of the gate or of the alloy, costs most: each is moved alone and the charge made again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cesim.charge.accepted import moments_of
from cesim.charge.faults import no_answer
from cesim.charge.verdict import judge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.chance import Materials
    from cesim.charge.codesign import CoDesign
    from cesim.charge.grades import ScrapGrade

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CostlyLimit:
    """What moving one limit would bring in a year, all others staying where they are."""

    side: Literal["grade", "alloy"]
    """Whose limit it is."""
    name: str
    """The limit: ``Fe``, ``Mg min``..."""
    limit: float
    """Where it stands, mass fraction."""
    by: float
    """By how much it was moved to the wider side, mass fraction."""
    tonnes: float
    """t a year more metal from scrap in the alloy."""
    yen: float
    """JPY a year saved."""
    co2: float
    """t CO2e a year saved."""


class _Year(NamedTuple):
    recycled: float
    cost: float
    co2: float


def costly_limits(design: CoDesign, level: float, widening: float, by: float) -> list[CostlyLimit]:
    """Move every limit of grade and alloy alone; see `CoDesign.costliest_limit`."""
    grade, limits, window = design.grade.scaled(level), design.limits(widening), design.window
    base = _materials(design, grade)
    start = _year(design, base, limits)
    if start is None:
        raise no_answer("charge_no_charge", f"CoDesign {grade.name} / {design.alloy.name}", "costliest_limit")
    moved: list[tuple[Literal["grade", "alloy"], str, float, _Year | None]] = []
    for at, name in enumerate(window.names):
        there = limits + by * window.sides * (np.arange(limits.size) == at)
        moved.append(("alloy", name, float(limits[at]), _year(design, base, np.clip(there, 0.0, 1.0))))
    for name, limit in grade.upper.items():
        wider = replace(grade, upper={**grade.upper, name: min(limit + by, 1.0)})
        moved.append(("grade", name, limit, _year(design, _materials(design, wider), limits)))
    found = [
        CostlyLimit(
            side, name, limit, by,
            design.demand * (year.recycled - start.recycled),
            design.demand * (start.cost - year.cost),
            design.demand * (start.co2 - year.co2),
        )
        for side, name, limit, year in moved
        if year is not None
    ]  # fmt: skip
    return sorted(found, key=lambda limit: (-limit.yen if design.goal == "cost" else -limit.tonnes, limit.name))


def _materials(design: CoDesign, grade: ScrapGrade) -> Materials:
    """What the gate lets in, on the lots of the design."""
    share, means, covariances = [], [], []
    for table in design.tables:
        taken = moments_of(table, judge(table, grade).taken)
        there = taken.lots[0] > 0
        share.append(taken.share[0])
        means.append(taken.means[0] if there else table.true.mean(axis=1, dtype=np.float64))
        covariances.append(taken.covariances[0] if there else np.zeros((len(table.elements),) * 2))
    spread = np.array(covariances) * design.spread_of_lots[:, None, None]
    return design.materials(np.array(share), np.array(means), spread)


def _year(design: CoDesign, materials: Materials, limits: Floats) -> _Year | None:
    """Recycled content, cost and CO2 per t of melt; None where there is no charge."""
    charge = materials.charge(design.window, limits, design.margin, design.goal)
    if charge.status == "infeasible":
        return None
    aims = materials.aims
    return _Year(*(float(sign * aims[name] @ charge.x) for sign, name in ((-1, "recycled"), (1, "cost"), (1, "co2"))))
