"""The words of a report in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.text import say

if TYPE_CHECKING:
    from cesim.text import Language


@dataclass(frozen=True)
class Words:
    """Looks words up under `report.` in one language; a word that is missing raises."""

    lang: Language

    def __call__(self, key: str, **arguments: object) -> str:
        """Return the text of `report.<key>` with its arguments filled in."""
        return say(f"report.{key}", self.lang, **arguments)
