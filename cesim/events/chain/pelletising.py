"""Pelletisers: plastics of scrapped cars are washed, filtered and made into pellets, which go to compounders."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.blending import lost_share, whole_weights
from cesim.events.chain.material import COLUMNS
from cesim.events.faults import refuse
from cesim.events.names import known
from cesim.events.station import Station

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.plan import Names
    from cesim.events.facility import Facility
    from cesim.events.haulage import Haulage
    from cesim.events.rules import Mark, Rule
    from cesim.events.simulation import Simulation

    Floats = NDArray[np.float64]

OF_CARS: Final = 4
"""Recyclates made of scrapped cars: the first of `Names.recyclates`."""

PLASTIC: Final = "plastic"
"""Kind of what comes in: grade is the recyclate to be made of it, owner the region."""
PELLET: Final = "pellet"
"""Kind of what is made: grade is the recyclate, owner the region where it arose."""
FLOWS: Final = {PLASTIC: ("{maker}", "pelletising.{grade}")}
"""`maker` follows from the grade (`maker`). Which flow a pellet is shows when it is used or sold (`compounding`)."""
LOSSES: Final = {(PELLET, "energy_recovery"): ("pelletising.{grade}", "energy_recovery")}
SINKS: Final = ("energy_recovery", "elsewhere")
SOURCES: Final = ()
_WHOLE: Final = 1e-9


def maker(grade: str) -> str:
    """Return the process that plastics for a recyclate come from: sorting of residue, or dismantling."""
    return "asr_sorting" if grade.startswith("asr-") else "dismantling"


class Pelletiser(Station):
    """The washing line of a region: plastics in, pellets out, what is washed off and filtered out is burnt.

    Loads go to the compounders in turn, so that each has its share of the count as nearly as whole loads allow: the
    next load goes where most is missing. `instant` divides every load by the shares instead.

    Parameters
    ----------
    simulation, name, place
        See `Facility`; the place is the region.
    names
        Of the chain.
    to
        The compounders in the order of `PlasticsPlan.compounders`; None for one outside, to which pellets leave by
        the sink `elsewhere`.
    haulage
        Whose trucks bring them there; without it they are there at once.
    seconds_a_load
        That a load takes.
    instant
        See `ChainPlan.instant`.

    Raises
    ------
    InputError
        What `Station` raises; ``name_unknown`` for a load of a grade that is not made of scrapped cars.
    """

    kind: ClassVar[str] = "pelletiser"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        place: str,
        names: Names,
        to: Sequence[Facility | None],
        haulage: Haulage | None = None,
        seconds_a_load: int = 0,
        instant: bool = False,
    ) -> None:
        super().__init__(simulation, name, place)
        self.grades = names.recyclates[:OF_CARS]
        self.to, self.haulage, self.seconds_a_load, self.instant = tuple(to), haulage, seconds_a_load, instant
        self._marks: dict[str, Mark] = {grade: self.lots.mark(PELLET, grade, place) for grade in self.grades}
        self._rules: dict[str, Rule] = {}
        self._route = np.zeros(len(self.to))
        self._sent = np.zeros((OF_CARS, len(self.to)))

    def begin_year(self, pellet_yield: Floats, route: Floats) -> None:
        """Work from now on by the coefficients of a year.

        Parameters
        ----------
        pellet_yield
            (2,) of `TreatmentPlan`: of dismantled parts, of residue.
        route
            (M,) share of this region's pellets that goes to each compounder.

        Raises
        ------
        InputError
            ``shares_not_one`` where these do not add up to one.
        """
        if not abs(route.sum() - 1.0) < _WHOLE:
            raise refuse("shares_not_one", self.name, found=float(route.sum()))
        made_of = [
            {"energy_recovery": dict.fromkeys(COLUMNS.substances, lost_share(1.0 - kept))} if kept < 1.0 else {}
            for kept in np.asarray(pellet_yield).tolist()
        ]
        for grade, mark in self._marks.items():
            self._rules[grade] = self.lots.reaction(mark, made_of[maker(grade) == "asr_sorting"])
        self._route = np.array(route, dtype=np.float64)
        self._sent[:] = 0.0

    def seconds(self, lot: int) -> int:
        """Return how long a load takes; all take the same."""
        del lot
        return self.seconds_a_load

    def done(self, lot: int) -> None:
        """Make pellets of a load and send them to the compounder whose turn it is."""
        grade = self.lots.mark_of[lot].grade
        number = known(grade, self.grades, self.name)
        pellets = self.lots.react(lot, self._rules[grade], self.code)
        if self.instant:
            chosen = np.flatnonzero(self._route)
            marks = [self._marks[grade]] * len(chosen)
            rule = self.lots.splitting(marks, whole_weights(self._route[chosen]).tolist())
            for part, site in zip(self.lots.split(pellets, rule, self.code), chosen.tolist(), strict=True):
                self._leave(part, self.to[site])
            return
        sent = self._sent[number]
        missing = self._route * (sent.sum() + 1.0) - sent
        site = int(missing.argmax())  # above zero somewhere, and never where the share is zero
        sent[site] += 1.0
        self._leave(pellets, self.to[site])

    def _leave(self, lot: int, to: Facility | None) -> None:
        if to is None:
            self.ship(lot, "elsewhere")
        elif self.haulage is None:
            self.send(lot, to)
        else:
            self.haulage.carry(lot, self, to)
