"""The root of a period: one hash for all that an actor has logged up to its end, signed where there is a key.

Roots are signed, not events: one signature a period suffices, and a short proof (`merkle.inclusion_proof`) leads
from any event to it. The head of the chain is signed with the root, because record times stand beside the leaves.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.integrity.keys import is_signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.trace.integrity.keys import SigningKey

_PURPOSE: Final = b"cesim period root 1\n"
"""Signed with every root, so that no signature can be taken for one of anything else."""


@dataclass(frozen=True, slots=True)
class PeriodRoot:
    """What an actor says about its log at the end of a period."""

    actor: str
    period: str
    size: int
    """Events logged so far, those of earlier periods included."""
    root: str
    """Merkle root over all of them (RFC 6962), hexadecimal."""
    head: str
    """Head of the chain before this root: covers every line of the log so far."""
    key_origin: str = ""
    """`given`, `simulation`, or empty where it is not signed."""
    public_key: str = ""
    signature: str = ""

    def statement(self) -> bytes:
        """Return the bytes that are signed: everything but the signature."""
        import orjson

        said = {name: value for name, value in asdict(self).items() if name != "signature"}
        return _PURPOSE + orjson.dumps(said, option=orjson.OPT_SORT_KEYS)

    def signed(self, key: SigningKey) -> PeriodRoot:
        """Return it with the signature of a key."""
        named = replace(self, key_origin=key.origin, public_key=key.public().hex(), signature="")
        return replace(named, signature=key.sign(named.statement()).hex())

    def is_signed(self) -> bool:
        """Say whether it bears the signature of the key that it names."""
        try:
            public, signature = bytes.fromhex(self.public_key), bytes.fromhex(self.signature)
        except ValueError:
            return False
        return is_signed(public, self.statement(), signature)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for a log or a partner."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> PeriodRoot:
        """Return it from plain data.

        Raises
        ------
        TypeError, ValueError
            The data are not those of a root.
        """
        root = cls(**data)
        if type(root.size) is not int or not all(
            isinstance(value, str) for name, value in asdict(root).items() if name != "size"
        ):
            raise ValueError("not a period root")
        return root
