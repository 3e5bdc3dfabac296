"""Flows and terms that cannot be are refused, with the side and the first lot that is wrong."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from custody_flows import T, flow

from cesim.errors import InputError
from cesim.trace.custody.flow import Flow, Side
from cesim.trace.custody.laws import LAWS, iso_14021
from cesim.trace.custody.models import MODELS, claimable
from cesim.trace.custody.terms import Terms

GOOD = flow([(0, 0, 10, {"post_elv": 0.5}), (0, 0, 10, {})], [(0, 0, 20, {"post_elv": 0.25})])


def wrong_shares(values):
    shares = GOOD.outputs.true.copy()
    shares[1, :3] = values
    return shares


WRONG = [
    ("site", np.array([0, 1]), "custody_number", "outputs.site[1]"),
    ("site", np.array([-1, 0]), "custody_number", "outputs.site[0]"),
    ("period", np.array([0, 1]), "custody_number", "outputs.period[1]"),
    ("period", np.array([0, 0, 0]), "custody_shape", "outputs.period"),
    ("period", np.array([0.0, 0.5]), "custody_not_whole", "outputs.period"),
    ("mass_mg", np.array([1.5, 2.0]), "custody_not_whole", "outputs.mass_mg"),
    ("mass_mg", np.array([5, -1]), "custody_mass", "outputs.mass_mg[1]"),
    ("mass_mg", np.array([2**50, 5]), "custody_mass", "outputs.mass_mg[0]"),
    ("true", wrong_shares([0.5, 0.0, 0.4]), "custody_share", "outputs.true[1]"),
    ("true", wrong_shares([1.5, -0.5, 0.0]), "custody_share", "outputs.true[1]"),
    ("true", wrong_shares([np.nan, 0.5, 0.5]), "custody_share", "outputs.true[1]"),
    ("declared", wrong_shares([0.5, 0.0, 0.6]), "custody_share", "outputs.declared[1]"),
    ("provable", wrong_shares([np.inf, 0.0, 0.0]), "custody_share", "outputs.provable[1]"),
    ("provable", GOOD.outputs.true[:, :8], "custody_shape", "outputs.provable"),
    ("single", np.array([True]), "custody_shape", "outputs.single"),
    ("single", np.array([0, 1]), "custody_shape", "outputs.single"),
]


@pytest.mark.parametrize(("column", "value", "code", "place"), WRONG)
def test_a_side_that_cannot_be(column, value, code, place):
    outputs = replace(GOOD.outputs, **{column: value})
    with pytest.raises(InputError) as caught:
        Flow(outputs, GOOD.inputs, GOOD.sites, 1, "plastics")
    (fault,) = caught.value.faults
    assert (fault.code, fault.place.model) == (code, place)


def test_inputs_are_checked_as_well():
    with pytest.raises(InputError) as caught:
        Flow(GOOD.outputs, replace(GOOD.inputs, site=np.array([7])), GOOD.sites, 1, "plastics")
    assert caught.value.faults[0].place.model == "inputs.site[0]"


def test_shares_may_miss_one_by_what_long_additions_leave():
    shares = GOOD.outputs.true * (1 - 2.4e-7)
    outputs = replace(GOOD.outputs, true=shares, declared=shares, provable=shares)
    Flow(outputs, None, GOOD.sites, 1, "plastics")


def test_a_flow_of_nothing_is_a_flow():
    none = np.zeros(0, dtype=np.int64)
    shares = np.zeros((0, 9))
    empty = replace(GOOD.outputs, site=none, period=none, mass_mg=none, true=shares, declared=shares, provable=shares)
    what = Flow(empty, None, GOOD.sites, 2, "plastics")
    for model in MODELS:
        if model != "identity_preserved":
            assert claimable(model, what, LAWS[0]).share("claimed") is None


@pytest.mark.parametrize(
    "terms",
    [
        {"window": 0},
        {"window": 1.5},
        {"window": True},
        {"every": 0},
        {"life": 0},
        {"share": 0.4},
        {"share": Fraction(3, 2)},
        {"factor": -1},
        {"factor": 0.92},
    ],
)
def test_terms_that_cannot_be(terms):
    with pytest.raises(InputError) as caught:
        Terms(**terms)
    assert caught.value.faults[0].code.startswith("custody_term_")
    assert caught.value.faults[0].place.model == next(iter(terms))


def test_masses_near_the_limit_are_still_exact():
    # a million t of which a third: the product of two such masses is far beyond 64 bits
    what = flow([(0, 0, 1e6, {}), (0, 0, 3e-9, {})], [(0, 0, 1e6, {"post_elv": 1 / 3})])
    for model in ("rolling_average", "credit"):
        assert claimable(model, what, iso_14021("product")).mass("claimed") == round(1e6 * T / 3)


def test_a_sum_beyond_64_bits_is_refused():
    lots = 2**12 + 1
    numbers = np.zeros(lots, dtype=np.int64)
    shares = np.tile(GOOD.outputs.true[:1], (lots, 1))
    side = Side(numbers, numbers, numbers + (2**50 - 1), shares, shares, shares)
    with pytest.raises(InputError) as caught:
        Flow(side, None, GOOD.sites, 1, "plastics")
    assert caught.value.faults[0].place.model == "outputs.mass_mg"
