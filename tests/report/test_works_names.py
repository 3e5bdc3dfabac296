"""The numbers of works have names in both languages in the list of inputs."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from cesim.report.paths import input_name
from cesim.report.words import Words
from cesim.run.sampler import numbers
from cesim.scenario import open_scenario


def named(lang):
    scenario = open_scenario("chubu-2035").scenario
    paths = [path for path, _ in numbers(scenario)]
    regions = [{"id": key, "name": region.name.model_dump()} for key, region in scenario.regions.items()]
    run = {"years": [2023, 2050], "regions": regions, "focus": {"id": "chubu", "name": {"ja": "中部", "en": "Chubu"}}}
    tables = SimpleNamespace(run=run, sources=pd.DataFrame({"path": paths}))
    words = Words(lang)
    return {path: input_name({"path": path, f"name_{lang}": path}, words, tables) for path in paths}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_number_of_works_has_a_name_of_its_own(lang):
    names = {path: name for path, name in named(lang).items() if path.startswith("facilities.")}
    assert len(names) > 80
    assert len(set(names.values())) == len(names)
    assert not [name for path, name in names.items() if name == path]
    left = {word for path, name in names.items() for word in re.findall(r"[a-z_]{3,}", name) if lang == "ja"}
    assert left == set()


def test_a_word_of_a_section_is_not_used_in_another():
    names = named("en")
    assert names["facilities.heats.mass.sheet"] == "Works and knowledge, lot by lot: heats, mass of a heat, sheet"
    assert names["parts.hood.mass"].endswith("mass per car")
    assert names["facilities.places.aichi.latitude"].endswith("places, Aichi, latitude")
