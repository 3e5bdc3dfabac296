"""Who carries what of a small plan: shares that add up, what waits, what is held, and both ends."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.plan import attribution
from cesim.plan.attribution import attribute_plan
from cesim.plan.futures import chosen, open_futures
from cesim.run.goals import goals_named
from cesim.run.prepared import prepare
from cesim.scenario import open_scenario

FILE = Path(__file__).parent / "tiny-plan.yaml"
H1 = ("h1_horizontal_rate_6xxx", "east_focus", 2035)
GOALS = ("h1_2035", "moe_2035", "ghg:all:2035<=1e6")
FOUR = ["line", "known", "hoods", "never"]


@pytest.fixture(scope="module")
def ready():
    with open_futures(open_scenario(FILE, {"plan.adopted": [*FOUR, "late"]}), 12, 5, 1) as futures:
        yield futures


@pytest.fixture(scope="module")
def goals(ready):
    return goals_named(ready.scenario, GOALS)


@pytest.fixture(scope="module")
def found(ready, goals):
    return attribute_plan(ready, goals)


def shares(one):
    return {share.player: share.value for share in one.attributed.mean.shares}


def mean(ready, names):
    return float(ready.lanes([chosen(names)], [H1])[0, 0, 1:].mean())


def test_shares_add_to_the_effect_of_the_whole(found):
    assert len(found.divided) == 3
    for one in found.divided:
        for told in (one.attributed.mean, one.attributed.shortfall):
            total, size = told.total.value, max(1.0, abs(told.after.value))
            assert sum(share.value for share in told.shares) == pytest.approx(total, rel=0, abs=1e-9 * size)
            assert total == pytest.approx(told.after.value - told.before.value, rel=0, abs=1e-9 * size)
    assert abs(found.divided[0].attributed.mean.total.value) > 0.01


def test_what_changes_nothing_carries_nothing(found):
    for one in found.divided:
        share = next(share for share in one.attributed.mean.shares if share.player == "never")
        assert (share.value, share.standing) == (0.0, "none")


def test_shares_of_two_by_hand(ready, goals):
    told = shares(attribute_plan(ready, goals[:1], measures=["line", "known"]).divided[0])
    held = ["hoods", "never", "late"]
    nobody, line, known, both = (mean(ready, [*held, *own]) for own in ([], ["line"], ["known"], ["line", "known"]))
    assert told["line"] == pytest.approx(((line - nobody) + (both - known)) / 2, abs=1e-12)
    assert told["known"] == pytest.approx(((known - nobody) + (both - line)) / 2, abs=1e-12)


def test_what_waits_is_no_player(goals):
    with open_futures(open_scenario(FILE), 4, 5, 1) as futures:
        found = attribute_plan(futures, goals[:1])
        alone = attribute_plan(futures, goals[:1], measures=["known"])
    assert found.waiting == ("late",)
    assert list(found.players) == ["line", "known"]
    assert (alone.held, alone.waiting) == (("line",), ("late",))


def test_held_measures_are_in_effect_all_the_while(ready, goals):
    found = attribute_plan(ready, goals[:1], measures=["line"])
    one = found.divided[0].attributed.mean
    assert found.held == ("known", "hoods", "never", "late")
    assert one.before.value == pytest.approx(mean(ready, ["known", "hoods", "never", "late"]), abs=1e-15)
    assert one.after.value == pytest.approx(mean(ready, [*FOUR, "late"]), abs=1e-15)
    assert shares(found.divided[0]) == pytest.approx({"line": one.after.value - one.before.value})


def test_both_ends_are_the_best_estimates_of_a_run_of_its_own(found, ready):
    with prepare(open_scenario(FILE, {"plan.adopted": FOUR}), draws=1) as run:
        full = run.base.lanes(*H1)[0]
    with prepare(open_scenario(FILE, {"plan.adopted": []}), draws=1) as run:
        bare = run.base.lanes(*H1)[0]
    assert found.divided[0].best == (bare, full)
    assert full > bare


def test_one_bundle_of_all_carries_the_total(ready, goals, found):
    with_all = attribute_plan(ready, goals[:1], measures=["line", "known", "hoods"], bundle="material")
    assert with_all.players == {"aluminium": ("line", "known", "hoods")}
    assert with_all.sets == 2
    total = with_all.divided[0].attributed.mean.total.value
    assert shares(with_all.divided[0])["aluminium"] == pytest.approx(total, abs=1e-15)
    apart = attribute_plan(ready, goals[:1], measures=["line", "known", "hoods"])
    assert sum(shares(apart.divided[0]).values()) == pytest.approx(total, abs=1e-12)


def test_bundles_of_one_measure_carry_what_it_carries(ready, goals):
    apart = shares(attribute_plan(ready, goals[:1], measures=["line", "known"]).divided[0])
    bundled = shares(attribute_plan(ready, goals[:1], measures=["line", "known"], bundle="pillar").divided[0])
    assert bundled == pytest.approx({"chain": apart["line"], "design": apart["known"]}, abs=1e-15)


def test_a_measure_that_needs_another_joins_after_it(ready, goals):
    found = attribute_plan(ready, goals[:1], measures=["never", "late"])
    assert found.sets == 3  # nobody, never, both: late alone is nobody
    assert [share.value for share in found.divided[0].attributed.mean.shares] == [0.0, 0.0]


def test_sampled_shares_add_up_too(ready, goals, found, monkeypatch):
    monkeypatch.setattr(attribution, "MOST_EXACT", 2)
    sampled = attribute_plan(ready, goals, budget=600, seed=2)
    assert not sampled.is_exact
    assert found.is_exact
    for one, own in zip(sampled.divided, found.divided, strict=True):
        told, size = one.attributed.mean, max(1.0, abs(one.attributed.mean.after.value))
        assert sum(shares(one).values()) == pytest.approx(told.total.value, rel=0, abs=1e-9 * size)
        assert told.total.value == pytest.approx(own.attributed.mean.total.value, rel=1e-12)
        assert one.best == own.best
        assert one.pairs == ()


def test_progress_tells_every_set_once(ready, goals):
    told = []
    attribute_plan(
        ready, goals[:1], measures=["line", "known"], progress=lambda done, whole: told.append((done, whole))
    )
    assert told[-1] == (4, 4)
    assert all(after[0] == before[0] + 1 for before, after in pairwise(told))


@pytest.mark.parametrize(("asked", "near"), [("lien", "line"), ("hods", "hoods")])
def test_a_measure_that_is_not_there_is_told_with_the_nearest(ready, goals, asked, near):
    with pytest.raises(InputError) as caught:
        attribute_plan(ready, goals, measures=[asked])
    (fault,) = caught.value.faults
    assert (fault.code, fault.arguments["nearest"]) == ("plan_not_adopted", near)


def test_nothing_adopted_is_nothing_to_divide(goals):
    with (
        open_futures(open_scenario(FILE, {"plan.adopted": ["late"]}), 1, 0, 1) as futures,
        pytest.raises(InputError) as caught,
    ):
        attribute_plan(futures, goals[:1])
    assert caught.value.faults[0].code == "plan_adopts_nothing"


def test_one_draw_tells_the_best_estimate(goals):
    with open_futures(open_scenario(FILE), 1, 0, 1) as futures:
        one = attribute_plan(futures, goals[:1]).divided[0]
    told = one.attributed.mean
    assert (told.before.value, told.after.value) == pytest.approx(one.best, abs=1e-15)
    assert all(np.isfinite(share.value) and share.error is None for share in told.shares)
