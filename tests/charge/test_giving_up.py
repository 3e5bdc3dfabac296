"""Heats given up: as much scrap as the exact mixture allows, also where the risk is just that of a wrong record."""

from dataclasses import replace

import pytest
from exact_mixtures import LIMIT, PRIMARY, charge_of, exact_share, most_of, pairs, triple, two_bells
from made_up_yards import yard_charge

from cesim.charge import Risk
from cesim.charge.calibrating import between, bracket
from cesim.charge.charge import to_be_least
from cesim.charge.drawn_tail import DrawnTail
from cesim.charge.giving_up import better
from cesim.charge.heats import Heats

RELIABILITIES = [0.9, 0.95, 0.97, 0.98, 0.99, 0.995]
ASKED = [0.001, 0.003, 0.005, 0.01, 0.02, 0.03]
#: risks that are just the share of wrong records, a little less and a little more
CLIFFS = [(0.99, 0.01), (0.995, 0.005), (0.97, 0.03), (0.98, 0.02), (0.99, 0.0098), (0.98, 0.0205)]
#: a risk may be a thousandth higher than asked, and that is worth so much at most where the bells lie far apart
BEYOND = 1.2


def holds(lots, asked, best):
    """Nine tenths of the exact optimum at least, and the risk within a fifth of what was asked."""
    answer = charge_of(lots, asked).most_recycled()
    assert answer.realised_risk.upper_bound <= 1.2 * asked
    assert 0.9 * best <= answer.recycled_content <= BEYOND * best
    return answer


@pytest.mark.parametrize(("reliability", "asked"), CLIFFS)
def test_one_scrap_at_the_cliff(reliability, asked):
    holds([two_bells(reliability=reliability)], asked, exact_share(asked, reliability))


@pytest.mark.slow
@pytest.mark.parametrize("reliability", RELIABILITIES)
@pytest.mark.parametrize("asked", ASKED)
def test_one_scrap(reliability, asked):
    holds([two_bells(reliability=reliability)], asked, exact_share(asked, reliability))


@pytest.mark.parametrize(
    ("which", "reliability", "asked"),
    [*((which, 0.99, 0.01) for which in range(5)), (1, 0.98, 0.03), (4, 0.98, 0.03)],
)
def test_two_lots_of_which_one_may_be_given_up(which, reliability, asked):
    lots = pairs(reliability)[which]
    holds(lots, asked, most_of(lots, asked))


@pytest.mark.slow
@pytest.mark.parametrize("which", range(5))
@pytest.mark.parametrize("reliability", RELIABILITIES)
@pytest.mark.parametrize("asked", ASKED)
def test_two_lots(which, reliability, asked):
    lots = pairs(reliability)[which]
    holds(lots, asked, most_of(lots, asked))


@pytest.mark.slow
@pytest.mark.parametrize("reliability", [0.95, 0.98, 0.99])
@pytest.mark.parametrize("asked", [0.005, 0.01, 0.02])
def test_three_lots(reliability, asked):
    lots = [*triple(reliability)[:2], two_bells("C", reliability, (0.0024, 0.0001), (0.0055, 0.0005))]
    holds(lots, asked, most_of(lots, asked, steps=60))


def test_a_worse_charge_or_one_that_misses_more_is_never_taken():
    charge = yard_charge(7, "6063", 6, 0.99)
    cost, most = to_be_least(charge.sheet, "recycled"), 0.01
    way = DrawnTail(charge.sheet, cost, most, 0)
    heats = Heats(charge.sheet, 50_000, "calibrate", 0)
    tight, loose = bracket(way.solve, heats.risk, way.start, most, way.pace, cost)
    known = between(tight, loose, heats.along, most)
    kept, found, beyond = better(way, heats, most, known, loose)
    assert float(cost @ found.masses) < float(cost @ known.masses)
    assert heats.risk(found.masses) <= most * (1.0 + 1e-6)
    assert kept.sample.count < way.sample.count
    assert beyond is None or heats.risk(beyond.masses) > most


def test_giving_up_is_worth_most_where_the_risk_is_about_that_of_a_wrong_record():
    """Six lots of 99.5 % records at one per cent: two of them may be wrong; the averaged tail charged 0.33."""
    answer = yard_charge(7, "6063", 6, 0.995, Risk(0.01)).most_recycled()
    assert answer.recycled_content > 0.37
    assert answer.realised_risk.upper_bound <= 1.2 * 0.01


def test_the_same_question_has_the_same_answer():
    first, second = (charge_of(pairs(0.99)[1], 0.01).most_recycled() for _ in range(2))
    assert first.mix == second.mix
    assert first.realised_risk == second.realised_risk


def test_prices_where_a_record_is_given_up_agree_with_a_moved_limit():
    """At two per cent every wrong record is given up: what is left to price is the bell of a right one."""
    answer = charge_of([two_bells(reliability=0.99)], 0.02).most_recycled()
    slope = answer.recycled_content / (LIMIT["Fe"] - PRIMARY["Fe"])
    assert answer.shadow_prices["Fe"] == pytest.approx((slope, slope), rel=0.05)


@pytest.mark.slow
def test_prices_where_two_records_are_given_up_are_about_those_of_a_moved_limit():
    charge = yard_charge(7, "6063", 6, 0.995, Risk(0.01))
    copper = charge.alloy.elements.index("Cu")
    moved = {}
    for share in (-0.02, 0.02):
        upper = charge.alloy.upper.copy()
        upper[copper] *= 1.0 + share
        moved[share] = replace(charge, alloy=replace(charge.alloy, upper=upper)).least_cost().cost
    slope = (moved[0.02] - moved[-0.02]) / (0.04 * charge.alloy.upper[copper] * charge.furnace.mass)
    assert charge.least_cost().shadow_prices["Cu"][0] == pytest.approx(slope, rel=0.35)
