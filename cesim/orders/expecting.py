"""What an order expects of its answer: `recycled_content >= 0.5`."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_LINE: Final = re.compile(r"\s*([^<>=]*[^<>=\s])\s*(>=|<=|>|<)\s*([-+0-9.eE]+)\s*")
_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """One line: what was asked, what was found, whether it holds."""

    line: str
    found: float | None
    """None where the answer has no such number."""
    holds: bool


def expectations(lines: Iterable[str], figures: Mapping[str, float | None]) -> tuple[Expected, ...]:
    """Compare every line with the figures of the answer.

    Raises
    ------
    InputError
        ``expect_unreadable`` for a line that is none, ``expect_unknown`` for a figure that is none
    """
    return tuple(_expected(line, figures) for line in lines)


def _expected(line: str, figures: Mapping[str, float | None]) -> Expected:
    told = _LINE.fullmatch(line)
    try:
        limit = float(told[3]) if told else None
    except ValueError:
        limit = None
    if told is None or limit is None:
        raise InputError([Fault("expect_unreadable", arguments={"found": line})])
    if told[1] not in figures:
        allowed = list(figures)
        arguments = {"found": told[1], "allowed": allowed, "nearest": nearest(told[1], allowed)}
        raise InputError([Fault("expect_unknown", arguments=arguments)])
    found = figures[told[1]]
    return Expected(line.strip(), found, found is not None and _SIGNS[told[2]](found, limit))
