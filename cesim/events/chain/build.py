"""The chain put together: facilities of each region, the roads between them, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain import arriving, border, compounding, dismantling, dispatch, metal, pelletising, shredding
from cesim.events.chain.arriving import Gate, second_of
from cesim.events.chain.border import Border
from cesim.events.chain.compounding import TONNE, Compounder
from cesim.events.chain.dismantling import Dismantler
from cesim.events.chain.dispatch import Loads, Ways, pieces_in
from cesim.events.chain.material import COLUMNS
from cesim.events.chain.pelletising import OF_CARS, PLASTIC, Pelletiser
from cesim.events.chain.shredding import AlloySorter, ResiduePlant, Shredder
from cesim.events.clock import DAY
from cesim.events.haulage import Haulage
from cesim.events.informants import NoRecords, PerfectRecords, SimpleRecords
from cesim.events.simulation import Simulation, resume

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.events.chain.casthouse import Casthouse
    from cesim.events.chain.outcome import MetalOutcome
    from cesim.events.chain.plan import ChainPlan, KnowledgePlan, YearPlan
    from cesim.events.draws import Draws
    from cesim.events.facility import Facility
    from cesim.ledger.informant import Informant
    from cesim.quantities.streams import UniformSource

    Floats = NDArray[np.float64]

_MODULES: Final = (arriving, border, dismantling, dispatch, shredding, metal, pelletising, compounding)
WEEK: Final = 7 * DAY
TRUCKS: Final = 100_000
"""Where hauliers are not what is short."""
DAYS_OF_WORK: Final = 3
"""Days of work that may wait before a sorting line."""
RESIDUE: Final = 0.3
"""t of residue a t of hulk, about: how long a lot of it is on the line."""


@dataclass
class Site:
    """The facilities of a region and what leaves them."""

    region: int
    gate: Gate
    dismantler: Dismantler
    pieces: list[Loads]
    """Of the dismantler, of the sorter."""
    plastics: list[Loads]
    """Of the dismantler, of the residue plant."""
    hulks: Ways


class Chain:
    """A run of the chain over some years.

    Parameters
    ----------
    plan
        What it is given.
    draws
        Seed, or source of the draws.
    folder
        Of the tables; None keeps them in memory.
    batch
        Cars that come as one lot.
    informant
        Who keeps records; None: as the plan says.
    """

    def __init__(
        self,
        plan: ChainPlan,
        draws: int | UniformSource = 0,
        folder: Path | None = None,
        batch: int = 1,
        informant: Informant | None = None,
    ) -> None:
        self.plan, self.batch = plan, batch
        self.simulation = _Run(self, draws, folder)
        accounts = self.simulation.lots.accounts
        for side, enter in (("SOURCES", accounts.source), ("SINKS", accounts.sink)):
            for name in dict.fromkeys(name for room in _MODULES for name in getattr(room, side, ())):
                enter(name)
        self.informant = informant or records(plan.knowledge, self.simulation.draws)
        self._hulks_of: dict[int, int] = {}
        self._build()
        for number, year in enumerate(plan.years):
            self.simulation.clock.call_at(self._second(year.year, 1), self._open_year, number)

    def run(self, save: bool = False, step: Callable[[], object] | None = None) -> None:
        """Run to the end of the last year, month after month; see `Simulation.run`. One that was begun goes on."""
        years = [year.year for year in self.plan.years]
        ends = [self._second(year, month) for year in years for month in range(2, 14)]
        self.simulation.run([] if self.simulation.ends else ends, save, step)
        for site in self.sites:
            site.dismantler.forget_rules()

    def _second(self, year: int, month: int) -> int:
        return second_of(year, month, self.plan.years[0].year)

    # building

    def _build(self) -> None:
        """Enter all facilities, those furthest down the chain first."""
        inside = self.plan.inside
        self.border = Border(self.simulation, "border")
        self.casthouses = self._casthouses()
        self.compounders = self._compounders()
        self.pelletisers = {region: self._pelletiser(region) for region in inside}
        self.sorters: dict[int, AlloySorter] = {}
        self.residues: dict[int, ResiduePlant] = {}
        self.shredders = {region: self._shredder(region) for region in inside}
        self.sites = [self._site(region) for region in inside]

    def _casthouses(self) -> dict[int, Casthouse]:
        """By their number in the plan of metal."""
        years = [year.year for year in self.plan.years]
        starts = [self._second(year, 1) for year in (*years, years[-1] + 1)]
        by_region = metal.casthouses(self.simulation, self.plan, starts, self.informant)
        return {self.plan.years[0].metal.melters.index(region): house for region, house in by_region.items()}

    def metal(self) -> MetalOutcome:
        """Return what became of the metal."""
        return metal.outcome(self.casthouses.values())

    def _compounders(self) -> dict[int, Compounder]:
        """By their number in the plan of plastics."""
        plan, found = self.plan, {}
        for site, region in enumerate(plan.years[0].plastics.compounders):
            if region in plan.inside:
                place = self._place(region)
                found[site] = Compounder(
                    self.simulation, f"compounder {place}", place, plan.names, site, plan.practice.clearing_days,
                    plan.capacities[0][region].compounding_t_per_day, instant=plan.instant,
                )  # fmt: skip
        return found

    def _pelletiser(self, region: int) -> Pelletiser:
        place = self._place(region)
        to = [self.compounders.get(site) for site in range(len(self.plan.years[0].plastics.compounders))]
        pelletiser = Pelletiser(
            self.simulation, f"pelletiser {place}", place, self.plan.names, to, instant=self.plan.instant
        )
        if not self.plan.instant:
            pelletiser.haulage = self._haulage("pellets", pelletiser, to, 1)
        return pelletiser

    def _shredder(self, region: int) -> Shredder:
        plan, place = self.plan, self._place(region)
        shredder = Shredder(
            self.simulation, f"shredder {place}", place, region, self._hulks_a_batch(), self._patience(), self._hulks_of
        )
        self.sorters[region] = shredder.sorter = AlloySorter(
            self.simulation, f"alloy sorter {place}", place, region, plan.names, plan.instant
        )
        self.residues[region] = shredder.residue = ResiduePlant(
            self.simulation, f"residue plant {place}", place, plan.instant
        )
        return shredder

    def _hulks_a_batch(self) -> int:
        return 1 if self.plan.instant else max(self.plan.practice.hulks_a_load, self.batch)

    def _set_speeds(self, region: int, number: int) -> None:
        """Let shredder and lines work as fast as they can in a year."""
        year, can = self.plan.years[number], self.plan.capacities[number][region]
        hulks, hulk = self._hulks_a_batch(), float(year.treatment.hulk_t[region])
        self.shredders[region].seconds_a_hulk = self._work_s(hulk, can.shredder_t_per_h)
        batches = max(1.0, float(self._hulks(year)[region]) / hulks)
        light = float(year.treatment.arising[region, len(self.plan.names.part_grades) :].sum()) / batches
        sorter, residue = self.sorters[region], self.residues[region]
        for line, load, rate in (
            (sorter, light, can.sorter_t_per_h), (residue, hulk * hulks * RESIDUE, can.residue_t_per_h),
        ):  # fmt: skip
            line.seconds_a_lot = self._work_s(load, rate)
            line.waiting_room = _room(line.seconds_a_lot)

    def _site(self, region: int) -> Site:
        plan, place = self.plan, self._place(region)
        dismantler = Dismantler(
            self.simulation, f"dismantlers {place}", place, region, plan.capacities[0][region], plan.names, self.batch,
            plan.instant,
        )  # fmt: skip
        dismantler.slowness = self._slowness()
        sorter, residue = self.sorters[region], self.residues[region]
        pieces = [self._scrap_loads(facility, region) for facility in (dismantler, sorter)]
        dismantler.send_piece, sorter.send_piece = (loads.add for loads in pieces)
        plastics = [self._plastic_loads(facility, region) for facility in (dismantler, residue)]
        dismantler.send_plastic, residue.send_plastic = (loads.add for loads in plastics)
        hulks = self._hulk_ways(dismantler, region)
        dismantler.send_hulk = partial(self._hulk, hulks)
        gate = Gate(
            self.simulation, f"owners {place}", place, region, dismantler, plan.years[0].year, plan.names.regions,
            self.batch, plan.instant,
        )  # fmt: skip
        return Site(region, gate, dismantler, pieces, plastics, hulks)

    def _scrap_loads(self, facility: Facility, region: int) -> Loads:
        """Return the piles of scrap of a dismantler or sorter, whose loads go to casthouses."""
        place, metal = self._place(region), self.plan.years[0].metal
        to = [self.casthouses.get(m) for m in range(len(metal.melters))]
        ways = self._ways(facility, "scrap way", metal.scrap_route[region], to, "scrap")
        elv = (*self.plan.names.part_grades, *self.plan.names.shred_grades)
        kind = "scraps" if self.plan.instant else "scrap"  # all of a year is divided by its ways
        marks = {grade: self.simulation.lots.mark(kind, grade, place) for grade in elv}
        return Loads(facility, {}, marks, ways, self._patience())

    def _plastic_loads(self, facility: Facility, region: int) -> Loads:
        """Return the piles of plastics of a dismantler or residue plant, whose loads go to the pelletiser."""
        place, grades = self._place(region), self.plan.names.recyclates[:OF_CARS]
        marks = {grade: self.simulation.lots.mark(PLASTIC, grade, place) for grade in grades}
        ways = Ways(facility, "plastics way", np.ones(1), [self.pelletisers[region]], None)
        return Loads(facility, dict.fromkeys(grades, 1), marks, ways, self._patience())

    def _hulk_ways(self, dismantler: Dismantler, region: int) -> Ways:
        plan = self.plan
        to = [self.shredders.get(r) for r in range(len(plan.names.regions))]
        load = max(1, plan.practice.hulks_a_load // self.batch)
        return self._ways(dismantler, "hulk way", plan.years[0].treatment.hulk_route[region], to, "hulk", load)

    def _hulk(self, ways: Ways, lot: int, serial: int, cars: int) -> None:
        if cars > 1:
            self._hulks_of[lot] = cars
        ways.go(lot, serial)

    def _ways(
        self, facility: Facility, purpose: str, share: Floats, to: Sequence[Facility | None], kind: str, load: int = 1
    ) -> Ways:
        """Return the ways from a facility, with a haulier of its own."""
        if self.plan.instant:
            return Ways(facility, purpose, share, to, None, kind)
        return Ways(facility, purpose, share, to, self._haulage(purpose, facility, to, load))

    def _haulage(self, purpose: str, facility: Facility, to: Sequence[Facility | None], load: int) -> Haulage:
        routes = {(facility.name, one.name): self._road(facility, one) for one in to if one is not None}
        name = f"{purpose} from {facility.name}"
        patience = self._patience() if load > 1 else None
        return Haulage(self.simulation, name, routes, facility.place, None, load, TRUCKS, patience)

    def _road(self, begin: Facility, end: Facility) -> tuple[int, int]:
        """Seconds one way and metres between two facilities."""
        names = self.plan.names.regions
        km = float(self.plan.distance_km[names.index(begin.place), names.index(end.place)])
        return round(km / self.plan.practice.speed_km_h * 3600), round(km * 1000)

    def _place(self, region: int) -> str:
        return self.plan.names.regions[region]

    def _work_s(self, load_t: float, t_per_h: float | None) -> float:
        """Seconds of a load around the clock, at a rate that holds while people work."""
        if t_per_h is None or self.plan.instant:
            return 0.0
        return load_t / t_per_h * 3600.0 * self._slowness() if t_per_h > 0.0 else float("inf")

    def _slowness(self) -> float:
        """Hours of a week in an hour of work."""
        practice = self.plan.practice
        return WEEK / 3600 / ((practice.hours[1] - practice.hours[0]) * practice.days_a_week)

    def _patience(self) -> int:
        return 0 if self.plan.instant else round(self.plan.practice.patience_days * DAY)

    # years

    def _hulks(self, year: YearPlan) -> Floats:
        """(R,) hulks that reach the shredders of each region."""
        hulks: Floats = year.arrivals.counts.sum(axis=(0, 2, 3)) @ year.treatment.hulk_route
        return hulks

    def _open_year(self, number: int) -> None:
        """Let everybody work by the coefficients of a year that begins now, and enter what comes in it."""
        year = self.plan.years[number]
        begin, end = self._second(year.year, 1), self._second(year.year, 13)
        for site in self.sites:
            site.dismantler.open_year(year.treatment)
            for works in (self.shredders, self.sorters, self.residues):
                works[site.region].open_year(year.treatment)
            self._set_speeds(site.region, number)
            site.dismantler.set_workers(self.plan.capacities[number][site.region])
            self._plan_loads(site, year)
            site.hulks.redirect(year.treatment.hulk_route[site.region])
            for loads in site.pieces:
                loads.ways.redirect(year.metal.scrap_route[site.region])
            pelletiser = self.pelletisers[site.region]
            pelletiser.begin_year(year.treatment.pellet_yield, year.plastics.route[site.region])
            site.gate.open_year(year.year, year.arrivals)
        for melter, casthouse in self.casthouses.items():
            casthouse.set_capacity(self.plan.capacities[number][year.metal.melters[melter]])
        for mixer, compounder in self.compounders.items():
            rate = self.plan.capacities[number][year.plastics.compounders[mixer]].compounding_t_per_day
            compounder.mg_per_day = None if rate is None else round(rate * TONNE)
            compounder.begin_year(year.plastics, begin, end, year.border.pellets[mixer])
        self._bring(year, begin, end)

    def _plan_loads(self, site: Site, year: YearPlan) -> None:
        """Say how many pieces make a load, from what the balance expects of the year."""
        if self.plan.instant:  # each is as large as a lot may be
            for loads in (*site.pieces, *site.plastics):
                loads.pieces.update(dict.fromkeys(loads.marks, 1))
            return
        t, names, load = year.treatment, self.plan.names, self.plan.practice.load_t
        cars = float(np.ceil(year.arrivals.counts[:, site.region] / self.batch).sum())  # lots of them
        of_parts, of_shreds = (loads.pieces for loads in site.pieces)
        count = len(names.part_grades)
        for n, grade in enumerate(names.part_grades):
            pieces = cars * site.dismantler.pieces_a_car[grade]
            of_parts[grade] = pieces_in(load, float(t.arising[site.region, n]) / pieces if pieces else 0.0)
        for n, grade in enumerate(names.recyclates[:2]):
            pieces = cars * site.dismantler.pieces_a_car.get(grade, 0.0)
            site.plastics[0].pieces[grade] = pieces_in(
                load, float(t.plastics[site.region, n]) / pieces if pieces else 0.0
            )
        lots = self._hulks(year)[site.region] / max(self.plan.practice.hulks_a_load, self.batch)
        sorted_ = max(1.0, lots * t.asr_sorted)
        for n, grade in enumerate(names.recyclates[2:OF_CARS], start=2):
            site.plastics[1].pieces[grade] = pieces_in(load, float(t.plastics[site.region, n]) / sorted_)
        for n, grade in enumerate(names.shred_grades):
            of_shreds[grade] = pieces_in(load, float(t.arising[site.region, count + n]) / lots if lots else 0.0)

    def _bring(self, year: YearPlan, begin: int, end: int) -> None:
        """Enter what comes in from elsewhere."""
        names, lots, load = self.plan.names, self.simulation.lots, self.plan.practice.load_t
        hulks = self.plan.practice.hulks_a_load
        for region, shredder in self.shredders.items():
            each = float(year.treatment.hulk_t[region]) * hulks
            take = partial(self._hulks_from_elsewhere, shredder)
            self.border.bring(year.border.hulks[region], each, lots.mark("hulks_in"), begin, end, take)
        elv = (*names.part_grades, *names.shred_grades)
        for m, casthouse in self.casthouses.items():
            for n, grade in enumerate(elv):
                mark = lots.mark("scrap", grade, dispatch.ELSEWHERE)
                take = partial(self._from_elsewhere, casthouse)
                self.border.bring(year.border.scrap[m, n], load, mark, begin, end, take)

    def _hulks_from_elsewhere(self, shredder: Shredder, lot: int) -> None:
        self._hulks_of[lot] = self.plan.practice.hulks_a_load
        self.border.send(lot, shredder)

    def _from_elsewhere(self, to: Facility, lot: int) -> None:
        self.border.send(lot, to)


class _Run(Simulation):
    """The run of a chain, which it carries with it when it is saved."""

    def __init__(self, chain: Chain, draws: int | UniformSource, folder: Path | None) -> None:
        super().__init__(draws, COLUMNS, folder)
        self.chain = chain


def records(plan: KnowledgePlan, draws: Draws) -> Informant:
    """Return who keeps records."""
    if plan.records == "none":
        return NoRecords()
    if plan.records == "perfect":
        return PerfectRecords()
    return SimpleRecords(draws, plan.coverage, round(plan.delay_days * DAY), plan.reliability)


def resumed(folder: Path) -> Chain:
    """Return the chain whose checkpoint lies in a folder; see `cesim.events.simulation.resume`."""
    run = resume(folder)
    assert isinstance(run, _Run)
    return run.chain


def _room(seconds: float) -> int | None:
    """Lots that may wait before a line on which one takes so long."""
    if seconds == float("inf"):
        return 0
    return max(1, round(DAYS_OF_WORK * DAY / seconds)) if seconds > 0.0 else None
