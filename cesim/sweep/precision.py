"""How well a study knows a mean: half of its 95 % interval, alternative by alternative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.store import open_study

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.planning import SweepPlan
    from cesim.sweep.study import StopRule

Z = 1.959963984540054
"""The 97.5 % quantile of the standard normal."""


def half_widths(folder: Path, rule: StopRule, plan: SweepPlan) -> list[float]:
    """Return half of the 95 % interval of the mean of an indicator in each alternative.

    Points of a design that fills space are taken for independent, which makes the interval wider than need be.
    Runs without a result are refused: a mean of what is left would speak of other futures.

    Raises
    ------
    InputError
        ``sweep_stop_unknown`` for an indicator, region or year that is not kept; what `StudyTables.finite` raises
    """
    shape = plan.recipe.shape
    region = rule.region or plan.alternatives[0].scenario.report.focus_id
    asked = {"indicators": rule.indicator, "regions": region, "years": rule.year}
    strange = [str(found) for what, found in asked.items() if found not in getattr(shape, what)]
    if strange:
        raise InputError([Fault("sweep_stop_unknown", arguments={"found": name}) for name in strange])
    values = open_study(folder).finite(rule.indicator, region, rule.year)
    means = values.mean(axis=1)  # over replicates: (point, alternative)
    if len(means) < 2:
        return [float("inf")]
    spread = means.std(axis=0, ddof=1) / np.sqrt(len(means))
    return [float(Z * one) for one in spread]
