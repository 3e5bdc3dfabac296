"""Records while they are being written: the truth, and what is changed of it on the way to the book."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.records import FAULTS
from cesim.trace.reporting.tickets import Tickets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.quantities.streams import UniformSource
    from cesim.trace.entries import Entries
    from cesim.trace.reporting.policies import Policies

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]


class Draft:
    """The book as it stands: one record for each entry of the truth, those that nobody writes among them.

    Arrays of the truth are never written into; whoever changes one puts another in its place.
    """

    def __init__(self, truth: Entries, policies: Policies, source: UniformSource) -> None:
        policies.checked(truth.names.actors)
        self.truth = truth
        self.tickets = Tickets(truth, source)
        self.policy = [policies.of(actor) for actor in truth.names.actors]
        self.inputs = truth.inputs
        self.outputs = truth.outputs
        self.sources = truth.sources
        self.loss_mg = truth.loss_mg
        self.relabel = truth.relabel
        self.fault: Whole = np.zeros(len(truth), dtype=np.int64)
        takes_part = self.rate("coverage") > 0
        self.reported: Truths = ~truth.inside & takes_part[truth.actor]
        """Records that others may see, (entry,), before any is lost."""
        self.kept: Truths = np.ones(len(truth), dtype=bool)
        """Records that are written at all, (entry,)."""

    def entries(self) -> Entries:
        """Return the entries as they would be written, all of them."""
        return replace(
            self.truth,
            inputs=self.inputs,
            outputs=self.outputs,
            sources=self.sources,
            loss_mg=self.loss_mg,
            relabel=self.relabel,
        )

    def rate(self, field: str) -> Floats:
        """Return a number of all policies, (actor + 1,); the last is 0, of entries that nobody made."""
        return np.array([*(float(getattr(policy, field)) for policy in self.policy), 0.0])

    def any(self, *fields: str) -> bool:
        """Return whether any policy has one of these numbers above or below zero."""
        return any(bool(self.rate(field).any()) for field in fields)

    def draws(self, purpose: str, field: str, rows: Whole | None = None) -> Floats:
        """Return a draw for a purpose of all entries or of some, 1 where the number in the policy is 0."""
        return self.tickets.of_entries(purpose, self.rate(field) != 0, rows)

    def struck(self, field: str, where: Truths) -> Truths:
        """Return which of some reported records a fault strikes at the rate of a policy, (entry,)."""
        return self.reported & where & self.tickets.strikes(field, self.rate(field))

    def mark(self, fault: str, where: Truths) -> None:
        """Note what is wrong with some records."""
        self.fault = self.fault | where.astype(np.int64) << FAULTS.index(fault)

    def unmark(self, fault: str, where: Truths) -> None:
        """Take back a note, where something else has covered it."""
        self.fault = self.fault & ~(where.astype(np.int64) << FAULTS.index(fault))

    def has(self, fault: str) -> Truths:
        """Return which records have a fault, (entry,)."""
        return np.asarray(self.fault >> FAULTS.index(fault) & 1, dtype=bool)
