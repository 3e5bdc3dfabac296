"""The processes of the flow tables: which hold a stock, which are ends of the system, which change an origin class."""

from __future__ import annotations

SOURCES = frozenset(
    {
        "overseas_assembly", "material_supply", "paint_supply", "primary_supply", "alloying_supply",
        "other_scrap_supply", "virgin_supply", "filler_supply", "x_to_car_supply", "chemical_recycling_supply",
        "bio_supply",
    }
)  # fmt: skip
"""Where mass enters the system."""

SINKS = frozenset(
    {
        "new_car_export", "used_car_export", "other_exit", "part_reuse", "ferrous_recycling", "copper_recycling",
        "other_recycling", "energy_recovery", "landfill", "coating_burnt", "dross", "scrap_export", "recyclate_export",
    }
)  # fmt: skip
"""Where mass leaves it."""

STOCKS = frozenset({"in_use", "scrap_yard.new-mixed"})
"""Processes whose level at the end of a year is written."""

RECLASSIFIED = {"take_back": "post_elv", "new_scrap": "pre_auto"}
"""The only two processes that change an origin class, and what everything becomes there."""


def kind(process: str) -> str:
    """The process without its grade or product: `melting.6016` is a `melting`."""
    return process.split(".", 1)[0]
