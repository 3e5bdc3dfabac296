"""What engine A is given: plain arrays for one block of draws.

Letters of the axes: D draws, Y years of the balance, T cohorts (years of first registration), V vehicles, Q material
classes, I items (`cesim.ledger.substances.ITEMS`), A aluminium alloys, P parts, R regions, M melting regions, G scrap
grades, N recyclate grades, S elements, O origins. Masses are tonnes, shares mass fractions, prices JPY per tonne.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.dilution import AlloyWindow

    Floats = NDArray[np.float64]

PART_GRADES = (
    "part-6016", "part-6022", "part-6111", "part-6061", "part-6063", "part-5xxx", "part-7xxx",
    "part-mixed", "part-3xxx", "part-cast", "wheels",
)  # fmt: skip
"""Scrap grades made at dismantling."""

SHRED_GRADES = (
    "sorted-6016", "sorted-6022", "sorted-6111", "sorted-6061", "sorted-6063", "sorted-5xxx", "sorted-7xxx",
    "sorted-3xxx", "shred-wrought", "shred-cast", "shred-mixed",
)  # fmt: skip
"""Scrap grades made from shredded cars."""

ELV_GRADES = PART_GRADES + SHRED_GRADES
"""Grades that come from end-of-life vehicles, in the order of all grade axes."""

MARKET_GRADES = ("sash", "secondary")
"""Scrap and secondary ingot bought from outside cars: old window frames, casting alloys."""

YARD = (*ELV_GRADES, "new-mixed", *MARKET_GRADES)
"""Everything that may be charged."""

RECYCLATES = (
    "part-pp", "part-pe", "asr-pp", "asr-abs", "use-pp", "appliance-pp", "appliance-abs", "packaging-po",
    "industrial-pp", "chemical-pp", "bio-pp",
)  # fmt: skip
"""Recycled and bio-based plastics that may go into car compounds."""

ELV_RECYCLATES = RECYCLATES[:4]
"""Recyclates made from end-of-life vehicles."""

REMOVED_TO = (
    "wrought", "cast", "wheels", "heat-exchanger", "pp", "pe", "ferrous_recycling", "copper_recycling",
    "other_recycling", "energy_recovery",
)  # fmt: skip
"""Where an item goes when its part is taken off at the dismantler."""

ASR_TO = ("energy_recovery", "landfill", "other_recycling")
"""Where shredder residue ends."""


@dataclass(frozen=True)
class Cars:
    """Cars as masses: what was built, registered, in use and left, by cohort and material class."""

    years: NDArray[np.int64]
    """(Y,) consecutive."""
    first_cohort: int
    regions: tuple[str, ...]
    item_class: NDArray[np.intp]
    """(I,) the class each item belongs to."""
    split: Floats
    """(D, I) share of the item in its class."""
    stock: Floats
    """(D, Y+1, T, Q) in use at the end of the year; index 0 is the year before the first."""
    scrapped: Floats
    """(D, Y, T, Q); like the next two without the cohort's own year, which is booked a year later."""
    exported: Floats
    other: Floats
    registered: Floats
    """(D, Y, Q)"""
    built: Floats
    imported: Floats
    shipped: Floats
    """(D, Y, Q) new cars shipped abroad."""
    age_share: Floats
    """(D, age, R) regional distribution of a cohort by age."""
    move: Floats
    """(D, R, R) yearly movement of cars in use."""
    assembly: Floats
    """(D, R) share of the cars built."""
    nominal: Floats
    """(D, pairs) composition of each item in cars older than the model's first year."""
    nominal_origin: Floats
    """(D, I, O) origin of the same; what is neither aluminium nor plastics is primary."""


@dataclass(frozen=True)
class Treatment:
    """From the last owner to scrap grades, pellets and residue."""

    elv_route: Floats
    """(D, R, R) where end-of-life vehicles are dismantled."""
    hulk_route: Floats
    """(D, R, R) where hulks are shredded."""
    part_share: Floats
    """(D, P, I) share of an item's mass that sits in a part; the rest stays in the hulk."""
    removed_to: NDArray[np.intp]
    """(P, I) index into `REMOVED_TO`."""
    reused: Floats
    """(D, Y, P) share of a part sold for reuse or remanufacture."""
    taken: Floats
    """(D, Y, P) share of the remaining parts taken off for their material."""
    identified: Floats
    """(D, Y, A, part grade) how a removed wrought part of each alloy is graded; rows add to one."""
    part_steel: Floats
    """(D,) steel left on dismantled aluminium, t per t."""
    to_metal: Floats
    """(D, I) share of the hulk that the shredder delivers: aluminium to the sorter, steel and copper to their works."""
    shred_steel: Floats
    """(D, Y) free iron in shredded aluminium, t per t."""
    shred_copper: Floats
    """(D, Y) free copper in shredded aluminium, t per t."""
    sorted_to: Floats
    """(D, Y, A, shred grade) how shredded aluminium is graded; rows add to one."""
    asr_sorted: Floats
    """(D, Y) share of the residue that passes plastics sorting."""
    asr_recovered: Floats
    """(D, Y, polymer) recovery of plastics sorting; zero where a polymer is not recovered."""
    asr_to: Floats
    """(D, I, 3) where the rest of the residue goes (`ASR_TO`); rows add to one."""
    pellet_yield: Floats
    """(D, Y, 2) dismantled parts, residue: pellet per plastic."""


