"""The sheets with a row for each value: what stands in each of their cells."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cesim.quantities import QuantityError, convert
from cesim.quantities.quantity import DISTRIBUTIONS, RANGES, STATUSES
from cesim.quantities.series import FIRST_YEAR, LAST_YEAR
from cesim.scenario.levers import levers
from cesim.scenario.refusal import ModelFault, ModelFaults
from cesim.scenario.resolved import fingerprint
from cesim.scenario.tree import Branch, Tree, plain
from cesim.scenario.workbook.cells import joined, written_scalar, written_value
from cesim.scenario.workbook.declared import Declared, declared
from cesim.scenario.workbook.layout import BASE, COLUMNS, ENTRIES, EXPORTED, PATH, SHORT, VALUE, YEAR, table_of
from cesim.scenario.workbook.names import called
from cesim.scenario.workbook.numbers import ALL_YEARS, DETAILS, FORM, NUMBERS, apart
from cesim.scenario.workbook.page import DETAIL, INPUT, KEY, SHOWN, Column, Ends, Filled, Line, Lists, Page
from cesim.text import say
from cesim.text.catalogue import has

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from cesim.scenario.tree import Scalar
    from cesim.scenario.values import ValueOf
    from cesim.text import Language

Steps = tuple[str, ...]

_SPARE: Final = {"assumptions": 100}
_WIDTHS: Final = {
    PATH: 34, "~name": 46, "~unit": 11, "~allowed": 11, YEAR: 7, BASE: 11, VALUE: 13, "low": 10, "high": 10,
    "status": 12, "source": 40, "note": 40,
}  # fmt: skip
_TEXTS: Final = {**_WIDTHS, VALUE: 60, BASE: 30}
_FIXED: Final = {"status": STATUSES, "dist": DISTRIBUTIONS, "range": RANGES, "correlation": ("one-draw", "ar1")}
_COUNTED: Final = frozenset({"vehicles", "t", "t/year", "JPY"})
"""Units in which thousands are set apart."""


@dataclass(slots=True)
class Asked:
    """A scenario that is to be written, and the one it is compared with."""

    model: type[BaseModel]
    tree: Branch
    base: Branch
    scenario: BaseModel
    lang: Language
    lists: Lists = field(default_factory=Lists)

    def called(self, loc: Steps) -> str:
        """Return what a path is called."""
        return called(self.model, self.tree, loc, self.lang)


def entry_pages(asked: Asked) -> list[Page]:
    """Return the sheets of entries, with every value that no table holds on one of them."""
    marked = {lever.path for lever in levers(asked.scenario)}
    lines: dict[str, list[Line]] = {key: [] for key in ENTRIES}
    for loc, tree in _in_order(asked, marked):
        told = declared(asked.model, loc)
        key = _sheet(asked, loc, tree, told, marked)
        make = _number_lines if told.value_of is not None else _value_lines
        lines[key] += make(asked, loc, tree, told)
    return [_page(asked, key, lines[key]) for key in ENTRIES]


def values(model: type[BaseModel], tree: Tree, loc: Steps = ()) -> Iterator[tuple[Steps, Tree]]:
    """Yield path and tree of every value: numbers with all that is said of them, lists and scalars."""
    if isinstance(tree, Branch) and tree.entries and declared(model, loc).value_of is None:
        for key, entry in tree.entries.items():
            yield from values(model, entry.value, (*loc, key))
    else:
        yield loc, tree


def _in_order(asked: Asked, marked: set[Steps]) -> Iterator[tuple[Steps, Tree | None]]:
    """Yield every value outside tables in the order of the model, and what could be said and is not yet."""
    held: dict[Steps, Tree | None] = {
        loc: tree for loc, tree in values(asked.model, asked.tree) if table_of(loc) is None
    }
    wanted = [loc for loc in (*_unsaid(asked.model), *sorted(marked)) if table_of(loc) is None]
    free = [loc for loc in wanted if loc not in held and _has_room(asked.tree, loc)]
    order = {key: at for at, key in enumerate(("extends", *asked.model.model_fields))}
    places = {loc: at for at, loc in reversed([*enumerate([*_unsaid(asked.model), *held, *free])])}
    for loc in sorted(dict.fromkeys([*held, *free]), key=lambda loc: (order[loc[0]], places[loc])):
        yield loc, held.get(loc)


def _unsaid(model: type[BaseModel]) -> Iterator[Steps]:
    """Yield the values of the first sheet that the model has, said or not."""
    yield ("extends",)
    for key in model.model_fields:
        part = declared(model, (key,)).part
        if key in SHORT or key == "plan":
            yield from _fields(model, (key,), deep=key in SHORT) if part is not None else [(key,)]


def _fields(model: type[BaseModel], loc: Steps, *, deep: bool) -> Iterator[Steps]:
    part = declared(model, loc).part
    for key in part.model_fields if part is not None else ():
        told = declared(model, (*loc, key))
        if told.part is not None and deep:
            yield from _fields(model, (*loc, key), deep=deep)
        elif not told.mapping and told.part is None:
            yield (*loc, key)


def _has_room(tree: Branch, loc: Steps) -> bool:
    """Say whether nothing stands above a path that could not hold it."""
    here: Tree = tree
    for key in loc[:-1]:
        if not isinstance(here, Branch):
            return False
        if key not in here.entries:
            return True
        here = here.entries[key].value
    return isinstance(here, Branch)


def _short(loc: Steps) -> bool:
    return loc[0] in SHORT or (loc[0] == "plan" and len(loc) == 2)


def _sheet(asked: Asked, loc: Steps, tree: Tree | None, told: Declared, marked: set[Steps]) -> str:
    if _short(loc):
        return "scenario"
    base = standing(asked.base, loc)
    if loc in marked or tree is None or base is None or fingerprint(base) != fingerprint(tree):
        return "assumptions"
    return "numbers" if told.value_of is not None else "others"


def standing(tree: Tree, loc: Steps) -> Tree | None:
    """Return what stands at a path, or nothing."""
    for key in loc:
        if not isinstance(tree, Branch) or key not in tree.entries:
            return None
        tree = tree.entries[key].value
    return tree


def _value_lines(asked: Asked, loc: Steps, tree: Tree | None, told: Declared) -> list[Line]:
    as_list = told.as_list or loc == ("extends",)
    base = standing(asked.base, loc)
    cell = value_cell(asked, told, None if tree is None else written_value(tree, as_list=as_list))
    cells = {
        PATH: Filled(joined(loc), KEY, about=told.description),
        "~name": Filled(asked.called(loc), SHOWN),
        "~allowed": Filled(_allowed(told) or None, SHOWN),
        BASE: Filled(None if base is None else written_value(base, as_list=as_list), SHOWN, cell.shape),
        VALUE: cell,
    }
    return [Line({**cells, **_closed((YEAR, *DETAILS[1:]))})]


def _closed(columns: tuple[str, ...]) -> dict[str, Filled]:
    return dict.fromkeys(columns, Filled(None, SHOWN))


def value_cell(asked: Asked, told: Declared, value: str | float | bool | None) -> Filled:
    """Return the cell of what is no number with a pedigree."""
    if told.choices:
        choices = asked.lists.named(tuple((str(choice), "") for choice in told.choices))
        return Filled(value, INPUT, "number" if told.counts else "text", choices)
    if bool in told.plain:
        return Filled(value, INPUT, "number", "truth")
    return Filled(value, INPUT, "year" if told.counts else "text")


def _allowed(told: Declared, unit: str = "") -> str:
    """Return what may be written; with its unit where the row is in another one."""
    if told.value_of is not None:
        span = told.value_of.span()
        return f"{span} {told.value_of.unit}" if span and unit not in ("", told.value_of.unit) else span
    return ", ".join(str(choice) for choice in told.choices) if told.choices else ""


def _number_lines(asked: Asked, loc: Steps, tree: Tree | None, told: Declared) -> list[Line]:
    held = {ALL_YEARS: {}} if tree is None else apart(tree)
    base = standing(asked.base, loc)
    others = {} if base is None else apart(base)
    start = getattr(getattr(asked.scenario, "years", None), "start", None)
    lines = []
    for year, details in held.items():
        cells = {
            PATH: Filled(joined(loc), KEY, about=told.description),
            "~name": Filled(asked.called(loc), SHOWN),
            "~unit": Filled(details.get("unit") or _unit(told), SHOWN),
            "~allowed": Filled(_allowed(told, str(details.get("unit") or "")) or None, SHOWN),
            YEAR: Filled(int(year) if year else None, DETAIL, "year", ends=_YEARS) if told.is_path
            else Filled(None, SHOWN),
            BASE: Filled(_base(told, base, others.get(year, {}), details, year), SHOWN, _shape(told)),
            **number_cells(asked, told, details),
        }  # fmt: skip
        history = isinstance(start, int) and year != ALL_YEARS and int(year) < start
        lines.append(Line(cells, int(history)))
    return lines


_YEARS: Final = Ends(FIRST_YEAR, LAST_YEAR)


def _unit(told: Declared) -> str:
    return told.value_of.unit if told.value_of is not None else ""


def _shape(told: Declared) -> str:
    return "count" if told.value_of is not None and told.value_of.unit in _COUNTED else "number"


def number_cells(asked: Asked, told: Declared, details: Mapping[str, Scalar]) -> dict[str, Filled]:
    """Return the cells of what is said of a number in one year."""
    assert told.value_of is not None
    own_unit = details.get("unit") in (None, told.value_of.unit)
    ends = Ends(*_span(told.value_of)) if own_unit else None
    cells: dict[str, Filled] = {}
    from_tables = _from_tables(asked, told, details)
    for column in DETAILS:
        value = None if column not in details else written_scalar(details[column])
        look = INPUT if column == VALUE else DETAIL
        if column in NUMBERS:
            limits = ends if column in ("value", "low", "high") else None
            cells[column] = Filled(value, look, _shape(told), ends=limits, about=from_tables if column == VALUE else "")
        else:
            cells[column] = Filled(value, look, choices=_choices(asked, column))
    if FORM in details:
        cells[FORM] = Filled(str(details[FORM]), SHOWN)
    if details.get("status") in ("read", "unverified") and "value" in details:
        cells[EXPORTED] = Filled(json.dumps([details["value"], details.get("source")], ensure_ascii=False), SHOWN)
    return cells


def _from_tables(asked: Asked, told: Declared, details: Mapping[str, Scalar]) -> str:
    """Return what the tables have for a reference, in words; nothing for a number that is written."""
    if "data" not in details or told.value_of is None:
        return ""
    held = {"year" if column == "data_year" else column: value for column, value in details.items() if column != FORM}
    try:
        found = told.value_of.quantity(held)
    except (ModelFault, ModelFaults):
        return ""
    return say("workbook.looked_up", asked.lang, value=f"{found.value:.6g}", unit=found.unit, key=details["data"])


def _choices(asked: Asked, column: str) -> str:
    """Return the name of the list from which a detail is chosen."""
    if column not in _FIXED:
        return ""
    keys = {choice: f"workbook.choice.{column}.{choice}" for choice in _FIXED[column]}
    told = tuple((c, say(key, asked.lang) if has(key, asked.lang) else "") for c, key in keys.items())
    return asked.lists.named(told, column)


def _span(value_of: ValueOf) -> tuple[float | None, float | None, float | None]:
    least = value_of.least if value_of.least is not None else (None if value_of.kind == "real" else 0.0)
    most = value_of.most if value_of.most is not None else (1.0 if value_of.kind == "share" else None)
    return least, most, value_of.above


def _base(
    told: Declared, base: Tree | None, held: Mapping[str, Scalar], own: Mapping[str, Scalar], year: str
) -> float | None:
    """Return what the base has there, in the unit of the row."""
    value = _looked_up(told, base, year) if base is not None and "value" not in held else held.get("value")
    if value is None or isinstance(value, str):
        return None
    assert told.value_of is not None
    units = [str(details.get("unit") or told.value_of.unit) for details in (held, own)]
    if "value" not in held:
        units[0] = told.value_of.unit
    try:
        return float(value) if units[0] == units[1] else float(convert(float(value), units[0], units[1]))
    except QuantityError:
        return None


def _looked_up(told: Declared, base: Tree, year: str) -> float | None:
    """Return the number that the tables have for a reference that holds for all years."""
    assert told.value_of is not None
    held = plain(base)
    if year != ALL_YEARS:
        held = held.get(year) if isinstance(held, dict) else None
    if not isinstance(held, dict) or "data" not in held:
        return None
    try:
        return told.value_of.quantity(held).value
    except (ModelFault, ModelFaults):
        return None


def _page(asked: Asked, key: str, lines: list[Line]) -> Page:
    columns = tuple(_column(asked, key, column) for column in COLUMNS)
    return Page(key, columns, tuple(lines), _SPARE.get(key, 0), frozen=2)


def _column(asked: Asked, key: str, column: str) -> Column:
    lang, bare = asked.lang, column.removeprefix("~")
    width = (_TEXTS if key in ("scenario", "others") else _WIDTHS).get(column, 12)
    texts = key in ("scenario", "others")
    level = int(column in DETAILS[6:] or (texts and column in (YEAR, "~unit", *DETAILS[1:])))
    hidden = column in (FORM, EXPORTED)
    about = say(f"workbook.about.{bare}", lang) if has(f"workbook.about.{bare}", lang) else ""
    return Column(column, say(f"workbook.column.{bare}", lang), about, width, level, hidden, _blank(asked, key, column))


def _blank(asked: Asked, key: str, column: str) -> Filled:
    """Return what an empty row has in a column."""
    if not _SPARE.get(key) or column.startswith("~") or column in (FORM, EXPORTED):
        return Filled(None, SHOWN)
    if column == PATH:
        return Filled(None, DETAIL, choices="paths")
    if column == YEAR:
        return Filled(None, DETAIL, "year", ends=_YEARS)
    shape = "number" if column in NUMBERS else "text"
    return Filled(None, INPUT if column == VALUE else DETAIL, shape, _choices(asked, column))
