"""Functions whose indices are published, and the runs of a design of Saltelli's that ask for them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.stats import qmc

# Ishigami and Homma 1990, a = 7, b = 0.1, inputs uniform between -pi and pi
ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
ISHIGAMI_SECOND = (0.0, 0.2437, 0.0)
"""Pairs (0, 1), (0, 2), (1, 2)."""

# Sobol's G-function with the coefficients of Saltelli et al. 2010; first order as printed with the test function of
# SALib 1.6
G = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)
G_FIRST = (0.7165, 0.1791, 0.0237, 0.0072, 0.0001, 0.0001, 0.0001, 0.0001)


def ishigami(u):
    x, y, z = (np.pi * (2 * u[:, j] - 1) for j in range(3))
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def g_function(u, a=G):
    a = np.asarray(a)
    return ((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=1)


def g_indices(a=G):
    """First, total and second order: V_j = 1 / (3 (1 + a_j)^2), products of these for what they do together."""
    parts = 1 / 3 / (1 + np.asarray(a)) ** 2
    whole = (1 + parts).prod() - 1
    total = parts * (1 + parts).prod() / (1 + parts) / whole
    second = np.array([parts[j] * parts[k] for j, k in combinations(range(parts.size), 2)]) / whole
    return parts / whole, total, second


def crossed(function, points, columns, seed=0, groups=None, even=True):
    """Results of A, B, AB and BA: points of a Sobol' sequence, or of chance where they are not to lie evenly."""
    if even:
        drawn = qmc.Sobol(2 * columns, rng=seed).random(points)
    else:
        drawn = np.random.default_rng(seed).random((points, 2 * columns))
    a, b = drawn[:, :columns], drawn[:, columns:]
    groups = groups or [[j] for j in range(columns)]

    def lent(to, of):
        out = []
        for group in groups:
            mixed = to.copy()
            mixed[:, group] = of[:, group]
            out.append(function(mixed))
        return np.stack(out, axis=1)

    return function(a), function(b), lent(a, b), lent(b, a)


def in_salibs_order(a, b, ab, ba=None):
    """Results as SALib takes them: of each point A, AB, BA, B."""
    parts = [a[:, None], ab, *([] if ba is None else [ba]), b[:, None]]
    return np.concatenate(parts, axis=1).ravel()
