"""Where material is lost: what becomes of the material of cars that leave use, in one year, ranked.

The account closes: what leaves use in the focus and what arrives there to be treated is all in some row. It ends
where old material enters a melt or a compound; what is made of it is told by the indicators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.ledger.processes import SINKS, kind
from cesim.report.sankey_groups import ALLOYS_6XXX, product_group

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.read import RunTables

ENDS_OF_USE = ("take_back", "used_car_export", "other_exit")
"""Cars that only move to another region stay in use."""
BEHIND = ("melting", "compounding", "part_making", "assembly", "new_car_market", "new_scrap", "used_car_market")
"""From the melt and the compound on, material is part of something new, also in a car that is sold on."""
ELV = "post_elv"
NOT_LOST = ("back", "elsewhere", "part_reuse")
SMALLEST = 0.0005
"""Outlets below this share of the whole are gathered into one row."""


@dataclass(frozen=True)
class Fate:
    """One row: what becomes of the material, tonnes a year, share of the whole."""

    outlet: str
    mass: float
    share: float

    @property
    def is_loss(self) -> bool:
        """Whether the material is lost, not used again or treated elsewhere."""
        return self.outlet not in NOT_LOST


@dataclass(frozen=True)
class Losses:
    """The account of one material: tonnes a year, means over the futures (only means add up)."""

    group: str
    leaving: float
    """In cars that leave use in the focus: scrapped, exported used, other exits."""
    arriving: float
    """In scrapped cars, hulks, scrap and pellets that come from other regions."""
    fates: tuple[Fate, ...]
    """Largest first; the shares add up to one."""

    @property
    def whole(self) -> float:
        """All that is accounted for."""
        return self.leaving + self.arriving

    @property
    def back(self) -> float:
        """What enters a melt of 6000-series or a compound for cars."""
        return sum(fate.mass for fate in self.fates if fate.outlet == "back")


def losses(tables: RunTables, group: str, year: int) -> Losses | None:
    """Account for `aluminium_6xxx` or `plastics`; None where the run has no such flows."""
    frame = _old_material(tables, group, year)
    inside = frame["region"].isin(tables.focus_regions)
    arrives = frame["region_to"].isin(tables.focus_regions)
    leaving = float(frame.loc[inside & (frame["start"] == "in_use"), "mean"].sum())
    if leaving <= 0:
        return None
    used = frame[frame["start"] != "in_use"]
    arriving = float(used.loc[arrives & ~inside, "mean"].sum())
    masses = _outlets(frame[arrives])
    masses["elsewhere"] = float(used.loc[inside & ~arrives, "mean"].sum())
    return Losses(group, leaving, arriving, _ranked(masses, leaving + arriving))


def _old_material(tables: RunTables, group: str, year: int) -> pd.DataFrame:
    """Flows out of use, and behind that what has been in a scrapped car, up to the melt or the compound."""
    frame = tables.flows
    frame = frame[(frame["year"] == year) & (frame["material"] == ("plastics" if group == "plastics" else "aluminium"))]
    if group == "aluminium_6xxx":
        frame = frame[frame["alloy"].isin(ALLOYS_6XXX)]
    frame = frame.assign(start=frame["process_from"].map(kind), end=frame["process_to"].map(kind))
    leaves = (frame["start"] == "in_use") & frame["end"].isin(ENDS_OF_USE)
    treated = (frame["origin"] == ELV) & ~frame["start"].isin((*BEHIND, "in_use"))
    return frame[leaves | treated]


def _outlets(frame: pd.DataFrame) -> dict[str, float]:
    """Tonnes into each end of the account."""
    ends = frame["end"].where(frame["end"].isin(SINKS))
    melts, compounds = frame["end"] == "melting", frame["end"] == "compounding"
    products = frame.loc[melts, "process_to"].map(lambda process: product_group(process.partition(".")[2]))
    ends = ends.mask(compounds, "back")
    ends.loc[melts] = products.map({"6xxx": "back", "cast": "cascade", "wrought": "other_wrought"})
    return {str(end): float(mass) for end, mass in frame["mean"].groupby(ends).sum().items()}


def _ranked(masses: dict[str, float], whole: float) -> tuple[Fate, ...]:
    """Largest first; what is too small for a row of its own stands last, gathered."""
    large = {outlet: mass for outlet, mass in masses.items() if mass > SMALLEST * whole}
    rest = sum(masses.values()) - sum(large.values())
    rows = sorted(large.items(), key=lambda item: -item[1]) + ([("rest", rest)] if rest > 0 else [])
    return tuple(Fate(outlet, mass, mass / whole) for outlet, mass in rows)
