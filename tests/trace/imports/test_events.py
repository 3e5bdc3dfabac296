"""What each kind of EPCIS event becomes, in documents as a pilot's own systems would write them."""

from itertools import pairwise

import pytest
from told_events import (
    CONTEXT,
    DEALER,
    WORKS,
    document,
    event,
    hand,
    imported,
    kg,
    lot,
    melt,
    named,
    origin_of,
    parties,
    side,
    steps,
    supply,
)

from cesim.errors import InputError
from cesim.trace.imports.masses import MG_OF
from cesim.trace.steps import STEPS

GIVER, TAKER = "urn:epc:id:pgln:4012345.00077", "urn:epc:id:pgln:4098765.00088"
BOX = "urn:epc:id:sscc:4012345.0000000001"
PIECES = [f"urn:epc:id:sgtin:4012345.012345.{n}" for n in (1, 2, 3)]


def refused(*documents):
    with pytest.raises(InputError) as found:
        imported(*documents)
    return found.value.faults


def test_a_chain_of_four_proves_where_its_metal_comes_from():
    """Old sheet taken back, sold, melted with primary: 900 kg of 1,000 are post-consumer."""
    told = document(
        event(
            action="ADD", bizStep="collecting", at=DEALER, quantityList=[kg("T", 900)],
            ilmd={"cesim:origin": "post_elv", "cesim:kind": "scrap", "cesim:item": "6016"},
        ),
        hand("shipping", [("T", 900)], 2, at=DEALER),
        hand("receiving", [("T", 898)], 5),
        supply("P", 100, "primary", 6),
        melt([("T", 900), ("P", 100)], [("S", 950)], 9, **{"cesim:declaredLossKg": 50}),
    )  # fmt: skip
    found = imported(told)
    assert steps(found.records) == ["take_back", "shipping", "receiving", "supply", "rolling"]
    assert found.first_year == 2026
    assert origin_of(found.records, lot("S")) == {"post_elv": pytest.approx(0.9), "primary": pytest.approx(0.1)}
    entries = found.records.entries
    assert entries.loss_mg.tolist() == [0, 0, 0, 0, 50_000_000]
    n = named(found.records, lot("T"))
    assert entries.names.kinds[entries.lots.kind[n]] == "scrap"
    assert entries.names.items[entries.lots.item[n]] == "6016"
    assert found.remarks == ()


def test_without_the_handover_nothing_of_it_is_proved():
    told = document(supply("T", 900, "post_elv", at=DEALER), melt([("T", 900)], [("S", 900)], 9))
    assert origin_of(imported(told).records, lot("S")) == {}


def test_what_is_commissioned_without_a_word_on_its_origin_is_of_unknown_origin():
    found = imported(document(supply("T", 900), melt([("T", 900)], [("S", 900)])))
    assert origin_of(found.records, lot("S")) == {}
    sources = found.records.entries.sources
    assert (sources.origin.tolist(), sources.mass_mg.tolist()) == ([-1], [900_000_000])


@pytest.mark.parametrize(("unit", "mass_mg"), [
    ("KGM", 2_000_000), ("GRM", 2_000), ("TNE", 2 * 10**9), ("LBR", 907_185), ("DTN", 2 * 10**8), ("MGM", 2),
])  # fmt: skip
def test_units_of_mass_become_milligrams(unit, mass_mg):
    """Pound: 0.453 592 37 kg exactly (international yard and pound agreement, 1959)."""
    found = imported(document(melt([("A", 2, unit)], [("B", 2, unit)])))
    assert side(found.records, 0) == [(lot("A"), mass_mg)]
    assert unit in MG_OF


def test_pieces_and_unknown_units_have_no_mass_and_that_is_told():
    told = document(
        melt([("A", 3, "C62")], [("B",)], inputEPCList=PIECES[:1]),
    )
    found = imported(told)
    assert [mass for _, mass in side(found.records, 0)] == [-1, -1]
    assert [mass for _, mass in side(found.records, 0, "outputs")] == [-1]
    assert [(one.code, one.arguments["found"]) for one in found.remarks] == [("import_unit", "C62")]


