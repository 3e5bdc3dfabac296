"""EPCIS documents of whole ledgers: nothing is lost in silence, nothing is told that is not to be told."""

import json
import uuid
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import loops, random_loop, tiny
from made_up_exports import ODD, all_steps, assays, events, milligrams, random_entries, read, records_of, written
from published_schemas import epcis, faults_of, needs_standards

from cesim.errors import InputError
from cesim.trace.entries import Actor
from cesim.trace.exports.epcis import strips, write_epcis
from cesim.trace.exports.epcis_events import STRIP
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.numbers import kilograms
from cesim.trace.exports.partners import NAMESPACE
from cesim.trace.integrity.event_hash import document_hashes
from cesim.trace.records import DECLARATIONS, FAULTS
from cesim.trace.standards import check_epcis, read_document
from cesim.trace.steps import STEPS


@needs_standards
def test_ten_thousand_random_events_are_taken_by_the_published_schema():
    import orjson

    count = 0
    for seed in range(10):
        entries = random_entries(seed, 1080)
        rng = np.random.default_rng(seed)
        declared = rng.integers(0, len(DECLARATIONS), len(entries))
        ledger = records_of(entries, declared=declared, event=rng.integers(0, 500, len(entries)))
        document = orjson.loads(written(ledger if seed % 2 else entries))
        assert faults_of(epcis(), document) == []
        count += len(document["epcisBody"]["eventList"])
    assert count >= 10_000


@pytest.mark.parametrize("seed", range(4))
def test_our_own_check_takes_random_documents(seed):
    def labels(count):
        return [f"{ODD[n % len(ODD)]}{n}" for n in range(count)]

    entries = random_entries(seed, 400, labels=labels if seed % 2 else None)
    rng = np.random.default_rng(seed)
    ledger = records_of(entries, event=rng.integers(0, 200, len(entries)))
    shares = rng.dirichlet(np.ones(9), len(entries.lots))
    assert check_epcis(read_document(written(ledger, shares=shares))) == []


@needs_standards
@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from(["uuid", "hash"]))
@settings(max_examples=30, deadline=None)
def test_random_ledgers_with_labels_and_shares(seed, labelled, ids):
    import orjson

    def labels(count):
        return [f"{ODD[n % len(ODD)]}{n}" for n in range(count)]

    entries = random_entries(seed, 40, labels=labels if labelled else None)
    shares = np.random.default_rng(seed).dirichlet(np.ones(9), len(entries.lots))
    assert faults_of(epcis(), orjson.loads(written(entries, shares=shares, ids=ids))) == []


@given(loops(12))
@settings(max_examples=25, deadline=None)
def test_mass_is_kept_in_every_event_and_in_the_whole(entries):
    masses = {}
    told = events(written(entries))
    seen = [n for n in range(len(entries)) if not entries.inside[n]]
    assert len(told) == len(seen)
    into, out = entries.inputs.sums(), entries.outputs.sums()
    gained = np.diff(np.concatenate([[0], np.cumsum(entries.sources.mass_mg)])[entries.sources.start])
    for n, event in zip(seen, told, strict=True):
        single = {one["cesim:lot"]: int(one["cesim:kg"] * 1_000_000) for one in event.get("cesim:lots", ())}
        masses.update(single)
        goes_in = milligrams(event.get("inputQuantityList", ())) + sum(
            single[name] for name in event.get("inputEPCList", ())
        )
        if event["type"] == "TransformationEvent":
            comes_out = milligrams(event.get("outputQuantityList", ()))
            comes_out += sum(single[name] for name in event.get("outputEPCList", ()))
            assert goes_in == into[n] + gained[n]
            assert comes_out == out[n]
            assert goes_in == comes_out + int(event.get("cesim:declaredLossKg", 0) * 1_000_000)
        else:
            sources = milligrams(event.get("cesim:sources", ()))
            assert sources == gained[n]
            assert milligrams(event.get("quantityList", ())) + sum(single.values()) == into[n] + out[n]


def test_extreme_masses_are_exact():
    entries = random_entries(7, 300)
    told = [mg for event in events(written(entries)) for mg in _masses(event)]
    assert {1, 999_999, 1_000_001, 10**12 + 1, 2**53} <= set(told)


