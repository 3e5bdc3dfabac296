import pickle

import numpy as np
import pytest
from made_up_recipes import SHAPE, Moody, plainly, same, told

from cesim.errors import Fault, InputError, NoAnswer, Place
from cesim.sweep.solving import Batch
from cesim.sweep.workers.answering import answer, failed
from cesim.sweep.workers.chunks import Chunk
from cesim.sweep.workers.failing import died, one_line, raised, too_long

RUNS = np.arange(10, 18)


class Odd:
    """Answers, but not what was asked."""

    def __init__(self, change):
        self.change = change

    def solve(self, runs):
        return self.change(Moody().solver().solve(runs))


def asked(solver, runs=RUNS, *, apart=False):
    begun = []
    batch = answer(solver, SHAPE, Chunk(runs, apart), begun.append)
    return batch, begun


MOODS = {11: "raises", 12: "no_answer", 13: "outside", 15: "leaves", 17: "other_failure"}


@pytest.mark.parametrize("apart", [True, False])
def test_an_answer_is_what_the_runs_come_to_alone(apart):
    recipe = Moody(MOODS)
    batch, _ = asked(recipe.solver(), apart=apart)
    found = told([batch])
    same(found, plainly(recipe, [RUNS]))
    assert found[11][2] == "ValueError: wrong throughout"
    assert found[12][2] == "charge_infeasible in 2031"
    assert found[13][2] == "FromOutside: nobody catches this"
    assert found[15][2] == "SystemExit: 3"
    again = pickle.loads(pickle.dumps(batch))
    same(told([again]), plainly(recipe, [RUNS]))


def test_it_says_which_run_is_begun():
    assert asked(Moody().solver(), apart=True)[1] == RUNS.tolist()
    assert asked(Moody().solver())[1] == [10]
    assert asked(Moody({14: "raises"}).solver())[1] == [10, *RUNS.tolist()]


def test_an_interrupt_is_not_an_answer():
    def interrupted(_batch):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(Odd(interrupted))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda b: Batch(b.runs + 1, b.values, b.seconds), "other runs"),
        (lambda b: Batch(b.runs[:0], b.values[:0], b.seconds[:0]), "other runs"),
        (lambda b: Batch(b.runs, b.values[:, :2], b.seconds), "shape"),
        (lambda b: Batch(b.runs, b.values[:, :, :1], b.seconds), "shape"),
        (lambda b: Batch(b.runs, np.full(b.values.shape, "no"), b.seconds), "could not convert"),
        (lambda b: Batch(b.runs, b.values, b.seconds * np.nan), "seconds"),
        (lambda b: Batch(b.runs, b.values, b.seconds, {99: died()}), "not asked"),
        (lambda b: Batch(b.runs, b.values, b.seconds, {0: died()}), "not asked"),
        (lambda _: None, "AttributeError"),
    ],
)
def test_what_is_no_answer_has_raised(change, said):
    found = told([asked(Odd(change))[0]])
    assert sorted(found) == RUNS.tolist()
    for status, values, reason in found.values():
        assert status == "raised"
        assert np.isnan(values).all()
        assert said in reason


def test_a_batch_gone_wrong_leaves_nothing_behind():
    """The first run of a group has its values in place before the group is found to be no answer."""
    recipe = Moody({17: "raises"})
    found = told([asked(recipe.solver())[0]])
    same(found, plainly(recipe, [RUNS]))
    one = told([asked(recipe.solver(), RUNS[-1:])[0]])
    assert one[17][0] == "raised"


def test_an_error_of_cesim_keeps_its_code():
    fault = Fault("charge_infeasible", Place(model="remelting"), {"year": 2031})
    assert raised(NoAnswer([fault])) == ("no_answer", 'charge_infeasible {"year": 2031, "place": "remelting"}')
    assert raised(InputError([Fault("a"), Fault("b")])) == ("raised", "a; b")


class UnspeakableError(Exception):
    def __str__(self):
        raise RuntimeError


def test_reasons_are_one_short_line():
    assert raised(UnspeakableError()) == ("raised", "UnspeakableError")
    assert raised(ValueError()) == ("raised", "ValueError")
    assert one_line(" a\n\tb\r\nc ") == "a b c"
    assert one_line("x" * 500) == "x" * 500
    assert one_line("x" * 501) == "x" * 499 + "…"
    assert too_long(2.5) == ("too_long", 'sweep_run_too_long {"limit_s": 2.5}')
    assert too_long(2.5, kept=True)[1].startswith("sweep_run_goes_on ")


def test_a_failed_run_has_no_values():
    batch = failed(SHAPE, 12, died(), 1.5)
    assert told([batch])[12][::2] == ("died", "sweep_run_died")
    assert np.isnan(batch.values).all()
    assert batch.seconds.tolist() == [1.5]
