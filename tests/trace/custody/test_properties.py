"""What must hold for every flow, model and law."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from custody_flows import flows
from hypothesis import given
from hypothesis import strategies as st

from cesim.ledger.substances import ORIGINS
from cesim.trace.custody.counted import VIEWS, counted
from cesim.trace.custody.factor import factors
from cesim.trace.custody.flow import Flow, Side
from cesim.trace.custody.laws import EN_45557, LAWS, iso_14021
from cesim.trace.custody.models import MODELS, PHYSICAL, claimable, may_claim
from cesim.trace.custody.terms import Terms

ISO = iso_14021("product")
BALANCE = [model for model in MODELS if model not in PHYSICAL]
TERMS = st.builds(
    Terms,
    window=st.integers(1, 4),
    factor=st.none() | st.fractions(0, 1, max_denominator=20),
    life=st.none() | st.integers(1, 4),
    share=st.fractions(0, 1, max_denominator=10),
    every=st.integers(1, 3),
    whole=st.booleans(),
)
ON_LAWS = st.sampled_from(LAWS)


def totals(claim):
    return [claim.mass(view) for view in VIEWS]


def slack(flow):
    """Milligrams by which roundings may turn an order around: one for each lot and each claim."""
    return len(flow.outputs) + len(flow.basis) + flow.periods * len(flow.sites)


@given(flow=flows(), law=ON_LAWS, terms=TERMS)
def test_no_lot_is_claimed_beyond_its_mass_and_none_below_zero(flow, law, terms):
    for model in MODELS:
        lot_mg = claimable(model, flow, law, terms).outcome.lot_mg
        assert (lot_mg >= 0).all()
        assert (lot_mg <= flow.outputs.mass_mg).all()


@given(flow=flows(), law=ON_LAWS, terms=TERMS)
def test_no_more_is_claimed_than_came_in_times_the_factor(flow, law, terms):
    for model in BALANCE:
        claim = claimable(model, flow, law, terms)
        came = counted(flow.basis, may_claim(model, law), law, flow.classes)
        for view, mass_mg in zip(VIEWS, came, strict=True):
            by_site = flow.cells(flow.basis, mass_mg).sum(axis=1).tolist()
            most = sum(f * mass for f, mass in zip(factors(flow, terms), by_site, strict=True))
            assert claim.mass(view) <= most


@given(flow=flows(), law=ON_LAWS)
def test_physical_models_claim_no_more_than_is_in_the_lot(flow, law):
    for model in PHYSICAL:
        lot_mg = claimable(model, flow, law).outcome.lot_mg
        assert (lot_mg <= counted(flow.outputs, law.counts, law, flow.classes)).all()


@given(flow=flows(), law=ON_LAWS, terms=TERMS)
def test_every_credit_is_used_expired_or_still_there(flow, law, terms):
    for model in ("credit", "book_and_claim"):
        claim = claimable(model, flow, law, terms)
        came = counted(flow.basis, may_claim(model, law), law, flow.classes)
        for view, mass_mg in zip(VIEWS, came, strict=True):
            accounts = [one for one in claim.outcome.statements if one.view == view]
            by_site = flow.cells(flow.basis, mass_mg).sum(axis=1).tolist()
            due = sum(f * mass for f, mass in zip(factors(flow, terms), by_site, strict=True))
            lines = [line for one in accounts for line in one.lines]
            assert due == (
                claim.mass(view) + sum(line.expired for line in lines) + sum(one.lines[-1].closing for one in accounts)
            )  # fmt: skip
            assert sum(line.refused for line in lines) == claim.outcome.refused_mg[VIEWS.index(view)]


@given(flow=flows(inputs=False), law=ON_LAWS)
def test_a_rolling_average_of_one_period_is_controlled_blending_by_period(flow, law):
    law = replace(law, balanced=law.counts)
    rolling = claimable("rolling_average", flow, law, Terms(window=1))
    blending = claimable("controlled_blending", flow, law)
    assert (rolling.claim_mg == blending.claim_mg).all()


@given(flow=flows(), law=ON_LAWS, terms=TERMS)
def test_the_claim_on_true_records_lies_between_provable_and_possible(flow, law, terms):
    for model in MODELS:
        terms = replace(terms, whole=False)  # all or nothing: more credits may leave a large claim too little
        claimed, provable, possible, true = totals(claimable(model, flow, law, terms))
        assert claimed == true  # the records of these flows are true
        assert provable <= true + slack(flow)
        if law.unknown == "interval":
            assert true <= possible + slack(flow)
        else:
            assert possible == provable


@given(flow=flows(), more=st.sets(st.sampled_from(ORIGINS)), terms=TERMS)
def test_counting_more_never_lowers_a_claim(flow, more, terms):
    for model in MODELS:
        terms = replace(terms, whole=False)
        wide = ISO.counts | more
        wider = replace(ISO, counts=wide, balanced=wide, booked=wide)
        before, after = (totals(claimable(model, flow, law, terms)) for law in (ISO, wider))
        assert all(b <= a + slack(flow) for b, a in zip(before, after, strict=True))


@given(flow=flows(), law=ON_LAWS, terms=TERMS)
def test_each_looser_model_claims_at_least_as_much(flow, law, terms):
    identity, segregated, blending = (claimable(model, flow, law).outcome.lot_mg for model in PHYSICAL)
    assert (identity <= segregated).all()
    assert (segregated <= blending).all()
    everywhere = replace(law, booked=law.balanced)  # the same credits, but for every site
    terms = replace(terms, whole=False)
    own, shared = (totals(claimable(model, flow, everywhere, terms)) for model in ("credit", "book_and_claim"))
    assert all(a <= b + slack(flow) for a, b in zip(own, shared, strict=True))


def turned(side, order):
    return Side(*(getattr(side, name)[order] for name in Side.__dataclass_fields__))


@given(flow=flows(), law=ON_LAWS, terms=TERMS, data=st.data())
def test_the_order_of_the_lots_does_not_matter_where_all_are_asked(flow, law, terms, data):
    for model in MODELS:
        terms = replace(terms, whole=False, every=1)
        order = np.array(data.draw(st.permutations(range(len(flow.outputs)))), dtype=np.int64)
        other = Flow(turned(flow.outputs, order), flow.inputs, flow.sites, flow.periods, flow.material)
        assert (claimable(model, flow, law, terms).claim_mg == claimable(model, other, law, terms).claim_mg).all()


@given(flow=flows(), law=st.sampled_from([law for law in LAWS if law is not EN_45557]), terms=TERMS)
def test_nothing_missing_no_width(flow, law, terms):
    for model in MODELS:
        full = replace(flow, outputs=replace(flow.outputs, provable=flow.outputs.true))
        full = replace(full, inputs=replace(flow.inputs, provable=flow.inputs.true))
        claimed, provable, possible, true = claimable(model, full, law, terms).claim_mg
        assert (provable == possible).all()
        assert (provable == true).all()
        assert (claimed == true).all()


@given(flow=flows(), law=ON_LAWS)
def test_a_factor_of_nothing_leaves_no_credits(flow, law):
    claim = claimable("credit", flow, law, Terms(factor=Fraction(0)))
    assert totals(claim) == [0, 0, 0, 0]
