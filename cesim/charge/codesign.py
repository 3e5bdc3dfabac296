"""The scrap grade and the alloy standard drawn up together: every level of the one with every width of the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.chance import Materials
from cesim.charge.costliest import CostlyLimit, costly_limits
from cesim.charge.designs import Designs, evaluated
from cesim.charge.faults import Refusals
from cesim.charge.nested import lots_of_heats, pool_of
from cesim.charge.shop import GOALS
from cesim.charge.streams import Stream, draw_lots
from cesim.charge.verdict import tests_of
from cesim.charge.window import Window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.charge.alloys import AlloyLimits
    from cesim.charge.furnace import Furnace
    from cesim.charge.grades import ScrapGrade
    from cesim.charge.nested import NestedPool
    from cesim.charge.sampling import SamplingPlan
    from cesim.charge.shop import Goal
    from cesim.charge.sources import ScrapSource
    from cesim.charge.streams import ForeignMatter, LotTable

    Floats = NDArray[np.float64]

OBJECTIVES = {"recycled_content": -1.0, "cost": 1.0, "co2": 1.0, "risk": 1.0, "widening": 1.0}
"""What a design may be better in, and whether less (1) or more (-1) of it is."""


@dataclass(frozen=True, eq=False)
class CoDesign:
    """A table of designs: the limits of a scrap grade times each level, the limits of an alloy times each widening.

    Neither side alone says how much scrap ends in the alloy: a wide alloy is no use when the gate turns the scrap
    away, and a wide gate none when the melt cannot hold what it lets in. Every design is charged with a margin of
    `margin` standard deviations on every limit and then tried on simulated heats; the risk told is that of the heats.

    Raises
    ------
    InputError
        For sources of different elements or without supply, price or CO2, levels that do not rise, a widened element
        without an upper limit, numbers out of range.
    """

    grade: ScrapGrade
    """The grade at level 1."""
    alloy: AlloyLimits
    """The alloy at widening 1."""
    sources: Sequence[ScrapSource]
    """Where scrap comes from; all with the same elements."""
    plan: SamplingPlan
    """How lots are sampled and assayed at the gate."""
    furnace: Furnace
    """Where it is melted, with primary metal and additions."""
    supplies: Mapping[str, float]
    """Source -> t a year that come to the gate."""
    prices: Mapping[str, float]
    """Source -> JPY/t accepted."""
    co2: Mapping[str, float]
    """Source -> t CO2e/t accepted."""
    demand: float
    """t of the alloy a year."""
    lots_per_heat: int
    """Lots of each source in one heat."""
    margin: float
    """Standard deviations between heats kept free of every limit."""
    levels: ArrayLike
    """Factors on the upper limits of the grade, rising, (level,)."""
    widening: ArrayLike
    """Factors on upper limits of the alloy, rising, (widening,)."""
    widened: Sequence[str]
    """Elements whose limits are widened."""
    goal: Goal = "recycled"
    """What each charge is made for: most scrap, least cost or least CO2."""
    lots: int = 200_000
    """Lots drawn of each source, at least."""
    heats: int = 2_000
    """Heats simulated for each design."""
    seed: int = 1
    """Of every draw."""
    foreign: Mapping[str, Mapping[str, ForeignMatter]] = field(default_factory=dict)
    """Thing (``free_iron``, ``coating``...) -> source -> how much of it; its limits are the same at every level."""

    def __post_init__(self) -> None:
        with Refusals(f"CoDesign {self.grade.name} / {self.alloy.name}") as refusals:
            for name in ("levels", "widening"):
                axis = refusals.number(name, getattr(self, name), 0.0, above=True)
                object.__setattr__(self, name, axis)
                if axis.ndim != 1 or not axis.size:
                    refusals.refuse("charge_shape", name, found=axis.shape, allowed=("1 or more",))
                elif (np.diff(axis) <= 0).any():
                    refusals.refuse("charge_not_rising", name)
            self._check_numbers(refusals)
            self._check_sources(refusals)
            for name in self.widened:
                refusals.known("widened", name, self.alloy.elements)
            if not self.furnace.additions:
                refusals.refuse("charge_empty", "furnace.additions")
        for factor in np.asarray(self.widening):
            self.alloy.widened(dict.fromkeys(self.widened, float(factor)))
        for level in np.asarray(self.levels):
            self.grade.scaled(float(level))
        tests_of(self.grade, self.elements, tuple(self.foreign))
        Window.of(self.alloy, self.elements)

    @property
    def elements(self) -> tuple[str, ...]:
        """Symbols, in the order of every element axis."""
        return self.sources[0].elements

    @property
    def names(self) -> tuple[str, ...]:
        """The sources."""
        return tuple(source.name for source in self.sources)

    def grid(self) -> Designs:
        """Return every design: its charge, recycled content, cost, CO2, realised risk, and which side binds."""
        return self._grid

    def front(self, objectives: Sequence[str] = tuple(OBJECTIVES)) -> list[dict[str, object]]:
        """Return the designs of which none is better in everything, with most recycled content first.

        Raises
        ------
        InputError
            For an unknown objective.
        """
        with Refusals(f"CoDesign {self.grade.name} / {self.alloy.name}") as refusals:
            for name in objectives:
                refusals.known("objectives", name, OBJECTIVES)
        return self._grid.front({name: OBJECTIVES[name] for name in objectives})

    def costliest_limit(self, level: float = 1.0, widening: float = 1.0, by: float = 1e-4) -> list[CostlyLimit]:
        """Return what `by` more of each single limit would bring, in t and JPY a year, the most first.

        Parameters
        ----------
        level, widening
            The design from which one limit is moved; need not be of the grid.
        by
            Mass fraction; 1e-4 is 0.01 %.

        Raises
        ------
        NoAnswer
            ``charge_no_charge`` where the design itself has no charge.
        """
        with Refusals(f"CoDesign {self.grade.name} / {self.alloy.name}") as refusals:
            for name, value in (("level", level), ("widening", widening), ("by", by)):
                refusals.number(name, value, 0.0, above=True)
        asked = (level, widening, by)
        if asked not in self._costly:
            self._costly[asked] = costly_limits(self, level, widening, by)
        return list(self._costly[asked])

    @cached_property
    def tables(self) -> tuple[LotTable, ...]:
        """The lots of each source, drawn once."""
        clings = {name: {thing: (by[name],) for thing, by in self.foreign.items()} for name in self.names}
        alone = (Stream(source.name, 1.0, (source,), (1.0,), clings[source.name]) for source in self.sources)
        return tuple(draw_lots([stream], self.plan, self.lots, self.seed) for stream in alone)

    @cached_property
    def pools(self) -> tuple[NestedPool, ...]:
        """What each level takes of each source."""
        levels = np.asarray(self.levels)
        return tuple(pool_of(table, self.grade, levels) for table in self.tables)

    @cached_property
    def window(self) -> Window:
        """The limits of the alloy at widening 1."""
        return Window.of(self.alloy, self.elements)

    @cached_property
    def spread_of_lots(self) -> Floats:
        """Variance of the mean of the lots of a heat over that of one lot, (source,).

        With correlation r between lots of a yard it is ``r + (1 - r) / lots``, and never below r.
        """
        own = np.array([np.trace(source.law.covariance) for source in self.sources])
        shared = np.array([np.trace(source.law.shared) for source in self.sources])
        likeness = np.where(own > 0.0, shared / np.where(own > 0.0, own, 1.0), 0.0)
        return np.asarray(likeness + (1.0 - likeness) / self.lots_per_heat)

    def limits(self, widening: float) -> Floats:
        """Return the limits of the alloy at a widening, (line,)."""
        return Window.of(self.alloy.widened(dict.fromkeys(self.widened, widening)), self.elements).limits

    def materials(self, share: Floats, means: Floats, covariances: Floats) -> Materials:
        """Return what may be charged.

        Parameters
        ----------
        share, means, covariances
            Of what the gate takes of each source: share of its lots, true mean, true covariance between heats.
        """
        supply = np.array([self.supplies[name] for name in self.names])
        return Materials(
            self.furnace,
            self.elements,
            self.names,
            means,
            covariances,
            np.array([self.prices[name] for name in self.names]),
            np.array([self.co2[name] for name in self.names]),
            share * supply / self.demand,
        )

    def scrap_of_heats(self, level: int) -> Floats:
        """Return the true composition of the scrap in each heat at a level, (heat, scrap, element); NaN if none."""
        found = np.full((self.heats, len(self.names), len(self.elements)), np.nan)
        for at, (table, pool) in enumerate(zip(self.tables, self.pools, strict=True)):
            if pool.count[level]:
                start = np.random.default_rng([self.seed, *b"heats", *self.names[at].encode()]).random(self.heats)
                found[:, at] = lots_of_heats(pool, level, table, start, int(self.lots_per_heat))
        return found

    @cached_property
    def _costly(self) -> dict[tuple[float, float, float], list[CostlyLimit]]:
        """What was asked of `costliest_limit` before."""
        return {}

    @cached_property
    def _grid(self) -> Designs:
        return evaluated(self)

    def _check_numbers(self, refusals: Refusals) -> None:
        refusals.number("demand", self.demand, 0.0, above=True, shape=())
        refusals.number("margin", self.margin, 0.0, shape=())
        for name, least in (("lots_per_heat", 1), ("lots", 2), ("heats", 1), ("seed", 0)):
            refusals.number(name, getattr(self, name), least, shape=())
        refusals.known("goal", self.goal, GOALS)

    def _check_sources(self, refusals: Refusals) -> None:
        object.__setattr__(self, "sources", tuple(self.sources))
        refusals.distinct("sources", self.names)
        refusals.settle()
        for source in self.sources:
            if source.elements != self.elements:
                refusals.refuse("charge_shape", source.name, found=source.elements, allowed=self.elements)
            for part in ("supplies", "prices", "co2"):
                if source.name not in getattr(self, part):
                    refusals.refuse("charge_unnamed", part, found=source.name)
        for part in ("supplies", "prices", "co2"):
            for name, value in getattr(self, part).items():
                refusals.known(part, name, self.names)
                refusals.number(f"{part}.{name}", value, 0.0, shape=())
        for thing, by_source in self.foreign.items():
            for name in self.names:
                if name not in by_source:
                    refusals.refuse("charge_unnamed", f"foreign.{thing}", found=name)
