"""What works can do, how they work, where they lie and what is known of lots: read by the simulation lot by lot only.

Capacities are those of the whole country; regions have a part of them by their weights. A scenario without this
section can be run as a balance.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cesim.quantities import Quantity, TimePath
from cesim.scenario.kinds import Label, Part, Share, SharePath
from cesim.scenario.levers import lever
from cesim.scenario.refusal import ModelFault
from cesim.scenario.values import ValueOf

TonnesAnHour = Annotated[TimePath, ValueOf("positive", "t/h", most=1e6, above=0)]
TonnesADay = Annotated[TimePath, ValueOf("positive", "t/day", most=1e7, above=0)]
Heat = Annotated[Quantity, ValueOf("positive", "t", most=1e4, above=0)]
Days = Annotated[Quantity, ValueOf("positive", "days", most=3660)]
Clock = Annotated[Quantity, ValueOf("positive", "h", most=24)]
Risk = Annotated[Quantity, ValueOf("share", "share", above=0, most=0.5)]
Variation = Annotated[Quantity, ValueOf("positive", "-", most=10)]

Works = Literal["sheet", "extrusion", "casting"]
BaleKind = Literal["dismantled", "castings", "sorted", "shredded", "new", "bought"]
Element = Literal["Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti"]


class Hours(Part):
    """When dismantlers, shredders and sorters work; furnaces and compounders never stop."""

    opens: Clock = Field(description="hour at which work begins")
    closes: Clock = Field(description="hour at which work ends, the same day")
    days: Annotated[Quantity, ValueOf("positive", "-", least=1, most=7)] = Field(
        description="working days a week, a whole number"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        opened = self.opens.value if self.opens.high is None else self.opens.high
        closed = self.closes.value if self.closes.low is None else self.closes.low
        if closed <= opened:
            raise ModelFault("closes_before_opens", ("closes",), {"opens": opened, "closes": closed}, [("opens",)])
        if self.days.value != round(self.days.value):
            raise ModelFault("need_whole_number", ("days",), {"found": self.days.value})
        return self


class DismantlingWorks(Part):
    """Dismantlers of the whole country, shared among the regions by their weight `dismantling`."""

    workers: Annotated[TimePath, ValueOf("positive", "-", most=1e7, above=0)] = Field(
        description="people who take cars apart at one time, in the whole country",
        json_schema_extra=lever("解体作業者数（全国）", "dismantling workers, whole country"),
    )
    minutes: Annotated[Quantity, ValueOf("positive", "min", most=1e5, above=0)] = Field(
        description="labour of every car beside that of its parts: intake, airbags, refrigerant, pressing"
    )
    waiting: Annotated[Quantity, ValueOf("positive", "vehicles", most=1e6, above=0)] = Field(
        description="cars that find room to wait, per worker"
    )


class Throughput(Part):
    """Works of the whole country, shared among the regions by their weight `shredding`."""

    capacity: TonnesAnHour = Field(description="what all of them work through in an hour")


class AlloySortingWorks(Part):
    """Lines that sort shredded aluminium by alloy, beside the shredders; what finds no room is sold unsorted."""

    capacity: TonnesAnHour = Field(
        description="what all lines of the country sort in an hour",
        json_schema_extra=lever("合金選別（LIBS）能力（全国）", "alloy sorting (LIBS) capacity, whole country"),
    )


class ResidueWorks(Part):
    """Plants that sort plastics out of shredder residue, beside the shredders; what finds no room is burnt."""

    capacity: TonnesAnHour = Field(
        description="residue that all plants of the country sort in an hour",
        json_schema_extra=lever("ASR樹脂選別能力（全国）", "capacity of plastics sorting of residue, whole country"),
    )


class Casthouses(Part):
    """Casthouses of rolling mills, extruders and foundries, shared by the weights of the works."""

    melting: dict[Works, TonnesADay] = Field(
        description="scrap that can be melted down in a day in the whole country, by works",
        json_schema_extra=lever("スクラップ溶解能力（全国）", "scrap melting capacity, whole country"),
    )
    yard: Annotated[Quantity, ValueOf("positive", "t", most=1e8, above=0)] = Field(
        description="scrap that finds room at all casthouses; what does not is exported"
    )


class CompoundingWorks(Part):
    """Compounders, shared by the weight `compounding`."""

    capacity: TonnesADay = Field(description="compound that all of them make in a day")


class Heats(Part):
    """How metal is charged, melted and approved."""

    mass: dict[Works, Heat] = Field(description="metal of one heat, by works")
    correction: Share = Field(description="most that may be added to a heat to bring it back, share of its mass")
    risk: Risk = Field(description="chance accepted that a heat is off-spec")
    clearing: Annotated[Quantity, ValueOf("positive", "days", most=366, above=0)] = Field(
        description="days between two clearings of the scrap market, to the whole day"
    )
    approval: Annotated[Quantity, ValueOf("positive", "months", most=600)] = Field(
        description="months until heats with a recycled grade that was not used before are approved",
        json_schema_extra=lever("新しい再生グレードの承認期間", "approval time of a new recycled grade"),
    )


class Transport(Part):
    """Trucks."""

    load: Annotated[Quantity, ValueOf("positive", "t", most=1e3, above=0)] = Field(
        description="a full load of scrap, parts or pellets"
    )
    hulks: Annotated[Quantity, ValueOf("positive", "vehicles", most=1e3, above=0)] = Field(
        description="hulks of a full load, to the whole one"
    )
    speed: Annotated[Quantity, ValueOf("positive", "km/h", most=200, above=0)] = Field(
        description="mean speed with loading and rests"
    )
    cost: Annotated[Quantity, ValueOf("positive", "JPY/km", most=1e5)] = Field(description="cost of a loaded truck")
    co2: Annotated[Quantity, ValueOf("positive", "kg CO2e/(t km)", most=10)] = Field(
        description="greenhouse gases of the transport of a tonne over a kilometre"
    )
    patience: Days = Field(description="days after which a load leaves though it is not full")
    detour: Annotated[Quantity, ValueOf("positive", "-", least=1, most=10)] = Field(
        description="way by road relative to the great circle"
    )
    within: Annotated[Quantity, ValueOf("positive", "km", most=5e3, above=0)] = Field(
        description="mean way by road between works of one region"
    )


class Spot(Part):
    """Where the works of a region lie, taken together."""

    latitude: Annotated[Quantity, ValueOf("real", "deg", least=-90, most=90)]
    longitude: Annotated[Quantity, ValueOf("real", "deg", least=-180, most=180)]
    within: Annotated[Quantity, ValueOf("positive", "km", most=5e3, above=0)] | None = Field(
        default=None, description="mean way by road between works of this region, in place of the common one"
    )


class Knowledge(Part):
    """What is known of cars and lots."""

    records: Literal["none", "simple", "perfect"] = Field(
        description="whether records tell the alloys of parts: not at all, late and not always right, or always"
    )
    coverage: SharePath = Field(
        description="share of cars with a record of the alloys of their parts, where records are `simple`",
        json_schema_extra=lever("材料記録のある車の割合", "cars with a record of their alloys"),
    )
    delay: Days = Field(description="days until a record can be read")
    reliability: Share = Field(description="share of records that are right")
    assayed: SharePath = Field(
        description="share of bales that are sampled and analysed",
        json_schema_extra=lever("ベールの分析率", "bales that are analysed"),
    )
    assay_error: Variation = Field(description="relative error of an assay with its sampling")
    spread: dict[BaleKind, dict[Element, Variation]] = Field(
        description="standard deviation between bales of a grade relative to the mean of the grade, by element"
    )


class Facilities(Part):
    """Works, hours, heats, trucks, places and knowledge, for the simulation lot by lot; the balance reads none."""

    hours: Hours
    dismantling: DismantlingWorks
    shredding: Throughput
    sorting: AlloySortingWorks
    residue: ResidueWorks
    casthouses: Casthouses
    compounding: CompoundingWorks
    heats: Heats
    transport: Transport
    places: dict[Label, Spot] = Field(
        default_factory=dict, description="where each region lies; every region has a place"
    )
    knowledge: Knowledge
