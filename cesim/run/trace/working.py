"""All tables of a trace, worked out one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cesim.run.trace.audits import audit_frames, found_wrong
from cesim.run.trace.claims import claims_frame
from cesim.run.trace.handovers import handovers_frame
from cesim.run.trace.platforms import platforms_frame
from cesim.run.trace.proofs import bounds_frame, budget_frame
from cesim.run.trace.values import fuller_frame, losses_frame, values_frames

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from cesim.run.trace.tracing import Tracing

STEPS = 9


def worked_out(tracing: Tracing, progress: Callable[[int, int], None] | None = None) -> Tracing:
    """Return a trace with its tables.

    Parameters
    ----------
    progress
        Called with (steps done, steps in all).
    """
    tables: dict[str, pd.DataFrame] = {}
    done = 0

    def keep(**found: pd.DataFrame) -> None:
        nonlocal done
        tables.update(found)
        done += 1
        if progress is not None:
            progress(done, STEPS)

    found: Any = audit_frames(tracing)
    keep(**found)
    keep(claims=claims_frame(tracing))
    keep(bounds=bounds_frame(tracing))
    keep(budget=budget_frame(tracing, found_wrong(tables)))
    values, order = values_frames(tracing)
    keep(values=values, onboarding=order)
    keep(fuller=fuller_frame(tracing))
    keep(losses=losses_frame(tracing))
    keep(handovers=handovers_frame(tracing))
    keep(platforms=platforms_frame(tracing))
    return replace(tracing, tables=tables)
