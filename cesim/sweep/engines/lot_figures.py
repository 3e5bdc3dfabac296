"""What a sweep keeps of a run lot by lot: one number a year for the regions in focus together.

This is the one place where these figures are named; their words are in the catalogue, under ``sweep.lots``. Their names
begin with ``lots_``, so that both engines can stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from cesim.events.chain import outcome as metal
from cesim.indicators import INDICATORS
from cesim.run.lot_outcome import RETURNED, SHARED
from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.sweep.engines.lot_counts import Counts
    from cesim.text import Language

PREFIX: Final = "lots_"
LOST: Final = (
    metal.OTHER_ALLOY, metal.YARD_ROOM, metal.MELTING, metal.APPROVAL, metal.SPEC, metal.DOWNGRADED, metal.OFF_SPEC,
)  # fmt: skip
"""Where 6000-series metal of scrapped cars goes at works, but for finished parts of the 6000 series."""
BUSY: Final = ("dismantling", "shredding", "alloy_sorting", "asr_treatment", "furnaces")
"""Kinds of works whose use is kept."""
QUEUES: Final = ("dismantling", "shredding", "furnaces")
"""Kinds of works whose queues are kept."""
_MG: Final = 1e9
_KG: Final = 1e3
"""Milligrams and kilograms in a tonne."""


@dataclass(frozen=True)
class LotFigure:
    """One of them.

    Attributes
    ----------
    id
        as tables show it
    unit
        ``share``, ``t``, ``t CO2``, ``vehicles``, ``heats``, ``lots``, ``km``, ``JPY``; only a share may be of nothing
    better
        which way
    """

    id: str
    unit: str
    better: Literal["up", "down", ""] = ""

    @property
    def shared(self) -> str:
        """The indicator of the balance that says the same; empty where none does."""
        name = self.id.removeprefix(PREFIX)
        return name if name in SHARED else ""

    def name(self, lang: Language) -> str:
        """What it is called."""
        if self.shared:
            held = INDICATORS[self.shared]
            return say("sweep.lots.shared_name", lang, name=held.name_ja if lang == "ja" else held.name_en)
        return say(f"sweep.lots.name.{self.id}", lang)

    def meaning(self, lang: Language) -> str:
        """What it is, in a sentence."""
        return say("sweep.lots.shared_meaning" if self.shared else f"sweep.lots.meaning.{self.id}", lang)


def _figures() -> dict[str, LotFigure]:
    rows = (
        *((f"lots_{name}", INDICATORS[name].unit, INDICATORS[name].better) for name in SHARED),
        ("lots_returned_6xxx", "t", "up"),
        ("lots_returned_6xxx_by_balance", "t", "up"),
        ("lots_return_rate_6xxx", "share", "up"),
        *((f"lots_lost_{where}", "t", "down") for where in LOST),
        ("lots_heats", "heats", ""),
        ("lots_heats_corrected", "share", "down"),
        ("lots_heats_missed", "share", "down"),
        ("lots_cars_hurried", "share", "down"),
        ("lots_alloy_sorting_turned_away", "share", "down"),
        ("lots_asr_treatment_turned_away", "share", "down"),
        *((f"lots_{kind}_use", "share", "") for kind in BUSY),
        *((f"lots_{kind}_queue", "lots", "down") for kind in QUEUES),
        ("lots_truck_km", "km", "down"),
        ("lots_truck_cost", "JPY", "down"),
        ("lots_truck_co2", "t CO2", "down"),
        ("lots_bales_recorded", "share", "up"),
    )
    return {name: LotFigure(name, unit, better) for name, unit, better in rows}


LOT_FIGURES: Final[Mapping[str, LotFigure]] = _figures()


class LotYear(NamedTuple):
    """A year of a run.

    Attributes
    ----------
    lots, balance
        the indicators that both engines share, by name, those of nothing left out
    counts
        of the year
    trucks
        see `cesim.run.lot_outcome.transport_of`
    """

    lots: Mapping[str, float]
    balance: Mapping[str, float]
    counts: Counts
    trucks: Mapping[str, float]


def figures_of(year: LotYear) -> dict[str, float | None]:
    """Return all figures of a year by name; None for a share of nothing."""
    counts = year.counts
    heats = sum(counts.heats.values())
    missed = counts.heats[metal.DOWNGRADED] + counts.heats[metal.OFF_SPEC]
    returned = counts.family[metal.FINISHED] / _MG
    told: dict[str, Any] = {
        **{f"lots_{name}": year.lots.get(name) for name in SHARED},
        "lots_returned_6xxx": returned,
        "lots_returned_6xxx_by_balance": year.balance[RETURNED],
        "lots_return_rate_6xxx": _share(returned, year.lots["elv_6xxx"]),
        **{f"lots_lost_{where}": counts.family[where] / _MG for where in LOST},
        "lots_heats": heats,
        "lots_heats_corrected": _share(counts.heats[metal.CORRECTED], heats),
        "lots_heats_missed": _share(missed, heats),
        "lots_cars_hurried": _share(counts.hurried, counts.done),
        **{
            f"lots_{line}_turned_away": _share(counts.away[line], counts.came[line])
            for line in ("alloy_sorting", "asr_treatment")
        },
        **{
            f"lots_{kind}_use": _share(counts.busy[kind], counts.could[kind]) if counts.busy[kind] else None
            for kind in BUSY
        },
        **{f"lots_{kind}_queue": counts.waiting[kind] / counts.seconds for kind in QUEUES},
        "lots_truck_km": year.trucks["km"],
        "lots_truck_cost": year.trucks["cost_jpy"],
        "lots_truck_co2": year.trucks["co2_kg"] / _KG,
        "lots_bales_recorded": _share(counts.recorded, counts.bales),
    }
    return {name: told[name] for name in LOT_FIGURES}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
