"""The account of what a projection loses: a format that has no word for something must not lose it in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

CODES: Final = (
    "inside",
    "not_a_process",
    "role_unknown",
    "mass_untold",
    "one_side",
    "shares_not_given",
    "origin_withheld",
    "lots_inside",
    "cars",
    "no_standard",
    "lots_of_nobody",
    "made_inside",
    "inputs_of_nobody",
    "made_of_themselves",
    "handovers_to_nobody",
    "handovers_of_nobody",
    "times_and_masses",
    "losses",
    "origins",
    "children",
    "footprints",
    "lots",
    "handovers",
    "names_cut",
    "origins_unworded",
    "origins_untold",
)
"""What can be left out or folded; the words are ``lost.CODE`` of the catalogue."""


@dataclass(frozen=True)
class Lost:
    """What does not arrive, counted.

    Attributes
    ----------
    left_out
        What is not written, by the code of the reason, see `CODES`.
    folded
        What is written together with others, so that it can no longer be told apart, by its code.
    filled
        Fields that the format demands and of which the ledger knows nothing; they hold a word that says so, or the
        least that the format takes.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    folded: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)

    def as_data(self) -> dict[str, dict[str, int]]:
        """Return the account as plain data, for JSON; what did not happen is not in it."""
        columns = {"left_out": self.left_out, "folded": self.folded, "filled": self.filled}
        return {name: {key: column[key] for key in sorted(column) if column[key]} for name, column in columns.items()}