@dataclass(frozen=True)
class Metal:
    """Remelting, dilution and forming of aluminium."""

    melters: NDArray[np.intp]
    """(M,) indices of the regions that melt."""
    scrap_route: Floats
    """(D, R, M) where scrap is melted; rows add to one."""
    share: Floats
    """(D, A, M) where each alloy is made; rows add to one."""
    windows: tuple[tuple[AlloyWindow, ...], ...]
    """(Y, A) limits of each alloy in each year; elements without coating. Years alike share one tuple."""
    loss: Floats
    """(D, Y, G+3) metal lost when a grade of `YARD` is melted down."""
    new_loss: Floats
    """(D,) the same for segregated new scrap and mill returns."""
    mill_return: Floats
    """(D, A) share of the liquid metal that returns inside the mill or foundry."""
    press_scrap: Floats
    """(D, A) share of the semis that becomes new scrap."""
    segregated: Floats
    """(D, Y, A) share of that new scrap kept by alloy."""
    approved: Floats
    """(D, Y, A) share of the heats of an alloy open to scrap."""
    price: Floats
    """(D, G+3) JPY per t of scrap of each grade of `YARD`."""
    primary_price: Floats
    """(D,)"""
    addition_price: Floats
    """(D, S) without coating."""
    sash_supply: Floats
    """(D, Y, M) t"""
    market_composition: Floats
    """(D, 2, S) of `MARKET_GRADES`, without coating."""
    market_origin: Floats
    """(D, 2, O)"""
    new_mixed_start: Floats
    """(D, M, A) mixed new scrap in the yard before the first year, t."""


@dataclass(frozen=True)
class Plastics:
    """Compounding of recycled and virgin plastics for cars."""

    compounders: NDArray[np.intp]
    """(M,) indices of the regions that compound."""
    route: Floats
    """(D, R, M) where ELV recyclate is compounded."""
    share: Floats
    """(D, M) where compounds for cars are made."""
    supply: Floats
    """(D, Y, N) recyclate on offer from outside cars, t in all; zero for ELV recyclates."""
    composition: Floats
    """(D, N, 3) polymer, filler, additive of recyclates from outside cars."""
    origin: Floats
    """(N, O)"""
    foreign: Floats
    """(D, N) other polymers and contaminants in a recyclate."""
    foreign_limit: Floats
    """(D, polymer) what a compound may hold."""
    cap: Floats
    """(D, Y, polymer) approved share of recyclate in a compound."""
    asr_cap: Floats
    """(D, Y) share of residue-derived recyclate a compound may hold."""
    admitted: NDArray[np.bool_]
    """(polymer, N) which recyclate may go into which compound."""
    price: Floats
    """(D, N) JPY/t"""
    virgin_price: Floats
    """(D,) JPY/t"""
    loss: Floats
    """(D,) mass lost in compounding."""


Room = TypeVar("Room", Cars, Treatment, Metal, Plastics)


@dataclass(frozen=True)
class System:
    """Everything engine A needs for a block of draws."""

    cars: Cars
    treatment: Treatment
    metal: Metal
    plastics: Plastics

    def along_axes(self) -> System:
        """Return the same system with every array laid out in the order of its axes.

        Sums are taken in another order where an array lies otherwise in memory, which can depend on how many draws it
        was made for; a draw must have the same bits in any block.
        """
        return System(
            along_axes(self.cars), along_axes(self.treatment), along_axes(self.metal), along_axes(self.plastics)
        )


def along_axes(room: Room) -> Room:
    """Return the same room with every array laid out in the order of its axes."""
    held: dict[str, Any] = {field.name: getattr(room, field.name) for field in fields(room)}
    held = {name: np.ascontiguousarray(a) if isinstance(a, np.ndarray) else a for name, a in held.items()}
    return replace(room, **held)
