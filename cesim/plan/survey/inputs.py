"""The uncertain numbers behind a plan: their streams, their status, and their luck draw by draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.run.sampler import numbers
from cesim.run.table_sources import streams_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cesim.plan.futures import Futures
    from cesim.quantities import Quantity
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

MONEY = ("investment", "running")
"""Numbers of a measure that move its costs and no flow.

Its life counts at its best estimate alone, and a subsidy costs all together nothing.
"""


@dataclass(frozen=True)
class Input:
    """An uncertain number that something is computed from."""

    path: str
    """As in the scenario; of a path over years the uncertain knot nearest 2035."""
    stream: str
    """Name of the stream its draws come from."""
    quantity: Quantity
    is_money: bool
    """Whether it moves costs alone."""


def inputs_of(scenario: Scenario) -> tuple[Input, ...]:
    """Return every uncertain number that flows or costs of a scenario are computed from."""
    held = list(numbers(scenario))
    by_path = dict(held)
    flows = [Input(path, stream, by_path[path], False) for stream, path in streams_of(held, scenario).items()]
    plan = scenario.plan
    if plan is None:
        return tuple(flows)
    active = plan.active(plan.adopted)
    costs = [
        Input(path, path, quantity, True)
        for path, quantity in held
        if not quantity.is_certain and _is_cost(path, active)
    ]
    return (*flows, *costs)


def _is_cost(path: str, active: frozenset[str]) -> bool:
    if path == "plan.discount":
        return True
    parts = path.split(".")
    return parts[:2] == ["plan", "measures"] and parts[2] in active and ".".join(parts[3:]) in MONEY


def luck(futures: Futures, inputs: tuple[Input, ...]) -> Mapping[str, Floats]:
    """Return the uniform numbers (draw,) behind each input, by path."""
    source = futures.prepared.plan.source()
    return {one.path: source.u(one.stream, 0, futures.draws) for one in inputs}