def test_goods_without_a_lot_go_in_as_matter_of_unknown_origin_and_come_out_as_a_lot_of_the_event():
    goods = {"epcClass": "urn:epc:idpat:sgtin:4012345.912345.*", "quantity": 40, "uom": "KGM"}
    told = document(
        supply("A", 60, "primary"),
        melt([], [], inputQuantityList=[kg("A", 60), goods], outputQuantityList=[goods]),
        melt([], [], 12, inputQuantityList=[goods], outputQuantityList=[goods]),
    )
    found = imported(told).records
    entries = found.entries
    assert entries.sources.mass_mg.tolist() == [60_000_000, 40_000_000, 40_000_000]
    assert entries.sources.origin.tolist() == [0, -1, -1]
    labels = entries.lots.label
    assert [label.endswith(("#1.0", "#2.0")) for label in labels] == [False, True, True]
    assert origin_of(found, labels[1]) == {"primary": pytest.approx(0.6)}
    handed = imported(document(supply("A", 1), hand("shipping", [], 3) | {"quantityList": [goods]}))
    assert {one.code for one in handed.remarks} == {"import_goods_without_lot", "import_left_out"}


def test_who_acts_is_who_runs_the_place_and_names_come_from_master_data():
    """The dock at which GIVER ships is GIVER's, also where it melts; both spellings of a company are one."""
    web = "https://id.gs1.org/417/4098765000881"
    master = [{"type": "urn:epcglobal:epcis:vtype:Location", "vocabularyElementList": [
        {"id": TAKER, "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": "三河鋳造"}]}]}]  # fmt: skip
    told = document(
        supply("A", 10, "primary", 0, at=DEALER),
        melt([("A", 10)], [("B", 10)], 2, at=DEALER),
        hand("shipping", [("B", 10)], 3, at=DEALER, **parties(GIVER, TAKER)),
        hand("receiving", [("B", 10)], 4, at=WORKS, **parties(GIVER, web)),
        melt([("B", 10)], [("C", 10)], 5, at=WORKS),
        master=master,
    )
    entries = imported(told).records.entries
    names = [actor.name for actor in entries.names.actors]
    assert names == [GIVER, "三河鋳造"]
    assert entries.actor.tolist() == [0, 0, 0, 1, 1]
    assert entries.partner.tolist() == [-1, -1, 1, 0, -1]


def test_one_number_of_a_place_is_one_actor_whatever_hall_and_spelling():
    halls = [f"urn:epc:id:sgln:4012345.00002.{hall}" for hall in (0, 7)] + ["https://id.gs1.org/414/4012345000023"]
    told = document(*(supply(f"L{n}", 1, at=hall) for n, hall in enumerate(halls)))
    assert len(imported(told).records.entries.names.actors) == 1


def test_lots_are_the_same_in_both_spellings():
    """The check digit of GTIN 9 4012345 12345 is 9 (GS1 General Specifications, 7.9)."""
    web = {"epcClass": "https://id.gs1.org/01/94012345123459/10/A", "quantity": 10, "uom": "KGM"}
    told = document(supply("A", 10, "primary"), melt([], [("B", 10)], 3, inputQuantityList=[web]))
    found = imported(told).records
    assert found.entries.lots.label == (lot("A"), lot("B"))
    assert origin_of(found, lot("B")) == {"primary": 1.0}


def package(kind="AggregationEvent", action="ADD", hour=3, **told):
    return event(kind, hour, action=action, bizStep="packing", **({"parentID": BOX} | told))


def test_a_package_that_is_shipped_is_what_lies_in_it():
    told = document(
        supply("A", 10, "primary"), supply("B", 20, "post_other"),
        package(childQuantityList=[kg("A", 10), kg("B", 20)]),
        event(hour=5, action="OBSERVE", bizStep="shipping", epcList=[BOX]),
        event(hour=6, at=DEALER, action="OBSERVE", bizStep="receiving", epcList=[BOX]),
        melt([], [("C", 30)], 8, at=DEALER, inputEPCList=[BOX], inputQuantityList=[]),
    )  # fmt: skip
    found = imported(told).records
    assert steps(found) == ["supply", "supply", "packing", "shipping", "receiving", "rolling"]
    both = [(lot("A"), 10_000_000), (lot("B"), 20_000_000)]
    assert [side(found, n) for n in (2, 3, 4, 5)] == [both] * 4
    assert origin_of(found, lot("C")) == {"primary": pytest.approx(1 / 3), "post_other": pytest.approx(2 / 3)}


