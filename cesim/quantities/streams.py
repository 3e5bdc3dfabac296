"""Keyed draws: luck that depends on who asks for it, never on when.

Every uncertain thing has a stream of its own, like a numbered roll of tickets with its name printed on
it. Ticket *i* is the same whoever else tears tickets off other rolls, and in whatever order (Q10).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cesim.quantities.faults import QuantityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_WORDS_PER_COUNT = 4
"""Philox 4x64 makes four 64-bit words for each value of its counter."""

_BITS = 52
"""``(k + 0.5) / 2**52`` is exact and below 1 for every k; with 53 bits the last k would round to 1."""


def uniforms(seed: int, name: str, first: int, count: int) -> NDArray[np.float64]:
    """Draws `first` to ``first + count - 1`` of the stream `name`, uniform on the open interval (0, 1).

    Philox 4x64-10 (Salmon et al., SC11, 2011) under a key hashed from the seed and the name; draw *i* is
    word ``i % 4`` at count ``i // 4``, its top 52 bits ``k`` taken as ``(k + 0.5) / 2**52``.

    Parameters
    ----------
    seed
        Of the run, not negative.
    name
        Of the stream, such as a parameter's path.
    first, count
        Index of the first draw and how many, not negative.

    Returns
    -------
    ndarray
        Float64, shape ``(count,)``.

    Raises
    ------
    QuantityError
        ``negative_seed``, ``negative_draw``.
    """
    if seed < 0:
        raise QuantityError("negative_seed", found=seed, allowed=">= 0")
    if first < 0 or count < 0:
        raise QuantityError("negative_draw", found=(first, count), allowed=">= 0")
    counter, skipped = divmod(int(first), _WORDS_PER_COUNT)
    words = np.random.Philox(key=_key(seed, name), counter=counter).random_raw(skipped + int(count))[skipped:]
    return ((words >> np.uint64(64 - _BITS)).astype(np.float64) + 0.5) * 2.0**-_BITS


def _key(seed: int, name: str) -> int:
    """128 bits from seed and name; the separator keeps ``(1, '2x')`` and ``(12, 'x')`` apart."""
    digest = blake2b(f"{seed}\0{name}".encode(), digest_size=16, person=b"cesim draws").digest()
    return int.from_bytes(digest, "little")


class UniformSource(Protocol):
    """Where draws come from: a seed, or the columns of a design."""

    def u(self, name: str, first: int, count: int) -> NDArray[np.float64]:
        """Draws `first` to ``first + count - 1`` of the stream `name`, shape ``(count,)``, in (0, 1)."""
        ...


class DrawSource(UniformSource, Protocol):
    """Where the draws of uncertain numbers come from, of which some may be kept still."""

    def holds(self, name: str) -> bool:
        """Say whether what the stream `name` would move stays at its best estimate in every draw."""
        ...


@dataclass(frozen=True, slots=True)
class KeyedSource:
    """Draws made from a seed: the source of a plain run."""

    seed: int
    """The seed of the run."""

    def u(self, name: str, first: int, count: int) -> NDArray[np.float64]:
        """Draws `first` to ``first + count - 1`` of the stream `name`; see `uniforms`."""
        return uniforms(self.seed, name, first, count)

    def holds(self, name: str) -> bool:  # noqa: ARG002 -- whatever it is called
        """Say no: everything uncertain is drawn."""
        return False


class TableSource:
    """Draws read from the columns of a design; streams without a column come from `fallback`.

    Parameters
    ----------
    columns
        Stream name to probabilities, each shape ``(draws,)``, strictly between 0 and 1; copied.
    fallback
        Answers for every other stream.

    Raises
    ------
    QuantityError
        ``column_not_flat``, ``u_out_of_range``; ``column_too_short`` when more draws are asked for.
    """

    def __init__(self, columns: Mapping[str, NDArray[np.float64]], fallback: DrawSource) -> None:
        self._columns = {name: _accepted_column(name, column) for name, column in columns.items()}
        self._fallback = fallback

    def u(self, name: str, first: int, count: int) -> NDArray[np.float64]:
        """Rows `first` to ``first + count - 1`` of the column `name`, or the fallback's draws."""
        column = self._columns.get(name)
        if column is None:
            return self._fallback.u(name, first, count)
        if first < 0 or count < 0:
            raise QuantityError("negative_draw", found=(first, count), allowed=">= 0")
        if first + count > len(column):
            raise QuantityError("column_too_short", found=first + count, allowed=len(column), name=name)
        return column[first : first + count].copy()

    def holds(self, name: str) -> bool:
        """Say no for a stream with a column; of others the fallback decides."""
        return name not in self._columns and self._fallback.holds(name)


def _accepted_column(name: str, column: NDArray[np.float64]) -> NDArray[np.float64]:
    accepted = np.array(column, dtype=np.float64)
    if accepted.ndim != 1:
        raise QuantityError("column_not_flat", found=accepted.shape, allowed="(draws,)", name=name)
    outside = accepted[~((accepted > 0.0) & (accepted < 1.0))]
    if outside.size:
        raise QuantityError("u_out_of_range", found=float(outside[0]), allowed="0 < u < 1", name=name)
    return accepted
