"""Who pays whom for which flow: the trades between the actors, and the price each is settled at.

A trade names two processes (a pattern may stand for the grade or product behind the dot), who pays, who receives and
the dotted path of the price in the scenario, JPY per kg, in which ``{sold}`` stands for what is behind the dot of the
first process and ``{made}`` for the word behind the first dot of the second. Flows between actors for which the
scenario has no price stand in `UNPRICED`, so that nobody takes them for free; the others stay with one actor.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cesim.scenario.plan import Actor


@dataclass(frozen=True)
class Trade:
    """A flow that is paid for."""

    item: str
    process_from: str
    process_to: str
    payer: Actor
    receiver: Actor
    price: str
    by_element: bool = False
    """Whether each element has a price of its own, ``{element}`` in the path."""

    def covers(self, process_from: str, process_to: str) -> bool:
        """Whether it is this flow that is paid for."""
        return fnmatchcase(process_from, self.process_from) and fnmatchcase(process_to, self.process_to)

    def price_path(self, process_from: str, process_to: str, element: str = "") -> str:
        """The path of the price of one flow."""
        made = process_to.split(".")[1] if "." in process_to else ""
        return self.price.format(sold=process_from.partition(".")[2], made=made, element=element)


_GRADE, _RECYCLATE = "remelting.price.{sold}", "compounding.recyclates.{sold}.price"
_UNSORTED, _PART = "remelting.price.shred-mixed", "dismantling.price"
_SELLERS: Final[tuple[tuple[str, Actor], ...]] = (
    ("part-*", "dismantlers"), ("wheels", "dismantlers"), ("shred-mixed", "shredders"), ("shred-wrought", "sorters"),
    ("shred-cast", "sorters"), ("sorted-*", "sorters"), ("new-mixed", "parts"),
)  # fmt: skip
"""Who sells scrap of a grade: what a sorting line has touched belongs to the sorters."""


def _scrap() -> tuple[Trade, ...]:
    """Scrap is paid when it leaves the yard, by grade delivered: by the works that melts it or by a buyer abroad."""
    sold = [Trade("scrap", f"scrap_yard.{grade}", "melt_down.*", "metal", who, _GRADE) for grade, who in _SELLERS]
    abroad = [
        Trade("scrap_export", f"scrap_yard.{grade}", "scrap_export", "others", who, _GRADE) for grade, who in _SELLERS
    ]
    return (*sold, *abroad)


TRADES: Final[tuple[Trade, ...]] = (
    *_scrap(),
    # a closed loop has no price in the scenario: press scrap kept apart is settled like press scrap that is not
    Trade("scrap", "new_scrap", "melt_down.new-*", "metal", "parts", "remelting.price.new-mixed"),
    *(
        Trade("to_sorting", "alloy_sorting", f"scrap_yard.{grade}", "sorters", "shredders", _UNSORTED)
        for grade in ("sorted-*", "shred-wrought", "shred-cast")
    ),
    Trade("scrap_bought", "other_scrap_supply", "melt_down.*", "metal", "others", "remelting.price.{made}"),
    Trade("primary", "primary_supply", "melting.*", "metal", "others", "remelting.primary_price"),
    Trade("additions", "alloying_supply", "melting.*", "metal", "others", "remelting.addition_price.{element}", True),
    *(
        Trade("parts_sold", "dismantling", f"pelletising.part-{name}", "sorters", "dismantlers", f"{_PART}.{name}")
        for name in ("pp", "pe")
    ),
    Trade("incentive", "dismantling", "pelletising.part-*", "owners", "dismantlers", "dismantling.incentive"),
    *(
        Trade("parts_sold", "dismantling", sink, "others", "dismantlers", f"{_PART}.{sink}")
        for sink in ("ferrous_recycling", "copper_recycling", "other_recycling", "energy_recovery")
    ),
    *(
        Trade("steel_and_copper", "shredding", sink, "others", "shredders", f"{_PART}.{sink}")
        for sink in ("ferrous_recycling", "copper_recycling")
    ),
    Trade("recyclate", "recyclate.*", "compounding.*", "resin", "sorters", _RECYCLATE),
    Trade("recyclate", "pelletising.*", "recyclate_export", "others", "sorters", _RECYCLATE),
    Trade("x_to_car", "x_to_car_supply.*", "compounding.*", "resin", "others", _RECYCLATE),
    *(
        Trade("x_to_car", source, "compounding.*", "resin", "others", f"compounding.recyclates.{name}.price")
        for source, name in (("chemical_recycling_supply", "chemical-pp"), ("bio_supply", "bio-pp"))
    ),
    Trade("virgin", "virgin_supply", "compounding.*", "resin", "others", "compounding.virgin_price"),
)  # fmt: skip
"""What is paid for. Two trades may settle one flow: the part that is sold and the incentive for it."""

UNPRICED: Final[tuple[tuple[str, str], ...]] = (
    ("take_back", "dismantling"), ("dismantling", "shredding"), ("dismantling", "part_reuse"),
    ("shredding", "asr_treatment"), ("asr_*", "energy_recovery"), ("asr_*", "landfill"), ("asr_*", "other_recycling"),
    ("asr_treatment", "asr_sorting"), ("pelletising.*", "energy_recovery"), ("compounding.*", "energy_recovery"),
    ("melting.*", "part_making.*"), ("compounding.*", "part_making.*"), ("part_making.*", "assembly"),
    ("filler_supply", "compounding.*"), ("material_supply", "assembly"), ("paint_supply", "assembly"),
    ("assembly", "new_car_market"), ("overseas_assembly", "new_car_market"), ("new_car_market", "*"),
    ("in_use", "*"), ("used_car_market", "in_use"),
)  # fmt: skip
"""Flows that pass from one actor to another, or out of the chain, at a price the scenario does not know."""

WITHIN: Final[tuple[tuple[str, str], ...]] = (
    ("shredding", "alloy_sorting"), ("alloy_sorting", "scrap_yard.shred-mixed"), ("dismantling", "scrap_yard.*"),
    ("new_scrap", "scrap_yard.new-mixed"), ("part_making.*", "new_scrap"), ("melt_down.*", "melting.*"),
    ("asr_sorting", "pelletising.*"), ("pelletising.*", "recyclate.*"), ("*", "dross"), ("*", "coating_burnt"),
)  # fmt: skip
"""Flows inside one actor, losses, and flows into a yard: what is in it is paid for when it is sold."""


def trades_of(process_from: str, process_to: str) -> tuple[Trade, ...]:
    """Return the trades that settle a flow."""
    return tuple(trade for trade in TRADES if trade.covers(process_from, process_to))


def is_unpriced(process_from: str, process_to: str) -> bool:
    """Whether a flow changes hands at a price nobody has told."""
    return any(fnmatchcase(process_from, one) and fnmatchcase(process_to, other) for one, other in UNPRICED)
