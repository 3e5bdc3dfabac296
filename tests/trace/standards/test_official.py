"""The published examples, the published schema, and documents garbled at random: our verdict is the schema's."""

from __future__ import annotations

import random

import pytest
from garbling import Garbler
from official_documents import EXAMPLES, HASHED, events_of, needs_standards, official_verdict, read, schema

from cesim.trace.standards import STRICTER, check_epcis, read_document_file, vocabulary
from cesim.trace.standards.events import EVENTS

pytestmark = needs_standards


def test_all_published_documents_are_there():
    assert (len(EXAMPLES), len(HASHED)) == (47, 7)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_published_example_is_taken(file):
    remarks = []
    document = read_document_file(file, remarks=remarks)
    assert document == read(file)
    assert check_epcis(document) == []
    twice = [fault.place.pointer for fault in remarks]
    assert twice == (["/epcisBody/eventList/0/eventID"] if file.stem == "AssociationEvent-h" else [])


@pytest.mark.parametrize("file", HASHED, ids=lambda file: file.stem)
def test_documents_of_the_event_hash_are_judged_as_the_schema_judges_them(file):
    document = read_document_file(file)
    assert (check_epcis(document) == []) is official_verdict()(document)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("bizStep", vocabulary.BIZ_STEP),
        ("disposition", vocabulary.DISPOSITION),
        ("bizTransaction-type", vocabulary.BIZ_TRANSACTION),
        ("source-dest-type", vocabulary.SOURCE_OR_DESTINATION),
        ("error-reason", vocabulary.ERROR_REASON),
        ("component", vocabulary.COMPONENT),
        ("measurementType", vocabulary.MEASUREMENT),
        ("sensorAlertType", vocabulary.ALERT),
    ],
)
def test_the_words_are_those_of_the_schema(name, word):
    assert word.words == set(schema()["definitions"][name]["anyOf"][1]["enum"])


@pytest.mark.parametrize("name", EVENTS)
def test_the_fields_are_those_of_the_schema(name):
    definitions = schema()["definitions"]
    common = definitions["common-event-properties"]["anyOf"][0]["enum"]
    own = definitions[name]["allOf"][1]["propertyNames"]["anyOf"][1]["enum"]
    assert set(EVENTS[name].fields) == {*common, *own}


def the_verdicts_agree(number: int, seed: int) -> tuple[int, int]:
    """Garble documents and single events; return how many were sound and how many were not."""
    documents = [read(file) for file in (*EXAMPLES, *HASHED)]
    documents += [{"@context": one["@context"], **event} for one in documents for event in events_of(one)]
    garbler = Garbler(documents, random.Random(seed))
    sound = 0
    for _ in range(number):
        document = garbler.garbled(garbler.chance.choice(documents))
        wanted = official_verdict()(document)
        faults = check_epcis(document)
        assert all(fault.code in STRICTER for fault in faults) is wanted, (document, [str(fault) for fault in faults])
        sound += wanted
    return sound, number - sound


def test_garbled_documents():
    sound, broken = the_verdicts_agree(600, 20350401)
    assert min(sound, broken) > 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_many_garbled_documents(seed):
    sound, broken = the_verdicts_agree(6_000, seed)
    assert min(sound, broken) > 1_000