@given(st.integers(0, 2**53))
def test_kilograms_are_exact(mass):
    text = kilograms(mass)
    assert Decimal(text) * 1_000_000 == mass
    assert len(text.partition(".")[2]) <= 6
    assert kilograms(-mass) == (f"-{text}" if mass else "0")
    if mass <= 10**15:
        assert round(float(text) * 1_000_000) == mass


def _masses(event):
    for name in ("quantityList", "inputQuantityList", "outputQuantityList", "childQuantityList", "cesim:sources"):
        yield from (int(one["quantity"] * 1_000_000) for one in event.get(name, ()) if "quantity" in one)


@pytest.mark.parametrize("mass", [2**53 + 1, -2, 2**62])
@pytest.mark.parametrize("side", ["inputs", "outputs", "sources"])
def test_a_mass_that_no_document_can_say_is_refused(side, mass):
    entries = tiny()
    edges = getattr(entries, side)
    masses = edges.mass_mg.copy()
    masses[-1] = mass
    with pytest.raises(InputError) as caught:
        written(replace(entries, **{side: replace(edges, mass_mg=masses)}))
    assert caught.value.faults[0].code == "export_mass"
    assert caught.value.faults[0].arguments["found"] == mass


def test_a_lot_that_is_not_there_is_refused():
    entries = tiny()
    for lot in (-1, len(entries.lots)):
        lots = entries.inputs.lot.copy()
        lots[0] = lot
        with pytest.raises(InputError) as caught:
            written(replace(entries, inputs=replace(entries.inputs, lot=lots)))
        assert [fault.code for fault in caught.value.faults] == ["export_lot"]


@pytest.mark.parametrize("column", ["actor", "partner"])
@pytest.mark.parametrize("number", [-2, 5])
def test_an_actor_that_is_not_there_is_refused(column, number):
    entries = tiny()
    assert len(entries.names.actors) == 5
    actors = getattr(entries, column).copy()
    actors[4] = number
    with pytest.raises(InputError) as caught:
        written(replace(entries, **{column: actors}))
    assert [fault.code for fault in caught.value.faults] == ["export_actor"]


@pytest.mark.parametrize("year", [-1, 0, 999, 10_000])
def test_a_year_that_has_not_four_digits_is_refused(year):
    with pytest.raises(InputError) as caught:
        written(tiny(), year)
    assert caught.value.faults[0].code == "export_year"


def test_times_that_run_out_of_the_years_are_refused():
    entries = tiny()
    with pytest.raises(InputError) as caught:
        written(replace(entries, time_s=entries.time_s + 10**12))
    assert caught.value.faults[0].code == "export_year"
    with pytest.raises(InputError):
        written(records_of(entries, written_s=entries.time_s - 10**13))


def test_the_last_second_of_the_years_is_told():
    entries = tiny()
    last = int((np.datetime64("10000-01-01", "s") - np.datetime64("2026-01-01", "s")).astype(int))
    times = entries.time_s - entries.time_s[-1] + last
    assert events(written(replace(entries, time_s=times - 1)))[-1]["eventTime"] == "9999-12-31T23:59:59Z"
    with pytest.raises(InputError):
        written(replace(entries, time_s=times))
    first = int((np.datetime64("1000-01-01", "s") - np.datetime64("2026-01-01", "s")).astype(int))
    times = entries.time_s - entries.time_s[0] + first
    assert events(written(replace(entries, time_s=times)))[0]["eventTime"] == "1000-01-01T00:00:00Z"
    with pytest.raises(InputError):
        written(replace(entries, time_s=times - 1))


def test_seconds_count_from_the_first_of_january():
    told = events(written(tiny(), 2031))
    assert told[0]["eventTime"] == "2031-01-01T00:00:00Z"
    assert told[1]["eventTime"] == "2031-01-01T01:00:00Z"
    assert {event["eventTimeZoneOffset"] for event in told} == {"+00:00"}


def test_records_tell_when_they_were_written():
    told = events(written(records_of(tiny())))
    assert told[0]["recordTime"] == "2026-01-01T00:01:00Z"
    assert all("recordTime" not in event for event in events(written(tiny())))


