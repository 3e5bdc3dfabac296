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
    assert (rate.kind, rate.unit, rate.status) == ("positive", "1/year", "estimate")
    assert (rate.range, rate.dist) == ("percentiles", "lognormal")  # it keeps the tail on the open side
    told = [rate.low, rate.value, rate.high]
    np.testing.assert_allclose(told, ppf(old.fleet.export.rate, [0.62, 0.8, 0.98]), rtol=1e-12)
    assert "made-up study" in rate.source
    assert "0.04796 (0.042 – 0.055)" in rate.note
    assert f"keeps what lies above {float(ppf(old.fleet.export.rate, 0.6)):.6g}." in rate.note
    for year, knot in new.market.sales.knots.items():
        whole = old.market.sales.knots[year]
        assert knot == whole if whole.is_certain else knot.value == pytest.approx(ppf(whole, 0.15), rel=1e-12)
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


WHOLE = {
    "share": Quantity(0.3, 0.2, 0.5, kind="share", status="estimate"),
    "positive": Quantity(0.048, 0.03, 0.09, kind="positive", status="estimate"),
    "normal": Quantity(2.0, -1.0, 3.0, kind="real", dist="normal", status="estimate"),
}
TRIANGLE = Quantity(0.3, 0.2, 0.6, dist="triangular", range="bounds", status="estimate")
LIMITS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
ALIKE = (np.arange(2000) + 0.5) / 2000


def placed(found, whole, first, last):
    """Where in the piece the draws of what is written lie, 0 to 1, evenly where it is the piece itself."""
    inside = first + (last - first) * ALIKE
    grid = np.unique(np.concatenate([[1e-12], 1e-3 * ALIKE, ALIKE, 1.0 - 1e-3 * ALIKE, inside, [1.0 - 1e-12]]))
    at = np.interp(ppf(found.law(whole), ALIKE), ppf(whole, grid), grid)
    return (at - first) / (last - first)


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("is_above", [True, False])
def test_an_open_side_keeps_its_tail(kind, limit, is_above):
    whole = WHOLE[kind]
    first, last = (limit, 1.0) if is_above else (0.0, limit)
    found = piece(whole, *((limit, None) if is_above else (None, limit)))
    assert (found.range, found.dist, found.is_exact) == ("percentiles", whole.law.name, False)
    at = placed(found, whole, first, last)
    np.testing.assert_allclose(np.quantile(at, [0.05, 0.5, 0.95]), [0.05, 0.5, 0.95], atol=2e-3)
    outside = (at < 0.0) | (at > 1.0)
    assert outside.mean() < 0.05
    assert np.abs(at - ALIKE).mean() < 0.06
    far = at > 0.98 if is_above else at < 0.02
    assert far.mean() > 0.003  # the tail; nothing lay there while the range ended at a percentile


@given(st.floats(0.01, 0.9), st.floats(0.02, 1.0), st.sampled_from([*WHOLE.values(), TRIANGLE]))
@settings(max_examples=60, deadline=None)
def test_a_piece_between_two_limits_leaves_them_in_a_tail_alone(low, width, whole):
    high = min(0.99, low + width)
    found = piece(whole, low, high)
    assert found.value == pytest.approx(ppf(whole, 0.5 * (low + high)), rel=1e-12)
    assert not found.is_exact
    at = placed(found, whole, low, high)
    if found.range == "bounds":
        assert (found.low, found.high) == (pytest.approx(ppf(whole, low)), pytest.approx(ppf(whole, high)))
        assert np.abs(at - ALIKE).mean() < 0.13
    else:
        assert whole is not TRIANGLE
        assert ((at < 0.0) | (at > 1.0)).mean() < 0.1
        assert np.abs(at - ALIKE).mean() < 0.08


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("is_above", [True, False])
def test_a_piece_of_a_triangle_stays_within_the_triangle_and_the_limit(limit, is_above):
    first, last = (limit, 1.0) if is_above else (0.0, limit)
    found = piece(TRIANGLE, *((limit, None) if is_above else (None, limit)))
    assert 0.2 <= found.low < found.value < found.high <= 0.6
    at = placed(found, TRIANGLE, first, last)
    assert at.min() > -1e-9
    assert at.max() < 1.0 + 1e-9
    assert np.abs(at - ALIKE).mean() < 0.07
    assert found.value == pytest.approx(ppf(TRIANGLE, 0.5 * (first + last)))


def test_a_tail_that_leaves_what_a_number_may_be_is_cut_off():
    whole = WHOLE["share"]
    assert piece(whole, 0.6, None, (0.0, 1.0)).range == "percentiles"
    found = piece(whole, 0.6, None, (0.0, 0.5))
    assert (found.range, found.high) == ("bounds", pytest.approx(0.5, abs=0.02))
    assert found.high <= 0.5
    assert found.low == pytest.approx(ppf(whole, 0.6))


def test_a_piece_of_a_uniform_law_is_uniform():
    whole = Quantity(5.0, 0.0, 10.0, kind="positive", dist="uniform", range="bounds", status="estimate")
    found = piece(whole, 0.2, None)
    assert (found.low, found.high, found.dist, found.is_exact) == (2.0, 10.0, "uniform", True)
    assert found.value == pytest.approx(6.0)
    assert piece(whole, None, 0.5, (1.0, 4.0)).low == 1.0
    assert piece(whole, None, 0.5, (1.0, 4.0)).high == 4.0
    whole_triangle = piece(TRIANGLE, None, None)
    assert (whole_triangle.value, whole_triangle.low, whole_triangle.high) == (0.3, 0.2, 0.6)
    assert whole_triangle.is_exact
