"""Origin shares as Catena-X has them: percentages that add up to a hundred, to the last digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.exports.catenax_words import SECONDARY, SHARE_WORDS, SHARES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

WHOLE: Final = 1_000_000
"""Parts per million in a whole; a percentage has four decimals."""


def in_millionths(shares: NDArray[np.float64], classes: Sequence[str]) -> Whole:
    """Return shares as whole millionths that add up to a million in every row, (lot, share of `SHARE_WORDS`).

    What is missing to a whole is untold. Rounded down, and the rest given to the largest remainders, ties to the first.

    Parameters
    ----------
    shares : (lot, class)
    classes
        What the columns are.
    """
    grouped = np.zeros((len(shares), len(SHARE_WORDS)))
    for column, name in enumerate(classes):
        grouped[:, SHARE_WORDS.index(SHARES.get(name, "untold"))] += np.maximum(shares[:, column], 0.0)
    total = grouped.sum(axis=1)
    grouped[:, SHARE_WORDS.index("untold")] += np.maximum(1.0 - total, 0.0)
    scaled = grouped * (WHOLE / np.maximum(total, 1.0))[:, None]
    whole = np.floor(scaled + 1e-6).astype(np.int64)
    missing = WHOLE - whole.sum(axis=1)
    order = np.argsort(whole - scaled, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return np.asarray(whole + (rank < missing[:, None]), dtype=np.int64)


def percent(millionths: int) -> str:
    """Return a percentage, exactly."""
    whole, rest = divmod(millionths, 10_000)
    return f"{whole}.{rest:04}".rstrip("0") if rest else f"{whole}.0"


def source_shares(row: Sequence[int]) -> tuple[str, str, str]:
    """Return primary, secondary and reutilised percentage of one row of `in_millionths`."""
    told = dict(zip(SHARE_WORDS, row, strict=True))
    secondary = sum(told[word] for word in SECONDARY)
    return percent(told["primary"] + told["untold"]), percent(secondary), percent(told["reutilized"])
