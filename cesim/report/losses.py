"""Where material is lost: the outlets of the focus in one year, ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.ledger.processes import kind
from cesim.report.sankey_groups import ALLOYS_6XXX, product_group

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.read import RunTables

SINKS = (
    "used_car_export",
    "other_exit",
    "energy_recovery",
    "landfill",
    "dross",
    "scrap_export",
    "recyclate_export",
    "ferrous_recycling",
    "other_recycling",
    "part_reuse",
    "coating_burnt",
)
ENDS_OF_USE = ("take_back", "used_car_export", "other_exit")
"""Cars that only move to another region stay in use."""
TREATMENT = ("take_back", "dismantling", "shredding", "alloy_sorting", "scrap_yard", "asr_treatment", "pelletising")
"""From here material may be sent to another region to be treated there."""
ELV = "post_elv"
SMALLEST = 0.0005
"""Outlets below this share of what leaves use are not listed."""


@dataclass(frozen=True)
class Loss:
    """One outlet: its name, tonnes a year, share of what leaves use."""

    outlet: str
    mass: float
    share: float

    @property
    def is_loss(self) -> bool:
        """Whether the material is lost, not reused or treated elsewhere."""
        return self.outlet not in ("elsewhere", "part_reuse")


def losses(tables: RunTables, group: str, year: int) -> list[Loss]:
    """Rank the outlets of `aluminium_6xxx` or `plastics`. Empty where the run has no such flows."""
    frame = tables.flows
    material = "plastics" if group == "plastics" else "aluminium"
    frame = frame[(frame["year"] == year) & (frame["material"] == material)]
    if group == "aluminium_6xxx":
        frame = frame[frame["alloy"].isin(ALLOYS_6XXX)]
    frame = frame.assign(start=frame["process_from"].map(kind), end=frame["process_to"].map(kind))
    inside = frame["region"].isin(tables.focus_regions)
    leaves = inside & (frame["start"] == "in_use") & frame["end"].isin(ENDS_OF_USE)
    leaving = float(frame.loc[leaves, "mean"].sum())
    if leaving <= 0:
        return []
    masses = _sinks(frame[inside])
    old = frame[inside & (frame["origin"] == ELV)]
    away = ~old["region_to"].isin(tables.focus_regions) & old["start"].isin(TREATMENT)
    masses["elsewhere"] = float(old.loc[away, "mean"].sum())
    if group == "aluminium_6xxx":
        masses |= _cascade(old)
    ranked = sorted(masses.items(), key=lambda item: -item[1])
    return [Loss(outlet, mass, mass / leaving) for outlet, mass in ranked if mass > SMALLEST * leaving]


def _sinks(frame: pd.DataFrame) -> dict[str, float]:
    """Tonnes into each sink, of material that has been in a car that left use."""
    used = frame[(frame["origin"] == ELV) | (frame["start"] == "in_use")]
    sums = used.groupby("end")["mean"].sum()
    return {sink: float(sums.get(sink, 0.0)) for sink in SINKS}


def _cascade(old: pd.DataFrame) -> dict[str, float]:
    """ELV metal that was 6000-series and is melted into something else."""
    melted = old[(old["end"] == "melting") & (old["start"] != "melting")]
    groups = melted["process_to"].map(lambda process: product_group(process.partition(".")[2]))
    sums = melted.groupby(groups)["mean"].sum()
    return {"cascade": float(sums.get("cast", 0.0)), "other_wrought": float(sums.get("wrought", 0.0))}
