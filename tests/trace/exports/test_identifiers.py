"""Identifiers: check digits of published numbers, and every name leads back to what it was made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_exports import ITEMS, KINDS, random_entries

from cesim.errors import InputError
from cesim.trace.exports.check_digits import business_partner, corporate_number, gs1
from cesim.trace.exports.identifiers import BULK, PIECE, SERIALS, Key, is_serial, read
from cesim.trace.exports.lot_names import LotNames, asset_of_entry, package_of_entry, source_goods
from cesim.trace.exports.partners import operator_number, operator_of, partner_number, partner_of, plant_number

ALLOWED = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


# the examples of the EPC Tag Data Standard: trade item, package, place
@pytest.mark.parametrize("number", ["10614141123459", "106141412345678908", "0614141123452", "9506000134352"])
def test_published_gs1_numbers(number):
    assert gs1(number[:-1]) == number[-1]


# a car maker, the tax agency, the trade ministry's entry in the register
@pytest.mark.parametrize("number", ["1180301018771", "7000012050002", "5010401067252"])
def test_published_corporate_numbers(number):
    assert corporate_number(number[1:]) == number[0]


@pytest.mark.parametrize(
    "number",
    ["CRHK", "AYRE", "B2OM", "AXS3", "B0Q0", "B3NX", "B5MJ", "CML1", "AVTH"],
)
def test_published_business_partners(number):
    assert business_partner(f"00000003{number[:2]}") == number[2:]


def keys():
    number = st.integers(0, 99_999)

    def serial(scheme):
        return st.text(ALLOWED, min_size=1, max_size=SERIALS[scheme])

    return st.one_of(
        st.builds(Key, st.just("lgtin"), number, serial("lgtin"), st.just(BULK)),
        st.builds(Key, st.just("sgtin"), number, serial("sgtin"), st.just(PIECE)),
        st.builds(Key, st.just("giai"), st.just(0), serial("giai")),
        st.builds(Key, st.just("gdti"), number, serial("gdti")),
        st.builds(Key, st.just("sscc"), st.just(0), st.text("0123456789", min_size=10, max_size=10)),
        st.builds(Key, st.just("sgln"), number, st.just("0")),
        st.builds(Key, st.just("pgln"), number),
    )


@given(keys())
def test_a_key_comes_back_from_either_form(key):
    assert read(key.urn()) == key
    assert read(key.web()) == key


@given(keys(), st.integers(0), st.integers(1, 9))
def test_a_wrong_digit_is_refused_on_the_web(key, place, by):
    if key.scheme == "giai":
        return  # the only key without a check digit
    name = key.web()
    number = name.split("/")[4]
    length = {"lgtin": 14, "sgtin": 14, "sscc": 18}.get(key.scheme, 13)
    at = name.index(number) + place % length
    wrong = f"{name[:at]}{(int(name[at]) + by) % 10}{name[at + 1 :]}"
    with pytest.raises(InputError) as caught:
        read(wrong)
    assert caught.value.faults[0].code == "identifier_unknown"


@pytest.mark.parametrize(
    "name",
    [
        "", "urn:epc:id:giai:0614141.1", "urn:epc:id:sgln:9521234.0001.0", "urn:epc:class:lgtin:9521234.90001.7",
        "https://id.gs1.org/01/", "https://id.gs1.org/00/9521234", "urn:epc:id:sgln:9521234.１２３４５.0",
        "https://id.gs1.org/414/9521234０００００1", "urn:epc:id:pgln:9521234.00001.x",
    ],
)  # fmt: skip
def test_what_is_no_key_of_ours_is_refused(name):
    with pytest.raises(InputError):
        read(name)


@given(st.integers(0, 99_999))
def test_operators_and_partners_come_back(actor):
    assert operator_of(operator_number(actor)) == operator_of(plant_number(actor)) == actor
    assert len(operator_number(actor)) == 13
    assert len(plant_number(actor)) == 19
    assert {partner_of(partner_number(actor, letter)) for letter in "LSA"} == {actor}


@pytest.mark.parametrize("number", ["", "BPNLCE00000001ZZ", "XPNLCE", "BPNLCE０0000001ZZ"])
def test_no_partner_of_ours(number):
    with pytest.raises(InputError):
        partner_of(number)


@pytest.mark.parametrize("number", ["", "9", "0952123400001", "1180301018771", "95212340000x1"])
def test_no_operator_of_ours(number):
    with pytest.raises(InputError):
        operator_of(number)


@given(st.integers(0, 2**32 - 1), st.data())
def test_lots_come_back_from_their_names(seed, data):
    def labels(count):
        return data.draw(st.lists(st.text(max_size=25), min_size=count, max_size=count, unique=True))

    entries = random_entries(seed, 4, labels=labels if data.draw(st.booleans()) else None)
    called = LotNames(entries)
    names = [called.key(lot).urn() for lot in range(len(entries.lots))]
    assert [called.lot_of(name) for name in names] == list(range(len(names)))
    assert [called.lot_of(called.key(lot).web()) for lot in range(len(names))] == list(range(len(names)))
    bulk = [lot for lot in range(len(names)) if called.key(lot).scheme == "lgtin"]
    assert [called.bulk(int(called.goods[lot]), lot) for lot in bulk] == [names[lot] for lot in bulk]


def test_a_serial_that_looks_like_a_pattern_is_a_serial():
    key = Key("lgtin", 7, ":idpat:", BULK)
    assert read(key.urn()) == key


def test_labels_that_look_like_numbers_of_other_lots_are_told_apart():
    labels = ["1", "0", "_1", "_0", ".1", "名", "x" * 30, "_7"]
    entries = random_entries(3, 6, labels=lambda count: [*labels, *map(str, range(10, count + 2))])
    called = LotNames(entries)
    assert len({called.key(lot).urn() for lot in range(len(entries.lots))}) == len(entries.lots)
    assert called.serial(0) in ("1", "0000000000")
    told = {called.unsaid_label(lot) for lot in range(len(labels))}
    assert set(labels[2:]) <= told


def test_no_lot_is_called_like_what_an_entry_made():
    called = LotNames(random_entries(0, 20))
    for key in (asset_of_entry(3), package_of_entry(3), source_goods(-1), source_goods(8)):
        with pytest.raises(InputError):
            called.lot_of(key.urn())


def test_two_lots_with_one_label_are_refused():
    with pytest.raises(InputError) as caught:
        LotNames(random_entries(0, 5, labels=lambda count: ["a"] * count))
    assert caught.value.faults[0].code == "lot_label_twice"


def test_labels_must_be_as_many_as_lots():
    with pytest.raises(InputError) as caught:
        LotNames(random_entries(0, 5, labels=lambda _: ["a"]))
    assert caught.value.faults[0].code == "lot_labels_missing"


def test_single_things_and_goods():
    entries = random_entries(1, 200)
    called = LotNames(entries)
    schemes = {(KINDS[k], called.key(lot).scheme) for lot, k in enumerate(entries.lots.kind.tolist())}
    assert {("car", "giai"), ("hulk", "giai"), ("part", "sgtin"), ("scrap", "lgtin")} <= schemes
    goods = [called.key(lot).number for lot in range(len(entries.lots)) if called.key(lot).scheme == "lgtin"]
    assert max(goods) < len(KINDS) * len(ITEMS)


@pytest.mark.parametrize(
    ("text", "may"), [("A1-2", True), ("a b", False), ("名", False), ("", False), ("9" * 21, False)]
)
def test_what_may_stand_in_a_key(text, may):
    assert is_serial(text) is may
