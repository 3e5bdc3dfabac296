"""One heat, compiled: the programme of `cesim.charge.dilution` solved as `cesim.charge.lexicographic` does.

The same steps in the same order, to the same bits. Columns without room are left out of the pivots, which never look at
them; their size counts where rows are scaled, as it does there. Prices of the limits are not worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.balance.compiled import compiled_into
from cesim.balance.lane_pivots import MOST_LEVELS, ROWS, Dictionary, new_dictionary, solve
from cesim.balance.lane_sums import short_sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.charge.dilution import AlloyWindow

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FINE, NO_OPTIMUM, LIMITS_MISSED = 0, 1, 2
"""What became of a heat."""


class Windows(NamedTuple):
    """Limits of all alloys (alloy, ...) as a compiled loop reads them; index lists are filled up with zeros."""

    lower: Floats
    upper: Floats
    primary: Floats
    limited: Ints
    """(alloy, row) elements with a limit: the alloying ones first, then the tramp elements."""
    limited_primary: Floats
    """(alloy, row) these elements in primary metal."""
    alloying_count: Ints
    limited_count: Ints
    bare: Floats
    """(alloy,) 1 less the lower limits of the alloying elements."""
    rest: Floats
    """(alloy,) 1 less these elements in primary metal."""


def windows_of(windows: Sequence[AlloyWindow]) -> Windows:
    """Write the limits of the alloys side by side."""
    limited = np.zeros((len(windows), windows[0].lower.size), dtype=np.int64)
    for row, window in zip(limited, windows, strict=True):
        both = np.concatenate([window.alloying, window.tramp])
        row[: both.size] = both
    primary = np.array([w.primary for w in windows])
    return Windows(
        np.array([w.lower for w in windows]), np.array([w.upper for w in windows]), primary,
        limited, np.take_along_axis(primary, limited, axis=1),
        np.array([w.alloying.size for w in windows]), np.array([w.alloying.size + w.tramp.size for w in windows]),
        np.array([1.0 - w.lower[w.alloying].sum() for w in windows]),
        np.array([1.0 - w.primary[w.alloying].sum() for w in windows]),
    )  # fmt: skip


class Desk(NamedTuple):
    """Memory for one programme."""

    effect: Floats
    """(column, row) what a unit of a column takes of each limit: the rows of the programme, turned over."""
    size: Floats
    limits: Floats
    upper: Floats
    scale: Floats
    total: Floats
    """(variable,) the answer: what is taken of each column"""
    terms: Floats
    objectives: Floats
    """(column, level)"""
    dictionary: Dictionary


def new_desk(columns: int) -> Desk:
    """Memory for programmes of at most so many columns."""
    return Desk(
        np.zeros((columns, ROWS)), np.empty(ROWS), np.zeros(ROWS), np.empty(columns), np.empty(columns),
        np.empty(columns + ROWS), np.empty(max(columns, ROWS)), np.zeros((columns, MOST_LEVELS)),
        new_dictionary(columns),
    )  # fmt: skip


@compiled_into
def optimum(desk: Desk, columns: int, first: int, levels: int) -> bool:
    """Solve the programme on the desk; what to take of each column is left in `desk.total`.

    `desk.effect`, `desk.limits` and `desk.upper` are the rows, limits and bounds of `lexicographic.maximise`; of
    `desk.objectives` so many levels count, from the first.
    """
    d, total = desk.dictionary, desk.total
    open_columns = _dictionary(desk, columns, first, levels)
    if not solve(d, open_columns, levels):
        return False
    for j in range(columns):
        total[j] = 0.0
    for i in range(ROWS):
        total[d.basic[i]] = max(d.value[i], 0.0)
    for j in range(columns):
        taken = d.room[j] - total[j] if d.flipped[j] else total[j]
        total[j] = min(max(taken, 0.0), d.room[j]) * desk.scale[j]
    return True


@compiled_into
def _dictionary(desk: Desk, columns: int, first: int, levels: int) -> int:
    """Scale rows and columns to about one and write the columns with room; returns how many there are."""
    d, size, limits = desk.dictionary, desk.size, desk.limits
    for i in range(ROWS):
        size[i] = limits[i]
    open_columns = 0
    for j in range(columns):
        has_room = desk.upper[j] > 0.0
        scale = desk.upper[j] if has_room else 1.0
        desk.scale[j] = scale
        d.room[j] = 1.0 if has_room else 0.0
        d.flipped[j] = False
        effect, column = desk.effect[j], d.table[open_columns]
        for i in range(ROWS):
            scaled = effect[i] * scale
            column[i] = scaled
            size[i] = max(size[i], abs(scaled))
        if has_room:  # or the next column takes its place
            d.nonbasic[open_columns] = j
            open_columns += 1
    for i in range(ROWS):
        size[i] = size[i] if size[i] > 0.0 else 1.0
        d.value[i] = limits[i] / size[i]
        d.basic[i] = columns + i
        d.room[columns + i] = np.inf
        d.cap[i] = np.inf
        d.flipped[columns + i] = False
    for k in range(open_columns):
        column = d.table[k]
        for i in range(ROWS):
            column[i] = column[i] / size[i]
    for level in range(levels):
        largest = 0.0
        for j in range(columns):
            largest = max(largest, abs(desk.objectives[j, first + level] * desk.scale[j]))
        largest = largest if largest > 0.0 else 1.0
        for k in range(open_columns):
            j = d.nonbasic[k]
            d.gain[k, level] = desk.objectives[j, first + level] * desk.scale[j] / largest
    return open_columns


class Charge(NamedTuple):
    """The heats of one alloy at one site so far: primary (1,), additions and content (element,), t."""

    primary: Floats
    additions: Floats
    content: Floats


@compiled_into
def without_scrap(w: Windows, alloy: int, demand: float, heat: Charge) -> None:
    """Write the heat made of primary and additions alone (`dilution.no_scrap`)."""
    primary = demand * w.bare[alloy] / w.rest[alloy]
    heat.primary[0] = primary
    for e in range(heat.content.size):
        heat.content[e] = primary * w.primary[alloy, e]
        heat.additions[e] = 0.0
    for k in range(w.alloying_count[alloy]):
        e = w.limited[alloy, k]
        heat.additions[e] = demand * w.lower[alloy, e] - heat.content[e]
    for e in range(heat.content.size):
        heat.content[e] = heat.content[e] + heat.additions[e]


@compiled_into
def dilute(
    w: Windows,
    alloy: int,
    demand: float,
    columns: Ints,
    stock: Floats,
    composition: Floats,
    prices: tuple[float, Floats, Floats],
    again: bool,
    wants: bool,
    heat: Charge,
    desk: Desk,
) -> int:
    """Charge scrap into a heat in place of its primary and additions; `desk.total` holds the t of each column.

    Parameters
    ----------
    columns : (column,)
        the grades allowed
    stock : (grade,) and composition : (grade, element)
        the yard at the site
    desk
        whose objectives hold, on the first level, the share wanted of each column
    prices
        of primary, of additions (element,) and of scrap (grade,), JPY/t
    again
        whether scrap is in the heat already, so that a surplus of an element may fall again
    wants
        whether some scrap is wanted above other
    """
    grades, alloying, limited = columns.size, w.alloying_count[alloy], w.limited_count[alloy]
    surplus = 2 * alloying if again else alloying
    if demand == 0.0:
        for j in range(grades):
            desk.total[j] = 0.0
        return FINE
    _effects(w, alloy, columns, composition, surplus, desk)
    _objectives(w, alloy, columns, surplus, prices, desk)
    desk.limits[0] = max(heat.primary[0], 0.0)
    for j in range(grades):
        desk.upper[j] = min(stock[columns[j]], demand)
    for k in range(limited, ROWS - 1):
        desk.limits[1 + k] = 0.0
    for k in range(limited):
        e = w.limited[alloy, k]
        room = max(demand * w.upper[alloy, e] - heat.content[e], 0.0)
        if k >= alloying:
            desk.limits[1 + k] = room
            continue
        desk.limits[1 + k] = max(heat.additions[e], 0.0)
        desk.upper[grades + k] = room
        if again:
            desk.upper[grades + alloying + k] = max(heat.content[e] - demand * w.lower[alloy, e], 0.0)
    # what wants nothing on the first level is decided on the second
    if not optimum(desk, grades + surplus, 0 if wants else 1, 3 if wants else 2):
        return NO_OPTIMUM
    return _taken(w, alloy, demand, columns, composition, surplus, heat, desk)


@compiled_into
def _effects(w: Windows, alloy: int, columns: Ints, composition: Floats, surplus: int, desk: Desk) -> None:
    """What a tonne of each column displaces of primary, saves of additions and brings of tramp elements."""
    grades, alloying, limited = columns.size, w.alloying_count[alloy], w.limited_count[alloy]
    rest, order, primary = w.rest[alloy], w.limited[alloy], w.limited_primary[alloy]
    for j in range(grades):
        grade, effect = composition[columns[j]], desk.effect[j]
        own = 0.0
        for k in range(alloying):
            own += grade[order[k]]
        displaced = (1.0 - own) / rest
        effect[0] = displaced
        for k in range(ROWS - 1):
            effect[1 + k] = grade[order[k]] - displaced * primary[k]
        for k in range(limited, ROWS - 1):
            effect[1 + k] = 0.0
    for j in range(surplus):
        effect = desk.effect[grades + j]
        displaced = (1.0 if j < alloying else -1.0) / rest
        effect[0] = displaced
        for k in range(ROWS - 1):
            effect[1 + k] = 0.0 - displaced * primary[k] if k < limited else 0.0
        k = j if j < alloying else j - alloying
        effect[1 + k] = (-1.0 if j < alloying else 1.0) - displaced * primary[k]


@compiled_into
def _objectives(
    w: Windows,
    alloy: int,
    columns: Ints,
    surplus: int,
    prices: tuple[float, Floats, Floats],
    desk: Desk,
) -> None:
    """Most wanted scrap (already there), least cost, lowest number."""
    primary_price, addition_price, scrap_price = prices
    grades, order = columns.size, w.limited[alloy]
    for j in range(grades + surplus):
        effect, objectives = desk.effect[j], desk.objectives[j]
        saved = 0.0
        for k in range(w.alloying_count[alloy]):
            saved += effect[1 + k] * addition_price[order[k]]
        price = scrap_price[columns[j]] if j < grades else 0.0
        objectives[1] = effect[0] * primary_price + saved - price
        objectives[2] = -(j + 1.0)
        if j >= grades:
            objectives[0] = 0.0


@compiled_into
def _taken(
    w: Windows, alloy: int, demand: float, columns: Ints, composition: Floats, surplus: int, heat: Charge, desk: Desk
) -> int:
    """Put primary and additions back (`_Programme.charge`); refuses a heat that misses its limits."""
    taken, grades, every, terms = desk.total, columns.size, columns.size + surplus, desk.terms
    content, additions, lower, upper = heat.content, heat.additions, w.lower[alloy], w.upper[alloy]
    in_primary, metals, alloying = w.primary[alloy], heat.content.size, w.alloying_count[alloy]
    for j in range(every):
        terms[j] = taken[j] * desk.effect[j, 0]
    before = heat.primary[0]
    primary = max(before - short_sum(terms, 0, every), 0.0)
    heat.primary[0] = primary
    for e in range(metals):
        content[e] = content[e] - before * in_primary[e] - additions[e]
        terms[e] = 0.0
    for k in range(alloying):
        saved = 0.0
        for j in range(every):
            saved += taken[j] * desk.effect[j, 1 + k]
        e = w.limited[alloy, k]
        additions[e] = max(additions[e] - saved, 0.0)
    for j in range(grades):
        if taken[j] != 0.0:
            grade = composition[columns[j]]
            for e in range(metals):
                terms[e] += taken[j] * grade[e]
    worst = 0.0
    for e in range(metals):
        content[e] = content[e] + terms[e] + primary * in_primary[e] + additions[e]
        worst = max(worst, content[e] - upper[e] * demand)
    for k in range(alloying):
        e = w.limited[alloy, k]
        worst = max(worst, lower[e] * demand - content[e])
    return FINE if worst <= 1e-7 * max(demand, 1e-6) else LIMITS_MISSED
