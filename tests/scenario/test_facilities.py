"""What may not stand under `facilities`, and where it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from cesim.cli.main import main
from cesim.errors import InputError
from cesim.scenario import open_scenario
from cesim.scenario.levers import levers
from cesim.scenario.model import Scenario
from cesim.scenario.schema import schema_of

HEAD = "extends: tutorial\nname: {ja: 計画, en: plan}\nfacilities:\n"

BROKEN = {
    # what stands below the head, with § before every place that must be named -> their codes, in order
    "nothing can be done": (
        """\
  dismantling: {workers: §0, waiting: §0, minutes: §0}
  shredding: {capacity: §0}
  sorting: {capacity: {2025: 3, 2035: §0}}
  residue: {capacity: {value: 3, low: §0, high: 6, unit: t/h, status: estimate}}
  casthouses: {melting: {sheet: §0}, yard: §0}
  compounding: {capacity: §0}
  heats: {mass: {sheet: §0}, clearing: §0}
  transport: {load: §0, hulks: §0, speed: §0, within: §0}
  places: {east: {within: §0}}
""",
        ["out_of_range"] * 16,
    ),
    "less than nothing": (
        """\
  hours: {opens: §-1}
  dismantling: {workers: §-3}
  shredding: {capacity: §-5}
  heats: {approval: §-1}
  transport: {patience: §-1, cost: §-1}
  knowledge: {delay: §-1, assay_error: §-1, spread: {new: {Cu: §-1}}}
""",
        ["positive_out_of_range"] * 9,
    ),
    "out of what is possible": (
        """\
  hours: {closes: §25, days: §8}
  transport: {detour: §0.9}
  places: {east: {latitude: §95, longitude: §181}, west: {latitude: §-91, longitude: §-181}}
""",
        ["out_of_range"] * 7,
    ),
    "shares that are none": (
        """\
  heats: {correction: §-0.1, risk: §150}
  knowledge: {coverage: {2025: 0, 2035: §1.2}, reliability: §3, assayed: §-1}
""",
        ["share_out_of_range"] * 3 + ["share_as_percent", "share_out_of_range"],
    ),
    "names that nobody has": (
        """\
  sorting: {§capcity: 3}
  casthouses: {melting: {forging: §10}}
  heats: {mass: {forging: §10}}
  knowledge: {records: §some, spread: {sorted: {Al: §0.1}}}
