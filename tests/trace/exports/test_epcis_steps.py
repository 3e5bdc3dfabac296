"""Every step by example: the kind of event it becomes, and that the published schema takes it."""

import numpy as np
import pytest
from made_up import KG, Book
from made_up_exports import SCRAP, all_steps, assays, events, read, records_of, written
from published_schemas import epcis, faults_of, needs_standards

from cesim.trace.exports.epcis_steps import STEP_WORDS
from cesim.trace.steps import STEPS


@pytest.fixture(scope="module")
def told():
    """Events of a ledger of records, and those of the truth."""
    entries = all_steps()
    event = np.arange(len(entries))
    event[STEPS.index("correction")] = STEPS.index("receiving")
    return events(written(records_of(entries, event=event))), events(written(entries))


SHAPES = {
    "supply": ("ObjectEvent", "ADD"),
    "take_back": ("ObjectEvent", "ADD"),
    "analysis": ("ObjectEvent", "OBSERVE"),
    "packing": ("AggregationEvent", "ADD"),
    "shipping": ("ObjectEvent", "OBSERVE"),
    "receiving": ("ObjectEvent", "OBSERVE"),
    "installing": ("AssociationEvent", "ADD"),
    "scrap_return": ("ObjectEvent", "OBSERVE"),
    "disposal": ("ObjectEvent", "DELETE"),
    "correction": ("ObjectEvent", "OBSERVE"),
    "transfer": ("TransactionEvent", "ADD"),
}


def test_every_step_has_words():
    assert tuple(STEP_WORDS) == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_kind_of_event(told, step):
    event = told[1][STEPS.index(step)]
    assert (event["type"], event.get("action")) == SHAPES.get(step, ("TransformationEvent", None))
    assert event["bizStep"] == STEP_WORDS[step].business
    assert event.get("disposition", "") == STEP_WORDS[step].disposition


@needs_standards
@pytest.mark.parametrize("ids", ["uuid", "hash"])
def test_the_published_schema_takes_every_step(ids):
    entries = all_steps()
    for ledger in (entries, records_of(entries)):
        document = written(ledger, ids=ids)
        assert faults_of(epcis(), _plain(document)) == []
        assert {event["type"] for event in events(document)} == {
            "ObjectEvent", "TransformationEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent",
        }  # fmt: skip


def _plain(document):
    import orjson

    return orjson.loads(document)


def at(told, step):
    return told[1][STEPS.index(step)]


def test_a_heat_is_named_and_its_matter_from_sources_goes_in(told):
    melt = at(told, "melting")
    assert melt["transformationID"].startswith("urn:epc:id:gdti:9521234.00006.")
    assert [one["epcClass"] for one in melt["inputQuantityList"]][-1] == "urn:epc:idpat:sgtin:9521234.990001.*"
    assert [one["quantity"] for one in melt["inputQuantityList"]] == [80, 40, 2]
    assert melt["cesim:declaredLossKg"] == 1
    assert melt["cesim:allocation"] == "cesim:mass_proportional"
    assert melt["ilmd"] == {"cesim:kind": "slab", "cesim:item": "6016"}


def test_both_sides_of_a_handover_name_who_gives_and_who_takes(told):
    shipped, received = at(told, "shipping"), at(told, "receiving")
    assert shipped["sourceList"] == received["sourceList"]
    assert shipped["destinationList"] == received["destinationList"]
    assert shipped["sourceList"][0] == {"type": "owning_party", "source": "urn:epc:id:pgln:9521234.00000"}
    assert shipped["quantityList"][0]["quantity"] == 80
    assert received["quantityList"][0]["quantity"] == 79
    assert shipped["quantityList"][0]["epcClass"] == received["quantityList"][0]["epcClass"]
    assert [one["bizTransactionList"][0]["type"] for one in (shipped, received)] == ["desadv", "recadv"]


def test_a_car_goes_by_its_name_and_keeps_its_mass(told):
    back, taken = at(told, "take_back"), at(told, "dismantling")
    assert back["epcList"] == taken["inputEPCList"]
    assert back["cesim:lots"] == [{"cesim:lot": back["epcList"][0], "cesim:kind": "car", "cesim:kg": 1000}]
    assert {one["cesim:lot"]: one["cesim:kg"] for one in taken["cesim:lots"]} == {
        back["epcList"][0]: 1000, taken["outputEPCList"][0]: 930,
    }  # fmt: skip


def test_parents_of_what_is_packed_and_built_in(told):
    assert at(told, "packing")["parentID"].startswith("urn:epc:id:sscc:9521234.5")
    assert at(told, "installing")["parentID"].startswith("urn:epc:id:giai:9521234..")


