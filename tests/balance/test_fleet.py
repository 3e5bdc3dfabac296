"""The fleet: conservation, independence of draws, levers, targets, regions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.balance.fleet import (
    DRAWS_AT_ONCE,
    EXITS,
    Fleet,
    FleetInputs,
    NegativeSalesError,
    fiscal,
    mean_age,
    regional_shares,
    solve_fleet,
)

FIRST, BASE, LAST = 1995, 2005, 2024


def some_inputs(draws: int = 3, vehicles: int = 4, seed: int = 1) -> FleetInputs:
    rng = np.random.default_rng(seed)
    years = np.arange(FIRST, LAST + 1)
    shape = (draws, years.size)
    return FleetInputs(
        years=years,
        base_year=BASE,
        base_stock=rng.uniform(40e6, 60e6, draws),
        sales=rng.uniform(1e5, 2e6, (*shape, vehicles)),
        stock_target=None,
        driven_from=None,
        scrap_shape=rng.uniform(2.0, 4.5, (draws, vehicles)),
        scrap_scale=rng.uniform(14.0, 19.0, (draws, vehicles)),
        lifetime_growth=rng.uniform(-0.01, 0.03, shape),
        export_rate=rng.uniform(0.0, 0.08, (draws, vehicles)),
        export_level=rng.uniform(0.5, 1.5, shape),
        export_peak_age=rng.uniform(7.0, 12.0, draws),
        export_width=rng.uniform(0.3, 0.7, draws),
        other_rate=rng.uniform(0.0, 0.01, draws),
        scrap_scale_factor=rng.uniform(0.8, 1.2, shape),
    )


def stock_driven(inputs: FleetInputs, from_year: int, target: float) -> FleetInputs:
    stock = np.full(inputs.sales.shape[:2], target)
    return replace(inputs, stock_target=stock, driven_from=from_year)


def only(inputs: FleetInputs, rows: list[int]) -> FleetInputs:
    """The same question for some of the draws."""
    per_draw = {
        name: value[rows] for name, value in vars(inputs).items() if name != "years" and isinstance(value, np.ndarray)
    }
    return replace(inputs, **per_draw)


def same_bits(one: Fleet, other: Fleet, rows: list[int]) -> bool:
    pairs = [(one.stock, other.stock), (one.sales, other.sales)]
    pairs += [(one.exits[name], other.exits[name]) for name in EXITS]
    pairs += [(one.totals[name], other.totals[name]) for name in ("stock", *EXITS)]
    return all(np.array_equal(left, right[rows]) for left, right in pairs)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), driven=st.booleans())
def test_stock_changes_by_sales_less_exits_from_the_base_year_on(seed: int, driven: bool) -> None:
    inputs = some_inputs(seed=seed)
    if driven:
        inputs = stock_driven(inputs, 2012, 90e6)
    fleet = solve_fleet(inputs, BASE)
    after = fleet.stock[:, 1:]
    leaving = sum(fleet.exits[name][:, 1:] for name in EXITS)
    entering = np.zeros_like(after)
    for k, year in enumerate(fleet.years[1:]):
        entering[:, k, year - FIRST] = fleet.sales[:, year - FIRST]
    gap = np.abs(fleet.stock[:, :-1] + entering - leaving - after)
    assert np.all(gap <= 1e-12 * (after + leaving))
    assert np.all(after >= 0.0)


@pytest.mark.parametrize("driven", [False, True])
@pytest.mark.parametrize("vehicles", [1, 4, 16])
def test_a_draw_alone_or_in_another_order_gives_the_same_bits(vehicles: int, driven: bool) -> None:
    inputs = some_inputs(draws=DRAWS_AT_ONCE + 7, vehicles=vehicles)
    if driven:
        inputs = stock_driven(inputs, 2015, 200e6)
    fleet = solve_fleet(inputs, 2015)
    order = list(np.random.default_rng(0).permutation(DRAWS_AT_ONCE + 7))
    assert same_bits(solve_fleet(only(inputs, order), 2015), fleet, order)
    for row in (0, 13, DRAWS_AT_ONCE + 3):
        assert same_bits(solve_fleet(only(inputs, [row]), 2015), fleet, [row])


def slow_fleet(inputs: FleetInputs) -> dict[str, np.ndarray]:
    """The same model for one draw, one car type and one cohort at a time, as one would write it on paper."""
    years = list(inputs.years)
    _, count, vehicles = inputs.sales.shape
    answer = {name: np.zeros((count, count, vehicles)) for name in ("stock", *EXITS)}
    cars = np.zeros((count, vehicles))
    for t, year in enumerate(years):
        for v in range(vehicles):
            shape = inputs.scrap_shape[0, v]
            growth = inputs.lifetime_growth[0]
            at = years.index(2010)
            path = growth[at + 1 : t + 1].sum() if t >= at else -growth[t + 1 : at + 1].sum()
            scale = inputs.scrap_scale[0, v] * np.exp(path)
            cars[t, v] = inputs.sales[0, t, v]
            for c in range(t + 1):
                end = year - years[c] + 0.5
                start = max(end - 1.0, 0.0)
                middle, length = (start + end) / 2, end - start
                scrap = (end / scale) ** shape - (start / scale) ** shape
                if inputs.scrap_scale_factor is not None:
                    scrap *= inputs.scrap_scale_factor[0, t]
                bump = np.exp(-0.5 * (np.log(middle / inputs.export_peak_age[0]) / inputs.export_width[0]) ** 2)
                export = inputs.export_rate[0, v] * inputs.export_level[0, t] * bump * length
                hazards = {"scrap": scrap, "export": export, "other": inputs.other_rate[0] * length}
                total = sum(hazards.values())
                for name, hazard in hazards.items():
                    answer[name][t, c, v] = cars[c, v] * hazard / total * (1.0 - np.exp(-total))
                cars[c, v] *= np.exp(-total)
        if year == inputs.base_year:
            cars *= inputs.base_stock[0] / cars.sum()
        answer["stock"][t] = cars
    return answer


def test_the_solver_agrees_with_the_model_written_out_on_paper() -> None:
    inputs = some_inputs(draws=1, vehicles=2)
    fleet, slow = solve_fleet(inputs, FIRST), slow_fleet(inputs)
    np.testing.assert_allclose(fleet.stock[0], slow["stock"], rtol=1e-11)
    for name in EXITS:
        np.testing.assert_allclose(fleet.exits[name][0], slow[name], rtol=1e-9, atol=1e-6)


def test_the_stock_of_the_base_year_is_the_one_given() -> None:
    inputs = some_inputs()
    fleet = solve_fleet(inputs, BASE)
    np.testing.assert_allclose(fleet.stock[:, 0].sum(axis=(1, 2)), inputs.base_stock, rtol=1e-13)


def test_totals_are_the_sums_over_cohorts() -> None:
    fleet = solve_fleet(some_inputs(), 2010)
    kept = slice(2010 - FIRST, None)
    np.testing.assert_allclose(fleet.totals["stock"][:, kept], fleet.stock.sum(axis=2), rtol=1e-13)
    for name in EXITS:
        np.testing.assert_allclose(fleet.totals[name][:, kept], fleet.exits[name].sum(axis=2), rtol=1e-13)


def test_a_car_that_is_not_exported_stays_and_is_scrapped_later() -> None:
    inputs = replace(some_inputs(), scrap_scale_factor=None)
    closed = inputs.export_level.copy()
    closed[:, 2015 - FIRST :] = 0.0
    before, after = solve_fleet(inputs, 2010), solve_fleet(replace(inputs, export_level=closed), 2010)
    assert np.all(after.exits["export"][:, 5:] == 0.0)
    assert np.array_equal(after.stock[:, :5], before.stock[:, :5])
    assert np.all(after.totals["stock"][:, -1].sum(axis=1) > before.totals["stock"][:, -1].sum(axis=1))
    assert np.all(after.totals["scrap"][:, -1].sum(axis=1) > before.totals["scrap"][:, -1].sum(axis=1))


def test_without_any_hazard_nothing_leaves() -> None:
    inputs = some_inputs()
    nothing = np.zeros_like(inputs.export_level)
    still = replace(
        inputs, export_level=nothing, scrap_scale_factor=nothing, other_rate=np.zeros_like(inputs.other_rate)
    )
    fleet = solve_fleet(still, BASE)
    assert all(np.all(fleet.totals[name] == 0.0) for name in EXITS)
    assert np.array_equal(fleet.stock[:, -1, -1], still.sales[:, -1])


def test_scrapping_alone_leaves_the_weibull_survival() -> None:
    inputs = some_inputs(draws=1, vehicles=1)
    plain = replace(
        inputs,
        export_level=np.zeros_like(inputs.export_level),
        other_rate=np.zeros(1),
        lifetime_growth=np.zeros_like(inputs.lifetime_growth),
        scrap_scale_factor=None,
    )
    fleet = solve_fleet(plain, 2024)
    cohort = 2010 - FIRST
    expected = np.exp(-((14.5 / plain.scrap_scale[0, 0]) ** plain.scrap_shape[0, 0]))
    assert fleet.stock[0, 0, cohort, 0] / plain.sales[0, cohort, 0] == pytest.approx(expected, rel=1e-12)


def test_a_stock_target_is_met_with_the_shares_given() -> None:
    inputs = stock_driven(some_inputs(), 2012, 90e6)
    fleet = solve_fleet(inputs, 2012)
    np.testing.assert_allclose(fleet.stock.sum(axis=(2, 3)), 90e6, rtol=1e-12)
    driven = slice(2012 - FIRST, None)
    given_shares = inputs.sales[:, driven] / inputs.sales[:, driven].sum(axis=2, keepdims=True)
    solved = fleet.sales[:, driven] / fleet.sales[:, driven].sum(axis=2, keepdims=True)
    np.testing.assert_allclose(solved, given_shares, rtol=1e-12)
    assert np.array_equal(fleet.sales[:, : 2012 - FIRST], inputs.sales[:, : 2012 - FIRST])


def test_a_target_below_the_surviving_cars_names_the_year_and_the_draw() -> None:
    inputs = stock_driven(some_inputs(), 2012, 90e6)
    assert inputs.stock_target is not None
    target = inputs.stock_target.copy()
    target[1, 2016 - FIRST] = 50e6
    with pytest.raises(NegativeSalesError, match="2016") as caught:
        solve_fleet(replace(inputs, stock_target=target), 2012)
    assert (caught.value.year, caught.value.draw) == (2016, 1)
    assert caught.value.surplus > 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base_year": 1980}, "base_year"),
        ({"driven_from": 2015}, "stock_target"),
        ({"driven_from": 2005, "stock_target": np.ones((3, 30))}, "after base_year"),
        ({"years": np.arange(FIRST, LAST + 1) * 2}, "consecutive"),
        ({"years": np.arange(2011, 2041), "base_year": 2020}, "2010"),
    ],
)
def test_years_out_of_place_are_refused(change: dict[str, object], message: str) -> None:
    inputs = replace(some_inputs(), **change)
    with pytest.raises(ValueError, match=message):
        solve_fleet(inputs, 2024)


def test_single_precision_is_asked_for_by_dtype() -> None:
    inputs = some_inputs()
    single, double = solve_fleet(inputs, 2020, np.float32), solve_fleet(inputs, 2020)
    assert single.stock.dtype == np.float32
    np.testing.assert_allclose(single.totals["stock"], double.totals["stock"], rtol=1e-4)


def test_regional_shares_are_the_powers_of_the_matrix() -> None:
    rng = np.random.default_rng(3)
    move = rng.dirichlet(np.ones(5), (2, 5))
    first = rng.dirichlet(np.ones(5), 2)
    shares = regional_shares(first, move, 30)
    for age in (0, 1, 17, 29):
        for draw in range(2):
            expected = first[draw] @ np.linalg.matrix_power(move[draw], age)
            np.testing.assert_allclose(shares[draw, age], expected, rtol=1e-12)
    np.testing.assert_allclose(shares.sum(axis=2), 1.0, rtol=1e-12)
    assert np.array_equal(regional_shares(first[1:], move[1:], 30), shares[1:])


def test_a_matrix_that_loses_cars_is_refused() -> None:
    with pytest.raises(ValueError, match="add to one"):
        regional_shares(np.array([[0.5, 0.5]]), np.array([[[0.9, 0.0], [0.1, 0.9]]]), 3)


def test_mean_age_counts_half_a_year_more_at_the_end_of_the_year_than_during_it() -> None:
    years, cohorts = np.array([2020]), np.array([2010, 2018, 2020])
    counts = np.zeros((1, 1, 3, 1))
    counts[0, 0, :, 0] = [1.0, 3.0, 0.0]
    assert mean_age(counts, years, cohorts)[0, 0] == pytest.approx((10.5 + 3 * 2.5) / 4)
    assert mean_age(counts, years, cohorts, during=True)[0, 0] == pytest.approx((10.0 + 3 * 2.0) / 4)
    newest = np.array([[[[0.0], [0.0], [1.0]]]])
    assert mean_age(newest, years, cohorts, during=True)[0, 0] == pytest.approx(0.25)


def test_a_fiscal_year_is_three_quarters_of_one_calendar_year_and_a_quarter_of_the_next() -> None:
    series = np.array([[4.0, 8.0, 12.0]])
    years = np.array([2020, 2021, 2022])
    assert fiscal(series, years, 2020)[0] == 5.0
    for missing in (2019, 2022):
        with pytest.raises(ValueError, match="fiscal year"):
            fiscal(series, years, missing)
