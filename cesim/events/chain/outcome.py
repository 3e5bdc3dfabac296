"""What became of the metal: heats by outcome, and where the 6000-series metal of scrapped cars went."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

GOOD, CORRECTED, DOWNGRADED, OFF_SPEC = "good", "corrected", "downgraded", "off_spec"
"""Outcomes of a heat after its melt was analysed."""
FINISHED, OTHER_ALLOY, YARD_ROOM, MELTING, APPROVAL, SPEC = (
    "finished", "other_alloy", "yard_room", "melting", "approval", "spec",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClearingRow:
    """One clearing at one casthouse."""

    time_s: int
    casthouse: str
    wanted_mg: int
    """Liquid metal charged."""
    scrap_mg: int
    """Recovered from scrap of the yard in it."""
    bought_mg: int
    returned_mg: int
    cut_mg: int
    """Would have been charged, had it been possible to melt it down."""
    heats: int


@dataclass
class MetalOutcome:
    """Counts of the whole run so far.

    Attributes
    ----------
    heats
        Number of heats with scrap by alloy and outcome; those that are primary alone are not analysed.
    family_mg
        Metal that was of the 6000 series in a scrapped car by where it went: `finished` parts of the 6000 series (the
        numerator of H1), `other_alloy` (semis of any other), `downgraded` and `off_spec` heats, and exported as scrap
        for want of `yard_room`, of `melting` capacity, of `approval`, or because it fitted no `spec`.
    late_mg
        Finished metal whose heat was tapped after the interval it was charged for.
    """

    heats: Counter[tuple[str, str]] = field(default_factory=Counter)
    family_mg: Counter[str] = field(default_factory=Counter)
    late_mg: int = 0
    clearings: list[ClearingRow] = field(default_factory=list)

    def by_outcome(self) -> dict[str, int]:
        """Return the number of heats by outcome."""
        found: Counter[str] = Counter()
        for (_, outcome), count in self.heats.items():
            found[outcome] += count
        return dict(found)

    def __add__(self, other: MetalOutcome) -> MetalOutcome:
        """Return both together."""
        return MetalOutcome(
            self.heats + other.heats,
            self.family_mg + other.family_mg,
            self.late_mg + other.late_mg,
            sorted([*self.clearings, *other.clearings], key=lambda row: (row.time_s, row.casthouse)),
        )
