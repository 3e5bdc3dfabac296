"""The doors of a casthouse: bales are melted down, metal is bought, a heat is put together and becomes an alloy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.material import (
    COATING_PAIRS,
    COLUMNS,
    COUNT,
    FAMILY,
    METAL_PAIRS,
    METALS,
    metals,
    own_pairs,
)
from cesim.ledger.substances import ALLOYS, ORIGINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.charge.dilution import AlloyWindow
    from cesim.events.lots import Lots
    from cesim.events.rules import Mark, Rule

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

FLOWS: Final = {
    "charged": ("scrap_yard.{grade}", "melt_down.{grade}"),
    "liquid": ("melt_down.{grade}", "melting.{owner}"),
    "bought": ("other_scrap_supply", "melt_down.{grade}.{owner}"),
    "bought_liquid": ("melt_down.{grade}.{owner}", "melting.{owner}"),
    "returned": ("melt_down.new-{grade}", "melting.{grade}"),
    "primary": ("primary_supply", "melting.{grade}"),
    "additions": ("alloying_supply", "melting.{grade}"),
    "exported": ("scrap_yard.{grade}", "scrap_export"),
    "downgraded": ("melting.{grade}", "scrap_yard.{owner}"),
    "off_spec": ("melting.{grade}", "scrap_export"),
    "semis": ("melting.{grade}", "part_making.{grade}"),
}
"""Kind of a lot -> the flow it is; of `charged` and `exported` the owner is the region where the scrap arose."""
LOSSES: Final = {
    ("liquid", "coating_burnt"): ("melt_down.{grade}", "coating_burnt"),
    ("liquid", "dross"): ("melt_down.{grade}", "dross"),
    ("bought_liquid", "dross"): ("melt_down.{grade}.{owner}", "dross"),
    ("returned", "dross"): ("melt_down.new-{grade}", "dross"),
    ("semis", "dross"): ("melting.{grade}", "dross"),
}
SINKS: Final = ("coating_burnt", "dross", "melted", "scrap_export")
SOURCES: Final = ("primary_supply", "alloying_supply", "other_scrap_supply", "opening_stock", "molten")
OWN_ORIGIN: Final = COUNT + ORIGINS.index("primary")
PRE_AUTO: Final = COUNT + ORIGINS.index("pre_auto")
_POST_ELV: Final = COUNT + ORIGINS.index("post_elv")
_FAMILY: Final = COLUMNS.names.index(FAMILY)
_FINEST: Final = 10**15
"""Denominator of shares: a lot of 2**50 mg is divided as the exact share would."""
_METAL_NAMES: Final = tuple(
    COLUMNS.substances[pair] for pair in METAL_PAIRS.tolist() if pair not in set(COATING_PAIRS.tolist())
)
_COATING_NAMES: Final = tuple(COLUMNS.substances[pair] for pair in COATING_PAIRS.tolist())
OWN: Final = tuple(own_pairs(alloy)[: len(METALS)] for alloy in ALLOYS)
"""Columns of the metals of each alloy."""


def fraction(share: float) -> Fraction:
    """Return a share as a fraction fine enough for any lot."""
    return Fraction(min(max(share, 0.0), 1.0)).limit_denominator(_FINEST)


def weights(share: float) -> tuple[int, int]:
    """Return whole-number weights of a share and of the rest."""
    exact = fraction(share)
    return exact.numerator, exact.denominator - exact.numerator


def of_alloy(alloy: int, masses: Floats) -> Whole:
    """Return a composition in whole mg of an alloy's own metals, from masses in mg (METALS); its origin is primary."""
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    row[OWN[alloy]] = np.rint(masses)
    row[OWN_ORIGIN] = row[:COUNT].sum()
    return row


def bought(alloy: int, masses: Floats, origin: Floats) -> Whole:
    """Return a composition in whole mg of scrap from outside cars, of an origin (ORIGINS) adding to one."""
    row = of_alloy(alloy, masses)
    total = int(row[OWN_ORIGIN])
    shares = np.floor(total * origin / origin.sum()).astype(np.int64)
    shares[int(np.argmax(origin))] += total - int(shares.sum())
    row[COUNT : COUNT + len(ORIGINS)] = shares
    return row


def all_from(row: Whole, origin: int) -> Whole:
    """Give a composition another origin, and return it."""
    row[COUNT:] = 0
    row[origin] = row[:COUNT].sum()
    return row


