"""Commitments: the right opening opens, and no other value, field or salt ever does."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.trace.integrity.canonical import canonical_value
from cesim.trace.integrity.commitments import (
    Opening,
    commitment,
    derived_salt,
    fresh_salt,
    opens,
    simulation_secret,
    withhold,
)

SALT = bytes(range(32))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.text(st.characters(codec="utf-8"), max_size=8)


def test_what_is_hashed():
    wanted = sha256(b"cesim commitment 1" + SALT + (5).to_bytes(4, "big") + b"Si_wt" + b"0.8").hexdigest()
    assert commitment("Si_wt", 0.8, SALT) == wanted


@given(NAMES, VALUES, st.binary(min_size=32, max_size=32))
def test_the_right_opening_opens(name, value, salt):
    committed = commitment(name, value, salt)
    assert opens(committed, Opening(name, value, salt))
    assert opens(committed, Opening(name, json.loads(json.dumps(value)), salt))


@given(NAMES, VALUES, NAMES, VALUES)
def test_another_value_or_field_never_opens(name, value, other_name, other_value):
    committed = commitment(name, value, SALT)
    same = name == other_name and canonical_value(value) == canonical_value(other_value)
    assert opens(committed, Opening(other_name, other_value, SALT)) == same


@given(st.integers(0, 31), st.integers(1, 255))
def test_another_salt_never_opens(place, flip):
    wrong = bytearray(SALT)
    wrong[place] ^= flip
    assert not opens(commitment("a", 1, SALT), Opening("a", 1, bytes(wrong)))


def test_field_and_value_cannot_be_shifted_into_one_another():
    assert commitment("a1", 1, SALT) != commitment("a", 11, SALT)
    assert commitment("", "a", SALT) != commitment('"a"', "", SALT)


@pytest.mark.parametrize(
    "opening",
    [
        Opening("a", float("nan"), SALT),
        Opening("a", object(), SALT),
        Opening("a", 1, b"short"),
        Opening("\ud800", 1, SALT),
    ],
)
def test_what_is_no_opening_opens_nothing(opening):
    assert not opens(commitment("a", 1, SALT), opening)
    assert not opens("ö", Opening("a", 1, SALT))
    with pytest.raises(InputError) as caught:
        commitment(opening.name, opening.value, opening.salt)
    assert str(caught.value)


def test_salts_are_fresh_or_follow_from_a_secret():
    assert len({fresh_salt() for _ in range(50)}) == 50
    secret = simulation_secret(1, "a")
    assert derived_salt(secret, "lot 1", "Si") == derived_salt(secret, "lot 1", "Si")
    kinds = [(secret, "lot 1", "Si"), (secret, "lot 1", "Fe"), (secret, "lot 2", "Si"), (secret, "lot 1S", "i")]
    kinds += [(simulation_secret(1, "b"), "lot 1", "Si"), (simulation_secret(2, "a"), "lot 1", "Si")]
    assert len({derived_salt(*kind) for kind in kinds}) == len(kinds)
    with pytest.raises(InputError):
        derived_salt(b"short", "lot 1", "Si")


@given(st.dictionaries(NAMES, VALUES, max_size=6), st.sets(NAMES, max_size=4))
def test_withheld_fields_are_gone_and_can_be_opened(record, others):
    names = others | set(list(record)[::2])
    shown, commitments, openings = withhold(record, names, SALT, "lot 1")
    assert set(shown) == set(record) - names
    assert set(commitments) == set(openings) == set(record) & names
    assert {**shown, **{name: kept.value for name, kept in openings.items()}} == record
    for name, committed in commitments.items():
        assert opens(committed, openings[name])
        assert sum(opens(committed, opening) for opening in openings.values()) == 1
