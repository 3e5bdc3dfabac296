"""A block solved for its indicators and its certificate alone has those of a run, and keeps nothing of its flows."""

from dataclasses import replace

import numpy as np
import pytest

from cesim.errors import NoAnswer
from cesim.run.accumulate import Moments
from cesim.run.prepared import run_values
from cesim.run.proof import prove_block
from cesim.run.solve import Bench, Plan, solve_block
from cesim.scenario.load import open_scenario

SHORT = {"years.start": 2024, "years.end": 2026, "report.years": [2024, 2026]}
WIDE = {"value": 6e6, "low": 3.6e6, "high": 9e6, "range": "bounds", "dist": "uniform", "status": "estimate"}
"""Cars built, of which in some futures fewer than are sold at home."""


def _plan(overrides=None, lanes=4):
    return Plan(open_scenario("tutorial", SHORT | (overrides or {})).scenario, 3, lanes, 4)


@pytest.mark.parametrize("start", [0, 4])
def test_indicators_and_certificate_are_those_of_a_run(start):
    plan = _plan(lanes=6)
    names, years = tuple(plan.scenario.regions), (2024, 2025, 2026)
    run, proof = solve_block(plan, start, Bench()), prove_block(plan, start, Bench())
    assert proof.certificate == run.certificate
    assert proof.certificate.passed
    assert proof.series.keys == run.series.keys
    values = run_values(proof, names, years)
    assert values.shape[-1] == (4 if start == 0 else 2)
    np.testing.assert_array_equal(values, run_values(run, names, years))


def test_nothing_of_the_flows_is_kept(monkeypatch):
    def take(*_):
        raise AssertionError("kept")

    monkeypatch.setattr(Moments, "take", take)
    assert prove_block(_plan(), 0, Bench()).certificate.passed
    with pytest.raises(AssertionError, match="kept"):
        solve_block(_plan(), 0, Bench())


def test_what_has_no_answer_is_told_as_for_a_run():
    plan = replace(_plan({"market.production": WIDE}, lanes=160), block=160)
    told = []
    for solve in (prove_block, solve_block):
        with pytest.raises(NoAnswer) as refused:
            solve(plan, 0, Bench())
        told.append([(fault.code, fault.arguments) for fault in refused.value.faults])
    assert told[0] == told[1]
    assert told[0][0][0] == "fewer_built_than_stay"
