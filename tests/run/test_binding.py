"""What a step of a limit is told to be worth is what moving the limit does.

Every check melts one year of the tutorial twice, the second time with one upper limit moved, from the same yard.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cesim.balance.chain import Limits, solve
from cesim.balance.metal import METALS, Melting
from cesim.ledger.flows import Edges
from cesim.ledger.substances import ALLOYS, SIX_THOUSAND
from cesim.run import simulate
from cesim.run.accumulate import Series
from cesim.run.binding import NO_HEAT, STEP, keep, limits_frame
from cesim.run.compile import compile_block
from cesim.run.sampler import Sampler
from cesim.run.solve import Plan
from cesim.scenario import open_scenario

TUTORIAL = Path(__file__).parents[2] / "scenarios" / "tutorial.yaml"
DRAWS, YEAR = 24, 12
SMALL = 1e-3
"""The step of the numerical derivative, in steps of 0.01 percentage points."""


@pytest.fixture(scope="module")
def yard():
    """What a year's melting is given: the melting room, scrap at the melters, metal in finished parts."""
    given = []
    plan = Plan(open_scenario(str(TUTORIAL)).scenario, 5, DRAWS, block=DRAWS)
    system = compile_block(plan.scenario, Sampler(plan.source(), 0, DRAWS)).system
    run = Melting.run

    def caught(self, year, elv, finished):
        if year == YEAR:
            given.append((_copy(self), elv, finished.copy()))
        return run(self, year, elv, finished)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Melting, "run", caught)
        for result in solve(system, Edges()):
            if given:
                break
            del result
    return given[0]


def _copy(melting):
    twin = Melting(melting.metal)
    twin.new_items, twin.new_elements = melting.new_items.copy(), melting.new_elements.copy()
    return twin


def melted(yard, alloy="", element="", step=0.0):
    """Products and 6000-series scrap (D, M, alloy) of the year, with a limit moved by so many steps."""
    melting, elv, finished = yard
    twin, windows = _copy(melting), list(melting.metal.windows[YEAR])
    if alloy:
        upper = windows[ALLOYS.index(alloy)].upper.copy()
        upper[METALS.index(element)] += step * STEP
        windows[ALLOYS.index(alloy)] = replace(windows[ALLOYS.index(alloy)], upper=upper)
    twin.metal = replace(melting.metal, windows=(tuple(windows),) * (YEAR + 1))
    products, _, used, _ = twin.run(YEAR, elv, finished)
    return products, np.einsum("dmga,dmg->dma", used, twin._family_share(elv))


def bound(products):
    """(alloy, element) pairs that bind anywhere."""
    return [
        (alloy, METALS[code])
        for alloy in SIX_THOUSAND
        for code in np.unique(products[alloy].charge.binding)
        if code >= 0
    ]


def told(products, alloy, element):
    """What a step is told to let in (D, M) and where this element binds."""
    product, code = products[alloy], METALS.index(element)
    shape = product.open_heats.shape
    worth = product.charge.scrap_per_limit[:, code].reshape(shape) * product.open_heats * STEP
    return worth, product.charge.binding.reshape(shape) == code


def test_a_small_step_lets_in_what_is_told(yard):
    """To the right of the limit: where two elements stop the scrap at once, less; never for another reason."""
    products, before = melted(yard)
    ratios = []
    for alloy, element in bound(products):
        worth, binds = told(products, alloy, element)
        _, after = melted(yard, alloy, element, SMALL)
        n = ALLOYS.index(alloy)
        ratios.append((after - before)[:, :, n][binds] / (SMALL * worth[binds]))
    ratio = np.concatenate(ratios)
    assert ratio.size > 40
    assert np.mean(np.abs(ratio - 1.0) < 1e-3) > 0.95


def test_a_whole_step_lets_in_about_as_much(yard):
    """The derivative is one-sided: a whole 0.01 point may meet the next limit, and then it lets in less."""
    products, before = melted(yard)
    ratios = []
    for alloy, element in bound(products):
        worth, binds = told(products, alloy, element)
        _, after = melted(yard, alloy, element, 1.0)
        ratios.append((after - before)[:, :, ALLOYS.index(alloy)][binds] / worth[binds])
    ratio = np.concatenate(ratios)
    assert np.median(ratio) == pytest.approx(1.0, abs=1e-3)
    assert np.mean(ratio < 1.01) > 0.95


