"""What a chain has counted, taken at the end of every year: a run counts on from its beginning."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from cesim.events.chain.dismantling import PLENTY

if TYPE_CHECKING:
    from cesim.events.chain.build import Chain
    from cesim.events.facility import Facility

MONTHS: Final = 12


@dataclass(frozen=True)
class Counts:
    """Counts of a year, or of all since the beginning.

    Attributes
    ----------
    family
        6000-series metal of scrapped cars by where it went, mg
    heats
        heats with scrap by outcome
    done, hurried
        cars dismantled, and those on which parts stayed for want of labour
    came, away
        kind of sorting line -> lots that came, and lots meant for the line that found no room
    seconds
        of a facility, once
    waiting
        kind of works -> lots waiting times seconds
    busy, could
        kind of works with a limit -> servers held times seconds, and servers times seconds
    """

    family: Counter[str]
    heats: Counter[str]
    done: int
    hurried: int
    came: Counter[str]
    away: Counter[str]
    seconds: int
    waiting: Counter[str]
    busy: Counter[str]
    could: Counter[str]

    def since(self, before: Counts) -> Counts:
        """Return what was counted after another time."""
        held = {name: getattr(self, name) - getattr(before, name) for name in ("done", "hurried", "seconds")}
        for one in fields(self):
            if one.name not in held:
                held[one.name] = _less(getattr(self, one.name), getattr(before, one.name))
        return Counts(**held)


def _less(now: Counter[str], before: Counter[str]) -> Counter[str]:
    return Counter({name: count - before[name] for name, count in now.items()})


NOTHING: Final = Counts(Counter(), Counter(), 0, 0, Counter(), Counter(), 0, Counter(), Counter(), Counter())


class Counting:
    """Takes counts of a chain at the end of each of its years; called when a month is done."""

    def __init__(self, chain: Chain) -> None:
        self._chain, self._months = chain, 0
        self._before, self._could = NOTHING, Counter[str]()
        self.years: list[Counts] = []

    def __call__(self) -> None:
        """Note that a month is done; the twelfth is the end of a year."""
        self._months += 1
        if self._months % MONTHS:
            return
        now = self._counts()
        self.years.append(now.since(self._before))
        self._before = now

    def _counts(self) -> Counts:
        """All since the beginning."""
        chain = self._chain
        metal = chain.metal()
        lines = (*chain.sorters.values(), *chain.residues.values())
        came, away, waiting, busy = (Counter[str]() for _ in range(4))
        for line in lines:
            came[line.kind] += line.came
            away[line.kind] += line.turned_away
        seconds = 0
        for facility in chain.simulation.facilities:
            seen = facility.statistics()
            seconds = seen.seconds
            waiting[facility.kind] += seen.waiting_area
            if _is_limited(facility):
                busy[facility.kind] += seen.busy_area
                self._could[facility.kind] += facility.servers * (seconds - self._before.seconds)
        return Counts(
            Counter(metal.family_mg),
            Counter(metal.by_outcome()),
            sum(site.dismantler.cars for site in chain.sites),
            sum(site.dismantler.hurried for site in chain.sites),
            came, away, seconds, waiting, busy, Counter(self._could),
        )  # fmt: skip


def _is_limited(facility: Facility) -> bool:
    """Say whether its servers are those of works with a limit, not the many that stand for any number."""
    return 0 < facility.servers < PLENTY
