"""Stocks made of cohorts: what flows in, how long it lasts, what flows out.

The kernel of the annual engine. `inflow_driven` knows what enters use and asks how much is in use;
`stock_driven` knows how much must be in use and asks what has to enter. In both

    stock(t) = sum over cohorts c of inflow(c) * alive(t - c)
    outflow(t) = inflow(t) - stock(t) + stock(t - 1)

with ``alive`` by the convention `at` (see `cesim.balance.steps`). No table of year x cohort is built unless
it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.columns import (
    WIDTH,
    Block,
    Columns,
    Curves,
    Shape,
    blocks,
    common_lead,
    finite,
    year_last,
)
from cesim.balance.retire import NegativeInflow, Retirement, check_policy
from cesim.balance.steps import At, check_at, survival_steps

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from cesim.balance.families import Floats
    from cesim.balance.survival import Survival


@dataclass(frozen=True)
class CohortStock:
    """What was in use, came in and went out in each year.

    Arrays are ``(..., year)``. By cohort they are ``(..., year, cohort)``, the cohorts being those of the
    initial stock, oldest first, then one per year; absent unless asked for. Stocks are those of the year's
    end. Inflow minus outflow adds up to the stock, year by year.
    """

    stock: Floats
    inflow: Floats
    outflow: Floats
    stock_by_cohort: Floats | None = None
    outflow_by_cohort: Floats | None = None


class _Years:
    """The year-first arrays of one computation, its initial cohorts and its survival."""

    def __init__(self, given: Floats, survival: Survival, at: At, initial: ArrayLike | None, cohorts: bool) -> None:
        check_at(at)
        start = np.zeros(0) if initial is None else finite("initial", initial)
        if (start < 0.0).any():
            raise ValueError(f"initial: found {start.min():g}; allowed: 0 or more")
        self.lead: Shape = common_lead(
            inflow_or_stock=given.shape[:-1], survival=survival.shape, initial=start.shape[:-1]
        )
        self.years, self.before = given.shape[-1], start.shape[-1]
        self.count = prod(self.lead)
        self.given = Columns(given, self.lead)
        self._start = Columns(start, self.lead)
        self._curves = Curves(survival, self.lead, self.before + self.years, at)
        self.outflow = self.empty()
        self.table = self.empty(self.years, self.before + self.years) if cohorts else None
        self.leaving = self.empty(self.years, self.before + self.years) if cohorts else None

    def empty(self, *rows: int) -> Floats:
        """Year-first room for every series."""
        return np.zeros((*(rows or (self.years,)), self.count))

    def open(self, block: Block) -> tuple[Floats, Floats, Floats]:
        """Cohorts made before the first year and room for the rest, survival backwards, initial stock."""
        alive = self._curves.take(block)
        made = np.empty_like(alive)
        start = self._start.take(block)
        backwards = np.ascontiguousarray(alive[::-1])
        if self.before:
            made[: self.before] = _at_birth(start, alive[: self.before][::-1])
        return made, backwards, start

    def record_cohorts(self, block: Block, year: int, made: Floats, backwards: Floats) -> None:
        """Write the year's survivors by cohort, where they were asked for."""
        if self.table is not None:
            last = self.before + year + 1
            alive = made[:last] * backwards[self.years - 1 - year :]
            self.table[year, :last, block.first : block.last] = alive[:, : block.count]

    def close(self, block: Block, inflow: Floats, stock: Floats, start: Floats) -> None:
        """Outflow of the block, in total and by cohort, from its inflow and stock."""
        mine, count = slice(block.first, block.last), block.count
        outflow = inflow - stock
        outflow[0] += _column_sum(start)
        outflow[1:] += stock[:-1]
        self.outflow[:, mine] = outflow[:, :count]
        if self.table is not None and self.leaving is not None:
            table, leaving = self.table[..., mine], self.leaving[..., mine]
            leaving[1:] = table[:-1]
            leaving[0, : self.before] = start[:, :count]
            leaving -= table
            for year in range(self.years):
                leaving[year, self.before + year] += inflow[year, :count]

    def result(self, stock: Floats, inflow: Floats) -> CohortStock:
        """Give the arrays back with the year last."""
        table = None if self.table is None else year_last(self.table, self.lead)
        leaving = None if self.leaving is None else year_last(self.leaving, self.lead)
        return CohortStock(stock, inflow, year_last(self.outflow, self.lead), table, leaving)


def inflow_driven(
    inflow: ArrayLike,
    survival: Survival,
    at: At = "mid",
    *,
    initial: ArrayLike | None = None,
    cohorts: bool = False,
) -> CohortStock:
    """Stock and outflow that follow from what enters use.

    Parameters
    ----------
    inflow
        ``(..., year)``, any unit.
    survival
        Its parameter shape broadcasts with the leading axes of `inflow`.
    at
        Where in the year things enter use: start, mid, end or uniform.
    initial
        Stock at the end of the year before the first, ``(..., cohort)``, oldest first, the last being the
        cohort of that year. It survives on as SF(age) / SF(age at the start).
    cohorts
        Also give the ``(..., year, cohort)`` tables.

    Raises
    ------
    ValueError
        For values that are not finite, axes that do not broadcast, an unknown `at`, or an initial cohort
        older than its survival allows.
    """
    given = finite("inflow", inflow)
    years = _Years(given, survival, at, initial, cohorts)
    stocks = years.empty()
    for block in blocks(years.count, WIDTH):
        made, backwards, start = years.open(block)
        made[years.before :] = years.given.take(block)
        stock = np.empty((years.years, made.shape[1]))
        for year in range(years.years):
            _survivors(made, backwards, years.before + year + 1, stock[year])
            years.record_cohorts(block, year, made, backwards)
        years.close(block, made[years.before :], stock, start)
        stocks[:, block.first : block.last] = stock[:, : block.count]
    shown = np.broadcast_to(given, years.lead + given.shape[-1:])
    return years.result(year_last(stocks, years.lead), shown)


