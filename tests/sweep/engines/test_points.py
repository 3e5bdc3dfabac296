"""Which option of a sampled lever a future takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cesim.sweep.designs import Sobol
from cesim.sweep.engines.points import Choice

INSIDE = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 50), hnp.arrays(np.float64, st.integers(1, 20), elements=INSIDE))
def test_one_of_the_options_is_always_taken_and_order_follows_probability(options, u):
    taken = Choice("lever", options).taken(np.sort(u))
    assert ((taken >= 0) & (taken < options)).all()
    assert (np.diff(taken) >= 0).all()


@pytest.mark.parametrize("options", [1, 2, 3, 5, 7, 10])
def test_each_option_has_an_equal_part_of_the_probabilities(options):
    choice = Choice("lever", options)
    taken = choice.taken(Sobol(1, 4).rows(0, 4096)[:, 0])
    np.testing.assert_allclose(np.bincount(taken, minlength=options), np.full(options, 4096 / options), atol=1.5)
    assert choice.taken(np.array([1e-300, 1.0 - 2.0**-53])).tolist() == [0, options - 1]
    assert choice.taken((np.arange(options) + 0.5) / options).tolist() == list(range(options))
