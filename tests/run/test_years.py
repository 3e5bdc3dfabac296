"""What measures change over the years: the years before stay as they are, bit for bit, and later ones move as asked."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from cesim.balance.inputs import YARD
from cesim.balance.metal import METALS
from cesim.errors import NoAnswer
from cesim.ledger.substances import ALLOYS
from cesim.quantities import KeyedSource
from cesim.run import prepare
from cesim.run.compile import compile_block
from cesim.run.limits import middle, read_windows
from cesim.run.sampler import Sampler, numbers
from cesim.scenario import open_scenario

BASE = {
    "years.start": 2024, "years.end": 2028, "report.years": [2026, 2028],
    "sorting.share": 0.5, "residue.sorted": 0.6, "dismantling.identified": 0.6, "parts.bumpers.taken": 0.3,
    "remelting.alloys.6016.approved": 0.8,
}  # fmt: skip
STEP = 2027
"""The first year with the new value."""
LANES = 5

MEASURES = {
    "dismantling.transport": (2.0, "aluminium_returned", "plastics_returned"),
    "dismantling.accuracy": (0.99, "aluminium_returned", None),
    "dismantling.price.wrought": (400.0, "aluminium_returned", None),
    "parts.bumper_beams.minutes": (1.0, "aluminium_returned", None),
    "parts.bumpers.minutes": (1.0, None, "plastics_returned"),
    "sorting.recovery": (0.97, "aluminium_returned", None),
    "sorting.cast_wrought": (0.999, "aluminium_returned", None),
    "shredding.free_iron": (0.0, "aluminium_returned", None),
    "shredding.free_copper": (0.0, "aluminium_returned", None),
    "residue.recovery.PP": (0.9, None, "plastics_returned"),
    "compounding.part_yield": (0.99, None, "plastics_returned"),
    "compounding.residue_yield": (0.99, None, "plastics_returned"),
    "compounding.residue_cap": (0.01, None, "plastics_returned"),
    "remelting.loss.sorted-6016": (0.0, "aluminium_returned", None),
    "remelting.alloys.6111.widen.Fe": (1.5, "aluminium_returned", None),
}
"""Path -> its value from the step on, and what it raises: of the metal, of the plastics."""
LOWERS = ("compounding.residue_cap",)
"""Those that take away instead."""


def now(path, scenario):
    """What stands at a path, as one writes it in a file."""
    stands = dict(numbers(scenario)).get(path)
    if stands is None:
        return 1.0  # a factor nobody has written
    told = {name: getattr(stands, name) for name in ("value", "low", "high", "dist", "range")}
    return {name: value for name, value in told.items() if value is not None}


def stepping(path, scenario, value):
    """The change: what stands there up to the year before the step, then another value."""
    return {path: {str(STEP - 1): now(path, scenario), str(STEP): value}}


@pytest.fixture(scope="module")
def plain():
    return open_scenario("tutorial", BASE).scenario


@pytest.fixture(scope="module")
def held():
    with prepare(open_scenario("tutorial", BASE), draws=1, workers=1) as held:
        yield held


@pytest.fixture(scope="module")
def several():
    with prepare(open_scenario("tutorial", BASE), draws=LANES, seed=4, workers=2) as several:
        yield several


def checked(held, path, prove):
    value, metal, plastics = MEASURES[path]
    held.forget()  # or it may be known from a test before
    answer = held.evaluate(stepping(path, held.plan.scenario, value), prove=prove)
    solved = [first for first in answer.solved_from if first is not None]
    assert set(solved) == {STEP}
    at = answer.years.index(STEP)
    np.testing.assert_array_equal(answer.values[..., :at, :], held.base.values[..., :at, :])
    assert (answer.values[..., at:, :] != held.base.values[..., at:, :]).any()
    sign = -1 if path in LOWERS else 1
    for raised in filter(None, (metal, plastics)):
        for year in answer.years[at:]:
            # of the best estimate: a draw may have stood on the other side of the new value before
            more = (answer.lanes(raised, "all", year) - held.base.lanes(raised, "all", year))[0]
            assert sign * more > 0, (raised, year)
    return answer


@pytest.mark.parametrize("path", MEASURES)
def test_years_before_a_step_are_untouched_and_later_ones_move_as_asked(held, path):
    checked(held, path, prove=False)


@pytest.mark.parametrize("path", ["sorting.recovery", "remelting.alloys.6111.widen.Fe"])
def test_the_best_estimate_after_a_step_has_the_bits_of_a_run(held, path):
    assert checked(held, path, prove=True).certificate.passed


@pytest.mark.slow
@pytest.mark.parametrize("path", MEASURES)
def test_draws_after_a_step_have_the_bits_of_a_run(several, path):
    assert checked(several, path, prove=True).certificate.passed


def compiled(scenario):
    return compile_block(scenario, Sampler(KeyedSource(4), 0, LANES)).system


def arrays(system):
    return {
        (room, field.name): getattr(getattr(system, room), field.name)
        for room in ("cars", "treatment", "metal", "plastics")
        for field in fields(getattr(system, room))
        if field.name != "windows"
    }


@pytest.mark.parametrize("path", [path for path in MEASURES if "widen" not in path])
def test_a_step_moves_one_array_from_its_year_on_in_every_draw(plain, path):
    """The draws keep their stream: what stood there is drawn as it was."""
    changed = open_scenario("tutorial", {**BASE, **stepping(path, plain, MEASURES[path][0])}).scenario
    before, after = arrays(compiled(plain)), arrays(compiled(changed))
    moved = [key for key in before if not np.array_equal(before[key], after[key])]
    assert len(moved) == 1
    one, other, at = before[moved[0]], after[moved[0]], STEP - 2024
    np.testing.assert_array_equal(one[:, :at], other[:, :at])
    assert (one[:, at:] != other[:, at:]).reshape(LANES, -1).any(axis=1).all()


def test_a_path_of_one_knot_is_the_constant(plain):
    """In every draw; and a constant is listed without a year, so that the names of draws stay what they were."""
    dated = {
        path: {"2024": now(path, plain), "2028": now(path, plain)} for path in MEASURES if path in dict(numbers(plain))
    }
    before, after = compiled(plain), compiled(open_scenario("tutorial", {**BASE, **dated}).scenario)
    for key, array in arrays(before).items():
        np.testing.assert_array_equal(array, arrays(after)[key], err_msg=str(key))
    assert len(dated) == len(MEASURES) - 1


def test_only_windows_of_the_years_that_are_widened_differ(plain):
    widen = {"remelting.alloys.6016.widen": {"Fe": {"2026": 1.0, "2028": 1.4}}}
    before, after = (read_windows(open_scenario("tutorial", {**BASE, **more}).scenario) for more in ({}, widen))
    sheet, iron = ALLOYS.index("6016"), METALS.index("Fe")
    upper = np.array([year[sheet].upper for year in after.windows])
    own = before.windows[0][sheet].upper
    assert upper[:, iron] == pytest.approx(own[iron] * np.array([1.0, 1.0, 1.0, 1.2, 1.4]))
    assert (np.delete(upper, iron, axis=1) == np.delete(own, iron)).all()
    assert after.windows[0] is after.windows[2]
    assert len({id(year) for year in before.windows}) == 1
    others = [n for n in range(len(ALLOYS)) if n != sheet]
    assert all(after.windows[4][n] is after.windows[0][n] for n in others)


def test_cars_older_than_the_balance_are_made_by_the_limits_of_its_first_year(plain):
    def made(factors):
        scenario = open_scenario("tutorial", {**BASE, "remelting.alloys.6016.widen.Fe": factors}).scenario
        return middle(read_windows(scenario)).of("6016", "Fe")

    old = middle(read_windows(plain)).of("6016", "Fe")
    assert made({"2024": 1.0, "2025": 2.0}) == old
    assert made({"2023": 2.0, "2024": 1.5, "2025": 1.0}) == pytest.approx(1.5 * old)


def test_limits_that_cross_in_a_later_year_are_refused():
    widen = {"remelting.alloys.6016.widen.Si": {"2026": 1.0, "2028": 0.01}}
    with pytest.raises(NoAnswer) as caught:
        read_windows(open_scenario("tutorial", {**BASE, **widen}).scenario)
    assert [(fault.code, fault.arguments["found"]) for fault in caught.value.faults] == [("limits_crossed", "Si")]


def test_metal_lost_is_that_of_the_grade_and_the_year(plain):
    loss = {"2026": 0.04, "2028": 0.02}
    changed = open_scenario("tutorial", {**BASE, "remelting.loss.wheels": loss}).scenario
    own = compiled(changed).metal.loss
    assert own[:, :, YARD.index("wheels")] == pytest.approx(np.tile([0.04, 0.04, 0.04, 0.03, 0.02], (LANES, 1)))
    others = np.delete(own, YARD.index("wheels"), axis=2)
    np.testing.assert_array_equal(others, np.delete(compiled(plain).metal.loss, YARD.index("wheels"), axis=2))


def test_more_years_read_their_own_limits(held):
    widen = {"remelting.alloys.6016.widen.Fe": {"2027": 1.0, "2029": 1.3}}
    longer = held.evaluate({"years.end": 2029, **widen}, prove=True)
    assert longer.years[-1] == 2029
