"""Which runs are of interest: those past a level of an indicator, the worst of them, or those without a result."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.discovery.pareto import accepted
from cesim.sweep.discovery.worst import worst as worst_runs
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from cesim.sweep.discovery.boxes import Bools
    from cesim.sweep.discovery.pareto import Best


def marked(
    results: Mapping[str, ArrayLike],
    indicator: str,
    *,
    below: float | None = None,
    above: float | None = None,
    worst: float | None = None,
    best: Best = "high",
) -> Bools:
    """Say which runs are of interest.

    Parameters
    ----------
    results
        indicator -> (run,)
    indicator
        which of them decides
    below, above
        runs strictly below or above a level
    worst
        this share of the runs, strictly between 0 and 1, the worst by `best`; at least one
    best
        whether ``high`` or ``low`` values are better, for `worst`

    Raises
    ------
    InputError
        ``discovery_indicator_unknown``, ``discovery_condition``, ``discovery_not_finite``, ``discovery_nobody``,
        ``discovery_everybody``.
    """
    if indicator not in results:
        told = {"found": indicator, "nearest": nearest(indicator, tuple(results)), "allowed": tuple(results)}
        raise InputError([Fault("discovery_indicator_unknown", arguments=told)])
    asked = {"below": below, "above": above, "worst": worst}
    given = {name: level for name, level in asked.items() if level is not None}
    is_share = worst is None or 0.0 < worst < 1.0
    if len(given) != 1 or not all(map(math.isfinite, given.values())) or not is_share:
        raise InputError([Fault("discovery_condition", arguments={"found": given})])
    values = accepted(np.asarray(results[indicator], dtype=np.float64).reshape(-1, 1), [best], [indicator])[:, 0]
    out = np.zeros(values.size, dtype=np.bool_)
    if below is not None:
        out = values < below
    elif above is not None:
        out = values > above
    elif worst is not None and values.size:
        out[worst_runs(values, best, max(1, round(worst * values.size))).runs] = True
    if out.all() or not out.any():
        code = "discovery_everybody" if out.any() else "discovery_nobody"
        raise InputError([Fault(code, arguments={"runs": values.size})])
    return out
