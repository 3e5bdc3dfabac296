"""Ouranos objects: the published API takes them, and the account of what is lost adds up."""

from collections import Counter

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from made_up import DAY, KG, Book, loops, random_loop, tiny
from made_up_exports import all_steps, random_entries
from published_schemas import OBJECTS, faults_of, needs_standards, ouranos

from cesim.errors import InputError
from cesim.trace.entries import Actor
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.lost import Lost
from cesim.trace.exports.ouranos import CHILDREN, Ouranos
from cesim.trace.exports.texts import cut


def objects_of(entries, **options):
    return Ouranos(ledger_of(entries, 2026), Lost(), **options)


def kinds(objects):
    return {
        "operator": list(objects.operators()),
        "plant": list(objects.plants()),
        "parts": list(objects.all_parts()),
        "partsStructure": list(objects.structures()),
        "tradeRequest": list(objects.trades()),
        "cfp": list(objects.footprints()),
    }


@needs_standards
@pytest.mark.parametrize("seed", range(6))
def test_the_published_api_takes_every_object(seed):
    entries = [all_steps(), random_loop(3), *(random_entries(n, 300) for n in range(4))][seed]
    footprint = np.random.default_rng(seed).random(len(entries.lots)) * 9 - 0.5
    for kind, told in kinds(objects_of(entries, footprint=footprint)).items():
        faults = [fault for one in told for fault in faults_of(ouranos(kind), orjson.loads(orjson.dumps(one)))]
        assert faults == []


def test_every_kind_of_object_is_looked_at():
    assert set(kinds(objects_of(tiny()))) == set(OBJECTS)


@given(loops(12))
@settings(max_examples=20, deadline=None)
def test_the_account_of_lots_and_handovers_adds_up(entries):
    objects = objects_of(entries)
    told, lost = kinds(objects), objects.lost
    makers = {part["traceId"] for part in told["parts"]}
    assert len(makers) == len(told["parts"])
    unseen = lost.left_out["lots_inside"]
    assert len(objects.parts.maker) + lost.folded["lots"] + unseen == len(entries.lots)
    handed = np.isin(entries.step[entries.inputs.entry()], (8, 9)).sum()
    assert len(told["tradeRequest"]) + lost.folded["handovers"] == handed


@given(loops(12))
@settings(max_examples=20, deadline=None)
def test_whoever_is_named_is_there(entries):
    told = kinds(objects_of(entries))
    operators = {one["operatorId"] for one in told["operator"]}
    held = {(one["operatorId"], one["traceId"]) for one in told["parts"]}
    for trade in told["tradeRequest"]:
        one = trade["tradeModel"]
        assert one["upstreamOperatorId"] != one["downstreamOperatorId"]
        for side in ("upstream", "downstream"):
            assert one[f"{side}OperatorId"] in operators
            assert (one[f"{side}OperatorId"], one[f"{side}TraceId"]) in held
        assert trade["statusModel"]["tradeId"] == one["tradeId"]
    for structure in told["partsStructure"]:
        for part in (structure["parentPartsModel"], *structure["childrenPartsModel"]):
            assert (part["operatorId"], part["traceId"]) in held
            assert part["operatorId"] == structure["parentPartsModel"]["operatorId"]


def test_kilograms_of_a_child_a_kilogram_of_the_part():
    book = Book()
    mill = book.actor("mill", "casthouse", "aichi")
    ingots = book.entry("supply", mill, 0, (), [("ingot", "", 60 * KG)] * 2)
    [scrap] = book.entry("supply", mill, 0, (), [("scrap", "6016", 50 * KG)])
    used = [(lot, 60 * KG) for lot in ingots] + [(scrap, 50 * KG)]
    out = [("slab", "6016", 100 * KG), ("scrap", "", 60 * KG)]
    book.entry("melting", mill, DAY, used, out, loss=10 * KG)
    told = kinds(objects_of(book.entries()))
    slab = next(one for one in told["partsStructure"] if one["parentPartsModel"]["partsName"] == "slab 6016")
    assert {one["partsName"]: one["amountRequired"] for one in slab["childrenPartsModel"]} == {
        "ingot": 0.75, "scrap 6016": 0.3125,
    }  # fmt: skip
    assert slab["parentPartsModel"]["terminatedFlag"] is False
    assert {one["terminatedFlag"] for one in slab["childrenPartsModel"]} == {True}
    assert slab["parentPartsModel"]["partsAddInfo2"] == "2026-01-01-2026-01-31"


