"""Small models for these tests, which also do what models do at their worst."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.solving import Batch, Failure, Shape

SHAPE = Shape(("base", "more"), 2, ("mass", "rate"), ("east", "west"), (2030, 2031, 2032))
NEVER = 1000.0
"""Seconds that a run which hangs sleeps."""


class FromOutside(BaseException):
    """An error that is no `Exception`."""


class Uncarried:
    """What somebody put where words belong."""

    def __str__(self):
        return "the certificate failed"

    def __reduce__(self):
        raise TypeError("this cannot be carried")


@dataclass(frozen=True)
class Moody:
    """What a run comes to depends on its number alone; `moods` says which runs do what instead of answering."""

    moods: dict[int, str] = field(default_factory=dict)
    together: int = 1
    seconds: float = 0.0
    shape: Shape = SHAPE
    folder: str = ""
    """Where is noted down what is to happen once only."""

    def solver(self) -> MoodySolver:
        return MoodySolver(self)


class MoodySolver:
    def __init__(self, recipe: Moody) -> None:
        self.recipe = recipe

    def solve(self, runs):
        begun = time.perf_counter()
        answers = [self._one(int(run)) for run in runs]
        values = np.array([value for value, _ in answers])
        failures = {int(run): failure for run, (_, failure) in zip(runs, answers, strict=True) if failure}
        return Batch(runs, values, np.full(runs.size, (time.perf_counter() - begun) / runs.size), failures)

    def _one(self, run):
        shape = self.recipe.shape
        time.sleep(self.recipe.seconds)
        mood = self.recipe.moods.get(run, "well")
        values = np.random.default_rng(run).random((shape.rows, len(shape.indicators)))
        if mood == "no_answer":
            return values, Failure("no_answer", "charge_infeasible\nin 2031")
        if mood == "other_failure":
            return values, Failure("not_proved", Uncarried())
        if mood == "killed_once":
            self._once(run)
        ACTS.get(mood, _nothing)()
        return values, None

    def _once(self, run):
        """Lose the process, but not when the run is done again."""
        note = Path(self.recipe.folder) / str(run)
        if not note.exists():
            note.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def _nothing():
    pass


def _raise():
    raise ValueError("wrong\nthroughout")


def _raise_from_outside():
    raise FromOutside("nobody catches this")


ACTS = {
    "raises": _raise,
    "outside": _raise_from_outside,
    "leaves": lambda: sys.exit(3),
    "exits": lambda: os._exit(3),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfaults": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "hangs": lambda: time.sleep(NEVER),
}
STATUS = {
    "no_answer": "no_answer", "other_failure": "not_proved", "raises": "raised", "outside": "raised",
    "leaves": "raised", "exits": "died", "killed": "died", "segfaults": "died", "hangs": "too_long",
}  # fmt: skip


@dataclass(frozen=True)
class Unmade(Moody):
    """No solver can be made of it, for a reason of its own."""

    why: str = "import"

    def solver(self):
        if self.why == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.why == "hangs":
            time.sleep(NEVER)
        if self.why == "faults":
            raise InputError([Fault("folder_in_use", arguments={"found": "x"})])
        if self.why == "leaves":
            sys.exit("no more")
        raise ImportError("no module named so")


class Unread:
    """It is written to be carried, but ends whoever reads it."""

    shape = SHAPE
    together = 1

    def __init__(self, act):
        self.act = act

    def __reduce__(self):
        return self.act, (7,)

    def solver(self):
        raise NotImplementedError


def plainly(recipe, runs):
    """What runs come to one after the other: run -> (status, values); the twin of everything in this room."""
    found = {}
    for run in np.concatenate([*runs, np.empty(0, np.int64)]).astype(np.int64).tolist():
        status = STATUS.get(recipe.moods.get(run, "well"), "done")
        values = np.random.default_rng(run).random((recipe.shape.rows, len(recipe.shape.indicators)))
        found[run] = (status, values if status == "done" else np.full_like(values, np.nan))
    return found


def told(batches):
    """What batches say: run -> (status, values, reason); no run may come twice."""
    found = {}
    for batch in batches:
        assert (np.diff(batch.runs) > 0).all()
        assert set(batch.failures) <= set(batch.runs.tolist())
        assert np.isfinite(batch.seconds).all()
        assert (batch.seconds >= 0).all()
        for place, run in enumerate(batch.runs.tolist()):
            assert run not in found
            failure = batch.failures.get(run)
            status, reason = (failure.status, failure.reason) if failure else ("done", "")
            assert "\n" not in reason
            found[run] = (status, batch.values[place], reason)
    return found


def same(found, expected):
    """Assert that the same runs came to the same, bit for bit."""
    assert sorted(found) == sorted(expected)
    for run, (status, values) in expected.items():
        assert found[run][0] == status, (run, found[run])
        assert found[run][1].tobytes() == values.tobytes(), run
