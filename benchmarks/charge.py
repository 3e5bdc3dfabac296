"""Charge programmes beside HiGHS, scipy and Clarabel, all measured in this run in processor time of one thread.

The claims are ratios. A fixed numpy kernel is timed before and after, so that a loaded machine shows.

    OMP_NUM_THREADS=1 python benchmarks/charge.py [--charges 1000]

Needs highspy and clarabel: pip install '.[benchmark]'.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from pathlib import Path

import clarabel
import highspy
import numpy as np
from machine import kernel
from scipy.optimize import linprog
from scipy.sparse import csc_matrix

from cesim.charge.clarabel_stage import _conic_form
from cesim.charge.cone import solve_cone
from cesim.charge.programme import Programme
from cesim.charge.simplex import Tableau, solve, solve_many
from cesim.charge.tail import solve_tail


def of_tests(name: str):
    """The generators of the tests, so that what is timed is what is tested."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "tests/charge" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


charges, tail_tests, two_stage_tests = of_tests("conftest"), of_tests("test_tail"), of_tests("test_recourse")


SETTINGS = clarabel.DefaultSettings()
SETTINGS.verbose = False
SETTINGS.tol_gap_abs = SETTINGS.tol_gap_rel = SETTINGS.tol_feas = 1e-10


def each(work, items) -> float:
    """Microseconds of processor time an item; the best of three."""
    best = np.inf
    for _ in range(3):
        begun = time.process_time()
        for item in items:
            work(item)
        best = min(best, time.process_time() - begun)
    return best / len(items) * 1e6


def told(name: str, own: float, peers: dict[str, float]) -> None:
    beside = "; ".join(f"{peer} {other:,.0f} us, {other / own:,.0f} x" for peer, other in peers.items())
    print(f"{name:58} {own:9,.2f} us   {beside}")


def scipy_arguments(given):
    """What scipy is handed, prepared outside the clock."""
    cost, rows, lower, upper, stock = given
    same = lower == upper
    below, above = np.isfinite(upper) & ~same, np.isfinite(lower) & ~same
    return {
        "c": cost,
        "A_ub": np.vstack([rows[below], -rows[above]]),
        "b_ub": np.concatenate([upper[below], -lower[above]]),
        "A_eq": rows[same],
        "b_eq": upper[same],
        "bounds": np.column_stack([np.zeros_like(stock), stock]),
        "method": "highs",
    }


def highs_model(given):
    """The programme as highspy holds it, prepared outside the clock."""
    cost, rows, lower, upper, stock = given
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros_like(stock), stock
    model.row_lower_, model.row_upper_ = lower, upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.arange(rows.shape[0] + 1) * rows.shape[1]
    model.a_matrix_.index_ = np.tile(np.arange(rows.shape[1]), rows.shape[0])
    model.a_matrix_.value_ = rows.ravel()
    return model


def linear(count: int) -> None:
    rng = np.random.default_rng(0)
    given = [charges.random_charge(rng) for _ in range(count)]
    programmes = [Programme(*one) for one in given]
    arrays = [np.array(of) for of in zip(*given, strict=True)]
    begun = time.process_time()
    solve(programmes[0])
    solve_many(*(array[:2] for array in arrays))
    print(f"loading or compiling the kernels: {time.process_time() - begun:.2f} s")
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)

    def cold(model) -> None:
        solver.passModel(model)
        solver.run()

    few = given[: max(count // 10, 50)]
    peers = {
        "scipy": each(lambda one: linprog(**one), [scipy_arguments(one) for one in few]),
        "highspy": each(cold, [highs_model(one) for one in few]),
    }
    told("one charge, 20 materials x 11 rows, in a batch", each(lambda _: solve_many(*arrays), [0]) / count, peers)
    told("... one call each", each(solve, programmes), peers)
    told("... one call each, arrays checked too", each(lambda one: solve(Programme(*one)), given), peers)
    live = Tableau(next(p for p in programmes if solve(p).status == "optimal"))
    stocks = [live.programme.stock * rng.uniform(0.8, 1.2, 20) for _ in range(count)]
    told("... live, new stocks each", each(lambda stock: (live.restock(stock), live.solve()), stocks), peers)


def margins(count: int) -> None:
    rng = np.random.default_rng(1)
    for name, yard in (("one charge with margins", False), ("a yard of lots nearly the same", True)):
        draw = charges.random_yard if yard else charges.random_charge
        programmes = [charges.with_margins(rng, draw(rng), yard) for _ in range(count)]
        begun = time.process_time()
        solve_cone(programmes[0])
        if not yard:
            print(f"loading or compiling the kernels: {time.process_time() - begun:.2f} s")

        def cold(form) -> None:
            matrix, limits, cones, cost, quadratic = form
            clarabel.DefaultSolver(quadratic, cost, matrix, limits, cones, SETTINGS).solve()

        few = [(*_conic_form(p, clarabel)[:3], p.base.cost, csc_matrix((20, 20))) for p in programmes[: count // 5]]
        told(name, each(solve_cone, programmes), {"Clarabel": each(cold, few)})


def two_stages(scenarios: int) -> None:
    problem = two_stage_tests.two_stage(np.random.default_rng(2), scenarios)
    problem.solve()  # compiles
    own = each(lambda _: problem.solve(), [0])
    one = each(lambda _: problem.corrections(problem.charge.stock), [0])
    whole = each(lambda _: two_stage_tests.whole(problem), [0])
    told(f"two stages, {scenarios} scenarios ({problem.solve().rounds} rounds)", own, {"HiGHS, whole": whole})
    print(f"... one pass through all corrections: {one:,.0f} us")


def tails(scenarios: int) -> None:
    class Draw:
        charge = staticmethod(charges.random_charge)

    programme, sample = tail_tests.scattered(Draw, np.random.default_rng(3), scenarios)
    own = each(lambda _: solve_tail(programme, sample, 0.05), [0])
    whole = each(lambda _: tail_tests.whole(programme, sample, 0.05), [0])
    cuts = solve_tail(programme, sample, 0.05).cuts
    told(f"a tail of 5 %, {scenarios} scenarios ({cuts} cuts)", own, {"HiGHS, whole": whole})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charges", type=int, default=1000)
    parser.add_argument("--scenarios", type=int, default=1000)
    options = parser.parse_args()
    before = kernel(10)
    linear(options.charges)
    margins(options.charges)
    two_stages(options.scenarios)
    tails(options.scenarios)
    print(f"fixed kernel: {before:.2f} s before, {kernel(10):.2f} s after")


if __name__ == "__main__":
    main()
