"""Engine B: every lot through real facilities, in whole milligrams."""

from cesim.events.clock import DAY, Clock
from cesim.events.columns import Columns
from cesim.events.facility import Facility, Statistics
from cesim.events.furnace import Furnace
from cesim.events.haulage import Haulage
from cesim.events.laws import laws
from cesim.events.lots import Lot, Lots
from cesim.events.simulation import Simulation, resume
from cesim.events.station import Station
from cesim.events.timetable import Outages, Shifts, exponential
from cesim.events.trial import Trial
from cesim.events.waiting import Waiting

__all__ = [
    "DAY",
    "Clock",
    "Columns",
    "Facility",
    "Furnace",
    "Haulage",
    "Lot",
    "Lots",
    "Outages",
    "Shifts",
    "Simulation",
    "Station",
    "Statistics",
    "Trial",
    "Waiting",
    "exponential",
    "laws",
    "resume",
]
