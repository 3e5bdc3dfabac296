"""Streams that share their luck: declared correlations by a Gaussian copula (Q14)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.quantities.faults import QuantityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_TOLERANCE = 1e-10
"""Slack for written matrices: symmetry, unit diagonal and the least eigenvalue."""


@dataclass(frozen=True)
class Correlation:
    """Which scalar streams move together, and how closely.

    The entries are correlations of normal scores; the rank correlation of what is drawn is
    ``6 / pi * asin(r / 2)``, a little less (Nelsen, *An Introduction to Copulas*, 2006, sec. 5.1).

    Refuses, with a `QuantityError` naming the worst pair: a matrix that is not square or does not fit the
    names (``matrix_shape``), a name given twice (``name_repeated``), entries outside [-1, 1] or not finite
    (``correlation_out_of_range``), a diagonal that is not one (``diagonal_not_one``), an asymmetric matrix
    (``not_symmetric``) and correlations that cannot hold together (``not_positive_semidefinite``).
    """

    names: tuple[str, ...]
    """The streams, in the order in which one leans on those before it."""

    matrix: tuple[tuple[float, ...], ...]
    """Row and column per name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))
        object.__setattr__(self, "matrix", tuple(tuple(float(r) for r in row) for row in self.matrix))
        k = len(self.names)
        if len(set(self.names)) < k:
            repeated = sorted({name for name in self.names if self.names.count(name) > 1})
            raise QuantityError("name_repeated", found=repeated, allowed="each name once")
        if len(self.matrix) != k or any(len(row) != k for row in self.matrix):
            shape = (len(self.matrix), max((len(row) for row in self.matrix), default=0))
            raise QuantityError("matrix_shape", found=shape, allowed=(k, k))
        self._check_entries(np.array(self.matrix).reshape(k, k))

    @cached_property
    def factor(self) -> NDArray[np.float64]:
        """Lower triangular Cholesky factor, shape ``(k, k)``; zero pivots where a stream adds nothing new."""
        matrix = np.array(self.matrix)
        factor = np.zeros_like(matrix)
        for row in range(len(self.names)):
            for column in range(row):
                rest = matrix[row, column] - math.fsum(factor[row, :column] * factor[column, :column])
                pivot = factor[column, column]
                factor[row, column] = rest / pivot if pivot > 0.0 else 0.0
            left = 1.0 - math.fsum(factor[row, :row] ** 2)
            factor[row, row] = math.sqrt(left) if left > _TOLERANCE else 0.0
        factor.flags.writeable = False
        return factor

    def correlate(self, u: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        """Make the declared streams move together; hand on every other stream untouched.

        Parameters
        ----------
        u
            Stream name to independent uniforms in (0, 1), all of one shape for the declared names.

        Returns
        -------
        dict
            The same names in the same order; each draw depends on the same draw of the streams alone.

        Raises
        ------
        QuantityError
            ``stream_missing``, ``wrong_shape``, ``u_out_of_range``.
        """
        self._check_streams(u)
        if not self.names:
            return dict(u)
        from scipy.special import ndtr, ndtri  # here, since scipy is slow to import

        scores = [ndtri(np.array(u[name], dtype=np.float64)) for name in self.names]
        together = dict(u)
        for row, name in enumerate(self.names):
            weights = self.factor[row]
            if not weights[:row].any():
                continue  # Q14: leans on none before it
            score = np.zeros_like(scores[row])
            for column in range(row + 1):
                score = score + weights[column] * scores[column]
            # beyond 8.2 standard deviations a probability rounds to 0 or 1, which no quantile accepts
            together[name] = np.clip(ndtr(score), 2.0**-53, 1.0 - 2.0**-53)
        return together

    def _check_entries(self, matrix: NDArray[np.float64]) -> None:
        strange = ~(np.abs(matrix) <= 1.0 + _TOLERANCE)
        if strange.any():
            self._refuse("correlation_out_of_range", strange.astype(float), matrix, allowed=(-1.0, 1.0))
        crooked = np.abs(matrix - matrix.T)
        if matrix.size and crooked.max() > _TOLERANCE:
            self._refuse("not_symmetric", crooked, matrix, allowed="the same both ways")
        off = np.abs(np.diag(matrix) - 1.0)
        if matrix.size and off.max() > _TOLERANCE:
            self._refuse("diagonal_not_one", np.diag(off), matrix, allowed=1.0)
        eigenvalues, vectors = np.linalg.eigh(matrix)
        if matrix.size and eigenvalues[0] < -_TOLERANCE:
            # the pair that pulls the negative eigenvalue down most
            pull = -matrix * np.outer(vectors[:, 0], vectors[:, 0])
            np.fill_diagonal(pull, -np.inf)
            self._refuse("not_positive_semidefinite", pull, matrix, allowed="eigenvalues >= 0")

    def _refuse(self, code: str, badness: NDArray[np.float64], matrix: NDArray[np.float64], allowed: object) -> None:
        row, column = (int(place) for place in np.unravel_index(int(np.argmax(badness)), badness.shape))
        pair = (self.names[row], self.names[column])
        raise QuantityError(code, found=float(matrix[row, column]), allowed=allowed, pair=pair)

    def _check_streams(self, u: Mapping[str, NDArray[np.float64]]) -> None:
        missing = [name for name in self.names if name not in u]
        if missing:
            raise QuantityError("stream_missing", found=sorted(u), allowed=list(self.names), missing=missing)
        for name in self.names:
            uniform = np.asarray(u[name], dtype=np.float64)
            shape = np.shape(u[self.names[0]])
            if uniform.shape != shape:
                raise QuantityError("wrong_shape", found=uniform.shape, allowed=shape, name=name)
            outside = uniform[~((uniform > 0.0) & (uniform < 1.0))]
            if outside.size:
                raise QuantityError("u_out_of_range", found=float(outside[0]), allowed="0 < u < 1", name=name)
