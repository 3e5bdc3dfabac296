"""Designs by name and size, and why some cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from cesim.errors import InputError, Place
from cesim.sweep.designs import (
    KINDS,
    Correlated,
    Factor,
    Factorial,
    Hypercube,
    MonteCarlo,
    MorrisDesign,
    SaltelliDesign,
    Sobol,
    declared,
    design_of,
    layout_of,
    points_of,
    remarks_on,
)
from cesim.text import hints, message

FACTORS = (("a", (0,)), ("shares", (1, 2)))


@pytest.mark.parametrize(
    ("kind", "made", "points"),
    [
        ("sobol", Sobol, 16),
        ("hypercube", Hypercube, 16),
        ("monte_carlo", MonteCarlo, 16),
        ("factorial", Factorial, 64),
        ("saltelli", SaltelliDesign, 64),
        ("morris", MorrisDesign, 48),
    ],
)
def test_a_design_by_its_name(kind, made, points):
    design = design_of(kind, FACTORS, 3, 16)
    assert type(design) is made
    assert design.columns == 3
    assert points_of(design, 16) == points
    assert design.rows(0, points).shape == (points, 3)
    assert kind in KINDS
    together = Correlated(design, ("a", "b", "c"), declared({("b", "c"): 0.5}))
    assert points_of(together, 16) == points
    assert layout_of(together) is layout_of(design) is getattr(design, "layout", None)


def test_what_is_asked_is_what_is_made():
    assert points_of(design_of("saltelli", FACTORS, 3, 16, second_order=True), 16) == 96
    assert design_of("factorial", FACTORS, 3, levels=(2, 1, 5)) == Factorial((2, 1, 5))
    assert design_of("hypercube", FACTORS, 3, 9) == Hypercube(3, 9, 3)
    assert design_of("morris", FACTORS, 3, 9, levels=6).layout.levels == 6
    assert design_of("morris", FACTORS, 3, 9).layout.factors == (Factor("a", (0,)), Factor("shares", (1, 2)))
    np.testing.assert_array_equal(design_of("sobol", FACTORS, 3, 9).rows(0, 9), Sobol(3, 3).rows(0, 9))


WRONG = [
    (("sobl", FACTORS, 0, 16), {}, ["sweep_design_unknown"]),
    (("sobol", FACTORS, 0, 1), {}, ["sweep_sobol_too_small"]),
    (("monte_carlo", FACTORS, 0, -1), {}, ["sweep_monte_carlo_too_small"]),
    (("hypercube", FACTORS, 0, 1), {}, ["sweep_hypercube_too_small"]),
    (("saltelli", FACTORS, 0, 1), {}, ["sweep_saltelli_too_small"]),
    (("morris", FACTORS, 0, 1), {}, ["sweep_morris_too_small"]),
    (("factorial", FACTORS, 0), {"levels": 1}, ["sweep_factorial_too_small"]),
    (("factorial", FACTORS, 0), {"levels": 216}, ["sweep_factorial_too_large"]),
    (("factorial", tuple((f"x{j}", (j,)) for j in range(600)), 0), {"levels": 10}, ["sweep_factorial_too_large"]),
    (("factorial", FACTORS, 0), {"levels": (2, 2)}, ["sweep_factorial_columns"]),
    (("factorial", FACTORS, 0), {"levels": (2, 0, 3)}, ["sweep_factorial_levels"]),
    (("morris", FACTORS, 0, 8), {"levels": 5}, ["sweep_morris_levels"]),
    (("morris", FACTORS, 0, 8), {"levels": (4, 4, 4)}, ["sweep_morris_levels"]),
    (("sobol", FACTORS, 0, 2**30 + 1), {}, ["sweep_design_too_large"]),
    (("saltelli", FACTORS, 0, 2**30 + 1), {}, ["sweep_design_too_large"]),
    (("hypercube", FACTORS, 0, 10_000_001), {}, ["sweep_design_too_large"]),
    (("sobol", (("x", tuple(range(21_202))),), 0, 8), {}, ["sweep_design_too_wide"]),
    (("saltelli", (("x", tuple(range(10_601))),), 0, 8), {}, ["sweep_design_too_wide"]),
    (("sobol", (), 0, 0), {}, ["sweep_design_no_columns", "sweep_sobol_too_small"]),
    (("factorial", (), 0), {}, ["sweep_design_no_columns"]),
]


@pytest.mark.parametrize(("asked", "more", "codes"), WRONG)
def test_a_design_that_cannot_be_is_told_with_its_remedy(asked, more, codes):
    place = Place("study.yaml", 4, 3)
    with pytest.raises(InputError) as caught:
        design_of(*asked, **more, place=place)
    assert [fault.code for fault in caught.value.faults] == codes
    for fault in caught.value.faults:
        assert fault.place == place
        for lang in ("ja", "en"):
            told = message(fault, lang)
            assert fault.code not in told
            assert "?" not in told
            assert hints(fault, lang)
            assert not any("?" in hint for hint in hints(fault, lang))
        assert len(message(fault, "en")) < 160


def test_the_edges_that_can_be():
    for kind in ("sobol", "hypercube", "monte_carlo", "saltelli", "morris"):
        assert points_of(design_of(kind, FACTORS, 0, 2), 2) >= 2
    assert design_of("factorial", FACTORS, 0, levels=215).points == 215**3
    assert design_of("morris", FACTORS, 0, 2, levels=2).layout.levels == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_that_is_no_power_of_two_gets_a_word_where_that_matters(kind):
    assert remarks_on(kind, 1024) == ()
    told = remarks_on(kind, 1000, Place("study.yaml"))
    if kind not in ("sobol", "saltelli"):
        assert told == ()
        return
    (remark,) = told
    assert remark.arguments == {"found": 1000, "below": 512, "above": 1024}
    assert "1000 is no power of two" in message(remark, "en")
    assert hints(remark, "ja") == ("近いのは 512 と 1024 です。",)