""",
        ["unknown_key"] + ["not_a_choice"] * 4,
    ),
    "unknown region": ("  places: {§atlantis: {latitude: 1, longitude: 2}}\n", ["unknown_name"]),
    "ends before it begins": ("  hours: {opens: §18}\n", ["closes_before_opens"]),
    "ends as it begins": ("  hours: {closes: §8}\n", ["closes_before_opens"]),
    "may end before it begins": (
        "  hours: {opens: §{value: 8, low: 7, high: 17, unit: h, status: estimate}}\n",
        ["closes_before_opens"],
    ),
    "may begin after it ends": (
        "  hours: {closes: §{value: 17, low: 7, high: 18, unit: h, status: estimate}}\n",
        ["closes_before_opens"],
    ),
    "half a day of the week": ("  hours: {days: §5.5}\n", ["need_whole_number"]),
    "wrong unit": ("  sorting: {capacity: {value: 3, unit: §km}}\n", ["wrong_unit"]),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_section_is_refused_at_its_places(kind, tmp_path, monkeypatch):
    body, codes = BROKEN[kind]
    places = []
    for number, line in enumerate((HEAD + body).splitlines(), start=1):
        pieces = line.split("§")
        places += [(number, len("".join(pieces[: n + 1])) + 1) for n in range(len(pieces) - 1)]
    assert len(places) == len(codes)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text((HEAD + body).replace("§", ""), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_scenario("plan.yaml")
    told = [(fault.code, fault.place.file, (fault.place.line, fault.place.column)) for fault in caught.value.faults]
    assert told == [(code, "plan.yaml", place) for code, place in zip(codes, places, strict=True)]


def test_a_day_may_have_all_its_hours():
    hours = open_scenario(
        "tutorial", {"facilities.hours": {"opens": 0, "closes": 24, "days": 7}}
    ).scenario.facilities.hours
    assert (hours.opens.value, hours.closes.value, hours.days.value) == (0, 24, 7)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("  shredding: {capacity: 0}\n", "> 0"),
        ("  hours: {opens: 18}\n", "18"),
        ("  places: {atlantis: {latitude: 1, longitude: 2}}\n", "atlantis"),
    ],
)
def test_the_check_says_what_is_wrong_and_exits_with_two(body, told, lang, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(HEAD + body, encoding="utf-8")
    assert main(["check", "plan.yaml", "--lang", lang]) == 2
    captured = capsys.readouterr()
    assert told in captured.out + captured.err
    assert "Traceback" not in captured.err


def test_a_region_without_a_place_is_named_where_the_region_stands(tmp_path, monkeypatch, capsys):
    works = "dismantling: 9, shredding: 3, sheet: 0, extrusion: 0, casting: 0, compounding: 0, moves_out: 0"
    body = f"  shizuoka: {{name: {{ja: 静岡, en: Shizuoka}}, vehicles: 2, assembly: 2, {works}}}\n"
    keeps = body.replace("}\n", ", keeps: {elv: 1, hulk: 1, scrap: 1, recyclate: 1}}\n")
    monkeypatch.chdir(tmp_path)
    head = "extends: tutorial\nname: {ja: 計画, en: plan}\nregions:\n"
    (tmp_path / "plan.yaml").write_text(head + keeps, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_scenario("plan.yaml")
    fault = caught.value.faults[0]
    assert (fault.code, fault.arguments["found"]) == ("region_without_place", "shizuoka")
    assert (fault.place.file, fault.place.line) == ("plan.yaml", 4)
    assert main(["check", "plan.yaml", "--lang", "en"]) == 2
    assert "places: {shizuoka: {latitude" in capsys.readouterr().err
    place = "facilities: {places: {shizuoka: {latitude: 35, longitude: 138.4}}}\n"
    (tmp_path / "plan.yaml").write_text(head + keeps + place, encoding="utf-8")
    assert open_scenario("plan.yaml").scenario.facilities is not None


@pytest.mark.parametrize(
    ("entry", "missing"),
    [
        ("heats.mass.sheet", "sheet"),
        ("casthouses.melting.casting", "casting"),
        ("knowledge.spread.new", "new"),
        ("knowledge.spread.new.Cu", "Cu"),
    ],
)
def test_every_works_and_every_kind_of_bale_has_its_numbers(entry, missing, tmp_path):
    whole = at = yaml.safe_load(open_scenario("tutorial").resolved_text)
    *way, last = ("facilities", *entry.split("."))
    for key in way:
        at = at[key]
    del at[last]
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_scenario(str(tmp_path / "plan.yaml"))
    told = [(fault.code, fault.arguments["path"], fault.arguments["missing"]) for fault in caught.value.faults]
    assert told == [("missing_name", ".".join(way), missing)]


def test_a_scenario_may_say_nothing_of_works():
    held = open_scenario("tutorial").scenario
    bare = Scenario.model_validate({**dict(held), "facilities": None})
    assert bare.facilities is None
    assert not [one for one in levers(bare) if one.path[0] == "facilities"]


def test_what_a_plan_may_change_is_marked_in_both_languages():
    held = {".".join(one.path): one for one in levers(open_scenario("chubu-2035").scenario)}
    for path, unit in {
        "facilities.sorting.capacity": "t/h",
        "facilities.residue.capacity": "t/h",
        "facilities.casthouses.melting.sheet": "t/day",
        "facilities.knowledge.coverage": "share",
        "facilities.heats.approval": "months",
    }.items():
        assert held[path].value_of.unit == unit
        assert held[path].name_ja != held[path].name_en != ""


def test_an_end_that_is_shut_out_is_told_to_readers_and_editors():
    mark = next(one for one in levers(open_scenario("tutorial").scenario) if one.path[-1] == "workers").value_of
    assert mark.span() == "> 0, ≤ 10000000"
    assert replace(mark, most=None).span() == "> 0"
    schema = schema_of(Scenario)
    workers = schema["$defs"]["DismantlingWorks"]["properties"]["workers"]["$ref"].rpartition("/")[2]
    one = schema["$defs"][workers]["anyOf"][0]["$ref"].rpartition("/")[2]
    number = schema["$defs"][one]["anyOf"][0]
    assert (number["exclusiveMinimum"], number["maximum"], "minimum" in number) == (0, 1e7, False)
