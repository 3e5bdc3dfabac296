"""Origin classes of the ledgers: those of the flow tables, and new scrap of the own product apart."""

from __future__ import annotations

from typing import Final

from cesim.ledger.substances import ORIGINS

OWN_SCRAP: Final = "pre_own"
"""Pre-consumer scrap of cars that returns to the product it came from; a part of `pre_auto` in the flow tables. Whether
it counts hangs on how wide "the same process" is taken."""
CLASSES: Final = (*ORIGINS, OWN_SCRAP)
