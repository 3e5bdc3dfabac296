"""Which element stops more scrap, and what a little more of its limit would let in: kept draw by draw, told by year.

The heats of an alloy in one place are told as they are. All heats of the focus are told together, as if the limit of an
element were moved by the same step in each of them, the way a standard is moved: the element that binds is the one that
lets in the most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cesim.balance.chain import of_binding
from cesim.balance.metal import LEAST_WORTH, METALS
from cesim.ledger.substances import SIX_THOUSAND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.balance.chain import Limits
    from cesim.run.accumulate import Series

    Floats = NDArray[np.float64]

STEP = 1e-4
"""The step of a limit that is told, in mass fraction: 0.01 percentage points."""

NO_HEAT = -2.0
"""In place of an element where nothing is melted, so nothing is stopped."""

COLUMNS = (
    "year", "region", "alloy", "element", "share_of_draws", "price_jpy_per_t",
    "more_scrap_p05_t", "more_scrap_p50_t", "more_scrap_p95_t",
)  # fmt: skip


def keep(series: Series, year: int, limits: Limits, sites: Sequence[str], focus: tuple[str, Sequence[str]]) -> None:
    """Put the binding element, its price and the scrap a step lets in, by alloy and place.

    ``sites`` names the melters in the order of the arrays, ``focus`` the id of the focus and its regions.
    """
    for alloy, binding in limits.binding.items():
        heats, price = limits.open_heats[alloy], limits.limit_price[alloy]
        lets_in = limits.scrap_per_limit[alloy] * heats[:, :, None] * STEP
        for n, site in enumerate(sites):
            worth = of_binding(price[:, n], binding[:, n]), of_binding(lets_in[:, n], binding[:, n])
            _put(series, (alloy, site, year), binding[:, n], worth, heats[:, n])
        inside = [n for n, site in enumerate(sites) if site in focus[1]]
        if alloy in SIX_THOUSAND and inside and focus[0] not in sites:
            _put(series, (alloy, focus[0], year), *_together(price, lets_in, heats, inside))


def _together(
    price: Floats, lets_in: Floats, heats: Floats, inside: Sequence[int]
) -> tuple[NDArray[np.int64], tuple[Floats, Floats], Floats]:
    """The element that lets in most when its limit moves in all heats of some sites, its price and scrap; the heats."""
    total, paid, melted = np.zeros_like(lets_in[:, 0]), np.zeros_like(price[:, 0]), np.zeros_like(heats[:, 0])
    for n in inside:
        total += lets_in[:, n]
        paid += price[:, n] * heats[:, n, None]
        melted += heats[:, n]
    binding = np.where(total.max(axis=1) > LEAST_WORTH * STEP * melted, total.argmax(axis=1), -1)
    mean = paid / np.where(melted > 0, melted, 1.0)[:, None]
    return binding, (of_binding(mean, binding), of_binding(total, binding)), melted


def _put(
    series: Series, where: tuple[str, str, int], binding: NDArray[np.int64], worth: tuple[Floats, Floats], heats: Floats
) -> None:
    alloy, place, year = where
    series.put((f"binding {alloy}", place, str(year)), np.where(heats > 0, binding, NO_HEAT))
    for name, values in zip(("price", "more"), worth, strict=True):
        series.put((f"{name} {alloy}", place, str(year)), values)


def limits_frame(limits: Series) -> pd.DataFrame:
    """`limits`: how often each element stops more scrap in the heats open to it, and what moving its limit is worth."""
    rows = []
    for what, region, year in limits.keys:
        kind, _, alloy = what.partition(" ")
        if kind != "binding":
            continue
        binding, price, more = (
            limits.drawn((f"{name} {alloy}", region, year)) for name in ("binding", "price", "more")
        )
        assert binding is not None
        assert price is not None
        assert more is not None
        open_draws = np.count_nonzero(binding != NO_HEAT)
        for code in np.unique(binding[binding != NO_HEAT]).astype(int):
            held = binding == code
            usual = float(np.median(price[held])) if code >= 0 else 0.0  # what does not bind is worth nothing
            let_in = np.quantile(more[held], [0.05, 0.5, 0.95])
            name = METALS[code] if code >= 0 else "none"
            rows.append((int(year), region, alloy, name, held.sum() / open_draws, usual, *let_in))
    return pd.DataFrame(rows, columns=list(COLUMNS))
