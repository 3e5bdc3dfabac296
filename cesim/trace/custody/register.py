"""The register of credits: every credit is entered once, in one scheme, and retired once.

Schemes that share a register cannot count the same matter twice, whether in two schemes, two periods or under two laws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.trace.custody.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Hashable
    from fractions import Fraction


@dataclass(slots=True)
class _Entry:
    scheme: str
    left: Fraction


class Register:
    """Who holds the credits of which document; a weighing slip can be handed in once."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, _Entry] = {}

    def enter(self, document: Hashable, amount: Fraction, scheme: str) -> None:
        """Enter the credits of a document.

        Raises
        ------
        InputError
            ``credit_entered_twice`` where the document is there already, whatever the scheme.
        """
        before = self._entries.get(document)
        if before is not None:
            raise refuse("credit_entered_twice", str(document), found=scheme, before=before.scheme)
        self._entries[document] = _Entry(scheme, amount)

    def retire(self, document: Hashable, amount: Fraction, scheme: str) -> None:
        """Take credits of a document out of the world for good.

        Raises
        ------
        InputError
            ``credit_unknown`` for a document nobody entered, ``credit_of_other_scheme``, and ``credit_retired_twice``
            where less is left of it.
        """
        entry = self._entries.get(document)
        if entry is None:
            raise refuse("credit_unknown", str(document), found=str(document))
        if entry.scheme != scheme:
            raise refuse("credit_of_other_scheme", str(document), found=scheme, before=entry.scheme)
        if amount > entry.left:
            raise refuse("credit_retired_twice", str(document), found=float(amount), left=float(entry.left))
        entry.left -= amount

    def left(self, document: Hashable) -> Fraction:
        """Return what is left of the credits of a document, mg."""
        entry = self._entries.get(document)
        if entry is None:
            raise refuse("credit_unknown", str(document), found=str(document))
        return entry.left
