"""Stocks of many draws: cesim beside flodym and beside plain numpy, in one run.

1,000 draws of lifetimes x 100 series x 100 years, a Weibull whose parameters differ by draw and series,
inflow-driven and stock-driven. The limit is a plain numpy script, blocked to stay in cache, written here
without any of cesim. flodym runs one draw of 100 series at a time; its seconds are the median of the runs
made, times 1,000. Seconds are processor time, because the machine may be shared; the ratios are the claims:
at least 50 times flodym, at most 1.2 times plain numpy.

    python benchmarks/lifetimes.py [--draws 1000] [--flodym-runs 7]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

import numpy as np

from cesim.balance import Survival, inflow_driven, stock_driven

SERIES, YEARS, BLOCK = 100, 100, 1024


def numpy_inflow_driven(inflow, shape, scale):
    """Stock and outflow ``(year, draw x series)``; year first, in blocks."""
    count = shape.size
    shape, scale = shape.ravel(), scale.ravel()
    stock, outflow = np.empty((YEARS, count)), np.empty((YEARS, count))
    log_age = np.log(np.arange(YEARS) + 0.5)[:, None]
    made_all = np.ascontiguousarray(inflow.T)
    series = np.arange(count) % SERIES
    for first in range(0, count, BLOCK):
        mine = slice(first, min(first + BLOCK, count))
        alive = np.exp(-np.exp(shape[mine] * (log_age - np.log(scale[mine]))))
        backwards = np.ascontiguousarray(alive[::-1])
        made = np.take(made_all, series[mine], axis=1)
        here = np.empty_like(made)
        for year in range(YEARS):
            np.einsum("cs,cs->s", made[: year + 1], backwards[YEARS - 1 - year :], out=here[year])
        leaving = made - here
        leaving[1:] += here[:-1]
        stock[:, mine], outflow[:, mine] = here, leaving
    return stock, outflow


def numpy_stock_driven(stock, shape, scale):
    """Inflow and outflow for a stock ``(year, draw x series)``."""
    count = shape.size
    shape, scale = shape.ravel(), scale.ravel()
    inflow, outflow = np.empty((YEARS, count)), np.empty((YEARS, count))
    log_age = np.log(np.arange(YEARS) + 0.5)[:, None]
    for first in range(0, count, BLOCK):
        mine = slice(first, min(first + BLOCK, count))
        alive = np.exp(-np.exp(shape[mine] * (log_age - np.log(scale[mine]))))
        backwards = np.ascontiguousarray(alive[::-1])
        made = np.empty_like(alive)
        wanted = stock[:, mine]
        for year in range(YEARS):
            left = np.einsum("cs,cs->s", made[:year], backwards[YEARS - 1 - year : -1])
            made[year] = (wanted[year] - left) / alive[0]
        leaving = made - wanted
        leaving[1:] += wanted[:-1]
        inflow[:, mine], outflow[:, mine] = made, leaving
    return inflow, outflow


def flodym_seconds(inflow, stock, shape, scale, runs):
    """Median processor seconds of one draw of 100 series, inflow- and stock-driven, and its first stock."""
    import flodym

    time_axis = flodym.Dimension(letter="t", name="time", items=list(range(YEARS)), dtype=int)
    series = flodym.Dimension(letter="s", name="series", items=list(range(SERIES)), dtype=int)
    dims = flodym.DimensionSet(dim_list=[time_axis, series])
    seconds = {"inflow": [], "stock": []}
    last = {}
    for run in range(runs):
        for kind, model in (("inflow", flodym.InflowDrivenDSM), ("stock", flodym.StockDrivenDSM)):
            begun = time.process_time()
            life = flodym.WeibullLifetime(dims=dims, time_letter="t", inflow_at="middle")
            life.weibull_shape = flodym.FlodymArray(dims=dims["s",], values=shape[run])
            life.weibull_scale = flodym.FlodymArray(dims=dims["s",], values=scale[run])
            dsm = model(dims=dims, time_letter="t", lifetime_model=life)
            if kind == "inflow":
                dsm.inflow.values[...] = inflow.T
            else:
                dsm.stock.values[...] = stock[run]
            dsm.compute()
            seconds[kind].append(time.process_time() - begun)
            if run == 0:
                last[kind] = dsm.stock.values.copy() if kind == "inflow" else dsm.inflow.values.copy()
    return {kind: statistics.median(times) for kind, times in seconds.items()}, last


def best(function, times=5):
    """Answer and best processor seconds of a few runs."""
    found = []
    answer = None
    for _ in range(times):
        del answer
        begun = time.process_time()
        answer = function()
        found.append(time.process_time() - begun)
    return answer, min(found)


def fixed_kernel():
    """Processor seconds of 50 products of 500 x 500 matrices: how fast the machine is today."""
    matrix = np.random.default_rng(0).random((500, 500))
    return best(lambda: [matrix @ matrix for _ in range(50)])[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--flodym-runs", type=int, default=7)
    options = parser.parse_args()
    draws = options.draws
    rng = np.random.default_rng(20)
    shape = rng.uniform(2.0, 4.0, (draws, SERIES))
    scale = rng.uniform(8.0, 20.0, (draws, SERIES))
    inflow = rng.uniform(1.0, 2.0, (SERIES, YEARS))
    life = Survival("weibull", shape=shape, scale=scale)

    ours, mine_in = best(lambda: inflow_driven(inflow, life))
    stock = ours.stock
    back, mine_out = best(lambda: stock_driven(stock, life))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    assert np.allclose(back.inflow, inflow, rtol=1e-9)
    del back
    plain, plain_in = best(lambda: numpy_inflow_driven(inflow, shape, scale))
    by_year = np.moveaxis(stock, -1, 0).reshape(YEARS, -1)
    np.testing.assert_allclose(plain[0], by_year, rtol=1e-12)
    _, plain_out = best(lambda: numpy_stock_driven(by_year, shape, scale))
    runs = min(options.flodym_runs, draws)
    wanted = np.moveaxis(stock[:runs], -1, 1)
    flodym, check = flodym_seconds(inflow, wanted, shape, scale, runs)
    np.testing.assert_allclose(check["inflow"], wanted[0], rtol=1e-9)
    np.testing.assert_allclose(check["stock"], inflow.T, rtol=1e-8)

    print(f"{draws} draws x {SERIES} series x {YEARS} years, Weibull; processor seconds, best of 5")
    print(f"{'':14}{'cesim':>9}{'numpy':>9}{'flodym':>9}{'cesim/numpy':>13}{'flodym/cesim':>14}")
    for name, mine, limit, one in (
        ("inflow-driven", mine_in, plain_in, flodym["inflow"]),
        ("stock-driven", mine_out, plain_out, flodym["stock"]),
    ):
        peer = one * draws
        print(f"{name:14}{mine:9.3f}{limit:9.3f}{peer:9.1f}{mine / limit:13.2f}{peer / mine:14.0f}")
    print(f"flodym: median of {runs} runs of one draw, times {draws}")
    print(f"fixed kernel (50 products of 500 x 500): {fixed_kernel():.3f} s")
    print(f"peak memory of the cesim part: {memory:.0f} MB (draws and both answers held)")


if __name__ == "__main__":
    main()
