"""Where in an order stands what an object of the charge room refuses.

The objects know their own names and fields, not the file they were read from. An object leads to a part of the
order, its field to an entry below it; the fault is shown at the last of these that the file holds.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.orders.parts import SourceOrder
from cesim.scenario import Branch, Leaf, Row, plain, spot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.scenario import Loc

_PARTS: Final[Mapping[str, Loc]] = {
    "AlloyLimits": ("alloy",), "Sorter": ("sorter",), "Furnace": ("furnace",), "Energy": ("furnace", "energy"),
    "MeltShop": ("shop",), "Risk": ("risk",), "SamplingPlan": ("sampling",), "CoDesign": ("design",),
    "value_of_information": ("knowledge",), "Information": ("knowledge",), "knowledge": ("knowledge",),
    "GradeTest": ("trial",), "Charge": ("correction",), "ForeignMatter": ("sources",), "Belief": ("yard",),
}  # fmt: skip
"""First word of an object -> its part of the order, where there is one of it."""
_ROWS: Final[Mapping[str, Loc]] = {
    "ScrapSource": ("sources",), "Lot": ("yard",), "Addition": ("furnace", "additions"),
}  # fmt: skip
"""First word of an object -> the part in which its name stands."""
_ELSEWHERE: Final[Mapping[str, Loc]] = {
    "supplies": ("sources", "{}", "supply"), "prices": ("sources", "{}", "price"), "co2": ("sources", "{}", "co2"),
    "bins": ("sorter", "offered"), "foreign": ("sources",), "sources": ("sources",), "sorter": ("sorter",),
    "yard": ("yard",), "alloy": ("alloy",), "shop": ("shop",), "goal": ("ask",), "risk": ("risk", "joint"),
    "heats": ("risk", "heats"), "lots_per_heat": ("shop", "lots_per_heat"), "record": ("knowledge", "records"),
    "cost": ("knowledge", "record_cost"), "furnace": ("furnace", "yields"), "levels": ("knowledge", "records"),
}  # fmt: skip
"""Field of an object -> where the order says it, counted from its root, unless the part itself holds such a field."""
_RENAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "AlloyLimits": {"widened": "widen", "lower": "limits", "upper": "limits", "elements": "limits"},
    "ScrapGrade": {"factor": "scale", "upper": "max"},
    "ScrapSource": {"elements": "mean", "lots": "closure", "name": "grade"},
    "Lot": {"belief": "composition", "sources": "source"},
    "Sorter": {"classes": "confusion"},
    "SamplingPlan": {"assay_error": "{}_error"},
    "Charge": {"scenarios": "heats"},
}
"""Field of an object -> how the order calls it."""
_HOLDERS: Final = ("min", "max", "limits", "foreign", "mean", "cv", "composition", "others", "recoveries", "yields")
"""Fields with an entry for each element or material, which an object may give as its field."""


@contextmanager
def placed(tree: Branch | None) -> Iterator[None]:
    """Give the faults of the charge room that are raised inside the places where the order says what they are about.

    Faults that have a place keep it; without a tree all of them stay as they are.
    """
    try:
        yield
    except InputError as error:
        if tree is None:
            raise
        raise InputError([_placed(fault, tree) for fault in error.faults]) from error


@contextmanager
def called(subject: str) -> Iterator[None]:
    """Tell what is refused inside under the name of the order's own object."""
    try:
        yield
    except InputError as error:
        named = [
            replace(fault, arguments={**fault.arguments, "object": subject}) if "object" in fault.arguments else fault
            for fault in error.faults
        ]
        raise InputError(named) from None


def at_its_line(fault: Fault, tree: Branch) -> Fault:
    """Return the fault of an expectation at the line that it is about."""
    held = tree.entries.get("expect")
    if held is None:
        return fault
    rows = [entry.value for entry in held.value.entries.values()] if isinstance(held.value, Branch) else [held.value]
    lines = [leaf for row in rows if isinstance(row, Row) for leaf in row.items if isinstance(leaf, Leaf)]
    where = next((leaf.place for leaf in lines if leaf.value == fault.arguments["line"]), held.place)
    return replace(fault, place=where)


