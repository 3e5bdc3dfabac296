"""Sobol' indices of first, total and second order from the runs of a Saltelli design.

With A and B two independent sets of n points, AB_j the points of A with the columns of factor j from B, and BA_j the
points of B with those of A, and with f centred on the mean of all runs and V the variance of f(A) and f(B) together:

- first order, ``S_j = mean(f(B) (f(AB_j) - f(A))) / V``: Saltelli et al. 2010 (Computer Physics Communications 181,
  259-270), table 2 (b). The share of the variance that goes when factor j alone becomes known.
- total, ``T_j = mean((f(A) - f(AB_j))^2) / (2 V)``: Jansen 1999 (Computer Physics Communications 117, 35-43), the
  same table (f). The share that stays as long as factor j alone is unknown.
- second order, ``S_jk = mean(f(BA_j) f(AB_k) - f(A) f(B)) / V - S_j - S_k`` for j < k: Saltelli 2002 (Computer
  Physics Communications 145, 280-297). What j and k do together beyond what each does.

f is centred first because estimates of a result far from zero are noisier (Sobol' et al. 2007, Reliability
Engineering and System Safety 92, 957-960). These are the estimators of SALib 1.6, and the same runs give the same
values.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from cesim.sweep.sensitivity.checked import all_finite, does_not_vary, refused, same_shape
from cesim.sweep.sensitivity.estimated import Estimated, Unvarying
from cesim.sweep.sensitivity.resampling import Resampling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_POINTS: Final = 64
"""Base points below which no index is told (an estimate: intervals are then mostly wider than half of the scale)."""

_AT_ONCE: Final = 1 << 20
"""Products held at a time."""

_HARDLY: Final = 1e-12
"""Variance of the base points, as a share of that of all runs, that is rounding."""


@dataclass(frozen=True)
class SobolIndices:
    """What the variance of one result comes from.

    Attributes
    ----------
    first, total
        in the order of the factors
    second
        in the order of `pairs`; None where the design has no runs for it
    pairs
        numbers of two factors, the lower first
    points
        base points
    resampling
        how the intervals were made
    """

    first: Estimated
    total: Estimated
    second: Estimated | None
    pairs: tuple[tuple[int, int], ...]
    points: int
    resampling: Resampling


class _Runs(NamedTuple):
    """What one result came to."""

    a: Floats
    b: Floats
    ab: Floats
    ba: Floats | None


def sobol_indices(
    a: Floats,
    b: Floats,
    ab: Floats,
    ba: Floats | None = None,
    resampling: Resampling | None = None,
    *,
    name: str = "",
) -> SobolIndices | Unvarying:
    """Tell the indices of one result.

    Parameters
    ----------
    a, b : (point,)
        results of the base points A and B
    ab, ba : (point, factor)
        results of A with the columns of a factor from B, and the other way about; without `ba` there is no second
        order
    resampling
        how intervals are made; 1,000 resamples, normal, 95 % unless told
    name
        of the result, for the place of a fault

    Raises
    ------
    InputError
        ``sweep_values_not_finite``, ``sweep_values_shape``, ``sweep_too_few_points``
    """
    asked = resampling or Resampling()
    runs = _checked(name, _Runs(a, b, ab, ba))
    return _told([runs], asked)[0]


def sobol_of_outputs(
    a: Floats,
    b: Floats,
    ab: Floats,
    ba: Floats | None = None,
    resampling: Resampling | None = None,
    *,
    names: tuple[str, ...] = (),
) -> tuple[SobolIndices | Unvarying, ...]:
    """Tell the indices of several results, with the same resamples for all.

    As `sobol_indices`, with one more axis at the end of each array: (point, output) and (point, factor, output).
    """
    asked = resampling or Resampling()
    outputs = range(a.shape[-1])
    runs = [
        _checked(name, _Runs(a[..., o], b[..., o], ab[..., o], None if ba is None else ba[..., o]))
        for o, name in zip(outputs, names or ("",) * len(outputs), strict=True)
    ]
    return _told(runs, asked)


def _checked(name: str, runs: _Runs) -> _Runs:
    """Refuse what no index can be told from."""
    points = runs.a.size
    same_shape(name, "A", runs.a, (points,))
    same_shape(name, "B", runs.b, (points,))
    factors = runs.ab.shape[-1]
    same_shape(name, "AB", runs.ab, (points, factors))
    if runs.ba is not None:
        same_shape(name, "BA", runs.ba, (points, factors))
    all_finite(name, *(values for values in runs if values is not None))
    if points < FEWEST_POINTS:
        raise refused("sweep_too_few_points", name, found=points, least=FEWEST_POINTS)
    a, b, ab = (np.ascontiguousarray(values) for values in runs[:3])  # views of other strides have other last bits
    return _Runs(a, b, ab, None if runs.ba is None else np.ascontiguousarray(runs.ba))


def _told(every: Sequence[_Runs], asked: Resampling) -> tuple[SobolIndices | Unvarying, ...]:
    """Indices of results of the same points, the same resamples for all."""
    if not every:
        return ()
    held = [_Spread.of(runs) for runs in every]
    points = every[0].a.size
    for counts in chain([np.ones((1, points))], asked.blocks(points)):
        for one in held:
            one.take(counts)
    return tuple(one.told(asked) for one in held)


class _Spread:
    """One result, and its indices from one block of resamples after the other; the first row is all points once."""

    def __init__(self, middle: float, points: int, normal: _Runs | None) -> None:
        self._middle, self._points, self._normal = middle, points, normal
        self._code: Literal["does_not_vary", "hardly_varies"] = "does_not_vary"
        self._parts: list[tuple[Floats, Floats, Floats]] = []

    @classmethod
    def of(cls, runs: _Runs) -> _Spread:
        whole = np.concatenate([np.ravel(values) for values in runs if values is not None])
        normal = None if does_not_vary(whole) else _normalised(runs, whole)
        return cls(float(np.median(whole)), runs.a.size, normal)

    def take(self, counts: Floats) -> None:
        """Add the indices of rows of counts (row, point)."""
        found = None if self._normal is None else _resampled(self._normal, counts)
        if found is not None:
            self._parts.append(found)
        elif self._normal is not None:
            self._normal, self._code = None, "hardly_varies"

    def told(self, asked: Resampling) -> SobolIndices | Unvarying:
        """Return the indices with their intervals."""
        if self._normal is None:
            return Unvarying(self._code, self._middle, self._points)
        first, total, second = (np.concatenate(kind) for kind in zip(*self._parts, strict=True))
        pairs = tuple(combinations(range(self._normal.ab.shape[1]), 2)) if self._normal.ba is not None else ()
        return SobolIndices(
            asked.estimated(first[0], first[1:]), asked.estimated(total[0], total[1:]),
            asked.estimated(second[0], second[1:]) if second.size else None, pairs if second.size else (),
            self._points, asked,
        )  # fmt: skip


def _normalised(runs: _Runs, whole: Floats) -> _Runs:
    """Results centred on the mean of all of them, in units of their standard deviation."""
    top = np.abs(whole).max()  # first in units of the largest, so that no square is too large or too small to hold
    middle, spread = (whole / top).mean(), (whole / top).std()
    a, b, ab = ((values / top - middle) / spread for values in (runs.a, runs.b, runs.ab))
    return _Runs(a, b, ab, None if runs.ba is None else (runs.ba / top - middle) / spread)


def _resampled(runs: _Runs, counts: Floats) -> tuple[Floats, Floats, Floats] | None:
    """First, total and second order (row, index) for rows of counts (row, point); None where one has no spread.

    A mean over a resample is the mean of the same products weighed by how often each point was drawn, so that all
    resamples are one product of matrices.
    """
    a, b, points = runs.a[:, None], runs.b[:, None], runs.a.size
    mean = counts @ (runs.a + runs.b) / (2 * points)
    variance = counts @ (runs.a**2 + runs.b**2) / (2 * points) - mean**2
    if variance.min() <= _HARDLY:
        return None
    scale = 1.0 / (points * variance[:, None])
    first = counts @ (b * (runs.ab - a)) * scale
    total = 0.5 * (counts @ (a - runs.ab) ** 2) * scale
    if runs.ba is None:
        return first, total, np.empty((counts.shape[0], 0))
    lower, upper = np.triu_indices(runs.ab.shape[1], 1)
    both = (_paired(runs, counts) - counts @ (a * b)) * scale
    return first, total, both - first[:, lower] - first[:, upper]


def _paired(runs: _Runs, counts: Floats) -> Floats:
    """Sums of f(BA_j) f(AB_k) over rows of counts (row, pair), some points at a time."""
    assert runs.ba is not None
    points, factors = runs.ab.shape
    pairs = factors * (factors - 1) // 2
    out = np.zeros((counts.shape[0], pairs))
    step = max(1, _AT_ONCE // max(1, pairs))
    for start in range(0, points, step):
        ab, ba = runs.ab[start : start + step], runs.ba[start : start + step]
        products = np.concatenate([ba[:, j, None] * ab[:, j + 1 :] for j in range(factors)], axis=1)
        out += counts[:, start : start + step] @ products
    return out
