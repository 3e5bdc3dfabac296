"""Crossed rows against SALib's, and against indices known from theory."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.sweep.designs import CrossedRow, Factor, Saltelli, SaltelliDesign, Sobol

GROUPS = (Factor("a", (0,)), Factor("shares", (1, 2, 4)), Factor("b", (3,)))


def by_salib(factors, base_points, second_order):
    pytest.importorskip("SALib")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SALib.sample import sobol

        columns = sum(len(factor.columns) for factor in factors)
        group = {column: factor.name for factor in factors for column in factor.columns}
        problem = {
            "num_vars": columns,
            "names": [f"x{j}" for j in range(columns)],
            "bounds": [[0.0, 1.0]] * columns,
            "groups": [group[column] for column in range(columns)],
        }
        return sobol.sample(problem, base_points, calc_second_order=second_order, scramble=False)


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("factors", [GROUPS, tuple(Factor(f"x{j}", (j,)) for j in range(6))])
def test_rows_are_crossed_as_salib_crosses_them(factors, second_order):
    theirs = by_salib(factors, 64, second_order)
    layout = Saltelli(factors, second_order)
    assert len(theirs) == layout.rows_of(64)
    base = Sobol(2 * layout.columns, None).rows(0, 64) - 2.0**-31
    a, b = base[:, : layout.columns], base[:, layout.columns :]
    crossed = np.where(layout.from_b, b[:, None], a[:, None]).reshape(-1, layout.columns)
    np.testing.assert_array_equal(crossed, theirs)


@pytest.mark.parametrize("second_order", [False, True])
def test_the_design_is_its_layout_over_a_sobol_sequence(second_order):
    layout = Saltelli(GROUPS, second_order)
    rows = SaltelliDesign(layout, 9).rows(0, layout.rows_of(20))
    base = Sobol(10, 9).rows(0, 20)
    crossed = layout.split(rows)
    np.testing.assert_array_equal(crossed.a, base[:, 0::2])
    np.testing.assert_array_equal(crossed.b, base[:, 1::2])
    for at, factor in enumerate(GROUPS):
        own, others = list(factor.columns), [j for j in range(5) if j not in factor.columns]
        np.testing.assert_array_equal(crossed.ab[:, at, own], crossed.b[:, own])
        np.testing.assert_array_equal(crossed.ab[:, at, others], crossed.a[:, others])
        if second_order:
            np.testing.assert_array_equal(crossed.ba[:, at, own], crossed.a[:, own])
            np.testing.assert_array_equal(crossed.ba[:, at, others], crossed.b[:, others])
    assert (crossed.ba is None) == (not second_order)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.booleans())
def test_a_row_knows_what_it_is(number, second_order):
    layout = Saltelli(GROUPS, second_order)
    row = layout.row(number)
    flat = np.zeros(layout.rows_of(row.base + 1))
    flat[number] = 1.0
    crossed = layout.split(flat)
    held = {"A": crossed.a, "B": crossed.b, "AB": crossed.ab, "BA": crossed.ba}[row.matrix]
    assert held[row.base] == 1.0 if row.factor is None else held[row.base, row.factor] == 1.0
    assert layout.base_points(number) == row.base


def test_rows_in_words():
    layout = Saltelli(GROUPS, second_order=True)
    told = [layout.row(n) for n in (0, 1, 3, 4, 6, 7, 8)]
    assert told == [
        CrossedRow(0, "A", None),
        CrossedRow(0, "AB", 0),
        CrossedRow(0, "AB", 2),
        CrossedRow(0, "BA", 0),
        CrossedRow(0, "BA", 2),
        CrossedRow(0, "B", None),
        CrossedRow(1, "A", None),
    ]


def test_split_values_are_views_with_their_axes_kept():
    layout = Saltelli(GROUPS, second_order=True)
    values = np.arange(layout.rows_of(7) * 2.0).reshape(-1, 2)
    crossed = layout.split(values)
    assert [part.shape for part in crossed] == [(7, 2), (7, 2), (7, 3, 2), (7, 3, 2)]
    assert all(np.shares_memory(part, values) for part in crossed)
    with pytest.raises(ValueError, match="not complete"):
        layout.split(values[:-1])


def test_more_factors_leave_the_base_points_of_the_others_alone():
    few = Saltelli(tuple(Factor(f"x{j}", (j,)) for j in range(4)))
    many = Saltelli(tuple(Factor(f"x{j}", (j,)) for j in range(40)))
    one = few.split(SaltelliDesign(few, 1).rows(0, few.rows_of(16)))
    other = many.split(SaltelliDesign(many, 1).rows(0, many.rows_of(16)))
    np.testing.assert_array_equal(one.a, other.a[:, :4])
    np.testing.assert_array_equal(one.b, other.b[:, :4])


def test_the_indices_of_ishigami_are_found():
    """S1 = 0.3139, 0.4424, 0; ST = 0.5576, 0.4424, 0.2437 (Ishigami and Homma 1990, a = 7, b = 0.1)."""
    layout = Saltelli(tuple(Factor(f"x{j}", (j,)) for j in range(3)))
    z = np.pi * (2.0 * SaltelliDesign(layout, 3).rows(0, layout.rows_of(8192)) - 1.0)
    y = layout.split(np.sin(z[:, 0]) + 7.0 * np.sin(z[:, 1]) ** 2 + 0.1 * z[:, 2] ** 4 * np.sin(z[:, 0]))
    variance = np.var(np.concatenate([y.a, y.b]))
    first = (y.b[:, None] * (y.ab - y.a[:, None])).mean(axis=0) / variance
    total = 0.5 * ((y.a[:, None] - y.ab) ** 2).mean(axis=0) / variance
    np.testing.assert_allclose(first, [0.3139, 0.4424, 0.0], atol=0.01)
    np.testing.assert_allclose(total, [0.5576, 0.4424, 0.2437], atol=0.01)


@pytest.mark.parametrize(
    "factors",
    [(("a", (0,)), ("b", (0,))), (("a", (0,)), ("b", (2,))), (("a", (0,)), ("b", ())), (("a", (0,)), ("a", (1,)))],
)
def test_factors_that_do_not_share_out_the_columns_are_refused(factors):
    with pytest.raises(ValueError, match="factor"):
        Saltelli(factors)
