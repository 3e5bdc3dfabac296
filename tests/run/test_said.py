"""What was compiled is used again where a scenario says the same of all that was read, and only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cesim.quantities import Quantity
from cesim.quantities.steered import Effect, SteeredPath
from cesim.run import said as said_module
from cesim.run.said import Contents, Said, Shelf
from cesim.scenario import open_scenario


@pytest.fixture(scope="module")
def one():
    return open_scenario("tutorial").scenario


def other(**overrides):
    return open_scenario("tutorial", {path.replace("__", "."): value for path, value in overrides.items()}).scenario


class Made:
    """A shelf that counts what it makes."""

    def __init__(self, read, **more):
        self.made = []
        self.shelf = Shelf(self._make(read), lambda thing: -thing, **{"held": 2, **more})
        self.contents = Contents()

    def _make(self, read):
        def make(scenario):
            read(scenario)
            self.made.append(scenario)
            return len(self.made)

        return make

    def thing(self, scenario):
        return self.shelf.thing(Said(self.contents, scenario), scenario)

    def noted(self, scenario):
        return self.shelf.noted(Said(self.contents, scenario), scenario)


def test_the_same_content_has_the_same_number(one):
    contents, again = Contents(), other()
    for path in type(one).model_fields:
        assert Said(contents, one)[path] == Said(contents, again)[path]
    changed = Said(contents, other(sorting__share=0.5))
    assert changed["sorting"] != Said(contents, one)["sorting"]
    assert changed["sorting.share"] != Said(contents, one)["sorting.share"]
    assert changed["sorting.recovery"] == Said(contents, one)["sorting.recovery"]


def test_a_part_that_is_not_read_may_differ(one):
    made = Made(lambda scenario: (scenario.sorting.share, scenario.parts))
    assert [made.thing(asked) for asked in (one, other(), other(sorting__recovery=0.5))] == [1, 1, 1]
    assert made.thing(other(sorting__share=0.5)) == 2
    assert made.thing(other(parts__hood__taken=0.5)) == 3


def test_what_is_noted_outlives_the_thing(one):
    made = Made(lambda scenario: scenario.sorting.share, held=1)
    half = other(sorting__share=0.5)
    assert (made.thing(one), made.thing(half)) == (1, 2)
    assert (made.noted(one), made.noted(half)) == (-1, -2)
    assert len(made.made) == 2
    assert made.thing(one) == 3  # made again, of the same
    assert made.noted(one) == -1


def test_notes_are_let_go_too(one):
    made = Made(lambda scenario: scenario.sorting.share, held=1, notes=1)
    half = other(sorting__share=0.5)
    assert [made.noted(asked) for asked in (one, half, half, one)] == [-1, -2, -2, -3]


def test_what_is_read_may_depend_on_what_is_said(one):
    made = Made(
        lambda s: s.sorting.recovery if s.variants.wrought_share == "component_model" else s.sorting.share, held=9
    )
    model = {"variants__wrought_share": "component_model"}
    assert [made.thing(asked) for asked in (one, other(**model), other(sorting__recovery=0.5))] == [1, 2, 1]
    assert made.thing(other(sorting__recovery=0.5, **model)) == 3
    assert made.thing(other(sorting__share=0.5, **model)) == 2


def test_what_is_no_part_of_the_file_is_never_taken_for_the_same(one):
    made = Made(lambda scenario: scenario.loaded)
    assert [made.thing(one), made.thing(one)] == [1, 2]


@pytest.mark.parametrize("most", ["MOST_CONTENTS", "MOST_OBJECTS"])
def test_contents_are_forgotten_beyond_a_number_and_nothing_is_mixed_up(one, monkeypatch, most):
    monkeypatch.setattr(said_module, most, 3)
    contents, seen = Contents(), {}
    parts = {
        level: one.sorting.model_copy(
            update={"error_factor": replace(one.sorting.error_factor, value=level, low=level, high=level)}
        )
        for level in (0.1, 0.2, 0.3, 0.4)
    }
    for level in (0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.2, 0.4):
        assert seen.setdefault(contents.number(parts[level]), level) == level
    assert len(contents._by_object) <= 3 + (most == "MOST_CONTENTS")
    assert contents.number(parts[0.4]) == contents.number(parts[0.4].model_copy())


def test_what_measures_do_to_a_path_is_part_of_what_it_says(one):
    """A path and the same path with a measure on it have the same knots and say something else."""
    path = one.sorting.share
    effect = Effect("set", Quantity(0.5, kind="share", status="given"), "stream", 2030, 5)
    bent = [
        SteeredPath.of(path, [effect]),
        SteeredPath.of(path, [replace(effect, level=0.5)]),
    ]
    said = [one.model_copy(update={"sorting": one.sorting.model_copy(update={"share": p})}) for p in (path, *bent)]
    contents = Contents()
    assert len({Said(contents, scenario)["sorting.share"] for scenario in said}) == 3
    assert len({Said(contents, scenario)["sorting"] for scenario in said}) == 3
