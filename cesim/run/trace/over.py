"""Records put over a run whose metal is fixed: another hypothesis of who writes what, the same lots."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.quantities import KeyedSource
from cesim.run.lots import open_lot_run
from cesim.run.record import LOTS
from cesim.run.trace.about import FIXED, about_of, policies_of
from cesim.run.trace.reporting import asked_of
from cesim.run.trace.tracing import Tracing
from cesim.run.trace.truth import truth_of
from cesim.scenario import open_scenario
from cesim.trace.reporting.policies import ACTORS, EVERYONE
from cesim.trace.reporting.writing import write_records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.run.trace.reporting import Asked
    from cesim.scenario.model import Scenario

HONEST, SILENT = "honest", "silent"
BUILT_IN: Final[dict[str, dict[str, Any]]] = {
    HONEST: {EVERYONE: {}, ACTORS: {}}, SILENT: {EVERYONE: {"coverage": 0.0}, ACTORS: {}},
}  # fmt: skip
"""Habits that need no file: everybody writes everything as it was; nobody writes anything."""
JUDGED_BY: Final = "chubu-2035"
"""Scenario by which records of built-in policies are judged."""


def trace_over(
    run: str | Path,
    policy: str | Path | None = None,
    seed: int = 0,
    overrides: Mapping[str, object] | None = None,
) -> Tracing:
    """Return the records that would have been written of a run, under a hypothesis.

    The metal stays what it is: whoever charged it did not hear of these records.

    Parameters
    ----------
    run
        Folder of a run lot by lot.
    policy
        Scenario whose section `reporting` is taken, or ``honest``, or ``silent``; without it, that of the run.
    seed
        Of the luck of those who write.
    overrides
        Dotted path -> value, laid over the scenario that is taken.

    Raises
    ------
    InputError
        For a folder that is no such run, ``no_reporting``, and what `policies.from_mapping` finds.
    """
    found = open_lot_run(run)
    year = int(found.about["asked"]["last"])
    truth = truth_of(found.folder / LOTS)
    name, asked = _hypothesis(found.about, policy, year, seed, overrides)
    records = write_records(truth, policies_of(asked, truth.names.actors), KeyedSource(seed))
    return Tracing(about_of(found.about, name, asked, seed, FIXED), records, truth)


def _hypothesis(
    run: dict[str, Any], policy: str | Path | None, year: int, seed: int, overrides: Mapping[str, object] | None
) -> tuple[str, Asked]:
    """Return the name of the hypothesis and its numbers; what is built in is judged as `JUDGED_BY` says."""
    if policy is None:
        return "", asked_of(_of_run(run, overrides), year, seed)
    if str(policy) not in BUILT_IN:
        return str(policy), asked_of(open_scenario(policy, overrides).scenario, year, seed)
    asked = asked_of(open_scenario(JUDGED_BY, overrides).scenario, year, seed)
    return str(policy), replace(asked, habits=BUILT_IN[str(policy)])


def _of_run(run: dict[str, Any], overrides: Mapping[str, object] | None) -> Scenario:
    """Return the scenario of a run, as its record holds it."""
    with tempfile.TemporaryDirectory(prefix="cesim-") as folder:
        path = Path(folder) / (run["scenario"]["file"] or "run.yaml")
        path.write_text(run["scenario"]["resolved"], encoding="utf-8")
        return open_scenario(path, overrides).scenario
