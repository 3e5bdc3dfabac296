"""The published numbers of a 24-period stream.

Published: 790 t eligible of 2,389 t, factor 0.92, so 727 t may be claimed in all; rolling averages of 1, 3 and 12
periods claim 727, 712 and 682 t; credits that live 3 periods grant 549 t at a claim policy of 25 % (82 t expire), 706 t
at 40 % (173 t refused), 592 t when every third lot is claimed at 100 %.

The stream itself was not published. The one below was searched for, by chance steps, until it gave all of these
numbers: it shows that one stream has them all under the rules written here, not that it is the same stream or that the
rules are the same in every detail. 727, 549 and 706 + 173 follow from the totals alone.
"""

from fractions import Fraction

import pytest
from custody_flows import T, flow

from cesim.trace.custody.counted import VIEWS
from cesim.trace.custody.laws import iso_14021
from cesim.trace.custody.models import claimable
from cesim.trace.custody.terms import Terms

FACTOR = Fraction(92, 100)
ELIGIBLE = [37, 31, 25, 25, 55, 24, 6, 19, 46, 45, 21, 56, 31, 38, 15, 33, 16, 24, 55, 21, 44, 54, 39, 30]
TOTAL = [
    91, 75, 82, 120, 118, 95, 75, 74, 97, 107, 130, 89, 123, 117, 94, 92, 80, 116, 130, 122, 72, 89, 124, 77,
]  # fmt: skip


@pytest.fixture(scope="module")
def stream():
    """What comes in and, a lot for each period, what goes out: 92 % of it."""
    assert (len(ELIGIBLE), sum(ELIGIBLE), sum(TOTAL)) == (24, 790, 2389)
    periods = list(enumerate(zip(ELIGIBLE, TOTAL, strict=True)))
    into = [(0, at, some, {"post_elv": 1.0}) for at, (some, _) in periods]
    into += [(0, at, total - some, {}) for at, (some, total) in periods]
    return flow([(0, at, total * 0.92, {"post_elv": some / total}) for at, (some, total) in periods], into)


def granted(stream, model, **terms):
    return claimable(model, stream, iso_14021("product"), Terms(**{"factor": FACTOR, "life": 3} | terms))


def sums(claim):
    lines = claim.outcome.statements[VIEWS.index("claimed")].lines
    parts = ("credited", "used", "refused", "expired")
    return {name: round(float(sum(getattr(line, name) for line in lines)) / T) for name in parts}


def test_what_may_be_claimed_in_all(stream):
    assert sums(granted(stream, "credit"))["credited"] == 727


def test_rolling_averages(stream):
    claims = [granted(stream, "rolling_average", window=window).mass("claimed") / T for window in (1, 3, 12)]
    assert [round(claim) for claim in claims] == [727, 712, 682]


def test_a_quarter_of_every_lot(stream):
    found = sums(granted(stream, "credit", share=Fraction(1, 4)))
    assert found == {"credited": 727, "used": 549, "refused": 0, "expired": 82}


def test_forty_per_cent_of_every_lot(stream):
    found = sums(granted(stream, "credit", share=Fraction(2, 5)))
    assert (found["used"], found["refused"]) == (706, 173)


def test_every_third_lot_at_a_hundred_per_cent(stream):
    claim = granted(stream, "credit", every=3)
    assert round(claim.mass("claimed") / T) == 592
    lots = claim.outcome.lot_mg[0] / stream.outputs.mass_mg
    assert not lots[[n for n in range(24) if n % 3 != 2]].any()
    physical = claimable("controlled_blending", stream, iso_14021("product")).outcome.lot_mg[0]
    # each lot is physically about a third recycled, and some are claimed whole
    assert physical.sum() / stream.outputs.mass_mg.sum() == pytest.approx(0.33, abs=0.01)
    assert lots.max() == 1.0


def test_the_same_metal_has_many_legal_numbers(stream):
    ways = [
        ("segregated", {}),
        ("rolling_average", {"window": 1}),
        ("rolling_average", {"window": 3}),
        ("rolling_average", {"window": 12}),
        ("credit", {"share": Fraction(1, 4)}),
        ("credit", {"share": Fraction(2, 5)}),
        ("credit", {"every": 3}),
    ]
    assert len({granted(stream, model, **terms).mass("claimed") for model, terms in ways}) == len(ways)
