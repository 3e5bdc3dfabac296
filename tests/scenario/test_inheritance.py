"""What a scenario takes from the files it extends, and when two of them disagree."""

from __future__ import annotations

import pytest

from cesim.errors import InputError
from cesim.scenario import load, shelves
from cesim.scenario.tree import plain


@pytest.fixture
def write(tmp_path, toy_text):
    (tmp_path / "base.yaml").write_text(toy_text, encoding="utf-8")

    def _write(name: str, text: str):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def faults_of(path, toy):
    with pytest.raises(InputError) as caught:
        load(path, toy)
    return caught.value.faults


def places(path, toy):
    return [(f.code, f.place.file.rpartition("/")[2], f.place.line, f.place.column) for f in faults_of(path, toy)]


def test_a_child_wins_and_keeps_the_rest(write, toy):
    child = write("child", "extends: base\nfleet: {cars: 5}\nalloys: [ADC12]\n")
    loaded = load(child, toy)
    assert loaded.scenario.fleet.cars.value == 5
    assert loaded.scenario.fleet.mass.value == 1200
    assert loaded.scenario.alloys == ("ADC12",)  # lists are replaced whole
    assert [path.name for path in loaded.files] == ["child.yaml", "base.yaml"]


def test_a_new_value_does_not_keep_the_range_or_the_source_of_the_old_one(write, toy):
    write("sourced", "extends: base\nfleet: {cars: {value: 9, low: 8, high: 10, source: book, status: read}}\n")
    cars = load(write("child", "extends: sourced\nfleet: {cars: {value: 20}}\n"), toy).scenario.fleet.cars
    assert (cars.value, cars.low, cars.source, cars.status) == (20, None, "", "given")


def test_details_can_be_added_to_a_value(write, toy):
    write("sourced", "extends: base\nfleet: {cars: {value: 9, low: 8, high: 10}}\n")
    cars = load(write("child", "extends: sourced\nfleet: {cars: {high: 12}}\n"), toy).scenario.fleet.cars
    assert (cars.value, cars.low, cars.high) == (9, 8, 12)


def knots(path):
    return {year: knot.value for year, knot in path.knots.items()}


def test_a_path_is_laid_over_a_path_year_by_year(write, toy):
    child = write("child", "extends: base\nfleet: {export: {hazard_scale: {2030: 2, 2035: 3}}}\n")
    path = load(child, toy).scenario.fleet.export.hazard_scale
    assert knots(path) == {2025: 1, 2030: 2, 2035: 3}
    assert path.knots[2035].low is None  # a knot is replaced whole, range and all


def test_years_are_laid_over_a_series_of_the_tables(write, toy):
    from cesim.data import series

    write(
        "series",
        "extends: base\nfleet: {export: {hazard_scale:\n"
        "  {data_series: vehicles.new_sales, region: japan, scale: 1e-6, unit: '-'}}}\n",
    )
    child = write("child", "extends: series\nfleet: {export: {hazard_scale: {2035: 3}}}\n")
    found = knots(load(child, toy).scenario.fleet.export.hazard_scale)
    assert found.pop(2035) == 3
    assert found.keys() == series("vehicles.new_sales", "japan").keys()


def test_a_constant_or_a_series_replaces_a_path(write, toy):
    child = write("child", "extends: base\nfleet: {export: {hazard_scale: 2}}\n")
    assert set(knots(load(child, toy).scenario.fleet.export.hazard_scale).values()) == {2}


def test_parents_may_set_different_years_of_one_path(write, toy):
    write("one", "extends: base\nfleet: {export: {hazard_scale: {2030: 2}}}\n")
    write("two", "extends: base\nfleet: {export: {hazard_scale: {2050: 3}}}\n")
    child = write("child", "extends: [one, two]\n")
    assert knots(load(child, toy).scenario.fleet.export.hazard_scale) == {2025: 1, 2030: 2, 2035: 0.8, 2050: 3}


