"""What each heat of a clearing is given: pieces of bales, returns, what is bought, primary and additions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.dealing import Pieces, dealt
from cesim.events.chain.heats import Heats, Windows
from cesim.events.chain.material import METALS
from cesim.events.chain.what_if import Doubt, cases
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.chain.clearing import Cleared
    from cesim.events.chain.plan import MetalPlan
    from cesim.events.chain.yard import Bale, Yard

    Floats = NDArray[np.float64]

_NOTHING: Final = 1e-9
"""t, a milligram."""


@dataclass(frozen=True)
class Allotment:
    """Heats side by side, t.

    Attributes
    ----------
    alloy : (heat)
        place along A
    share : (heat,)
        of the liquid metal of its alloy
    with_scrap : (heat)
        whether it is open to scrap, and there is some
    returned, primary : (heat,)
    bought : (heat, 2)
        recovered from scrap from outside cars
    additions : (heat, METALS)
    opened
        bales taken off their piles, each with heat and t recovered of its pieces
    beside
        by alloy, the bales that were next in line
    """

    alloy: list[int]
    share: Floats
    with_scrap: list[bool]
    returned: Floats
    primary: Floats
    bought: Floats
    additions: Floats
    opened: list[tuple[Bale, list[tuple[int, float]]]]
    beside: dict[int, list[Bale]]

    def candidates(self) -> dict[int, tuple[list[Bale], list[Bale]]]:
        """Return by alloy the bales that were considered, and those that were chosen."""
        found: dict[int, tuple[list[Bale], list[Bale]]] = {}
        for bale, pieces in self.opened:
            for alloy in dict.fromkeys(self.alloy[heat] for heat, _ in pieces):
                candidates, chosen = found.setdefault(alloy, ([], []))
                candidates.append(bale)
                chosen.append(bale)
        for alloy, bales in self.beside.items():
            found.setdefault(alloy, ([], []))[0].extend(bales)
        return found


def allotted(
    metal: MetalPlan,
    yard: Yard,
    cleared: Cleared,
    liquid: Floats,
    returned: tuple[Floats, Floats],
    heats: NDArray[np.int64],
    risk: float,
) -> Allotment:
    """Divide what was decided by grade among heats, and take the bales it needs off their piles.

    Parameters
    ----------
    metal, yard
        Of the year; piles as they were when it was decided.
    cleared
        The decision.
    liquid, heats : (A,)
        t wanted in all, and how many heats the part open to scrap is
    returned : (A,), (A, METALS)
        t of segregated new scrap to be charged, and its mass fractions
    risk
        Chance accepted that a heat is off its limits.
    """
    alloy, share, with_scrap = _heats(metal, cleared.taken, liquid, heats)
    own = np.array(alloy, dtype=np.intp)
    back = share * returned[0][own]
    wants = cleared.taken[:, own] * np.array(with_scrap) / heats[own]  # (G, heat)
    sold = cleared.taken.shape[0] - len(metal.market_composition)
    scrap, variance = np.zeros((own.size, len(METALS))), np.zeros((own.size, len(METALS)))
    pieces: list[tuple[int, Pieces]] = []
    doubts: list[tuple[int, float, Doubt]] = []
    for grade in np.flatnonzero(wants[:sold].sum(axis=1) > _NOTHING).tolist():
        bare, mean, spread, _ = yard.beliefs(grade)
        pile = list(yard.piles[grade])
        given = dealt(bare * (1.0 - metal.loss[grade]), wants[grade])
        np.add.at(scrap, given.heat, given.amount[:, None] * mean[given.bale])
        np.add.at(variance, given.heat, np.square(given.amount)[:, None] * spread[given.bale])
        pieces.append((grade, given))
        doubts += [
            (heat, amount, doubt)
            for bale, heat, amount in zip(given.bale.tolist(), given.heat.tolist(), given.amount.tolist(), strict=True)
            if (doubt := pile[bale].doubt()) is not None
        ]
    bought = wants[sold:].T
    composition = metal.market_composition / metal.market_composition.sum(axis=1, keepdims=True)
    meant = Heats(
        Windows.of([metal.windows[a] for a in alloy]),
        share * liquid[own] - back,
        back[:, None] * returned[1][own],
        scrap + bought @ composition,
        variance,
        _cases(doubts),
    )
    kept, primary, additions = meant.fitted(risk)
    opened = [
        part
        for grade, given in pieces
        for part in _opened(yard, grade, given.bale, given.heat, given.amount * kept[given.heat])
    ]
    beside = {a: _next(metal, yard, a) for a in dict.fromkeys(a for a, w in zip(alloy, with_scrap, strict=True) if w)}
    return Allotment(alloy, share, with_scrap, back, primary, bought * kept[:, None], additions, opened, beside)


def _cases(doubts: list[tuple[int, float, Doubt]]) -> dict[int, Floats]:
    """Cases of the heats in which some bale is one thing or another; where all are one bell there are none."""
    by_heat: dict[int, list[tuple[float, Doubt]]] = {}
    for heat, amount, doubt in doubts:
        by_heat.setdefault(heat, []).append((amount, doubt))
    return {
        heat: np.sort(cases(np.array([amount for amount, _ in of]), [doubt for _, doubt in of]), axis=0)
        for heat, of in by_heat.items()
        if any(0.0 < doubt.weight < 1.0 for _, doubt in of)
    }


def _heats(
    metal: MetalPlan, taken: Floats, liquid: Floats, heats: NDArray[np.int64]
) -> tuple[list[int], Floats, list[bool]]:
    """Alloy, share of its liquid metal, and whether there is scrap in it, of each heat; alloys as they are charged.

    Heats that are primary alone are all alike, and made as one.
    """
    alloys: list[int] = []
    shares: list[float] = []
    scrap: list[bool] = []
    for alloy in dict.fromkeys(ALLOYS.index(name) for name, _, _ in metal.rounds):
        if liquid[alloy] <= 0.0:
            continue
        count, open_share = int(heats[alloy]), float(metal.approved[alloy])
        if taken[:, alloy].sum() <= _NOTHING:
            count, open_share = 0, 0.0
        alloys += [alloy] * count
        shares += [open_share / max(count, 1)] * count
        scrap += [True] * count
        if open_share < 1.0:
            alloys.append(alloy)
            shares.append(1.0 - open_share)
            scrap.append(False)
    return alloys, np.array(shares), scrap


def _opened(
    yard: Yard, grade: int, bales: NDArray[np.intp], heats: NDArray[np.intp], amounts: Floats
) -> list[tuple[Bale, list[tuple[int, float]]]]:
    """Take bales of which a piece is wanted off their pile."""
    by_bale: dict[int, list[tuple[int, float]]] = {}
    for bale, heat, amount in zip(bales.tolist(), heats.tolist(), amounts.tolist(), strict=True):
        if amount > _NOTHING:
            by_bale.setdefault(bale, []).append((heat, amount))
    pile = yard.piles[grade]
    held = list(pile)
    pile.clear()
    pile.extend(bale for place, bale in enumerate(held) if place not in by_bale)
    return [(held[place], pieces) for place, pieces in by_bale.items()]


def _next(metal: MetalPlan, yard: Yard, alloy: int) -> list[Bale]:
    """The first bales left of the grades that an alloy may take."""
    takes = {grade for name, grades, _ in metal.rounds if name == ALLOYS[alloy] for grade in grades}
    return [yard.piles[grade][0] for grade in sorted(takes) if yard.piles[grade]]
