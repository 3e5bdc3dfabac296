"""What a chain has counted, taken at the end of every year: a run counts on from its beginning."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, cast

from cesim.events.chain.dismantling import PLENTY

if TYPE_CHECKING:
    from cesim.events.chain.build import Chain
    from cesim.events.facility import Facility
    from cesim.trace.platforms.network import Network

MONTHS: Final = 12
_NUMBERS: Final = ("done", "hurried", "seconds", "bales", "recorded")


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
    bales, recorded
        of a traced run: bales that came to casthouses, and those of which there was a record
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
    bales: int = 0
    recorded: int = 0

    def since(self, before: Counts) -> Counts:
        """Return what was counted after another time."""
        held = {name: getattr(self, name) - getattr(before, name) for name in _NUMBERS}
        for one in fields(self):
            if one.name not in held:
                held[one.name] = _less(getattr(self, one.name), getattr(before, one.name))
        return Counts(**held)


def _less(now: Counter[str], before: Counter[str]) -> Counter[str]:
    return Counter({name: count - before[name] for name, count in now.items()})


NOTHING: Final = Counts(Counter(), Counter(), 0, 0, Counter(), Counter(), 0, Counter(), Counter(), Counter())


class Counting:
    """Takes counts of a chain at the end of each of its years; called when a month is done.

    Parameters
    ----------
    hears
        Whether its casthouses ask a network of platforms.
    """

    def __init__(self, chain: Chain, hears: bool = False) -> None:
        self._chain, self._hears, self._months = chain, hears, 0
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
            came, away, seconds, waiting, busy, Counter(self._could), *self._bales(),
        )  # fmt: skip

    def _bales(self) -> tuple[int, int]:
        """Bales of which the network was asked, and those of which it had a record."""
        if not self._hears:
            return 0, 0
        covered = cast("Network", self._chain.informant).decisions()["covered"]
        return len(covered), int(covered.sum())


def _is_limited(facility: Facility) -> bool:
    """Say whether its servers are those of works with a limit, not the many that stand for any number."""
    return 0 < facility.servers < PLENTY
