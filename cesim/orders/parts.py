"""What an order may say about its objects: alloy, grades, sources, sampling, sorter, lots, furnace.

Compositions are in wt%, as on certificates; masses in t, prices in JPY/t, CO2 in t/t. What each
field means is said in both languages by the catalogue, under `order.field`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from cesim.orders.elements import Alloying, Element
from cesim.scenario import Label, Part, Several

Percent = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Seed = Annotated[int, Field(ge=0)]
Cv = Annotated[float, Field(ge=0, le=10)]
"""Standard deviation over mean; a per cent written as such (30) is no such number."""


def _one_or_each(given: Any) -> str:
    return "each" if isinstance(given, dict) else "one"


CvOrEach = Annotated[
    Annotated[Cv, Tag("one")] | Annotated[dict[Alloying, Cv], Tag("each")], Discriminator(_one_or_each)
]
"""One number for all, or one by element; told apart first, so that a wrong one is not refused as the other too."""


class LimitOrder(Part):
    """Both ends of a limit."""

    min: Percent = 0.0
    max: Percent = 100.0


class AlloyOrder(Part):
    """The alloy to be made: one of the table, or one's own limits."""

    name: Label
    limits: dict[Alloying, LimitOrder] = Field(default={})
    others_each: Percent | None = None
    others_total: Percent | None = None
    widen: dict[Label, Positive] = Field(default={})
    without: Several[Label] = ()


class GradeOrder(Part):
    """A scrap grade: a class of the table that states limits, or one's own."""

    name: Label
    max: dict[Element, Percent] = Field(default={})
    min: dict[Element, Percent] = Field(default={})
    free_iron: Percent | None = None
    coating: Percent | None = None
    moisture: Percent | None = None
    foreign: dict[Label, Percent] = Field(default={})
    scale: Positive | None = None


class ForeignOrder(Part):
    """What clings to the scrap of one source, and how well it is weighed."""

    mean: Percent
    cv: Cv
    error: NotNegative


class SourceOrder(Part):
    """A kind of scrap: a class of the table with a usual composition, lognormal elements, or assays from a file."""

    grade: Label | None = None
    assays: str | None = None
    mean: dict[Alloying, Percent] = Field(default={})
    cv: CvOrEach | None = None
    correlation: Annotated[float, Field(ge=-1, le=1)] = 0.0
    within_yard: Share = 0.0
    closure: Literal["none", "renormalise"] = "none"
    lot_mass: Positive
    supply: NotNegative | None = None
    price: NotNegative | None = None
    co2: NotNegative | None = None
    foreign: dict[Label, ForeignOrder] = Field(default={})


class SamplingOrder(Part):
    """How each lot is sampled and assayed."""

    increments: Annotated[int, Field(ge=1)]
    increment_mass: Positive
    lot_mass: Positive
    heterogeneity: NotNegative
    segregation: NotNegative = 0.0
    relative_error: NotNegative
    absolute_error: Percent = 0.0
    limit_of_detection: Percent = 0.0
    minimum_mass: NotNegative = 0.0
    forced: bool = False
    cost: NotNegative = 0.0


class SorterOrder(Part):
    """What sorts the supply; its classes are the sources."""

    confusion: dict[Label, dict[Label, Share]] = Field(min_length=1)
    throughput: Positive
    cost: NotNegative
    offered: Several[Label] = ()


class LotOrder(Part):
    """A lot in the yard: its composition, or what is written about where it comes from."""

    stock: NotNegative | None = None
    least: NotNegative = 0.0
    price: float
    co2: NotNegative
    recycled: Literal["post", "pre", "none"]
    composition: dict[Element, Percent] | None = None
    source: Label | None = None
    reliability: Share = 1.0
    others: dict[Label, NotNegative] = Field(default={})


class EnergyOrder(Part):
    """What melting takes."""

    use: NotNegative
    price: NotNegative
    co2: NotNegative


class AdditionOrder(Part):
    """Primary metal, a pure metal or a master alloy."""

    composition: dict[Element, Percent]
    price: NotNegative
    co2: NotNegative
    stock: NotNegative | None = None


class FurnaceOrder(Part):
    """The furnace: recoveries of the elements, or yields, never both."""

    mass: Positive
    recoveries: dict[Element, Share] | None = None
    yields: dict[Label, Share] | None = None
    energy: EnergyOrder
    additions: dict[Label, AdditionOrder] = Field(default={})


class RiskOrder(Part):
    """How often a heat may miss its limits."""

    joint: Annotated[float, Field(ge=1e-5, lt=0.5)]
    method: Literal["auto", "normal", "scenarios", "none"] = "auto"
    heats: Annotated[int, Field(ge=1000, le=10_000_000)] = 100_000
    seed: Seed = 0


class CorrectionOrder(Part):
    """Charge, analyse the melt, correct."""

    heats: Annotated[int, Field(ge=2, le=100_000)] = 1000
    room: Annotated[float, Field(gt=0, lt=1)] = 0.1
    miss_price: Positive | None = None
    seed: Seed = 0