def molten(alloys: Sequence[int], rows: Whole, of_family: Whole) -> Whole:
    """Return what charges become, mg (heat, column): the same elements and origins, as the alloy they are made to.

    What was of the 6000 series in a scrapped car, mg (heat), is told apart among the origins from now on.
    """
    out = np.zeros_like(rows)
    elements = metals(rows)
    for heat, alloy in enumerate(alloys):
        out[heat, OWN[alloy]] = elements[heat]
    out[:, COUNT:] = rows[:, COUNT:]
    told_apart = of_family - rows[:, _FAMILY]
    out[:, _POST_ELV] -= told_apart
    out[:, _FAMILY] += told_apart
    return out


@dataclass(frozen=True)
class Sought:
    """A rule that is made when it is first asked for: kind, grade, owner, and the share lost."""

    kind: str
    grade: str
    owner: str
    loss: float


class Doors:
    """The operations of a casthouse on its lots, with the rules they need.

    Parameters
    ----------
    lots
        Of the run; the accounts in `SINKS` and `SOURCES` are entered.
    code
        Number of the facility.
    """

    def __init__(self, lots: Lots, code: int) -> None:
        self.lots, self.code = lots, code
        self._rules: dict[Sought, Rule] = {}

    def melt(self, lot: int, kind: str, grade: str, owner: str, loss: float) -> int:
        """Melt a lot down: its paint burns, and of each metal a share becomes dross."""
        sought = Sought(kind, grade, owner, loss)
        rule = self._rules.get(sought)
        if rule is None:
            losses = {"dross": dict.fromkeys(_METAL_NAMES, fraction(loss))}
            if kind == "liquid":
                losses["coating_burnt"] = dict.fromkeys(_COATING_NAMES, Fraction(1))
            rule = self._rules[sought] = self.lots.reaction(self.lots.mark(kind, grade, owner), losses)
        return self.lots.react(lot, rule, self.code)

    def pour(self, lot: int, alloy: str, row: Whole) -> int:
        """Turn a charge into the alloy it was charged for."""
        sought = Sought("melt", alloy, "", 1.0)
        rule = self._rules.get(sought)
        if rule is None:
            everything = dict.fromkeys(COLUMNS.substances, Fraction(1))
            rule = self._rules[sought] = self.lots.reaction(self.lots.mark("melt", alloy), {"melted": everything})
        return self.lots.react(lot, rule, self.code, [("molten", row)])

    def form(self, lot: int, alloy: str, loss: float) -> int:
        """Make semis of a melt; a share of it is lost as dross, over all turns that mill returns take."""
        return self.melt(lot, "semis", alloy, "", loss)

    def divide(self, lot: int, masses: Sequence[int], marks: Sequence[Mark]) -> list[int]:
        """Divide a lot by masses in mg that add up to its own; where there is one part it is named anew."""
        if len(marks) == 1:
            return [self.lots.reclassify(lot, marks[0], self.code)]
        return list(self.lots.split(lot, self.lots.splitting(marks, masses), self.code))

    def together(self, lots: Sequence[int], mark: Mark) -> int:
        """Put lots together; one alone stays as it is."""
        return lots[0] if len(lots) == 1 else self.lots.merge(lots, mark, self.code)

    def supply(self, alloy: int, primary: Floats, additions: Floats) -> list[int]:
        """Buy primary metal and additions, mg (METALS) each; what is not needed is not bought."""
        made = []
        for kind, source, masses in (
            ("primary", "primary_supply", primary),
            ("additions", "alloying_supply", additions),
        ):
            row = of_alloy(alloy, masses)
            if row[OWN_ORIGIN]:
                made.append(self.lots.create(row, self.lots.mark(kind, ALLOYS[alloy]), source, self.code))
        return made

    def buy(self, alloy: int, grade: str, masses: Floats, origin: Floats, loss: float) -> list[int]:
        """Buy scrap from outside cars and melt it down; masses are mg (METALS) before the loss."""
        row = bought(alloy, masses, origin)
        if not row[:COUNT].any():
            return []
        lot = self.lots.create(row, self.lots.mark("bought", grade, ALLOYS[alloy]), "other_scrap_supply", self.code)
        return [self.melt(lot, "bought_liquid", grade, ALLOYS[alloy], loss)]


def primary_mg(window: AlloyWindow, tonnes: float) -> Floats:
    """Return primary metal by element, mg (METALS)."""
    return np.asarray(window.primary * tonnes * 1e9)
