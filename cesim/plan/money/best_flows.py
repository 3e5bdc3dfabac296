"""The flows of a scenario at its best estimate, as far as they are paid for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.balance.inputs import REMOVED_TO
from cesim.ledger.substances import ITEMS
from cesim.quantities import KeyedSource
from cesim.run.compile_treatment import compile_treatment
from cesim.run.periods import balance_years
from cesim.run.sampler import Sampler

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

Flow = tuple[int, str, str]
"""Year, process from, process to."""


@dataclass(frozen=True)
class BestFlows:
    """Masses of one solution, all regions together, t."""

    scenario: Scenario
    years: tuple[int, ...]
    masses: dict[Flow, float]
    elements: dict[tuple[int, str, str, str], float]
    """By element as well, of the alloying additions."""
    removed: dict[int, Floats]
    """Year -> (part, outlet): what dismantlers take off for its material, t."""


def best_flows(scenario: Scenario, years: tuple[int, ...]) -> BestFlows:
    """Solve a scenario at the best estimate and add its flows up; years outside the run are left out.

    Raises
    ------
    NoAnswer
        when the model has no answer
    """
    from cesim.run.solve import Plan, all_blocks  # here, since pandas is slow to import
    from cesim.run.table_masses import composition_frame, flows_frame

    gathered = all_blocks(Plan(scenario, 0, 1), 1, None)
    flows = flows_frame(gathered.flows)
    kept = tuple(year for year in years if year in {int(one) for one in balance_years(scenario)})
    flows = flows[flows["year"].isin(kept)]
    added = composition_frame(gathered.substances)
    added = added[added["year"].isin(kept) & (added["process_from"] == "alloying_supply")]
    ends = ["year", "process_from", "process_to"]
    return BestFlows(
        scenario, kept, _sums(flows, ends, "best"), _sums(added, [*ends, "substance"], "mean"),
        _removed(scenario, flows, kept),
    )  # fmt: skip


def _sums(frame: pd.DataFrame, by: list[str], what: str) -> dict[Any, float]:
    """Masses added up by some columns."""
    sums = frame.groupby(by)[what].sum()
    return dict(zip(sums.index.tolist(), sums.tolist(), strict=True))


def _removed(scenario: Scenario, flows: pd.DataFrame, years: tuple[int, ...]) -> dict[int, Floats]:
    """What comes to the dismantlers, times the share of each part that is taken off, by part and outlet."""
    treatment = compile_treatment(scenario, Sampler(KeyedSource(0), 0, 1))
    arrived = flows[(flows["process_from"] == "take_back") & (flows["process_to"] == "dismantling")]
    by_item = arrived.groupby(["year", "alloy"])["best"].sum()
    first, out = int(balance_years(scenario)[0]), {}
    for year in years:
        masses = np.array([float(by_item.get((year, item), 0.0)) for item in ITEMS])
        rest = (1.0 - treatment.reused[0, year - first]) * treatment.taken[0, year - first]
        held = rest[:, None] * treatment.part_share[0] * masses
        out[year] = np.stack([(held * (treatment.removed_to == n)).sum(axis=1) for n in range(len(REMOVED_TO))], axis=1)
    return out
