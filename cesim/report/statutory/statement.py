"""What is to be stated: of one maker, or of all cars built in a run; the same accounts either way."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from cesim.ledger.substances import POLYMERS
from cesim.orders.maker.sheet import RECYCLED
from cesim.report.statutory.counting import REST, STREAMS, Account, by_group, together
from cesim.report.statutory.kilograms import shared_out
from cesim.report.statutory.laws import Step, step_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.orders.maker import BuiltType, MakerSheet, Period, PlanTarget
    from cesim.report.statutory.national import National


@dataclass(frozen=True)
class TypeAccount:
    """The plastics in the cars of one type."""

    built: BuiltType
    account: Account

    @property
    def is_in_eu_rule(self) -> bool:
        """Whether the EU rule looks at it: built for the EU, and newly approved in the period."""
        return self.built.market == "eu" and self.built.is_new and self.built.units > 0


@dataclass(frozen=True)
class Missing:
    """How far some cars are from a step of the EU rule, kg; 0 where they reach it."""

    total_kg: int
    closed_kg: int


@dataclass(frozen=True)
class Statement:
    """One statement; `maker` or `national` is there, or both."""

    period: Period
    whole: Account
    """All cars of the maker, or all cars built in the run."""
    polymers: Mapping[str, Account]
    """By polymer; of a maker only what it bought, without virgin plastics."""
    types: tuple[TypeAccount, ...] = ()
    maker: MakerSheet | None = None
    national: National | None = None

    @property
    def is_national(self) -> bool:
        """Whether it is of no maker: everything must then carry a watermark."""
        return self.maker is None

    @property
    def eu(self) -> Account | None:
        """Plastics in the newly approved types built for the EU; None where there are none, or nobody knows."""
        held = [one.account for one in self.types if one.is_in_eu_rule]
        return together(held) if held else None

    @property
    def step(self) -> Step | None:
        """The step of the EU rule in force in the period."""
        return step_in(self.period.year)

    @property
    def target(self) -> PlanTarget | None:
        """The maker's own target of the period."""
        plan = self.maker.plan if self.maker is not None else ()
        return next((one for one in plan if one.year == self.period.year), None)


def missing(held: Account, step: Step) -> Missing:
    """Return what is missing to a step of the EU rule, in whole kg rounded up."""
    total = ceil(step.share * held.total) - held.counted("eu")
    closed = ceil(step.closed * held.total) - held.counted("closed")
    return Missing(max(total, 0), max(closed, 0))


def of_country(found: National) -> Statement:
    """Return the statement of all cars built in a run."""
    return Statement(found.period, found.account, found.polymers, national=found)


def of_maker(sheet: MakerSheet, found: National | None) -> Statement:
    """Return the statement of a maker, beside a run where there is one."""
    accounts = by_group([one.mass_kg for one in sheet.types], [sheet.held_kg(one) for one in sheet.types])
    types = tuple(TypeAccount(built, held) for built, held in zip(sheet.types, accounts, strict=True))
    whole = together(accounts)
    return Statement(sheet.period, whole, _polymers(sheet, whole), types, sheet, found)


def _polymers(sheet: MakerSheet, whole: Account) -> dict[str, Account]:
    """Share what was bought out over the polymers, origin by origin, so that both add up."""
    names = [name for name in POLYMERS if any(one.polymer == name for one in sheet.purchases)]
    cells = {}
    for origin in RECYCLED:
        bought = {
            name: sum((b.mass_kg for b in sheet.purchases if (b.polymer, b.origin) == (name, origin)), Fraction(0))
            for name in names
        }
        cells[origin] = shared_out(whole.kg[origin], bought) if whole.kg[origin] else dict.fromkeys(names, 0)
    return {
        name: Account({origin: 0 if origin == REST else cells[origin][name] for origin in STREAMS}) for name in names
    }
