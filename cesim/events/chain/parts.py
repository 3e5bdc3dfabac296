"""Which parts of a car are sold, which are taken off for their material, which stay: a library of cases.

What is worth taking off differs from yard to yard and car to car; the share of cases in which a part is taken is the
share curve of its margin, the same as in the balance. A car draws one of so many cases by its serial. In the library
each part is drawn by itself, evenly over the cases, so its share is met to within one case in the library, and another
share of one part changes nothing for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.shares import per_pair, reaction, splitting
from cesim.ledger.substances import ALLOYS, ITEMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.chain.plan import Names, TreatmentPlan
    from cesim.events.draws import Draws
    from cesim.events.lots import Lots
    from cesim.events.rules import Mark, Rule

    Floats = NDArray[np.float64]

CASES: Final = 2048
"""Cases of the library."""
LEFT, SOLD, TAKEN = range(3)
"""What becomes of a part."""
MUST: Final = ("energy_recovery", "other_recycling")
"""Outlets of parts that the law or the machine wants off: fluids, batteries, tyres."""
GRADE_OF: Final = {"heat-exchanger": "part-3xxx", "cast": "part-cast", "wheels": "wheels"}
PLASTIC_OF: Final = {"pp": "part-pp", "pe": "part-pe"}
_STEEL: Final = ITEMS.index("steel")


def library(draws: Draws, names: tuple[str, ...], reused: Floats, taken: Floats) -> NDArray[np.int8]:
    """Return what becomes of each part in each case, (case, part).

    Parameters
    ----------
    draws
        Of the run.
    names
        Of the parts.
    reused, taken : (P,)
        Share sold; share of the others taken off.
    """
    cases = np.empty((CASES, len(names)), dtype=np.int8)
    for part, name in enumerate(names):
        order = np.argsort(draws.stream(f"part {name}.order").some(0, CASES), kind="stable")
        place = np.empty(CASES)
        place[order] = (np.arange(CASES) + draws.stream(f"part {name}.place").some(0, CASES)) / CASES
        off = reused[part] + (1.0 - reused[part]) * taken[part]
        cases[:, part] = np.where(place < reused[part], SOLD, np.where(place < off, TAKEN, LEFT))
    return cases


class Stripping:
    """How a car is taken apart in one case: what goes straight to sinks, and the lots that come off.

    Parameters
    ----------
    sold, taken : (P,)
        Share of each part that is sold, and that is taken off for its material: of one car, none or all.
    known
        Whether the alloys of the car are known.

    Attributes
    ----------
    lost, parts
        Rules: the reaction first, then the split; the hulk is the last part.
    what
        Of each part of the split but the hulk: ``sold``, ``piece``, ``plastic_piece`` or ``wrought``, and its name.
    minutes
        Labour beyond the base.
    """

    def __init__(
        self, sold: Floats, taken: Floats, known: bool, plan: TreatmentPlan, marks: Marks, region: int
    ) -> None:
        names, lots = marks.names, marks.lots
        self.minutes = float(plan.minutes @ (sold + taken))
        outlets = _by_outlet(plan, taken, len(names.removed_to))
        found: dict[tuple[str, str], Floats] = {
            ("sold", names.parts[part]): plan.part_share[part] * sold[part] for part in np.flatnonzero(sold)
        }
        sinks = []
        for n, outlet in enumerate(names.removed_to):
            key = _lot_of(outlet, known)
            if key is None:
                sinks.append(n)
            elif outlets[n].any():
                found[key] = found[key] + outlets[n] if key in found else outlets[n]
        straight = outlets[sinks]
        of_sinks = [names.removed_to[n] for n in sinks]
        self._steel(found, straight[of_sinks.index("ferrous_recycling")], plan, names, region)
        self.what = tuple(found)
        self.lost = reaction(lots, marks.stripped, of_sinks, per_pair(straight))
        left = np.maximum(1.0 - straight.sum(axis=0), 1e-300)
        shares = np.stack([*(share / left for share in found.values()), np.zeros(len(ITEMS))])
        self.parts = splitting(lots, [*(marks.of(*key) for key in found), marks.hulk], per_pair(shares))

    @staticmethod
    def _steel(
        found: dict[tuple[str, str], Floats], steelworks: Floats, plan: TreatmentPlan, names: Names, region: int
    ) -> None:
        """Some steel of the parts taken off stays on their aluminium."""
        removed = steelworks[_STEEL]
        if not removed:
            return
        stays_on = dict(zip(names.part_grades, plan.steel_to_grades[region].tolist(), strict=True))
        of_wrought = sum(stays_on.values()) - sum(stays_on[grade] for grade in GRADE_OF.values())
        for (kind, grade), share in found.items():
            stays = stays_on[grade] if kind == "piece" else of_wrought if kind == "wrought" else 0.0
            share[_STEEL] += removed * stays
            steelworks[_STEEL] -= removed * stays


def _by_outlet(plan: TreatmentPlan, taken: Floats, outlets: int) -> Floats:
    """(outlet, I) share of each item that parts taken off send there."""
    out = np.zeros((outlets, len(ITEMS)))
    np.add.at(out, (plan.removed_to, np.arange(len(ITEMS))[None]), plan.part_share * taken[:, None])
    return out


class Marks:
    """Marks of what comes off a car."""

    def __init__(self, lots: Lots, names: Names, region: str, whole: bool) -> None:
        self.lots, self.names, self.region = lots, names, region
        self.stripped = lots.mark("stripped")
        self.hulk = lots.mark("hulks" if whole else "hulk")  # many together are divided by their ways

    def of(self, kind: str, name: str) -> Mark:
        """Return the mark of a lot that comes off."""
        return self.lots.mark(kind, name, self.region)


def _lot_of(outlet: str, known: bool) -> tuple[str, str] | None:
    """What the items of an outlet become: a lot, or nothing where they go straight to a sink."""
    if outlet == "wrought":
        return ("wrought", "") if known else ("piece", "part-mixed")
    if outlet in GRADE_OF:
        return "piece", GRADE_OF[outlet]
    if outlet in PLASTIC_OF:
        return "plastic_piece", PLASTIC_OF[outlet]
    return None


def identification(plan: TreatmentPlan, names: Names) -> tuple[float, Floats]:
    """Return the share of cars whose alloys are known, and how each alloy is then graded, (A, part grade)."""
    mixed = names.part_grades.index("part-mixed")
    own = [f"part-{alloy}" in names.part_grades for alloy in ALLOYS]
    told = [n for n, alloy in enumerate(ALLOYS) if own[n] and plan.identified[n, mixed] < 1.0 and alloy != "3xxx"]
    known = 1.0 - float(plan.identified[told[0], mixed]) if told else 0.0
    rows = plan.identified.copy()
    if known > 0.0:
        rows[told, mixed] = 0.0
        rows[told] /= known
    return known, rows


def must_come_off(plan: TreatmentPlan, names: Names) -> NDArray[np.bool_]:
    """Parts (P,) that come off whatever the labour: those of which all goes to heat or other recycling."""
    wanted = np.isin(plan.removed_to, [names.removed_to.index(name) for name in MUST])
    held = plan.part_share > 0.0
    return np.asarray(held.any(axis=1) & ~(held & ~wanted).any(axis=1))


def graded(marks: Marks, to: Floats, steel: Floats) -> tuple[Rule, tuple[str, ...]]:
    """Return the rule that deals wrought parts to grades, and the grades in its order.

    Parameters
    ----------
    to : (A, part grade)
        Share of each alloy that goes to each grade; of one car, none or all.
    steel : (part grade,)
        Steel on the parts of each grade, relative to each other.
    """
    chosen = np.flatnonzero(to.sum(axis=0))
    items = np.zeros((len(chosen), len(ITEMS)))
    items[:, : len(ALLOYS)] = to[:, chosen].T
    whole = steel[chosen].sum()
    items[:, ITEMS.index("steel")] = steel[chosen] / whole if whole > 0.0 else 0.0
    grades = tuple(marks.names.part_grades[grade] for grade in chosen)
    return splitting(marks.lots, [marks.of("piece", grade) for grade in grades], per_pair(items)), grades


def pieces_a_car(cases: NDArray[np.int8], plan: TreatmentPlan, names: Names, known: float) -> dict[str, float]:
    """Return how many pieces of each part grade and of plastics come off a car on average."""
    held = plan.part_share > 0.0
    found = {}
    for n, outlet in enumerate(names.removed_to):
        parts = (held & (plan.removed_to == n)).any(axis=1)
        share = float((cases[:, parts] == TAKEN).any(axis=1).mean())
        if outlet in GRADE_OF or outlet in PLASTIC_OF:
            found[{**GRADE_OF, **PLASTIC_OF}[outlet]] = share
        elif outlet == "wrought":
            found |= dict.fromkeys((g for g in names.part_grades if g not in GRADE_OF.values()), share * known)
            found["part-mixed"] = share * (1.0 - known)
    return found
