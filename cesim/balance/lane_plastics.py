"""Compounding of one year, compiled lane by lane: the twin of `Compounding` and of the sums the indicators ask of it.

Nothing is written; masses are worked out as they would be, and added up in the order of their cells, to the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.balance.compiled import compiled, compiled_into
from cesim.balance.inputs import ELV_RECYCLATES, RECYCLATES
from cesim.balance.lane_heat import Desk, new_desk, optimum
from cesim.balance.lane_sums import short_sum
from cesim.ledger.substances import COMPONENTS, COUNTED_PLASTICS, ORIGINS, POLYMERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.inputs import Plastics

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_POLYMERS, _PARTS, _ORIGINS = len(POLYMERS), len(COMPONENTS), len(ORIGINS)
_RECYCLATES, _ELV = len(RECYCLATES), len(ELV_RECYCLATES)
_POST_ELV, _VIRGIN = ORIGINS.index("post_elv"), ORIGINS.index("primary")
_LEVELS = 4

SUMS = (*COUNTED_PLASTICS, "to_compounds", "exported", "virgin", "recyclate")
"""What is summed by region, in this order; then what is burnt of each polymer."""
_SETS = len(COUNTED_PLASTICS)
_TO_COMPOUNDS, _EXPORTED, _VIRGIN_SUM, _RECYCLATE, _BURNT = range(_SETS, _SETS + 5)
SUM_COUNT = len(SUMS) + len(POLYMERS)

_SUPPLIERS = ("recyclate", "x_to_car", "chemical-pp", "bio-pp")
"""The groups in which recyclate is summed."""


class Mixers(NamedTuple):
    """`inputs.Plastics` as a compiled loop reads it, with the same axes, and what is fixed by the names."""

    route: Floats
    share: Floats
    supply: Floats
    composition: Floats
    foreign: Floats
    foreign_limit: Floats
    cap: Floats
    asr_cap: Floats
    price: Floats
    virgin_price: Floats
    loss: Floats
    compounders: Ints
    admitted: Bools
    source: Floats
    """(recyclate, O)"""
    supplier: Ints
    """(recyclate,) index into the groups of suppliers."""
    from_asr: Floats
    counted: Bools
    """(set, O) which origins each of `COUNTED_PLASTICS` counts."""


class Bowl(NamedTuple):
    """Memory for one lane; M sites, N recyclates."""

    desk: Desk
    components: Floats
    """(R, ELV recyclate, component)"""
    arrived: Floats
    """(M, ELV recyclate, component)"""
    stock: Floats
    left: Floats
    composition: Floats
    used: Floats
    """(M, N, polymer)"""
    origin: Floats
    brought: Floats
    sets: Floats
    moved: Floats
    """(M,)"""
    virgin: Floats
    columns: Ints


def mixers_of(plastics: Plastics) -> Mixers:
    """The arrays of compounding, for a compiled loop."""
    source = plastics.origin.copy()
    source[:_ELV] = np.arange(_ORIGINS) == _POST_ELV
    group = {"chemical-pp": 2, "bio-pp": 3, **dict.fromkeys(ELV_RECYCLATES, 0)}
    plain = Mixers._fields[: Mixers._fields.index("compounders")]
    return Mixers._make([
        *(getattr(plastics, name) for name in plain), plastics.compounders.astype(np.int64), plastics.admitted, source,
        np.array([group.get(name, 1) for name in RECYCLATES]),
        np.array([float(name.startswith("asr-")) for name in RECYCLATES]),
        np.array([[o in chosen for o in ORIGINS] for chosen in COUNTED_PLASTICS.values()]),
    ])  # fmt: skip


def new_bowl(regions: int, sites: int) -> Bowl:
    """Memory for one lane."""
    by_elv = (_ELV, _PARTS)
    return Bowl(
        new_desk(_RECYCLATES), np.empty((regions, *by_elv)),
        np.empty((sites, *by_elv)), np.empty((sites, _RECYCLATES)), np.empty((sites, _RECYCLATES)),
        np.empty((sites, _RECYCLATES, _PARTS)), np.empty((sites, _RECYCLATES, _POLYMERS)), np.empty(_ORIGINS),
        np.empty(_PARTS), np.empty(_SETS), np.empty(sites), np.empty(1), np.empty(_RECYCLATES, np.int64),
    )  # fmt: skip


@compiled
def compound(
    mixers: Mixers,
    year: int,
    pellets: Floats,
    demand: Floats,
    recipe: Floats,
    assembly: Floats,
    bowl: Bowl,
    sums: Floats,
) -> int:
    """Make the compounds of a year (index) in every lane and sum what the indicators ask into `sums` (D, SUM_COUNT, R).

    Parameters
    ----------
    pellets : (D, R, ELV recyclate, polymer x component)
    demand : (D, polymer)
        t of plastics in the cars built
    recipe : (D, polymer, component), assembly : (D, R)

    Returns
    -------
    int
        the first lane in which a compound has no optimum, else -1
    """
    for lane in range(sums.shape[0]):
        out = sums[lane]
        out[:] = 0.0
        _stock(mixers, lane, year, pellets[lane], bowl)
        for m in range(mixers.compounders.size):
            region = mixers.compounders[m]
            for k in range(_POLYMERS):
                mass = demand[lane, k] * mixers.share[lane, m] / (1.0 - mixers.loss[lane])
                if not _blend(mixers, lane, year, m, k, mass, recipe[lane, k], bowl):
                    return lane
                _mix(mixers, lane, m, k, mass, recipe[lane, k], bowl, out[_BURNT:, region])
                _count(mixers, assembly[lane], bowl, out[:, region])
            _suppliers(mixers, m, bowl, out[:, region])
        _pellets(mixers, lane, pellets[lane], bowl, out)
    return -1


@compiled_into
def _stock(mixers: Mixers, lane: int, year: int, pellets: Floats, bowl: Bowl) -> None:
    """Recyclate on offer at each site and its composition."""
    regions, sites = mixers.route.shape[1:]
    bowl.components[:] = 0.0
    for r in range(regions):
        for n in range(_ELV):
            for k in range(_POLYMERS):
                for c in range(_PARTS):
                    bowl.components[r, n, c] += pellets[r, n, _PARTS * k + c]
    bowl.used[:] = 0.0
    for m in range(sites):
        for n in range(_RECYCLATES):
            bowl.stock[m, n] = mixers.supply[lane, year, n] * mixers.share[lane, m]
            for c in range(_PARTS):
                bowl.composition[m, n, c] = mixers.composition[lane, n, c]
        for n in range(_ELV):
            arrived = bowl.arrived[m, n]
            arrived[:] = 0.0
            for r in range(regions):
                for c in range(_PARTS):
                    arrived[c] += mixers.route[lane, r, m] * bowl.components[r, n, c]
            own = arrived[0] + arrived[1] + arrived[2]
            bowl.stock[m, n] = own
            if own > 0.0:
                for c in range(_PARTS):
                    bowl.composition[m, n, c] = arrived[c] / own
        for n in range(_RECYCLATES):
            bowl.left[m, n] = bowl.stock[m, n]


@compiled_into
def _blend(mixers: Mixers, lane: int, year: int, m: int, k: int, mass: float, recipe: Floats, bowl: Bowl) -> bool:
    """Recyclate for one compound at a site; False where the programme has no optimum."""
    desk, columns, count = bowl.desk, bowl.columns, 0
    for n in range(_RECYCLATES):
        if mixers.admitted[k, n]:
            columns[count] = n
            count += 1
    if count == 0:
        return True
    for c in range(_PARTS):
        desk.limits[c] = mass * recipe[c]
    desk.limits[3] = mass * mixers.foreign_limit[lane, k]
    desk.limits[4] = mass * mixers.cap[lane, year, k]
    desk.limits[5] = mass * mixers.asr_cap[lane, year]
    for j in range(count):
        n, effect = columns[j], desk.effect[j]
        for c in range(_PARTS):
            effect[c] = bowl.composition[m, n, c]
        effect[3], effect[4], effect[5] = mixers.foreign[lane, n], 1.0, mixers.from_asr[n]
        desk.upper[j] = bowl.left[m, n]
        desk.objectives[j, 0] = 1.0 if n < _ELV else 0.0
        desk.objectives[j, 1] = 1.0
        desk.objectives[j, 2] = mixers.virgin_price[lane] - mixers.price[lane, n]
        desk.objectives[j, 3] = -(j + 1.0)
    if not optimum(desk, count, 0, _LEVELS):
        return False
    for j in range(count):
        n = columns[j]
        bowl.left[m, n] = max(bowl.left[m, n] - desk.total[j], 0.0)
        bowl.used[m, n, k] = desk.total[j]
    return True


@compiled_into
def _mix(mixers: Mixers, lane: int, m: int, k: int, mass: float, recipe: Floats, bowl: Bowl, burnt: Floats) -> None:
    """Origin of one compound, t in finished parts (`Compounding._write_compounds`); `burnt` and virgin are summed."""
    origin, brought = bowl.origin, bowl.brought
    origin[:] = 0.0
    brought[:] = 0.0
    for n in range(_RECYCLATES):
        used = bowl.used[m, n, k]
        if mixers.admitted[k, n] and used != 0.0:
            for c in range(_PARTS):
                brought[c] += used * bowl.composition[m, n, c]
            for o in range(_ORIGINS):
                origin[o] += used * mixers.source[n, o]
    loss = mixers.loss[lane]
    polymer = max(mass * recipe[0] - brought[0], 0.0)
    filler = max(mass * recipe[1] - brought[1], 0.0)
    additive = max(mass * recipe[2] - brought[2], 0.0)
    virgin = polymer + 0.0 + additive
    bowl.virgin[0] = virgin
    origin[_VIRGIN] += virgin
    origin[_VIRGIN] += filler
    burnt[k] = (brought[0] + polymer) * loss
    for o in range(_ORIGINS):
        origin[o] *= 1.0 - loss


@compiled_into
def _count(mixers: Mixers, assembly: Floats, bowl: Bowl, out: Floats) -> None:
    """Add the compound to what new cars hold, by set of origins."""
    bowl.sets[:] = 0.0
    for r in range(assembly.size):
        for o in range(_ORIGINS):
            if bowl.origin[o] == 0.0:
                continue
            mass = bowl.origin[o] * assembly[r]
            for n in range(_SETS):
                if mixers.counted[n, o]:
                    bowl.sets[n] += mass
    for n in range(_SETS):
        out[n] += bowl.sets[n]
    out[_VIRGIN_SUM] += bowl.virgin[0]


@compiled_into
def _suppliers(mixers: Mixers, m: int, bowl: Bowl, out: Floats) -> None:
    """Recyclate that enters the compounds of a site, supplier after supplier."""
    total = 0.0
    for supplier in range(4):
        own = 0.0
        for k in range(_POLYMERS):
            for n in range(_RECYCLATES):
                used = bowl.used[m, n, k]
                if mixers.supplier[n] == supplier and used != 0.0:
                    for o in range(_ORIGINS):
                        own += used * mixers.source[n, o]
        total = own if supplier == 0 else total + own
    out[_RECYCLATE] = total


@compiled_into
def _pellets(mixers: Mixers, lane: int, pellets: Floats, bowl: Bowl, out: Floats) -> None:
    """Pellets from end-of-life vehicles: into compounds, or sold outside cars (`Compounding._write_elv`)."""
    regions, sites = mixers.route.shape[1:]
    for n in range(_ELV):
        for r in range(regions):
            for m in range(sites):
                arrived = bowl.arrived[m, n]
                total = arrived[0] + arrived[1] + arrived[2]
                moved = mixers.route[lane, r, m] * (
                    short_sum(bowl.used[m, n], 0, _POLYMERS) / (total if total > 0.0 else 1.0)
                )
                bowl.moved[m] = moved
                out[_TO_COMPOUNDS, r] = _with_pellets(out[_TO_COMPOUNDS, r], moved, pellets[r, n])
            gone = short_sum(bowl.moved, 0, sites)
            out[_EXPORTED, r] = _with_pellets(out[_EXPORTED, r], max(1.0 - gone, 0.0), pellets[r, n])


@compiled_into
def _with_pellets(total: float, share: float, pellets: Floats) -> float:
    """Add a share of the pellets, polymer by polymer."""
    for k in range(_POLYMERS):
        p = _PARTS * k
        total += share * pellets[p] + share * pellets[p + 1] + share * pellets[p + 2]
    return total
