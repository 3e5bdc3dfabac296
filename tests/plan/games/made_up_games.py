"""Games to test with, and the slow, obvious twin of every kernel: all orders of joining, one after the other."""

from __future__ import annotations

from itertools import permutations

import numpy as np


def game(players, worth):
    """Values of all coalitions of players 0, 1, ... by the number of the coalition."""
    return np.array(
        [worth(frozenset(p for p in range(players) if coalition >> p & 1)) for coalition in range(2**players)],
        dtype=float,
    )


def by_all_orders(values):
    """Shapley values from every order of joining."""
    players = len(values).bit_length() - 1
    shares, orders = np.zeros((players, *values.shape[1:])), 0
    for order in permutations(range(players)):
        joined, orders = 0, orders + 1
        for player in order:
            shares[player] += values[joined | 1 << player] - values[joined]
            joined |= 1 << player
    return shares / orders


def voting(weights, quota):
    """1 for coalitions whose votes reach the quota."""
    return game(len(weights), lambda some: sum(weights[p] for p in some) >= quota)


def unanimity(players, needed):
    """1 for coalitions that hold all of those needed."""
    return game(players, lambda some: frozenset(needed) <= some)


def random_game(players, seed, outputs=()):
    return np.random.default_rng(seed).normal(size=(2**players, *outputs))
