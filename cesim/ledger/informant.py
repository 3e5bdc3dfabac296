"""The port through which whoever handles lots learns what records say of them.

The lot-by-lot engine tells what happened and asks what is known; who answers (nobody, a perfect memory, a network of
platforms with delays and mistakes) is plugged in by the run. The truth itself is never asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Rows = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a record says of a lot, and how likely it is to be true."""

    lot: int
    field: str
    """What it speaks of, such as ``grade`` or ``Al_mg``."""
    value: str | int
    reliability: float
    """Chance that the record is right, 0 to 1."""
    recorded_s: int
    """Second at which it was written."""


class Informant(Protocol):
    """Somebody who keeps records."""

    def tell(self, rows: Mapping[str, Rows]) -> None:
        """Hear what happened: new rows of the tables by name, in the order of time."""
        ...

    def ask(self, lot: int, viewer: str, now: int) -> Sequence[Claim]:
        """Return what a viewer may know of a lot at a second; nothing where nothing is known."""
        ...

    def next_wake(self) -> int | None:
        """Return the next second at which an answer may change by itself; none where it never does."""
        ...
