"""The order as a whole: one file for a casthouse, of which each command reads what it needs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cesim.orders.elements import Alloying
from cesim.orders.parts import (
    AlloyOrder,
    CorrectionOrder,
    FurnaceOrder,
    GradeOrder,
    LotOrder,
    NotNegative,
    Positive,
    RiskOrder,
    SamplingOrder,
    Seed,
    Share,
    SorterOrder,
    SourceOrder,
)
from cesim.scenario import Label, ModelFault, Part, Several

Goal = Literal["cost", "co2", "recycled"]
Command = Literal["charge", "test", "compare", "value", "codesign"]


class ShopOrder(Part):
    """What the melt shop pays for accepted scrap."""

    scrap_price: NotNegative
    scrap_co2: NotNegative
    lots_per_heat: Annotated[int, Field(ge=1, le=1000)]


class TrialOrder(Part):
    """How many lots a grade is tried on."""

    lots: Annotated[int, Field(ge=100, le=10_000_000)] = 1_000_000
    seed: Seed = 1


class KnowledgeOrder(Part):
    """Levels of knowledge to set side by side."""

    records: Several[Share] = Field(default=(0.95,))
    record_cost: NotNegative = 0.0
    yards: Annotated[int, Field(ge=2, le=10_000)] = 100
    choice: Positive = 2.0
    seed: Seed = 1


class Span(Part):
    """Equal steps from one factor to another."""

    first: Positive
    last: Positive
    points: Annotated[int, Field(ge=1, le=200)]

    @model_validator(mode="after")
    def _has_a_point_for_each_end(self) -> Span:
        if self.points == 1 and self.first != self.last:
            raise ModelFault("span_one_point", "points", {"first": self.first, "last": self.last})
        return self


class DesignOrder(Part):
    """A table of designs: levels of the grade by widths of the alloy."""

    demand: Positive
    lots_per_source: Annotated[int, Field(ge=1, le=1000)]
    margin: NotNegative
    levels: Span
    widening: Span
    widened: Several[Label] = Field(min_length=1)
    lots: Annotated[int, Field(ge=100, le=2_000_000)] = 200_000
    heats: Annotated[int, Field(ge=100, le=100_000)] = 2_000
    seed: Seed = 1


class Order(Part):
    """What a casthouse asks."""

    alloy: AlloyOrder | None = None
    elements: Several[Alloying] = ()
    ask: Goal = "recycled"
    grade: GradeOrder | None = None
    against: GradeOrder | None = None
    sources: dict[Label, SourceOrder] = Field(default={})
    sampling: SamplingOrder | None = None
    sorter: SorterOrder | None = None
    furnace: FurnaceOrder | None = None
    shop: ShopOrder | None = None
    risk: RiskOrder | None = None
    trial: TrialOrder = TrialOrder()
    knowledge: KnowledgeOrder = KnowledgeOrder()
    design: DesignOrder | None = None
    yard: dict[Label, LotOrder] = Field(default={})
    correction: CorrectionOrder | None = None
    expect: Several[str] | dict[Command, Several[str]] = ()

    def expected(self, command: Command) -> tuple[str, ...]:
        """Return the lines that an answer to a command is held to."""
        return self.expect.get(command, ()) if isinstance(self.expect, dict) else self.expect
