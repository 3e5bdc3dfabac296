"""What is wrong with a number, as data: a code and its arguments, for a door to put into words."""

from __future__ import annotations

from cesim.text import hints, message


class QuantityError(ValueError):
    """A number, range, unit or stream that cannot be what it claims to be.

    Parameters
    ----------
    code
        Short and stable, such as ``share_out_of_range``: what texts and tests refer to.
    **arguments
        What fills the sentence: usually ``found`` and ``allowed``.
    """

    code: str
    """The stable name of the fault."""

    arguments: dict[str, object]
    """What was found, what is allowed, and where it helps the nearest match."""

    def __init__(self, code: str, **arguments: object) -> None:
        self.code = code
        self.arguments = arguments
        super().__init__(code + "".join(f"; {name}: {value}" for name, value in arguments.items()))

    def __str__(self) -> str:
        return f"{self.code}: {' '.join((message(self, 'en'), *hints(self, 'en')))}"

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole: the default would lose the arguments."""
        return _rebuilt, (self.code, self.arguments)


def _rebuilt(code: str, arguments: dict[str, object]) -> QuantityError:
    return QuantityError(code, **arguments)
