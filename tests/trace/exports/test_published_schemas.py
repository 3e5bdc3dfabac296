"""The finder of published schemas finds schemas that refuse: a validator that takes everything proves nothing."""

import orjson
import pytest
from made_up import tiny
from made_up_exports import written
from published_schemas import MODELS, OBJECTS, catenax, epcis, needs_standards, ouranos


@needs_standards
@pytest.mark.parametrize(
    ("field", "value"),
    [("eventTime", "yesterday"), ("eventID", "not a uri"), ("bizStep", "transforming"), ("own", 1), ("recordTime", "")],
)
def test_a_broken_event_is_refused(field, value):
    document = orjson.loads(written(tiny()))
    assert epcis().is_valid(document)
    document["epcisBody"]["eventList"][3][field] = value
    assert not epcis().is_valid(document)


@needs_standards
@pytest.mark.parametrize("aspect", MODELS)
def test_an_empty_aspect_is_refused(aspect):
    assert not catenax(aspect).is_valid({})


@needs_standards
@pytest.mark.parametrize("kind", OBJECTS)
def test_an_empty_object_is_refused(kind):
    assert not ouranos(kind).is_valid({})


@needs_standards
def test_a_wrong_identifier_of_a_part_is_refused():
    part = {"traceId": "x", "operatorId": "y", "plantId": "z", "partsName": "a", "supportPartsName": None}
    part |= {"amountRequired": None, "amountRequiredUnit": None, "terminatedFlag": True}
    faults = [str(fault) for fault in ouranos("parts").iter_errors(part)]
    assert len(faults) == 3
