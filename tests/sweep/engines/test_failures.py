"""A run without a result costs only itself, and says why in one line that does not depend on its company."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.charge.lexicographic import NotSolvedError
from cesim.errors import Fault, InputError, NoAnswer, Place
from cesim.run.evaluated import NAMES
from cesim.scenario import open_scenario
from cesim.sweep.engines import company
from cesim.sweep.engines.balance import PROVED_EVERY, BalanceRecipe
from cesim.sweep.engines.reasons import NotProvedError, failure
from cesim.sweep.engines.sheet import Sheet
from cesim.sweep.solving import Failure, Shape

SHORT = {"years.start": 2024, "years.end": 2024, "report.years": [2024], "sorting.share": 0.05}
WIDE = {"value": 6e6, "low": 3.6e6, "high": 9e6, "range": "bounds", "dist": "uniform", "status": "estimate"}
"""Cars built, of which in some futures fewer than are sold at home."""
SMALL = ("ghg", "landfill_rate", "h1_horizontal_rate_6xxx")


FEW = 8


def made(levers, **changes):
    ways = {name: (open_scenario("tutorial", SHORT | lever).scenario,) for name, lever in levers.items()}
    return BalanceRecipe(ways, SMALL, ("all",), (2024,), 4, **{"proofs": "none"} | changes)


@pytest.fixture(scope="module")
def pair():
    return made({"a": {}, "b": {"sorting.share": 0.6}})


@pytest.fixture(scope="module")
def good(pair):
    return pair.solver().solve(np.arange(2 * FEW)).values


@pytest.fixture(scope="module")
def lone(pair):
    return replace(pair, alternatives={"a": pair.alternatives["a"]})


@pytest.fixture(scope="module")
def narrow():
    return made({"as it is": {}, "less": {"market.production": WIDE}})


def test_futures_without_an_answer_are_told_apart(narrow):
    batch = narrow.solver().solve(np.arange(2 * 40))
    wrong = sorted(batch.failures)
    assert 1 < len(wrong) < 10
    assert all(run % 2 == 1 for run in wrong), "the other alternative is not touched"
    assert np.isnan(batch.values[wrong]).all()
    assert np.isfinite(np.delete(batch.values, wrong, axis=0)).all()
    for run in wrong:
        status, reason = batch.failures[run]
        assert status == "no_answer"
        assert reason.startswith("fewer_built_than_stay at=market.production year=2024 found=")
    one = narrow.solver().solve(np.array(wrong[:2]))
    assert one.failures == {run: batch.failures[run] for run in wrong[:2]}


def spoil(monkeypatch, recipe, points, error, alternatives=(0, 1)):
    """Let the engine raise for some points of some alternatives, whoever stands beside them."""
    ways = [held[0].sorting for held in recipe.alternatives.values()]
    plain = {name: getattr(company, name) for name in ("solve_once", "_evaluated")}

    def check(source, sorting):
        if set(source.points.tolist()) & points and sorting in [ways[n] for n in alternatives]:
            raise error

    def solve_once(plan, start):
        check(plan.draws, plan.scenario.sorting)
        return plain["solve_once"](plan, start)

    def evaluated(held, scenario, said):
        check(held.sampler.source, scenario.sorting)
        return plain["_evaluated"](held, scenario, said)

    monkeypatch.setattr(company, "solve_once", solve_once)
    monkeypatch.setattr(company, "_evaluated", evaluated)


@settings(max_examples=5, deadline=None)
@given(st.sets(st.integers(0, FEW - 1), min_size=1, max_size=3), st.sampled_from([(0,), (1,), (0, 1)]))
def test_a_failure_costs_its_own_run_only(pair, good, points, alternatives):
    with pytest.MonkeyPatch.context() as patch:
        spoil(patch, pair, points, ZeroDivisionError("by\nnothing"), alternatives)
        batch = pair.solver().solve(np.arange(2 * FEW))
    wrong = sorted(2 * point + n for point in points for n in alternatives)
    assert batch.failures == dict.fromkeys(wrong, Failure("raised", "ZeroDivisionError: by nothing"))
    assert np.isnan(batch.values[wrong]).all()
    np.testing.assert_array_equal(np.delete(batch.values, wrong, axis=0), np.delete(good, wrong, axis=0))
    assert (batch.seconds > 0).all()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotSolvedError("no optimum in lane 0"), ("no_answer", "no_optimum at=remelting found=no optimum in lane 0")),
        (NoAnswer([Fault("a_code", Place(model="a.b"), {"n": 1})]), ("no_answer", "a_code at=a.b n=1")),
        (InputError([Fault("a_code", arguments={"n": "x"})]), ("raised", "a_code n=x")),
        (MemoryError(), ("raised", "MemoryError:")),
        (NotProvedError("says nothing"), ("not_proved", "says nothing")),
    ],
)
def test_why_a_run_failed(monkeypatch, pair, error, told):
    spoil(monkeypatch, pair, {1}, error, (0,))
    assert pair.solver().solve(np.array([2, 3])).failures == {2: told}


def test_who_stops_the_program_is_not_kept_from_it(monkeypatch, pair):
    spoil(monkeypatch, pair, {1}, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        pair.solver().solve(np.array([2, 3]))


def test_a_design_without_the_point_is_a_failure_of_its_block(pair, good):
    class Short:
        def rows(self, first, count):
            if first + count > FEW:
                raise ValueError("no such point")
            return np.full((count, 1), 0.5)

    ended = replace(pair, design=Short(), columns={"nobody": 0})
    batch = ended.solver().solve(np.array([0, 1, 600, 601]))
    assert batch.failures == dict.fromkeys([600, 601], Failure("raised", "ValueError: no such point"))
    np.testing.assert_array_equal(batch.values[:2], good[:2])


@pytest.mark.parametrize(("value", "indicator"), [(np.inf, "landfill_rate"), (-np.inf, "ghg"), (np.nan, "ghg")])
def test_what_is_not_finite_never_stands_among_results(pair, good, monkeypatch, value, indicator):
    plain = company._evaluated

    def evaluated(held, scenario, said):
        found = plain(held, scenario, said)
        at = held.sampler.source.points == 3
        found[NAMES.index(indicator), -1, 0, at] = value
        return found

    monkeypatch.setattr(company, "_evaluated", evaluated)
    batch = pair.solver().solve(np.arange(12))
    reason = f"not_finite indicator={indicator} region=all year=2024 found={value}"
    assert batch.failures == dict.fromkeys([6, 7], Failure("raised", reason))
    np.testing.assert_array_equal(batch.values[[0, 5, 8]], good[[0, 5, 8]])
    assert np.isnan(batch.values[6:8]).all()


def test_a_share_of_nothing_has_no_value_and_is_no_failure():
    shape = Shape(("a",), 1, ("landfill_rate",), ("all",), (2024,))
    sheet = Sheet(shape, np.array([3]), {"landfill_rate": "share"})
    scenario = open_scenario("tutorial", SHORT).scenario
    found = np.full((len(NAMES), 4, 1, 1), np.nan)
    sheet.write(0, company.Answer(0, np.array([3]), found), scenario)
    assert sheet.batch().failures == {}
    assert np.isnan(sheet.batch().values).all()


def test_proofs_leave_results_as_they_are(lone, good, monkeypatch):
    asked = []
    plain = company.prove_block

    def prove_block(plan, start, bench):
        asked.append(plan.draws.points.tolist())
        return plain(plan, start, bench)

    monkeypatch.setattr(company, "prove_block", prove_block)
    proved = replace(lone, proofs="some").solver()
    batch = proved.solve(np.arange(FEW))
    assert batch.failures == {}
    np.testing.assert_array_equal(batch.values, good[::2])
    assert asked == [list(range(FEW))]
    proved.solve(np.array([128]))
    assert len(asked) == 1
    proved.solve(np.array([128 * PROVED_EVERY]))
    assert asked[1:] == [[128 * PROVED_EVERY]]
    monkeypatch.setattr(company, "AT_ONCE", 2)
    replace(lone, proofs="all").solver().solve(np.arange(128, 131))
    assert asked[2:] == [[128, 129], [130]]


def test_other_bits_than_a_full_run_are_not_proved(pair, good, monkeypatch):
    plain = company.solve_once

    def solve_once(plan, start):
        found = plain(plan, start)
        found[0, 0, 0, plan.draws.points == 5] += 1e-12
        return found

    monkeypatch.setattr(company, "solve_once", solve_once)
    batch = replace(pair, proofs="all").solver().solve(np.array([8, 10]))
    assert batch.failures == {10: ("not_proved", "a full run of the same point has other bits")}
    np.testing.assert_array_equal(batch.values[0], good[8])


@pytest.mark.parametrize("held", [True, False])
def test_a_certificate_that_fails_is_a_failure(lone, monkeypatch, held):
    worst = SimpleNamespace(name="substance", where="melt / east / Fe / 2024 / draw 0", worst=0.5)
    plain = company.prove_block

    def prove_block(plan, start, bench):
        certificate = SimpleNamespace(passed=7 not in plan.draws.points, worst=worst)
        return replace(plain(plan, start, bench), certificate=certificate)

    monkeypatch.setattr(company, "prove_block", prove_block)
    monkeypatch.setattr(company, "can_hold", lambda _: held)
    batch = replace(lone, proofs="all" if held else "none").solver().solve(np.array([6, 7]))
    assert batch.failures == {7: ("not_proved", "certificate: substance melt / east / Fe / 2024 5.0e-01")}


def test_a_full_run_that_fails_where_the_lanes_did_not(pair, monkeypatch):
    def prove_block(plan, start, bench):
        raise NoAnswer([Fault("a_code", Place(model="a.b"), {})])

    monkeypatch.setattr(company, "prove_block", prove_block)
    batch = replace(pair, proofs="all").solver().solve(np.array([4]))
    assert batch.failures == {4: ("not_proved", "a full run of the same point fails: a_code at=a.b")}


def test_without_compiled_loops_the_engine_with_flows_answers(pair, good, monkeypatch):
    monkeypatch.setattr(company, "can_hold", lambda _: False)
    batch = pair.solver().solve(np.arange(4))
    assert batch.failures == {}
    np.testing.assert_array_equal(batch.values, good[:4])


def test_reasons_take_one_line():
    assert failure(ValueError("a\n  b")) == ("raised", "ValueError: a b")
