"""What an audit finds in the records, and, where the truth is known, how well it finds what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from cesim.quantities import KeyedSource
from cesim.trace.audit.roc import HARMLESS, roc_by_fault
from cesim.trace.audit.verdict import audit
from cesim.trace.audit.weighing import Weighing
from cesim.trace.records import FAULTS
from cesim.trace.reporting.policies import EVERYONE, from_mapping
from cesim.trace.reporting.writing import write_records
from cesim.trace.steps import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.run.trace.tracing import Tracing
    from cesim.trace.audit.verdict import Audit
    from cesim.trace.records import Records

POINTS: Final = 60
"""Most points of a curve that are kept."""
DRILL: Final = {
    "omission": 0.01, "unit_slip": 0.01, "swapped": 0.01, "duplicate": 0.01, "over_claim": 0.01, "pre_as_post": 0.01,
    "double_claim": 0.01, "forged": 0.01, "collusion": 0.01, "collusion_gain": 0.05,
}  # fmt: skip
"""Faults and lies of the drill, by the fields of a policy; 5 % more mass than there is where two collude."""
FEW: Final = 5
"""Wrong records below which a curve says nothing."""


def audit_frames(tracing: Tracing) -> dict[str, pd.DataFrame]:
    """`audit` (what was found, by kind), `actors` (how each writes), `roc` (how well wrong records stand out).

    The audit sees the records alone. `roc` is a drill: the same lots and habits, with every kind of fault and lie
    planted in one record of a hundred (`DRILL`), and the suspicion of an audit of these held against what was planted.
    """
    found = audit(tracing.records, weighing_of(tracing), losses_told=tracing.truth is not None)
    drilled = _drilled(tracing)
    suspicion = found if drilled is tracing.records else audit(drilled, weighing_of(tracing))
    return {"audit": _counts(tracing, found), "actors": _actors(tracing, found), "roc": _curves(drilled, suspicion)}


def _drilled(tracing: Tracing) -> Records:
    """Return the records of the drill; those that there are where no truth is known to drill with."""
    truth = tracing.truth
    if truth is None:
        return tracing.records
    habits = tracing.about["habits"]
    known = {*ROLES, EVERYONE}
    drill = {name: {**told, **DRILL} for name, told in habits.items() if name in known and told.get("coverage") != 0.0}
    kept = {name: told for name, told in habits.items() if name not in drill}
    policies = from_mapping({**kept, EVERYONE: {**habits.get(EVERYONE, {}), **DRILL}, **drill}, truth.names.actors)
    return write_records(truth, policies, KeyedSource(tracing.about["seed"]))


def weighing_of(tracing: Tracing) -> Weighing:
    """Return what the certifier knows of scales."""
    asked = tracing.judging
    return Weighing(relative_sd=asked["weighing_sd"], bias_sd=asked["bias_sd"])


def found_wrong(tables: Mapping[str, pd.DataFrame]) -> int:
    """Return how many records an audit found wrong beyond doubt."""
    held = tables["audit"]
    return int(held.loc[held["what"] == "wrong_beyond_doubt", "count"].iloc[0])


def _counts(tracing: Tracing, found: Audit) -> pd.DataFrame:
    """One row a kind of finding."""
    held = found.tables
    rows = {
        "records": len(tracing.records),
        "pairs": len(held.pairs.shipping),
        "pairs_apart": int(np.count_nonzero(held.pairs.reported)),
        "one_side_missing": len(held.missing.record),
        "unit_slips": int(np.count_nonzero(held.slipped)),
        "overused_lots": int(np.count_nonzero(held.overuse.reported)),
        "born_twice": len(np.unique(held.born_twice[0])),
        "entered_twice": int(np.count_nonzero(held.same >= 0)),
        "wrong_beyond_doubt": found.found_wrong,
    }
    rows |= {f"proof_{reason}": sum(one.reason == reason for one in found.conflicts)
             for reason in sorted({one.reason for one in found.conflicts})}  # fmt: skip
    if tracing.truth is not None:
        harmless = sum(1 << FAULTS.index(name) for name in HARMLESS)
        rows["planted"] = int(np.count_nonzero(tracing.records.fault & ~harmless))
    return pd.DataFrame({"what": list(rows), "count": list(rows.values())})


def _actors(tracing: Tracing, found: Audit) -> pd.DataFrame:
    """One row an actor: how much it records, how late, how suspicious."""
    written, names = found.tables.writing, tracing.records.entries.names.actors
    return pd.DataFrame({
        "actor": [actor.name for actor in names],
        "role": [actor.role for actor in names],
        "place": [actor.place for actor in names],
        "records": written.records,
        "records_per_t": written.per_tonne,
        "median_delay_days": written.delay_s / 86_400,
        "complete_share": written.complete,
        "suspicion": found.suspicion.actor.mean(axis=1) if found.suspicion.actor.size else 0.0,
    })  # fmt: skip


def _curves(records: Records, found: Audit) -> pd.DataFrame:
    """One row a point of a curve, thinned out; none for a kind of which there is next to nothing."""
    rows: list[dict[str, Any]] = []
    for fault, curve in roc_by_fault(records, found.suspicion.record).items():
        if curve.wrong < FEW or curve.auc is None:
            continue
        kept = np.unique(np.linspace(0, len(curve.threshold) - 1, POINTS).round().astype(int))
        rows += [
            {"fault": fault, "wrong": curve.wrong, "right": curve.right, "auc": curve.auc, "auc_se": curve.se,
             "false_share": float(curve.false_share[n]), "hit_share": float(curve.hit_share[n])}
            for n in kept.tolist()
        ]  # fmt: skip
    columns = ["fault", "wrong", "right", "auc", "auc_se", "false_share", "hit_share"]
    return pd.DataFrame(rows, columns=columns)
