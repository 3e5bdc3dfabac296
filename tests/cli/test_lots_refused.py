"""What `cesim lots` refuses: exit 2, the name of the thing, no traceback, nothing left behind."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

from made_up_region import FEW, text

from cesim.cli.main import main
from cesim.run.lot_desk import unfinished

WORKS = ("dismantling", "shredding", "sheet", "extrusion", "casting", "compounding")


@pytest.fixture
def asked(tmp_path, monkeypatch, capsys):
    """Ask the command in a folder of its own; returns exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "few.yaml").write_text(text(**FEW), encoding="utf-8")

    def ask(*words: object, lang: str = "en") -> tuple[int, str]:
        code = main(["--lang", lang, *map(str, words)])
        seen = capsys.readouterr()
        return code, seen.out + seen.err

    return ask


def refused(found, *names: str) -> None:
    code, told = found
    assert code == 2, told
    assert "Traceback" not in told
    for name in names:
        assert name in told


def sets(*changes: str) -> list[str]:
    return [word for change in changes for word in ("--set", change)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--year", 2050], ["2029", "2031", "2050"]),
        (["--from", 2031, "--to", 2030], ["2030", "2031"]),
        (["--to", 2029], ["2029", "2030"]),  # the first year of the report is the first
        (["--year", 2030, "--to", 2099], ["2099"]),
        (["--batch", 0], ["--batch", "0"]),
        (["--batch", -3], ["--batch", "-3"]),
        (["--draws", 0], ["--draws"]),
        (["--workers", 0], ["--workers"]),
        (["--seed", -1], ["--seed"]),
        (["--out", ""], ["--out"]),
        (["--out", "few.yaml"], ["few.yaml"]),
        (["--out", "few.yaml/below"], ["few.yaml"]),
        (["--resume", "--out", "never"], ["never"]),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_carried_out(asked, tmp_path, words, names):
    refused(asked("lots", "few.yaml", *words, lang="ja" if len(words) > 2 else "en"), *names)
    assert {path.name for path in tmp_path.iterdir()} == {"few.yaml"}


def test_a_folder_in_use_and_one_that_may_not_be_written_to(asked, tmp_path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("mine", encoding="utf-8")
    refused(asked("lots", "few.yaml", "--out", "used"), "used")
    assert (tmp_path / "used" / "mine.txt").read_text(encoding="utf-8") == "mine"
    refused(asked("lots", "few.yaml", "--out", "/proc/nothing"), "/proc/nothing")


def test_what_lies_where_the_run_would_be_worked_on_is_not_removed(asked, tmp_path):
    desk = unfinished(tmp_path / "new")
    desk.mkdir()
    (desk / "mine.txt").write_text("mine", encoding="utf-8")
    refused(asked("lots", "few.yaml", "--out", "new"), "new.unfinished")
    assert (desk / "mine.txt").exists()


@pytest.mark.parametrize("held", ["", "{", "[]", "{}", '{"cesim": "0"}'])
def test_what_was_asked_before_but_cannot_be_read_is_not_gone_on_with(asked, tmp_path, held):
    desk = unfinished(tmp_path / "new")
    desk.mkdir()
    (desk / "asked.json").write_text(held, encoding="utf-8")
    refused(asked("lots", "few.yaml", "--out", "new", "--resume"), "new.unfinished")


@pytest.mark.parametrize("works", WORKS)
@pytest.mark.parametrize("command", ["check", "lots"])
def test_a_country_without_works_of_a_kind(asked, works, command):
    """Nothing that is scrapped has anywhere to go."""
    changes = sets(*(f"regions.{region}.{works}=0" for region in ("east", "west")))
    refused(asked(command, "few.yaml", *changes), f"regions.east.{works}")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (f"facilities.{path}={value}", path)
        for path in (
            "shredding.capacity", "sorting.capacity", "residue.capacity", "compounding.capacity",
            "dismantling.workers", "dismantling.waiting", "casthouses.melting.sheet", "casthouses.yard",
            "heats.mass.casting", "heats.clearing", "transport.load", "transport.hulks", "transport.speed",
        )
        for value in (0, -1)
    ],
)  # fmt: skip
def test_works_that_can_do_nothing_or_less(asked, change, name):
    refused(asked("check" if "-" in change else "lots", "few.yaml", *sets(change)), name)


@pytest.mark.parametrize("command", ["check", "lots"])
@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("parts.hood.holds={}", ["parts.hood.holds"]),
        ("facilities.heats.mass={sheet: 50, extrusion: 25}", ["heats.mass", "casting"]),
        ("facilities.casthouses.melting={sheet: 450}", ["casthouses.melting", "extrusion"]),
        ("remelting.alloys.6016.works=nowhere", ["remelting.alloys.6016.works", "nowhere"]),
        ("report.focus=[nowhere]", ["report.focus", "nowhere"]),
        ("report.focus=[]", ["report.focus"]),
        ("facilities.places.east.latitude=200", ["latitude"]),
        ("facilities.knowledge.records=everything", ["records", "everything"]),
        ("facilities.hours.opens=19", ["opens"]),
        ("regions.east.keeps.hulk=1.5", ["keeps.hulk"]),
    ],
)
def test_a_scenario_that_cannot_be(asked, command, change, names):
    refused(asked(command, "few.yaml", *sets(change)), *names)


def test_a_region_whose_place_nobody_says(asked, tmp_path):
    tree = yaml.safe_load((tmp_path / "few.yaml").read_text(encoding="utf-8"))
    keeps = {"elv": 0.9, "hulk": 0.8, "scrap": 0.7, "recyclate": 0.7}
    weights = dict.fromkeys(("vehicles", "assembly", *WORKS), 10)
    tree["regions"] = {"north": {"name": {"ja": "北", "en": "north"}, **weights, "moves_out": 0.01, "keeps": keeps}}
    (tmp_path / "north.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")
    for command in ("check", "lots"):
        refused(asked(command, "north.yaml"), "north")


def test_a_scenario_without_works(asked, tmp_path):
    tree = yaml.safe_load((tmp_path / "few.yaml").read_text(encoding="utf-8"))
    shipped = yaml.safe_load((Path(__file__).parents[2] / "scenarios" / "tutorial.yaml").read_text(encoding="utf-8"))
    del tree["facilities"], shipped["facilities"]
    tree["extends"] = [name for name in shipped["extends"] if not name.endswith("facilities")]
    kept = {name: shipped[name] for name in ("summary", "variants", "regions")}
    merged = {**kept, **tree, "report": {**shipped["report"], **tree["report"]}}
    merged["years"] = {**shipped["years"], **tree["years"]}
    (tmp_path / "balance.yaml").write_text(yaml.safe_dump(merged), encoding="utf-8")
    assert asked("check", "balance.yaml")[0] == 0  # as a balance it can be run
    refused(asked("lots", "balance.yaml"), "balance.yaml", "facilities")
    assert {path.name for path in tmp_path.iterdir()} <= {"few.yaml", "balance.yaml", "runs"}
