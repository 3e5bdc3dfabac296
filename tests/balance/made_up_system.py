"""A made-up car system of any size: everything engine A asks for, drawn at random and consistent."""

from dataclasses import fields, replace

import numpy as np

from cesim.balance.inputs import (
    PART_GRADES,
    RECYCLATES,
    SHRED_GRADES,
    YARD,
    Cars,
    Metal,
    Plastics,
    System,
    Treatment,
)
from cesim.balance.metal import METALS
from cesim.charge.dilution import AlloyWindow
from cesim.ledger.substances import ALLOYS, ITEMS, ORIGINS, OTHERS, PAIRS, POLYMERS

OLD = 10
"""Cohorts older than the balance."""

CLASSES = ("6xxx", "5xxx", "7xxx", "3xxx", "die cast", "cast", "wheel", "plastics", *OTHERS)
ITEM_CLASS = np.array([0] * 5 + [1, 2, 3, 4, 5, 6] + [7] * len(POLYMERS) + list(range(8, 8 + len(OTHERS))))

WITHOUT_DRAWS = {
    "years", "first_cohort", "regions", "item_class", "removed_to",
    "melters", "windows", "compounders", "origin", "admitted",
}  # fmt: skip
"""Fields that are certain, so carry no draw axis."""


def make(draws=3, years=4, regions=("a", "b", "c"), melters=2, seed=0) -> System:
    """A system with this many draws, years, regions and melting regions."""
    rng = np.random.default_rng(seed)
    return System(
        _cars(rng, draws, years, regions),
        _treatment(rng, draws, years, len(regions)),
        _metal(rng, draws, years, len(regions), melters),
        _plastics(rng, draws, years, len(regions), melters),
    )


def changed(system: System, room: str, **values) -> System:
    """The system with some arrays of one room replaced."""
    return replace(system, **{room: replace(getattr(system, room), **values)})


def differing(system: System) -> System:
    """The system with a content of its own in every draw where `make` states one for all."""
    draws = len(system.plastics.loss)
    less = (1.0 - 0.3 * np.arange(draws) / draws)[:, None, None]
    market = system.metal.market_composition * less
    market[..., 0] = 1.0 - market[..., 1:].sum(axis=-1)
    filler = system.plastics.composition[..., 1] * less[..., 0]
    recyclate = np.stack([0.98 - filler, filler, np.full_like(filler, 0.02)], axis=-1)
    origin = system.cars.nominal_origin.copy()
    recyclable = origin[:, : len(ALLOYS) + len(POLYMERS)]  # all else is primary in every car
    recyclable *= less
    recyclable[..., ORIGINS.index("post_other")] += 1.0 - less[..., 0]
    system = changed(system, "treatment", part_share=system.treatment.part_share * less)
    system = changed(changed(system, "metal", market_composition=market), "plastics", composition=recyclate)
    return changed(system, "cars", nominal_origin=origin)


def one_draw(system: System, draw: int) -> System:
    """The system of a single draw."""
    rooms = {}
    for room in fields(system):
        part = getattr(system, room.name)
        chosen = {f.name: getattr(part, f.name) for f in fields(part)}
        rooms[room.name] = replace(
            part, **{name: v if name in WITHOUT_DRAWS else v[draw : draw + 1] for name, v in chosen.items()}
        )
    return System(**rooms)


def nominal_content() -> np.ndarray:
    """(pairs,) what cars of before the balance are made of."""
    content = np.zeros(len(PAIRS))
    for item in ITEMS:
        own = [n for n, pair in enumerate(PAIRS) if pair[0] == item]
        if item in ALLOYS:
            content[own] = [0.95, 0.02, 0.01, 0, 0, 0.01, 0, 0, 0, 0, 0.01]
        elif item in POLYMERS:
            content[own] = [0.85, 0.13, 0.02]
        else:
            content[own] = 1.0
    return content


