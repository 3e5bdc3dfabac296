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

    @cached_property
    def _turn(self) -> Whole:
        """Where each entry stands in that order."""
        order = self._groups[0]
        turn = np.empty(len(order), dtype=np.int64)
        turn[order] = np.arange(len(order))
        return turn

    def of_entries(self, purpose: str, wanted: Truths, rows: Whole | None = None) -> Floats:
        """Return a draw for each entry of the actors wanted, (actor + 1,), and 1 for all others; of some or all."""
        order, starts = self._groups
        drawn = self._drawn(purpose, wanted, starts)
        return _put_back(drawn, order) if rows is None else drawn[self._turn[rows]]

    def of_edges(self, start: Whole, purpose: str, wanted: Truths) -> Floats:
        """Return a draw for each edge of the entries of the actors wanted, (actor + 1,), and 1 for others, (edge,)."""
        order, starts = self._groups
        ends, index = places(start, order)
        return _put_back(self._drawn(purpose, wanted, ends[starts]), index)

    def strikes(self, purpose: str, rate: Floats) -> Truths:
        """Return which entries have a draw below the rate of their actor, (actor + 1,), as truths (entry,)."""
        order, starts = self._groups
        rates = np.repeat(np.repeat(rate, len(STEPS)), np.diff(starts))
        out = np.zeros(len(order), dtype=bool)
        out[order[self._drawn(purpose, rate > 0, starts) < rates]] = True
        return out

    def _drawn(self, purpose: str, wanted: Truths, starts: Whole) -> Floats:
        """Return draws group by group, 1 for actors that are not wanted."""
        drawn = np.ones(starts[-1])
        filled = np.flatnonzero(np.diff(starts) > 0)
        for group in filled[wanted[filled // len(STEPS)]].tolist():
            actor, step = divmod(group, len(STEPS))
            if actor < len(self._names):
                first, after = starts[group : group + 2].tolist()
                stream = f"records|{self._names[actor]}|{STEPS[step]}|{purpose}"
                drawn[first:after] = self._source.u(stream, 0, after - first)
        return drawn


def _put_back(values: Floats, order: Whole) -> Floats:
    """Return values in the order in which their owners stand."""
    out = np.empty(len(order))
    out[order] = values
    return out
