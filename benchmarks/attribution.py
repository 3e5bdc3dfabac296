"""Shares of 12 measures in 50 draws x 20 outputs, and what a sample of orders costs for the same error.

Exact: all 4,096 coalitions of a made-up plan, beside the plain double loop over players and coalitions in Python
(made on a few outputs, its seconds scaled up) and beside the limit, one matrix product of weights and values in numpy.
Sampled: a plan of 15 measures whose exact shares are known; blocks of orders until so many sets are asked for, root
mean square error over seeds, for rings, for pairs of an order and its reverse, and for single orders as in textbooks.
Seconds are processor time, because the machine may be shared; the ratios are the claims.

    python benchmarks/attribution.py [--outputs 20] [--loop-outputs 4] [--seeds 20]
"""

from __future__ import annotations

import argparse
import math
import time

import numpy as np
from machine import kernel

from cesim.plan.games import interactions, shapley
from cesim.plan.games.orders import block, met

PLAYERS, DRAWS = 12, 50


def plan(players, outputs, seed=0):
    """Values (2^players, output) of measures that saturate and of which every second brings more with its neighbour."""
    rng = np.random.default_rng(seed)
    some = ((np.arange(2**players)[:, None] >> np.arange(players)) & 1).astype(float)
    beside = (some[:, 1::2] * some[:, : 2 * (players // 2) : 2]) @ rng.uniform(0.0, 0.5, (players // 2, outputs))
    return 1.0 - np.exp(-some @ rng.uniform(0.05, 0.4, (players, outputs)) - beside)


def plain(values):
    """The formula as it is written, one output: a loop over players in a loop over coalitions."""
    coalitions = len(values)
    players = coalitions.bit_length() - 1
    weight = [1.0 / (players * math.comb(players - 1, size)) for size in range(players)]
    shares = [0.0] * players
    for coalition in range(coalitions):
        for player in range(players):
            if not coalition >> player & 1:
                gain = values[coalition | 1 << player] - values[coalition]
                shares[player] += weight[coalition.bit_count()] * gain
    return shares


def best(function, times=5):
    """Answer and best processor seconds of a few runs."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        answer = function()
        found.append(time.process_time() - begun)
    return answer, min(found)


def weights(players):
    """(player, coalition) of the one matrix product."""
    coalition = np.arange(2**players)
    size = np.bitwise_count(coalition.astype(np.uint64)).astype(int)
    own = [1.0 / (players * math.comb(players - 1, s)) for s in range(players)]
    joined, left = np.array([0.0, *own]), np.array([*own, 0.0])
    inside = (coalition[None, :] >> np.arange(players)[:, None]) & 1
    return np.where(inside == 1, joined[size], -left[size])


def exact(outputs, loop_outputs):
    values = plan(PLAYERS, DRAWS * outputs)
    mine, seconds = best(lambda: shapley(values))
    _, pairs = best(lambda: interactions(values), 2)
    factors = weights(PLAYERS)
    limit, product = best(lambda: factors @ (values - values[0]))
    columns = [column.tolist() for column in values.T[:loop_outputs]]
    loop, looped = best(lambda: [plain(column) for column in columns], 1)
    looped *= DRAWS * outputs / loop_outputs
    np.testing.assert_allclose(mine[:, :loop_outputs].T, loop, atol=1e-12)
    np.testing.assert_allclose(mine, limit, atol=1e-12)
    gap = np.abs(mine.sum(axis=0) - (values[-1] - values[0])).max()
    print(f"{PLAYERS} measures, 4,096 coalitions, {DRAWS} draws x {outputs} outputs; processor seconds, best of 5")
    print(f"  cesim            {seconds:8.3f}    shares miss the effect by at most {gap:.0e}")
    print(f"  one product      {product:8.3f}    cesim / limit  {seconds / product:6.1f}")
    print(f"  plain loops      {looped:8.1f}    loops / cesim  {looped / seconds:6.0f}   (scaled from {loop_outputs})")
    print(f"  all 66 pairs     {pairs:8.3f}")


def asked(values, known, design, budget, seed):
    """Mean over blocks within a budget of sets; how far it is from the exact shares."""
    players = len(known)
    names = tuple(f"m{number}" for number in range(players))
    seen, shares, number = {0, 2**players - 1}, [], 0
    while True:
        orders = block(names, seed, number, "pair" if design == "single" else design)
        orders = orders[:1] if design == "single" else orders
        more = seen | set(met(orders).ravel().tolist())
        if len(more) > budget:
            return np.mean(shares, axis=0) - known
        seen, number = more, number + 1
        brought = np.diff(values[met(orders)], axis=1)
        shares.append(np.take_along_axis(brought, np.argsort(orders, axis=1), axis=1).mean(axis=0))


def samples(seeds, players=15, budget=2000):
    values = plan(players, 1)[:, 0]
    known = shapley(values)
    print(
        f"{players} measures, {budget:,} of {2**players:,} sets; root mean square error of a share, of the whole effect"
    )
    found = {}
    for design in ("single", "pair", "ring"):
        off = [asked(values, known, design, budget, seed) for seed in range(seeds)]
        found[design] = float(np.sqrt(np.mean(np.square(off)))) / abs(values[-1] - values[0])
        print(f"  {design:8} {found[design]:.5f}    single / this {found['single'] / found[design]:6.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outputs", type=int, default=20)
    parser.add_argument("--loop-outputs", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=20)
    options = parser.parse_args()
    exact(options.outputs, options.loop_outputs)
    samples(options.seeds)
    print(f"fixed kernel (40 products of 1,000 x 1,000): {kernel():.3f} s")


if __name__ == "__main__":
    main()
