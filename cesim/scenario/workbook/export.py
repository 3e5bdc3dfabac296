"""A scenario -> a workbook: which sheets there are, and what the workbook says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError, Place
from cesim.scenario.inheritance import gather, parents
from cesim.scenario.workbook.cells import joined
from cesim.scenario.workbook.declared import declared
from cesim.scenario.workbook.entries import Asked, entry_pages, values
from cesim.scenario.workbook.layout import LAYOUT, TABLES, table_of
from cesim.scenario.workbook.tables import table_pages
from cesim.scenario.workbook.writing import Book, check_lengths, staged
from cesim.text import keys, say

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from cesim.scenario.load import Loaded
    from cesim.scenario.tree import Branch
    from cesim.scenario.workbook.page import Page
    from cesim.text import Language

_ORDER = ("scenario", "assumptions", "targets", "measures", "changes", "numbers", "others")


def write_workbook(path: Path, loaded: Loaded[Any], lang: Language, base: Branch | None = None) -> None:
    """Write a scenario as a workbook that reads back to the same scenario.

    Parameters
    ----------
    path
        The file; it takes its name when it is whole.
    loaded
        The scenario as read.
    lang
        The language of titles and notes; a workbook is read back whatever language it is in.
    base
        What it is compared with; without it what the scenario extends, else its file.

    Raises
    ------
    InputError
        ``text_too_long_for_cell``; ``cannot_write``
    """
    under = base if base is not None else _compared_with(loaded)
    asked = Asked(type(loaded.scenario), loaded.tree, under, loaded.scenario, lang)
    pages = scenario_pages(asked)
    check_lengths(pages)
    beside = staged(path)
    try:
        _written(beside, pages, asked, loaded)
        beside.replace(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Fault("cannot_write", Place(str(path)), {"found": reason})]) from None
    finally:
        beside.unlink(missing_ok=True)


def _compared_with(loaded: Loaded[Any]) -> Branch:
    """Return the scenario that a file extends, or the file itself where what it extends is only made of parts."""
    if not loaded.files:
        return loaded.tree
    above = parents(loaded.files[0], type(loaded.scenario))
    if above is not None and "name" in above.entries:
        return above
    return gather(loaded.files[0], type(loaded.scenario)).branch or loaded.tree


def scenario_pages(asked: Asked) -> list[Page]:
    """Return the sheets that are read back, in their order."""
    from cesim.indicators import INDICATORS

    asked.lists.held["indicators"] = tuple(
        (one.id, one.name_ja if asked.lang == "ja" else one.name_en) for one in INDICATORS.values()
    )
    asked.lists.held["paths"] = tuple((joined(loc), asked.called(loc)) for loc in _numbers(asked))
    pages = {page.key: page for page in (*entry_pages(asked), *table_pages(asked))}
    return [pages[key] for key in _ORDER if key in pages]


def _numbers(asked: Asked) -> list[tuple[str, ...]]:
    found = [loc for loc, _ in values(asked.model, asked.tree) if table_of(loc) is None]
    return [loc for loc in found if declared(asked.model, loc).value_of is not None]


def _written(path: Path, pages: list[Page], asked: Asked, loaded: Loaded[Any]) -> None:
    lang = asked.lang
    titles = {key: say(f"workbook.sheet.{key}", lang) for key in ("readme", *_ORDER, "choices", "about")}
    book = Book(path, asked.lists, titles, lang)
    try:
        book.readme(say("workbook.readme.title", lang), _readme(loaded.scenario, lang))
        book.ranges(pages)
        for page in pages:
            book.page(page)
        book.choices()
        book.about(_about(pages, loaded, titles))
        book.book.get_worksheet_by_name(titles["readme"]).activate()
    finally:
        book.book.close()


def _readme(scenario: BaseModel, lang: Language) -> list[str]:
    told: list[str] = []
    for one in (lang, "en" if lang == "ja" else "ja"):
        name = getattr(getattr(scenario, "name", None), one, "")
        about = getattr(getattr(scenario, "summary", None), one, "")
        told += [f"{name}: {about}" if about else str(name), ""]
        told += [say(key, one) for key in keys(one, "workbook.readme.line.")] + [""]
    return told


def _about(pages: list[Page], loaded: Loaded[Any], titles: dict[str, str]) -> dict[str, str]:
    told = {"layout": str(LAYOUT), "scenario": loaded.files[0].name if loaded.files else "", "hash": loaded.hash}
    tables = {table.key for table in TABLES}
    return told | {
        f"sheet.{page.key}": "\n".join([titles[page.key], *(c.key for c in page.columns if page.key in tables)])
        for page in pages
    }
