"""The truth of a run as a ledger: shares that follow from it are those that the lots carry."""

from __future__ import annotations

import numpy as np

from cesim.ledger.lot_reader import read_table
from cesim.ledger.substances import ORIGINS
from cesim.run.trace.truth import truth_of
from cesim.trace.classes import CLASSES, OWN_SCRAP
from cesim.trace.genealogy.graph import true_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.steps import HANDOVERS, ROLES, STEPS


def test_shares_of_origin_are_those_that_every_lot_carries(traced_run, heard):
    """Two ways to the same number: the run books origins milligram by milligram, the genealogy passes shares on."""
    folder = traced_run.folder / "lots"
    found = shares(true_genealogy(heard.truth))
    mass = np.asarray(read_table(folder, "lot", ["mass_mg"])["mass_mg"].to_numpy()).astype(float)
    heavy = mass > 1e6  # of less than a kilogram a milligram more or less shows
    for place, name in enumerate(ORIGINS):
        columns = [f"from_{name}_mg"] + (["from_post_elv_6xxx_mg"] if name == "post_elv" else [])
        carried = sum(np.asarray(read_table(folder, "lot", [one])[one].to_numpy()).astype(float) for one in columns)
        told = found[:, place] + (found[:, CLASSES.index(OWN_SCRAP)] if name == "pre_auto" else 0.0)
        np.testing.assert_allclose(told[heavy], (carried / np.where(heavy, mass, 1.0))[heavy], atol=2e-6)


def test_every_lot_is_made_once_and_of_as_much_as_went_in(heard):
    truth = heard.truth
    made = np.bincount(truth.outputs.lot, minlength=len(truth.lots))
    assert (made == 1).all()
    gained = np.zeros(len(truth), dtype=np.int64)
    of = np.repeat(np.arange(len(truth)), np.diff(truth.sources.start))
    np.add.at(gained, of, truth.sources.mass_mg)
    transforms = np.diff(truth.outputs.start) > 0
    balance = truth.inputs.sums() + gained - truth.outputs.sums() - truth.loss_mg
    assert (balance[transforms] == 0).all()
    assert (truth.loss_mg >= 0).all()


def test_handovers_stand_between_two_actors_and_name_both(heard):
    truth = heard.truth
    handed = np.isin(truth.step, HANDOVERS)
    assert handed.any()
    inner = handed & (truth.partner >= 0)
    assert (truth.actor[inner] != truth.partner[inner]).sum() > 0.9 * inner.sum()
    assert (np.diff(truth.outputs.start)[handed] == 0).all()
    shipped, received = (
        set(zip(truth.actor[truth.step == step].tolist(), truth.partner[truth.step == step].tolist(), strict=True))
        for step in HANDOVERS
    )
    received = {(giver, taker) for taker, giver in received}
    assert received <= shipped


def test_time_runs_forward_and_lots_are_made_before_they_are_used(heard):
    truth = heard.truth
    assert (np.diff(truth.time_s) >= 0).all()
    birth = np.empty(len(truth.lots), dtype=np.int64)
    birth[truth.outputs.lot] = truth.outputs.entry()
    assert (birth[truth.inputs.lot] < truth.inputs.entry()).all()


def test_roles_and_steps_are_those_of_the_list(heard):
    names = heard.truth.names
    assert {actor.role for actor in names.actors} <= set(ROLES)
    assert heard.truth.step.min() >= 0
    assert heard.truth.step.max() < len(STEPS)
    assert (heard.truth.actor >= 0).all()
    inside = {STEPS[step] for step in np.unique(heard.truth.step[heard.truth.inside])}
    assert "shipping" not in inside
    assert "take_back" not in inside


def test_the_truth_is_read_again_as_it_was_kept(traced_run, heard):
    again = truth_of(traced_run.folder / "lots")
    for name in ("step", "actor", "partner", "time_s", "loss_mg", "relabel", "inside"):
        np.testing.assert_array_equal(getattr(again, name), getattr(heard.truth, name))
    for side in ("inputs", "outputs", "sources"):
        for name in ("start", "mass_mg"):
            np.testing.assert_array_equal(
                getattr(getattr(again, side), name), getattr(getattr(heard.truth, side), name)
            )
