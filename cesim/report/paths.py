"""Names of inputs for readers: the path of a number, word by word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cesim.report.read import in_language
from cesim.text import has

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.report.read import RunTables
    from cesim.report.words import Words


def input_name(row: Mapping[Any, Any], words: Words, tables: RunTables) -> str:
    """Name of an input: the one the table gives, else its path in words, else the path as it is.

    The path `regions.aichi.keeps.elv` becomes "Regions: Aichi, kept in the region, end-of-life vehicles".
    """
    path, given = str(row["path"]), str(row[f"name_{words.lang}"])
    if given != path:
        return given
    places = {str(region["id"]): in_language(region["name"], words.lang) for region in tables.run["regions"]}
    parts = [_word(part, words, places) for part in path.split(".")]
    if parts[0] == path.split(".")[0]:
        return path
    joint = "・" if words.lang == "ja" else ", "
    head = "：" if words.lang == "ja" else ": "
    return parts[0] + (head + joint.join(parts[1:]) if len(parts) > 1 else "")


def _word(part: str, words: Words, places: Mapping[str, str]) -> str:
    """One part of a path: a region, a word, a year, or a name that is the same in every language."""
    if part in places:
        return places[part]
    if re.fullmatch(r"(19|20|21)\d\d", part):
        return f"{part}年" if words.lang == "ja" else part
    key = f"path.{part}"
    return words(key) if has(f"report.{key}", words.lang) else part
