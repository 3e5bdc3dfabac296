"""Where material is lost: the outlets of the focus in one year, ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.read import RunTables

ALLOYS_6XXX = ("6016", "6022", "6111", "6061", "6063")
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
    "coating_burnt",
)
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
        """Whether the material is lost, not only treated elsewhere."""
        return self.outlet != "elsewhere"


def losses(tables: RunTables, group: str, year: int) -> list[Loss]:
    """Rank the outlets of `aluminium_6xxx` or `plastics`. Empty where the run has no such flows."""
    frame = tables.flows
    material = "plastics" if group == "plastics" else "aluminium"
    frame = frame[(frame["year"] == year) & (frame["material"] == material)]
    if group == "aluminium_6xxx":
        frame = frame[frame["alloy"].isin(ALLOYS_6XXX)]
    inside = frame["region"].isin(tables.focus_regions)
    leaving = float(frame.loc[inside & (frame["process_from"] == "in_use"), "mean"].sum()) - _moved(frame, tables)
    if leaving <= 0:
        return []
    masses = _sinks(frame[inside])
    old = frame[inside & (frame["origin"] == ELV)]
    away = old[~old["region_to"].isin(tables.focus_regions)]
    masses["elsewhere"] = float(away.loc[away["process_to"] != "in_use", "mean"].sum())
    if group == "aluminium_6xxx":
        masses["cascade"] = _cascade(old)
    ranked = sorted(masses.items(), key=lambda item: -item[1])
    return [Loss(outlet, mass, mass / leaving) for outlet, mass in ranked if mass > SMALLEST * leaving]


def _moved(frame: pd.DataFrame, tables: RunTables) -> float:
    """Used cars that change hands and stay in the focus."""
    stay = frame["region_to"].isin(tables.focus_regions) & frame["region"].isin(tables.focus_regions)
    stay &= (frame["process_from"] == "used_car_market") & (frame["process_to"] == "in_use")
    return float(frame.loc[stay, "mean"].sum())


def _sinks(frame: pd.DataFrame) -> dict[str, float]:
    """Tonnes into each sink, of material that has been in a car that left use."""
    used = frame[(frame["origin"] == ELV) | (frame["process_from"] == "in_use")]
    sums = used.groupby("process_to")["mean"].sum()
    return {sink: float(sums.get(sink, 0.0)) for sink in SINKS}


def _cascade(old: pd.DataFrame) -> float:
    """ELV metal of 6000-series that entered melting, less what left it as 6000-series or became dross."""
    into = float(old.loc[old["process_to"] == "melting", "mean"].sum())
    out = float(old.loc[old["process_from"] == "melting", "mean"].sum())
    return max(into - out, 0.0)
