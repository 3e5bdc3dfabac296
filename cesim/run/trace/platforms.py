"""What the platforms carry of a trace, and what it takes of people, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cesim.quantities import KeyedSource
from cesim.trace.platforms.network_plan import composition_plan
from cesim.trace.platforms.traffic import traffic_of

if TYPE_CHECKING:
    from cesim.run.trace.tracing import Tracing
    from cesim.trace.platforms.traffic_cmp import Work

COLUMNS = ("platform", "what", "of", "count")


def platforms_frame(tracing: Tracing) -> pd.DataFrame:
    """`platforms`: one row a platform and kind of message, and a few on the people who answer.

    ``what`` is ``message`` (how many), ``identity`` (lots or cars of which nobody can tell one from another from there
    on, and those that were told), or ``work`` (of people; waiting in days).
    """
    about = tracing.about
    desk = about.get("desk")
    plan = composition_plan(desk) if desk else None
    found = traffic_of(tracing.records, int(about["first_year"]), plan, KeyedSource(int(about.get("seed", 0))))
    rows: list[tuple[str, str, str, float]] = [
        (platform, "identity" if kind in IDENTITY else "message", kind, float(count))
        for platform, kinds in found.messages.items()
        for kind, count in kinds.items()
    ]
    if found.work is not None:
        rows += [("cmp", "work", name, value) for name, value in _work(found.work, found.messages["cmp"]).items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


IDENTITY = frozenset({"cars_ended", "cars_not_arrived", "lots", "lots_folded", "lots_alone"})
"""Counts that are no messages."""


def _work(work: Work, messages: Any) -> dict[str, float]:
    answers = max(work.answers, 1)
    return {
        "answers": work.answers, "hours": work.hours, "people": work.people,
        **dict(zip(("wait_median", "wait_p90", "wait_most"), work.wait_days, strict=True)),
        **dict(zip(("read_median", "read_p90", "read_most"), work.until_read_days, strict=True)),
        "returned_share": messages.get("return", 0) / answers,
    }  # fmt: skip