def test_months_are_parts_of_their_own():
    book = Book()
    mill = book.actor("mill", "casthouse", "aichi")
    for day in (0, 30, 31, 59):
        book.entry("supply", mill, day * DAY, (), [("ingot", "", KG)])
    objects = objects_of(book.entries())
    assert [part["supportPartsName"] for part in objects.all_parts()] == ["2026-01", "2026-02", "2026-03"]
    assert objects.lost.folded["lots"] == 1


def test_no_more_than_fifty_children():
    book = Book()
    mill = book.actor("mill", "casthouse")
    sellers = [book.actor(f"seller {n}", "metal_supplier") for n in range(60)]
    lots = []
    for n, seller in enumerate(sellers, start=1):
        [lot] = book.entry("supply", seller, 0, (), [("ingot", "", n * KG)])
        lots.append((lot, n * KG))
    book.entry("melting", mill, 0, lots, [("slab", "6016", 1000 * KG)])
    objects = objects_of(book.entries())
    [structure] = objects.structures()
    assert len(structure["childrenPartsModel"]) == CHILDREN
    assert objects.lost.left_out["children"] == 10
    amounts = [one["amountRequired"] for one in structure["childrenPartsModel"]]
    assert amounts == sorted(amounts, reverse=True)
    assert min(amounts) == 0.011


def test_footprints_are_means_by_mass():
    book = Book()
    mill = book.actor("mill", "casthouse")
    book.entry("supply", mill, 0, (), [("ingot", "", KG), ("ingot", "", 3 * KG), ("ingot", "", 9 * KG)])
    [one] = objects_of(book.entries(), footprint=np.array([2.0, 6.0, -1.0])).footprints()
    assert one["ghgEmission"] == 5.0
    assert one["ghgDeclaredUnit"] == "kgCO2e/kilogram"
    assert list(objects_of(book.entries()).footprints()) == []


@pytest.mark.parametrize("footprint", [np.array([1.0]), np.array([1.0, np.nan, 1.0]), np.ones((3, 1))])
def test_footprints_that_are_none_are_refused(footprint):
    book = Book()
    mill = book.actor("mill", "casthouse")
    book.entry("supply", mill, 0, (), [("ingot", "", KG)] * 3)
    with pytest.raises(InputError) as caught:
        objects_of(book.entries(), footprint=footprint)
    assert caught.value.faults[0].code == "export_shares"


def test_a_footprint_beyond_the_format_is_counted():
    book = Book()
    book.entry("supply", book.actor("mill", "casthouse"), 0, (), [("ingot", "", KG)])
    objects = objects_of(book.entries(), footprint=np.array([1e6]))
    assert list(objects.footprints()) == []
    assert objects.lost.left_out["footprints"] == 1


def test_an_answered_request_is_one_whose_footprint_is_there():
    entries = tiny()
    known = objects_of(entries, footprint=np.ones(len(entries.lots)))
    states = Counter(one["statusModel"]["requestStatus"]["cfpResponseStatus"] for one in known.trades())
    assert set(states) == {"COMPLETED"}
    states = Counter(one["statusModel"]["requestStatus"]["cfpResponseStatus"] for one in objects_of(entries).trades())
    assert set(states) == {"NOT_COMPLETED"}


def test_what_came_from_outside_the_chain_ends_the_tree():
    told = kinds(objects_of(tiny()))
    names = {one["traceId"]: one["partsName"] for one in told["parts"]}
    trees = {}
    for one in told["tradeRequest"]:
        name = names[one["tradeModel"]["upstreamTraceId"]]
        trees[name] = one["statusModel"]["requestStatus"]["tradeTreeStatus"]
    assert trees["ingot"] == "TERMINATED"
    assert trees["slab 6016"] == "UNTERMINATED"


def test_long_names_are_cut_and_stay_apart():
    assert cut("a" * 50, 50) == "a" * 50
    first, second = cut("a" * 60 + "b", 50), cut("a" * 60 + "c", 50)
    assert len(first) == len(second) == 50
    assert first != second


def test_names_of_operators_survive():
    from dataclasses import replace

    entries = tiny()
    actors = (Actor('<script>"名"\x00', "dismantler", "三重"), *entries.names.actors[1:])
    told = next(objects_of(replace(entries, names=replace(entries.names, actors=actors))).operators())
    assert orjson.loads(orjson.dumps(told))["operatorName"] == '<script>"名"\x00'
    assert told["operatorAddress"] == "三重"
