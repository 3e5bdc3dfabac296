"""What a lot is made of, as columns: substances that add up to its mass, and origins that add up to it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.events.faults import refuse
from cesim.events.names import known
from cesim.events.sharing import HEAVIEST
from cesim.ledger.substances import ORIGINS, SUBSTANCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """The columns of every composition of a run, in mg: first the substances, then the origins.

    Both are partitions of the same mass, so both add up to the mass of the lot.
    """

    substances: tuple[str, ...] = SUBSTANCES
    origins: tuple[str, ...] = ORIGINS
    balance: str | None = None
    """The substance that takes what is left of a lot's mass where only some of its substances are given."""

    def __post_init__(self) -> None:
        for names in (self.substances, self.origins):
            if not names or len(set(names)) < len(names):
                raise refuse("columns_not_distinct", "columns", found=names)
        if self.balance is not None:
            known(self.balance, self.substances, "balance")

    @property
    def names(self) -> tuple[str, ...]:
        """All columns in their order."""
        return self.substances + self.origins

    @property
    def width(self) -> int:
        """Number of all columns."""
        return len(self.substances) + len(self.origins)

    def row(self, substances: Mapping[str, int], origins: Mapping[str, int] | str, mass: int | None = None) -> Whole:
        """Return a composition in mg, (column), read-only.

        Parameters
        ----------
        substances
            mg by substance; those not named are zero.
        origins
            mg by origin, or the one origin of it all.
        mass
            mg of the whole, where the balance column takes the rest.

        Raises
        ------
        InputError
            ``name_unknown``, ``lot_not_whole``, ``lot_without_balance`` and what `check` raises.
        """
        given = dict(substances)
        if mass is not None:
            if self.balance is None:
                raise refuse("lot_without_balance", "columns", found=mass)
            given[self.balance] = given.get(self.balance, 0) + mass - sum(given.values())
        beside = {origins: sum(given.values())} if isinstance(origins, str) else origins
        row = np.zeros(self.width, dtype=np.int64)
        for names, values, start in ((self.substances, given, 0), (self.origins, beside, len(self.substances))):
            for name, value in values.items():
                if int(value) != value or abs(value) >= HEAVIEST:
                    raise refuse("lot_not_whole", name, found=value)
                row[start + known(name, names, "columns")] = int(value)
        self.check(row[None])
        row.setflags(write=False)
        return row

    def check(self, rows: Whole, lots: Whole | None = None) -> None:
        """Refuse compositions (row, column) that cannot be; `lots` says whose they are, (row).

        Raises
        ------
        InputError
            ``lot_shape``, ``lot_negative``, ``lot_too_heavy``, ``lot_origins_differ``: the first row of each.
        """
        if rows.ndim != 2 or rows.shape[1] != self.width or rows.dtype != np.int64:
            raise refuse("lot_shape", "lots", found=(rows.shape, str(rows.dtype)), allowed=("row", self.width, "int64"))

        if not len(rows):
            return

        def whose(row: int) -> str:
            return "row" if lots is None else f"lot {lots[row]}"

        if (rows < 0).any():
            row, column = (int(at) for at in np.argwhere(rows < 0)[0])
            raise refuse("lot_negative", whose(row), found=int(rows[row, column]), column=self.names[column])
        heavy = np.flatnonzero(rows.sum(axis=1, dtype=np.float64) >= 2 * HEAVIEST)
        if heavy.size:
            raise refuse("lot_too_heavy", whose(heavy[0]), found=int(rows[heavy[0]].max()), allowed=HEAVIEST)
        masses, beside = self.masses(rows), rows[:, len(self.substances) :].sum(axis=1)
        differ = np.flatnonzero(masses != beside)
        if differ.size:
            first = int(differ[0])
            raise refuse("lot_origins_differ", whose(first), found=int(beside[first]), allowed=int(masses[first]))

    def masses(self, rows: Whole) -> Whole:
        """Mass of each composition, mg, (row)."""
        return np.asarray(rows[:, : len(self.substances)].sum(axis=1))
