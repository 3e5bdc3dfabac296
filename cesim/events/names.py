"""Names with numbers: places, facilities, sinks and sources are written in the ledger by their number."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from cesim.events.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence


def known(name: str, names: Sequence[str], where: str) -> int:
    """Return where a name stands among those allowed.

    Raises
    ------
    InputError
        ``name_unknown``, with the nearest name.
    """
    if name not in names:
        close = get_close_matches(name, names, n=1)
        raise refuse("name_unknown", where, found=name, allowed=tuple(names), nearest=close[0] if close else None)
    return names.index(name)


class Names:
    """A list of names of one kind, each with its number: the first named is number 0."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.names: list[str] = []
        self.count = 0
        self._codes: dict[str, int] = {}

    def new(self, name: str) -> int:
        """Enter a name and return its number; ``name_twice`` where it is taken."""
        if name in self._codes:
            raise refuse("name_twice", self.kind, found=name)
        return self.entered(name)

    def entered(self, name: str) -> int:
        """Return the number of a name, which is entered if it is new."""
        code = self._codes.setdefault(name, len(self.names))
        if code == len(self.names):
            self.names.append(name)
            self.count += 1
        return code

    def code(self, name: str) -> int:
        """Return the number of a name that was entered; ``name_unknown`` otherwise."""
        code = self._codes.get(name)
        return known(name, self.names, self.kind) if code is None else code

    def __len__(self) -> int:
        return self.count