def _cars(rng, draws, years, regions):
    cohorts, classes, areas = OLD + years, len(CLASSES), len(regions)
    split = np.zeros((draws, len(ITEMS)))
    for q in range(classes):
        own = np.flatnonzero(q == ITEM_CLASS)
        split[:, own] = rng.dirichlet(np.ones(own.size), draws)
    move = rng.dirichlet(np.ones(areas) * 0.3, (draws, areas)) * 0.1 + 0.9 * np.eye(areas)
    age_share = np.empty((draws, cohorts + 2, areas))
    age_share[:, 0] = rng.dirichlet(np.ones(areas), draws)
    for age in range(1, cohorts + 2):
        age_share[:, age] = (age_share[:, age - 1, :, None] * move).sum(axis=1)
    registered = rng.uniform(50, 100, (draws, years, classes))
    stock = np.zeros((draws, years + 1, cohorts, classes))
    stock[:, 0, :OLD] = rng.uniform(100, 500, (draws, OLD, classes))
    hazards = rng.uniform([0.03, 0.01, 0.001], [0.1, 0.04, 0.01], (draws, 3))
    gone = np.zeros((3, draws, years, cohorts, classes))
    for year in range(years):
        for n in range(3):
            gone[n, :, year] = stock[:, year] * hazards[:, n, None, None]
        stock[:, year + 1] = stock[:, year] - gone[:, :, year].sum(axis=0)
        stock[:, year + 1, OLD + year] = registered[:, year]
    imported = registered * 0.1
    shipped = rng.uniform(50, 80, (draws, years, classes))
    nominal_origin = np.zeros((draws, len(ITEMS), len(ORIGINS)))
    nominal_origin[..., 0] = 1.0
    return Cars(
        years=np.arange(2023, 2023 + years), first_cohort=2023 - OLD, regions=tuple(regions), item_class=ITEM_CLASS,
        split=split, stock=stock, scrapped=gone[0], exported=gone[1], other=gone[2], registered=registered,
        built=registered - imported + shipped, imported=imported, shipped=shipped, age_share=age_share, move=move,
        assembly=rng.dirichlet(np.ones(areas), draws),
        nominal=np.tile(nominal_content(), (draws, 1)), nominal_origin=nominal_origin,
    )  # fmt: skip


def _treatment(rng, draws, years, areas):
    parts = 4
    share, to = np.zeros((parts, len(ITEMS))), np.zeros((parts, len(ITEMS)), dtype=np.intp)
    share[0, :8] = 0.6  # panels: wrought
    share[1, [8, 9]], to[1] = 0.7, 1  # castings
    share[2, 10], to[2] = 0.9, 2  # wheels
    share[3, 11:23], to[3, 11:23] = 0.3, 9  # plastics: PP, PP-T, PE to pellet, the rest burnt
    to[3, [11, 12]], to[3, 13] = 4, 5
    share[3, 7], to[3, 7] = 0.3, 3  # heat exchangers
    steel, copper, rubber = (ITEMS.index(name) for name in ("steel", "copper", "rubber"))
    share[0, steel], to[0, steel] = 0.05, 6
    share[1, copper], to[1, copper] = 0.3, 7
    share[3, rubber], to[3, rubber] = 0.9, 8
    known = len(SHRED_GRADES) - 3
    identified = np.zeros((draws, years, len(ALLOYS), len(PART_GRADES)))
    identified[..., :known] = rng.dirichlet(np.ones(known), (draws, years, len(ALLOYS)))
    to_metal = np.zeros((draws, len(ITEMS)))
    to_metal[:, : len(ALLOYS)] = rng.uniform(0.85, 0.97, (draws, len(ALLOYS)))
    to_metal[:, steel], to_metal[:, copper] = 0.97, 0.5
    recovered = np.zeros((draws, len(POLYMERS)))
    recovered[:, [0, 1, 6]] = rng.uniform(0.2, 0.6, (draws, 3))
    return Treatment(
        elv_route=rng.dirichlet(np.ones(areas), (draws, areas)),
        hulk_route=rng.dirichlet(np.ones(areas), (draws, areas)),
        part_share=np.tile(share, (draws, 1, 1)), removed_to=to,
        reused=rng.uniform(0, 0.2, (draws, years, parts)), taken=rng.uniform(0.2, 0.9, (draws, years, parts)),
        identified=identified, part_steel=rng.uniform(0, 0.006, draws), to_metal=to_metal,
        shred_steel=_drifting(rng.uniform(0, 0.008, draws), years),
        shred_copper=_drifting(rng.uniform(0, 0.004, draws), years),
        sorted_to=rng.dirichlet(np.ones(len(SHRED_GRADES)), (draws, years, len(ALLOYS))),
        asr_sorted=rng.uniform(0, 0.6, (draws, years)), asr_recovered=_drifting(recovered, years),
        asr_to=rng.dirichlet(np.ones(3), (draws, len(ITEMS))),
        pellet_yield=_drifting(rng.uniform(0.7, 0.95, (draws, 2)), years),
    )  # fmt: skip


def _drifting(values, years):
    """(D, ...) -> (D, Y, ...), a little less from year to year."""
    return np.stack([values * 0.97**year for year in range(years)], axis=1)


