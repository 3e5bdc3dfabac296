"""Salted commitments: a field may be withheld today and opened later, and nobody can open it to another value.

    commitment = sha256("cesim commitment 1" | salt | length of name | name | canonical value)

The salt keeps a value from being guessed: without one, a composition of a few hundred possible values is found by
trying them all. Each field has a salt of its own, so that opening one opens no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from hmac import new as keyed_hash
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.trace.integrity.canonical import canonical_value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SALT_BYTES: Final = 32
_PURPOSE: Final = b"cesim commitment 1"


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a commitment: kept by its owner, shown to whom it chooses."""

    name: str
    value: Any
    salt: bytes


def commitment(name: str, value: Any, salt: bytes) -> str:
    """Return the commitment to the value of a field, hexadecimal.

    Raises
    ------
    InputError
        ``commitment_salt``: a salt that is not 32 bytes long. Or the value is none that JSON has.
    """
    if len(salt) != SALT_BYTES:
        raise InputError([Fault("commitment_salt", Place(model=name), {"found": len(salt), "wanted": SALT_BYTES})])
    try:
        field = name.encode()
    except UnicodeEncodeError:
        raise InputError([Fault("event_text_broken", Place(model=ascii(name)), {"entry": ascii(name)})]) from None
    length = len(field).to_bytes(4, "big")
    return sha256(_PURPOSE + salt + length + field + canonical_value(value)).hexdigest()


def opens(committed: str, opening: Opening) -> bool:
    """Say whether an opening is that of a commitment: the same field, value and salt."""
    try:
        return compare_digest(commitment(opening.name, opening.value, opening.salt).encode(), committed.encode())
    except (InputError, UnicodeEncodeError):
        return False


def fresh_salt() -> bytes:
    """Return a salt that nobody can guess, from the operating system."""
    return token_bytes(SALT_BYTES)


def derived_salt(secret: bytes, record: str, name: str) -> bytes:
    """Return the salt of one field of one record under a secret of its owner, who then need not keep salts.

    Raises
    ------
    InputError
        ``commitment_salt``: a secret of fewer than 32 bytes.
    """
    if len(secret) < SALT_BYTES:
        raise InputError([Fault("commitment_salt", Place(model=name), {"found": len(secret), "wanted": SALT_BYTES})])
    said = record.encode()
    return keyed_hash(secret, len(said).to_bytes(4, "big") + said + name.encode(), sha256).digest()


def simulation_secret(seed: int, actor: str) -> bytes:
    """Return the secret of an actor of a simulated run: the same for the same seed and name, and no secret at all."""
    return sha256(f"cesim simulation secret 1\n{seed}\n{actor}".encode()).digest()


def withhold(
    record: Mapping[str, Any], names: Collection[str], secret: bytes, identity: str
) -> tuple[dict[str, Any], dict[str, str], dict[str, Opening]]:
    """Take fields out of a record, and leave a commitment to each in their place.

    Parameters
    ----------
    record
        Field and value.
    names
        The fields to be withheld; one that the record does not have is not committed to.
    secret
        The owner's secret, 32 bytes or more, from which the salts follow.
    identity
        What tells the record from every other of its owner.

    Returns
    -------
    dict, dict, dict
        What is shown; name and commitment; name and opening, which the owner keeps.
    """
    shown = {name: value for name, value in record.items() if name not in names}
    openings = {
        name: Opening(name, value, derived_salt(secret, identity, name))
        for name, value in record.items()
        if name in names
    }
    commitments = {name: commitment(name, kept.value, kept.salt) for name, kept in openings.items()}
    return shown, commitments, openings
