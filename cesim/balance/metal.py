"""Aluminium from the scrap yard to finished parts.

Order within a year: mixed new scrap of last year waits in the yard; segregated new scrap returns to its own alloy (that
loop is solved in closed form); what is then still needed is charged from scrap, primary and additions, product by
product in a fixed order; castings are the last home, export takes what is left.

The product equals its external charge in composition, because what returns from mill and press shop is the product
itself. In origin it does not: press scrap returns as pre-consumer material.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.inputs import ELV_GRADES, MARKET_GRADES, YARD
from cesim.charge.dilution import Heat, Yard, dilute, no_scrap
from cesim.ledger.substances import ALLOYS, CAST, ELEMENTS, ORIGINS, PAIRS, SIX_THOUSAND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.inputs import Metal

    Floats = NDArray[np.float64]

METALS = ELEMENTS[:-1]
"""The elements of a melt; paint is burnt off before."""

HELD = (*ALLOYS, "steel", "copper")
"""The items a scrap grade can hold."""

_STEEL_PAIR, _COPPER_PAIR = PAIRS.index(("steel", "Fe")), PAIRS.index(("copper", "Cu"))
_FE, _CU = METALS.index("Fe"), METALS.index("Cu")
_WIDTH = len(ELEMENTS)
_GRADES, _NEW = len(ELV_GRADES), YARD.index("new-mixed")
_PRIMARY, _PRE_AUTO, _POST_ELV = (ORIGINS.index(o) for o in ("primary", "pre_auto", "post_elv"))

LEAST_WORTH = 1e-6
"""t of 6000-series scrap per t of an element below which a limit stops nothing: rounding of the solver."""

ORDER = (*SIX_THOUSAND, "5xxx", "7xxx", "3xxx")
"""Wrought products in the order in which they are charged; then the 6000 series again, from what is left of the other
6000-series grades, then castings."""


@dataclass(frozen=True)
class Stock:
    """Scrap by place (region or melter): (D, place, grade, held item) t, its (D, M, grade, METALS) and its paint."""

    items: Floats
    elements: Floats
    coating: Floats


@dataclass(frozen=True)
class Product:
    """One alloy of one year, (D, M) each where nothing else is said.

    Attributes
    ----------
    charge
        the external charge, batch = D x M
    need, liquid, semis, finished, new_scrap : t
    open_heats : t
        metal of the heats approved to take scrap
    composition : (D, M, METALS)
    origin : (D, M, O)
    """

    charge: Heat
    open_heats: Floats
    need: Floats
    returned: Floats
    semis: Floats
    finished: Floats
    new_scrap: Floats
    composition: Floats
    origin: Floats


def grade_stock(grades: Floats) -> Stock:
    """Summarise ELV grades (D, R, G, pairs) where they arose."""
    metal = grades[..., : len(ALLOYS) * _WIDTH].reshape(*grades.shape[:3], len(ALLOYS), _WIDTH)
    extra = grades[..., [_STEEL_PAIR, _COPPER_PAIR]]
    items = np.concatenate([metal.sum(axis=4), extra], axis=3)
    elements = metal.sum(axis=3)
    coating = elements[..., -1]
    elements = elements[..., :-1].copy()
    elements[..., _FE] += extra[..., 0]
    elements[..., _CU] += extra[..., 1]
    return Stock(items, elements, coating)


def brought(stock: Stock, route: Floats) -> Stock:
    """Bring the grades of the regions to the melters by the route (D, R, M)."""
    return Stock(*(_routed(route, part) for part in (stock.items, stock.elements, stock.coating)))


def _routed(route: Floats, part: Floats) -> Floats:
    """(D, R, M) x (D, R, ...) -> (D, M, ...), summed over R."""
    flat = part.reshape(*part.shape[:2], -1)
    arrived: Floats = np.matmul(route.transpose(0, 2, 1), flat)
    return arrived.reshape(part.shape[0], route.shape[2], *part.shape[2:])


class Melting:
    """Charges all products of a year in their fixed order."""

    def __init__(self, metal: Metal) -> None:
        self.metal = metal
        self.draws, self.sites = metal.share.shape[0], metal.melters.size
        self.new_items = metal.new_mixed_start.copy()
        nominal = np.array([window.middle for window in metal.windows[0]])
        self.new_elements = (self.new_items[..., None] * nominal).sum(axis=2)

    def run(self, year: int, elv: Stock, finished: Floats) -> tuple[dict[str, Product], Floats, Floats, Floats]:
        """Charge everything.

        Parameters
        ----------
        elv : the ELV grades at the melters
        finished : (D, A) t of metal in finished parts

        Returns
        -------
        products, stock (D, M, YARD) of recoverable metal, used (D, M, YARD, A), wanted (D, M, YARD): the share of a
        grade that was of the 6000 series
        """
        stock, composition = self._yard(year, elv)
        wanted = self._family_share(elv)
        left = stock.copy()
        used = np.zeros((*stock.shape, len(ALLOYS)))
        needs = self._needs(finished)
        charges: dict[str, Heat] = {}
        for alloy, allowed, kind in rounds():
            first = charges[alloy] if kind == "again" else None
            worth = np.zeros_like(wanted) if kind == "casting" else wanted
            charge = self._charge(year, alloy, needs, left, used, composition, worth, allowed, first)
            charges[alloy] = charge if first is None else _stopped_by(first, charge)
        products = {alloy: self._product(year, alloy, needs[alloy], charges[alloy], used) for alloy in ALLOYS}
        return products, stock, used, wanted

    def _yard(self, year: int, elv: Stock) -> tuple[Floats, Floats]:
        """Recoverable metal of each grade (D, M, YARD) and its composition (D, M, YARD, METALS)."""
        m = self.metal
        kept = 1.0 - m.loss[:, year]
        elements = np.zeros((self.draws, self.sites, len(YARD), len(METALS)))
        elements[:, :, :_GRADES] = elv.elements
        elements[:, :, _NEW] = self.new_elements
        mass = elements.sum(axis=3)
        composition = elements / np.where(mass > 0, mass, 1.0)[..., None]
        stock = mass * kept[:, None, :]
        for n, name in enumerate(MARKET_GRADES):
            composition[:, :, YARD.index(name)] = m.market_composition[:, None, n]
        stock[:, :, YARD.index("sash")] = m.sash_supply[:, year]
        stock[:, :, YARD.index("secondary")] = 1e9
        return stock, composition

    def _family_share(self, elv: Stock) -> Floats:
        """Share of each grade that was of the 6000 series, in a car, a press shop or a building."""
        share = np.zeros((self.draws, self.sites, len(YARD)))
        six = [HELD.index(alloy) for alloy in SIX_THOUSAND]
        total = elv.items.sum(axis=3)
        share[:, :, :_GRADES] = np.take(elv.items, six, axis=3).sum(axis=3) / np.where(total > 0, total, 1.0)
        own = [ALLOYS.index(alloy) for alloy in SIX_THOUSAND]
        new = self.new_items.sum(axis=2)
        share[:, :, _NEW] = np.take(self.new_items, own, axis=2).sum(axis=2) / np.where(new > 0, new, 1.0)
        share[:, :, YARD.index("sash")] = 1.0
        return share

    def _needs(self, finished: Floats) -> dict[str, Floats]:
        """(D, M) metal wanted in finished parts, by alloy."""
        return {alloy: finished[:, n, None] * self.metal.share[:, n] for n, alloy in enumerate(ALLOYS)}

    def _external(self, year: int, alloy: str, finished: Floats) -> tuple[Floats, Floats, Floats]:
        """Closed form of the loops: external charge, segregated return after loss, semis."""
        m, n = self.metal, ALLOYS.index(alloy)
        press, mill = m.press_scrap[:, n, None], m.mill_return[:, n, None]
        semis = finished / (1.0 - press)
        back = semis * press * m.segregated[:, year, n, None] * (1.0 - m.new_loss[:, None])
        return semis / (1.0 - mill) * (1.0 - mill * (1.0 - m.new_loss[:, None])) - back, back, semis

    def _charge(
        self,
        year: int,
        alloy: str,
        needs: dict[str, Floats],
        left: Floats,
        used: Floats,
        composition: Floats,
        wanted: Floats,
        allowed: tuple[int, ...],
        start: Heat | None = None,
    ) -> Heat:
        """Charge one product from the grades allowed and take them out of the yard."""
        m, n = self.metal, ALLOYS.index(alloy)
        need = self._external(year, alloy, needs[alloy])[0]
        open_heats = (need * m.approved[:, year, n, None]).reshape(-1)
        columns = list(allowed)
        yard = Yard(
            stock=np.take(left, columns, axis=2).reshape(-1, len(columns)),
            composition=np.take(composition, columns, axis=2).reshape(-1, len(columns), len(METALS)),
            wanted=np.take(wanted, columns, axis=2).reshape(-1, len(columns)),
            price=np.repeat(np.take(m.price, columns, axis=1), self.sites, axis=0),
        )
        prices = (np.repeat(m.primary_price, self.sites), np.repeat(m.addition_price, self.sites, axis=0))
        charge = dilute(open_heats, m.windows[year][n], yard, prices, start)
        scrap = charge.scrap.reshape(self.draws, self.sites, len(columns))
        left[:, :, columns] = np.maximum(left[:, :, columns] - scrap, 0.0)
        used[:, :, columns, n] += scrap
        return charge

    def _product(self, year: int, alloy: str, finished: Floats, charge: Heat, used: Floats) -> Product:
        """Add the closed heats and solve composition and origin of the product."""
        m, n = self.metal, ALLOYS.index(alloy)
        need, back, semis = self._external(year, alloy, finished)
        approved = m.approved[:, year, n, None]
        closed = no_scrap((need * (1.0 - approved)).reshape(-1), m.windows[year][n])
        whole = Heat(
            charge.scrap, charge.primary + closed.primary, charge.additions + closed.additions,
            charge.content + closed.content, charge.binding, charge.limit_price, charge.scrap_per_limit,
        )  # fmt: skip
        shape = (self.draws, self.sites, -1)
        content = whole.content.reshape(shape)
        total = content.sum(axis=2)
        composition = content / np.where(total > 0, total, 1.0)[..., None]
        origin = np.zeros((*total.shape, len(ORIGINS)))
        own = used[..., n]
        origin[..., _POST_ELV] = own[..., :_GRADES].sum(axis=2)
        origin[..., _PRE_AUTO] = own[..., _NEW] + back
        for k, name in enumerate(MARKET_GRADES):
            origin += own[..., YARD.index(name), None] * m.market_origin[:, None, k]
        origin[..., _PRIMARY] += (whole.primary + whole.additions.sum(axis=1)).reshape(total.shape)
        mass = origin.sum(axis=2)
        origin /= np.where(mass > 0, mass, 1.0)[..., None]
        heats = need * approved
        return Product(whole, heats, need, back, semis, finished, semis - finished, composition, origin)

    def carry_over(self, year: int, products: dict[str, Product]) -> None:
        """Mixed new scrap of this year waits in the yard for the next."""
        segregated = self.metal.segregated[:, year]
        self.new_items = np.stack(
            [products[a].new_scrap * (1.0 - segregated[:, n, None]) for n, a in enumerate(ALLOYS)], axis=2
        )
        composition = np.stack([products[a].composition for a in ALLOYS], axis=2)
        self.new_elements = (self.new_items[..., None] * composition).sum(axis=2)


def _stopped_by(first: Heat, second: Heat) -> Heat:
    """The second charge with what stopped the scrap in both: what stopped the first leaves nothing for the second.

    The second alone would name what stops the few grades left to it, at a price that means nothing without room.
    An element that only costs money (cheap silicon instead of primary) stops no scrap and does not bind here.
    """
    stopped = first.scrap_per_limit.max(axis=1, keepdims=True) > LEAST_WORTH
    scrap = np.where(stopped, first.scrap_per_limit, second.scrap_per_limit)
    price = np.where(stopped, first.limit_price, second.limit_price)
    binding = np.where(scrap.max(axis=1) > LEAST_WORTH, scrap.argmax(axis=1), -1)
    return replace(second, binding=binding, limit_price=price, scrap_per_limit=scrap)


def _index(*names: str) -> tuple[int, ...]:
    return tuple(YARD.index(name) for name in names)


def _first(alloy: str) -> tuple[int, ...]:
    """Grades a wrought product may take in the first round: its own, then mixed wrought."""
    own = [f"sorted-{alloy}"] if alloy == "3xxx" else [f"part-{alloy}", f"sorted-{alloy}"]
    if alloy == "3xxx":
        own.append("part-3xxx")
    if alloy in SIX_THOUSAND:
        own += ["part-mixed", "shred-wrought"]
    if alloy == "6063":
        own.append("sash")
    return _index(*own, "new-mixed")


def _second(alloy: str) -> tuple[int, ...]:
    """Grades of the other 6000-series alloys, in the second round."""
    others = [other for other in SIX_THOUSAND if other != alloy]
    return _index(*(f"part-{o}" for o in others), *(f"sorted-{o}" for o in others))


def _casting(alloy: str) -> tuple[int, ...]:
    """Castings are the last home of everything."""
    if alloy == "AC4CH":
        return _index("wheels")
    return _index(*(g for g in YARD if g != "sash"))


def rounds() -> tuple[tuple[str, tuple[int, ...], str], ...]:
    """All charges of a year in their order: the alloy, the grades it may take, and what it is.

    `first` charge of a wrought product, `again` on top of it, or `casting`, which wants no scrap above other.
    """
    return (
        *((alloy, _first(alloy), "first") for alloy in ORDER),
        *((alloy, _second(alloy), "again") for alloy in SIX_THOUSAND),
        *((alloy, _casting(alloy), "casting") for alloy in CAST[::-1]),
    )


ADMITTED = {
    **{alloy: frozenset(_first(alloy) + _second(alloy)) for alloy in SIX_THOUSAND},
    **{alloy: frozenset(_first(alloy)) for alloy in ORDER if alloy not in SIX_THOUSAND},
    **{alloy: frozenset(_casting(alloy)) for alloy in CAST},
}
"""Which grades of the yard each product may take at all."""
