"""Keys that sign period roots: Ed25519 (RFC 8032) of the `cryptography` library.

No key is ever made up in place of one that was given. A simulation may have keys that follow from its seed; they
are marked as such inside what they sign, because anybody who knows the seed has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KeyOrigin = Literal["given", "simulation"]
_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and where it comes from."""

    private: Ed25519PrivateKey
    origin: KeyOrigin
    """`given` by its owner, or derived for a `simulation`."""

    def public(self) -> bytes:
        """Return the public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self.private.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey(origin={self.origin!r}, public={self.public().hex()})"


def given_key(secret: bytes) -> SigningKey:
    """Return the key of a secret of 32 bytes.

    Raises
    ------
    InputError
        ``key_unreadable`` for any other length.
    """
    return SigningKey(_private(secret, Place()), "given")


def simulation_key(seed: int, actor: str) -> SigningKey:
    """Return the key of an actor of a simulated run: the same for the same seed and name, and no secret at all."""
    secret = sha256(f"cesim simulation key 1\n{seed}\n{actor}".encode()).digest()
    return SigningKey(_private(secret, Place()), "simulation")


def read_key(path: Path) -> SigningKey:
    """Return the private key in a file: PEM (PKCS #8, no password) or 64 hexadecimal digits.

    Raises
    ------
    InputError
        ``key_unreadable``: the file is not there, or holds something else.
    """
    text = _read(path)
    if not text.startswith(b"-----"):
        return SigningKey(_private(_from_hex(text, path), Place(file=str(path))), "given")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError([Fault("key_unreadable", Place(file=str(path)))])
    return SigningKey(key, "given")


def read_public_key(path: Path) -> bytes:
    """Return the public key in a file, 32 bytes: PEM or 64 hexadecimal digits.

    Raises
    ------
    InputError
        ``key_unreadable``: the file is not there, or holds something else, such as a private key.
    """
    text = _read(path)
    if not text.startswith(b"-----"):
        return _from_hex(text, path)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(text)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError([Fault("key_unreadable", Place(file=str(path)))])
    return key.public_bytes_raw()


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature over a message is that of a public key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(secret: bytes, place: Place) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if len(secret) != _BYTES:
        raise InputError([Fault("key_unreadable", place)])
    return Ed25519PrivateKey.from_private_bytes(secret)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1 << 16).strip()
    except OSError:
        raise InputError([Fault("key_unreadable", Place(file=str(path)))]) from None


def _from_hex(text: bytes, path: Path) -> bytes:
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise InputError([Fault("key_unreadable", Place(file=str(path)))])
    return key