def test_parents_that_disagree_about_a_year_are_both_named(write, toy):
    write("one", "extends: base\nfleet: {export: {hazard_scale: {2030: 2}}}\n")
    write("two", "extends: base\nfleet: {export: {hazard_scale: {2030: 3}}}\n")
    fault = faults_of(write("child", "extends: [one, two]\nfleet: {export: {hazard_scale: {2040: 1}}}\n"), toy)[0]
    assert (fault.code, fault.arguments["found"]) == ("parents_disagree", "fleet.export.hazard_scale.2030")
    settled = write("settled", "extends: [one, two]\nfleet: {export: {hazard_scale: {2030: 1}}}\n")
    assert knots(load(settled, toy).scenario.fleet.export.hazard_scale)[2030] == 1


def test_a_mapping_with_a_value_that_is_no_number_is_merged(write, toy):
    child = write("child", "extends: base\ntargets: {h1: {value: 0.7}}\n")
    target = load(child, toy).scenario.targets["h1"]
    assert (target.year, target.value.value) == (2035, 0.7)


def test_an_inherited_fault_is_shown_in_the_file_it_stands_in(write, toy, toy_text):
    write("base", toy_text.replace("cars: 1000", "cars: -1"))
    assert places(write("child", "extends: base\nruns: 0\n"), toy) == [
        ("positive_out_of_range", "base.yaml", 8, 9),
        ("out_of_range", "child.yaml", 2, 7),
    ]


def test_two_parents_that_disagree_are_both_named(write, toy):
    write("one", "extends: base\nfleet:\n  cars: 1\n")
    write("two", "extends: base\nfleet:\n  cars: 2\n")
    (fault,) = faults_of(write("child", "extends: [one, two]\n"), toy)
    assert fault.code == "parents_disagree"
    assert fault.arguments["found"] == "fleet.cars"
    assert str(fault.place).endswith("two.yaml:3:9")
    assert str(fault.arguments["other"]).endswith("one.yaml:3:9")


@pytest.mark.parametrize("own", ["fleet: {cars: 3}", "fleet: {cars: {value: 3, unit: vehicles}}"])
def test_the_child_decides_between_parents(write, toy, own):
    write("one", "extends: base\nfleet: {cars: 1}\n")
    write("two", "extends: base\nfleet: {cars: 2}\n")
    assert load(write("child", f"extends: [one, two]\n{own}\n"), toy).scenario.fleet.cars.value == 3


def test_parents_that_agree_or_touch_different_things_are_joined(write, toy):
    write("one", "extends: base\nfleet: {cars: 1}\nruns: 5\n")
    write("two", "extends: base\nfleet: {mass: 1000}\nruns: 5\n")
    scenario = load(write("child", "extends: [one, two]\n"), toy).scenario
    assert (scenario.fleet.cars.value, scenario.fleet.mass.value, scenario.runs) == (1, 1000, 5)


@pytest.mark.parametrize("order", ["[one, base]", "[base, one]"])
def test_a_parent_that_extends_the_other_replaced_its_values_on_purpose(write, toy, order):
    write("one", "extends: base\nfleet: {cars: 1}\n")
    assert load(write("child", f"extends: {order}\n"), toy).scenario.fleet.cars.value == 1


def test_a_cycle_is_told_with_its_chain(write, toy):
    write("one", "extends: two\n")
    write("two", "extends: one\n")
    fault = faults_of(write("child", "extends: one\n"), toy)[0]
    assert fault.code == "extends_itself"
    assert str(fault.place).endswith("two.yaml:1:10")
    links = [link.rpartition("/")[2] for link in fault.arguments["chain"].split(" → ")]
    assert links == ["child.yaml", "one.yaml", "two.yaml", "one.yaml"]


def test_a_file_that_extends_itself(write, toy):
    assert places(write("self", "extends: self\n"), toy)[0] == ("extends_itself", "self.yaml", 1, 10)


