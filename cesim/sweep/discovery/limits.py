"""A box while it is being cut: its limits by column, and what each of them keeps out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cesim.sweep.discovery.boxes import Box, Restriction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.sweep.discovery.boxes import Bools
    from cesim.sweep.discovery.space import Space

Side = Literal["low", "high", "kept"]


class Face(NamedTuple):
    """One limit of a box."""

    column: int
    side: Side


@dataclass(frozen=True)
class Limits:
    """Where a box ends: face -> limit; of a category the set of those that it keeps."""

    held: Mapping[Face, float | frozenset[float]]

    @property
    def columns(self) -> frozenset[int]:
        """The inputs that are restricted."""
        return frozenset(face.column for face in self.held)

    def with_(self, face: Face, limit: float | frozenset[float] | None) -> Limits:
        """Return the limits with one set, or taken away."""
        others = {other: held for other, held in self.held.items() if other != face}
        return Limits(others if limit is None else {**others, face: limit})

    def without(self, face: Face) -> Limits:
        """Return the limits without one."""
        return self.with_(face, None)

    @classmethod
    def of(cls, box: Box) -> Limits:
        """Return the limits of a box that was told."""
        held: dict[Face, float | frozenset[float]] = {}
        for restriction in box.restrictions:
            if restriction.low is not None:
                held[Face(restriction.column, "low")] = restriction.low
            if restriction.high is not None:
                held[Face(restriction.column, "high")] = restriction.high
            if restriction.kind == "category":
                held[Face(restriction.column, "kept")] = frozenset(restriction.kept)
        return cls(held)


FREE = Limits({})
"""The box that holds everything."""


@dataclass(frozen=True)
class Cut:
    """What the limits of a box keep out of some runs.

    Attributes
    ----------
    faces
        in the order of the rows of `out`
    out : (face, run)
        which runs a limit keeps out
    count : (run,)
        by how many limits a run is kept out; 0 in the box
    """

    faces: tuple[Face, ...]
    out: Bools
    count: np.ndarray[tuple[int], np.dtype[np.uint8 | np.uint16]]

    @classmethod
    def of(cls, space: Space, limits: Limits) -> Cut:
        """Return what limits keep out."""
        faces = tuple(sorted(limits.held))
        out = np.zeros((len(faces), space.runs), dtype=np.bool_)
        for row, face in enumerate(faces):
            out[row] = kept_out(space, face, limits.held[face])
        return cls(faces, out, out.sum(axis=0, dtype=np.uint16))

    def without(self, face: Face) -> Cut:
        """Return what is kept out without one limit."""
        row = self.faces.index(face)
        rest = [n for n in range(len(self.faces)) if n != row]
        count = (self.count - self.out[row]).astype(self.count.dtype)
        return Cut(tuple(self.faces[n] for n in rest), self.out[rest], count)

    def only_by(self, face: Face) -> Bools:
        """Say which runs one limit alone keeps out."""
        alone: Bools = self.out[self.faces.index(face)] & (self.count == 1)
        return alone

    def quasi_p(self, of_interest: Bools) -> dict[Face, float]:
        """Return the quasi-p-value of each limit (Bryant and Lempert 2010, section 3.2).

        How likely at least so many of the runs in the box would be of interest if they were so at the rate of the box
        without that limit (binomial, one-sided). A limit that keeps nothing out has 1.
        """
        if not self.faces:
            return {}
        from scipy.special import bdtrc  # here, since scipy is slow to import

        inside, alone = self.count == 0, self.out & (self.count == 1)
        n, k = int(inside.sum()), int((inside & of_interest).sum())
        more = alone.sum(axis=1)
        # 0 in (box) or 1 out: every face sees the box and what it alone keeps out
        rate = (k + (alone & of_interest).sum(axis=1)) / np.maximum(n + more, 1)
        p = np.where(k > 0, bdtrc(max(k - 1, 0), n, rate), 1.0)
        return {face: float(min(value, 1.0)) for face, value in zip(self.faces, p, strict=True)}


def kept_out(space: Space, face: Face, limit: float | frozenset[float]) -> Bools:
    """Say which runs a limit keeps out."""
    values = space.columns[face.column]
    if isinstance(limit, frozenset):
        return np.isin(values, sorted(limit), invert=True)
    beyond: Bools = values < limit if face.side == "low" else values > limit
    return beyond


def told(space: Space, limits: Limits, runs: int, of_interest: int, cut: Cut | None = None) -> Box:
    """Return limits as a box with its counts in a space; `runs` and `of_interest` are all there are."""
    cut = Cut.of(space, limits) if cut is None else cut
    p = cut.quasi_p(space.of_interest)
    inside = cut.count == 0
    restrictions = tuple(_restriction(space, column, limits, p) for column in sorted(limits.columns))
    return Box(restrictions, int(inside.sum()), int((inside & space.of_interest).sum()), runs, of_interest)


def _restriction(space: Space, column: int, limits: Limits, p: Mapping[Face, float]) -> Restriction:
    kind = space.kinds[column]
    if kind == "category":
        face = Face(column, "kept")
        kept = limits.held[face]
        assert isinstance(kept, frozenset)
        there = np.unique(space.columns[column]).tolist()
        dropped = tuple(category for category in there if category not in kept)
        return Restriction(column, kind, kept=tuple(sorted(kept)), dropped=dropped, p_kept=p[face])
    made = Restriction(column, kind)
    low, high = limits.held.get(Face(column, "low")), limits.held.get(Face(column, "high"))
    if isinstance(low, float):
        made = replace(made, low=low, p_low=p[Face(column, "low")])
    if isinstance(high, float):
        made = replace(made, high=high, p_high=p[Face(column, "high")])
    return made


def between(out: float, inside: float) -> float:
    """Return the limit half-way between a value left out and the nearest kept; never the one that is left out."""
    middle = out + (inside - out) / 2.0
    return inside if middle == out else middle
