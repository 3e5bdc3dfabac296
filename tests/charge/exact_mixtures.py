"""Scraps that are one of two bells, and the most of them that may go into a heat, exactly.

One lot by bisection, several on a fine grid of their proportions.
"""

from itertools import product

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from cesim.charge import AlloyLimits, Belief, Charge, Energy, Furnace, Lot, Risk

FURNACE = Furnace(1.0, Energy(0.0, 0.0, 0.0), yields=1.0)
PRIMARY = {"Fe": 0.0014, "Cu": 0.0002}
LIMIT = {"Fe": 0.0024, "Cu": 0.0010}


def two_bells(name="scrap", reliability=0.95, right=(0.002, 0.0002), wrong=(0.0045, 0.0005), stock=None, price=0.7):
    """A lot that is one thing if its record is right, and another if it is wrong; mean and spread of each element."""
    right, wrong = np.atleast_2d(right), np.atleast_2d(wrong)
    elements = ("Fe", "Cu")[: len(right)]
    means = np.array([right[:, 0], wrong[:, 0]])
    covariances = np.array([np.diag(right[:, 1] ** 2), np.diag(wrong[:, 1] ** 2)])
    belief = Belief(np.array([reliability, 1.0 - reliability]), means, covariances, "normal", elements)
    return Lot(name, stock, price, 0.5, belief, "post")


def charge_of(lots, asked, heats=100_000):
    """As much of the lots as the risk allows, the rest primary metal."""
    elements = lots[0].belief.elements
    alloy = AlloyLimits("made up", elements, np.zeros(len(elements)), np.array([LIMIT[e] for e in elements]))
    primary = {e: PRIMARY[e] for e in elements}
    clean = Lot.known("P1020", primary, stock=None, price=1.0, co2=10.0, recycled="none")
    return Charge(alloy, [*lots, clean], FURNACE, Risk(asked, heats=max(heats, int(400 / asked))))


def exact_share(asked, reliability=0.95, right=(0.002, 0.0002), wrong=(0.0045, 0.0005), limit=LIMIT["Fe"]):
    """The most of one such scrap, in closed form but for a root; no more than the whole melt."""

    def over(highest):
        missed = reliability * norm.sf((highest - right[0]) / right[1])
        return missed + (1.0 - reliability) * norm.sf((highest - wrong[0]) / wrong[1]) - asked

    return min((limit - PRIMARY["Fe"]) / (brentq(over, PRIMARY["Fe"], 0.02) - PRIMARY["Fe"]), 1.0)


def risk_of(x, lots):
    """Risk of charges, (lot, charge), summed over all that can be wrong; elements of a lot are independent."""
    kept = np.zeros(x.shape[1])
    for pattern in product(range(2), repeat=len(lots)):
        chance, all_kept = 1.0, 1.0
        for at, lot in zip(pattern, lots, strict=True):
            chance *= lot.belief.weights[at]
        for own, element in enumerate(lots[0].belief.elements):
            mean = np.array([lot.belief.means[at, own] for at, lot in zip(pattern, lots, strict=True)])
            variance = np.array([lot.belief.covariances[at, own, own] for at, lot in zip(pattern, lots, strict=True)])
            room = LIMIT[element] - PRIMARY[element] - (mean - PRIMARY[element]) @ x
            all_kept = all_kept * norm.cdf(room / np.sqrt(variance @ x**2))
        kept += chance * all_kept
    return 1.0 - kept


def most_of(lots, asked, steps=2000):
    """The most scrap over a grid of proportions; the risk grows along every ray."""
    shares = [p for p in product(range(steps + 1), repeat=len(lots) - 1) if sum(p) <= steps]
    parts = np.array([[*p, steps - sum(p)] for p in shares]).T / steps
    low, high = np.full(parts.shape[1], 1e-6), np.ones(parts.shape[1])
    whole = risk_of(parts, lots) <= asked
    for _ in range(40):
        middle = (low + high) / 2.0
        fine = risk_of(parts * middle, lots) <= asked
        low, high = np.where(fine, middle, low), np.where(fine, high, middle)
    return float(np.where(whole, 1.0, low).max())


def pairs(reliability):
    """Pairs of lots, alike and unlike, whose records are right so often."""
    return [
        [two_bells("A", reliability), two_bells("B", reliability)],
        [two_bells("A", reliability), two_bells("B", reliability, (0.0021, 0.0003), (0.0035, 0.0003))],
        [
            two_bells("A", reliability, (0.0022, 0.0001), (0.006, 0.0008)),
            two_bells("B", reliability, (0.0030, 0.0004), (0.004, 0.0005)),
        ],
        [
            two_bells("A", reliability, (0.0019, 0.0002), (0.009, 0.001)),
            two_bells("B", reliability, (0.0024, 0.0002), (0.003, 0.0003)),
        ],
        [
            two_bells("A", reliability, [(0.002, 0.0002), (0.0006, 0.0001)], [(0.0045, 0.0005), (0.002, 0.0004)]),
            two_bells("B", reliability, [(0.0021, 0.0002), (0.0004, 0.0001)], [(0.003, 0.0004), (0.006, 0.001)]),
        ],
    ]


def triple(reliability):
    """Three unlike lots."""
    return [*pairs(reliability)[1], two_bells("C", reliability, (0.0024, 0.0001), (0.0055, 0.0005), stock=0.4)]
