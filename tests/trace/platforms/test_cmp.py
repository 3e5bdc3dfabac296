"""CMP: declarations, roll-up, requests and how far they came."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.text import message
from cesim.trace.platforms.cmp import Cmp, Reach
from cesim.trace.platforms.exchange import Exchange
from cesim.trace.platforms.products import MISC, STATUS, Declaration, RecycledContent, Substance, Use, worst

DAY = 86400


def material(number="sheet", company="mill", substances=(("Al", 97), ("Si", 2), ("Mg", 1)), **more):
    parts = tuple(one if isinstance(one, Substance) else Substance(*one) for one in substances)
    return Declaration(company, number, "material", sum(one.mass_mg for one in parts), substances=parts, **more)


def codes(caught):
    for fault in caught.value.faults:
        for lang in ("ja", "en"):
            assert fault.code not in message(fault, lang)
    return {fault.code for fault in caught.value.faults}


def test_what_is_withheld_is_one_mass_without_a_name():
    secret = (Substance("Al", 95), Substance("Sr", 2, disclosed=False), Substance("Zr", 3, disclosed=False))
    one = material(substances=secret, declared="FSR", status=(("Zr", "contains"), ("Pb", "investigating")))
    shown = one.shown()
    assert {part.name: part.mass_mg for part in shown.substances} == {"Al": 95, MISC: 5}
    assert sum(part.mass_mg for part in shown.substances) == shown.mass_mg
    assert "Zr" not in repr(shown)
    assert "Sr" not in repr(shown)
    assert one.says("Al") == "contains"
    assert one.says("Sr") == one.says("Cd") == one.says("Pb") == "withheld"
    assert one.says("Pb", regulated=True) == "investigating"
    assert one.says("Cd", regulated=True) == "not_contained"


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("declaration_level", {"level": "chemical"}),
        ("declaration_class", {"declared": "FSX"}),
        ("declaration_mass", {"mass_mg": 99}),
        ("declaration_mass", {"mass_mg": 0, "substances": ()}),
        ("declaration_withheld", {"substances": (Substance("Al", 95), Substance("Pb", 5, disclosed=False))}),
        (
            "declaration_withheld",
            {
                "declared": "FMD",
                "substances": (Substance("Al", 95), Substance("Pb", 5, disclosed=False, regulated=True)),
            },
        ),
        (
            "declaration_misc",
            {"declared": "FMD", "substances": (Substance("Al", 89), Substance("Zr", 11, disclosed=False))},
        ),
        ("declaration_status", {"status": (("Pb", "perhaps"),)}),
    ],
)
def test_a_declaration_that_breaks_a_rule(code, wrong):
    right = material()
    with pytest.raises(InputError) as caught:
        dataclasses.replace(right, **wrong)
    assert codes(caught) == {code}


def test_exactly_ten_percent_may_go_without_a_name():
    parts = (Substance("Al", 90), Substance("Zr", 10, disclosed=False))
    assert material(substances=parts, declared="FMD").misc_mg() == 10


@given(st.lists(st.sampled_from(STATUS)), st.lists(st.sampled_from(STATUS)))
def test_the_worst_value_rolls_up_in_any_grouping(some, others):
    assert worst([worst(some), worst(others)]) == worst([*others, *some])
    assert ("contains" in some) == (worst(some) == "contains")


def chain():
    """A car of a part that is bought, of sheet that is bought, of a mill that is the first article."""
    cmp = Cmp(30 * DAY)
    cmp.register(material(first_article=True))
    coat = (Substance("PUR", 19), Substance("dye", 1, disclosed=False))
    cmp.register(material("paint", "painter", coat, declared="FMD", disclosed_to=("presser",)))
    cmp.register(Declaration("presser", "hood", "part", 220, (Use("sheet", 2), Use("paint"))))
    cmp.register(Declaration("maker", "car", "product", 440, (Use("hood", 2),)))
    return cmp


def test_contents_add_up_over_the_hierarchy_and_are_an_interval_where_something_is_withheld():
    cmp = chain()
    assert cmp.content("car", "Si", "maker") == (8, 8 + 40)  # the paint is not shown to the maker
    assert cmp.content("hood", "Si", "presser") == (4, 4 + 1)  # of the paint 1 mg has no name
    assert cmp.content("hood", "Si", "painter") == (4, 4)
    assert cmp.content("sheet", "Si", "anybody") == (2, 2)
    assert cmp.says("car", "Si") == "contains"
    assert cmp.says("car", "Cd") == "withheld"
    assert cmp.says("car", "Cd", regulated=True) == cmp.says("sheet", "Cd") == "not_contained"


def test_a_request_is_forwarded_and_its_reach_names_nobody():
    cmp = chain()
    request = cmp.ask("dealer", "car", 0, 10 * DAY)
    assert cmp.reach(request) == Reach(False, 1)
    (second,) = cmp.accept(request, 5, 9 * DAY)
    assert cmp.reach(request) == Reach(False, 2)
    third = cmp.accept(second, 6, 8 * DAY)
    assert cmp.reach(request) == Reach(True, 4)
    assert not any(name in repr(cmp.reach(request)) for name in ("mill", "painter", "presser", "maker"))
    assert {field.type for field in dataclasses.fields(Reach)} == {"bool", "int"}
    assert (cmp.traffic.requests, cmp.traffic.forwarded, cmp.traffic.receipts) == (4, 3, 2)
    cmp.exchange(third[0]).accept(7, 8 * DAY)
    cmp.exchange(third[0]).answer(7 * DAY, "sheet")
    assert cmp.remind_all(7 * DAY) == 0
    assert cmp.remind_all(9 * DAY) == 2
    assert cmp.remind_all(10 * DAY) == 3
    assert cmp.traffic.reminders == 5


def test_what_a_company_makes_itself_is_not_asked_for():
    cmp = chain()
    cmp.register(material("foil", "presser"))
    cmp.register(Declaration("presser", "lid", "part", 200, (Use("foil"), Use("sheet"))))
    request = cmp.ask("maker", "lid", 0)
    assert len(cmp.accept(request, 1, DAY)) == 1
    assert cmp.reach(request) == Reach(True, 2)


def test_nothing_is_forwarded_that_was_not_to_be():
    cmp = chain()
    request = cmp.ask("dealer", "car", 0)
    assert cmp.accept(request, 5, DAY, forward=False) == []
    assert cmp.reach(request) == Reach(False, 1)
    assert cmp.remind_all(10**9) == 0


@pytest.mark.parametrize(
    ("code", "declared"),
    [
        ("product_unknown", Declaration("presser", "door", "part", 100, (Use("sheat"),))),
        ("product_level", Declaration("mill", "bar", "material", 220, (Use("hood"),))),
        ("product_level", Declaration("mill", "sheet", "material", 100, (Use("sheet"),), version=2)),
        ("product_mass", Declaration("presser", "door", "part", 99, (Use("sheet"),))),
        ("product_version", material()),
        ("product_owner", material(company="other", version=2)),
    ],
)
def test_what_cannot_be_registered(code, declared):
    cmp = chain()
    with pytest.raises(InputError) as caught:
        cmp.register(declared)
    assert codes(caught) == {code}
    assert cmp.product("sheet") == chain().product("sheet")


def test_an_unknown_request_is_refused():
    with pytest.raises(InputError) as caught:
        chain().exchange(0)
    assert codes(caught) == {"request_unknown"}


def answered(deemed_s=10):
    exchange = Exchange("sheet", 0, deemed_s)
    exchange.accept(1, 5)
    exchange.answer(4, "first")
    return exchange


def test_an_answer_nobody_looks_at_counts_as_approved_and_a_correction_replaces_it():
    exchange = answered()
    assert (exchange.state(13), exchange.readable) == ("answered", None)
    assert (exchange.state(14), exchange.readable, exchange.readable_s) == ("deemed", "first", 14)
    exchange.answer(20, "second")
    assert exchange.readable == "first"
    exchange.send_back(21, "one digit too many")
    exchange.answer(25, "third")
    exchange.approve(26)
    assert (exchange.readable, exchange.readable_s, len(exchange.answers)) == ("third", 26, 3)
    counted = exchange.traffic
    assert (counted.requests, counted.receipts, counted.answers) == (1, 1, 3)
    assert (counted.returns, counted.approvals, counted.deemed) == (1, 1, 1)
    assert counted.messages() == 7


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("exchange_order", lambda: Exchange("x", 0, 9).approve(1)),
        ("exchange_order", lambda: Exchange("x", 0, 9).answer(1, "at once")),
        ("exchange_order", lambda: answered().approve(14)),  # counted as approved before
        ("exchange_order", lambda: answered().refuse(5, "no")),
        ("exchange_back", lambda: answered().approve(3)),
        ("exchange_without_reason", lambda: Exchange("x", 0, 9).refuse(1, "")),
        ("exchange_without_reason", lambda: answered().send_back(5, "")),
    ],
)
def test_steps_that_do_not_follow(code, wrong):
    with pytest.raises(InputError) as caught:
        wrong()
    assert codes(caught) == {code}


def test_a_refusal_ends_a_request():
    exchange = Exchange("x", 0, 9)
    exchange.refuse(1, "secret")
    assert (exchange.state(100), exchange.reason, exchange.readable_s) == ("refused", "secret", None)


def test_recycled_content_is_said_in_three_numbers():
    block = RecycledContent(10.0, 20.0, 35.0).as_data(1000)
    assert block["TotalRecycledContent"] == {"Mass": 350, "MassPercent": 35.0, "recyclingInformation": "mechanical"}
    assert block["PostConsumerRecycledContent"]["Mass"] == 200
    for wrong in ((10.0, 20.0, 29.0), (-1.0, 0.0, 0.0), (0.0, 0.0, 101.0)):
        with pytest.raises(InputError) as caught:
            RecycledContent(*wrong)
        assert codes(caught) == {"recycled_content_parts"}
