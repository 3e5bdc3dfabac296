"""Small flows for the tests: made by hand, and drawn."""

import numpy as np
from hypothesis import strategies as st

from cesim.ledger.substances import ORIGINS
from cesim.trace.custody.flow import Flow, Side

T = 10**9
"""mg in a tonne."""


def rows(*shares):
    """Shares by origin from dictionaries; what is not said is primary metal in truth, unknown elsewhere."""
    table = np.zeros((len(shares), len(ORIGINS)))
    for row, one in zip(table, shares, strict=True):
        for origin, share in one.items():
            row[ORIGINS.index(origin)] = share
    return table


def filled(*shares):
    """Shares by origin that add up to one: the rest is primary."""
    table = rows(*shares)
    table[:, 0] += 1 - table.sum(axis=1)
    return table


def side(lots, known=None):
    """A side from (site, period, t, shares in truth[, shares declared[, shares provable]])."""
    site, period, tonnes, true, *more = zip(*lots, strict=True)
    true = filled(*true)
    declared = rows(*more[0]) if more else true
    provable = rows(*more[1]) if len(more) > 1 else declared
    return Side(
        np.array(site), np.array(period), np.array([round(t * T) for t in tonnes]), true, declared, provable, known
    )  # fmt: skip


def flow(outputs, inputs=None, sites=1, periods=None, material="plastics", single=None):
    """A flow from tuples as `side` takes them."""
    out = side(outputs, single)
    into = None if inputs is None else side(inputs)
    last = max(int(one.period.max()) for one in (out, into) if one is not None)
    names = tuple(f"site {number}" for number in range(sites))
    return Flow(out, into, names, last + 1 if periods is None else periods, material)


@st.composite
def sides(draw, sites, periods, least=0, heaviest=5000):
    """Lots whose declared shares are true and whose provable shares are a part of the truth."""
    lots = draw(st.integers(least, 12))
    share = st.lists(st.integers(0, 6), min_size=len(ORIGINS), max_size=len(ORIGINS)).filter(any)
    weight = np.array(draw(st.lists(share, min_size=lots, max_size=lots))).reshape(lots, len(ORIGINS))
    pure = np.array(draw(st.lists(st.booleans(), min_size=lots, max_size=lots)), dtype=bool)
    weight = np.where(pure[:, None] & (np.arange(len(ORIGINS)) != weight.argmax(axis=1)[:, None]), 0, weight)
    true = weight / weight.sum(axis=1, keepdims=True) if lots else np.zeros((0, len(ORIGINS)))
    kept = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=len(ORIGINS), max_size=len(ORIGINS))
    provable = true * np.array(draw(st.lists(kept, min_size=lots, max_size=lots))).reshape(true.shape)

    def numbers(most):
        return np.array(draw(st.lists(st.integers(0, most), min_size=lots, max_size=lots)), dtype=np.int64)

    single = np.array(draw(st.lists(st.booleans(), min_size=lots, max_size=lots)), dtype=bool)
    return Side(numbers(sites - 1), numbers(periods - 1), numbers(heaviest), true, true, provable, single)


@st.composite
def flows(draw, inputs=True):
    """Flows of a few sites and periods; outputs and inputs know nothing of each other."""
    sites, periods = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    into = draw(sides(sites, periods)) if inputs else None
    out = draw(sides(sites, periods))
    return Flow(out, into, tuple(f"site {n}" for n in range(sites)), periods, "plastics")
