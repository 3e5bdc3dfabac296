"""Lots as they come to the gate: drawn once, true and as read, so that many grades can be tried on the same lots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.charge.sampling import SamplingPlan
    from cesim.charge.sources import ScrapSource

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

CHUNK = 16_384
"""Lots drawn at a time: what stays in the cache takes half the time."""
YARD = 20
"""Lots that are drawn from one yard where lots of a yard are alike."""


@dataclass(frozen=True)
class ForeignMatter:
    """What clings to the scrap of one source, such as steel bolts, paint or water, and how well it is weighed.

    Raises
    ------
    InputError
        For a mean outside 0 to 1, a negative spread or error.
    """

    mean: float
    """Mass fraction of a lot, on average."""
    cv: float
    """Coefficient of variation between lots; lognormal."""
    error: float
    """Relative standard deviation of the weighing; lognormal, right on average."""

    def __post_init__(self) -> None:
        with Refusals("ForeignMatter") as refusals:
            refusals.number("mean", self.mean, 0.0, 1.0, shape=())
            refusals.number("cv", self.cv, 0.0, shape=())
            refusals.number("error", self.error, 0.0, shape=())

    def draw(self, rng: np.random.Generator, lots: int) -> Floats:
        """Return true mass fractions, (lot,); at most 1."""
        return np.asarray(np.minimum(self.mean * _factor(rng, self.cv, lots), 1.0))


@dataclass(frozen=True, eq=False)
class Stream:
    """One thing that arrives at the gate: a source, or a bin of the sorter in which several sources lie."""

    name: str
    """The source, or the bin."""
    supply: float
    """t."""
    sources: tuple[ScrapSource, ...]
    """What is in it."""
    shares: tuple[float, ...]
    """Mass share of each source; they add up to one."""
    foreign: Mapping[str, tuple[ForeignMatter, ...]]
    """Thing -> what each source carries of it."""

    def draw(self, rng: np.random.Generator, lots: int, yard: int) -> Floats:
        """Return compositions, (lot, element): what a lot holds of each source is drawn on its own."""
        total = np.zeros(())
        for source, share in zip(self.sources, self.shares, strict=True):
            drawn = source.draw(rng, lots) if yard == 1 else source.draw_yards(rng, lots // yard, yard)
            own = drawn.reshape(lots, -1)
            total = own if share == 1.0 else total + share * own
        return np.asarray(total)

    def draw_foreign(self, rng: np.random.Generator, thing: str, lots: int) -> tuple[Floats, Floats]:
        """Return true and weighed mass fractions of one thing, (lot,)."""
        matters = self.foreign[thing]
        true = sum((s * m.draw(rng, lots) for s, m in zip(self.shares, matters, strict=True)), np.zeros(lots))
        error = max(matter.error for matter in matters)
        return true, np.minimum(true * _factor(rng, error, lots), 1.0)


@dataclass(frozen=True, eq=False)
class LotTable:
    """Lots drawn once: what they hold and what was read, held as single precision, one element after the other."""

    streams: tuple[Stream, ...]
    """What they came from; streams without supply are left out."""
    elements: tuple[str, ...]
    """Symbols of the first axis."""
    bounds: NDArray[np.int64]
    """Where the lots of each stream begin and end, (stream + 1,)."""
    yard: int
    """Lots that were drawn from one yard; 1 where lots are independent."""
    true: Singles
    """Mass fractions, (element, lot)."""
    read: Singles
    """Readings, (element, lot); below the limit of detection the limit itself."""
    foreign: Mapping[str, tuple[Singles, Singles]]
    """Thing -> true and weighed mass fractions, (lot,)."""

    @property
    def weight(self) -> Floats:
        """Share of each stream in the tonnes, (stream,)."""
        supply = np.array([stream.supply for stream in self.streams])
        return np.asarray(supply / supply.sum())

    def blocks(self) -> Iterator[tuple[int, slice]]:
        """Yield (stream, lots) in pieces that stay in the cache."""
        for at, (begin, end) in enumerate(zip(self.bounds[:-1], self.bounds[1:], strict=True)):
            for first in range(int(begin), int(end), CHUNK):
                yield at, slice(first, min(first + CHUNK, int(end)))


def draw_lots(streams: Sequence[Stream], plan: SamplingPlan, lots: int, seed: int) -> LotTable:
    """Draw lots of every stream by its share of the tonnes, and sample and assay each.

    What a stream draws depends on the seed, its name and its lots: other streams change nothing. The number of lots
    of a stream is rounded up to whole yards, two at least.
    """
    kept = tuple(stream for stream in streams if stream.supply > 0.0)
    alike = any(source.law.shared.any() for stream in kept for source in stream.sources)
    yard = YARD if alike else 1
    total = sum(stream.supply for stream in kept)
    yards = [max(2, int(np.ceil(lots * stream.supply / total / yard - 1e-9))) for stream in kept]
    bounds = np.concatenate([[0], np.cumsum(yards) * yard]).astype(np.int64)
    elements = kept[0].sources[0].elements
    true = np.empty((len(elements), bounds[-1]), dtype=np.float32)
    read = np.empty_like(true)
    things = {thing: (np.empty(bounds[-1], np.float32), np.empty(bounds[-1], np.float32)) for thing in kept[0].foreign}
    step = CHUNK // yard * yard
    for stream, begin, end in zip(kept, bounds[:-1], bounds[1:], strict=True):
        rng = np.random.default_rng([seed, *stream.name.encode()])
        for first in range(int(begin), int(end), step):
            lots_now = slice(first, min(first + step, int(end)))
            drawn = stream.draw(rng, lots_now.stop - first, yard)
            true[:, lots_now] = drawn.T
            read[:, lots_now] = plan.measure(rng, drawn)[0].T
            for thing, (held, weighed) in things.items():
                held[lots_now], weighed[lots_now] = stream.draw_foreign(rng, thing, lots_now.stop - first)
    return LotTable(kept, elements, bounds, yard, true, read, things)


def _factor(rng: np.random.Generator, cv: float, lots: int) -> Floats:
    """Lognormal factors of mean one, (lot,)."""
    variance = np.log1p(cv**2)
    return np.asarray(np.exp(np.sqrt(variance) * rng.standard_normal(lots) - 0.5 * variance))
