"""The sheets and columns of a maker's workbook, and the words by which they may be called.

Each has a key that stands in no language (`units`), and a name in Japanese and English; all three are understood. So
are the choices in a cell: `domestic`, 国内, `home market`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cesim.ledger.substances import POLYMERS
from cesim.orders.maker.sheet import MARKETS, RECYCLED
from cesim.text import has, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.text import Language

Kind = Literal["text", "count", "mass", "share", "year", "choice"]
LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")
YES_NO: Final = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one field of the sheet that has a field a row."""

    key: str
    kind: Kind
    choices: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a row for each thing, the names of the columns in the first row; or a field a row."""

    key: str
    columns: tuple[Column, ...]
    has_fields: bool = False
    """Whether column A has names of fields and column B their values."""
    is_optional: bool = False


MAKER: Final = Sheet("maker", (Column("name", "text"), Column("period", "year")), has_fields=True)
TYPES: Final = Sheet(
    "types",
    (
        Column("type", "text"),
        Column("market", "choice", MARKETS),
        Column("new", "choice", YES_NO),
        Column("units", "count"),
        Column("plastics_kg", "mass"),
    ),
)
RECYCLATE: Final = Sheet(
    "recyclate",
    (
        Column("supplier", "text"),
        Column("polymer", "choice", POLYMERS),
        Column("origin", "choice", RECYCLED),
        Column("mass_kg", "mass"),
        Column("into", "text"),
    ),
)
PLAN: Final = Sheet(
    "plan",
    (
        Column("year", "year"),
        Column("target_kg", "mass", is_optional=True),
        Column("target_share", "share", is_optional=True),
    ),
    is_optional=True,
)
SHEETS: Final = (MAKER, TYPES, RECYCLATE, PLAN)
README: Final = "readme"
"""A sheet of words; it is not read."""
ALL: Final = "all"
"""What stands for every type."""


def named(room: str, key: str, lang: Language) -> str:
    """Return the name of a sheet, column or choice; a polymer is called the same everywhere."""
    words = f"maker.{room}.{key}"
    return say(words, lang) if has(words, lang) else key


def known(room: str, keys: Sequence[str]) -> dict[str, str]:
    """Return name -> key for all names by which keys may be called, in lower case."""
    names = {named(room, key, lang).casefold(): key for key in keys for lang in LANGUAGES}
    return names | {key.casefold(): key for key in keys}
