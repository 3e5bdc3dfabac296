"""Files that cannot be read, and files that want to do harm."""

from __future__ import annotations

import time

import pytest

from cesim.errors import Place
from cesim.scenario.source import parse, read


def codes(source):
    return [(fault.code, fault.place.line, fault.place.column) for fault in source.faults]


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        ("a: 1\nb: 基準\n".encode("cp932"), "not_utf8", 2, 4),
        ("a: 1\n".encode("utf-16"), "not_utf8", 1, 1),
        (b"a: \xff\xfe\xff\n", "not_utf8", 1, 4),
        (b"", "empty_file", 1, 1),
        (b"# only a comment\n", "empty_file", 1, 1),
        (b"just words\n", "not_a_mapping", 1, 1),
        (b"- a\n- b\n", "not_a_mapping", 1, 1),
        ("a：1\n".encode(), "full_width", 1, 2),
        ("# c\nfleet：\n".encode(), "full_width", 2, 6),
        (b"a: 1\r\nb: [\r\n", "syntax_value", 2, 5),
        (b"a: \x00\n", "control_character", 1, 4),
        ("a: \ufeff1\n".encode(), "control_character", 1, 4),
    ],
)
def test_bytes_that_are_no_scenario(tmp_path, data, code, line, column):
    file = tmp_path / "x.yaml"
    file.write_bytes(data)
    assert codes(read(file)) == [(code, line, column)]


def test_shift_jis_is_recognised(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes("名前: 基準".encode("cp932"))
    assert read(file).faults[0].arguments["found"] == "Shift_JIS (CP932)"


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes("\ufeffa: 1\r\nb: x\r\n".encode())
    source = read(file)
    assert source.faults == ()
    assert source.branch.entries["b"].place == Place(str(file), 2, 1)


def test_missing_files_folders_and_large_files(tmp_path):
    assert codes(read(tmp_path / "none.yaml")) == [("no_such_file", None, None)]
    assert codes(read(tmp_path)) == [("is_folder", None, None)]
    big = tmp_path / "big.yaml"
    big.write_bytes(b"a: 1\n" * 500_000)
    assert codes(read(big)) == [("file_too_large", None, None)]


def billion_laughs(levels: int = 12, width: int = 10) -> str:
    lines = ["l0: &l0 [" + ", ".join(["x"] * width) + "]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (billion_laughs(), "too_large_expanded"),
        ("a: &a x\nb: [" + ", ".join(["*a"] * 5000) + "]", "too_many_aliases"),
        ("a: &a {b: *a}", "recursive_alias"),
        ("a: &a [[*a]]", "recursive_alias"),
        ("a: " + "[" * 100_000, "too_deep"),
        ("a: " + "{b: " * 100_000, "too_deep"),
        ("a: " + "[" * 60 + "]" * 60, "too_deep"),
        ("\n".join(["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 900)]), "too_deep"),
        ("- " * 100_000, "too_deep"),
        ("x: " + "9" * 1_900_000, "number_too_large"),
        ("x: 1" + "0" * 200_000 + ".5", "number_too_large"),
    ],
    ids=[
        "laughs",
        "aliases",
        "cycle",
        "cycle in lists",
        "lists",
        "mappings",
        "60 lists",
        "chain",
        "dashes",
        "int",
        "float",
    ],
)
def test_hostile_files_are_refused_quickly(text, code):
    begun = time.perf_counter()
    found = [fault.code for fault in parse(text, "x").faults]
    assert code in found
    assert time.perf_counter() - begun < 5  # seconds; a bomb would take hours


def test_aliases_are_fine_in_moderation():
    source = parse("a: &a {x: 1}\nb: *a\nc: [*a, *a]\n", "x")
    assert source.faults == ()
    assert source.branch.entries["b"].value.entries["x"].place == Place("x", 1, 8)


def test_texts_may_hold_full_width_characters():
    text = "name: 基準：よい（案）、［甲］\nnote: |\n  CMP：製品の組成　を運ぶ\n# 注：全角\nx: {ja: 全角，だけ}\n"
    assert parse(text, "x").faults == ()


def test_the_traps_of_yaml_are_texts():
    text = "a: [yes, no, on, off, y, n, 12:30, 1:30:00, 2030-01-01, 007, 1_000, 0x1F, 0o17, 2030年, nan, inf, 1e, .]"
    leaves = parse(text, "x").branch.entries["a"].value.items
    assert all(isinstance(leaf.value, str) for leaf in leaves)


def test_numbers_are_numbers():
    text = "a: [1, -1, +1, 0, 0.5, .5, 1., 1e6, 1E-3, -1.5e+3, 1.e3, 007.5]"
    values = [leaf.value for leaf in parse(text, "x").branch.entries["a"].value.items]
    assert values == [1, -1, 1, 0, 0.5, 0.5, 1.0, 1e6, 1e-3, -1500.0, 1000.0, 7.5]
    assert [type(value) for value in values[:4]] == [int] * 4
