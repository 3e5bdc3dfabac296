"""A heat of wrought or cast alloy: scrap as far as the limits allow, primary for dilution, additions for the rest.

Nothing can be taken out of a melt. So the share of scrap is decided by the first element that reaches its upper
limit; what is missing up to a lower limit (Si, Mg, Mn, Cu) is added as pure metal, and primary fills the furnace.

With ``Q`` the metal wanted, ``x_k`` the metal from scrap ``k`` with mass fractions ``c_ke``, ``c_0e`` those of primary,
``a_e`` the additions and ``[L_e, U_e]`` the limits of the alloy:

    L_e Q + z_e = sum_k x_k c_ke + y c_0e + a_e,   0 <= z_e <= (U_e - L_e) Q     (alloying elements)
    sum_k x_k c_ke + y c_0e <= U_e Q                                            (tramp elements)
    sum_k x_k + y + sum_e a_e = Q

``y`` and ``a_e`` follow from ``x`` and ``z``, which leaves a small programme in ``(x, z)`` whose origin (no scrap) is
always allowed. Objective, in this order: most scrap that was of the wanted family, least cost, lowest grade number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.lexicographic import maximise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.lexicographic import Optimum

    Floats = NDArray[np.float64]

#: limits are kept to within this mass fraction
LIMIT_TOLERANCE = 1e-9


@dataclass(frozen=True)
class AlloyWindow:
    """The limits of an alloy and the metal it is diluted and alloyed with.

    Attributes
    ----------
    lower, upper : (element,)
        mass fractions; ``upper`` 1 where there is no limit
    primary : (element,)
        mass fractions of the primary metal, adding to one
    """

    lower: Floats
    upper: Floats
    primary: Floats

    def __post_init__(self) -> None:
        if (self.lower > self.upper).any():
            raise ValueError("a lower limit lies above its upper limit")
        if abs(self.primary.sum() - 1.0) > 1e-9:
            raise ValueError("the composition of primary metal must add to one")
        tramp = self.lower <= self.primary
        if (self.primary[tramp] > self.upper[tramp]).any():
            raise ValueError("primary metal itself exceeds a limit of the alloy")

    @property
    def alloying(self) -> NDArray[np.intp]:
        """The elements with a lower limit that primary metal does not reach; additions bring them up to it."""
        return np.flatnonzero(self.lower > self.primary)

    @property
    def middle(self) -> Floats:
        """A composition for older metal: alloying elements half-way between their limits, the rest at half of it."""
        top = np.minimum(self.upper, 1.0)
        composition = np.where(self.lower > 0, (self.lower + top) / 2, np.where(top < 1, top / 2, 0.0))
        composition[0] = 0.0
        composition[0] = 1.0 - composition.sum()
        return composition

    @property
    def tramp(self) -> NDArray[np.intp]:
        """The other elements with an upper limit."""
        return np.flatnonzero((self.lower <= self.primary) & (self.upper < 1))


@dataclass(frozen=True)
class Yard:
    """What may be charged, after melt loss.

    Attributes
    ----------
    stock : (batch, grade)
        recoverable metal, t
    composition : (batch, grade, element)
        mass fractions of the recovered metal, adding to one (any value where there is no stock)
    wanted : (batch, grade)
        share of the grade that the first objective counts
    price : (batch, grade)
        JPY per t of recovered metal
    """

    stock: Floats
    composition: Floats
    wanted: Floats
    price: Floats


@dataclass(frozen=True)
class Heat:
    """The mix of a heat.

    Attributes
    ----------
    scrap : (batch, grade)
        t of recovered metal from each grade
    primary : (batch,)
        t
    additions : (batch, element)
        t of pure metal
    content : (batch, element)
        t of each element in the heat
    binding : (batch,)
        the element whose limit stops more scrap, -1 where stock or room in the furnace does
    limit_price : (batch, element)
        JPY per t of the element that the limit would have to be moved for
    scrap_per_limit : (batch, element)
        t of wanted scrap per t of the element
    """

    scrap: Floats
    primary: Floats
    additions: Floats
    content: Floats
    binding: NDArray[np.int64]
    limit_price: Floats
    scrap_per_limit: Floats


def no_scrap(demand: Floats, window: AlloyWindow, grades: int = 0) -> Heat:
    """The heat made of primary and additions alone, with the alloying elements at their lower limits."""
    lower = window.lower[window.alloying]
    primary = demand * (1.0 - lower.sum()) / (1.0 - window.primary[window.alloying].sum())
    content = primary[:, None] * window.primary
    additions = np.zeros_like(content)
    additions[:, window.alloying] = demand[:, None] * lower - content[:, window.alloying]
    batch = demand.shape[0]
    return Heat(
        np.zeros((batch, grades)), primary, additions, content + additions,
        np.full(batch, -1, dtype=np.int64), np.zeros_like(content), np.zeros_like(content),
    )  # fmt: skip


def dilute(
    demand: Floats,
    window: AlloyWindow,
    yard: Yard,
    prices: tuple[Floats, Floats],
    start: Heat | None = None,
) -> Heat:
    """Charge a heat: most wanted scrap, then least cost, then lowest grade number.

    Parameters
    ----------
    demand : (batch,)
        t of metal
    prices : (batch,) and (batch, element)
        JPY/t of primary and of additions
    start
        a charge whose scrap is already in the furnace and stays there; more scrap replaces its primary and additions

    Raises
    ------
    ValueError
        when the lower limits together with the primary metal already break an upper limit
    """
    programme = _Programme(demand, window, yard, prices, start)
    return programme.charge(maximise(*programme.arrays()))


class _Programme:
    """The reduced programme of one heat in ``(scrap, surplus)``, for a whole batch.

    With a charge already in the furnace the surplus of an alloying element may also fall again, so each has a second
    column that lowers it.
    """

    def __init__(
        self, demand: Floats, window: AlloyWindow, yard: Yard, prices: tuple[Floats, Floats], start: Heat | None
    ) -> None:
        self.demand, self.window, self.yard = demand, window, yard
        self.alloying, self.tramp = window.alloying, window.tramp
        alloying, tramp = self.alloying, self.tramp
        self.start = no_scrap(demand, window) if start is None else start
        self.primary_price, self.addition_price = prices[0], np.take(prices[1], alloying, axis=1)
        primary = window.primary
        rest = 1.0 - primary[alloying].sum()
        raises = (
            np.eye(alloying.size) if start is None else np.concatenate([np.eye(alloying.size), -np.eye(alloying.size)])
        )
        raises = np.broadcast_to(raises, (demand.size, *raises.shape))
        own = np.take(yard.composition, alloying, axis=2)
        # primary displaced by one tonne of scrap k, and of surplus z_e
        self.displaced = np.concatenate([1.0 - own.sum(axis=2), raises.sum(axis=2)], axis=1) / rest
        # additions displaced: scrap brings c_ke, the primary it displaces took c_0e with it, surplus needs more
        self.saved = np.concatenate([own, -raises], axis=1) - self.displaced[:, :, None] * primary[alloying]
        nothing = np.zeros((*raises.shape[:2], tramp.size))
        tramp_content = np.concatenate([np.take(yard.composition, tramp, axis=2), nothing], axis=1)
        self.tramp_rows = tramp_content - self.displaced[:, :, None] * primary[tramp]
        self.tramp_room = demand[:, None] * window.upper[tramp] - self.start.content[:, tramp]
        if (self.tramp_room < -LIMIT_TOLERANCE * np.maximum(demand, 1.0)[:, None]).any():
            raise ValueError("primary and additions alone break an upper limit")
        content, wide = self.start.content[:, alloying], demand[:, None]
        room = [wide * window.upper[alloying] - content]
        if start is not None:
            room.append(content - wide * window.lower[alloying])
        self.surplus_room = np.maximum(np.concatenate(room, axis=1), 0.0)

    def arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Objectives, rows, limits and bounds for the solver."""
        zeros = np.zeros_like(self.surplus_room)
        wanted = np.concatenate([self.yard.wanted, zeros], axis=1)
        saving = (
            self.displaced * self.primary_price[:, None]
            + (self.saved * self.addition_price[:, None, :]).sum(axis=2)
            - np.concatenate([self.yard.price, zeros], axis=1)
        )
        order = -np.broadcast_to(np.arange(1.0, saving.shape[1] + 1.0), saving.shape)
        rows = np.concatenate(
            [self.displaced[:, None, :], self.saved.transpose(0, 2, 1), self.tramp_rows.transpose(0, 2, 1)],
            axis=1,
        )
        limits = np.concatenate(
            [self.start.primary[:, None], self.start.additions[:, self.alloying], self.tramp_room], axis=1
        )
        # more than the furnace holds never fits, and a bound of the furnace's size keeps the programme well scaled
        upper = np.concatenate([np.minimum(self.yard.stock, self.demand[:, None]), self.surplus_room], axis=1)
        return np.stack([wanted, saving, order], axis=1), rows, np.maximum(limits, 0.0), upper

    def charge(self, optimum: Optimum) -> Heat:
        """Put primary and additions back and read which limit binds."""
        grades = self.yard.stock.shape[1]
        scrap = optimum.x[:, :grades]
        primary = np.maximum(self.start.primary - (optimum.x * self.displaced).sum(axis=1), 0.0)
        additions = self.start.additions.copy()
        saved = (optimum.x[:, :, None] * self.saved).sum(axis=1)
        additions[:, self.alloying] = np.maximum(additions[:, self.alloying] - saved, 0.0)
        held = self.start.content - self.start.primary[:, None] * self.window.primary - self.start.additions
        charged = (scrap[:, :, None] * self.yard.composition).sum(axis=1)
        content = held + charged + primary[:, None] * self.window.primary + additions
        price = np.zeros((scrap.shape[0], 2, content.shape[1]))
        price[:, :, self.tramp] = optimum.row_price[:, :2, 1 + self.alloying.size :]
        price[:, :, self.alloying] = optimum.bound_price[:, :2, grades : grades + self.alloying.size]
        charge = Heat(scrap, primary, additions, content, _binding(price), price[:, 1], price[:, 0])
        _must_keep_limits(charge, self.demand, self.window)
        return charge


def _binding(price: Floats) -> NDArray[np.int64]:
    """The element with the highest price on the first level that has one, else -1."""
    binding = np.full(price.shape[0], -1, dtype=np.int64)
    for level in range(price.shape[1]):
        own = price[:, level]
        binding = np.where((binding < 0) & (own.max(axis=1) > 1e-12), own.argmax(axis=1), binding)
    return binding


def _must_keep_limits(charge: Heat, demand: Floats, window: AlloyWindow) -> None:
    """Check the answer against the raw inputs before it is handed out."""
    mass = demand[:, None]
    scale = np.maximum(mass, 1e-6)
    over = ((charge.content - window.upper * mass) / scale).max(initial=0.0)
    raised = window.alloying
    under = ((window.lower[raised] * mass - charge.content[:, raised]) / scale).max(initial=0.0)
    wrong = max(float(over), float(under))
    if wrong > 1e-7:
        raise ArithmeticError(f"a charge misses its alloy limits by {wrong:.2e} mass fraction")
