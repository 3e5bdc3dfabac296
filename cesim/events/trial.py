"""A bench on which one facility is tried alone: give it lots, run, look at what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cesim.events.facility import Facility
from cesim.events.laws import laws
from cesim.events.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.events.columns import Columns
    from cesim.ledger.certificate import Certificate


class Bay(Facility):
    """A bay at which lots arrive from outside, or in which what a facility sends is caught."""

    kind: ClassVar[str] = "bay"

    def __init__(self, simulation: Simulation, name: str) -> None:
        super().__init__(simulation, name)
        self.caught: list[tuple[int, int]] = []
        """Second and lot of everything that came."""

    def receive(self, lot: int) -> None:
        """Catch a lot."""
        self._tally()
        self.inside += 1
        self.came += 1
        self._came_sum += self.clock._now
        self.caught.append((self.clock._now, lot))


class Trial(Simulation):
    """The bench: a run with one bay from which lots are given, and bays for what comes out.

    Build the facility on it as on any run, `give` it lots, `try_for` some seconds.

    Parameters
    ----------
    columns
        Of the compositions.
    sinks
        That the facility uses.
    seed
        Of the draws.
    """

    def __init__(self, columns: Columns | None = None, sinks: tuple[str, ...] = (), seed: int = 0) -> None:
        super().__init__(draws=seed, columns=columns, every=1)
        self.gate = Bay(self, "gate")
        self.lots.accounts.source("given")
        for sink in sinks:
            self.lots.accounts.sink(sink)

    def bay(self, name: str) -> Bay:
        """Return a new bay in which lots can be caught."""
        return Bay(self, name)

    def give(
        self,
        to: Facility,
        at_s: int,
        substances: Mapping[str, int],
        kind: str = "lot",
        grade: str = "",
        origin: str | None = None,
    ) -> None:
        """Bring a lot of a composition in mg to a facility at a second."""
        row = self.columns.row(substances, origin or self.columns.origins[0])
        self.clock.call_at(at_s, self._arrive, (to, row, self.lots.mark(kind, grade)))

    def _arrive(self, given: tuple[Facility, object, object]) -> None:
        to, row, mark = given
        lot = self.lots.create(row, mark, "given", self.gate.code)  # type: ignore[arg-type]
        self.gate.send(lot, to)

    def try_for(self, seconds: int) -> Certificate:
        """Run, and return the proof that mass and queues were kept."""
        self.run([self.clock._now + seconds])
        return laws(self)
