"""The log: read back as written; any byte changed, any line dropped, swapped or put in is found, at its line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_events import PREFIXES, Made, respelt

from cesim.errors import InputError
from cesim.text.catalogue import LANGUAGES
from cesim.trace.integrity.canonical import canonical_bytes
from cesim.trace.integrity.event_hash import event_hash
from cesim.trace.integrity.keys import simulation_key
from cesim.trace.integrity.log import EventLog
from cesim.trace.integrity.log_lines import START, chained, content, divided, written
from cesim.trace.integrity.log_reader import LogReader, logged_leaves
from cesim.trace.integrity.merkle import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    merkle_root,
)
from cesim.trace.integrity.roots import PeriodRoot
from cesim.trace.integrity.verifying import verify_log

KEY, OTHER = simulation_key(1, "shredder"), simulation_key(2, "shredder")
WHEN = "2026-05-01T09:00:00+09:00"
SMALL = [
    {"type": "ObjectEvent", "eventTime": f"2026-04-0{day}T00:00:00Z", "action": "OBSERVE", "cesim:n": day}
    for day in range(1, 5)
]


def make(path, events=SMALL, key=KEY, each=2):
    """A log whose period is closed after every so many events; the roots that it handed out."""
    roots = []
    with EventLog(path, "shredder", PREFIXES) as log:
        for number, event in enumerate(events):
            log.append(event, WHEN)
            if (number + 1) % each == 0:
                roots.append(log.close_period(f"2026-{number // each + 1:02}", key))
    return roots


@pytest.fixture
def path(tmp_path):
    return tmp_path / "shredder.log"


@pytest.fixture
def lines(path):
    make(path)
    return path.read_bytes().splitlines(keepends=True)


def found(path, lines, **options):
    path.write_bytes(b"".join(lines))
    return verify_log(path, **options).findings


def places(findings):
    return {fault.place.line for fault in findings}


def test_a_log_is_read_back_as_it_was_written(path):
    roots = make(path)
    verdict = verify_log(path, KEY.public(), roots)
    assert verdict.is_unchanged
    assert verdict.actor == "shredder"
    assert dict(verdict.checked) == {
        "lines": 7, "events": 4, "anchors": 0, "roots": 2, "signatures": 2, "known_roots": 2,
    }  # fmt: skip
    assert [fault.code for fault in verdict.remarks] == ["log_key_of_simulation"]
    reader = LogReader(path, keep_leaves=True).read()
    assert reader.leaves == [leaf_hash(canonical_bytes(event)) for event in SMALL]
    assert [root for _, root in reader.roots] == roots


def test_a_line_of_an_event_holds_the_event_its_hash_and_when_it_was_recorded(lines):
    line = json.loads(lines[1])
    assert line["event"] == SMALL[0]
    assert line["event_hash"] == event_hash(SMALL[0], PREFIXES)
    assert line["leaf"] == leaf_hash(canonical_bytes(SMALL[0])).hex()
    assert line["record_time"] == "2026-05-01T00:00:00Z"
    head = START
    for raw in lines:
        plain, chain = divided(raw[:-1])
        head = chained(head, plain)
        assert head == chain


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_made_up_events_are_logged_and_verified(tmp_path, seed):
    path = tmp_path / f"{seed}.log"
    path.unlink(missing_ok=True)
    events = [Made(seed + number).event() for number in range(5)]
    make(path, events)
    assert verify_log(path, KEY.public()).is_unchanged
    other = tmp_path / f"{seed}.other"
    other.unlink(missing_ok=True)
    make(other, [respelt(event, seed) for event in events])
    assert other.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(("events", "stride"), [(1, 7), pytest.param(4, 1, marks=pytest.mark.slow)])
def test_every_byte_of_a_log_counts(path, events, stride):
    make(path, SMALL[:events], each=max(events // 2, 1))
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for place in range(0, len(whole), stride):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        findings = verify_log(path, KEY.public()).findings
        line = next(number for number, start in enumerate(starts) if place < start)
        assert findings, place
        # a changed chain is told where it no longer follows: at its own line
        assert min(places(findings)) == line, (place, findings)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_other_byte_any_byte_more_and_any_byte_less(path, data):
    path.unlink(missing_ok=True)
    make(path)
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["change", "drop", "put in"]))
    byte = bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))])
    rest = whole[place + 1 :] if kind != "put in" else whole[place:]
    path.write_bytes(whole[:place] + (b"" if kind == "drop" else byte) + rest)
    assert not verify_log(path, KEY.public()).is_unchanged


@pytest.mark.parametrize("dropped", range(6))
def test_a_dropped_line_is_found(path, lines, dropped):
    findings = found(path, lines[:dropped] + lines[dropped + 1 :])
    assert min(places(findings)) == dropped + 1
    assert "log_chain_broken" in {fault.code for fault in findings}


def test_the_last_line_can_be_dropped_only_if_nobody_kept_its_root(path):
    roots = make(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    verdict = verify_log(path)
    assert verdict.is_unchanged
    assert "log_open_end" in {fault.code for fault in verdict.remarks}
    path.write_bytes(b"".join(lines[:4]))  # cut back to the first root: a sound log, but a shorter one
    assert verify_log(path, KEY.public()).is_unchanged
    (finding,) = verify_log(path, KEY.public(), roots).findings
    assert finding.code == "log_not_as_known"


@pytest.mark.parametrize(("one", "other"), [(one, other) for one in range(7) for other in range(one)])
def test_swapped_lines_are_found(path, lines, one, other):
    lines[one], lines[other] = lines[other], lines[one]
    findings = found(path, lines)
    assert min(places(findings)) == other + 1
    assert findings


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("copied", range(7))
def test_a_line_put_in_is_found(path, lines, place, copied):
    findings = found(path, [*lines[:place], lines[copied], *lines[place:]])
    # a copy put in before itself is told from it only by what comes second
    assert min(places(findings)) == place + 1 + (copied == place)


def rewritten(lines, number, **changes):
    """The log of somebody who changes one event and makes everything after it new, save the signatures."""
    head, out, leaves = START, [], []
    for place, raw in enumerate(lines):
        line = json.loads(divided(raw[:-1])[0])
        if line["kind"] == "event":
            if place == number:
                line |= changes
                line["event"] = json.loads(canonical_bytes(line["event"]))
                line["event_hash"] = event_hash(line["event"], PREFIXES)
                line["leaf"] = leaf_hash(canonical_bytes(line["event"])).hex()
            leaves.append(bytes.fromhex(line["leaf"]))
        if line["kind"] == "root":
            line["root"] |= {"root": merkle_root(leaves).hex(), "head": head.hex()}
        plain = content(line)
        head = chained(head, plain)
        out.append(written(plain, head))
    return out


def test_a_rewriting_that_changes_nothing_is_the_same_log(lines):
    assert rewritten(lines, None) == lines


def test_a_new_history_is_found_by_its_signatures(path, lines):
    findings = found(path, rewritten(lines, 1, event={**SMALL[0], "cesim:n": 99}))
    assert {fault.code for fault in findings} == {"log_signature_wrong"}
    assert places(findings) == {4, 7}


def test_a_new_record_time_is_found_by_its_signatures_though_no_event_changed(path, lines):
    findings = found(path, rewritten(lines, 1, record_time="2026-04-01T00:00:00Z"))
    assert {fault.code for fault in findings} == {"log_signature_wrong"}


def test_a_new_history_signed_with_a_key_of_its_own_is_found_by_the_right_key(path, tmp_path):
    roots = make(path)
    forged = tmp_path / "forged.log"
    make(forged, [{**SMALL[0], "cesim:n": 99}, *SMALL[1:]], OTHER)
    assert verify_log(forged).is_unchanged  # nothing inside betrays it
    assert {fault.code for fault in verify_log(forged, KEY.public()).findings} == {"log_key_other"}
    assert {fault.code for fault in verify_log(forged, known=roots).findings} == {"log_not_as_known"}


def test_an_unsigned_log_says_what_that_means(path):
    make(path, key=None)
    verdict = verify_log(path)
    assert verdict.is_unchanged
    assert [fault.code for fault in verdict.remarks] == ["log_not_signed"]
    assert {fault.code for fault in verify_log(path, KEY.public()).findings} == {"log_key_other"}


def test_a_signature_taken_away_is_found_by_the_right_key(path, lines):
    changed = []
    head = START
    for raw in lines:
        line = json.loads(divided(raw[:-1])[0])
        if line["kind"] == "root":
            line["root"] |= {"key_origin": "", "public_key": "", "signature": "", "head": head.hex()}
        head = chained(head, content(line))
        changed.append(written(content(line), head))
    assert found(path, changed) == ()
    assert {fault.code for fault in found(path, changed, public_key=KEY.public())} == {"log_key_other"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_verdict_in_words_says_that_unchanged_is_not_true(path, lang):
    make(path)
    words = verify_log(path).words(lang)
    assert len(words) == 3
    assert str(path) in words[0]
    assert ("not true" if lang == "en" else "正しいことではありません") in words[2]
    path.write_bytes(path.read_bytes()[5:])
    assert len(verify_log(path).words(lang)) == 2


def test_the_verdict_as_data(path):
    make(path)
    data = json.loads(json.dumps(verify_log(path).as_data()))
    assert data["unchanged"] is True
    assert data["says"] == "unchanged, not true"
    assert data["findings"] == []


def test_a_log_is_gone_on_with_to_the_same_bytes(path, tmp_path):
    make(path)
    parts = tmp_path / "parts.log"
    with EventLog(parts, "shredder", PREFIXES) as log:
        log.append(SMALL[0], WHEN)
    with EventLog.continued(parts) as log:
        log.append(SMALL[1], WHEN)
        log.close_period("2026-01", KEY)
    with EventLog.continued(parts) as log:
        log.append(SMALL[2], WHEN)
        log.append(SMALL[3], WHEN)
        log.close_period("2026-02", KEY)
    assert parts.read_bytes() == path.read_bytes()


def test_a_log_is_neither_written_over_nor_gone_on_with_where_it_was_changed(path, lines):
    with pytest.raises(InputError) as caught:
        EventLog(path, "shredder")
    assert caught.value.faults[0].code == "log_exists"
    path.write_bytes(b"".join(lines[1:]))
    with pytest.raises(InputError) as caught:
        EventLog.continued(path)
    assert "log_chain_broken" in {fault.code for fault in caught.value.faults}
    with pytest.raises(InputError):
        list(logged_leaves(path))


@pytest.mark.parametrize(
    ("event", "when"),
    [({"type": "ObjectEvent"}, WHEN), (SMALL[0], "yesterday"), ({**SMALL[0], "cesim:n": float("nan")}, WHEN)],
)
def test_what_cannot_be_logged_leaves_the_log_as_it_was(path, event, when):
    with EventLog(path, "shredder", PREFIXES) as log:
        log.append(SMALL[0], WHEN)
        with pytest.raises(InputError):
            log.append(event, when)
        log.append(SMALL[1], WHEN)
    assert verify_log(path).checked["events"] == 2
    assert verify_log(path).is_unchanged


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"{}\n",
        b"\x00" * 300 + b"\n",
        b"[" * 10_000 + b"\n",
        written(b'{"kind":"event"}', START),
        written(b"[]" + b" " * 99, START),
        written(content({"actor": 1, "format": "cesim event log 1", "kind": "log", "prefixes": {}}), START),
        written(content({"actor": "a", "format": "another", "kind": "log", "prefixes": {}}), START),
        written(content({"actor": "a", "format": "cesim event log 1", "kind": "log", "prefixes": {"a": 1}}), START),
        written(content({"actor": "a", "format": "cesim event log 1", "kind": ["log"], "prefixes": {}}), START),
    ],
)
def test_what_is_no_log_is_a_finding_and_no_exception(path, text):
    path.write_bytes(text)
    verdict = verify_log(path)
    assert not verdict.is_unchanged
    assert {fault.place.line for fault in verdict.findings} == {1}
    assert all(str(fault) for fault in verdict.findings)


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "root", "root": 1},
        {"kind": "root", "root": {"actor": "shredder"}},
        {"kind": "root", "root": PeriodRoot("shredder", "p", True, "", "").as_data()},
        {"kind": "root", "root": {**PeriodRoot("shredder", "p", 4, "", "").as_data(), "period": 7}},
        {"kind": "anchor", "actor": "a", "event_hash": "x", "leaf": "y", "own": 4},
        {"kind": "anchor", "actor": "a", "event_hash": "x", "leaf": "y", "own": -1},
        {"kind": "anchor", "actor": "a", "event_hash": "x", "leaf": 5, "own": 0},
        {"kind": "event", "event": 5, "event_hash": "", "leaf": "", "number": 4, "record_time": ""},
        {
            "kind": "event",
            "event": {},
            "event_hash": "",
            "leaf": leaf_hash(b"{}").hex(),
            "number": 4,
            "record_time": "",
        },
        {"kind": "log", "actor": "b", "format": "cesim event log 1", "prefixes": {}},
    ],
    ids=lambda line: line["kind"],
)
def test_a_chained_line_that_says_nothing_sensible_is_a_finding(path, lines, line):
    _, head = divided(lines[-1][:-1])
    plain = content(line)
    findings = found(path, [*lines, written(plain, chained(head, plain))])
    assert places(findings) == {8}
    assert "log_chain_broken" not in {fault.code for fault in findings}


def test_a_line_without_end_is_not_read_to_its_end(path, lines, monkeypatch):
    monkeypatch.setattr("cesim.trace.integrity.log_reader._LONGEST", 2000)
    assert found(path, lines) == ()
    findings = found(path, [*lines, b"x" * 100_000])
    assert places(findings) == {8}


def test_a_log_of_nonsense_is_given_up(path, monkeypatch):
    monkeypatch.setattr("cesim.trace.integrity.log_reader._MOST", 5)
    assert len(found(path, [b"nonsense\n"] * 100)) == 5


def test_there_is_no_log(path):
    with pytest.raises(InputError) as caught:
        verify_log(path)
    assert caught.value.faults[0].code == "log_missing"


def test_proofs_from_a_log(path):
    early, late = make(path)
    leaves = list(logged_leaves(path))
    root = bytes.fromhex(late.root)
    for number, leaf in enumerate(leaves):
        assert is_included(leaf, number, late.size, inclusion_proof(leaves, number), root)
    proof = consistency_proof(leaves, early.size)
    assert is_consistent(early.size, late.size, bytes.fromhex(early.root), root, proof)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "other"},
        {"period": "2027"},
        {"size": 3},
        {"root": "00" * 32},
        {"head": "00" * 32},
        {"key_origin": "given"},
        {"public_key": OTHER.public().hex()},
        {"signature": "00" * 64},
        {"signature": "zz"},
        {"signature": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_nothing_of_a_signed_root_can_be_changed(path, change):
    root = make(path)[0]
    assert root.is_signed()
    assert PeriodRoot.from_data(root.as_data()) == root
    assert not replace(root, **change).is_signed()


def rechained(lines):
    """Lines with a chain over them that is in order: what somebody without a key can always make."""
    head, out = START, []
    for plain in lines:
        head = chained(head, plain)
        out.append(written(plain, head))
    return out


def edited(at, **changes):
    def edit(contents):
        line = json.loads(contents[at])
        (line["root"] if line["kind"] == "root" else line).update(changes)
        contents[at] = content(line)

    return edit


def respaced(number, one, other):
    def edit(contents):
        assert one in contents[number]
        contents[number] = contents[number].replace(one, other, 1)

    return edit


@pytest.mark.parametrize(
    ("edit", "code", "line"),
    [
        (edited(2, leaf="00" * 32), "log_leaf_wrong", 3),
        (edited(2, event_hash="ni:///"), "log_event_hash_wrong", 3),
        (edited(2, number=7), "log_number_wrong", 3),
        (edited(1, number=False), "log_number_wrong", 2),
        (edited(3, size=1), "log_size_wrong", 4),
        (edited(3, root="00" * 32), "log_root_wrong", 4),
        (edited(3, head="00" * 32), "log_root_wrong", 4),
        (edited(3, actor="somebody"), "log_root_wrong", 4),
        (respaced(1, b'"kind":"event"', b'"kind": "event"'), "log_line_unreadable", 2),
        (respaced(1, b'"action":"OBSERVE"', b'"action":"ADD","action":"OBSERVE"'), "log_line_unreadable", 2),
        (respaced(1, b'"cesim:n":1', b'"cesim:n":1.0'), "log_line_unreadable", 2),
        (respaced(3, b'"kind":"root"', b'"kind":"root" '), "log_line_unreadable", 4),
        (respaced(0, b'"kind":"log"', b'"kind":"log" '), "log_line_unreadable", 1),
    ],
)
def test_a_new_chain_over_a_changed_line_hides_nothing_that_the_line_says_twice(path, edit, code, line):
    make(path, key=None)
    contents = [divided(raw[:-1])[0] for raw in path.read_bytes().splitlines(keepends=True)]
    assert found(path, rechained(contents)) == ()
    edit(contents)
    findings = found(path, rechained(contents))
    assert (code, line) in {(fault.code, fault.place.line) for fault in findings}
    assert "log_chain_broken" not in {fault.code for fault in findings}


def test_a_root_kept_of_another_actor_is_not_this_log(path, tmp_path):
    make(path)
    other = tmp_path / "other.log"
    with EventLog(other, "other", PREFIXES) as log:
        for event in SMALL:
            log.append(event, WHEN)
        root = log.close_period("2026")
    assert [fault.code for fault in verify_log(path, known=[root]).findings] == ["log_not_as_known"]


def test_what_is_signed_says_what_it_is_for(path):
    assert make(path)[0].statement().startswith(b'cesim period root 1\n{"actor":"shredder"')


def test_a_key_named_without_a_signature_is_found(path):
    make(path, key=None)
    contents = [divided(raw[:-1])[0] for raw in path.read_bytes().splitlines(keepends=True)]
    edited(3, public_key=KEY.public().hex())(contents)
    findings = found(path, rechained(contents), public_key=KEY.public())
    assert ("log_signature_wrong", 4) in {(fault.code, fault.place.line) for fault in findings}
