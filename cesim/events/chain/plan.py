"""What the chain is given: how it works in a year, what its works can do, and what is known.

Letters of the axes: R regions, M melting regions, A alloys, I items, P parts, G grades of the yard, N recyclates,
K polymers, S elements of a melt. Shares are mass fractions, masses tonnes, prices JPY per tonne.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.charge.dilution import AlloyWindow

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Names:
    """Names along the axes; the balance gives its own, so that both engines speak of the same things."""

    regions: tuple[str, ...]
    parts: tuple[str, ...]
    removed_to: tuple[str, ...]
    """Where items of removed parts go."""
    part_grades: tuple[str, ...]
    """Scrap grades made at dismantling."""
    shred_grades: tuple[str, ...]
    """Scrap grades made from shredded cars."""
    yard: tuple[str, ...]
    """All that may be charged: part grades, shred grades, `new-mixed`, then what is bought outside cars."""
    recyclates: tuple[str, ...]
    """All recyclates; the first four are made of scrapped cars."""
    asr_to: tuple[str, ...]
    """Where shredder residue ends."""


@dataclass(frozen=True)
class TreatmentPlan:
    """From the last owner to scrap grades, pellets and residue, in one year."""

    elv_route: Floats
    """(R, R) where cars are dismantled."""
    hulk_route: Floats
    """(R, R) where hulks are shredded."""
    part_share: Floats
    """(P, I) share of an item that sits in a part."""
    removed_to: NDArray[np.intp]
    """(P, I) index into `Names.removed_to`."""
    reused: Floats
    """(P,) share of cars whose part is sold for reuse."""
    taken: Floats
    """(P,) share of the other cars whose part is taken off for its material: the share curve of its margin."""
    minutes: Floats
    """(P,) labour to take a part off."""
    identified: Floats
    """(A, part grade) how a removed wrought part of each alloy is graded; rows add to one."""
    steel_to_grades: Floats
    """(R, part grade) share of the steel of removed parts that stays on the aluminium of a grade."""
    to_metal: Floats
    """(I,) share of the hulk delivered by the shredder."""
    metal_steel: Floats
    """(R,) share of the delivered steel that goes with the aluminium; the rest to the steelworks."""
    metal_copper: Floats
    """(R,) the same of copper."""
    sorted_to: Floats
    """(A, shred grade) how shredded aluminium is graded; rows add to one."""
    free_to: Floats
    """(R, shred grade) where free iron and copper go: with the mass."""
    asr_sorted: float
    asr_recovered: Floats
    """(K,)"""
    asr_to: Floats
    """(I, 3)"""
    pellet_yield: Floats
    """(2,) dismantled parts, residue."""
    arising: Floats
    """(R, grade made of scrapped cars) t of scrap in the balance: how large loads are planned."""
    plastics: Floats
    """(R, recyclate made of scrapped cars) t of plastics before they are pelletised, in the balance."""
    hulk_t: Floats
    """(R,) t of a mean hulk that reaches the shredders."""


@dataclass(frozen=True)
class Recipe:
    """The charges of the balance in one year, t of liquid metal."""

    used: Floats
    """(M, G, A) from each grade of the yard, after loss."""
    primary: Floats
    """(M, A)"""
    additions: Floats
    """(M, A, S)"""
    returned: Floats
    """(M, A) from segregated new scrap, after loss."""
    need: Floats
    """(M, A) of the external charge: all but what is returned."""


@dataclass(frozen=True)
class MetalPlan:
    """Remelting, dilution and forming in one year."""

    melters: tuple[int, ...]
    """(M,) indices of the regions that melt."""
    scrap_route: Floats
    """(R, M) where scrap is melted; rows add to one."""
    windows: tuple[AlloyWindow, ...]
    """(A,) limits, and the primary metal."""
    rounds: tuple[tuple[str, tuple[int, ...], str], ...]
    """The charges of a clearing in their order: alloy, grades of the yard it may take, and `first`, `again`, `casting`.
    """
    loss: Floats
    """(G,) metal lost when a grade is melted down."""
    new_loss: float
    mill_return: Floats
    """(A,)"""
    press_scrap: Floats
    """(A,)"""
    segregated: Floats
    """(A,)"""
    approved: Floats
    """(A,) share of the heats open to scrap."""
    price: Floats
    """(G,)"""
    primary_price: float
    addition_price: Floats
    """(S,)"""
    sash_supply: Floats
    """(M,) t in the year."""
    market_composition: Floats
    """(2, S) of what is bought outside cars: the last grades of the yard."""
    market_origin: Floats
    """(2, ORIGINS)"""
    finished: Floats
    """(M, A) t of metal wanted in finished parts in the year."""
    belief: Floats
    """(M, G, S) what is expected of a grade before anything else is known: its mean composition in the balance."""
    wanted: Floats
    """(M, G) share of a grade that was of the 6000 series."""
    opening: Floats
    """(M, A, S) t of mixed new scrap in the yard at the beginning."""
    product: Floats
    """(M, A, S) composition of the product in the balance; what press shops return at the beginning."""
    in_use: NDArray[np.bool_] | None = None
    """(G, A) grades that an alloy takes when the run begins, which wait for no approval; none: those of its first
    round. Read in the first year only."""
    monthly: Floats | None = None
    """(12,) share of the year's parts wanted in each twelfth of it; none: evenly."""
    recipe: Recipe | None = None
    """What the balance charged: followed where everything is instant, and not looked at otherwise."""


