"""The fleet: cohorts of cars, by segment and powertrain, that leave by competing hazards.

Think of a parking lot with one row for each year of first registration. Every year each row shrinks through three
gates (scrapped, exported used, other) that pull at the same time: with hazards ``H_k`` integrated over the year, the
share of a row that leaves through gate ``k`` is ``H_k / sum(H) * (1 - exp(-sum(H)))``. A lever scales a hazard, so a
car that is not exported stays in use and may be scrapped later.

`solve_fleet` answers for all draws at once and each draw on its own, bit for bit: no sum runs across draws. Inputs
are validated by the scenario; what is refused here is what only the solution shows: a stock target that would need
negative sales (`NegativeSalesError`).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.balance.hazards import TINY, export_by_age, lengthening, scrap_by_age, scrap_by_year
from cesim.balance.lane_fleet import Flows, Gates, added, leave, pull, sell, stay, summed

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    Floats = NDArray[np.float64]

EXITS = ("scrap", "export", "other")
"""The gates, in the order in which they are stored."""

DRAWS_AT_ONCE = 50
"""Draws solved together; bounds the working memory, whatever the number of draws."""


class NegativeSalesError(ValueError):
    """A stock target that the surviving cars already exceed; carries ``year`` and ``draw``."""

    def __init__(self, year: int, draw: int, surplus: float) -> None:
        super().__init__(
            f"stock target of {year} (draw {draw}) is below the surviving cars by {surplus:.6g}:"
            " new sales would be negative"
        )
        self.year = year
        self.draw = draw
        self.surplus = surplus


@dataclass(frozen=True)
class FleetInputs:
    """What decides a fleet. Axes: D draws, T years (also cohorts), V vehicles (segment x powertrain, flattened)."""

    years: NDArray[np.int64]
    """(T,) consecutive calendar years, first cohort to last year; 2010 must be among them."""
    base_year: int
    """At the end of this year the cohorts built up from sales are scaled to ``base_stock``."""
    base_stock: Floats
    """(D,) vehicles."""
    sales: Floats
    """(D, T, V) vehicles; in stock-driven years only the shares by vehicle count."""
    stock_target: Floats | None
    """(D, T) vehicles at the end of the year, used from ``driven_from`` on; None: inflow-driven throughout.

    With ``target_is_relative`` a factor on the stock at the end of the year before ``driven_from``, so that a draw
    with long-lived cars does not start by shrinking its own stock."""
    driven_from: int | None
    """First stock-driven year, after the base year; None: inflow-driven throughout."""
    scrap_shape: Floats
    """(D, V) Weibull shape of the scrap hazard."""
    scrap_scale: Floats
    """(D, V) years, Weibull scale of the scrap hazard in 2010."""
    lifetime_growth: Floats
    """(D, T) per year; 0.016 = the scale lengthens by 1.6 % that year."""
    export_rate: Floats
    """(D, V) per year, export hazard at the peak age."""
    export_level: Floats
    """(D, T) factor on the export hazard by calendar year, levers included."""
    export_peak_age: Floats
    """(D,) years."""
    export_width: Floats
    """(D,) width of the logarithm of age."""
    other_rate: Floats
    """(D,) per year, all other exits."""
    target_is_relative: bool = False
    scrap_scale_factor: Floats | None = None
    """(D, T) lever on the scrap hazard."""


@dataclass(frozen=True)
class Fleet:
    """What came of it. Only the years from ``keep_from`` on are kept by cohort; ``totals`` cover all years.

    Up to the base year the totals describe the unscaled build-up that gives the age structure; in the base year
    ``stock`` is the scaled one. From the year after it, stock = stock of the year before + sales - exits.
    """

    years: NDArray[np.int64]
    """(Y,) kept years."""
    cohorts: NDArray[np.int64]
    """(T,) years of first registration."""
    stock: NDArray[Any]
    """(D, Y, T, V) vehicles at the end of the year by cohort."""
    exits: dict[str, NDArray[Any]]
    """'scrap', 'export', 'other' -> (D, Y, T, V) vehicles in the year."""
    sales: NDArray[Any]
    """(D, T, V) vehicles, solved in stock-driven years."""
    totals: dict[str, NDArray[Any]]
    """'stock', 'scrap', 'export', 'other' -> (D, T, V) vehicles over all years."""


def solve_fleet(inputs: FleetInputs, keep_from: int, dtype: DTypeLike = np.float64) -> Fleet:
    """Solve the fleet of every draw; ``dtype`` is that of the arithmetic and of the arrays returned.

    Raises ``NegativeSalesError`` where a stock target cannot be met, ``ValueError`` on years out of place.
    """
    _check_years(inputs, keep_from)
    years = inputs.years
    draws, count, vehicles = inputs.sales.shape
    kept = years[years >= keep_from]
    by_cohort = {name: np.zeros((draws, kept.size, count, vehicles), dtype) for name in ("stock", *EXITS)}
    totals = {name: np.zeros((draws, count, vehicles), dtype) for name in ("stock", *EXITS)}
    sales = np.array(inputs.sales, dtype=dtype)
    solver = _InLoops if _fits_loops(vehicles, dtype) else _Solver
    for first in range(0, draws, DRAWS_AT_ONCE):
        part = slice(first, min(first + DRAWS_AT_ONCE, draws))
        solver(inputs, part, dtype).run(
            sales[part],
            {name: array[part] for name, array in by_cohort.items()},
            {name: array[part] for name, array in totals.items()},
            count - kept.size,
        )
    return Fleet(
        years=kept,
        cohorts=years,
        stock=by_cohort["stock"],
        exits={name: by_cohort[name] for name in EXITS},
        sales=sales,
        totals=totals,
    )


def _check_years(inputs: FleetInputs, keep_from: int) -> None:
    years = inputs.years
    if years.size == 0 or np.any(np.diff(years) != 1):
        raise ValueError("years must be consecutive")
    for name, year in (("base_year", inputs.base_year), ("keep_from", keep_from)):
        if not years[0] <= year <= years[-1]:
            raise ValueError(f"{name} {year} lies outside {years[0]}..{years[-1]}")
    if inputs.driven_from is not None:
        if inputs.stock_target is None:
            raise ValueError("driven_from is given without stock_target")
        if inputs.driven_from <= inputs.base_year:
            raise ValueError(f"driven_from {inputs.driven_from} must come after base_year {inputs.base_year}")


class _Solver:
    """A few draws, marched through the years. Arrays by age run from the oldest age to the youngest.

    So the last ``n`` ages of a factor lie beside the first ``n`` cohorts of the stock without a copy.
    """

    def __init__(self, inputs: FleetInputs, part: slice, dtype: DTypeLike) -> None:
        self.inputs = inputs
        self.part = part
        count = inputs.years.size
        shape = inputs.scrap_shape[part]
        bump = export_by_age(count, inputs.export_peak_age[part], inputs.export_width[part])
        export = bump[:, :, None] * inputs.export_rate[part][:, None, :]
        factor = None if inputs.scrap_scale_factor is None else inputs.scrap_scale_factor[part]
        lengthened = lengthening(inputs.years, inputs.lifetime_growth[part])
        length = np.ones(count)
        length[0] = 0.5
        other = inputs.other_rate[part][:, None] * length
        self.scrap_age = _oldest_first(scrap_by_age(count, shape), dtype)
        self.scrap_year = scrap_by_year(shape, inputs.scrap_scale[part], lengthened, factor).astype(dtype)
        self.export_age = _oldest_first(export, dtype)
        self.export_year = inputs.export_level[part].astype(dtype)
        self.other_age = _oldest_first(other, dtype)
        self.cars = np.zeros(self.scrap_age.shape, dtype)
        self.anchor = np.ones(self.scrap_age.shape[0], dtype)
        self.room = [np.empty(self.scrap_age.size, dtype) for _ in range(5)]

    def run(
        self,
        sales: NDArray[Any],
        by_cohort: dict[str, NDArray[Any]],
        totals: dict[str, NDArray[Any]],
        skipped: int,
    ) -> None:
        """March through the years; the first ``skipped`` of them are kept as totals only."""
        for t, year in enumerate(self.inputs.years):
            n = t + 1
            exits, leaving = self._hazards(t)
            if self.inputs.driven_from is not None and year >= self.inputs.driven_from:
                self._set_sales(t, leaving, sales)
            cars = self.cars[:, :n]
            cars[:, t] = sales[:, t]
            self._leave(cars, exits, leaving)
            if year == self.inputs.base_year:
                self._scale_to_base(cars)
            self._over_cohorts(cars, totals["stock"][:, t])
            for name, flow in zip(EXITS, exits, strict=True):
                self._over_cohorts(flow, totals[name][:, t])
            if year + 1 == self.inputs.driven_from:
                self.anchor = totals["stock"][:, t].sum(axis=1)
            if t >= skipped:
                by_cohort["stock"][:, t - skipped, :n] = cars
                for name, flow in zip(EXITS, exits, strict=True):
                    by_cohort[name][:, t - skipped, :n] = flow

    def _hazards(self, t: int) -> tuple[list[NDArray[Any]], NDArray[Any]]:
        """Hazards of year ``t`` turned into shares of a cohort by gate, and the share that leaves at all."""
        n = t + 1
        oldest = self.scrap_age.shape[1] - n
        scrap, export, other, total, leaving = (self._workspace(k, n) for k in range(5))
        np.multiply(self.scrap_age[:, oldest:], self.scrap_year[:, t, None, :], out=scrap)
        np.multiply(self.export_age[:, oldest:], self.export_year[:, t, None, None], out=export)
        other[...] = self.other_age[:, oldest:, None]
        np.add(scrap, export, out=total)
        total += other
        np.negative(total, out=leaving)
        np.expm1(leaving, out=leaving)
        np.negative(leaving, out=leaving)
        np.maximum(total, TINY if total.dtype == np.float64 else np.finfo(total.dtype).tiny, out=total)
        np.divide(leaving, total, out=total)
        for hazard in (scrap, export, other):
            hazard *= total
        return [scrap, export, other], leaving

    def _over_cohorts(self, cars: NDArray[Any], out: NDArray[Any]) -> None:
        """Sum (D, cohort, V) over cohorts."""
        out[...] = cars.sum(axis=1)

    def _workspace(self, k: int, n: int) -> NDArray[Any]:
        draws, _, vehicles = self.scrap_age.shape
        return self.room[k][: draws * n * vehicles].reshape(draws, n, vehicles)

    def _leave(self, cars: NDArray[Any], exits: list[NDArray[Any]], leaving: NDArray[Any]) -> None:
        """Turn shares into cars, in place."""
        for share in exits:
            share *= cars
        leaving *= cars
        cars -= leaving

    def _set_sales(self, t: int, leaving: NDArray[Any], sales: NDArray[Any]) -> None:
        """Sales = (target - survivors) / share-weighted survival of the first half year."""
        target = self.inputs.stock_target
        assert target is not None
        staying = self._staying(t, leaving)
        wanted = target[self.part, t].astype(sales.dtype)
        if self.inputs.target_is_relative:
            wanted = wanted * self.anchor
        missing = wanted - staying
        if np.any(missing < 0.0):
            draw = int(np.argmin(missing))
            raise NegativeSalesError(int(self.inputs.years[t]), self.part.start + draw, float(-missing[draw]))
        self._sell(t, missing, leaving, sales)

    def _staying(self, t: int, leaving: NDArray[Any]) -> NDArray[Any]:
        """Cars (D,) of earlier cohorts that stay."""
        staying: NDArray[Any] = (self.cars[:, :t] * (1.0 - leaving[:, :t])).sum(axis=1).sum(axis=1)
        return staying

    def _sell(self, t: int, missing: NDArray[Any], leaving: NDArray[Any], sales: NDArray[Any]) -> None:
        """Write the sales of a year that fill up what is missing (D,)."""
        shares = sales[:, t] / sales[:, t].sum(axis=1, keepdims=True)
        surviving = (shares * (1.0 - leaving[:, t])).sum(axis=1)
        sales[:, t] = shares * (missing / surviving)[:, None]

    def _scale_to_base(self, cars: NDArray[Any]) -> None:
        built_up = cars.sum(axis=1).sum(axis=1)
        cars *= (self.inputs.base_stock[self.part].astype(cars.dtype) / built_up)[:, None, None]


class _InLoops(_Solver):
    """The same in compiled loops (`lane_fleet`), to the same bits."""

    def __init__(self, inputs: FleetInputs, part: slice, dtype: DTypeLike) -> None:
        super().__init__(inputs, part, dtype)
        self.gates = Gates(self.scrap_age, self.scrap_year, self.export_age, self.export_year, self.other_age)
        draws, _, vehicles = self.scrap_age.shape
        self.by_vehicle, self.staying = np.empty(vehicles), np.empty(draws)
        self.flows: Flows | None = None

    def _hazards(self, t: int) -> tuple[list[NDArray[Any]], NDArray[Any]]:
        """Hazards of year ``t``; the exponential is taken, shares are made of it where cars leave."""
        self.flows = flows = Flows(*(self._workspace(k, t + 1) for k in range(5)))
        pull(self.gates, t, flows)
        np.expm1(flows.leaving, out=flows.leaving)
        return [flows.scrap, flows.export, flows.other], flows.leaving

    def _leave(self, cars: NDArray[Any], exits: list[NDArray[Any]], leaving: NDArray[Any]) -> None:  # noqa: ARG002
        assert self.flows is not None
        leave(cars, self.flows)

    def _staying(self, t: int, leaving: NDArray[Any]) -> NDArray[Any]:  # noqa: ARG002
        assert self.flows is not None
        stay(self.cars, self.flows, self.by_vehicle, self.staying)
        return self.staying

    def _sell(self, t: int, missing: NDArray[Any], leaving: NDArray[Any], sales: NDArray[Any]) -> None:  # noqa: ARG002
        assert self.flows is not None
        sell(t, missing, self.flows, self.by_vehicle, sales)

    def _over_cohorts(self, cars: NDArray[Any], out: NDArray[Any]) -> None:
        summed(cars, cars.shape[1], out)


def _fits_loops(vehicles: int, dtype: DTypeLike) -> bool:
    """Whether compiled loops add in the order of numpy: along several vehicles, and no more than are added at once."""
    return find_spec("numba") is not None and 1 < vehicles <= 128 and np.dtype(dtype) == np.float64


def _oldest_first(by_age: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    return np.ascontiguousarray(by_age[:, ::-1], dtype=dtype)


def over_vehicles(cars: NDArray[Any]) -> NDArray[Any]:
    """All vehicles (D, Y, T) of cars by vehicle (D, Y, T, V)."""
    if not _fits_loops(cars.shape[3], cars.dtype):
        whole: NDArray[Any] = cars.sum(axis=3)
        return whole
    out = np.empty(cars.shape[:3])
    added(cars, out)
    return out


def regional_shares(first: Floats, move: Floats, ages: int) -> Floats:
    """Where a cohort is by age: ``first @ move ** a`` for a = 0 .. ages - 1 whole years since first registration.

    ``first`` is (D, R), the shares of the regions in first registrations; ``move`` (D, R, R) the yearly
    origin-destination matrix of cars in use, rows adding to one. The answer is (D, ages, R). ``ValueError`` if a row
    of ``move`` does not add to one.
    """
    if not np.allclose(move.sum(axis=2), 1.0, rtol=0.0, atol=1e-9):
        raise ValueError("each row of the origin-destination matrix must add to one")
    answer = np.empty((first.shape[0], ages, first.shape[1]))
    here = np.array(first, dtype=np.float64)
    for age in range(ages):
        answer[:, age] = here
        here = (here[:, :, None] * move).sum(axis=1)
    return answer


def mean_age(
    counts: NDArray[Any], years: NDArray[np.int64], cohorts: NDArray[np.int64], during: bool = False
) -> Floats:
    """Mean age (years) of the cars counted by year and cohort: (D, Y, T, V) -> (D, Y).

    At the end of the year by default; ``during`` takes the middle of the year, for exits.
    """
    end = (years[:, None] - cohorts[None, :]) + 0.5
    age = np.maximum(end, 0.0)
    if during:
        age = 0.5 * (age + np.maximum(end - 1.0, 0.0))
    by_cohort = counts.sum(axis=3, dtype=np.float64)
    answer: Floats = (by_cohort * age[None]).sum(axis=2) / by_cohort.sum(axis=2)
    return answer


def fiscal(series: NDArray[Any], years: NDArray[np.int64], fy: int) -> NDArray[Any]:
    """Japanese fiscal year ``fy`` (April to March) of a calendar-year series whose axis 1 is the year.

    Three quarters of the calendar year and one quarter of the next. ``ValueError`` if either is missing.
    """
    at = np.searchsorted(years, fy)
    if not years[0] <= fy < years[-1]:
        raise ValueError(f"fiscal year {fy} needs the calendar years {fy} and {fy + 1}")
    answer: NDArray[Any] = 0.75 * series[:, at] + 0.25 * series[:, at + 1]
    return answer
