from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import loops, tiny
from written import rows

from cesim.errors import InputError
from cesim.quantities import KeyedSource
from cesim.trace.records import DECLARATIONS
from cesim.trace.reporting.declaring import named
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records

ORIGIN = 9


def records_of(truth, **given):
    return write_records(truth, Policies(otherwise=Policy(**given)), KeyedSource(7))


@given(loops(8), st.sampled_from([0.0, 0.02, 0.1]), st.sampled_from(["FSR", "FMD"]))
@settings(max_examples=30, deadline=None)
def test_a_share_of_each_source_has_no_origin_and_all_its_mass_is_told(truth, misc, declaration):
    records = records_of(truth, declaration=declaration, misc=misc)
    for row, true in zip(rows(records.entries), rows(truth), strict=True):
        told = [(origin, mass) for origin, mass in row[ORIGIN] if origin >= 0]
        untold = [mass for origin, mass in row[ORIGIN] if origin < 0]
        cut = [int(misc * mass) for _, mass in true[ORIGIN]]
        assert told == [(origin, mass - less) for (origin, mass), less in zip(true[ORIGIN], cut, strict=True)]
        assert untold == [less for less in cut if less]
        assert row[:ORIGIN] == true[:ORIGIN]
    assert not records.fault.any()
    assert set(records.declared.tolist()) == {DECLARATIONS.index(declaration)}


def test_who_declares_nothing_tells_no_origin_but_what_the_step_itself_says():
    truth = tiny()
    records = records_of(truth, declaration="none")
    assert (records.entries.sources.origin == -1).all()
    assert (records.entries.sources.mass_mg == truth.sources.mass_mg).all()
    assert (records.entries.relabel == truth.relabel).all()
    assert not records.fault.any()


def test_a_source_of_which_nothing_is_told_is_not_parted():
    truth = tiny()
    untold = replace(truth, sources=replace(truth.sources, origin=np.full(len(truth.sources.origin), -1)))
    assert rows(records_of(untold, declaration="FMD", misc=0.1).entries) == rows(untold)


def test_only_whoever_declares_so_withholds():
    truth = tiny()
    records = write_records(truth, Policies({"metal_supplier": Policy(declaration="none")}), KeyedSource(0))
    hers = truth.actor[np.repeat(np.arange(len(truth)), np.diff(truth.sources.start))] == 2
    assert ((records.entries.sources.origin == -1) == hers).all()
    assert (records.declared == np.where(truth.actor == 2, DECLARATIONS.index("none"), 0)).all()


@pytest.mark.parametrize("given", [{"declaration": "none"}, {"declaration": "FMD", "misc": 0.1}])
def test_nothing_is_withheld_from_the_own_books(given):
    truth = tiny()
    inside = replace(truth, inside=np.ones(len(truth), dtype=bool))
    assert rows(records_of(inside, **given).entries) == rows(inside)


def test_nobody_lies_about_an_origin_that_is_not_told():
    truth = tiny()
    records = records_of(truth, declaration="none", over_claim=1, pre_as_post=1)
    struck = records.fault != 0
    assert struck.sum() == 3  # two heats and the press scrap, by what they make
    assert (records.entries.relabel[struck] != truth.relabel[struck]).all()


MASS = np.array([60, 25, 8, 4, 2, 1, 0])
CLEAN = np.zeros(7, dtype=bool)


@pytest.mark.parametrize(
    ("declaration", "misc", "regulated", "hidden"),
    [
        ("FSD", 0.1, (), []),
        ("FSR", 0.0, (), []),
        ("FMD", 0.1, (), [3, 4, 5]),
        ("FSR", 0.03, (), [4, 5]),
        ("FMD", 0.02, (), [5]),
        ("FMD", 0.1, (4,), [3, 5]),
        ("none", 0.0, (1, 5), [0, 2, 3, 4, 6]),
    ],
)
def test_what_a_declaration_tells_by_name(declaration, misc, regulated, hidden):
    must = CLEAN.copy()
    must[list(regulated)] = True
    told = named(declaration, MASS, must, misc)
    assert np.flatnonzero(~told).tolist() == hidden


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=20),
    st.sampled_from(DECLARATIONS),
    st.floats(0, 0.1),
    st.integers(0, 2**20 - 1),
)
def test_regulated_substances_are_always_told_and_no_more_than_a_tenth_is_hidden(masses, declaration, misc, bits):
    mass = np.array(masses)
    regulated = np.array([bool(bits >> place & 1) for place in range(len(mass))])
    told = named(declaration, mass, regulated, misc)
    assert told[regulated].all()
    if declaration != "none":
        assert mass[~told].sum() <= misc * mass.sum()


@pytest.mark.parametrize(("declaration", "misc", "code"), [("ALL", 0.0, "not_a_choice"), ("FMD", 0.2, "policy_misc")])
def test_what_is_no_declaration_is_refused(declaration, misc, code):
    with pytest.raises(InputError) as caught:
        named(declaration, MASS, CLEAN, misc)
    assert [fault.code for fault in caught.value.faults] == [code]
