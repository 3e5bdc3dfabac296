"""A maker's statement, worked out by hand; see the round numbers of `maker`."""

from dataclasses import replace
from fractions import Fraction

from made_up_maker import YEAR, maker

from cesim.orders.maker import Period, PlanTarget
from cesim.report.statutory import of_maker
from cesim.report.statutory.laws import step
from cesim.report.statutory.statement import missing


def test_all_cars(statements):
    s = statements["maker"]
    assert s.whole.total == 10_000_000
    assert s.whole.counted("japan") == 20_000 + 15_000 + 500_000 + 300_000 + 45_000
    assert s.whole.share("japan") == Fraction("0.088")
    assert s.whole.counted("eu") == 580_000
    assert s.whole.counted("closed") == 35_000
    assert s.whole.counted("bio") == 70_000


def test_the_newly_approved_eu_type_has_its_own_and_its_part_of_what_is_for_all(statements):
    eu = statements["maker"].eu
    assert eu.total == 1_000_000
    assert eu.kg["post_other"] == 50_000  # a tenth of 500 t, as it holds a tenth of the plastics
    assert eu.counted("eu") == 20_000 + 15_000 + 50_000 + 45_000
    assert eu.share("eu") == Fraction("0.13")
    assert eu.share("closed") == Fraction("0.035")
    lack = missing(eu, step(1))
    assert (lack.total_kg, lack.closed_kg) == (20_000, 0)
    lack = missing(eu, step(2))
    assert (lack.total_kg, lack.closed_kg) == (120_000, 15_000)


def test_types_that_are_old_or_not_for_the_eu_are_left_out():
    sheet = maker()
    old = tuple(replace(one, is_new=False) for one in sheet.types)
    assert of_maker(replace(sheet, types=old), None).eu is None
    home = tuple(replace(one, market="domestic") for one in sheet.types)
    assert of_maker(replace(sheet, types=home), None).eu is None
    assert of_maker(sheet, None).eu == of_maker(sheet, None).types[2].account


def test_polymers_add_up_to_what_was_bought(statements):
    held = statements["maker"].polymers
    assert set(held) == {"PP", "PA", "ABS"}
    assert held["PP"].counted("japan") == 335_000
    assert held["ABS"].counted("eu") == 500_000
    assert held["PA"].kg["chemical"] == 45_000
    assert sum(one.counted("japan") for one in held.values()) == statements["maker"].whole.counted("japan")


def test_the_target_is_that_of_the_year():
    plan = (PlanTarget(2030, Fraction(1)), PlanTarget(YEAR, None, Fraction("0.1")))
    assert of_maker(maker(plan=plan), None).target == plan[1]
    assert of_maker(maker(Period(2031), plan=plan), None).target is None
    assert of_maker(maker(), None).target is None


def test_a_statement_of_the_country_is_marked_and_knows_no_types(statements):
    assert [kind for kind, one in statements.items() if one.is_national] == ["country", "fiscal", "best"]
    assert statements["country"].eu is None
    assert statements["country"].target is None
