"""Two studies side by side: what each comes to, and the difference run by run where both met the same futures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from cesim.sweep.solving import Floats
    from cesim.sweep.store.reading import StudyTables

_QUANTILES: Final = (0.05, 0.5, 0.95)
_AT_ONCE: Final = 2**24
"""Values of one study held in memory at once."""


def compare(
    first: StudyTables, second: StudyTables, years: Sequence[int] | None = None, region: str | None = None,
    indicators: Sequence[str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return one row for each alternative, region, year and indicator that both studies have.

    Columns: ``count_1``, ``mean_1``, ``p05_1``, ``p50_1``, ``p95_1`` of the finite values of the first, the same with
    ``_2`` of the second, and with ``_difference`` of second less first, run by run where both have a finite value.
    Differences are nothing where the points of the two are not the same futures (`same_futures`).

    Raises
    ------
    InputError
        ``sweep_nothing_in_common``; what the methods of a study raise
    """
    import pandas as pd

    ours, theirs = first.lock.shape, second.lock.shape
    names = [name for name in indicators or ours.indicators if name in theirs.indicators and name in ours.indicators]
    alternatives = [name for name in ours.alternatives if name in theirs.alternatives]
    places = [
        (place, year)
        for place in ours.regions
        for year in ours.years
        if place in theirs.regions and year in theirs.years
        and (region is None or place == region) and (years is None or year in years)
    ]  # fmt: skip
    if not (names and alternatives and places):
        raise InputError([Fault("sweep_nothing_in_common", Place(str(second.folder)), {"other": str(first.folder)})])
    paired = same_futures(first, second)
    size = max(first.points() * ours.per_point * ours.rows, second.points() * theirs.per_point * theirs.rows, 1)
    step = max(1, _AT_ONCE // size)
    frames = [
        _compared(first, second, names[at : at + step], alternatives, places, paired)
        for at in range(0, len(names), step)
    ]
    return pd.concat(frames, ignore_index=True)


def same_futures(first: StudyTables, second: StudyTables) -> bool:
    """Say whether a point is the same future in both: one seed, one design, and the columns of one begin the other's.

    A design's column does not depend on how many follow it, so a study that varies more still has the same futures.
    """
    one, other = first.lock, second.lock
    common = min(len(one.columns), len(other.columns))
    begin = list(map(dict, one.columns[:common])) == list(map(dict, other.columns[:common]))
    return one.seed == other.seed and dict(one.design) == dict(other.design) and begin


def _compared(
    first: StudyTables, second: StudyTables, names: Sequence[str], alternatives: Sequence[str],
    places: Sequence[tuple[str, int]], paired: bool,
) -> pd.DataFrame:  # fmt: skip
    import pandas as pd

    ours = _groups(first, names, alternatives, places)
    theirs = _groups(second, names, alternatives, places)
    columns: dict[str, object] = {
        "alternative": np.repeat(np.array(alternatives, dtype=object), len(places) * len(names)),
        "region": np.tile(
            np.repeat(np.array([place for place, _ in places], dtype=object), len(names)), len(alternatives)
        ),
        "year": np.tile(np.repeat([year for _, year in places], len(names)), len(alternatives)),
        "indicator": np.tile(np.array(names, dtype=object), len(alternatives) * len(places)),
    }
    points, replicates = (min(ours.shape[at], theirs.shape[at]) for at in (3, 4))
    if not paired:
        points = 0
    difference = theirs[:, :, :, :points, :replicates] - ours[:, :, :, :points, :replicates]
    for end, values in (("1", ours), ("2", theirs), ("difference", difference)):
        for name, told in summary(values.reshape(*values.shape[:3], -1)).items():
            columns[f"{name}_{end}"] = told.reshape(-1)
    return pd.DataFrame(columns)


def _groups(
    study: StudyTables, names: Sequence[str], alternatives: Sequence[str], places: Sequence[tuple[str, int]]
) -> Floats:
    """Return results (alternative, place, indicator, point, replicate)."""
    shape = study.lock.shape
    which = [shape.alternatives.index(name) for name in alternatives]
    rows = [shape.regions.index(place) * len(shape.years) + shape.years.index(year) for place, year in places]
    chosen = study.cube(names, rows=np.array(rows, dtype=np.int64))[:, :, :, which]
    return np.ascontiguousarray(np.transpose(chosen, (3, 4, 0, 1, 2)))


def summary(values: Floats) -> dict[str, Floats]:
    """Return count, mean and quantiles of the finite values along the last axis; NaN for those of none.

    Quantiles are those of `numpy.quantile` (linear between the two nearest; Hyndman and Fan 1996, definition 7).
    """
    finite = np.isfinite(values)
    count = finite.sum(axis=-1)
    least = int(count.min(initial=values.shape[-1]))
    if least == values.shape[-1]:
        kept, whole = values, True
    else:
        kept, whole = np.where(finite, values, np.nan), False
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (kept.sum(axis=-1) if whole else np.where(finite, values, 0.0).sum(axis=-1)) / count
    out = {"count": count, "mean": mean}
    ordered = _ordered(kept, whole)
    for share in _QUANTILES:
        out[f"p{round(100 * share):02}"] = _quantile(ordered, count, share)
    return out


def _ordered(values: Floats, whole: bool) -> Floats:
    """Return values in order along the last axis, NaN last; where all count, in order only where quantiles look."""
    if not whole or not values.shape[-1]:
        return np.sort(values, axis=-1)
    top = values.shape[-1] - 1
    looked = sorted({min(int(share * top) + more, top) for share in _QUANTILES for more in (0, 1)})
    return np.partition(values, looked, axis=-1)


def _quantile(ordered: Floats, count: Floats, share: float) -> Floats:
    if not ordered.shape[-1]:
        return np.full(count.shape, np.nan)
    at = share * np.maximum(count - 1, 0)
    below = at.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low = np.take_along_axis(ordered, below[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(ordered, above[..., None], axis=-1)[..., 0]
    return low + (high - low) * (at - below)
