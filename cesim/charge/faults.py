"""What is wrong with an object of the charge room, gathered so that all of it is told at once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, NoAnswer, Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


class Refusals:
    """The list of objections against one object; leaving the ``with`` block raises them together.

    >>> with Refusals("Furnace 12 t") as refusals:
    ...     refusals.refuse("charge_both", "yields", other="recoveries")
    Traceback (most recent call last):
    cesim.errors.fault.InputError: : charge_both (object=Furnace 12 t, field=yields, other=recoveries)

    Raises
    ------
    InputError
        With one fault per objection; each carries ``object`` and ``field``.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.faults: list[Fault] = []

    def refuse(self, code: str, field: str, **arguments: object) -> None:
        """Note one objection."""
        self.faults.append(told(code, self.subject, field, **arguments))

    def number(
        self,
        field: str,
        value: ArrayLike,
        least: float = -np.inf,
        most: float = np.inf,
        *,
        shape: tuple[int, ...] | None = None,
        above: bool = False,
    ) -> Floats:
        """Return finite numbers between `least` (excluded with `above`) and `most`, read-only; note what is not.

        What is refused comes back as it stands, so that a caller can go on and find more; nothing is mended.
        """
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            self.refuse("charge_not_a_number", field, found=str(value))
            return np.full(shape or (), least if np.isfinite(least) else 0.0)
        if shape is not None and array.shape != shape:
            self.refuse("charge_shape", field, found=array.shape, allowed=shape)
            return np.full(shape, least if np.isfinite(least) else 0.0)
        bad = ~np.isfinite(array)
        if bad.any():
            self.refuse("charge_not_finite", field, found=float(array[bad].flat[0]))
        wrong = (array <= least if above else array < least) | (array > most)
        if wrong.any():
            self.refuse(
                "charge_out_of_range", field, found=float(array[wrong].flat[0]), limits=_span(least, most, above)
            )
        array.setflags(write=False)
        return array

    def distinct(self, field: str, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names as a tuple; note an empty list and a name that stands twice."""
        listed = (names,) if isinstance(names, str) else tuple(names)
        if not listed:
            self.refuse("charge_empty", field)
        for name in sorted({name for name in listed if listed.count(name) > 1}):
            self.refuse("charge_repeated", field, found=name)
        return listed

    def known(self, field: str, name: str, allowed: Iterable[str]) -> bool:
        """Say whether a name is among those allowed; note it with its nearest match where it is not."""
        names = tuple(allowed)
        if name in names:
            return True
        close = get_close_matches(name, names, n=1)
        self.refuse("charge_unknown_name", field, found=name, allowed=names, nearest=close[0] if close else None)
        return False

    def settle(self) -> None:
        """Raise now what has been noted so far."""
        if self.faults:
            raise InputError(self.faults)

    def __enter__(self) -> Refusals:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.settle()


def told(code: str, subject: str, field: str, **arguments: object) -> Fault:
    """Return a fault of one field of one object."""
    return Fault(code, Place(), {"object": subject, "field": field, **arguments})


def no_answer(code: str, subject: str, field: str, **arguments: object) -> NoAnswer:
    """Return the exception for a question that the object, though well made, cannot answer."""
    return NoAnswer([told(code, subject, field, **arguments)])


def _span(least: float, most: float, above: bool) -> str:
    low = "" if least == -np.inf else f"{'>' if above else '>='} {least:g}"
    high = "" if most == np.inf else f"<= {most:g}"
    return ", ".join(part for part in (low, high) if part)
