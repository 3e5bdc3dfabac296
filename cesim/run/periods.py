"""The two spans of years of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.scenario.model import Scenario


def fleet_years(scenario: Scenario) -> NDArray[np.int64]:
    """All cohorts."""
    return np.arange(scenario.years.fleet_from, scenario.years.end + 1)


def balance_years(scenario: Scenario) -> NDArray[np.int64]:
    """The years of the material balance."""
    return np.arange(scenario.years.start, scenario.years.end + 1)
