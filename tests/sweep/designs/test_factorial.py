"""Full factorial designs: every combination once, at mid-quantiles."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.sweep.designs import Factorial


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5))
def test_it_is_every_combination_with_the_last_column_fastest(levels):
    wanted = list(product(*([(i + 0.5) / n for i in range(n)] for n in levels)))
    design = Factorial(tuple(levels))
    assert design.points == len(wanted)
    np.testing.assert_array_equal(design.rows(0, design.points), wanted)


def test_many_levels_need_no_memory():
    design = Factorial((1000,) * 20)
    assert design.points == 1000**20
    assert Factorial((10,) * 7).rows(9_999_999, 1).tolist() == [[0.95] * 7]


def test_a_column_without_a_level_is_refused():
    with pytest.raises(ValueError, match="level"):
        Factorial((2, 0))
