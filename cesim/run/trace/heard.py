"""Records of a run whose casthouses heard them: what the network decided of bales is what stands in the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.quantities import KeyedSource
from cesim.run.trace.about import HEARD, about_of, policies_of
from cesim.run.trace.network import DECIDED
from cesim.run.trace.reporting import asked_of
from cesim.run.trace.tracing import Tracing
from cesim.run.trace.truth import truth_of
from cesim.trace.records import FAULTS, Records
from cesim.trace.reporting.binding import said_to_weigh
from cesim.trace.reporting.writing import write_records
from cesim.trace.selecting import selected
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.scenario.model import Scenario
    from cesim.trace.entries import Entries
    from cesim.trace.reporting.policies import Policies

    Whole = NDArray[np.int64]

_SHIPPING = STEPS.index("shipping")
_SWAPPED = 1 << FAULTS.index("swapped_lot")


def trace_heard(scenario: Scenario, run: dict[str, Any], folder: Path) -> Tracing:
    """Return the trace of a run that was traced while it ran.

    Parameters
    ----------
    run
        Its record.
    folder
        Of its lot tables, and of what the network decided.
    """
    import pyarrow.parquet as pq

    seed = int(run["asked"]["seed"])
    asked = asked_of(scenario, int(run["asked"]["last"]), seed)
    truth = truth_of(folder)
    decided = pq.read_table(folder / DECIDED, columns=["lot", "covered", "written_s", "taken_for"])
    columns = {name: np.asarray(decided[name].to_numpy()) for name in decided.column_names}
    records = heard_records(truth, policies_of(asked, truth.names.actors), seed, columns)
    return Tracing(about_of(run, "", asked, seed, HEARD), records, truth)


def heard_records(truth: Entries, policies: Policies, seed: int, decided: Mapping[str, Whole]) -> Records:
    """Return the records that policies make of a truth, but for shipments that the network decided on while it ran.

    Such a shipment is on record where the network covered the bale, written when the network says so, under the label
    that the network read. Luck is by actor and count, and more coverage keeps all that less coverage has, so these are
    found among the records of suppliers who cover everything. Masses are those of the policies: what the network says
    of a bale is its composition, of which a ledger has no column.
    """
    all_of_them = full_coverage(policies, truth)
    source = KeyedSource(seed)
    some, whole = (write_records(truth, one, source) for one in (policies, all_of_them))
    at = np.full(len(truth.lots) + 1, -1)
    at[decided["lot"]] = np.arange(len(decided["lot"]))
    moved = np.append(truth.inputs.lot, -1)[truth.inputs.start[whole.event]]  # the record may name another lot
    bale = np.where((whole.entries.step == _SHIPPING) & (whole.event >= 0), at[moved], -1)
    told = bale >= 0
    covered = np.append(decided["covered"], 0)[bale] > 0
    kept = np.where(told, covered, np.isin(whole.event, some.event))
    written = np.where(told & covered, np.append(decided["written_s"], 0)[bale], whole.written_s)
    rows = np.flatnonzero(kept)
    taken_for = np.append(decided["taken_for"], -1)[bale]
    known = truth.birth[taken_for] < whole.event  # a label that nobody had printed yet stands on no record
    labelled = _labelled(whole, told & covered, moved, np.where(known, taken_for, -1))
    said = None if whole.said_s is None else np.where(told & covered, written, whole.said_s)[rows]
    entries = selected(labelled.entries, rows)
    lots = replace(entries.lots, mass_mg=said_to_weigh(entries, len(entries.lots)))
    return Records(
        replace(entries, lots=lots), whole.event[rows], written[rows], whole.declared[rows], labelled.fault[rows],
        said,
    )  # fmt: skip


def _labelled(records: Records, told: NDArray[np.bool_], moved: Whole, taken_for: Whole) -> Records:
    """Return records of which those that were told name the lot that was moved, or the one it was taken for.

    A shipment is one lot, so what the policies themselves swapped there is undone.
    """
    edges, wrong = records.entries.inputs, told & (taken_for >= 0)
    lots = edges.lot.copy()
    lots[edges.start[:-1][told]] = np.where(wrong, taken_for, moved)[told]
    fault = np.where(told, records.fault & ~_SWAPPED | wrong * _SWAPPED, records.fault)
    return replace(records, entries=replace(records.entries, inputs=replace(edges, lot=lots)), fault=fault)


def full_coverage(policies: Policies, truth: Entries) -> Policies:
    """Return the same policies with full coverage for everybody who takes part."""
    full = {}
    for actor in truth.names.actors:
        policy = policies.of(actor)
        full[actor.name] = replace(policy, coverage=1.0) if policy.coverage > 0.0 else policy
    return replace(policies, exceptions=full)
