"""The file a new scenario starts from, and the schema that editors read."""

from __future__ import annotations

import json

import pytest

from cesim.errors import InputError
from cesim.scenario import load
from cesim.scenario.levers import levers
from cesim.scenario.schema import schema_of, schema_text
from cesim.scenario.starter import SCHEMA, write_starter


@pytest.fixture
def folder(tmp_path, toy_text, monkeypatch):
    sourced = toy_text.replace("cars: 1000", "cars: {value: 1000, low: 900, high: 1100, source: JAMA, status: read}")
    (tmp_path / "base.yaml").write_text(sourced, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_starter_says_the_same_as_its_base(folder, toy):
    path = write_starter("回収強化", "base", toy, "ja")
    assert str(path) == "回収強化.yaml"
    scenario, base = load(path, toy).scenario, load("base", toy).scenario
    assert scenario.name.ja == "回収強化"
    assert scenario.fleet == base.fleet


def test_a_starter_with_every_lever_taken_up_is_sound(folder, toy):
    text = write_starter("plan", "base", toy, "en").read_text(encoding="utf-8")
    head, _, commented = text.partition("headings above it.\n")
    live = "\n".join(line.removeprefix("# ") for line in commented.splitlines())
    (folder / "live.yaml").write_text(head + "\n" + live, encoding="utf-8")
    fleet = load("live", toy).scenario.fleet
    assert fleet.mass.value == 1200
    assert [knot.value for knot in fleet.export.hazard_scale.knots.values()] == [1, 0.8]


def test_a_starter_reads_well(folder, toy):
    assert write_starter("plan", "base", toy, "ja").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=cesim.schema.json\n"
        "# base と違うところだけを書きます。書かない項目は base の値のままです。\n"
        "extends: base\n"
        "name:\n"
        "  ja: plan\n"
        "  en: plan\n"
        "\n"
        "# よく変える項目（値は引き継いだシナリオのもの）。\n"
        "# 使うには、その行と、その上の見出しの行の先頭の「# 」を消します。\n"
        "# fleet:\n"
        "#   export:\n"
        "#     # 輸出の強さ | 範囲 0 – 1000 | 幅 0.7 – 1（2035）\n"
        "#     hazard_scale: {2025: 1, 2035: 0.8}\n"
        "#   # 車の重さ | 単位 kg/vehicle | 範囲 500 – 3000\n"
        "#   mass: 1200\n"
        "# limits:\n"
        "#   # 上限 | 範囲 0 – 1\n"
        '#   "6016": 0.5\n'
    )


def test_an_existing_file_is_never_touched(folder, toy):
    (folder / "mine.yaml").write_text("precious", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_starter("mine", "base", toy, "ja")
    assert caught.value.faults[0].code == "already_there"
    assert (folder / "mine.yaml").read_text(encoding="utf-8") == "precious"


def test_a_schema_that_is_not_ours_is_never_touched(folder, toy):
    (folder / SCHEMA).write_text("{}", encoding="utf-8")
    write_starter("plan", "base", toy, "ja")
    assert (folder / SCHEMA).read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("name", ["", ".hidden", " ", "a\nb"])
def test_names_that_are_none(folder, toy, name):
    with pytest.raises(InputError) as caught:
        write_starter(name, "base", toy, "en")
    assert caught.value.faults[0].code == "bad_name"


@pytest.mark.parametrize("name", ["tutorial", "chubu-2035.yaml", "plans/chubu-baseline"])
def test_the_name_of_a_scenario_that_ships_is_refused(folder, toy, name):
    (folder / "plans").mkdir()
    with pytest.raises(InputError) as caught:
        write_starter(name, "base", toy, "en")
    assert [fault.code for fault in caught.value.faults] == ["name_ships"]
    assert not list(folder.glob("**/chubu*")) + list(folder.glob("tutorial*"))


def test_a_folder_that_is_not_there(folder, toy):
    with pytest.raises(InputError) as caught:
        write_starter("no/such/plan", "base", toy, "en")
    assert caught.value.faults[0].code == "cannot_write"


def test_a_base_in_another_folder_is_found_from_the_new_file(folder, toy):
    (folder / "plans").mkdir()
    path = write_starter("plans/one", "./base.yaml", toy, "en")
    assert "extends: ../base.yaml" in path.read_text(encoding="utf-8")
    assert load(path, toy).scenario.runs == 10


def test_a_base_that_is_not_there(folder, toy):
    with pytest.raises(InputError) as caught:
        write_starter("plan", "bse", toy, "en")
    assert (caught.value.faults[0].code, caught.value.faults[0].arguments["nearest"]) == ("no_such_scenario", "base")


def test_levers_carry_their_unit_and_value(folder, toy):
    found = {".".join(lever.path): lever for lever in levers(load("base", toy).scenario)}
    assert list(found) == ["fleet.export.hazard_scale", "fleet.mass", "limits.6016"]
    assert found["fleet.mass"].value_of.unit == "kg/vehicle"
    assert found["limits.6016"].value_of.kind == "share"
    assert found["fleet.export.hazard_scale"].name_ja == "輸出の強さ"


def test_the_schema_is_the_same_every_time(toy):
    assert schema_text(toy) == schema_text(toy)
    assert json.loads(schema_text(toy))["title"] == "Toy"


def test_the_schema_leads_from_every_number_to_what_may_be_written(toy):
    schema = schema_of(toy)
    assert "x-cesim-value" not in json.dumps(schema)
    share = schema["$defs"]["share_share"]["anyOf"]
    assert share[0] == {"type": "number", "description": "share", "minimum": 0, "maximum": 1}
    assert share[1]["required"] == ["value"]
    assert share[2]["required"] == ["data"]
    hazard = schema["$defs"]["Export"]["properties"]["hazard_scale"]["$ref"]
    assert schema["$defs"][hazard.rpartition("/")[2]]["anyOf"][1]["patternProperties"]
    assert schema["$defs"]["Fleet"]["additionalProperties"] is False
    assert "required" not in schema["$defs"]["Fleet"]


def test_every_reference_of_the_schema_leads_somewhere(toy):
    schema = schema_of(toy)

    def references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for held in node.values():
                yield from references(held)
        elif isinstance(node, list):
            for held in node:
                yield from references(held)

    found = set(references(schema))
    assert found
    assert all(reference.removeprefix("#/$defs/") in schema["$defs"] for reference in found)
