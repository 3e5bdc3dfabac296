"""Rows as single numbers: equal where rows are equal, and in their order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cesim.trace.platforms.packing import distinct, first_of, packed

ROWS = st.one_of(
    arrays.arrays(np.int64, st.tuples(st.integers(0, 30), st.integers(1, 4)), elements=st.integers(-3, 3)),
    arrays.arrays(np.int64, st.tuples(st.integers(0, 30), st.integers(1, 4)), elements=st.integers(-(2**60), 2**60)),
)


@given(ROWS)
def test_rows_are_found_as_by_sorting_whole_rows(rows):
    found, first, place = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    columns = rows.T
    number = packed(*columns)
    np.testing.assert_array_equal(np.unique(number, return_inverse=True)[1], place.ravel())
    np.testing.assert_array_equal(first_of(*columns), np.sort(first))
    np.testing.assert_array_equal(np.stack(distinct(*columns), axis=1), found)
