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


def bytes_of(draw, *shape):
    """Numbers from 0 to 255, drawn at once: hypothesis is slow with many small ones."""
    size = int(np.prod(shape))
    return np.frombuffer(draw(st.binary(min_size=size, max_size=size)), dtype=np.uint8).reshape(shape).astype(np.int64)


@st.composite
def sides(draw, sites, periods):
    """Lots whose declared shares are true and whose provable shares are a part of the truth."""
    lots, classes = draw(st.integers(0, 12)), len(ORIGINS)
    weight, beside, kept = (bytes_of(draw, lots, classes) for _ in range(3))
    weight = weight * (beside % 3 == 0)  # many shares are zero
    weight[:, 0] += weight.sum(axis=1) == 0
    site, period, light, heavy, single = bytes_of(draw, 5, lots)
    weight[single % 3 == 0] *= np.eye(classes, dtype=np.int64)[weight[single % 3 == 0].argmax(axis=1)]  # and lots pure
    true = weight / weight.sum(axis=1, keepdims=True)
    provable = true * (kept % 3) / 2
    return Side(site % sites, period % periods, light + 256 * (heavy % 20), true, true, provable, single % 2 == 0)


@st.composite
def flows(draw, inputs=True):
    """Flows of a few sites and periods; outputs and inputs know nothing of each other."""
    sites, periods = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    into = draw(sides(sites, periods)) if inputs else None
    out = draw(sides(sites, periods))
    return Flow(out, into, tuple(f"site {n}" for n in range(sites)), periods, "plastics")
