"""A tree that grows cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault
from cesim.scenario.tree import Branch, Entry, Tree, branch

if TYPE_CHECKING:
    from cesim.errors import Place
    from cesim.scenario.fields import Loc


class Growing:
    """A mapping that still grows."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.entries: dict[str, tuple[Place, Growing | Tree]] = {}

    def put(self, loc: Loc, key: Place, value: Tree | None, faults: list[Fault]) -> None:
        """Put a value at its path; None makes room for an object without fields."""
        here = self
        for part in loc[:-1] if value is not None else loc:
            _, inner = here.entries.setdefault(str(part), (key, Growing(key)))
            if not isinstance(inner, Growing):
                faults.append(Fault("duplicate_key", key, {"found": str(part), "other": here.entries[str(part)][0]}))
                return
            here = inner
        if value is None:
            return
        last = str(loc[-1])
        if last in here.entries:
            faults.append(Fault("duplicate_key", key, {"found": last, "other": here.entries[last][0]}))
            return
        here.entries[last] = (key, value)

    def closed(self) -> Branch:
        """Return it as it is now."""
        held = {key: (place, value.closed() if isinstance(value, Growing) else value)
                for key, (place, value) in self.entries.items()}  # fmt: skip
        return branch({key: Entry(key, place, value) for key, (place, value) in held.items()}, self.place)
