"""Why a run has no result, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import InputError, NoAnswer
from cesim.sweep.solving import Failure

if TYPE_CHECKING:
    from cesim.errors import Fault


class NotProvedError(Exception):
    """A run with an answer that does not stand up to its proof."""


def failure(error: Exception) -> Failure:
    """Return what an error says of the run that it ended."""
    if isinstance(error, NoAnswer):
        return Failure("no_answer", _told(error.faults[0]))
    if isinstance(error, NotProvedError):
        return Failure("not_proved", one_line(str(error)))
    if isinstance(error, InputError):
        return Failure("raised", _told(error.faults[0]))
    return Failure("raised", one_line(f"{type(error).__name__}: {error}"))


def _told(fault: Fault) -> str:
    """The code of a fault, its place and its arguments."""
    place = str(fault.place)
    arguments = (f"{name}={value}" for name, value in fault.arguments.items())
    return one_line(" ".join([fault.code, *([f"at={place}"] if place else []), *arguments]))


def one_line(text: str) -> str:
    """The text without breaks of lines."""
    return " ".join(text.split())