def windows() -> tuple[AlloyWindow, ...]:
    """Made-up limits of all alloys, and the primary metal they are diluted with."""
    at = {name: n for n, name in enumerate(METALS)}
    primary = np.zeros(len(METALS))
    primary[at["Si"]], primary[at["Fe"]] = 0.0008, 0.0012
    primary[0] = 1 - primary.sum()
    limits = {
        "6": {
            "Si": (0.006, 0.013), "Fe": (0, 0.004), "Cu": (0, 0.002), "Mn": (0, 0.002), "Mg": (0.004, 0.008),
            "Zn": (0, 0.002),
        },
        "5": {"Si": (0, 0.002), "Fe": (0, 0.0035), "Mg": (0.04, 0.05), "Cu": (0, 0.0015)},
        "A": {"Si": (0.08, 0.12), "Fe": (0, 0.013), "Cu": (0.015, 0.035), "Mg": (0, 0.003), "Zn": (0, 0.01)},
        "": {"Si": (0, 0.01), "Fe": (0, 0.007)},
    }  # fmt: skip
    out = []
    for alloy in ALLOYS:
        lower, upper = np.zeros(len(METALS)), np.ones(len(METALS))
        for element, (low, high) in limits[alloy[0] if alloy[0] in "65A" and alloy != "AC4CH" else ""].items():
            lower[at[element]], upper[at[element]] = low, high
        out.append(AlloyWindow(lower, upper, primary))
    return tuple(out)


def windows_by_year(years):
    """(Y, A) the same limits, those of 6016 a little wider from year to year."""
    first, at = windows(), ALLOYS.index("6016")
    upper = first[at].upper
    wider = (np.where(upper < 1, np.minimum(upper * 1.05**year, 1.0), upper) for year in range(years))
    return tuple((*first[:at], replace(first[at], upper=own), *first[at + 1 :]) for own in wider)


def _metal(rng, draws, years, areas, melters):
    width = len(METALS)
    market = np.zeros((2, width))
    market[0, :6] = [0.98, 0.005, 0.003, 0, 0, 0.012]
    market[1, :6] = [0.858, 0.1, 0.008, 0.032, 0, 0.002]
    origin = np.zeros((draws, 2, len(ORIGINS)))
    origin[:, 0, ORIGINS.index("post_other")] = 1.0
    post = rng.uniform(0, 1, draws)
    origin[:, 1, ORIGINS.index("pre_other")], origin[:, 1, ORIGINS.index("post_other")] = 1 - post, post
    alloys, grades = len(ALLOYS), len(YARD)
    return Metal(
        melters=rng.permutation(areas)[:melters], scrap_route=rng.dirichlet(np.ones(melters), (draws, areas)),
        share=rng.dirichlet(np.ones(melters), (draws, alloys)), windows=windows_by_year(years),
        loss=_drifting(rng.uniform(0.01, 0.08, (draws, grades)), years), new_loss=rng.uniform(0.005, 0.03, draws),
        mill_return=rng.uniform(0.1, 0.35, (draws, alloys)), press_scrap=rng.uniform(0.1, 0.45, (draws, alloys)),
        segregated=rng.uniform(0.3, 1, (draws, years, alloys)), approved=rng.uniform(0.2, 1, (draws, years, alloys)),
        price=rng.uniform(150e3, 350e3, (draws, grades)), primary_price=rng.uniform(380e3, 450e3, draws),
        addition_price=np.full((draws, width), 500e3), sash_supply=rng.uniform(0, 10, (draws, years, melters)),
        market_composition=np.tile(market, (draws, 1, 1)), market_origin=origin,
        new_mixed_start=rng.uniform(0, 5, (draws, melters, alloys)),
    )  # fmt: skip


def _plastics(rng, draws, years, areas, sites):
    count = len(RECYCLATES)
    origin = np.zeros((count, len(ORIGINS)))
    sources = {"use-pp": "post_in_use", "industrial-pp": "pre_other", "chemical-pp": "chemical", "bio-pp": "bio"}
    for n, name in enumerate(RECYCLATES):
        origin[n, ORIGINS.index(sources.get(name, "post_elv" if n < 4 else "post_other"))] = 1.0
    admitted = np.zeros((len(POLYMERS), count), dtype=bool)
    abs_ = [n for n, name in enumerate(RECYCLATES) if name.endswith("abs")]
    admitted[:2] = True
    admitted[:2, [1, *abs_]] = False
    admitted[2, [1, 7]] = True
    admitted[6, abs_] = True
    supply = rng.uniform(0, 4, (draws, years, count))
    supply[:, :, :4] = 0.0
    return Plastics(
        compounders=rng.permutation(areas)[:sites], route=rng.dirichlet(np.ones(sites), (draws, areas)),
        share=rng.dirichlet(np.ones(sites), draws), supply=supply,
        composition=np.tile([0.9, 0.08, 0.02], (draws, count, 1)),
        origin=origin, foreign=rng.uniform(0, 0.06, (draws, count)),
        foreign_limit=np.full((draws, len(POLYMERS)), 0.02), cap=rng.uniform(0, 0.5, (draws, years, len(POLYMERS))),
        asr_cap=_drifting(rng.uniform(0, 0.2, draws), years), admitted=admitted,
        price=rng.uniform(100e3, 300e3, (draws, count)),
        virgin_price=rng.uniform(180e3, 260e3, draws), loss=rng.uniform(0, 0.03, draws),
    )  # fmt: skip
