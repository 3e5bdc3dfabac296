"""Plans on the shipped scenarios, sound and broken, and the place that each fault points at."""

from __future__ import annotations

import copy
import random

import pytest
import yaml

from cesim.cli.main import main
from cesim.errors import InputError, NoAnswer
from cesim.quantities import KeyedSource, TimePath
from cesim.run.compile import compile_block
from cesim.run.sampler import Sampler
from cesim.scenario import load_scenario, open_scenario
from cesim.scenario.levers import levers

HEAD = "extends: chubu-2035\nname: {ja: 計画, en: plan}\n"

BROKEN = {
    # what stands below the head, with § before the place that must be named -> code
    "share written as percent": ("sorting:\n  recovery: §90\n", "share_as_percent"),
    "share above one": ("sorting:\n  cast_wrought: §250\n", "share_out_of_range"),
    "negative share": ("sorting:\n  share: {2030: §-0.2}\n", "share_out_of_range"),
    "a share in a year as percent": ("sorting:\n  share: {2035: §70}\n", "share_as_percent"),
    "unknown key at the top": ("§sortings: {}\n", "unknown_key"),
    "unknown key inside": ("sorting:\n  §recovry: 0.9\n", "unknown_key"),
    "unknown region": ("regions:\n  §aich: {vehicles: 3}\n", None),
    "unknown powertrain": ("market:\n  powertrains:\n    passenger:\n      §fcv: 0.1\n", "unknown_key"),
    "unknown segment": ("fleet:\n  scrap:\n    shape:\n      suv: §3\n", "not_a_choice"),
    "unknown alloy": ("remelting:\n  alloys:\n    §6999:\n      approved: 0.5\n", None),
    "unknown item in a part": ("parts:\n  hood:\n    holds: {§6017: 0.1}\n", None),
    "unknown polymer": ("compounding:\n  cap:\n    §PPP: 0.2\n", None),
    "unknown focus": ("report:\n  focus: [§atlantis]\n", None),
    "report year outside the run": ("report:\n  years: §[2035, 2099]\n", None),
    "years out of order": ("years:\n  start: 2045\n  end: §2040\n", None),
    "a year that is no year": ("years:\n  §end: twenty\n", "not_a_year"),
    "half a year": ("years:\n  end: §2050.5\n", None),
    "duplicated key": ("sorting:\n  recovery: 0.9\n  §recovery: 0.8\n", "duplicate_key"),
    "duplicated section": ("sorting: {recovery: 0.9}\n§sorting: {recovery: 0.8}\n", "duplicate_key"),
    "wrong unit": ("fleet:\n  export:\n    peak_age: {value: 12, unit: §kg}\n", "wrong_unit"),
    "unknown unit": ("fleet:\n  export:\n    peak_age: {value: 12, unit: §fortnight}\n", "unknown_unit"),
    "negative mass": ("content:\n  mass:\n    plastics: §-150\n", "positive_out_of_range"),
    "negative wage": ("dismantling:\n  wage: §-2000\n", "positive_out_of_range"),
    "infinite price": ("dismantling:\n  transport: §.inf\n", None),
    "not a number": ("dismantling:\n  transport: §.nan\n", None),
    "huge number": ("fleet:\n  export:\n    rate: §1e400\n", None),
    "low above value": (
        "sorting:\n  recovery: {value: 0.5, low: §0.6, high: 0.9, status: estimate}\n",
        "low_above_value",
    ),
    "high below value": (
        "sorting:\n  recovery: {value: 0.5, low: 0.4, high: §0.45, status: estimate}\n",
        "value_above_high",
    ),
    "unverified without a range": ("sorting:\n  recovery: {value: 0.5, status: §unverified}\n", "status_needs_range"),
    "unknown status": ("sorting:\n  recovery: {value: 0.5, status: §guessed}\n", "unknown_status"),
    "unknown distribution": ("sorting:\n  recovery: {value: 0.5, low: 0.4, high: 0.6, dist: §cauchy}\n", None),
    "unknown word of a number": ("fleet:\n  export:\n    width: {value: 0.5, §lo: 0.4, high: 0.6}\n", "unknown_key"),
    "unknown key of the data": ("sorting:\n  recovery: {data: §no.such.key}\n", None),
    "text for a number": ("sorting:\n  recovery: §high\n", "need_number"),
    "number with percent": ("sorting:\n  recovery: §90%\n", "need_number"),
    "number with comma": ("dismantling:\n  wage: §2,500\n", "need_number"),
    "full-width digits": ("sorting:\n  recovery: §０．９\n", None),
    "full-width colon": ("§sorting:\n  recovery： 0.9\n", "full_width"),
    "list for a section": ("sorting: §[1, 2]\n", "need_mapping"),
    "text for a section": ("sorting: §much\n", "need_mapping"),
    "empty value": ("sorting:\n  §recovery:\n", "empty_value"),
    "unknown variant": ("variants:\n  wrought_share: §shipment\n", "not_a_choice"),
    "unknown driver": ("fleet:\n  driven_by: §stocks\n", "not_a_choice"),
    "confusion row does not add up": ("sorting:\n  family:\n    6xxx: §{6xxx: 0.5}\n", "shares_must_add_to_one"),
    "split does not add up": ("content:\n  split:\n    plastics: §{PP: 0.9}\n", "shares_must_add_to_one"),
    "more than the whole in parts": ("parts:\n  hood:\n    holds: {6016: §0.99}\n", "more_than_whole"),
    "no works anywhere": (
        "regions:\n"
        + "".join(
            f"  {name}: {{shredding: {'§' if name == 'aichi' else ''}0}}\n"
            for name in ("aichi", "gifu", "mie", "toyama", "ishikawa", "rest_of_japan")
        ),
        "no_region_has_any",
    ),
    "wrong origin of a recyclate": (
        "compounding:\n  recyclates:\n    use-pp: {origin: §post_consumer}\n",
        "not_a_choice",
    ),
    "target of an unknown kind": ("targets:\n  mine: {direction: §atleast}\n", None),
    "wrong version of the language": ("cesim: §2\n", "not_a_choice"),
    "tab as indentation": ("sorting:\n§\trecovery: 0.9\n", None),
    "unclosed bracket": ("report:\n  years: §[2030, 2035\n", "syntax_bracket"),
    "a tag": ("sorting: §!!python/object:os.system {recovery: 0.9}\n", None),
    "aliases under unknown keys": ("a: &a [1,1]\n§b: &b [*a,*a]\n", "unknown_key"),
    "no such base": ("", "no_such_base"),
    "base is itself": ("", "extends_itself"),
}
"""Kinds of faults; None where only the place is asserted, several codes being fair."""