def test_a_record_that_is_back_dated_tells_the_time_it_says():
    entries = tiny()
    late = entries.time_s + 86_400
    assert written(records_of(entries, written_s=late, said_s=entries.time_s + 60)) == written(records_of(entries))


def test_what_stays_inside_a_works_is_not_told():
    entries = random_loop(5)
    assert entries.inside.any()
    told = events(written(entries))
    assert len(told) == len(entries) - entries.inside.sum()
    hidden = replace(entries, loss_mg=np.where(entries.inside, 12_345_678, entries.loss_mg))
    assert written(hidden) == written(entries)


def test_nobody_learns_what_is_wrong_with_a_record():
    entries = random_loop(2)
    plain = written(records_of(entries))
    fault = np.full(len(entries), 2 ** len(FAULTS) - 1)
    assert written(records_of(entries, fault=fault, event=np.arange(len(entries))[::-1].copy())) == plain


def test_a_record_that_declares_nothing_tells_no_origin():
    entries = random_loop(2)
    shares = np.full((len(entries.lots), 9), 1 / 9)
    none = np.full(len(entries), DECLARATIONS.index("none"))
    full = written(records_of(entries), shares=shares)
    silent = written(records_of(entries, declared=none), shares=shares)
    assert b"originShares" in full
    body = silent[silent.index(b'"epcisBody"') :]
    for word in (b"originShares", b"originClass", b"9521234.990001", b"9521234.990005"):
        assert word not in body
    untold = events(silent)[0]["cesim:sources"]
    assert [one["epcClass"] for one in untold] == ["urn:epc:idpat:sgtin:9521234.990000.*"]
    assert milligrams(untold) == milligrams(events(full)[0]["cesim:sources"])


@pytest.mark.parametrize("word", DECLARATIONS)
def test_only_full_disclosure_tells_the_composition(word):
    entries = all_steps()
    declared = np.full(len(entries), DECLARATIONS.index(word))
    body = written(records_of(entries, declared=declared), assays=assays(entries))
    assert (b"Dimensionless" in body) is (word == "FSD")


def test_shares_are_told_with_the_lots_that_were_made():
    entries = tiny()
    shares = np.zeros((len(entries.lots), 9))
    shares[:, 0], shares[:, 5] = 0.25, 0.5
    event = next(one for one in events(written(entries, shares=shares)) if one["type"] == "TransformationEvent")
    [first, second] = event["ilmd"]["cesim:originShares"]
    told = {one["cesim:origin"]: float(one["cesim:share"]) for one in first["cesim:shares"]}
    assert told == {"primary": 0.25, "post_in_use": 0.5}
    assert first["cesim:lot"] != second["cesim:lot"]


@pytest.mark.parametrize("wrong", ["shape", "nan", "over", "under"])
def test_shares_that_are_none_are_refused(wrong):
    entries = tiny()
    shares = np.full((len(entries.lots), 9), 1 / 9)
    if wrong == "shape":
        shares = shares[:, :5]
    else:
        shares[3, 2] = {"nan": np.nan, "over": 0.5, "under": -0.1}[wrong]
    with pytest.raises(InputError) as caught:
        written(entries, shares=shares)
    assert caught.value.faults[0].code == "export_shares"


def test_odd_names_stay_data():
    entries = random_entries(1, 300)
    document = read(written(entries))
    places, goods = document["epcisHeader"]["epcisMasterData"]["vocabularyList"]
    told = [
        {one["id"]: one["attribute"] for one in place["attributes"]}.get("cesim:name", "")
        for place in places["vocabularyElementList"]
    ]
    wanted = [
        actor.name.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for actor in entries.names.actors
    ]
    assert told == wanted
    kinds = {a["attribute"] for one in goods["vocabularyElementList"] for a in one["attributes"]}
    assert {"PP <script>alert(1)</script>", "nul\x00bel\x07", 'say "no"', "back\\slash", "𠮷野家🚗"} <= kinds


