"""A resolved scenario written back, and its fingerprint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.scenario import load
from cesim.scenario.resolved import fingerprint, written
from cesim.scenario.source import parse
from cesim.scenario.tree import plain

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
scalars = (
    texts
    | st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["yes", "no", "null", "1e6", "12:30", "<<", "- x", "a: b", "#", "&a", "*a", "!t", "%", "０．９"])
)
keys = texts.filter(lambda key: key not in ("", "<<"))
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(keys, scalars, min_size=1, max_size=8))
def test_any_mapping_of_scalars_reads_back(data):
    source = parse(written(data), "x")
    assert source.faults == ()
    assert plain(source.branch) == data
    assert [type(value) for value in plain(source.branch).values()] == [type(value) for value in data.values()]


@given(st.dictionaries(keys, trees, min_size=1, max_size=6))
def test_any_tree_reads_back(data):
    source = parse(written(data), "x")
    assert source.faults == ()
    assert plain(source.branch) == data


@given(st.dictionaries(keys, trees, min_size=1, max_size=6), st.randoms())
def test_the_fingerprint_does_not_depend_on_the_order_of_keys(data, random):
    shuffled = list(data.items())
    random.shuffle(shuffled)
    one, other = (parse(written(dict(items)), "x").branch for items in (data.items(), shuffled))
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a: 1", "a: 1.0", True),
        ("a: 1", 'a: "1"', False),
        ("a: true", "a: 1", False),
        ("a: {}", "a: []", False),
        ("a:", "a: ''", False),
        ("a: [1, 2]", "a: [2, 1]", False),
        ("a: 0.1 # why", "a: 1e-1", True),
        ("a: [x]", "a: x", False),
    ],
)
def test_the_fingerprint_is_about_what_is_said(one, other, same):
    first, second = parse(one, "x").branch, parse(other, "y").branch
    assert (fingerprint(first) == fingerprint(second)) is same


def test_a_resolved_scenario_is_the_same_scenario(tmp_path, toy, toy_text):
    (tmp_path / "base.yaml").write_text(toy_text, encoding="utf-8")
    (tmp_path / "child.yaml").write_text(
        "extends: base\nfleet: {cars: {value: 5, low: 4, high: 7}}\n", encoding="utf-8"
    )
    loaded = load(tmp_path / "child.yaml", toy, {"runs": 3})
    alone = tmp_path / "alone.yaml"
    alone.write_text(loaded.resolved_text, encoding="utf-8")
    again = load(alone, toy)
    assert again.scenario == loaded.scenario
    assert again.hash == loaded.hash
    assert again.resolved_text == loaded.resolved_text


def test_the_resolved_text_reads_well():
    data = {"name": {"ja": "基準", "en": "base case"}, "x": [1, "yes"], "y": [{"a": 1.5}], "z": {}}
    assert written(data) == ('name:\n  ja: 基準\n  en: base case\nx: [1, "yes"]\ny:\n  - {a: 1.5}\nz: {}\n')