SPECIAL = {
    "no such base": "extends: §chubu-2053\nname: {ja: 計画, en: plan}\n",
    "base is itself": "extends: §plan\nname: {ja: 計画, en: plan}\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plan_is_refused_at_its_place_and_nothing_is_written(kind, tmp_path, monkeypatch, capsys):
    body, code = BROKEN[kind]
    marked = SPECIAL.get(kind, HEAD) + body
    before = marked[: marked.index("§")]
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(marked.replace("§", ""), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_scenario("plan.yaml")
    faults = caught.value.faults
    assert (line, column) in [(f.place.line, f.place.column) for f in faults], faults
    if code is not None:
        assert code in [fault.code for fault in faults]
    for lang in ("ja", "en"):
        assert main(["run", "plan.yaml", "--draws", "1", "--lang", lang]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert "Traceback" not in told.err
        assert told.err.startswith("plan.yaml:")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_there_are_fifty_kinds():
    assert len(BROKEN) >= 50


def _some(lever, rng):
    kind = lever.value_of.kind if lever.value_of else None
    if kind == "share":
        one = lambda: round(rng.uniform(0.0, 1.0), 3)  # noqa: E731
    elif kind == "positive":
        # fewer cars built than stay in Japan are refused
        scale = 5e6 if lever.path == ("market", "production") else 1.0
        one = lambda: round(scale * rng.uniform(0.3 if scale == 1.0 else 1.0, 3.0), 3)  # noqa: E731
    else:
        return None
    year = rng.choice([None, 2030, 2035])
    by_year = isinstance(lever.value, TimePath) and year is not None and len(lever.value.knots) > 1
    value = one()
    if rng.random() < 0.5:
        low, high = value * 0.9, min(value * 1.1, 1.0) if kind == "share" else value * 1.1
        value = {"value": value, "low": low, "high": high, "status": "estimate", "source": "a talk"}
    return {year: value} if by_year else value


@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_plans_drawn_from_the_levers_are_accepted(tmp_path, monkeypatch, count):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(0)
    bases = ("chubu-2035", "chubu-baseline", "japan-baseline", "tutorial")
    known = {base: list(levers(load_scenario(base))) for base in bases}
    touched = set()
    for number in range(count):
        base = rng.choice(bases)
        tree: dict = {"extends": base, "name": {"ja": f"計画{number}", "en": f"plan {number}"}}
        for lever in rng.sample(known[base], rng.randint(1, 8)):
            value = _some(lever, rng)
            if value is None:
                continue
            at = tree
            for key in lever.path[:-1]:
                at = at.setdefault(key, {})
            at[lever.path[-1]] = value
            touched.add(lever.path)
        file = tmp_path / f"plan-{number}.yaml"
        file.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
        scenario = open_scenario(file.name).scenario
        assert scenario.name.en == f"plan {number}"
    assert len(touched) > 50


def _entries(tree, path=()):
    """Yield the path of every entry that is no part of a number."""
    if isinstance(tree, dict) and "value" not in tree:
        for key, held in tree.items():
            yield (*path, key)
            yield from _entries(held, (*path, key))


@pytest.mark.slow
@pytest.mark.parametrize("quarter", range(4))
def test_any_entry_may_be_missing_and_is_told_or_harmless(tmp_path, quarter):
    years = {"years.start": 2024, "years.end": 2026, "report.years": [2025]}
    text = open_scenario("tutorial", years).resolved_text
    refused = 0
    whole = yaml.safe_load(text)
    for path in list(_entries(whole))[quarter::4]:
        tree = at = copy.deepcopy(whole)
        for key in path[:-1]:
            at = at[key]
        del at[path[-1]]
        file = tmp_path / "plan.yaml"
        text = yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        file.write_text(text, encoding="utf-8")
        try:
            scenario = open_scenario(str(file)).scenario
            compile_block(scenario, Sampler(KeyedSource(0), 0, 1))
        except (InputError, NoAnswer):
            refused += 1
    assert refused > 100