def test_what_was_taken_out_of_a_package_is_not_shipped_with_it():
    told = document(
        supply("A", 10), supply("B", 20), package(childQuantityList=[kg("A", 10), kg("B", 20)]),
        package(action="DELETE", hour=4, childQuantityList=[kg("A", 10)]),
        event(hour=5, action="OBSERVE", bizStep="shipping", epcList=[BOX]),
        package(action="DELETE", hour=6),
        event(hour=7, action="OBSERVE", bizStep="shipping", epcList=[BOX]),
    )  # fmt: skip
    found = imported(told).records
    assert [side(found, n) for n in range(len(found)) if steps(found)[n] == "shipping"] == [
        [(lot("B"), 20_000_000)], [(BOX, -1)],
    ]  # fmt: skip


def test_packages_lie_in_packages_but_never_in_themselves():
    pallet = "urn:epc:id:sscc:4012345.0000000002"
    nested = [
        supply("A", 10), package(childQuantityList=[kg("A", 10)]),
        package(hour=4, parentID=pallet, childEPCs=[BOX]),
    ]  # fmt: skip
    found = imported(document(*nested, event(hour=5, action="OBSERVE", bizStep="shipping", epcList=[pallet])))
    assert side(found.records, 3) == [(lot("A"), 10_000_000)]
    (fault,) = refused(document(*nested, package(hour=6, childEPCs=[pallet])))
    assert (fault.code, fault.place.pointer) == (
        "import_package_in_itself", "/epcisBody/eventList/3/parentID",
    )  # fmt: skip


def test_parts_are_installed_and_things_end():
    told = document(
        supply("A", 10),
        event("AssociationEvent", 3, action="ADD", bizStep="installing", parentID=BOX, childQuantityList=[kg("A", 10)]),
        event(hour=5, action="DELETE", bizStep="destroying", quantityList=[kg("A", 1)]),
    )  # fmt: skip
    assert steps(imported(told).records) == ["supply", "installing", "disposal"]


def test_a_sale_changes_the_owner_and_moves_nothing():
    told = document(
        supply("A", 10, "primary"),
        event(
            "TransactionEvent", 3, action="ADD", bizStep="accepting", quantityList=[kg("A", 10)],
            bizTransactionList=[{"type": "po", "bizTransaction": "urn:epc:id:gdti:4012345.00001.5"}],
            **parties(GIVER, TAKER),
        ),
    )  # fmt: skip
    entries = imported(told).records.entries
    assert [STEPS[step] for step in entries.step] == ["supply", "transfer"]
    assert entries.names.actors[entries.partner[1]].name == TAKER


def test_parts_of_one_transformation_are_one():
    name = {"transformationID": "urn:epc:id:gdti:4012345.00006.77"}
    lists = ("inputQuantityList", "outputQuantityList")
    told = document(
        supply("A", 10, "primary"), supply("B", 30, "post_other"),
        event("TransformationEvent", 3, **{lists[0]: [kg("A", 10)]}, **name),
        event("TransformationEvent", 4, **{lists[0]: [kg("B", 30)]}, **name),
        event("TransformationEvent", 6, **{lists[1]: [kg("C", 40)]}, **name),
    )  # fmt: skip
    found = imported(told).records
    assert steps(found) == ["supply", "supply", "melting"]
    assert origin_of(found, lot("C")) == {"primary": 0.25, "post_other": 0.75}
    assert found.entries.time_s[2] - found.entries.time_s[0] == 6 * 3600


