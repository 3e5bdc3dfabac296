"""The catalogue of words: every `*.toml` file in the folder of a language, read once and merged."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")


def say(key: str, lang: Language, /, **arguments: object) -> str:
    """Return the words filed under `key` with their `{placeholders}` filled.

    Raises `KeyError` where the key or an argument is missing: words that do not exist are a fault of the
    program, never of its input.
    """
    words = _words(lang)[key]
    return words.format_map(arguments) if "{" in words else words


def template(key: str, lang: Language) -> str:
    """Return the words under `key` with their placeholders unfilled."""
    return _words(lang)[key]


def has(key: str, lang: Language) -> bool:
    """Say whether the catalogue of `lang` has words under `key`."""
    return key in _words(lang)


def keys(lang: Language, under: str = "") -> tuple[str, ...]:
    """Return the keys that begin with `under`, in the order of the files."""
    return tuple(key for key in _words(lang) if key.startswith(under))


@cache
def _words(lang: Language) -> Mapping[str, str]:
    """Read and merge the files of one language; two files may share a table but not a key."""
    merged: dict[str, str] = {}
    folder = files("cesim.text").joinpath(lang)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for key, words in _flat(tomllib.loads(file.read_text(encoding="utf-8")), ""):
            if key in merged:
                raise ValueError(f"{lang}/{file.name}: {key} is already in another file")
            merged[key] = words
    return merged


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
