"""Every fault of the room is told whole in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import cesim.sweep.sensitivity as room
from cesim.errors import InputError
from cesim.sweep.sensitivity import Goal, Noise, Resampling
from cesim.text import hints, keys, message

U = np.random.default_rng(0).random((200, 2))
Y = U @ np.array([1.0, 2.0])
NOISE = Noise(1.0, 1.0, 0.5, 0.4, 0.6, 20, 2, 0.95)
PROBLEM = {"names": ["a", "b"], "bounds": [[0.0, 1.0]] * 2}
STEPS = np.ones((3, 2), dtype=np.int64)

RAISED = {
    "sweep_cost": lambda: room.replicates_worth(NOISE, -1.0, 1.0),
    "sweep_does_not_vary": lambda: room.via_salib("pawn", PROBLEM, U, np.ones(200)),
    "sweep_goal": lambda: Goal(width=2.0),
    "sweep_input_does_not_vary": lambda: room.via_salib("pawn", PROBLEM, np.ones((200, 2)), Y),
    "sweep_interval": lambda: Resampling(interval="bca"),
    "sweep_level": lambda: Resampling(level=95.0),
    "sweep_values_not_finite": lambda: room.breaking(np.full((2, 20), np.nan), U[:20, 0] > 0.5),
    "sweep_not_of_the_design": lambda: room.given_shares(U + 1.0, Y),
    "sweep_resamples": lambda: Resampling(5),
    "sweep_salib_failed": lambda: room.via_salib("pawn", PROBLEM, U, Y, {"S": "ten"}),
    "sweep_salib_groups": lambda: room.via_salib("delta", {**PROBLEM, "groups": ["g", "g"]}, U, Y),
    "sweep_salib_method": lambda: room.via_salib("fast", PROBLEM, U, Y),
    "sweep_share": lambda: room.replicates_for(NOISE, 2.0),
    "sweep_step_of_nothing": lambda: room.morris(U[:3], U[:3], STEPS, 0.0),
    "sweep_too_few_points": lambda: room.sobol_indices(Y[:5], Y[:5], U[:5]),
    "sweep_too_few_replicates": lambda: room.replicate_noise(U[:, :1]),
    "sweep_too_few_trajectories": lambda: room.morris(U[:3], U[3:6], STEPS, 0.5),
    "sweep_too_many_left_out": lambda: room.left_out(np.full(20, np.nan)),
    "sweep_values_shape": lambda: room.sobol_indices(Y, Y[1:], U),
}


@pytest.mark.parametrize("code", RAISED)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_is_raised_is_told_whole(code, lang):
    with pytest.raises(InputError) as caught:
        RAISED[code]()
    (fault,) = caught.value.faults
    assert fault.code == code
    told = [message(fault, lang), *hints(fault, lang)]
    assert not any("?" in line or "{" in line or code in line for line in told), told


def test_every_code_of_the_room_is_raised_here_or_by_the_door_without_salib():
    files = Path(room.__file__).parent.glob("*.py")
    raised = {code for file in files for code in re.findall(r'\("(sweep_\w+)"', file.read_text(encoding="utf-8"))}
    assert raised == {*RAISED, "sweep_salib_missing"}
    assert {f"fault.{code}.message" for code in raised} <= set(keys("ja", "fault."))
