"""One thing that is wrong, and the exceptions that carry all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cesim.errors.place import NOWHERE, Place
from cesim.text import message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: its code, its place, and what its sentence needs.

    Usual arguments: `found` (what stands there), `allowed` (what may stand there), `nearest` (what was
    probably meant), `proposal` (what to write instead), `other` (a second place).
    """

    code: str
    place: Place = NOWHERE
    arguments: Mapping[str, object] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return the fault as plain data, for JSON."""
        return {
            "code": self.code,
            "place": self.place.as_data(),
            "arguments": {name: _plain(value) for name, value in self.arguments.items()},
        }

    def __str__(self) -> str:
        where = str(self.place)
        return f"{where}: {message(self, 'en')}" if where else message(self, "en")


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Place):
        return value.as_data()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)


class _Faulty(Exception):  # noqa: N818 -- a trait of two exceptions
    """An exception that carries every fault that was found, in the order of their places."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=lambda fault: fault.place.order()))
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class InputError(_Faulty):
    """The input is wrong; `faults` holds everything that is wrong with it, not only the first."""


class NoAnswer(_Faulty):
    """The model has no answer, or a certificate failed; `faults` says for which process, year, element."""
