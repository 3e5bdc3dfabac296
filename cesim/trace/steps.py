"""The steps of the chain that are worth a record, from the first supply to the last disposal."""

from __future__ import annotations

from typing import Final

STEPS: Final = (
    "supply",
    "take_back",
    "dismantling",
    "shredding",
    "sorting",
    "baling",
    "analysis",
    "packing",
    "shipping",
    "receiving",
    "melting",
    "rolling",
    "pressing",
    "installing",
    "pelletising",
    "compounding",
    "moulding",
    "scrap_return",
    "disposal",
    "correction",
    "transfer",
)
"""What an entry is about. `supply` is the first that is heard of a lot not made of lots, such as primary metal;
`scrap_return` is new scrap that changes its origin class; `transfer` changes the owner and moves nothing."""
HANDOVERS: Final = (STEPS.index("shipping"), STEPS.index("receiving"))
"""Steps that neither make nor end lots: both sides weigh what goes from one to the other."""
ROLES: Final = (
    "take_back",
    "dismantler",
    "shredder",
    "elsewhere",
    "scrap_trader",
    "metal_supplier",
    "casthouse",
    "press_shop",
    "pelletiser",
    "polymer_supplier",
    "recyclate_supplier",
    "compounder",
)
"""What an actor is in the chain; `shredder` has sorting lines beside it, `elsewhere` are the works of other regions."""
