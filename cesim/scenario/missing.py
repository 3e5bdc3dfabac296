"""Keys that a mapping lacks -> one fault for each mapping, or the misspelt name that made it lack them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.scenario.locate import dotted, spot
from cesim.scenario.tree import Branch
from cesim.text import nearest

if TYPE_CHECKING:
    from cesim.scenario.fields import Loc

_BASE_FORGOTTEN: Final = 3
"""A scenario that lacks more than this at its top has forgotten what it builds on."""


def missing_faults(lacking: list[Loc], tree: Branch) -> list[Fault]:
    """Return the faults of the paths that lead to nothing, told together for each mapping."""
    by_mapping: dict[Loc, list[str]] = {}
    for loc in lacking:
        by_mapping.setdefault(loc[:-1], []).append(str(loc[-1]))
    return [_misspelt(loc, len(names), tree) or _missing(loc, names, tree) for loc, names in by_mapping.items()]


def _missing(loc: Loc, names: list[str], tree: Branch) -> Fault:
    code = "missing_base" if not loc and len(names) > _BASE_FORGOTTEN else "missing_key"
    here = spot(tree, loc)
    touched = here.holder.path is not None and here.tree.place.file is not None
    place = here.tree.place if touched else here.holder  # an override inside it did not make it incomplete
    return Fault(code, place, {"missing": names, "path": dotted(loc)})


def _misspelt(loc: Loc, lacking: int, tree: Branch) -> Fault | None:
    """Return an entry that lacks nearly everything because its name is a slip for another one's.

    Such is an entry that an override only passes through, or whose name is nearly one of its complete neighbours'.
    """
    around = spot(tree, loc[:-1]).tree if loc else None
    if not isinstance(around, Branch) or str(loc[-1]) not in around.entries:
        return None
    name = str(loc[-1])
    entry = around.entries[name]
    others = [key for key, other in around.entries.items() if key != name and other.value.size > entry.value.size]
    near = nearest(name, others)
    passed = entry.value.place.path is not None and entry.value.place.path.startswith(dotted(loc) + ".")
    has = len(entry.value.entries) if isinstance(entry.value, Branch) else 0
    if not others or not (passed or (near and lacking >= has)):
        return None
    arguments = {"found": name, "allowed": others, "nearest": near, "path": dotted(loc[:-1])}
    return Fault("unknown_key", entry.place, arguments)
