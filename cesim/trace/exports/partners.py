"""Numbers of companies and works in the systems of Catena-X and Ouranos, made of internal numbers, and read back."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from cesim.errors import Fault, InputError
from cesim.trace.exports.check_digits import business_partner, corporate_number
from cesim.trace.exports.identifiers import PREFIX

NAMESPACE: Final = UUID("6f4b7c52-0c1f-5d3c-9a58-3a4f6e1c7d20")
"""Of the identifiers that are drawn from names; made up once, for good."""
_BPN_DIGITS: Final = 10


def operator_number(actor: int) -> str:
    """Return thirteen digits in the form of a corporate number (法人番号); the first is the check digit."""
    base = f"{PREFIX}{actor:05}"
    return corporate_number(base) + base


def plant_number(actor: int, plant: int = 1) -> str:
    """Return the number of a works: that of its operator and six digits."""
    return f"{operator_number(actor)}{plant:06}"


def operator_of(number: str) -> int:
    """Return the actor of a number made by `operator_number` or `plant_number`.

    Raises
    ------
    InputError
        ``identifier_unknown`` where it is no such number.
    """
    digits = number[1 + len(PREFIX) : 13]
    if len(number) not in (13, 19) or not number.isdecimal() or number[:13] != operator_number(int(digits)):
        raise InputError([Fault("identifier_unknown", arguments={"found": number[:80]})])
    return int(digits)


def partner_number(actor: int, letter: str = "L") -> str:
    """Return a business partner number: ``L`` for the company, ``S`` for its site, ``A`` for its address."""
    own = f"CE{actor:0{_BPN_DIGITS - 2}}"
    return f"BPN{letter}{own}{business_partner(own)}"


def partner_of(number: str) -> int:
    """Return the actor of a number made by `partner_number`.

    Raises
    ------
    InputError
        ``identifier_unknown`` where it is no such number.
    """
    digits = number[6:14]
    if not (digits.isascii() and digits.isdecimal()) or number != partner_number(int(digits), number[3:4]):
        raise InputError([Fault("identifier_unknown", arguments={"found": number[:80]})])
    return int(digits)


def uuid_of(*words: object) -> str:
    """Return the identifier that always belongs to these words."""
    return str(uuid5(NAMESPACE, repr([str(word) for word in words])))
