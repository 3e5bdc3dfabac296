"""Aluminium of one year from yard to finished parts, compiled lane by lane: the twin of `Melting`, to the same bits.

The order of charging, the grades allowed and the closed form of the loops are those of `cesim.balance.metal`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.balance.compiled import compiled, compiled_into
from cesim.balance.inputs import ELV_GRADES, MARKET_GRADES, YARD
from cesim.balance.lane_heat import FINE, Charge, Desk, Windows, dilute, new_desk, windows_of, without_scrap
from cesim.balance.lane_sums import short_sum
from cesim.balance.metal import METALS, rounds
from cesim.ledger.substances import ALLOYS, ORIGINS, SIX_THOUSAND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.inputs import Metal

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_ALLOYS, _METALS, _ORIGINS, _YARD = len(ALLOYS), len(METALS), len(ORIGINS), len(YARD)
_GRADES, _NEW, _SASH, _SECONDARY = len(ELV_GRADES), YARD.index("new-mixed"), YARD.index("sash"), YARD.index("secondary")
_SIX, _HELD, _MARKET = len(SIX_THOUSAND), len(ALLOYS) + 2, len(MARKET_GRADES)
_PRIMARY, _PRE_AUTO, _POST_ELV = (ORIGINS.index(o) for o in ("primary", "pre_auto", "post_elv"))
_COLUMNS = 48
"""More than the grades of the yard and two columns for each alloying element."""


class Works(NamedTuple):
    """`inputs.Metal` as a compiled loop reads it, with the same axes, and the order of charging."""

    share: Floats
    loss: Floats
    new_loss: Floats
    mill_return: Floats
    press_scrap: Floats
    segregated: Floats
    approved: Floats
    price: Floats
    primary_price: Floats
    addition_price: Floats
    sash_supply: Floats
    market_composition: Floats
    market_origin: Floats
    windows: Windows
    order: Ints
    """(charge,) the alloy charged."""
    allowed: Ints
    """(charge, YARD) the grades it may take, in order, filled up with -1."""
    again: Ints
    """(charge,) 1 where scrap is in the heat already, -1 for castings, which want no scrap above other."""


class Melted(NamedTuple):
    """What a year of melting leaves, lane first; M sites, A alloys.

    `stock` (D, M, YARD), `used` (D, M, YARD, A); `primary` (D, M, A), `additions` (D, M, A, METALS),
    `composition` (D, M, A, METALS), `origin` (D, M, A, O), `finished`, `new_scrap`, `returned` (D, M, A).
    `worst` (D,) the largest gap between what a heat holds and what it should, relative to the heat.
    """

    stock: Floats
    used: Floats
    primary: Floats
    additions: Floats
    composition: Floats
    origin: Floats
    finished: Floats
    new_scrap: Floats
    returned: Floats
    worst: Floats


class Hearth(NamedTuple):
    """Memory for the heats of one site."""

    desk: Desk
    yard: Floats
    wanted: Floats
    left: Floats
    need: Floats
    primary: Floats
    additions: Floats
    content: Floats


def new_hearth() -> Hearth:
    """Memory for the heats of one site."""
    return Hearth(
        new_desk(_COLUMNS), np.empty((_YARD, _METALS)), np.empty(_YARD), np.empty(_YARD),
        np.empty(_ALLOYS), np.empty((_ALLOYS, 1)), np.empty((_ALLOYS, _METALS)),
        np.empty((_ALLOYS, _METALS)),
    )  # fmt: skip


def works_of(metal: Metal) -> list[Works]:
    """The arrays of remelting, for a compiled loop: one for each year, alike but for the limits of its alloys."""
    charges = rounds()
    allowed = np.full((len(charges), _YARD), -1, dtype=np.int64)
    for row, (_, grades, _) in zip(allowed, charges, strict=True):
        row[: len(grades)] = grades
    plain = Works._fields[: Works._fields.index("windows")]
    works = [Works._make([
        *(getattr(metal, name) for name in plain), windows_of(metal.windows[0]),
        np.array([ALLOYS.index(alloy) for alloy, _, _ in charges]), allowed,
        np.array([{"first": 0, "again": 1, "casting": -1}[kind] for _, _, kind in charges]),
    ])]  # fmt: skip
    for before, windows in pairwise(metal.windows):
        works.append(works[-1] if windows is before else works[-1]._replace(windows=windows_of(windows)))
    return works


def new_melted(lanes: int, sites: int) -> Melted:
    """Memory for a year."""
    by_alloy = (lanes, sites, _ALLOYS)
    return Melted(
        np.zeros((lanes, sites, _YARD)), np.zeros((lanes, sites, _YARD, _ALLOYS)), np.zeros(by_alloy),
        np.zeros((*by_alloy, _METALS)), np.zeros((*by_alloy, _METALS)), np.zeros((*by_alloy, _ORIGINS)),
        np.zeros(by_alloy), np.zeros(by_alloy), np.zeros(by_alloy), np.zeros(lanes),
    )  # fmt: skip


@compiled
def melt(
    works: Works,
    year: int,
    items: Floats,
    elements: Floats,
    new_items: Floats,
    new_elements: Floats,
    finished: Floats,
    hearth: Hearth,
    out: Melted,
) -> int:
    """Charge all products of a year (index) in every lane.

    Parameters
    ----------
    items : (D, M, grade, held item), elements : (D, M, grade, METALS)
        the ELV grades at the melters
    new_items : (D, M, A), new_elements : (D, M, METALS)
        mixed new scrap of last year, replaced by that of this year
    finished : (D, A)
        t of metal in finished parts

    Returns
    -------
    int
        the first lane in which a charge has no optimum or misses its limits, else -1
    """  # fmt: skip
    lanes, sites = new_items.shape[:2]
    yard, wanted, left, need = hearth.yard, hearth.wanted, hearth.left, hearth.need
    heats = (hearth.primary, hearth.additions, hearth.content)
    for lane in range(lanes):
        out.worst[lane] = 0.0
        for m in range(sites):
            _yard(works, lane, m, year, elements[lane, m], new_elements[lane, m], out, yard)
            _family(items[lane, m], new_items[lane, m], wanted)
            for g in range(_YARD):
                left[g] = out.stock[lane, m, g]
            for alloy in range(_ALLOYS):
                _loops(works, lane, m, year, alloy, finished[lane, alloy], need, out)
            done = _charges(works, lane, m, year, yard, wanted, left, need, heats, hearth.desk, out)
            if done != FINE:
                return lane
            for alloy in range(_ALLOYS):
                _product(works, lane, m, year, alloy, need[alloy], heats, out)
            _carry_over(works, lane, m, year, out, new_items[lane, m], new_elements[lane, m])
    return -1


@compiled_into
def _yard(
    works: Works,
    lane: int,
    m: int,
    year: int,
    elements: Floats,
    new_elements: Floats,
    out: Melted,
    yard: Floats,
) -> None:
    """Recoverable metal of each grade and its composition (`Melting._yard`)."""
    for g in range(_NEW + 1):
        held = elements[g] if g < _GRADES else new_elements
        mass = short_sum(held, 0, _METALS)
        whole = mass if mass > 0.0 else 1.0
        for e in range(_METALS):
            yard[g, e] = held[e] / whole
        out.stock[lane, m, g] = mass * (1.0 - works.loss[lane, year, g])
    for k in range(_MARKET):
        for e in range(_METALS):
            yard[_NEW + 1 + k, e] = works.market_composition[lane, k, e]
    out.stock[lane, m, _SASH] = works.sash_supply[lane, year, m]
    out.stock[lane, m, _SECONDARY] = 1e9


@compiled_into
def _family(items: Floats, new_items: Floats, wanted: Floats) -> None:
    """Share of each grade that was of the 6000 series (`Melting._family_share`)."""
    for g in range(_GRADES):
        total = short_sum(items[g], 0, _HELD)
        wanted[g] = short_sum(items[g], 0, _SIX) / (total if total > 0.0 else 1.0)
    total = short_sum(new_items, 0, _ALLOYS)
    wanted[_NEW] = short_sum(new_items, 0, _SIX) / (total if total > 0.0 else 1.0)
    wanted[_SASH] = 1.0
    wanted[_SECONDARY] = 0.0


@compiled_into
def _loops(works: Works, lane: int, m: int, year: int, alloy: int, finished: float, need: Floats, out: Melted) -> None:
    """Closed form of the loops: external charge, segregated return after loss, new scrap (`Melting._external`)."""
    made = finished * works.share[lane, alloy, m]
    press, mill, loss = works.press_scrap[lane, alloy], works.mill_return[lane, alloy], works.new_loss[lane]
    semis = made / (1.0 - press)
    back = semis * press * works.segregated[lane, year, alloy] * (1.0 - loss)
    need[alloy] = semis / (1.0 - mill) * (1.0 - mill * (1.0 - loss)) - back
    out.finished[lane, m, alloy] = made
    out.new_scrap[lane, m, alloy] = semis - made
    out.returned[lane, m, alloy] = back


@compiled_into
def _charges(
    works: Works,
    lane: int,
    m: int,
    year: int,
    yard: Floats,
    wanted: Floats,
    left: Floats,
    need: Floats,
    heats: tuple[Floats, Floats, Floats],
    desk: Desk,
    out: Melted,
) -> int:
    """Charge all products from the yard, in their order."""
    used = out.used[lane, m]
    used[:] = 0.0
    prices = (works.primary_price[lane], works.addition_price[lane], works.price[lane])
    for n in range(works.order.size):
        alloy, again = works.order[n], works.again[n]
        count = 0
        while count < _YARD and works.allowed[n, count] >= 0:
            count += 1
        columns = works.allowed[n, :count]
        demand = need[alloy] * works.approved[lane, year, alloy]
        heat = Charge(heats[0][alloy], heats[1][alloy], heats[2][alloy])
        if again != 1:
            without_scrap(works.windows, alloy, demand, heat)
        for j in range(count):
            desk.objectives[j, 0] = wanted[columns[j]]
        done = dilute(works.windows, alloy, demand, columns, left, yard, prices, again == 1, again != -1, heat, desk)
        if done != FINE:
            return done
        for j in range(count):
            g = columns[j]
            left[g] = max(left[g] - desk.total[j], 0.0)
            used[g, alloy] += desk.total[j]
        if demand > 0.0:
            held = short_sum(heat.content, 0, _METALS)
            out.worst[lane] = max(out.worst[lane], abs(held - demand) / demand)
    return FINE


@compiled_into
def _product(
    works: Works,
    lane: int,
    m: int,
    year: int,
    alloy: int,
    need: float,
    heats: tuple[Floats, Floats, Floats],
    out: Melted,
) -> None:
    """Add the closed heats and solve composition and origin of the product (`Melting._product`)."""
    w = works.windows
    closed = need * (1.0 - works.approved[lane, year, alloy])
    primary = closed * w.bare[alloy] / w.rest[alloy]
    additions, content = out.additions[lane, m, alloy], out.composition[lane, m, alloy]
    for e in range(_METALS):
        content[e] = primary * w.primary[alloy, e]
        additions[e] = 0.0
    for k in range(w.alloying_count[alloy]):
        e = w.limited[alloy, k]
        additions[e] = closed * w.lower[alloy, e] - content[e]
    for e in range(_METALS):
        content[e] = heats[2][alloy, e] + (content[e] + additions[e])
        additions[e] = heats[1][alloy, e] + additions[e]
    whole = heats[0][alloy, 0] + primary
    out.primary[lane, m, alloy] = whole
    total = short_sum(content, 0, _METALS)
    for e in range(_METALS):
        content[e] = content[e] / (total if total > 0.0 else 1.0)
    _origin(works, lane, m, alloy, whole + short_sum(additions, 0, _METALS), out)


@compiled_into
def _origin(works: Works, lane: int, m: int, alloy: int, new: float, out: Melted) -> None:
    """Shares of the origins in a product, of which `new` t are primary and additions."""
    origin, used = out.origin[lane, m, alloy], out.used[lane, m, :, alloy]
    origin[:] = 0.0
    origin[_POST_ELV] = short_sum(used, 0, _GRADES)
    origin[_PRE_AUTO] = used[_NEW] + out.returned[lane, m, alloy]
    for k in range(_MARKET):
        for o in range(_ORIGINS):
            origin[o] += used[_NEW + 1 + k] * works.market_origin[lane, k, o]
    origin[_PRIMARY] += new
    mass = short_sum(origin, 0, _ORIGINS)
    for o in range(_ORIGINS):
        origin[o] = origin[o] / (mass if mass > 0.0 else 1.0)


@compiled_into
def _carry_over(
    works: Works, lane: int, m: int, year: int, out: Melted, new_items: Floats, new_elements: Floats
) -> None:
    """Mixed new scrap of this year waits in the yard for the next (`Melting.carry_over`)."""
    new_elements[:] = 0.0
    for alloy in range(_ALLOYS):
        new_items[alloy] = out.new_scrap[lane, m, alloy] * (1.0 - works.segregated[lane, year, alloy])
        for e in range(_METALS):
            new_elements[e] += new_items[alloy] * out.composition[lane, m, alloy, e]
