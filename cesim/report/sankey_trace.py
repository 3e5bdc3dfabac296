"""What becomes of the 6000-series metal of cars dismantled in the focus, wherever in the country it goes.

This is the scope of the headline. Every hulk pile, yard and melt is well mixed, so the share of the focus in what
leaves a place is its share in what came in. The shares are taken from mean flows, and a mean of products is not the
product of means; so what gets into finished parts is the mean of the indicator itself, press scrap what is left of the
melt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.ledger.processes import kind
from cesim.report.sankey_groups import ALLOYS_6XXX, BACK, MELTS_6XXX, SIX, node_of

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.read import RunTables

    Place = tuple[str, str, str]

ELV = "elv"
INDICATOR = "aluminium_returned"
TREATED = ("dismantling", "shredding", "alloy_sorting", "asr_treatment", "asr_sorting", "scrap_yard", "melt_down")
"""Processes from the dismantler to the furnace: an alloy is still what it was in the car."""
FURTHEST = 0.02
"""Largest relative difference between the traced mass and the indicator that products of means explain."""


@dataclass(frozen=True)
class Melt:
    """6000-series metal of the focus in one group of 6000-series melts, t: what goes in and what becomes of it."""

    node: str
    melted: float
    lost: float
    returned: float


def followed(tables: RunTables, year: int) -> dict[tuple[str, str, str], float]:
    """Flows (source, target, class) -> t from the dismantler to the finished part."""
    treated = _of_the_focus(tables, year)
    edges: dict[tuple[str, str, str], float] = {}
    for start, end, mass in zip(treated["process_from"], treated["process_to"], treated["mine"], strict=True):
        key = (_node(start), _node(end), ELV)
        if key[0] != key[1]:
            edges[key] = edges.get(key, 0.0) + float(mass)
    for melt in _matched(_melts(tables, year, treated), returned_mean(tables, year)):
        edges[melt.node, BACK, ELV] = melt.returned
        edges[melt.node, "dross", ELV] = melt.lost
        edges[melt.node, "new_scrap", ELV] = melt.melted - melt.lost - melt.returned
    return {key: mass for key, mass in edges.items() if mass > 0}


def traced_return(tables: RunTables, year: int) -> float:
    """6000-series parts, t, by the shares of mean flows alone."""
    return sum(melt.returned for melt in _melts(tables, year, _of_the_focus(tables, year)))


def returned_mean(tables: RunTables, year: int) -> float | None:
    """Mean of the headline indicator, t; None where the run could not compute it."""
    frame = tables.focus_figures
    found = frame[(frame["indicator"] == INDICATOR) & (frame["year"] == year)]
    return None if found.empty else float(found.iloc[0]["mean"])


def _node(process: str) -> str:
    if kind(process) == "melting":
        return MELTS_6XXX.get(process.partition(".")[2], node_of(process, SIX))
    return node_of(process, SIX)


def _of_the_focus(tables: RunTables, year: int) -> pd.DataFrame:
    """Flows from dismantling to the melt, with `mine`, the tonnes from cars dismantled in the focus."""
    frame = tables.flows
    frame = frame[(frame["year"] == year) & frame["alloy"].isin(ALLOYS_6XXX) & (frame["origin"] == "post_elv")]
    frame = frame[frame["process_from"].map(kind).isin(TREATED)]
    focus = set(tables.focus_regions)
    shares: dict[Place, float] = {}
    for _ in TREATED:  # the way is no longer than the list of processes
        places = zip(frame["process_from"], frame["region"], frame["alloy"], strict=True)
        share = [float(place[1] in focus) if place[0] == "dismantling" else shares.get(place, 0.0) for place in places]
        frame = frame.assign(mine=frame["mean"] * share)
        sums = frame.groupby(["process_to", "region_to", "alloy"], as_index=False)[["mine", "mean"]].sum()
        mixed = (sums["mine"] / sums["mean"].where(sums["mean"] > 0)).fillna(0.0)
        reached = zip(sums["process_to"], sums["region_to"], sums["alloy"], strict=True)
        shares = dict(zip(reached, mixed, strict=True))
    return frame


def _melts(tables: RunTables, year: int, treated: pd.DataFrame) -> list[Melt]:
    """What scrapped-car metal in each melt becomes, in proportion: dross, finished parts, press scrap."""
    flows = tables.flows  # of every material: scrap brings steel and copper into the melt
    flows = flows[(flows["year"] == year) & (flows["origin"] == "post_elv")]
    found: dict[str, list[float]] = {}
    charged = treated.groupby(["process_to", "region_to"], as_index=False, sort=True)["mine"].sum()
    for melting, region, mine in zip(charged["process_to"], charged["region_to"], charged["mine"], strict=True):
        alloy = melting.partition(".")[2]
        if kind(melting) != "melting" or alloy not in MELTS_6XXX:
            continue
        here = flows[flows["region"] == region]
        entered = _mass(here[here["process_from"].map(kind) == "melt_down"], "process_to", f"melting.{alloy}")
        lost = _mass(here[here["process_to"] == "dross"], "process_from", f"melting.{alloy}")
        parts = _mass(here[here["process_to"] == "assembly"], "process_from", f"part_making.{alloy}")
        sums = found.setdefault(MELTS_6XXX[alloy], [0.0, 0.0, 0.0])
        if entered > 0:
            for i, share in enumerate((1.0, lost / entered, parts / entered)):
                sums[i] += float(mine) * share
    return [Melt(node, *sums) for node, sums in found.items()]


def _mass(frame: pd.DataFrame, column: str, process: str) -> float:
    return float(frame.loc[frame[column] == process, "mean"].sum())


def _matched(melts: list[Melt], mean: float | None) -> list[Melt]:
    """Give the finished parts the mean of the indicator; further away than mixing explains, they stay as traced."""
    traced = sum(melt.returned for melt in melts)
    if mean is None or traced <= 0 or abs(mean / traced - 1) > FURTHEST:
        return melts
    return [Melt(m.node, m.melted, m.lost, min(m.returned * mean / traced, m.melted - m.lost)) for m in melts]
