"""Who pays and who gains: every trade with the plan less the same trade without it, and the outlays of the plan.

At the best estimate and at constant prices: lots change hands at what the scenario says they cost today, however much
of them is offered. What one pays another receives; what leaves the chain goes to `others`, who deliver primary metal,
virgin plastics and equipment, drive the lorries, earn the wages and buy what is exported. So all accounts together are
zero, and what the plan costs the chain as a whole is what `others` and `owners` receive more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from cesim.ledger.processes import kind
from cesim.plan.money.best_flows import BestFlows, best_flows
from cesim.plan.money.chosen import with_measures
from cesim.plan.money.costs import costs
from cesim.plan.money.differences import ROUNDING
from cesim.plan.money.trades import is_unpriced, trades_of
from cesim.quantities import Quantity, TimePath
from cesim.scenario.effects import at, in_effect
from cesim.scenario.fields import keys_of
from cesim.scenario.plan import SIDES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from cesim.plan.money.costs import Costs, Kind
    from cesim.scenario.effects import Decision
    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import Actor
    from cesim.text.catalogue import Language

KILO: Final = 1e3
"""Kilograms in a tonne."""


_OUTLAYS: Final[tuple[Kind, ...]] = ("investment", "renewal", "running", "subsidy_paid")


class Payment(NamedTuple):
    """Money from one actor to another in a year."""

    year: int
    item: str
    payer: Actor
    receiver: Actor
    jpy: float


class Unpriced(NamedTuple):
    """A flow that changes hands at a price the scenario does not know, and by how much the plan changes it."""

    year: int
    process_from: str
    process_to: str
    without_t: float
    with_t: float


@dataclass(frozen=True)
class Accounts:
    """Payments with the plan less those without it, JPY a year; below zero where less is paid."""

    years: tuple[int, ...]
    payments: tuple[Payment, ...]
    unpriced: tuple[Unpriced, ...]

    def by_actor(self, year: int) -> dict[Actor, float]:
        """What each actor gains (below zero: pays) in a year, JPY; the sum over all actors is zero."""
        gained: dict[Actor, float] = defaultdict(float)
        for payment in self.payments:
            if payment.year == year:
                gained[payment.receiver] += payment.jpy
                gained[payment.payer] -= payment.jpy
        return dict(gained)

    def by_side(self, year: int) -> dict[str, float]:
        """What each side gains: arterial, venous, public, outside."""
        gained: dict[str, float] = defaultdict(float)
        for actor, jpy in self.by_actor(year).items():
            gained[SIDES[actor]] += jpy
        return dict(gained)

    def frame(self, lang: Language = "ja") -> pd.DataFrame:
        """Tidy rows: each payment stands twice, with the actor who gains by it and the one who pays.

        Columns ``year, side, side_name, actor, actor_name, item, item_name, counterpart, counterpart_name, gain_jpy``.
        """
        import pandas as pd

        from cesim.text import say

        def words(kind: str, key: str) -> str:
            return say(f"plan_money.{kind}.{key}", lang)

        rows = [
            (
                year, SIDES[one], words("side", SIDES[one]), one, words("actor", one), item, words("item", item),
                other, words("actor", other), gain,
            )
            for year, item, payer, receiver, jpy in self.payments
            for one, other, gain in ((receiver, payer, jpy), (payer, receiver, -jpy))
        ]  # fmt: skip
        columns = [
            "year", "side", "side_name", "actor", "actor_name", "item", "item_name", "counterpart", "counterpart_name",
            "gain_jpy",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)


def accounts(
    scenario: Scenario, choice: Mapping[str, Decision] | None = None, years: Sequence[int] | None = None
) -> Accounts:
    """Return who pays and gains by a choice of measures (by default those adopted) in the report years.

    Solves the balance twice at the best estimate.

    Raises
    ------
    InputError
        as `costs`
    NoAnswer
        when the model has no answer
    """
    paid = costs(scenario, choice)
    asked = tuple(scenario.report.years if years is None else years)
    chosen, without = with_measures(scenario, choice), in_effect(scenario, {})
    return difference(best_flows(chosen, asked), best_flows(without, asked), paid)


def difference(chosen: BestFlows, without: BestFlows, paid: Costs) -> Accounts:
    """Return the accounts of a plan: its flows, those without it, and what it costs."""
    sums: dict[tuple[int, str, Actor, Actor], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for n, flows in enumerate((without, chosen)):
        for year, item, payer, receiver, jpy in (*payments(flows), *work(flows)):
            sums[year, item, payer, receiver][n] += jpy
    for year, item, payer, receiver, jpy in outlays(paid, chosen.years):
        sums[year, item, payer, receiver][1] += jpy
    told = tuple(
        Payment(*key, after - before)
        for key, (before, after) in sorted(sums.items())
        if abs(after - before) > ROUNDING * max(abs(after), abs(before))
    )
    return Accounts(chosen.years, told, tuple(_unpriced(chosen, without)))


def payments(flows: BestFlows) -> Iterator[Payment]:
    """Yield what is paid for the flows of a run."""
    for (year, process_from, process_to), mass in flows.masses.items():
        for trade in trades_of(process_from, process_to):
            if not trade.by_element:
                price = value_in(flows.scenario, trade.price_path(process_from, process_to), year)
                yield Payment(year, trade.item, trade.payer, trade.receiver, mass * KILO * price)
    for (year, process_from, process_to, element), mass in flows.elements.items():
        for trade in trades_of(process_from, process_to):
            if element not in flows.scenario.remelting.addition_price:
                continue  # the balance charges it without a price too
            price = value_in(flows.scenario, trade.price_path(process_from, process_to, element), year)
            yield Payment(year, trade.item, trade.payer, trade.receiver, mass * KILO * price)


def work(flows: BestFlows) -> Iterator[Payment]:
    """Yield wages and transport of the parts that dismantlers take off; both leave the chain, to `others`.

    Hours are sets of a part times its minutes; sets are the mass removed over the mass of a set.
    """
    held = flows.scenario
    for year, removed in flows.removed.items():
        kilos = removed.sum(axis=1) * KILO
        minutes = np.array([value_in(held, f"parts.{part}.minutes", year) for part in held.parts])
        sets = kilos / np.array([value_in(held, f"parts.{part}.mass", year) for part in held.parts])
        wage, transport = (value_in(held, f"dismantling.{name}", year) for name in ("wage", "transport"))
        yield Payment(year, "labour", "dismantlers", "others", float((sets * minutes).sum() / 60.0 * wage))
        yield Payment(year, "transport", "dismantlers", "others", float(kilos.sum() * transport))


def outlays(paid: Costs, years: tuple[int, ...]) -> Iterator[Payment]:
    """Yield what the measures themselves cost, at the best estimate: to `others`, and subsidies from the state."""
    for held in paid.measures:
        for item in _OUTLAYS:
            money = held.of(item)[:, 0]
            payer, receiver = _ends(item, held.actor)
            for year in years:
                if year in paid.years:
                    yield Payment(year, item, payer, receiver, float(money[paid.years.index(year)]))


def _ends(item: Kind, actor: Actor) -> tuple[Actor, Actor]:
    return ("state", actor) if item == "subsidy_paid" else (actor, "others")


def value_in(scenario: Scenario, path: str, year: int) -> float:
    """Return the best estimate of a value in a year, prices in JPY/kg; raises `KeyError` where there is none."""
    held = at(scenario, keys_of(path))
    if isinstance(held, Quantity):
        return held.value
    if isinstance(held, TimePath):
        return float(held.best([year])[0])
    raise KeyError(path)


def _unpriced(chosen: BestFlows, without: BestFlows) -> Iterator[Unpriced]:
    """Masses by process, whatever the grade or product behind the dot."""
    sums: dict[tuple[int, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for n, flows in enumerate((without, chosen)):
        for (year, process_from, process_to), mass in flows.masses.items():
            if is_unpriced(process_from, process_to):
                sums[year, kind(process_from), kind(process_to)][n] += mass
    for flow, (before, after) in sorted(sums.items()):
        yield Unpriced(*flow, before, after)
