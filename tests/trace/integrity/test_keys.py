"""Keys and signatures: the test vectors of RFC 8032, the two spellings of a key file, and what is no key."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cesim.errors import InputError
from cesim.trace.integrity.keys import given_key, is_signed, read_key, read_public_key, simulation_key

VECTORS = [  # RFC 8032, section 7.1: secret, public, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_published_signatures(secret, public, message, signature):
    key = given_key(bytes.fromhex(secret))
    assert key.origin == "given"
    assert key.public().hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))
    assert not is_signed(bytes.fromhex(public), bytes.fromhex(message) + b"x", bytes.fromhex(signature))


def test_a_signature_of_another_or_of_no_key_does_not_hold():
    key, other = simulation_key(1, "a"), simulation_key(1, "b")
    signature = key.sign(b"x")
    assert is_signed(key.public(), b"x", signature)
    assert not is_signed(other.public(), b"x", signature)
    assert not is_signed(b"short", b"x", signature)
    assert not is_signed(key.public(), b"x", signature[:-1])


def test_keys_of_a_simulation_follow_from_seed_and_actor_and_say_so():
    assert simulation_key(1, "a").public() == simulation_key(1, "a").public()
    kinds = {simulation_key(seed, actor).public() for seed in (1, 2, 11) for actor in ("a", "b", "1a")}
    assert len(kinds) == 9
    assert simulation_key(1, "a").origin == "simulation"


def test_a_key_is_never_shown():
    secret = VECTORS[0][0]
    assert secret not in repr(given_key(bytes.fromhex(secret)))


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_keys_are_read_from_files(tmp_path):
    secret, public, *_ = VECTORS[0]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    file = tmp_path / "key"
    for text in (pem(key), secret.encode(), f" {secret}\n".encode()):
        file.write_bytes(text)
        assert read_key(file).public().hex() == public
        assert read_key(file).origin == "given"
    for text in (public_pem(key), public.encode()):
        file.write_bytes(text)
        assert read_public_key(file).hex() == public


def test_what_is_no_key_is_refused_and_none_is_made_up(tmp_path):
    file = tmp_path / "key"
    key = Ed25519PrivateKey.generate()
    locked = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")
    )
    other = generate_private_key(SECP256R1())
    wrong = [
        b"",
        b"abc",
        b"zz" * 32,
        b"ab" * 31,
        b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----",
        "鍵".encode(),
    ]
    for read, texts in (
        (read_key, [*wrong, locked, pem(other), public_pem(key)]),
        (read_public_key, [*wrong, pem(key), public_pem(other)]),
    ):
        for text in texts:
            file.write_bytes(text)
            with pytest.raises(InputError) as caught:
                read(file)
            assert caught.value.faults[0].code == "key_unreadable"
            assert caught.value.faults[0].place.file == str(file)
        with pytest.raises(InputError):
            read(tmp_path / "nowhere")
    with pytest.raises(InputError):
        given_key(b"short")
