"""What a heat order may say: alloy, sources, yard, furnace, risk, and what is expected of the answer.

Compositions are in wt%, as on certificates; masses in t, prices in JPY/t, CO2 in t/t.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cesim.scenario import Label, Part, Several

Percent = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class AlloyOrder(Part):
    """The alloy to be made."""

    name: Label = Field(description="name in the table of alloys")
    widen: dict[Label, Positive] = Field(default={}, description="factor on an upper limit, by element")
    without: Several[Label] = Field(default=(), description="elements whose limits are left out")


class SourceOrder(Part):
    """A kind of scrap: a class of the table with a usual composition, or lognormal elements."""

    grade: Label | None = Field(default=None, description="class of the table of scrap grades")
    mean: dict[Label, Percent] = Field(default={}, description="mean of each element, wt%")
    cv: NotNegative | dict[Label, NotNegative] | None = Field(default=None, description="standard deviation over mean")
    correlation: Annotated[float, Field(ge=-1, le=1)] = Field(default=0.0, description="between the elements of a lot")
    lot_mass: Positive = Field(description="t")


class LotOrder(Part):
    """A lot in the yard: its composition, or what is written about where it comes from."""

    stock: NotNegative | None = Field(default=None, description="t; nothing: as much as wanted")
    least: NotNegative = Field(default=0.0, description="t that must go in")
    price: float = Field(description="JPY/t")
    co2: NotNegative = Field(description="t CO2e/t")
    recycled: Literal["post", "pre", "none"] = Field(description="what it counts as in the recycled content")
    composition: dict[Label, Percent] | None = Field(default=None, description="wt%, aluminium is the rest")
    source: Label | None = Field(default=None, description="the source its record claims")
    reliability: Share = Field(default=1.0, description="probability that the record is true")
    others: dict[Label, NotNegative] = Field(default={}, description="what else it may be: source, weight")


class EnergyOrder(Part):
    """What melting takes."""

    use: NotNegative = Field(description="GJ/t")
    price: NotNegative = Field(description="JPY/GJ")
    co2: NotNegative = Field(description="t CO2e/GJ")


class AdditionOrder(Part):
    """A pure metal or master alloy."""

    composition: dict[Label, Percent] = Field(description="wt%, aluminium is the rest")
    price: NotNegative = Field(description="JPY/t")
    co2: NotNegative = Field(description="t CO2e/t")
    stock: NotNegative | None = Field(default=None, description="t; nothing: as much as wanted")


class FurnaceOrder(Part):
    """The furnace: recoveries of the elements, or yields, never both."""

    mass: Positive = Field(description="t of melt")
    recoveries: dict[Label, Share] | None = Field(
        default=None, description="share of an element that stays in the melt"
    )
    yields: dict[Label, Share] | None = Field(default=None, description="share of a lot that stays in the melt")
    energy: EnergyOrder
    additions: dict[Label, AdditionOrder] = Field(default={})


class RiskOrder(Part):
    """How often a heat may miss its limits."""

    joint: Annotated[float, Field(gt=0, lt=0.5)] = Field(description="share of heats off any limit")
    method: Literal["auto", "normal", "scenarios", "none"] = "auto"
    heats: Annotated[int, Field(ge=1000, le=10_000_000)] = 100_000
    seed: Annotated[int, Field(ge=0)] = 0


class HeatOrder(Part):
    """One heat."""

    alloy: AlloyOrder
    ask: Literal["cost", "co2", "recycled"] = Field(description="least cost, least CO2 or most recycled content")
    sources: dict[Label, SourceOrder] = Field(default={})
    yard: dict[Label, LotOrder] = Field(min_length=1)
    furnace: FurnaceOrder
    risk: RiskOrder | None = None
    expect: Several[str] = Field(default=(), description="lines such as `recycled_content >= 0.5`")
