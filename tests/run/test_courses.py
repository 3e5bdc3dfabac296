"""Strands of courses are found by the longest beginning in common, and let go in the order of their use."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from cesim.run.courses import SHARE, Strand, Strands

SIZE = 8 * 10


def course(value):
    return SimpleNamespace(compounded=np.full((1, 1, 10, 1), float(value)))


def trail(text):
    """One mark for every letter, which stands for all before it too."""
    return tuple(text[: n + 1].encode() for n in range(len(text)))


def kept(strands, text, value):
    return strands.keep(trail(text), course(value))


def found(strands, text):
    own, year = strands.find(trail(text))
    return None if own is None else float(own.arrays["compounded"].flat[0]), year


@pytest.fixture
def strands():
    """Room for three strands."""
    return Strands("plastics", int(3 * SIZE / SHARE["plastics"]))


def test_the_longest_beginning_is_found(strands):
    assert found(strands, "abcd") == (None, 0)
    kept(strands, "abcd", 1)
    kept(strands, "abxy", 2)
    assert found(strands, "abcd") == (1, 3)
    assert found(strands, "abxz") == (2, 2)
    assert found(strands, "abzz") == (1, 1)
    assert found(strands, "zbcd") == (None, 0)
    assert strands.solved == 2


def test_what_was_used_longest_ago_goes_but_never_the_first(strands):
    for value, text in enumerate(("abcd", "abxy", "abuv")):
        kept(strands, text, value)
    found(strands, "abxy")
    kept(strands, "abst", 3)
    assert found(strands, "abuv") == (0, 1)
    assert found(strands, "abxy") == (1, 3)
    assert found(strands, "abcd") == (0, 3)


def test_what_is_let_go_leaves_no_mark(strands):
    kept(strands, "abcd", 0)
    kept(strands, "qrst", 1)
    strands.forget()
    assert found(strands, "qrst") == (None, 0)
    assert found(strands, "abcd") == (0, 3)
    assert set(strands._through) == set(trail("abcd"))


def test_what_is_worked_out_is_worked_out_once_for_the_same_givens():
    strand, made = Strand({"compounded": np.zeros(4)}), []

    def make():
        made.append(1)
        return np.full(3, len(made))

    for given in ("a", "a", "b"):
        value = strand.figure("own", given, make)
    assert len(made) == 2
    assert value[0] == 2
    assert strand.size == 8 * (4 + 3)
    part = strand.arrays["compounded"][1:]
    strand.figure("part", None, lambda: part)
    assert strand.size == 8 * (4 + 3)


def test_sums_are_laid_out_as_they_are_read():
    sums = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    own = Strands("plastics", 1000).keep(trail("ab"), SimpleNamespace(compounded=sums)).arrays["compounded"]
    np.testing.assert_array_equal(own, sums)
    assert own.transpose(2, 3, 0, 1).flags.c_contiguous
