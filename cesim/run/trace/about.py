"""What is said of a trace: the run, the hypothesis, how it is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cesim
from cesim.trace.reporting.policies import from_mapping

if TYPE_CHECKING:
    from cesim.run.trace.reporting import Asked
    from cesim.trace.entries import Actor
    from cesim.trace.reporting.policies import Policies

FIXED, HEARD = "fixed", "heard"
"""How records and metal hang together: put over metal that knew nothing of them, or heard by those who charged it."""


def about_of(run: dict[str, Any], policy: str, asked: Asked, seed: int, made: str) -> dict[str, Any]:
    """Return what is said of a trace: the run, the hypothesis, how it is judged."""
    return {
        "kind": "trace",
        "cesim": cesim.__version__,
        "made": made,
        "first_year": run["asked"]["first"],
        "run": {
            "scenario": run["scenario"]["name"], "hash": run["scenario"]["hash"], "asked": run["asked"],
            "focus": run["focus"],
        },
        "region_names": run["region_names"],
        "policy": policy,
        "habits": dict(asked.habits),
        "desk": dict(asked.desk),
        "judging": dict(asked.judging),
        "seed": seed,
    }  # fmt: skip


def policies_of(asked: Asked, actors: tuple[Actor, ...]) -> Policies:
    """Return the policies of a hypothesis for those who are there."""
    return from_mapping(asked.habits, actors)
