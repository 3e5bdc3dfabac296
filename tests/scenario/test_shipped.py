"""The scenarios that ship with cesim."""

from __future__ import annotations

from pathlib import Path

import pytest

from cesim.scenario import open_scenario
from cesim.scenario.load import load
from cesim.scenario.shelves import names, shipped_folder
from cesim.scenario.starter import write_starter


def test_the_shelf_is_found():
    assert shipped_folder() is not None


@pytest.mark.parametrize("name", sorted(path.stem for path in (shipped_folder() or Path("no-shelf")).glob("*.yaml")))
def test_a_shipped_scenario_is_sound_from_any_folder_and_a_base_to_build_on(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    loaded = open_scenario(name)
    assert name in names(tmp_path)
    text = write_starter("plan", name, type(loaded.scenario), "ja").read_text(encoding="utf-8")
    head, _, commented = text.partition("を消します。\n")
    levers = "\n".join(line.removeprefix("# ") for line in commented.splitlines())
    (tmp_path / "plan.yaml").write_text(f"{head}\n{levers}\n", encoding="utf-8")
    load("plan.yaml", type(loaded.scenario))
    (tmp_path / "alone.yaml").write_text(loaded.resolved_text, encoding="utf-8")
    assert open_scenario("alone.yaml").hash == loaded.hash


def test_the_tutorial_says_its_last_year():
    scenario = open_scenario("tutorial").scenario
    assert all(str(scenario.years.end) in text for text in (scenario.summary.ja, scenario.summary.en))
