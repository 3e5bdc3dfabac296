"""What it is worth to know what is in a lot: records, assays and sorting, each at the same realised risk."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.chance import Materials
from cesim.charge.composition import TOLERANCE
from cesim.charge.estimates import Estimate
from cesim.charge.faults import Refusals, no_answer
from cesim.charge.margin import calibrated, upper_bound
from cesim.charge.window import Window
from cesim.charge.yards import Yards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.charge.alloys import AlloyLimits
    from cesim.charge.knowledge import Information
    from cesim.charge.shop import MeltShop
    from cesim.charge.sources import ScrapSource
    from cesim.charge.yards import KnownLot

    Floats = NDArray[np.float64]

ROUNDS = 12
"""Halvings of the margin: to about a thousandth of a standard deviation."""


@dataclass(frozen=True, eq=False)
class KnownCharge:
    """What can be charged with one level of knowledge, on average over the yards."""

    information: Information
    """What is known."""
    recycled_content: Estimate
    """Share of the melt that came from scrap."""
    cost: Estimate
    """JPY per t of melt, what the knowledge costs included."""
    co2: Estimate
    """t CO2e per t of melt."""
    margin: float
    """Standard deviations kept free of every limit for the risk to be the one asked."""
    calibrated_risk: float
    """Share of the heats that the margin was found on that miss a limit."""
    realised_risk: Estimate
    """The same of as many fresh heats."""
    risk_bound: float
    """One-sided 95 % upper bound of it, as if heats were independent."""
    by_yard: Floats
    """Recycled content, cost and CO2 of each yard, (yard, 3)."""


@dataclass(frozen=True, eq=False)
class Gain:
    """What one level brings more than another; at equal risk, on the same yards."""

    name: str
    points: Estimate
    """Percentage points of recycled content."""
    yen: Estimate
    """JPY per t of melt saved: what the knowledge may cost more."""
    co2: Estimate
    """t CO2e per t of melt saved."""


@dataclass(frozen=True, eq=False)
class InformationValue:
    """The levels of knowledge side by side, in the order asked. Standard errors are those between yards."""

    levels: tuple[KnownCharge, ...]

    def __getitem__(self, name: str) -> KnownCharge:
        return {level.information.name: level for level in self.levels}[name]

    def gains(self) -> list[Gain]:
        """Return what each level brings over the first."""
        return [_gain(level.information.name, self.levels[0], level) for level in self.levels]

    def per_cent_of_record(self) -> list[Gain]:
        """Return what one more per cent of right records brings, between each reliability and the next."""
        records = [level for level in self.levels if level.information.record is not None]
        alone = [level for level in records if level.information.plan is None]
        alone.sort(key=lambda level: level.information.record or 0.0)
        found = []
        for low, high in pairwise(alone):
            ends = (low.information.record or 0.0, high.information.record or 0.0)
            if ends[0] < ends[1]:
                found.append(_gain(f"{ends[0]:g} to {ends[1]:g}", low, high, 100.0 * (ends[1] - ends[0])))
        return found


def value_of_information(
    sources: Sequence[ScrapSource],
    supplies: Mapping[str, float],
    alloy: AlloyLimits,
    shop: MeltShop,
    levels: Sequence[Information],
    *,
    yards: int = 100,
    choice: float = 2.0,
    seed: int = 1,
) -> InformationValue:
    """Charge the same yards with more and less knowledge of their lots, always at the risk of the shop.

    A yard has `shop.lots_per_heat` equal lots, each of one source, as often as that supplies. The charge of a yard
    keeps a margin on the mean of what is believed; one margin for all yards is narrowed until, over `shop.heats`
    heats drawn from the beliefs, the share asked misses a limit. So no level buys recycled content with risk, which a
    fixed margin would let it: what a record may get wrong is not a bell.

    Parameters
    ----------
    supplies
        Source -> t.
    levels
        `Information`, the first of them to compare with.
    yards
        Yards drawn; heats are shared out over them.
    choice
        t of scrap in a yard per t of melt: above 1 the charge may leave lots out.

    Raises
    ------
    InputError
        For sources of different elements, without supply or with lots that are alike within a yard, two levels of one
        name, a record less often right than by chance, a sorter of other classes.
    NoAnswer
        ``charge_no_charge`` where not even primary metal makes the alloy; ``charge_no_margin`` where no margin keeps
        the risk.
    """
    chosen = tuple(sources)
    subject = f"value_of_information {alloy.name}"
    lots = int(shop.lots_per_heat)
    _check(subject, chosen, supplies, levels, yards=yards, choice=choice, seed=seed)
    tonnes = np.array([supplies[source.name] for source in chosen])
    drawn = Yards(chosen, tonnes / tonnes.sum(), lots, int(yards), int(seed))
    _check_records(subject, drawn, levels)
    window = Window.of(alloy, chosen[0].elements)
    each = -(-int(shop.heats) // int(yards))
    found = tuple(_charged(subject, _Level(drawn, window, shop, level, each, choice)) for level in levels)
    return InformationValue(found)


class _Level:
    """One level of knowledge: the materials of every yard and their heats."""

    def __init__(
        self, yards: Yards, window: Window, shop: MeltShop, level: Information, heats: int, choice: float
    ) -> None:
        self.yards, self.window, self.shop, self.level, self.heats = yards, window, shop, level, heats
        self.choice = choice
        self.lots = [yards.known(yard, level) for yard in range(yards.yards)]
        self.materials = [self._materials(lots) for lots in self.lots]
        self.lines = self.draw(fresh=False)

    def _materials(self, lots: list[KnownLot]) -> Materials:
        count, shop = len(lots), self.shop
        price = shop.scrap_price + self.level.cost + (self.level.sorter.cost if self.level.sorter else 0.0)
        return Materials(
            shop.furnace,
            self.yards.sources[0].elements,
            tuple("scrap" for _ in lots),
            np.array([lot.mean for lot in lots]),
            np.array([lot.covariance for lot in lots]),
            np.full(count, price),
            np.full(count, shop.scrap_co2),
            np.full(count, self.choice / count),
        )

    def draw(self, *, fresh: bool) -> list[tuple[Floats, Floats]]:
        """Draw heats: for each yard what its lots add to a line, (lot, line x heat), and to the melt, (lot, heat)."""
        found = []
        for yard, (lots, materials) in enumerate(zip(self.lots, self.materials, strict=True)):
            content, mass = materials.content_of(self.yards.heats(yard, lots, self.heats, fresh))
            over = self.window.over(content, mass)
            found.append((np.ascontiguousarray(over.transpose(1, 2, 0)).reshape(len(lots), -1), mass.T))
        return found

    def charges(self, margin: float) -> Floats | None:
        """Return the charge of every yard, (yard, material); None where one has none."""
        mixes = []
        for materials in self.materials:
            charge = materials.charge(self.window, self.window.limits, margin, self.shop.goal)
            if charge.status == "infeasible":
                return None
            mixes.append(charge.x)
        return np.array(mixes)

    def off(self, mixes: Floats, lines: list[tuple[Floats, Floats]]) -> Floats:
        """Return the share of heats of each yard that miss a limit, (yard,)."""
        shares = []
        for x, materials, (over, mass) in zip(mixes, self.materials, lines, strict=True):
            count = mass.shape[0]
            content, melt = materials.transfer
            rest = x[count:] @ self.window.over(content[count:], melt[count:])
            missed = (x[:count] @ over).reshape(rest.size, -1) + rest[:, None]
            shares.append((missed > TOLERANCE * (x[:count] @ mass + x[count:] @ melt[count:])).any(axis=0).mean())
        return np.array(shares)

    def risk_at(self, margin: float) -> float:
        """Return the share of all heats that miss a limit."""
        mixes = self.charges(margin)
        return 1.0 if mixes is None else float(self.off(mixes, self.lines).mean())


def _charged(subject: str, level: _Level) -> KnownCharge:
    """Find the margin of a level and count its charges on fresh heats."""
    asked, name = level.shop.risk, level.level.name
    if level.charges(0.0) is None:
        raise no_answer("charge_no_charge", subject, name)
    margin = calibrated(level.risk_at, asked, ROUNDS)
    mixes = None if margin is None else level.charges(margin)
    if margin is None or mixes is None:
        raise no_answer("charge_no_margin", subject, "risk", found=asked, limits=name)
    aims = [m.aims for m in level.materials]
    figures = [(-a["recycled"] @ x, a["cost"] @ x, a["co2"] @ x) for a, x in zip(aims, mixes, strict=True)]
    by_yard = np.array(figures)
    recycled, cost, co2 = (_mean(column) for column in by_yard.T)
    found = float(level.off(mixes, level.lines).mean())
    fresh = level.off(mixes, level.draw(fresh=True))
    heats = level.heats * len(fresh)
    return KnownCharge(
        level.level,
        recycled,
        cost,
        co2,
        margin=margin,
        calibrated_risk=found,
        realised_risk=_mean(fresh),
        risk_bound=upper_bound(round(float(fresh.mean()) * heats), heats),
        by_yard=by_yard,
    )


def _gain(name: str, low: KnownCharge, high: KnownCharge, per: float = 1.0) -> Gain:
    """What `high` brings over `low`, over the same yards."""
    apart = (high.by_yard - low.by_yard) * np.array([100.0, -1.0, -1.0]) / per
    points, yen, co2 = (_mean(column) for column in apart.T)
    return Gain(name, points, yen, co2)


def _mean(values: Floats) -> Estimate:
    error = float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return Estimate(float(values.mean()), error)


def _check(
    subject: str,
    sources: tuple[ScrapSource, ...],
    supplies: Mapping[str, float],
    levels: Sequence[Information],
    **numbers: float,
) -> None:
    with Refusals(subject) as refusals:
        names = refusals.distinct("sources", (source.name for source in sources))
        refusals.distinct("levels", (level.name for level in levels))
        for field, least in (("yards", 1), ("choice", 0.0), ("seed", 0)):
            refusals.number(field, numbers[field], least, shape=(), above=field == "choice")
        refusals.settle()
        for source in sources:
            if source.elements != sources[0].elements:
                refusals.refuse("charge_shape", source.name, found=source.elements, allowed=sources[0].elements)
            if source.name not in supplies:
                refusals.refuse("charge_unnamed", "supplies", found=source.name)
            if source.law.shared.any():
                refusals.refuse("charge_lots_alike", source.name)
        for name, tonnes in supplies.items():
            refusals.known("supplies", name, names)
            refusals.number(f"supplies.{name}", tonnes, 0.0, shape=(), above=True)
        for level in levels:
            if level.sorter is not None and set(level.sorter.classes) != set(names):
                refusals.refuse("charge_shape", f"{level.name} sorter", found=level.sorter.classes, allowed=names)


def _check_records(subject: str, yards: Yards, levels: Sequence[Information]) -> None:
    with Refusals(subject) as refusals:
        for level in levels:
            if level.record is not None:
                refusals.number(f"{level.name}", level.record, min(yards.coincidence, 1.0) - 1e-12, 1.0)