def test_long_and_odd_labels_arrive_whole():
    labels = []

    def odd(count):
        labels.extend(f"{ODD[n % len(ODD)]}{n}" for n in range(count))
        return labels

    entries = random_entries(4, 200, labels=odd)
    document = written(entries)
    told = {
        one["cesim:label"] for event in events(document) for one in event.get("cesim:lots", ()) if "cesim:label" in one
    }
    assert "x" * 500 + "10" in told
    assert "名古屋　第二工場5" in told


@given(st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=30, deadline=None)
def test_any_name_comes_back(name, place):
    entries = tiny()
    actors = (Actor(name, "dismantler", place), *entries.names.actors[1:])
    document = read(written(replace(entries, names=replace(entries.names, actors=actors))))
    told = document["epcisHeader"]["epcisMasterData"]["vocabularyList"][0]["vocabularyElementList"][0]["attributes"]
    assert {one["id"]: one["attribute"] for one in told} == {
        key: value
        for key, value in (("cesim:name", name), ("cesim:role", "dismantler"), ("cesim:place", place))
        if value
    }


def test_identifiers_are_those_of_the_library():
    space = uuid.uuid5(NAMESPACE, "chubu")
    told = events(written(tiny(), name="chubu"))
    places = [n for n, inside in enumerate(tiny().inside) if not inside]
    assert [one["eventID"] for one in told] == [f"urn:uuid:{uuid.uuid5(space, str(n))}" for n in places]
    assert told[0]["eventID"] != events(written(tiny(), name="other"))[0]["eventID"]


def test_hashes_are_those_of_the_events():
    document = written(random_loop(1), ids="hash")
    assert [one["eventID"] for one in events(document)] == document_hashes(document)


def test_another_word_for_identifiers_is_refused():
    with pytest.raises(InputError) as caught:
        ledger_of(tiny(), 2026, ids="hashes")
    assert caught.value.faults[0].arguments["nearest"] == "hash"


def test_the_same_ledger_gives_the_same_bytes_however_it_is_cut():
    entries = random_loop(9, cars=200)
    assert len(entries) > STRIP
    ledger = ledger_of(entries, 2026)
    whole = [event for strip in strips(ledger) for event in strip]
    cuts = range(0, len(entries), 700)
    parts = []
    for first in cuts:
        for strip in strips(ledger, first, min(first + 700, len(entries))):
            parts.extend(strip)
    assert whole == parts
    assert [one["eventID"] for one in events(written(entries))] == [json.loads(one)["eventID"] for one in whole]
    assert written(entries) == written(entries)


def test_an_empty_ledger_is_an_empty_document():
    entries = random_entries(0, 0)
    assert events(written(entries)) == []


def test_a_document_is_written_in_strips():
    class Counting:
        def __init__(self):
            self.longest = self.calls = 0

        def write(self, data):
            self.longest, self.calls = max(self.longest, len(data)), self.calls + 1
            return len(data)

    entries = random_loop(9, cars=400)
    file = Counting()
    told = write_epcis(ledger_of(entries, 2026), file)
    assert told.events == len(entries) - told.inside
    assert file.calls >= len(entries) // STRIP
    assert file.longest < told.bytes / 2


def test_every_lot_in_a_document_leads_back():
    entries = random_loop(3)
    ledger = ledger_of(entries, 2026)
    names = set()
    for event in events(written(entries)):
        for side in ("quantityList", "inputQuantityList", "outputQuantityList"):
            names |= {one["epcClass"] for one in event.get(side, ()) if ":idpat:" not in one["epcClass"]}
        names |= {name for side in ("epcList", "inputEPCList", "outputEPCList") for name in event.get(side, ())}
    lots = {ledger.called.lot_of(name) for name in names}
    outside = ~entries.inside
    seen = [side.lot[outside[side.entry()]] for side in (entries.inputs, entries.outputs)]
    assert lots == set(np.concatenate(seen).tolist())


def test_a_step_said_to_be_a_correction_of_nothing_stands_alone():
    entries = tiny()
    step = entries.step.copy()
    step[5] = STEPS.index("correction")
    told = events(written(records_of(replace(entries, step=step))))
    assert told[5]["bizStep"] == "cesim:correction"
    assert all("errorDeclaration" not in event for event in told)
