"""What a grade says of lots at the gate: taken or not, rightly or not, and because of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.composition import BASE, TOLERANCE
from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.charge.grades import ScrapGrade
    from cesim.charge.streams import LotTable

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Booleans = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]

TAKEN, GOOD = 1, 2
"""Bits of a verdict: taken by its reading, and good by what it truly holds."""


@dataclass(frozen=True)
class Test:
    """One limit of a grade against one column of lots."""

    name: str
    """Element or foreign matter; ``"Mg min"`` for a lower limit."""
    of: str
    """Element or foreign matter."""
    limit: float
    """Mass fraction."""
    is_lower: bool

    def missed(self, values: Singles) -> Booleans:
        """Say where single-precision mass fractions miss the limit; rounding alone never does."""
        if self.is_lower:
            return np.asarray(values < np.float32(self.limit - TOLERANCE))
        return np.asarray(values > np.float32(self.limit + TOLERANCE))

    def excess(self, values: Singles) -> Singles:
        """Return how far the limit is used, above 1 where it is missed."""
        with np.errstate(divide="ignore"):
            used = self.limit / values if self.is_lower else values / np.float32(self.limit)
        return np.asarray(used, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Verdict:
    """The verdict on every lot."""

    tests: tuple[Test, ...]
    """The limits that were tried, in the order of the codes."""
    code: Bytes
    """(lot,): `TAKEN` and `GOOD` added up."""
    sole: Bytes
    """(lot,): 0 taken, 1 + the limit that alone turned the lot away, 1 + number of limits where several did."""
    first: Bytes
    """(lot,): 0 taken, 1 + the limit that was missed by most, as a share of itself."""

    @property
    def taken(self) -> Booleans:
        """Which lots were taken, (lot,)."""
        return np.asarray((self.code & TAKEN) > 0)


def tests_of(grade: ScrapGrade, elements: tuple[str, ...], things: tuple[str, ...]) -> tuple[Test, ...]:
    """Return the limits of a grade.

    Raises
    ------
    InputError
        ``charge_no_limits`` for a class of words or of a usual composition, ``charge_not_measured`` for a limit on
        what no lot says anything about.
    """
    own = {"free_iron": grade.free_iron, "coating": grade.coating, "moisture": grade.moisture, **grade.foreign}
    beside = {name: limit for name, limit in own.items() if limit is not None}
    with Refusals(f"ScrapGrade {grade.name}") as refusals:
        if grade.basis != "limits":
            refusals.refuse("charge_no_limits", grade.basis)
        for name in (*grade.upper, *grade.lower):
            if name not in (*elements, BASE):
                refusals.refuse("charge_not_measured", name)
        for name in beside:
            if name not in things:
                refusals.refuse("charge_not_measured", name)
    upper = [Test(name, name, limit, False) for name, limit in (*grade.upper.items(), *beside.items())]
    return (*upper, *(Test(f"{name} min", name, limit, True) for name, limit in grade.lower.items()))


def judge(table: LotTable, grade: ScrapGrade) -> Verdict:
    """Try every lot: by its readings, and by what it truly holds. Errors as `tests_of`."""
    tests = tests_of(grade, table.elements, tuple(table.foreign))
    lots = table.true.shape[1]
    code, sole, first = np.empty(lots, np.uint8), np.empty(lots, np.uint8), np.empty(lots, np.uint8)
    for _, block in table.blocks():
        failed, sole[block], good = _tried(table, tests, block)
        code[block] = (failed == 0) * TAKEN + good * np.uint8(GOOD)
        first[block] = sole[block]
        several = np.flatnonzero(failed > 1)
        if several.size:
            sole[block][several] = len(tests) + 1
            used = [test.excess(read[several]) for test, _, read in _columns(table, tests, block)]
            first[block][several] = np.argmax(used, axis=0) + 1
    return Verdict(tests, code, sole, first)


def _tried(table: LotTable, tests: tuple[Test, ...], block: slice) -> tuple[Bytes, Bytes, Booleans]:
    """How many limits the readings miss, one of them, and whether the truth keeps all."""
    size = block.stop - block.start
    failed, cause, good = np.zeros(size, np.uint8), np.zeros(size, np.uint8), np.ones(size, np.bool_)
    for at, (test, true, read) in enumerate(_columns(table, tests, block), 1):
        missed = test.missed(read)
        failed += missed
        np.copyto(cause, np.uint8(at), where=missed)
        good &= ~test.missed(true)
    return failed, cause, good


def _columns(
    table: LotTable, tests: tuple[Test, ...], block: slice
) -> Iterator[tuple[Test, Singles, Singles]]:  # fmt: skip
    """Every limit with the true and the read column it is held against; aluminium is the rest."""
    for test in tests:
        if test.of in table.foreign:
            true, read = table.foreign[test.of]
            yield test, true[block], read[block]
        elif test.of == BASE:
            yield test, 1 - table.true[:, block].sum(axis=0), 1 - table.read[:, block].sum(axis=0)
        else:
            at = table.elements.index(test.of)
            yield test, table.true[at, block], table.read[at, block]
