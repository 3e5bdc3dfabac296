"""What is wrong with an operation on lots, as data."""

from __future__ import annotations

from cesim.errors import Fault, InputError, Place


def refuse(code: str, where: str, **arguments: object) -> InputError:
    """Return the exception for something refused at a facility, lot or event named by `where`."""
    return InputError([Fault(code, Place(model=where), arguments)])