def _placed(fault: Fault, tree: Branch) -> Fault:
    if "line" in fault.arguments:
        return at_its_line(fault, tree)
    subject = fault.arguments.get("object")
    if fault.place != Place() or not isinstance(subject, str):
        return fault
    field = str(fault.arguments.get("field", ""))
    found = str(fault.arguments.get("row", fault.arguments.get("found", ""))).partition(" (")[0]
    kind, _, name = subject.partition(" ")
    base = _base(kind, name, found, tree)
    entries = (loc for loc in _entries(kind, base, field, found) if _reached(tree, loc) == loc)
    loc = next(entries, None) or max((_reached(tree, loc) for loc in _fields(kind, base, field, found)), key=len)
    return replace(fault, place=_place(tree, loc, found))


def _entries(kind: str, base: Loc, field: str, found: str) -> Iterator[Loc]:
    """Yield where an entry for one element, material or source may stand, the likeliest first."""
    head, _, rest = field.partition(".")
    known = _renamed(kind, head)
    yield (*base, known, *((rest,) if rest else ()), found)
    if rest:
        yield (*base, known, rest)
    if kind in _PARTS and head in _ELSEWHERE:
        yield (*_elsewhere(head, rest or found), found)
    if known == "source":
        yield (*base, "others", found)
    yield from ((*base, holder, field) for holder in _HOLDERS)
    if kind == "AlloyLimits":
        yield ("design", head, found)
        yield ("design", head, field)
    if kind == "value_of_information":
        yield ("knowledge", "records", head.removeprefix("record ") + (f".{rest}" if rest else ""))
        yield ("sources", field, "within_yard")
    if not base or kind in _PARTS:
        yield ("sources", field)


def _fields(kind: str, base: Loc, field: str, found: str) -> Iterator[Loc]:
    """Yield where the field itself may stand; the part of the order is shown where it does not."""
    head, _, rest = field.partition(".")
    if field == "furnace.additions":
        yield ("furnace", "additions")
        return
    yield (*base, _renamed(kind, head).format(rest))
    if kind == "ScrapSource" and _renamed(kind, head) not in SourceOrder.model_fields:
        yield (*base, "grade")  # a class of the table speaks of its rows
    if kind in _PARTS and head in _ELSEWHERE:
        yield _elsewhere(head, rest or found)


def _elsewhere(field: str, name: str) -> Loc:
    return tuple(str(part).format(name) for part in _ELSEWHERE[field])


def _renamed(kind: str, field: str) -> str:
    return _RENAMED.get(kind, {}).get(field, field)


def _base(kind: str, name: str, found: str, tree: Branch) -> Loc:
    """Return the part of the order that an object was made of."""
    if kind in _ROWS:
        return (*_ROWS[kind], name)
    if kind == "ScrapGrade":
        return _of_grade(name or found, tree)
    return _PARTS.get(kind, ())


def _of_grade(name: str, tree: Branch) -> Loc:
    """Return which of the two grades has this name; one that is scaled has a factor behind it."""
    told = plain(tree)
    assert isinstance(told, dict)
    for part in ("grade", "against"):
        held = told.get(part)
        stated = str(held.get("name") if isinstance(held, dict) else "").lower()
        if stated and (name.lower() == stated or name.lower().startswith(f"{stated} x")):
            return (part,)
    return ("grade",)


def _reached(tree: Branch, loc: Loc) -> Loc:
    """Return as much of a path as the order holds."""
    for length in range(len(loc)):
        if spot(tree, loc[: length + 1]).tree is spot(tree, loc[:length]).tree:
            return loc[:length]
    return loc


def _place(tree: Branch, loc: Loc, found: str) -> Place:
    """Return where a value is shown: a name that is itself wrong where it is written, nothing at all by its file."""
    if not loc:
        return Place(tree.place.file)
    where = spot(tree, loc)
    return where.key if loc[-1] == found and not isinstance(where.tree, Leaf) else where.value
