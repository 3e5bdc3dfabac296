"""Which language to speak, and which word was probably meant."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cesim.text.catalogue import Language

_ALIKE: Final = 0.6
_LONGEST: Final = 80
"""Comparing words costs the product of their lengths; nobody mistypes a longer one by accident."""


def language(option: str | None, environ: Mapping[str, str]) -> Language:
    """Return the language asked for, else the one of the locale: Japanese for `ja*`, English otherwise."""
    wanted = option or next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "ja" if wanted.lower().startswith("ja") else "en"


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice most like `word`, or nothing if none is alike; full-width letters count as half-width."""
    plain = unicodedata.normalize("NFKC", word[:_LONGEST]).strip().casefold()
    best, score = None, _ALIKE
    for choice in choices:
        alike = SequenceMatcher(None, plain, choice[:_LONGEST].casefold(), autojunk=False).ratio()
        if alike > score or (alike == score and best is None):
            best, score = choice, alike
    return best
