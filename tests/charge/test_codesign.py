"""Grade and alloy drawn up together: slow twins of what is fast, and what must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    CoDesign,
    Energy,
    Furnace,
    SamplingPlan,
    ScrapGrade,
    ScrapSource,
)
from cesim.charge.accepted import moments_of
from cesim.charge.chance import Materials
from cesim.charge.cone import solve_cone, verify_cone
from cesim.charge.designs import _undominated
from cesim.charge.verdict import judge
from cesim.charge.window import Window
from cesim.errors import InputError, NoAnswer
from cesim.text import message

ELEMENTS = ("Si", "Fe", "Cu")
MEANS = {"clean": [0.006, 0.002, 0.0006], "mixed": [0.009, 0.0035, 0.0012], "dirty": [0.012, 0.006, 0.003]}
SOURCES = [
    ScrapSource.lognormal(name, mean, [0.3] * 3, 0.2, ELEMENTS, lot_mass=10.0, within_yard=0.3 * (name == "mixed"))
    for name, mean in MEANS.items()
]
YIELDS = {"P1020": 0.99, "silicon": 1.0, "clean": 0.97, "mixed": 0.95, "dirty": 0.93}
ADDITIONS = (
    Addition("P1020", {"Si": 0.0005, "Fe": 0.0012}, 400_000, 10.0),
    Addition("silicon", {"Si": 1.0}, 500_000, 5.0),
)
FURNACE = Furnace(20.0, Energy(3.0, 2000.0, 0.05), yields=YIELDS, additions=ADDITIONS)
GRADE = ScrapGrade("clip", upper={"Si": 0.014, "Fe": 0.005, "Cu": 0.002})
ALLOY = AlloyLimits("6xxx", ELEMENTS, [0.005, 0.0, 0.0], [0.011, 0.0032, 0.0012])
PLAN = SamplingPlan(1, 10.0, 1.0, 10.0, AssayError(0.1), 0.0, minimum_mass=0.0)


def design(**changed):
    given = {
        "grade": GRADE, "alloy": ALLOY, "sources": SOURCES, "plan": PLAN, "furnace": FURNACE,
        "supplies": dict.fromkeys(MEANS, 3000.0), "prices": {"clean": 260_000, "mixed": 230_000, "dirty": 200_000},
        "co2": dict.fromkeys(MEANS, 0.4), "demand": 10_000.0, "lots_per_heat": 4, "margin": 3.0,
        "levels": [0.5, 0.8, 1.0, 1.5], "widening": [0.9, 1.0, 1.2, 1.6], "widened": ("Fe", "Cu"),
        "lots": 20_000, "heats": 1_000, **changed,
    }  # fmt: skip
    return CoDesign(**given)


@pytest.fixture(scope="module")
def plain():
    return design()


def test_prefix_moments_are_those_of_the_lots_each_level_takes(plain):
    for table, pool in zip(plain.tables, plain.pools, strict=True):
        for at, level in enumerate(plain.levels):
            taken = moments_of(table, judge(table, GRADE.scaled(level)).taken)
            assert pool.share[at] == pytest.approx(taken.share[0], abs=2 / 20_000)
            if not pool.count[at]:
                continue
            np.testing.assert_allclose(pool.mean[at], taken.means[0], rtol=2e-4)
            np.testing.assert_allclose(pool.covariance[at], taken.covariances[0], rtol=5e-3, atol=1e-12)


def test_the_heats_of_a_design_one_by_one(plain):
    """Against the furnace and the alloy themselves, heat by heat."""
    grid = plain.grid()
    level, width = 2, 3
    scrap = plain.scrap_of_heats(level)
    alloy = ALLOY.widened({"Fe": 1.6, "Cu": 1.6})
    held = np.array([addition.content(ELEMENTS) for addition in ADDITIONS])
    mix = grid.mix[level, width]
    melts = [FURNACE.melt(mix, np.vstack([heat, held]), ELEMENTS, grid.names) for heat in scrap[:300]]
    off = [not alloy.meets(melt.fraction, rounded=False) for melt in melts]
    part = replace(plain, heats=300)
    np.testing.assert_array_equal(part.scrap_of_heats(level)[:10].shape, scrap[:10].shape)
    assert melts[0].mass == pytest.approx(1.0)
    every = [not alloy.meets(FURNACE.melt(mix, np.vstack([h, held]), ELEMENTS, grid.names).fraction) for h in scrap]
    assert np.mean(every) == grid.risk[level, width]
    assert np.mean(off) == pytest.approx(grid.risk[level, width], abs=0.02)


def test_every_charge_passes_its_gate_and_keeps_its_stocks(plain):
    grid = plain.grid()
    supply = np.array([3000.0] * 3)
    assert (grid.mix[..., :3] <= grid.accepted[:, None] * supply / 10_000 + 1e-9).all()
    melt = grid.mix @ np.array([YIELDS[name] for name in grid.names])
    np.testing.assert_allclose(melt, 1.0, rtol=1e-9)
    np.testing.assert_allclose(grid.recycled_content, grid.mix[..., :3] @ [0.97, 0.95, 0.93], rtol=1e-12)
    pool = plain.pools
    means, spread = (np.array([getattr(p, name)[2] for p in pool]) for name in ("mean", "covariance"))
    materials = plain.materials(grid.accepted[2], means, spread * plain.spread_of_lots[:, None, None])
    programme = materials.programme(plain.window, plain.limits(1.0), 3.0, materials.aims["cost"])
    assert verify_cone(programme, solve_cone(programme)).holds


@pytest.mark.parametrize("goal", ["recycled", "cost", "co2"])
def test_widening_never_makes_the_goal_worse(goal):
    grid = design(goal=goal).grid()
    told = {"recycled": -grid.recycled_content, "cost": grid.cost, "co2": grid.co2}[goal]
    assert (np.diff(told, axis=1) <= 3e-5 * np.abs(told[:, 1:])).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0.7, 3.0), min_size=2, max_size=4, unique=True).map(sorted), st.floats(0.0, 5.0))
def test_widening_never_lowers_recycled_content_with_a_fixed_margin(widths, margin):
    grid = design(widening=widths, margin=margin, levels=[0.7, 1.3], lots=500, heats=10).grid()
    assert (np.diff(grid.recycled_content, axis=1) >= -3e-5).all()


def test_the_order_of_sources_and_limits_changes_nothing(plain):
    turned = design(
        sources=SOURCES[::-1],
        grade=ScrapGrade("clip", upper=dict(reversed(GRADE.upper.items()))),
        alloy=replace(ALLOY, elements=ELEMENTS[::-1], lower=ALLOY.lower[::-1], upper=ALLOY.upper[::-1]),
    ).grid()
    grid = plain.grid()
    np.testing.assert_allclose(turned.recycled_content, grid.recycled_content, rtol=1e-4)
    np.testing.assert_allclose(turned.cost, grid.cost, rtol=1e-3)
    assert np.abs(turned.risk - grid.risk).max() <= 0.002


def test_each_side_binds_where_it_is_short():
    narrow_gate = design(levels=[0.4], widening=[3.0]).grid().binding[0, 0]
    narrow_alloy = design(levels=[3.0], widening=[0.5]).grid().binding[0, 0]
    short = design(levels=[9.0], widening=[9.0], widened=ELEMENTS, supplies=dict.fromkeys(MEANS, 100.0)).grid()
    assert narrow_gate == "grade"
    assert narrow_alloy in ("alloy Fe", "alloy Cu")
    assert short.binding[0, 0] == "supply"


def test_what_cannot_be_charged_is_a_row_with_its_reason():
    pure = replace(ALLOY, upper=np.array([0.011, 0.0005, 0.0012]))
    grid = design(alloy=pure, widening=[1.0, 4.0]).grid()
    assert np.isnan(grid.recycled_content[:, 0]).all()
    assert np.isnan(grid.risk[:, 0]).all()
    assert all("Fe" in why and why.startswith("no charge") for why in grid.binding[:, 0])
    assert np.isfinite(grid.recycled_content[:, 1]).all()
    with pytest.raises(NoAnswer, match="no charge at all"):
        design(alloy=pure).costliest_limit()


def test_the_front_is_what_nothing_beats(plain):
    front, grid = plain.front(), plain.grid()
    assert 1 <= len(front) <= grid.cost.size
    for row in front:
        better = (
            (grid.recycled_content >= row["recycled_content"]) & (grid.cost <= row["cost"]) & (grid.co2 <= row["co2"])
            & (grid.risk <= row["risk"]) & (grid.widening[None, :] < row["widening"])
        )  # fmt: skip
        assert not better.any()
    assert [row["recycled_content"] for row in front] == sorted((r["recycled_content"] for r in front), reverse=True)
    assert len(plain.front(["recycled_content"])) >= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=20))
def test_undominated_rows_one_pair_at_a_time(rows):
    array = np.array(rows, dtype=float)
    slow = [
        at for at, own in enumerate(rows)
        if not any(all(a <= b for a, b in zip(o, own, strict=True)) and o != own for o in rows)
    ]  # fmt: skip
    assert _undominated(array).tolist() == slow


def test_the_costliest_limit_is_worth_what_moving_it_brings():
    plenty = {"demand": 6_000.0}
    found = design(**plenty).costliest_limit(widening=0.9)
    assert [limit.tonnes for limit in found] == sorted((limit.tonnes for limit in found), reverse=True)
    best = next(limit for limit in found if limit.side == "alloy")
    moved = replace(
        ALLOY.widened({"Fe": 0.9, "Cu": 0.9}),
        upper=ALLOY.upper * [1, 0.9, 0.9] + 1e-4 * np.array([element == best.name for element in ELEMENTS]),
    )
    before = design(levels=[1.0], widening=[0.9], **plenty).grid()
    after = design(alloy=moved, levels=[1.0], widening=[1.0], **plenty).grid()
    expected = 6_000 * (after.recycled_content - before.recycled_content)[0, 0]
    assert best.tonnes > 0
    assert best.tonnes == pytest.approx(expected, rel=2e-3)
    assert {limit.side for limit in found} == {"grade", "alloy"}
    assert all(limit.tonnes >= -0.5 for limit in found if limit.side == "alloy")


def test_margins_follow_the_furnace():
    """What the margin takes for the spread of a line is that of simulated heats, with recoveries and with yields."""
    furnace = Furnace(
        20.0, Energy(0.0, 0.0, 0.0), additions=ADDITIONS, recoveries={"Si": 0.98, "Fe": 1.0, "Cu": 1.0, "Al": 0.95}
    )
    window = Window.of(ALLOY, ELEMENTS)
    for of in (furnace, FURNACE):
        source = SOURCES[0]
        materials = Materials(
            of, ELEMENTS, ("clean",), source.mean()[None], source.covariance()[None], np.array([1.0]), np.array([0.0]),
            np.array([np.inf]),
        )  # fmt: skip
        drawn = source.draw(np.random.default_rng(0), 50_000)
        content, mass = of.transfer(drawn[:, None], ELEMENTS, ("clean",))
        np.testing.assert_allclose(materials.content_of(drawn[:, None])[0], content, rtol=1e-9)
        over = window.over(content[:, 0], mass[:, 0]).std(axis=0)
        np.testing.assert_allclose(materials.spread(window, window.limits)[:, 0], over, rtol=0.02)


WRONG = [
    ({"levels": [1.0, 0.5]}, "charge_not_rising", "levels"),
    ({"levels": []}, "charge_shape", "levels"),
    ({"levels": [float("nan")]}, "charge_not_finite", "levels"),
    ({"widening": [0.0, 1.0]}, "charge_out_of_range", "widening"),
    ({"widened": ("Zn",)}, "charge_unknown_name", "widened"),
    ({"supplies": {"clean": 1.0}}, "charge_unnamed", "supplies"),
    ({"supplies": dict.fromkeys(MEANS, -1.0)}, "charge_out_of_range", "supplies.clean"),
    ({"prices": {**dict.fromkeys(MEANS, 1.0), "x": 1.0}}, "charge_unknown_name", "prices"),
    ({"demand": 0.0}, "charge_out_of_range", "demand"),
    ({"margin": -1.0}, "charge_out_of_range", "margin"),
    ({"lots_per_heat": 0}, "charge_out_of_range", "lots_per_heat"),
    ({"goal": "best"}, "charge_unknown_name", "goal"),
    ({"sources": []}, "charge_empty", "sources"),
    ({"grade": ScrapGrade("x", upper={"Zn": 0.1})}, "charge_not_measured", "Zn"),
    ({"grade": ScrapGrade("x", moisture=0.1)}, "charge_no_limits", "upper"),
    ({"furnace": Furnace(1.0, Energy(0, 0, 0), yields=1.0)}, "charge_empty", "furnace.additions"),
]


@pytest.mark.parametrize(("changed", "code", "field"), WRONG, ids=[f"{code} {field}" for _, code, field in WRONG])
def test_what_cannot_be_is_refused_with_object_and_field(changed, code, field):
    with pytest.raises(InputError) as refused:
        design(**changed)
    faults = [fault for fault in refused.value.faults if fault.code == code and fault.arguments["field"] == field]
    assert faults
    for language in ("ja", "en"):
        assert str(faults[0].arguments["object"]) in message(faults[0], language)


def test_an_unknown_objective_is_refused(plain):
    with pytest.raises(InputError, match="objectives"):
        plain.front(["beauty"])


def test_a_gate_that_takes_nothing_is_what_stops_more_and_so_is_nothing_that_comes():
    shut = replace(design(), grade=ScrapGrade("shut", upper={"Fe": 1e-6}))
    assert set(shut.grid().binding.ravel()) == {"grade"}
    empty = replace(design(), supplies=dict.fromkeys(design().names, 0.0))
    assert set(empty.grid().binding.ravel()) == {"supply"}
