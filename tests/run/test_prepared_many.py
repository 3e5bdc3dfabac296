"""Many scenarios asked one after another: whatever was asked before, an answer has the bits of a fresh one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError, NoAnswer
from cesim.run import prepare
from cesim.run.courses import SHARE, Strands
from cesim.run.prepared import AHEAD
from cesim.scenario import open_scenario

YEARS = {
    "years.start": 2024, "years.end": 2028, "report.years": [2028],
    "sorting.share": {"2024": 0.03, "2025": 0.03, "2028": 0.3},
    "dismantling.identified": {"2024": 0.05, "2026": 0.05, "2028": 0.4},
    "parts.hood.taken": {"2024": 0.02, "2026": 0.02, "2028": 0.3},
    "parts.bumpers.taken": {"2024": 0.01, "2025": 0.01, "2028": 0.3},
    "compounding.cap.PP": {"2024": 0.05, "2026": 0.05, "2028": 0.1},
    "remelting.alloys.6061.approved": {"2024": 0.02, "2025": 0.02, "2028": 0.1},
    "residue.sorted": {"2024": 0.02, "2026": 0.02, "2028": 0.1},
}  # fmt: skip
LEVELS = {
    "sorting.share.2028": (0.3, 0.5, 0.7),
    "dismantling.identified.2028": (0.4, 0.8),
    "parts.hood.taken.2028": (0.3, 0.7),
    "parts.bumpers.taken.2028": (0.3, 0.5),
    "compounding.cap.PP.2028": (0.1, 0.3),
    "remelting.alloys.6061.approved.2028": (0.1, 0.3),
    "remelting.alloys.6016.widen.Fe": (None, 1.3),
    "residue.sorted.2028": (0.1, 0.4),
    "residue.heat.combustible": (None, 0.3),
    "fleet.export.hazard_scale": (None, 0.7),
    "gases.remelting": (None, 0.9),
    "compounding.type_cycle": (None, 3.5),
    "report.focus": (None, ["west"]),
    "parts.harness.taken": (None, 0.6),
}
DRAWS, SEED = 2, 4


def told(chosen):
    """Changes from one level of each path, of which None is none."""
    picked = {path: LEVELS[path][at % len(LEVELS[path])] for path, at in zip(LEVELS, chosen, strict=True)}
    return {path: value for path, value in picked.items() if value is not None}


ASKED = st.lists(st.integers(0, 2), min_size=len(LEVELS), max_size=len(LEVELS)).map(told)


def opened(memory=1 << 30, workers=2):
    return prepare(open_scenario("tutorial", YEARS), draws=DRAWS, seed=SEED, workers=workers, memory=memory)


@pytest.fixture(scope="module")
def held():
    with opened() as held:
        yield held


@pytest.fixture(scope="module")
def narrow():
    """With memory for hardly any course."""
    with opened(memory=1) as held:
        yield held


class Fresh:
    """Knows nothing of what was asked before."""

    def __init__(self, held):
        self.held = held

    def __call__(self, changes):
        for block in self.held._blocks:
            block.strands = {name: Strands(name, 0) for name in block.strands}
            block._shelve(block.sampler)
        return self.held.evaluate(changes)


@pytest.fixture(scope="module")
def fresh():
    with opened(workers=1) as held:
        yield Fresh(held)


@given(st.lists(ASKED, min_size=1, max_size=6))
@settings(max_examples=5, deadline=None)
def test_an_answer_does_not_depend_on_what_was_asked_before(held, narrow, fresh, asked):
    for changes in [*asked, asked[0]]:
        answer = fresh(changes)
        assert answer.solved_from == (2024, 2024)
        for other in (held.evaluate(changes), narrow.evaluate(changes)):
            np.testing.assert_array_equal(other.values, answer.values)
            assert (other.names, other.regions, other.years) == (answer.names, answer.regions, answer.years)


@pytest.mark.slow
@given(st.lists(ASKED, min_size=2, max_size=8))
@settings(max_examples=150, deadline=None)
def test_an_answer_does_not_depend_on_what_was_asked_before_at_length(held, narrow, fresh, asked):
    test_an_answer_does_not_depend_on_what_was_asked_before.hypothesis.inner_test(held, narrow, fresh, asked)


@pytest.mark.slow
@given(ASKED)
@settings(max_examples=8, deadline=None)
def test_an_answer_is_that_of_a_run(held, changes):
    assert held.evaluate(changes, prove=True).certificate.passed


def test_what_was_asked_is_not_solved_again(held):
    held.forget()
    changes = {"sorting.share.2028": 0.55, "compounding.cap.PP.2028": 0.22}
    first, before = held.evaluate(changes), held.solved
    again = held.evaluate(changes)
    assert first.solved_from == (2026, 2027)
    assert (again.solved_from, again.heats, again.gap) == ((None, None), 0, 0.0)
    assert held.solved == before
    np.testing.assert_array_equal(again.values, first.values)


def test_metal_and_plastics_are_known_apart(held):
    held.forget()
    held.evaluate({"sorting.share.2028": 0.56})
    held.evaluate({"compounding.cap.PP.2028": 0.23})
    before = held.solved
    both = held.evaluate({"sorting.share.2028": 0.56, "compounding.cap.PP.2028": 0.23})
    assert (both.heats, held.solved) == (0, before)
    assert held.evaluate({"parts.bumpers.taken.2028": 0.41, "sorting.share.2028": 0.56}).solved_from == (None, 2026)


def test_what_begins_alike_is_solved_from_where_it_parts(held):
    held.forget()
    paths = [{"2024": 0.03, "2025": 0.2, "2026": 0.2, "2028": level} for level in (0.4, 0.5)]
    assert held.evaluate({"sorting.share": paths[0]}).solved_from == (2025, None)
    answer = held.evaluate({"sorting.share": paths[1]})
    assert answer.solved_from == (2027, None)
    assert answer.heats > 0


def test_memory_is_bounded_and_the_scenario_itself_stays(narrow):
    for level in (0.31, 0.32, 0.33, 0.34):
        assert narrow.evaluate({"sorting.share.2028": level}).solved_from == (2026, None)
    assert narrow.evaluate({}).heats == 0
    assert all(len(strands._held) <= 2 for block in narrow._blocks for strands in block.strands.values())


def scenarios(held, levels):
    for level in levels:
        yield held._changed({"sorting.share.2028": level})


def test_all_are_answered_in_order(held):
    levels = [0.3 + n / 100 for n in range(2 * AHEAD)]
    answers = list(held.solve_all(scenarios(held, levels)))
    for level, answer in zip(levels, answers, strict=True):
        np.testing.assert_array_equal(answer.values, held.evaluate({"sorting.share.2028": level}).values)


def test_no_more_is_asked_for_than_workers_can_begin(held):
    begun = []

    def asked():
        for scenario in scenarios(held, [0.3] * 100):
            begun.append(scenario)
            yield scenario

    answers = held.solve_all(asked())
    assert not begun
    next(answers)
    assert len(begun) == AHEAD + 1
    answers.close()
    np.testing.assert_array_equal(held.evaluate({}).values, held.base.values)


def test_an_interruption_ends_it_and_leaves_the_rest_usable(held):
    def asked():
        yield from scenarios(held, [0.61, 0.62, 0.63])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(held.solve_all(asked()))
    np.testing.assert_array_equal(held.evaluate({}).values, held.base.values)


def test_one_without_an_answer_is_told_where_it_stands(held):
    good, bad = held._changed({"sorting.share.2028": 0.5}), held._changed({"remelting.alloys.6016.widen.Si": 0.05})
    answers = held.solve_all([good, bad, good])
    expected = next(answers).values
    with pytest.raises(NoAnswer) as told:
        next(answers)
    assert [fault.code for fault in told.value.faults] == ["limits_crossed"]
    np.testing.assert_array_equal(held.solve(good).values, expected)


def test_what_is_no_scenario_is_refused_among_many(held):
    with pytest.raises(InputError):
        list(held.solve_all([held.loaded.scenario, None]))


def test_the_shares_of_the_memory_are_all_of_it():
    assert sum(SHARE.values()) == 1.0
