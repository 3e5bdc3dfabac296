"""Luck of those who write records: by actor, purpose and count, never by the number of an entry or a lot."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.selecting import places
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.quantities.streams import UniformSource
    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]


class Tickets:
    """Rolls of numbered tickets, one for each actor, step and purpose.

    The n-th ticket belongs to the n-th entry that this actor has of this step in the truth, whatever the others do and
    whatever is recorded. So another policy of one actor changes no record of anybody else, and a fault that happens at
    a rate happens at every higher rate too.

    Parameters
    ----------
    truth
        What happened.
    source
        Of the draws.
    """

    def __init__(self, truth: Entries, source: UniformSource) -> None:
        self._truth = truth
        self._source = source
        self._names = [actor.name for actor in truth.names.actors]

    @cached_property
    def _groups(self) -> tuple[Whole, Whole]:
        """Entries by actor and step, in the order of time within each; and where each group begins."""
        groups = (len(self._names) + 1) * len(STEPS)
        group = np.where(self._truth.actor < 0, len(self._names), self._truth.actor) * len(STEPS) + self._truth.step
        starts = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=groups))])
        small = group.astype(np.uint16) if groups <= 2**16 else group  # sorted by digits, four times as fast
        return np.argsort(small, kind="stable"), starts

    def of_actors(self, purpose: str) -> Floats:
        """Return one draw for each actor, (actor,), uniform on (0, 1)."""
        return np.array([self._source.u(f"records|{name}|{purpose}", 0, 1)[0] for name in self._names])

    def of_entries(self, purpose: str, wanted: Truths) -> Floats:
        """Return a draw for each entry of the actors wanted, 1 for all others, (entry,)."""
        order, starts = self._groups
        return self._drawn(purpose, wanted, order, starts)

    def of_edges(self, start: Whole, purpose: str, wanted: Truths) -> Floats:
        """Return a draw for each edge of the entries of the actors wanted, 1 for all others, (edge,)."""
        order, starts = self._groups
        ends, index = places(start, order)
        return self._drawn(purpose, wanted, index, ends[starts])

    def _drawn(self, purpose: str, wanted: Truths, order: Whole, starts: Whole) -> Floats:
        drawn = np.ones(len(order))
        for actor in np.flatnonzero(wanted[: len(self._names)]).tolist():
            for step, name in enumerate(STEPS):
                first, after = starts[actor * len(STEPS) + step : actor * len(STEPS) + step + 2].tolist()
                if after > first:
                    stream = f"records|{self._names[actor]}|{name}|{purpose}"
                    drawn[first:after] = self._source.u(stream, 0, after - first)
        out = np.empty(len(order))
        out[order] = drawn
        return out
