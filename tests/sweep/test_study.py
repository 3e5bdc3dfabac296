"""The study as a file: every entry does what it says, on the command line as in the file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

import made_up_region
import made_up_sweeps  # noqa: F401 -- makes the folders beside this one known
from made_up_scenarios import text
from made_up_studies import left

from cesim.cli.parser import Parser
from cesim.cli.sweep import arguments
from cesim.cli.sweep_options import entries
from cesim.errors import InputError
from cesim.quantities import KeyedSource
from cesim.run.compile import compile_block
from cesim.run.sampler import Sampler
from cesim.scenario import open_scenario
from cesim.sweep.alternatives import _short
from cesim.sweep.engines.lot_figures import LOT_FIGURES
from cesim.sweep.execute import Means
from cesim.sweep.factors import uncertain
from cesim.sweep.planning import plan_of
from cesim.sweep.reading import read_study
from cesim.sweep.store import open_study
from cesim.sweep.sweeping import sweep

KEPT = ("primary_demand", "elv_6xxx")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    (folder / "tiny.yaml").write_text(text(), encoding="utf-8")
    (folder / "more.yaml").write_text(text(sorting__share=0.6), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def planned(desk):
    """Entries of a study -> its plan; made once for the same entries."""
    held = {}

    def plan(**said):
        tree = {"scenarios": ["tiny"], "vary": ["market.sales"], "indicators": list(KEPT), "proofs": "none", **said}
        content = yaml.safe_dump(tree, sort_keys=False)
        if content not in held:
            (desk / "study.yaml").write_text(content, encoding="utf-8")
            held[content] = plan_of(read_study(str(desk / "study.yaml"), {}))
        return held[content]

    return plan


@pytest.fixture
def table(desk):
    """Write a table of points and return the entry that names it."""

    def write(columns, *rows):
        lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
        name = f"points-{abs(hash(tuple(lines)))}.csv"
        (desk / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return {"kind": "table", "file": name, "samples": len(rows)}

    return write


def values(plan, points, **more):
    """What the first points come to (point, replicate, alternative, row, indicator)."""
    shape = plan.recipe.shape
    batch = plan.recipe.solver().solve(np.arange(points * shape.per_point))
    assert batch.failures == {}
    return batch.values.reshape(points, shape.replicates, len(shape.alternatives), shape.rows, -1)


def codes(caught):
    return [fault.code for fault in caught.value.faults]


def test_levers_are_combined_scenario_by_scenario(planned):
    levers = {"sorting.share": [0.05, 0.6], "fleet.export.hazard_scale": [0.8, 1.0]}
    plan = planned(scenarios=["tiny", "more"], levers=levers)
    assert [one.name for one in plan.alternatives] == [
        f"{name}, share={share}, hazard_scale={scale}"
        for name in ("tiny", "more")
        for share in (0.05, 0.6)
        for scale in (0.8, 1.0)
    ]
    assert [one.levers for one in plan.alternatives[1:3]] == [
        {"sorting.share": 0.05, "fleet.export.hazard_scale": 1.0},
        {"sorting.share": 0.6, "fleet.export.hazard_scale": 0.8},
    ]
    found = values(plan, 3)
    np.testing.assert_array_equal(found[:, :, :4], found[:, :, 4:])  # the lever says the same of both scenarios
    assert len({one.tobytes() for one in found[0, 0, :4]}) == 4


def test_a_lever_set_is_the_scenario_that_says_so(planned):
    levers = values(planned(levers={"sorting.share": [0.05, 0.6]}), 4)
    files = values(planned(scenarios=["tiny", "more"]), 4)
    np.testing.assert_array_equal(levers, files)


def test_a_sampled_span_is_a_number_between_its_ends(planned, table):
    sampled = {"sorting.share": {"low": 0.1, "high": 0.5}}
    taken = table(("p(sorting.share)", "p(market.sales)"), (0.25, 0.5), (0.5, 0.3))
    found = values(planned(sampled=sampled, design=taken), 2)
    fixed = planned(levers={"sorting.share": [0.2, 0.3]}, design=table(("p(market.sales)",), (0.5,), (0.3,)))
    wanted = values(fixed, 2)
    np.testing.assert_allclose(found[0, 0, 0], wanted[0, 0, 0], rtol=1e-12)
    np.testing.assert_allclose(found[1, 0, 0], wanted[1, 0, 1], rtol=1e-12)
    assert (found[0, 0, 0] != found[1, 0, 0]).any()


def test_a_sampled_choice_is_one_of_its_values_in_every_future(planned, table):
    sampled = {"sorting.share": [0.05, 0.3, 0.6]}
    points = ((0.01, 0.5), (0.34, 0.5), (0.99, 0.5), (0.32, 0.5))
    found = values(planned(sampled=sampled, design=table(("p(sorting.share)", "p(market.sales)"), *points)), 4)
    fixed = planned(levers={"sorting.share": [0.05, 0.3, 0.6]}, design=table(("p(market.sales)",), (0.5,)))
    np.testing.assert_array_equal(found[:, 0, 0], values(fixed, 1)[0, 0, [0, 1, 2, 0]])
    drawn = planned(sampled=sampled)  # by its key
    taken = {one.tobytes() for one in values(drawn, 40)[:, 0, 0] * 0 + 1}
    assert len(taken) == 1
    assert [factor.name for factor in drawn.factors] == ["market.sales", "sorting.share"]


def test_what_is_kept_from_varying_stays(planned):
    names = [factor.name for factor in planned(vary=["fleet.*"]).factors]
    kept = [factor.name for factor in planned(vary=["fleet.*"], keep=["fleet.stock", "fleet.export.*"]).factors]
    assert kept == [name for name in names if name != "fleet.stock" and not name.startswith("fleet.export.")]
    assert 0 < len(kept) < len(names)
    some, all_of_them = (planned(vary=["market.sales", "fleet.*"], keep=keep) for keep in (["fleet.*"], []))
    np.testing.assert_array_equal(values(some, 5), values(planned(), 5))
    assert (values(all_of_them, 5) != values(planned(), 5)).any()


def test_others_are_at_their_best_or_drawn(planned):
    """Drawn by their keys, they make of a study of one number the study of all of them."""
    everything, drawn, best = planned(vary=["*"]), planned(others="drawn"), planned()
    np.testing.assert_array_equal(values(drawn, 5), values(everything, 5))
    assert (values(best, 5) != values(drawn, 5)).any()


def test_correlated_factors_move_together(planned):
    pair = ["market.sales", "fleet.stock"]
    together = planned(vary=pair, design={"kind": "sobol", "samples": 512}, correlated=[{"between": pair, "rho": 0.9}])
    apart = planned(vary=pair, design={"kind": "sobol", "samples": 512})
    scores = [ndtri(plan.designed.design.rows(0, 512)) for plan in (together, apart)]
    assert np.corrcoef(scores[0].T)[0, 1] == pytest.approx(0.9, abs=0.01)
    assert np.corrcoef(scores[1].T)[0, 1] == pytest.approx(0.0, abs=0.02)
    assert [set(factor.streams) for factor in together.designed.factors] == [set(pair)]
    with pytest.raises(InputError) as caught:
        planned(vary=pair, correlated=[{"between": pair, "rho": 0.9}])
    assert codes(caught) == ["sweep_correlated_keyed"]
    with pytest.raises(InputError) as caught:
        planned(vary=pair, design={"kind": "sobol"}, correlated=[{"between": ["market.sales", "nobody"], "rho": 0.9}])
    assert codes(caught) == ["sweep_correlated_unknown"]


def test_a_table_says_which_points_there_are(planned, table):
    taken = table(("p(fleet.stock)", "p(market.sales)"), (0.2, 0.9), (0.7, 0.1), (0.4, 0.4))
    plan = planned(vary=["market.*", "fleet.*"], design=taken)
    assert plan.points == 3
    assert {factor.name for factor in plan.designed.factors} == {"fleet.stock", "market.sales"}
    other = planned(
        vary=["market.*", "fleet.*"], design=table(("p(market.sales)", "p(fleet.stock)"), (0.9, 0.2), (0.1, 0.7))
    )
    np.testing.assert_array_equal(values(plan, 2), values(other, 2))


def test_replicates_differ_in_what_does_not_vary(planned):
    twice, once = planned(others="drawn", replicates=2), planned(others="drawn")
    found = values(twice, 3)
    np.testing.assert_array_equal(found[:, :1], values(once, 3))
    assert (found[:, 0] != found[:, 1]).any(axis=(1, 2, 3)).all()
    same = values(planned(replicates=2), 3)
    np.testing.assert_array_equal(same[:, 0], same[:, 1])


def test_a_seed_is_other_luck(planned):
    assert (values(planned(seed=1), 3) != values(planned(), 3)).any()


def test_years_regions_and_indicators_are_what_is_kept(planned):
    everything = planned(regions=["all", "west", "east"], indicators=list(reversed(KEPT)))
    shape = everything.recipe.shape
    assert (shape.regions, shape.years, set(shape.indicators)) == (("east", "west", "all"), (2024, 2025), set(KEPT))
    found = values(everything, 2).reshape(2, 3, 2, 2)
    some = planned(regions=["west"], years=[2025], indicators=["primary_demand"])
    assert some.recipe.shape.years == planned(years="report").recipe.shape.years == (2025,)
    at = shape.indicators.index("primary_demand")
    np.testing.assert_array_equal(values(some, 2).reshape(-1), found[:, 1, 1, at])
    assert planned().recipe.shape.regions == ("east_focus",)


@pytest.mark.parametrize("changed", [{"stop": {"indicator": "elv_6xxx", "year": 2025, "half_width": 1, "most": 9}},
                                     {"name": {"ja": "名", "en": "name"}}, {"limit_s": 3.0},
                                     {"design": {"samples": 7}}])  # fmt: skip
def test_what_may_change_while_a_study_goes_on(planned, changed):
    assert planned(**changed).lock().study["hash"] == planned().lock().study["hash"]


@pytest.mark.parametrize("changed", [{"seed": 3}, {"vary": ["fleet.stock"]}, {"others": "drawn"}, {"replicates": 2},
                                     {"years": [2025]}, {"design": {"kind": "sobol", "samples": 1000}},
                                     {"levers": {"sorting.share": [0.3]}}, {"proofs": "all"}])  # fmt: skip
def test_what_makes_another_study(planned, changed):
    assert planned(**changed).lock().study["hash"] != planned().lock().study["hash"]


WORDS = [
    (
        "--vary fleet.* --vary market.sales --keep fleet.stock",
        {"vary": ["fleet.*", "market.sales"], "keep": ["fleet.stock"]},
    ),
    ("--lever sorting.share=0.1,0.2", {"levers": {"sorting.share": [0.1, 0.2]}}),
    ("--sample sorting.share=0.1..0.2", {"sampled": {"sorting.share": {"low": 0.1, "high": 0.2}}}),
    ("--sample sorting.share=0.1,0.2", {"sampled": {"sorting.share": [0.1, 0.2]}}),
    ("--design sobol --samples 64", {"design": {"kind": "sobol", "samples": 64}}),
    ("--design saltelli --second-order", {"design": {"kind": "saltelli", "second_order": True}}),
    ("--design morris --levels 6", {"design": {"kind": "morris", "levels": 6}}),
    ("--others drawn --replicates 3 --seed 7", {"others": "drawn", "replicates": 3, "seed": 7}),
    ("--regions west,east --years 2025 --proofs all", {"regions": ["west", "east"], "years": [2025], "proofs": "all"}),
    ("--years report --limit 2.5", {"years": "report", "limit_s": 2.5}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), WORDS)
def test_the_command_line_and_the_file_say_the_same(desk, words, said):
    """Over a scenario by name, and over a study: the locks are the same but for the text and its place."""
    plain = {"vary": ["market.sales"], "indicators": ["primary_demand"]}
    parser = Parser("sweep", "en")
    arguments(parser)
    given_words = words if "--vary" in words else f"{words} --vary market.sales"
    options = parser.read(["x", "--indicators", "primary_demand", *given_words.split()])
    asked, wrong = entries(argparse.Namespace(**vars(options)))
    assert (wrong, parser.faults) == ([], [])
    file = desk / "said.yaml"
    file.write_text(yaml.safe_dump({"scenarios": ["tiny"], **plain, **said}), encoding="utf-8")
    in_file = lock_of(plan_of(read_study(str(file), {})))
    assert lock_of(plan_of(read_study(str(desk / "tiny.yaml"), asked))) == in_file
    file.write_text(yaml.safe_dump({"scenarios": ["tiny"], **plain}), encoding="utf-8")
    assert lock_of(plan_of(read_study(str(file), asked))) == in_file


def lock_of(plan):
    told = asdict(plan.lock())
    del told["study"]["text"]
    for one in told["alternatives"]:
        del one["file"]
    return json.loads(json.dumps(told))


class Heard(KeyedSource):
    """A source that notes what is drawn from it."""

    def u(self, stream, first, count):
        self.__dict__.setdefault("noted", []).append(stream)
        return super().u(stream, first, count)


@pytest.mark.parametrize("name", ["tiny", "chubu-2035"])
def test_the_streams_noted_are_those_that_are_asked_for(desk, name):
    scenario = open_scenario(desk / "tiny.yaml" if name == "tiny" else name).scenario
    source = Heard(0)
    compile_block(scenario, Sampler(source, 0, 4))
    asked = {stream.partition("|")[0] for stream in source.noted}
    wandering = {stream.partition("|")[0] for stream in source.noted if "|" in stream}
    noted = uncertain(scenario)
    streams = {stream for factor in noted.values() for stream in factor.streams or (factor.name,)}
    assert streams <= asked
    for unheard in asked - streams:  # drawn for the sake of its measures, though itself it has no range
        path = scenario
        for part in unheard.split("."):
            path = path[part] if isinstance(path, Mapping) else getattr(path, part)
        assert path.effects
        assert path.unsteered.is_certain
    assert wandering == {factor.name for factor in noted.values() if not factor.streams}


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(".".join), min_size=1, unique=True))
def test_levers_are_told_apart_by_their_names(paths):
    short = _short(paths)
    assert list(short) == paths
    assert len(set(short.values())) == len(paths)
    assert all(f".{path}".endswith(f".{end}") for path, end in short.items())


def test_alternatives_have_names_of_their_own(planned, desk):
    (desk / "below").mkdir(exist_ok=True)
    (desk / "below" / "tiny.yaml").write_text(text(sorting__share=0.3), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        planned(scenarios=["tiny", "below/tiny"])
    assert codes(caught) == ["sweep_named_alike"]
    with pytest.raises(InputError) as caught:
        planned(levers={"sorting.share": [0.3, 0.3]})
    assert codes(caught) == ["sweep_named_alike"]


def test_scenarios_that_cannot_stand_side_by_side(planned, desk):
    (desk / "longer.yaml").write_text(text(years__end=2026), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        planned(scenarios=["tiny", "longer"])
    assert codes(caught) == ["sweep_not_alike"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["events", "both"])
def test_lots_and_both_engines_from_a_file(tmp_path, engine):
    """The smallest scenario with facilities: swept, gone on with, the same bytes; and the balance beside it its own."""
    (tmp_path / "few.yaml").write_text(made_up_region.text(**made_up_region.FEW), encoding="utf-8")
    study = {"scenarios": ["few"], "vary": ["fleet.*"], "engine": engine, "lots": {"first": 2030, "batch": 5},
             "years": [2030], "design": {"kind": "sobol", "samples": 3}}  # fmt: skip
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    plan = plan_of(read_study(str(tmp_path / "study.yaml"), {"design.samples": 2}))
    for samples in (1, 2):
        sweep(plan, tmp_path / "study", Means(1), to=samples)
    sweep(plan, tmp_path / "whole", Means(1))
    assert left(tmp_path / "study") == left(tmp_path / "whole")
    tables = open_study(tmp_path / "study")
    assert tables.runs()["status"].tolist() == ["done", "done"]
    lots = [name for name in plan.recipe.shape.indicators if name in LOT_FIGURES]
    assert lots
    assert (len(lots) < len(plan.recipe.shape.indicators)) is (engine == "both")
    if engine == "both":
        (tmp_path / "balance.yaml").write_text(yaml.safe_dump({**study, "engine": "balance"}), encoding="utf-8")
        alone = plan_of(read_study(str(tmp_path / "balance.yaml"), {}))
        names = alone.recipe.shape.indicators
        balance = values(alone, 2)[:, 0, 0, 0]
        np.testing.assert_array_equal(tables.cube(names)[:, :, 0, 0, 0].T, balance)
