"""Exports to a folder: all of it or nothing, and beside it what was lost."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from made_up import random_loop, tiny
from made_up_exports import random_entries

from cesim.errors import InputError
from cesim.text import keys, message
from cesim.trace.exports import writing
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.writing import ACCOUNT, FORMATS, export


def ledger(entries=None, **options):
    entries = tiny() if entries is None else entries
    return ledger_of(entries, 2026, shares=np.full((len(entries.lots), 9), 1 / 9), **options)


def test_every_fault_has_words():
    folder = Path(writing.__file__).parent
    raised = re.compile(r'(?:Fault|_first)\(\s*"(\w+)"')
    used = {code for file in folder.glob("*.py") for code in raised.findall(file.read_text("utf-8"))}
    assert {"export_mass", "export_unknown", "identifier_unknown"} <= used
    assert {code for code in used if f"fault.{code}.message" not in keys("ja")} == set()


def test_the_formats():
    assert set(FORMATS) == {"epcis", "catenax", "ouranos"}


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_counted_is_there(name, tmp_path):
    entries = random_loop(3)
    done = export(name, ledger(entries), tmp_path / "out", footprint=np.ones(len(entries.lots)))
    assert done.files[-1].name == ACCOUNT
    assert sorted(done.files) == sorted((tmp_path / "out").iterdir())
    about = json.loads((tmp_path / "out" / ACCOUNT).read_text(encoding="utf-8"))
    assert about == {"format": name, "ledger": "ledger", "counts": done.counts, "lost": done.lost.as_data()}
    if name == "epcis":
        events = json.loads(done.files[0].read_bytes())["epcisBody"]["eventList"]
        assert done.counts == {"documents": 1, "events": len(events)}
        assert len(events) + done.lost.left_out["inside"] == len(entries)
    else:
        assert {path.stem: path.read_bytes().count(b"\n") for path in done.files[:-1]} == done.counts
        assert min(done.counts.values()) > 0


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_ledger_gives_the_same_bytes(name, tmp_path):
    first = export(name, ledger(), tmp_path / "one").files
    second = export(name, ledger(), tmp_path / "two").files
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_long_ledger_becomes_several_documents(tmp_path):
    entries = random_loop(3)
    done = export("epcis", ledger(entries), tmp_path / "out", entries_a_document=100)
    assert done.counts["documents"] == -(-len(entries) // 100)
    told = [json.loads(path.read_bytes()) for path in done.files[:-1]]
    assert sum(len(one["epcisBody"]["eventList"]) for one in told) == done.counts["events"]
    whole = export("epcis", ledger(entries), tmp_path / "whole")
    events = json.loads(whole.files[0].read_bytes())["epcisBody"]["eventList"]
    assert [event for one in told for event in one["epcisBody"]["eventList"]] == events


def test_an_empty_ledger_is_written_too(tmp_path):
    for name in FORMATS:
        assert set(export(name, ledger(random_entries(0, 0)), tmp_path / name).counts)


def test_a_format_that_is_not_there_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(InputError) as caught:
        export("ouranus", ledger(), tmp_path / "out")
    [fault] = caught.value.faults
    assert fault.code == "export_unknown"
    assert fault.arguments["nearest"] == "ouranos"
    assert "ouranus" in message(fault, "ja")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_that_breaks_off_leaves_what_was_there(name, tmp_path, monkeypatch):
    export(name, ledger(), tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_account", full)
    with pytest.raises(InputError) as caught:
        export(name, ledger(random_loop(1)), tmp_path / "out")
    assert caught.value.faults[0].code == "cannot_write_folder"
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_export_replaces_the_one_before_it(tmp_path):
    export("epcis", ledger(random_loop(3)), tmp_path / "out", entries_a_document=50)
    done = export("epcis", ledger(), tmp_path / "out")
    assert sorted(done.files) == sorted((tmp_path / "out").iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("there", ["letter.txt", ACCOUNT])
def test_a_folder_with_something_else_is_left_alone(there, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / there).write_text('{"format": "catenax"}', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        export("epcis", ledger(), tmp_path / "out")
    assert caught.value.faults[0].code == "export_folder_in_use"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [there]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    assert export("epcis", ledger(), tmp_path / "out").counts["events"] > 0


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    for target in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(InputError):
            export("epcis", ledger(), target)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
