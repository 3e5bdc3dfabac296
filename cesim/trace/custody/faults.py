"""What is wrong with a flow, with the terms of a claim or with a credit, as data."""

from __future__ import annotations

from cesim.errors import Fault, InputError, Place


def refuse(code: str, where: str, **arguments: object) -> InputError:
    """Return the exception for something refused at the side, term or credit named by `where`."""
    return InputError([Fault(code, Place(model=where), arguments)])
