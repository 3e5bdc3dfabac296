"""Competing exits: several ways out of use that pull on the same cars at the same time.

A car is scrapped, or exported used, or lost sight of, whichever comes first. Each way out has a hazard;
over a step with integrated hazards ``h`` the share ``1 - exp(-sum h)`` of those in use leaves, split in
proportion to ``h``. Lower one hazard and the cars it spares stay, to leave later by any way.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from cesim.balance.columns import WIDTH, Block, Columns, Curves, Shape, blocks, common_lead, finite, year_last
from cesim.balance.steps import At, check_at
from cesim.balance.survival import Survival

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.balance.families import Floats

Hazard = ArrayLike | Survival
_CELLS = 1_000_000


@dataclass(frozen=True)
class Exits:
    """What was in use, came in, and left by each way.

    Arrays are ``(..., year)``; `exits` holds one per way out and `outflow` is their sum. By cohort they are
    ``(..., year, cohort)``, initial cohorts first, oldest first; absent unless asked for.
    """

    stock: Floats
    inflow: Floats
    outflow: Floats
    exits: dict[str, Floats]
    stock_by_cohort: Floats | None = None
    exits_by_cohort: dict[str, Floats] | None = None


def exits(
    inflow: ArrayLike,
    hazards: Mapping[str, Hazard],
    at: At = "mid",
    *,
    initial: ArrayLike | None = None,
    cohorts: bool = False,
) -> Exits:
    """Stock that follows from what enters use and the ways it leaves.

    Parameters
    ----------
    inflow
        ``(..., year)``.
    hazards
        By name of the way out: ``(..., age)``, the hazard integrated over each year of age; or
        ``(..., year, age)`` where it changes by calendar year, told apart by its last axes being as long as
        the years and the ages (``years + initial cohorts`` ages are needed); or a `Survival`, which alone
        would empty the stock as in `inflow_driven`.
    at
        Where in the year things enter use. It splits a year of age over two calendar years: all of it falls
        in the first for ``start``, half for ``mid``, none for ``end``; for ``uniform``, ``-log((1 - exp(-H)) /
        H)`` of it, which is exact for a hazard that is constant within the year of age.
    initial
        Stock by cohort at the end of the year before the first, oldest first.
    cohorts
        Also give the ``(..., year, cohort)`` tables.

    Raises
    ------
    ValueError
        For no way out, a negative or NaN hazard, too few ages, or axes that do not broadcast.
    """
    check_at(at)
    if not hazards:
        raise ValueError("hazards: found none; allowed: one or more ways out by name")
    given = finite("inflow", inflow)
    start = np.zeros(0) if initial is None else finite("initial", initial)
    years, steps = given.shape[-1], given.shape[-1] + start.shape[-1]
    ways = {name: _read(name, hazard, years, steps) for name, hazard in hazards.items()}
    shapes = {name: way.shape if isinstance(way, Survival) else way.shape[:-2] for name, way in ways.items()}
    lead = common_lead(inflow=given.shape[:-1], initial=start.shape[:-1], **shapes)
    sources = {name: _source(way, lead, steps, at) for name, way in ways.items()}
    room = _Room(tuple(hazards), years, start.shape[-1], lead, cohorts)
    entering, first = Columns(given, lead), Columns(start, lead)
    for block in blocks(prod(lead), _width(ways)):
        columns = {name: source.take(block) for name, source in sources.items()}
        stated = {name: rows for name, rows in columns.items() if isinstance(sources[name], _Stated)}
        columns |= _by_step(stated, at)
        _run(room, block, entering.take(block), first.take(block), columns)
    return room.result(np.broadcast_to(given, (*lead, years)))


def _width(ways: Mapping[str, Floats | Survival]) -> int:
    """Series per block: fewer where hazards by calendar year make every series a large table."""
    largest = max((way.shape[-2] * way.shape[-1] for way in ways.values() if not isinstance(way, Survival)), default=1)
    return min(WIDTH, max(64, _CELLS // largest))


class _Room:
    """Year-first arrays for the answer."""

    def __init__(self, names: tuple[str, ...], years: int, before: int, lead: Shape, cohorts: bool) -> None:
        self.years, self.before, self.lead = years, before, lead
        count = prod(lead)
        self.stock = np.zeros((years, count))
        self.exits = {name: np.zeros((years, count)) for name in names}
        table = (years, before + years, count)
        self.stock_by_cohort = np.zeros(table) if cohorts else None
        self.exits_by_cohort = {name: np.zeros(table) for name in names} if cohorts else None

    def result(self, inflow: Floats) -> Exits:
        """Give the arrays back with the year last."""
        by_way = {name: year_last(rows, self.lead) for name, rows in self.exits.items()}
        outflow = np.zeros_like(next(iter(by_way.values())))
        for leaving in by_way.values():
            outflow += leaving
        stock = year_last(self.stock, self.lead)
        if self.stock_by_cohort is None or self.exits_by_cohort is None:
            return Exits(stock, inflow, outflow, by_way)
        tables = {name: year_last(rows, self.lead) for name, rows in self.exits_by_cohort.items()}
        return Exits(stock, inflow, outflow, by_way, year_last(self.stock_by_cohort, self.lead), tables)


class _Survived:
    """Step hazards of a way out stated by survival, ``(1, step, series)``."""

    def __init__(self, survival: Survival, lead: Shape, steps: int, at: At) -> None:
        self._curves = Curves(survival, lead, steps, at)

    def take(self, block: Block) -> Floats:
        """Minus the logarithm of what is left of each step's beginning; infinite once nobody is left."""
        alive = self._curves.take(block)
        before = np.vstack([np.ones((1, alive.shape[1])), alive[:-1]])
        share = np.divide(alive, before, out=np.zeros_like(alive), where=before > 0.0)
        with np.errstate(divide="ignore"):
            return np.asarray(np.maximum(-np.log(share), 0.0)[None])


