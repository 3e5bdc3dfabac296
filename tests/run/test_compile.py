"""What a scenario declares a range for is drawn; what has none is the same in every lane."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from cesim.balance.inputs import MARKET_GRADES, RECYCLATES
from cesim.balance.metal import METALS
from cesim.errors import InputError
from cesim.ledger.substances import CAST, ITEMS, ORIGINS, POST_CONSUMER
from cesim.quantities import KeyedSource
from cesim.run.compile import compile_block
from cesim.run.sampler import Sampler, numbers
from cesim.run.table_sources import streams_of
from cesim.scenario import open_scenario

LANES = 40


class Listening:
    """A source that remembers which streams were asked for."""

    def __init__(self):
        self.source, self.asked = KeyedSource(3), set()

    def u(self, name, first, count):
        self.asked.add(name)
        return self.source.u(name, first, count)

    def holds(self, name):
        return self.source.holds(name)


def ranged(value, spread=0.2):
    return {"value": value, "low": value * (1 - spread), "high": value * (1 + spread), "status": "estimate"}


ACCEPTED = {
    "parts.hood.holds.6016": ranged(0.28),
    "parts.engine.holds.ADC12": ranged(0.35),
    "remelting.market.sash.Si": ranged(0.0045),
    "remelting.market.secondary.Cu": ranged(0.022),
    "compounding.recyclates.industrial-pp.filler": ranged(0.05),
}
"""Numbers that the shipped scenarios state without a range."""


def compiled(overrides=None, source=None, first=0, lanes=LANES):
    scenario = open_scenario("tutorial", overrides or {}).scenario
    return compile_block(scenario, Sampler(source or KeyedSource(3), first, lanes))


def arrays(part, path=""):
    """Every array below a dataclass with its path."""
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value):
            yield from arrays(value, f"{path}{field.name}.")
        elif isinstance(value, np.ndarray):
            yield f"{path}{field.name}", value


@pytest.fixture(scope="module")
def plain():
    return dict(arrays(compiled()))


@pytest.mark.parametrize("overrides", [{}, ACCEPTED], ids=["as shipped", "with more ranges"])
def test_every_number_with_a_range_is_drawn(overrides):
    source = Listening()
    compiled(overrides, source)
    scenario = open_scenario("tutorial", overrides).scenario
    declared = set(streams_of(list(numbers(scenario)), scenario))
    other_variant = ("content.component_model.", "gases.primary.", "targets.")
    undrawn = {name for name in declared - source.asked if not name.startswith(other_variant)}
    assert undrawn == set()
    assert set(overrides) <= declared


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("parts.hood.holds.6016", "system.treatment.part_share"),
        ("remelting.market.sash.Si", "system.metal.market_composition"),
        ("compounding.recyclates.industrial-pp.filler", "system.plastics.composition"),
    ],
)
def test_a_range_moves_its_own_array_in_the_draws_and_nothing_else(plain, path, changed):
    now = dict(arrays(compiled({path: ACCEPTED[path]})))
    assert now.keys() == plain.keys()
    for name, array in now.items():
        if name == changed:
            np.testing.assert_array_equal(array[0], plain[name][0])
            assert (array[1:] != plain[name][1:]).any(axis=(1, 2)).all()
        else:
            np.testing.assert_array_equal(array, plain[name], err_msg=name)


def test_without_a_range_every_lane_is_the_best_estimate(plain):
    for name in ("treatment.part_share", "metal.market_composition", "plastics.composition"):
        array = plain[f"system.{name}"]
        np.testing.assert_array_equal(array, np.broadcast_to(array[:1], array.shape), err_msg=name)


def test_what_is_drawn_depends_on_the_lane_and_not_on_the_block():
    whole, part = (dict(arrays(compiled(ACCEPTED, first=at, lanes=n))) for at, n in ((0, LANES), (30, 10)))
    for name in ("treatment.part_share", "metal.market_composition", "plastics.composition", "cars.nominal_origin"):
        np.testing.assert_array_equal(whole[f"system.{name}"][30:], part[f"system.{name}"], err_msg=name)


def test_drawn_compositions_add_to_one():
    system = compiled(ACCEPTED).system
    np.testing.assert_allclose(system.metal.market_composition.sum(axis=2), 1.0, rtol=1e-12)
    np.testing.assert_allclose(system.plastics.composition.sum(axis=2), 1.0, rtol=1e-12)
    np.testing.assert_allclose(system.cars.nominal_origin.sum(axis=2), 1.0, rtol=1e-12)
    sash, si = MARKET_GRADES.index("sash"), METALS.index("Si")
    assert system.metal.market_composition[:, sash, si].std() > 0
    assert system.plastics.composition[:, RECYCLATES.index("industrial-pp"), 1].std() > 0


def test_parts_never_hold_more_than_the_whole_of_an_item():
    wide = {"value": 0.42, "low": 0.1, "high": 0.9, "status": "estimate"}
    share = compiled({"parts.doors_and_fenders.holds.6016": wide}).system.treatment.part_share[..., ITEMS.index("6016")]
    whole = share.sum(axis=1)
    assert whole[0] == pytest.approx(0.88)
    assert (whole <= 1 + 1e-12).all()
    assert (whole > 0.999).any()


def test_castings_of_old_cars_are_of_secondary_metal_by_a_declared_share():
    origin = compiled().system.cars.nominal_origin
    primary = origin[..., ORIGINS.index("primary")]
    assert (primary[:, [n for n, item in enumerate(ITEMS) if item not in CAST]] == 1.0).all()
    for alloy, share in (("ADC12", 0.9), ("AC2B", 0.9), ("AC4CH", 0.1)):
        own = primary[:, ITEMS.index(alloy)]
        assert own[0] == 1.0 - share
        assert own[1:].std() > 0
        post = origin[:, ITEMS.index(alloy)][:, [ORIGINS.index(o) for o in POST_CONSUMER]].sum(axis=1)
        np.testing.assert_allclose(post, (1.0 - own) / 2, rtol=1e-12)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("content.secondary_share.ADC12", 1.2, "share_out_of_range"),
        ("content.secondary_share.ADC12", -0.2, "share_out_of_range"),
        ("content.secondary_share.6016", 0.5, "unknown_name"),
    ],
)
def test_a_share_of_secondary_metal_that_cannot_be_is_refused(path, value, code):
    with pytest.raises(InputError) as caught:
        open_scenario("tutorial", {path: value})
    assert code in [fault.code for fault in caught.value.faults], [f.code for f in caught.value.faults]
