"""What is drawn for every region: shares of works, what a region keeps, and where the rest goes."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.sampler import Sampler
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]


def by_region(sampler: Sampler, scenario: Scenario, what: str) -> Floats:
    """Values (lane, region) of an entry of the regions, `vehicles` or `keeps.elv`."""
    of = attrgetter(what)
    drawn = [sampler.value(f"regions.{key}.{what}", of(region)) for key, region in scenario.regions.items()]
    return np.stack(drawn, axis=1)


def weights(sampler: Sampler, scenario: Scenario, what: str) -> Floats:
    """Shares of the regions (lane, region) from their weights."""
    drawn = by_region(sampler, scenario, what)
    share: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return share


def routes(
    sampler: Sampler, scenario: Scenario, what: str, capacity: Floats, sites: NDArray[np.intp] | None = None
) -> Floats:
    """Origin-destination shares (lane, from, to): what a region keeps stays, the rest goes where capacity is.

    A region without capacity keeps nothing. ``sites`` are the regions with works, all of them where not said.
    """
    kept = by_region(sampler, scenario, f"keeps.{what}")
    return spread_over(np.where(capacity > 0, kept, 0.0), capacity, sites)


def spread_over(kept: Floats, capacity: Floats, sites: NDArray[np.intp] | None = None) -> Floats:
    """Rows (lane, from, site) that keep ``kept`` (lane, region) at home and spread the rest by capacity."""
    to = np.arange(capacity.shape[1]) if sites is None else sites
    own = np.eye(capacity.shape[1])[:, to]
    others = np.where(own > 0, 0.0, np.take(capacity, to, axis=1)[:, None, :])
    total = others.sum(axis=2, keepdims=True)
    away = others / np.where(total > 0, total, 1.0)
    home = np.where(total > 0, kept[..., None], 1.0)
    return away * (1.0 - home) + own * home
