"""How many records are wrong beyond doubt, whoever wrote the wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Records that cannot all be right."""

    reason: str
    """What is wrong between them: a name of a table of the audit."""
    members: tuple[int, ...]
    """Each once."""
    wrong: int = 1
    """At least so many of them are wrong."""


def least_wrong(conflicts: Iterable[Conflict], records: int) -> tuple[int, list[Conflict]]:
    """Return a number of records that is no more than how many are wrong, and the conflicts that it rests on.

    Parameters
    ----------
    conflicts
        In any order.
    records
        How many records there are.

    Notes
    -----
    Who is wrong is not known, so only conflicts that share no record are added up. Those that convict the greatest
    share of their members come first; the sum need not be the largest that can be proved.
    """
    order = sorted(conflicts, key=lambda one: (len(one.members) / one.wrong, one.members, one.reason))
    taken, counted = np.zeros(records, dtype=bool), []
    for conflict in order:
        members = np.array(conflict.members, dtype=np.int64)
        if not taken[members].any():
            taken[members] = True
            counted.append(conflict)
    return sum(conflict.wrong for conflict in counted), counted
