"""Yards of lots as they are and as they are known: the same lots for every level of knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.belief import Belief

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.charge.knowledge import Information
    from cesim.charge.sorter import Sorter
    from cesim.charge.sources import ScrapSource

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class KnownLot:
    """One lot as it is known: mean and covariance for the charge, draws for its heats."""

    mean: Floats
    """Mass fractions, (element,)."""
    covariance: Floats
    """(element, element)."""
    belief: Belief | None
    """What it may be; None where the mean is the truth, or where it is a bin."""
    shares: Floats | None
    """Of each source in a lot of a bin, (source,); None for a lot of one source."""


@dataclass(frozen=True, eq=False)
class Yards:
    """Yards of `lots` lots each, drawn once: what every lot truly is, and the luck of records and readings."""

    sources: tuple[ScrapSource, ...]
    weight: Floats
    """Share of each source in what comes, (source,)."""
    lots: int
    yards: int
    seed: int

    @property
    def coincidence(self) -> float:
        """Share of records that would be right by chance: how often two lots come from one source."""
        return float(self.weight @ self.weight)

    def known(self, yard: int, level: Information) -> list[KnownLot]:
        """Return the lots of one yard as a level of knowledge shows them."""
        if level.sorter is not None:
            return self._bins(level.sorter)
        of, true = self._truth[0][yard], self._truth[1][yard]
        if level.is_perfect:
            zero = np.zeros((true.shape[1],) * 2)
            return [KnownLot(own, zero, None, None) for own in true]
        chances = self._chances(yard, of, level.record)
        beliefs: list[Belief] = [self._mixture(own) for own in chances]
        if level.plan is not None:
            rng = np.random.default_rng([self.seed, yard, *b"assay"])
            read, censored = level.plan.measure(rng, true)
            error = level.plan.standard_error(read)
            beliefs = [b.after_assay(*told) for b, *told in zip(beliefs, read, error, censored, strict=True)]
        return [KnownLot(belief.mean(), belief.covariance(), belief, None) for belief in beliefs]

    def heats(self, yard: int, lots: list[KnownLot], count: int, fresh: bool) -> Floats:
        """Return what the lots of one yard may truly be, given what is known, (heat, lot, element)."""
        drawn = np.empty((count, len(lots), lots[0].mean.size))
        for at, lot in enumerate(lots):
            rng = np.random.default_rng([self.seed, yard, at, int(fresh), *b"heats"])
            if lot.belief is not None:
                drawn[:, at] = lot.belief.draw(rng, count)
            elif lot.shares is not None:
                there = [(s, share) for s, share in zip(self.sources, lot.shares, strict=True) if share > 0.0]
                drawn[:, at] = sum(share * source.draw(rng, count) for source, share in there)
            else:
                drawn[:, at] = lot.mean
        return drawn

    @cached_property
    def _truth(self) -> tuple[Ints, Floats]:
        """Source of each lot, (yard, lot), and its composition, (yard, lot, element)."""
        rng = np.random.default_rng([self.seed, *b"truth"])
        of = rng.choice(self.weight.size, size=(self.yards, self.lots), p=self.weight)
        true = np.empty((*of.shape, len(self.sources[0].elements)))
        for at, source in enumerate(self.sources):
            own = np.random.default_rng([self.seed, *b"lots", *source.name.encode()])
            true[of == at] = source.draw(own, of.size).reshape(true.shape)[of == at]
        return of, true

    @cached_property
    def _components(self) -> tuple[Floats, Floats]:
        return np.array([s.mean() for s in self.sources]), np.array([s.covariance() for s in self.sources])

    def _mixture(self, chances: Floats) -> Belief:
        there = chances > 0.0
        means, covariances = self._components
        return Belief(chances[there], means[there], covariances[there], "lognormal")

    def _chances(self, yard: int, of: Ints, record: float | None) -> Iterator[Floats]:
        """What each lot may be, (source,), by its record.

        A record is copied from the lot with probability ``s`` and from any lot that comes otherwise, with ``s`` such
        that the share `record` is right. So less reliable records are more reliable ones, garbled.
        """
        if record is None:
            yield from (self.weight for _ in of)
            return
        sure = (record - self.coincidence) / (1.0 - self.coincidence) if self.coincidence < 1.0 else 1.0
        rng = np.random.default_rng([self.seed, yard, *b"record"])
        copied, other = rng.random(of.size), rng.choice(self.weight.size, size=of.size, p=self.weight)
        for claimed in np.where(copied < sure, of, other):
            chances = (1.0 - sure) * self.weight
            chances[claimed] += sure
            yield chances / chances.sum()

    def _bins(self, sorter: Sorter) -> list[KnownLot]:
        """Lots made of the bins of a sorter, as many of each as its mass asks for (largest remainders)."""
        order = [sorter.classes.index(source.name) for source in self.sources]
        flows = sorter.flows(self.weight[np.argsort(order)])[order]
        masses = flows.sum(axis=0) * self.lots
        number = np.floor(masses).astype(int)
        for at in np.argsort(number - masses, kind="stable")[: self.lots - number.sum()]:
            number[at] += 1
        means, covariances = self._components
        found = []
        for at in np.repeat(np.arange(number.size), number):
            shares = flows[:, at] / flows[:, at].sum()
            found.append(KnownLot(shares @ means, np.einsum("s,sef->ef", shares**2, covariances), None, shares))
        return found
