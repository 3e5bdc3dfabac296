"""One heat, compiled: the programme of `cesim.charge.dilution` solved as `cesim.charge.lexicographic` does.

The same steps in the same order, to the same bits. Columns without room are left out of the pivots, which never look at
them; their size counts where rows are scaled, as it does there. Prices of the limits are not worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.balance.compiled import compiled
from cesim.balance.lane_sums import short_sum
from cesim.charge.lexicographic import PATIENCE, TOLERANCE
from cesim.charge.pivoting import solve_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.charge.dilution import AlloyWindow

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MOST_PIVOTS = 400
MOST_LEVELS = 4

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
    scaled: Floats
    size: Floats
    limits: Floats
    upper: Floats
    scale: Floats
    gains: Floats
    table: Floats
    value: Floats
    gain: Floats
    room: Floats
    nonbasic: Ints
    basic: Ints
    flipped: Bools
    total: Floats
    terms: Floats
    pivots: Ints


def new_desk(columns: int, rows: int) -> Desk:
    """Memory for programmes of at most so many columns and rows."""
    return Desk(
        np.empty((columns, rows)), np.empty((columns, rows)), np.empty(rows), np.empty(rows), np.empty(columns),
        np.empty(columns), np.empty(columns), np.empty(rows * columns), np.empty(rows),
        np.empty(MOST_LEVELS * columns), np.empty(columns + rows), np.empty(columns, np.int64), np.empty(rows, np.int64),
        np.empty(columns + rows, np.bool_), np.empty(columns + rows), np.empty(columns), np.zeros(1, np.int64),
    )  # fmt: skip


@compiled
def optimum(desk: Desk, objectives: Floats, columns: int, rows: int) -> bool:
    """Solve the programme on the desk; what to take of each column is left in `desk.total`.

    `objectives` (level, column), `desk.effect`, `desk.limits` and `desk.upper` as in `lexicographic.maximise`.
    """
    open_columns = _size_columns(desk, columns)
    table = desk.table[: rows * open_columns].reshape(rows, open_columns)
    levels = objectives.shape[0]
    gain = desk.gain[: levels * open_columns].reshape(levels, open_columns)
    _dictionary(desk, objectives, columns, rows, table, gain)
    desk.pivots[0] = 0
    solved = solve_one(
        table, desk.value[:rows], gain, desk.room, desk.nonbasic[:open_columns], desk.basic[:rows], desk.flipped,
        desk.pivots, (MOST_PIVOTS, PATIENCE, TOLERANCE), desk.size,
    )  # fmt: skip
    if not solved:
        return False
    for variable in range(columns + rows):
        desk.total[variable] = 0.0
    for i in range(rows):
        desk.total[desk.basic[i]] = max(desk.value[i], 0.0)
    for j in range(columns):
        taken = desk.total[j]
        if desk.flipped[j]:
            taken = desk.room[j] - taken
        desk.total[j] = min(max(taken, 0.0), desk.room[j]) * desk.scale[j]
    return True


@compiled
def _size_columns(desk: Desk, columns: int) -> int:
    """Scale of each column, and which have room: returns how many."""
    open_columns = 0
    for j in range(columns):
        has_room = desk.upper[j] > 0.0
        desk.scale[j] = desk.upper[j] if has_room else 1.0
        desk.room[j] = 1.0 if has_room else 0.0
        desk.flipped[j] = False
        if has_room:
            desk.nonbasic[open_columns] = j
            open_columns += 1
    return open_columns


@compiled
def _dictionary(desk: Desk, objectives: Floats, columns: int, rows: int, table: Floats, gain: Floats) -> None:
    """Scale rows and columns to about one and write the columns with room."""
    size, scaled, open_columns = desk.size, desk.scaled, table.shape[1]
    for i in range(rows):
        size[i] = desk.limits[i]
    for j in range(columns):
        scale, effect = desk.scale[j], desk.effect[j]
        for i in range(rows):
            scaled[j, i] = effect[i] * scale
            size[i] = max(size[i], abs(scaled[j, i]))
    for i in range(rows):
        size[i] = size[i] if size[i] > 0.0 else 1.0
        desk.value[i] = desk.limits[i] / size[i]
        desk.basic[i] = columns + i
        desk.room[columns + i] = np.inf
        desk.flipped[columns + i] = False
    for k in range(open_columns):
        column = scaled[desk.nonbasic[k]]
        for i in range(rows):
            table[i, k] = column[i] / size[i]
    for level in range(objectives.shape[0]):
        largest = 0.0
        for j in range(columns):
            desk.gains[j] = objectives[level, j] * desk.scale[j]
            largest = max(largest, abs(desk.gains[j]))
        largest = largest if largest > 0.0 else 1.0
        for k in range(open_columns):
            gain[level, k] = desk.gains[desk.nonbasic[k]] / largest


class Charge(NamedTuple):
    """The heats of one alloy at one site so far: primary (1,), additions and content (element,), t."""

    primary: Floats
    additions: Floats
    content: Floats


@compiled
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


@compiled
def dilute(
    w: Windows,
    alloy: int,
    demand: float,
    columns: Ints,
    stock: Floats,
    composition: Floats,
    objectives: Floats,
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
    objectives : (level, column)
        memory whose first row holds the share wanted of each column
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
    _objectives(w, alloy, columns, surplus, prices, objectives, desk)
    # what wants nothing on the first level is decided on the second
    counted = objectives[0 if wants else 1 :]
    desk.limits[0] = max(heat.primary[0], 0.0)
    for j in range(grades):
        desk.upper[j] = min(stock[columns[j]], demand)
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
    if not optimum(desk, counted, grades + surplus, 1 + limited):
        return NO_OPTIMUM
    return _taken(w, alloy, demand, columns, composition, surplus, heat, desk)


@compiled
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
        for k in range(limited):
            effect[1 + k] = grade[order[k]] - displaced * primary[k]
    for j in range(surplus):
        effect = desk.effect[grades + j]
        displaced = (1.0 if j < alloying else -1.0) / rest
        effect[0] = displaced
        for k in range(limited):
            effect[1 + k] = 0.0 - displaced * primary[k]
        k = j if j < alloying else j - alloying
        effect[1 + k] = (-1.0 if j < alloying else 1.0) - displaced * primary[k]


@compiled
def _objectives(
    w: Windows,
    alloy: int,
    columns: Ints,
    surplus: int,
    prices: tuple[float, Floats, Floats],
    objectives: Floats,
    desk: Desk,
) -> None:
    """Most wanted scrap (already there), least cost, lowest number."""
    primary_price, addition_price, scrap_price = prices
    grades, order = columns.size, w.limited[alloy]
    for j in range(grades + surplus):
        effect = desk.effect[j]
        saved = 0.0
        for k in range(w.alloying_count[alloy]):
            saved += effect[1 + k] * addition_price[order[k]]
        price = scrap_price[columns[j]] if j < grades else 0.0
        objectives[1, j] = effect[0] * primary_price + saved - price
        objectives[2, j] = -(j + 1.0)
        if j >= grades:
            objectives[0, j] = 0.0


@compiled
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