def test_where_nothing_binds_no_limit_lets_anything_in(yard):
    products, before = melted(yard)
    for alloy in SIX_THOUSAND:
        free = products[alloy].charge.binding.reshape(products[alloy].open_heats.shape) == -1
        for element in METALS[1:-1]:
            _, after = melted(yard, alloy, element, SMALL)
            gain = (after - before)[:, :, ALLOYS.index(alloy)][free]
            assert np.abs(gain).max(initial=0.0) <= 1e-9 * before.max()


def limits(binding, per_t, heats):
    """Limits of one alloy from (D, M) and (D, M, METALS)."""
    return Limits({"6016": binding}, {"6016": 1000.0 * per_t}, {"6016": per_t}, {"6016": heats})


def test_the_focus_is_told_as_if_the_limit_moved_everywhere_in_it():
    iron, copper = METALS.index("Fe"), METALS.index("Cu")
    per_t = np.zeros((1, 3, len(METALS)))
    per_t[0, 0, iron], per_t[0, 1, copper], per_t[0, 2, iron] = 100.0, 60.0, 900.0
    heats = np.array([[1000.0, 3000.0, 50_000.0]])
    series = Series()
    keep(series, 2035, limits(np.array([[iron, copper, iron]]), per_t, heats), ("a", "b", "c"), ("ab", ("a", "b")))
    frame = limits_frame(series.closed()).set_index("region")
    # copper lets in 60 t/t x 3000 t x 1e-4 = 18 t, iron 100 x 1000 x 1e-4 = 10 t
    assert frame.loc["ab", ["element", "share_of_draws"]].tolist() == ["Cu", 1.0]
    assert frame.loc["ab", "more_scrap_p50_t"] == pytest.approx(18.0)
    assert frame.loc["ab", "price_jpy_per_t"] == pytest.approx(60_000.0 * 3000.0 / 4000.0)
    assert frame.loc["a", "more_scrap_p50_t"] == pytest.approx(10.0)
    assert list(frame.index) == ["a", "b", "c", "ab"]


def test_draws_in_which_nothing_is_melted_do_not_count():
    iron = METALS.index("Fe")
    per_t = np.zeros((4, 1, len(METALS)))
    per_t[:2, 0, iron] = 10.0
    heats = np.array([[0.0], [100.0], [100.0], [0.0]])  # the first lane is the best estimate
    series = Series()
    keep(series, 2035, limits(np.array([[iron], [iron], [-1], [-1]]), per_t, heats), ("a",), ("a", ("a",)))
    closed = series.closed()
    assert list(closed.drawn(("binding 6016", "a", "2035"))) == [iron, -1, NO_HEAT]
    frame = limits_frame(closed).set_index("element")
    assert frame.loc["Fe", "share_of_draws"] == frame.loc["none", "share_of_draws"] == 0.5
    assert frame.loc["Fe", "more_scrap_p95_t"] == pytest.approx(0.1)


@pytest.fixture(scope="module")
def frame():
    return simulate(str(TUTORIAL), draws=40, seed=2).tables["limits"]


def test_shares_add_up_and_what_does_not_bind_is_worth_nothing(frame):
    sums = frame.groupby(["year", "region", "alloy"])["share_of_draws"].sum()
    assert sums.to_numpy() == pytest.approx(1.0)
    free = frame[frame["element"] == "none"]
    assert (free[["price_jpy_per_t", "more_scrap_p05_t", "more_scrap_p50_t", "more_scrap_p95_t"]] == 0).all().all()


def test_an_element_that_stops_6000_series_scrap_lets_some_in(frame):
    held = frame[frame["alloy"].isin(SIX_THOUSAND) & (frame["element"] != "none")]
    assert len(held) > 20
    assert (held["more_scrap_p05_t"] > 0).all()
    assert (held["more_scrap_p05_t"] <= held["more_scrap_p50_t"]).all()
    assert (held["more_scrap_p50_t"] <= held["more_scrap_p95_t"]).all()
