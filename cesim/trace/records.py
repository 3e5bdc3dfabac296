"""The ledger of records: what each actor wrote, when, and under which declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]

DECLARATIONS: Final = ("FSD", "FSR", "FMD", "none")
"""Full substances disclosed; full substances registered, some undisclosed; full mass, some anonymous; nothing said."""
FAULTS: Final = (
    "omitted_input",
    "scale",
    "unit_slip",
    "swapped_lot",
    "duplicate",
    "over_claim",
    "pre_as_post",
    "double_claim",
    "forged",
    "collusion",
    "back_dated",
)
"""What may be wrong with a record; bit n of `Records.fault` stands for the n-th."""


@dataclass(frozen=True)
class Records:
    """Records in the order of the time at which, they say, it happened.

    Attributes
    ----------
    entries
        As written: masses as weighed, lots as named, origins as declared. Lots have the numbers of the truth (their
        labels).
    event : (record,)
        Entry of the truth it speaks of; -1 where it is made up or nothing is known of the truth (a pilot's data).
    written_s : (record,)
        Second at which it was written; it is seen by nobody before.
    declared : (record,)
        Place in `DECLARATIONS`.
    fault : (record,)
        What is wrong with it, bits of `FAULTS`; known to whoever measures, to nobody else. 0 for imported ones.
    said_s : (record,)
        Second at which, it says, it was written: earlier than it was for one that is back-dated. None where all tell
        the time at which they were written.
    """

    entries: Entries
    event: Whole
    written_s: Whole
    declared: Whole
    fault: Whole
    said_s: Whole | None = None

    def __len__(self) -> int:
        return len(self.event)
