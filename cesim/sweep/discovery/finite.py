"""What is no finite number is refused by name, before anything is computed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.sweep.discovery.boxes import Floats


def refuse_not_finite(values: Floats, names: Sequence[str] | None, called: str) -> None:
    """Name every column of values (run, column) in which a run has no finite number, all at once.

    Raises
    ------
    InputError
        ``discovery_not_finite``, one a column, at its name or its place in what it is `called`.
    """
    bad = ~np.isfinite(values)
    faults = [
        Fault(
            "discovery_not_finite",
            Place(model=names[column] if names is not None else f"{called}[{column}]"),
            {"count": int(bad[:, column].sum()), "run": int(bad[:, column].argmax()), "runs": len(values)},
        )
        for column in map(int, np.flatnonzero(bad.any(axis=0)))
    ]
    if faults:
        raise InputError(faults)
