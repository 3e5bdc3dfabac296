"""Places, faults and the exceptions that carry them."""

from __future__ import annotations

import json
import pickle

import pytest

from cesim.errors import DONE, INTERRUPTED, NO_ANSWER, WRONG_INPUT, Fault, InputError, NoAnswer, Place


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("a.yaml", 7, 5), "a.yaml:7:5"),
        (Place("a.yaml"), "a.yaml"),
        (Place(sheet="前提", cell="D14"), "前提!D14"),
        (Place("in.xlsx", sheet="前提", cell="D14"), "in.xlsx:前提!D14"),
        (Place(path="a.b.c"), "--set a.b.c"),
        (Place(path="a.b.c", option="--lever"), "--lever a.b.c"),
        (Place(option="--samples"), "--samples"),
        (Place(model="fleet.stock"), "fleet.stock"),
        (Place("a.json", pointer="/a/0/b"), "a.json:/a/0/b"),
        (Place("a.json", pointer=""), "a.json"),
        (Place(pointer="/a"), "/a"),
        (Place(pointer="/\x1b[2J/\u202e\n鉄 1"), "/·[2J/··鉄 1"),
        (Place(), ""),
    ],
)
def test_a_place_prints_as_people_point(place, shown):
    assert str(place) == shown


def test_exit_codes():
    assert (DONE, WRONG_INPUT, NO_ANSWER, INTERRUPTED) == (0, 2, 3, 130)


@pytest.mark.parametrize("kind", [InputError, NoAnswer])
def test_faults_come_in_the_order_of_their_places(kind):
    faults = [Fault("b", Place("x", 9, 1)), Fault("a", Place("x", 2, 8)), Fault("c", Place("x", 2, 1))]
    assert [fault.code for fault in kind(faults).faults] == ["c", "a", "b"]


def test_entries_of_a_document_come_in_the_order_of_their_numbers():
    pointers = ["", "/a", "/a/2", "/a/2/b10", "/a/10/b", "/a/10/b/9", "/a/10/b/11", "/b"]
    faults = [Fault("a", Place("x", pointer=pointer)) for pointer in reversed(pointers)]
    assert [fault.place.pointer for fault in InputError(faults).faults] == pointers


def test_a_fault_as_data_is_json():
    arguments = {"found": 0.5, "allowed": ("a", "b"), "other": Place("x", 1, 2), "odd": {1: 2}, "none": None}
    data = Fault("code", Place("x", 3, 4), arguments).as_data()
    assert json.loads(json.dumps(data)) == {
        "code": "code",
        "place": {"file": "x", "line": 3, "column": 4},
        "arguments": {
            "found": 0.5,
            "allowed": ["a", "b"],
            "other": {"file": "x", "line": 1, "column": 2},
            "odd": "{1: 2}",
            "none": None,
        },
    }


def test_an_error_crosses_a_process_boundary_whole():
    error = pickle.loads(pickle.dumps(InputError([Fault("a", Place("x", 1, 1), {"found": 3})])))
    assert error.faults == (Fault("a", Place("x", 1, 1), {"found": 3}),)


def test_an_error_says_every_place():
    assert str(InputError([Fault("a", Place("x", 1, 1)), Fault("b", Place("x", 2, 1), {"found": 3})])) == (
        "x:1:1: a\nx:2:1: b: found = 3"
    )


def test_an_error_speaks_english():
    faults = [Fault("missing_argument", arguments={"found": "KEY"}), Fault("tab", Place("x", 2, 1))]
    assert str(InputError(faults)) == "KEY is missing.\nx:2:1: The line is indented with a tab; use spaces."
    assert str(NoAnswer([Fault("no_optimum", Place(model="remelting"), {"found": "x"})])) == (
        "remelting: The charge of a melt was not solved: x"
    )


def test_a_place_in_the_model_is_no_file():
    place = Place(model="fleet.stock")
    assert place.as_data() == {"model": "fleet.stock"}
    assert place.file is None
