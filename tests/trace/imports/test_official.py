"""The examples that GS1 publishes: each becomes a ledger, or is refused for a reason that can be told."""

import pytest
from official_documents import EXAMPLES, needs_standards

from cesim.errors import InputError
from cesim.trace.imports.epcis import told_by_epcis
from cesim.trace.imports.renumbering import records_of
from cesim.trace.standards import read_document_file

NO_LOTS = {
    "AssociationEvent-d", "AssociationEvent-g", "SensorDataExample1b", "SensorDataExample3", "SensorDataExample12",
}  # fmt: skip
"""Sensors and empty associations: there is no lot in them."""
TAKEN_BACK = {
    f"{kind}_event_all_possible_fields"
    for kind in ("aggregation", "association", "object", "transaction", "transformation")
}
"""Their only event is declared wrong in the same breath."""
NAME_TWICE = {"AssociationEvent-h"}


@needs_standards
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_official_example_is_imported_or_refused_for_its_reason(file):
    if file.stem in NO_LOTS | TAKEN_BACK | NAME_TWICE:
        with pytest.raises(InputError) as refused:
            records_of(told_by_epcis([(file.name, read_document_file(file))]))
        code = "json_name_twice" if file.stem in NAME_TWICE else "import_nothing"
        assert [fault.code for fault in refused.value.faults] == [code]
        return
    found = records_of(told_by_epcis([(file.name, read_document_file(file))]))
    assert len(found.records.entries.lots) > 0
    assert len(found.records) > 0
    assert (found.records.event == -1).all()
    assert (found.records.fault == 0).all()


@needs_standards
def test_the_standards_own_shipment_is_shipped_and_received_and_both_spellings_say_the_same():
    """Section 9.6.1 of EPCIS 2.0 in URNs, and the same with GS1 Digital Links."""
    by_name = {file.stem: file for file in EXAMPLES}
    names = ("Example_9.6.1-ObjectEvent", "Example_9.6.1-ObjectEventWithDigitalLink")
    urns, links = (records_of(told_by_epcis([(one, read_document_file(by_name[one]))])) for one in names)
    for found in (urns, links):
        entries = found.records.entries
        assert entries.step.tolist() == [8, 9]
        assert len(entries.lots) == 2
        assert found.first_year == 2005
        assert entries.time_s.tolist() == [urns.records.entries.time_s[0], urns.records.entries.time_s[1]]
