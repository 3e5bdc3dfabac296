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
    faults = [*unreadable(lines := tuple(lines)), *_unknown(lines, figures)]
    if faults:
        raise InputError(faults)
    return tuple(_expected(line, figures) for line in lines)


def unreadable(lines: Iterable[str]) -> list[Fault]:
    """Return what is wrong with lines that are no expectation, whatever the answer; each holds its ``line``."""
    return [
        Fault("expect_unreadable", arguments={"found": line, "line": line}) for line in lines if _parts(line) is None
    ]


def _unknown(lines: Iterable[str], figures: Mapping[str, float | None]) -> list[Fault]:
    allowed = list(figures)
    named = [(line, parts[0]) for line in lines if (parts := _parts(line)) is not None]
    return [
        Fault("expect_unknown", arguments={
            "found": name, "line": line, "allowed": allowed, "nearest": nearest(name, allowed),
        })
        for line, name in named
        if name not in figures
    ]  # fmt: skip


def _parts(line: str) -> tuple[str, str, float] | None:
    """Return figure, sign and number of a line; nothing where it is no expectation."""
    told = _LINE.fullmatch(line)
    try:
        return (told[1], told[2], float(told[3])) if told else None
    except ValueError:
        return None


def _expected(line: str, figures: Mapping[str, float | None]) -> Expected:
    parts = _parts(line)
    assert parts is not None
    name, sign, limit = parts
    found = figures[name]
    return Expected(line.strip(), found, found is not None and _SIGNS[sign](found, limit))