class _Stated:
    """Hazards of a way out stated by age, or by calendar year and age, ``(1 or year, age, series)``."""

    def __init__(self, hazard: Floats, lead: Shape, steps: int) -> None:
        self._shape = (hazard.shape[-2], steps)
        flat = hazard[..., :steps].reshape(*hazard.shape[:-2], prod(self._shape))
        self._columns = Columns(flat, lead)

    def take(self, block: Block) -> Floats:
        """Hazard of every year of age."""
        return self._columns.take(block).reshape(*self._shape, -1)


def _by_step(stated: dict[str, Floats], at: At) -> dict[str, Floats]:
    """Spread hazards by year of age over the steps: what remains of one year of age acts in the next step."""
    if not stated:
        return {}
    total = _sum(stated)
    first = _first_share(total, at)
    spread = {}
    for name, hazard in stated.items():
        spread[name] = step = hazard * first
        step[:, 1:] += (hazard * (1.0 - first))[:, :-1]
    return spread


def _source(way: Floats | Survival, lead: Shape, steps: int, at: At) -> _Survived | _Stated:
    if isinstance(way, Survival):
        return _Survived(way, lead, steps, at)
    return _Stated(way, lead, steps)


def _read(name: str, hazard: Hazard, years: int, steps: int) -> Floats | Survival:
    """Give the hazard as ``(..., 1 or year, age)``, checked, or its survival."""
    if isinstance(hazard, Survival):
        return hazard
    array = np.asarray(hazard, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] < steps:
        found = array.shape[-1] if array.ndim else 0
        raise ValueError(f"{name}: found {found} ages; allowed: {steps} or more, one per year of age reached")
    if not (array >= 0.0).all() or np.isinf(array).any():
        wrong = array[~((array >= 0.0) & np.isfinite(array))].flat[0]
        raise ValueError(f"{name}: found hazard {wrong!s}; allowed: finite, 0 or more")
    by_year = array.ndim >= 2 and array.shape[-2] == years
    return array if by_year else array[..., None, :]


def _first_share(total: Floats, at: At) -> Floats:
    """Share of a year of age's hazard that acts in the calendar year in which that year of age begins."""
    if at == "uniform":
        safe = np.where(total > 1e-4, total, 1.0)
        # for small hazards the first terms of the series, exact to rounding
        return np.where(total > 1e-4, -np.log(-np.expm1(-safe) / safe) / safe, 0.5 - total / 24.0)
    return np.full_like(total, {"start": 1.0, "mid": 0.5, "end": 0.0}[at])


def _run(room: _Room, block: Block, entering: Floats, start: Floats, hazards: dict[str, Floats]) -> None:
    """Take the block's cohorts through the years; `ages` holds them by step, newest first."""
    mine, count = slice(block.first, block.last), block.count
    ages = np.zeros((room.before + room.years, entering.shape[1]))
    ages[: room.before] = start[::-1]
    for year, (leaving, shares) in zip(range(room.years), _steps(room.years, hazards), strict=True):
        last = room.before + year + 1
        ages[1:last] = ages[: last - 1].copy()
        ages[0] = entering[year]
        gone = ages[:last] * leaving[:last]
        for name, share in shares.items():
            by_age = gone * share[:last]
            room.exits[name][year, mine] = np.add.reduce(by_age, axis=0)[:count]
            if room.exits_by_cohort is not None:
                room.exits_by_cohort[name][year, :last, mine] = by_age[::-1, :count]
        ages[:last] -= gone
        room.stock[year, mine] = np.add.reduce(ages[:last], axis=0)[:count]
        if room.stock_by_cohort is not None:
            room.stock_by_cohort[year, :last, mine] = ages[:last][::-1, :count]


def _steps(years: int, hazards: dict[str, Floats]) -> Iterator[tuple[Floats, dict[str, Floats]]]:
    """Share leaving at each step and its split, year by year; worked out once if it does not change."""
    changing = any(rows.shape[0] > 1 for rows in hazards.values())
    step: tuple[Floats, dict[str, Floats]] | None = None
    for year in range(years):
        if step is None or changing:
            step = _compete({name: rows[year if len(rows) > 1 else 0] for name, rows in hazards.items()})
        yield step


def _sum(hazards: dict[str, Floats]) -> Floats:
    first, *others = hazards.values()
    for hazard in others:
        first = first + hazard
    return first


def _compete(hazards: dict[str, Floats]) -> tuple[Floats, dict[str, Floats]]:
    """Give the share that leaves, and the share of it that leaves each way.

    Where hazards are infinite (the end of a fixed lifetime) they share what leaves equally.
    """
    total = _sum(hazards)
    endless = np.isinf(total)
    if endless.any():
        hazards = {name: np.where(endless, np.isinf(hazard) * 1.0, hazard) for name, hazard in hazards.items()}
    weight = _sum(hazards)
    safe = np.where(weight > 0.0, weight, 1.0)
    return -np.expm1(-total), {name: hazard / safe for name, hazard in hazards.items()}