def test_naming_what_one_made_is_no_second_making_but_somebody_else_s_is():
    made = [supply("A", 10, "primary"), melt([("A", 10)], [("B", 10)], 3)]
    found = imported(document(*made, supply("B", 10, hour=4)))
    assert origin_of(found.records, lot("B")) == {"primary": 1.0}
    assert [one.code for one in found.remarks] == ["import_named_again"]
    for other in (supply("B", 10, hour=4, at=DEALER), supply("B", 10, "post_elv", hour=4)):
        assert origin_of(imported(document(*made, other)).records, lot("B")) == {}


def test_an_event_declared_wrong_is_withdrawn_with_and_without_an_id():
    wrong = melt([("A", 10)], [("B", 90)], 3)
    right = melt([("A", 10)], [("B", 9)], 3)
    declared = {"errorDeclaration": {"declarationTime": "2026-04-03T00:00:00Z", "reason": "incorrect_data"}}
    for name in ({"eventID": "urn:uuid:1b1c9e4c-6f5c-4f3c-9a3e-0e3c6c2a1d11"}, {}):
        told = document(supply("A", 10, "primary"), wrong | name, wrong | name | declared, right)
        found = imported(told)
        assert side(found.records, 1, "outputs") == [(lot("B"), 9_000_000)]
        assert len(found.records) == 2
        assert [one.code for one in found.remarks] == ["import_withdrawn"]


def test_a_declaration_that_finds_nothing_is_told():
    error = {"declarationTime": "2026-04-03T00:00:00Z", "correctiveEventIDs": ["urn:uuid:none"]}
    told = document(supply("A", 10), supply("B", 10, eventID="urn:uuid:x", errorDeclaration=error))
    found = imported(told)
    assert len(found.records) == 1
    assert [one.code for one in found.remarks] == ["import_nothing_withdrawn", "import_correction_missing"]


def test_a_shipment_declared_void_is_none():
    told = document(
        supply("A", 10), supply("B", 10), hand("shipping", [("A", 10), ("B", 10)], 3),
        hand("void_shipping", [("B", 10)], 4), hand("void_shipping", [("C", 10)], 5),
    )  # fmt: skip
    found = imported(told)
    assert steps(found.records) == ["supply", "supply", "shipping"]
    assert side(found.records, 2) == [(lot("A"), 10_000_000)]
    assert [one.code for one in found.remarks] == ["import_nothing_withdrawn"]


def test_departing_and_accepting_count_where_nothing_plainer_is_told():
    plain = [hand("shipping", [("A", 10)], 3), hand("receiving", [("A", 10)], 5, at=DEALER)]
    weak = [hand("departing", [("A", 10)], 4), hand("accepting", [("A", 10)], 6, at=DEALER)]
    assert steps(imported(document(supply("A", 10), *weak)).records) == ["supply", "shipping", "receiving"]
    both = imported(document(supply("A", 10), *plain, *weak)).records
    assert sorted(steps(both)) == ["analysis", "analysis", "receiving", "shipping", "supply"]


def test_times_of_recording_zones_and_parts_of_seconds():
    told = document(
        supply("A", 1) | {"eventTime": "2026-01-01T08:59:59.999+09:00", "recordTime": "2026-01-01T00:00:00Z"},
        supply("B", 1) | {"eventTime": "2026-06-30T23:59:60Z"},
    )
    found = imported(told)
    assert found.first_year == 2025
    year = 365 * 86_400
    assert found.records.entries.time_s.tolist() == [year - 1, year + 181 * 86_400 - 1]
    assert found.records.written_s.tolist() == [year, year + 181 * 86_400 - 1]


def test_our_words_are_known_by_what_their_prefix_stands_for():
    told = supply("A", 10) | {"ilmd": {"x:origin": "primary"}, "x:step": "baling"}
    ours, theirs = ({"x": meaning} for meaning in ("https://cesim.example/terms/", "https://somebody.example/"))
    melted = melt([("A", 10)], [("B", 10)])
    found = imported(document(told, melted) | {"@context": [CONTEXT, ours]}).records
    assert origin_of(found, lot("B")) == {"primary": 1.0}
    assert steps(found)[0] == "baling"
    found = imported(document(told, melted) | {"@context": [CONTEXT, theirs]}).records
    assert origin_of(found, lot("B")) == {}
    assert steps(found)[0] == "supply"


