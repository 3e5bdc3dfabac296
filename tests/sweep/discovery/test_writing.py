"""What is written back: a point's file is the run to the last bits, a box's file has the box's ranges, both open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.quantities import KeyedSource, Quantity, TableSource, TimePath, ppf
from cesim.run import prepare
from cesim.run.compile import compile_block
from cesim.run.remembered import Remembering
from cesim.run.solve import Plan
from cesim.scenario import open_scenario
from cesim.sweep.discovery.pieces import piece
from cesim.sweep.discovery.streams import drawn
from cesim.sweep.discovery.writing import Origin, WrittenBack, box_text, point_text, save

TINY = str(Path(__file__).parents[2] / "plan" / "tiny-plan.yaml")
NAME = {"ja": "調べた将来", "en": "a future that was looked at"}
SEED = 3


@pytest.fixture(scope="module")
def swept():
    """The small plan with one path whose luck wanders, and all its draws solved."""
    overrides = {"sorting.recovery": {"2020": {"value": 0.7, "low": 0.5, "high": 0.8, "status": "estimate"},
                                      "2035": {"value": 0.8, "low": 0.6, "high": 0.9, "status": "estimate"},
                                      "correlation": "ar1", "rho": 0.6}}  # fmt: skip
    return open_scenario(TINY, overrides), overrides


def origin(loaded, extends=TINY):
    return Origin(loaded.scenario, extends, "made-up study", "en")


class Still:
    """Draws of some streams; all others keep still."""

    def __init__(self, moved):
        self.moved = moved

    def u(self, name, first, count):
        return KeyedSource(SEED).u(name, first, count)

    def holds(self, name):
        return name not in self.moved


def written_file(folder, back, base):
    """Write the base beside what extends it."""
    folder.mkdir(exist_ok=True)
    (folder / "base.yaml").write_text(base.resolved_text, encoding="utf-8")
    return save(back, folder / "found.yaml")


def test_the_best_estimate_of_a_point_is_the_run(swept, tmp_path):
    base, _ = swept
    (tmp_path / "base.yaml").write_text(base.resolved_text, encoding="utf-8")
    with prepare(str(tmp_path / "base.yaml"), draws=3, seed=SEED, workers=1) as prepared:
        runs = prepared.evaluate({})
    file = written_file(tmp_path, point_text(origin(base, "base.yaml"), NAME, KeyedSource(SEED), 2), base)
    with prepare(str(file), draws=1, seed=99, workers=1) as prepared:
        again = prepared.evaluate({})
    asked = [(name, region, year) for name in runs.names for region in runs.regions for year in runs.years]
    theirs = np.array([runs.draws(*one)[2] for one in asked])
    np.testing.assert_allclose([again.lanes(*one)[0] for one in asked], theirs, rtol=1e-12)
    best = np.array([runs.lanes(*one)[0] for one in asked])
    assert np.nanmax(np.abs(best - theirs)) > 0.01  # another future than the best estimate
    opened = open_scenario(file)
    assert (opened.scenario.name.ja, opened.scenario.name.en) == (NAME["ja"], NAME["en"])
    assert all(one.is_certain for one in [d.held for d in drawn(opened.scenario)] if isinstance(one, Quantity))
    assert not list(drawn(opened.scenario))


def test_what_kept_still_is_left_as_it_was(swept, tmp_path):
    base, _ = swept
    source = Still({"fleet.export.rate", "plan.measures.line.changes.share.amount"})
    file = written_file(tmp_path, point_text(origin(base, "base.yaml"), NAME, source, 0), base)
    old, new = ({one.name: one.held for one in drawn(held.scenario)} for held in (base, open_scenario(file)))
    assert set(old) - set(new) == source.moved
    assert {name: old[name] for name in new} == new
    rate = open_scenario(file).scenario.fleet.export.rate
    drawn_rate = ppf(base.scenario.fleet.export.rate, source.u("fleet.export.rate", 0, 1))[0]
    assert (rate.value, rate.status, rate.source) == (drawn_rate, "given", "study made-up study, point 0")


def test_points_of_a_design_are_written_as_the_design_has_them(swept):
    base, _ = swept
    source = TableSource({"fleet.export.rate": np.array([0.25, 0.75])}, Still(set()))
    back = point_text(origin(base), NAME, source, 1)
    assert f"value: {float(ppf(base.scenario.fleet.export.rate, 0.75))!r}" in back.text
    assert back.text.count("value:") == 1


def test_every_stream_that_the_balance_draws_can_be_written(swept):
    """What is listed is what is drawn, shares that add to one together: asked of the compiler itself."""
    base, _ = swept
    plan = Plan.of(base.scenario, SEED, 1)
    sampler = Remembering(plan.source(), 0, 1)
    compile_block(base.scenario, sampler)
    kinds = {Quantity: "value", TimePath: "path", dict: "simplex"}
    listed = {(kinds.get(type(one.held), "simplex"), one.name) for one in drawn(base.scenario)}
    asked = set()
    for (kind, name), (held, _) in sampler._kept.items():
        held = held[0] if kind == "path" else held
        if not (all(share.is_certain for _, share in held) if kind == "simplex" else held.is_certain):
            asked.add((kind, name))
    assert len(asked) > 100
    assert asked - listed == set()


def test_a_box_is_written_as_ranges_that_hold_what_the_box_holds(swept, tmp_path):
    base, _ = swept
    ranges = {"fleet.export.rate": (0.6, None), "market.sales": (None, 0.3),
              "plan.measures.line.changes.share.amount": (0.2, 0.5)}  # fmt: skip
    back = box_text(origin(base, "base.yaml"), NAME, ranges, {"variants.wrought_share": "shipments"})
    new = open_scenario(written_file(tmp_path, back, base)).scenario
    old = base.scenario
    rate = new.fleet.export.rate
    assert (rate.kind, rate.unit, rate.range, rate.status) == ("positive", "1/year", "bounds", "estimate")
    assert rate.low == ppf(old.fleet.export.rate, 0.6)
    assert rate.high == pytest.approx(0.055)  # the range as it was told
    assert rate.value == pytest.approx(ppf(old.fleet.export.rate, 0.775), rel=1e-12)
    assert "made-up study" in rate.source
    assert "0.04796 (0.042 – 0.055)" in rate.note
    for year, knot in new.market.sales.knots.items():
        whole = old.market.sales.knots[year]
        assert knot == whole if whole.is_certain else knot.high == pytest.approx(ppf(whole, 0.3), rel=1e-12)
    amount = new.unsteered.plan.measures["line"].changes["share"].amount
    assert 0.3 < amount.low < amount.value < amount.high == 0.5


def test_what_a_range_cannot_say_is_named(swept, tmp_path):
    base, _ = swept
    simplex = next(one for one in drawn(base.scenario) if not isinstance(one.held, Quantity | TimePath))
    ranges = {"sorting.recovery": (0.5, None), simplex.streams[0]: (None, 0.5), "fleet.export.rate": (0.5, None)}
    back = box_text(origin(base, "base.yaml"), NAME, ranges)
    assert back.left_out == ("sorting.recovery", simplex.streams[0])
    assert back.text.startswith("# Restricted by the box as well") == (len(back.left_out) > 0)
    new = open_scenario(written_file(tmp_path, back, base)).scenario
    assert new.sorting.recovery == base.scenario.sorting.recovery


def test_a_shipped_scenario_is_extended_by_its_name(tmp_path):
    base = open_scenario("tutorial")
    back = box_text(Origin(base.scenario, "tutorial", "s"), NAME, {"fleet.export.rate": (0.5, None)})
    opened = open_scenario(save(back, tmp_path / "new" / "found.yaml"))
    assert "ボックス" in opened.scenario.fleet.export.rate.note
    assert not list((tmp_path / "new").glob(".*"))


@pytest.mark.parametrize(("ranges", "code"), [
    ({"fleet.export.rat": (0.5, None)}, "discovery_no_stream"), ({"fleet.export.rate": (0.6, 0.6)}, "discovery_range"),
    ({"fleet.export.rate": (-0.1, 0.6)}, "discovery_range"), ({"fleet.export.rate": (0.5, 1.5)}, "discovery_range"),
])  # fmt: skip
def test_a_box_that_says_nothing_is_refused(swept, ranges, code):
    with pytest.raises(InputError) as caught:
        box_text(origin(swept[0]), NAME, ranges)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_text_that_does_not_open_is_not_kept(tmp_path):
    with pytest.raises(InputError):
        save(WrittenBack("extends: no-such\n"), tmp_path / "found.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError) as caught:
        save(WrittenBack("extends: tutorial\n"), tmp_path / "taken" / "found.yaml")
    assert caught.value.faults[0].code == "discovery_not_written"


SHARE = Quantity(0.3, 0.2, 0.5, kind="share", status="estimate")


@given(st.floats(0, 0.95), st.floats(0.02, 1.0))
@settings(max_examples=60, deadline=None)
def test_a_piece_lies_between_its_probabilities(low, width):
    high = min(1.0, low + width)
    found = piece(SHARE, low, high)
    first = max(low, 0.05 if high >= 0.1 else 0.1 * high if high < 0.05 else 0.005)
    last = min(high, 0.95 if 1.0 - low >= 0.1 else 0.995)
    assert found.low == pytest.approx(ppf(SHARE, first), rel=1e-12)
    assert found.high == pytest.approx(ppf(SHARE, last), rel=1e-12)
    assert found.low < found.value < found.high
    assert not found.is_exact
    made = Quantity(found.value, found.low, found.high, dist=found.dist, range="bounds", status="estimate")
    quarters = ppf(SHARE, first + (last - first) * np.array([0.25, 0.5, 0.75]))
    assert np.abs(ppf(made, [0.25, 0.5, 0.75]) - quarters).max() < 0.2 * (found.high - found.low)


def test_a_piece_of_a_uniform_law_is_uniform():
    whole = Quantity(5.0, 0.0, 10.0, kind="positive", dist="uniform", range="bounds", status="estimate")
    found = piece(whole, 0.2, None)
    assert (found.low, found.high, found.dist, found.is_exact) == (2.0, 10.0, "uniform", True)
    assert found.value == pytest.approx(6.0)
    assert piece(whole, None, 0.5, (1.0, 4.0)).low == 1.0
    assert piece(whole, None, 0.5, (1.0, 4.0)).high == 4.0
