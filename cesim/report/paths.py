"""Names for readers of what the engine names by paths: inputs, processes with their grade, spots of a check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cesim.report.places import place_names
from cesim.text import has

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cesim.report.read import RunTables
    from cesim.report.words import Words


def input_name(row: Mapping[Any, Any], words: Words, tables: RunTables) -> str:
    """Name of an input: the one the table gives, else its path in words, else the path as it is."""
    path, given = str(row["path"]), str(row[f"name_{words.lang}"])
    if given != path:
        return given
    first = int(tables.run["years"][0])
    return path_name(path, words, place_names(tables, words), holds_for_all_years(path, tables.sources["path"], first))


def path_name(path: str, words: Words, places: Mapping[str, str], is_constant: bool = False) -> str:
    """Name of a path in words; the path as it is where its section has none.

    The path `regions.aichi.keeps.elv` becomes "Regions: Aichi, kept in the region, end-of-life vehicles".

    Parameters
    ----------
    places
        region -> name
    is_constant
        whether the year at its end says nothing: it holds for all years
    """
    steps = path.split(".")
    if is_constant:
        del steps[-1]
    parts = [_word(part, words, places, steps[0]) for part in steps]
    if parts[0] == path.split(".")[0]:
        return path
    joint = "・" if words.lang == "ja" else ", "
    head = "：" if words.lang == "ja" else ": "
    return parts[0] + (head + joint.join(parts[1:]) if len(parts) > 1 else "")


def holds_for_all_years(path: str, paths: Iterable[str], first: int) -> bool:
    """Whether a value is written at a single year, one before the `first` of the run: it holds for all its years."""
    stem, _, year = path.rpartition(".")
    if not year.isdigit() or int(year) >= first:
        return False
    return sum(other.startswith(f"{stem}.") for other in paths) == 1


def _word(part: str, words: Words, places: Mapping[str, str], section: str) -> str:
    """One part of a path: a region, a word of its section or of all, a year, or a name all languages share."""
    if part in places:
        return places[part]
    own = f"path_of.{section}.{part}"
    if has(f"report.{own}", words.lang):
        return words(own)
    if re.fullmatch(r"(19|20|21)\d\d", part):
        return f"{part}年" if words.lang == "ja" else part
    key = f"path.{part}"
    return words(key) if has(f"report.{key}", words.lang) else part


def source_name(source: str, words: Words) -> str:
    """Name of a source: titles stay as printed, what cesim says of its own numbers is in the reader's language."""
    key = f"own_source.{source}"
    if has(f"report.{key}", words.lang):
        return words(key)
    return source.replace("; secondary source", words("second_hand"))


def process_name(process: str, words: Words) -> str:
    """Name of a process with its grade or product; a process without words stays as it is."""
    name, dot, suffix = process.partition(".")
    if not has(f"report.process.{name}", words.lang):
        return process
    bare = words(f"process.{name}").replace("\u200b", "")
    if not dot:
        return bare
    said = [words(f"path.{part}") if has(f"report.path.{part}", words.lang) else part for part in suffix.split(".")]
    return f"{bare}: {' '.join(said)}"


def spot(where: str, words: Words, tables: RunTables) -> str:
    """Where a check was worst, in words: process, region, substance, year, draw."""
    places = place_names(tables, words)
    parts = []
    for part in where.split(" / "):
        ends = [process_name(end, words) for end in part.split(" -> ")]
        parts.append(places.get(part) or " → ".join(ends).replace("draw ", words("terminal.draw")))
    return " / ".join(parts)
