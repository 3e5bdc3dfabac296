"""What a model answers: how much is claimed for each lot, and what went on in the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.trace.custody.account import Line

    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Eligible:
    """Mass of each lot that counts by a law and may be claimed by a model, mg.

    Attributes
    ----------
    outputs : (view, output lot)
    inputs : (view, lot of `Flow.basis`)
    """

    outputs: Whole
    inputs: Whole


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of one account."""

    view: str
    """Knowledge on which its deposits rest: one of `cesim.trace.custody.counted.VIEWS`."""
    account: str
    """Name of the site; ``*`` for the one account of all sites."""
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outcome:
    """What a model makes of the eligible matter.

    Attributes
    ----------
    lot_mg : (view, output lot)
        Claimed for each lot; never more than it weighs.
    refused_mg : (view,)
        Asked for, or on average due, and not granted, for it would have been more than came in.
    statements
        None but for models with accounts.
    """

    lot_mg: Whole
    refused_mg: Whole
    statements: tuple[Statement, ...] = ()