def test_an_origin_that_is_none_is_refused_with_what_was_meant():
    (fault,) = refused(document(supply("A", 10, "post_elf")))
    assert (fault.code, fault.arguments["nearest"]) == ("import_origin_unknown", "post_elv")
    assert str(fault.place) == "0.json:/epcisBody/eventList/0/ilmd/cesim:origin"


@pytest.mark.parametrize(("told", "at"), [
    ({"cesim:declaredLossKg": "much"}, "cesim:declaredLossKg"),
    ({"cesim:declaredLossKg": True}, "cesim:declaredLossKg"),
    ({"cesim:originClass": 3}, "cesim:originClass"),
    ({"cesim:sources": {}}, "cesim:sources"),
    ({"cesim:sources": [3]}, "cesim:sources/0"),
    ({"cesim:sources": [{"epcClass": 3}]}, "cesim:sources/0"),
    ({"cesim:sources": [{"epcClass": "urn:x:y", "quantity": "1"}]}, "cesim:sources/0"),
    ({"cesim:sources": [{"epcClass": "urn:x:y", "quantity": 1, "uom": []}]}, "cesim:sources/0"),
    ({"cesim:lots": [{"cesim:lot": 3}]}, "cesim:lots/0/cesim:lot"),
    ({"cesim:lots": [{"cesim:lot": "urn:x:y", "cesim:kg": "3"}]}, "cesim:lots/0/cesim:kg"),
    ({"cesim:lots": [{"cesim:lot": "urn:x:y", "cesim:label": 3}]}, "cesim:lots/0/cesim:label"),
    ({"ilmd": {"cesim:kind": []}}, "ilmd/cesim:kind"),
])  # fmt: skip
def test_our_words_used_wrongly_are_refused_in_their_place(told, at):
    (fault,) = refused(document(supply("A", 10) | told))
    assert fault.code == "import_extension"
    assert fault.place.pointer == f"/epcisBody/eventList/0/{at}"


def test_one_id_for_two_events_of_two_files_is_refused_with_both_places():
    one, other = (document(supply(name, 1, eventID="urn:uuid:same")) for name in "AB")
    (fault,) = refused(one, other)
    assert fault.code == "import_event_twice"
    assert str(fault.place) == "1.json:/epcisBody/eventList/0/eventID"
    assert str(fault.arguments["other"]) == "0.json:/epcisBody/eventList/0/eventID"


def test_a_document_that_violates_the_standard_is_refused_with_every_place():
    told = document(supply("A", 1) | {"action": "MAKE"}, supply("B", 1) | {"eventTime": "yesterday"})
    assert [(one.code, one.place.pointer) for one in refused(told)] == [
        ("epcis_unknown_word", "/epcisBody/eventList/0/action"),
        ("epcis_no_time", "/epcisBody/eventList/1/eventTime"),
    ]


@pytest.mark.parametrize(("mass", "code"), [(1e308, "epcis_quantity_out_of_range"), (2e9, "import_mass_too_large"),
                                            (-1, "epcis_quantity_out_of_range")])  # fmt: skip
def test_masses_that_nobody_has_are_refused_in_their_place(mass, code):
    (fault,) = refused(document(supply("A", mass)))
    assert fault.code == code
    assert fault.place.pointer == "/epcisBody/eventList/0/quantityList/0/quantity"


def test_a_sum_that_nobody_has_is_refused_too():
    (fault,) = refused(document(melt([("A", 9e8), ("B", 9e8)], [("C", 1)])))
    assert (fault.code, fault.place.pointer) == ("import_mass_too_large", "/epcisBody/eventList/0")


def test_events_centuries_apart_are_no_ledger():
    (fault,) = refused(document(supply("A", 1), supply("B", 1) | {"eventTime": "1026-04-01T00:00:00Z"}))
    assert fault.code == "import_ages_apart"


@pytest.mark.parametrize("time", [
    "0000-01-01T00:00:00+09:00", "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00", "0999-12-31T00:00:00Z",
])  # fmt: skip
def test_times_at_the_ends_of_the_calendar_are_refused(time):
    (fault,) = refused(document(supply("A", 1) | {"eventTime": time}))
    assert (fault.code, fault.place.pointer) == ("import_time", "/epcisBody/eventList/0/eventTime")


