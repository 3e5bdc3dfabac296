"""What a quantity refuses, and how a fault reads."""

from __future__ import annotations

import copy
import dataclasses
import math
import os
import pickle
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from cesim.quantities import Quantity, QuantityError

REFUSED = [
    ("share_out_of_range", {"value": 1.0000001}),
    ("share_out_of_range", {"value": -1e-12}),
    ("share_out_of_range", {"value": 0.5, "low": -0.1, "high": 0.6}),
    ("share_out_of_range", {"value": 0.5, "low": 0.1, "high": 1.6}),
    ("positive_out_of_range", {"value": -1.0, "kind": "positive"}),
    ("low_above_value", {"value": 0.5, "low": 0.51, "high": 0.6}),
    ("value_above_high", {"value": 0.5, "low": 0.4, "high": 0.49}),
    ("not_finite", {"value": math.nan}),
    ("not_finite", {"value": math.inf, "kind": "positive"}),
    ("not_finite", {"value": 1.0, "low": -math.inf, "high": 2.0, "kind": "real"}),
    ("not_finite", {"value": 0.5, "low": 0.1, "high": math.nan}),
    ("not_finite", {"value": 10**400, "kind": "real"}),
    ("not_finite", {"value": 0.0, "low": -1.7e308, "high": 1.7e308, "kind": "real"}),
    ("not_a_number", {"value": "0.3"}),
    ("not_a_number", {"value": True}),
    ("not_a_number", {"value": None}),
    ("range_missing", {"value": 0.5, "low": 0.4}),
    ("range_missing", {"value": 0.5, "high": 0.6}),
    ("range_missing", {"value": 0.5, "dist": "logit-normal"}),
    ("unknown_distribution", {"value": 0.5, "low": 0.4, "high": 0.6, "dist": "lognormall"}),
    ("unknown_distribution", {"value": 0.5, "low": 0.4, "high": 0.6, "dist": ["normal"]}),
    ("unknown_range", {"value": 0.5, "range": "bound"}),
    ("unknown_kind", {"value": 0.5, "kind": "shares"}),
    ("unknown_status", {"value": 0.5, "status": "guess"}),
    ("status_needs_range", {"value": 0.5, "status": "unverified"}),
    ("status_needs_range", {"value": 0.5, "status": "estimate", "dist": "fixed"}),
]


@pytest.mark.parametrize(("code", "given"), REFUSED)
def test_a_number_that_cannot_be_is_refused_with_its_code(code, given):
    with pytest.raises(QuantityError) as fault:
        Quantity(**given)
    assert fault.value.code == code
    assert "found" in fault.value.arguments
    assert str(fault.value).startswith(code)


def test_half_a_range_says_which_half_is_missing():
    for given, missing in (({"low": 0.4}, "high"), ({"high": 0.6}, "low")):
        with pytest.raises(QuantityError) as fault:
            Quantity(0.5, **given)
        assert fault.value.arguments["missing"] == missing


def test_an_unknown_word_comes_with_the_nearest_one():
    with pytest.raises(QuantityError) as fault:
        Quantity(0.5, 0.4, 0.6, dist="logit_normal")
    assert fault.value.arguments["nearest"] == ["logit-normal"]
    assert "triangular" in fault.value.arguments["allowed"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [((0,), "share"), ((1,), "share"), ((0,), "positive"), ((-5,), "real"), ((0, 0, 1), "share"), ((1, 0, 1), "share")],
)
def test_the_edges_themselves_are_allowed(given, kind):
    q = Quantity(*given, kind=kind)
    assert q.value == given[0]
    assert isinstance(q.value, float)


def test_an_estimate_with_a_range_is_welcome():
    for status in ("unverified", "estimate"):
        assert Quantity(0.5, 0.4, 0.6, status=status).has_range


def test_numbers_of_any_make_are_the_same_quantity():
    assert Quantity(1, 1, 2, kind="positive") == Quantity(np.float64(1), np.int64(1), Fraction(2), kind="positive")
    assert hash(Quantity(1, kind="real")) == hash(Quantity(1.0, kind="real"))


def test_certain_means_that_no_draw_can_differ():
    assert Quantity(0.5).is_certain
    assert not Quantity(0.5).has_range
    assert not Quantity(0.5, 0.5, 0.6).is_certain
    held = Quantity(0.5, 0.4, 0.6, dist="fixed")
    assert held.is_certain
    assert held.has_range


def test_a_quantity_cannot_be_changed_but_a_changed_one_made():
    q = Quantity(0.5, 0.4, 0.6, source="JAMA", key="sorting")
    with pytest.raises(dataclasses.FrozenInstanceError):
        q.value = 0.6
    other = dataclasses.replace(q, value=0.55)
    assert (other.value, other.low, other.source) == (0.55, 0.4, "JAMA")
    assert other.law.centre == 0.55
    assert "law" not in dataclasses.asdict(q)


def test_quantities_and_faults_cross_a_process_boundary():
    q = Quantity(0.5, 0.4, 0.6)
    assert pickle.loads(pickle.dumps(q)) == q
    fault = QuantityError("wrong_unit", found="kg", allowed=["%"])
    for other in (pickle.loads(pickle.dumps(fault)), copy.copy(fault)):
        assert (other.code, other.arguments, str(other)) == (fault.code, fault.arguments, str(fault))
    assert isinstance(fault, ValueError)


def test_importing_the_room_does_not_import_scipy():
    code = "import sys, cesim.quantities; sys.exit('scipy' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
