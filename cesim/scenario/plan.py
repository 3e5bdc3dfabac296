"""The action plan: measures, when they come in, what they change, what they cost and who pays.

A measure changes values of the scenario from its start on. What stands in `adopted` is in effect in a run; the others
wait in the catalogue. Costs are of no consequence for flows: `cesim plan` adds them up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from cesim.quantities import Quantity
from cesim.quantities.curves import RampShape
from cesim.quantities.steered import How
from cesim.scenario.amounts import AmountAsWritten
from cesim.scenario.kinds import Label, Names, Part, Several, Share, Year
from cesim.scenario.levers import lever
from cesim.scenario.plan_checks import check_measures, check_source
from cesim.scenario.values import ValueOf

if TYPE_CHECKING:
    from collections.abc import Iterable

Yen = Annotated[Quantity, ValueOf("positive", "JPY", most=1e14)]
YenPerYear = Annotated[Quantity, ValueOf("positive", "JPY/year", most=1e13)]
PersonYears = Annotated[Quantity, ValueOf("positive", "-", most=1e6)]
MinutesPerCar = Annotated[Quantity, ValueOf("positive", "min", most=1e4)]
Life = Annotated[Quantity, ValueOf("positive", "years", most=100, above=0)]
Discount = Annotated[Quantity, ValueOf("share", "share", most=0.2)]
RampYears = Annotated[int, Field(ge=1, le=50)]

Pillar = Literal["design", "chain", "making"]
Horizon = Literal["short", "mid", "long"]
Material = Literal["aluminium", "plastics", "vehicles"]
Actor = Literal[
    "state", "oem", "parts", "metal", "resin", "dismantlers", "shredders", "sorters", "platforms", "owners", "others",
]  # fmt: skip
"""Who acts, pays or gains; which of them are arterial and which venous stands in `SIDES`."""

SIDES: dict[Actor, Literal["arterial", "venous", "public", "outside"]] = {
    "state": "public", "oem": "arterial", "parts": "arterial", "metal": "arterial", "resin": "arterial",
    "dismantlers": "venous", "shredders": "venous", "sorters": "venous", "platforms": "public", "owners": "outside",
    "others": "outside",
}  # fmt: skip
"""Arterial (動脈) industries make things, venous (静脈) ones take them back."""


class Ramp(Part):
    """How a measure comes in."""

    shape: RampShape = Field(default="linear", description="linear, or an s-curve without kinks")
    years: RampYears = Field(default=1, description="years until it is full, counting the first; 1 is at once")


class Change(Part):
    """What a measure does to one value of the scenario."""

    path: str = Field(min_length=1, description="dotted path of the value, which must be one that may change by year")
    how: How = Field(
        description="set: towards a value; scale: by a factor; add: by an amount; fill: a share of what is missing to 1"
    )
    amount: AmountAsWritten = Field(description="the ceiling: what it comes to when the measure is full")


class Subsidy(Part):
    """Public money for an investment."""

    rate: Share = Field(description="share of the investment, 1/2 for small firms, 1/3 for others, 2/3 for trials")
    minimum: Yen = Field(
        default=Quantity(0.0, kind="positive", unit="JPY", status="given"),
        description="smallest investment that is eligible",
    )
    cap: Yen | None = Field(default=None, description="most that is paid; none where it is left out")
    source: str = Field(default="", description="the scheme, and where it was read")


class Measure(Part):
    """A measure of the plan (施策)."""

    name: Names
    summary: Names | None = Field(default=None, description="what is done")
    pillar: Pillar = Field(description="design for circulation, the chain, or making and quality assurance")
    horizon: Horizon = Field(description="short (to 2030), mid (to 2035) or long term (to 2050)")
    material: Material = Field(description="what it is about")
    actor: Actor = Field(description="who carries it out, and pays what no subsidy covers")
    start: Year = Field(
        description="first year in which it acts", json_schema_extra=lever("施策の開始年", "first year of the measure")
    )
    ramp: Ramp = Ramp()
    level: Share = Field(
        default=Quantity(1.0, kind="share", unit="share", status="given"),
        description="share of it that is carried out",
        json_schema_extra=lever("施策の実施水準", "share of the measure carried out"),
    )
    changes: dict[Label, Change] = Field(default_factory=dict, description="what it changes, by any name")
    needs: Several[Label] = Field(default=(), description="measures without which it does nothing")
    excludes: Several[Label] = Field(default=(), description="measures it cannot stand beside")
    investment: Yen = Field(
        default=Quantity(0.0, kind="positive", unit="JPY", status="given"),
        description="to carry it out in full; spent as it comes in",
    )
    life: Life | None = Field(
        default=None, description="years until what was bought is bought again; never if left out"
    )
    running: YenPerYear = Field(
        default=Quantity(0.0, kind="positive", unit="JPY/year", status="given"), description="each year once it is full"
    )
    subsidy: Subsidy | None = Field(default=None, description="public money for the investment")
    jobs: PersonYears = Field(
        default=Quantity(0.0, kind="positive", unit="-", status="given"), description="people at work on it once full"
    )
    minutes: MinutesPerCar = Field(
        default=Quantity(0.0, kind="positive", unit="min", status="given"),
        description="labour per scrapped car once full",
    )
    published: bool = Field(description="whether a published plan names it; if not it is a place-holder")
    source: str = Field(default="", description="where it is named, or how it was thought of")

    @model_validator(mode="after")
    def _says_where_from(self) -> Measure:
        check_source(self)
        return self


class ActionPlan(Part):
    """Measures, which of them are adopted, and how money over the years is added up."""

    base_year: Year = Field(description="year whose money counts: costs are discounted to it")
    until: Year = Field(description="last year whose costs are counted")
    discount: Discount = Field(description="real discount rate a year")
    adopted: Several[Label] = Field(default=(), description="measures in effect; those without what they need wait")
    measures: dict[Label, Measure] = Field(default_factory=dict, description="the catalogue")

    @model_validator(mode="after")
    def _measures_fit(self) -> ActionPlan:
        check_measures(self)
        return self

    def active(self, chosen: Iterable[str]) -> frozenset[str]:
        """Those of the chosen measures that have what they need: the active closure."""
        left = frozenset(chosen)
        while True:
            kept = frozenset(name for name in left if left.issuperset(self.measures[name].needs))
            if kept == left:
                return kept
            left = kept

    def builds_on(self, name: str) -> frozenset[str]:
        """Everything a measure needs, directly or not."""
        seen: set[str] = set()
        ahead = list(self.measures[name].needs)
        while ahead:
            one = ahead.pop()
            if one not in seen:
                seen.add(one)
                ahead += self.measures[one].needs
        return frozenset(seen)

    def rivals(self, name: str) -> frozenset[str]:
        """Measures that cannot stand beside one, whoever of the two says so."""
        said = {other for other, held in self.measures.items() if name in held.excludes}
        return frozenset(said.union(self.measures[name].excludes))
