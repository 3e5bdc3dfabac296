"""`cesim new --grade`: a filled order, once in YAML and once as a workbook, that say the same."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.orders.layout import EXPECT, README, SHEETS
from cesim.scenario import parse, plain
from cesim.text import say
from cesim.text.catalogue import has

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cesim.orders.layout import Sheet
    from cesim.text import Language

    Table = list[tuple[str, Any]]

NAME: Final = "grade-6016"
"""What the files are called where nobody says."""


def write_orders(name: str, lang: Language) -> tuple[Path, Path]:
    """Write `NAME.yaml` and `NAME.xlsx` and return their paths; existing files are never touched.

    Raises
    ------
    InputError
        ``bad_name``, ``already_there``, ``cannot_write``
    """
    stem = Path(name.removesuffix(".yaml").removesuffix(".xlsx"))
    if not stem.name.strip() or not stem.name.isprintable() or stem.name.startswith("."):
        raise InputError([Fault("bad_name", Place(), {"found": name})])
    paths = stem.with_name(f"{stem.name}.yaml"), stem.with_name(f"{stem.name}.xlsx")
    there = [path for path in paths if path.exists()]
    if there:
        raise InputError([Fault("already_there", Place(str(path)), {"found": str(path)}) for path in there])
    text = example_text(lang)
    _written(paths[0], lambda staged: staged.write_text(text, encoding="utf-8", newline="\n"))
    _written(paths[1], lambda staged: write_workbook(staged, example(), lang))
    return paths


def example_text(lang: Language) -> str:
    """Return the example in YAML, with the comments of one language."""
    lines = files("cesim.orders").joinpath("example.yaml").read_text(encoding="utf-8").splitlines()
    other = "#en " if lang == "ja" else "#ja "
    kept = [f"# {line[4:]}" if line.startswith(f"#{lang} ") else line for line in lines if not line.startswith(other)]
    return "\n".join(kept) + "\n"


def example() -> dict[str, Any]:
    """Return what the example says."""
    source = parse(example_text("en"), "example.yaml")
    assert source.branch is not None
    told = plain(source.branch)
    assert isinstance(told, dict)
    return told


def write_workbook(path: Path, order: Mapping[str, Any], lang: Language) -> None:
    """Write an order as a workbook with one sheet per object; see `cesim.orders.layout`."""
    import xlsxwriter  # type: ignore[import-untyped]

    book = xlsxwriter.Workbook(path, {"in_memory": True})
    try:
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "border_color": "#B8C4D0"}),
            "note": book.add_format({"font_color": "#5A6470", "italic": True}),
            "small": book.add_format({"font_color": "#5A6470", "font_size": 9, "text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _readme(book.add_worksheet(README), looks, lang)
        for sheet in SHEETS:
            if (table := _held(order, sheet)) is not None:
                (_several if sheet.several else _one)(book.add_worksheet(sheet.name), looks, sheet, table, lang)
        _expectations(book.add_worksheet(EXPECT), looks, order.get(EXPECT) or {}, lang)
    finally:
        book.close()


def _held(order: Mapping[str, Any], sheet: Sheet) -> Mapping[str, Any] | None:
    """Return the part of an order on a sheet, without what has a sheet of its own."""
    held: Any = order
    for part in sheet.loc:
        held = held.get(str(part)) if isinstance(held, dict) else None
    if held is None:
        return None
    inner = {str(other.loc[len(sheet.loc)]) for other in SHEETS if _is_below(other, sheet)}
    inner |= {EXPECT} if not sheet.loc else set()
    return {name: value for name, value in held.items() if sheet.several or name not in inner}


def _is_below(other: Sheet, sheet: Sheet) -> bool:
    return len(other.loc) > len(sheet.loc) and other.loc[: len(sheet.loc)] == sheet.loc


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted name, value); lists as one text."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", ", ".join(map(str, value)) if isinstance(value, list) else value


def _one(into: Any, looks: Mapping[str, Any], sheet: Sheet, table: Mapping[str, Any], lang: Language) -> None:
    into.write(0, 0, f"# {say(f'order.sheet.{sheet.name}', lang)}", looks["title"])
    for at, (name, value) in enumerate(_flat(table), start=1):
        into.write(at, 0, name, looks["head"])
        into.write(at, 1, value)
        into.write(at, 2, _about(sheet, name, lang), looks["note"])
    into.set_column(0, 0, 26)
    into.set_column(1, 1, 22)
    into.set_column(2, 2, 80)


def _several(into: Any, looks: Mapping[str, Any], sheet: Sheet, table: Mapping[str, Any], lang: Language) -> None:
    rows = {name: dict(_flat(one)) for name, one in table.items()}
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    into.write(0, 0, f"# {say('order.name', lang)}", looks["head"])
    into.write(1, 0, f"# {say(f'order.sheet.{sheet.name}', lang)}", looks["small"])
    for at, column in enumerate(columns, start=1):
        into.write(0, at, column, looks["head"])
        into.write(1, at, _about(sheet, column, lang), looks["small"])
    into.set_row(1, 60)
    for line, (name, row) in enumerate(rows.items(), start=2):
        into.write(line, 0, name, looks["head"])
        for column, value in row.items():
            into.write(line, 1 + columns.index(column), value)
    into.freeze_panes(1, 1)
    into.set_column(0, 0, 22)
    into.set_column(1, max(len(columns), 1), 14)


def _expectations(into: Any, looks: Mapping[str, Any], expect: Mapping[str, list[str]], lang: Language) -> None:
    into.write(0, 0, f"# {say('order.sheet.expect', lang)}", looks["title"])
    lines = [(command, line) for command, told in expect.items() for line in told]
    for at, (command, line) in enumerate(lines, start=1):
        into.write(at, 0, command, looks["head"])
        into.write(at, 1, line)
    into.set_column(0, 0, 26)
    into.set_column(1, 1, 60)


def _readme(into: Any, looks: Mapping[str, Any], lang: Language) -> None:
    into.write(0, 0, say("order.readme.title", lang), looks["title"])
    for at, key in enumerate(("numbers", "one", "several", "notes", "commands", "left"), start=2):
        into.write(at, 0, say(f"order.readme.{key}", lang), looks["wrap"])
    into.set_column(0, 0, 110)


def _about(sheet: Sheet, dotted: str, lang: Language) -> str:
    """Return what is said about a field; nothing about the rows of a table of a table."""
    name = "grade" if sheet.name == "against" else sheet.name
    key = f"order.field.{name}.{dotted.partition('.')[0]}"
    return say(key, lang) if has(key, lang) else ""


def _written(path: Path, write: Callable[[Path], object]) -> None:
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(staged)
        staged.replace(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Fault("cannot_write", Place(str(path)), {"found": reason})]) from None
    finally:
        staged.unlink(missing_ok=True)
