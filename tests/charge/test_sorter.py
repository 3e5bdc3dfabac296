"""Sorters: what goes in comes out, under whatever name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.charge import Sorter
from cesim.errors import NoAnswer
from cesim.text import message


@st.composite
def sorters(draw):
    size = draw(st.integers(1, 5))
    rows = np.array(
        draw(st.lists(st.lists(st.floats(0.01, 1), min_size=size, max_size=size), min_size=size, max_size=size))
    )
    return Sorter(tuple("abcde"[:size]), rows / rows.sum(axis=1, keepdims=True), 5.0, 3000.0)  # fmt: skip


@given(sorters(), st.lists(st.just(0.0) | st.floats(1e-9, 1e5), min_size=5, max_size=5))
def test_a_sorter_conserves_mass(sorter, feed):
    feed = np.array(feed[: len(sorter.classes)])
    masses, purity, recovery = sorter.split(feed, empty=1.0)
    assert masses.sum() == pytest.approx(feed.sum(), rel=1e-12)
    np.testing.assert_allclose(sorter.flows(feed).sum(axis=1), feed, rtol=1e-12)
    np.testing.assert_allclose(purity * masses, recovery * feed, rtol=1e-9, atol=1e-300)
    assert ((purity >= 0) & (purity <= 1 + 1e-12)).all()


def test_rows_are_what_is_there_and_columns_what_it_is_called():
    sorter = Sorter(("cast", "wrought"), [[1.0, 0.0], [0.25, 0.75]], 5.0, 3000.0)
    np.testing.assert_allclose(sorter.flows([4.0, 8.0]), [[4.0, 0.0], [2.0, 6.0]])
    masses, purity, recovery = sorter.split([4.0, 8.0])
    np.testing.assert_allclose(masses, [6.0, 6.0])
    np.testing.assert_allclose(purity, [4 / 6, 1.0])
    np.testing.assert_allclose(recovery, [1.0, 0.75])
    assert sorter.hours([4.0, 8.0]) == pytest.approx(2.4)
    assert sorter.bill([4.0, 8.0]) == pytest.approx(36_000.0)


def test_many_feeds_at_once():
    sorter = Sorter(("a", "b"), [[0.9, 0.1], [0.2, 0.8]], 5.0, 0.0)
    feeds = np.array([[1.0, 2.0], [3.0, 4.0], [0.5, 0.1]])
    together = sorter.split(feeds)
    for at, feed in enumerate(feeds):
        np.testing.assert_allclose(together.masses[at], sorter.split(feed).masses)
        np.testing.assert_allclose(together.purity[at], sorter.split(feed).purity)
    assert sorter.hours(feeds).shape == (3,)


def test_an_empty_bin_has_no_purity():
    sorter = Sorter(("a", "b"), np.eye(2), 5.0, 0.0)
    with pytest.raises(NoAnswer) as caught:
        sorter.split([1.0, 0.0])
    assert "b" in message(caught.value.faults[0], "en")
    np.testing.assert_array_equal(sorter.split([1.0, 0.0], empty=0.0).purity, [1.0, 0.0])


@pytest.mark.parametrize(("key", "size"), [("al.libs.confusion.family", 5), ("al.libs.confusion.6xxx", 5)])
def test_a_matrix_of_the_table(key, size):
    sorter = Sorter.named(key, throughput=5.5, cost=4000.0)
    assert sorter.confusion.shape == (size, size)
    assert {row.status for row in sorter.rows} == {"unverified"}
    assert np.diag(sorter.confusion).min() > 0.8


def test_a_cell_of_the_table_stands_in_its_place():
    sorter = Sorter.named("al.libs.confusion.family", throughput=5.5, cost=4000.0)
    true, called = sorter.classes.index("1xxx_3xxx"), sorter.classes.index("6xxx")
    assert sorter.confusion[true, called] == 0.05
    assert sorter.confusion[called, true] == 0.03
