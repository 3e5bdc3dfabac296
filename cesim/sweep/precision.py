"""How well a study knows a mean: half of its 95 % interval, alternative by alternative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault
from cesim.sweep.store import open_study

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.planning import SweepPlan
    from cesim.sweep.study import StopRule

Z = 1.959963984540054
"""The 97.5 % quantile of the standard normal."""


def half_widths(folder: Path, rule: StopRule, plan: SweepPlan, points: int) -> list[float]:
    """Return half of the 95 % interval of the mean of an indicator over the first points in each alternative.

    Points of a design that fills space are taken for independent, which makes the interval wider than need be.
    Runs without a result are refused: a mean of what is left would speak of other futures.

    Raises
    ------
    InputError
        what `StudyTables.finite` raises
    """
    values = open_study(folder).finite(rule.indicator, _region(rule, plan), rule.year, points)
    means = values.mean(axis=1)  # over replicates: (point, alternative)
    if len(means) < 2:
        return [float("inf")]
    spread = means.std(axis=0, ddof=1) / np.sqrt(len(means))
    return [float(Z * one) for one in spread]


def strange_in(rule: StopRule, plan: SweepPlan) -> list[Fault]:
    """Return ``sweep_stop_unknown`` for an indicator, region or year of a stop rule that is not kept."""
    asked = {"indicators": rule.indicator, "regions": _region(rule, plan), "years": rule.year}
    shape = plan.recipe.shape
    strange = [str(found) for what, found in asked.items() if found not in getattr(shape, what)]
    return [Fault("sweep_stop_unknown", arguments={"found": name}) for name in strange]


def _region(rule: StopRule, plan: SweepPlan) -> str:
    return rule.region or plan.alternatives[0].scenario.report.focus_id
