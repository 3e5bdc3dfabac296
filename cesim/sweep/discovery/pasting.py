"""Pasting: the last box grown outwards again, face by face, as long as that makes it denser."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.discovery.limits import Cut, Face, Limits, between
from cesim.sweep.discovery.peeling import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.sweep.discovery.peeling import Rule
    from cesim.sweep.discovery.space import Space


def pasted(space: Space, rule: Rule, limits: Limits) -> Iterator[Limits]:
    """Yield the limits after each slice that is brought back."""
    while (best := _best(space, rule, limits)) is not None:
        limits = limits.with_(best.face, best.limit)
        yield limits


def _best(space: Space, rule: Rule, limits: Limits) -> Change | None:
    cut = Cut.of(space, limits)
    inside = cut.count == 0
    before = (int(inside.sum()), int((inside & space.of_interest).sum()))
    best, best_key = None, (0.0, -math.inf)
    for change in _slices(space, rule, limits, cut):
        after = (before[0] + len(change.moved), before[1] + change.of_interest)
        if after[0] == before[0] or after[1] * before[0] <= before[1] * after[0]:
            continue
        key = (rule.worth(before, after), -float(len(limits.with_(change.face, change.limit).columns)))
        if key > best_key:
            best, best_key = change, key
    return best


def _slices(space: Space, rule: Rule, limits: Limits, cut: Cut) -> Iterator[Change]:
    for face in cut.faces:
        beyond = np.flatnonzero(cut.only_by(face))
        if not beyond.size:
            continue
        if face.side == "kept":
            yield from _categories(space, face, limits, beyond)
        else:
            yield _slice(space, rule, face, beyond)


def _slice(space: Space, rule: Rule, face: Face, beyond: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Change:
    """Return the slice next to a face, of the runs that it alone keeps out; no limit where it ends at the last run."""
    values = space.columns[face.column, beyond]
    order = np.argsort(values, kind="stable")
    moved, values = beyond[order], values[order]
    last, discrete = values.size - 1, space.kinds[face.column] == "discrete"
    ends = float(space.columns[face.column].min()), float(space.columns[face.column].max())
    if face.side == "low":
        nearest = values[-1] if discrete else values[math.ceil(last * (1.0 - rule.paste))]
        start = int(values.searchsorted(nearest, side="left"))
        limit = float(values[start])
        if start > 0 and not discrete:
            limit = between(float(values[start - 1]), limit)
        moved = moved[start:]
    else:
        nearest = values[0] if discrete else values[math.floor(last * rule.paste)]
        stop = int(values.searchsorted(nearest, side="right"))
        limit = float(values[stop - 1])
        if stop <= last and not discrete:
            limit = between(float(values[stop]), limit)
        moved = moved[:stop]
    return Change(face, None if limit in ends else limit, moved, int(space.of_interest[moved].sum()))


def _categories(
    space: Space, face: Face, limits: Limits, beyond: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> Iterator[Change]:
    kept = limits.held[face]
    assert isinstance(kept, frozenset)
    values = space.columns[face.column, beyond]
    everything = frozenset(np.unique(space.columns[face.column]).tolist())
    for category in np.unique(values).tolist():
        moved = beyond[values == category]
        more = kept | {category}
        yield Change(face, None if more == everything else more, moved, int(space.of_interest[moved].sum()))
