"""What a platform refuses, as data."""

from __future__ import annotations

from cesim.errors import Fault, InputError, Place


def refuse(code: str, where: str, **arguments: object) -> InputError:
    """Return the exception for something that a platform does not take; `where` is the record or the platform."""
    return InputError([Fault(code, Place(model=where), arguments)])
