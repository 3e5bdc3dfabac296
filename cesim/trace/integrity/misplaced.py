"""A fault inside an event, and the way to it: collected on the way out, so that sound events pay nothing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping


class Misplaced(Exception):  # noqa: N818 -- it becomes an InputError at the door of the room
    """Something inside an event is wrong; every level it passes on its way out adds its step."""

    def __init__(self, code: str, **arguments: object) -> None:
        super().__init__(code)
        self.code = code
        self.arguments: Mapping[str, object] = arguments
        self.steps: list[str | int] = []

    def through(self, step: str | int) -> Misplaced:
        """Add one step of the way, from the inside to the outside; a key, or a number in a list."""
        self.steps.append(step)
        return self

    def where(self) -> str:
        """Return the way from the event to the fault, as in `quantityList[1].quantity`."""
        way = ""
        for step in reversed(self.steps):
            if isinstance(step, int):
                way += f"[{step}]"
            else:
                way += f".{step}" if way else step
        return way

    def fault(self) -> Fault:
        """Return it as a fault at the entry of the event."""
        return Fault(self.code, Place(model=self.where() or None), self.arguments)

    def refuse(self) -> NoReturn:
        """Raise it as an `InputError`."""
        raise InputError([self.fault()]) from self


def broken_text(value: Any) -> Misplaced:
    """Return the fault of a value that cannot be written as UTF-8: half of a surrogate pair, and where it stands."""
    return _broken(value) or Misplaced("event_text_broken")


def _broken(value: Any) -> Misplaced | None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return Misplaced("event_text_broken")
        return None
    steps: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        steps += [(ascii(key), key) for key in value]
        steps += value.items()
    elif isinstance(value, list | tuple):
        steps += enumerate(value)
    for step, inside in steps:
        found = _broken(inside)
        if found is not None:
            return found.through(step)
    return None
