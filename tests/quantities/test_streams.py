"""Draws depend on seed, name and index, on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Philox

from cesim.quantities import KeyedSource, QuantityError, TableSource, uniforms

COUNT = 20_000


@given(st.integers(0, 2**70), st.text(max_size=20), st.integers(0, 2**65), st.integers(0, 9), st.integers(0, 9))
def test_q10_a_draw_is_the_same_in_any_block(seed, name, first, skipped, count):
    whole = uniforms(seed, name, first, skipped + count)
    np.testing.assert_array_equal(uniforms(seed, name, first + skipped, count), whole[skipped:])


def test_q10_every_draw_alone_is_the_draw_in_its_block():
    whole = uniforms(11, "collection rate", 0, 41)
    alone = [uniforms(11, "collection rate", i, 1)[0] for i in range(41)]
    np.testing.assert_array_equal(whole, alone)


def test_the_draws_of_a_name_are_these_for_ever():
    pinned = [0.055067002941084575, 0.27512191479043857, 0.8018834249182264]
    assert uniforms(2035, "sorting.accuracy", 6, 3).tolist() == pinned


def test_the_words_are_philox_under_a_key_of_seed_and_name():
    from hashlib import blake2b

    digest = blake2b(b"5\0x", digest_size=16, person=b"cesim draws").digest()
    words = Philox(key=int.from_bytes(digest, "little")).random_raw(10)
    wanted = [((int(word) >> 12) + 0.5) / 2**52 for word in words]
    assert uniforms(5, "x", 0, 10).tolist() == wanted


def test_q10_the_interval_is_open_even_for_the_extreme_words(monkeypatch):
    class Extreme:
        def __init__(self, key, counter): ...

        def random_raw(self, count):
            return np.array([0, 2**64 - 1], dtype=np.uint64)[:count]

    monkeypatch.setattr(np.random, "Philox", Extreme)
    least, most = uniforms(0, "x", 0, 2)
    assert 0.0 < least < 1e-15
    assert 1.0 - 1e-15 < most < 1.0
    assert 1.0 - most == least


def test_draws_are_uniform():
    u = np.sort(uniforms(3, "uniform", 0, COUNT))
    distance = np.abs(u - (np.arange(COUNT) + 0.5) / COUNT).max()
    assert distance < 1.95 / np.sqrt(COUNT)  # Kolmogorov-Smirnov, 0.1 %; the draws are fixed


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, "a"), (1, "b")), ((1, "a"), (2, "a")), ((1, "2a"), (12, "a")), ((1, "a"), (1, "a|2020"))],
)
def test_streams_of_another_name_or_seed_are_unrelated(one, other):
    a, b = uniforms(*one, 0, COUNT), uniforms(*other, 0, COUNT)
    assert abs(np.corrcoef(a, b)[0, 1]) < 4.0 / np.sqrt(COUNT)
    assert not np.intersect1d(a[:100], b[:100]).size


def test_neighbouring_draws_are_unrelated():
    u = uniforms(1, "a", 0, COUNT)
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4.0 / np.sqrt(COUNT)


def test_asking_for_another_name_in_between_changes_nothing():
    source = KeyedSource(9)
    before = source.u("b", 0, 50)
    source.u("a", 0, 1000)
    np.testing.assert_array_equal(source.u("b", 0, 50), before)
    np.testing.assert_array_equal(before, uniforms(9, "b", 0, 50))


def test_numpy_integers_are_integers():
    one, seven = np.int64(1), np.int64(7)
    np.testing.assert_array_equal(uniforms(one, "a", seven, one), uniforms(1, "a", 7, 1))


@pytest.mark.parametrize(
    ("code", "given"), [("negative_seed", (-1, 0, 1)), ("negative_draw", (1, -1, 1)), ("negative_draw", (1, 0, -1))]
)
def test_negative_seeds_and_draws_are_refused(code, given):
    seed, first, count = given
    with pytest.raises(QuantityError) as fault:
        uniforms(seed, "a", first, count)
    assert fault.value.code == code


def test_a_design_replaces_the_streams_it_names_and_no_other():
    column = np.linspace(1e-12, 1.0 - 1e-12, 9)
    source = TableSource({"a": column}, KeyedSource(4))
    wanted = column[3:7].copy()
    column[:] = 0.5  # the source keeps its own
    np.testing.assert_array_equal(source.u("a", 3, 4), wanted)
    source.u("a", 3, 4)[:] = 0.5
    np.testing.assert_array_equal(source.u("a", 3, 4), wanted)
    np.testing.assert_array_equal(source.u("b", 3, 40), uniforms(4, "b", 3, 40))


def test_a_design_ends_where_it_ends():
    source = TableSource({"a": np.full(5, 0.5)}, KeyedSource(4))
    assert source.u("a", 2, 3).shape == (3,)
    assert source.u("a", 0, 5).shape == (5,)
    assert source.u("a", 5, 0).shape == (0,)
    with pytest.raises(QuantityError) as fault:
        source.u("a", 2, 4)
    assert (fault.value.code, fault.value.arguments["found"]) == ("column_too_short", 6)
    with pytest.raises(QuantityError, match="negative_draw"):
        source.u("a", -1, 2)


@pytest.mark.parametrize(
    ("code", "column"),
    [
        ("u_out_of_range", [0.5, 0.0]),
        ("u_out_of_range", [1.0]),
        ("u_out_of_range", [np.nan]),
        ("column_not_flat", [[0.5]]),
    ],
)
def test_a_design_column_is_checked(code, column):
    with pytest.raises(QuantityError) as fault:
        TableSource({"a": np.array(column)}, KeyedSource(1))
    assert fault.value.code == code
    assert fault.value.arguments["name"] == "a"
