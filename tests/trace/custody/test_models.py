"""Chain-of-custody models on flows worked out by hand."""

from fractions import Fraction

import numpy as np
import pytest
from custody_flows import T, flow

from cesim.errors import InputError
from cesim.trace.custody.counted import VIEWS
from cesim.trace.custody.laws import EN_45557, EU_ELV, JAMA, iso_14021
from cesim.trace.custody.models import MODELS, allowed, claimable
from cesim.trace.custody.terms import Terms

ISO = iso_14021("product")
ELV = {"post_elv": 1.0}


def tonnes(model, what, law=ISO, view="claimed", **terms):
    """Claims by period."""
    claim = claimable(model, what, law, Terms(**terms))
    return (claim.claim_mg[VIEWS.index(view)] / T).tolist()


def by_lot(model, what, view="claimed", **terms):
    outcome = claimable(model, what, ISO, Terms(**terms)).outcome
    return (outcome.lot_mg[VIEWS.index(view)] / T).tolist()


def test_physical_models_claim_less_the_more_they_ask():
    # 10 t pure of one source, 10 t pure but mixed of two, 20 t with 30 % recycled: 10, 20 and 26 t of 40 t
    lots = [(0, 0, 10, ELV), (0, 0, 10, {"post_elv": 0.5, "pre_auto": 0.5}), (0, 0, 20, {"post_elv": 0.3})]
    what = flow(lots, single=np.array([True, False, False]))
    wanted = {"identity_preserved": [10], "segregated": [20], "controlled_blending": [26]}
    assert {model: tonnes(model, what) for model in wanted} == wanted
    assert by_lot("controlled_blending", what) == [10, 10, 6]


def test_a_single_source_does_not_make_primary_metal_recycled():
    what = flow([(0, 0, 10, {}), (0, 0, 10, ELV)], single=np.array([True, True]))
    assert tonnes("identity_preserved", what) == [10]


def test_one_part_in_a_thousand_is_not_segregated():
    assert tonnes("segregated", flow([(0, 0, 10, {"post_elv": 0.999})])) == [0]


def test_a_lot_of_a_milligram_is_not_pure_for_being_small():
    what = flow([(0, 0, 1e-9, {"post_elv": 0.4})])
    assert what.outputs.mass_mg.tolist() == [1]
    assert tonnes("segregated", what) == [0]


def test_a_rolling_average_lags_behind_and_never_claims_what_did_not_come_in():
    # in: 6, 0, 3 t of 10 t each; out: 10 t each. Window 2: due 6/10, 6/20 and 3/20 of 10 t = 6, 3 and 1.5 t.
    # In the second period 6 t have come and 6 t are claimed: the 3 t are cut. In the third 9 t have come: 1.5 t.
    into = [(0, 0, 10, {"post_elv": 0.6}), (0, 1, 10, {}), (0, 2, 10, {"post_elv": 0.3})]
    what = flow([(0, period, 10, {}) for period in range(3)], into)
    assert tonnes("rolling_average", what, window=2) == [6, 0, 1.5]
    assert (claimable("rolling_average", what, ISO, Terms(window=2)).outcome.refused_mg / T).tolist() == [3] * 4
    assert tonnes("rolling_average", what, window=1) == [6, 0, 3]


def test_a_rising_rolling_average_is_not_cut():
    # in: 0, 2, 4 t of 10 t; window 3: 0/10, 2/20, 6/30 of 10 t
    into = [(0, period, 10, {"post_elv": period / 5}) for period in range(3)]
    what = flow([(0, period, 10, {}) for period in range(3)], into)
    assert tonnes("rolling_average", what, window=3) == [0, 1, 2]


def test_a_rolling_average_knows_the_conversion_factor():
    # in 10 t, all eligible; out 12 t (2 t of stock): due 12 t, at a factor of 0.9 there are 9 t of credits
    what = flow([(0, 0, 12, {})], [(0, 0, 10, ELV)])
    assert tonnes("rolling_average", what, factor=Fraction(9, 10)) == [9]
    assert tonnes("rolling_average", what) == [10]  # a factor above one is never measured


def test_a_rolling_average_gives_all_lots_of_a_period_one_share():
    what = flow([(0, 0, 10, {}), (0, 0, 30, {})], [(0, 0, 40, {"post_elv": 0.25})])
    assert by_lot("rolling_average", what) == [2.5, 7.5]


def test_sites_have_averages_of_their_own():
    what = flow([(0, 0, 10, {}), (1, 0, 10, {})], [(0, 0, 10, {"post_elv": 0.5}), (1, 0, 10, {})], sites=2)
    assert by_lot("rolling_average", what) == [5, 0]
    assert by_lot("credit", what) == [5, 0]


def test_credits_of_a_site_go_where_it_wants_them():
    # 10 t in, 3 t eligible, nothing lost; two lots of 5 t: all on the first that asks, or a quarter of each
    what = flow([(0, 0, 5, {}), (0, 0, 5, {})], [(0, 0, 10, {"post_elv": 0.3})])
    assert by_lot("credit", what) == [3, 0]
    assert by_lot("credit", what, share=Fraction(1, 4)) == [1.25, 1.25]
    assert by_lot("credit", what, every=2) == [0, 3]
    assert by_lot("credit", what, whole=True) == [0, 0]
    assert by_lot("credit", what, whole=True, share=Fraction(1, 2)) == [2.5, 0]


