"""The scenario language: what may stand in a file, one sentence an entry.

Every entry says what it is in its description; the same sentence appears in the editor, in `cesim new` and in the
messages. Shares that must add to one are written as nested shares ("of the rest") or as a mapping that is checked here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import Field, PrivateAttr, model_validator

from cesim.ledger.substances import CAST
from cesim.quantities import Quantity, TimePath
from cesim.scenario.effect_checks import check_effects
from cesim.scenario.facilities import Facilities
from cesim.scenario.kinds import (
    Label,
    Names,
    Part,
    Positive,
    PositiveByYear,
    PositivePath,
    Real,
    RealPath,
    Several,
    Share,
    ShareByYear,
    SharePath,
    Year,
)
from cesim.scenario.levers import lever
from cesim.scenario.model_checks import (
    adds_to_one,
    check_complete,
    check_facilities,
    check_focus,
    check_items,
    check_mapping_sums,
    check_period,
    check_production,
    check_regions,
    check_rows,
    check_targets,
)
from cesim.scenario.plan import ActionPlan
from cesim.scenario.reporting import Reporting
from cesim.scenario.values import ValueOf

Kilograms = Annotated[TimePath, ValueOf("positive", "kg/vehicle", most=1e5)]
Vehicles = Annotated[TimePath, ValueOf("positive", "vehicles", most=1e9)]
SoldVehicles = Annotated[TimePath, ValueOf("positive", "vehicles", above=0, most=1e9)]
YenPerKilo = Annotated[Quantity, ValueOf("positive", "JPY/kg", most=1e6)]
YenPerKiloByYear = Annotated[TimePath, ValueOf("positive", "JPY/kg", most=1e6, bare=True)]
MinutesByYear = Annotated[TimePath, ValueOf("positive", "min", most=1e5, bare=True)]
Years = Annotated[Quantity, ValueOf("positive", "years", most=1e3)]
PerYear = Annotated[Quantity, ValueOf("positive", "1/year", most=1e2)]
HazardFactor = Annotated[TimePath, ValueOf("positive", "-", most=10)]
Incentive = Annotated[TimePath, ValueOf("positive", "JPY/kg", most=1e3)]
Tonnes = Annotated[TimePath, ValueOf("positive", "t/year", most=1e9)]
Gas = Annotated[Quantity, ValueOf("positive", "kg CO2e/kg", most=1e3)]

Segment = Literal["kei", "small", "standard", "commercial"]
Powertrain = Literal["ice", "hev", "phev", "bev"]


class Period(Part):
    """The years."""

    fleet_from: Year = Field(description="first cohort of cars")
    base_year: Year = Field(description="the stock of cars is set to the counted one at the end of this year")
    start: Year = Field(description="first year of the material balance")
    end: Year = Field(description="last year")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        check_period(self)
        return self


class ReportAsk(Part):
    """What the report shows."""

    years: Several[Year] = Field(min_length=1, description="years in which headlines are told")
    focus: Several[Label] = Field(min_length=1, description="regions the headlines speak of")
    focus_name: Names
    focus_id: Label


class Variants(Part):
    """Disagreements between sources: chosen by name, never averaged."""

    wrought_share: Literal["shipments", "component_model"] = Field(
        description="aluminium in a car by shipments (20-25 % wrought) or by the component model (46 %)"
    )
    primary_co2: Literal["japan_imports", "jaa", "nedo", "world"] = Field(
        description="boundary of the primary-metal factor"
    )


class Keeps(Part):
    """Share that is treated where it arises; the rest goes where capacity is."""

    elv: Share
    hulk: Share
    scrap: Share
    recyclate: Share


class Region(Part):
    """A region: its share of cars and of works. Weights need not add up to anything; they are compared."""

    name: Names
    vehicles: Positive = Field(description="weight of new registrations")
    assembly: Positive = Field(description="weight of car assembly")
    dismantling: Positive = Field(description="weight of dismantlers")
    shredding: Positive = Field(description="weight of shredders")
    sheet: Positive = Field(description="weight of rolling mills for car sheet")
    extrusion: Positive = Field(description="weight of extrusion and forging")
    casting: Positive = Field(description="weight of foundries and die casters")
    compounding: Positive = Field(description="weight of compounders")
    moves_out: Share = Field(description="share of its cars in use that move to other regions each year")
    keeps: Keeps


class Segments(Part):
    """New cars by segment, as nested shares."""

    kei: SharePath = Field(description="kei cars in new vehicles")
    commercial: SharePath = Field(description="registered commercial vehicles in the rest")
    standard: SharePath = Field(description="standard cars in registered passenger cars")


class Powertrains(Part):
    """New cars of a segment by powertrain, as nested shares; what is left burns fuel."""

    bev: SharePath = Field(description="battery-electric", json_schema_extra=lever("EV比率", "battery-electric share"))
    phev: SharePath = Field(description="plug-in hybrids in the rest")
    hev: SharePath = Field(description="hybrids in the rest")


class Market(Part):
    """New cars."""

    sales: SoldVehicles = Field(
        description="new vehicles registered in Japan; in stock-driven years only their mix counts"
    )
    segments: Segments
    powertrains: dict[Literal["passenger", "kei", "commercial"], Powertrains]
    production: Vehicles = Field(
        description="cars built in Japan", json_schema_extra=lever("国内生産台数", "cars built in Japan")
    )
    imported: SharePath = Field(description="imported cars in new registrations")


class Scrapping(Part):
    """The hazard of being scrapped: Weibull by segment, its scale lengthening by calendar year."""

    shape: dict[Segment, Positive]
    scale: Years = Field(description="Weibull scale in 2010")
    factor: dict[Segment, Positive] = Field(description="scale of a segment relative to the common one")
    growth: RealPath = Field(description="yearly lengthening of life, 0.016 = 1.6 %")
    hazard_scale: HazardFactor = Field(
        description="factor on the hazard", json_schema_extra=lever("廃車ハザード倍率", "scrap hazard factor")
    )


class Exporting(Part):
    """The hazard of being exported used: a bump over age, by segment, powertrain and year."""

    rate: PerYear = Field(description="hazard of a registered petrol car at the peak age")
    peak_age: Years
    width: Positive = Field(description="width of the bump in the logarithm of age")
    factor: dict[Literal["kei", "commercial", "hev", "phev", "bev"], Positive]
    level: PositivePath = Field(description="level by calendar year")
    hazard_scale: HazardFactor = Field(
        description="factor on the hazard",
        json_schema_extra=lever("中古車輸出ハザード倍率", "used-export hazard factor"),
    )


class FleetAsk(Part):
    """Cars in use."""

    base_stock: Annotated[Quantity, ValueOf("positive", "vehicles", most=1e9)]
    driven_by: Literal["stock", "sales"] = Field(
        description="whether the stock or new sales decide after the last counted year"
    )
    driven_from: Year
    stock: PositivePath = Field(
        description="cars in use relative to the year before `driven_from`, where the stock decides"
    )
    scrap: Scrapping
    export: Exporting
    other_rate: PerYear = Field(description="hazard of leaving otherwise: temporary deregistration, undeclared")


class PartSpec(Part):
    """A part that a dismantler may take off."""

    name: Names
    holds: dict[Label, Share] = Field(
        min_length=1, description="share of an item's mass in a car that sits in this part"
    )
    goes_to: dict[Label, Literal["wrought", "cast", "wheels", "heat-exchanger", "pp", "pe", "ferrous_recycling",
                                 "copper_recycling", "other_recycling", "energy_recovery"]] = Field(
        description="where each item goes when the part is taken off for its material"
    )  # fmt: skip
    mass: Annotated[Quantity, ValueOf("positive", "kg/vehicle", most=1e5)] = Field(
        description="what is sold of it where it is fitted, for the margin"
    )
    minutes: MinutesByYear = Field(
        description="labour to take it off and strip it",
        json_schema_extra=lever("部品の取り外し時間", "minutes to take a part off"),
    )
    reused: SharePath = Field(description="share sold for reuse or remanufacture")
    taken: SharePath = Field(
        description="most that can be taken off for its material, if it pays",
        json_schema_extra=lever("部品取り外し率の上限", "share of parts taken off, ceiling"),
    )

    @model_validator(mode="after")
    def _items_known(self) -> PartSpec:
        check_items(self.holds, ("holds",))
        check_items(self.goes_to, ("goes_to",), within=self.holds)
        return self


class CarContent(Part):
    """What cars are made of."""

    mass: dict[Label, Kilograms] = Field(description="kg of each material class in the average car built in a year")
    component_model: dict[Label, Kilograms] = Field(description="classes replaced under the variant `component_model`")
    split: dict[Label, dict[Label, Share]] = Field(description="items of a class")
    size: dict[Label, dict[Segment, Positive]] = Field(description="mass by segment relative to each other")
    powertrain: dict[Label, dict[Powertrain, Positive]] = Field(description="mass by powertrain relative to each other")
    paint: dict[Label, Share] = Field(description="paint in the mass of an alloy in a car")
    filler: dict[Label, Share] = Field(description="mineral filler and glass in a plastic")
    additive: Share = Field(description="additives in plastics")
    secondary_share: dict[Label, Share] = Field(
        description="secondary metal in the castings of cars older than the balance, half of it post-consumer"
    )

    @model_validator(mode="after")
    def _classes_add_up(self) -> CarContent:
        check_mapping_sums(self.split, ("split",))
        check_items(self.secondary_share, ("secondary_share",), within=CAST)
        return self


class Dismantling(Part):
    """Dismantlers: what pays is taken off."""

    wage: Annotated[Quantity, ValueOf("positive", "JPY/h", most=1e6)]
    transport: YenPerKiloByYear = Field(
        description="bringing removed parts to whoever takes them",
        json_schema_extra=lever("取り外し部品の輸送費", "transport of removed parts"),
    )
    spread: Annotated[Quantity, ValueOf("positive", "JPY", most=1e7)] = Field(
        description="spread of margins over yards and cars, JPY per part"
    )
    price: dict[Label, YenPerKiloByYear] = Field(description="what a removed part fetches, by where it goes")
    incentive: Incentive = Field(
        description="resource-recovery incentive on plastics",
        json_schema_extra=lever("資源回収インセンティブ", "resource-recovery incentive"),
    )
    identified: SharePath = Field(
        description="share of removed wrought parts whose alloy is known from data or marking",
        json_schema_extra=lever("解体時の合金識別率", "alloy known at dismantling"),
    )
    accuracy: ShareByYear = Field(
        description="share of identified parts whose alloy is right",
        json_schema_extra=lever("解体時の合金識別の正しさ", "alloy right at dismantling"),
    )
    attached_steel: Share = Field(description="steel left on aluminium parts")


class Shredding(Part):
    """Shredders with magnet and eddy current."""

    aluminium: Share = Field(description="aluminium delivered to non-ferrous sorting")
    steel: Share
    copper: Share
    free_iron: ShareByYear = Field(
        description="free iron in shredded aluminium",
        json_schema_extra=lever("破砕アルミ中の遊離鉄", "free iron in shredded aluminium"),
    )
    free_copper: ShareByYear = Field(
        description="free copper in shredded aluminium",
        json_schema_extra=lever("破砕アルミ中の遊離銅", "free copper in shredded aluminium"),
    )


class AlloySorting(Part):
    """Cast/wrought and alloy sorting of shredded aluminium."""

    share: SharePath = Field(
        description="share of shredded aluminium that passes alloy sorting",
        json_schema_extra=lever("LIBS選別率", "share through LIBS sorting"),
    )
    cast_wrought: ShareByYear = Field(
        description="accuracy of telling cast from wrought",
        json_schema_extra=lever("鋳物と展伸材の選別精度", "cast told from wrought"),
    )
    recovery: ShareByYear = Field(
        description="share of wrought pieces that are ejected to an alloy",
        json_schema_extra=lever("LIBS回収率", "LIBS recovery"),
    )
    error_factor: Positive = Field(description="confusion of painted, bent pieces relative to clean ones")
    family: dict[Label, dict[Label, Share]] = Field(
        description="confusion between families, true -> read; rows add to one"
    )
    inside_6xxx: dict[Label, dict[Label, Share]] = Field(
        description="confusion inside the 6000 series; rows add to one"
    )

    @model_validator(mode="after")
    def _rows_add_up(self) -> AlloySorting:
        check_rows(self.family, ("family",))
        check_rows(self.inside_6xxx, ("inside_6xxx",))
        return self


class Residue(Part):
    """Automobile shredder residue."""

    sorted: SharePath = Field(
        description="share of the residue that passes plastics sorting",
        json_schema_extra=lever("ASR樹脂選別率", "share of residue through plastics sorting"),
    )
    recovery: dict[Label, ShareByYear] = Field(
        description="recovery by polymer",
        json_schema_extra=lever("ASR樹脂選別の回収率", "recovery of residue plastics"),
    )
    landfill: dict[Literal["combustible", "inert"], Share]
    heat: dict[Literal["combustible", "inert"], Share] = Field(
        description="share burnt for heat; what is left is slag and metal recycling"
    )


class AlloySpec(Part):
    """An aluminium alloy and how it is made."""

    name: Names
    limits_from: Label = Field(description="alloy of the table `alloys` whose limits hold")
    widen: dict[Label, PositiveByYear] = Field(
        default_factory=dict,
        description="factor on the upper limit of an element",
        json_schema_extra=lever("合金規格の上限倍率", "factor on an upper alloy limit"),
    )
    works: Literal["sheet", "extrusion", "casting"]
    mill_return: Share = Field(description="liquid metal that returns inside mill or foundry")
    press_scrap: Share = Field(description="semis that become new scrap")
    segregated: SharePath = Field(
        description="new scrap kept by alloy",
        json_schema_extra=lever("新スクラップの合金別分別率", "new scrap kept by alloy"),
    )
    approved: SharePath = Field(
        description="heats approved for scrap from cars",
        json_schema_extra=lever("再生材を認める溶解の割合", "heats approved for scrap"),
    )


class Remelting(Part):
    """Melting, alloying, buying and selling."""

    alloys: dict[Label, AlloySpec]
    loss: dict[Label, ShareByYear] = Field(
        description="metal lost when a scrap grade is melted",
        json_schema_extra=lever("スクラップ溶解時の金属ロス", "metal lost in melting scrap"),
    )
    new_loss: Share = Field(description="metal lost when clean new scrap is melted")
    price: dict[Label, YenPerKilo] = Field(description="scrap by grade, delivered")
    primary: dict[Label, Share] = Field(description="impurities of primary metal, mass fractions")
    primary_price: YenPerKilo
    addition_price: dict[Label, YenPerKilo]
    sash: Tonnes = Field(description="old window frames on offer for extrusion billet")
    market: dict[Label, dict[Label, Share]] = Field(description="composition of `sash` and `secondary`")
    secondary_post: Share = Field(description="post-consumer share of secondary ingot bought outside")


class Recyclate(Part):
    """A recyclate from outside cars, or a rule for one from cars."""

    name: Names
    supply: Tonnes = Field(
        description="on offer for cars in Japan",
        json_schema_extra=lever("車向け供給可能量", "recyclate on offer for cars"),
    )
    origin: Literal["post_elv", "post_in_use", "post_other", "pre_other", "chemical", "bio"]
    filler: Share
    foreign: Share = Field(description="other polymers and contaminants")
    price: YenPerKilo
    into: Several[Label] = Field(description="polymers into whose compounds it may go")


class Compounding(Part):
    """Compounds for cars."""

    recyclates: dict[Label, Recyclate]
    part_yield: ShareByYear = Field(
        description="pellet from dismantled parts",
        json_schema_extra=lever("解体部品からのペレット歩留まり", "pellet from dismantled parts"),
    )
    residue_yield: ShareByYear = Field(
        description="pellet from sorted residue plastics",
        json_schema_extra=lever("ASR樹脂からのペレット歩留まり", "pellet from residue plastics"),
    )
    cap: dict[Label, SharePath] = Field(
        description="approved share of recyclate in a compound",
        json_schema_extra=lever("再生材配合率の上限", "approved recyclate share"),
    )
    residue_cap: ShareByYear = Field(
        description="most residue-derived recyclate in a compound",
        json_schema_extra=lever("ASR由来再生材の配合率の上限", "approved share of residue recyclate"),
    )
    foreign_limit: Share = Field(description="most foreign matter in a compound")
    loss: Share
    virgin_price: YenPerKilo
    type_cycle: Years = Field(description="years a car type is built")
    type_ceiling: Share = Field(description="most recycled plastics a new type can technically hold")


class Gases(Part):
    """Greenhouse-gas factors."""

    primary: dict[Literal["japan_imports", "jaa", "nedo", "world"], Gas]
    remelting: Gas
    addition: Gas
    virgin: Gas
    recyclate: Gas
    combustion: dict[Label, Gas] = Field(description="complete combustion of the polymer part")


class TargetSpec(Part):
    """A target: what must be reached from a year on."""

    name: Names
    indicator: Label
    year: Year
    value: Real
    unit: Label
    direction: Literal["at_least", "at_most"] = "at_least"
    legal: bool = Field(description="whether a law asks for it")
    scope: Literal["japan", "focus"] = Field(
        description="japan: compared with the country (or the focus where it is the country)"
    )
    note: Names | None = None


class Scenario(Part):
    """Everything a run needs to know."""

    cesim: Literal[1] = Field(description="version of the scenario language")
    name: Names
    summary: Names
    years: Period
    report: ReportAsk
    variants: Variants
    regions: dict[Label, Region] = Field(min_length=1)
    market: Market
    fleet: FleetAsk
    content: CarContent
    parts: dict[Label, PartSpec]
    dismantling: Dismantling
    shredding: Shredding
    sorting: AlloySorting
    residue: Residue
    remelting: Remelting
    compounding: Compounding
    gases: Gases
    targets: dict[Label, TargetSpec]
    facilities: Facilities | None = Field(
        default=None, description="works and knowledge, for the simulation lot by lot; the balance does without"
    )
    reporting: Reporting | None = Field(
        default=None, description="records of the chain, for traceability; a hypothesis, and none where it is left out"
    )

    plan: ActionPlan | None = Field(
        default=None, description="measures: what they change, cost and need, and which are adopted"
    )

    _loaded: Any = PrivateAttr(default=None)
    _unsteered: Any = PrivateAttr(default=None)

    def remember(self, loaded: object) -> None:
        """Keep what the scenario was made of, for the provenance of its runs."""
        self._loaded = loaded

    @property
    def loaded(self) -> Any:
        """What `open_scenario` made it of; None for a scenario put together in Python."""
        return self._loaded

    @property
    def unsteered(self) -> Scenario:
        """The scenario as it was written, with no measure in effect."""
        return self if self._unsteered is None else cast("Scenario", self._unsteered)

    @model_validator(mode="after")
    def _hangs_together(self) -> Scenario:
        check_complete(self)
        check_regions(self)
        check_focus(self)
        check_production(self)
        adds_to_one(self)
        check_targets(self)
        check_facilities(self)
        check_effects(self)
        return self
