"""A scrap yard: bales in piles by grade, what is known of each, and what finds no room."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from cesim.events.chain.knowledge import ANALYSIS, ASSAY, EXPECTED, Knowledge, Mixture
from cesim.events.chain.material import COLUMNS, COUNT, FAMILY, METAL_PAIRS, METALS, SIX_PAIRS, metals
from cesim.events.chain.what_if import Doubt
from cesim.events.faults import refuse
from cesim.ledger.substances import ORIGINS, PAIRS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.plan import KnowledgePlan, MetalPlan
    from cesim.events.draws import Stream
    from cesim.events.simulation import Simulation
    from cesim.ledger.informant import Claim, Informant

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_POST_ELV: Final = COUNT + ORIGINS.index("post_elv")
_FAMILY: Final = COLUMNS.names.index(FAMILY)
_NOT_METAL: Final = np.setdiff1d(np.arange(COUNT), METAL_PAIRS)
T: Final = 1e9
"""mg per t."""


def family(rows: Whole) -> Whole:
    """Return the metal that was of the 6000 series in a scrapped car, mg, (lot), of compositions (lot, column).

    A lot that is all from scrapped cars was never molten with anything else, so its items tell; in any other the
    origin does, which melting keeps.
    """
    never_molten = rows[:, _POST_ELV] == rows[:, COUNT:].sum(axis=1)
    return np.asarray(np.where(never_molten, rows[:, SIX_PAIRS].sum(axis=1), rows[:, _FAMILY]))


@dataclass(slots=True, eq=False)
class Bale:
    """One lot in the yard, and what is believed of it."""

    lot: int
    grade: int
    owner: str
    """Region where it arose."""
    count: int
    """How many of its grade came before it."""
    came_s: int
    mass: int = 0
    """mg, with paint."""
    metal: int = 0
    """mg without."""
    family: int = 0
    """mg of metal that was of the 6000 series in a scrapped car."""
    mean: Floats | None = None
    """(METALS) mass fractions believed."""
    variance: Floats | None = None
    how: str = EXPECTED
    mixed: Doubt | None = None
    """Where it may be one thing or another."""

    def doubt(self) -> Doubt | None:
        """What it may be, with what is not in doubt beside; none before anybody looked into it."""
        if self.mixed is not None or self.mean is None or self.variance is None:
            return self.mixed
        return Doubt(1.0, np.array([self.mean, self.mean]), np.array([self.variance, self.variance]))


class Yard:
    """Piles of bales, one a grade, the first come in front.

    Lots are weighed and looked into together, in `read`: what they are truly made of is used to weigh them, to tell
    whoever keeps records, and for assays, and is not kept.

    Parameters
    ----------
    simulation, name
        The run, and the casthouse.
    grades
        Names along G.
    known, informant, melter
        What is known, by whom, and the place of the casthouse along M.
    stream
        Gives the casthouse's stream of draws for a purpose.
    places
        Names of regions where scrap may arise; a bale from anywhere else is told as coming from -1.
    """

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        grades: tuple[str, ...],
        known: KnowledgePlan,
        informant: Informant,
        melter: int,
        stream: Callable[[str], Stream],
        places: Sequence[str] = (),
    ) -> None:
        self.lots, self.clock, self.name, self.grades = simulation.lots, simulation.clock, name, grades
        self._region = {place: number for number, place in enumerate(places)}
        self.knowledge, self.informant = Knowledge(known, melter, grades), informant
        self.piles: list[deque[Bale]] = [deque() for _ in grades]
        self.new: list[Bale] = []
        self.unheard: list[Bale] = []
        """Bales of which no record was readable yet."""
        self._counts = [0] * len(grades)
        self._chance = [stream(f"sampled.{grade}") for grade in grades]
        self._error = [stream(f"assay.{grade}") for grade in grades]
        self._identity = [crc32(f"{name} {grade}".encode()) << 30 for grade in grades]

    def put(self, lot: int, grade: int, owner: str) -> None:
        """Lay a lot down; it is looked into with the next `read`."""
        self.new.append(Bale(lot, grade, owner, self._counts[grade], self.clock._now))
        self._counts[grade] += 1

    def put_known(self, lot: int, grade: int, owner: str, row: Whole) -> None:
        """Lay down a lot whose melt was analysed."""
        bale = Bale(lot, grade, owner, self._counts[grade], self.clock._now, how=ANALYSIS)
        self._counts[grade] += 1
        self._weigh([bale], row[None])
        self.piles[grade].append(replace(bale, mean=metals(row[None])[0] / bale.metal, variance=np.zeros(len(METALS))))

    def read(self, metal: MetalPlan) -> list[Bale]:
        """Look into what came since the last time, and ask again for records that were late.

        Returns bales in which there is no metal; they are not laid down.

        Raises
        ------
        InputError
            ``scrap_not_metal``, and what `Knowledge.expected` raises.
        """
        late = [bale for bale in self.unheard if bale.lot in self.lots.facility_of]
        self.unheard = []
        self._ask(metal, late)
        new, self.new = self.new, []
        if not new:
            return []
        rows = self.lots.rows([bale.lot for bale in new])
        self._weigh(new, rows)
        rows = rows[[bale.metal > 0 for bale in new]]
        held = [bale for bale in new if bale.metal > 0]
        if held:
            self._tell(held, metals(rows))
            self._believe(metal, held, metals(rows))
        for bale in held:
            self.piles[bale.grade].append(bale)
        return [bale for bale in new if not bale.metal]

    def _weigh(self, bales: Sequence[Bale], rows: Whole) -> None:
        if rows[:, _NOT_METAL].any():
            row, place = np.argwhere(rows[:, _NOT_METAL] > 0)[0]
            item, what = PAIRS[_NOT_METAL[place]]
            raise refuse("scrap_not_metal", self.name, found=f"{item}.{what}", lot=bales[row].lot)
        mass, bare, six = rows[:, :COUNT].sum(axis=1), metals(rows).sum(axis=1), family(rows)
        for bale, *weights in zip(bales, mass.tolist(), bare.tolist(), six.tolist(), strict=True):
            bale.mass, bale.metal, bale.family = weights

    def _tell(self, bales: Sequence[Bale], true: Whole) -> None:
        """Tell whoever keeps records what came."""
        names = ("lot", "time_s", "identity", "grade", "region")
        beside = [
            (one.lot, one.came_s, self._identity[one.grade] + one.count, one.grade, self._region.get(one.owner, -1))
            for one in bales
        ]
        told = dict(zip(names, np.array(beside, dtype=np.int64).T, strict=True))
        told.update({f"{element}_mg": true[:, place] for place, element in enumerate(METALS)})
        self.informant.tell({"lot": told})

    def _believe(self, metal: MetalPlan, bales: Sequence[Bale], true: Whole) -> None:
        """Form a belief of bales: expected of the grade, then records, then assays."""
        claims = [self.informant.ask(bale.lot, self.name, self.clock._now) for bale in bales]
        self._note(metal, bales, claims)
        for grade in sorted({bale.grade for bale in bales}):
            of = [(bale, row) for bale, row in zip(bales, true, strict=True) if bale.grade == grade]
            for place in self.knowledge.sampled(self._chance[grade], [bale.count for bale, _ in of]):
                bale, row = of[place]
                truth = row / row.sum()
                self._sample(metal, bale, claims[bales.index(bale)], truth)

    def _sample(self, metal: MetalPlan, bale: Bale, claims: Sequence[Claim], truth: Floats) -> None:
        mixture, _ = self.knowledge.believed(metal, np.array([bale.grade]), [claims], np.array([bale.mass / T]))
        reading, noise = self.knowledge.assay(self._error[bale.grade], bale.count, truth)
        after = mixture.after(reading[None], noise[None])
        mean, variance = after.moments()
        bale.mean, bale.variance, bale.how, bale.mixed = mean[0], variance[0], ASSAY, _doubt(after, 0)

    def _ask(self, metal: MetalPlan, bales: Sequence[Bale]) -> None:
        """Ask once more for records of bales that lie here without."""
        claims = [self.informant.ask(bale.lot, self.name, self.clock._now) for bale in bales]
        told = [(bale, claim) for bale, claim in zip(bales, claims, strict=True) if claim]
        self.unheard += [bale for bale, claim in zip(bales, claims, strict=True) if not claim]
        if told:
            self._note(metal, [bale for bale, _ in told], [claim for _, claim in told])

    def _note(self, metal: MetalPlan, bales: Sequence[Bale], claims: Sequence[Sequence[Claim]]) -> None:
        mixture, how = self.knowledge.believed(
            metal, np.array([bale.grade for bale in bales]), claims, np.array([bale.mass / T for bale in bales])
        )
        mean, variance = mixture.moments()
        for place, bale in enumerate(bales):
            bale.mean, bale.variance, bale.how = mean[place], variance[place], how[place]
            bale.mixed = _doubt(mixture, place)
        late = self.knowledge.known.records != "none" and self.informant.next_wake() is not None
        if late:
            self.unheard += [bale for bale, claim in zip(bales, claims, strict=True) if not claim]

    # what lies there

    def tonnes(self) -> float:
        """Return what lies here and was weighed, t."""
        return sum(bale.mass for pile in self.piles for bale in pile) / T

    def beliefs(self, grade: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Return of a pile metal t (bale), mean and variance (bale, METALS) and gross mass t (bale)."""
        pile = self.piles[grade]
        weights = np.array([(bale.metal, bale.mass) for bale in pile], dtype=np.float64).reshape(-1, 2) / T
        shape = (len(pile), len(METALS))
        mean = np.array([bale.mean for bale in pile]).reshape(shape)
        variance = np.array([bale.variance for bale in pile]).reshape(shape)
        return weights[:, 0], mean, variance, weights[:, 1]

    def too_much(self, limit_t: float, price: Floats) -> list[Bale]:
        """Take out what finds no room: of the cheapest grade first, the last come first."""
        over, out = self.tonnes() - limit_t, []
        for grade in np.argsort(price, kind="stable").tolist():
            pile = self.piles[grade]
            while pile and over > 0.0:
                out.append(pile.pop())
                over -= out[-1].mass / T
        return out

    def put_together(self, bales: Sequence[Bale], merge: Callable[[list[int], int, str], int]) -> int:
        """Make one bale of what is left of opened ones of each grade and region, and lay it in front.

        Returns how many lots there are less.
        """
        by_place: dict[tuple[int, str, bool], list[Bale]] = {}
        for bale in bales:
            by_place.setdefault((bale.grade, bale.owner, bale.how == ANALYSIS), []).append(bale)
        for (grade, owner, _), rest in by_place.items():
            first = rest[0]
            if len(rest) > 1:
                share = np.array([bale.metal for bale in rest], dtype=np.float64)
                share /= share.sum()
                first = replace(
                    first,
                    lot=merge([bale.lot for bale in rest], grade, owner),
                    mass=sum(bale.mass for bale in rest),
                    metal=sum(bale.metal for bale in rest),
                    family=sum(bale.family for bale in rest),
                    mean=share @ np.array([bale.mean for bale in rest]),
                    variance=share**2 @ np.array([bale.variance for bale in rest]),
                    how=_least_known(rest),
                    mixed=None,
                )
            self.piles[grade].appendleft(first)
        return len(bales) - len(by_place)


def _doubt(mixture: Mixture, place: int) -> Doubt | None:
    """What a bale may be, where it is not surely one of the two."""
    weight = float(mixture.weights[place, 0])
    return Doubt(weight, mixture.means[place], mixture.variances[place]) if 0.0 < weight < 1.0 else None


def _least_known(bales: Sequence[Bale]) -> str:
    """How the bale of which the least is known is known."""
    return min((bale.how for bale in bales), key=(EXPECTED, "record", ASSAY, ANALYSIS).index)
