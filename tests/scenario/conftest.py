from typing import Annotated, Literal, Self

import pytest
from pydantic import Field, model_validator

from cesim.quantities import Quantity
from cesim.scenario import (
    AsLabel,
    Count,
    Label,
    ModelFault,
    Part,
    PositivePath,
    Several,
    Share,
    SharePath,
    ValueOf,
    Year,
    lever,
)


class Names(Part):
    ja: str
    en: str


class Export(Part):
    hazard_scale: PositivePath = Field(json_schema_extra=lever("輸出の強さ", "strength of exports"))
    share: SharePath


class Fleet(Part):
    export: Export
    cars: Count
    mass: Annotated[Quantity, ValueOf("positive", "kg/vehicle", least=500, most=3000)] = Field(
        json_schema_extra=lever("車の重さ", "mass of a car")
    )


class Splits(Part):
    reuse: Share
    landfill: Share

    @model_validator(mode="after")
    def adds_to_one(self) -> Self:
        total = self.reuse.value + self.landfill.value
        if abs(total - 1) > 1e-9:
            raise ModelFault("shares_do_not_add_to_one", "landfill", {"found": total})
        return self


class Target(Part):
    indicator: Literal["h1", "recycled_content"]
    year: Year
    value: Share


class Subsidy(Part):
    kind: Literal["subsidy"]
    rate: Share


class Ban(Part):
    kind: Literal["ban"]
    start: Year


Measure = Annotated[Subsidy | Ban, Field(discriminator="kind")]


class Toy(Part):
    """A scenario in small: every kind of field that a real one has."""

    name: Names
    years: Several[Year] = Field(min_length=2, max_length=2)
    mode: Literal["stock_driven", "inflow_driven"]
    fleet: Fleet
    splits: Splits
    alloys: Several[Annotated[Literal["6016", "5xxx", "ADC12"], AsLabel]] = ()
    limits: dict[Label, Share] = Field(default_factory=dict, json_schema_extra=lever("上限", "limits"))
    targets: dict[str, Target] = Field(default_factory=dict)
    measures: Several[Measure] = ()
    runs: int = Field(default=1, ge=1, le=1000)
    verbose: bool = False
    note: str | None = None


TEXT = """\
name: {ja: 基準（全角：よい）, en: base}
years: [2020, 2050]
mode: stock_driven
fleet:
  export:
    hazard_scale: {2025: 1, 2035: {value: 0.8, low: 0.7, high: 1}}
    share: 0.35
  cars: 1000
  mass: {value: 1.2, unit: t/vehicle}
splits: {reuse: 0.4, landfill: 0.6}
alloys: [6016, 5xxx]
limits: {6016: 0.5}
targets:
  h1: {indicator: h1, year: 2035, value: 0.5}
measures:
  - {kind: subsidy, rate: 0.5}
runs: 10
verbose: true
"""


@pytest.fixture(scope="session")
def toy() -> type[Toy]:
    return Toy


@pytest.fixture(scope="session")
def toy_text() -> str:
    return TEXT
