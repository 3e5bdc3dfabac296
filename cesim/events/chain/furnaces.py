"""The furnaces of a casthouse: heats are melted down one after the other, and tapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from cesim.events.clock import DAY
from cesim.events.station import Station

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.events.facility import Facility
    from cesim.events.simulation import Simulation

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_ALL: Final = 1_000_000
"""Servers where nothing limits melting-down."""


@dataclass(slots=True)
class Charged:
    """A heat on its way: what is known of it when it was put together."""

    alloy: int
    row: Whole
    """What it becomes when molten, mg (column)."""
    scrap_mg: int
    """Gross mass of scrap to be melted down for it."""
    due_s: int
    finished_mg: int
    """Metal in finished parts that it was charged for."""
    family_mg: int
    """Metal of the 6000 series from scrapped cars, but for what was in heats downgraded before."""
    outcome: str = ""
    """See `cesim.events.chain.outcome`; empty where its melt is not analysed."""
    mending: tuple[float, Floats] | None = None
    """mg of primary, and additions (METALS), by which it is corrected."""


class Taps(Protocol):
    """Who does with a heat what is to be done when it is tapped."""

    def tapped(self, lot: int, heat: Charged) -> None:
        """Take a heat over."""
        ...


class Furnaces(Station):
    """Furnaces that melt so much scrap down in a day; heats wait for them in the order of charging.

    Where nothing limits them each heat takes the time of holding. Outages (`cesim.events.Outages`) may stop them.

    Parameters
    ----------
    simulation, name, place
        See `Station`.
    t_per_day
        Scrap that can be melted down; none: any amount.
    hold_s
        Seconds a heat takes where nothing limits.
    """

    kind: ClassVar[str] = "furnaces"
    tapping: Taps
    """Who pours; it enters itself."""

    def __init__(self, simulation: Simulation, name: str, place: str, t_per_day: float | None, hold_s: int) -> None:
        super().__init__(simulation, name, place, servers=_ALL if t_per_day is None else 1)
        self.t_per_day, self.hold_s = t_per_day, hold_s
        self.heats: dict[int, Charged] = {}

    def take(self, lot: int, heat: Charged, origin: Facility) -> None:
        """Take in a heat that was put together."""
        self.heats[lot] = heat
        origin.send(lot, self)

    def seconds(self, lot: int) -> int:
        """Scrap of the heat by the rate of melting-down."""
        if not self.t_per_day:
            return self.hold_s
        return round(self.heats[lot].scrap_mg / (self.t_per_day * 1e9) * DAY)

    def done(self, lot: int) -> None:
        """Tap."""
        self.tapping.tapped(lot, self.heats.pop(lot))

    def waiting_t(self) -> float:
        """Return the scrap that is still to be melted down for heats taken in, t."""
        if not self.t_per_day:
            return 0.0
        now, left = self.clock._now, 0.0
        for lot, heat in self.heats.items():
            seconds = self._ends[lot] - now if lot in self._ends else self._left_over.get(lot)
            left += heat.scrap_mg / 1e9 if seconds is None else seconds * self.t_per_day / DAY
        return left
