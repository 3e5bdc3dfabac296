"""The focus cut out of the country: what crosses its border becomes a node of its own, so that every node is level.

Cars built in all regions meet in one national market, and so do used cars that move. What the focus puts in and
takes out is told apart there in proportion, alloy by alloy and class by class, as the engine mixes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cesim.report.sankey_groups import (
    ENTERING,
    FROM_EARLY,
    FROM_LATE,
    LEAVING,
    TO_EARLY,
    TO_LATE,
    is_early,
    node_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from cesim.report.read import RunTables

Edges = dict[tuple[str, str, str], float]
"""(source, target, class) -> tonnes."""

CLASSES = {
    "primary": "primary",
    "run_around": "new_scrap",
    "pre_auto": "new_scrap",
    "pre_other": "new_scrap",
    "post_elv": "elv",
    "post_in_use": "post_other",
    "post_other": "post_other",
    "chemical": "chemical_bio",
    "bio": "chemical_bio",
}
"""Origins gathered to the classes that get a colour."""

ABROAD = "abroad"
USED = "used_car_market"
ASSEMBLY, OVERSEAS = "assembly", "overseas_assembly"
ELV = "elv"


def cut(tables: RunTables, frame: pd.DataFrame, view: str) -> Edges:
    """Cut the focus out of the country."""
    frame = frame.assign(kind=frame["origin"].map(CLASSES).fillna("post_other"))
    known = {str(region["id"]) for region in tables.run["regions"]}
    focus = set(tables.focus_regions)
    starts_in_pool, ends_in_pool = (~frame[c].isin(known | {ABROAD}) for c in ("region", "region_to"))
    edges: Edges = {}
    direct = frame[~starts_in_pool & ~ends_in_pool]
    keys = ["process_from", "process_to", "region", "region_to", "kind"]
    for index, mass in direct.groupby(keys, sort=True)["mean"].sum().items():
        a, b, region, region_to, kind = cast("tuple[str, str, str, str, str]", index)
        if region in focus or region_to in focus:
            ends = (_end(a, region, focus, view, LEAVING), _end(b, region_to, focus, view, ENTERING))
            put(edges, *ends, kind, float(mass))
    for pool in sorted(set(frame.loc[ends_in_pool, "process_to"])):
        into = frame[ends_in_pool & (frame["process_to"] == pool)]
        out = frame[starts_in_pool & (frame["process_from"] == pool)]
        _through_pool(edges, into, out, pool, focus, view)
    return {key: mass for key, mass in _name_others(edges).items() if key[0] != key[1]}


def _end(process: str, region: str, focus: Collection[str], view: str, in_use: str) -> str:
    """Node of one end of a flow; the rest of the country is `others` until its neighbour is known."""
    if region in focus:
        return in_use if process == "in_use" else node_of(process, view)
    return node_of(process, view) if region == ABROAD else "others"


def _through_pool(
    edges: Edges, into: pd.DataFrame, out: pd.DataFrame, pool: str, focus: Collection[str], view: str
) -> None:
    """Follow what the focus puts into a national market and takes out of it, in proportion to all that is in it."""
    mixed = ["alloy", "kind"]
    sources = into.groupby([*mixed, "process_from", "region"], as_index=False)["mean"].sum()
    drains = out.groupby([*mixed, "process_to", "region_to"], as_index=False)["mean"].sum()
    held = sources.groupby(mixed, as_index=False)["mean"].sum().rename(columns={"mean": "held"})
    both = sources.merge(drains, on=mixed, suffixes=("_in", "_out")).merge(held, on=mixed)
    both = both[both["region"].isin(focus) | both["region_to"].isin(focus)]
    both = both.assign(mass=both["mean_in"] * both["mean_out"] / both["held"])
    keys = ["process_from", "region", "process_to", "region_to", "kind"]
    node = node_of(pool, view)
    for index, mass in both.groupby(keys, sort=True)["mass"].sum().items():
        a, region, b, region_to, kind = cast("tuple[str, str, str, str, str]", index)
        source, drain = _end(a, region, focus, view, LEAVING), _end(b, region_to, focus, view, ENTERING)
        if pool != USED:
            put(edges, source, node, kind, float(mass))
            put(edges, node, drain, kind, float(mass))
        elif (source, drain) != (LEAVING, ENTERING):  # used cars that stay in the focus never leave use
            put(edges, source, drain, kind, float(mass))


def put(edges: Edges, a: str, b: str, kind: str, mass: float) -> None:
    """Add to an edge."""
    edges[a, b, kind] = edges.get((a, b, kind), 0.0) + mass


def _name_others(edges: Edges) -> Edges:
    """Tell the rest of the country before the melt from the one behind it."""
    named: Edges = {}
    for (a, b, kind), mass in edges.items():
        source = (FROM_EARLY if is_early(b) else FROM_LATE) if a == "others" else a
        target = (TO_EARLY if is_early(a) else TO_LATE) if b == "others" else b
        put(named, source, target, kind, mass)
    return named
