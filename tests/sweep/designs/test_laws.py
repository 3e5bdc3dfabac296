"""What holds for every design: a point is the same in any company, and lies strictly inside the cube."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.sweep.designs import (
    Correlated,
    Factor,
    Factorial,
    Hypercube,
    MonteCarlo,
    Morris,
    MorrisDesign,
    Saltelli,
    SaltelliDesign,
    Sobol,
    Table,
    declared,
)

POINTS = 720


def singles(columns):
    return tuple(Factor(f"x{j}", (j,)) for j in range(columns))


def correlated(columns, seed):
    pairs = {("x0", "x1"): 0.5, ("x1", "x2"): -0.3}
    return Correlated(MonteCarlo(columns, seed), tuple(f"x{j}" for j in range(columns)), declared(pairs))


MADE = {
    "sobol": Sobol,
    "plain sobol": lambda columns, _: Sobol(columns, None),
    "monte carlo": MonteCarlo,
    "hypercube": lambda columns, seed: Hypercube(columns, POINTS, seed),
    "saltelli": lambda columns, seed: SaltelliDesign(Saltelli(singles(columns), second_order=False), seed),
    "saltelli of pairs": lambda columns, seed: SaltelliDesign(Saltelli(singles(columns), second_order=True), seed),
    "morris": lambda columns, seed: MorrisDesign(Morris(singles(columns), 6, seed)),
    "correlated": correlated,
    "factorial": lambda columns, _: Factorial((2, 3, 4, 5, 6)[:columns] + (1,) * (columns - 5)),
    "table": lambda columns, seed: Table(
        tuple(f"x{j}" for j in range(columns)), np.random.default_rng(seed).uniform(0.1, 0.9, (POINTS, columns))
    ),
}
CHUNKS = st.lists(st.tuples(st.integers(0, POINTS - 1), st.integers(0, 300)), min_size=1, max_size=5)


@pytest.mark.parametrize("name", MADE)
@settings(max_examples=25, deadline=None)
@given(CHUNKS, st.integers(0, 3))
def test_a_point_is_the_same_whatever_is_asked_before_or_beside_it(name, chunks, seed):
    whole = MADE[name](5, seed).rows(0, POINTS)
    asked = MADE[name](5, seed)
    for first, count in chunks:
        np.testing.assert_array_equal(asked.rows(first, min(count, POINTS - first)), whole[first : first + count])


@pytest.mark.parametrize("name", MADE)
def test_points_lie_strictly_inside_and_carry_the_shape_asked_for(name):
    design = MADE[name](5, 7)
    rows = design.rows(0, POINTS)
    assert rows.shape == (POINTS, 5)
    assert rows.dtype == np.float64
    assert ((rows > 0.0) & (rows < 1.0)).all()
    assert design.columns == 5
    assert design.rows(3, 0).shape == (0, 5)


@pytest.mark.parametrize("name", MADE)
def test_a_design_crosses_to_another_process(name):
    design = MADE[name](5, 7)
    fresh = pickle.loads(pickle.dumps(design))
    np.testing.assert_array_equal(fresh.rows(100, 200), design.rows(100, 200))
    used = pickle.loads(pickle.dumps(design))
    np.testing.assert_array_equal(used.rows(0, POINTS), design.rows(0, POINTS))


@pytest.mark.parametrize("name", ["sobol", "monte carlo", "hypercube", "correlated"])
@pytest.mark.parametrize("more", [6, 64, 65, 130])
def test_more_columns_leave_the_earlier_ones_alone(name, more):
    np.testing.assert_array_equal(MADE[name](more, 3).rows(40, 100)[:, :5], MADE[name](5, 3).rows(40, 100))


@pytest.mark.parametrize("name", ["sobol", "monte carlo", "hypercube", "saltelli", "morris", "correlated"])
def test_another_seed_makes_other_points(name):
    assert not (MADE[name](5, 1).rows(0, 64) == MADE[name](5, 2).rows(0, 64)).all(axis=0).any()


@pytest.mark.parametrize("name", ["sobol", "monte carlo", "hypercube"])
def test_columns_beyond_the_width_of_a_stream_are_all_different(name):
    rows = MADE[name](200, 1).rows(0, 50)
    assert len({column.tobytes() for column in rows.T}) == 200


@pytest.mark.parametrize("name", MADE)
def test_a_point_that_is_not_there_is_refused(name):
    design = MADE[name](5, 1)
    with pytest.raises(ValueError, match="negative"):
        design.rows(-1, 2)
    with pytest.raises(ValueError, match="negative"):
        design.rows(1, -2)
    if design.points is not None:
        with pytest.raises(ValueError, match=f"has {design.points}"):
            design.rows(design.points - 1, 2)


def test_which_designs_go_on():
    assert {name for name, make in MADE.items() if make(5, 1).points is not None} == {"hypercube", "factorial", "table"}
