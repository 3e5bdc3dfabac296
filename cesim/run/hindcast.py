"""The vehicle hindcast: the fleet model against counts of end-of-life vehicles (ELVs) it has not seen.

One parameter, the common life scale, is fitted on the five ELV counts read up to FY2015. Three more are set on
counts of used exports. Everything else comes from a table or from a reason stated in `PARAMETERS`. The counts from
FY2017 on are held out. `cesim.run.hindcast_page` writes the whole comparison, misses included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import least_squares

from cesim.balance.fleet import EXITS, Fleet, FleetInputs, fiscal, mean_age, solve_fleet
from cesim.run.hindcast_facts import (
    ELV_TAKEN_IN,
    EXPORT_REFUNDS_FY2009,
    IN_USE,
    POWERTRAINS,
    READ,
    SEGMENTS,
    USED_BEV_EXPORTS_CY2017,
    USED_EXPORTS,
    USED_HEV_EXPORTS_CY2017,
    VEHICLES,
    YEARS,
    Observed,
    sales_by_vehicle,
    total_sales,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BASE_YEAR = 2005
KEEP_FROM = 1990
LAST_FIT_YEAR = 2015
HOLD_OUT_FROM = 2017

FITTED = "fitted on ELV counts"
SET = "set on export counts"
COMPUTED = "computed from read figures"
TAKEN = "literature"
ESTIMATE = "estimate"


@dataclass(frozen=True)
class Parameter:
    """A number of the fleet model with its range (5-95 %) and where it comes from."""

    value: float
    low: float
    high: float
    unit: str
    status: str
    source: str


PARAMETERS: dict[str, Parameter] = {
    "life_scale": Parameter(
        17.36, 16.3, 18.4, "years", FITTED,
        "Weibull scale of scrapping in 2010, all segments; least squares of the relative errors of five ELV counts"
        " read up to FY2015 (JARC)",
    ),
    "shape_passenger": Parameter(
        4.2, 3.4, 4.5, "-", TAKEN,
        "upper end of the range remembered for scrapping alone (2.8-4.2; read for all exits, world: 2.1-4.3);"
        " all exits together have 3.4 (Nakamoto 2019), and"
        " scrapping must be steeper than its mixture with exports and other exits, which act on younger cars;"
        " the hybrid ELVs speak against a lower shape",
    ),
    "shape_commercial": Parameter(
        2.01, 2.0, 3.4, "-", TAKEN, "VEMA vehicle model; trucks live more unequal lives than cars"
    ),
    "lifetime_growth": Parameter(
        0.016, 0.012, 0.020, "per year", COMPUTED,
        "ln(12.64 / 10.93) / 9: mean years of use of cars, March 2005 to March 2014 (AIRIA)",
    ),
    "export_rate": Parameter(
        0.04796, 0.042, 0.055, "per year", SET,
        "hazard at the peak age of small, standard and commercial vehicles without electric drive; used exports CY2008"
        " 1.347 M (customs)",
    ),
    "export_factor_kei": Parameter(
        0.10, 0.05, 0.20, "-", COMPUTED,
        "deregistered for export in 2023: 1.467 M registered and 0.101 M kei, over their stocks (Abe)",
    ),
    "export_factor_hev": Parameter(
        1.717, 1.2, 2.2, "-", SET, "used hybrid exports CY2017 122,987 (customs); also used for plug-in hybrids"
    ),
    "export_factor_bev": Parameter(
        8.675, 2.0, 10.0, "-", SET, "used battery-electric exports CY2017 4,029 incl. fuel-cell cars (customs);"
        " a small market of young cars, so less certain than the rest"
    ),
    "export_peak_age": Parameter(
        10.5, 8.0, 12.0, "years", ESTIMATE,
        "no count of exports by age was found; 8, 9, 10, 10.5 and 11 were looked at, and 10.5 brings the ELV age of"
        " FY2019 within a year of the figure read",
    ),
    "export_width": Parameter(0.5, 0.4, 0.7, "-", ESTIMATE, "width of the logarithm of age; no count by age was found"),
    "other_rate": Parameter(
        0.0051, 0.002, 0.008, "per year", COMPUTED,
        "residual of the national balance FY2006-FY2015: sales - stock growth - ELVs - used exports, per vehicle in"
        " use (partly unverified counts, none of them held out); 2023 alone gives 0.0023",
    ),
}  # fmt: skip
"""What the hindcast runs with; the scenarios carry the same numbers."""


def hindcast_parameters() -> dict[str, Parameter]:
    """The parameters of the fleet model with ranges and sources, by name."""
    return dict(PARAMETERS)


def chosen_values() -> dict[str, float]:
    """The values alone, by name."""
    return {name: parameter.value for name, parameter in PARAMETERS.items()}


def export_level() -> Floats:
    """Factor on the export hazard by calendar year, 1 in 2008: index of the export counts read before the hold-out.

    Used exports CY2008 and CY2017 (customs) and deposits refunded FY2009, log-linear between; constant before 2008,
    where no count was read, and after 2017, where the counts are held out.
    """
    counts = {o.year: o.value for o in USED_EXPORTS if o.status == READ and o.year <= HOLD_OUT_FROM}
    counts[2009] = EXPORT_REFUNDS_FY2009
    knots = sorted(counts)
    level = np.interp(YEARS, knots, [np.log(counts[year] / counts[2008]) for year in knots])
    answer: Floats = np.exp(level)
    return answer


def fleet_inputs(values: dict[str, float], hev_export: bool = True) -> FleetInputs:
    """One draw of the fleet of Japan, inflow-driven; without ``hev_export`` no hybrid is exported."""
    segment = np.repeat(np.arange(len(SEGMENTS)), len(POWERTRAINS))
    powertrain = np.tile(np.arange(len(POWERTRAINS)), len(SEGMENTS))
    hev = values["export_factor_hev"]
    of_powertrain = np.array([1.0, hev if hev_export else 0.0, hev, values["export_factor_bev"]])
    of_segment = np.array([values["export_factor_kei"], 1.0, 1.0, 1.0])
    shape = np.where(segment == SEGMENTS.index("commercial"), values["shape_commercial"], values["shape_passenger"])
    base = next(o.value for o in IN_USE if o.year == BASE_YEAR)
    return FleetInputs(
        years=YEARS,
        base_year=BASE_YEAR,
        base_stock=np.array([base]),
        sales=sales_by_vehicle()[None],
        stock_target=None,
        driven_from=None,
        scrap_shape=shape[None],
        scrap_scale=np.full((1, len(VEHICLES)), values["life_scale"]),
        lifetime_growth=np.full((1, YEARS.size), values["lifetime_growth"]),
        export_rate=(values["export_rate"] * of_segment[segment] * of_powertrain[powertrain])[None],
        export_level=export_level()[None],
        export_peak_age=np.array([values["export_peak_age"]]),
        export_width=np.array([values["export_width"]]),
        other_rate=np.array([values["other_rate"]]),
    )


def fit_points() -> tuple[Observed, ...]:
    """The only ELV counts the fit may use: read, up to FY2015."""
    return tuple(o for o in ELV_TAKEN_IN if o.status == READ and o.year <= LAST_FIT_YEAR)


def hold_out_points() -> tuple[Observed, ...]:
    """The ELV counts the model is judged by: read, from FY2017 on."""
    return tuple(o for o in ELV_TAKEN_IN if o.status == READ and o.year >= HOLD_OUT_FROM)


def fit(values: dict[str, float], rounds: int = 12) -> dict[str, float]:
    """Fit the life scale on `fit_points`, and set three export numbers on their counts, in turn until they rest."""
    answer = dict(values)
    for _ in range(rounds):

        def errors(scale: Floats, trial: dict[str, float] = answer) -> Floats:
            result = Hindcast.of({**trial, "life_scale": float(scale[0])})
            return np.array([result.error(o) for o in fit_points()])

        solution = least_squares(errors, [answer["life_scale"]])
        answer["life_scale"] = float(solution.x[0])
        answer = _set_on_exports(answer)
    return answer


def _set_on_exports(values: dict[str, float]) -> dict[str, float]:
    result = Hindcast.of(values)
    observed = next(o.value for o in USED_EXPORTS if o.year == 2008)
    rate = observed / result.calendar("export", 2008)
    hev = USED_HEV_EXPORTS_CY2017 / result.calendar("export", 2017, is_hev) / rate
    bev = USED_BEV_EXPORTS_CY2017 / result.calendar("export", 2017, is_bev) / rate
    return {
        **values,
        "export_rate": values["export_rate"] * rate,
        "export_factor_hev": values["export_factor_hev"] * hev,
        "export_factor_bev": values["export_factor_bev"] * bev,
    }


def is_hev(vehicle: str) -> bool:
    """Hybrids without a plug."""
    return vehicle.endswith("_hev")


def is_bev(vehicle: str) -> bool:
    """Battery-electric cars."""
    return vehicle.endswith("_bev")


def is_kei(vehicle: str) -> bool:
    """Kei cars and kei trucks."""
    return vehicle.startswith("kei_")


def is_registered_car(vehicle: str) -> bool:
    """Passenger cars without kei, as AIRIA counts them."""
    return vehicle.startswith(("small_", "standard_"))


def _any_vehicle(vehicle: str) -> bool:
    return vehicle in VEHICLES


@dataclass(frozen=True)
class Hindcast:
    """A solved fleet of Japan, asked in the words of the counts."""

    fleet: Fleet
    values: dict[str, float]

    @classmethod
    def of(cls, values: dict[str, float], hev_export: bool = True) -> Hindcast:
        """Solve the fleet with these parameters."""
        return cls(solve_fleet(fleet_inputs(values, hev_export), KEEP_FROM), values)

    def _chosen(self, name: str, which: Callable[[str], bool]) -> Floats:
        columns = [k for k, vehicle in enumerate(VEHICLES) if which(vehicle)]
        answer: Floats = self.fleet.totals[name][:, :, columns].sum(axis=2)
        return answer

    def calendar(self, name: str, year: int, which: Callable[[str], bool] = _any_vehicle) -> float:
        """Vehicles in a calendar year; ``name`` is 'stock', 'scrap', 'export' or 'other'."""
        return float(self._chosen(name, which)[0, year - int(YEARS[0])])

    def in_fiscal_year(self, name: str, year: int, which: Callable[[str], bool] = _any_vehicle) -> float:
        """Vehicles in a fiscal year (or, for the stock, at its end)."""
        return float(fiscal(self._chosen(name, which), YEARS, year)[0])

    def elv(self, observed: Observed) -> float:
        """ELVs of the model for the period of an observed count."""
        ask = self.in_fiscal_year if observed.fiscal else self.calendar
        return ask("scrap", observed.year)

    def error(self, observed: Observed) -> float:
        """Relative error of the ELVs."""
        return self.elv(observed) / observed.value - 1.0

    def elv_age(self, year: int, which: Callable[[str], bool] = _any_vehicle) -> float:
        """Mean age of the ELVs of a fiscal year."""
        return self._age(self._by_cohort(("scrap",), which), year, during=True)

    def use_years(self, year: int) -> float:
        """Mean age at any exit of registered cars in the fiscal year that ends in March of ``year``."""
        return self._age(self._by_cohort(EXITS, is_registered_car), year - 1, during=True)

    def car_age(self, year: int) -> float:
        """Mean age of registered cars in use at the end of March of ``year``."""
        columns = [k for k, vehicle in enumerate(VEHICLES) if is_registered_car(vehicle)]
        return self._age(self.fleet.stock[..., columns], year - 1, during=False)

    def _by_cohort(self, exits: tuple[str, ...], which: Callable[[str], bool]) -> Floats:
        columns = [k for k, vehicle in enumerate(VEHICLES) if which(vehicle)]
        answer: Floats = np.sum([self.fleet.exits[name][..., columns] for name in exits], axis=0)
        return answer

    def _age(self, counts: Floats, year: int, during: bool) -> float:
        ages = mean_age(counts, self.fleet.years, self.fleet.cohorts, during)
        return float(fiscal(ages, self.fleet.years, year)[0])

    def kei_share(self, year: int) -> float:
        """Kei share of the ELVs of a fiscal year."""
        return self.in_fiscal_year("scrap", year, is_kei) / self.in_fiscal_year("scrap", year)


@dataclass(frozen=True)
class Score:
    """Relative errors of a forecast of the held-out counts."""

    name: str
    errors: tuple[float, ...]

    @property
    def mean_absolute(self) -> float:
        """Mean of the absolute errors."""
        return float(np.mean(np.abs(self.errors)))

    @property
    def bias(self) -> float:
        """Mean of the errors."""
        return float(np.mean(self.errors))


def scores(result: Hindcast, points: tuple[Observed, ...]) -> tuple[Score, Score, Score]:
    """The model, the straight line through the fit points, and the last value (FY2015), on the points given."""
    fitted = fit_points()
    line = np.polynomial.Polynomial.fit([_middle(o) for o in fitted], [o.value for o in fitted], 1)
    last = next(o.value for o in fitted if o.label == f"FY{LAST_FIT_YEAR}")
    return (
        Score("model", tuple(result.error(o) for o in points)),
        Score("straight line", tuple(float(line(_middle(o))) / o.value - 1.0 for o in points)),
        Score("last value", tuple(last / o.value - 1.0 for o in points)),
    )


def _middle(observed: Observed) -> float:
    return observed.year + (0.75 if observed.fiscal else 0.5)


def third_exit_residual(first: int = 2006, last: int = 2015) -> float:
    """Other exits per vehicle in use and year, as the residual of the national balance over fiscal years.

    Missing export counts are interpolated.
    """
    years = np.arange(first, last + 1)
    sales = sum(float(fiscal(total_sales()[None], YEARS, int(year))[0]) for year in years)
    stock = {o.year: o.value for o in IN_USE}
    elv = {o.year: o.value for o in ELV_TAKEN_IN if o.fiscal}
    exports = np.interp(YEARS, [o.year for o in USED_EXPORTS], [o.value for o in USED_EXPORTS])
    exported = sum(float(fiscal(exports[None], YEARS, int(year))[0]) for year in years)
    growth = stock[last] - stock[first - 1]
    residual = sales - growth - sum(elv[int(year)] for year in years) - exported
    return residual / sum(stock[int(year)] for year in years)


def built_up_stock(result: Hindcast) -> float:
    """Stock at the end of the base year that sales and survival alone build up, before it is scaled."""
    flows = sum(result.calendar(name, BASE_YEAR) for name in EXITS)
    new = float(result.fleet.sales[0, BASE_YEAR - int(YEARS[0])].sum())
    return result.calendar("stock", BASE_YEAR - 1) + new - flows


def sensitivity() -> dict[str, Score]:
    """Hold-out scores with a parameter moved to an end of its range and the life scale fitted again."""
    answer = {}
    for name in ("shape_passenger", "lifetime_growth", "other_rate", "export_peak_age"):
        for end in ("low", "high"):
            moved = replace(PARAMETERS[name], value=getattr(PARAMETERS[name], end))
            values = fit({**chosen_values(), name: moved.value}, rounds=6)
            result = Hindcast.of(values)
            answer[f"{name} = {moved.value:g}"] = scores(result, hold_out_points())[0]
    return answer