def test_an_origin_class_is_told(told):
    assert at(told, "scrap_return")["cesim:originClass"] == "pre_auto"


def test_a_correction_takes_back_the_record_before_it(told):
    records = told[0]
    receiving = records[STEPS.index("receiving")]
    again, right = records[STEPS.index("correction") : STEPS.index("correction") + 2]
    declared = again.pop("errorDeclaration")
    assert again == receiving
    assert declared["correctiveEventIDs"] == [right["eventID"]]
    assert declared["reason"] == "incorrect_data"
    assert declared["declarationTime"] == right["recordTime"]
    assert right["bizStep"] == "receiving"
    assert right["eventID"] != receiving["eventID"]
    assert right["quantityList"][0]["quantity"] == 80
    assert len(records) == len(STEPS) + 1


def test_an_analysis_tells_mass_and_composition():
    entries = all_steps()
    [element] = events(written(entries, assays=assays(entries)))[STEPS.index("analysis")]["sensorElementList"]
    assert element["sensorReport"] == [
        {"type": "Mass", "value": 80, "uom": "KGM"},
        {"type": "Dimensionless", "value": 11_000, "sDev": 500, "uom": "59", "cesim:substance": "Si"},
        {"type": "Dimensionless", "value": 2_500, "sDev": 20, "uom": "59", "cesim:substance": "Fe <&>"},
    ]
    plain = events(written(entries, assays=assays(entries, sd=False)))[STEPS.index("analysis")]
    assert "sDev" not in plain["sensorElementList"][0]["sensorReport"][1]


@needs_standards
def test_the_published_schema_takes_an_analysis():
    entries = all_steps()
    assert faults_of(epcis(), _plain(written(entries, assays=assays(entries)))) == []


def test_an_entry_without_lots_is_an_observation_of_nothing():
    book = Book()
    mill = book.actor("mill", "casthouse")
    for step in STEPS:
        book.entry(step, mill, 0)
    for event in events(written(book.entries())):
        assert event.get("epcList") == []


TRANSFORMED = [step for step in STEPS if step not in SHAPES]


@pytest.mark.parametrize("step", TRANSFORMED)
@pytest.mark.parametrize("side", ["input", "output"])
def test_a_transformation_of_which_one_side_is_told_has_a_name(step, side):
    book = Book()
    mill = book.actor("mill", "casthouse")
    [lot] = book.entry("supply", mill, 0, (), [SCRAP])
    book.entry(step, mill, 1, [(lot, 60 * KG)] if side == "input" else (), () if side == "input" else [SCRAP])
    event = events(written(book.entries()))[1]
    assert event["type"] == "TransformationEvent"
    assert event["transformationID"].endswith(".1")
    assert [name for name in event if name.endswith("QuantityList")] == [f"{side}QuantityList"]


def test_lots_on_both_sides_stay_tied_whatever_the_step():
    """A packed lot that became another, a return that changed its class: a reader must find the way."""
    for step in ("packing", "installing", "scrap_return", "disposal", "transfer", "supply"):
        book = Book()
        mill = book.actor("mill", "casthouse")
        [lot] = book.entry("supply", mill, 0, (), [SCRAP])
        out = book.entry(step, mill, 1, [(lot, 60 * KG)], [SCRAP])
        event = events(written(book.entries()))[1]
        if step in ("packing", "installing"):
            scheme = {"packing": "sscc:9521234.", "installing": "giai:9521234."}[step]
            assert event["parentID"] == f"urn:epc:id:{scheme}{out[0]:010}" if step == "packing" else event["parentID"]
            assert scheme in event["parentID"]
            assert event["childQuantityList"][0]["epcClass"].endswith(f".{lot}")
        else:
            assert event["type"] == "TransformationEvent"
            assert event["inputQuantityList"][0]["epcClass"].endswith(f".{lot}")
            assert event["outputQuantityList"][0]["epcClass"].endswith(f".{out[0]}")


def test_the_document_says_what_its_words_mean():
    document = read(written(all_steps()))
    assert document["@context"][1] == {"cesim": "https://cesim.example/terms/"}
    places, goods = document["epcisHeader"]["epcisMasterData"]["vocabularyList"]
    assert places["vocabularyElementList"][0]["attributes"][0]["attribute"] == '解体 <b>"A"</b>'
    named = {one["id"] for one in goods["vocabularyElementList"]}
    for event in document["epcisBody"]["eventList"]:
        for name in ("quantityList", "inputQuantityList", "outputQuantityList", "childQuantityList", "cesim:sources"):
            for one in event.get(name, ()):
                goods_of_one = one["epcClass"].replace("class:lgtin", "idpat:sgtin").rsplit(".", 1)[0] + ".*"
                assert goods_of_one in named
