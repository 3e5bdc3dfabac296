"""The tables of masses: flows by origin, flows by substance, stocks; rows without mass are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cesim.ledger.substances import MATERIAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.ledger.flows import Layout
    from cesim.run.accumulate import Moments

    Floats = NDArray[np.float64]

_LABELS = ("region", "region_to", "process_from", "process_to", "material", "alloy")


def flows_frame(moments: Moments) -> pd.DataFrame:
    """`flows`: one row an edge, by origin."""
    return _by_cell(moments, "origin")


def composition_frame(moments: Moments) -> pd.DataFrame:
    """`composition`: the same edges by substance, mean only."""
    return _by_cell(moments, "substance")


def stocks_frame(levels: Moments, vehicles: Moments) -> pd.DataFrame:
    """`stocks`: levels at the end of the year, and cars in use."""
    held = _by_cell(levels, "origin").rename(columns={"process_from": "process"})
    held["unit"] = "t"
    columns = ["year", "region", "process", "material", "alloy", "origin", "mean", "sd", "best", "unit"]
    return pd.concat([held[columns], *_vehicles(vehicles)], ignore_index=True)[columns]


def _vehicles(vehicles: Moments) -> list[pd.DataFrame]:
    frames = []
    for year, held in vehicles.years.items():
        regions: Sequence[str] = held.layout  # type: ignore[assignment]
        frames.append(
            pd.DataFrame(
                {
                    "year": year, "region": regions, "process": "in_use", "material": "vehicles", "alloy": "all",
                    "origin": "", "mean": held.mean, "sd": vehicles.sd(year), "best": held.best, "unit": "vehicles",
                }
            )
        )  # fmt: skip
    return frames


def _by_cell(moments: Moments, kind: str) -> pd.DataFrame:
    """Rows with mass in the mean or the best estimate: labels, mean and, by origin, sd and best estimate."""
    by_origin = kind == "origin"
    layouts: dict[Layout, int] = {}
    rows, columns = [], []
    for year, held in moments.years.items():
        layout: Layout = held.layout  # type: ignore[assignment]
        start = layouts.setdefault(layout, sum(known.width(by_origin) for known in layouts))
        figures = {"mean": held.mean}
        if by_origin:
            assert held.best is not None  # the first block holds it
            figures.update(sd=moments.sd(year), best=held.best)
        kept = np.flatnonzero(np.any([figures[name] != 0 for name in ("mean", "best") if name in figures], axis=0))
        rows.append(start + kept)
        columns.append({"year": np.full(kept.size, year), **{name: part[kept] for name, part in figures.items()}})
    # labels are written once for a layout and chosen for all years together: as text they weigh most of the table
    frame = pd.concat([_labels(layout, kind) for layout in layouts], ignore_index=True).take(np.concatenate(rows))
    frame.index = pd.RangeIndex(len(frame))
    whole = {name: np.concatenate([part.pop(name) for part in columns]) for name in [*columns[0]]}
    frame.insert(0, "year", whole.pop("year"))
    return frame.assign(**whole)


def _labels(layout: Layout, kind: str) -> pd.DataFrame:
    """What each cell of a layout is called."""
    names: list[Sequence[str]] = []
    for edge in layout.edges:
        for cell in edge.by_origin if kind == "origin" else edge.by_substance:
            material = MATERIAL.get(cell.alloy, "aluminium")
            names.append(
                (cell.region, cell.region_to, edge.process_from, edge.process_to, material, cell.alloy, cell.kind)
            )
    return pd.DataFrame(names, columns=[*_LABELS, kind], dtype="str")
