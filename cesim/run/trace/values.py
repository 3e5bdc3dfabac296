"""Whose records narrow what can be proved of a product: whom to bring on board, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from cesim.quantities import KeyedSource
from cesim.trace.audit.value import onboarding, values
from cesim.trace.audit.widths import claim_widths
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.reporting.policies import Policies, from_mapping
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.run.trace.tracing import Tracing
    from cesim.trace.records import Records

    Floats = NDArray[np.float64]

FIRST: Final = 8
"""How many are brought on board, one after the other."""
LOST: Final = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)


def values_frames(tracing: Tracing, first: int = FIRST) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`values` and `onboarding`: what each actor's records are worth for each product, and in which order to begin.

    Worth is the share of the product whose origin nobody could tell without the actor's records, with those of all
    others as they are. The order begins with nobody on board.
    """
    worth: list[dict[str, Any]] = []
    order: list[dict[str, Any]] = []
    actors = tracing.records.entries.names.actors
    for product in tracing.products:
        widths = claim_widths(tracing.records, tracing.weight_of(product, len(tracing.records.entries.lots)))
        nobody = np.zeros(len(actors), dtype=bool)
        found = values(widths, range(len(actors)), ~nobody)
        told = [one for one in found if one.leaves]
        worth += [
            {"product": product.key, "actor": actors[one.actor].name, "role": actors[one.actor].role,
             "place": actors[one.actor].place, "worth": one.leaves}
            for one in told
        ]  # fmt: skip
        steps = onboarding(widths, [one.actor for one in told], nobody, first)
        names = ["", *(actors[actor].name for actor in steps.order)]
        order += [
            {"product": product.key, "step": step, "actor": name, "width": width}
            for step, (name, width) in enumerate(zip(names, steps.width, strict=True))
        ]
    return pd.DataFrame(worth), pd.DataFrame(order)


def fuller_frame(tracing: Tracing) -> pd.DataFrame:
    """`fuller`: how much narrower the interval of each product gets when all of one role record all there is.

    Only the coverage of that role changes; luck is by actor, so all other records stay as they are.
    """
    columns = ["product", "role", "before", "after", "gain"]
    truth, habits = tracing.truth, tracing.about.get("habits")
    if truth is None or not habits:
        return pd.DataFrame(columns=columns)
    before = _widths(tracing, tracing.records)
    rows = []
    for role in sorted({actor.role for actor in truth.names.actors}):
        fuller = {**habits, role: {**habits.get(role, {}), "coverage": 1.0}}
        policies = from_mapping(fuller, truth.names.actors)
        after = _widths(tracing, write_records(truth, policies, KeyedSource(tracing.about["seed"])))
        rows += [
            {"product": key, "role": role, "before": width, "after": after[key], "gain": width - after[key]}
            for key, width in before.items()
        ]
    return pd.DataFrame(rows, columns=columns)


def losses_frame(tracing: Tracing, losses: Sequence[float] = LOST) -> pd.DataFrame:
    """`losses`: the unknown share of each product when everybody is honest and a share of all records is lost."""
    rows = []
    if tracing.truth is not None:
        for lost in losses:
            policies = Policies(otherwise=Policy(coverage=1.0 - lost))
            records = write_records(tracing.truth, policies, KeyedSource(tracing.about["seed"]))
            found = _widths(tracing, records)
            rows += [{"product": key, "lost": lost, "width": width} for key, width in found.items()]
    return pd.DataFrame(rows, columns=["product", "lost", "width"])


def _widths(tracing: Tracing, records: Records) -> dict[str, float]:
    """Unknown share of each product."""
    told = shares(rebuild(records, tolerance=tracing.tolerance).genealogy).sum(axis=1)
    found = {}
    for product in tracing.products:
        weight = tracing.weight_of(product, len(records.entries.lots))
        found[product.key] = max(0.0, 1.0 - float(weight @ told) / float(weight.sum()))
    return found
