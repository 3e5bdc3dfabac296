"""A scrap grade tried out on lots: what it takes and turns away, rightly or not, and what can be melted of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cesim.charge.faults import Refusals
from cesim.charge.graderesult import GradeResult
from cesim.charge.streams import Stream, draw_lots
from cesim.charge.verdict import judge, tests_of
from cesim.charge.window import Window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cesim.charge.alloys import AlloyLimits
    from cesim.charge.grades import ScrapGrade
    from cesim.charge.sampling import SamplingPlan
    from cesim.charge.shop import MeltShop
    from cesim.charge.sorter import Sorter
    from cesim.charge.sources import ScrapSource
    from cesim.charge.streams import ForeignMatter


@dataclass(frozen=True, eq=False)
class GradeTest:
    """A trial of a scrap grade, like a year at the gate of a melt shop: lots come, are sampled, and are taken or not.

    With a sorter, the sources are thrown into its bins first (its classes are the names of the sources) and lots of
    the bins come to the gate. Each lot then holds the sources in the shares of its bin: what chance does to the
    share of pieces in a single lot is not in it.

    Raises
    ------
    InputError
        For sources of different elements, a source without supply (or more supplies than sources), a limit of the
        grade or alloy that no source says anything about, a sorter of other classes, an alloy without a shop.
    """

    grade: ScrapGrade
    """The grade on trial."""
    sources: Sequence[ScrapSource]
    """Where the lots come from; all with the same elements."""
    plan: SamplingPlan
    """How each lot is sampled and assayed."""
    supplies: Mapping[str, float] | None = None
    """Source -> t; needed with several sources."""
    sorter: Sorter | None = None
    """What sorts the supply first."""
    bins: Sequence[str] | None = None
    """Bins of the sorter that are offered; None: all of them."""
    foreign: Mapping[str, Mapping[str, ForeignMatter]] = field(default_factory=dict)
    """Thing (``free_iron``, ``coating``, ``moisture``...) -> source -> how much of it."""
    alloy: AlloyLimits | None = None
    """What is made of the accepted scrap."""
    shop: MeltShop | None = None
    """Who makes it; needed with an alloy."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", tuple(self.sources))
        subject = f"GradeTest {self.grade.name}"
        with Refusals(subject) as refusals:
            refusals.distinct("sources", (source.name for source in self.sources))
            refusals.settle()
            for source in self.sources:
                if source.elements != self.elements:
                    refusals.refuse("charge_shape", source.name, found=source.elements, allowed=self.elements)
            self._check_supplies(refusals)
            self._check_sorter(refusals)
            self._check_foreign(refusals)
            if (self.alloy is None) != (self.shop is None):
                there, other = ("alloy", "shop") if self.shop is None else ("shop", "alloy")
                refusals.refuse("charge_needs_too", there, other=other)
        tests_of(self.grade, self.elements, tuple(self.foreign))
        if self.alloy is not None:
            Window.of(self.alloy, self.elements)
        if not any(stream.supply > 0.0 for stream in self.streams()):
            with Refusals(subject) as refusals:
                refusals.refuse("charge_empty", "supplies")

    @property
    def elements(self) -> tuple[str, ...]:
        """Symbols, in the order of every element axis."""
        return self.sources[0].elements

    def run(self, lots: int = 1_000_000, seed: int = 1) -> GradeResult:
        """Draw lots, sample them and judge them.

        Parameters
        ----------
        lots
            At least so many, shared out by the tonnes of each source.
        seed
            Of every draw; the same seed gives the same lots.

        Raises
        ------
        InputError
            For less than two lots, a negative seed.
        NoAnswer
            ``charge_needs_closure`` where a lot adds up to more than the whole.
        """
        with Refusals(f"GradeTest {self.grade.name}") as refusals:
            refusals.number("lots", lots, 2)
            refusals.number("seed", seed, 0)
        table = draw_lots(self.streams(), self.plan, lots, seed)
        return GradeResult(self, self.grade, table, judge(table, self.grade), seed)

    def streams(self) -> tuple[Stream, ...]:
        """Return what comes to the gate: the sources, or the bins that are offered."""
        supply = self.supplies or {self.sources[0].name: 1.0}
        if self.sorter is None:
            alone = {s.name: {thing: (by[s.name],) for thing, by in self.foreign.items()} for s in self.sources}
            return tuple(Stream(s.name, supply[s.name], (s,), (1.0,), alone[s.name]) for s in self.sources)
        by_name = {source.name: source for source in self.sources}
        flows = self.sorter.flows([supply[name] for name in self.sorter.classes])
        offered = self.sorter.classes if self.bins is None else tuple(self.bins)
        return tuple(self._bin(name, flows[:, self.sorter.classes.index(name)], by_name) for name in offered)

    def _bin(self, name: str, held: NDArray[np.float64], by_name: Mapping[str, ScrapSource]) -> Stream:
        """What lies in one bin: the sources with any tonnes there."""
        assert self.sorter is not None
        there = [source for source, tonnes in zip(self.sorter.classes, held, strict=True) if tonnes > 0.0]
        tonnes = float(held.sum())
        shares = tuple(float(share) for share in held[held > 0.0] / tonnes) if there else ()
        foreign = {thing: tuple(by[source] for source in there) for thing, by in self.foreign.items()}
        return Stream(name, tonnes, tuple(by_name[source] for source in there), shares, foreign)

    def _check_supplies(self, refusals: Refusals) -> None:
        names = tuple(source.name for source in self.sources)
        if self.supplies is None:
            if len(names) > 1:
                refusals.refuse("charge_needs_too", "sources", other="supplies")
            return
        for name, tonnes in self.supplies.items():
            refusals.known("supplies", name, names)
            refusals.number(f"supplies.{name}", tonnes, 0.0, shape=())
        for name in names:
            if name not in self.supplies:
                refusals.refuse("charge_unnamed", "supplies", found=name)

    def _check_sorter(self, refusals: Refusals) -> None:
        if self.sorter is None:
            if self.bins is not None:
                refusals.refuse("charge_needs_too", "bins", other="sorter")
            return
        names = tuple(source.name for source in self.sources)
        if set(self.sorter.classes) != set(names):
            refusals.refuse("charge_shape", "sorter", found=self.sorter.classes, allowed=names)
        for name in self.bins or ():
            refusals.known("bins", name, self.sorter.classes)

    def _check_foreign(self, refusals: Refusals) -> None:
        names = tuple(source.name for source in self.sources)
        for thing, by_source in self.foreign.items():
            for name in by_source:
                refusals.known(f"foreign.{thing}", name, names)
            for name in names:
                if name not in by_source:
                    refusals.refuse("charge_unnamed", f"foreign.{thing}", found=name)
        refusals.settle()
