"""The account of what a projection loses: a format that has no word for something must not lose it in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lost:
    """What does not arrive, counted.

    Attributes
    ----------
    left_out
        What is not written, by the reason.
    folded
        What is written together with others, so that it can no longer be told apart.
    filled
        Fields that the format demands and of which the ledger knows nothing; they hold a word that says so, or the
        least that the format takes.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    folded: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)

    def as_data(self) -> dict[str, dict[str, int]]:
        """Return the account as plain data, for JSON."""
        return {name: dict(sorted(getattr(self, name).items())) for name in ("left_out", "folded", "filled")}