def test_a_missing_parent_names_the_nearest(write, toy):
    fault = faults_of(write("child", "extends: bsae\n"), toy)[0]
    assert (fault.code, fault.arguments["nearest"]) == ("no_such_base", "base")


def test_a_missing_path_names_the_nearest_path(write, toy):
    fault = faults_of(write("child", "extends: ./bas.yaml\n"), toy)[0]
    assert (fault.code, fault.arguments["nearest"]) == ("no_such_base", "base.yaml")


def test_a_broken_parent_does_not_hide_the_faults_of_its_child(write, toy):
    write("broken", "fleet: [1\n")
    assert places(write("child", "extends: broken\nruns: 0\n"), toy) == [
        ("syntax_bracket", "broken.yaml", 1, 8),
        ("out_of_range", "child.yaml", 2, 7),
    ]


def test_two_broken_parents_are_both_told(write, toy):
    write("one", "fleet: [1\n")
    write("two", "a: 1\na: 2\n")
    assert {code for code, *_ in places(write("child", "extends: [one, two]\n"), toy)} >= {
        "syntax_bracket",
        "duplicate_key",
    }


def test_a_diamond_is_read_once(write, toy):
    write("one", "extends: base\nruns: 7\n")
    write("two", "extends: base\nverbose: false\n")
    loaded = load(write("child", "extends: [one, two]\n"), toy)
    assert [path.name for path in loaded.files] == ["child.yaml", "one.yaml", "base.yaml", "two.yaml"]
    assert (loaded.scenario.runs, loaded.scenario.verbose) == (7, False)


def test_a_long_chain_is_refused_not_crashed(write, toy):
    for number in range(200):
        write(f"s{number}", f"extends: s{number + 1}\n")
    assert "extends_too_deep" in {code for code, *_ in places(write("s", "extends: s0\n"), toy)}


def test_a_scenario_that_ships_is_found_by_its_bare_name(write, toy, toy_text, tmp_path, monkeypatch):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "shipped-base.yaml").write_text(toy_text, encoding="utf-8")
    monkeypatch.setattr(shelves, "shipped_folder", lambda: shelf)
    assert load(write("child", "extends: shipped-base\nruns: 3\n"), toy).scenario.runs == 3
    assert load("shipped-base", toy).scenario.runs == 10


def test_every_leaf_keeps_its_own_place(write, toy):
    loaded = load(write("child", "extends: base\nfleet:\n  cars: 5\n"), toy)
    fleet = loaded.tree.entries["fleet"].value
    assert str(fleet.entries["cars"].value.place).endswith("child.yaml:3:9")
    assert str(fleet.entries["mass"].value.place).endswith("base.yaml:9:9")
    assert "extends" not in plain(loaded.tree)


def test_files_in_a_folder_of_the_shelf_are_found_from_anywhere(write, toy, toy_text, tmp_path, monkeypatch):
    library = tmp_path / "shelf" / "library"
    library.mkdir(parents=True)
    (library / "all.yaml").write_text(toy_text, encoding="utf-8")
    monkeypatch.setattr(shelves, "shipped_folder", lambda: tmp_path / "shelf")
    assert load(write("child", "extends: library/all\nruns: 3\n"), toy).scenario.runs == 3


def test_a_scenario_that_forgot_its_base_is_told_so_once(write, toy):
    (fault,) = faults_of(write("child", "runs: 3\n"), toy)
    assert fault.code == "missing_base"
    assert fault.arguments["missing"] == ["name", "years", "mode", "fleet", "splits"]


def test_everything_a_mapping_lacks_is_told_together(write, toy, toy_text):
    write("base", toy_text.replace("{ja: 基準（全角：よい）, en: base}", "{}"))
    (fault,) = faults_of(write("child", "extends: base\n"), toy)
    assert (fault.code, fault.arguments["missing"], fault.place.line) == ("missing_key", ["ja", "en"], 1)