def test_names_stay_data_and_labels_stay_apart():
    script = "<script>alert(1)</script>"
    named = [{"id": site, "attributes": [{"id": "cesim:name", "attribute": script}]} for site in (WORKS, DEALER)]
    master = [{"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": named}]
    told = document(supply("A", 1), supply("B", 1, at=DEALER), master=master)
    names = [actor.name for actor in imported(told).records.entries.names.actors]
    assert names[0] == script
    assert names[1].startswith(script)
    assert names[1] != script


def test_an_event_of_somebody_s_own_type_is_left_out_and_told():
    told = document(supply("A", 1), {
        "type": "https://somebody.example/Event", "eventTime": "2026-04-01T00:00:00Z", "eventTimeZoneOffset": "+00:00",
    })  # fmt: skip
    found = imported(told)
    assert len(found.records) == 1
    assert [one.code for one in found.remarks] == ["import_left_out"]


def test_nothing_of_lots_is_nothing_to_import():
    told = document(event(action="OBSERVE", epcList=[]))
    assert [one.code for one in refused(told)] == ["import_nothing"]


def test_packages_a_thousand_deep_and_in_many_others_are_opened_once():
    """Twelve hundred boxes in one another, and thirty layers of which each lies in both of the next."""
    boxes = [f"urn:epc:id:sscc:4012345.{n:010}" for n in range(1_200)]
    deep = [package(parentID=boxes[0], childQuantityList=[kg("A", 10)], hour=1)]
    deep += [package(parentID=one, childEPCs=[other], hour=2) for other, one in pairwise(boxes)]
    shipped = event(hour=9, action="OBSERVE", bizStep="shipping", epcList=[boxes[-1]])
    found = imported(document(*deep, shipped)).records
    assert side(found, len(found) - 1) == [(lot("A"), 10_000_000)]
    layers = [boxes[2 * n : 2 * n + 2] for n in range(30)]
    wide = [package(parentID=one, childQuantityList=[kg(f"L{one[-3:]}", 1)], hour=1) for one in layers[0]]
    for below, above in pairwise(layers):
        wide += [package(parentID=one, childEPCs=below, hour=2) for one in above]
    shipped = event(hour=9, action="OBSERVE", bizStep="shipping", epcList=layers[-1])
    found = imported(document(*wide, shipped)).records
    assert len(side(found, len(found) - 1)) == 2


def test_an_origin_of_somebody_else_s_goods_is_unknown_here_and_told():
    """What laws do not know they cannot count: kept as unknown, with a remark."""
    goods = {"epcClass": "urn:epc:idpat:sgtin:4012345.912345.*", "quantity": 40, "uom": "KGM"}
    for word, proved in (("post_elv", {"post_elv": 1.0}), ("ocean", {})):
        told = [{"id": f"cesim:{name}", "attribute": value} for name, value in (("kind", "source"), ("origin", word))]
        master = [{"type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": [
            {"id": goods["epcClass"], "attributes": told}]}]  # fmt: skip
        found = imported(document(melt([], [("B", 40)], inputQuantityList=[goods]), master=master))
        assert origin_of(found.records, lot("B")) == proved
        assert [one.code for one in found.remarks] == ([] if proved else ["import_origin_unknown"])


def test_a_lot_made_twice_weighs_what_it_did_first_and_is_proved_nothing():
    told = document(supply("A", 10, "primary", 0), supply("A", 70, "post_elv", 1), melt([("A", 5)], [("B", 5)]))
    found = imported(told).records
    assert found.entries.lots.mass_mg[named(found, lot("A"))] == 10_000_000
    assert origin_of(found, lot("B")) == {}


def test_of_a_sum_with_an_unknown_part_nothing_is_known():
    told = document(melt([("A", 10), ("A",), ("C", 1), ("C", 2)], [("B", 5)]))
    assert side(imported(told).records, 0) == [(lot("A"), -1), (lot("C"), 3_000_000)]
