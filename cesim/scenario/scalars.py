"""What a plain word in a file is: a number, true or false, nothing, or text (YAML 1.2, without its traps).

`yes`, `no`, `on`, `off`, `12:30`, `2030-01-01`, `007` and `1_000` are texts.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cesim.scenario.tree import Scalar

_WHOLE: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER: Final = re.compile(r"[-+]?(?=[0-9]|\.[0-9])([0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_MOST_DIGITS: Final = 308
"""A longer whole number is no float; checked first because Python refuses to read very long ones."""


class NotANumber(ValueError):  # noqa: N818 -- becomes a fault at once
    """A number that cannot be computed with; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def resolve(text: str) -> Scalar:
    """Return the value of a plain (unquoted) word.

    Raises `NotANumber` for infinities, "not a number" and numbers too large or too small for a float.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise NotANumber("number_too_large")
        return int(text)
    if (match := _NUMBER.fullmatch(text)) and _is_float(match):
        return _finite(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotANumber("not_finite")
    return text


def _is_float(match: re.Match[str]) -> bool:
    """Refuse `007`: digits alone that are no whole number are text."""
    return match[2] is not None or (match[3] is not None and (len(match[1]) == 1 or match[1][0] != "0"))


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise NotANumber("number_too_large")
    if number == 0.0 and re.search(r"[1-9]", re.split(r"[eE]", text)[0]):
        raise NotANumber("number_too_small")
    return number
