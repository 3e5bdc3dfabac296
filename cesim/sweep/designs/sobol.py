"""The Sobol' sequence, scrambled by key: points that fill the unit cube evenly, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.sweep.designs.design import check_asked
from cesim.sweep.designs.keyed import keyed_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Words = NDArray[np.uint32]

BITS: Final = 30
"""Binary digits of a point, so that there are 2**30 of them."""
WIDEST: Final = 21_201
"""Columns for which Joe and Kuo (2008) give direction numbers."""
_BLOCK: Final = 8
"""Digits of a point's number that are looked up at once: 256 points."""


class Sobol:
    """Points of the Sobol' sequence, under a linear matrix scramble and a digital shift for every column.

    The sequence is that of `scipy.stats.qmc.Sobol` (Bratley and Fox, *Algorithm 659*, ACM TOMS 14, 1988; direction
    numbers of Joe and Kuo, SIAM J. Sci. Comput. 30, 2008). The scramble is Matousek's (J. Complexity 14, 1998): the
    digits of a column are multiplied by a random lower triangular matrix over the two numbers 0 and 1, then some are
    turned over. It leaves a (t, m, s)-net in base 2 what it is, and puts every point uniformly.

    Both steps are linear over the digits of the point's number, so a point is the exclusive or of those numbered
    1, 2, 4, 8 and so on: nothing is remembered from one point to the next. A point stands at the centre of its cell
    of side 2**-30. Column j depends on the seed and on j alone.

    Parameters
    ----------
    columns
        from 1 to `WIDEST`
    seed
        of the scramble; without one the sequence stays as it is, for comparison with others

    Raises
    ------
    ValueError
        for no column, more than there are direction numbers for, or a point beyond 2**30
    """

    def __init__(self, columns: int, seed: int | None) -> None:
        if not 1 <= columns <= WIDEST:
            raise ValueError(f"{columns} columns: the Sobol' sequence has 1 to {WIDEST}")
        self.columns, self.seed = columns, seed
        self._shift = np.zeros(columns, dtype=np.uint32)
        self._images = np.broadcast_to((np.uint32(1) << np.arange(BITS, dtype=np.uint32))[:, None], (BITS, columns))
        if seed is not None:
            self._shift, self._images = _scramble(seed, columns)
        self._steps = np.empty((0, columns), dtype=np.uint32)
        self._block = np.zeros((0, columns), dtype=np.uint32)

    @property
    def points(self) -> None:
        """The sequence goes on."""
        return

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, None)
        self._reach(max(first + count, 1 << _BLOCK))
        words = np.empty((count, self.columns), dtype=np.uint32)
        at = first
        while at < first + count:  # a block of 256 points differs from the first such block by one word
            number, inside = divmod(at, 1 << _BLOCK)
            upto = min((number + 1) << _BLOCK, first + count)
            piece = self._block[inside : inside + upto - at]
            np.bitwise_xor(piece, self._start(number), out=words[at - first : upto - first])
            at = upto
        made: Floats = (words.astype(np.float64) + 0.5) * 2.0**-BITS
        return made

    def _start(self, block: int) -> Words:
        """Return the first point of a block as a word for each column, with the shift."""
        word = self._shift.copy()
        digit = _BLOCK
        while block:
            if block & 1:
                word ^= self._steps[digit]
            block, digit = block >> 1, digit + 1
        return word

    def _reach(self, points: int) -> None:
        """Make the points numbered 1, 2, 4 and so on as far as `points` of them need it."""
        known, wanted = len(self._steps), (points - 1).bit_length()
        if wanted > BITS:
            raise ValueError(f"point {points - 1}: the Sobol' sequence has 2**{BITS}")
        if wanted > known:
            more = _multiplied(self._images, _powers(self.columns, known, wanted))
            self._steps = np.concatenate([self._steps, more])
        if not len(self._block):
            self._block = np.zeros((1, self.columns), dtype=np.uint32)
            for step in self._steps[:_BLOCK]:
                self._block = np.concatenate([self._block, self._block ^ step])


def _powers(columns: int, first: int, last: int) -> Words:
    """Return the points numbered ``2**first`` to ``2**(last - 1)`` of the plain sequence, (power, column)."""
    from scipy.stats import qmc  # here, since it is slow to import

    engine = qmc.Sobol(columns, scramble=False, bits=BITS)
    engine.random(1)  # the very first point has rules of its own there
    found = np.empty((last - first, columns), dtype=np.uint32)
    for at, power in enumerate(range(first, last)):
        engine.fast_forward((1 << power) - engine.num_generated)
        found[at] = np.rint(engine.random(1)[0] * 2.0**BITS)
    return found


def _scramble(seed: int, columns: int) -> tuple[Words, Words]:
    """Return the shift of every column and what its matrix makes of each digit, the lowest first: (digit, column)."""
    luck = keyed_rows(seed, "sobol", 0, BITS + 1, columns)
    weight = 2.0 ** np.arange(BITS + 1)[:, None]
    drawn = np.floor(luck * weight).astype(np.uint32)
    return drawn[BITS], drawn[:BITS] + weight[:BITS].astype(np.uint32)


def _multiplied(images: Words, words: Words) -> Words:
    """Multiply words (word, column) by the matrix of their column."""
    made = np.zeros_like(words)
    for digit, image in enumerate(images):
        made ^= ((words >> np.uint32(digit)) & np.uint32(1)) * image
    return made
