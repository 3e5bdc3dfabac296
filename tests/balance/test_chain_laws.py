"""What must hold for the car chain of any size: it balances, and nothing depends on names, order or company."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_system import changed, differing, make, one_draw
from solved import solved

from cesim.balance.inputs import YARD
from cesim.ledger.substances import SIX_THOUSAND

PLACES = ("a", "b", "c")


@st.composite
def systems(draw, least_draws=1, least_regions=1, most_years=5):
    """The arguments of a made-up system: short to tell when a law breaks."""
    regions = PLACES[: draw(st.integers(least_regions, 3))]
    return {
        "draws": draw(st.integers(least_draws, 4)), "years": draw(st.integers(2, most_years)), "regions": regions,
        "melters": draw(st.integers(1, min(2, len(regions)))), "seed": draw(st.integers(0, 10**6)),
    }  # fmt: skip


def same_cells(one, other, tolerance=1e-9):
    """Every cell of every year has the same mass, whatever the order of the tables."""
    assert list(one.flows) == list(other.flows)
    for year in one.flows:
        mine, theirs = one.cells(year), other.cells(year)
        assert mine.keys() == theirs.keys()
        left = np.array(list(mine.values()))
        right = np.array([theirs[cell] for cell in mine])
        np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance)


@settings(max_examples=12, deadline=None)
@given(systems())
def test_any_system_balances(shape):
    certificate = solved(make(**shape)).certificate()
    assert certificate.passed, certificate.worst
    assert len(certificate.checks) == 4
    assert all(check.cells > 500 for check in certificate.checks)


def highest_h1(system):
    """(year, draw) nothing can return more than: best recovery x best yield of melt and press shop."""
    t, m = system.treatment, system.metal
    six = slice(0, len(SIX_THOUSAND))
    leaves, kept = (1 - t.reused) * t.taken, t.part_share.transpose(1, 0, 2)[:, :, None, six]
    off = (kept * (t.reused + leaves).transpose(2, 0, 1)[..., None]).sum(axis=0)
    # a car's alloy is taken off for its material, or its hulk is shredded
    metal = (kept * leaves.transpose(2, 0, 1)[..., None]).sum(axis=0)
    recovered = metal + (1 - off) * t.to_metal[:, None, six]
    melted = 1 - m.loss[:, :, : YARD.index("new-mixed")].min(axis=2)
    # of the liquid metal, mill returns come back after loss and press scrap leaves
    loop = (1 - m.mill_return) / (1 - m.mill_return * (1 - m.new_loss[:, None]))
    finished = ((1 - m.press_scrap) * loop)[:, six].max(axis=1)
    return (recovered.max(axis=2) * melted * finished[:, None]).T


@settings(max_examples=12, deadline=None)
@given(systems(), st.floats(0.05, 1.0))
def test_h1_never_exceeds_recovery_times_yield(shape, scale):
    system = make(**shape)
    treatment = system.treatment
    system = changed(system, "treatment", taken=treatment.taken * scale, to_metal=treatment.to_metal * scale)
    h1 = solved(system).h1()
    bound = highest_h1(system)
    assert (bound < 1).all()
    assert (h1 >= 0).all()
    assert (h1 <= bound[:, None, :] + 1e-12).all()


@settings(max_examples=5, deadline=None)
@given(systems(least_regions=2), st.randoms(use_true_random=False))
def test_the_order_of_the_regions_changes_nothing(shape, random):
    system = make(**shape)
    regions = list(range(len(system.cars.regions)))
    random.shuffle(regions)
    new = np.array(regions)  # new place n is old place new[n]
    at = np.argsort(new)
    c, t, m, p = system.cars, system.treatment, system.metal, system.plastics
    other = changed(
        system, "cars", regions=tuple(c.regions[n] for n in new), age_share=c.age_share[:, :, new],
        move=c.move[:, new][:, :, new], assembly=c.assembly[:, new],
    )  # fmt: skip
    other = changed(
        other, "treatment", elv_route=t.elv_route[:, new][:, :, new], hulk_route=t.hulk_route[:, new][:, :, new]
    )
    other = changed(other, "metal", melters=at[m.melters], scrap_route=m.scrap_route[:, new])
    other = changed(other, "plastics", compounders=at[p.compounders], route=p.route[:, new])
    same_cells(solved(system), solved(other))


@settings(max_examples=5, deadline=None)
@given(systems(least_regions=2))
def test_the_order_of_the_melters_changes_nothing(shape):
    system = make(**shape)
    m, p = system.metal, system.plastics
    other = changed(
        system, "metal", melters=m.melters[::-1], scrap_route=m.scrap_route[..., ::-1], share=m.share[..., ::-1],
        sash_supply=m.sash_supply[..., ::-1], new_mixed_start=m.new_mixed_start[:, ::-1],
    )  # fmt: skip
    other = changed(
        other, "plastics", compounders=p.compounders[::-1], route=p.route[..., ::-1], share=p.share[..., ::-1]
    )
    same_cells(solved(system), solved(other))


@settings(max_examples=5, deadline=None)
@given(systems(), st.permutations(range(4)))
def test_the_order_of_the_parts_changes_nothing(shape, order):
    system = make(**shape)
    t = system.treatment
    other = changed(
        system, "treatment", part_share=t.part_share[:, order], removed_to=t.removed_to[order],
        reused=t.reused[..., order], taken=t.taken[..., order],
    )  # fmt: skip
    same_cells(solved(system), solved(other))


def same_bits(whole, alone, draw):
    for year in whole.flows:
        for name in ("flows", "levels"):
            mine, theirs = getattr(whole, name)[year], getattr(alone, name)[year]
            np.testing.assert_array_equal(mine.origin[draw], theirs.origin[0])
            np.testing.assert_array_equal(mine.substance[draw], theirs.substance[0])
        for alloy, binding in whole.limits[year].binding.items():
            np.testing.assert_array_equal(binding[draw], alone.limits[year].binding[alloy][0])
            np.testing.assert_array_equal(whole.limits[year].price[alloy][draw], alone.limits[year].price[alloy][0])
        mine, theirs = whole.indicators(year), alone.indicators(year)
        for name, (top, bottom) in mine.items():
            np.testing.assert_array_equal(top[:, draw], theirs[name][0][:, 0], err_msg=name)
            if bottom is not None:
                np.testing.assert_array_equal(bottom[:, draw], theirs[name][1][:, 0], err_msg=name)


@settings(max_examples=7, deadline=None)
@given(systems(least_draws=2, most_years=3))
def test_a_draw_has_the_same_bits_alone_and_in_company(shape):
    system = differing(make(**shape))
    whole = solved(system)
    assert whole.certificate().passed
    for draw in {0, whole.draws - 1}:
        same_bits(whole, solved(one_draw(system, draw)), draw)


@pytest.mark.parametrize(("draws", "regions"), [(37, 1), (129, 3)])
def test_a_draw_of_a_large_batch_has_the_same_bits_alone(draws, regions):
    system = differing(make(draws=draws, years=2, regions=PLACES[:regions], melters=1, seed=draws))
    whole = solved(system)
    for draw in (0, draws // 2, draws - 1):
        same_bits(whole, solved(one_draw(system, draw)), draw)


def transposed(system):
    """The same numbers, laid out the other way round in memory."""
    for room in fields(system):
        part = getattr(system, room.name)
        arrays = {f.name: getattr(part, f.name) for f in fields(part)}
        system = changed(
            system, room.name, **{k: np.asfortranarray(v) for k, v in arrays.items() if isinstance(v, np.ndarray)}
        )
    return system


@settings(max_examples=5, deadline=None)
@given(systems(most_years=3))
def test_how_arrays_lie_in_memory_changes_no_bit(shape):
    system = make(**shape)
    whole, other = solved(system), solved(transposed(system))
    for year in whole.flows:
        for name in ("flows", "levels"):
            mine, theirs = getattr(whole, name)[year], getattr(other, name)[year]
            np.testing.assert_array_equal(mine.origin, theirs.origin)
            np.testing.assert_array_equal(mine.substance, theirs.substance)


LAWS = {
    test_any_system_balances: (systems(),),
    test_h1_never_exceeds_recovery_times_yield: (systems(), st.floats(0.05, 1.0)),
    test_the_order_of_the_regions_changes_nothing: (systems(least_regions=2), st.randoms(use_true_random=False)),
    test_the_order_of_the_melters_changes_nothing: (systems(least_regions=2),),
    test_the_order_of_the_parts_changes_nothing: (systems(), st.permutations(range(4))),
    test_a_draw_has_the_same_bits_alone_and_in_company: (systems(least_draws=2, most_years=3),),
    test_how_arrays_lie_in_memory_changes_no_bit: (systems(most_years=3),),
}


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__.removeprefix("test_"))
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_at_length(law, data):
    law.hypothesis.inner_test(*(data.draw(of) for of in LAWS[law]))
