"""The road-map: what the plan as written brings when, beside what the targets ask for (forecast and backcast).

Only the data; the picture is drawn by the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from cesim.plan.money import costs
from cesim.run.accumulate import sample
from cesim.scenario.plan import Horizon, Pillar

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cesim.plan.futures import Futures
    from cesim.plan.money import Costs
    from cesim.scenario.effects import Decision
    from cesim.scenario.plan import ActionPlan, Actor, Material

_ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Bar:
    """One measure in one plan."""

    start: int
    """First year in which it acts."""
    full: int
    """Year in which it has come in fully."""
    level: float
    """Share of it that is carried out."""
    waits: bool
    """Whether it lacks what it needs, so that it does nothing and costs nothing."""
    cost: float
    """JPY of present value, all payers together, best estimate."""
    low: float
    high: float
    """5th and 95th percentile of the draws; the best estimate where nothing was drawn."""


@dataclass(frozen=True)
class RoadMapRow:
    """A measure, in the plan as written and in the plan that the targets ask for."""

    measure: str
    name_ja: str
    name_en: str
    pillar: Pillar
    horizon: Horizon
    material: Material
    actor: Actor
    published: bool
    """Whether a published plan names it; if not it is a place-holder."""
    needs: tuple[str, ...]
    forecast: Bar | None
    """As adopted in the plan; None where it is not."""
    backcast: Bar | None
    """As the search chose it; None where it did not."""


@dataclass(frozen=True)
class RoadMap:
    """The measures of either plan, by pillar, horizon and start."""

    rows: tuple[RoadMapRow, ...]
    first: int
    last: int
    """Years that the bars lie between: those whose costs are counted."""

    def frame(self) -> pd.DataFrame:
        """Return tidy rows: one for each measure and plan it is in."""
        import pandas as pd

        out = []
        for row in self.rows:
            shared = {name: value for name, value in vars(row).items() if name not in ("forecast", "backcast", "needs")}
            bars = {"forecast": row.forecast, "backcast": row.backcast}
            out += [shared | {"plan": plan} | vars(bar) for plan, bar in bars.items() if bar is not None]
        columns = [*list(RoadMapRow.__annotations__)[:8], "plan", *Bar.__annotations__]
        return pd.DataFrame(out, columns=columns).rename(
            columns={"cost": "cost_jpy", "low": "low_jpy", "high": "high_jpy"}
        )


def road_map(futures: Futures, choice: Mapping[str, Decision]) -> RoadMap:
    """Return the plan as adopted beside a choice, every measure that is in either.

    Parameters
    ----------
    futures
        of the plan; its luck is that of the costs
    choice
        what a backcast answered, or the choice nearest to targets out of reach

    Raises
    ------
    InputError
        as `cesim.plan.money.costs`, for a choice that the plan does not allow
    """
    plan = futures.plan
    forecast, backcast = _bars(futures, futures.adopted), _bars(futures, choice)
    held = sorted(forecast.keys() | backcast.keys(), key=lambda name: _place(plan, name, forecast, backcast))
    rows = tuple(_row(plan, name, forecast.get(name), backcast.get(name)) for name in held)
    return RoadMap(rows, plan.base_year, plan.until)


def _place(
    plan: ActionPlan, name: str, forecast: Mapping[str, Bar], backcast: Mapping[str, Bar]
) -> tuple[int, int, int, str]:
    measure = plan.measures[name]
    start = min(bars[name].start for bars in (forecast, backcast) if name in bars)
    return get_args(Pillar).index(measure.pillar), get_args(Horizon).index(measure.horizon), start, name


def _bars(futures: Futures, choice: Mapping[str, Decision]) -> dict[str, Bar]:
    told = costs(futures.scenario, choice, (futures.prepared.plan.seed, futures.draws))
    active = {held.name for held in told.measures}
    return {name: _bar(futures.plan, name, decision, told, name in active) for name, decision in choice.items()}


def _bar(plan: ActionPlan, name: str, decision: Decision, told: Costs, active: bool) -> Bar:
    measure = plan.measures[name]
    start = measure.start if decision.start is None else decision.start
    level = measure.level.value if decision.level is None else decision.level
    lanes = told.present(measure=name) if active else np.zeros(1)
    low, high = np.quantile(sample(lanes), _ENDS)
    full = start + measure.ramp.years - 1
    return Bar(start, full, level, not active, float(lanes[0]), float(low), float(high))


def _row(plan: ActionPlan, name: str, forecast: Bar | None, backcast: Bar | None) -> RoadMapRow:
    own = plan.measures[name]
    return RoadMapRow(
        name, own.name.ja, own.name.en, own.pillar, own.horizon, own.material, own.actor, own.published, own.needs,
        forecast, backcast,
    )  # fmt: skip
