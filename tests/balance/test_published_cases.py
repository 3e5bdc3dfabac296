"""Every numeric case of other people's stock models and reconciliations, within its tolerance."""

import json
from pathlib import Path

import numpy as np
import pytest

from cesim.balance import Survival, System, inflow_driven, inflow_from_age_structure, reconcile, stock_driven

CASES = json.loads((Path(__file__).parents[1] / "cases" / "mass_balance.json").read_text(encoding="utf-8"))["cases"]


def of_kind(*kinds):
    found = [case for case in CASES if case["kind"] in kinds]
    return pytest.mark.parametrize("case", found, ids=[case["id"] for case in found])


def survival(lifetime):
    return Survival(lifetime["type"], **{k: v for k, v in lifetime.items() if k != "type"})


def close(found, expected, tolerance):
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def test_every_kind_of_case_is_run():
    run = {
        "inflow_driven_stock",
        "stock_driven_stock",
        "initial_stock_to_inflow",
        "stock_driven_initial_stock",
        "lifetime_parameterisation",
        "stationary_stock",
        "closed_loop",
        "linear_reconciliation",
        "linear_reconciliation_uncertainty",
    }
    assert {case["kind"] for case in CASES} == run


@of_kind("inflow_driven_stock")
def test_inflow_driven(case):
    given, wanted = case["inputs"], case["expected"]
    result = inflow_driven(given["inflow"], survival(given["lifetime"]), at="end", cohorts=True)
    close(result.stock, wanted["stock"], case["tolerance"])
    close(result.outflow, wanted["outflow"], case["tolerance"])
    close(result.inflow - result.outflow, wanted["stock_change"], case["tolerance"])
    close(result.stock_by_cohort, wanted["stock_by_year_cohort"], case["tolerance"])
    close(result.outflow_by_cohort, wanted["outflow_by_year_cohort"], case["tolerance"])


@of_kind("stock_driven_stock")
def test_stock_driven(case):
    given, wanted = case["inputs"], case["expected"]
    policy = given.get("negative_inflow", "error")
    result = stock_driven(given["stock"], survival(given["lifetime"]), at="end", negative_inflow=policy)
    close(result.inflow, wanted["inflow"], case["tolerance"])
    if "outflow" in wanted:
        close(result.outflow, wanted["outflow"], case["tolerance"])


@of_kind("initial_stock_to_inflow")
def test_inflow_from_age_structure(case):
    given = case["inputs"]
    inflow = inflow_from_age_structure(given["stock_by_cohort_at_last_year"], survival(given["lifetime"]), at="end")
    np.testing.assert_allclose(inflow, case["expected"]["inflow"], rtol=case["tolerance"])


@of_kind("stock_driven_initial_stock")
def test_stock_driven_from_an_initial_stock(case):
    given, wanted = case["inputs"], np.array(case["expected"]["stock_by_year_cohort"])
    start, life = given["initial_stock_by_cohort"], survival(given["lifetime"])
    # the published series holds the years before the start too; stock-driven begins after index 3
    result = stock_driven(given["stock_future"][4:], life, at="end", initial=start, cohorts=True)
    close(result.stock_by_cohort, wanted[4:], case["tolerance"])
    made = inflow_from_age_structure(start, life, at="end")
    close(inflow_driven(made, life, at="end", cohorts=True).stock_by_cohort, wanted[:4, :4], case["tolerance"])


@of_kind("lifetime_parameterisation")
def test_lognormal_means_the_lifetime_itself(case):
    life = Survival("lognormal", mean=case["inputs"]["mean"], sd=case["inputs"]["sd"])
    close(life.sf(case["inputs"]["ages"]), case["expected"]["sf"], case["tolerance"])
    assert life.sd() == pytest.approx(case["inputs"]["sd"], rel=1e-12)
    assert abs(life.sf(10) - case["expected"]["wrong_value_given_by_ODYM_at_age_10"]) > 0.5


@of_kind("stationary_stock")
def test_stationary_stock(case):
    life, wanted = survival(case["inputs"]["lifetime"]), case["expected"]
    names = {"start": "at_start", "mid": "mid_year", "end": "at_end"}
    inflow = np.full(case["inputs"]["years"], case["inputs"]["inflow_per_year"])
    for at, name in names.items():
        stock = inflow_driven(inflow, life, at=at).stock[-1]
        assert stock == pytest.approx(wanted[f"stock_last_inflow_{name}"], abs=case["tolerance"])
    uniform = inflow_driven(inflow, life, at="uniform").stock[-1]
    assert uniform == pytest.approx(wanted["stock_last_uniform_within_year"], abs=case["tolerance"])


def test_short_lifetimes_need_the_uniform_convention():
    life, inflow = Survival("lognormal", mean=0.3, sd=0.1), np.ones(50)
    last = {at: inflow_driven(inflow, life, at=at).stock[-1] for at in ("start", "mid", "end", "uniform")}
    assert last["uniform"] == pytest.approx(0.3, abs=1e-9)
    assert all(abs(last[at] - 0.3) > 0.01 for at in ("start", "mid", "end"))


@of_kind("closed_loop")
def test_closed_loop_of_the_odym_tutorial(case):
    given, wanted = case["inputs"], case["expected"]
    system = System(years=range(len(given["D"])))
    system.source("mine")
    system.process("melt", "use")
    system.sink("environment")
    system.flow("mine", "melt", given["D"])
    system.rest("melt", "use")
    system.share("use", "melt", given["alpha"])
    system.rest("use", "environment")
    solution = system.solve()
    close(solution.flow("melt", "use").values[:, 0], wanted["b"], case["tolerance"])
    close(solution.flow("use", "environment").values[:, 0], wanted["c"], case["tolerance"])
    close(solution.flow("use", "melt").values[:, 0], wanted["d"], case["tolerance"])
    assert solution.balance().closes


@of_kind("linear_reconciliation")
def test_reconciliation_with_published_half_widths(case):
    given, wanted = case["inputs"], case["expected"]
    sd = np.array(given["half_width_95pct"]) / 1.96
    result = reconcile(given["measured"], sd, given["constraints"])
    close(result.reconciled, wanted["reconciled"], case["tolerance"])
    close(result.sd * 1.96, wanted["reconciled_half_width"], case["tolerance"])
    used = np.any(np.array(given["constraints"]) != 0, axis=0)
    np.testing.assert_array_equal(result.redundant, used)
    if "global_test_statistic" in wanted:
        assert result.global_test.statistic == pytest.approx(wanted["global_test_statistic"], rel=1e-8)


@of_kind("linear_reconciliation_uncertainty")
def test_reconciliation_with_published_adjustability(case):
    given, wanted = case["inputs"], case["expected"]
    result = reconcile(given["measured"], given["sd"], given["constraints"])
    close(result.adjustability, wanted["adjustability"], case["tolerance"])
    close(result.detectability, wanted["detectability"], case["tolerance"])
    close(result.reconciled, wanted["reconciled"], case["tolerance"])
