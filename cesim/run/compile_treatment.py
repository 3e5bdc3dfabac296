"""From the scenario's dismantlers, shredders and sorters to the arrays of treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.inputs import ASR_TO, PART_GRADES, REMOVED_TO, SHRED_GRADES, Treatment
from cesim.ledger.substances import ALLOYS, CAST, ITEMS, POLYMERS, SIX_THOUSAND
from cesim.quantities import share_curve
from cesim.run.periods import balance_years
from cesim.run.places import routes, weights
from cesim.scenario.model_checks import ADDS_UP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.quantities import Quantity, TimePath
    from cesim.run.sampler import Sampler
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

_COMBUSTIBLE = (*POLYMERS, "rubber", "fluids", "remainder")
_IDENTIFIABLE = ("6016", "6022", "6111", "6061", "6063", "5xxx", "7xxx")
"""Alloys with a grade of their own at dismantling."""


def compile_treatment(scenario: Scenario, sampler: Sampler) -> Treatment:
    """All arrays of treatment."""
    dismantling = weights(sampler, scenario, "dismantling")
    shredding = weights(sampler, scenario, "shredding")
    reused, taken = _parts(scenario, sampler)
    d, s, r = scenario.dismantling, scenario.shredding, scenario.residue
    years = balance_years(scenario)
    return Treatment(
        elv_route=routes(sampler, scenario, "elv", dismantling),
        hulk_route=routes(sampler, scenario, "hulk", shredding),
        part_share=_part_share(scenario, sampler),
        removed_to=_removed_to(scenario),
        reused=reused,
        taken=taken,
        identified=_identified(scenario, sampler),
        part_steel=sampler.value("dismantling.attached_steel", d.attached_steel),
        to_metal=_to_metal(scenario, sampler),
        shred_steel=_free(sampler, "iron", s.free_iron, years),
        shred_copper=_free(sampler, "copper", s.free_copper, years),
        sorted_to=_sorted_to(scenario, sampler),
        asr_sorted=sampler.path("residue.sorted", r.sorted, years),
        asr_recovered=_by_name(sampler, "residue.recovery", r.recovery, POLYMERS, years),
        asr_to=_asr_to(scenario, sampler),
        pellet_yield=_pellet_yield(scenario, sampler),
    )


def _part_share(scenario: Scenario, sampler: Sampler) -> Floats:
    """(lane, part, item) share of an item in each part; where draws of the parts exceed the item, all are scaled."""
    out = np.zeros((sampler.count, len(scenario.parts), len(ITEMS)))
    for n, (key, part) in enumerate(scenario.parts.items()):
        for item, share in part.holds.items():
            out[:, n, ITEMS.index(item)] = sampler.value(f"parts.{key}.holds.{item}", share)
    whole = out.sum(axis=1, keepdims=True)
    scaled: Floats = np.where(whole > 1 + ADDS_UP, out / np.where(whole > 1, whole, 1.0), out)
    return scaled


def _removed_to(scenario: Scenario) -> NDArray[np.intp]:
    out = np.zeros((len(scenario.parts), len(ITEMS)), dtype=np.intp)
    for n, part in enumerate(scenario.parts.values()):
        for item, outlet in part.goes_to.items():
            out[n, ITEMS.index(item)] = REMOVED_TO.index(outlet)
    return out


def _parts(scenario: Scenario, sampler: Sampler) -> tuple[Floats, Floats]:
    """Reused and taken shares (lane, year, part): the ceiling times the share of cases that pay."""
    years, d = balance_years(scenario), scenario.dismantling
    wage = sampler.value("dismantling.wage", d.wage) / 60.0
    transport = sampler.by_year("dismantling.transport", d.transport, years)
    spread = sampler.value("dismantling.spread", d.spread)
    incentive = sampler.path("dismantling.incentive", d.incentive, years)
    price = {name: sampler.by_year(f"dismantling.price.{name}", held, years) for name, held in d.price.items()}
    reused, taken = [], []
    for key, part in scenario.parts.items():
        outlet = next(iter(part.goes_to.values()))
        mass = sampler.value(f"parts.{key}.mass", part.mass)
        labour = sampler.by_year(f"parts.{key}.minutes", part.minutes, years) * wage[:, None]
        worth = price[outlet] - transport + (incentive if outlet in ("pp", "pe") else 0.0)
        pays = share_curve(mass[:, None] * worth - labour, spread[:, None])
        ceiling = sampler.path(f"parts.{key}.taken", part.taken, years)
        must = outlet in ("energy_recovery", "other_recycling")
        taken.append(ceiling if must else ceiling * pays)
        reused.append(sampler.path(f"parts.{key}.reused", part.reused, years))
    return np.stack(reused, axis=2), np.stack(taken, axis=2)


def _identified(scenario: Scenario, sampler: Sampler) -> Floats:
    """(lane, year, alloy, part grade): known alloys to their own grade, mistakes spread over the others."""
    years = balance_years(scenario)
    known = sampler.path("dismantling.identified", scenario.dismantling.identified, years)
    right = sampler.by_year("dismantling.accuracy", scenario.dismantling.accuracy, years)
    out = np.zeros((*known.shape, len(ALLOYS), len(PART_GRADES)))
    grades = [PART_GRADES.index(f"part-{alloy}") for alloy in _IDENTIFIABLE]
    mixed = PART_GRADES.index("part-mixed")
    for n, alloy in enumerate(ALLOYS):
        if alloy in _IDENTIFIABLE:
            wrong = known * (1.0 - right) / (len(grades) - 1)
            for grade, name in zip(grades, _IDENTIFIABLE, strict=True):
                out[:, :, n, grade] = known * right if name == alloy else wrong
            out[:, :, n, mixed] = 1.0 - known
        else:
            out[:, :, n, PART_GRADES.index("part-cast") if alloy in CAST else mixed] = 1.0
    return out


def _to_metal(scenario: Scenario, sampler: Sampler) -> Floats:
    out = np.zeros((sampler.count, len(ITEMS)))
    s = scenario.shredding
    out[:, : len(ALLOYS)] = sampler.value("shredding.aluminium", s.aluminium)[:, None]
    out[:, ITEMS.index("steel")] = sampler.value("shredding.steel", s.steel)
    out[:, ITEMS.index("copper")] = sampler.value("shredding.copper", s.copper)
    return out


def _free(sampler: Sampler, metal: str, path: TimePath, years: NDArray[np.int64]) -> Floats:
    """(lane, year) of a free metal in shredded aluminium."""
    out = np.empty((sampler.count, years.size))
    out[:] = sampler.by_year(f"shredding.free_{metal}", path, years)
    return out


def _confusion(
    sampler: Sampler, name: str, rows: Mapping[str, Mapping[str, Quantity]], factor: Floats
) -> dict[str, dict[str, Floats]]:
    """Confusion of real pieces: mistakes of clean ones times the factor, at most all of them."""
    out: dict[str, dict[str, Floats]] = {}
    for true, row in rows.items():
        drawn = sampler.simplex(f"{name}.{true}", row)
        wrong = {read: share * factor for read, share in drawn.items() if read != true}
        total = np.sum(list(wrong.values()), axis=0)
        fits = np.minimum(1.0, 1.0 / np.where(total > 0, total, 1.0))
        out[true] = {read: share * fits for read, share in wrong.items()}
        out[true][true] = 1.0 - total * fits
    return out


def _sorted_to(scenario: Scenario, sampler: Sampler) -> Floats:
    """(lane, year, alloy, shred grade): unsorted to the mix; sorted ones by cast/wrought, recovery and confusion."""
    s, years = scenario.sorting, balance_years(scenario)
    share = sampler.path("sorting.share", s.share, years)
    factor = sampler.value("sorting.error_factor", s.error_factor)
    family = _confusion(sampler, "sorting.family", s.family, factor)
    inside = _confusion(sampler, "sorting.inside_6xxx", s.inside_6xxx, factor)
    told = sampler.by_year("sorting.cast_wrought", s.cast_wrought, years)
    caught = sampler.by_year("sorting.recovery", s.recovery, years)
    out = np.zeros((*share.shape, len(ALLOYS), len(SHRED_GRADES)))
    for n, alloy in enumerate(ALLOYS):
        for grade, part in _line(alloy, told, caught, family, inside).items():
            out[:, :, n, SHRED_GRADES.index(grade)] += share * part
        out[:, :, n, SHRED_GRADES.index("shred-mixed")] += 1.0 - share
    return out


def _line(
    alloy: str, told: Floats, caught: Floats, family: dict[str, dict[str, Floats]], inside: dict[str, dict[str, Floats]]
) -> dict[str, Floats]:
    """Grades (lane, year) that one alloy reaches on the sorting line; one column where every year has the same."""
    if alloy in CAST:
        return {"shred-cast": told, "shred-wrought": 1.0 - told}
    out = {"shred-cast": 1.0 - told, "shred-wrought": told * (1.0 - caught)}
    true = "6xxx" if alloy in SIX_THOUSAND else alloy
    for read, share in family[true].items():
        seen = told * caught * share[:, None]
        if read == "cast":
            out["shred-cast"] = out["shred-cast"] + seen
        elif read != "6xxx":
            out[f"sorted-{read}"] = out.get(f"sorted-{read}", 0.0) + seen
        else:
            rows = (
                inside[alloy]
                if true == "6xxx"
                else dict.fromkeys(SIX_THOUSAND, np.full_like(share, 1 / len(SIX_THOUSAND)))
            )
            for name, part in rows.items():
                out[f"sorted-{name}"] = out.get(f"sorted-{name}", 0.0) + seen * part[:, None]
    return out


def _asr_to(scenario: Scenario, sampler: Sampler) -> Floats:
    """(lane, item, ASR_TO): heat and landfill by kind of matter, the rest to slag and metal recycling."""
    out = np.zeros((sampler.count, len(ITEMS), len(ASR_TO)))
    r = scenario.residue
    for kind in ("combustible", "inert"):
        heat = sampler.value(f"residue.heat.{kind}", r.heat[kind])
        buried = sampler.value(f"residue.landfill.{kind}", r.landfill[kind])
        total = np.maximum(heat + buried, 1.0)
        for n, item in enumerate(ITEMS):
            if (item in _COMBUSTIBLE) == (kind == "combustible"):
                out[:, n, 0], out[:, n, 1] = heat / total, buried / total
                out[:, n, 2] = 1.0 - out[:, n, 0] - out[:, n, 1]
    return out


def _by_name(
    sampler: Sampler, name: str, held: Mapping[str, TimePath], names: tuple[str, ...], years: NDArray[np.int64]
) -> Floats:
    """(lane, year, names); zero for what is not named."""
    out = np.zeros((sampler.count, years.size, len(names)))
    for key, path in held.items():
        out[:, :, names.index(key)] = sampler.by_year(f"{name}.{key}", path, years)
    return out


def _pellet_yield(scenario: Scenario, sampler: Sampler) -> Floats:
    """(lane, year, 2) of dismantled parts, of residue."""
    names = ("part_yield", "residue_yield")
    held = {name: getattr(scenario.compounding, name) for name in names}
    return _by_name(sampler, "compounding", held, names, balance_years(scenario))
