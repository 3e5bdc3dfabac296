"""Shares of items as the whole-number weights by which lots are divided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.material import PAIR_ITEM
from cesim.events.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.events.lots import Lots
    from cesim.events.rules import Mark

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

ONE: Final = 2**51
"""A whole as a weight: fine enough that a share taken of the greatest lot is right to the milligram."""


def per_pair(share: Floats) -> Floats:
    """Repeat (..., items) to (..., pairs): what holds for an item holds for all it is made of."""
    repeated: Floats = np.take(share, PAIR_ITEM, axis=-1)
    return repeated


def whole_weights(shares: Floats) -> Whole:
    """Return weights (part, pair) from shares (part, pair) of which the last part takes what the others leave."""
    weights = np.rint(np.clip(shares, 0.0, 1.0) * ONE).astype(np.int64)
    weights[-1] = np.maximum(ONE - weights[:-1].sum(axis=0), 0)
    return weights


def splitting(lots: Lots, marks: Sequence[Mark], shares: Floats, carrier: int = -1) -> Rule:
    """Return the rule by which a lot is split by shares (part, pair); the last part takes the rest."""
    carrier = carrier % len(marks)
    return lots.splitting(marks, whole_weights(shares), carrier)  # type: ignore[arg-type]


def reaction(lots: Lots, mark: Mark, sinks: Sequence[str], shares: Floats) -> Rule:
    """Return the rule by which a lot loses shares (sink, pair) to sinks and keeps the rest under another mark."""
    weights = whole_weights(np.concatenate([shares, np.zeros((1, shares.shape[1]))]))
    weights = np.ascontiguousarray(np.roll(weights, 1, axis=0))  # what is kept stands first
    weights.setflags(write=False)
    return Rule((mark,), tuple(lots.accounts.number(name, 1) for name in sinks), weights)