def test_every_other_lot_is_counted_by_site_in_the_order_of_periods():
    lots = [(0, 1, 5, {}), (1, 0, 5, {}), (0, 0, 5, {}), (1, 1, 5, {}), (0, 1, 5, {})]
    what = flow(lots, [(0, 0, 50, ELV), (1, 0, 50, ELV)], sites=2)
    # site 0 sends lot 2, then 0, then 4: the second is lot 0; site 1 sends lot 1, then 3: the second is lot 3
    assert by_lot("credit", what, every=2, factor=Fraction(1)) == [5, 0, 0, 5, 0]


def test_the_account_of_a_site_line_by_line():
    # factor 9/10, life 2; in: 10, 0, 0, 5 t eligible; a half of each 10 t lot is asked, lots in periods 0, 1, 2, 3
    # 0: 9 in, 5 used, 4 left; 1: 4 of 5 used, 1 refused; 2: nothing there, 5 refused; 3: 4.5 in and used, 0.5 refused
    into = [(0, 0, 10, ELV), (0, 3, 5, ELV)]
    what = flow([(0, period, 10, {}) for period in range(4)], into)
    terms = {"factor": Fraction(9, 10), "life": 2, "share": Fraction(1, 2)}
    assert tonnes("credit", what, **terms) == [5, 4, 0, 4.5]
    statement = claimable("credit", what, ISO, Terms(**terms)).outcome.statements[0]
    assert (statement.view, statement.account) == ("claimed", "site 0")
    lines = [
        [float(one) / T for one in (x.opening, x.credited, x.used, x.expired, x.refused, x.closing)]
        for x in statement.lines
    ]
    assert lines == [[0, 9, 5, 0, 0, 4], [4, 0, 4, 0, 1, 0], [0, 0, 0, 0, 5, 0], [0, 4.5, 4.5, 0, 0.5, 0]]


def test_credits_expire():
    # 10 t in the first period; a tenth of a 10 t lot asked in each of four. Life 2: 2 t used, 8 t expire
    what = flow([(0, period, 10, {}) for period in range(4)], [(0, 0, 10, ELV)])
    assert tonnes("credit", what, life=2, share=Fraction(1, 10)) == [1, 1, 0, 0]
    assert tonnes("credit", what, life=None, share=Fraction(1, 10)) == [1, 1, 1, 1]


def test_book_and_claim_carries_credits_from_one_site_to_another():
    # site 0 has all the scrap and sends nothing out in period 1; site 1 has none and claims
    what = flow([(0, 0, 10, {}), (1, 1, 10, {})], [(0, 0, 10, {"post_elv": 0.8}), (1, 1, 10, {})], sites=2)
    assert by_lot("credit", what, share=Fraction(1, 2)) == [5, 0]
    assert by_lot("book_and_claim", what, share=Fraction(1, 2)) == [5, 3]


def test_book_and_claim_credits_matter_by_the_factor_of_its_site():
    # site 0 keeps half of what it melts, site 1 all: 10 t x 1/2 + 10 t x 1 = 15 t of credits for 15 t of output
    what = flow([(0, 0, 5, {}), (1, 0, 10, {})], [(0, 0, 10, ELV), (1, 0, 10, ELV)], sites=2)
    claim = claimable("book_and_claim", what, ISO)
    assert float(claim.outcome.statements[0].lines[0].credited) / T == 15
    assert claim.share("claimed") == 1.0


def test_a_law_that_lets_only_some_routes_be_balanced():
    # 2 t mechanical and 3 t chemical of 10 t: by batch 5 t, by mass balance 3 t, by book and claim nothing
    what = flow([(0, 0, 10, {"post_elv": 0.2, "chemical": 0.3})])
    assert tonnes("controlled_blending", what, EU_ELV) == [5]
    assert tonnes("rolling_average", what, EU_ELV) == [3]
    assert tonnes("credit", what, EU_ELV) == [3]
    assert tonnes("book_and_claim", what, EU_ELV) == [0]
    assert [allowed(model, EU_ELV) for model in MODELS] == ["yes", "yes", "yes", "in_part", "in_part", "no"]
    assert claimable("credit", what, EU_ELV).true_share() == pytest.approx(0.5, abs=1e-12)


def test_what_is_unknown_widens_the_interval_unless_it_counts_as_primary():
    # 10 t: 40 % ELV in truth; declared 50 %, the rest primary; certain are 10 % ELV and 30 % primary
    lot = (0, 0, 10, {"post_elv": 0.4}, {"post_elv": 0.5, "primary": 0.5}, {"post_elv": 0.1, "primary": 0.3})
    what = flow([lot])

    def shares(law):
        claim = claimable("controlled_blending", what, law)
        return [claim.share(view) for view in VIEWS]

    assert shares(ISO) == pytest.approx([0.5, 0.1, 0.7, 0.4])
    assert shares(EN_45557) == pytest.approx([0.5, 0.1, 0.1, 0.4])


def test_sources_nobody_looked_at_are_not_guessed():
    with pytest.raises(InputError, match="single source"):
        claimable("identity_preserved", flow([(0, 0, 10, ELV)]), JAMA)


def test_a_model_nobody_knows():
    with pytest.raises(InputError) as caught:
        claimable("massbalance", flow([(0, 0, 10, ELV)]), JAMA)
    assert caught.value.faults[0].code == "custody_model_unknown"


def test_a_period_without_output_has_no_share():
    claim = claimable("controlled_blending", flow([(0, 1, 10, {"post_elv": 0.25})]), ISO)
    assert claim.shares("claimed") == (None, 0.25)
