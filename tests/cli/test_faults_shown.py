"""Faults on the terminal, line for line."""

from __future__ import annotations

from cesim.cli.columns import table, width
from cesim.cli.faults import lines
from cesim.errors import Fault, Place


def test_the_line_and_a_caret_under_the_place(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("fleet:\n  回収率: 90 # 割合\n", encoding="utf-8")
    fault = Fault("share_as_percent", Place(str(file), 2, 8), {"found": 90.0, "proposal": "0.9"})
    assert lines(fault, "ja") == [
        f"{file}:2:8: 割合は 0 から 1 で書きます。90 % なら 0.9 と書いてください。",
        "     2 |   回収率: 90 # 割合",
        "       |           ^",
    ]


def test_hints_follow_the_line(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("rat: 1\n", encoding="utf-8")
    fault = Fault("unknown_key", Place(str(file), 1, 1), {"found": "rat", "allowed": ["rate"], "nearest": "rate"})
    assert lines(fault, "en") == [
        f"{file}:1:1: There is no key rat here.",
        "     1 | rat: 1",
        "       | ^",
        "       = did you mean: rate",
        "       = allowed: rate",
    ]


def test_places_without_a_line_to_show(tmp_path):
    assert lines(Fault("need_number", Place(path="a.b"), {"found": "x"}), "en") == [
        "--set a.b: A number is needed; x was found."
    ]
    assert len(lines(Fault("tab", Place(str(tmp_path / "gone.yaml"), 3, 1)), "en")) == 1
    assert len(lines(Fault("tab", Place(str(tmp_path), 3, 1)), "en")) == 1


def test_long_lines_are_cut_around_the_place(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("x: [" + "1, " * 5000 + "oops]\n", encoding="utf-8")
    _, shown, caret = lines(Fault("need_number", Place(str(file), 1, 15005), {"found": "oops"}), "en")
    assert len(shown) < 140
    assert shown[caret.index("^") :] == "oops]"


def test_what_a_terminal_cannot_show_is_a_dot(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: \x1b[31m\x07\n")
    assert lines(Fault("control_character", Place(str(file), 1, 4)), "en")[1] == "     1 | a: ·[31m·"


def test_japanese_columns_stand_in_line():
    text = table([{"a": "鉄", "b": 1}, {"a": "iron", "b": 20}], [("a", "材料"), ("b", "量")])
    assert text == "材料  量\n鉄     1\niron  20"
    assert width("鉄a") == 3