def stock_driven(
    stock: ArrayLike,
    survival: Survival,
    at: At = "mid",
    *,
    initial: ArrayLike | None = None,
    negative_inflow: NegativeInflow = "error",
    cohorts: bool = False,
) -> CohortStock:
    """Inflow and outflow that follow from how much must be in use.

    Parameters
    ----------
    stock
        Wanted stock at the end of each year, ``(..., year)``, 0 or more.
    survival, at, initial, cohorts
        As in `inflow_driven`.
    negative_inflow
        What to do where survivors exceed the wanted stock. ``error`` raises. ``allow`` books a negative
        inflow, the plain algebra. ``retire-oldest`` sets the inflow to 0 and retires the oldest cohorts down
        to the wanted stock; ``retire-pro-rata`` retires the same share of every cohort. What is retired is
        part of the outflow and does not come back; what remains lives on as before.

    Raises
    ------
    ValueError
        As in `inflow_driven`; for a negative inflow under ``error``, naming the year's index and the amount;
        and if nothing survives the year of its inflow, so that no stock could be held.
    """
    check_policy(negative_inflow)
    given = finite("stock", stock)
    if given.size and given.min() < 0.0:
        raise ValueError(f"stock: found {given.min():g}; allowed: 0 or more")
    years = _Years(given, survival, at, initial, cohorts)
    inflow = years.empty()
    for block in blocks(years.count, WIDTH):
        made, backwards, start = years.open(block)
        wanted = years.given.take(block)
        entered = _fill(years, block, made, backwards, wanted, negative_inflow)
        inflow[:, block.first : block.last] = entered[:, : block.count]
        years.close(block, entered, wanted, start)
    shown = np.broadcast_to(given, years.lead + given.shape[-1:])
    return years.result(shown, year_last(inflow, years.lead))


def inflow_from_age_structure(stock_by_cohort: ArrayLike, survival: Survival, at: At = "mid") -> Floats:
    """Inflow of each cohort that explains the age structure of one year's stock.

    `stock_by_cohort` is ``(..., cohort)``, oldest first, the last being the cohort of that year;
    inflow(c) = stock(c) / alive(last - c). Raises ValueError where a cohort is in stock that cannot have
    survived.
    """
    stock = finite("stock_by_cohort", stock_by_cohort)
    alive = survival_steps(survival, stock.shape[-1], at)
    curves = np.moveaxis(alive[::-1].reshape(-1, *survival.shape), 0, -1)
    common_lead(stock_by_cohort=stock.shape[:-1], survival=survival.shape)
    return _at_birth(*np.broadcast_arrays(stock, curves))


def _at_birth(stock: Floats, alive: Floats) -> Floats:
    """Cohorts as they were when they entered use."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        born = np.where(stock == 0.0, 0.0, stock / alive)
    if not np.isfinite(born).all():
        found = stock[~np.isfinite(born)].flat[0]
        raise ValueError(f"initial: {found:g} in stock at an age to which nothing survives")
    return born


def _survivors(made: Floats, backwards: Floats, last: int, out: Floats) -> None:
    """Add up what is left of the first `last` cohorts, the newest of them at step 0."""
    np.einsum("cs,cs->s", made[:last], backwards[backwards.shape[0] - last :], out=out)


def _column_sum(rows: Floats) -> Floats:
    return np.add.reduce(rows, axis=0) if rows.shape[0] else np.zeros(rows.shape[1])


def _fill(
    years: _Years, block: Block, made: Floats, backwards: Floats, wanted: Floats, policy: NegativeInflow
) -> Floats:
    """Inflow of the block's series year by year, so that the stock is as wanted."""
    newborn = backwards[-1]
    if (newborn <= 0.0).any():
        raise ValueError("survival: nothing is left at the end of its first year, so no stock can be held")
    entered = _fill_plainly(years, block, made, backwards, wanted)
    if policy == "allow" or entered.min() >= 0.0:
        return entered
    # rare, so the plain algebra is tried first and costs no test per year
    return _fill_settling(years, block, made, backwards, wanted, Retirement(policy, block))


def _fill_plainly(years: _Years, block: Block, made: Floats, backwards: Floats, wanted: Floats) -> Floats:
    earlier, newborn, left = backwards[:-1], backwards[-1], np.empty(made.shape[1])
    for year in range(years.years):
        last = years.before + year
        _survivors(made, earlier, last, left)
        inflow = made[last]
        np.subtract(wanted[year], left, out=inflow)
        inflow /= newborn
        years.record_cohorts(block, year, made, backwards)
    return made[years.before :]


def _fill_settling(
    years: _Years, block: Block, made: Floats, backwards: Floats, wanted: Floats, retirement: Retirement
) -> Floats:
    # retired cohorts shrink afterwards, so what entered is kept apart from what they are made of
    entered, left = np.empty_like(wanted), np.empty(made.shape[1])
    for year in range(years.years):
        last = years.before + year
        _survivors(made, backwards[:-1], last, left)
        inflow = entered[year]
        np.subtract(wanted[year], left, out=inflow)
        inflow /= backwards[-1]
        if inflow.min() < 0.0:
            alive = backwards[years.years - 1 - year : -1]
            retirement.settle(year, made[:last], alive, wanted[year], left, inflow)
        made[last] = inflow
        years.record_cohorts(block, year, made, backwards)
    return entered
