"""Why nothing can be charged, and what would help: computed, in numbers that can be acted on."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.answer import Reason
from cesim.charge.programme import Programme
from cesim.charge.simplex import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.sheet import ChargeSheet, End

    Floats = NDArray[np.float64]

NOTICED: Final = 1e-9
"""t, or share, below which nothing is worth a word."""
PURE: Final = "99.99 % Al"
"""What dilutes where the yard holds no metal but scrap."""


def why_not(sheet: ChargeSheet) -> tuple[Reason, ...]:
    """Return what cannot be met, by how much, and what would help; for a sheet that has no charge.

    The limits named are those that have to give way when all of them together give way as little as they can; the
    best of each is what can be reached while every limit that does not have to give way is kept.
    """
    short = _metal(sheet)
    if short:
        return short
    slack, mix = _elastic(sheet)
    give = slack > NOTICED
    return (*_missed(sheet, give), *_additions(sheet), *_left_out(sheet, mix))


def _metal(sheet: ChargeSheet) -> tuple[Reason, ...]:
    """Say where there is too little metal for the furnace, or too much that must go in."""
    most, least = float(sheet.melted @ sheet.stock), float(sheet.melted @ sheet.least)
    mass = sheet.furnace.mass
    if most < mass * (1.0 - NOTICED):
        return (Reason("metal_short", {"found": _tonnes(most, -1), "wanted": _tonnes(mass)}),)
    if least > mass * (1.0 + NOTICED):
        return (Reason("metal_over", {"found": _tonnes(least), "wanted": _tonnes(mass)}),)
    return ()


def _elastic(sheet: ChargeSheet) -> tuple[Floats, Floats]:
    """Return the share by which each limit gives way when their sum is least, (end,), and the mix, (column,)."""
    base, count = sheet.programme(np.zeros(len(sheet.names))), len(sheet.ends)
    size = np.array([max(end.limit, NOTICED) for end in sheet.ends]) * sheet.furnace.mass
    sign = np.array([1.0 if end.side == "lower" else -1.0 for end in sheet.ends])
    gives = np.vstack([np.diag(sign * size), np.zeros(count)])
    wide = Programme(
        np.append(base.cost, np.ones(count)), np.hstack([base.rows, gives]), base.lower, base.upper,
        np.append(base.stock, 1.0 / np.minimum(size / sheet.furnace.mass, 1.0)),
    )  # fmt: skip
    x = solve(wide).x
    return x[len(base.cost) :], x[: len(base.cost)] + sheet.least


def _missed(sheet: ChargeSheet, give: NDArray[np.bool_]) -> tuple[Reason, ...]:
    """Say of each limit that has to give way how near one can come."""
    told, together = [], []
    for at in np.flatnonzero(give):
        end = sheet.ends[at]
        best = _best(sheet, int(at), ~give)
        if abs(best - end.limit) <= NOTICED or (best < end.limit) == (end.side == "upper"):
            together.append(end.name)
        else:
            told.append(_miss(end, best))
    if together:
        names = ", ".join(sheet.ends[at].name for at in np.flatnonzero(give))
        told.append(Reason("limits_together", {"names": names}))
    return tuple(told)


def _best(sheet: ChargeSheet, at: int, kept: NDArray[np.bool_]) -> float:
    """Return the mass fraction nearest to a limit while the kept ones are met."""
    toward = 1.0 if sheet.ends[at].side == "upper" else -1.0
    found = solve(sheet.programme(toward * sheet.rows[at], list(kept)))
    return float(sheet.rows[at] @ (found.x + sheet.least)) / sheet.furnace.mass


def _miss(end: End, best: float) -> Reason:
    places = next((n for n in range(3, 10) if round(100 * best, n) != round(100 * end.limit, n)), 10)
    shown = {"name": end.name, "best": f"{100 * best:.{places}f}", "limit": f"{100 * end.limit:.{places}f}"}
    return Reason("over_limit" if end.side == "upper" else "under_limit", shown)


def _additions(sheet: ChargeSheet) -> tuple[Reason, ...]:
    """Say how much more primary metal or additions would do, at least."""
    base = sheet.programme(np.zeros(len(sheet.names)))
    clean = [at for at, lot in enumerate(sheet.lots) if lot.recycled == "none"]
    clean += range(len(sheet.lots), len(sheet.names))
    names, more = [sheet.names[at] for at in clean], base.rows[:, clean]
    if not names:
        names = [PURE]
        more = np.append([[end.of_melt] for end in sheet.ends], [[1.0]], axis=0)
    room = sheet.furnace.mass / more[-1]
    wide = Programme(
        np.append(base.cost, np.ones(len(names))), np.hstack([base.rows, more]), base.lower, base.upper,
        np.append(base.stock, room),
    )  # fmt: skip
    found = solve(wide)
    if found.status == "infeasible":
        return ()
    extra = dict(zip(names, found.x[len(base.cost) :], strict=True))
    return (Reason("remedy_add", tonnes=_listed(extra)),)


def _left_out(sheet: ChargeSheet, mix: Floats) -> tuple[Reason, ...]:
    """Say which lots to leave out: of those that must go in, else for a smaller heat."""
    if sheet.least.any():
        spared = _spared(sheet)
        if spared is not None:
            return (Reason("remedy_leave_out", tonnes=_listed(spared)),)
    mass, kept = _largest_heat(sheet)
    if mass <= NOTICED * sheet.furnace.mass:
        return ()
    lots = len(sheet.lots)
    less = dict(zip(sheet.names[:lots], (mix - kept)[:lots], strict=True))
    code = "remedy_smaller" if any(spared > 1e-6 for spared in less.values()) else "remedy_less"
    return (Reason(code, {"mass": _tonnes(mass, -1)}, _listed(less)),)


def _spared(sheet: ChargeSheet) -> dict[str, float] | None:
    """Return the fewest tonnes that should not have to go in; None where that does not help."""
    base = sheet.programme(np.zeros(len(sheet.names)))
    must = np.flatnonzero(sheet.least > 0.0)
    wide = Programme(
        np.append(base.cost, np.ones(must.size)), np.hstack([base.rows, -base.rows[:, must]]), base.lower, base.upper,
        np.append(base.stock, sheet.least[must]),
    )  # fmt: skip
    found = solve(wide)
    if found.status == "infeasible":
        return None
    spared = found.x[len(base.cost) :] - found.x[must]
    return dict(zip((sheet.names[at] for at in must), spared, strict=True))


def _largest_heat(sheet: ChargeSheet) -> tuple[float, Floats]:
    """Return the most melt that meets every limit, t, and its mix, (column,), nothing having to go in.

    What is missing to a full furnace is a column of its own that sits on every limit.
    """
    limits = np.append([end.limit for end in sheet.ends], 1.0)
    is_lower = np.array([end.side == "lower" for end in sheet.ends], dtype=bool)
    full = limits * sheet.furnace.mass
    programme = Programme(
        np.append(np.zeros(len(sheet.names)), 1.0),
        np.hstack([sheet.rows, limits[:, None]]),
        np.where(np.append(is_lower, True), full, -np.inf),
        np.where(np.append(~is_lower, True), full, np.inf),
        np.append(sheet.stock, sheet.furnace.mass),
    )
    found = solve(programme)
    return sheet.furnace.mass - float(found.x[-1]), found.x[:-1]


def _listed(tonnes: dict[str, float]) -> dict[str, str]:
    return {name: _tonnes(mass) for name, mass in tonnes.items() if mass > 1e-6}


def _tonnes(mass: float, towards: int = 1) -> str:
    """Return tonnes to 10 kg, rounded up (or down) so that following the words is enough; finer below 100 kg."""
    step = 0.01 if mass >= 0.1 else 0.0001
    count = ceil(mass / step - 1e-9) if towards > 0 else int(mass / step + 1e-9)
    return f"{count * step:.10g}"
