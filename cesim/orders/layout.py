"""How an order lies in a workbook: one sheet per object, by the same names as in YAML.

A sheet of one object has the names of its fields in column A and their values in column B. A sheet of several objects
of a kind has a row for each, its name in column A, and the names of their fields in the first row. What is nested is
joined by a point: `mean.Fe`, `energy.use`. Lists stand in one cell, separated by commas. Anything to the right of
column B on a sheet of one object is a note, and so are rows and columns that begin with `#`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from cesim.orders.order import Order
from cesim.scenario import kinds_at

if TYPE_CHECKING:
    from cesim.scenario import Loc

README: Final = "README"
"""A sheet of words; it is not read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and the part of the order that it holds."""

    name: str
    loc: Loc
    several: bool = False
    """Whether it has a row for each object."""


SHEETS: Final = (
    Sheet("order", ()),
    Sheet("alloy", ("alloy",)),
    Sheet("grade", ("grade",)),
    Sheet("against", ("against",)),
    Sheet("sources", ("sources",), several=True),
    Sheet("sampling", ("sampling",)),
    Sheet("sorter", ("sorter",)),
    Sheet("confusion", ("sorter", "confusion"), several=True),
    Sheet("furnace", ("furnace",)),
    Sheet("additions", ("furnace", "additions"), several=True),
    Sheet("shop", ("shop",)),
    Sheet("risk", ("risk",)),
    Sheet("trial", ("trial",)),
    Sheet("knowledge", ("knowledge",)),
    Sheet("design", ("design",)),
    Sheet("yard", ("yard",), several=True),
    Sheet("correction", ("correction",)),
)
EXPECT: Final = "expect"
"""A sheet of expectations: the command in column A, the line in column B."""


def steps(loc: Loc, dotted: str) -> Loc:
    """Return the path of a dotted name below `loc`; names of materials and elements may hold points themselves."""
    here = tuple(loc)
    rest = dotted
    while rest:
        parts = [kind for kind in kinds_at(Order, here) if _is_model(kind)]
        maps = [kind for kind in kinds_at(Order, here) if getattr(kind, "__origin__", None) is dict]
        if parts or not maps:
            head, _, rest = rest.partition(".")
        elif any(_is_model(kind) for kind in kinds_at(Order, (*here, "*"))):
            head, _, rest = rest.rpartition(".") if "." in rest else (rest, "", "")
        else:
            head, rest = rest, ""
        here = (*here, head)
    return here


def is_list(loc: Loc) -> bool:
    """Say whether a list stands at a path."""
    return any(getattr(kind, "__origin__", None) is tuple for kind in kinds_at(Order, loc))


def holds_names(loc: Loc) -> bool:
    """Say whether the list at a path is one of names."""
    return str in kinds_at(Order, (*loc, 0))


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
