"""Cross-anchoring: one side alone cannot rewrite a handover; both together can, and that is said."""

from __future__ import annotations

import pytest
from made_up_events import PREFIXES

from cesim.errors import InputError
from cesim.trace.integrity.anchors import verify_anchors
from cesim.trace.integrity.log import EventLog
from cesim.trace.integrity.verifying import verify_log

WHEN = "2026-05-01T00:00:00Z"


def weighed(step, kg):
    event = {"type": "ObjectEvent", "eventTime": "2026-04-01T00:00:00Z", "action": "OBSERVE", "bizStep": step}
    return event | {
        "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521234.012345.A", "quantity": kg, "uom": "KGM"}]
    }


def handed_over(folder, kg=1000, returned=True, theirs=None):
    """Two logs of one handover, each with the other's event."""
    folder.mkdir(exist_ok=True)
    paths = {name: folder / f"{name}.log" for name in ("shipper", "receiver")}
    with (
        EventLog(paths["shipper"], "shipper", PREFIXES) as shipper,
        EventLog(paths["receiver"], "receiver", PREFIXES) as receiver,
    ):
        sent = shipper.append(weighed("shipping", kg), WHEN)
        got = receiver.append(weighed("receiving", kg - 1), WHEN)
        receiver.anchor("shipper", theirs or sent, got)
        if returned:
            shipper.anchor("receiver", got, sent)
    return paths, sent


def test_both_sides_vouch_for_one_another(tmp_path):
    paths, _ = handed_over(tmp_path / "a")
    assert all(verify_log(path).is_unchanged for path in paths.values())
    assert verify_log(paths["shipper"]).checked["anchors"] == 1
    verdict = verify_anchors(paths)
    assert (verdict.checked, verdict.mutual, verdict.unseen, verdict.findings) == (2, 2, 0, ())


def test_an_anchor_that_is_not_returned_is_not_mutual(tmp_path):
    paths, _ = handed_over(tmp_path / "a", returned=False)
    verdict = verify_anchors(paths)
    assert (verdict.checked, verdict.mutual, verdict.findings) == (1, 0, ())


def test_one_side_that_writes_another_history_is_found_by_the_other(tmp_path):
    true, _ = handed_over(tmp_path / "true")
    forged, _ = handed_over(tmp_path / "forged", kg=2000)
    mixed = {"shipper": forged["shipper"], "receiver": true["receiver"]}
    assert all(verify_log(path).is_unchanged for path in mixed.values())
    verdict = verify_anchors(mixed)
    assert [fault.code for fault in verdict.findings] == ["anchor_not_there", "anchor_not_there"]
    assert {fault.place.file for fault in verdict.findings} == {str(path) for path in mixed.values()}
    assert verdict.mutual == 0


def test_two_that_agree_can_rewrite_what_only_they_have_seen(tmp_path):
    forged, _ = handed_over(tmp_path / "forged", kg=2000)
    assert verify_anchors(forged).findings == ()


def test_an_anchor_to_somebody_whose_log_is_not_there_is_counted(tmp_path):
    paths, _ = handed_over(tmp_path / "a")
    verdict = verify_anchors({"receiver": paths["receiver"]})
    assert (verdict.checked, verdict.unseen, verdict.findings) == (0, 1, ())


def test_there_is_no_log(tmp_path):
    with pytest.raises(InputError):
        verify_anchors({"shipper": tmp_path / "nowhere"})