@dataclass(frozen=True)
class PlasticsPlan:
    """Compounding in one year."""

    compounders: tuple[int, ...]
    """(M,) indices of regions."""
    route: Floats
    """(R, M)"""
    made: Floats
    """(M, K) t of compound wanted in the year, before losses."""
    recipe: Floats
    """(K, 3) polymer, filler, additive."""
    supply: Floats
    """(M, N) t of recyclate on offer from outside cars in the year."""
    composition: Floats
    """(N, 3)"""
    origin: Floats
    """(N, ORIGINS)"""
    foreign: Floats
    """(N,)"""
    foreign_limit: Floats
    """(K,)"""
    cap: Floats
    """(K,)"""
    asr_cap: float
    admitted: NDArray[np.bool_]
    """(K, N)"""
    price: Floats
    """(N,)"""
    virgin_price: float
    loss: float
    recipe_used: Floats | None = None
    """(M, N, K) t of recyclate in each compound as the balance has it; followed where `ChainPlan.instant` is set."""


@dataclass(frozen=True)
class Capacities:
    """What the works of a region can do: infinite where a number is None."""

    workers: int | None = None
    """Dismantlers at work at once."""
    base_minutes: float = 0.0
    """Labour a car takes before any part is taken off for its material."""
    car_places: int | None = None
    """Cars that find room at the dismantlers of the region."""
    shredder_t_per_h: float | None = None
    sorter_t_per_h: float | None = None
    """Alloy sorting of shredded aluminium; what finds no room there is graded without it."""
    residue_t_per_h: float | None = None
    """Plastics sorting of residue."""
    yard_t: float | None = None
    """Scrap that finds room at the casthouses of the region; what does not is exported."""
    melting_t_per_day: float | None = None
    """Scrap that can be melted down in a day; what is not is replaced by primary."""
    compounding_t_per_day: float | None = None
    """Recyclate that can be compounded in a day; what is not is replaced by virgin polymer."""


@dataclass(frozen=True)
class Practice:
    """How work is organised everywhere."""

    hours: tuple[float, float] = (8.0, 17.0)
    """From and to, of days on which dismantlers, shredders and sorters work."""
    days_a_week: int = 6
    hulks_a_load: int = 12
    load_t: float = 10.0
    """A truck of scrap, pellets or parts."""
    speed_km_h: float = 40.0
    cost_jpy_per_km: float = 300.0
    co2_kg_per_tkm: float = 0.1
    clearing_days: int = 7
    """Days between two clearings of the scrap market."""
    heat_t: dict[str, float] = field(default_factory=dict)
    """Metal of a heat, by alloy."""
    correction: float = 0.1
    """Most that can be added to a heat to bring it back, share of its mass."""
    risk: float = 0.02
    """Chance accepted that a heat is off-spec."""
    approval_months: float = 0.0
    """Months until heats with scrap of a grade that was not used before are approved."""
    patience_days: float = 14.0
    """Days after which a load leaves though it is not full."""
    hold_hours: float = 6.0
    """From charging a heat to tapping it, where melting-down has no limit."""
    return_days: float = 7.0
    """From a press shop back to the casthouse or its yard."""


@dataclass(frozen=True)
class KnowledgePlan:
    """What is known of lots."""

    records: str = "none"
    """`none`, `simple` or `perfect`; anything but `none` where whoever runs the chain brings records along."""
    coverage: float = 0.0
    """Share of cars with a record of the alloys of their parts, under `simple`."""
    delay_days: float = 0.0
    reliability: float = 1.0
    assayed: float = 0.0
    """Share of bales that are sampled."""
    assay_cv: float = 0.1
    """Error of an assay, relative."""
    spread: Floats | None = None
    """(G, S) coefficient of variation of the composition of a bale around what is expected of its grade."""
    bale_t: float = 10.0
    """Mass of the bales of which `spread` speaks."""


@dataclass(frozen=True)
class Arrivals:
    """Cars of a year, by the region they come from, the region that takes them apart, type and month."""

    rows: Whole
    """(R from, R to, type, pair) mg of one car of each type, rounded down."""
    counts: Whole
    """(R from, R to, 12, type) whole cars."""
    rest: Whole
    """(R from, R to, pair) mg of all these cars that the rounded rows leave; the last car carries it."""
    types: tuple[str, ...]
    """What the types are called, such as ``2019 small-hev``."""


@dataclass(frozen=True)
class Border:
    """What comes in from regions that are not simulated lot by lot, in the year."""

    hulks: Floats
    """(R, pairs) t of hulks to the shredders of each region."""
    scrap: Floats
    """(M, ELV grade, pairs) t of scrap to the casthouses."""
    pellets: Floats
    """(compounding M, ELV recyclate, pairs) t."""


@dataclass(frozen=True)
class YearPlan:
    """All of a year."""

    year: int
    arrivals: Arrivals
    treatment: TreatmentPlan
    metal: MetalPlan
    plastics: PlasticsPlan
    border: Border


@dataclass(frozen=True)
class ChainPlan:
    """All the chain is given."""

    names: Names
    inside: tuple[int, ...]
    """Regions that are simulated lot by lot; what leaves them goes to the account `elsewhere`."""
    years: tuple[YearPlan, ...]
    capacities: tuple[tuple[Capacities, ...], ...]
    """(year, R)"""
    practice: Practice
    knowledge: KnowledgePlan
    distance_km: Floats
    """(R, R) by road; within a region the mean way between its works."""
    instant: bool = False
    """Everything takes no time and has room, and shares act on whole masses: to be compared with the balance."""
