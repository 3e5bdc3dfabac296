"""The flows of the made-up run: every edge of the process vocabulary, balanced by construction."""

from __future__ import annotations

import pandas as pd
from made_up_facts import REGIONS, YEARS, series

Mix = dict[str, float]


class Flows:
    """Rows of flows.parquet, put in one edge at a time."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    def put(self, year: int, place: tuple[str, str], edge: tuple[str, str], what: tuple[str, str], mix: Mix) -> Mix:
        for origin, mass in mix.items():
            if mass > 0:
                self.rows.append((year, *place, *edge, *what, origin, mass, 0.08 * mass, 1.01 * mass))
        return mix


def part(mix: Mix, share: float) -> Mix:
    return {k: v * share for k, v in mix.items()}


def add(*mixes: Mix) -> Mix:
    out: Mix = {}
    for mix in mixes:
        for k, v in mix.items():
            out[k] = out.get(k, 0.0) + v
    return out


def total(mix: Mix) -> float:
    return sum(mix.values())


def relabel(mix: Mix, origin: str) -> Mix:
    return {origin: total(mix)}


CASTINGS = "ADC12"


def _elv_aluminium(f: Flows, year: int, size: float, region: str, alloy: str, leaving: Mix) -> tuple[Mix, Mix]:
    """One alloy from the car that leaves use to the melt: what can be melted as itself and what goes to castings."""
    at, what = (region, region), ("aluminium", alloy)

    def go(a: str, b: str, mix: Mix) -> Mix:
        return f.put(year, at, (a, b), what, mix)

    go("in_use", "used_car_export", part(leaving, 0.34))
    go("in_use", "other_exit", part(leaving, 0.04))
    elv = go("take_back", "dismantling", relabel(go("in_use", "take_back", part(leaving, 0.62)), "post_elv"))
    removed = 0.05 + 0.3 * series(0, 1, year)
    sorted_ = go("dismantling", "alloy_sorting", part(elv, removed))
    go("dismantling", "part_reuse", part(elv, 0.05))
    shred = part(elv, 0.95 - removed)
    if region in ("gifu", "mie", "rest_of_japan"):
        away = "aichi" if region != "rest_of_japan" else "rest_of_japan"
        f.put(year, (region, away), ("dismantling", "shredding"), what, shred)
        at = (away, away)
    else:
        go("dismantling", "shredding", shred)
    lots = go("shredding", "alloy_sorting", part(shred, 0.88))
    go("shredding", "ferrous_recycling", part(shred, 0.05))
    residue = go("shredding", "asr_treatment", part(shred, 0.07))
    go("asr_treatment", "landfill", part(residue, 0.3))
    go("asr_treatment", "energy_recovery", part(residue, 0.7))
    if at[0] != region:  # what was taken off earlier joins the shredded lots there
        f.put(year, at, ("alloy_sorting", "scrap_yard.shred-mixed"), what, lots)
        f.put(year, (region, at[0]), ("alloy_sorting", "scrap_yard.shred-mixed"), what, sorted_)
    else:
        go("alloy_sorting", "scrap_yard.shred-mixed", add(sorted_, lots))
    old = add(sorted_, lots)
    go("scrap_yard.shred-mixed", "scrap_export", part(old, 0.14))
    coated = go("scrap_yard.shred-mixed", "melt_down.shred-mixed", part(old, 0.86))
    go("melt_down.shred-mixed", "coating_burnt", part(coated, 0.015))
    hot = part(coated, 0.985)
    itself = series(0.02, 0.55, year) if alloy != CASTINGS else 1.0
    go("melt_down.shred-mixed", f"melting.{alloy}", part(hot, itself))
    if itself < 1:
        go("melt_down.shred-mixed", f"melting.{CASTINGS}", part(hot, 1 - itself))
    return part(hot, itself), part(hot, 1 - itself)


def _new_aluminium(f: Flows, year: int, region: str, alloy: str, demand: float, hot: Mix) -> None:
    """One alloy from the melt to the new car and back as press scrap."""
    at, what = (region, region), ("aluminium", alloy)

    def go(a: str, b: str, mix: Mix) -> Mix:
        return f.put(year, at, (a, b), what, mix)

    cut = 0.28 if alloy != CASTINGS else 0.06
    formed = demand / (1 - cut)
    scrap = {"pre_auto": formed * cut}
    melting, making = f"melting.{alloy}", f"part_making.{alloy}"
    go("new_scrap", "scrap_yard.new-mixed", scrap)
    back = go("scrap_yard.new-mixed", melting, part(scrap, 0.97))  # the rest waits in the yard
    alloying = go("alloying_supply", melting, {"primary": formed * 0.008})
    other = go("other_scrap_supply", melting, {"post_other": formed * 0.03})
    need = max(formed / 0.98 - total(hot) - total(back) - total(alloying) - total(other), 0.0)
    prim = go("primary_supply", melting, {"primary": need})
    melt = add(hot, back, alloying, other, prim)
    go(melting, "dross", part(melt, 0.02))
    metal = go(melting, making, part(melt, 0.98))
    paint = go("paint_supply", making, {"primary": 0.01 * total(metal)})
    made = add(metal, paint)
    pressed = min(total(scrap) / total(made), 1.0)
    go(making, "new_scrap", part(made, pressed))
    _new_cars(f, year, region, what, part(made, 1 - pressed), making)


def _new_cars(f: Flows, year: int, region: str, what: tuple[str, str], parts: Mix, making: str = "part_making") -> None:
    f.put(year, (region, region), (making, "assembly"), what, parts)
    f.put(year, (region, region), ("assembly", "new_car_export"), what, part(parts, 0.48))
    home, away = part(parts, 0.2), part(parts, 0.32)
    other = "rest_of_japan" if region != "rest_of_japan" else "aichi"
    for place, mix in ((region, home), (other, away)):
        f.put(year, (region, place), ("assembly", "registration"), what, mix)
        f.put(year, (place, place), ("registration", "in_use"), what, mix)
    imported = part(parts, 0.05)
    f.put(year, (region, region), ("overseas_assembly", "registration"), what, relabel(imported, "primary"))
    f.put(year, (region, region), ("registration", "in_use"), what, relabel(imported, "primary"))


def _plastics(f: Flows, year: int, region: str, polymer: str, leaving: float, demand: float) -> None:
    at, what = (region, region), ("plastics", polymer)

    def go(a: str, b: str, mix: Mix) -> Mix:
        return f.put(year, at, (a, b), what, mix)

    out = {"primary": leaving * 0.97, "post_other": leaving * 0.03}
    go("in_use", "used_car_export", part(out, 0.34))
    go("in_use", "other_exit", part(out, 0.04))
    elv = go("take_back", "dismantling", relabel(go("in_use", "take_back", part(out, 0.62)), "post_elv"))
    removed = series(0.02, 0.34, year)
    bales = go("dismantling", "pelletising", part(elv, removed))
    shred = go("dismantling", "shredding", part(elv, 0.96 - removed))
    go("dismantling", "part_reuse", part(elv, 0.04))
    residue = go("shredding", "asr_treatment", shred)
    sortable = series(0.02, 0.3, year)
    to_sort = go("asr_treatment", "asr_sorting", part(residue, sortable))
    go("asr_treatment", "energy_recovery", part(residue, 0.93 * (1 - sortable)))
    go("asr_treatment", "landfill", part(residue, 0.07 * (1 - sortable)))
    floats = go("asr_sorting", "pelletising", part(to_sort, 0.5))
    go("asr_sorting", "energy_recovery", part(to_sort, 0.5))
    pellet = add(bales, floats)
    go("pelletising", "energy_recovery", part(pellet, 0.12))
    go("pelletising", "recyclate_export", part(pellet, 0.2))
    own = go("pelletising", "compounding", part(pellet, 0.68))
    formed = demand / 0.93
    x_to_car = go("x_to_car_supply", "compounding", {"post_other": formed * series(0.01, 0.1, year)})
    parts_in_use = go("x_to_car_supply", "compounding", {"post_in_use": formed * series(0.001, 0.02, year)})
    chem = go("chemical_recycling_supply", "compounding", {"chemical": formed * series(0.0001, 0.03, year)})
    bio = go("bio_supply", "compounding", {"bio": formed * series(0.001, 0.015, year)})
    filler = go("filler_supply", "compounding", {"primary": formed * 0.08})
    sprues = go("new_scrap", "compounding", {"pre_auto": formed * 0.05})
    rest = formed - sum(map(total, (own, x_to_car, parts_in_use, chem, bio, filler, sprues)))
    virgin = go("virgin_supply", "compounding", {"primary": max(rest, 0.0)})
    made = go("compounding", "part_making", add(own, x_to_car, parts_in_use, chem, bio, filler, sprues, virgin))
    trimmed = part(made, 0.07)
    go("part_making", "new_scrap", trimmed)
    go("new_scrap", "energy_recovery", {"pre_auto": total(trimmed) - total(sprues)})
    _new_cars(f, year, region, what, part(made, 0.93))


def flow_table() -> pd.DataFrame:
    """Flows of aluminium, plastics and steel."""
    f = Flows()
    for year in YEARS:
        for region, (_, _, size) in REGIONS.items():
            growth = 1 + 0.02 * (year - 2023)
            cast_extra: Mix = {}
            hot: dict[str, Mix] = {}
            for alloy, leaving in (("6016", 9000.0), ("6061", 6000.0), ("5xxx", 4000.0), (CASTINGS, 38000.0)):
                mix = {"primary": leaving * size * growth * 0.9, "pre_auto": leaving * size * growth * 0.1}
                hot[alloy], down = _elv_aluminium(f, year, size, region, alloy, mix)
                cast_extra = add(cast_extra, down)
            hot[CASTINGS] = add(hot[CASTINGS], cast_extra)
            if region in ("gifu", "mie"):  # melted where it was sent
                moved = hot
                hot = {a: {} for a in moved}
                _MOVED.setdefault(year, []).append(moved)
            if region == "aichi":
                _HELD[year] = hot
                continue
            for alloy, demand in (("6016", 26000.0), ("6061", 14000.0), ("5xxx", 7000.0), (CASTINGS, 90000.0)):
                _new_aluminium(f, year, region, alloy, demand * size * growth, hot[alloy])
        joined = {a: add(_HELD[year][a], *(m[a] for m in _MOVED[year])) for a in _HELD[year]}
        for alloy, demand in (("6016", 26000.0), ("6061", 14000.0), ("5xxx", 7000.0), (CASTINGS, 90000.0)):
            _new_aluminium(f, year, "aichi", alloy, demand * 0.4 * (1 + 0.02 * (year - 2023)), joined[alloy])
        for region, (_, _, size) in REGIONS.items():
            for polymer, leaving, demand in (
                ("PP", 34000.0, 70000.0),
                ("PP-T", 9000.0, 26000.0),
                ("PUR", 8000.0, 15000.0),
            ):
                _plastics(f, year, region, polymer, leaving * size, demand * size)
            f.put(year, (region, region), ("material_supply", "assembly"), ("steel", "steel"), {"primary": 9e5 * size})
    _HELD.clear()
    _MOVED.clear()
    keys = ["year", "region", "region_to", "process_from", "process_to", "material", "alloy", "origin"]
    rows = pd.DataFrame(f.rows, columns=[*keys, "mean", "sd", "best"])
    return rows.groupby(keys, as_index=False, sort=False).sum()


_HELD: dict[int, dict[str, Mix]] = {}
_MOVED: dict[int, list[dict[str, Mix]]] = {}
