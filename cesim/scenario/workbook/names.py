"""What a path is called in the language of the reader."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cesim.scenario.fields import written_names
from cesim.scenario.tree import Branch, Leaf, Tree
from cesim.scenario.workbook.declared import declared
from cesim.text import say
from cesim.text.catalogue import has

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from cesim.text import Language

Steps = tuple[str, ...]


def called(model: type[BaseModel], tree: Tree, loc: Steps, lang: Language, below: int = 0) -> str:
    """Return the words for a path, from the outside in; `below` leaves out as many steps of its beginning."""
    return " › ".join(list(_words(model, tree, loc, lang))[below:])


def _words(model: type[BaseModel], tree: Tree, loc: Steps, lang: Language) -> Iterator[str]:
    here: Tree | None = tree
    for at, key in enumerate(loc):
        entry = here.entries.get(key) if isinstance(here, Branch) else None
        here = entry.value if entry is not None else None
        part = declared(model, loc[:at]).part
        yield field_word(part, key, lang) if part is not None else _own_name(here, lang) or _key_word(key, lang)


@lru_cache(maxsize=4_000)
def field_word(part: type[BaseModel], key: str, lang: Language) -> str:
    """Return what a field is called: as a lever, in the catalogue, else by its key."""
    name = written_names(part).get(key)
    mark = part.model_fields[name].json_schema_extra if name is not None else None
    if isinstance(mark, dict) and mark.get("lever") and isinstance(names := mark.get("name"), dict) and names.get(lang):
        return str(names[lang])
    known = f"workbook.field.{part.__name__}.{key}"
    return say(known, lang) if has(known, lang) else key.replace("_", " ")


def _key_word(key: str, lang: Language) -> str:
    """Return what a free key means where it is one of ours, such as a segment of cars."""
    known = f"workbook.key.{key}"
    return say(known, lang) if has(known, lang) else key


def _own_name(tree: Tree | None, lang: Language) -> str:
    """Return the name that an object of the scenario gives itself."""
    entries: Mapping[str, object] = tree.entries if isinstance(tree, Branch) else {}
    if not isinstance(tree, Branch) or "name" not in entries:
        return ""
    name = tree.entries["name"].value
    told = name.entries.get(lang) if isinstance(name, Branch) else None
    return str(told.value.value) if told is not None and isinstance(told.value, Leaf) else ""
