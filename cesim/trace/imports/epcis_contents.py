"""What lies in what: a package that is shipped is its contents, and each lot keeps its own identity in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.trace.imports.said import UNTOLD_MG, Portion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Contents:
    """Packages and their contents, as events fill and empty them.

    Parameters
    ----------
    lots
        What was made as a lot; a thing with contents that is none is nothing but its contents.
    """

    def __init__(self, lots: frozenset[str]) -> None:
        self._lots = lots
        self._in: dict[str, dict[str, int]] = {}

    def put(self, parent: str, children: Sequence[Portion]) -> bool:
        """Put things into a package; false where it would lie in itself."""
        if any(parent in self._all(child.lot) for child in children):
            return False
        held = self._in.setdefault(parent, {})
        for lot, mass in children:
            before = held.get(lot, 0)
            held[lot] = UNTOLD_MG if UNTOLD_MG in (mass, before) else before + mass
        return True

    def take(self, parent: str, children: Iterable[Portion]) -> None:
        """Take things out; all of them where none is named."""
        held = self._in.get(parent, {})
        for lot in [child.lot for child in children] or list(held):
            held.pop(lot, None)
        if not held:
            self._in.pop(parent, None)

    def opened(self, portions: Iterable[Portion]) -> list[Portion]:
        """Return lots with packages replaced by what lies in them; one that was made as a lot stays beside it."""
        found: list[Portion] = []
        for portion in portions:
            held = self._in.get(portion.lot)
            if held is None:
                found.append(portion)
                continue
            if portion.lot in self._lots:
                found.append(portion)
            found += self.opened(Portion(lot, mass) for lot, mass in held.items())
        return found

    def _all(self, thing: str) -> set[str]:
        found, waiting = {thing}, [thing]
        while waiting:
            for lot in self._in.get(waiting.pop(), ()):
                if lot not in found:
                    found.add(lot)
                    waiting.append(lot)
        return found
